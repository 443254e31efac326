/*
 * A small value for each of the latest numbers that were given one: the older half of a long run is
 * forgotten instead of kept.
 *
 * Numbers are counters of our own (messages, transactions). No memory until the first, then eight
 * bytes for the number and sixteen at most for its place, whatever the run's length.
 */
#ifndef OCSIGHT_ANALYZER_AUDIT_RECENT_H
#define OCSIGHT_ANALYZER_AUDIT_RECENT_H

#include <stddef.h>
#include <stdint.h>

struct recent {
    uint64_t *slots;   /* private: number and value in one word; 0 = empty */
    size_t slot_count; /* a power of two, or 0 */
    uint64_t *numbers; /* a ring, in the order in which they were added */
    size_t first;      /* the oldest of the ring, once it is full */
    size_t count;
    size_t limit;
};

void recent_init(struct recent *recent, size_t limit);
void recent_dispose(struct recent *recent);

/* 0 when it has none, or its value is forgotten. */
uint8_t recent_find(const struct recent *recent, uint64_t number);

/* The first value of a number counts; neither is 0. The oldest number gives way. */
void recent_add(struct recent *recent, uint64_t number, uint8_t value);

#endif
