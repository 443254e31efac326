/*
 * Group chat: which part an event concerns. See chat.h.
 */
#include "analyzer/engine/chat.h"

#include "analyzer/engine/chat_command.h"
#include "analyzer/engine/chat_file.h"
#include "analyzer/engine/chat_post.h"
#include "analyzer/engine/chat_request.h"
#include "analyzer/engine/chat_roster.h"
#include "analyzer/engine/chat_session.h"

void chat_init(struct chat *chat, struct core *core)
{
    *chat = (struct chat){.core = core};
    struct map *maps[] = {&chat->sessions, &chat->rooms,  &chat->commands,
                          &chat->groups,   &chat->stamps, &chat->remembered};
    for (size_t i = 0; i < sizeof maps / sizeof maps[0]; i++) {
        map_init(maps[i], core->seed);
    }
    map_init_numbers(&chat->dialogs, core->seed);
    map_init_numbers(&chat->candidates, core->seed);
    map_init_numbers(&chat->requests, core->seed);
    list_init(&chat->pending);
    list_init(&chat->settled);
    list_init(&chat->recent);
    list_init(&chat->touched);
    list_init(&chat->changed);
    buffer_init(&chat->scratch, SIZE_MAX);
    files_init(chat);
}

void chat_dispose(struct chat *chat)
{
    files_dispose(chat);
    sessions_dispose(chat);
    ledger_dispose(chat);
    rooms_dispose(chat);
    commands_dispose(chat);
    map_dispose(&chat->requests, NULL);
    map_dispose(&chat->commands, NULL);
    buffer_dispose(&chat->scratch);
}

void chat_dialog_seen(struct chat *chat, const struct event *event)
{
    sessions_dialog(chat, event);
    rosters_settle(chat);
}

void chat_answer_seen(struct chat *chat, const struct message *message)
{
    requests_answer(chat, message);
    sessions_answer(chat, message);
    rosters_settle(chat);
}

/* Names are told by room info blocks anywhere, directory searches included. */
static void learn_rooms(struct chat *chat, const struct chat_fact *fact)
{
    for (size_t i = 0; i < fact->room_count; i++) {
        rooms_learn(chat, &fact->rooms[i]);
    }
}

/* Commands go to the service, replies and notices come from it (facts/xccos.md 1.2). */
static bool wrong_way(enum chat_class class, bool sent)
{
    return sent ? class == CHAT_REPLY || class == CHAT_NOTICE : class == CHAT_COMMAND;
}

void chat_fact_seen(struct chat *chat, const struct event *event)
{
    const struct chat_fact *fact = &event->as.chat;
    struct chat_dialog *dialog = event->message && event->message->request
                                     ? sessions_traffic(chat, event->message, fact)
                                     : NULL;
    if (!dialog) {
        return;
    }
    bool sent = session_speaks(dialog->session, event->message);
    if (dialog->from_start && wrong_way(fact->class, sent)) {
        return;
    }
    switch (fact->class) {
    case CHAT_COMMAND:
        command_sent(chat, dialog, event);
        break;
    case CHAT_REPLY:
        command_reply(chat, dialog, event);
        break;
    case CHAT_NOTICE:
        learn_rooms(chat, fact);
        if (dialog_is_live(dialog)) {
            roster_notice(chat, dialog, fact);
        }
        break;
    case CHAT_MESSAGE:
        if (sent) {
            post_sent(chat, dialog, event);
        } else {
            post_delivered(chat, dialog, event);
        }
        break;
    case CHAT_UNKNOWN:
        break;
    }
    rosters_settle(chat);
}

void chat_web_seen(struct chat *chat, const struct event *event)
{
    files_web(chat, &event->as.http);
}

void chat_timer(struct chat *chat, struct timer *timer)
{
    sessions_timer(chat, timer);
    rosters_settle(chat);
}
