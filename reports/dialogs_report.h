/*
 * SIP dialogs, subscriptions and out-of-dialog exchanges, one row each.
 */
#ifndef OCSIGHT_REPORTS_DIALOGS_REPORT_H
#define OCSIGHT_REPORTS_DIALOGS_REPORT_H

#include "reports/report.h"

struct dialogs_report;

struct dialogs_report *dialogs_report_new(const struct report_style *style, struct map_seed seed,
                                          const struct limits *limits);
void dialogs_report_free(struct dialogs_report *report);
struct sink dialogs_report_sink(struct dialogs_report *report);

/* Queries that one watcher repeats for one target and package are shown as polling, with their
 * interval. */
void dialogs_report_write(struct dialogs_report *report, const struct summary *summary,
                          struct output *output);

#endif
