/*
 * IP fragments put together, in any order.
 *
 * Called by decoders/frame.c. A datagram is identified by its addresses,
 * identification and, in IPv4, protocol. It waits 30 s of capture time for its
 * last piece. Every packet whose fate depends on it is counted in it, so that
 * each is accounted for once, whatever happens (frame.h).
 *
 * Overlaps: in IPv4 the first copy of a byte wins; in IPv6 the datagram is given
 * up (RFC 5722), unless the overlapping piece says exactly the same.
 */
#ifndef OCSIGHT_DECODERS_FRAGMENTS_H
#define OCSIGHT_DECODERS_FRAGMENTS_H

#include "analyzer/engine/event.h"
#include "analyzer/engine/limits.h"
#include "analyzer/engine/map.h"
#include "decoders/ip.h"

enum fragments_status {
    FRAGMENTS_HELD,  /* kept until the datagram is whole or given up */
    FRAGMENTS_WHOLE, /* this was the last piece */
    FRAGMENTS_BAD,   /* its own header contradicts itself; nothing was kept */
};

struct fragments;

struct fragments *fragments_new(struct map_seed seed, const struct limits *limits,
                                const struct event_sink *caps);
void fragments_free(struct fragments *fragments);

/*
 * One fragment, which carries `*packets` packets (more than one if it was itself
 * put together from fragments of an outer layer). If it makes the datagram
 * whole, *layer and *packets become those of the datagram; its bytes live until
 * fragments_release().
 */
enum fragments_status fragments_add(struct fragments *fragments, const struct ip_header *header,
                                    const struct origin *origin, struct layer *layer,
                                    uint64_t *packets);

/*
 * The datagram that the latest fragment belongs to: numbers ascend from 1 as datagrams begin, and
 * are the same whenever the same packets are read.
 */
uint64_t fragments_latest(const struct fragments *fragments);

/* Frees the datagrams that were handed out. */
void fragments_release(struct fragments *fragments);

/* Gives up everything that is held. */
void fragments_end(struct fragments *fragments);

/* Packets whose datagram was given up so far. */
uint64_t fragments_lost(const struct fragments *fragments);

#endif
