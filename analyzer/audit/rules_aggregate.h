/*
 * Rules about what the server makes of a user's published states: its aggregate and
 * its most active machine.
 */
#ifndef OCSIGHT_ANALYZER_AUDIT_RULES_AGGREGATE_H
#define OCSIGHT_ANALYZER_AUDIT_RULES_AGGREGATE_H

#include "analyzer/audit/expect.h"

/* presence-aggregate-unexpected */
void aggregate_seen(struct audit *audit, enum rule_id rule, const struct change *change);

/* presence-machine-aggregate-wrong */
void machine_seen(struct audit *audit, enum rule_id rule, const struct change *change);

/* Both, when a difference has lasted. */
void aggregate_judge(struct audit *audit, struct expectation *expected);

#endif
