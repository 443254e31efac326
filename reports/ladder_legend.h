/*
 * What the signs of a ladder mean, at the foot of its pages.
 */
#ifndef OCSIGHT_REPORTS_LADDER_LEGEND_H
#define OCSIGHT_REPORTS_LADDER_LEGEND_H

#include "analyzer/engine/bands.h"
#include "reports/canvas.h"
#include "reports/ladder_model.h"

enum ladder_key_kind { KEY_REQUEST, KEY_RESPONSE, KEY_BAND, KEY_WORDS };

struct ladder_key {
    enum ladder_key_kind kind;
    enum band band; /* KEY_BAND */
    struct slice text;
    double x;
    size_t line;
};

struct ladder_legend {
    struct ladder_key keys[BANDS + 3];
    size_t count;
    size_t lines;
    double height;
};

/* Only bands that occur are told. `right` is where the page number begins. */
void ladder_legend_make(struct ladder_legend *legend, const struct ladder_model *model,
                        struct canvas *canvas, double left, double right);

/* `top` is that of the whole legend. */
void ladder_legend_draw(const struct ladder_legend *legend, struct canvas *canvas, double top);

#endif
