/*
 * The ladder: who sent what to whom, when, drawn.
 *
 * Model -> layout -> canvas. The model (lanes, arrows, notes) is built from the
 * run as a sink; the layout asks a canvas only for text sizes and decides rows and pages;
 * canvases are cairo with pango (PDF, SVG, PNG) and plain text. The same
 * input and options give the same bytes on one machine.
 */
#ifndef OCSIGHT_REPORTS_LADDER_H
#define OCSIGHT_REPORTS_LADDER_H

#include "reports/report.h"

enum ladder_paper { LADDER_A4, LADDER_LETTER, LADDER_LONG };

struct ladder_options {
    enum ladder_paper paper;
    const char *title; /* NULL = the names of the inputs */
};

struct ladder;

struct ladder *ladder_new(const struct report_style *style, const struct ladder_options *options,
                          struct map_seed seed, const struct limits *limits);
void ladder_free(struct ladder *ladder);
struct sink ladder_sink(struct ladder *ladder);

/* Draws into `output` in style.format: REPORT_TEXT, REPORT_PDF, REPORT_SVG or REPORT_PNG. */
void ladder_write(struct ladder *ladder, const struct summary *summary, struct output *output);

#endif
