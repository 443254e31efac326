/*
 * INFO requests that wait for their answer. See chat_request.h.
 */
#include "analyzer/engine/chat_request.h"

#include <stdlib.h>

#include "analyzer/engine/arena.h"
#include "analyzer/engine/chat_command.h"
#include "analyzer/engine/chat_post.h"

static struct chat_pending *first_item(const struct chat_request *request)
{
    return LIST_OWNER(request->items.next, struct chat_pending, link);
}

static void request_unanswerable(struct chat *chat, struct chat_request *request)
{
    if (request->entry) {
        map_remove_entry(&chat->requests, request->entry);
        request->entry = NULL;
    }
}

static void request_free(struct chat *chat, struct chat_request *request)
{
    request_unanswerable(chat, request);
    list_remove(&request->link);
    free(request);
}

struct chat_request *request_keep(struct chat *chat, struct chat_dialog *dialog,
                                  const struct message *message)
{
    struct slice key = map_number_key(&message->transaction);
    struct chat_request *request = map_find(&chat->requests, key);
    if (request && request->dialog == dialog) {
        return request;
    }
    if (request) {
        request_unanswerable(chat, request);
    }
    request = memory_zero(1, sizeof *request);
    request->transaction = message->transaction;
    request->dialog = dialog;
    list_init(&request->items);
    list_append(&dialog->requests, &request->link);
    if (message->transaction != 0) {
        request->entry = map_put(&chat->requests, key, request);
    }
    return request;
}

static void pending_drop(struct chat *chat, struct chat_pending *pending)
{
    if (pending->kind == PENDING_COMMAND) {
        command_drop(chat, pending);
    } else {
        post_wait_drop(chat, pending);
    }
}

void pending_add(struct chat *chat, struct chat_request *request, struct chat_pending *pending)
{
    struct core *core = chat->core;
    pending->request = request;
    list_append(&request->items, &pending->link);
    while (chat->pending_count > 0 &&
           core_full(core, CAP_PENDING, chat->pending_count, core->limits.pending)) {
        pending_drop(chat, LIST_OWNER(chat->pending.next, struct chat_pending, all));
    }
    list_append(&chat->pending, &pending->all);
    chat->pending_count++;
}

void pending_remove(struct chat *chat, struct chat_pending *pending)
{
    struct chat_request *request = pending->request;
    list_remove(&pending->all);
    list_remove(&pending->link);
    chat->pending_count--;
    if (list_empty(&request->items)) {
        request_free(chat, request);
    }
}

void requests_answer(struct chat *chat, const struct message *message)
{
    struct chat_request *request = map_find(&chat->requests, map_number_key(&message->transaction));
    if (!request || message->method != SIP_INFO || message->status < 200) {
        return;
    }
    request_unanswerable(chat, request);
    /* An item may leave while it is told, and the request with the last one. */
    struct link *head = &request->items;
    for (struct link *link = head->next, *next = NULL; link != head; link = next) {
        struct chat_pending *pending = LIST_OWNER(link, struct chat_pending, link);
        next = link->next;
        bool last = next == head;
        if (pending->kind == PENDING_COMMAND) {
            command_answer(chat, pending, message);
        } else {
            post_answer(chat, pending, message);
        }
        if (last) {
            return;
        }
    }
}

void requests_abandon(struct chat *chat, struct chat_dialog *dialog)
{
    while (!list_empty(&dialog->requests)) {
        struct chat_request *request = LIST_OWNER(dialog->requests.next, struct chat_request, link);
        struct chat_pending *pending = first_item(request);
        if (pending->kind == PENDING_COMMAND) {
            command_abandon(chat, pending);
        } else {
            post_abandon(chat, pending);
        }
    }
}

void requests_drop(struct chat *chat, struct chat_dialog *dialog)
{
    while (!list_empty(&dialog->requests)) {
        struct chat_request *request = LIST_OWNER(dialog->requests.next, struct chat_request, link);
        pending_drop(chat, first_item(request));
    }
}
