/*
 * Deadlines in capture time. See timers.h.
 */
#include "analyzer/engine/timers.h"

#include <stdlib.h>

#include "analyzer/engine/arena.h"

void timers_init(struct timers *timers)
{
    *timers = (struct timers){0};
}

void timers_dispose(struct timers *timers)
{
    free(timers->heap);
    *timers = (struct timers){0};
}

static bool earlier(const struct timer *a, const struct timer *b)
{
    return a->due != b->due ? a->due < b->due : a->order < b->order;
}

static void place(struct timers *timers, size_t at, struct timer *timer)
{
    timers->heap[at] = timer;
    timer->slot = at + 1;
}

static void sift_up(struct timers *timers, size_t at)
{
    struct timer *timer = timers->heap[at];
    while (at > 0 && earlier(timer, timers->heap[(at - 1) / 2])) {
        place(timers, at, timers->heap[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
    place(timers, at, timer);
}

static void sift_down(struct timers *timers, size_t at)
{
    struct timer *timer = timers->heap[at];
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= timers->count) {
            break;
        }
        if (child + 1 < timers->count && earlier(timers->heap[child + 1], timers->heap[child])) {
            child++;
        }
        if (!earlier(timers->heap[child], timer)) {
            break;
        }
        place(timers, at, timers->heap[child]);
        at = child;
    }
    place(timers, at, timer);
}

void timers_cancel(struct timers *timers, struct timer *timer)
{
    if (timer->slot == 0) {
        return;
    }
    size_t at = timer->slot - 1;
    timer->slot = 0;
    struct timer *last = timers->heap[--timers->count];
    if (last == timer) {
        return;
    }
    place(timers, at, last);
    sift_down(timers, at);
    sift_up(timers, last->slot - 1);
}

void timers_set(struct timers *timers, struct timer *timer, int64_t due)
{
    timers_cancel(timers, timer);
    if (timers->count == timers->capacity) {
        timers->capacity = timers->capacity > 0 ? timers->capacity * 2 : 64;
        timers->heap = memory_grow(timers->heap, timers->capacity, sizeof(struct timer *));
    }
    timer->due = due;
    timer->order = timers->next_order++;
    place(timers, timers->count++, timer);
    sift_up(timers, timers->count - 1);
}

struct timer *timers_due(struct timers *timers, int64_t now)
{
    if (timers->count == 0 || timers->heap[0]->due > now) {
        return NULL;
    }
    struct timer *timer = timers->heap[0];
    timers_cancel(timers, timer);
    return timer;
}

int64_t timers_next(const struct timers *timers)
{
    return timers->count > 0 ? timers->heap[0]->due : INT64_MAX;
}
