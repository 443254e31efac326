/*
 * Recognises TLS records in the bytes of one direction, from its first byte or
 * from the middle. Nothing is decrypted.
 *
 * Private to the stream*.c files. A record header is type 20-23, version 3.0-3.4 and a
 * length a record can have (RFC 8446 5.1, RFC 5246 6.2.1); two that follow each
 * other, or one that begins the direction as a handshake, are TLS. The result
 * does not depend on how the bytes are cut.
 */
#ifndef OCSIGHT_DECODERS_STREAM_TLS_H
#define OCSIGHT_DECODERS_STREAM_TLS_H

#include "analyzer/engine/slice.h"

enum { TLS_HEADER = 5, TLS_PROBE_MAX = 128 * 1024 };

/* Zeroed = nothing read yet. */
struct tls_probe {
    unsigned char header[TLS_HEADER]; /* the last bytes read, oldest first */
    unsigned have;                    /* of header */
    unsigned records;                 /* that followed each other so far */
    uint64_t left;                    /* of the record being passed */
    uint64_t read;                    /* bytes since the start, or since the gap */
};

/*
 * True once these bytes are known to be TLS. Gives up after TLS_PROBE_MAX bytes:
 * two records are seen long before.
 */
bool tls_probe_feed(struct tls_probe *probe, struct slice bytes);

/* Nothing more comes: one record that takes everything is TLS too. */
bool tls_probe_end(const struct tls_probe *probe);

#endif
