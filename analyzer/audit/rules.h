/*
 * What a rule is: a row of the tables in rules.c and rules_of_chat.c.
 *
 * A row says what the rule means (for `ocsight rules`, in rule_texts.c and
 * rule_texts_chat.c), which events and changes it wants to see, what to do with them,
 * and the sentence of its findings (sentence.h). What rules share is in expect.h
 * (waiting), witness.h (what the capture can tell), sessions.h (who is in which room)
 * and verdict.h (raising, grouping, claiming).
 *
 * To add a rule: a constant below, a row in each of the two tables, a short function
 * in the file of its subject, and a case in that file's test.
 */
#ifndef OCSIGHT_ANALYZER_AUDIT_RULES_H
#define OCSIGHT_ANALYZER_AUDIT_RULES_H

#include "analyzer/audit/audit.h"

/* In the order of the table, which is also the order in which they see an event or a change. */
enum rule_id {
    RULE_SIP_REQUEST_UNANSWERED,
    RULE_REGISTER_REFUSED,
    RULE_REGISTER_REDIRECTED,
    RULE_SUBSCRIPTION_REFUSED,
    RULE_PUBLISH_REFUSED,
    RULE_CALL_FAILED,
    RULE_SIP_DIAGNOSTICS,
    RULE_CHAT_SERVICE_REFUSED,
    RULE_CHAT_LOOKUP_WITHOUT_URI,
    RULE_CHAT_COMMAND_FAILED,
    RULE_CHAT_POST_WITHOUT_TIMESTAMP,
    RULE_CHAT_POST_NOT_JOINED,
    RULE_CHAT_AUTHOR_MISMATCH,
    RULE_CHAT_DIAGNOSTICS,
    RULE_CHAT_503_NOT_RETRIED,
    RULE_CHAT_COMMAND_UNANSWERED,
    RULE_CHAT_MESSAGE_NOT_DELIVERED,
    /* chat: envelopes and commands */
    RULE_CHAT_ENVELOPE_UNREADABLE, /* keeps the dialogs that the others of its file look up */
    RULE_CHAT_ENVELOPE_VERSION,
    RULE_CHAT_ENVELOPE_ID_UNREADABLE,
    RULE_CHAT_ENVELOPE_ID_BACK,
    RULE_CHAT_ENVELOPE_ID_REUSED, /* keeps the numbers that the one before looks up */
    RULE_CHAT_DIRECTION_WRONG,
    RULE_CHAT_CHILD_UNNAMED,
    RULE_CHAT_NAME_UNKNOWN,
    RULE_CHAT_CONTENT_TYPE,
    RULE_CHAT_ENVELOPE_EMPTY,
    RULE_CHAT_REPLY_INCOMPLETE,
    RULE_CHAT_REPLY_UNMATCHED,
    RULE_CHAT_REPLY_REPEATED,
    RULE_CHAT_REPLY_NAME,
    RULE_CHAT_REPLY_MISPLACED,
    RULE_CHAT_REPLY_AFTER_REFUSAL,
    RULE_CHAT_REPLY_SLOW,
    RULE_CHAT_DIALOG_ENDED_UNANSWERED,
    RULE_CHAT_PREFERENCE_NUMBER_OLD,
    RULE_CHAT_PREFERENCE_UNREADABLE,
    RULE_CHAT_PREFERENCE_BY_NEW_CLIENT,
    RULE_CHAT_INVITE_NUMBER_BACK,
    RULE_CHAT_SEARCH_TOO_MANY,
    RULE_CHAT_SEARCH_ROOM_INCOMPLETE,
    RULE_CHAT_NOT_PROVISIONED,
    /* chat: sessions */
    RULE_CHAT_RETRY_REUSES_CSEQ,
    RULE_CHAT_SERVICE_OVERLOADED,
    RULE_CHAT_SESSION_LOST,
    RULE_CHAT_INFO_OUTSIDE_DIALOG,
    RULE_CHAT_DIALOG_DISOWNED,
    RULE_CHAT_STALE_DIALOG_CONTINUED,
    RULE_CHAT_SESSION_TIMER_MISSED,
    RULE_CHAT_USER_NOT_ENABLED,
    RULE_CHAT_LOOKUP_LEFT_OPEN,
    RULE_CHAT_REDIRECT_NOT_FOLLOWED,
    RULE_CHAT_TWO_DIALOGS,
    /* chat: rooms and rosters */
    RULE_CHAT_JOIN_ROOM_MISSING,
    RULE_CHAT_JOIN_ROOM_UNASKED,
    RULE_CHAT_ROSTER_UNKNOWN_ID,
    RULE_CHAT_ROSTER_UNUSED_USER,
    RULE_CHAT_ROSTER_ID_REPEATED,
    RULE_CHAT_ROSTER_WITHOUT_JOINER,
    RULE_CHAT_ROSTER_MASK_UNKNOWN,
    RULE_CHAT_ROOM_JOINED_TWICE,
    RULE_CHAT_PART_NOT_JOINED,
    RULE_CHAT_ROSTER_NOTICE_REPEATED,
    RULE_CHAT_NOTICE_NOT_JOINED,
    RULE_CHAT_ROSTER_DIVERGED,
    RULE_CHAT_HISTORY_NOT_ASKED,
    RULE_CHAT_ROOM_RENAMED,
    /* chat: messages */
    RULE_CHAT_ECHO_MISSING,
    RULE_CHAT_DELIVERY_WITHOUT_POST,
    RULE_CHAT_MESSAGE_DUPLICATED,
    RULE_CHAT_POST_INCOMPLETE,
    RULE_CHAT_POST_CLOCK,
    RULE_CHAT_POST_OVERSIZED,
    RULE_CHAT_ORDER_DIVERGED,
    RULE_CHAT_DELIVERY_AFTER_PART,
    RULE_CHAT_TEXT_EDITED,
    RULE_CHAT_HISTORY_FOREIGN,
    RULE_CHAT_HISTORY_TOO_LONG,
    RULE_CHAT_HISTORY_INCOMPLETE,
    RULE_CHAT_HISTORY_NOT_JOINED,
    RULE_CHAT_POST_HTML,
    RULE_CHAT_POST_WITHOUT_RIGHT,
    RULE_CHAT_POST_FATE_UNKNOWN,
    /* chat: files */
    RULE_CHAT_FILE_WITHOUT_TOKEN,
    RULE_CHAT_FILE_NOT_POSTED,
    RULE_CHAT_FILE_TOKEN_REPEATED,
    RULE_CHAT_FILE_TOKEN_MISUSED,
    RULE_CHAT_FILE_TOKEN_EXPIRED,
    RULE_CHAT_FILE_SERVER_UNSAFE,
    RULE_CHAT_FILE_TOKEN_READABLE,
    RULE_CHAT_FILE_NOT_ALLOWED,
    /* call flows */
    /* compliance */
    RULE_COMPLIANCE_NOT_ARCHIVED,
    RULE_COMPLIANCE_NOT_CAPTURED,
    RULE_COMPLIANCE_DIFFERS,
    RULE_COMPLIANCE_ROW_MISSING,
    RULE_FLOW_STEP_MISSING,
    RULE_FLOW_STEP_OUT_OF_ORDER,
    /* publishing */
    RULE_PUBLISH_EXPIRED,
    RULE_PUBLISH_412_NOT_RECOVERED,
    RULE_PUBLISH_DOUBLED,
    RULE_PUBLISH_CALL_STATE_LEFT,
    RULE_PUBLISH_REFRESH_AFTER_EXPIRY,
    RULE_PUBLISH_SERVER_TOO_OLD,
    RULE_PUBLICATION_CONFLICT_NOT_RECOVERED,
    RULE_PUBLICATION_CONFLICT_REPEATED,
    RULE_PUBLICATION_VERSION_STUCK,
    RULE_PRESENCE_DND_NOT_SOFTENED,
    RULE_PRESENCE_COPIES_DIFFER,
    RULE_PRESENCE_IDLE_PUBLISHED,
    RULE_PRESENCE_LAST_ACTIVE_SHOWN,
    RULE_PRESENCE_ENDPOINT_STATE_LEFT,
    RULE_PRESENCE_TIMED_STATE_LEFT,
    RULE_PRESENCE_MANUAL_STATE_OLD,
    RULE_SUBSCRIPTION_LAPSED,
    RULE_PRESENCE_AGGREGATE_UNEXPECTED,
    RULE_PRESENCE_MACHINE_AGGREGATE_WRONG,
    RULE_PRESENCE_WATCHER_STALE,
    RULE_PRESENCE_BLOCKED_LEAK,
    RULE_PRESENCE_EXTERNAL_LEAK,
    RULE_PRESENCE_INPUT_LEAK,
    RULE_BENOTIFY_NOT_OFFERED,
    RULE_BENOTIFY_ANSWERED,
    RULE_SUBSCRIPTION_NOT_TERMINATED,
    RULE_SUBSCRIPTION_NOT_RETRIED,
    RULE_SUBSCRIPTION_RESUBSCRIBE_IGNORED,
    RULE_SUBSCRIPTION_TOO_LARGE,
    RULE_SUBSCRIPTION_PEER_LOST, /* keeps the rows that the others of its file look up: last */
    /* database rows: analyzer/audit/database.h */
    RULE_DATABASE_PUBLICATION_STALE,
    RULE_DATABASE_PUBLICATION_EXPIRED,
    RULE_DATABASE_PUBLICATION_DOUBLED,
    RULE_DATABASE_ENDPOINT_ORPHANED,
    RULE_DATABASE_AGGREGATE_UNEXPECTED,
    RULE_DATABASE_PRESENCE_DIFFERS,
    RULE_DATABASE_POST_MISSING,
    RULE_COVERAGE_COMPRESSED,
    RULE_COVERAGE_ENCRYPTED,
    RULE_COVERAGE_GAP,
    RULE_COVERAGE_TRUNCATED,
    RULE_COVERAGE_ONE_SIDED,
    RULE_COVERAGE_NO_SIP,
    RULE_COVERAGE_CLOCK,
    RULE_COVERAGE_CAP,
    RULE_COVERAGE_DATABASE,
    RULES
};

/*
 * How closely a rule describes a cause. Where several speak of the same one, the
 * highest rank is heard and the others are silent.
 */
enum rule_rank {
    RANK_REMARK,   /* anything odd */
    RANK_OUTCOME,  /* something was refused */
    RANK_REASON,   /* ... and the service said why */
    RANK_REACTION, /* ... and nothing was done about it */
    RANK_CAUSE,    /* what was wrong with it in the first place */
};

struct expectation;

struct rule {
    enum rule_rank rank;
    unsigned events;  /* RULE_WANTS(EVENT_...) | ... */
    unsigned changes; /* RULE_WANTS(CHANGE_...) | ... */
    bool copies;      /* wants later copies of a message too, not only the first */
    bool holds;       /* `judge` is asked at the end even where no deadline has passed */
    void (*event)(struct audit *audit, enum rule_id rule, const struct event *event);
    void (*change)(struct audit *audit, enum rule_id rule, const struct change *change);
    void (*overdue)(struct audit *audit, struct expectation *expected); /* a deadline passed */
    void (*judge)(struct audit *audit, struct expectation *expected);   /* the input has ended */
    const char *sentence;      /* of a finding: see sentence.h */
    const char *sentence_late; /* where it happened after all, but too late; NULL = no such case */
};

#define RULE_WANTS(kind) (1U << (kind))

/* What a rule does, and what it says of itself. */
const struct rule *rule_row(enum rule_id rule);
const struct rule_info *rule_info_of(enum rule_id rule);

/* The part of the tables that is about chat has files of its own. */
static inline bool rule_is_chat(enum rule_id rule)
{
    return rule >= RULE_CHAT_SERVICE_REFUSED && rule <= RULE_CHAT_FILE_NOT_ALLOWED;
}

const struct rule *rule_row_of_chat(enum rule_id rule);
const struct rule_info *rule_info_of_chat(enum rule_id rule);

#endif
