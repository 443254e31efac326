/*
 * What is due after the same time for everybody: what was put in first is due first.
 *
 * A generated day holds its refreshes, retries and returns in rings, one for each period.
 */
#ifndef OCSIGHT_SAMPLES_RING_H
#define OCSIGHT_SAMPLES_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ring_entry {
    void *what;
    unsigned serial; /* tells whether it is still the same thing */
    int64_t due;
};

struct ring {
    struct ring_entry *entries;
    size_t capacity;
    size_t first;
    size_t count;
    int64_t period;
};

void ring_init(struct ring *ring, size_t capacity, unsigned seconds);
void ring_dispose(struct ring *ring);

/* More than its capacity is a fault of the story. */
void ring_add(struct ring *ring, void *what, unsigned serial, int64_t now);

/* The first entry, when it is due by `now`. */
bool ring_take(struct ring *ring, int64_t now, struct ring_entry *out);

#endif
