/*
 * Repeated instances. See instance_set.h.
 */
#include "decoders/instance_set.h"

enum {
    TABLE_FIRST = 64, /* slots of the first table */
    STEPS = 32,       /* that are looked at for one instance */
};

/* FNV-1a. */
static uint64_t hash_bytes(uint64_t hash, struct slice bytes)
{
    for (size_t i = 0; i < bytes.size; i++) {
        hash = (hash ^ (unsigned char)ascii_lower(bytes.data[i])) * UINT64_C(1099511628211);
    }
    return hash;
}

static uint64_t hash_key(const struct category_key *key)
{
    uint64_t hash = hash_bytes(UINT64_C(14695981039346656037), key->name);
    hash = hash_bytes(hash, slice_sub(key->user, 0, 64));
    hash = (hash ^ key->instance) * UINT64_C(1099511628211);
    hash = (hash ^ key->container) * UINT64_C(1099511628211);
    return hash ^ hash >> 29;
}

static bool same_key(const struct category_key *a, const struct category_key *b)
{
    return a->instance == b->instance && a->container == b->container &&
           a->has_instance == b->has_instance && a->has_container == b->has_container &&
           slice_equal_nocase(a->name, b->name) && slice_equal(a->user, b->user);
}

static const struct category_key *key_at(const struct document *document, size_t place)
{
    return &document->facts->items[place].as.category.key;
}

/* The slot of that key or a free one for it; NULL when neither is near. */
static struct instance_slot *find_slot(const struct instance_set *set,
                                       const struct document *document, uint64_t hash,
                                       const struct category_key *key)
{
    for (size_t step = 0; step < STEPS; step++) {
        struct instance_slot *slot = &set->slots[(hash + step) & (set->capacity - 1)];
        if (slot->place == 0 ||
            (slot->hash == hash && same_key(key_at(document, slot->place - 1), key))) {
            return slot;
        }
    }
    return NULL;
}

/* True when the table had the instance already. */
static bool table_add(struct instance_set *set, const struct document *document, size_t place)
{
    const struct category_key *key = key_at(document, place);
    uint64_t hash = hash_key(key);
    struct instance_slot *slot = find_slot(set, document, hash, key);
    if (!slot) {
        return false;
    }
    if (slot->place != 0) {
        return true;
    }
    *slot = (struct instance_slot){hash, place + 1};
    set->count++;
    return false;
}

/* A table of four times the size, with what the set has so far. */
static void grow(struct instance_set *set, const struct document *document)
{
    struct instance_set old = *set;
    set->capacity = old.slots ? old.capacity * 4 : TABLE_FIRST;
    set->slots = arena_zero(document->arena, set->capacity, sizeof *set->slots);
    set->count = 0;
    for (size_t i = 0; !old.slots && i < old.count; i++) {
        (void)table_add(set, document, old.few[i]);
    }
    for (size_t i = 0; i < old.capacity; i++) {
        if (old.slots[i].place != 0) {
            (void)table_add(set, document, old.slots[i].place - 1);
        }
    }
}

static bool is_among_few(const struct instance_set *set, const struct document *document,
                         const struct category_key *key)
{
    for (size_t i = 0; i < set->count; i++) {
        if (same_key(key_at(document, set->few[i]), key)) {
            return true;
        }
    }
    return false;
}

bool instance_set_add(struct instance_set *set, const struct document *document, size_t place)
{
    if (!set->slots && is_among_few(set, document, key_at(document, place))) {
        return true;
    }
    if (!set->slots && set->count < INSTANCES_FEW) {
        set->few[set->count++] = place;
        return false;
    }
    if (!set->slots || set->count * 2 >= set->capacity) {
        grow(set, document);
    }
    return table_add(set, document, place);
}
