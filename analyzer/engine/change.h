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
    CHANGE_AGGREGATE,
    CHANGE_TOLD,
    CHANGE_SUBSCRIPTION,
    CHANGE_SESSION,
    CHANGE_ROOM,
    CHANGE_MEMBERSHIP,
    CHANGE_ROSTER,
    CHANGE_PARTICIPANT,
    CHANGE_FOLLOW,
    CHANGE_COMMAND,
    CHANGE_POST,
    CHANGE_FILE,
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

/* Availability numbers that the sources admit (presence.md 3.3 and 3.5), ascending, disjoint. */
enum { ADMITTED_RANGES = 3 };

struct availability_range {
    int64_t low; /* inclusive, both */
    int64_t high;
};

struct admitted {
    struct availability_range ranges[ADMITTED_RANGES];
    size_t count; /* 0 = nothing is known */
};

/* Which step of facts/presence.md 3.3 gave the number. */
enum aggregate_step {
    STEP_NONE,
    STEP_NO_ENDPOINT, /* 0: nobody of the user is registered */
    STEP_USER_STATE,  /* 2: the user's own choice */
    STEP_ASSUMED,     /* 2: no user state was seen, Available is assumed */
    STEP_MACHINE, /* 4: the most active machine, newer than the user's choice and less available */
    STEP_PHONE,   /* 4: a call, newer and less available */
    STEP_CONFERENCE, /* 4: the same, a conference */
    STEP_CALENDAR,   /* 4: the same, a meeting */
    STEP_BUSY_IDLE,  /* 5: busy at an inactive machine */
};

/* CHANGE_PRESENCE: the band, number, activity or source of a user changed. */
struct presence_change {
    struct slice user;
    enum band from;
    enum band band;
    int64_t availability;  /* AVAILABILITY_NONE when there is none */
    struct slice activity; /* token; "" = none */
    enum presence_source source;
    struct admitted admitted; /* of SOURCE_COMPUTED and SOURCE_PIDF: what else it may have been */
    struct slice cause;       /* short words: "publishes state 6500", "publication ran out" ... */
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
    PUBLICATION_CONFLICT, /* 409: the fault document gives the server's version of it */
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
    int64_t published; /* ns: publishTime as the server stamped it, else when it was accepted;
                          TIME_NONE */
    int64_t until;     /* ns: when it runs out; TIME_NONE = not by time */
    uint16_t status;   /* of the response; 0 = none */
    bool manual;       /* the user chose it */
    enum category_kind category;
    struct slice text;        /* what it says in one line, as in category_fact */
    uint32_t index;           /* 1-based place in its request; 0 = not asked for by one */
    uint32_t current_version; /* PUBLICATION_CONFLICT: the server's */
};

/* What became of one input of an aggregate. */
enum input_verdict {
    INPUT_DECIDED,       /* its number is the result */
    INPUT_COUNTED,       /* it took part, another one was less available */
    INPUT_OLDER,         /* published before the user's own choice: step 3 */
    INPUT_OTHER_MACHINE, /* not the most active machine: step 1 */
    INPUT_SUPERSEDED,    /* a user state older than the one that counts: step 2 */
    INPUT_NO_NUMBER,     /* it has no availability; its activity may still be shown */
};

/* One live input. */
struct aggregate_cause {
    struct category_key key; /* key.user is set; name and instance only if `entity_tag` is "" */
    struct slice entity_tag; /* of a PIDF publication */
    enum state_kind kind;
    int64_t availability;
    struct slice activity;
    struct slice epid;
    enum expire_type expire_type;
    int64_t published; /* ns */
    int64_t until;     /* ns, TIME_NONE */
    enum input_verdict verdict;
    struct origin origin; /* what published or showed it last */
};

/*
 * CHANGE_AGGREGATE: the inputs of one container changed, or the server said what
 * it makes of them. Emitted once a message, after all of its facts.
 */
struct aggregate_change {
    struct slice user;
    uint32_t container;                   /* 2 or 3 */
    const struct aggregate_cause *inputs; /* all live ones, in the order of their first sight */
    size_t input_count;
    int64_t computed; /* AVAILABILITY_NONE when no input says anything */
    struct slice activity;
    enum aggregate_step step;
    struct admitted admitted;
    int64_t machine; /* expected aggregateMachineState; AVAILABILITY_NONE without a machine */
    bool complete;   /* the owner's own document was seen: no input is missing */
    bool told;       /* the server's aggregateState of this container is known: */
    int64_t server;  /* AVAILABILITY_NONE = it has no availability */
    struct slice server_activity;
    struct origin server_origin;
    bool machine_told;
    int64_t server_machine;
    struct origin server_machine_origin;
    bool agrees;         /* `server` is admitted, or cannot be judged */
    bool machine_agrees; /* the same for the machine state */
};

/* The containers that a watcher can be served from (presence.md part 5), as a set. */
enum served_container {
    SERVED_100 = 1 << 0,
    SERVED_200 = 1 << 1,
    SERVED_300 = 1 << 2,
    SERVED_400 = 1 << 3,
    SERVED_32000 = 1 << 4,
    SERVED_OTHER = 1 << 5, /* container 0, or one of an administrator's own */
    SERVED_ANY = (1 << 6) - 1,
};

/* What a copy says beside its number, as a set. */
enum told_content {
    TOLD_ACTIVITY = 1 << 0,
    TOLD_DEVICE = 1 << 1,
    TOLD_LOCATION = 1 << 2,
    TOLD_TIME_ZONE = 1 << 3,
    TOLD_MEETING = 1 << 4, /* its subject or place */
    TOLD_TEXT = 1 << 5,    /* another category says something to people: a note, a name */
    TOLD_ORIGIN = 1 << 6,  /* it names its container or version */
};

/* CHANGE_TOLD: a watcher was shown something about a user. */
struct told_change {
    struct slice watcher;
    struct slice user;
    enum category_kind category; /* CATEGORY_STATE for PIDF and legacy too */
    bool document;               /* PIDF or a legacy form, not a category */
    bool empty;                  /* the category was cleared */
    unsigned content;            /* enum told_content */
    unsigned served;             /* enum served_container: where the copy can have come from; 0 for
                                    the owner */
    bool member; /* the owner's lists name this watcher or its domain: `served` is certain */
    struct origin member_origin; /* of the list or request that does; record 0 without */
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
    int64_t expires;      /* seconds: Session-Expires of the 200 that opened it, or of the latest
                             refresh that gives one; -1 = none */
    bool renewed;         /* a refresh within the dialog was answered; the state is as before */
};

/* How a room's attributes became known. */
enum room_source {
    ROOM_TOLD,    /* by a reply or notice of the chat service */
    ROOM_CREATED, /* by the room management page, or its answer */
    ROOM_MODIFIED,
    ROOM_REMOVED, /* DeleteRoom; clients can only disable a room (xccos.md 1.9) */
    ROOM_ENDED,   /* nothing points to it any more: forgotten */
};

/* CHANGE_ROOM: something was learned of a room, or it changed. What was never told is empty. */
struct room_change {
    struct slice uri; /* "" for a room made by web page, which gets its URI later */
    struct slice name;
    struct slice old_name; /* set when the name changed */
    struct slice topic;
    struct slice description;
    struct slice visibility; /* as written */
    enum said file_post;
    enum said invites;
    enum said logged;
    bool
        suspended; /* too big for rosters: xccos.md 1.9, 75 participants unless limited otherwise */
    enum room_source source;
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

/*
 * CHANGE_MEMBERSHIP: this session and this room. Where `from` is `state` the session asked for what
 * was so already: to join a joined room, to leave one that it is not in.
 */
struct membership_change {
    struct session_ref session;
    struct slice room;
    struct slice room_name;
    enum membership_state from;
    enum membership_state state;
    size_t listed; /* rosters of other joined sessions that list this one's user */
    bool assumed;  /* concluded from traffic, the join itself was not captured */
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
    bool notice;                      /* told by a notice, else by a join reply */
    bool before;                      /* the user was in this session's roster before */
    size_t users;                     /* in this session's roster now */
    enum membership_state membership; /* of this session in the room at that moment */
    bool suspended; /* the room is too big for its rosters to be kept (xccos.md 8.4) */
};

/*
 * CHANGE_PARTICIPANT: the agreed view of a room, by majority of the joined sessions
 * that were told anything of this user (xccos.md 8.4).
 */
struct participant_change {
    struct slice room;
    struct slice room_name;
    struct slice user;
    bool present;
    uint64_t mask; /* as told last */
    bool has_mask;
    size_t agree;    /* sessions whose roster says so */
    size_t disagree; /* joined sessions whose roster says otherwise */
};

/* CHANGE_FOLLOW: a user follows a room, or no longer (category roomSetting: xccos.md 1.14). */
struct follow_change {
    struct slice user;
    struct slice room;
    struct slice room_name; /* as the category gives it; "" = not given */
    bool follows;
};

enum command_state {
    COMMAND_SENT,
    COMMAND_ACCEPTED,  /* 200 to its INFO */
    COMMAND_REFUSED,   /* another final response to its INFO */
    COMMAND_ANSWERED,  /* a reply with code 200 */
    COMMAND_FAILED,    /* a reply with another code */
    COMMAND_UNMATCHED, /* a reply that names no command of its dialog */
    COMMAND_ABANDONED, /* its dialog ended first */
    COMMAND_REPEATED,  /* a further reply to a command that had one */
    COMMAND_MISPLACED, /* a reply on another dialog than its command, same user and endpoint */
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
    struct slice room;         /* the first room it names */
    enum chat_verb reply_verb; /* of the reply, where there is one */
    struct slice reply_name;
    uint64_t other_dialog; /* COMMAND_MISPLACED: that of the command */
    size_t room_count;     /* rooms that it names */
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
    bool edited;   /* of a copy: its text differs from the post's by more than line ends */
    uint16_t status;
    int64_t posted_at;     /* ns: first sight of the post; TIME_NONE when only copies were seen */
    struct origin post;    /* the INFO that carried the post; record 0 when not captured */
    uint64_t first_dialog; /* POST_DUPLICATE: of the first copy, and the INFO that carried it */
    struct origin first_copy;
};

enum file_state {
    FILE_ASKED,     /* cmd:getfutok, cmd:getfdtok */
    FILE_PERMITTED, /* rpl:getftok gave the token */
    FILE_DENIED,
    FILE_NAMED,    /* the web service gave the name that it is kept under */
    FILE_CARRIED,  /* one chunk was sent and taken, or asked for and sent */
    FILE_COMPLETE, /* all of it */
    FILE_POSTED,   /* a message links to it */
};

/*
 * CHANGE_FILE: one transfer of a file to or from a room (xccos.md 1.13, 4.5). Web calls belong to
 * the transfer whose token they carry.
 */
struct file_change {
    uint64_t id;                /* of the transfer, ascending from 1; 0 = no token was seen */
    struct session_ref session; /* who asked for the token; user "" where that was not captured */
    struct slice room;          /* URI, or "" */
    struct slice room_name;
    enum file_state state;
    bool download;
    struct slice name;   /* fileUrl: as the user knows it */
    struct slice stored; /* as the repository knows it: GUID and extension */
    struct slice server; /* token@serveruri */
    uint64_t token_hash;
    uint64_t bytes;  /* carried so far */
    uint64_t length; /* of the file; 0 = not told */
    int64_t granted; /* ns: when the token was given; TIME_NONE */
    uint64_t post;   /* FILE_POSTED: its id in the ledger */
    bool mismatch;   /* the web call names another room than the token was given for */
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
        struct aggregate_change aggregate;
        struct told_change told;
        struct subscription_change subscription;
        struct session_change session;
        struct room_change room;
        struct membership_change membership;
        struct roster_change roster;
        struct participant_change participant;
        struct follow_change follow;
        struct command_change command;
        struct post_change post;
        struct file_change file;
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
const char *aggregate_step_name(enum aggregate_step step);  /* words for people */
const char *input_verdict_name(enum input_verdict verdict); /* words for people */
const char *subscription_state_name(enum subscription_state state);
const char *session_state_name(enum session_state state);
const char *membership_state_name(enum membership_state state);
const char *command_state_name(enum command_state state);
const char *post_state_name(enum post_state state);
const char *room_source_name(enum room_source source);
const char *file_state_name(enum file_state state);

#endif
