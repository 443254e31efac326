/*
 * Bytes that grow up to a maximum that must be named when the buffer is made.
 *
 * Used for undelivered stream bytes and for text that is being put together.
 * Reaching the maximum is no error path of the caller's: the append is refused
 * as a whole, `capped` stays set, and the owner reports it.
 */
#ifndef OCSIGHT_ANALYZER_ENGINE_BUFFER_H
#define OCSIGHT_ANALYZER_ENGINE_BUFFER_H

#include "analyzer/engine/slice.h"

struct arena;

struct buffer {
    char *data;
    size_t size;     /* bytes in use */
    size_t capacity; /* bytes allocated */
    size_t max;      /* `size` never exceeds it */
    bool capped;     /* an append was refused */
};

void buffer_init(struct buffer *buffer, size_t max);
void buffer_dispose(struct buffer *buffer);

/* Empties it; the memory stays. */
void buffer_clear(struct buffer *buffer);

/* Appends all of it or, when that would exceed the maximum, nothing (false). */
bool buffer_append(struct buffer *buffer, struct slice bytes);
bool buffer_append_text(struct buffer *buffer, const char *text);
bool buffer_append_byte(struct buffer *buffer, char byte);
bool buffer_append_u64(struct buffer *buffer, uint64_t number);

/* Drops `size` bytes from the front. */
void buffer_drop(struct buffer *buffer, size_t size);

/* What is in it, borrowed until the next change. */
struct slice buffer_slice(const struct buffer *buffer);

/* What is in it, with a NUL byte after it, for as long as the arena lives; the buffer is disposed
 * of. */
struct slice buffer_take(struct buffer *buffer, struct arena *arena);

#endif
