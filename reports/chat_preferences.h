/*
 * The chat report: preference documents that clients of Group Chat asked for, were
 * given and stored (facts/xccos.md 1.12).
 *
 * Built from events; one row for each `pref` met. Bounded by limits.report_rows.
 */
#ifndef OCSIGHT_REPORTS_CHAT_PREFERENCES_H
#define OCSIGHT_REPORTS_CHAT_PREFERENCES_H

#include "reports/report.h"

struct preference_row;

struct preference_rows {
    struct preference_row *rows;
    size_t count;
    size_t capacity;
    struct arena arena;
    size_t limit;
    uint64_t beyond;
};

void preference_rows_init(struct preference_rows *preferences, const struct limits *limits);
void preference_rows_dispose(struct preference_rows *preferences);
void preference_rows_take(struct preference_rows *preferences, const struct event *event);

/*
 * Those of one endpoint; of all endpoints of a user without an epid, of everybody
 * without a user. Nothing is written where there are none, but for the JSON array.
 */
void preference_rows_json(const struct preference_rows *preferences, struct json *json,
                          struct slice user, struct slice epid, const struct summary *summary);
void preference_rows_text(const struct preference_rows *preferences, struct output *output,
                          struct slice user, struct slice epid, const struct report_style *style,
                          const struct summary *summary);

#endif
