/*
 * `ocsight chat --compliance`: what a compliance adapter would have received.
 *
 * As text it is the XML of an export (reports/compliance_write.c); JSON and CSV have the same
 * events with the packets that prove them.
 */
#ifndef OCSIGHT_REPORTS_COMPLIANCE_REPORT_H
#define OCSIGHT_REPORTS_COMPLIANCE_REPORT_H

#include "reports/compliance_model.h"

struct compliance_report;

struct compliance_report *compliance_report_new(const struct report_style *style,
                                                const struct compliance_query *query,
                                                struct map_seed seed, const struct limits *limits);
void compliance_report_free(struct compliance_report *report);
struct sink compliance_report_sink(struct compliance_report *report);
void compliance_report_write(struct compliance_report *report, const struct summary *summary,
                             struct output *output);

#endif
