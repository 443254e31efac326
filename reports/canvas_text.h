/*
 * One line of characters that texts are put into at columns, later over earlier.
 *
 * Wide characters take two cells; a text that would end in half of one is cut
 * before it. Used for the ladder on a terminal, where each line is drawn and
 * written before the next.
 */
#ifndef OCSIGHT_REPORTS_CANVAS_TEXT_H
#define OCSIGHT_REPORTS_CANVAS_TEXT_H

#include "reports/output.h"

enum text_tone { TONE_PLAIN, TONE_BOLD, TONE_FAINT, TONE_RED, TONE_YELLOW, TONE_GREEN, TONE_TONES };

struct text_cell {
    struct slice character; /* with its combining marks; empty = a blank */
    uint8_t tone;
    bool covered; /* the right half of a wide character */
};

struct text_line {
    struct text_cell *cells;
    size_t columns;
    bool ascii;  /* an ellipsis becomes a full stop */
    bool colour; /* tones are written as terminal colours */
};

void text_line_init(struct text_line *line, size_t columns, bool ascii, bool colour);
void text_line_dispose(struct text_line *line);

/* All blank again. */
void text_line_clear(struct text_line *line);

/* Safe text from `column` on, cut at the end of the line; borrowed until the line is written. */
void text_line_put(struct text_line *line, size_t column, struct slice text, enum text_tone tone);

/* The same character in columns from .. to, both included. */
void text_line_fill(struct text_line *line, size_t from, size_t to, struct slice character,
                    enum text_tone tone);

/* Writes the line without blanks at its end. */
void text_line_write(const struct text_line *line, struct output *output);

#endif
