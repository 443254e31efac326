/*
 * Rooms and what is known of them.
 *
 * What replies, notices and directories tell of a room is put together here
 * (facts/xccos.md 1.9); a name that replaces another one is a rename (1.3: the URI
 * never changes). Membership is chat_member.h's, who is there chat_roster.h's.
 *
 * A room lives while a membership or a post points to it; an idle one that
 * nothing points to is forgotten when the table is full.
 */
#ifndef OCSIGHT_ANALYZER_ENGINE_CHAT_ROOM_H
#define OCSIGHT_ANALYZER_ENGINE_CHAT_ROOM_H

#include "analyzer/engine/chat_session.h"

/* The room, made if it is new; NULL for an empty URI or when the table is full. */
struct chat_room_state *rooms_keep(struct chat *chat, struct slice uri);

/* Its properties as this fact tells them; NULL as above. */
struct chat_room_state *rooms_learn(struct chat *chat, const struct chat_room *fact);

/* It is known to hold so many users: above a limit rosters are suspended, well below it resumed. */
void room_weigh(struct chat *chat, struct chat_room_state *room, size_t users);

/* What points to a room keeps it alive. */
void room_hold(struct chat_room_state *room);
void room_release(struct chat_room_state *room);
void rooms_dispose(struct chat *chat);

#endif
