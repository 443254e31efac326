/*
 * Rules about chat posts and their copies.
 */
#ifndef OCSIGHT_ANALYZER_AUDIT_RULES_POST_H
#define OCSIGHT_ANALYZER_AUDIT_RULES_POST_H

#include "analyzer/audit/expect.h"

/* chat-post-without-timestamp */
void timestamp_change(struct audit *audit, enum rule_id rule, const struct change *change);

/* chat-post-not-joined */
void not_joined_change(struct audit *audit, enum rule_id rule, const struct change *change);
void not_joined_judge(struct audit *audit, struct expectation *expected);

/* chat-author-mismatch */
void author_change(struct audit *audit, enum rule_id rule, const struct change *change);

/*
 * chat-message-not-delivered: also the record of every post that is not answered
 * yet, under the number cause_of(CAUSE_POST, id).
 */
void delivery_change(struct audit *audit, enum rule_id rule, const struct change *change);
void delivery_overdue(struct audit *audit, struct expectation *expected);
void delivery_judge(struct audit *audit, struct expectation *expected);

/* chat-echo-missing: the same for the author's own sessions; delivery_change adds what it waits for
 */
void echo_change(struct audit *audit, enum rule_id rule, const struct change *change);
void echo_judge(struct audit *audit, struct expectation *expected);

#endif
