/*
 * What the parts of a drawn ladder have in common: a canvas, a scratch arena, colours, text.
 */
#ifndef OCSIGHT_REPORTS_LADDER_PEN_H
#define OCSIGHT_REPORTS_LADDER_PEN_H

#include "reports/drawing.h"
#include "reports/ladder_layout.h"

/* clang-format off */
enum {
    PEN_HEAD_FILL = 0xeef1f5, PEN_DIM = 0x9aa0a7,
    PEN_FAILURE = 0x9c1c1c, PEN_NOTICE = 0x3d6a99
};
/* clang-format on */

struct ladder_pen {
    const struct ladder_layout *layout;
    struct canvas *canvas;
    struct arena arena; /* of one spot */
    uint32_t ground;    /* behind the row that is drawn */
    int64_t second;     /* told by the row above it on the page; TIME_NONE */
};

/* Colour of lines, text and markers; and the pale one behind a row. */
uint32_t ladder_pen_severity(enum severity severity);
uint32_t ladder_pen_tint(enum severity severity);

/* Line and heads of a dialog. */
uint32_t ladder_pen_dialog(uint8_t colour);

/* The marker of a finding; returns how wide it is. */
double ladder_pen_marker(struct ladder_pen *pen, const struct ladder_finding *finding, double x,
                         double y);

#endif
