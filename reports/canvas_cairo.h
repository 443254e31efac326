/*
 * A canvas behind which cairo draws a PDF, an SVG or a PNG.
 */
#ifndef OCSIGHT_REPORTS_CANVAS_CAIRO_H
#define OCSIGHT_REPORTS_CANVAS_CAIRO_H

#include "reports/canvas.h"
#include "reports/output.h"

enum canvas_kind { CANVAS_PDF, CANVAS_SVG, CANVAS_PNG };

/* SVG and PNG have one page. */
struct canvas *canvas_cairo_new(enum canvas_kind kind, struct output *output);

/* Completes the document and frees the canvas; false when cairo could not draw it. */
bool canvas_cairo_close(struct canvas *canvas);

#endif
