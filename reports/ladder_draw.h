/*
 * Draws a laid-out ladder on its canvas: all pages, then the bookmarks.
 */
#ifndef OCSIGHT_REPORTS_LADDER_DRAW_H
#define OCSIGHT_REPORTS_LADDER_DRAW_H

#include "reports/ladder_layout.h"

void ladder_draw(const struct ladder_layout *layout);

#endif
