/*
 * SHA-256 of an input file, as evidence of what a report was made from. The only
 * user of libcrypto's digests.
 */
#ifndef OCSIGHT_ANALYZER_DIGEST_H
#define OCSIGHT_ANALYZER_DIGEST_H

#include <stdbool.h>

enum { DIGEST_TEXT = 65 };

/* Hex digits; false and "" when the file cannot be read again (standard input, a pipe). */
bool digest_file(const char *path, char out[static DIGEST_TEXT]);

#endif
