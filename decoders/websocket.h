/*
 * WebSocket frames to messages, for one direction of a connection.
 *
 * Private to the stream*.c files. RFC 6455 section 5: masking, fragments, control frames
 * between them. One message carries one SIP message (RFC 7118 5). Not handled:
 * extensions (a frame with a reserved bit, permessage-deflate, is counted and
 * passed over).
 */
#ifndef OCSIGHT_DECODERS_WEBSOCKET_H
#define OCSIGHT_DECODERS_WEBSOCKET_H

#include "analyzer/engine/buffer.h"

enum { WEBSOCKET_HEADER = 14, WEBSOCKET_PEEK = 64 };

struct websocket {
    unsigned char header[WEBSOCKET_HEADER];
    size_t have;         /* bytes of the header so far */
    size_t header_size;  /* 0 = not known yet */
    uint64_t position;   /* where the next bytes lie in the stream; set by the owner */
    uint64_t frame_at;   /* where the frame begins */
    uint64_t message_at; /* where the first frame of the message begins */
    uint64_t left;       /* payload bytes of the frame still to come */
    uint64_t payload_at; /* payload bytes of the frame so far, for the mask */
    bool passing;        /* the payload is not wanted: control frame, extension, over the cap */
    bool in_message;     /* a fragment came, its last has not */
    bool spoiled;        /* the message had a frame that could not be taken */
    struct buffer message;
};

enum websocket_status {
    WEBSOCKET_MORE,     /* all bytes taken, nothing whole */
    WEBSOCKET_MESSAGE,  /* websocket->message is one; stays until the next call */
    WEBSOCKET_CAPPED,   /* a message over the cap was passed over */
    WEBSOCKET_DEFLATED, /* a message that an extension changed was passed over */
    WEBSOCKET_BROKEN,   /* these are no frames */
};

void websocket_init(struct websocket *websocket, size_t message_max);
void websocket_dispose(struct websocket *websocket);

/* Lost bytes: what was begun is forgotten. */
void websocket_reset(struct websocket *websocket);

/*
 * Takes bytes up to the next thing to tell; *used of them. Progress is
 * guaranteed except with BROKEN, which leaves the bytes that are no frame.
 */
enum websocket_status websocket_feed(struct websocket *websocket, struct slice bytes, size_t *used);

/*
 * If these bytes could open with the header of a data frame: the first bytes of
 * its payload, unmasked, and how many. Finds the way back after lost bytes.
 */
size_t websocket_peek(struct slice bytes, char out[static WEBSOCKET_PEEK]);

#endif
