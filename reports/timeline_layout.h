/*
 * Where everything of a timeline goes: pages, lanes, the axis, the legend.
 *
 * Pure: asks the canvas only for text sizes. Units are those of canvas.h; y grows
 * downwards from the top of each page.
 */
#ifndef OCSIGHT_REPORTS_TIMELINE_LAYOUT_H
#define OCSIGHT_REPORTS_TIMELINE_LAYOUT_H

#include "reports/canvas.h"
#include "reports/timeline.h"
#include "reports/timeline_ticks.h"

enum { TIMELINE_LINES = 7, TIMELINE_LEGEND = BANDS + 1 };

struct timeline_lane {
    const struct presence_person *person;
    struct slice name;    /* display name; the address where none is known */
    struct slice address; /* "" where `name` is it */
};

struct timeline_page {
    size_t first; /* lane */
    size_t end;
    double axis_y; /* top of the axis */
    double lanes_y;
};

/* One entry of the legend. */
struct timeline_key {
    enum band band;
    bool timed; /* the mark of a change that no packet shows, not a band */
    struct slice text;
    double x;
    size_t line;
};

struct timeline_layout {
    const struct timeline_source *source;
    struct canvas *canvas;
    struct arena arena;
    struct slice title;
    struct slice lines[TIMELINE_LINES]; /* below the title */
    size_t line_count;
    double width; /* of each page */
    double height;
    double names_x;
    double names_width;
    double bars_left;
    double bars_right;
    double lane_height;
    double axis_height;
    int64_t from; /* the range of the axis */
    int64_t to;
    bool days; /* it spans several: the axis has a line of dates */
    struct timeline_tick ticks[TIMELINE_TICKS];
    size_t tick_count;
    struct timeline_lane *lanes;
    size_t lane_count;
    size_t unknown;  /* users of whom nothing is known, not drawn */
    size_t left_out; /* lanes beyond the largest single picture */
    struct timeline_page *pages;
    size_t page_count;
    struct timeline_key legend[TIMELINE_LEGEND];
    size_t legend_count;
    size_t legend_lines;
};

/* clang-format off */
enum {
    TIMELINE_MARGIN = 32,
    TIMELINE_FOOTER = 14,    /* page number */
    TIMELINE_LEGEND_LINE = 13
};
/* clang-format on */

extern const struct canvas_font timeline_title_font;
extern const struct canvas_font timeline_name_font;
extern const struct canvas_font timeline_text_font;
extern const struct canvas_font timeline_small_font;

/* Everything is borrowed and must outlive the layout. `limit` is the tallest single picture. */
void timeline_layout_make(struct timeline_layout *layout, const struct timeline_source *source,
                          struct canvas *canvas, double limit);
void timeline_layout_dispose(struct timeline_layout *layout);

/* Where on the page a time is; times outside of the range are at its ends. */
double timeline_layout_x(const struct timeline_layout *layout, int64_t time);

#endif
