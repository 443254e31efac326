/*
 * Group chat: what its parts share. The model is facts/xccos.md part 8.
 *
 *   chat.c          which part an event concerns
 *   chat_session.c  sessions of a user's endpoint, and the dialogs they run over
 *   chat_room.c     rooms and their properties
 *   chat_member.c   membership of sessions in rooms
 *   chat_roster.c   who is in a room, as each session was told, and by agreement of them
 *   chat_request.c  INFO requests that wait for their answer
 *   chat_command.c  commands and their replies
 *   chat_post.c     posted messages, their fate and their copies
 *   chat_match.c    which post a copy is of
 *   chat_ledger.c   the storage of both
 *   chat_text.c     texts as they are compared
 *   chat_file.c     files on their way, and rooms made by web page
 *
 * A session goes on over several dialogs; one of them is its current one. Copies
 * on another one, or on one that the client disowned, are the remains of a
 * crashed client and count for nothing (facts/xccos.md S19).
 */
#ifndef OCSIGHT_ANALYZER_ENGINE_CHAT_H
#define OCSIGHT_ANALYZER_ENGINE_CHAT_H

#include "analyzer/engine/buffer.h"
#include "analyzer/engine/core.h"
#include "analyzer/engine/list.h"

struct chat {
    struct core *core;
    struct map sessions;   /* user, epid, lookup -> struct chat_session; the idlest first */
    struct map dialogs;    /* dialog -> struct chat_dialog */
    struct map candidates; /* dialog -> struct chat_candidate, oldest first */
    struct map rooms;      /* URI -> struct chat_room_state; the idlest first */
    struct map requests;   /* transaction -> struct chat_request */
    struct map commands;   /* dialog, envelope, sequence -> struct chat_command */
    struct map groups;     /* room, author, text -> struct post_group */
    struct map stamps;     /* room, author, second -> struct post_stamp */
    struct map remembered; /* room, author, text, second -> struct memory; the idlest first */
    struct link pending;   /* struct chat_pending, oldest first */
    size_t pending_count;
    struct link settled; /* struct chat_command that wait for nothing, the oldest first */
    size_t settled_count;
    struct link recent;  /* struct ledger_post, the longest quiet first */
    struct link touched; /* struct participant whose view may be another one now */
    struct link changed; /* struct chat_room_state that may be too big now, or no more */
    size_t post_count;
    struct map tokens;     /* token hash -> struct transfer */
    struct map asked;      /* command -> struct transfer */
    struct map stored;     /* stored name -> struct transfer */
    struct map uploads;    /* user, room -> uploads that are not posted yet */
    struct map web_calls;  /* exchange -> struct web_call, the oldest first */
    struct link transfers; /* struct transfer, the longest quiet first */
    size_t transfer_count;
    struct buffer scratch; /* keys and normalised texts */
    uint64_t last_session;
    uint64_t last_room;
    uint64_t last_command;
    uint64_t last_post;
    uint64_t last_transfer;
};

struct chat_session {
    struct map_entry *entry;
    uint64_t id;
    struct slice user;
    struct slice epid;
    struct slice service; /* "user@host" of the other side */
    bool lookup;
    enum session_state state;
    struct chat_dialog *current; /* NULL when it has none */
    uint64_t announced;          /* dialog of the last CHANGE_SESSION */
    struct link dialogs;
    struct map memberships; /* room URI -> struct membership */
};

struct chat_dialog {
    struct map_entry *entry;
    uint64_t id;
    struct slice call_id;
    struct chat_session *session;
    struct link link;     /* in session->dialogs */
    struct link requests; /* struct chat_request */
    uint32_t cseq;        /* of the INVITE that opened it; 0 = not captured */
    int64_t expires;      /* seconds: Session-Expires of the latest 200; -1 = none */
    bool from_start;
    bool up;     /* accepted: a further INVITE refreshes it */
    bool stale;  /* the client answered 487 on it */
    bool closed; /* ended; kept a while for what is still under way */
    struct timer forget;
    struct origin ended; /* what closed it */
};

struct chat_room_state {
    struct map_entry *entry; /* its key is the URI */
    uint64_t id;
    struct slice name;
    struct slice topic;
    struct slice description;
    struct slice visibility;
    enum said file_post;
    enum said invites;
    enum said logged;
    bool suspended;          /* too big for rosters: xccos.md 8.4 */
    size_t users;            /* memberships and posts that point here */
    struct map participants; /* user -> struct participant */
    struct link rosters;     /* struct membership with a roster that is not empty */
    struct link changed;     /* in chat->changed */
    size_t whole;            /* joined sessions that were told the whole roster */
    size_t present;          /* participants in some roster, or with a session here */
    uint32_t told_users;     /* users in the room as a directory told since the last roster */
};

void chat_init(struct chat *chat, struct core *core);
void chat_dispose(struct chat *chat);

/* EVENT_DIALOG of kind DIALOG_INVITE, EVENT_CHAT, EVENT_MESSAGE of a response inside a dialog. */
void chat_dialog_seen(struct chat *chat, const struct event *event);
void chat_fact_seen(struct chat *chat, const struct event *event);
void chat_answer_seen(struct chat *chat, const struct message *message);

/* EVENT_HTTP */
void chat_web_seen(struct chat *chat, const struct event *event);

/* TIMER_CHAT_DIALOG */
void chat_timer(struct chat *chat, struct timer *timer);

#endif
