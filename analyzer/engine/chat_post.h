/*
 * Posted messages and the ledger that matches their copies (facts/xccos.md
 * 1.8, 8.5).
 *
 * A post is accepted or refused by the response to its INFO; the service then
 * sends a copy to each session in the room, the author's own included. No id
 * ties a copy to its post; chat_match.h says how they are matched. A refused post
 * takes no copies until it is sent again, and sent again within LEDGER_MEMORY it
 * is the same message. Copies and history of messages that were not captured open
 * entries of their own. History is recognised by (author, text, second of ts), or
 * by those of a copy; it proves that a message was stored, not that anybody got it.
 *
 * Texts are kept as 128-bit keyed digests of what chat_text.h makes of them.
 * Entries are forgotten LEDGER_MEMORY after anything last happened to them; for
 * longer, only (room, author, text, second) -> ids are remembered.
 */
#ifndef OCSIGHT_ANALYZER_ENGINE_CHAT_POST_H
#define OCSIGHT_ANALYZER_ENGINE_CHAT_POST_H

#include "analyzer/engine/chat_request.h"

#define LEDGER_MEMORY (120 * TIME_SECOND)

void post_sent(struct chat *chat, struct chat_dialog *dialog, const struct event *event);
void post_delivered(struct chat *chat, struct chat_dialog *dialog, const struct event *event);

/* The items of one room in rpl:bccontext; `asked` is the room of its command where it names none.
 */
void post_history(struct chat *chat, const struct chat_dialog *dialog, const struct event *event,
                  const struct chat_room *fact, struct slice asked);

/* For chat_request.c */
void post_answer(struct chat *chat, struct chat_pending *pending, const struct message *message);
void post_abandon(struct chat *chat, struct chat_pending *pending);
void post_wait_drop(struct chat *chat, struct chat_pending *pending);

void ledger_dispose(struct chat *chat);

#endif
