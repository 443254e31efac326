/*
 * What stands on every page around the rows: title block, running head, heads, footer.
 */
#ifndef OCSIGHT_REPORTS_LADDER_FURNITURE_H
#define OCSIGHT_REPORTS_LADDER_FURNITURE_H

#include "reports/ladder_pen.h"

/* The title block on the first page, else one line. `width` is that of the page. */
void ladder_furniture_top(struct ladder_pen *pen, size_t page, double width);

/* Names over the lanes and over the columns beside them. */
void ladder_furniture_heads(struct ladder_pen *pen, double top);

/* "page x of y", and what the signs mean unless the page has none. */
void ladder_furniture_foot(struct ladder_pen *pen, size_t page, double width, double height,
                           bool legend);

#endif
