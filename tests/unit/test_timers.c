/*
 * Deadlines: the order in which they fire, against a plain list that is searched.
 */
#include "tests/unit/harness.h"

#include "analyzer/engine/timers.h"

static void fire_all(struct timers *timers, int64_t now, char *out)
{
    for (struct timer *timer = timers_due(timers, now); timer; timer = timers_due(timers, now)) {
        assert_false(timer_is_set(timer));
        *out++ = (char)timer->kind;
    }
    *out = '\0';
}

static void equal_deadlines_fire_as_they_were_set(void **state)
{
    (void)state;
    struct timers timers;
    struct timer timer[10] = {0};
    char fired[16];
    timers_init(&timers);
    assert_true(timers_next(&timers) == INT64_MAX);
    for (int i = 0; i < 10; i++) {
        timer[i].kind = '0' + i;
        timers_set(&timers, &timer[i], i % 2 ? 100 : 50);
    }
    assert_int_equal(timers_next(&timers), 50);
    fire_all(&timers, 49, fired);
    assert_string_equal(fired, "");
    fire_all(&timers, 50, fired);
    assert_string_equal(fired, "02468");
    fire_all(&timers, INT64_MAX, fired);
    assert_string_equal(fired, "13579");
    timers_dispose(&timers);
}

static void deadlines_move_and_are_cancelled(void **state)
{
    (void)state;
    struct timers timers;
    struct timer a = {.kind = 'a'};
    struct timer b = {.kind = 'b'};
    struct timer c = {.kind = 'c'};
    char fired[16];
    timers_init(&timers);
    timers_cancel(&timers, &a);
    timers_set(&timers, &a, 10);
    timers_set(&timers, &b, 20);
    timers_set(&timers, &c, 30);
    timers_set(&timers, &a, 30); /* later, and now behind c */
    timers_set(&timers, &c, 30); /* set again: behind a */
    assert_int_equal(timers_next(&timers), 20);
    timers_cancel(&timers, &b);
    assert_false(timer_is_set(&b));
    timers_cancel(&timers, &b);
    assert_int_equal(timers.count, 2);
    fire_all(&timers, 30, fired);
    assert_string_equal(fired, "ac");
    timers_set(&timers, &b, INT64_MIN);
    fire_all(&timers, INT64_MIN, fired);
    assert_string_equal(fired, "b");
    timers_dispose(&timers);
}

enum { TIMERS = 60 };

struct reference {
    bool set;
    int64_t due;
    unsigned order;
};

/* The index of the earliest one that is due, -1 = none. */
static int earliest(const struct reference *list, int64_t now)
{
    int best = -1;
    for (int i = 0; i < TIMERS; i++) {
        const struct reference *at = &list[i];
        if (at->set && at->due <= now &&
            (best < 0 || at->due < list[best].due ||
             (at->due == list[best].due && at->order < list[best].order))) {
            best = i;
        }
    }
    return best;
}

static unsigned next_random(unsigned *random)
{
    *random = *random * 1103515245U + 12345U;
    return *random >> 16;
}

static void random_deadlines_fire_like_a_searched_list(void **state)
{
    (void)state;
    struct timers timers;
    struct timer timer[TIMERS] = {{0}};
    struct reference list[TIMERS] = {{0}};
    unsigned random = 1;
    timers_init(&timers);
    for (unsigned step = 0; step < 50000; step++) {
        unsigned at = next_random(&random) % TIMERS;
        int64_t time = next_random(&random) % 40;
        unsigned action = next_random(&random) % 4;
        if (action < 2) {
            timers_set(&timers, &timer[at], time);
            list[at] = (struct reference){true, time, step};
        } else if (action == 2) {
            timers_cancel(&timers, &timer[at]);
            list[at].set = false;
        } else {
            int expected = earliest(list, time);
            assert_ptr_equal(timers_due(&timers, time), expected < 0 ? NULL : &timer[expected]);
            if (expected >= 0) {
                list[expected].set = false;
            }
        }
        int first = earliest(list, INT64_MAX);
        assert_true(timers_next(&timers) == (first < 0 ? INT64_MAX : list[first].due));
    }
    timers_dispose(&timers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_deadlines_fire_as_they_were_set),
        cmocka_unit_test(deadlines_move_and_are_cancelled),
        cmocka_unit_test(random_deadlines_fire_like_a_searched_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
