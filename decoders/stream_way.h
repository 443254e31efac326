/*
 * The state of one TCP connection as stream.c and its helpers see it: two ways,
 * each with what it carries and the bytes that are no whole message yet.
 *
 * Private to stream.c (connections), stream_carrier.c (bytes to messages) and
 * stream_note.c (messages and coverage out); stream_web.c reads HTTP.
 *
 *        NEW ----------- first line is not HTTP ----------> SIP (or unknown)
 *         |                                                  ^
 *         +-- HTTP line --> HTTP --- CONNECT ----------------+
 *                            |
 *                            +-- sub-protocol sip --> WEBSOCKET -- no frames --> NEW
 *                            +-- anything else --> WEB; without an end --> OTHER
 *
 * SIP stands for unknown bytes too: start lines are looked for as long as the
 * way lives. TLS or compression ends it for both ways.
 */
#ifndef OCSIGHT_DECODERS_STREAM_WAY_H
#define OCSIGHT_DECODERS_STREAM_WAY_H

#include "analyzer/engine/buffer.h"
#include "decoders/stream.h"
#include "decoders/stream_tls.h"
#include "decoders/stream_udp.h"
#include "decoders/websocket.h"
#include "decoders/xml.h"

enum carrier {
    CARRIER_NEW,
    CARRIER_HTTP,
    CARRIER_SIP,
    CARRIER_WEBSOCKET,
    CARRIER_WEB,
    CARRIER_OTHER
};

/* Lost bytes that are not reported yet: whether the connection is SIP is not known. */
struct gap_memory {
    uint64_t count;
    uint64_t bytes;
    struct origin first;
};

/* One direction of a connection. */
struct way {
    enum carrier carrier;
    struct buffer pending; /* begins at a message, or at what may become a start line */
    size_t needed;         /* total size of `pending` for the next step; 0 = not known */
    size_t scanned;        /* of its headers, already read */
    uint64_t passing;      /* bytes of a lost body still to come behind a gap */
    bool loose;            /* the next message may begin in the middle of its start line */
    bool after_gap;        /* the next message is the first behind lost bytes */
    uint64_t junk;         /* bytes skipped since the last message */
    uint64_t junk_visible; /* those that are no line end */
    struct origin junk_at;
    uint64_t bytes; /* all that came */
    uint64_t messages;
    struct gap_memory gaps;
    struct origin first; /* of the first bytes */
    struct origin last;  /* of the latest bytes */
    size_t last_size;    /* how many those were */
    struct tls_probe tls;
    struct websocket *websocket; /* NULL until it is one */
    bool frames_lost;            /* WebSocket: a frame must be found again */
};

enum unread { UNREAD_NOTHING, UNREAD_ENCRYPTED, UNREAD_COMPRESSED };

struct web;

/* What hangs on a struct tcp_connection. */
struct conversation {
    struct way ways[2];
    const struct tcp_connection *connection;
    enum unread unread;
    uint64_t unread_bytes; /* that the captures hold but no one can read */
    struct origin unread_from;
    bool offered;       /* NEGOTIATE with a Compression header awaits its answer */
    bool gapped;        /* a gap, or a beginning in the middle, was reported */
    struct web *web;    /* NULL unless it is HTTP */
    uint64_t web_calls; /* messages of the chat web services */
};

struct streams {
    struct limits limits;
    struct stream_sink sink;
    struct event_sink coverage;
    struct coverage_summary totals; /* TCP, of connections that are closed */
    struct flows flows;
    struct xml_reader *xml; /* of web services; NULL until there is one */
    struct arena arena;     /* of one message of theirs */
};

/* A run of bytes of one way with its place in the stream. */
struct span {
    struct slice bytes;
    uint64_t offset; /* of bytes.data[0] in that direction's stream */
    struct origin origin;
    bool final; /* a gap or the end follows */
};

static inline bool conversation_is_sip(const struct conversation *conversation)
{
    return conversation->ways[0].messages + conversation->ways[1].messages > 0;
}

/* ---- stream_carrier.c ---- */

/* Takes what is whole; returns how many bytes are done with. What is left begins what may follow.
 */
size_t carrier_consume(struct streams *streams, struct conversation *conversation, int from,
                       const struct span *span);

/* ---- stream_note.c ---- */

/* One message that begins at `offset` of its stream. Reports first what belongs before it. */
void note_unit(struct streams *streams, struct conversation *conversation, int from,
               const struct origin *origin, uint64_t offset, struct slice raw, uint32_t flags);

void note_gap(struct streams *streams, struct conversation *conversation, int from, uint64_t size,
              const struct origin *origin);

void note_cap(struct streams *streams, struct conversation *conversation, int from,
              const struct origin *origin, const char *cap, uint64_t bytes);

/* Skipped bytes that were no message. */
void note_junk(struct streams *streams, const struct origin *origin, uint64_t size);

/* What the whole connection comes to, and the totals. */
void note_close(struct streams *streams, struct conversation *conversation);

#endif
