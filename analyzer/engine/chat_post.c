/*
 * Posted messages and their copies. See chat_post.h.
 */
#include "analyzer/engine/chat_post.h"

#include <stdlib.h>

#include "analyzer/engine/arena.h"
#include "analyzer/engine/chat_file.h"
#include "analyzer/engine/chat_ledger.h"
#include "analyzer/engine/chat_member.h"

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

static void emit_post(struct chat *chat, const struct event *event,
                      const struct chat_dialog *dialog, const struct ledger_post *post,
                      enum post_state state)
{
    const struct chat_post *seen = &event->as.chat.post;
    struct change change = post_change_of(dialog, post, seen, state);
    change.as.post.transaction = event->message->transaction;
    change.as.post.echo =
        state == POST_DELIVERED && slice_equal_nocase(post->author, dialog->session->user);
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
    const struct post_group *group = ledger_find(chat, key);
    struct link *link = group ? group->posts.next : NULL;
    for (; group && link != &group->posts; link = link->next) {
        struct ledger_post *post = LIST_OWNER(link, struct ledger_post, link);
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
        ledger_touch(chat, post);
    } else {
        post = post_open(chat, &key, room, event);
    }
    remember(chat, &key, seen->ts, post);
    post_await(chat, dialog, post, event->message);
    if (!challenged) {
        emit_post(chat, event, dialog, post, POST_SENT);
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
    } else if (message->status < 300) {
        if (dialog_is_live(dialog)) {
            membership_step(chat, dialog, post->room, MEMBER_POSTED, slice_of("post accepted"));
        }
        emit_fate(chat, wait, POST_ACCEPTED, message->status);
    } else {
        post->refused = true;
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

/* What tells one service envelope from another; 0 where it has no id. */
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
    return map_hash(chat->core->seed, buffer_slice(scratch)) | 1;
}

static bool same_second(int64_t a, int64_t b)
{
    return a == TIME_NONE || b == TIME_NONE || a / TIME_SECOND == b / TIME_SECOND;
}

/* Which post a copy is of, and whether the session had one before. */
struct match {
    struct ledger_post *post; /* NULL: of none that is known */
    bool duplicate;
};

/* How well a post that the session has no copy of fits: the copies of one message carry one ts. */
static int fit_of(const struct ledger_post *post, int64_t ts)
{
    if (post->refused) {
        return 0;
    }
    return post->copy_ts == TIME_NONE ? 2 : post->copy_ts == ts ? 3 : 1;
}

static struct match match_copy(const struct post_group *group, uint64_t session, uint64_t envelope,
                               int64_t ts)
{
    struct match match = {0};
    struct ledger_post *had = NULL;
    int best = 0;
    for (struct link *link = group->posts.next; link != &group->posts; link = link->next) {
        struct ledger_post *post = LIST_OWNER(link, struct ledger_post, link);
        uint64_t before = 0;
        if (!ledger_copied(post, session, &before)) {
            int fit = ts == TIME_NONE ? !post->refused : fit_of(post, ts);
            match.post = fit > best ? post : match.post;
            best = fit > best ? fit : best;
        } else if (envelope != 0 && before == envelope) {
            return (struct match){post, true};
        } else if (same_second(post->copy_ts, ts)) {
            had = post;
        }
    }
    return match.post ? match : (struct match){had, had != NULL};
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
    uint64_t session = dialog->session->id;
    uint64_t envelope = envelope_digest(chat, fact);
    struct post_key key = ledger_key(chat, room, seen);
    struct post_group *group = ledger_find(chat, &key);
    struct match match = {0};
    if (group) {
        match = match_copy(group, session, envelope, seen->ts);
    }
    if (!match.post) {
        match.post = post_of_copy(chat, &key, room, seen);
    }
    if (match.duplicate) {
        ledger_touch(chat, match.post);
        emit_post(chat, event, dialog, match.post, POST_DUPLICATE);
        return;
    }
    if (match.post->copy_ts == TIME_NONE) {
        match.post->copy_ts = seen->ts;
    }
    remember(chat, &key, seen->ts, match.post);
    ledger_copy(chat, match.post, session, envelope);
    emit_post(chat, event, dialog, match.post, POST_DELIVERED);
}

/* ---- history ---- */

static void history_item(struct chat *chat, const struct chat_dialog *dialog,
                         const struct event *event, struct chat_room_state *room,
                         const struct chat_post *seen)
{
    struct post_key key = ledger_key(chat, room, seen);
    const struct remembered_post *before = ledger_recall(chat, &key, seen->ts);
    struct remembered_post fresh = {.posted_at = TIME_NONE, .origin = {.time = TIME_NONE}};
    if (!before) {
        fresh.id = ++chat->last_post;
        ledger_remember(chat, &key, seen->ts, &fresh);
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
