/*
 * Rules about chat sessions and commands. Posts: rules_post.h.
 */
#ifndef OCSIGHT_ANALYZER_AUDIT_RULES_CHAT_H
#define OCSIGHT_ANALYZER_AUDIT_RULES_CHAT_H

#include "analyzer/audit/expect.h"
#include "analyzer/audit/sessions.h"

/* What chat-command-unanswered keeps of an open command, for the rules of rules_reply.h too. */
struct command_wait {
    struct expectation expected;
    uint64_t session;
    struct route routes[SESSION_ROUTES];
    size_t route_count;
    int64_t accepted;
    int64_t due;         /* ns; 0 = not accepted yet */
    int64_t answered_at; /* too late; TIME_NONE = not at all */
    bool judged; /* can be: a command whose reply is known, in a dialog seen from its start */
};

/* The same command again, perhaps in a later dialog: same endpoint, name and first room. */
uint64_t chat_command_cause(const struct audit *audit, const struct command_change *command);

/* chat-service-refused */
void service_change(struct audit *audit, enum rule_id rule, const struct change *change);
void service_judge(struct audit *audit, struct expectation *expected);

/* chat-lookup-without-uri */
void lookup_event(struct audit *audit, enum rule_id rule, const struct event *event);

/* chat-command-failed */
void command_failed_change(struct audit *audit, enum rule_id rule, const struct change *change);

/* chat-diagnostics */
void chat_diagnostics_event(struct audit *audit, enum rule_id rule, const struct event *event);
void chat_diagnostics_change(struct audit *audit, enum rule_id rule, const struct change *change);
void chat_diagnostics_judge(struct audit *audit, struct expectation *expected);

/* chat-503-not-retried */
void retry_change(struct audit *audit, enum rule_id rule, const struct change *change);
void retry_judge(struct audit *audit, struct expectation *expected);

/* chat-command-unanswered: also the record of every open command */
void command_change(struct audit *audit, enum rule_id rule, const struct change *change);
void command_overdue(struct audit *audit, struct expectation *expected);
void command_judge(struct audit *audit, struct expectation *expected);

#endif
