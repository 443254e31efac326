/*
 * TCP segments to ordered bytes and explicit gaps.
 *
 * Called by analyzer/shard.c for every TCP segment. Handles segments out of
 * order, overlapping and conflicting retransmissions (the first copy wins; a
 * copy with other bytes is counted), captures that start in the middle of a
 * connection, sequence numbers that wrap, a port pair used again, and lost
 * segments. Bytes are handed on as soon as they are in order; nothing is
 * acknowledged, guessed or sent.
 *
 * A hole is given up as a gap, and what waits behind it handed on, when
 *  - the peer has acknowledged past it and the capture has gone on for 1 s
 *    (the bytes were sent and the capture lost them, it is not just reordering);
 *  - the peer's direction was never captured and 3 s have gone by;
 *  - 60 s have gone by; or more than limits.tcp_waiting_bytes wait behind it;
 *  - the connection or the input ends.
 * A direction that starts in the middle waits up to 1 s for the peer's
 * acknowledgement before its first bytes are handed on, so that reordering at the
 * start of a capture loses nothing; what lies before them is no gap. A connection
 * is closed 1 s after FIN or RST, so that what is still on its way is read.
 * Times are those of the records. Bytes behind a gap keep the origin of the
 * segment that brought them, so their times may lie before "now": until a hole
 * is decided, tcp_watermark() tells how far back that can reach, and the merge
 * (analyzer/merge.h) holds later messages back so that the run stays in order.
 *
 * Normative: RFC 9293 section 3.4 (sequence arithmetic), 3.10.
 */
#ifndef OCSIGHT_DECODERS_TCP_H
#define OCSIGHT_DECODERS_TCP_H

#include "decoders/frame.h"

/* One connection as its consumer sees it. Lives until tcp_sink.close returned. */
struct tcp_connection {
    uint64_t id;            /* place in the run of its first packet; ascending */
    struct address ends[2]; /* [0] sent the first captured packet, or the SYN where there is one */
    bool from_start;        /* the SYN of ends[0] was captured */
    bool seen[2];           /* any packet from that end */
    uint64_t bytes[2];      /* payload bytes handed on from that end */
    uint64_t lost[2];       /* bytes given up as gaps */
    uint64_t gaps[2];
    uint64_t late[2];   /* bytes that came when their place was already given up or passed */
    uint64_t conflicts; /* retransmitted bytes that differ from the first copy */
    void *attachment;   /* the consumer's; NULL at first */
};

struct tcp_sink {
    void *context;
    /* Ordered bytes from ends[from]; `origin` has stream and stream_offset set. */
    void (*data)(void *context, struct tcp_connection *connection, int from, struct slice bytes,
                 const struct origin *origin);
    /* `size` bytes from ends[from] are missing here. */
    void (*gap)(void *context, struct tcp_connection *connection, int from, uint64_t size,
                const struct origin *origin);
    /* Both directions are over (FIN, RST, idle, port pair used again, end of input). */
    void (*close)(void *context, struct tcp_connection *connection);
};

struct tcp;

struct tcp *tcp_new(struct map_seed seed, const struct limits *limits, const struct tcp_sink *sink,
                    const struct event_sink *caps);
void tcp_free(struct tcp *tcp);

/* One segment (datagram.tcp is set). Decides the holes that are due at its time first. */
void tcp_feed(struct tcp *tcp, const struct datagram *segment);

/* Time goes on without a segment: decides the holes that are due. */
void tcp_tick(struct tcp *tcp, int64_t now);

/* The input ends: every hole is a gap, every connection is closed, in order of id. */
void tcp_end(struct tcp *tcp);

/*
 * False when no bytes wait behind a hole. Else *out is the earliest (time,
 * input, record) that a later call can still hand on.
 */
bool tcp_watermark(const struct tcp *tcp, struct origin *out);

#endif
