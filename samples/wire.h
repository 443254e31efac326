/*
 * Datagrams and segments into captured packets: transport, IP with fragments,
 * tunnel and link headers as the form asks, valid checksums throughout.
 *
 * Normative: RFC 791, 8200, 768, 9293, 2784, 2890, 2003, 2516, IEEE 802.1Q/ad,
 * ERSPAN type II (draft-foschiano-erspan).
 */
#ifndef OCSIGHT_SAMPLES_WIRE_H
#define OCSIGHT_SAMPLES_WIRE_H

#include "analyzer/engine/slice.h"
#include "samples/form.h"
#include "samples/random.h"
#include "samples/writer.h"

enum { WIRE_FIN = 0x01, WIRE_SYN = 0x02, WIRE_RST = 0x04, WIRE_PUSH = 0x08, WIRE_ACK = 0x10 };

struct wire {
    const struct form *form;
    struct writer *writer;
    struct random random;
    int64_t now; /* ns: time of the last packet */
    uint16_t ip_id;
    uint32_t tunnel_sequence;
    uint64_t packets;
    uint64_t segments; /* TCP segments with payload, lost ones included */
};

struct wire_end {
    uint8_t host[4];
    uint16_t port;
};

/* One direction of a conversation. */
struct wire_path {
    struct wire_end from;
    struct wire_end to;
    bool upward;        /* from the one who opened it */
    unsigned interface; /* of a mixed capture */
};

struct wire_segment {
    uint32_t sequence;
    uint32_t acknowledged;
    uint8_t flags;
    struct slice payload;
};

/* Packets leave in the order of the calls; a time that lies before the last packet is moved behind
 * it. */
void wire_segment(struct wire *wire, const struct wire_path *path, int64_t time,
                  const struct wire_segment *segment);
void wire_datagram(struct wire *wire, const struct wire_path *path, int64_t time,
                   struct slice payload);

#endif
