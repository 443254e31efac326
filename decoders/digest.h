/*
 * SHA-256: of an input file, as evidence of what a report was made from, of message bodies,
 * of which a store keeps each once, and of names that become pseudonyms. The only user of
 * libcrypto's digests.
 */
#ifndef OCSIGHT_DECODERS_DIGEST_H
#define OCSIGHT_DECODERS_DIGEST_H

#include <stdbool.h>

#include "analyzer/engine/slice.h"

enum { DIGEST_BYTES = 32, DIGEST_TEXT = 65 };

/* Hex digits; false and "" when the file cannot be read again (standard input, a pipe). */
bool digest_file(const char *path, char out[static DIGEST_TEXT]);

/* For many short texts: what a digest needs is made once. */
struct digest;

struct digest *digest_new(void);
void digest_free(struct digest *digest);
void digest_bytes(struct digest *digest, struct slice bytes,
                  unsigned char out[static DIGEST_BYTES]);

#endif
