/*
 * A set of hashes with open addressing. See distinct.h.
 */
#include "analyzer/audit/distinct.h"

#include <stdlib.h>

#include "analyzer/engine/arena.h"

enum { FIRST_SLOTS = 64 };

void distinct_init(struct distinct *distinct, struct map_seed seed, size_t limit)
{
    *distinct = (struct distinct){.seed = seed, .limit = limit};
}

void distinct_dispose(struct distinct *distinct)
{
    free(distinct->slots);
    *distinct = (struct distinct){.seed = distinct->seed, .limit = distinct->limit};
}

/* Where it is or would be. There is always a free slot. */
static uint64_t *slot_of(const struct distinct *distinct, uint64_t hash)
{
    size_t at = (size_t)hash & (distinct->slot_count - 1);
    while (distinct->slots[at] != 0 && distinct->slots[at] != hash) {
        at = (at + 1) & (distinct->slot_count - 1);
    }
    return &distinct->slots[at];
}

static uint64_t hash_of(const struct distinct *distinct, struct slice identifier)
{
    uint64_t hash = map_hash(distinct->seed, identifier);
    return hash != 0 ? hash : 1;
}

static void grow(struct distinct *distinct)
{
    struct distinct old = *distinct;
    distinct->slot_count = old.slot_count > 0 ? old.slot_count * 2 : FIRST_SLOTS;
    distinct->slots = memory_zero(distinct->slot_count, sizeof *distinct->slots);
    for (size_t i = 0; i < old.slot_count; i++) {
        if (old.slots[i] != 0) {
            *slot_of(distinct, old.slots[i]) = old.slots[i];
        }
    }
    free(old.slots);
}

void distinct_add(struct distinct *distinct, struct slice identifier)
{
    if (2 * (distinct->count + 1) > distinct->slot_count) {
        grow(distinct);
    }
    uint64_t hash = hash_of(distinct, identifier);
    uint64_t *slot = slot_of(distinct, hash);
    if (*slot == hash) {
        return;
    }
    if (distinct->count >= distinct->limit) {
        distinct->capped = true;
        return;
    }
    *slot = hash;
    distinct->count++;
}

static bool has_hash(const struct distinct *distinct, uint64_t hash)
{
    return distinct->slot_count > 0 && *slot_of(distinct, hash) == hash;
}

bool distinct_has(const struct distinct *distinct, struct slice identifier)
{
    return has_hash(distinct, hash_of(distinct, identifier));
}

size_t distinct_outside(const struct distinct *distinct, const struct distinct *other)
{
    size_t outside = 0;
    for (size_t i = 0; i < distinct->slot_count; i++) {
        outside += distinct->slots[i] != 0 && !has_hash(other, distinct->slots[i]);
    }
    return outside;
}
