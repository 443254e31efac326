/*
 * One line per SIP message, written as the run goes: text, CSV, or
 * newline-delimited JSON.
 */
#ifndef OCSIGHT_REPORTS_MESSAGES_REPORT_H
#define OCSIGHT_REPORTS_MESSAGES_REPORT_H

#include "reports/report.h"

struct messages_report;

/* `summary` gives the input names and must stay valid while events come. */
struct messages_report *messages_report_new(const struct report_style *style,
                                            const struct summary *summary, struct output *output);
void messages_report_free(struct messages_report *report);
struct sink messages_report_sink(struct messages_report *report);

/* The closing line of the text form. */
void messages_report_end(struct messages_report *report);

#endif
