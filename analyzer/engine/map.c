/*
 * A table from byte strings to pointers. See map.h.
 */
#include "analyzer/engine/map.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/engine/arena.h"

enum { MAP_FIRST_BUCKETS = 16 };

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
 * down again. */
static uint64_t number_hash(struct map_seed seed, struct slice key)
{
    uint64_t hash = seed.words[0];
    for (size_t at = 0; key.size - at >= sizeof hash; at += sizeof hash) {
        uint64_t word;
        memcpy(&word, key.data + at, sizeof word);
        hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
        hash ^= hash >> 32;
    }
    return hash;
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
    free(map->buckets);
    *map = (struct map){.seed = map->seed, .numbers = map->numbers};
}

static struct map_entry **bucket_of(const struct map *map, uint64_t hash)
{
    return &map->buckets[hash & (map->bucket_count - 1)];
}

static struct map_entry *find_hashed(const struct map *map, struct slice key, uint64_t hash)
{
    if (map->bucket_count == 0) {
        return NULL;
    }
    struct map_entry *entry = *bucket_of(map, hash);
    while (entry && !(entry->hash == hash && slice_equal(entry->key, key))) {
        entry = entry->chain;
    }
    return entry;
}

struct map_entry *map_find_entry(const struct map *map, struct slice key)
{
    return map->count > 0 ? find_hashed(map, key, key_hash(map, key)) : NULL;
}

void *map_find(const struct map *map, struct slice key)
{
    struct map_entry *entry = map_find_entry(map, key);
    return entry ? entry->value : NULL;
}

static void grow(struct map *map)
{
    size_t count = map->bucket_count > 0 ? map->bucket_count * 2 : MAP_FIRST_BUCKETS;
    free(map->buckets);
    map->buckets = memory_zero(count, sizeof *map->buckets);
    map->bucket_count = count;
    for (struct map_entry *entry = map->first; entry; entry = entry->next) {
        struct map_entry **bucket = bucket_of(map, entry->hash);
        entry->chain = *bucket;
        *bucket = entry;
    }
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

struct map_entry *map_put(struct map *map, struct slice key, void *value)
{
    uint64_t hash = key_hash(map, key);
    struct map_entry *entry = find_hashed(map, key, hash);
    if (entry) {
        entry->value = value;
        return entry;
    }
    if (map->count >= map->bucket_count) {
        grow(map);
    }
    char *block = memory_alloc(sizeof *entry + key.size);
    char *copy = block + sizeof *entry;
    if (key.size > 0) {
        memcpy(copy, key.data, key.size);
    }
    entry = (struct map_entry *)(void *)block;
    *entry = (struct map_entry){.hash = hash, .value = value, .key = {copy, key.size}};
    struct map_entry **bucket = bucket_of(map, hash);
    entry->chain = *bucket;
    *bucket = entry;
    link_last(map, entry);
    map->count++;
    return entry;
}

void *map_remove_entry(struct map *map, struct map_entry *entry)
{
    struct map_entry **link = bucket_of(map, entry->hash);
    while (*link != entry) {
        link = &(*link)->chain;
    }
    *link = entry->chain;
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
