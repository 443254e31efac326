/*
 * Values of the latest numbers. See recent.h.
 *
 * An open table whose slots are at most half full; a number that goes pulls up those behind it.
 */
#include "analyzer/audit/recent.h"

#include <stdlib.h>

#include "analyzer/engine/arena.h"

enum { RECENT_FIRST = 64, VALUE_BITS = 8 };

void recent_init(struct recent *recent, size_t limit)
{
    *recent = (struct recent){.limit = limit};
}

void recent_dispose(struct recent *recent)
{
    free(recent->slots);
    free(recent->numbers);
    *recent = (struct recent){.limit = recent->limit};
}

/* Numbers that follow each other lie side by side, eight of them; 2^64 over the golden ratio
 * spreads these rows. */
static size_t home_of(const struct recent *recent, uint64_t number)
{
    uint64_t row = number / 8 * UINT64_C(0x9e3779b97f4a7c15) >> 32;
    return (size_t)(row * 8 + number % 8) & (recent->slot_count - 1);
}

/* Where it lies, or the empty slot where it belongs. */
static size_t slot_of(const struct recent *recent, uint64_t number)
{
    size_t at = home_of(recent, number);
    while (recent->slots[at] != 0 && recent->slots[at] >> VALUE_BITS != number) {
        at = (at + 1) & (recent->slot_count - 1);
    }
    return at;
}

uint8_t recent_find(const struct recent *recent, uint64_t number)
{
    return recent->count > 0 ? (uint8_t)recent->slots[slot_of(recent, number)] : 0;
}

static void grow(struct recent *recent)
{
    uint64_t *old = recent->slots;
    size_t count = recent->slot_count;
    recent->slot_count = count > 0 ? count * 2 : RECENT_FIRST;
    recent->slots = memory_zero(recent->slot_count, sizeof *recent->slots);
    recent->numbers = memory_grow(recent->numbers, recent->slot_count / 2, sizeof *recent->numbers);
    for (size_t i = 0; i < count; i++) {
        if (old[i] != 0) {
            recent->slots[slot_of(recent, old[i] >> VALUE_BITS)] = old[i];
        }
    }
    free(old);
}

static void forget(struct recent *recent, uint64_t number)
{
    size_t mask = recent->slot_count - 1;
    size_t empty = slot_of(recent, number);
    for (size_t at = (empty + 1) & mask; recent->slots[at] != 0; at = (at + 1) & mask) {
        size_t home = home_of(recent, recent->slots[at] >> VALUE_BITS);
        if (((at - home) & mask) >= ((at - empty) & mask)) {
            recent->slots[empty] = recent->slots[at];
            empty = at;
        }
    }
    recent->slots[empty] = 0;
}

/* The place of the newest number in the ring. */
static uint64_t *place_of_newest(struct recent *recent)
{
    if (recent->count < recent->limit) {
        return &recent->numbers[recent->count++];
    }
    uint64_t *oldest = &recent->numbers[recent->first];
    recent->first = (recent->first + 1) % recent->limit;
    forget(recent, *oldest);
    return oldest;
}

void recent_add(struct recent *recent, uint64_t number, uint8_t value)
{
    if (number == 0 || recent_find(recent, number) != 0) {
        return;
    }
    if (recent->count < recent->limit && recent->count == recent->slot_count / 2) {
        grow(recent);
    }
    *place_of_newest(recent) = number;
    recent->slots[slot_of(recent, number)] = number << VALUE_BITS | value;
}
