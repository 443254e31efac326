/*
 * The marks of room activity in one row of a drawing: those that would touch become one with a
 * number. Pure: sizes and places only.
 */
#ifndef OCSIGHT_REPORTS_ACTIVITY_MARKS_H
#define OCSIGHT_REPORTS_ACTIVITY_MARKS_H

#include "reports/activity_model.h"
#include "reports/canvas.h"

/* In the order in which one hides another: the last is what many together look like. */
enum activity_mark {
    MARK_FETCHED,
    MARK_HISTORY,
    MARK_DELIVERED,
    MARK_ACCEPTED,
    MARK_UNANSWERED,
    MARK_REFUSED,
    MARK_NOTE,
    MARK_WARNING,
    MARK_ERROR,
    ACTIVITY_MARKS
};

/* Rows of a lane, from above. */
enum activity_track {
    TRACK_REMARKS, /* findings and what was fetched */
    TRACK_POSTS,
    TRACK_TROUBLE, /* posts that did not get through: never hidden among others */
    ACTIVITY_TRACKS
};

/* False for what has no mark: who came and went, gaps. */
bool activity_mark_of(const struct activity *row, enum activity_mark *mark);
enum activity_track activity_track_of(enum activity_mark mark);

/* One or several rows in one place. */
struct activity_spot {
    double left;
    double right;
    double first; /* the middle of the first and of the last of them */
    double last;
    size_t count;
    enum activity_mark mark;
    const struct activity *row; /* the only one, or one of those that `mark` is of */
};

struct activity_spots {
    struct activity_spot *spots; /* ascending, none touches the next */
    size_t count;
    size_t capacity;
};

void activity_spots_dispose(struct activity_spots *spots);
void activity_spots_clear(struct activity_spots *spots);

/* Ascending by `x`. */
void activity_spots_add(struct activity_spots *spots, struct canvas *canvas, double x,
                        enum activity_mark mark, const struct activity *row);

/* What stands in the spot: the number of a finding, or of several; "" for a shape alone. */
struct slice activity_spot_text(const struct activity_spot *spot, char out[static 24]);

extern const struct canvas_font activity_mark_font;

#endif
