/*
 * Times as text, and times as people type them.
 */
#include "tests/unit/harness.h"

#include <stdlib.h>
#include <time.h>

#include "reports/clock.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* 2026-11-20T10:00:00Z and its midnight, in seconds. */
#define TEN      INT64_C(1795168800)
#define MIDNIGHT (TEN - 10 * 3600)

static void times_have_six_or_nine_digits(void **state)
{
    (void)state;
    static const struct {
        int64_t time;
        const char *iso;
        const char *date;
        const char *of_day;
    } rows[] = {
        {0, "1970-01-01T00:00:00.000000Z", "1970-01-01 00:00:00.000", "00:00:00.000000"},
        {TEN * TIME_SECOND + 123456000, "2026-11-20T10:00:00.123456Z", "2026-11-20 10:00:00.123",
         "10:00:00.123456"},
        {TEN * TIME_SECOND + 123456789, "2026-11-20T10:00:00.123456789Z", "2026-11-20 10:00:00.123",
         "10:00:00.123456"},
        {TEN * TIME_SECOND + 500, "2026-11-20T10:00:00.000000500Z", "2026-11-20 10:00:00.000",
         "10:00:00.000000"},
        {TEN * TIME_SECOND + 1, "2026-11-20T10:00:00.000000001Z", "2026-11-20 10:00:00.000",
         "10:00:00.000000"},
        {-1, "1969-12-31T23:59:59.999999999Z", "1969-12-31 23:59:59.999", "23:59:59.999999"},
        {-TIME_SECOND, "1969-12-31T23:59:59.000000Z", "1969-12-31 23:59:59.000", "23:59:59.000000"},
        {INT64_C(951782400) * TIME_SECOND, "2000-02-29T00:00:00.000000Z", "2000-02-29 00:00:00.000",
         "00:00:00.000000"},
        {INT64_MAX, "2262-04-11T23:47:16.854775807Z", "2262-04-11 23:47:16.854", "23:47:16.854775"},
        {INT64_MIN + 1, "1677-09-21T00:12:43.145224193Z", "1677-09-21 00:12:43.145",
         "00:12:43.145224"},
        {TIME_NONE, "", "(no time)", "(no time)"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[CLOCK_TEXT];
        clock_iso(rows[i].time, text);
        assert_string_equal(text, rows[i].iso);
        clock_date(rows[i].time, NULL, text);
        assert_string_equal(text, rows[i].date);
        clock_of_day(rows[i].time, NULL, text);
        assert_string_equal(text, rows[i].of_day);
    }
}

static void zones_are_for_the_eyes_only(void **state)
{
    (void)state;
    const struct clock_zone local = {.local = true};
    const struct clock_zone utc = {.local = false};
    char text[CLOCK_TEXT];
    setenv("TZ", "KST-9", 1);
    tzset();
    clock_date(TEN * TIME_SECOND, &local, text);
    assert_string_equal(text, "2026-11-20 19:00:00.000");
    clock_of_day(TEN * TIME_SECOND, &local, text);
    assert_string_equal(text, "19:00:00.000000");
    clock_zone_name(TEN * TIME_SECOND, &local, text);
    assert_string_equal(text, "KST");
    clock_zone_name(TIME_NONE, &local, text);
    assert_string_equal(text, "UTC");
    clock_date(TEN * TIME_SECOND, &utc, text);
    assert_string_equal(text, "2026-11-20 10:00:00.000");
    clock_zone_name(TEN * TIME_SECOND, &utc, text);
    assert_string_equal(text, "UTC");
    clock_iso(TEN * TIME_SECOND, text);
    assert_string_equal(text, "2026-11-20T10:00:00.000000Z");
}

static void durations_are_short(void **state)
{
    (void)state;
    static const struct {
        int64_t time;
        const char *text;
    } rows[] = {
        {0, "0 us"},
        {999999, "999 us"},
        {1000000, "1 ms"},
        {12345678, "12 ms"},
        {1234 * INT64_C(1000000), "1.234 s"},
        {59999 * INT64_C(1000000), "59.999 s"},
        {60 * TIME_SECOND, "1 min 0 s"},
        {184 * TIME_SECOND, "3 min 4 s"},
        {3600 * TIME_SECOND, "1 h 0 min"},
        {90061 * TIME_SECOND, "25 h 1 min"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[CLOCK_TEXT];
        clock_duration(rows[i].time, text);
        assert_string_equal(text, rows[i].text);
    }
}

static void times_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t time; /* ns */
    } rows[] = {
        {"2026-11-20T10:00:00Z", TEN * TIME_SECOND},
        {"2026-11-20T10:00:00z", TEN * TIME_SECOND},
        {"2026-11-20T10:00:00", TEN * TIME_SECOND},
        {" 2026-11-20 10:00:00 ", TEN * TIME_SECOND},
        {"2026-11-20 10:00", TEN * TIME_SECOND},
        {"2026-11-20", MIDNIGHT * TIME_SECOND},
        {"2026-11-20T19:00:00+09:00", TEN * TIME_SECOND},
        {"2026-11-20T19:00:00+0900", TEN * TIME_SECOND},
        {"2026-11-20T19:00:00+09", TEN * TIME_SECOND},
        {"2026-11-20T04:30:00-05:30", TEN * TIME_SECOND},
        {"2026-11-20T10:00:00.5Z", TEN * TIME_SECOND + TIME_SECOND / 2},
        {"2026-11-20T10:00:00.123456789", TEN * TIME_SECOND + 123456789},
        {"2026-11-20T10:00:00.1234567899", TEN * TIME_SECOND + 123456789},
        {"2000-02-29T00:00:00Z", INT64_C(951782400) * TIME_SECOND},
        {"2016-12-31T23:59:60Z", INT64_C(1483228800) * TIME_SECOND}, /* a leap second */
        {"1969-12-31T23:59:59Z", -TIME_SECOND},
        {"1900-01-01", INT64_C(-2208988800) * TIME_SECOND},
        /* of the day that is meant */
        {"10:00:00", TEN * TIME_SECOND},
        {"10:00", TEN * TIME_SECOND},
        {"10:00:00.000001", TEN * TIME_SECOND + 1000},
        {"19:00:00+09:00", TEN * TIME_SECOND},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t time = 0;
        struct guard guard = guard_copy(slice_of(rows[i].text));
        if (!clock_parse(guard.bytes, (MIDNIGHT + 86399) * TIME_SECOND, &time) ||
            time != rows[i].time) {
            fail_msg("%s is not %jd", rows[i].text, (intmax_t)time);
        }
        guard_free(&guard);
    }
}

static void a_time_of_day_needs_a_day(void **state)
{
    (void)state;
    int64_t time = 0;
    assert_false(clock_parse(slice_of("10:00:00"), TIME_NONE, &time));
    assert_true(clock_parse(slice_of("2026-11-20T10:00:00"), TIME_NONE, &time));
    assert_true(clock_parse(slice_of("00:00:01"), -1, &time));
    assert_true(time == -86399 * TIME_SECOND);
    assert_true(clock_parse(slice_of("23:00:00"), INT64_MAX, &time));
    assert_false(clock_parse(slice_of("23:59:59"), INT64_MAX, &time));
    assert_false(clock_parse(slice_of("00:00:00"), INT64_MIN + 1, &time));
}

static void what_is_no_time_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        " ",
        "now",
        "Z",
        "10",
        "1:00",
        "24:00:00",
        "10:60:00",
        "10:00:61",
        "10:00:",
        "10:00:0",
        "10:00:00.",
        "10:00:00.Z",
        "10:00:00x",
        "10:00:00 Z",
        "10:00:00+",
        "10:00:00+9",
        "10:00:00+09:0",
        "10:00:00+24:00",
        "10:00:00+09:60",
        "-1:00:00",
        "2026-11-20X10:00:00",
        "2026-11-20T10",
        "2026-11-20Z",
        "2026-13-01",
        "2026-00-10",
        "2026-11-00",
        "2026-11-31",
        "2026-02-29",
        "2026-11-2",
        "2026-1-20",
        "20261120",
        "1899-12-31",
        "2262-01-01",
        "+026-11-20",
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        int64_t time = 0;
        struct guard guard = guard_copy(slice_of(texts[i]));
        if (clock_parse(guard.bytes, 0, &time)) {
            fail_msg("\"%s\" was taken for a time", texts[i]);
        }
        guard_free(&guard);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_have_six_or_nine_digits),
        cmocka_unit_test(zones_are_for_the_eyes_only),
        cmocka_unit_test(durations_are_short),
        cmocka_unit_test(times_are_read),
        cmocka_unit_test(a_time_of_day_needs_a_day),
        cmocka_unit_test(what_is_no_time_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
