/*
 * The shapes of room activity: one for each mark, that can be told from the others without colour.
 */
#ifndef OCSIGHT_REPORTS_ACTIVITY_SHAPES_H
#define OCSIGHT_REPORTS_ACTIVITY_SHAPES_H

#include "reports/activity_marks.h"

/* A disc, a ring, a square, a diamond, a cross, an arrow: around (x, y). */
void activity_shape_draw(struct canvas *canvas, enum activity_mark mark, double x, double y);

/* The same as a box with the number of a finding, or of several marks. */
void activity_plate_draw(struct canvas *canvas, enum activity_mark mark, double left, double right,
                         double y, struct slice text);

/* How many people are there, and that one is. */
void activity_steps_draw(struct canvas *canvas, double x, double width, double top, double bottom);
void activity_stay_draw(struct canvas *canvas, double x, double width, double y, double height,
                        bool told);

/* Missing bytes, across all lanes. */
void activity_gap_draw(struct canvas *canvas, double x, double top, double bottom);

#endif
