/*
 * Rules about replies: which command they answer, under which name, when and where.
 * Commands that get none at all: rules_chat.h.
 */
#ifndef OCSIGHT_ANALYZER_AUDIT_RULES_REPLY_H
#define OCSIGHT_ANALYZER_AUDIT_RULES_REPLY_H

#include "analyzer/audit/expect.h"
#include "analyzer/audit/rules_chat.h"

/* chat-reply-incomplete */
void reply_incomplete_event(struct audit *audit, enum rule_id rule, const struct event *event);

/* Whether that rule has spoken of the reply that caused a change. */
bool reply_is_incomplete(const struct audit *audit, const struct change *change);

/* chat-reply-unmatched, chat-reply-misplaced, chat-reply-after-refusal */
void reply_unmatched_change(struct audit *audit, enum rule_id rule, const struct change *change);
void reply_misplaced_change(struct audit *audit, enum rule_id rule, const struct change *change);
void reply_refused_change(struct audit *audit, enum rule_id rule, const struct change *change);
void reply_doubt_judge(struct audit *audit, struct expectation *expected);

/* chat-reply-repeated: also the record of replies and whether the client took them */
void reply_repeated_event(struct audit *audit, enum rule_id rule, const struct event *event);
void reply_repeated_change(struct audit *audit, enum rule_id rule, const struct change *change);

/* chat-reply-name */
void reply_name_change(struct audit *audit, enum rule_id rule, const struct change *change);

/* chat-reply-slow */
void reply_slow_change(struct audit *audit, enum rule_id rule, const struct change *change);

/* chat-dialog-ended-unanswered: the record of the command comes from chat-command-unanswered */
void ended_unanswered(struct audit *audit, const struct change *change,
                      const struct command_wait *wait);
void ended_change(struct audit *audit, enum rule_id rule, const struct change *change);
void ended_judge(struct audit *audit, struct expectation *expected);

#endif
