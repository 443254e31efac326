/*
 * Presence over time, and what of it finds no room, as it is written.
 */
#include "tests/unit/presence_view.h"

#include "sql/spill.h"

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
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_change_over_days),
        cmocka_unit_test(the_state_at_the_first_moment_comes_first),
        cmocka_unit_test(what_finds_no_room_in_memory_is_written_all_the_same),
        cmocka_unit_test(what_finds_no_room_is_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
