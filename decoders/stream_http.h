/*
 * HTTP at the front of a connection: recognised so that it is left alone, or
 * followed into a WebSocket that carries SIP.
 *
 * Private to stream.c and stream_carrier.c. RFC 9112 sections 2-4, RFC 6455 4.1-4.2, RFC 7118 4.
 */
#ifndef OCSIGHT_DECODERS_STREAM_HTTP_H
#define OCSIGHT_DECODERS_STREAM_HTTP_H

#include "analyzer/engine/slice.h"

enum { HTTP_HEAD_MAX = 16384 }; /* what servers accept: 8 to 16 KiB */

enum http_look { HTTP_NO, HTTP_YES, HTTP_MORE };

/* Do these bytes open with an HTTP request or status line? */
enum http_look http_look(struct slice bytes);

enum http_head {
    HTTP_HEAD_MORE,      /* the empty line has not come */
    HTTP_HEAD_WEBSOCKET, /* asks for, or grants, the sub-protocol "sip": frames follow the head */
    HTTP_HEAD_TUNNEL,    /* CONNECT: what follows may be anything */
    HTTP_HEAD_OTHER,
};

/* What a head that http_look() said yes to leads to; *size is what it takes. */
enum http_head http_head_read(struct slice bytes, size_t *size);

#endif
