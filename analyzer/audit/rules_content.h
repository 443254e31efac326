/*
 * Rules about what a chat post holds.
 */
#ifndef OCSIGHT_ANALYZER_AUDIT_RULES_CONTENT_H
#define OCSIGHT_ANALYZER_AUDIT_RULES_CONTENT_H

#include "analyzer/audit/expect.h"

/* chat-post-incomplete */
void incomplete_event(struct audit *audit, enum rule_id rule, const struct event *event);
void incomplete_change(struct audit *audit, enum rule_id rule, const struct change *change);

/* chat-post-clock */
void clock_change(struct audit *audit, enum rule_id rule, const struct change *change);

/* chat-post-oversized */
void oversized_event(struct audit *audit, enum rule_id rule, const struct event *event);
void oversized_change(struct audit *audit, enum rule_id rule, const struct change *change);

/* chat-post-html */
void html_change(struct audit *audit, enum rule_id rule, const struct change *change);

/* chat-post-without-right */
void right_change(struct audit *audit, enum rule_id rule, const struct change *change);

#endif
