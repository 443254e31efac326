/*
 * The container table, and whom each owner's lists put into which container.
 */
#ifndef OCSIGHT_REPORTS_CONTAINERS_REPORT_H
#define OCSIGHT_REPORTS_CONTAINERS_REPORT_H

#include "reports/report.h"

struct containers_query {
    const struct slice *users; /* owners; none = all */
    size_t user_count;
};

struct containers_report;

struct containers_report *containers_report_new(const struct report_style *style,
                                                const struct containers_query *query,
                                                struct map_seed seed, const struct limits *limits);
void containers_report_free(struct containers_report *report);
struct sink containers_report_sink(struct containers_report *report);
void containers_report_write(struct containers_report *report, const struct summary *summary,
                             struct output *output);

/* The table alone, without a run. */
void containers_table_write(const struct report_style *style, struct output *output);

#endif
