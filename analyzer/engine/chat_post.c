/*
 * Posted messages and their copies. See chat_post.h.
 */
#include "analyzer/engine/chat_post.h"

#include <stdlib.h>

#include "analyzer/engine/arena.h"
#include "analyzer/engine/chat_file.h"
#include "analyzer/engine/chat_match.h"
#include "analyzer/engine/chat_member.h"
#include "analyzer/engine/chat_room.h"

/* A post whose INFO is unanswered. */
struct post_wait {
    struct chat_pending pending;
    struct ledger_post *post;
    uint64_t transaction;
};

static struct post_wait *wait_of(struct chat_pending *pending)
{
    return (struct post_wait *)pending;
}

void post_wait_drop(struct chat *chat, struct chat_pending *pending)
{
    struct post_wait *wait = wait_of(pending);
    wait->post->wait = NULL;
    pending_remove(chat, pending);
    free(wait);
}

/* The part of a change that the ledger knows; `seen` is what the event said, NULL for a response.
 */
static struct change post_change_of(const struct chat_dialog *dialog,
                                    const struct ledger_post *post, const struct chat_post *seen,
                                    enum post_state state)
{
    struct change change = {
        .kind = CHANGE_POST,
        .as.post =
            {
                .id = post->id,
                .session = session_ref_of(dialog->session, dialog),
                .room = post->room->entry->key,
                .room_name = post->room->name,
                .author = post->author,
                .ts = seen ? seen->ts : post->ts,
                .state = state,
                .membership = membership_state_of(dialog, post->room),
                .author_mismatch = post->mismatch,
                .has_ts = seen ? post_has_ts(seen) : post->has_ts,
                .file_link = seen ? seen->file_link : post->file_link,
                .captured = post->captured,
                .retry = post->retry,
                .posted_at = post->posted_at,
                .post = post->origin,
            },
    };
    if (seen) {
        change.as.post.author = seen->author;
        change.as.post.text = seen->text;
    }
    return change;
}

static void emit_sent(struct chat *chat, const struct event *event,
                      const struct chat_dialog *dialog, const struct ledger_post *post)
{
    struct change change = post_change_of(dialog, post, &event->as.chat.post, POST_SENT);
    change.as.post.transaction = event->message->transaction;
    core_emit(chat->core, &change);
}

static void emit_copy(struct chat *chat, const struct event *event,
                      const struct chat_dialog *dialog, const struct post_match *match)
{
    const struct ledger_post *post = match->post;
    struct change change = post_change_of(dialog, post, &event->as.chat.post,
                                          match->duplicate ? POST_DUPLICATE : POST_DELIVERED);
    change.as.post.transaction = event->message->transaction;
    change.as.post.edited = match->edited;
    change.as.post.echo =
        !match->duplicate && slice_equal_nocase(post->author, dialog->session->user);
    if (match->duplicate) {
        const struct ledger_copy *first = ledger_copied(post, dialog->session->id);
        change.as.post.first_dialog = first->dialog;
        change.as.post.first_copy = first->origin;
    }
    core_emit(chat->core, &change);
}

static void remember(struct chat *chat, const struct post_key *key, int64_t ts,
                     const struct ledger_post *post)
{
    struct remembered_post remembered = {post->id, post->captured, post->posted_at, post->origin};
    ledger_remember(chat, key, ts, &remembered);
}

/* ---- posting ---- */

/* The identical post that this one repeats: one that was challenged or refused. */
static struct ledger_post *repeated(struct chat *chat, const struct post_key *key,
                                    const struct message *message)
{
    enum { LOOKS = 64 };
    const struct post_group *group = ledger_find(chat, key);
    struct link *link = group ? group->again.next : NULL;
    for (int look = 0; group && link != &group->again && look < LOOKS; look++, link = link->next) {
        struct ledger_post *post = LIST_OWNER(link, struct ledger_post, again);
        if (post->refused || (post->challenged && message->attempt > 0)) {
            return post;
        }
    }
    return NULL;
}

static struct ledger_post *post_open(struct chat *chat, const struct post_key *key,
                                     struct chat_room_state *room, const struct event *event)
{
    const struct chat_post *seen = &event->as.chat.post;
    struct ledger_post *post = ledger_add(chat, key, room, seen, 0);
    post->captured = true;
    post->posted_at = chat->core->time;
    post->origin = core_origin(chat->core);
    ledger_stamp(chat, post);
    post->mismatch =
        seen->author.size > 0 && !slice_equal_nocase(seen->author, event->message->from.user);
    return post;
}

static void post_await(struct chat *chat, struct chat_dialog *dialog, struct ledger_post *post,
                       const struct message *message)
{
    struct post_wait *wait = memory_zero(1, sizeof *wait);
    wait->pending.kind = PENDING_POST;
    wait->post = post;
    wait->transaction = message->transaction;
    post->wait = wait;
    pending_add(chat, request_keep(chat, dialog, message), &wait->pending);
}

void post_sent(struct chat *chat, struct chat_dialog *dialog, const struct event *event)
{
    const struct chat_post *seen = &event->as.chat.post;
    struct chat_room_state *room = rooms_keep(chat, seen->room);
    if (!room) {
        return;
    }
    ledger_age(chat);
    struct post_key key = ledger_key(chat, room, seen);
    struct ledger_post *post = repeated(chat, &key, event->message);
    bool challenged = post && post->challenged;
    if (post) {
        post->retry = post->retry || post->refused;
        post->refused = false;
        post->challenged = false;
        post->ts = seen->ts;
        post->has_ts = post_has_ts(seen);
        ledger_again(post);
        ledger_stamp(chat, post);
        ledger_touch(chat, post);
    } else {
        post = post_open(chat, &key, room, event);
    }
    remember(chat, &key, seen->ts, post);
    post_await(chat, dialog, post, event->message);
    if (!challenged) {
        emit_sent(chat, event, dialog, post);
    }
    if (!challenged && !post->retry) {
        file_posted(chat, dialog, post->id, seen);
    }
}

/* ---- its fate ---- */

static void emit_fate(struct chat *chat, const struct post_wait *wait, enum post_state state,
                      uint16_t status)
{
    struct change change = post_change_of(wait->pending.request->dialog, wait->post, NULL, state);
    change.as.post.transaction = wait->transaction;
    change.as.post.status = status;
    core_emit(chat->core, &change);
}

void post_answer(struct chat *chat, struct chat_pending *pending, const struct message *message)
{
    struct post_wait *wait = wait_of(pending);
    struct ledger_post *post = wait->post;
    struct chat_dialog *dialog = pending->request->dialog;
    ledger_touch(chat, post);
    if (message->status == 401 || message->status == 407) {
        post->challenged = true;
        ledger_expect_again(post);
    } else if (message->status < 300) {
        if (dialog_is_live(dialog)) {
            membership_step(chat, dialog, post->room, MEMBER_POSTED, slice_of("post accepted"));
        }
        emit_fate(chat, wait, POST_ACCEPTED, message->status);
    } else {
        post->refused = true;
        ledger_expect_again(post);
        emit_fate(chat, wait, POST_REFUSED, message->status);
    }
    post_wait_drop(chat, pending);
}

void post_abandon(struct chat *chat, struct chat_pending *pending)
{
    emit_fate(chat, wait_of(pending), POST_ABANDONED, 0);
    post_wait_drop(chat, pending);
}

/* ---- copies ---- */

/* What tells an item of one service envelope from any other item; 0 where it has no id. */
static uint64_t envelope_digest(struct chat *chat, const struct chat_fact *fact)
{
    struct buffer *scratch = &chat->scratch;
    if (fact->envelope.size == 0) {
        return 0;
    }
    buffer_clear(scratch);
    buffer_append(scratch, fact->envelope);
    buffer_append_byte(scratch, ' ');
    buffer_append(scratch, fact->sequence);
    buffer_append_byte(scratch, ' ');
    buffer_append_u64(scratch, fact->place);
    return map_hash(chat->core->seed, buffer_slice(scratch)) | 1;
}

static struct ledger_post *post_of_copy(struct chat *chat, const struct post_key *key,
                                        struct chat_room_state *room, const struct chat_post *seen)
{
    const struct remembered_post *before = ledger_recall(chat, key, seen->ts);
    struct ledger_post *post = ledger_add(chat, key, room, seen, before ? before->id : 0);
    if (before) {
        post->captured = before->captured;
        post->posted_at = before->posted_at;
        post->origin = before->origin;
    }
    return post;
}

/* The session has its copy. A second copy, with the posted text, takes the place of an edited one:
 * that was another message then. */
static void take_copy(struct chat *chat, const struct chat_dialog *dialog,
                      const struct post_match *match, int64_t ts, uint64_t envelope)
{
    struct ledger_post *post = match->post;
    if (post->copy_ts == TIME_NONE) {
        post->copy_ts = ts;
    }
    struct ledger_copy *copy = ledger_copy(chat, post, dialog->session->id);
    *copy = (struct ledger_copy){
        .envelope = envelope,
        .dialog = dialog->id,
        .edited = match->edited,
        .origin = core_origin(chat->core),
    };
}

void post_delivered(struct chat *chat, struct chat_dialog *dialog, const struct event *event)
{
    const struct chat_fact *fact = &event->as.chat;
    const struct chat_post *seen = &fact->post;
    struct chat_room_state *room = dialog_is_live(dialog) ? rooms_keep(chat, seen->room) : NULL;
    if (!room) {
        return;
    }
    ledger_age(chat);
    membership_step(chat, dialog, room, MEMBER_HEARD, slice_of("message delivered"));
    uint64_t envelope = envelope_digest(chat, fact);
    struct post_key key = ledger_key(chat, room, seen);
    struct post_match match = match_copy(chat, room, &key, seen, dialog->session->id, envelope);
    if (!match.post) {
        match.post = post_of_copy(chat, &key, room, seen);
    }
    if (match.duplicate) {
        ledger_touch(chat, match.post);
    } else {
        take_copy(chat, dialog, &match, seen->ts, envelope);
        remember(chat, &key, seen->ts, match.post);
    }
    emit_copy(chat, event, dialog, &match);
}

/* ---- history ---- */

static void history_item(struct chat *chat, const struct chat_dialog *dialog,
                         const struct event *event, struct chat_room_state *room,
                         const struct chat_post *seen)
{
    struct post_key key = ledger_key(chat, room, seen);
    const struct remembered_post *before = ledger_recall_next(chat, &key, seen->ts);
    struct remembered_post fresh = {.posted_at = TIME_NONE, .origin = {.time = TIME_NONE}};
    if (!before) {
        fresh.id = ++chat->last_post;
        ledger_remember(chat, &key, seen->ts, &fresh);
        (void)ledger_recall_next(chat, &key, seen->ts);
        before = &fresh;
    }
    const struct ledger_post view = {
        .id = before->id,
        .room = room,
        .posted_at = before->posted_at,
        .origin = before->origin,
        .captured = before->captured,
    };
    struct change change = post_change_of(dialog, &view, seen, POST_HISTORY);
    change.as.post.transaction = event->message->transaction;
    core_emit(chat->core, &change);
}

void post_history(struct chat *chat, const struct chat_dialog *dialog, const struct event *event,
                  const struct chat_room *fact, struct slice asked)
{
    for (size_t i = 0; i < fact->history_count; i++) {
        const struct chat_post *seen = &fact->history[i];
        struct slice uri = seen->room.size > 0  ? seen->room
                           : fact->uri.size > 0 ? fact->uri
                                                : asked;
        struct chat_room_state *room = rooms_keep(chat, uri);
        if (room) {
            history_item(chat, dialog, event, room, seen);
        }
    }
}
