/*
 * Why a user's presence is what it is: the inputs that were live, the step that
 * decided, what the server said, and what else the user published.
 *
 * One for each user that `presence --explain` is about; holds only the latest
 * CHANGE_AGGREGATE of each container and the live publications.
 */
#ifndef OCSIGHT_REPORTS_PRESENCE_EXPLAIN_H
#define OCSIGHT_REPORTS_PRESENCE_EXPLAIN_H

#include "reports/presence_model.h"
#include "reports/report.h"

struct presence_explain;

struct presence_explain *presence_explain_new(struct map_seed seed, const struct limits *limits);
void presence_explain_free(struct presence_explain *explain);

/* How long the content of a category is that nothing is known of (EVENT_PUBLICATION, _CATEGORY). */
void presence_explain_event(struct presence_explain *explain, const struct event *event);

/* CHANGE_AGGREGATE and CHANGE_PUBLICATION of this user. */
void presence_explain_change(struct presence_explain *explain, const struct change *change);

/* Where and how it is written. */
struct explain_page {
    const struct report_style *style;
    const struct summary *summary;
    struct arena *arena;
    bool rows; /* of databases, not of a capture */
};

/* Nothing to explain: no input and no category of the user was seen. */
bool presence_explain_is_empty(const struct presence_explain *explain);

/* `person->explain` may be NULL: nothing was published. */
void presence_explain_text(const struct presence_person *person, const struct explain_page *page,
                           struct output *output);
void presence_explain_json(const struct presence_person *person, const struct explain_page *page,
                           struct json *json);

#endif
