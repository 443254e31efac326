/*
 * The few operations on SIP text that a .talk file asks for: put a written
 * message into wire form, answer a request, pass a message on to the next hop.
 */
#ifndef OCSIGHT_SAMPLES_SIPKIT_H
#define OCSIGHT_SAMPLES_SIPKIT_H

#include "analyzer/engine/buffer.h"

/*
 * Lines with LF become lines with CRLF (or stay, with `bare`), the blank line
 * after the headers is supplied where the text has none, and a Content-Length
 * written as "*" becomes the size of the body. The last line end of the text
 * does not belong to the body.
 */
void sipkit_assemble(struct slice text, bool bare, struct buffer *out);

/* Every line of the text with CRLF, and nothing else: a message that need not be one. */
void sipkit_lines(struct slice text, struct buffer *out);

/*
 * The start and header lines of a response to `request`, with LF as in a .talk
 * file: Via, From, To, Call-ID and CSeq are those of the request, however they
 * are spelt there. `tag` is given to the To of a final response that has none.
 */
void sipkit_answer(struct slice request, struct slice status, struct slice tag, struct buffer *out);

/* `message` as the next hop sends it on: a request with `via` on top and one hop less to go, a
 * response without its topmost Via. */
void sipkit_relay(struct slice message, struct slice via, struct buffer *out);

bool sipkit_is_request(struct slice message);

/* The method of a request, the status of a response: the second thing a reader asks. */
struct slice sipkit_method(struct slice message);

/* The value of the first header of that name, compact or not; empty without. */
struct slice sipkit_header(struct slice message, const char *name);

#endif
