/*
 * Presence as databases hold it: as text, JSON (presence/1) or CSV, user by user as they come, so
 * that memory does not grow with their number; and, with --watch, what changed since the last
 * look.
 *
 *   begin -> { person_begin -> changes -> person_end } for each user -> end
 */
#ifndef OCSIGHT_REPORTS_LIVE_REPORT_H
#define OCSIGHT_REPORTS_LIVE_REPORT_H

#include "analyzer/engine/change.h"
#include "analyzer/engine/limits.h"
#include "analyzer/engine/live.h"
#include "analyzer/engine/map.h"
#include "reports/report.h"

/* What holds for one look at all servers. */
struct live_look {
    const struct slice *servers; /* that were read */
    size_t server_count;
    const char *const *remarks; /* of connections and servers: "fe02: not reached: ..." */
    size_t remark_count;
    const char *const *absent; /* "fe01: rtcdyn.PublishedInstance.Version, ..." */
    size_t absent_count;
    int64_t now;       /* what expiry was held against */
    const char *clock; /* whose clock that is: "--at" */
    bool partial;      /* some server was not read to its end */
};

struct live_query {
    bool explain;
    bool watch; /* every look but the first says only what changed */
};

struct live_report;

/* `output` must outlive it. */
struct live_report *live_report_new(const struct report_style *style,
                                    const struct live_query *query, struct map_seed seed,
                                    const struct limits *limits, struct output *output);
void live_report_free(struct live_report *report);

/* `look` must outlive the end. */
void live_report_begin(struct live_report *report, const struct live_look *look);
void live_report_end(struct live_report *report);

/* `asked`: the command line names the next user, so that it is listed even if nothing is known. */
void live_report_person_begin(struct live_report *report, bool asked);
struct change_sink live_report_changes(struct live_report *report);
void live_report_person_end(struct live_report *report, const struct live_person *person);

#endif
