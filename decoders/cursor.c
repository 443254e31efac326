/*
 * A total reader of binary fields. See cursor.h.
 */
#include "decoders/cursor.h"

struct slice cursor_take(struct cursor *cursor, size_t size)
{
    if (cursor->is_short || size > cursor->bytes.size - cursor->at) {
        cursor->is_short = true;
        return (struct slice){NULL, 0};
    }
    struct slice taken = slice_sub(cursor->bytes, cursor->at, size);
    cursor->at += size;
    return taken;
}

void cursor_skip(struct cursor *cursor, size_t size)
{
    (void)cursor_take(cursor, size);
}

struct slice cursor_rest(const struct cursor *cursor)
{
    return slice_from(cursor->bytes, cursor->at);
}

static uint64_t big(struct slice bytes)
{
    uint64_t value = 0;
    for (size_t i = 0; i < bytes.size; i++) {
        value = value << 8 | slice_byte(bytes, i);
    }
    return value;
}

static uint64_t little(struct slice bytes)
{
    uint64_t value = 0;
    for (size_t i = bytes.size; i > 0; i--) {
        value = value << 8 | slice_byte(bytes, i - 1);
    }
    return value;
}

uint8_t cursor_u8(struct cursor *cursor)
{
    return (uint8_t)big(cursor_take(cursor, 1));
}

uint16_t cursor_u16be(struct cursor *cursor)
{
    return (uint16_t)big(cursor_take(cursor, 2));
}

uint32_t cursor_u24be(struct cursor *cursor)
{
    return (uint32_t)big(cursor_take(cursor, 3));
}

uint32_t cursor_u32be(struct cursor *cursor)
{
    return (uint32_t)big(cursor_take(cursor, 4));
}

uint64_t cursor_u64be(struct cursor *cursor)
{
    return big(cursor_take(cursor, 8));
}

uint16_t cursor_u16le(struct cursor *cursor)
{
    return (uint16_t)little(cursor_take(cursor, 2));
}

uint32_t cursor_u32le(struct cursor *cursor)
{
    return (uint32_t)little(cursor_take(cursor, 4));
}

uint64_t cursor_u64le(struct cursor *cursor)
{
    return little(cursor_take(cursor, 8));
}
