/*
 * "After X, Y must come within T of further capture, else a finding."
 *
 * A rule adds an expectation when X is seen, drops it when Y comes or when it no
 * longer matters, and may give it a deadline. Deadlines are capture time. When one
 * passes, the rule's `overdue` function is asked (it may drop the expectation:
 * the session was gone by then, say); what stays is judged at the end of the
 * input, when later evidence counts too: whether that peer ever answers, whether
 * bytes were missing. A deadline that lies after the end of the input
 * never passes, and the expectation is silent.
 *
 * A rule may also keep one without a deadline, as its record of something open,
 * and extend it: its own struct starts with a struct expectation.
 *
 * Bounded by limits.expectations; what finds no place is counted.
 */
#ifndef OCSIGHT_ANALYZER_AUDIT_EXPECT_H
#define OCSIGHT_ANALYZER_AUDIT_EXPECT_H

#include "analyzer/audit/proof.h"
#include "analyzer/audit/rules.h"
#include "analyzer/audit/subject.h"
#include "analyzer/engine/timers.h"

struct expectation {
    struct timer timer;
    struct map_entry *entry; /* private */
    enum rule_id rule;
    uint64_t number;      /* what it is about, with the rule its key */
    struct subject about; /* owned */
    struct proof *proof;  /* held */
    int64_t since;        /* ns: when it was added */
    bool overdue;         /* its deadline passed inside the input */
};

struct expect {
    struct timers timers;
    struct map open;       /* (rule, number) -> struct expectation, oldest first */
    size_t open_of[RULES]; /* how many of them are this rule's */
    struct proofs *proofs;
    size_t limit;
    uint64_t refused; /* expectations that found no place */
};

void expect_init(struct expect *expect, struct map_seed seed, struct proofs *proofs, size_t limit);
void expect_dispose(struct expect *expect);

/*
 * A new expectation of `size` bytes, cleared behind its struct expectation, with an
 * empty proof and a copy of `about`. NULL when there is no place; when the key is
 * taken, the one that is there gives way.
 */
void *expect_add(struct expect *expect, enum rule_id rule, uint64_t number, int64_t since,
                 const struct subject *about, size_t size);

void *expect_find(const struct expect *expect, enum rule_id rule, uint64_t number);

/* Whether the rule has any: most wait for nothing most of the time, and need no number then. */
static inline bool expect_any(const struct expect *expect, enum rule_id rule)
{
    return expect->open_of[rule] > 0;
}

/* Sets or moves its deadline; it is no longer overdue. */
void expect_until(struct expect *expect, struct expectation *expected, int64_t due);

/* Met, cancelled or judged. NULL is fine. */
void expect_drop(struct expect *expect, void *expected);

/* Another number for it; the key must be free. */
void expect_rename(struct expect *expect, struct expectation *expected, uint64_t number);

/* The next whose deadline lies before `now`, marked overdue; NULL when there is none. */
struct expectation *expect_next_overdue(struct expect *expect, int64_t now);

/* The oldest one; NULL when there is none. */
struct expectation *expect_first(const struct expect *expect);

#endif
