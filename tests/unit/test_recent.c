/*
 * Values of the latest numbers: against a list of what must be remembered.
 */
#include "tests/unit/harness.h"

#include "analyzer/audit/recent.h"

/* The latest place of a number among those that were added; SIZE_MAX = none. */
static size_t place_of(const uint64_t *added, size_t count, uint64_t number)
{
    size_t at = count;
    while (at > 0 && added[at - 1] != number) {
        at--;
    }
    return at - 1;
}

static void assert_remembers(const struct recent *recent, const uint64_t *added, size_t count,
                             uint64_t number)
{
    size_t at = place_of(added, count, number);
    bool known = at != SIZE_MAX && count - at <= recent->limit;
    assert_int_equal(recent_find(recent, number), known ? number % 255 + 1 : 0);
}

/* Numbers count up, some are left out, some come late: the latest of each limit are known. */
static void the_latest_are_known(void **state)
{
    (void)state;
    static const size_t limits[] = {1, 2, 31, 32, 33, 200, 1000};
    enum { NUMBERS = 3000 };
    static uint64_t added[NUMBERS];
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        struct recent recent;
        size_t count = 0;
        uint32_t random = 1;
        recent_init(&recent, limits[i]);
        for (uint64_t next = 1; next < NUMBERS; next++) {
            random = random * 1664525 + 1013904223;
            uint64_t number = (random >> 10) % 3 == 0 ? next - (random >> 20) % next : next;
            size_t at = place_of(added, count, number);
            recent_add(&recent, number, (uint8_t)(number % 255 + 1));
            if (at == SIZE_MAX || count - at > limits[i]) {
                added[count++] = number;
            }
            assert_remembers(&recent, added, count, number);
            assert_remembers(&recent, added, count,
                             count > limits[i] ? added[count - limits[i]] : 1);
            assert_remembers(&recent, added, count, 1 + (random >> 12) % NUMBERS);
        }
        assert_int_equal(recent.count, limits[i]);
        recent_dispose(&recent);
    }
}

static void the_first_value_counts(void **state)
{
    (void)state;
    struct recent recent;
    recent_init(&recent, 2);
    assert_int_equal(recent_find(&recent, 7), 0);
    recent_add(&recent, 7, 1);
    recent_add(&recent, 7, 2);
    recent_add(&recent, 0, 3);
    assert_int_equal(recent_find(&recent, 7), 1);
    assert_int_equal(recent_find(&recent, 0), 0);
    recent_add(&recent, 8, 2);
    recent_add(&recent, 9, 255);
    assert_int_equal(recent_find(&recent, 7), 0);
    assert_int_equal(recent_find(&recent, 9), 255);
    recent_add(&recent, 7, 4); /* forgotten, so new */
    assert_int_equal(recent_find(&recent, 7), 4);
    recent_dispose(&recent);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_latest_are_known),
        cmocka_unit_test(the_first_value_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
