/*
 * One direction of a TCP connection: from sequence numbers to positions, from
 * segments to ordered bytes and gaps.
 *
 * Private to decoders/tcp.c (connections) and decoders/tcp_half.c (directions);
 * the contract is tcp.h.
 *
 * A position is a sequence number made 64 bits wide, so that it never wraps.
 * What a direction knows of its beginning grows:
 *
 *   UNKNOWN  nothing was seen of it
 *   HINTED   `next` is what the peer acknowledged, or where a segment without
 *            data stood; nothing waits
 *   HELD     data came before anything told where the stream stands: they wait
 *            for the peer's acknowledgement or HOLD_WAIT, so that a capture which
 *            starts amid reordered segments loses none of them
 *   FIRM     `next` is certain
 *
 *   UNKNOWN -> HINTED  acknowledgement, segment without data
 *   UNKNOWN -> HELD    data
 *   HINTED  -> FIRM    data, SYN, an acknowledgement of what was sent since a segment without data
 *   HELD    -> FIRM    acknowledgement, SYN, time, cap, end
 *   UNKNOWN -> FIRM    SYN, a segment of which no byte was captured
 */
#ifndef OCSIGHT_DECODERS_TCP_HALF_H
#define OCSIGHT_DECODERS_TCP_HALF_H

#include "analyzer/engine/timers.h"
#include "decoders/tcp.h"
#include "decoders/tcp_history.h"
#include "decoders/tcp_waiting.h"

enum half_phase { HALF_UNKNOWN, HALF_HINTED, HALF_HELD, HALF_FIRM };

struct half {
    enum half_phase phase;
    bool begun;      /* `start` is set: by a SYN, or by what was handed on first */
    bool ended;      /* a FIN was seen, at position fin */
    bool placed;     /* HINTED: the sender said itself that it had sent nothing beyond `next` */
    bool acked_past; /* the hole's deadline already follows from an acknowledgement */
    uint64_t start;  /* position of stream offset 0 */
    uint64_t next;   /* position of the next byte to hand on */
    uint64_t acked;  /* the peer has everything before it; 0 = not known */
    uint64_t reach;  /* bytes before it were on the wire though they were not captured */
    uint64_t fin;
    uint64_t gap_from; /* the latest gap, to know late bytes when they come */
    uint64_t gap_to;
    int64_t hole_since;
    uint64_t history; /* its latest record in struct history */
    struct waiting waiting;
    struct timer hole; /* set while there is a hole; kind is the direction */
};

/* One connection. */
struct talk {
    struct tcp_connection connection; /* what the consumer sees */
    struct half halves[2];            /* [0] is sent by connection.ends[0] */
    struct map_entry *entry;
    bool flipped; /* ends[0] is the second of the key's ends */
    bool ending;  /* a FIN or RST was seen */
    bool reset;
    int reset_from;
    struct timer close; /* set when both directions are over */
};

struct tcp {
    struct map talks; /* the idlest first */
    struct talk *latest;
    uint64_t next_id;
    struct tcp_sink sink;
    struct event_sink caps;
    size_t max_connections;
    size_t max_waiting;
    size_t max_waiting_total;
    struct waiting_room room;
    struct history history;
    struct timers holes;
    struct timers closings;
    struct origin now; /* of the latest segment, its time moved on by tcp_tick() */
};

/* A cap was reached; `from` is the direction, or -1 for the connection. */
void tcp_report_cap(const struct tcp *tcp, const struct talk *talk, int from, const char *name);

/* How far a segment may lie from the next byte and still be of this connection (RFC 7323 2.3). */
#define HALF_SPAN (UINT64_C(1) << 30)

/* Is the sequence number so far away that no window explains it? */
bool half_is_foreign(const struct half *half, uint32_t sequence);

/* Does this SYN begin the stream that is known, being late or sent twice? */
bool half_fits_syn(const struct half *half, uint32_t sequence);

/* The first byte has this sequence number. */
void half_begin(struct tcp *tcp, struct talk *talk, int from, uint32_t sequence);

/* The other end acknowledged what was sent `from` this one, up to `sequence`. */
void half_acknowledge(struct tcp *tcp, struct talk *talk, int from, uint32_t sequence);

/* What a segment says about its own direction: payload, FIN, where it stands. */
void half_feed(struct tcp *tcp, struct talk *talk, int from, const struct datagram *segment);

/* The other end was seen for the first time, so it may still acknowledge. */
void half_meet_peer(struct tcp *tcp, struct talk *talk, int from);

/* Gives up the hole in front: a gap, then what waited behind it. */
void half_decide(struct tcp *tcp, struct talk *talk, int from);

/* Nothing more will come: all holes are given up, what was acknowledged and never seen is a gap. */
void half_finish(struct tcp *tcp, struct talk *talk, int from);

/* Was everything up to its FIN handed on? */
bool half_is_over(const struct half *half);

#endif
