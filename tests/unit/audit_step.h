/*
 * Rows of the scripts for the audit's tests: what was seen, as data, and the messages, facts and
 * changes that a row stands for.
 *
 * A row is a message, a change that a message caused (the message comes first), or a coverage
 * event. The record number of a row is its place in the script, from 1. What becomes of rows
 * about chat is in audit_step_chat.c, about presence in audit_step_presence.c.
 */
#ifndef OCSIGHT_TESTS_UNIT_AUDIT_STEP_H
#define OCSIGHT_TESTS_UNIT_AUDIT_STEP_H

#include "analyzer/engine/change.h"
#include "tests/unit/harness.h"

#define START (INT64_C(1763632800) * TIME_SECOND)

enum act {
    MESSAGE, /* a request, or with `status` a response */
    SESSION,
    MEMBER,
    COMMAND,
    POST,
    ENDPOINT,
    PUBLICATION,
    TOLD,
    SUBSCRIPTION,
    AGGREGATE,
    PUBLISHING, /* one publication of a SERVICE (EVENT_PUBLICATION) */
    CATEGORY,   /* one category of an owner's document, or of a copy (EVENT_CATEGORY) */
    CALL,       /* an INVITE dialog (EVENT_DIALOG) */
    REPLY,      /* a chat reply (EVENT_CHAT) */
    ASK,        /* a chat command (EVENT_CHAT) */
    CHAT,       /* any part of an envelope (EVENT_CHAT): `class` */
    OWN_MASK,   /* what a session was told of its own user: `mask` */
    WATCH,      /* resources of a batch (EVENT_WATCH): `count` of them, the first is `who` */
    RESOURCE,   /* of an RLMI list (EVENT_RESOURCE) */
    COVERAGE,
    ROSTER,    /* one user of a session's roster: `peer` in `room` */
    RENAME,    /* a room that was called `name` */
    TOLD_ROOM, /* a chat reply with `code`, or a notice without one, about a room and `roster` */
    FILE_STEP, /* CHANGE_FILE: `id` is the transfer, `name` the file, `content` the server */
    WEB_CALL,  /* EVENT_HTTP: a request with `token` for the room whose GUID is `name` */
    SEARCH,    /* a chat reply (EVENT_CHAT) that tells `file_post` of `room` */
    STEPS_END = 99,
};

struct step {
    int at; /* seconds after the start */
    enum act act;
    /* the message: from, to and watcher are "ada", "bo", "chat" or whole addresses */
    const char *method;
    const char *from;
    const char *to;
    uint64_t tx;
    int status;
    enum message_role role;
    int cseq;
    int64_t expires; /* 0 = none; -1 = zero */
    uint32_t diag;
    const char *why;
    const char *agent;
    const char *event;
    const char *content;
    const char *supported;
    const char *sub_state;
    const char *contact;
    uint32_t flags;
    bool diag_twice;
    uint32_t input;
    bool same_net; /* another hop, between the usual hosts */
    bool kept;     /* the response's request was captured */
    bool no_hosts; /* from a log: no addresses */
    bool udp;
    /* the change */
    int state;
    uint64_t id; /* of session, command, post, dialog */
    uint64_t session;
    uint64_t dialog; /* of a message and its session, whose endpoint is then "e1" */
    const char *branch;
    const char *who; /* whose session */
    const char *room;
    const char *room_name;
    const char *name; /* command, activity, cap */
    const char *tag;
    const char *old_tag; /* of a message: SIP-If-Match */
    const char *named;   /* category name, "state" unless given */
    const char *epid;
    uint32_t instance;
    uint32_t version; /* raised by one, so that 0 is none */
    uint32_t current;
    int64_t number; /* availability, 0 = none */
    enum expire_type expire_type;
    int64_t published; /* seconds after the start, 0 = none */
    bool empty;
    bool manual;
    bool active; /* lastActive is given */
    const char *via;
    uint32_t code;
    bool lookup;
    bool late_start; /* the session's INVITE was not captured */
    bool no_ts;
    bool wrong_author;
    bool assumed;
    bool polled;
    enum state_kind kind;
    uint32_t container;
    int64_t server;   /* of an aggregate; AVAILABILITY_NONE has to be said */
    int64_t expected; /* what the inputs give; the only number that is admitted */
    bool complete;
    bool nameless;    /* no Call-ID */
    const char *call; /* Call-ID; NULL = "c1" */
    bool inside;      /* with a To tag */
    unsigned served;
    unsigned shows;              /* enum told_content */
    enum category_kind category; /* CATEGORY_UNKNOWN = state */
    uint64_t member;             /* record of the list that names the watcher; 0 = not named */
    bool cleared;
    bool document; /* PIDF or legacy */
    bool retry;
    bool download;
    uint64_t token;
    enum said file_post;
    bool timer; /* no message caused it */
    enum membership_state membership;
    /* rooms and rosters */
    enum membership_state was; /* of a membership */
    bool again;                /* it asked for what is so already */
    size_t listed;             /* rosters of others that list `who` */
    const char *peer;
    const char *roster; /* "ada bo/8080 ?9": users with masks, numbers of nobody */
    bool present;
    bool before;
    bool notice;
    bool suspended;
    uint32_t repeated;
    uint32_t unused;
    enum chat_verb verb;
    enum chat_class class;
    const char *author; /* of a post: NULL = ada, or bo with wrong_author */
    const char *text;
    int64_t ts;           /* seconds after the start; 0 = none */
    uint64_t first_call;  /* POST_DUPLICATE: dialog of the first copy */
    uint64_t call_number; /* dialog of the session */
    bool uncaptured;
    bool edited;
    uint64_t mask;       /* raised by one, so that 0 is none */
    const char *history; /* rooms of the items of a history reply, "a b b" */
    enum coverage_kind coverage;
    uint64_t count;
};

#define SCRIPT_STEPS(...)                                                                          \
    (const struct step[])                                                                          \
    {                                                                                              \
        __VA_ARGS__,                                                                               \
        {                                                                                          \
            .act = STEPS_END                                                                       \
        }                                                                                          \
    }

/* NULL is "". */
struct slice text_of(const char *text);

/* Of "ada", "bo", "chat" or a whole address; a static text per name, so that slices stay valid. */
struct slice address_of(const char *who);
struct address host_of(const char *who);

struct staged {
    struct message message;
    struct observation twice[2]; /* seen on the same hop before */
    struct sip_diagnostics diagnostics[2];
    struct sip_header headers[2];
    struct request_view kept;
};

struct origin step_origin(const struct step *step, uint64_t record);

/* The message of a row; `out` holds what it points to. */
void stage_message(struct staged *out, const struct step *step, uint64_t record);
void stage_coverage(struct event *event, const struct step *step);

/* The change of a row, where it is one of chat or of presence; else false. */
bool stage_chat(struct change *change, const struct step *step);
bool stage_presence(struct change *change, const struct step *step);

/* Whoever takes part in the run: the audit, a tally or both. */
struct audience {
    void (*event)(void *context, const struct event *event);
    void (*change)(void *context, const struct change *change);
    void *context;
};

/* Plays what a message of the row says of chat or of presence, where it does; else false. `event`
 * has origin and message. */
bool play_chat(const struct audience *audience, const struct step *step, struct event *event);
bool play_presence(const struct audience *audience, const struct step *step, struct event *event);

#endif
