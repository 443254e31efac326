/*
 * What comes out of the engine: one state transition with its cause.
 *
 * The audit, the reports and the store see the engine only through changes and
 * the events that went in. `time` is when the state changed; it differs from
 * `origin.time` only where a state ran out with no packet to show it (a missed
 * refresh), and `origin` is then the publication, registration or subscription
 * that ran out.
 *
 * Everything here is borrowed until the callback that received it returns.
 */
#ifndef OCSIGHT_ANALYZER_ENGINE_CHANGE_H
#define OCSIGHT_ANALYZER_ENGINE_CHANGE_H

#include "analyzer/engine/bands.h"
#include "analyzer/engine/event.h"

enum change_kind {
    CHANGE_PRESENCE,
    CHANGE_ENDPOINT,
    CHANGE_PUBLICATION,
    CHANGE_TOLD,
    CHANGE_SUBSCRIPTION,
    CHANGE_SESSION,
    CHANGE_ROOM,
    CHANGE_MEMBERSHIP,
    CHANGE_ROSTER,
    CHANGE_COMMAND,
    CHANGE_POST,
    CHANGE_KINDS
};

/* How a user's band is known (design.md section 3, `source`). */
enum presence_source {
    SOURCE_NONE,
    SOURCE_AGGREGATE, /* the server's aggregateState was seen by its owner or in a container */
    SOURCE_COMPUTED,  /* derived here from the inputs */
    SOURCE_PIDF,
    SOURCE_LEGACY,
    SOURCE_NOTIFIED, /* only a watcher's copy was seen */
    SOURCE_DATABASE,
};

/* CHANGE_PRESENCE: the band, number, activity or source of a user changed. */
struct presence_change {
    struct slice user;
    enum band from;
    enum band band;
    int64_t availability;  /* AVAILABILITY_NONE when there is none */
    struct slice activity; /* token; "" = none */
    enum presence_source source;
    struct slice cause; /* short words: "publishes state 6500", "publication ran out" ... */
};

enum endpoint_state {
    ENDPOINT_REGISTERED,
    ENDPOINT_REFRESHED,
    ENDPOINT_UNREGISTERED,
    ENDPOINT_EXPIRED
};

/* CHANGE_ENDPOINT */
struct endpoint_change {
    struct slice user;
    struct slice epid; /* "" when unknown */
    enum endpoint_state state;
    int64_t until; /* ns, TIME_NONE */
};

enum publication_state {
    PUBLICATION_REQUESTED, /* sent, not answered yet */
    PUBLICATION_LIVE,      /* accepted, or seen in the owner's own document */
    PUBLICATION_REFRESHED, /* PIDF: lifetime extended, entity tag replaced */
    PUBLICATION_MODIFIED,  /* new value under the same identity */
    PUBLICATION_REMOVED,
    PUBLICATION_EXPIRED, /* time ran out: no packet shows it */
    PUBLICATION_ENDED,   /* its endpoint or its user left */
    PUBLICATION_REFUSED,
};

/* CHANGE_PUBLICATION: one published category instance, or one PIDF publication. */
struct publication_change {
    bool pidf;               /* true: `entity_tag` names it; false: `key` does */
    struct category_key key; /* key.user is set in both cases */
    struct slice entity_tag; /* now */
    struct slice replaced_tag;
    struct slice epid; /* publisher's endpoint; "" when unknown */
    enum publication_state state;
    enum state_kind value_kind;
    int64_t availability;
    struct slice activity;
    enum expire_type expire_type;
    uint32_t version;
    int64_t until;   /* ns: when it runs out; TIME_NONE = not by time */
    uint16_t status; /* of the response; 0 = none */
};

/* CHANGE_TOLD: a watcher was shown something about a user. */
struct told_change {
    struct slice watcher;
    struct slice user;
    enum band band;
    int64_t availability;
    struct slice activity;
    enum state_kind value_kind;
    bool owner;         /* watcher and user are the same: roaming self */
    bool polled;        /* in the answer to a one-off query */
    uint32_t container; /* of an owner's document */
    bool has_container;
    uint64_t dialog;
};

enum subscription_state {
    SUBSCRIPTION_REQUESTED,
    SUBSCRIPTION_ACTIVE,
    SUBSCRIPTION_REFRESHED,
    SUBSCRIPTION_TERMINATED,
    SUBSCRIPTION_LAPSED, /* its time ran out without a refresh */
    SUBSCRIPTION_REFUSED,
};

/* CHANGE_SUBSCRIPTION: one subscription dialog of a watcher. */
struct subscription_change {
    struct slice watcher;
    struct slice target;  /* "user@host"; the watcher itself for lists and roaming data */
    struct slice package; /* Event package */
    struct slice call_id;
    uint64_t dialog;
    enum dialog_mode mode;
    enum subscription_state state;
    int64_t until; /* ns, TIME_NONE */
    uint16_t status;
    struct slice reason;
};

/* Chat session states: facts/xccos.md 8.2. */
enum session_state {
    SESSION_UNKNOWN, /* its beginning was not captured */
    SESSION_INVITING,
    SESSION_CONNECTED,
    SESSION_STALE, /* the client disowned the dialog with 487 */
    SESSION_CLOSED,
    SESSION_REFUSED,
};

/* What names a chat session in every chat change. */
struct session_ref {
    uint64_t id; /* ascending from 1 */
    struct slice user;
    struct slice epid;
    struct slice call_id; /* of the dialog concerned */
    uint64_t dialog;
    bool lookup;     /* a lookup dialog, not the channel */
    bool from_start; /* its INVITE was captured */
};

/* CHANGE_SESSION */
struct session_change {
    struct session_ref session;
    enum session_state from;
    enum session_state state;
    struct slice service; /* "user@host" of the chat service */
    uint16_t status;      /* of the response that decided it; 0 = none */
    struct slice reason;  /* "bye by service", "481", ... */
};

/* CHANGE_ROOM: a name or topic was learned or changed. */
struct room_change {
    struct slice uri;
    struct slice name;
    struct slice topic;
};

/* Membership states: facts/xccos.md 8.3. */
enum membership_state {
    MEMBER_NONE,
    MEMBER_JOINING,
    MEMBER_JOINED,
    MEMBER_LEAVING,
    MEMBER_FAILED,
    MEMBER_UNKNOWN
};

/* CHANGE_MEMBERSHIP: this session and this room. */
struct membership_change {
    struct session_ref session;
    struct slice room;
    struct slice room_name;
    enum membership_state from;
    enum membership_state state;
    bool assumed; /* concluded from traffic, the join itself was not captured */
    struct slice reason;
};

/* CHANGE_ROSTER: what this session was told about who is in a room. */
struct roster_change {
    struct session_ref session; /* who was told */
    struct slice room;
    struct slice room_name;
    struct slice user; /* who entered or left */
    uint64_t mask;
    bool has_mask;
    bool present;
    bool notice; /* told by a notice, else by a join reply */
};

enum command_state {
    COMMAND_SENT,
    COMMAND_ACCEPTED,  /* 200 to its INFO */
    COMMAND_REFUSED,   /* another final response to its INFO */
    COMMAND_ANSWERED,  /* a reply with code 200 */
    COMMAND_FAILED,    /* a reply with another code */
    COMMAND_UNMATCHED, /* a reply that names no command of its dialog */
    COMMAND_ABANDONED, /* its dialog ended first */
};

/* CHANGE_COMMAND */
struct command_change {
    struct session_ref session;
    uint64_t id;          /* of the command, ascending from 1; 0 for COMMAND_UNMATCHED */
    uint64_t transaction; /* of the command's INFO */
    enum chat_verb verb;
    struct slice name;
    struct slice envelope;
    struct slice sequence;
    enum command_state state;
    uint16_t status; /* SIP status of the INFO */
    uint32_t code;   /* resp code of the reply */
    struct slice code_text;
    struct slice room;     /* the first room it names */
    int64_t sent_at;       /* ns */
    struct origin request; /* the INFO that carried the command */
};

enum post_state {
    POST_SENT,
    POST_ACCEPTED,
    POST_REFUSED,
    POST_DELIVERED, /* one copy to one session */
    POST_DUPLICATE, /* another copy to the same session */
    POST_HISTORY,   /* seen in a history reply */
    POST_ABANDONED, /* its dialog ended before its INFO was answered */
};

/* CHANGE_POST */
struct post_change {
    uint64_t id;                /* of the message in the room's ledger, ascending from 1 */
    struct session_ref session; /* the poster's, or the one that got the copy */
    uint64_t transaction;       /* of the INFO concerned */
    struct slice room;
    struct slice room_name;
    struct slice author;
    struct slice text; /* "" where a response decided the state; the ledger keeps digests only */
    int64_t ts;        /* as the message says; TIME_NONE */
    enum post_state state;
    enum membership_state membership; /* of `session` in that room at that moment */
    bool author_mismatch;             /* author differs from the From of the INFO */
    bool has_ts;
    bool file_link;
    bool echo;     /* POST_DELIVERED to a session of the author */
    bool captured; /* the post itself was captured, not only copies */
    bool retry;    /* the same content after a refusal */
    uint16_t status;
    int64_t posted_at;  /* ns: first sight of the post; TIME_NONE when only copies were seen */
    struct origin post; /* the INFO that carried the post; record 0 when not captured */
};

struct change {
    enum change_kind kind;
    uint64_t id; /* ascending from 1 */
    int64_t time;
    struct origin origin;
    const struct message *message; /* that caused it; NULL for a timer or a database row */
    union {
        struct presence_change presence;
        struct endpoint_change endpoint;
        struct publication_change publication;
        struct told_change told;
        struct subscription_change subscription;
        struct session_change session;
        struct room_change room;
        struct membership_change membership;
        struct roster_change roster;
        struct command_change command;
        struct post_change post;
    } as;
};

struct change_sink {
    void (*change)(void *context, const struct change *change);
    void *context;
};

static inline void change_emit(const struct change_sink *sink, const struct change *change)
{
    sink->change(sink->context, change);
}

/* Names as they stand in JSON and text output; never NULL. */
const char *change_kind_name(enum change_kind kind);
const char *presence_source_name(enum presence_source source);
const char *endpoint_state_name(enum endpoint_state state);
const char *publication_state_name(enum publication_state state);
const char *subscription_state_name(enum subscription_state state);
const char *session_state_name(enum session_state state);
const char *membership_state_name(enum membership_state state);
const char *command_state_name(enum command_state state);
const char *post_state_name(enum post_state state);

#endif
