/*
 * INFO requests of clients that wait for their answer, and what they carry.
 *
 * One INFO may carry several commands or posts; each is a struct chat_pending
 * until its fate is known, which for a command is its reply and for a post the
 * SIP response. The table is bounded by limits.pending; the oldest gives way.
 */
#ifndef OCSIGHT_ANALYZER_ENGINE_CHAT_REQUEST_H
#define OCSIGHT_ANALYZER_ENGINE_CHAT_REQUEST_H

#include "analyzer/engine/chat_session.h"

enum chat_pending_kind { PENDING_COMMAND, PENDING_POST };

/* First member of struct chat_command and struct post_wait. */
struct chat_pending {
    enum chat_pending_kind kind;
    struct link all;  /* in chat->pending */
    struct link link; /* in request->items */
    struct chat_request *request;
};

struct chat_request {
    struct map_entry *entry; /* in chat->requests; NULL once answered */
    uint64_t transaction;
    struct chat_dialog *dialog;
    struct link link;  /* in dialog->requests */
    struct link items; /* struct chat_pending */
};

/* The request that `message` is, made if it is new. */
struct chat_request *request_keep(struct chat *chat, struct chat_dialog *dialog,
                                  const struct message *message);

/* Makes room for one more and enters it. */
void pending_add(struct chat *chat, struct chat_request *request, struct chat_pending *pending);

/* Takes it out; its request goes with the last one. The caller frees the rest. */
void pending_remove(struct chat *chat, struct chat_pending *pending);

/* The final response to an INFO, handed to everything that the INFO carried. */
void requests_answer(struct chat *chat, const struct message *message);

/* The dialog ended: says so of everything that waits on it, and forgets it. */
void requests_abandon(struct chat *chat, struct chat_dialog *dialog);

/* Forgets without a word. */
void requests_drop(struct chat *chat, struct chat_dialog *dialog);

#endif
