/*
 * A total reader of binary fields: begin, end, and a sticky "short" flag.
 *
 * A read past the end yields zero and sets the flag; the caller reads a whole
 * header and asks once. No read ever leaves the slice.
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

uint8_t cursor_u8(struct cursor *cursor);
uint16_t cursor_u16be(struct cursor *cursor);
uint32_t cursor_u24be(struct cursor *cursor);
uint32_t cursor_u32be(struct cursor *cursor);
uint64_t cursor_u64be(struct cursor *cursor);
uint16_t cursor_u16le(struct cursor *cursor);
uint32_t cursor_u32le(struct cursor *cursor);
uint64_t cursor_u64le(struct cursor *cursor);

/* `size` bytes, borrowed; the empty slice and the flag when there are fewer. */
struct slice cursor_take(struct cursor *cursor, size_t size);
void cursor_skip(struct cursor *cursor, size_t size);

/* All that is left, not consumed. */
struct slice cursor_rest(const struct cursor *cursor);

#endif
