/*
 * A SIP message without its secrets, for whoever keeps or shows messages: the store, the page.
 *
 * Every secret character becomes `~`; blanks and line ends stay, and colons of a value in XML
 * that has no end. The size stays the same, so that Content-Length, offsets and folded lines stay
 * true, with one exception: a file token
 * becomes a name of at least 17 characters that says its hash (decoders/ticket.h), and where
 * the token was shorter, Content-Length grows with it. Parsing what comes out gives the same
 * message and the same facts, and masking it once more changes nothing.
 *
 * Masked are
 *  - credentials, challenges and Authentication-Info (RFC 3261 20.6, 20.7, 20.27, 20.28, 20.44;
 *    RFC 8760): known schemes, names of parameters, realm, targetname and the like stay;
 *    header lines that are none, and what stands before the start line, go as well, because a
 *    damaged authentication header can hide there;
 *  - the password of a SIP URI (RFC 3261 19.1.1) in the start line and in headers;
 *  - file tokens in XML bodies: attribute or text of an element `token` (facts/xccos.md 1.13), and
 *    GUIDs under other names with "token" or "ticket" in them;
 *  - keys in SDP: a=crypto (RFC 4568 9.1), k= (RFC 4566 5.12), a=ice-pwd (RFC 8839 5.4);
 *  - what a name with "passw", "secret" or "credential" in it holds.
 * Bodies are searched as text whatever their type is, each part of a multipart body too, in
 * UTF-8 and UTF-16; parts in Base64 are decoded, masked and encoded again.
 *
 * Called by whoever writes a store or shows whole messages. Total: any bytes are legal input.
 */
#ifndef OCSIGHT_DECODERS_MASK_H
#define OCSIGHT_DECODERS_MASK_H

#include "analyzer/engine/buffer.h"

/*
 * `raw` is one message as framed; the buffer is emptied first and gets the masked one. False,
 * with an empty buffer, when its maximum does not suffice: twice the size of `raw` always does.
 */
bool mask_message(struct slice raw, struct buffer *out);

/* ---- for the mask*.c files alone; what they append grows by tokens only ---- */

/* A body with its parts in Base64. */
bool mask_parts(struct slice body, struct buffer *out);

/* A text with its elements and SDP lines. */
bool mask_text(struct slice text, struct buffer *out);

/* File tokens and passwords in XML. */
bool mask_elements(struct slice text, struct buffer *out);

/* A secret in place: everything but blanks and line ends becomes `~`. */
void mask_fill(char *data, size_t size);

#endif
