/*
 * Rules about files on their way to and from rooms.
 *
 * Facts: xccos.md 1.13 (the file web service, the tokens and their life), 1.9 (the
 * property filepost), 4.5 (posting a file), 6.6 (XF01-XF07). That a token's address
 * lies outside the deployment (the second half of XF04) is not asked: servers' own
 * names and the users' domains need not be alike.
 */
#ifndef OCSIGHT_ANALYZER_AUDIT_RULES_FILE_H
#define OCSIGHT_ANALYZER_AUDIT_RULES_FILE_H

#include "analyzer/audit/rules.h"

/* chat-file-without-token: XF01 */
void file_token_change(struct audit *audit, enum rule_id rule, const struct change *change);
void file_token_judge(struct audit *audit, struct expectation *expected);

/* chat-file-not-posted: XF02 */
void file_unposted_change(struct audit *audit, enum rule_id rule, const struct change *change);
void file_unposted_overdue(struct audit *audit, struct expectation *expected);
void file_unposted_judge(struct audit *audit, struct expectation *expected);

/* chat-file-token-misused: XF03 */
void file_misuse_event(struct audit *audit, enum rule_id rule, const struct event *event);

/* chat-file-token-expired: XF03 */
void file_expired_event(struct audit *audit, enum rule_id rule, const struct event *event);

/* Both */
void file_tokens_change(struct audit *audit, enum rule_id rule, const struct change *change);

/* chat-file-server-unsafe: XF04 */
void file_server_change(struct audit *audit, enum rule_id rule, const struct change *change);

/* chat-file-token-repeated: XF05 */
void file_repeated_change(struct audit *audit, enum rule_id rule, const struct change *change);

/* chat-file-token-readable: XF06 */
void file_readable_change(struct audit *audit, enum rule_id rule, const struct change *change);

/* chat-file-not-allowed: XF07 */
void file_allowed_event(struct audit *audit, enum rule_id rule, const struct event *event);
void file_allowed_change(struct audit *audit, enum rule_id rule, const struct change *change);

#endif
