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

static bool earlier(const struct timer_place *a, const struct timer_place *b)
{
    return a->due != b->due ? a->due < b->due : a->order < b->order;
}

static void place(struct timers *timers, size_t at, struct timer_place placed)
{
    timers->heap[at] = placed;
    placed.timer->slot = at + 1;
}

static size_t sift_up(struct timers *timers, size_t at, const struct timer_place *placed)
{
    while (at > 0 && earlier(placed, &timers->heap[(at - 1) / 2])) {
        place(timers, at, timers->heap[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
    return at;
}

static size_t sift_down(struct timers *timers, size_t at, const struct timer_place *placed)
{
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= timers->count) {
            break;
        }
        if (child + 1 < timers->count && earlier(&timers->heap[child + 1], &timers->heap[child])) {
            child++;
        }
        if (!earlier(&timers->heap[child], placed)) {
            break;
        }
        place(timers, at, timers->heap[child]);
        at = child;
    }
    return at;
}

/* Into the free place `at`, or where the heap wants it. */
static void settle(struct timers *timers, size_t at, struct timer_place placed)
{
    size_t down = sift_down(timers, at, &placed);
    place(timers, down == at ? sift_up(timers, at, &placed) : down, placed);
}

void timers_cancel(struct timers *timers, struct timer *timer)
{
    if (timer->slot == 0) {
        return;
    }
    size_t at = timer->slot - 1;
    timer->slot = 0;
    struct timer_place last = timers->heap[--timers->count];
    if (last.timer != timer) {
        settle(timers, at, last);
    }
}

void timers_set(struct timers *timers, struct timer *timer, int64_t due)
{
    timer->due = due;
    const struct timer_place placed = {due, timers->next_order++, timer};
    if (timer->slot != 0) {
        settle(timers, timer->slot - 1, placed);
        return;
    }
    if (timers->count == timers->capacity) {
        timers->capacity = timers->capacity > 0 ? timers->capacity * 2 : 64;
        timers->heap = memory_grow(timers->heap, timers->capacity, sizeof *timers->heap);
    }
    place(timers, sift_up(timers, timers->count++, &placed), placed);
}

struct timer *timers_due(struct timers *timers, int64_t now)
{
    if (timers->count == 0 || timers->heap[0].due > now) {
        return NULL;
    }
    struct timer *timer = timers->heap[0].timer;
    timers_cancel(timers, timer);
    return timer;
}

int64_t timers_next(const struct timers *timers)
{
    return timers->count > 0 ? timers->heap[0].due : INT64_MAX;
}
