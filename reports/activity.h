/*
 * Room activity over time, drawn: a lane for each room, or one room and its people.
 *
 * Model -> layout -> canvas, as the timeline of presence (timeline.h), with the same axis and
 * page furniture. A PDF has pages, SVG and PNG are one picture. The same input and options give
 * the same bytes.
 */
#ifndef OCSIGHT_REPORTS_ACTIVITY_H
#define OCSIGHT_REPORTS_ACTIVITY_H

#include "reports/activity_write.h"

void activity_write_drawing(const struct activity_page *page, struct output *output);

#endif
