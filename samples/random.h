/* A small generator of its own, so that the same seed renders the same bytes everywhere. */
#ifndef OCSIGHT_SAMPLES_RANDOM_H
#define OCSIGHT_SAMPLES_RANDOM_H

#include <stdint.h>

struct random {
    uint64_t state; /* not 0 */
};

/* xorshift64* (Vigna 2014). */
static inline uint64_t random_next(struct random *random)
{
    uint64_t x = random->state;
    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    random->state = x;
    return x * UINT64_C(0x2545f4914f6cdd1d);
}

/* 0 .. limit - 1. */
static inline unsigned random_below(struct random *random, unsigned limit)
{
    return (unsigned)((random_next(random) >> 33) % limit);
}

#endif
