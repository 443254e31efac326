/*
 * The ordered merge. See merge.h.
 */
#include "analyzer/merge.h"

#include <stdlib.h>

/* An item and when it came, which decides between items of one packet. */
struct place {
    uint64_t order;
    uint64_t arrival;
    struct item *item;
};

struct merge {
    struct place *heap;
    size_t count;
    size_t capacity;
    uint64_t next_arrival;
    uint64_t limit;        /* items before this place can no longer be overtaken */
    size_t bytes;          /* memory of the harvests that items are still in */
    struct harvest *spare; /* emptied ones, for the next batches */
};

struct merge *merge_new(void)
{
    return memory_zero(1, sizeof(struct merge));
}

void merge_free(struct merge *merge)
{
    for (struct item *item = merge_pop(merge, true); item; item = merge_pop(merge, true)) {
        merge_done(merge, item);
    }
    while (merge->spare) {
        struct harvest *next = merge->spare->next_spare;
        harvest_free(merge->spare);
        merge->spare = next;
    }
    free(merge->heap);
    free(merge);
}

static bool earlier(const struct place *a, const struct place *b)
{
    return a->order != b->order ? a->order < b->order : a->arrival < b->arrival;
}

static void push(struct merge *merge, struct item *item)
{
    if (merge->count == merge->capacity) {
        merge->capacity = merge->capacity > 0 ? merge->capacity * 2 : 1024;
        merge->heap = memory_grow(merge->heap, merge->capacity, sizeof *merge->heap);
    }
    struct place place = {item->order, merge->next_arrival++, item};
    size_t at = merge->count++;
    while (at > 0 && earlier(&place, &merge->heap[(at - 1) / 2])) {
        merge->heap[at] = merge->heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    merge->heap[at] = place;
}

static void refill_root(struct merge *merge, struct place place)
{
    size_t at = 0;
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= merge->count) {
            break;
        }
        if (child + 1 < merge->count && earlier(&merge->heap[child + 1], &merge->heap[child])) {
            child++;
        }
        if (!earlier(&merge->heap[child], &place)) {
            break;
        }
        merge->heap[at] = merge->heap[child];
        at = child;
    }
    merge->heap[at] = place;
}

static struct harvest *fresh_harvest(struct merge *merge)
{
    struct harvest *harvest = merge->spare;
    if (!harvest) {
        harvest = harvest_new();
    } else {
        merge->spare = harvest->next_spare;
    }
    harvest_clear(harvest);
    return harvest;
}

void merge_take(struct merge *merge, struct batch *batch)
{
    merge->limit = batch->last ? UINT64_MAX : batch->order + 1;
    for (int i = 0; i < HARVESTS; i++) {
        struct harvest *harvest = batch->harvests[i];
        if (harvest->watermark < merge->limit) {
            merge->limit = harvest->watermark;
        }
        harvest->watermark = UINT64_MAX;
        if (!harvest->first) {
            continue;
        }
        for (struct item *item = harvest->first; item; item = item->next) {
            push(merge, item);
        }
        merge->bytes += harvest->arena.used;
        batch->harvests[i] = fresh_harvest(merge);
    }
}

struct item *merge_pop(struct merge *merge, bool any)
{
    if (merge->count == 0 || (!any && merge->heap[0].order >= merge->limit)) {
        return NULL;
    }
    struct item *item = merge->heap[0].item;
    merge->count--;
    if (merge->count > 0) {
        refill_root(merge, merge->heap[merge->count]);
    }
    return item;
}

void merge_done(struct merge *merge, struct item *item)
{
    struct harvest *home = item->home;
    if (--home->pending == 0) {
        merge->bytes -= home->arena.used;
        home->next_spare = merge->spare;
        merge->spare = home;
    }
}

size_t merge_bytes(const struct merge *merge)
{
    return merge->bytes;
}
