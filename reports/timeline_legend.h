/*
 * What the signs of a drawing over time mean: keys in lines, at the foot of each page.
 *
 * A drawing adds a key for each sign that can be seen in it, and draws the signs; where they go
 * and their words are alike in all drawings.
 */
#ifndef OCSIGHT_REPORTS_TIMELINE_LEGEND_H
#define OCSIGHT_REPORTS_TIMELINE_LEGEND_H

#include "reports/timeline_parts.h"

enum { TIMELINE_KEYS = 16 };

struct timeline_key {
    int what;      /* the drawing's own number of the sign */
    double swatch; /* width of what stands before the text */
    struct slice text;
    double x;
    size_t line;
};

struct timeline_legend {
    struct timeline_key keys[TIMELINE_KEYS];
    size_t count;
    size_t lines;
};

void timeline_legend_add(struct timeline_legend *legend, int what, double swatch, const char *text);

/* Into lines of a page of that width, with `gap` between two keys. */
void timeline_legend_place(struct timeline_legend *legend, struct canvas *canvas, double width,
                           double gap);

/* Above the base line of the foot; `sign` draws what a key explains, whose top is `y`. */
void timeline_legend_draw(const struct timeline_legend *legend, struct timeline_pen *pen,
                          double base,
                          void (*sign)(struct canvas *canvas, const struct timeline_key *key,
                                       double y));

#endif
