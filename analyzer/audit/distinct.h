/*
 * Counts distinct identifiers: a set of 64-bit keyed hashes, at most 16 bytes each.
 *
 * Two different identifiers share a hash with a chance of about one in four
 * million when four million of them are counted; the count is exact for every
 * practical purpose until the cap, and says so when it is not any more.
 */
#ifndef OCSIGHT_ANALYZER_AUDIT_DISTINCT_H
#define OCSIGHT_ANALYZER_AUDIT_DISTINCT_H

#include "analyzer/engine/map.h"

struct distinct {
    struct map_seed seed;
    uint64_t *slots; /* 0 = free; half of them at least */
    size_t slot_count;
    size_t count;
    size_t limit;
    bool capped; /* an identifier found no place */
};

void distinct_init(struct distinct *distinct, struct map_seed seed, size_t limit);
void distinct_dispose(struct distinct *distinct);

void distinct_add(struct distinct *distinct, struct slice identifier);
bool distinct_has(const struct distinct *distinct, struct slice identifier);

/* How many of them are not in the other set; both have the same seed. */
size_t distinct_outside(const struct distinct *distinct, const struct distinct *other);

#endif
