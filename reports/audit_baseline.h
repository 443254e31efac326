/*
 * An earlier audit beside this one: which findings are new, which the same, which are gone.
 *
 * Plain data, made by analyzer/baseline.c after the last finding and shown by the audit's
 * reports (text, JSON, CSV, Markdown, the page). All of it is borrowed.
 */
#ifndef OCSIGHT_REPORTS_AUDIT_BASELINE_H
#define OCSIGHT_REPORTS_AUDIT_BASELINE_H

#include "analyzer/engine/finding.h"

enum baseline_mark { BASELINE_NONE, BASELINE_NEW, BASELINE_SAME };

/* What an audit in JSON says of one finding; its texts come from a file and may hold anything. */
struct earlier_finding {
    struct slice rule;
    enum severity severity;
    int64_t time; /* ns; TIME_NONE when it has none */
    struct slice message;
    struct slice user; /* "" = does not apply, for this and all below */
    struct slice peer;
    struct slice room;
    struct slice call_id;
    struct slice flow;
    struct slice step;
};

struct audit_baseline {
    struct slice name;               /* of the file, as given */
    const enum baseline_mark *marks; /* of the findings 1 .. mark_count */
    size_t mark_count;
    uint64_t fresh; /* how many are new */
    uint64_t same;
    const struct earlier_finding *gone; /* in the order of the earlier audit */
    size_t gone_count;
};

/* Of a finding's id. Without a baseline (NULL) everything is BASELINE_NONE. */
static inline enum baseline_mark baseline_mark_of(const struct audit_baseline *baseline,
                                                  uint64_t id)
{
    bool known = baseline && id > 0 && id <= baseline->mark_count;
    return known ? baseline->marks[id - 1] : BASELINE_NONE;
}

/* "new", "same"; NULL for BASELINE_NONE. */
static inline const char *baseline_mark_name(enum baseline_mark mark)
{
    return mark == BASELINE_NEW ? "new" : mark == BASELINE_SAME ? "same" : NULL;
}

#endif
