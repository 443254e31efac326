/*
 * Commands and their replies (facts/xccos.md 1.2).
 *
 *   sent -> accepted -> answered | failed        the usual way
 *   sent -> answered | failed                    the reply overtook the 200
 *   sent -> refused                              another response to the INFO
 *   sent, accepted -> abandoned                  the dialog ended first
 *
 * A reply belongs to the command whose (envid, seqid) it names in the same
 * dialog, whatever the reply is called: both getfutok and getfdtok are answered
 * by getftok. Merged envelopes bring several replies. One that names no waiting
 * command is COMMAND_UNMATCHED; what it says of rooms still holds. Once a
 * command was answered, a later 200 to its INFO is not told any more.
 */
#ifndef OCSIGHT_ANALYZER_ENGINE_CHAT_COMMAND_H
#define OCSIGHT_ANALYZER_ENGINE_CHAT_COMMAND_H

#include "analyzer/engine/chat_request.h"

void command_sent(struct chat *chat, struct chat_dialog *dialog, const struct event *event);
void command_reply(struct chat *chat, struct chat_dialog *dialog, const struct event *event);

/* For chat_request.c */
void command_answer(struct chat *chat, struct chat_pending *pending, const struct message *message);
void command_abandon(struct chat *chat, struct chat_pending *pending);
void command_drop(struct chat *chat, struct chat_pending *pending);

#endif
