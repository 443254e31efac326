/*
 * The content of an input, whatever it is stored in: a file, a pipe, standard
 * input, memory; plain, or compressed (decoders/codec.h).
 *
 * Called by the capture readers. Content is read in sequence with a look ahead
 * (peek, skip, read), or, for formats that jump, at any place (at). Only what is
 * being looked at is held, unless source_load() had to take in a stream whole.
 *
 * A source never stops the program: what is wrong with it (missing, a directory,
 * unreadable, damaged compression) ends the content early and is said in words.
 */
#ifndef OCSIGHT_DECODERS_SOURCE_H
#define OCSIGHT_DECODERS_SOURCE_H

#include "analyzer/engine/slice.h"

struct source;

/* A path, or "-" for standard input. Never NULL; see source_problem(). */
struct source *source_open(const char *path);

/* `content` must outlive the source. */
struct source *source_over(struct slice content);
void source_close(struct source *source);

/* The next `size` bytes, not consumed; fewer only at the end. Borrowed until the next call. */
struct slice source_peek(struct source *source, size_t size);

/* Consumes up to `size` bytes and says how many there were. */
uint64_t source_skip(struct source *source, uint64_t size);
size_t source_read(struct source *source, char *out, size_t size);

/* Bytes of content consumed so far. */
uint64_t source_position(const struct source *source);

/*
 * Makes source_at() possible, before anything was consumed. A plain file stays
 * where it is; everything else is read into memory. False when it is larger than `max`.
 */
bool source_load(struct source *source, size_t max);

/* After source_load(): bytes of content, and up to `size` of them from `offset` on. */
uint64_t source_size(const struct source *source);
struct slice source_at(struct source *source, uint64_t offset, size_t size);

/* One line without the path; "" while nothing is wrong. */
const char *source_problem(const struct source *source);
bool source_failed(const struct source *source);

/* "gzip", "zstd" or NULL. */
const char *source_compression(const struct source *source);

/* Bytes as stored: the file's size, or what was read of a pipe so far. */
uint64_t source_stored_size(const struct source *source);

#endif
