/*
 * Rules about rooms: what was asked to be joined or left, and what the service made of it.
 */
#ifndef OCSIGHT_ANALYZER_AUDIT_RULES_ROOM_H
#define OCSIGHT_ANALYZER_AUDIT_RULES_ROOM_H

#include "analyzer/audit/rules.h"

/* chat-join-room-missing */
void room_missing_change(struct audit *audit, enum rule_id rule, const struct change *change);

/* chat-join-room-unasked */
void room_unasked_change(struct audit *audit, enum rule_id rule, const struct change *change);
void room_unasked_judge(struct audit *audit, struct expectation *expected);

/* chat-room-joined-twice, and what keeps it silent: notices of unknown name */
void joined_twice_event(struct audit *audit, enum rule_id rule, const struct event *event);
void joined_twice_change(struct audit *audit, enum rule_id rule, const struct change *change);

/* chat-part-not-joined */
void part_change(struct audit *audit, enum rule_id rule, const struct change *change);

/* chat-room-joined-twice and chat-part-not-joined */
void room_wish_judge(struct audit *audit, struct expectation *expected);

/* chat-history-not-asked */
void history_change(struct audit *audit, enum rule_id rule, const struct change *change);
void history_overdue(struct audit *audit, struct expectation *expected);
void history_judge(struct audit *audit, struct expectation *expected);

/* chat-room-renamed */
void renamed_change(struct audit *audit, enum rule_id rule, const struct change *change);

#endif
