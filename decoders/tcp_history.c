/*
 * The bytes that were handed on lately. See tcp_history.h.
 *
 * The ring holds records: a header, the bytes, padding to 8. A place in it is a
 * 64-bit count that never wraps; a record is still there while its place is not
 * farther behind the head than the ring is long.
 */
#include "decoders/tcp_history.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/engine/arena.h"

enum {
    HISTORY_LEAST = 4096, /* a smaller ring would hold no segment */
    HISTORY_LOOK = 64,    /* records looked at for one retransmission: bounds hostile input */
};

struct record {
    uint64_t previous; /* of the same direction */
    uint64_t position;
    uint64_t size;
};

void history_init(struct history *history, size_t size)
{
    size = size < HISTORY_LEAST ? 0 : size / sizeof(uint64_t) * sizeof(uint64_t);
    *history = (struct history){.size = size, .head = size};
}

void history_dispose(struct history *history)
{
    free(history->ring);
    *history = (struct history){0};
}

void history_keep(struct history *history, uint64_t *latest, uint64_t position, struct slice bytes)
{
    if (history->size == 0) {
        return;
    }
    if (!history->ring) {
        history->ring = memory_alloc((size_t)history->size);
    }
    size_t most = (size_t)history->size / 4 - sizeof(struct record);
    if (bytes.size > most) {
        position += bytes.size - most;
        bytes = slice_from(bytes, bytes.size - most);
    }
    uint64_t need = sizeof(struct record) + (bytes.size + 7) / 8 * 8;
    uint64_t at = history->head % history->size;
    if (at + need > history->size) {
        history->head += history->size - at;
        at = 0;
    }
    struct record record = {*latest, position, bytes.size};
    memcpy(history->ring + at, &record, sizeof record);
    if (bytes.size > 0) {
        memcpy(history->ring + at + sizeof record, bytes.data, bytes.size);
    }
    *latest = history->head;
    history->head += need;
}

static uint64_t count_differences(const char *a, const char *b, size_t size)
{
    if (memcmp(a, b, size) == 0) {
        return 0;
    }
    uint64_t count = 0;
    for (size_t i = 0; i < size; i++) {
        count += a[i] != b[i];
    }
    return count;
}

uint64_t history_differences(const struct history *history, uint64_t latest, uint64_t position,
                             struct slice bytes)
{
    uint64_t end = position + bytes.size;
    uint64_t count = 0;
    for (int looks = 0; looks < HISTORY_LOOK; looks++) {
        if (latest == 0 || history->head - latest > history->size) {
            break;
        }
        const char *place = history->ring + latest % history->size;
        struct record record;
        memcpy(&record, place, sizeof record);
        uint64_t from = record.position > position ? record.position : position;
        uint64_t to = record.position + record.size < end ? record.position + record.size : end;
        if (from < to) {
            count += count_differences(place + sizeof record + (from - record.position),
                                       bytes.data + (from - position), (size_t)(to - from));
        }
        if (record.position <= position) {
            break;
        }
        latest = record.previous;
    }
    return count;
}
