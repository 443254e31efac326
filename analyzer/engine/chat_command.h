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
 * by getftok. Merged envelopes bring several replies. Once a command was
 * answered, a later 200 to its INFO is not told any more.
 *
 * A command that was answered, refused or abandoned is remembered for a while,
 * so that what still comes is told for what it is: the reply after all (then with
 * the status of the refusal), or COMMAND_REPEATED. The same envelope again says
 * nothing new. A reply that fits a waiting command of another dialog of that
 * endpoint is COMMAND_MISPLACED and answers it; any other is COMMAND_UNMATCHED.
 * What replies say of rooms holds in each case.
 */
#ifndef OCSIGHT_ANALYZER_ENGINE_CHAT_COMMAND_H
#define OCSIGHT_ANALYZER_ENGINE_CHAT_COMMAND_H

#include "analyzer/engine/chat_request.h"

/* How long a command is remembered that waits for nothing more. */
#define COMMAND_KEPT (300 * TIME_SECOND)

void command_sent(struct chat *chat, struct chat_dialog *dialog, const struct event *event);
void command_reply(struct chat *chat, struct chat_dialog *dialog, const struct event *event);

void commands_dispose(struct chat *chat);

/* For chat_request.c */
void command_answer(struct chat *chat, struct chat_pending *pending, const struct message *message);
void command_abandon(struct chat *chat, struct chat_pending *pending);
void command_drop(struct chat *chat, struct chat_pending *pending);

#endif
