/*
 * Rules about the chat service at the beginning of a session: its lookup, the way to
 * the channel, users who may not use it, and its load.
 */
#ifndef OCSIGHT_ANALYZER_AUDIT_RULES_SERVICE_H
#define OCSIGHT_ANALYZER_AUDIT_RULES_SERVICE_H

#include "analyzer/audit/expect.h"

/* chat-service-overloaded */
void load_event(struct audit *audit, enum rule_id rule, const struct event *event);
void load_change(struct audit *audit, enum rule_id rule, const struct change *change);
void load_judge(struct audit *audit, struct expectation *expected);

/* chat-user-not-enabled */
void enabled_event(struct audit *audit, enum rule_id rule, const struct event *event);
void enabled_judge(struct audit *audit, struct expectation *expected);

/* chat-lookup-left-open */
void lookup_open_event(struct audit *audit, enum rule_id rule, const struct event *event);
void lookup_open_overdue(struct audit *audit, struct expectation *expected);
void lookup_open_judge(struct audit *audit, struct expectation *expected);

/* chat-redirect-not-followed */
void redirect_event(struct audit *audit, enum rule_id rule, const struct event *event);
void redirect_change(struct audit *audit, enum rule_id rule, const struct change *change);
void redirect_judge(struct audit *audit, struct expectation *expected);

#endif
