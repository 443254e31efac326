/* SIP over WebSocket (RFC 6455, RFC 7118): the opening handshake and message frames. */
#ifndef OCSIGHT_SAMPLES_WEBSOCKET_H
#define OCSIGHT_SAMPLES_WEBSOCKET_H

#include "analyzer/engine/buffer.h"
#include "samples/random.h"

/* The client's request or the server's answer. */
void websocket_open(bool client, struct buffer *out);

/* One SIP message as one text frame; a client masks it. */
void websocket_frame(struct random *random, bool client, struct slice message, struct buffer *out);

#endif
