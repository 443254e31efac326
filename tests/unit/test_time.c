/*
 * Times in documents: decoders/time.c.
 */
#include "tests/unit/harness.h"

#include <stdio.h>

#include "decoders/time.h"

struct time_case {
    const char *text;
    int64_t time;
};

/* clang-format off */
static const struct time_case good[] = {
    {"1970-01-01T00:00:00Z", 0},
    {"1970-01-01T00:00:00", 0},
    {"2013-05-14T08:01:22.417", INT64_C(1368518482417000000)},       /* presence.md 1.1 */
    {"2014-05-06T07:08:15.1234567Z", INT64_C(1399360095123456700)},  /* xccos.md 2.17: since1970 1399360095123 */
    {"2014-05-06T07:10:00.217Z", INT64_C(1399360200217000000)},      /* xccos.md 2.17: since1970 1399360200217 */
    {"2014-05-06T07:01:44.02", INT64_C(1399359704020000000)},
    {"2010-09-14T14:26:17.62Z", INT64_C(1284474377620000000)},
    {"2014-05-06T09:10:00.217+02:00", INT64_C(1399360200217000000)},
    {"2014-05-06T00:40:00.217-06:30", INT64_C(1399360200217000000)},
    {"2014-05-06T07:10:00.2179999999999999", INT64_C(1399360200217999999)},
    {"2000-02-29T00:00:00Z", INT64_C(951782400000000000)},
    {"2012-02-29T23:59:59Z", INT64_C(1330559999000000000)},
    {"2100-03-01T00:00:00Z", INT64_C(4107542400000000000)},
    {"1969-12-31T23:59:59.5Z", INT64_C(-500000000)},
    {"1677-09-22T00:00:00Z", INT64_C(-9223286400000000000)},
    {"2262-04-11T00:00:00Z", INT64_C(9223286400000000000)},
    {"  2000-02-29T00:00:00Z\r\n", INT64_C(951782400000000000)},
    {"2000-02-29t00:00:00z", INT64_C(951782400000000000)},
};
/* clang-format on */

static const char *const bad[] = {
    "",
    " ",
    "2014",
    "2014-05-06",
    "2014-05-06T",
    "2014-05-06 07:10:00Z",
    "2014-05-06T07:10Z",
    "2014-05-06T07:10:00.Z",
    "2014-05-06T07:10:00,5Z",
    "2014-05-06T07:10:00ZZ",
    "2014-05-06T07:10:00+2:00",
    "2014-05-06T07:10:00+0200",
    "2014-05-06T07:10:00+24:00",
    "2014-05-06T07:10:00+02:60",
    "2014-05-06T07:10:00 Z",
    "2014-00-06T07:10:00Z",
    "2014-13-06T07:10:00Z",
    "2014-05-00T07:10:00Z",
    "2014-05-32T07:10:00Z",
    "2014-04-31T07:10:00Z",
    "2013-02-29T07:10:00Z",
    "2100-02-29T07:10:00Z",
    "2014-05-06T24:00:00Z",
    "2014-05-06T07:60:00Z",
    "2014-05-06T07:10:60Z",
    "-014-05-06T07:10:00Z",
    "+2014-05-06T07:10:00Z",
    "1600-12-31T23:59:59Z",
    "1601-01-01T00:00:00Z", /* FILETIME zero: before what 64-bit ns hold */
    "1677-09-21T00:12:43Z",
    "2262-04-12T00:00:00Z",
    "9999-12-31T23:59:59.9999999Z",
    "monday",
};

static void test_reads_every_form(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        int64_t time = time_parse(slice_of(good[i].text));
        if (time != good[i].time) {
            fail_msg("\"%s\" gives %lld", good[i].text, (long long)time);
        }
    }
}

static void test_refuses_what_is_no_time(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        int64_t time = time_parse(slice_of(bad[i]));
        if (time != TIME_NONE) {
            fail_msg("\"%s\" gives %lld", bad[i], (long long)time);
        }
    }
}

/* Days are counted one by one and compared with the closed formula; 1678-01-01 is day -106650. */
static void test_every_day_follows_the_one_before(void **state)
{
    (void)state;
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    for (int year = 1678, at = -106650; year < 2262; year++) {
        bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        for (int month = 1; month <= 12; month++) {
            int count = days[month - 1] + (month == 2 && leap);
            for (int day = 1; day <= count; day++, at++) {
                char text[48];
                snprintf(text, sizeof text, "%04d-%02d-%02dT00:00:00", year, month, day);
                assert_int_equal(time_parse(slice_of(text)), (int64_t)at * 86400 * TIME_SECOND);
            }
        }
    }
}

static void test_every_prefix_is_survived(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        struct slice whole = slice_of(good[i].text);
        for (size_t size = 0; size <= whole.size; size++) {
            struct guard guard = guard_copy(slice_sub(whole, 0, size));
            int64_t time = time_parse(guard.bytes);
            assert_true(time == TIME_NONE || size >= 19);
            guard_free(&guard);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads_every_form),
        cmocka_unit_test(test_refuses_what_is_no_time),
        cmocka_unit_test(test_every_day_follows_the_one_before),
        cmocka_unit_test(test_every_prefix_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
