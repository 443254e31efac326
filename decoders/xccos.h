/*
 * XCCOS, the chat protocol of Group Chat and Persistent Chat: one `xccos`
 * envelope in a text/plain body (facts/xccos.md parts 1 and 8.6).
 *
 * An entry of decoders/body.c's table. Each child of the envelope is one
 * EVENT_CHAT, unknown children included. Element and id names are compared
 * without case, attribute names with it. Further envelopes in the same body were
 * never seen; they are read, up to limits.envelopes, and said to be there.
 */
#ifndef OCSIGHT_DECODERS_XCCOS_H
#define OCSIGHT_DECODERS_XCCOS_H

#include "decoders/document.h"

/* Reads the envelope; other text is left alone, it is not an error. */
void xccos_decode_if_root(const struct document *document);

#endif
