/*
 * Rules about the dialogs of chat sessions: lost, disowned, run out, doubled, used
 * beside their time. What concerns the service and its lookup: rules_service.h.
 */
#ifndef OCSIGHT_ANALYZER_AUDIT_RULES_SESSION_H
#define OCSIGHT_ANALYZER_AUDIT_RULES_SESSION_H

#include "analyzer/audit/expect.h"

/* chat-retry-reuses-cseq */
void reuse_event(struct audit *audit, enum rule_id rule, const struct event *event);
void reuse_change(struct audit *audit, enum rule_id rule, const struct change *change);

/* chat-session-lost */
void lost_event(struct audit *audit, enum rule_id rule, const struct event *event);
void lost_change(struct audit *audit, enum rule_id rule, const struct change *change);
void lost_judge(struct audit *audit, struct expectation *expected);

/* chat-info-outside-dialog */
void outside_event(struct audit *audit, enum rule_id rule, const struct event *event);
void outside_judge(struct audit *audit, struct expectation *expected);

/* chat-dialog-disowned */
void disowned_event(struct audit *audit, enum rule_id rule, const struct event *event);

/* chat-stale-dialog-continued */
void stale_event(struct audit *audit, enum rule_id rule, const struct event *event);

/* chat-session-timer-missed */
void timer_event(struct audit *audit, enum rule_id rule, const struct event *event);
void timer_judge(struct audit *audit, struct expectation *expected);

/* chat-two-dialogs */
void two_dialogs_event(struct audit *audit, enum rule_id rule, const struct event *event);

#endif
