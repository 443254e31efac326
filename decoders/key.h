/*
 * Table keys of bounded size made from identifiers that came over the wire.
 *
 * Each part goes in with its length, so that no two lists of parts give the
 * same key. A part longer than KEY_PART is replaced by 128 bits of keyed hash:
 * a Call-ID of 200 KiB is legal input and must not cost 200 KiB per table.
 */
#ifndef OCSIGHT_DECODERS_KEY_H
#define OCSIGHT_DECODERS_KEY_H

#include "analyzer/engine/map.h"

enum {
    KEY_PART = 64, /* longest part that is kept as it is */
    KEY_PARTS = 4, /* most that one key has */
    KEY_NUMBERS = 2,
    KEY_ROOM = 1 + KEY_PARTS * (KEY_PART + 1) + KEY_NUMBERS * 4,
};

struct key {
    struct map_seed seed;
    size_t size;
    char bytes[KEY_ROOM];
};

/* `use` tells apart keys of different kinds in one table. */
void key_init(struct key *key, struct map_seed seed, char use);
void key_add(struct key *key, struct slice part);
void key_add_number(struct key *key, uint32_t number);

/* Borrowed from the key. */
struct slice key_slice(const struct key *key);

/* 64 bits of keyed hash that stand for a tag; 0 for the empty one. */
uint64_t tag_digest(struct map_seed seed, struct slice tag);

/*
 * Copies all slices into one heap block and lets them point there. The block is
 * the caller's; *out_size gets its size.
 */
char *slices_keep(struct slice *const slices[], size_t count, size_t *out_size);

#endif
