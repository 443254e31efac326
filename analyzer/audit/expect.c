/*
 * Waiting for something until a deadline. See expect.h.
 */
#include "analyzer/audit/expect.h"

#include <stdlib.h>
#include <string.h>

struct expect_key {
    uint64_t words[2];
};

static struct slice key_of(struct expect_key *key, enum rule_id rule, uint64_t number)
{
    *key = (struct expect_key){{(uint64_t)rule, number}};
    return (struct slice){(const char *)key, sizeof *key};
}

void expect_init(struct expect *expect, struct map_seed seed, struct proofs *proofs, size_t limit)
{
    *expect = (struct expect){.proofs = proofs, .limit = limit};
    timers_init(&expect->timers);
    map_init_numbers(&expect->open, seed);
}

void expect_dispose(struct expect *expect)
{
    while (expect->open.first) {
        expect_drop(expect, expect->open.first->value);
    }
    map_dispose(&expect->open, NULL);
    timers_dispose(&expect->timers);
}

void *expect_add(struct expect *expect, enum rule_id rule, uint64_t number, int64_t since,
                 const struct subject *about, size_t size)
{
    expect_drop(expect, expect_find(expect, rule, number));
    if (expect->open.count >= expect->limit) {
        expect->refused++;
        return NULL;
    }
    struct expect_key key;
    struct expectation *expected = memory_zero(1, size);
    expected->rule = rule;
    expected->number = number;
    expected->since = since;
    expected->proof = proof_new();
    expected->timer.object = expected;
    expected->entry = map_put(&expect->open, key_of(&key, rule, number), expected);
    expect->open_of[rule]++;
    subject_keep(&expected->about, about);
    return expected;
}

void *expect_find(const struct expect *expect, enum rule_id rule, uint64_t number)
{
    struct expect_key key;
    return expect_any(expect, rule) ? map_find(&expect->open, key_of(&key, rule, number)) : NULL;
}

void expect_until(struct expect *expect, struct expectation *expected, int64_t due)
{
    expected->overdue = false;
    timers_set(&expect->timers, &expected->timer, due);
}

void expect_drop(struct expect *expect, void *object)
{
    struct expectation *expected = object;
    if (!expected) {
        return;
    }
    timers_cancel(&expect->timers, &expected->timer);
    map_remove_entry(&expect->open, expected->entry);
    expect->open_of[expected->rule]--;
    proof_release(expect->proofs, expected->proof);
    subject_dispose(&expected->about);
    free(expected);
}

void expect_rename(struct expect *expect, struct expectation *expected, uint64_t number)
{
    struct expect_key key;
    map_remove_entry(&expect->open, expected->entry);
    expected->number = number;
    expected->entry = map_put(&expect->open, key_of(&key, expected->rule, number), expected);
}

struct expectation *expect_next_overdue(struct expect *expect, int64_t now)
{
    /* What comes exactly at the deadline is still in time. */
    struct timer *timer = now > INT64_MIN ? timers_due(&expect->timers, now - 1) : NULL;
    if (!timer) {
        return NULL;
    }
    struct expectation *expected = timer->object;
    expected->overdue = true;
    return expected;
}

struct expectation *expect_first(const struct expect *expect)
{
    return expect->open.first ? expect->open.first->value : NULL;
}
