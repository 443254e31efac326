/*
 * The rule about the order in which sessions see a room's messages.
 */
#ifndef OCSIGHT_ANALYZER_AUDIT_RULES_ORDER_H
#define OCSIGHT_ANALYZER_AUDIT_RULES_ORDER_H

#include "analyzer/audit/expect.h"

/* chat-order-diverged */
void order_change(struct audit *audit, enum rule_id rule, const struct change *change);
void order_overdue(struct audit *audit, struct expectation *expected);

#endif
