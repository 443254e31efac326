/*
 * What drawings over time have in common: the axis, the heading, the foot of a page.
 *
 * Called by the drawing of presence (timeline_draw.c) and of room activity
 * (activity_draw.c). Units are those of canvas.h.
 */
#ifndef OCSIGHT_REPORTS_TIMELINE_PARTS_H
#define OCSIGHT_REPORTS_TIMELINE_PARTS_H

#include "reports/canvas.h"
#include "reports/timeline_ticks.h"

enum { TIMELINE_LINES = 7 };

/* clang-format off */
enum {
    TIMELINE_MARGIN = 32,
    TIMELINE_FOOTER = 14,       /* page number */
    TIMELINE_LEGEND_LINE = 13,
    TIMELINE_TITLE_LINE = 20, TIMELINE_LINE = 11, TIMELINE_HEADING_GAP = 10,
    TIMELINE_RUNNING_HEAD = 18,
    TIMELINE_BOTTOM_AXIS = 14,
    TIMELINE_PICTURE_WIDTH = 960 /* of SVG and PNG */
};
/* clang-format on */

extern const struct canvas_font timeline_title_font;
extern const struct canvas_font timeline_name_font;
extern const struct canvas_font timeline_text_font;
extern const struct canvas_font timeline_small_font;

struct timeline_axis {
    int64_t from; /* the range */
    int64_t to;
    double left;
    double right;
    double zone_x; /* where the name of the zone stands */
    double height;
    bool days; /* it spans several: there is a line of dates */
    struct timeline_tick ticks[TIMELINE_TICKS];
    size_t tick_count;
    const struct clock_zone *zone;
};

/* Makes from, to fit to be an axis: in the range of sums and differences, and not the same. */
void timeline_axis_bound(struct timeline_axis *axis);

/* Chooses the ticks; everything else is set. */
void timeline_axis_make(struct timeline_axis *axis, struct canvas *canvas, struct arena *arena);

/* Where a time is; times outside of the range are at its ends. */
double timeline_axis_x(const struct timeline_axis *axis, int64_t time);

/* With the grid behind the lanes, which are from `top` to `bottom`; dates stand at `dates`. */
void timeline_axis_draw(const struct timeline_axis *axis, struct canvas *canvas, double dates,
                        double top, double bottom, struct arena *arena);

/* The title block of the first page. */
struct timeline_heading {
    struct slice title;
    struct slice lines[TIMELINE_LINES]; /* below it */
    size_t line_count;
};

void timeline_heading_add(struct timeline_heading *heading, struct slice line);

/* Where what is below it begins: below the whole on the first page, else below its title. */
double timeline_heading_height(const struct timeline_heading *heading, size_t page);
void timeline_heading_draw(const struct timeline_heading *heading, struct canvas *canvas,
                           size_t page, double width, const char *version, struct arena *arena);

/* `words` and "page 1 of 3" below a line at the bottom; returns the base line. */
double timeline_foot_draw(struct canvas *canvas, double width, double height, const char *words,
                          size_t page, size_t pages, struct arena *arena);

#endif
