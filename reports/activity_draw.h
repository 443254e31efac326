/*
 * Draws laid-out room activity on its canvas: all pages, then the bookmarks.
 */
#ifndef OCSIGHT_REPORTS_ACTIVITY_DRAW_H
#define OCSIGHT_REPORTS_ACTIVITY_DRAW_H

#include "reports/activity_layout.h"

void activity_draw(const struct activity_layout *layout);

#endif
