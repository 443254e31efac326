/*
 * The rows of a drawn ladder: arrows, presence, gaps, and what is between them.
 */
#ifndef OCSIGHT_REPORTS_LADDER_ROWS_H
#define OCSIGHT_REPORTS_LADDER_ROWS_H

#include "reports/ladder_pen.h"

/* Pale grounds lead the eye from the time to the arrow and show where findings are. */
void ladder_rows_grounds(struct ladder_pen *pen, const struct ladder_page *page);

/* Everything that stands on the lanes of a page. */
void ladder_rows_draw(struct ladder_pen *pen, const struct ladder_page *page);

#endif
