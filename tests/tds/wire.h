/*
 * One connection's bytes: plain, or TLS over the same socket.
 *
 * TLS runs on memory buffers (not on the socket), because its handshake travels inside TDS
 * packets, and because a login-only encryption ends after the login: nothing of what follows may
 * have been swallowed by then.
 */
#ifndef OCSIGHT_TESTS_TDS_WIRE_H
#define OCSIGHT_TESTS_TDS_WIRE_H

#include <openssl/ssl.h>

#include "tests/tds/bytes.h"

struct wire {
    int socket;
    SSL *tls; /* NULL = plain */
    BIO *from_peer;
    BIO *to_peer;
};

/* All of it, or false: the peer is gone. */
bool wire_read(struct wire *wire, void *data, size_t size);
bool wire_write(struct wire *wire, const void *data, size_t size);

/* Waits so long for something to read; true also when the peer is gone. */
bool wire_waiting(struct wire *wire, int milliseconds);

/* The socket itself, whatever lies over it. */
bool wire_read_raw(struct wire *wire, void *data, size_t size);
bool wire_write_raw(struct wire *wire, const void *data, size_t size);

/* Takes TLS off again: the rest is plain. */
void wire_bare(struct wire *wire);

#endif
