/*
 * Where everything of a timeline goes: pages, lanes, the axis, the legend.
 *
 * Pure: asks the canvas only for text sizes. Units are those of canvas.h; y grows
 * downwards from the top of each page.
 */
#ifndef OCSIGHT_REPORTS_TIMELINE_LAYOUT_H
#define OCSIGHT_REPORTS_TIMELINE_LAYOUT_H

#include "reports/timeline.h"
#include "reports/timeline_legend.h"

/* What the legend explains: a band, or the mark of a change that no packet shows. */
enum { KEY_TIMED = BANDS };

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

struct timeline_layout {
    const struct timeline_source *source;
    struct canvas *canvas;
    struct arena arena;
    struct timeline_heading heading;
    struct timeline_axis axis;
    double width; /* of each page */
    double height;
    double names_x;
    double names_width;
    double lane_height;
    struct timeline_lane *lanes;
    size_t lane_count;
    size_t unknown;  /* users of whom nothing is known, not drawn */
    size_t left_out; /* lanes beyond the largest single picture */
    struct timeline_page *pages;
    size_t page_count;
    struct timeline_legend legend;
};

/* Everything is borrowed and must outlive the layout. */
void timeline_layout_make(struct timeline_layout *layout, const struct timeline_source *source,
                          struct canvas *canvas);
void timeline_layout_dispose(struct timeline_layout *layout);
#endif
