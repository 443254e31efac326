/*
 * Percentiles of waiting times. See durations.h.
 */
#include "analyzer/audit/durations.h"

#include <stdlib.h>

#include "analyzer/engine/arena.h"

enum {
    EXACT_SAMPLES = 65536,
    STEPS = 64,    /* buckets of one octave */
    STEP_BITS = 6, /* log2 of it */
    OCTAVES = 64 - STEP_BITS,
    BUCKETS = STEPS * (OCTAVES + 1),
};

void durations_dispose(struct durations *durations)
{
    free(durations->samples);
    free(durations->buckets);
    *durations = (struct durations){0};
}

/* Small numbers have a bucket each; above, the six bits after the leading one choose. */
static size_t bucket_of(uint64_t ns)
{
    unsigned octave = 0;
    while (ns >> octave >= 2 * STEPS) {
        octave++;
    }
    return octave * STEPS + (size_t)(ns >> octave);
}

/* The largest number that falls into it. */
static uint64_t bucket_top(size_t bucket)
{
    size_t octave = bucket < 2 * STEPS ? 0 : bucket / STEPS - 1;
    uint64_t step = bucket - octave * STEPS;
    return ((step + 1) << octave) - 1;
}

static void to_histogram(struct durations *durations)
{
    durations->buckets = memory_zero(BUCKETS, sizeof *durations->buckets);
    for (size_t i = 0; i < EXACT_SAMPLES; i++) {
        durations->buckets[bucket_of((uint64_t)durations->samples[i])]++;
    }
    free(durations->samples);
    durations->samples = NULL;
}

static void keep_sample(struct durations *durations, int64_t ns)
{
    if (durations->count == durations->capacity) {
        durations->capacity = durations->capacity > 0 ? durations->capacity * 2 : 256;
        durations->samples =
            memory_grow(durations->samples, durations->capacity, sizeof *durations->samples);
    }
    durations->samples[durations->count] = ns;
}

void durations_add(struct durations *durations, int64_t ns)
{
    if (ns < 0) {
        return;
    }
    if (durations->count == EXACT_SAMPLES) {
        to_histogram(durations);
    }
    if (durations->buckets) {
        durations->buckets[bucket_of((uint64_t)ns)]++;
    } else {
        keep_sample(durations, ns);
    }
    durations->count++;
    durations->max = ns > durations->max ? ns : durations->max;
}

static int compare(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a;
    int64_t right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

/* The sample of that rank, from 1. */
static int64_t at_rank(const struct durations *durations, uint64_t rank)
{
    if (!durations->buckets) {
        return durations->samples[rank - 1];
    }
    size_t bucket = 0;
    uint64_t below = durations->buckets[0];
    while (below < rank) {
        below += durations->buckets[++bucket];
    }
    uint64_t top = bucket_top(bucket);
    return top < (uint64_t)durations->max ? (int64_t)top : durations->max;
}

static int64_t percentile(const struct durations *durations, uint64_t percent)
{
    uint64_t rank =
        (durations->count / 100) * percent + ((durations->count % 100) * percent + 99) / 100;
    return at_rank(durations, rank);
}

struct percentiles durations_percentiles(struct durations *durations)
{
    if (durations->count == 0) {
        return (struct percentiles){0};
    }
    if (durations->samples) {
        qsort(durations->samples, (size_t)durations->count, sizeof *durations->samples, compare);
    }
    return (struct percentiles){
        .count = durations->count,
        .p50 = percentile(durations, 50),
        .p95 = percentile(durations, 95),
        .p99 = percentile(durations, 99),
        .max = durations->max,
    };
}
