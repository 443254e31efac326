/*
 * Deadlines in capture time: a heap of intrusive timers.
 *
 * Nobody here reads a clock. Time comes in with the records; the owner asks
 * for what is due before it handles the next one. Equal deadlines fire in the
 * order in which they were set, so a run is repeatable.
 */
#ifndef OCSIGHT_ANALYZER_ENGINE_TIMERS_H
#define OCSIGHT_ANALYZER_ENGINE_TIMERS_H

#include "analyzer/engine/slice.h"

/* Lives inside the object it wakes. Zeroed = not set. */
struct timer {
    int64_t due;  /* ns since the epoch */
    size_t slot;  /* private: place in the heap + 1; 0 = not set */
    int kind;     /* the owner's: what the deadline is for */
    void *object; /* the owner's: what it belongs to */
};

/* What decides the order lies in the heap itself: comparing touches no timer. */
struct timer_place {
    int64_t due;
    uint64_t order;
    struct timer *timer;
};

struct timers {
    struct timer_place *heap;
    size_t count;
    size_t capacity;
    uint64_t next_order;
};

void timers_init(struct timers *timers);
void timers_dispose(struct timers *timers); /* the timers themselves are the callers' */

/* Sets or moves a deadline. */
void timers_set(struct timers *timers, struct timer *timer, int64_t due);

/* Harmless on a timer that is not set. */
void timers_cancel(struct timers *timers, struct timer *timer);

/* The earliest timer if it is due at or before `now`, taken off the heap; else NULL. */
struct timer *timers_due(struct timers *timers, int64_t now);

/* The earliest deadline, INT64_MAX when there is none. */
int64_t timers_next(const struct timers *timers);

static inline bool timer_is_set(const struct timer *timer)
{
    return timer->slot != 0;
}

#endif
