/*
 * Table keys from wire identifiers. See key.h.
 */
#include "decoders/key.h"

#include <assert.h>
#include <string.h>

#include "analyzer/engine/arena.h"

enum { KEY_HASHED = 0xff }; /* stands where a length would, which is at most KEY_PART */

static void put(struct key *key, const void *bytes, size_t size)
{
    assert(size <= sizeof key->bytes - key->size);
    memcpy(key->bytes + key->size, bytes, size);
    key->size += size;
}

void key_init(struct key *key, struct map_seed seed, char use)
{
    key->seed = seed;
    key->size = 0;
    put(key, &use, 1);
}

void key_add(struct key *key, struct slice part)
{
    if (part.size <= KEY_PART) {
        unsigned char size = (unsigned char)part.size;
        put(key, &size, 1);
        if (part.size > 0) {
            put(key, part.data, part.size);
        }
        return;
    }
    const unsigned char mark = KEY_HASHED;
    struct map_seed other = {{~key->seed.words[0], key->seed.words[1]}};
    uint64_t digest[2] = {map_hash(key->seed, part), map_hash(other, part)};
    put(key, &mark, 1);
    put(key, digest, sizeof digest);
}

void key_add_number(struct key *key, uint32_t number)
{
    put(key, &number, sizeof number);
}

struct slice key_slice(const struct key *key)
{
    return (struct slice){key->bytes, key->size};
}

uint64_t tag_digest(struct map_seed seed, struct slice tag)
{
    if (tag.size == 0) {
        return 0;
    }
    uint64_t digest = map_hash(seed, tag);
    return digest != 0 ? digest : 1;
}

char *slices_keep(struct slice *const slices[], size_t count, size_t *out_size)
{
    size_t size = 0;
    for (size_t i = 0; i < count; i++) {
        size += slices[i]->size;
    }
    char *block = memory_alloc(size);
    char *at = block;
    for (size_t i = 0; i < count; i++) {
        if (slices[i]->size > 0) {
            memcpy(at, slices[i]->data, slices[i]->size);
        }
        slices[i]->data = at;
        at += slices[i]->size;
    }
    *out_size = size;
    return block;
}
