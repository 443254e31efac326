/*
 * One SIP message as people read it: start line, headers, and the body laid out.
 *
 * For the page and for the appendix of a drawing. XML gets a line and an indent for each
 * element, by its tags alone: nothing is interpreted, nothing but white space between tags
 * changes, and what is no XML stands as it came. Total: any bytes are legal input.
 */
#ifndef OCSIGHT_REPORTS_MESSAGE_TEXT_H
#define OCSIGHT_REPORTS_MESSAGE_TEXT_H

#include "analyzer/engine/arena.h"
#include "analyzer/engine/slice.h"

/*
 * Safe text (text.h) in the arena, lines ended by '\n'. `raw` is a message as framed, its secrets
 * masked already. At most about `most` bytes; a last line then says how many more there were.
 */
struct slice message_text(struct slice raw, size_t most, struct arena *arena);

#endif
