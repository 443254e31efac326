/*
 * A table from byte strings to pointers, walked in the order of insertion.
 *
 * Entries lie where they were made, so a pointer to one stays good; they are found through an open
 * table of hashes, which tells nearly every miss without touching an entry.
 *
 * Keys are copied, values are the caller's. The order of a walk never depends
 * on the hash, so output that is made by walking is the same on every run. The
 * hash is keyed (SipHash-1-3, Aumasson and Bernstein 2012), because keys come
 * from captures: `seed` is drawn once per run by the program (or fixed by a
 * test) and handed down.
 */
#ifndef OCSIGHT_ANALYZER_ENGINE_MAP_H
#define OCSIGHT_ANALYZER_ENGINE_MAP_H

#include "analyzer/engine/slice.h"

/* The 128-bit key of all tables of a run. */
struct map_seed {
    uint64_t words[2];
};

/* One entry; `next` walks in the order of insertion. */
struct map_entry {
    struct map_entry *next;     /* inserted after this one */
    struct map_entry *previous; /* inserted before this one */
    uint64_t hash;              /* private */
    void *value;                /* the caller's; may be changed at any time */
    struct slice key;           /* lives as long as the entry */
};

struct map {
    struct map_seed seed;
    bool numbers; /* keys are numbers that no sender can choose */
    struct map_slot *slots;
    size_t slot_count; /* a power of two, or 0 */
    size_t count;
    struct map_entry *first; /* oldest */
    struct map_entry *last;  /* newest */
};

void map_init(struct map *map, struct map_seed seed);

/*
 * A table whose keys are 64-bit numbers that no sender can choose: counters of our
 * own, or keyed hashes. One multiplication spreads them well enough, at a tenth of
 * the price. A key is map_number_key(), or several such words in a row.
 */
void map_init_numbers(struct map *map, struct map_seed seed);

/* Frees the entries; `free_value` (may be NULL) is called for each value first. */
void map_dispose(struct map *map, void (*free_value)(void *));

/* The value, or NULL when there is none. */
void *map_find(const struct map *map, struct slice key);
struct map_entry *map_find_entry(const struct map *map, struct slice key);

/* The entry of a key, made with the value NULL when there was none. */
struct map_entry *map_keep(struct map *map, struct slice key);

/* Sets the value for a key; an existing entry keeps its place in the order. */
struct map_entry *map_put(struct map *map, struct slice key, void *value);

/* Removes one entry and returns its value; NULL when there was none. */
void *map_remove(struct map *map, struct slice key);
void *map_remove_entry(struct map *map, struct map_entry *entry);

/* Makes an entry the newest, for tables that forget the least recently used. */
void map_touch(struct map *map, struct map_entry *entry);

/* The keyed hash by itself. */
uint64_t map_hash(struct map_seed seed, struct slice key);

/* A number as a key; valid as long as *number. */
static inline struct slice map_number_key(const uint64_t *number)
{
    return (struct slice){(const char *)number, sizeof *number};
}

#endif
