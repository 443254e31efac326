/*
 * Text for people: how wide it is on a terminal, and what in it is dangerous.
 *
 * Everything that comes from input passes through text_safe() before it is
 * printed: control characters, escape sequences and bidirectional overrides are
 * shown escaped, bytes that are not UTF-8 as \xNN (design.md section 6). Width
 * counts terminal columns: Korean and most emoji take two, combining marks none.
 */
#ifndef OCSIGHT_REPORTS_TEXT_H
#define OCSIGHT_REPORTS_TEXT_H

#include "analyzer/engine/arena.h"
#include "reports/output.h"

/* The arguments of a %.*s. */
#define TEXT(slice) (int)(slice).size, (slice).data ? (slice).data : ""

/* A printable copy in the arena; line ends become " " unless `keep_lines`. */
struct slice text_safe(struct slice text, bool keep_lines, struct arena *arena);

/* text_safe() and text_fit() in one, always a copy; the cost does not grow with the text. */
struct slice text_brief(struct slice text, size_t columns, struct arena *arena);

/* printf into the arena; NUL after it, not counted. */
__attribute__((format(printf, 2, 3))) struct slice text_format(struct arena *arena,
                                                               const char *format, ...);

/* Terminal columns of safe text. */
size_t text_width(struct slice text);

/* The longest prefix of whole characters that fits into `columns`. */
struct slice text_prefix(struct slice text, size_t columns);

/* At most `columns` wide: itself, or its beginning and an ellipsis. */
struct slice text_fit(struct slice text, size_t columns, struct arena *arena);

/* At most `columns` wide, shortened in the middle so that both ends stay readable. */
struct slice text_fit_middle(struct slice text, size_t columns, struct arena *arena);

/* Writes text and blanks up to `columns`; text that is wider is written whole. */
void text_left(struct output *output, struct slice text, size_t columns);
void text_right(struct output *output, struct slice text, size_t columns);

/*
 * Writes a paragraph: lines of at most `columns`, broken at blanks, each but the
 * first preceded by `indent` blanks. The cursor is at column `start` and stays at
 * the end of the last line.
 */
void text_paragraph(struct output *output, struct slice text, size_t start, size_t indent,
                    size_t columns);

/* Length in bytes of the UTF-8 character at the front; 0 when it is not valid UTF-8. */
size_t text_character(struct slice text, uint32_t *out_code);

/* What a word ends in behind that number: "s", or nothing behind 1. */
const char *text_plural(uint64_t count);

#endif
