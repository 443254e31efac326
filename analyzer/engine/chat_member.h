/*
 * The membership of sessions in rooms.
 *
 *   event \ state  NONE       JOINING    JOINED     LEAVING    FAILED     UNKNOWN
 *   asked          JOINING    -          (2)        JOINING    JOINING    JOINING
 *   admitted       JOINED     JOINED     -          -          JOINED     JOINED
 *   denied         -          FAILED     -          -          -          FAILED
 *   part asked     (2)        LEAVING    LEAVING    -          (2)        LEAVING
 *   parted         -          NONE       NONE       NONE       -          NONE
 *   part denied    -          -          -          JOINED*    -          -
 *   named away     -          -          UNKNOWN    -          -          -
 *   heard          (1)        -          -          -          -          JOINED*
 *   posted         -          -          -          -          -          JOINED*
 *   closed         -          NONE       NONE       NONE       NONE       NONE
 *
 * (facts/xccos.md 8.3; * = assumed.) "Denied" is a fib, a reply with another
 * code, a refused INFO, or a reply that leaves the room out; "named away" a
 * ntc:part that names the session's own user, which may be another endpoint's.
 * (1) A copy delivered into a room that this session never joined here says
 * that it is joined; after a part that was seen it says nothing.
 * (2) Asked for what is so already: nothing moves, and that is said.
 */
#ifndef OCSIGHT_ANALYZER_ENGINE_CHAT_MEMBER_H
#define OCSIGHT_ANALYZER_ENGINE_CHAT_MEMBER_H

#include "analyzer/engine/chat_room.h"

enum member_event {
    MEMBER_ASKED,
    MEMBER_ADMITTED,
    MEMBER_DENIED,
    MEMBER_PART_ASKED,
    MEMBER_PARTED,
    MEMBER_PART_DENIED,
    MEMBER_NAMED_AWAY,
    MEMBER_HEARD,
    MEMBER_POSTED,
    MEMBER_CLOSED,
    MEMBER_EVENTS
};

struct membership {
    struct chat_session *session;
    struct chat_room_state *room;
    enum membership_state state;
    struct link asked;  /* in the list of the command that decides it */
    struct map roster;  /* user -> struct roster_entry */
    struct link listed; /* in room->rosters */
    size_t users;       /* that the roster lists as present */
    bool whole;         /* the roster began with a join reply */
    bool voting;        /* joined: the roster counts in the agreed view */
    bool there;         /* the session's user counts as being in the room */
};

/* Moves the membership and emits; returns it, NULL if there is none and nothing to remember. */
struct membership *membership_step(struct chat *chat, const struct chat_dialog *dialog,
                                   struct chat_room_state *room, enum member_event event,
                                   struct slice reason);

struct membership *membership_find(const struct chat_session *session,
                                   const struct chat_room_state *room);

enum membership_state membership_state_of(const struct chat_dialog *dialog,
                                          const struct chat_room_state *room);

/* The dialog ended: the session is in no room any more. */
void memberships_close(struct chat *chat, struct chat_session *session,
                       const struct chat_dialog *dialog, struct slice reason);
void memberships_drop(struct chat *chat, struct chat_session *session);

#endif
