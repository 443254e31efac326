/*
 * A total reader of binary fields: begin, end, and a sticky "short" flag.
 *
 * A read past the end yields zero and sets the flag; the caller reads a whole
 * header and asks once. No read ever leaves the slice. Inline, because the
 * packet path reads some twenty fields a packet.
 */
#ifndef OCSIGHT_DECODERS_CURSOR_H
#define OCSIGHT_DECODERS_CURSOR_H

#include "analyzer/engine/slice.h"

struct cursor {
    struct slice bytes;
    size_t at;
    bool is_short; /* something was read that is not there */
};

static inline struct cursor cursor_over(struct slice bytes)
{
    return (struct cursor){bytes, 0, false};
}

/* `size` bytes, borrowed; the empty slice and the flag when there are fewer. */
static inline struct slice cursor_take(struct cursor *cursor, size_t size)
{
    if (cursor->is_short || size > cursor->bytes.size - cursor->at) {
        cursor->is_short = true;
        return (struct slice){NULL, 0};
    }
    if (size == 0) {
        return (struct slice){cursor->bytes.data, 0};
    }
    struct slice taken = {cursor->bytes.data + cursor->at, size};
    cursor->at += size;
    return taken;
}

static inline void cursor_skip(struct cursor *cursor, size_t size)
{
    (void)cursor_take(cursor, size);
}

/* All that is left, not consumed. */
static inline struct slice cursor_rest(const struct cursor *cursor)
{
    return slice_from(cursor->bytes, cursor->at);
}

/* An unsigned number of `size` bytes, the most significant first. */
static inline uint64_t cursor_big(struct cursor *cursor, size_t size)
{
    struct slice bytes = cursor_take(cursor, size);
    uint64_t value = 0;
    for (size_t i = 0; i < bytes.size; i++) {
        value = value << 8 | slice_byte(bytes, i);
    }
    return value;
}

/* The same, the least significant first. */
static inline uint64_t cursor_little(struct cursor *cursor, size_t size)
{
    struct slice bytes = cursor_take(cursor, size);
    uint64_t value = 0;
    for (size_t i = bytes.size; i > 0; i--) {
        value = value << 8 | slice_byte(bytes, i - 1);
    }
    return value;
}

static inline uint8_t cursor_u8(struct cursor *cursor)
{
    return (uint8_t)cursor_big(cursor, 1);
}

static inline uint16_t cursor_u16be(struct cursor *cursor)
{
    return (uint16_t)cursor_big(cursor, 2);
}

static inline uint32_t cursor_u24be(struct cursor *cursor)
{
    return (uint32_t)cursor_big(cursor, 3);
}

static inline uint32_t cursor_u32be(struct cursor *cursor)
{
    return (uint32_t)cursor_big(cursor, 4);
}

static inline uint64_t cursor_u64be(struct cursor *cursor)
{
    return cursor_big(cursor, 8);
}

static inline uint16_t cursor_u16le(struct cursor *cursor)
{
    return (uint16_t)cursor_little(cursor, 2);
}

static inline uint32_t cursor_u32le(struct cursor *cursor)
{
    return (uint32_t)cursor_little(cursor, 4);
}

static inline uint64_t cursor_u64le(struct cursor *cursor)
{
    return cursor_little(cursor, 8);
}

#endif
