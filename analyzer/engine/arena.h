/*
 * Memory: a bump allocator, the checked forms of malloc, and the one place
 * where running out of memory ends the program.
 *
 * What stops hostile input is the caps (limits.h), not error paths: allocation
 * failure therefore aborts here, and no caller tests for NULL. main.c turns the
 * abort into exit status 6.
 *
 * An arena's memory is given back all at once: arena_reset() after each
 * message, arena_dispose() at the end of its owner.
 */
#ifndef OCSIGHT_ANALYZER_ENGINE_ARENA_H
#define OCSIGHT_ANALYZER_ENGINE_ARENA_H

#include <stddef.h>

#include "analyzer/engine/slice.h"

struct arena_block;

struct arena {
    struct arena_block *first;   /* oldest block; kept by arena_reset() */
    struct arena_block *current; /* where the next allocation is tried */
    size_t used;                 /* bytes handed out since the last reset */
};

void arena_init(struct arena *arena);
void arena_dispose(struct arena *arena);

/* Forgets all allocations; the blocks are kept for reuse, except those over 1 MiB. */
void arena_reset(struct arena *arena);

/* Aligned for any type, not cleared; never NULL. arena_zero clears. count * size is checked. */
void *arena_alloc(struct arena *arena, size_t size);
void *arena_zero(struct arena *arena, size_t count, size_t size);

/* A copy that lives as long as the arena. The copy is followed by a NUL byte, not counted. */
struct slice arena_keep(struct arena *arena, struct slice slice);

/* As arena_keep, with ASCII letters in lower case. */
struct slice arena_keep_lower(struct arena *arena, struct slice slice);

/* malloc, calloc, realloc that abort instead of returning NULL. Release with free(). */
void *memory_alloc(size_t size);
void *memory_zero(size_t count, size_t size);
void *memory_grow(void *block, size_t count, size_t size);

/* A heap copy of a slice, NUL after it; release with memory_release() or slice_drop(). */
struct slice memory_keep(struct slice slice);
void memory_release(struct slice kept);

/* Releases a heap copy and leaves an empty slice. */
void slice_drop(struct slice *kept);

/* Releases the heap copy and keeps one of `text` instead, unless they are the same. */
void slice_replace(struct slice *kept, struct slice text);

/* Ends the program: out of memory, or a broken promise of our own. */
_Noreturn void memory_fatal(void);

#endif
