/*
 * Rules about chat history.
 */
#ifndef OCSIGHT_ANALYZER_AUDIT_RULES_HISTORY_H
#define OCSIGHT_ANALYZER_AUDIT_RULES_HISTORY_H

#include "analyzer/audit/expect.h"

/* chat-history-too-long: also the record of what each open bccontext asked for */
void history_length_event(struct audit *audit, enum rule_id rule, const struct event *event);

/* chat-history-foreign: looks into that record, so it comes before it in the table */
void history_room_event(struct audit *audit, enum rule_id rule, const struct event *event);

/* chat-history-incomplete */
void history_gap_event(struct audit *audit, enum rule_id rule, const struct event *event);
void history_gap_change(struct audit *audit, enum rule_id rule, const struct change *change);
void history_gap_overdue(struct audit *audit, struct expectation *expected);
void history_gap_judge(struct audit *audit, struct expectation *expected);

/* chat-history-not-joined */
void history_outside_change(struct audit *audit, enum rule_id rule, const struct change *change);
void history_outside_judge(struct audit *audit, struct expectation *expected);

#endif
