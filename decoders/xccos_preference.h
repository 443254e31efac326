/*
 * Preference documents of Group Chat clients: `pref` in getpref and setpref
 * (facts/xccos.md 1.12).
 *
 * The content is Base64. What that holds is not established, so it is sniffed:
 * gzip and zlib are inflated, text stays text, the rest stays bytes.
 *
 * A part of decoders/xccos.c's document. What one body may unpack to is bounded
 * by limits.preference_bytes, its `pref` elements by limits.body_facts.
 */
#ifndef OCSIGHT_DECODERS_XCCOS_PREFERENCE_H
#define OCSIGHT_DECODERS_XCCOS_PREFERENCE_H

#include "decoders/document.h"

/* What one `pref` says; `left` is what the body may still unpack to, and shrinks. */
struct chat_preference preference_read(const struct document *document,
                                       const struct xml_element *element, size_t *left);

#endif
