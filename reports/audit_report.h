/*
 * The audit's findings as text, JSON, CSV or Markdown (design.md sections 2 and 3).
 */
#ifndef OCSIGHT_REPORTS_AUDIT_REPORT_H
#define OCSIGHT_REPORTS_AUDIT_REPORT_H

#include "reports/page.h"
#include "reports/report.h"

struct audit_report;

struct audit_report *audit_report_new(const struct report_style *style);
void audit_report_free(struct audit_report *report);
struct sink audit_report_sink(struct audit_report *report);

/* Findings are shown as new or same, and those that are gone behind them; before writing. */
void audit_report_compare(struct audit_report *report, const struct audit_baseline *baseline);

/*
 * Text: the coverage first (with verdict none it never says that nothing was
 * wrong), the totals, then the findings, the worst first, each severity in the order of time.
 */
void audit_report_write(struct audit_report *report, const struct summary *summary,
                        struct output *output);

/* The same for a page; borrowed from the report. */
struct page_audit audit_report_page(const struct audit_report *report,
                                    const struct summary *summary);

#endif
