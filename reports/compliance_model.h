/*
 * What the compliance export keeps of a run: per room, its events in the order in which they were
 * captured.
 *
 * Built from changes through struct compliance_view; written by reports/compliance_report.c and
 * reports/compliance_write.c. Rows are compact, and what exceeds limits.report_rows is counted.
 */
#ifndef OCSIGHT_REPORTS_COMPLIANCE_MODEL_H
#define OCSIGHT_REPORTS_COMPLIANCE_MODEL_H

#include "analyzer/engine/compliance.h"
#include "reports/report.h"

/* What is shown: --room, --user, --from, --to. */
struct compliance_query {
    struct slice room;         /* name (no case) or URI; "" = all */
    const struct slice *users; /* patterns; none = all */
    size_t user_count;
    int64_t from; /* ns of the capture, TIME_NONE = from the start */
    int64_t to;
};

struct compliance_row {
    struct compliance_row *next; /* of the room */
    enum compliance_kind kind;
    bool service_time;
    struct slice user;
    struct slice content;
    uint64_t id;
    int64_t ticks;
    int64_t captured; /* ns */
    struct origin origin;
};

struct compliance_room {
    struct slice uri;
    struct slice name; /* heap copy */
    struct compliance_row *first;
    struct compliance_row *last;
};

struct compliance_model {
    struct limits limits;
    struct arena arena;
    struct map rooms;             /* URI -> struct compliance_room */
    struct compliance_row **rows; /* by number - 1, for what copies add later */
    size_t count;
    size_t capacity;
    uint64_t beyond; /* events that found no room */
    struct compliance_view view;
};

void compliance_model_init(struct compliance_model *model, struct map_seed seed,
                           const struct limits *limits);
void compliance_model_dispose(struct compliance_model *model);
void compliance_model_event(struct compliance_model *model, const struct event *event);
void compliance_model_change(struct compliance_model *model, const struct change *change);

/* The first row of the room, or after this one, that the query asks for; NULL = no more. */
const struct compliance_row *compliance_first(const struct compliance_query *query,
                                              const struct compliance_room *room);
const struct compliance_row *compliance_next(const struct compliance_query *query,
                                             const struct compliance_row *row);

/* The earliest and the latest time among those. */
void compliance_span(const struct compliance_query *query, const struct compliance_room *room,
                     int64_t *start, int64_t *end);

#endif
