/*
 * Repeated instances. See instance_set.h.
 */
#include "decoders/instance_set.h"

enum { STEPS = 32 /* slots that are looked at for one instance */ };

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

/* The slot of that key or a free one for it; NULL when neither is near. */
static struct instance_slot *find_slot(struct instance_slot *slots, size_t capacity, uint64_t hash,
                                       const struct document *document,
                                       const struct category_key *key)
{
    for (size_t step = 0; step < STEPS; step++) {
        struct instance_slot *slot = &slots[(hash + step) & (capacity - 1)];
        if (slot->place == 0 ||
            (slot->hash == hash &&
             same_key(&document->facts->items[slot->place - 1].as.category.key, key))) {
            return slot;
        }
    }
    return NULL;
}

static void grow(struct instance_set *set, const struct document *document,
                 const struct instance_slot *old, size_t old_capacity)
{
    set->capacity = old_capacity * 4;
    set->many = arena_zero(document->arena, set->capacity, sizeof *set->many);
    for (size_t i = 0; i < old_capacity; i++) {
        if (old[i].place == 0) {
            continue;
        }
        const struct category_key *key = &document->facts->items[old[i].place - 1].as.category.key;
        struct instance_slot *slot =
            find_slot(set->many, set->capacity, old[i].hash, document, key);
        if (slot) {
            *slot = old[i];
        }
    }
}

bool instance_set_add(struct instance_set *set, const struct document *document, size_t place)
{
    const struct category_key *key = &document->facts->items[place].as.category.key;
    struct instance_slot *slots = set->many ? set->many : set->few;
    size_t capacity = set->many ? set->capacity : sizeof set->few / sizeof set->few[0];
    if (set->count * 2 >= capacity) {
        grow(set, document, slots, capacity);
        slots = set->many;
        capacity = set->capacity;
    }
    uint64_t hash = hash_key(key);
    struct instance_slot *slot = find_slot(slots, capacity, hash, document, key);
    if (!slot) {
        return false;
    }
    bool repeated = slot->place != 0;
    if (!repeated) {
        *slot = (struct instance_slot){hash, place + 1};
        set->count++;
    }
    return repeated;
}
