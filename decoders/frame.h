/*
 * Packets to datagrams: link layers, tunnels, IP with its fragments, UDP and TCP.
 *
 * Called by analyzer/pipeline.c for every packet. One `struct frames` lives for
 * the whole run, because IP fragments are put together in it. Each packet is
 * accounted for exactly once: it is decoded, or it is skipped for one reason
 * (summary.h), so that decoded + skipped = packets.
 *
 * Normative: RFC 791, 8200, 815, 2003, 4213, 2784, 2890, 2516, 768, 9293, IEEE
 * 802.1Q/ad, tcpdump.org/linktypes.html.
 */
#ifndef OCSIGHT_DECODERS_FRAME_H
#define OCSIGHT_DECODERS_FRAME_H

#include "analyzer/engine/address.h"
#include "analyzer/engine/event.h"
#include "analyzer/engine/map.h"
#include "decoders/capture.h"

enum { TCP_FIN = 0x01, TCP_SYN = 0x02, TCP_RST = 0x04, TCP_PSH = 0x08, TCP_ACK = 0x10 };

/* One UDP datagram or TCP segment with the innermost addresses. */
struct datagram {
    struct origin origin;
    struct address source;
    struct address destination;
    bool tcp;              /* else UDP */
    uint32_t sequence;     /* TCP */
    uint32_t acknowledged; /* TCP, when TCP_ACK is set */
    uint8_t flags;         /* TCP_* */
    struct slice
        payload;      /* borrowed: lives as long as the packet, or until the next frame_decode() */
    uint64_t missing; /* payload bytes that were on the wire and not captured (snap length) */
};

enum frame_status {
    FRAME_DATAGRAM, /* *out is filled */
    FRAME_HELD,     /* a fragment, kept; counted later, when its fate is known */
    FRAME_SKIPPED,  /* counted under its reason */
};

struct frames;

struct frames *frames_new(struct map_seed seed, const struct limits *limits,
                          const struct event_sink *caps);
void frames_free(struct frames *frames);

enum frame_status frame_decode(struct frames *frames, const struct packet *packet,
                               struct datagram *out);

/*
 * The datagrams that the latest packet brought a fragment of, from the outside inwards; numbered
 * as in fragments.h. More than one only where tunnels nest; beyond FRAME_PIECES not told.
 */
enum { FRAME_PIECES = 16 };
const uint64_t *frames_pieces(const struct frames *frames, size_t *count);

/* The input ends: fragments still held are counted as skipped. */
void frames_end(struct frames *frames);

/* Packets decoded, and skipped by reason, so far. After frames_end() they add up. */
void frames_counts(const struct frames *frames, uint64_t *decoded,
                   uint64_t skipped[static SKIP_REASONS]);

#endif
