/*
 * Clocks of any resolution: exact, and never out of range.
 */
#include "tests/unit/harness.h"

#include "decoders/ticks.h"

#define MILLION INT64_C(1000000)

static void clocks_of_every_resolution_give_exact_times(void **state)
{
    (void)state;
    static const struct {
        uint8_t resolution;
        int64_t offset;
        uint64_t count;
        int64_t time;
    } rows[] = {
        /* clang-format off */
        {6, 0, 1234567890123456, 1234567890123456000},
        {9, 0, 1234567890123456789, 1234567890123456789},
        {3, 0, 1234567890123, 1234567890123 * MILLION},
        {0, 0, 1234567890, 1234567890 * TIME_SECOND},
        {12, 0, 5000000000001999, 5000000000001},
        {19, 0, UINT64_MAX, 1844674407},              /* 1.8446744073709551615 s */
        {20, 0, UINT64_MAX, 184467440},
        {28, 0, UINT64_MAX, 1},
        {29, 0, UINT64_MAX, 0},
        {127, 0, UINT64_MAX, 0},
        {0x80, 0, 1234567890, 1234567890 * TIME_SECOND},
        {0x80 | 1, 0, 3, 1500 * MILLION},
        {0x80 | 10, 0, 1025, TIME_SECOND + 976562},   /* 1/1024 s */
        {0x80 | 32, 0, (UINT64_C(1) << 32) + 1, TIME_SECOND},
        {0x80 | 32, 0, (UINT64_C(1) << 32) + 5, TIME_SECOND + 1},
        {0x80 | 63, 0, UINT64_MAX, 1999999999},
        {0x80 | 64, 0, UINT64_MAX, 999999999},
        {0x80 | 64, 0, UINT64_C(1) << 63, 500 * MILLION},
        {0x80 | 65, 0, UINT64_C(1) << 63, 250 * MILLION},
        {0x80 | 96, 0, UINT64_MAX, 0},
        {0x80 | 127, 0, UINT64_MAX, 0},
        {6, 1000, 5, 1000 * TIME_SECOND + 5000},
        {6, -1, 1000001, 1000},
        {6, -1, 999999, TIME_NONE},
        {6, INT64_MAX, 0, TIME_NONE},
        {6, INT64_MIN, UINT64_MAX, TIME_NONE},
        {0, 0, UINT64_MAX, TIME_NONE},
        {0, INT64_MIN, UINT64_C(1) << 63, TIME_NONE},
        {0, INT64_MAX, 1, TIME_NONE},
        {9, 0, UINT64_C(1) << 62, INT64_C(1) << 62},  /* the last, in 2116 */
        {9, 0, (UINT64_C(1) << 62) + 1, TIME_NONE},
        /* clang-format on */
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct ticks ticks = ticks_of(rows[i].resolution, rows[i].offset);
        int64_t time = ticks_time(&ticks, rows[i].count);
        if (time != rows[i].time) {
            fail_msg("row %zu: %lld is not %lld", i, (long long)time, (long long)rows[i].time);
        }
    }
}

static void extreme_clocks_stay_in_range(void **state)
{
    (void)state;
    static const uint64_t counts[] = {0, 1, UINT32_MAX, INT64_MAX, UINT64_MAX};
    static const int64_t offsets[] = {0, 1, -1, INT32_MAX, INT64_MAX, INT64_MIN};
    for (unsigned resolution = 0; resolution < 256; resolution++) {
        for (size_t c = 0; c < 5; c++) {
            for (size_t o = 0; o < 6; o++) {
                struct ticks ticks = ticks_of((uint8_t)resolution, offsets[o]);
                int64_t time = ticks_time(&ticks, counts[c]);
                assert_true(time == TIME_NONE || (time >= 0 && time <= INT64_C(1) << 62));
            }
        }
    }
}

static void windows_file_times(void **state)
{
    (void)state;
    assert_int_equal(ticks_filetime(116444736000000000), 0);
    assert_int_equal(ticks_filetime(128790414900000001), 1234567890 * TIME_SECOND + 100);
    assert_int_equal(ticks_filetime(0), TIME_NONE);
    assert_int_equal(ticks_filetime(UINT64_MAX), TIME_NONE);
}

static void calendar_times(void **state)
{
    (void)state;
    static const struct {
        struct calendar calendar;
        int64_t time;
    } rows[] = {
        /* clang-format off */
        {{1970, 1, 1, 0, 0, 0, 0}, 0},
        {{2009, 2, 13, 23, 31, 30, 250}, 1234567890 * TIME_SECOND + 250 * MILLION},
        {{2000, 2, 29, 0, 0, 0, 0}, 951782400 * TIME_SECOND},
        {{2000, 3, 1, 0, 0, 0, 0}, 951868800 * TIME_SECOND},
        {{2100, 3, 1, 0, 0, 0, 0}, 4107542400 * TIME_SECOND},
        {{1969, 12, 31, 23, 59, 59, 0}, TIME_NONE},
        {{2009, 0, 1, 0, 0, 0, 0}, TIME_NONE},
        {{2009, 13, 1, 0, 0, 0, 0}, TIME_NONE},
        {{2009, 1, 0, 0, 0, 0, 0}, TIME_NONE},
        {{2009, 1, 1, 24, 0, 0, 0}, TIME_NONE},
        {{2150, 1, 1, 0, 0, 0, 0}, TIME_NONE},
        {{65535, 65535, 65535, 65535, 65535, 65535, 65535}, TIME_NONE},
        /* clang-format on */
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(ticks_calendar(&rows[i].calendar), rows[i].time);
    }
}

static void a_time_has_the_count_that_gives_it_again(void **state)
{
    (void)state;
    static const struct {
        uint8_t resolution;
        int64_t offset;
        int64_t time;
        uint64_t count; /* UINT64_MAX = there is none */
    } rows[] = {
        /* clang-format off */
        {6, 0, 1234567890123456000, 1234567890123456},
        {6, 0, 1234567890123456001, 1234567890123457}, /* the next later one */
        {9, 0, 1234567890123456789, 1234567890123456789},
        {0, 0, 1, 1},
        {0, 0, 0, 0},
        {12, 0, 5000000000001, 5000000000001000},
        {10, 0, INT64_C(1) << 62, UINT64_MAX},
        {19, 0, 1844674407, UINT64_C(18446744070000000000)},
        {19, 0, 1844674408, UINT64_MAX},
        {20, 0, 1, UINT64_MAX},
        {0x80 | 10, 0, TIME_SECOND + 976562, 1025},
        {0x80 | 32, 0, TIME_SECOND + 1, (UINT64_C(1) << 32) + 5},
        {0x80 | 63, 0, 999999999, UINT64_C(9223372027631403772)},
        {0x80 | 64, 0, 1, UINT64_MAX},
        {6, 1000, 1000 * TIME_SECOND + 5000, 5},
        {6, 1000, 999 * TIME_SECOND, UINT64_MAX},
        {6, -1, 1000, 1000001},
        {6, INT64_MIN, 0, UINT64_MAX},
        {6, INT64_MAX, 0, UINT64_MAX},
        {6, 0, TIME_NONE, UINT64_MAX},
        /* clang-format on */
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct ticks ticks = ticks_of(rows[i].resolution, rows[i].offset);
        uint64_t count = UINT64_MAX;
        bool found = ticks_count(&ticks, rows[i].time, &count);
        if (count != rows[i].count || found != (count != UINT64_MAX)) {
            fail_msg("row %zu: %llu", i, (unsigned long long)count);
        }
        if (found && rows[i].resolution != 0 && i != 1) {
            assert_int_equal(ticks_time(&ticks, count), rows[i].time);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clocks_of_every_resolution_give_exact_times),
        cmocka_unit_test(a_time_has_the_count_that_gives_it_again),
        cmocka_unit_test(extreme_clocks_stay_in_range),
        cmocka_unit_test(windows_file_times),
        cmocka_unit_test(calendar_times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
