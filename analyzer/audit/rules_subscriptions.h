/*
 * Rules about subscriptions as dialogs: how they begin, are renewed and end.
 */
#ifndef OCSIGHT_ANALYZER_AUDIT_RULES_SUBSCRIPTIONS_H
#define OCSIGHT_ANALYZER_AUDIT_RULES_SUBSCRIPTIONS_H

#include "analyzer/audit/expect.h"

/* benotify-not-offered, benotify-answered */
void benotify_offer_event(struct audit *audit, enum rule_id rule, const struct event *event);
void benotify_offer_judge(struct audit *audit, struct expectation *expected);
void benotify_answer_event(struct audit *audit, enum rule_id rule, const struct event *event);

/* subscription-not-terminated */
void termination_event(struct audit *audit, enum rule_id rule, const struct event *event);
void termination_overdue(struct audit *audit, struct expectation *expected);
void termination_judge(struct audit *audit, struct expectation *expected);

/* subscription-not-retried */
void renewal_event(struct audit *audit, enum rule_id rule, const struct event *event);
void resubscriber_overdue(struct audit *audit, struct expectation *expected);
void renewal_judge(struct audit *audit, struct expectation *expected);

/* subscription-resubscribe-ignored */
void resubscribe_event(struct audit *audit, enum rule_id rule, const struct event *event);
void resubscribe_judge(struct audit *audit, struct expectation *expected);

/* subscription-too-large */
void batch_event(struct audit *audit, enum rule_id rule, const struct event *event);

/* subscription-peer-lost */
void peer_event(struct audit *audit, enum rule_id rule, const struct event *event);
void peer_change(struct audit *audit, enum rule_id rule, const struct change *change);
void peer_judge(struct audit *audit, struct expectation *expected);

#endif
