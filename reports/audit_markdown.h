/*
 * A summary of an audit for tickets and wikis, in Markdown.
 *
 * It opens with what could be read; the worst findings follow, so many of each severity that the
 * whole stays below what GitHub takes in one comment (65,536 characters), and the rest is counted.
 * Everything but the table of totals is headings, paragraphs and lists, so that it reads well in
 * plain CommonMark too. See markdown.h for what becomes of a capture's texts.
 */
#ifndef OCSIGHT_REPORTS_AUDIT_MARKDOWN_H
#define OCSIGHT_REPORTS_AUDIT_MARKDOWN_H

#include "reports/audit_report.h"

void audit_markdown_write(struct audit_report *report, const struct summary *summary,
                          struct output *output);

#endif
