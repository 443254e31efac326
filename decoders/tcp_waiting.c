/*
 * Copies of segments that wait behind a hole. See tcp_waiting.h.
 *
 * The order of a direction is a sorted array, because segments nearly always
 * come at its end and leave at its front. The memory of a piece is charged with
 * its overhead, so a capture of one-byte segments reaches the cap as well.
 */
#include "decoders/tcp_waiting.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/engine/arena.h"

enum { WAITING_FIRST = 8 };

/* ---- the heap by origin ---- */

void waiting_room_dispose(struct waiting_room *room)
{
    free(room->heap);
    *room = (struct waiting_room){0};
}

const struct origin *waiting_room_earliest(const struct waiting_room *room)
{
    return room->count > 0 ? &room->heap[0]->origin : NULL;
}

static bool earlier(const struct waiting_piece *a, const struct waiting_piece *b)
{
    return origin_compare(&a->origin, &b->origin) < 0;
}

static void heap_place(struct waiting_room *room, size_t slot, struct waiting_piece *piece)
{
    room->heap[slot] = piece;
    piece->slot = slot;
}

static void heap_up(struct waiting_room *room, size_t slot)
{
    struct waiting_piece *piece = room->heap[slot];
    while (slot > 0 && earlier(piece, room->heap[(slot - 1) / 2])) {
        heap_place(room, slot, room->heap[(slot - 1) / 2]);
        slot = (slot - 1) / 2;
    }
    heap_place(room, slot, piece);
}

static void heap_down(struct waiting_room *room, size_t slot)
{
    struct waiting_piece *piece = room->heap[slot];
    for (;;) {
        size_t child = 2 * slot + 1;
        if (child >= room->count) {
            break;
        }
        if (child + 1 < room->count && earlier(room->heap[child + 1], room->heap[child])) {
            child++;
        }
        if (!earlier(room->heap[child], piece)) {
            break;
        }
        heap_place(room, slot, room->heap[child]);
        slot = child;
    }
    heap_place(room, slot, piece);
}

static void heap_add(struct waiting_room *room, struct waiting_piece *piece)
{
    if (room->count == room->capacity) {
        room->capacity = room->capacity > 0 ? room->capacity * 2 : WAITING_FIRST;
        room->heap = memory_grow(room->heap, room->capacity, sizeof(struct waiting_piece *));
    }
    heap_place(room, room->count++, piece);
    heap_up(room, room->count - 1);
}

static void heap_remove(struct waiting_room *room, struct waiting_piece *piece)
{
    struct waiting_piece *last = room->heap[--room->count];
    if (last != piece) {
        heap_place(room, piece->slot, last);
        heap_down(room, last->slot);
        heap_up(room, last->slot);
    }
}

/* ---- the order of one direction ---- */

static size_t charge_of(const struct waiting_piece *piece)
{
    return sizeof *piece + 2 * sizeof(struct waiting_piece *) + (size_t)(piece->end - piece->start);
}

/* Index, from the front, of the first piece that ends behind `position`. */
static size_t find_behind(const struct waiting *waiting, uint64_t position)
{
    size_t low = 0;
    size_t high = waiting->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (waiting->pieces[waiting->first + middle]->end > position) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

/* Makes room for one more behind the last: moves to the start, or grows. */
static void make_room(struct waiting *waiting)
{
    if (waiting->first + waiting->count < waiting->capacity) {
        return;
    }
    if (waiting->first > waiting->capacity / 2) {
        memmove(waiting->pieces, waiting->pieces + waiting->first,
                waiting->count * sizeof(struct waiting_piece *));
        waiting->first = 0;
        return;
    }
    waiting->capacity = waiting->capacity > 0 ? waiting->capacity * 2 : WAITING_FIRST;
    waiting->pieces =
        memory_grow(waiting->pieces, waiting->capacity, sizeof(struct waiting_piece *));
}

static void insert(struct waiting_room *room, struct waiting *waiting, size_t index, uint64_t start,
                   struct slice bytes, const struct origin *origin)
{
    struct waiting_piece *piece = memory_alloc(sizeof *piece + bytes.size);
    *piece = (struct waiting_piece){.start = start, .end = start + bytes.size, .origin = *origin};
    memcpy(piece->bytes, bytes.data, bytes.size);
    make_room(waiting);
    struct waiting_piece **place = waiting->pieces + waiting->first + index;
    memmove(place + 1, place, (waiting->count - index) * sizeof(struct waiting_piece *));
    *place = piece;
    waiting->count++;
    waiting->charge += charge_of(piece);
    room->charge += charge_of(piece);
    heap_add(room, piece);
}

static uint64_t count_differences(const struct waiting_piece *piece, uint64_t start,
                                  struct slice bytes)
{
    const char *first = piece->bytes + (start - piece->start);
    uint64_t count = 0;
    for (size_t i = 0; i < bytes.size; i++) {
        count += first[i] != bytes.data[i];
    }
    return count;
}

uint64_t waiting_put(struct waiting_room *room, struct waiting *waiting, uint64_t start,
                     struct slice bytes, const struct origin *origin)
{
    uint64_t differences = 0;
    size_t index = find_behind(waiting, start);
    while (bytes.size > 0) {
        const struct waiting_piece *next =
            index < waiting->count ? waiting->pieces[waiting->first + index] : NULL;
        struct slice part = bytes;
        if (next && next->start <= start) {
            part = slice_sub(bytes, 0, (size_t)(next->end - start));
            differences += count_differences(next, start, part);
        } else {
            part = next ? slice_sub(bytes, 0, (size_t)(next->start - start)) : bytes;
            insert(room, waiting, index, start, part, origin);
        }
        index++;
        start += part.size;
        bytes = slice_from(bytes, part.size);
    }
    return differences;
}

void waiting_drop(struct waiting_room *room, struct waiting *waiting)
{
    struct waiting_piece *piece = waiting->pieces[waiting->first];
    waiting->first++;
    waiting->count--;
    waiting->charge -= charge_of(piece);
    room->charge -= charge_of(piece);
    heap_remove(room, piece);
    free(piece);
    if (waiting->count == 0) {
        free(waiting->pieces);
        *waiting = (struct waiting){0};
    }
}
