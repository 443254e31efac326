/*
 * Which ends of a UDP conversation were heard: small records of address pairs,
 * kept only for the coverage totals.
 *
 * Private to the stream*.c files.
 */
#ifndef OCSIGHT_DECODERS_STREAM_UDP_H
#define OCSIGHT_DECODERS_STREAM_UDP_H

#include "decoders/frame.h"

struct flow_totals {
    uint64_t read;      /* conversations with at least one SIP message */
    uint64_t one_sided; /* of them */
    bool capped;        /* limits.connections was reached: the idlest were concluded early */
};

struct flows {
    struct map table;
    size_t max;
    const struct event_sink *coverage;
    struct flow_totals totals; /* of those that are concluded */
};

void flows_init(struct flows *flows, struct map_seed seed, const struct limits *limits,
                const struct event_sink *coverage);
void flows_dispose(struct flows *flows);

/* One SIP message; `awaits` = a request that somebody must answer. */
void flows_note(struct flows *flows, const struct datagram *datagram, bool awaits);

/* Concludes every conversation, in the order in which they were last heard. */
void flows_end(struct flows *flows);

#endif
