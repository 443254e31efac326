/*
 * The compliance export as XML, in the order of its schema (facts/xccos.md 1.15), for
 * reports/compliance_report.c only.
 */
#ifndef OCSIGHT_REPORTS_COMPLIANCE_WRITE_H
#define OCSIGHT_REPORTS_COMPLIANCE_WRITE_H

#include "reports/compliance_model.h"

void compliance_write(const struct compliance_model *model, const struct compliance_query *query,
                      const struct summary *summary, struct output *output);

#endif
