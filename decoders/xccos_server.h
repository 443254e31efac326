/*
 * What is asked of the chat service as a whole, and what it says of itself: `sib`,
 * `inv` and `qib` (facts/xccos.md 1.4, 1.5).
 *
 * A part of decoders/xccos.c's document.
 */
#ifndef OCSIGHT_DECODERS_XCCOS_SERVER_H
#define OCSIGHT_DECODERS_XCCOS_SERVER_H

#include "decoders/document.h"

/* The `sib` of a reply; that of a command asks and says nothing. */
void server_read_sib(const struct document *document, const struct xml_element *element,
                     struct chat_fact *fact);

void server_read_inv(const struct document *document, const struct xml_element *element,
                     struct chat_fact *fact);
void server_read_qib(const struct document *document, const struct xml_element *element,
                     struct chat_fact *fact);

#endif
