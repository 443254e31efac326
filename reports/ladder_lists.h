/*
 * What stands below a drawn ladder: notes, findings, inputs.
 */
#ifndef OCSIGHT_REPORTS_LADDER_LISTS_H
#define OCSIGHT_REPORTS_LADDER_LISTS_H

#include "reports/ladder_pen.h"

void ladder_lists_draw(struct ladder_pen *pen, const struct ladder_page *page);

#endif
