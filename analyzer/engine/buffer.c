/*
 * Bytes that grow up to a maximum. See buffer.h.
 */
#include "analyzer/engine/buffer.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/engine/arena.h"

void buffer_init(struct buffer *buffer, size_t max)
{
    *buffer = (struct buffer){.max = max};
}

void buffer_dispose(struct buffer *buffer)
{
    free(buffer->data);
    *buffer = (struct buffer){.max = buffer->max};
}

void buffer_clear(struct buffer *buffer)
{
    buffer->size = 0;
    buffer->capped = false;
}

static void reserve(struct buffer *buffer, size_t size)
{
    if (size <= buffer->capacity) {
        return;
    }
    size_t capacity = buffer->capacity > 0 ? buffer->capacity : 256;
    while (capacity < size) {
        capacity = capacity > SIZE_MAX / 2 ? size : capacity * 2;
    }
    buffer->data = memory_grow(buffer->data, capacity, 1);
    buffer->capacity = capacity;
}

bool buffer_append(struct buffer *buffer, struct slice bytes)
{
    if (bytes.size > buffer->max - buffer->size) {
        buffer->capped = true;
        return false;
    }
    if (bytes.size > 0) {
        reserve(buffer, buffer->size + bytes.size);
        memcpy(buffer->data + buffer->size, bytes.data, bytes.size);
        buffer->size += bytes.size;
    }
    return true;
}

bool buffer_append_text(struct buffer *buffer, const char *text)
{
    return buffer_append(buffer, slice_of(text));
}

bool buffer_append_byte(struct buffer *buffer, char byte)
{
    return buffer_append(buffer, (struct slice){&byte, 1});
}

bool buffer_append_u64(struct buffer *buffer, uint64_t number)
{
    char digits[20];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    return buffer_append(buffer, (struct slice){digits + at, sizeof digits - at});
}

void buffer_drop(struct buffer *buffer, size_t size)
{
    if (size >= buffer->size) {
        buffer->size = 0;
        return;
    }
    memmove(buffer->data, buffer->data + size, buffer->size - size);
    buffer->size -= size;
}

struct slice buffer_slice(const struct buffer *buffer)
{
    return (struct slice){buffer->data, buffer->size};
}

struct slice buffer_take(struct buffer *buffer, struct arena *arena)
{
    struct slice taken = arena_keep(arena, buffer_slice(buffer));
    buffer_dispose(buffer);
    return taken;
}
