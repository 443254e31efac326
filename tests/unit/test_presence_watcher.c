/*
 * What one watcher was told of presence, as it is written.
 */
#include "tests/unit/presence_view.h"

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

static void copies_that_find_no_room_are_left_out(void **state)
{
    (void)state;
    const struct view copies = {
        .format = REPORT_CSV,
        .rows = 3,
        .query = {.watcher = SLICE(BOB), .timeline = true, NO_BOUNDS},
    };
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_watcher_was_told),
        cmocka_unit_test(everything_a_watcher_was_told),
        cmocka_unit_test(a_watcher_that_was_told_nothing),
        cmocka_unit_test(a_watcher_as_csv),
        cmocka_unit_test(a_watcher_as_json),
        cmocka_unit_test(copies_that_find_no_room_are_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
