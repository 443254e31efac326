/*
 * Rules about what could not be read: one function for all of them.
 */
#ifndef OCSIGHT_ANALYZER_AUDIT_RULES_COVERAGE_H
#define OCSIGHT_ANALYZER_AUDIT_RULES_COVERAGE_H

#include "analyzer/audit/rules.h"

void coverage_event(struct audit *audit, enum rule_id rule, const struct event *event);

#endif
