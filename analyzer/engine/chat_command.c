/*
 * Commands and their replies. See chat_command.h.
 */
#include "analyzer/engine/chat_command.h"

#include <stdlib.h>

#include "analyzer/engine/arena.h"
#include "analyzer/engine/chat_file.h"
#include "analyzer/engine/chat_post.h"
#include "analyzer/engine/chat_roster.h"

struct chat_command {
    struct chat_pending pending;
    struct map_entry *entry; /* in chat->commands; NULL when a newer one took the key */
    uint64_t id;
    uint64_t transaction;
    enum chat_verb verb;
    struct slice name;
    struct slice envelope;
    struct slice sequence;
    struct slice room; /* the first it names */
    struct link asked; /* memberships that its reply decides */
    size_t room_count;
    int64_t sent_at;
    struct origin origin;
    uint16_t status;
    bool settled;     /* waits for nothing: in chat->settled, no longer pending */
    struct link link; /* in chat->settled */
    int64_t settled_at;
    bool replied;
    struct slice last_reply; /* its envelope id */
    bool challenged;         /* 401 or 407: the same command comes again with credentials */
};

static struct chat_command *command_of(struct chat_pending *pending)
{
    return (struct chat_command *)pending;
}

static struct slice command_key(struct chat *chat, uint64_t dialog, struct slice envelope,
                                struct slice sequence)
{
    struct buffer *scratch = &chat->scratch;
    buffer_clear(scratch);
    buffer_append_u64(scratch, dialog);
    buffer_append_byte(scratch, ' ');
    buffer_append_u64(scratch, envelope.size);
    buffer_append_byte(scratch, ' ');
    buffer_append(scratch, envelope);
    buffer_append(scratch, sequence);
    return buffer_slice(scratch);
}

static void command_free(struct chat *chat, struct chat_command *command)
{
    while (!list_empty(&command->asked)) {
        list_remove(command->asked.next);
    }
    if (command->entry) {
        map_remove_entry(&chat->commands, command->entry);
    }
    if (command->settled) {
        list_remove(&command->link);
        chat->settled_count--;
    } else {
        pending_remove(chat, &command->pending);
    }
    slice_drop(&command->name);
    slice_drop(&command->envelope);
    slice_drop(&command->sequence);
    slice_drop(&command->room);
    slice_drop(&command->last_reply);
    free(command);
}

static struct chat_command *first_settled(const struct chat *chat)
{
    return LIST_OWNER(chat->settled.next, struct chat_command, link);
}

/* Nothing is awaited any more; what comes all the same is recognised for a while. */
static void command_settle(struct chat *chat, struct chat_command *command)
{
    int64_t now = chat->core->time;
    if (command->settled) {
        return;
    }
    while (!list_empty(&command->asked)) {
        list_remove(command->asked.next);
    }
    pending_remove(chat, &command->pending);
    if (now == TIME_NONE) {
        now = chat->core->now;
    }
    while (chat->settled_count > 0 &&
           (chat->settled_count >= chat->core->limits.pending ||
            time_add(first_settled(chat)->settled_at, COMMAND_KEPT) < now)) {
        command_free(chat, first_settled(chat));
    }
    command->settled = true;
    command->settled_at = now;
    list_append(&chat->settled, &command->link);
    chat->settled_count++;
}

void commands_dispose(struct chat *chat)
{
    while (chat->settled_count > 0) {
        command_free(chat, first_settled(chat));
    }
}

void command_drop(struct chat *chat, struct chat_pending *pending)
{
    command_free(chat, command_of(pending));
}

static void emit_command(struct chat *chat, const struct chat_dialog *dialog,
                         const struct chat_command *command, enum command_state state,
                         const struct chat_fact *reply, uint64_t other)
{
    struct change change = {
        .kind = CHANGE_COMMAND,
        .as.command =
            {
                .session = session_ref_of(dialog->session, dialog),
                .id = command->id,
                .transaction = command->transaction,
                .verb = command->verb,
                .name = command->name,
                .envelope = command->envelope,
                .sequence = command->sequence,
                .state = state,
                .status = command->status,
                .room = command->room,
                .room_count = command->room_count,
                .sent_at = command->sent_at,
                .request = command->origin,
            },
    };
    if (reply) {
        change.as.command.code = reply->code;
        change.as.command.code_text = reply->code_text;
        change.as.command.reply_verb = reply->verb;
        change.as.command.reply_name = reply->name;
    }
    change.as.command.other_dialog = other;
    core_emit(chat->core, &change);
}

/* ---- the command ---- */

static bool is_join(enum chat_verb verb)
{
    return verb == CHAT_JOIN || verb == CHAT_BJOIN;
}

/* The memberships that the reply to this command decides. */
static void ask_rooms(struct chat *chat, const struct chat_dialog *dialog,
                      struct chat_command *command, const struct chat_fact *fact)
{
    bool join = is_join(fact->verb);
    if (!dialog_is_live(dialog) || (!join && fact->verb != CHAT_PART)) {
        return;
    }
    for (size_t i = 0; i < fact->room_count; i++) {
        struct chat_room_state *room = rooms_learn(chat, &fact->rooms[i]);
        if (!room) {
            continue;
        }
        struct membership *membership = membership_step(
            chat, dialog, room, join ? MEMBER_ASKED : MEMBER_PART_ASKED, (struct slice){0});
        if (membership) {
            list_append(&command->asked, &membership->asked);
        }
    }
}

/* After a challenge the same command comes again with credentials: no new command. */
static bool command_again(struct chat *chat, struct chat_dialog *dialog, const struct event *event,
                          struct slice key)
{
    struct chat_command *command = map_find(&chat->commands, key);
    const struct message *message = event->message;
    if (!command || !command->challenged || message->attempt == 0) {
        return false;
    }
    command->challenged = false;
    command->transaction = message->transaction;
    struct chat_request *request = request_keep(chat, dialog, message);
    pending_remove(chat, &command->pending);
    pending_add(chat, request, &command->pending);
    return true;
}

void command_sent(struct chat *chat, struct chat_dialog *dialog, const struct event *event)
{
    const struct chat_fact *fact = &event->as.chat;
    struct slice key = command_key(chat, dialog->id, fact->envelope, fact->sequence);
    if (command_again(chat, dialog, event, key)) {
        return;
    }
    struct chat_command *command = memory_zero(1, sizeof *command);
    command->pending.kind = PENDING_COMMAND;
    command->id = ++chat->last_command;
    command->transaction = event->message->transaction;
    command->verb = fact->verb;
    command->name = memory_keep(fact->name);
    command->envelope = memory_keep(fact->envelope);
    command->sequence = memory_keep(fact->sequence);
    command->room = memory_keep(fact->room_count > 0 ? fact->rooms[0].uri : (struct slice){0});
    command->room_count = fact->room_count;
    command->sent_at = chat->core->time;
    command->origin = core_origin(chat->core);
    list_init(&command->asked);
    struct chat_command *other = map_find(&chat->commands, key);
    if (other) {
        other->entry = NULL;
    }
    command->entry = map_put(&chat->commands, key, command);
    pending_add(chat, request_keep(chat, dialog, event->message), &command->pending);
    emit_command(chat, dialog, command, COMMAND_SENT, NULL, 0);
    file_asked(chat, dialog, command->id, fact);
    ask_rooms(chat, dialog, command, fact);
}

/* ---- its fate ---- */

/* Whatever the command asked for was not given. */
static void deny_rooms(struct chat *chat, const struct chat_dialog *dialog,
                       struct chat_command *command, struct slice reason)
{
    enum member_event event = is_join(command->verb) ? MEMBER_DENIED : MEMBER_PART_DENIED;
    while (!list_empty(&command->asked)) {
        struct membership *membership = LIST_OWNER(command->asked.next, struct membership, asked);
        list_remove(&membership->asked);
        if (dialog_is_live(dialog)) {
            membership_step(chat, dialog, membership->room, event, reason);
        }
    }
}

/* "503" in `out`. */
static struct slice status_text(char out[static 3], uint16_t status)
{
    out[0] = (char)('0' + status / 100 % 10);
    out[1] = (char)('0' + status / 10 % 10);
    out[2] = (char)('0' + status % 10);
    return (struct slice){out, 3};
}

void command_answer(struct chat *chat, struct chat_pending *pending, const struct message *message)
{
    struct chat_command *command = command_of(pending);
    struct chat_dialog *dialog = pending->request->dialog;
    if (message->status == 401 || message->status == 407) {
        command->challenged = true;
        return;
    }
    command->status = message->status;
    if (message->status < 300) {
        emit_command(chat, dialog, command, COMMAND_ACCEPTED, NULL, 0);
        return;
    }
    emit_command(chat, dialog, command, COMMAND_REFUSED, NULL, 0);
    file_refused(chat, command->id);
    char text[3];
    deny_rooms(chat, dialog, command, status_text(text, message->status));
    command_settle(chat, command);
}

void command_abandon(struct chat *chat, struct chat_pending *pending)
{
    struct chat_command *command = command_of(pending);
    emit_command(chat, pending->request->dialog, command, COMMAND_ABANDONED, NULL, 0);
    command_settle(chat, command);
}

/* ---- the reply ---- */

/* One room of a join reply: joined, or refused by its fib. */
static void join_room(struct chat *chat, const struct chat_dialog *dialog,
                      const struct chat_room *fact)
{
    struct chat_room_state *room = rooms_learn(chat, fact);
    if (!room) {
        return;
    }
    bool refused = fact->failure.size > 0;
    struct membership *membership = membership_step(
        chat, dialog, room, refused ? MEMBER_DENIED : MEMBER_ADMITTED, fact->failure);
    if (!membership) {
        return;
    }
    list_remove(&membership->asked);
    if (!refused && membership->state == MEMBER_JOINED) {
        roster_snapshot(chat, dialog, membership, fact);
    }
}

static void leave_room(struct chat *chat, const struct chat_dialog *dialog,
                       struct chat_room_state *room)
{
    struct membership *membership =
        room ? membership_step(chat, dialog, room, MEMBER_PARTED, (struct slice){0}) : NULL;
    if (membership) {
        list_remove(&membership->asked);
    }
}

/* rpl:part may name the room or leave that to its command. */
static void leave_rooms(struct chat *chat, const struct chat_dialog *dialog,
                        struct chat_command *command, const struct chat_fact *fact)
{
    for (size_t i = 0; i < fact->room_count; i++) {
        leave_room(chat, dialog, rooms_keep(chat, fact->rooms[i].uri));
    }
    while (command && !list_empty(&command->asked)) {
        leave_room(chat, dialog, LIST_OWNER(command->asked.next, struct membership, asked)->room);
    }
}

/* What a successful reply says of rooms. */
static void apply_reply(struct chat *chat, const struct chat_dialog *dialog,
                        struct chat_command *command, const struct event *event)
{
    const struct chat_fact *fact = &event->as.chat;
    bool live = dialog_is_live(dialog);
    if (is_join(fact->verb) && live) {
        for (size_t i = 0; i < fact->room_count; i++) {
            join_room(chat, dialog, &fact->rooms[i]);
        }
        if (command) {
            deny_rooms(chat, dialog, command, slice_of("absent"));
        }
        return;
    }
    if (fact->verb == CHAT_PART && live) {
        leave_rooms(chat, dialog, command, fact);
        return;
    }
    for (size_t i = 0; i < fact->room_count; i++) {
        rooms_learn(chat, &fact->rooms[i]);
        if (fact->verb == CHAT_BCCONTEXT) {
            post_history(chat, dialog, event, &fact->rooms[i],
                         command ? command->room : (struct slice){0});
        }
    }
}

static void emit_unmatched(struct chat *chat, const struct chat_dialog *dialog,
                           const struct event *event)
{
    const struct chat_fact *fact = &event->as.chat;
    const struct chat_command view = {
        .transaction = event->message->transaction,
        .verb = fact->verb,
        .name = fact->name,
        .envelope = fact->ref_envelope,
        .sequence = fact->ref_sequence,
        .room = fact->room_count > 0 ? fact->rooms[0].uri : (struct slice){0},
        .room_count = fact->room_count,
        .sent_at = TIME_NONE,
        .origin = {.time = TIME_NONE},
    };
    emit_command(chat, dialog, &view, COMMAND_UNMATCHED, fact, 0);
}

/* Can a command of this kind be meant? Of kinds that are not known nothing is known. */
static bool reply_fits(const struct chat_command *command, const struct chat_fact *fact)
{
    bool token = command->verb == CHAT_GETFUTOK || command->verb == CHAT_GETFDTOK;
    return command->verb == CHAT_VERB_OTHER || command->verb == fact->verb ||
           (token && fact->verb == CHAT_GETFTOK);
}

/* The command that a reply names: in its own dialog, else one that waits in another dialog of
 * the same endpoint; that dialog's number is then in `*other`. */
static struct chat_command *find_command(struct chat *chat, const struct chat_dialog *dialog,
                                         const struct chat_fact *fact, uint64_t *other)
{
    *other = 0;
    if (!fact->has_ref) {
        return NULL;
    }
    struct chat_command *command = map_find(
        &chat->commands, command_key(chat, dialog->id, fact->ref_envelope, fact->ref_sequence));
    struct link *head = &dialog->session->dialogs;
    for (struct link *link = head->next; !command && link != head; link = link->next) {
        const struct chat_dialog *next = LIST_OWNER(link, struct chat_dialog, link);
        command = map_find(&chat->commands,
                           command_key(chat, next->id, fact->ref_envelope, fact->ref_sequence));
        if (command && (command->settled || !reply_fits(command, fact))) {
            command = NULL;
        }
        *other = command ? next->id : 0;
    }
    return command;
}

/* Tells the reply; false when it is the same envelope once more. */
static bool tell_reply(struct chat *chat, const struct chat_dialog *dialog,
                       struct chat_command *command, const struct event *event, uint64_t other)
{
    const struct chat_fact *fact = &event->as.chat;
    bool success = fact->has_code && fact->code == 200;
    if (!command) {
        emit_unmatched(chat, dialog, event);
    } else if (!command->replied) {
        enum command_state state = success ? COMMAND_ANSWERED : COMMAND_FAILED;
        emit_command(chat, dialog, command, other > 0 ? COMMAND_MISPLACED : state, fact, other);
    } else if (fact->envelope.size > 0 && slice_equal(command->last_reply, fact->envelope)) {
        return false;
    } else {
        emit_command(chat, dialog, command, COMMAND_REPEATED, fact, 0);
    }
    return true;
}

void command_reply(struct chat *chat, struct chat_dialog *dialog, const struct event *event)
{
    const struct chat_fact *fact = &event->as.chat;
    uint64_t other;
    struct chat_command *command = find_command(chat, dialog, fact, &other);
    if (!tell_reply(chat, dialog, command, event, other)) {
        return;
    }
    file_answered(chat, dialog, command ? command->id : 0, fact);
    if (fact->has_code && fact->code == 200) {
        apply_reply(chat, dialog, command, event);
    } else if (command) {
        deny_rooms(chat, dialog, command, fact->code_text);
    }
    if (command) {
        command->replied = true;
        slice_replace(&command->last_reply, fact->envelope);
        command_settle(chat, command);
    }
}
