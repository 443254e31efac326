/*
 * Rules about the copies of a chat message: too many, too late, of nothing known.
 */
#ifndef OCSIGHT_ANALYZER_AUDIT_RULES_COPIES_CHAT_H
#define OCSIGHT_ANALYZER_AUDIT_RULES_COPIES_CHAT_H

#include "analyzer/audit/expect.h"

/* chat-delivery-without-post */
void unposted_change(struct audit *audit, enum rule_id rule, const struct change *change);

/* chat-message-duplicated */
void duplicate_change(struct audit *audit, enum rule_id rule, const struct change *change);
void duplicate_judge(struct audit *audit, struct expectation *expected);

/* chat-delivery-after-part */
void parted_change(struct audit *audit, enum rule_id rule, const struct change *change);
void parted_overdue(struct audit *audit, struct expectation *expected);
void parted_judge(struct audit *audit, struct expectation *expected);

/* chat-text-edited */
void edited_change(struct audit *audit, enum rule_id rule, const struct change *change);
void edited_overdue(struct audit *audit, struct expectation *expected);

/* chat-post-fate-unknown */
void fate_change(struct audit *audit, enum rule_id rule, const struct change *change);
void fate_overdue(struct audit *audit, struct expectation *expected);
void fate_judge(struct audit *audit, struct expectation *expected);

#endif
