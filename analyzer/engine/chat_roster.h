/*
 * Who is in a room: as each session was told, and by agreement of all of them
 * (facts/xccos.md 8.4).
 *
 * A roster is what one session was told. Its join reply is the authority at its
 * own time: it lists who is there, and whom it leaves out is not. Notices are what
 * came and went since. One that arrives between the command and the reply may be
 * older or newer than it: it stands until the reply, which wins; what it said
 * otherwise is then neither here nor there.
 *
 * The agreed view is that of the majority of joined sessions. It counts users, not
 * endpoints: a part of somebody who has another session in the room is no vote
 * (U22). It is kept up by counters, one change of a roster at a time, and told when
 * a message is over.
 *
 * Big rooms: above limits.roster_users the service sends no notices any more, so that
 * rosters grow old. As long as that lasts a new reply replaces those of all other
 * sessions, and who is left out of a roster counts for nothing.
 */
#ifndef OCSIGHT_ANALYZER_ENGINE_CHAT_ROSTER_H
#define OCSIGHT_ANALYZER_ENGINE_CHAT_ROSTER_H

#include "analyzer/engine/chat_member.h"

/* A join reply's list of who is in the room. */
void roster_snapshot(struct chat *chat, const struct chat_dialog *dialog,
                     struct membership *membership, const struct chat_room *fact);

/* ntc:join, ntc:bjoin, ntc:part */
void roster_notice(struct chat *chat, const struct chat_dialog *dialog,
                   const struct chat_fact *fact);

/* The membership has another state: its roster counts, counts no more, or is gone. */
void roster_follow(struct chat *chat, struct membership *membership);

/* In how many rosters of other joined sessions the session's user stands. */
size_t roster_listed(const struct chat_session *session, const struct chat_room_state *room);

/* The message is over: tells where the agreed view is another one. */
void rosters_settle(struct chat *chat);

/* Is the room too big, by what is known of it now? */
void participants_weigh(struct chat *chat, struct chat_room_state *room);
void participants_dispose(struct chat_room_state *room);

#endif
