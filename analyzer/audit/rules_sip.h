/*
 * Rules about SIP itself: requests without an answer, refusals, diagnostics.
 */
#ifndef OCSIGHT_ANALYZER_AUDIT_RULES_SIP_H
#define OCSIGHT_ANALYZER_AUDIT_RULES_SIP_H

#include "analyzer/audit/expect.h"

/* sip-request-unanswered */
void request_event(struct audit *audit, enum rule_id rule, const struct event *event);
void request_judge(struct audit *audit, struct expectation *expected);

/* register-refused, register-redirected */
void register_refused_event(struct audit *audit, enum rule_id rule, const struct event *event);
void register_redirected_event(struct audit *audit, enum rule_id rule, const struct event *event);

/* subscription-refused, publish-refused */
void subscription_refused_event(struct audit *audit, enum rule_id rule, const struct event *event);
void publish_refused_event(struct audit *audit, enum rule_id rule, const struct event *event);

/* call-failed */
void call_event(struct audit *audit, enum rule_id rule, const struct event *event);
void call_judge(struct audit *audit, struct expectation *expected);

/* sip-diagnostics */
void diagnostics_event(struct audit *audit, enum rule_id rule, const struct event *event);
void diagnostics_overdue(struct audit *audit, struct expectation *expected);
void diagnostics_judge(struct audit *audit, struct expectation *expected);

/* The range that belongs to the chat rules: xccos.md 5.3. */
bool diagnostics_is_chat(uint32_t id);

/* The first diagnostics of a message, NULL when it has none. */
const struct sip_diagnostics *message_diagnostics(const struct message *message);

#endif
