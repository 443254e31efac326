/*
 * Rules about presence: publications and subscriptions that ran out.
 */
#ifndef OCSIGHT_ANALYZER_AUDIT_RULES_PRESENCE_H
#define OCSIGHT_ANALYZER_AUDIT_RULES_PRESENCE_H

#include "analyzer/audit/expect.h"

/* publish-expired */
void published_change(struct audit *audit, enum rule_id rule, const struct change *change);
void published_judge(struct audit *audit, struct expectation *expected);

/* subscription-lapsed */
void lapse_event(struct audit *audit, enum rule_id rule, const struct event *event);
void lapse_change(struct audit *audit, enum rule_id rule, const struct change *change);
void lapse_judge(struct audit *audit, struct expectation *expected);

#endif
