/*
 * Where everything of a drawing of room activity goes: pages, lanes, their rows, the axis, the
 * legend. Pure: asks the canvas only for text sizes.
 */
#ifndef OCSIGHT_REPORTS_ACTIVITY_LAYOUT_H
#define OCSIGHT_REPORTS_ACTIVITY_LAYOUT_H

#include "reports/activity_marks.h"
#include "reports/activity_write.h"
#include "reports/timeline_legend.h"

/* What the legend explains beside the marks. */
enum { KEY_PEOPLE = ACTIVITY_MARKS, KEY_STAY, KEY_TOLD, KEY_MANY, KEY_GAP, ACTIVITY_KEYS };

/* clang-format off */
enum {
    ACTIVITY_TRACK = 11,  /* height of a row of marks */
    ACTIVITY_STEPS = 19,  /* of the area that shows how many are there */
    ACTIVITY_STAY = 9,    /* of the bar that shows that somebody is there */
    ACTIVITY_GAP_ABOVE = 4,
    ACTIVITY_INDENT = 6   /* of the names of people below that of their room */
};
/* clang-format on */

/* A room, or one of its people. */
struct activity_lane {
    const struct activity_room *room;
    const struct activity_person *person; /* NULL = the room itself */
    struct slice name;
    struct slice about; /* "3 people, 12 messages" */
    bool tracks[ACTIVITY_TRACKS];
    double height;
};

struct activity_sheet {
    size_t first; /* lane */
    size_t end;
    double axis_y; /* top of the axis */
    double lanes_y;
    double lanes_end;
};

struct activity_layout {
    const struct activity_page *page;
    struct canvas *canvas;
    struct arena arena;
    struct timeline_heading heading;
    struct timeline_axis axis;
    double width;
    double height;
    double names_x;
    double names_width;
    struct activity_lane *lanes;
    size_t lane_count;
    size_t left_out; /* lanes beyond the largest single picture */
    struct activity_sheet *sheets;
    size_t sheet_count;
    struct timeline_legend legend; /* of enum activity_mark and KEY_... */
};

/* Everything is borrowed and must outlive the layout. */
void activity_layout_make(struct activity_layout *layout, const struct activity_page *page,
                          struct canvas *canvas);
void activity_layout_dispose(struct activity_layout *layout);

/* The row's mark, where it has one within the lane and the axis. */
bool activity_layout_mark(const struct activity_layout *layout, const struct activity_lane *lane,
                          const struct activity *row, enum activity_mark *mark);

/* Rows of a lane, one after the other. */
const struct activity *activity_lane_first(const struct activity_lane *lane);
const struct activity *activity_lane_next(const struct activity_lane *lane,
                                          const struct activity *row);

#endif
