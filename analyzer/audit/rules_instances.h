/*
 * Rules about category instances that outlive their reason: the endpoint that
 * published them, or their time.
 */
#ifndef OCSIGHT_ANALYZER_AUDIT_RULES_INSTANCES_H
#define OCSIGHT_ANALYZER_AUDIT_RULES_INSTANCES_H

#include "analyzer/audit/expect.h"

/* presence-endpoint-state-left */
void orphan_event(struct audit *audit, enum rule_id rule, const struct event *event);
void orphan_change(struct audit *audit, enum rule_id rule, const struct change *change);

/* presence-timed-state-left */
void timed_event(struct audit *audit, enum rule_id rule, const struct event *event);
void timed_change(struct audit *audit, enum rule_id rule, const struct change *change);

/* presence-manual-state-old */
void manual_event(struct audit *audit, enum rule_id rule, const struct event *event);

#endif
