/*
 * Values of database rows in pseudonyms, so that they match what is made of captures under the same
 * key. Called by analyzer/redacted_peer.c; names, texts and identifiers are redact.h's.
 */
#ifndef OCSIGHT_DECODERS_REDACT_CELL_H
#define OCSIGHT_DECODERS_REDACT_CELL_H

#include "decoders/redact.h"

/* All borrowed until the next call of a redact function. */

/* A document as servers store it, in UTF-8 or UTF-16; what is none is replaced whole. */
struct slice redact_document(struct redactor *redactor, struct slice document);

/* The value of that header field as a server stores it: "User-Agent", "From". */
struct slice redact_field(struct redactor *redactor, struct slice name, struct slice value);

/* "fe01.contoso.example", an address, with a port behind it. */
struct slice redact_server(struct redactor *redactor, struct slice host);

/* A word of the protocol, a number or a GUID stays; anything else becomes an identifier. */
struct slice redact_word(struct redactor *redactor, struct slice word);

/* A GUID without a machine's address in it; that at the end of a room's URI, or a short number. */
bool redact_stays(struct slice value);
bool redact_stays_in_path(struct slice part);

#endif
