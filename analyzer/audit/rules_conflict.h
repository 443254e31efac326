/*
 * Rules about the versions of published categories.
 */
#ifndef OCSIGHT_ANALYZER_AUDIT_RULES_CONFLICT_H
#define OCSIGHT_ANALYZER_AUDIT_RULES_CONFLICT_H

#include "analyzer/audit/expect.h"

/* publication-conflict-not-recovered */
void conflict_event(struct audit *audit, enum rule_id rule, const struct event *event);
void conflict_change(struct audit *audit, enum rule_id rule, const struct change *change);
void conflict_overdue(struct audit *audit, struct expectation *expected);
void conflict_judge(struct audit *audit, struct expectation *expected);

/* publication-conflict-repeated */
void fight_change(struct audit *audit, enum rule_id rule, const struct change *change);
void fight_overdue(struct audit *audit, struct expectation *expected);
void fight_judge(struct audit *audit, struct expectation *expected);

/* publication-version-stuck */
void version_event(struct audit *audit, enum rule_id rule, const struct event *event);

#endif
