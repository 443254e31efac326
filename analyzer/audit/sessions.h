/*
 * Which chat sessions are open and who is in which room, as the changes said.
 *
 * The engine's own states are private; rules that ask "who should have got this?"
 * need them again in a form that can be walked by room. Kept only while a
 * session lives.
 */
#ifndef OCSIGHT_ANALYZER_AUDIT_SESSIONS_H
#define OCSIGHT_ANALYZER_AUDIT_SESSIONS_H

#include "analyzer/audit/witness.h"
#include "analyzer/engine/change.h"

enum { SESSION_ROUTES = 4 };

struct membership;

struct session {
    struct map_entry *entry;
    uint64_t id;
    struct slice user;
    struct slice call_id; /* of its latest dialog */
    struct slice service; /* that it talks to; "" = not known */
    enum session_state state;
    bool lookup;
    bool from_start;
    bool sipe;                           /* a client that never repeats what was refused */
    int64_t since;                       /* ns: first sight */
    struct route routes[SESSION_ROUTES]; /* from the service to the client, one for each hop */
    size_t route_count;
    struct membership *memberships;
    struct session *user_next; /* of the same user */
    struct session *user_previous;
};

struct chat_place {
    struct map_entry *entry;
    struct membership *first; /* in the order of joining */
    struct membership *last;
};

/* One session in one room, joined and not merely assumed to be. */
struct membership {
    struct map_entry *entry;
    struct session *session;
    struct chat_place *place;
    int64_t since;           /* ns */
    struct membership *next; /* of the room */
    struct membership *previous;
    struct membership *session_next; /* of the session */
    struct membership *session_previous;
};

struct sessions {
    struct map sessions; /* id -> struct session */
    struct map users;    /* user -> its struct session opened last */
    struct map places;   /* room URI -> struct chat_place */
    struct map members;  /* (session, room URI) -> struct membership */
    size_t limit;
    size_t member_limit;
    uint64_t refused; /* sessions, and places in rooms, for want of room */
};

void seen_sessions_init(struct sessions *sessions, struct map_seed seed,
                        const struct limits *limits);
void seen_sessions_dispose(struct sessions *sessions);

/* Before the rules see it. */
void seen_sessions_change(struct sessions *sessions, const struct change *change);

/* NULL when it is not open. */
struct session *seen_sessions_find(const struct sessions *sessions, uint64_t id);

/* Has the user another session open, lookups left out, in whatever room? */
bool seen_sessions_other(const struct sessions *sessions, struct slice user, uint64_t except);

/* First member of a room, NULL when there is none. */
const struct membership *seen_sessions_room(const struct sessions *sessions, struct slice room);

/* Its membership of a room, NULL when it has not joined. */
const struct membership *seen_sessions_joined(const struct sessions *sessions, uint64_t session,
                                              struct slice room);

/* Keeps the hop that a message was seen on, turned so that it leads to the client; each once. */
void session_learn_route(struct route routes[static SESSION_ROUTES], size_t *count,
                         struct slice client, const struct message *message);

/* Was everything that the service sent to it, or it to the service, readable in that time? */
bool session_hears(const struct witness *witness, const struct route *routes, size_t count,
                   int64_t from, int64_t until);
bool session_heard(const struct witness *witness, const struct route *routes, size_t count,
                   int64_t from, int64_t until);

#endif
