/*
 * `flows`: the call flows that were recognised, step by step (design.md section 3).
 *
 * Written while the run goes on, each flow when it ends: nothing is kept.
 */
#ifndef OCSIGHT_REPORTS_FLOWS_REPORT_H
#define OCSIGHT_REPORTS_FLOWS_REPORT_H

#include "reports/report.h"

struct flows_report;

struct flows_report *flows_report_new(const struct report_style *style,
                                      const struct summary *summary, struct output *output);
void flows_report_free(struct flows_report *report);

struct sink flows_report_sink(struct flows_report *report);

/* After the last flow. */
void flows_report_end(struct flows_report *report);

#endif
