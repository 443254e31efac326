/*
 * A chat message as XCCOS writes it: `grpchat`, and `msg` in a history reply
 * (facts/xccos.md 1.7). Same fields, different element names.
 *
 * A part of decoders/xccos.c's document.
 */
#ifndef OCSIGHT_DECODERS_XCCOS_POST_H
#define OCSIGHT_DECODERS_XCCOS_POST_H

#include "decoders/document.h"

/* What the attributes of the element say; the text comes later. */
struct chat_post xccos_post(const struct document *document, const struct xml_element *element);

/* The collected character data as the text of the post, exactly as the XML reader gave it. */
void xccos_post_text(const struct document *document, struct chat_post *post);

/* A room URI as a key: in lower case, without blanks around it. */
struct slice xccos_room_uri(const struct document *document, struct slice uri);

/* "ma-chan://domain/value" of an element that has the two apart; "" when it has neither. */
struct slice xccos_split_uri(const struct document *document, const struct xml_element *element);

#endif
