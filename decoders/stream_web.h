/*
 * HTTP on a connection: its requests and responses paired in order, and those of the
 * chat web services told as EVENT_HTTP. Everything else is passed over.
 *
 * Private to stream.c and stream_carrier.c. A request that concerns nobody costs the
 * reading of its head. A response is only read behind a request of ours: what it
 * answers is not written in it. After lost bytes a response that no request is known
 * for is passed over, and where requests were sent without waiting for their
 * responses the pairing is given up. RFC 9112 section 9.
 */
#ifndef OCSIGHT_DECODERS_STREAM_WEB_H
#define OCSIGHT_DECODERS_STREAM_WEB_H

#include "decoders/stream_way.h"

/* One way of the conversation turned out to be HTTP: both are, unless the other is SIP. */
void web_begin(struct streams *streams, struct conversation *conversation, int from);

/* A way that does not begin like HTTP while the other one is: false when it carries SIP. */
bool web_join(struct conversation *conversation, int from);

/* Reads `span` from `at` on; returns how far it came. */
size_t web_consume(struct streams *streams, struct conversation *conversation, int from,
                   const struct span *span, size_t at);

/* `size` bytes of that way are missing. */
void web_gap(struct streams *streams, struct conversation *conversation, int from, uint64_t size,
             const struct origin *origin);

/* Nothing more comes: what breaks off is told as far as it goes. */
void web_end(struct streams *streams, struct conversation *conversation, int from);

void web_free(struct web *web);

#endif
