/*
 * Rules about rosters: what one reply or notice says, and what sessions are told differently.
 */
#ifndef OCSIGHT_ANALYZER_AUDIT_RULES_ROSTER_H
#define OCSIGHT_ANALYZER_AUDIT_RULES_ROSTER_H

#include "analyzer/audit/rules.h"

/* chat-roster-unknown-id, -unused-user, -id-repeated, -without-joiner, -mask-unknown */
void unknown_id_event(struct audit *audit, enum rule_id rule, const struct event *event);
void unused_user_event(struct audit *audit, enum rule_id rule, const struct event *event);
void id_repeated_event(struct audit *audit, enum rule_id rule, const struct event *event);
void without_joiner_event(struct audit *audit, enum rule_id rule, const struct event *event);
void mask_event(struct audit *audit, enum rule_id rule, const struct event *event);

/* chat-roster-notice-repeated */
void notice_repeated_change(struct audit *audit, enum rule_id rule, const struct change *change);
void notice_repeated_judge(struct audit *audit, struct expectation *expected);

/* chat-notice-not-joined */
void stray_notice_change(struct audit *audit, enum rule_id rule, const struct change *change);
void stray_notice_judge(struct audit *audit, struct expectation *expected);

/* chat-roster-diverged; also the record of rooms whose rosters cannot be told by */
void diverged_event(struct audit *audit, enum rule_id rule, const struct event *event);
void diverged_change(struct audit *audit, enum rule_id rule, const struct change *change);
void diverged_overdue(struct audit *audit, struct expectation *expected);
void diverged_judge(struct audit *audit, struct expectation *expected);

#endif
