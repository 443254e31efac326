/*
 * Rooms, the membership of sessions in them, and rosters.
 *
 *   event \ state  NONE       JOINING    JOINED     LEAVING    FAILED     UNKNOWN
 *   asked          JOINING    -          -          JOINING    JOINING    JOINING
 *   admitted       JOINED     JOINED     -          -          JOINED     JOINED
 *   denied         -          FAILED     -          -          -          FAILED
 *   part asked     -          LEAVING    LEAVING    -          -          LEAVING
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
 *
 * A roster is what one session was told: the join reply is a snapshot, notices
 * are what came and went since (facts/xccos.md 8.4).
 */
#ifndef OCSIGHT_ANALYZER_ENGINE_CHAT_ROOM_H
#define OCSIGHT_ANALYZER_ENGINE_CHAT_ROOM_H

#include "analyzer/engine/chat_session.h"

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
    struct chat_room_state *room;
    enum membership_state state;
    struct link asked; /* in the list of the command that decides it */
    struct map roster; /* user -> struct roster_entry */
};

/* The room, made if it is new; NULL for an empty URI or when the table is full. */
struct chat_room_state *rooms_keep(struct chat *chat, struct slice uri);

/* Its name and topic as this fact tells them; NULL as above. */
struct chat_room_state *rooms_learn(struct chat *chat, const struct chat_room *fact);

/* What points to a room keeps it alive. */
void room_hold(struct chat_room_state *room);
void room_release(struct chat_room_state *room);
void rooms_dispose(struct chat *chat);

/* Moves the membership and emits; returns it, NULL if there is none and nothing to remember. */
struct membership *membership_step(struct chat *chat, const struct chat_dialog *dialog,
                                   struct chat_room_state *room, enum member_event event,
                                   struct slice reason);

enum membership_state membership_state_of(const struct chat_dialog *dialog,
                                          const struct chat_room_state *room);

/* The dialog ended: the session is in no room any more. */
void memberships_close(struct chat *chat, struct chat_session *session,
                       const struct chat_dialog *dialog, struct slice reason);
void memberships_drop(struct chat_session *session);

/* A join reply's list of who is in the room. */
void roster_snapshot(struct chat *chat, const struct chat_dialog *dialog,
                     struct membership *membership, const struct chat_room *fact);

/* ntc:join, ntc:bjoin, ntc:part */
void rooms_notice(struct chat *chat, const struct chat_dialog *dialog,
                  const struct chat_fact *fact);

#endif
