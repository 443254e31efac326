/*
 * The lanes of a page: their lines, and the strips that say which presence users had.
 */
#ifndef OCSIGHT_REPORTS_LADDER_LINES_H
#define OCSIGHT_REPORTS_LADDER_LINES_H

#include "reports/ladder_pen.h"

/* What goes on from one page to the next. */
struct ladder_lines {
    size_t next;                                                /* part that has not begun */
    const struct ladder_part *live[LADDER_LANES][LADDER_SLOTS]; /* NULL = nothing is known */
};

void ladder_lines_begin(struct ladder_lines *lines, const struct ladder_model *model);

/* Pages in their order. */
void ladder_lines_draw(struct ladder_lines *lines, struct ladder_pen *pen,
                       const struct ladder_page *page);

#endif
