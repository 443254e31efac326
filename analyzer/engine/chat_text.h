/*
 * What of a message's text tells it from others (facts/xccos.md 1.7).
 *
 * Posts send CR LF, an XML reader makes LF of it; and the database holds links as
 * an HTML element, so that a copy may carry markup that was not posted. Both are
 * taken out here. Everything else counts.
 */
#ifndef OCSIGHT_ANALYZER_ENGINE_CHAT_TEXT_H
#define OCSIGHT_ANALYZER_ENGINE_CHAT_TEXT_H

#include "analyzer/engine/buffer.h"

/* Appends the text with its line ends as LF and each <a ...>link</a> as its text. */
void chat_text_plain(struct buffer *out, struct slice text);

#endif
