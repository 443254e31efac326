/*
 * Files on their way to or from a room, and rooms made by web page. See chat_file.h.
 */
#include "analyzer/engine/chat_file.h"

#include <stdlib.h>

#include "analyzer/engine/arena.h"
#include "analyzer/engine/chat_room.h"

struct transfer {
    uint64_t id;
    struct session_ref session; /* its texts are owned */
    uint64_t command;           /* that asked; 0 once it was answered */
    struct slice room;          /* owned, as the texts below */
    struct slice name;
    struct slice stored;
    struct slice server;
    bool download;
    bool has_token;
    uint64_t token;
    enum file_state state;
    uint64_t bytes;
    uint64_t end; /* behind the last byte carried: a chunk sent again does not count twice */
    uint64_t length;
    int64_t granted;
    int64_t active;
    struct link recent;  /* in chat->transfers, the longest quiet first */
    struct link uploads; /* in the list of its user and room, until it is posted */
};

/* A web call whose answer has not come: what is left of it to do, its texts owned. */
struct web_call {
    enum http_call call;
    bool has_token;
    bool cut;
    bool removes; /* the room */
    uint64_t token;
    uint64_t offset;
    uint64_t bytes;
    uint64_t file_length;
    struct slice file;
    struct slice name;
    struct slice old_name;
    struct slice description;
    struct slice privacy;
    struct slice room;
};

/* Uploads of one user to one room that are not posted yet. */
struct upload_list {
    struct link head;
};

void files_init(struct chat *chat)
{
    map_init_numbers(&chat->tokens, chat->core->seed);
    map_init_numbers(&chat->asked, chat->core->seed);
    map_init_numbers(&chat->web_calls, chat->core->seed);
    map_init(&chat->stored, chat->core->seed);
    map_init(&chat->uploads, chat->core->seed);
    list_init(&chat->transfers);
}

/* ---- transfers ---- */

static struct slice uploads_key(struct chat *chat, struct slice user, struct slice room)
{
    struct buffer *scratch = &chat->scratch;
    buffer_clear(scratch);
    buffer_append(scratch, user);
    buffer_append_byte(scratch, ' ');
    buffer_append(scratch, room);
    return buffer_slice(scratch);
}

/* Out of the list of what may be posted; the list goes with its last one. */
static void uploads_leave(struct chat *chat, struct transfer *transfer)
{
    if (!transfer->uploads.next) {
        return;
    }
    list_remove(&transfer->uploads);
    struct slice key = uploads_key(chat, transfer->session.user, transfer->room);
    struct upload_list *list = map_find(&chat->uploads, key);
    if (list && list_empty(&list->head)) {
        free(map_remove(&chat->uploads, key));
    }
}

static void uploads_enter(struct chat *chat, struct transfer *transfer)
{
    struct slice key = uploads_key(chat, transfer->session.user, transfer->room);
    struct upload_list *list = map_find(&chat->uploads, key);
    if (!list) {
        list = memory_alloc(sizeof *list);
        list_init(&list->head);
        map_put(&chat->uploads, key, list);
    }
    list_append(&list->head, &transfer->uploads);
}

/* Unless something newer took the key. */
static void unmap(struct map *map, struct slice key, const struct transfer *transfer)
{
    if (map_find(map, key) == transfer) {
        (void)map_remove(map, key);
    }
}

static void transfer_free(struct chat *chat, struct transfer *transfer)
{
    uploads_leave(chat, transfer);
    list_remove(&transfer->recent);
    chat->transfer_count--;
    unmap(&chat->asked, map_number_key(&transfer->command), transfer);
    unmap(&chat->tokens, map_number_key(&transfer->token), transfer);
    unmap(&chat->stored, transfer->stored, transfer);
    slice_drop(&transfer->session.user);
    slice_drop(&transfer->session.epid);
    slice_drop(&transfer->session.call_id);
    slice_drop(&transfer->room);
    slice_drop(&transfer->name);
    slice_drop(&transfer->stored);
    slice_drop(&transfer->server);
    free(transfer);
}

static struct transfer *oldest(const struct chat *chat)
{
    return LIST_OWNER(chat->transfers.next, struct transfer, recent);
}

/* Forgets what is over, and the longest quiet one where there is no room for more. */
static void transfers_age(struct chat *chat)
{
    struct core *core = chat->core;
    while (!list_empty(&chat->transfers) &&
           time_apart(core->time, oldest(chat)->active) > FILE_MEMORY) {
        transfer_free(chat, oldest(chat));
    }
    if (core_full(core, CAP_PENDING, chat->transfer_count, core->limits.pending) &&
        !list_empty(&chat->transfers)) {
        transfer_free(chat, oldest(chat));
    }
}

static struct session_ref session_keep(const struct session_ref *given)
{
    struct session_ref kept = *given;
    kept.user = memory_keep(given->user);
    kept.epid = memory_keep(given->epid);
    kept.call_id = memory_keep(given->call_id);
    return kept;
}

static struct transfer *transfer_new(struct chat *chat, const struct session_ref *session)
{
    transfers_age(chat);
    struct transfer *transfer = memory_zero(1, sizeof *transfer);
    transfer->id = ++chat->last_transfer;
    transfer->session = session_keep(session);
    transfer->granted = TIME_NONE;
    transfer->active = chat->core->time;
    list_append(&chat->transfers, &transfer->recent);
    chat->transfer_count++;
    return transfer;
}

static void transfer_touch(struct chat *chat, struct transfer *transfer)
{
    transfer->active = chat->core->time;
    list_append(&chat->transfers, &transfer->recent);
}

static struct change file_change_of(const struct chat *chat, const struct transfer *transfer)
{
    const struct chat_room_state *room = map_find(&chat->rooms, transfer->room);
    return (struct change){
        .kind = CHANGE_FILE,
        .as.file =
            {
                .id = transfer->id,
                .session = transfer->session,
                .room = transfer->room,
                .room_name = room ? room->name : (struct slice){0},
                .state = transfer->state,
                .download = transfer->download,
                .name = transfer->name,
                .stored = transfer->stored,
                .server = transfer->server,
                .token_hash = transfer->token,
                .bytes = transfer->bytes,
                .length = transfer->length,
                .granted = transfer->granted,
            },
    };
}

static void emit_state(struct chat *chat, struct transfer *transfer, enum file_state state)
{
    transfer->state = state;
    transfer_touch(chat, transfer);
    struct change change = file_change_of(chat, transfer);
    core_emit(chat->core, &change);
}

static void stored_as(struct chat *chat, struct transfer *transfer, struct slice stored)
{
    unmap(&chat->stored, transfer->stored, transfer);
    slice_replace(&transfer->stored, stored);
    /* A download of the same file must not hide the upload that a post is looked up for. */
    if (!transfer->download && stored.size > 0) {
        map_put(&chat->stored, transfer->stored, transfer);
    }
}

/* ---- chat ---- */

void file_asked(struct chat *chat, const struct chat_dialog *dialog, uint64_t command,
                const struct chat_fact *fact)
{
    if (fact->verb != CHAT_GETFUTOK && fact->verb != CHAT_GETFDTOK) {
        return;
    }
    const struct session_ref session = session_ref_of(dialog->session, dialog);
    struct transfer *transfer = transfer_new(chat, &session);
    transfer->download = fact->verb == CHAT_GETFDTOK;
    transfer->room = memory_keep(fact->room_count > 0 ? fact->rooms[0].uri : (struct slice){0});
    transfer->name = memory_keep(fact->file_name);
    transfer->command = command;
    map_put(&chat->asked, map_number_key(&command), transfer);
    emit_state(chat, transfer, FILE_ASKED);
}

static struct transfer *asked_take(struct chat *chat, uint64_t command)
{
    struct transfer *transfer =
        command > 0 ? map_remove(&chat->asked, map_number_key(&command)) : NULL;
    if (transfer) {
        transfer->command = 0;
    }
    return transfer;
}

void file_answered(struct chat *chat, const struct chat_dialog *dialog, uint64_t command,
                   const struct chat_fact *reply)
{
    struct transfer *transfer = asked_take(chat, command);
    bool granted = reply->has_code && reply->code == 200 && reply->has_token;
    if (!granted) {
        if (transfer) {
            emit_state(chat, transfer, FILE_DENIED);
        }
        return;
    }
    if (!transfer && map_find(&chat->tokens, map_number_key(&reply->token_hash))) {
        return; /* the same reply once more */
    }
    if (!transfer) {
        const struct session_ref session = session_ref_of(dialog->session, dialog);
        transfer = transfer_new(chat, &session);
    }
    transfer->has_token = true;
    transfer->token = reply->token_hash;
    transfer->granted = chat->core->time;
    slice_replace(&transfer->server, reply->token_server);
    map_put(&chat->tokens, map_number_key(&transfer->token), transfer);
    if (!transfer->download && transfer->room.size > 0) {
        uploads_enter(chat, transfer);
    }
    emit_state(chat, transfer, FILE_PERMITTED);
}

void file_refused(struct chat *chat, uint64_t command)
{
    struct transfer *transfer = asked_take(chat, command);
    if (transfer) {
        emit_state(chat, transfer, FILE_DENIED);
    }
}

static bool is_name_byte(char c)
{
    return ascii_is_alpha(c) || ascii_is_digit(c) || c == '-' || c == '.' || c == '_';
}

/* A transfer whose stored name is a word of the text. */
static struct transfer *linked_by_name(const struct chat *chat, struct slice text)
{
    size_t at = 0;
    while (chat->stored.count > 0 && at < text.size) {
        size_t end = at;
        while (end < text.size && is_name_byte(text.data[end])) {
            end++;
        }
        struct transfer *transfer =
            end > at ? map_find(&chat->stored, slice_sub(text, at, end - at)) : NULL;
        if (transfer) {
            return transfer;
        }
        at = end + 1;
    }
    return NULL;
}

static struct transfer *only_upload(struct chat *chat, struct slice user, struct slice room)
{
    struct upload_list *list = map_find(&chat->uploads, uploads_key(chat, user, room));
    bool single = list && list->head.next->next == &list->head;
    return single ? LIST_OWNER(list->head.next, struct transfer, uploads) : NULL;
}

void file_posted(struct chat *chat, const struct chat_dialog *dialog, uint64_t id,
                 const struct chat_post *post)
{
    if (!post->file_link) {
        return;
    }
    struct transfer *transfer = linked_by_name(chat, post->text);
    if (!transfer) {
        transfer = only_upload(chat, dialog->session->user, post->room);
    }
    const struct transfer unknown = {
        .session = session_ref_of(dialog->session, dialog),
        .room = post->room,
        .state = FILE_POSTED,
        .granted = TIME_NONE,
    };
    if (transfer) {
        transfer->state = FILE_POSTED;
        transfer_touch(chat, transfer);
        uploads_leave(chat, transfer);
    }
    struct change change = file_change_of(chat, transfer ? transfer : &unknown);
    change.as.file.post = id;
    core_emit(chat->core, &change);
}

/* ---- web calls ---- */

static void call_free(void *value)
{
    struct web_call *call = value;
    slice_drop(&call->file);
    slice_drop(&call->name);
    slice_drop(&call->old_name);
    slice_drop(&call->description);
    slice_drop(&call->privacy);
    slice_drop(&call->room);
    free(call);
}

void files_dispose(struct chat *chat)
{
    while (!list_empty(&chat->transfers)) {
        transfer_free(chat, oldest(chat));
    }
    map_dispose(&chat->tokens, NULL);
    map_dispose(&chat->asked, NULL);
    map_dispose(&chat->stored, NULL);
    map_dispose(&chat->uploads, free);
    map_dispose(&chat->web_calls, call_free);
}

/* The transfer of a call's token; one whose chat side was not captured begins here. */
static struct transfer *transfer_of(struct chat *chat, const struct http_fact *fact)
{
    if (!fact->has_token) {
        return NULL;
    }
    struct transfer *transfer = map_find(&chat->tokens, map_number_key(&fact->token_hash));
    if (!transfer) {
        const struct session_ref nobody = {0};
        transfer = transfer_new(chat, &nobody);
        transfer->download = fact->call == HTTP_FILE_SIZE || fact->call == HTTP_DOWNLOAD_CHUNK;
        transfer->has_token = true;
        transfer->token = fact->token_hash;
        map_put(&chat->tokens, map_number_key(&transfer->token), transfer);
    }
    return transfer;
}

static void call_keep(struct chat *chat, const struct http_fact *fact)
{
    struct core *core = chat->core;
    if (core_full(core, CAP_PENDING, chat->web_calls.count, core->limits.pending)) {
        call_free(map_remove_entry(&chat->web_calls, chat->web_calls.first));
    }
    struct web_call *call = memory_alloc(sizeof *call);
    *call = (struct web_call){
        .call = fact->call,
        .has_token = fact->has_token,
        .cut = fact->cut,
        .removes = fact->order.remove == SAID_YES,
        .token = fact->token_hash,
        .offset = fact->offset,
        .bytes = fact->bytes,
        .file_length = fact->file_length,
        .file = memory_keep(fact->file),
        .name = memory_keep(fact->order.name),
        .old_name = memory_keep(fact->order.old_name),
        .description = memory_keep(fact->order.description),
        .privacy = memory_keep(fact->order.privacy),
        .room = memory_keep(fact->order.room),
    };
    struct web_call *other = map_find(&chat->web_calls, map_number_key(&fact->exchange));
    if (other) {
        call_free(other);
    }
    map_put(&chat->web_calls, map_number_key(&fact->exchange), call);
}

bool file_is_for(struct slice room, struct slice id)
{
    size_t behind = room.size > id.size ? room.size - id.size : 0;
    return behind > 0 && room.data[behind - 1] == '/' && slice_equal(slice_from(room, behind), id);
}

static void web_asked(struct chat *chat, const struct http_fact *fact)
{
    bool order = fact->call == HTTP_ROOM_CREATE || fact->call == HTTP_ROOM_MODIFY;
    struct transfer *transfer = transfer_of(chat, fact);
    if (transfer) {
        transfer_touch(chat, transfer);
        struct change change = file_change_of(chat, transfer);
        change.as.file.mismatch = transfer->room.size > 0 && fact->room_id.size > 0 &&
                                  !file_is_for(transfer->room, fact->room_id);
        if (change.as.file.mismatch) {
            core_emit(chat->core, &change);
        }
    }
    if (order || transfer) {
        call_keep(chat, fact);
    }
}

static void carried(struct chat *chat, struct transfer *transfer, uint64_t offset, uint64_t bytes)
{
    bool fresh = bytes > 0 && offset >= transfer->end && bytes <= UINT64_MAX - offset;
    if (!fresh) {
        return;
    }
    bool before = transfer->length > 0 && transfer->bytes >= transfer->length;
    transfer->bytes += bytes;
    transfer->end = offset + bytes;
    emit_state(chat, transfer, FILE_CARRIED);
    if (!before && transfer->length > 0 && transfer->bytes >= transfer->length) {
        emit_state(chat, transfer, FILE_COMPLETE);
    }
}

/* The call was answered with success. */
static void file_stepped(struct chat *chat, const struct web_call *call,
                         const struct http_fact *answer)
{
    struct transfer *transfer = map_find(&chat->tokens, map_number_key(&call->token));
    if (!call->has_token || !transfer) {
        return;
    }
    if (call->file.size > 0 && transfer->stored.size == 0) {
        stored_as(chat, transfer, call->file);
    }
    switch (call->call) {
    case HTTP_UNIQUE_NAME:
        if (answer->file.size > 0) {
            stored_as(chat, transfer, answer->file);
            emit_state(chat, transfer, FILE_NAMED);
        }
        break;
    case HTTP_APPEND_CHUNK:
        transfer->length = call->file_length > 0 ? call->file_length : transfer->length;
        if (!call->cut) {
            carried(chat, transfer, call->offset, call->bytes);
        }
        break;
    case HTTP_FILE_SIZE:
        transfer->length = answer->file_length > 0 ? answer->file_length : transfer->length;
        break;
    case HTTP_DOWNLOAD_CHUNK:
        if (!answer->cut) {
            carried(chat, transfer, call->offset, answer->bytes);
        }
        break;
    default:
        break;
    }
}

/*
 * How the page writes a RoomId is not known (1.14): what is no URI of a room would be another
 * room beside the one that is meant.
 */
static struct slice ordered_room(const struct web_call *call)
{
    static const struct slice scheme = SLICE("ma-chan:");
    return slice_starts_nocase(call->room, scheme) ? call->room : (struct slice){0};
}

/* The page's order was carried out: the room's attributes as it gave them. */
static void room_ordered(struct chat *chat, const struct web_call *call)
{
    struct slice uri = ordered_room(call);
    bool create = call->call == HTTP_ROOM_CREATE;
    bool remove = !create && call->removes;
    struct chat_room_state *room = create ? NULL : rooms_keep(chat, uri);
    bool renamed = !create && !remove && call->old_name.size > 0 && call->name.size > 0 &&
                   !slice_equal(call->old_name, call->name);
    if (room && !remove && call->name.size > 0) {
        slice_replace(&room->name, call->name);
    }
    struct change change = {
        .kind = CHANGE_ROOM,
        .as.room =
            {
                .uri = uri,
                .name = call->name,
                .old_name = renamed ? call->old_name : (struct slice){0},
                .description = call->description,
                .visibility = call->privacy,
                .source = create   ? ROOM_CREATED
                          : remove ? ROOM_REMOVED
                                   : ROOM_MODIFIED,
            },
    };
    core_emit(chat->core, &change);
}

static void web_answered(struct chat *chat, const struct http_fact *fact)
{
    struct web_call *call = map_remove(&chat->web_calls, map_number_key(&fact->exchange));
    if (!call) {
        return;
    }
    if (fact->status >= 200 && fact->status < 300) {
        if (call->call == HTTP_ROOM_CREATE || call->call == HTTP_ROOM_MODIFY) {
            room_ordered(chat, call);
        } else {
            file_stepped(chat, call, fact);
        }
    }
    call_free(call);
}

void files_web(struct chat *chat, const struct http_fact *fact)
{
    if (fact->request) {
        web_asked(chat, fact);
    } else {
        web_answered(chat, fact);
    }
}
