/*
 * Memory. See arena.h.
 */
#include "analyzer/engine/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
    ARENA_BLOCK = 32 * 1024,      /* usual block: a SIP message with its facts fits in one or two */
    ARENA_KEEP_MAX = 1024 * 1024, /* a larger block is given back by arena_reset() */
};

struct arena_block {
    struct arena_block *next;
    size_t size; /* bytes in data */
    size_t used;
    _Alignas(max_align_t) char data[];
};

_Noreturn void memory_fatal(void)
{
    abort();
}

void *memory_alloc(size_t size)
{
    void *block = malloc(size > 0 ? size : 1);
    if (!block) {
        memory_fatal();
    }
    return block;
}

void *memory_zero(size_t count, size_t size)
{
    void *block = calloc(count > 0 ? count : 1, size > 0 ? size : 1);
    if (!block) {
        memory_fatal();
    }
    return block;
}

void *memory_grow(void *block, size_t count, size_t size)
{
    if (size > 0 && count > SIZE_MAX / size) {
        memory_fatal();
    }
    size_t bytes = count * size;
    void *grown = realloc(block, bytes > 0 ? bytes : 1);
    if (!grown) {
        memory_fatal();
    }
    return grown;
}

struct slice memory_keep(struct slice slice)
{
    char *copy = memory_alloc(slice.size + 1);
    if (slice.size > 0) {
        memcpy(copy, slice.data, slice.size);
    }
    copy[slice.size] = '\0';
    return (struct slice){copy, slice.size};
}

void memory_release(struct slice kept)
{
    free((void *)(uintptr_t)kept.data);
}

void slice_drop(struct slice *kept)
{
    memory_release(*kept);
    *kept = (struct slice){0};
}

void slice_replace(struct slice *kept, struct slice text)
{
    if (slice_equal(*kept, text)) {
        return;
    }
    struct slice copy = text.size > 0 ? memory_keep(text) : (struct slice){0};
    slice_drop(kept);
    *kept = copy;
}

void arena_init(struct arena *arena)
{
    *arena = (struct arena){0};
}

void arena_dispose(struct arena *arena)
{
    struct arena_block *block = arena->first;
    while (block) {
        struct arena_block *next = block->next;
        free(block);
        block = next;
    }
    *arena = (struct arena){0};
}

void arena_reset(struct arena *arena)
{
    struct arena_block **link = &arena->first;
    while (*link) {
        struct arena_block *block = *link;
        if (block->size > ARENA_KEEP_MAX) {
            *link = block->next;
            free(block);
            continue;
        }
        block->used = 0;
        link = &block->next;
    }
    arena->current = arena->first;
    arena->used = 0;
}

static struct arena_block *block_new(size_t size)
{
    if (size > SIZE_MAX - sizeof(struct arena_block)) {
        memory_fatal();
    }
    struct arena_block *block = memory_alloc(sizeof *block + size);
    block->next = NULL;
    block->size = size;
    block->used = 0;
    return block;
}

/* The next block with room, kept ones first; a new one goes in behind the current. */
static struct arena_block *block_with_room(struct arena *arena, size_t size)
{
    struct arena_block *block = arena->current;
    while (block && block->size - block->used < size) {
        if (!block->next) {
            break;
        }
        block = block->next;
    }
    if (!block || block->size - block->used < size) {
        struct arena_block *fresh = block_new(size > ARENA_BLOCK ? size : ARENA_BLOCK);
        if (block) {
            block->next = fresh;
        } else {
            arena->first = fresh;
        }
        block = fresh;
    }
    arena->current = block;
    return block;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    const size_t unit = _Alignof(max_align_t);
    if (size > SIZE_MAX - unit) {
        memory_fatal();
    }
    size = (size + unit - 1) / unit * unit;
    struct arena_block *block = block_with_room(arena, size);
    void *result = block->data + block->used;
    block->used += size;
    arena->used += size;
    return result;
}

void *arena_zero(struct arena *arena, size_t count, size_t size)
{
    if (size > 0 && count > SIZE_MAX / size) {
        memory_fatal();
    }
    void *result = arena_alloc(arena, count * size);
    memset(result, 0, count * size);
    return result;
}

struct slice arena_keep(struct arena *arena, struct slice slice)
{
    char *copy = arena_alloc(arena, slice.size + 1);
    if (slice.size > 0) {
        memcpy(copy, slice.data, slice.size);
    }
    copy[slice.size] = '\0';
    return (struct slice){copy, slice.size};
}

struct slice arena_keep_lower(struct arena *arena, struct slice slice)
{
    char *copy = arena_alloc(arena, slice.size + 1);
    for (size_t i = 0; i < slice.size; i++) {
        copy[i] = ascii_lower(slice.data[i]);
    }
    copy[slice.size] = '\0';
    return (struct slice){copy, slice.size};
}
