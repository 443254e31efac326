/*
 * Who was available, when, and how we know, as text, JSON or CSV.
 */
#ifndef OCSIGHT_REPORTS_PRESENCE_REPORT_H
#define OCSIGHT_REPORTS_PRESENCE_REPORT_H

#include "reports/report.h"

struct presence_query {
    const struct slice *users; /* "user@host", or with * as in a shell; none = everybody */
    size_t user_count;
    bool timeline; /* every change with its cause */
    int64_t at;    /* the state at that moment; TIME_NONE = at the end */
    int64_t from;  /* timeline only: first moment, TIME_NONE = from the start */
    int64_t to;    /* timeline only: last moment, TIME_NONE = to the end */
};

struct presence_report;

struct presence_report *presence_report_new(const struct report_style *style,
                                            const struct presence_query *query,
                                            struct map_seed seed, const struct limits *limits);
void presence_report_free(struct presence_report *report);
struct sink presence_report_sink(struct presence_report *report);

/* A user that was asked for and that nothing mentions is listed with band "unknown". */
void presence_report_write(struct presence_report *report, const struct summary *summary,
                           struct output *output);

#endif
