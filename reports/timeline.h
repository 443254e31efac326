/*
 * Presence over time, drawn: a lane for each user, coloured by band.
 *
 * Model -> layout -> canvas, as the ladder: timeline_layout.c decides where
 * everything goes, timeline_draw.c draws it. A PDF has pages that repeat the axis,
 * SVG and PNG are one picture. The same input and options give the same bytes.
 */
#ifndef OCSIGHT_REPORTS_TIMELINE_H
#define OCSIGHT_REPORTS_TIMELINE_H

#include "reports/ladder.h"
#include "reports/presence_model.h"

/* What is drawn; `people` by user, each with its timeline. */
struct timeline_source {
    const struct presence_model *model;
    struct presence_person *const *people;
    size_t count;
    uint64_t beyond; /* changes that found no room */
    const struct report_style *style;
    const struct summary *summary;
    enum ladder_paper paper;
    double scale; /* of a PNG or SVG; 0 = its usual size */
};

void timeline_write(const struct timeline_source *source, struct output *output);

#endif
