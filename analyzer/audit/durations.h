/*
 * Percentiles of waiting times in bounded memory.
 *
 * Exact (nearest rank) up to 65536 samples; beyond, a histogram whose buckets are
 * at most 1/64 wide, so that a percentile is at most 1.6 % too high. Nothing is
 * drawn at random: a run repeated gives the same numbers. The largest is always
 * exact.
 */
#ifndef OCSIGHT_ANALYZER_AUDIT_DURATIONS_H
#define OCSIGHT_ANALYZER_AUDIT_DURATIONS_H

#include "analyzer/engine/summary.h"

struct durations {
    int64_t *samples;  /* NULL once there are too many */
    uint64_t *buckets; /* NULL before */
    uint64_t count;
    size_t capacity;
    int64_t max;
};

void durations_dispose(struct durations *durations); /* zeroed = empty */

/* A negative one is the clock's fault and does not count. */
void durations_add(struct durations *durations, int64_t ns);

/* Reorders the samples, nothing else. */
struct percentiles durations_percentiles(struct durations *durations);

#endif
