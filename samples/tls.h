/*
 * A TLS 1.2 connection with TLS_RSA_WITH_AES_128_GCM_SHA256 (RFC 5246, RFC 5288)
 * as a capture shows it, and the line for a key log that opens it again.
 *
 * Nothing is negotiated or verified: the master secret is drawn, the encrypted
 * premaster secret is random bytes, since only the key log is to open it.
 */
#ifndef OCSIGHT_SAMPLES_TLS_H
#define OCSIGHT_SAMPLES_TLS_H

#include "analyzer/engine/buffer.h"
#include "samples/random.h"

/* Client, server, client, server. */
enum { TLS_FLIGHTS = 4 };

struct tls;

/* Appends its CLIENT_RANDOM line to `keylog`. */
struct tls *tls_new(struct random *random, struct buffer *keylog);
void tls_free(struct tls *tls); /* NULL is allowed */

/* The records of one flight of the handshake, to be asked for in order. */
void tls_handshake(struct tls *tls, unsigned flight, struct buffer *out);

/* Application data in as many records as it needs. */
void tls_seal(struct tls *tls, bool client, struct slice bytes, struct buffer *out);

#endif
