/*
 * The nine bands and their exact edges (facts/presence.md part 4).
 */
#include "tests/unit/harness.h"

#include "analyzer/engine/bands.h"
#include "analyzer/engine/state_value.h"

struct edge {
    int64_t number;
    enum band band;
};

/* clang-format off */
static const struct edge edges[] = {
    {-1,    BAND_UNKNOWN},        {INT64_MIN, BAND_UNKNOWN},
    {0,     BAND_UNDEFINED},      {1,         BAND_UNDEFINED},      {2999,      BAND_UNDEFINED},
    {3000,  BAND_AVAILABLE},      {3500,      BAND_AVAILABLE},      {4499,      BAND_AVAILABLE},
    {4500,  BAND_AVAILABLE_IDLE}, {5000,      BAND_AVAILABLE_IDLE}, {5999,      BAND_AVAILABLE_IDLE},
    {6000,  BAND_BUSY},           {6900,      BAND_BUSY},           {7499,      BAND_BUSY},
    {7500,  BAND_BUSY_IDLE},      {8000,      BAND_BUSY_IDLE},      {8999,      BAND_BUSY_IDLE},
    {9000,  BAND_DO_NOT_DISTURB}, {9500,      BAND_DO_NOT_DISTURB}, {11999,     BAND_DO_NOT_DISTURB},
    {12000, BAND_BE_RIGHT_BACK},  {12500,     BAND_BE_RIGHT_BACK},  {14999,     BAND_BE_RIGHT_BACK},
    {15000, BAND_AWAY},           {15500,     BAND_AWAY},           {17999,     BAND_AWAY},
    {18000, BAND_OFFLINE},        {18500,     BAND_OFFLINE},        {UINT32_MAX, BAND_OFFLINE},
    {INT64_MAX, BAND_OFFLINE},
};
/* clang-format on */

static void test_edges(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof edges / sizeof edges[0]; i++) {
        assert_int_equal(band_of(edges[i].number), edges[i].band);
    }
}

static void test_rows_join(void **state)
{
    (void)state;
    const struct band_row *rows = band_rows();
    for (int band = BAND_UNKNOWN; band < BANDS; band++) {
        assert_int_equal(rows[band].band, band);
        assert_string_equal(band_name((enum band)band), rows[band].name);
        if (band > BAND_UNDEFINED) {
            assert_int_equal(rows[band].low, rows[band - 1].high + 1);
            assert_int_equal(band_of(rows[band].usual), band);
        }
    }
    assert_int_equal(rows[BAND_OFFLINE].high, UINT32_MAX);
}

static void test_names(void **state)
{
    (void)state;
    assert_string_equal(band_name(BAND_AVAILABLE_IDLE), "available-idle");
    assert_string_equal(band_title(BAND_BE_RIGHT_BACK), "Be right back");
    assert_string_equal(band_name((enum band)99), "unknown");
}

/* An aggregateState without availability is Offline; any other state without one says nothing. */
static void test_states_without_a_number(void **state)
{
    (void)state;
    assert_int_equal(state_band(STATE_AGGREGATE, AVAILABILITY_NONE), BAND_OFFLINE);
    assert_int_equal(state_band(STATE_CALENDAR, AVAILABILITY_NONE), BAND_UNKNOWN);
    assert_int_equal(state_band(STATE_AGGREGATE, 0), BAND_UNDEFINED);
    assert_int_equal(state_band(STATE_USER, 18000), BAND_OFFLINE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_edges),
        cmocka_unit_test(test_rows_join),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_states_without_a_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
