/*
 * What happened in chat rooms as lines of text, JSON and CSV; the drawing is activity_draw.h's.
 */
#ifndef OCSIGHT_REPORTS_ACTIVITY_WRITE_H
#define OCSIGHT_REPORTS_ACTIVITY_WRITE_H

#include "reports/activity_model.h"
#include "reports/ladder.h"

/* What is shown of a settled model, and how. Everything is borrowed. */
struct activity_page {
    const struct activity_model *model;
    const struct activity_room *const *rooms; /* that are shown, as they came up */
    size_t room_count;
    int64_t from; /* TIME_NONE = from the start */
    int64_t to;   /* TIME_NONE = to the end */
    uint64_t beyond;
    const struct report_style *style;
    const struct summary *summary;
    struct arena *arena; /* texts while writing */
    enum ladder_paper paper;
    double scale;      /* of a PNG or SVG; 0 = its usual size */
    bool one_room;     /* it was picked: a lane for each of its people */
    struct slice host; /* "@contoso.example" where all who are shown have it; text leaves it out */
};

/* Is the row in one of the rooms and in the time that are shown? */
bool activity_is_shown(const struct activity_page *page, const struct activity *row);

/* Its name, or the URI where none is known; safe to print. */
struct slice activity_room_name(const struct activity_room *room, struct arena *arena);

/* "@contoso.example" where everybody in the rooms has it, else "". */
struct slice activity_common_host(const struct activity_page *page);

void activity_text(const struct activity_page *page, struct output *output);
void activity_csv(const struct activity_page *page, struct output *output);

/* "timeline": [...] */
void activity_json(const struct activity_page *page, struct json *json);

#endif
