/*
 * Presence explained: the inputs and the step that decided, as they are written.
 */
#include "tests/unit/presence_view.h"

#include "reports/presence_words.h"

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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
