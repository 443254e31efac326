/*
 * The bytes that were handed on lately, to tell a retransmission that says the
 * same from one that does not.
 *
 * Used by decoders/tcp_half.c. One ring of fixed size serves all connections,
 * so what it costs depends neither on their number nor on the capture. The
 * price: a copy that comes after the ring has gone round is not judged.
 */
#ifndef OCSIGHT_DECODERS_TCP_HISTORY_H
#define OCSIGHT_DECODERS_TCP_HISTORY_H

#include "analyzer/engine/slice.h"

struct history {
    char *ring;
    uint64_t size; /* bytes of the ring; 0 = nothing is remembered */
    uint64_t head; /* where the next record goes, counted from the beginning of the run */
};

void history_init(struct history *history, size_t size);
void history_dispose(struct history *history);

/*
 * Remembers bytes at `position` of one direction. *latest links the records of
 * that direction; it starts as 0.
 */
void history_keep(struct history *history, uint64_t *latest, uint64_t position, struct slice bytes);

/* How many of these bytes differ from what was remembered of that direction. */
uint64_t history_differences(const struct history *history, uint64_t latest, uint64_t position,
                             struct slice bytes);

#endif
