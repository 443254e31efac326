/*
 * A table from byte strings to pointers. See map.h.
 */
#include "analyzer/engine/map.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/engine/arena.h"

enum { MAP_FIRST_SLOTS = 8 };

/* An entry lies in the slot that its hash names or, where that was taken, in the next free one:
 * no empty slot lies between. */
struct map_slot {
    uint64_t hash;
    struct map_entry *entry; /* NULL = empty */
};

static inline uint64_t rotate(uint64_t x, int by)
{
    return (x << by) | (x >> (64 - by));
}

/* The state of SipHash: four words that the compiler keeps in registers. */
struct sip {
    uint64_t a;
    uint64_t b;
    uint64_t c;
    uint64_t d;
};

static inline struct sip sip_round(struct sip v)
{
    v.a += v.b;
    v.b = rotate(v.b, 13) ^ v.a;
    v.a = rotate(v.a, 32);
    v.c += v.d;
    v.d = rotate(v.d, 16) ^ v.c;
    v.a += v.d;
    v.d = rotate(v.d, 21) ^ v.a;
    v.c += v.b;
    v.b = rotate(v.b, 17) ^ v.c;
    v.c = rotate(v.c, 32);
    return v;
}

static inline struct sip sip_word(struct sip v, uint64_t word)
{
    v.d ^= word;
    v = sip_round(v);
    v.a ^= word;
    return v;
}

uint64_t map_hash(struct map_seed seed, struct slice key)
{
    struct sip v = {
        seed.words[0] ^ 0x736f6d6570736575U,
        seed.words[1] ^ 0x646f72616e646f6dU,
        seed.words[0] ^ 0x6c7967656e657261U,
        seed.words[1] ^ 0x7465646279746573U,
    };
    size_t at = 0;
    for (; key.size - at >= 8; at += 8) {
        uint64_t word;
        memcpy(&word, key.data + at, sizeof word);
        v = sip_word(v, word);
    }
    uint64_t last = (uint64_t)key.size << 56;
    for (size_t i = 0; at + i < key.size; i++) {
        last |= (uint64_t)slice_byte(key, at + i) << (8 * i);
    }
    v = sip_word(v, last);
    v.c ^= 0xff;
    v = sip_round(sip_round(sip_round(v)));
    return v.a ^ v.b ^ v.c ^ v.d;
}

void map_init(struct map *map, struct map_seed seed)
{
    *map = (struct map){.seed = seed};
}

void map_init_numbers(struct map *map, struct map_seed seed)
{
    *map = (struct map){.seed = seed, .numbers = true};
}

/* Multiplying by an odd constant (2^64 over the golden ratio) moves all bits up; they are folded
 * down again. The lowest two bits of the last number stay as they are: numbers count up, and four
 * that follow each other lie side by side. */
static uint64_t number_hash(struct map_seed seed, struct slice key)
{
    uint64_t hash = seed.words[0];
    uint64_t word = 0;
    for (size_t at = 0; key.size - at >= sizeof word; at += sizeof word) {
        hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
        hash ^= hash >> 32;
        memcpy(&word, key.data + at, sizeof word);
    }
    hash = (hash ^ word >> 2) * UINT64_C(0x9e3779b97f4a7c15);
    hash ^= hash >> 32;
    return hash << 2 | (word & 3);
}

static uint64_t key_hash(const struct map *map, struct slice key)
{
    return map->numbers ? number_hash(map->seed, key) : map_hash(map->seed, key);
}

void map_dispose(struct map *map, void (*free_value)(void *))
{
    struct map_entry *entry = map->first;
    while (entry) {
        struct map_entry *next = entry->next;
        if (free_value) {
            free_value(entry->value);
        }
        free(entry);
        entry = next;
    }
    free(map->slots);
    *map = (struct map){.seed = map->seed, .numbers = map->numbers};
}

static size_t slot_after(const struct map *map, size_t slot)
{
    return (slot + 1) & (map->slot_count - 1);
}

/* The slot of the key, or the empty one where it belongs. There is always an empty one. */
static struct map_slot *slot_of(const struct map *map, struct slice key, uint64_t hash)
{
    size_t at = hash & (map->slot_count - 1);
    while (map->slots[at].entry &&
           !(map->slots[at].hash == hash && slice_equal(map->slots[at].entry->key, key))) {
        at = slot_after(map, at);
    }
    return &map->slots[at];
}

struct map_entry *map_find_entry(const struct map *map, struct slice key)
{
    return map->count > 0 ? slot_of(map, key, key_hash(map, key))->entry : NULL;
}

void *map_find(const struct map *map, struct slice key)
{
    struct map_entry *entry = map_find_entry(map, key);
    return entry ? entry->value : NULL;
}

static size_t slot_empty(const struct map *map, uint64_t hash)
{
    size_t at = hash & (map->slot_count - 1);
    while (map->slots[at].entry) {
        at = slot_after(map, at);
    }
    return at;
}

static void grow(struct map *map)
{
    struct map_slot *old = map->slots;
    size_t count = map->slot_count;
    map->slot_count = count > 0 ? count * 2 : MAP_FIRST_SLOTS;
    map->slots = memory_zero(map->slot_count, sizeof *map->slots);
    for (size_t i = 0; i < count; i++) {
        if (old[i].entry) {
            map->slots[slot_empty(map, old[i].hash)] = old[i];
        }
    }
    free(old);
}

static void link_last(struct map *map, struct map_entry *entry)
{
    entry->next = NULL;
    entry->previous = map->last;
    if (map->last) {
        map->last->next = entry;
    } else {
        map->first = entry;
    }
    map->last = entry;
}

static void unlink_entry(struct map *map, struct map_entry *entry)
{
    if (entry->previous) {
        entry->previous->next = entry->next;
    } else {
        map->first = entry->next;
    }
    if (entry->next) {
        entry->next->previous = entry->previous;
    } else {
        map->last = entry->previous;
    }
}

static struct map_entry *entry_new(struct slice key, uint64_t hash)
{
    char *block = memory_alloc(sizeof(struct map_entry) + key.size);
    char *copy = block + sizeof(struct map_entry);
    if (key.size > 0) {
        memcpy(copy, key.data, key.size);
    }
    struct map_entry *entry = (struct map_entry *)(void *)block;
    *entry = (struct map_entry){.hash = hash, .key = {copy, key.size}};
    return entry;
}

struct map_entry *map_keep(struct map *map, struct slice key)
{
    uint64_t hash = key_hash(map, key);
    struct map_slot *slot = map->slot_count > 0 ? slot_of(map, key, hash) : NULL;
    if (slot && slot->entry) {
        return slot->entry;
    }
    if (map->count >= map->slot_count / 4 * 3) {
        grow(map);
        slot = &map->slots[slot_empty(map, hash)];
    }
    struct map_entry *entry = entry_new(key, hash);
    *slot = (struct map_slot){hash, entry};
    link_last(map, entry);
    map->count++;
    return entry;
}

struct map_entry *map_put(struct map *map, struct slice key, void *value)
{
    struct map_entry *entry = map_keep(map, key);
    entry->value = value;
    return entry;
}

/* Moves those behind it up whose own slot does not lie between, so that none is cut off. */
static void slot_clear(struct map *map, size_t empty)
{
    size_t mask = map->slot_count - 1;
    for (size_t at = slot_after(map, empty); map->slots[at].entry; at = slot_after(map, at)) {
        size_t way = (at - map->slots[at].hash) & mask; /* from its own slot to where it lies */
        if (way >= ((at - empty) & mask)) {
            map->slots[empty] = map->slots[at];
            empty = at;
        }
    }
    map->slots[empty].entry = NULL;
}

void *map_remove_entry(struct map *map, struct map_entry *entry)
{
    size_t at = entry->hash & (map->slot_count - 1);
    while (map->slots[at].entry != entry) {
        at = slot_after(map, at);
    }
    slot_clear(map, at);
    unlink_entry(map, entry);
    map->count--;
    void *value = entry->value;
    free(entry);
    return value;
}

void *map_remove(struct map *map, struct slice key)
{
    struct map_entry *entry = map_find_entry(map, key);
    return entry ? map_remove_entry(map, entry) : NULL;
}

void map_touch(struct map *map, struct map_entry *entry)
{
    if (map->last != entry) {
        unlink_entry(map, entry);
        link_last(map, entry);
    }
}
