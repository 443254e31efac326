/*
 * One link of a talk as it runs: the TCP connection with its handshake, its
 * numbers and its habits, what is put around the bytes (TLS, WebSocket), or
 * plain datagrams.
 */
#ifndef OCSIGHT_SAMPLES_CONNECTION_H
#define OCSIGHT_SAMPLES_CONNECTION_H

#include "analyzer/engine/buffer.h"
#include "samples/wire.h"

struct tls;

struct connection {
    struct wire *wire;
    struct wire_path up; /* from the opener */
    bool stream;         /* TCP, else UDP */
    bool web;            /* HTTP: no WebSocket around it */
    bool opened;
    bool begun[2];            /* bytes were sent [upward] */
    uint32_t sequence[2];     /* next to be sent [upward] */
    size_t hidden[2];         /* mid-stream: so many bytes are not captured [upward] */
    struct buffer waiting[2]; /* glued to what comes next [upward] */
    struct tls *tls;          /* NULL in clear */
};

/* `keylog` gets the secrets of an encrypted connection. */
void connection_init(struct connection *connection, struct wire *wire, const struct wire_path *up,
                     bool stream, bool encrypted, struct buffer *keylog);

/* Sends a message, or other bytes. The connection opens itself. */
void connection_send(struct connection *connection, int64_t time, bool upward, struct slice bytes,
                     bool message);

/* Keeps bytes back until the next ones of that direction are sent. */
void connection_glue(struct connection *connection, bool upward, struct slice bytes);

/* FIN from both sides, and release. */
void connection_end(struct connection *connection, int64_t time);

#endif
