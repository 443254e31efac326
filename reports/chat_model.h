/*
 * What the chat report keeps of a run: rooms, their messages, sessions.
 *
 * Built from changes; written by reports/chat_report.c. Rows are compact, and what exceeds
 * limits.report_rows is counted. Texts live in the model's arena, but for those that change: the
 * name of a room, the service and the reason of a session are heap copies.
 */
#ifndef OCSIGHT_REPORTS_CHAT_MODEL_H
#define OCSIGHT_REPORTS_CHAT_MODEL_H

#include "reports/chat_files.h"
#include "reports/report.h"

/* A time that a user spent in a room, at whatever endpoints. */
struct chat_stay {
    int64_t from;
    int64_t to;       /* TIME_NONE = to the end */
    struct slice end; /* "left", "bye by client", "481", "new dialog"; "" to the end */
};

/* A user in a room; a room's list is in the order of first sight. */
struct chat_person {
    struct slice user;
    unsigned sessions; /* joined sessions of that user now */
    bool in_roster;    /* somebody's roster has the user now */
    bool was_there;    /* at some time */
    bool own;          /* a session of that user was seen in the room */
    bool agreed;       /* the room's agreed view has the user now */
    bool disputed;     /* and some session's roster says otherwise */
    uint64_t mask;     /* permission mask as told last */
    bool has_mask;
    int64_t came; /* ns: last time that it entered under our eyes; TIME_NONE */
    int64_t went;
    struct origin came_by; /* what showed it */
    struct origin went_by;
    struct chat_stay *stays; /* of captured sessions, in their order */
    size_t stay_count;
    size_t stay_capacity;
};

/* Somebody came or went: a line of the transcript. */
struct chat_move {
    int64_t time;
    const struct chat_person *person;
    bool came;
    bool notice;      /* only others were told so; the user's own session was not captured */
    struct slice end; /* how the stay ended */
};

struct chat_delivery {
    struct slice user;
    struct slice call_id;
    int64_t time;
    bool duplicate;
    bool edited; /* with another text */
};

struct chat_message {
    uint64_t id;
    int64_t time;
    struct slice author;
    struct slice text;
    enum post_state state; /* SENT, ACCEPTED, REFUSED, DELIVERED (copies only) or HISTORY */
    struct origin origin;
    struct chat_delivery *deliveries;
    size_t delivery_count;
    size_t delivery_capacity;
    bool stored; /* a history reply listed it, too */
    bool file_link;
    struct slice file;      /* name of the file that it links to, where that is known */
    struct slice *expected; /* who was joined when it was posted, by a session that was captured */
    size_t expected_count;
};

struct chat_room_row {
    struct slice uri;
    struct slice name;
    struct slice old_name; /* before the last rename */
    struct slice topic;
    struct slice description;
    struct slice visibility;
    enum said file_post;
    enum said invites;
    enum said logged;
    bool suspended;       /* too big for rosters */
    struct map followers; /* user -> the room itself, of those who follow it now */
    struct map people;    /* user -> struct chat_person */
    struct chat_message **messages;
    size_t message_count;
    size_t message_capacity;
    struct chat_file_list files;
    struct chat_move *moves;
    size_t move_count;
    size_t move_capacity;
};

struct chat_session_row {
    struct slice user;
    struct slice epid;
    struct slice service;
    struct map call_ids; /* of its dialogs, the latest last */
    enum session_state state;
    struct slice reason;
    struct map rooms; /* URIs joined now */
    int64_t start;
    int64_t end;
    bool from_start;
};

struct chat_model {
    struct limits limits;
    struct map_seed seed;
    struct arena arena;
    struct map rooms;            /* URI -> struct chat_room_row */
    struct map messages;         /* post id -> struct chat_message */
    struct map sessions;         /* user NUL epid -> struct chat_session_row */
    struct map files;            /* transfer -> struct chat_file */
    struct chat_file_list loose; /* files whose room was not captured */
    size_t rows;
    uint64_t beyond; /* rows that found no room */
};

void chat_model_init(struct chat_model *model, struct map_seed seed, const struct limits *limits);
void chat_model_dispose(struct chat_model *model);
void chat_model_take(struct chat_model *model, const struct change *change);

/* "accepted", "refused", "unanswered", "delivered-only", "history" */
const char *chat_message_state_name(const struct chat_message *message);

#endif
