/*
 * The rule about calls and the presence that a gateway publishes for them.
 */
#ifndef OCSIGHT_ANALYZER_AUDIT_RULES_CALLS_H
#define OCSIGHT_ANALYZER_AUDIT_RULES_CALLS_H

#include "analyzer/audit/expect.h"
#include "analyzer/engine/address.h"

/* Calls of a user that are open at a host, as far as they were captured from the beginning. */
unsigned calls_open(const struct audit *audit, struct slice user, const struct address *host);

/* publish-call-state-left */
void call_state_event(struct audit *audit, enum rule_id rule, const struct event *event);
void call_state_change(struct audit *audit, enum rule_id rule, const struct change *change);
void call_state_overdue(struct audit *audit, struct expectation *expected);
void call_state_judge(struct audit *audit, struct expectation *expected);

#endif
