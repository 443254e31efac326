/*
 * Text that is made to fit a canvas: shortened, or broken into lines.
 */
#ifndef OCSIGHT_REPORTS_CANVAS_FIT_H
#define OCSIGHT_REPORTS_CANVAS_FIT_H

#include "analyzer/engine/arena.h"
#include "reports/canvas.h"

/* At most `width` wide: itself, or shortened with an ellipsis at its end or in its middle. */
struct slice canvas_fit(struct canvas *canvas, struct slice text, struct canvas_font font,
                        double width, bool middle, struct arena *arena);

/* The next line of a paragraph, broken at a blank where there is one; *rest gets what is left. */
struct slice canvas_wrap(struct canvas *canvas, struct slice text, struct canvas_font font,
                         double width, struct slice *rest);

#endif
