/*
 * The three forms of a time in an export agree, whatever the time.
 */
#include "tests/unit/harness.h"

#include <stdio.h>
#include <time.h>

#include "analyzer/engine/compliance_time.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

struct time_row {
    int64_t ticks;
    int64_t since;
    const char *text;
};

/* The first three are those of facts/xccos.md 2.17 and 1.15. */
static const struct time_row rows[] = {
    {INT64_C(635349568951234567), INT64_C(1399360095123), "2014-05-06T07:08:15.1234567Z"},
    {INT64_C(635349570002170000), INT64_C(1399360200217), "2014-05-06T07:10:00.217Z"},
    {TICKS_1970, 0, "1970-01-01T00:00:00Z"},
    {0, INT64_C(-62135596800000), "0001-01-01T00:00:00Z"},
    {1, INT64_C(-62135596800000), "0001-01-01T00:00:00.0000001Z"},
    {TICKS_1970 - 1, -1, "1969-12-31T23:59:59.9999999Z"},
    {TICKS_1970 - 10000, -1, "1969-12-31T23:59:59.999Z"},
    {TICKS_1970 - 10001, -2, "1969-12-31T23:59:59.9989999Z"},
    {TICKS_LAST, INT64_C(253402300799999), "9999-12-31T23:59:59.9999999Z"},
    {INT64_C(630873791990000000), INT64_C(951782399000), "2000-02-28T23:59:59Z"},
    {INT64_C(630873792000000000), INT64_C(951782400000), "2000-02-29T00:00:00Z"},
};

static void literal_times_agree(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[TICKS_TEXT];
        assert_slice_equal(ticks_text(rows[i].ticks, text), rows[i].text);
        assert_int_equal(ticks_since_1970(rows[i].ticks), rows[i].since);
        assert_int_equal(ticks_parse(slice_of(rows[i].text)), rows[i].ticks);
    }
}

static uint64_t next_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 1;
}

/* Against the calendar of the C library, which is another implementation. */
static void check_against_library(int64_t ticks)
{
    char text[TICKS_TEXT];
    char expected[64];
    int64_t seconds = (ticks - ticks % TICKS_SECOND - TICKS_1970) / TICKS_SECOND;
    time_t moment = (time_t)seconds;
    struct tm parts;
    assert_non_null(gmtime_r(&moment, &parts));
    snprintf(expected, sizeof expected, "%04d-%02d-%02dT%02d:%02d:%02d", parts.tm_year + 1900,
             parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec);
    struct slice got = ticks_text(ticks, text);
    assert_true(slice_starts(got, slice_of(expected)));
    assert_int_equal(ticks_parse(got), ticks);
    int64_t since = ticks_since_1970(ticks);
    assert_true(since * 10000 <= ticks - TICKS_1970);
    assert_true((since + 1) * 10000 > ticks - TICKS_1970);
}

static void random_times_agree(void **state)
{
    (void)state;
    uint64_t seed = 20140506;
    for (int i = 0; i < 200000; i++) {
        check_against_library((int64_t)(next_random(&seed) % ((uint64_t)TICKS_LAST + 1)));
    }
    for (int64_t day = 0; day < TICKS_LAST / (86400 * TICKS_SECOND); day += 7) {
        check_against_library(day * 86400 * TICKS_SECOND + day % TICKS_SECOND);
    }
}

static void times_of_captures_are_cut(void **state)
{
    (void)state;
    assert_int_equal(ticks_of_time(0), TICKS_1970);
    assert_int_equal(ticks_of_time(199), TICKS_1970 + 1);
    assert_int_equal(ticks_of_time(-1), TICKS_1970 - 1);
    assert_int_equal(ticks_of_time(TIME_NONE), TICKS_NONE);
    assert_int_equal(ticks_to_time(TICKS_1970 + 1), 100);
    assert_int_equal(ticks_to_time(TICKS_NONE), TIME_NONE);
    assert_int_equal(ticks_to_time(0), TIME_NONE);
    assert_int_equal(ticks_to_time(TICKS_LAST), TIME_NONE);
    for (int64_t time = INT64_MAX; time > INT64_MIN / 2; time -= INT64_MAX / 7) {
        assert_int_equal(ticks_to_time(ticks_of_time(time)) / 100,
                         time / 100 - (time < 0 && time % 100 != 0));
    }
    char text[TICKS_TEXT];
    assert_slice_equal(ticks_text(-1, text), "");
    assert_slice_equal(ticks_text(TICKS_LAST + 1, text), "");
    assert_slice_equal(ticks_text(ticks_of_time(INT64_MAX), text), "2262-04-11T23:47:16.8547758Z");
}

static const char *const no_times[] = {
    "",
    "2014",
    "2014-13-06T07:08:15Z",
    "2014-02-29T07:08:15Z",
    "1900-02-29T07:08:15Z",
    "2014-05-06 07:08:15Z",
    "2014-05-06T24:08:15Z",
    "2014-05-06T07:60:15Z",
    "2014-05-06T07:08:60Z",
    "2014-05-06T07:08:15.Z",
    "2014-05-06T07:08:15.1x",
    "2014-05-06T07:08:15+0100",
    "2014-05-06T07:08:15+15:00",
    "0000-05-06T07:08:15Z",
    "0001-01-01T00:30:00+01:00",
    "9999-12-31T23:30:00-01:00",
    "2014-05-06T07:08:15ZZ",
    "-014-05-06T07:08:15Z",
};

static void other_texts_are_no_times(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(no_times); i++) {
        struct guard guard = guard_copy(slice_of(no_times[i]));
        assert_int_equal(ticks_parse(guard.bytes), TICKS_NONE);
        guard_free(&guard);
    }
    int64_t ticks = ticks_parse(slice_of("2014-05-06T07:08:15.1234567Z"));
    assert_int_equal(ticks_parse(slice_of(" 2014-05-06T07:08:15.12345678 ")), ticks);
    assert_int_equal(ticks_parse(slice_of("2014-05-06T09:38:15.1234567+02:30")), ticks);
    assert_int_equal(ticks_parse(slice_of("2014-05-05T23:08:15.1234567-08:00")), ticks);
}

static void every_beginning_is_survived(void **state)
{
    (void)state;
    static const struct slice whole = SLICE("2014-05-06T07:08:15.1234567+01:00");
    for (size_t size = 0; size < whole.size; size++) {
        struct guard guard = guard_copy(slice_sub(whole, 0, size));
        bool is_time = size >= 19 && size != 20 && size < 28;
        assert_int_equal(ticks_parse(guard.bytes) != TICKS_NONE, is_time);
        guard_free(&guard);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(literal_times_agree),         cmocka_unit_test(random_times_agree),
        cmocka_unit_test(times_of_captures_are_cut),   cmocka_unit_test(other_texts_are_no_times),
        cmocka_unit_test(every_beginning_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
