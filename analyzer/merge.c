/*
 * The ordered merge. See merge.h.
 */
#include "analyzer/merge.h"

#include <stdlib.h>
#include <string.h>

enum { MERGE_SPARE = 64 }; /* emptied items kept for reuse */

struct merge {
    struct merge_item **heap;
    size_t count;
    size_t capacity;
    size_t bytes;
    uint64_t next_arrival;
    struct merge_item *spare[MERGE_SPARE];
    size_t spare_count;
};

struct merge *merge_new(void)
{
    return memory_zero(1, sizeof(struct merge));
}

static void item_dispose(struct merge_item *item)
{
    arena_dispose(&item->arena);
    free(item);
}

void merge_free(struct merge *merge)
{
    for (size_t i = 0; i < merge->count; i++) {
        item_dispose(merge->heap[i]);
    }
    for (size_t i = 0; i < merge->spare_count; i++) {
        item_dispose(merge->spare[i]);
    }
    free(merge->heap);
    free(merge);
}

struct merge_item *merge_item_new(struct merge *merge)
{
    if (merge->spare_count > 0) {
        return merge->spare[--merge->spare_count];
    }
    struct merge_item *item = memory_zero(1, sizeof *item);
    arena_init(&item->arena);
    return item;
}

void merge_item_free(struct merge *merge, struct merge_item *item)
{
    if (merge->spare_count == MERGE_SPARE) {
        item_dispose(item);
        return;
    }
    arena_reset(&item->arena);
    struct arena arena = item->arena;
    *item = (struct merge_item){.arena = arena};
    merge->spare[merge->spare_count++] = item;
}

static bool earlier(const struct merge_item *a, const struct merge_item *b)
{
    int order = origin_compare(&a->key, &b->key);
    return order != 0 ? order < 0 : a->arrival < b->arrival;
}

void merge_push(struct merge *merge, struct merge_item *item)
{
    if (merge->count == merge->capacity) {
        merge->capacity = merge->capacity > 0 ? merge->capacity * 2 : 64;
        merge->heap = memory_grow(merge->heap, merge->capacity, sizeof(struct merge_item *));
    }
    item->arrival = merge->next_arrival++;
    merge->bytes += item->bytes;
    size_t at = merge->count++;
    while (at > 0 && earlier(item, merge->heap[(at - 1) / 2])) {
        merge->heap[at] = merge->heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    merge->heap[at] = item;
}

/* Puts `item` where the root was taken away. */
static void refill_root(struct merge *merge, struct merge_item *item)
{
    size_t at = 0;
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= merge->count) {
            break;
        }
        if (child + 1 < merge->count && earlier(merge->heap[child + 1], merge->heap[child])) {
            child++;
        }
        if (!earlier(merge->heap[child], item)) {
            break;
        }
        merge->heap[at] = merge->heap[child];
        at = child;
    }
    merge->heap[at] = item;
}

struct merge_item *merge_pop(struct merge *merge, const struct origin *watermark)
{
    if (merge->count == 0) {
        return NULL;
    }
    struct merge_item *item = merge->heap[0];
    if (watermark && origin_compare(&item->key, watermark) >= 0) {
        return NULL;
    }
    merge->bytes -= item->bytes;
    merge->count--;
    if (merge->count > 0) {
        refill_root(merge, merge->heap[merge->count]);
    }
    return item;
}

bool merge_is_empty(const struct merge *merge)
{
    return merge->count == 0;
}

size_t merge_bytes(const struct merge *merge)
{
    return merge->bytes;
}
