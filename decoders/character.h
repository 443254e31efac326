/*
 * Characters of XML documents, for who reads text that only may be XML: mask*.c and redact*.c.
 * Documents themselves are read by libxml2 (xml.h), which means the same.
 */
#ifndef OCSIGHT_DECODERS_CHARACTER_H
#define OCSIGHT_DECODERS_CHARACTER_H

#include "analyzer/engine/buffer.h"

/* Control characters and halves of pairs are no characters of a document. XML 1.0 section 2.2. */
bool character_is_legal(uint32_t code);

/* `name` is what stands between "&" and ";": "amp", "#38", "#x26". XML 1.0 section 4.1, 4.6. */
bool character_reference(struct slice name, uint32_t *out);

/* In UTF-8 (RFC 3629). Half a pair becomes three bytes, which no document may hold. */
void character_append(struct buffer *out, uint32_t code);

#endif
