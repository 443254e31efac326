/*
 * Draws a laid-out timeline on its canvas: all pages, then the bookmarks.
 */
#ifndef OCSIGHT_REPORTS_TIMELINE_DRAW_H
#define OCSIGHT_REPORTS_TIMELINE_DRAW_H

#include "reports/timeline_layout.h"

void timeline_draw(const struct timeline_layout *layout);

#endif
