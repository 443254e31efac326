/* See ring.h. */
#include "samples/ring.h"

#include <stdlib.h>

#include "analyzer/engine/arena.h"
#include "analyzer/engine/origin.h"
#include "samples/fail.h"

void ring_init(struct ring *ring, size_t capacity, unsigned seconds)
{
    *ring = (struct ring){.capacity = capacity, .period = seconds * TIME_SECOND};
    ring->entries = memory_zero(capacity, sizeof *ring->entries);
}

void ring_dispose(struct ring *ring)
{
    free(ring->entries);
}

void ring_add(struct ring *ring, void *what, unsigned serial, int64_t now)
{
    if (ring->count == ring->capacity) {
        fail("a ring of %zu is full", ring->capacity);
    }
    size_t place = (ring->first + ring->count++) % ring->capacity;
    ring->entries[place] = (struct ring_entry){what, serial, now + ring->period};
}

bool ring_take(struct ring *ring, int64_t now, struct ring_entry *out)
{
    if (ring->count == 0 || ring->entries[ring->first].due > now) {
        return false;
    }
    *out = ring->entries[ring->first];
    ring->first = (ring->first + 1) % ring->capacity;
    ring->count--;
    return true;
}
