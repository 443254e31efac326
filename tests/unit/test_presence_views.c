/*
 * Presence explained, as a watcher saw it, and over time: as it is written, to the letter.
 */
#include "tests/unit/report_run.h"

#include "reports/presence_report.h"
#include "reports/presence_words.h"
#include "sql/spill.h"

#define NO_BOUNDS .at = TIME_NONE, .from = TIME_NONE, .to = TIME_NONE

struct view {
    enum report_format format;
    size_t columns; /* 0 = 80 */
    size_t rows;    /* limits.report_rows; 0 = the default */
    struct presence_query query;
};

static void assert_view(void (*feed)(const struct sink *sink), const struct view *view,
                        const char *expected)
{
    struct written written;
    struct report_style style = style_of(view->format);
    struct limits limits = limits_default();
    style.columns = view->columns > 0 ? view->columns : style.columns;
    limits.report_rows = view->rows > 0 ? view->rows : limits.report_rows;
    limits.timeline_rows = view->rows > 0 ? view->rows : limits.timeline_rows;
    struct presence_report *report =
        presence_report_new(&style, &view->query, test_seed(), &limits);
    const struct sink sink = presence_report_sink(report);
    feed(&sink);
    presence_report_write(report, &plain_summary, written_open(&written));
    presence_report_free(report);
    char *text = written_close(&written);
    assert_string_equal(text, expected);
    if (view->format == REPORT_TEXT) {
        assert_true(widest_line(text) <= style.columns);
    }
    free(text);
}

static void give(const struct sink *sink, const struct change *changes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        sink->change(sink->context, &changes[i]);
    }
}

/* ---- explain ---- */

static const struct aggregate_cause call_inputs[] = {
    {.key = {.user = SLICE(ANN), .instance = 536870912, .container = 2, .has_instance = true},
     .kind = STATE_USER,
     .availability = 3500,
     .expire_type = EXPIRE_STATIC,
     .published = AT(-86400),
     .until = TIME_NONE,
     .verdict = INPUT_COUNTED,
     .origin = {.time = AT(0), .record = 3}},
    {.key = {.user = SLICE(ANN), .instance = 7, .container = 2, .has_instance = true},
     .kind = STATE_PHONE,
     .availability = 6500,
     .activity = SLICE("on-the-phone"),
     .epid = SLICE("5d0c11a9fe"),
     .expire_type = EXPIRE_ENDPOINT,
     .published = AT(60),
     .until = TIME_NONE,
     .verdict = INPUT_DECIDED,
     .origin = {.time = AT(60), .record = 8}},
    {.kind = STATE_NONE,
     .availability = AVAILABILITY_NONE,
     .activity = SLICE("회의\033"),
     .entity_tag = SLICE("Lwjs0Tkxh"),
     .published = TIME_NONE,
     .until = AT(600),
     .verdict = INPUT_NO_NUMBER,
     .origin = {.time = AT(61), .record = 9}},
};

static void feed_call(const struct sink *sink)
{
    const struct category_key unknown = {.user = SLICE(ANN),
                                         .name = SLICE("hatSize"),
                                         .instance = 4,
                                         .container = 200,
                                         .has_instance = true,
                                         .has_container = true};
    const struct category_key note = {
        .user = SLICE(ANN), .name = SLICE("note"), .container = 300, .has_container = true};
    const struct event seen = {
        .kind = EVENT_PUBLICATION,
        .origin = {.time = AT(1), .record = 4},
        .as.category = {.key = unknown, .raw = SLICE("<hatSize xmlns=\"urn:x\">58</hatSize>")},
    };
    const struct change changes[] = {
        {.kind = CHANGE_PUBLICATION,
         .time = AT(2),
         .origin = {.time = AT(2), .record = 5},
         .as.publication =
             {.key = unknown, .state = PUBLICATION_LIVE, .published = AT(2), .until = TIME_NONE}},
        {.kind = CHANGE_PUBLICATION,
         .time = AT(2),
         .origin = {.time = AT(2), .record = 5},
         .as.publication = {.key = note,
                            .category = CATEGORY_NOTE,
                            .state = PUBLICATION_LIVE,
                            .text = SLICE("서울에서 일합니다"),
                            .published = TIME_NONE,
                            .until = AT(3600)}},
        {.kind = CHANGE_PRESENCE,
         .time = AT(60),
         .origin = {.time = AT(60), .record = 8},
         .as.presence = {.user = SLICE(ANN),
                         .band = BAND_BUSY,
                         .availability = 6500,
                         .activity = SLICE("on-the-phone"),
                         .source = SOURCE_COMPUTED,
                         .admitted = {{{6500, 6500}, {7500, 8999}}, 2},
                         .cause = SLICE("publishes phoneState 6500")}},
        {.kind = CHANGE_AGGREGATE,
         .time = AT(60),
         .origin = {.time = AT(60), .record = 8},
         .as.aggregate = {.user = SLICE(ANN),
                          .container = 2,
                          .inputs = call_inputs,
                          .input_count = COUNT(call_inputs),
                          .computed = 6500,
                          .activity = SLICE("on-the-phone"),
                          .step = STEP_PHONE,
                          .admitted = {{{6500, 6500}, {7500, 8999}}, 2},
                          .machine = 3500,
                          .told = true,
                          .server = 9500,
                          .server_origin = {.time = AT(61), .record = 9},
                          .machine_told = true,
                          .server_machine = 3500,
                          .server_machine_origin = {.time = AT(61), .record = 9},
                          .machine_agrees = true}},
        {.kind = CHANGE_PUBLICATION, /* gone again */
         .time = AT(70),
         .origin = {.time = AT(70), .record = 10},
         .as.publication = {.key = note, .category = CATEGORY_NOTE, .state = PUBLICATION_REMOVED}},
        {.kind = CHANGE_AGGREGATE, /* nothing is left */
         .time = AT(80),
         .origin = {.time = AT(80), .record = 11},
         .as.aggregate = {.user = SLICE(ANN),
                          .container = 2,
                          .computed = AVAILABILITY_NONE,
                          .machine = AVAILABILITY_NONE,
                          .complete = true}},
    };
    sink->event(sink->context, &seen);
    give(sink, changes, COUNT(changes));
}

static void what_was_live_at_a_moment(void **state)
{
    (void)state;
    const struct view view = {
        .format = REPORT_TEXT,
        .query = {.explain = true, .at = AT(65), .from = TIME_NONE, .to = TIME_NONE}};
    assert_view(feed_call, &view,
                COVERAGE_TEXT
                "\n"
                "ann@contoso.example\n"
                "  Busy (6500, on-the-phone) since 2026-11-20 10:01:00.000\n"
                "  source: computed, packet 8; also possible: 7500-8999\n"
                "  Inputs of container 2 (feeds 100, 200, 400) since 2026-11-20 10:01:00.000\n"
                "    userState        3500                 counted: published 2026-11-19\n"
                "                                          10:00:00.000, packet 3, instance\n"
                "                                          536870912\n"
                "    phoneState       6500, on-the-phone   decided: published 10:01:00.000,\n"
                "                                          packet 8, endpoint 5d0c11a9fe,\n"
                "                                          instance 7\n"
                "    PIDF             회의\\x1b             no availability: packet 9, entity tag\n"
                "                                          Lwjs0Tkxh, runs out 10:10:00.000\n"
                "    computed         6500, on-the-phone   a call is newer and less available;\n"
                "                                          also possible: 7500-8999; there may be\n"
                "                                          other inputs: the owner's own\n"
                "                                          subscription does not show them here\n"
                "    server           9500                 packet 9: differs from all that is\n"
                "                                          possible\n"
                "    machine          3500                 expected of the machines; server 3500,\n"
                "                                          packet 9: agrees\n"
                "  Also published\n"
                "    hatSize          container 200        unknown category, 35 bytes as written;\n"
                "                                          packet 5, published 10:00:02.000\n"
                "    note             container 300        서울에서 일합니다; packet 5, runs out\n"
                "                                          11:00:00.000\n");
}

static void what_was_live_in_few_columns(void **state)
{
    (void)state;
    const struct view view = {
        .format = REPORT_TEXT,
        .columns = 60,
        .query = {.explain = true, .at = AT(65), .from = TIME_NONE, .to = TIME_NONE}};
    assert_view(feed_call, &view,
                COVERAGE_TEXT "\n"
                              "ann@contoso.example\n"
                              "  Busy (6500, on-the-phone) since 2026-11-20 10:01:00.000\n"
                              "  source: computed, packet 8; also possible: 7500-8999\n"
                              "  Inputs of container 2 (feeds 100, 200, 400) since\n"
                              "    2026-11-20 10:01:00.000\n"
                              "    userState        3500\n"
                              "        counted: published 2026-11-19 10:00:00.000, packet\n"
                              "        3, instance 536870912\n"
                              "    phoneState       6500, on-the-phone\n"
                              "        decided: published 10:01:00.000, packet 8, endpoint\n"
                              "        5d0c11a9fe, instance 7\n"
                              "    PIDF             회의\\x1b\n"
                              "        no availability: packet 9, entity tag Lwjs0Tkxh,\n"
                              "        runs out 10:10:00.000\n"
                              "    computed         6500, on-the-phone\n"
                              "        a call is newer and less available; also possible:\n"
                              "        7500-8999; there may be other inputs: the owner's\n"
                              "        own subscription does not show them here\n"
                              "    server           9500\n"
                              "        packet 9: differs from all that is possible\n"
                              "    machine          3500\n"
                              "        expected of the machines; server 3500, packet 9:\n"
                              "        agrees\n"
                              "  Also published\n"
                              "    hatSize          container 200\n"
                              "        unknown category, 35 bytes as written; packet 5,\n"
                              "        published 10:00:02.000\n"
                              "    note             container 300\n"
                              "        서울에서 일합니다; packet 5, runs out 11:00:00.000\n");
}

static void what_is_live_at_the_end(void **state)
{
    (void)state;
    const struct view view = {.format = REPORT_TEXT, .query = {.explain = true, NO_BOUNDS}};
    assert_view(feed_call, &view,
                COVERAGE_TEXT
                "\n"
                "ann@contoso.example\n"
                "  Busy (6500, on-the-phone) since 2026-11-20 10:01:00.000\n"
                "  source: computed, packet 8; also possible: 7500-8999\n"
                "  Inputs of container 2 (feeds 100, 200, 400) since 2026-11-20 10:01:20.000\n"
                "    none is live\n"
                "    computed         no number            no input says anything\n"
                "    server           not seen             no aggregateState of this container\n"
                "                                          was captured\n"
                "  Also published\n"
                "    hatSize          container 200        unknown category, 35 bytes as written;\n"
                "                                          packet 5, published 10:00:02.000\n");
}

static void explained_as_json(void **state)
{
    (void)state;
    const struct view view = {
        .format = REPORT_JSON,
        .query = {.explain = true, .at = AT(65), .from = TIME_NONE, .to = TIME_NONE}};
    assert_view(feed_call, &view,
                "{\n"
                "  \"schema\": \"ocsight.presence/1\",\n"
                "  \"users\": [\n"
                "    {\n"
                "      \"user\": \"ann@contoso.example\",\n"
                "      \"band\": \"busy\",\n"
                "      \"availability\": 6500,\n"
                "      \"admitted\": [\n"
                "        {\n"
                "          \"low\": 6500,\n"
                "          \"high\": 6500\n"
                "        },\n"
                "        {\n"
                "          \"low\": 7500,\n"
                "          \"high\": 8999\n"
                "        }\n"
                "      ],\n"
                "      \"activity\": \"on-the-phone\",\n"
                "      \"since\": \"2026-11-20T10:01:00.000000Z\",\n"
                "      \"source\": \"computed\",\n"
                "      \"explain\": {\n"
                "        \"containers\": [\n"
                "          {\n"
                "            \"container\": 2,\n"
                "            \"since\": \"2026-11-20T10:01:00.000000Z\",\n"
                "            \"inputs\": [\n"
                "              {\n"
                "                \"kind\": \"userState\",\n"
                "                \"availability\": 3500,\n"
                "                \"activity\": null,\n"
                "                \"published\": \"2026-11-19T10:00:00.000000Z\",\n"
                "                \"until\": null,\n"
                "                \"expire_type\": \"static\",\n"
                "                \"epid\": null,\n"
                "                \"entity_tag\": null,\n"
                "                \"instance\": 536870912,\n"
                "                \"verdict\": \"counted\",\n"
                "                \"origin\": {\n"
                "                  \"input\": \"trace.pcap\",\n"
                "                  \"record\": 3,\n"
                "                  \"time\": \"2026-11-20T10:00:00.000000Z\"\n"
                "                }\n"
                "              },\n"
                "              {\n"
                "                \"kind\": \"phoneState\",\n"
                "                \"availability\": 6500,\n"
                "                \"activity\": \"on-the-phone\",\n"
                "                \"published\": \"2026-11-20T10:01:00.000000Z\",\n"
                "                \"until\": null,\n"
                "                \"expire_type\": \"endpoint\",\n"
                "                \"epid\": \"5d0c11a9fe\",\n"
                "                \"entity_tag\": null,\n"
                "                \"instance\": 7,\n"
                "                \"verdict\": \"decided\",\n"
                "                \"origin\": {\n"
                "                  \"input\": \"trace.pcap\",\n"
                "                  \"record\": 8,\n"
                "                  \"time\": \"2026-11-20T10:01:00.000000Z\"\n"
                "                }\n"
                "              },\n"
                "              {\n"
                "                \"kind\": null,\n"
                "                \"availability\": null,\n"
                "                \"activity\": \"회의\\u001b\",\n"
                "                \"published\": null,\n"
                "                \"until\": \"2026-11-20T10:10:00.000000Z\",\n"
                "                \"expire_type\": \"none\",\n"
                "                \"epid\": null,\n"
                "                \"entity_tag\": \"Lwjs0Tkxh\",\n"
                "                \"instance\": null,\n"
                "                \"verdict\": \"no availability\",\n"
                "                \"origin\": {\n"
                "                  \"input\": \"trace.pcap\",\n"
                "                  \"record\": 9,\n"
                "                  \"time\": \"2026-11-20T10:01:01.000000Z\"\n"
                "                }\n"
                "              }\n"
                "            ],\n"
                "            \"complete\": false,\n"
                "            \"computed\": 6500,\n"
                "            \"activity\": \"on-the-phone\",\n"
                "            \"admitted\": [\n"
                "              {\n"
                "                \"low\": 6500,\n"
                "                \"high\": 6500\n"
                "              },\n"
                "              {\n"
                "                \"low\": 7500,\n"
                "                \"high\": 8999\n"
                "              }\n"
                "            ],\n"
                "            \"step\": \"a call is newer and less available\",\n"
                "            \"server\": {\n"
                "              \"availability\": 9500,\n"
                "              \"activity\": null,\n"
                "              \"agrees\": false,\n"
                "              \"origin\": {\n"
                "                \"input\": \"trace.pcap\",\n"
                "                \"record\": 9,\n"
                "                \"time\": \"2026-11-20T10:01:01.000000Z\"\n"
                "              }\n"
                "            },\n"
                "            \"machine\": {\n"
                "              \"computed\": 3500,\n"
                "              \"server\": 3500,\n"
                "              \"agrees\": true,\n"
                "              \"origin\": {\n"
                "                \"input\": \"trace.pcap\",\n"
                "                \"record\": 9,\n"
                "                \"time\": \"2026-11-20T10:01:01.000000Z\"\n"
                "              }\n"
                "            }\n"
                "          }\n"
                "        ],\n"
                "        \"categories\": [\n"
                "          {\n"
                "            \"name\": \"hatSize\",\n"
                "            \"category\": \"unknown\",\n"
                "            \"container\": 200,\n"
                "            \"instance\": 4,\n"
                "            \"text\": null,\n"
                "            \"bytes\": 35,\n"
                "            \"published\": \"2026-11-20T10:00:02.000000Z\",\n"
                "            \"until\": null,\n"
                "            \"origin\": {\n"
                "              \"input\": \"trace.pcap\",\n"
                "              \"record\": 5,\n"
                "              \"time\": \"2026-11-20T10:00:02.000000Z\"\n"
                "            }\n"
                "          },\n"
                "          {\n"
                "            \"name\": \"note\",\n"
                "            \"category\": \"note\",\n"
                "            \"container\": 300,\n"
                "            \"instance\": 0,\n"
                "            \"text\": \"서울에서 일합니다\",\n"
                "            \"published\": null,\n"
                "            \"until\": \"2026-11-20T11:00:00.000000Z\",\n"
                "            \"origin\": {\n"
                "              \"input\": \"trace.pcap\",\n"
                "              \"record\": 5,\n"
                "              \"time\": \"2026-11-20T10:00:02.000000Z\"\n"
                "            }\n"
                "          }\n"
                "        ],\n"
                "        \"not_listed\": 0\n"
                "      }\n"
                "    }\n"
                "  ],\n"
                "  \"coverage\": \"full\",\n"
                "  \"not_listed\": 0\n"
                "}\n");
}

/* ---- the watcher ---- */

struct story {
    int64_t seconds;
    bool told; /* else it was so */
    int64_t availability;
    unsigned served;
    bool polled;
    const char *activity;
};

static void tell(const struct sink *sink, const char *user, const struct story *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct story *row = &rows[i];
        struct change change = {
            .kind = row->told ? CHANGE_TOLD : CHANGE_PRESENCE,
            .time = AT(row->seconds),
            .origin = at(row->seconds, (uint64_t)row->seconds + 1),
        };
        if (row->told) {
            change.as.told = (struct told_change){
                .watcher = SLICE(BOB),
                .user = slice_of(user),
                .category = CATEGORY_STATE,
                .served = row->served,
                .member = row->served == SERVED_300,
                .band = band_of(row->availability),
                .availability = row->availability,
                .activity = slice_of(row->activity),
                .value_kind = STATE_AGGREGATE,
                .polled = row->polled,
                .dialog = 5,
            };
        } else {
            change.as.presence = (struct presence_change){
                .user = slice_of(user),
                .band = band_of(row->availability),
                .availability = row->availability,
                .activity = slice_of(row->activity),
                .source = SOURCE_AGGREGATE,
                .cause = SLICE("aggregateState"),
            };
        }
        sink->change(sink->context, &change);
    }
}

enum { COLLEAGUE = SERVED_200 | SERVED_400 };

/* clang-format off */
static const struct story late[] = { /* told late, then wrongly, then nothing more */
    {0,    false, 3500, 0,         false, ""},
    {1,    true,  3500, COLLEAGUE, false, ""},
    {100,  false, 6500, 0,         false, "on-the-phone"},
    {130,  true,  6500, COLLEAGUE, false, "on-the-phone"},
    {200,  true,  12500, COLLEAGUE, false, ""},
    {260,  true,  6500, COLLEAGUE, false, "on-the-phone"},
    {300,  false, 15500, 0,        false, ""},
};
static const struct story softened[] = {
    {10,   false, 9500, 0,          false, ""},
    {11,   true,  6900, SERVED_300, false, "urgent-interruptions-only"},
};
static const struct story blocked[] = {
    {10,   false, 3500,  0,                          false, ""},
    {12,   true,  18500, SERVED_ANY,                 true,  ""},
};
/* clang-format on */

static void feed_watched(const struct sink *sink)
{
    static const struct change other = {
        .kind = CHANGE_TOLD, /* of another watcher, and an input that is no copy */
        .time = AT(400),
        .as.told = {.watcher = SLICE("eve@contoso.example"),
                    .user = SLICE("kim@contoso.example"),
                    .category = CATEGORY_STATE,
                    .availability = 3500,
                    .band = BAND_AVAILABLE},
    };
    static const struct change left = {
        .kind = CHANGE_SUBSCRIPTION,
        .time = AT(900),
        .as.subscription = {.watcher = SLICE(BOB), .dialog = 5, .state = SUBSCRIPTION_TERMINATED},
    };
    tell(sink, ANN, late, COUNT(late));
    tell(sink, "dan@contoso.example", softened, COUNT(softened));
    tell(sink, "joe@contoso.example", blocked, COUNT(blocked));
    give(sink, &other, 1);
    give(sink, &left, 1);
}

static void what_a_watcher_was_told(void **state)
{
    (void)state;
    const struct view view = {.format = REPORT_TEXT, .query = {.watcher = SLICE(BOB), NO_BOUNDS}};
    assert_view(feed_watched, &view,
                COVERAGE_TEXT
                "\n"
                "ann@contoso.example\n"
                "  Away (15500) since 2026-11-20 10:05:00.000\n"
                "  source: aggregate, packet 301\n"
                "  bob@contoso.example was told\n"
                "    10:04:20.000  Busy 6500, on-the-phone  as it was (#261), from container 200\n"
                "                                           or 400\n"
                "    stale      10:01:40.000 to 10:02:10.000 (30.000 s): shown Available 3500,\n"
                "               was Busy 6500\n"
                "    different  10:03:20.000 to 10:04:20.000 (1 min 0 s): shown Be right back\n"
                "               12500, was Busy 6500\n"
                "    stale      10:05:00.000 to 10:15:00.000 (10 min 0 s): shown Busy 6500, was\n"
                "               Away 15500\n"
                "\n"
                "dan@contoso.example\n"
                "  Do not disturb (9500) since 2026-11-20 10:00:10.000\n"
                "  source: aggregate, packet 11\n"
                "  bob@contoso.example was told\n"
                "    10:00:11.000  Busy 6900, urgent-interrup… container 300 shows do not disturb\n"
                "                                              as 6900 (#12), from container 300\n"
                "                                              by the owner's list\n"
                "\n"
                "joe@contoso.example\n"
                "  Available (3500) since 2026-11-20 10:00:10.000\n"
                "  source: aggregate, packet 11\n"
                "  bob@contoso.example was told\n"
                "    10:00:12.000  Offline 18500   can be a block: container 32000 always shows\n"
                "                                  offline (#13), polled\n");
}

static void everything_a_watcher_was_told(void **state)
{
    (void)state;
    const struct view view = {
        .format = REPORT_TEXT,
        .columns = 60,
        .query = {.watcher = SLICE(BOB), .timeline = true, NO_BOUNDS},
    };
    assert_view(feed_watched, &view,
                COVERAGE_TEXT "\n"
                              "ann@contoso.example\n"
                              "  Away (15500) since 2026-11-20 10:05:00.000\n"
                              "  source: aggregate, packet 301\n"
                              "  10:00:00.000  Available 3500\n"
                              "                aggregateState (#1), aggregate\n"
                              "  10:01:40.000  Busy 6500, on-the-phone\n"
                              "                aggregateState (#101)\n"
                              "  10:05:00.000  Away 15500\n"
                              "                aggregateState (#301)\n"
                              "  bob@contoso.example was told\n"
                              "    10:00:01.000  Available 3500\n"
                              "                  as it was (#2), from container 200 or 400\n"
                              "    10:02:10.000  Busy 6500, on-the-phone\n"
                              "                  as it was (#131), from container 200 or\n"
                              "                  400\n"
                              "    10:03:20.000  Be right back 12500\n"
                              "                  not as it was (#201), from container 200\n"
                              "                  or 400\n"
                              "    10:04:20.000  Busy 6500, on-the-phone\n"
                              "                  as it was (#261), from container 200 or\n"
                              "                  400\n"
                              "    stale      10:01:40.000 to 10:02:10.000 (30.000 s):\n"
                              "               shown Available 3500, was Busy 6500\n"
                              "    different  10:03:20.000 to 10:04:20.000 (1 min 0 s):\n"
                              "               shown Be right back 12500, was Busy 6500\n"
                              "    stale      10:05:00.000 to 10:15:00.000 (10 min 0 s):\n"
                              "               shown Busy 6500, was Away 15500\n"
                              "\n"
                              "dan@contoso.example\n"
                              "  Do not disturb (9500) since 2026-11-20 10:00:10.000\n"
                              "  source: aggregate, packet 11\n"
                              "  10:00:10.000  Do not disturb 9500\n"
                              "                aggregateState (#11), aggregate\n"
                              "  bob@contoso.example was told\n"
                              "    10:00:11.000  Busy 6900, urgent-interruptions-only\n"
                              "                  container 300 shows do not disturb as 6900\n"
                              "                  (#12), from container 300 by the owner's\n"
                              "                  list\n"
                              "\n"
                              "joe@contoso.example\n"
                              "  Available (3500) since 2026-11-20 10:00:10.000\n"
                              "  source: aggregate, packet 11\n"
                              "  10:00:10.000  Available 3500\n"
                              "                aggregateState (#11), aggregate\n"
                              "  bob@contoso.example was told\n"
                              "    10:00:12.000  Offline 18500\n"
                              "                  can be a block: container 32000 always\n"
                              "                  shows offline (#13), polled\n");
}

static void a_watcher_that_was_told_nothing(void **state)
{
    (void)state;
    static const struct slice ann[] = {SLICE(ANN)};
    const struct view nobody = {.format = REPORT_TEXT,
                                .query = {.watcher = SLICE("zoe@contoso.example"), NO_BOUNDS}};
    const struct view of_ann = {
        .format = REPORT_TEXT,
        .query = {
            .users = ann, .user_count = 1, .watcher = SLICE("zoe@contoso.example"), NO_BOUNDS}};
    assert_view(feed_watched, &nobody,
                COVERAGE_TEXT "\nzoe@contoso.example was told nothing in this input.\n");
    assert_view(feed_watched, &of_ann,
                COVERAGE_TEXT "\n"
                              "ann@contoso.example\n"
                              "  Away (15500) since 2026-11-20 10:05:00.000\n"
                              "  source: aggregate, packet 301\n"
                              "  zoe@contoso.example was told nothing about this user\n");
}

static void a_watcher_as_csv(void **state)
{
    (void)state;
    const struct view view = {
        .format = REPORT_CSV,
        .query = {.watcher = SLICE(BOB), .timeline = true, NO_BOUNDS},
    };
    assert_view(
        feed_watched, &view,
        "user,row,time,until,band,availability,activity,was,mode,containers,judgement,packet\n"
        "ann@contoso.example,copy,2026-11-20T10:00:01.000000Z,,available,3500,,,standing,200 "
        "400,same,2\n"
        "ann@contoso.example,copy,2026-11-20T10:02:10.000000Z,,busy,6500,on-the-phone,,standing,"
        "200 400,same,131\n"
        "ann@contoso.example,copy,2026-11-20T10:03:20.000000Z,,be-right-back,12500,,,standing,200 "
        "400,different,201\n"
        "ann@contoso.example,copy,2026-11-20T10:04:20.000000Z,,busy,6500,on-the-phone,,standing,"
        "200 400,same,261\n"
        "ann@contoso.example,stale,2026-11-20T10:01:40.000000Z,2026-11-20T10:02:10.000000Z,"
        "available,3500,,busy,,,,\n"
        "ann@contoso.example,different,2026-11-20T10:03:20.000000Z,2026-11-20T10:04:20.000000Z,be-"
        "right-back,12500,,busy,,,,\n"
        "ann@contoso.example,stale,2026-11-20T10:05:00.000000Z,2026-11-20T10:15:00.000000Z,busy,"
        "6500,,away,,,,\n"
        "dan@contoso.example,copy,2026-11-20T10:00:11.000000Z,,busy,6900,urgent-interruptions-only,"
        ",standing,300,softened,12\n"
        "joe@contoso.example,copy,2026-11-20T10:00:12.000000Z,,offline,18500,,,polled,100 200 300 "
        "400 32000 other,blocked,13\n");
}

static void a_watcher_as_json(void **state)
{
    (void)state;
    static const struct slice ann[] = {SLICE(ANN), SLICE("zoe@contoso.example")};
    const struct view view = {.format = REPORT_JSON,
                              .query = {.users = ann,
                                        .user_count = 2,
                                        .watcher = SLICE(BOB),
                                        .at = AT(150),
                                        .from = TIME_NONE,
                                        .to = TIME_NONE}};
    assert_view(feed_watched, &view,
                "{\n"
                "  \"schema\": \"ocsight.presence/1\",\n"
                "  \"as\": \"bob@contoso.example\",\n"
                "  \"users\": [\n"
                "    {\n"
                "      \"user\": \"ann@contoso.example\",\n"
                "      \"band\": \"busy\",\n"
                "      \"availability\": 6500,\n"
                "      \"admitted\": null,\n"
                "      \"activity\": \"on-the-phone\",\n"
                "      \"since\": \"2026-11-20T10:01:40.000000Z\",\n"
                "      \"source\": \"aggregate\",\n"
                "      \"watcher\": {\n"
                "        \"watcher\": \"bob@contoso.example\",\n"
                "        \"told\": {\n"
                "          \"time\": \"2026-11-20T10:02:10.000000Z\",\n"
                "          \"band\": \"busy\",\n"
                "          \"availability\": 6500,\n"
                "          \"activity\": \"on-the-phone\",\n"
                "          \"mode\": \"standing\",\n"
                "          \"served\": [\n"
                "            \"200\",\n"
                "            \"400\"\n"
                "          ],\n"
                "          \"member\": false,\n"
                "          \"judgement\": \"same\",\n"
                "          \"origin\": {\n"
                "            \"input\": \"trace.pcap\",\n"
                "            \"record\": 131,\n"
                "            \"time\": \"2026-11-20T10:02:10.000000Z\"\n"
                "          }\n"
                "        },\n"
                "        \"differences\": [\n"
                "          {\n"
                "            \"kind\": \"stale\",\n"
                "            \"from\": \"2026-11-20T10:01:40.000000Z\",\n"
                "            \"to\": \"2026-11-20T10:02:10.000000Z\",\n"
                "            \"shown\": \"available\",\n"
                "            \"shown_availability\": 3500,\n"
                "            \"was\": \"busy\",\n"
                "            \"was_availability\": 6500\n"
                "          }\n"
                "        ]\n"
                "      }\n"
                "    },\n"
                "    {\n"
                "      \"user\": \"zoe@contoso.example\",\n"
                "      \"band\": \"unknown\",\n"
                "      \"availability\": null,\n"
                "      \"admitted\": null,\n"
                "      \"activity\": null,\n"
                "      \"since\": null,\n"
                "      \"source\": null,\n"
                "      \"watcher\": {\n"
                "        \"watcher\": \"bob@contoso.example\",\n"
                "        \"told\": null\n"
                "      }\n"
                "    }\n"
                "  ],\n"
                "  \"coverage\": \"full\",\n"
                "  \"not_listed\": 0\n"
                "}\n");
}

/* ---- the timeline ---- */

static void feed_days(const struct sink *sink)
{
    const struct change changes[] = {
        {.kind = CHANGE_PRESENCE,
         .time = AT(0),
         .origin = {.time = AT(0), .record = 1},
         .as.presence = {.user = SLICE(ANN),
                         .band = BAND_AVAILABLE,
                         .availability = 3500,
                         .source = SOURCE_AGGREGATE,
                         .cause = SLICE("aggregateState is 3500")}},
        {.kind = CHANGE_PRESENCE,
         .time = AT(60),
         .origin = {.time = AT(60), .record = 8},
         .as.presence = {.user = SLICE(ANN),
                         .band = BAND_BUSY_IDLE,
                         .availability = 7500,
                         .source = SOURCE_COMPUTED,
                         .admitted = {{{6000, 7499}, {7500, 8999}}, 2},
                         .cause = SLICE("publishes machineState 5000")}},
        {.kind = CHANGE_PRESENCE, /* a day later, with no packet */
         .time = AT(86400),
         .origin = {.time = AT(60), .record = 8},
         .as.presence = {.user = SLICE(ANN),
                         .band = BAND_OFFLINE,
                         .availability = AVAILABILITY_NONE,
                         .source = SOURCE_COMPUTED,
                         .cause = SLICE("publication ran out")}},
    };
    give(sink, changes, COUNT(changes));
}

static void each_change_over_days(void **state)
{
    (void)state;
    const struct view view = {.format = REPORT_TEXT, .query = {.timeline = true, NO_BOUNDS}};
    assert_view(feed_days, &view,
                COVERAGE_TEXT
                "\n"
                "ann@contoso.example\n"
                "  Offline since 2026-11-21 10:00:00.000\n"
                "  source: computed, packet 8\n"
                "  2026-11-20\n"
                "  10:00:00.000  Available 3500   aggregateState is 3500 (#1), aggregate\n"
                "  10:01:00.000  Busy, idle 7500  publishes machineState 5000 (#8), computed;\n"
                "                                 possible: 6000-7499 or 7500-8999\n"
                "  2026-11-21\n"
                "  10:00:00.000  Offline          publication ran out (no packet, last #8)\n");
}

static void the_state_at_the_first_moment_comes_first(void **state)
{
    (void)state;
    const struct view view = {
        .format = REPORT_TEXT,
        .query = {.timeline = true, .at = TIME_NONE, .from = AT(61), .to = AT(100)}};
    const struct view table = {
        .format = REPORT_CSV,
        .query = {.timeline = true, .at = TIME_NONE, .from = AT(61), .to = AT(100)}};
    const struct view exact = {
        .format = REPORT_CSV,
        .query = {.timeline = true, .at = TIME_NONE, .from = AT(60), .to = AT(100)}};
    assert_view(feed_days, &view,
                COVERAGE_TEXT
                "\n"
                "ann@contoso.example\n"
                "  Busy, idle (7500) since 2026-11-20 10:01:00.000\n"
                "  source: computed, packet 8; possible: 6000-7499 or 7500-8999\n"
                "  10:01:01.000  Busy, idle 7500  since 10:01:00.000: publishes machineState 5000\n"
                "                                 (#8), computed; possible: 6000-7499 or\n"
                "                                 7500-8999\n");
    assert_view(feed_days, &table,
                "user,time,band,availability,activity,source,cause,packet,admitted\n"
                "ann@contoso.example,2026-11-20T10:01:01.000000Z,busy-idle,7500,,computed,"
                "publishes machineState 5000,8,6000-7499 7500-8999\n");
    assert_view(feed_days, &exact,
                "user,time,band,availability,activity,source,cause,packet,admitted\n"
                "ann@contoso.example,2026-11-20T10:01:00.000000Z,busy-idle,7500,,computed,"
                "publishes machineState 5000,8,6000-7499 7500-8999\n");
}

/* The same with room for one entry, for two and for all of them. */
static void what_finds_no_room_in_memory_is_written_all_the_same(void **state)
{
    (void)state;
    for (size_t rows = 1; rows < 4; rows++) {
        struct spill_file *file = spill_file_new();
        const struct view days = {
            .format = REPORT_TEXT,
            .rows = rows,
            .query = {.timeline = true, NO_BOUNDS, .spill = spill_file_view(file)}};
        assert_view(feed_days, &days,
                    COVERAGE_TEXT
                    "\n"
                    "ann@contoso.example\n"
                    "  Offline since 2026-11-21 10:00:00.000\n"
                    "  source: computed, packet 8\n"
                    "  2026-11-20\n"
                    "  10:00:00.000  Available 3500   aggregateState is 3500 (#1), aggregate\n"
                    "  10:01:00.000  Busy, idle 7500  publishes machineState 5000 (#8), computed;\n"
                    "                                 possible: 6000-7499 or 7500-8999\n"
                    "  2026-11-21\n"
                    "  10:00:00.000  Offline          publication ran out (no packet, last #8)\n");
        spill_file_free(file);
        file = spill_file_new();
        const struct view part = {.format = REPORT_CSV,
                                  .rows = rows,
                                  .query = {.timeline = true,
                                            .at = TIME_NONE,
                                            .from = AT(61),
                                            .to = TIME_NONE,
                                            .spill = spill_file_view(file)}};
        assert_view(feed_days, &part,
                    "user,time,band,availability,activity,source,cause,packet,admitted\n"
                    "ann@contoso.example,2026-11-20T10:01:01.000000Z,busy-idle,7500,,computed,"
                    "publishes machineState 5000,8,6000-7499 7500-8999\n"
                    "ann@contoso.example,2026-11-21T10:00:00.000000Z,offline,,,computed,"
                    "publication ran out,8,\n");
        spill_file_free(file);
    }
}

static void what_finds_no_room_is_counted(void **state)
{
    (void)state;
    const struct view changes = {
        .format = REPORT_TEXT, .rows = 2, .query = {.timeline = true, NO_BOUNDS}};
    const struct view copies = {
        .format = REPORT_CSV,
        .rows = 3,
        .query = {.watcher = SLICE(BOB), .timeline = true, NO_BOUNDS},
    };
    assert_view(feed_days, &changes,
                COVERAGE_TEXT
                "\n"
                "ann@contoso.example\n"
                "  Offline since 2026-11-21 10:00:00.000\n"
                "  source: computed, packet 8\n"
                "  2026-11-20\n"
                "  10:00:00.000  Available 3500   aggregateState is 3500 (#1), aggregate\n"
                "  10:01:00.000  Busy, idle 7500  publishes machineState 5000 (#8), computed;\n"
                "                                 possible: 6000-7499 or 7500-8999\n"
                "\n"
                "1 change found no room in this report\n");
    assert_view(
        feed_watched, &copies,
        "user,row,time,until,band,availability,activity,was,mode,containers,judgement,packet\n"
        "ann@contoso.example,copy,2026-11-20T10:00:01.000000Z,,available,3500,,,standing,200 "
        "400,same,2\n"
        "ann@contoso.example,copy,2026-11-20T10:02:10.000000Z,,busy,6500,on-the-phone,,standing,"
        "200 400,same,131\n"
        "ann@contoso.example,stale,2026-11-20T10:01:40.000000Z,2026-11-20T10:02:10.000000Z,"
        "available,3500,,busy,,,,\n"
        "dan@contoso.example,copy,2026-11-20T10:00:11.000000Z,,busy,6900,urgent-interruptions-only,"
        ",standing,300,softened,12\n");
}

/* ---- what is admitted ---- */

static void the_last_band_is_written_without_its_end(void **state)
{
    (void)state;
    struct arena arena;
    const struct band_row *offline = &band_rows()[BAND_OFFLINE];
    const struct admitted gone = {.ranges = {{offline->low, offline->high}}, .count = 1};
    const struct admitted idle = {.ranges = {{6500, 6500}, {7500, 8999}}, .count = 2};
    arena_init(&arena);
    struct slice words = presence_words_admitted(&gone, AVAILABILITY_NONE, &arena);
    assert_slice_equal(words, "possible: 18000 and up");
    assert_slice_equal(presence_words_ranges(&gone, 18500, &arena), "18000-");
    assert_slice_equal(presence_words_admitted(&idle, 6500, &arena), "also possible: 7500-8999");
    arena_dispose(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_last_band_is_written_without_its_end),
        cmocka_unit_test(what_was_live_at_a_moment),
        cmocka_unit_test(what_was_live_in_few_columns),
        cmocka_unit_test(what_is_live_at_the_end),
        cmocka_unit_test(explained_as_json),
        cmocka_unit_test(what_a_watcher_was_told),
        cmocka_unit_test(everything_a_watcher_was_told),
        cmocka_unit_test(a_watcher_that_was_told_nothing),
        cmocka_unit_test(a_watcher_as_csv),
        cmocka_unit_test(a_watcher_as_json),
        cmocka_unit_test(each_change_over_days),
        cmocka_unit_test(the_state_at_the_first_moment_comes_first),
        cmocka_unit_test(what_finds_no_room_in_memory_is_written_all_the_same),
        cmocka_unit_test(what_finds_no_room_is_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
