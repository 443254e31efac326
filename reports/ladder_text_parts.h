/*
 * What the files of the ladder in characters share: reports/ladder_text.c draws the
 * rows, reports/ladder_text_heads.c what stands above them.
 */
#ifndef OCSIGHT_REPORTS_LADDER_TEXT_PARTS_H
#define OCSIGHT_REPORTS_LADDER_TEXT_PARTS_H

#include "reports/canvas_text.h"
#include "reports/ladder_text.h"
#include "reports/ladder_walk.h"

enum { LADDER_TIME_WIDTH = 12 };

/* What the lines are drawn with. */
struct ladder_strokes {
    struct slice lane;
    struct slice solid;
    struct slice dashed;
    struct slice torn;
    struct slice idle;
    struct slice bands[BANDS]; /* beside the lane of a user with that presence; "" = nothing */
};

struct text_ladder {
    const struct ladder_model *model;
    const struct summary *summary;
    const struct report_style *style;
    const struct ladder_strokes *strokes;
    struct output *output;
    struct arena arena; /* of one line */
    struct text_line line;
    size_t record_width;
    size_t marker_width;
    size_t lanes_left; /* column of the first lane */
    size_t lanes_right;
    size_t columns;
    bool listed;   /* too many lanes for the width: rows name their parties instead */
    bool lettered; /* heads are letters */
    bool roles;    /* some lane has one */
    bool shortened[LADDER_LANES]; /* no room for the whole name, role or address in the head */
    size_t lane_column[LADDER_LANES + 1];
    uint64_t step_told; /* message whose step was drawn last */
    bool bands_used[BANDS];
    size_t next_part;            /* of the strips: the first that has not begun */
    uint8_t strip[LADDER_LANES]; /* enum band that is drawn beside each lane now */
    bool several[LADDER_LANES];  /* users at that lane: none is drawn */
};

/* At most so wide, also without our own ellipsis where only ASCII is wanted. */
struct slice ladder_text_fit(struct text_ladder *self, struct slice text, size_t columns,
                             bool middle);

/* Where a text begins that is centred on `column`, but inside the lines and not before `least`. */
size_t ladder_text_centred(const struct text_ladder *self, size_t column, size_t width,
                           size_t least);

/* Time, packet number and finding of a row. */
void ladder_text_left(struct text_ladder *self, const struct ladder_row *row);

/* What a message is, with its meaning or without. */
struct slice ladder_text_label(struct text_ladder *self, const struct ladder_row *row,
                               bool with_meaning);
enum text_tone ladder_text_tone(const struct ladder_row *row);

/* One step in the form of a list. */
void ladder_text_list(struct text_ladder *self, const struct ladder_step *step);

/* "A", "B" ... "27" */
struct slice ladder_text_letter(struct text_ladder *self, size_t place);

/* Ends the line that was put together. */
void ladder_text_end_line(struct text_ladder *self);

/* The heading, what letters and shades mean, and the heads of the lanes. */
void ladder_text_heads(struct text_ladder *self, const char *title);

#endif
