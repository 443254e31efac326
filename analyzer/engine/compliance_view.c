/*
 * A capture's changes as events of the compliance view. See compliance.h.
 */
#include "analyzer/engine/compliance.h"

#include <stdlib.h>

#include "analyzer/engine/arena.h"

/* One message of the ledger. Before it is told it keeps its text, afterwards what copies add. */
struct view_post {
    struct map_entry *entry;
    struct compliance_event event; /* number 0: not told yet; texts are gone once it is */
    struct slice text;             /* heap copies, empty once it is told */
    struct slice author;
    int64_t sent_ts; /* ns: as the post says; TIME_NONE */
    bool captured;   /* the post itself */
    bool stamped;    /* a copy's ts was looked at */
};

void compliance_view_init(struct compliance_view *view, struct map_seed seed,
                          const struct limits *limits, const struct compliance_sink *sink)
{
    *view = (struct compliance_view){.sink = *sink, .limit = limits->posts};
    map_init_numbers(&view->posts, seed);
    map_init_numbers(&view->files, seed);
}

static void drop_texts(struct view_post *post)
{
    slice_drop(&post->text);
    slice_drop(&post->author);
}

static void post_free(void *value)
{
    drop_texts(value);
    free(value);
}

void compliance_view_dispose(struct compliance_view *view)
{
    map_dispose(&view->posts, post_free);
    map_dispose(&view->files, NULL);
}

static void tell(struct compliance_view *view, struct compliance_event *event)
{
    event->number = ++view->last;
    view->sink.event(view->sink.context, event);
}

/* What a session's change says for itself. */
static struct compliance_event event_of(const struct change *change, enum compliance_kind kind,
                                        const struct session_ref *session)
{
    struct compliance_event event = {
        .kind = kind,
        .user = session->user,
        .ticks = ticks_of_time(change->time),
        .origin = change->origin,
        .call_id = session->call_id,
        .proven = change->message != NULL,
    };
    event.origin.row = NULL;
    return event;
}

/* ---- JOIN, PART ---- */

static bool was_joined(enum membership_state state)
{
    return state == MEMBER_JOINED || state == MEMBER_LEAVING;
}

/* 487, 481 and a timer end a session for us; the service may have noticed at another time. */
static bool proves_part(const struct message *message)
{
    return message && message->request &&
           (message->method == SIP_BYE || message->method == SIP_INFO);
}

static void take_membership(struct compliance_view *view, const struct change *change)
{
    const struct membership_change *said = &change->as.membership;
    bool join = said->state == MEMBER_JOINED && !said->assumed && !was_joined(said->from);
    bool part = said->state == MEMBER_NONE && was_joined(said->from);
    if (join || part) {
        struct compliance_event event =
            event_of(change, join ? COMPLIANCE_JOIN : COMPLIANCE_PART, &said->session);
        event.room = said->room;
        event.room_name = said->room_name;
        event.proven = join ? change->message != NULL : proves_part(change->message);
        tell(view, &event);
    }
}

/* ---- CHAT ---- */

static void forget_post(struct compliance_view *view)
{
    struct view_post *oldest = view->posts.first->value;
    if (oldest->event.post > view->forgotten) {
        view->forgotten = oldest->event.post;
    }
    map_remove_entry(&view->posts, oldest->entry);
    post_free(oldest);
}

/* NULL where the message was known once: what is said of it now is of no use. */
static struct view_post *post_of(struct compliance_view *view, const struct post_change *said)
{
    struct view_post *post = map_find(&view->posts, map_number_key(&said->id));
    if (post) {
        map_touch(&view->posts, post->entry);
        return post;
    }
    if (said->id <= view->forgotten) {
        view->late++;
        return NULL;
    }
    if (view->posts.count > 0 && view->posts.count >= view->limit) {
        forget_post(view);
    }
    post = memory_zero(1, sizeof *post);
    post->event.post = said->id;
    post->sent_ts = TIME_NONE;
    post->entry = map_put(&view->posts, map_number_key(&said->id), post);
    return post;
}

static void keep_sent(struct view_post *post, const struct post_change *said)
{
    if (post->event.number == 0) {
        slice_replace(&post->text, said->text);
        slice_replace(&post->author, said->author);
    }
    post->captured = true;
    post->sent_ts = said->has_ts ? said->ts : TIME_NONE;
    post->event.marked_up = post->event.marked_up || said->file_link;
}

static void tell_post(struct compliance_view *view, struct view_post *post,
                      const struct change *change)
{
    const struct post_change *said = &change->as.post;
    struct compliance_event event = event_of(change, COMPLIANCE_CHAT, &said->session);
    event.room = said->room;
    event.room_name = said->room_name;
    event.user = post->captured ? post->author : said->author;
    event.content = post->captured ? post->text : said->text;
    event.post = said->id;
    event.marked_up = post->event.marked_up || said->file_link;
    if (said->captured && said->post.record > 0) {
        event.origin = said->post;
        event.origin.row = NULL;
    }
    tell(view, &event);
    post->event = (struct compliance_event){
        .kind = COMPLIANCE_CHAT,
        .number = event.number,
        .post = event.post,
        .ticks = event.ticks,
        .marked_up = event.marked_up,
    };
    drop_texts(post);
}

/* The id is in the event that the copy came in, which was offered before the change. */
static uint64_t chat_id_of(const struct compliance_view *view, const struct change *change)
{
    return change->message && change->message->id == view->message ? view->chat_id : 0;
}

static void learn_from_copy(struct compliance_view *view, struct view_post *post,
                            const struct change *change)
{
    const struct post_change *said = &change->as.post;
    struct compliance_event before = post->event;
    uint64_t id = chat_id_of(view, change);
    if (!post->stamped && said->has_ts && said->ts != TIME_NONE) {
        post->stamped = true;
        if (post->captured && post->sent_ts != TIME_NONE && said->ts != post->sent_ts) {
            post->event.ticks = ticks_of_time(said->ts);
            post->event.service_time = true;
        }
    }
    post->event.id = post->event.id > 0 ? post->event.id : id;
    post->event.marked_up = post->event.marked_up || said->edited;
    if (before.ticks != post->event.ticks || before.id != post->event.id ||
        before.service_time != post->event.service_time ||
        before.marked_up != post->event.marked_up) {
        view->sink.amend(view->sink.context, &post->event);
    }
}

static void take_post(struct compliance_view *view, const struct change *change)
{
    const struct post_change *said = &change->as.post;
    bool tells = said->state == POST_ACCEPTED || said->state == POST_DELIVERED;
    if (said->state != POST_SENT && !tells) {
        return;
    }
    struct view_post *post = post_of(view, said);
    if (!post) {
        return;
    }
    if (said->state == POST_SENT) {
        keep_sent(post, said);
    }
    if (tells && post->event.number == 0) {
        tell_post(view, post, change);
    }
    if (said->state == POST_DELIVERED) {
        learn_from_copy(view, post, change);
    }
}

/* ---- BACKCHAT, FILEUPLOAD, FILEDOWNLOAD ---- */

static void take_command(struct compliance_view *view, const struct change *change)
{
    const struct command_change *said = &change->as.command;
    if (said->verb == CHAT_BCCONTEXT && said->state == COMMAND_ANSWERED && said->room.size > 0) {
        struct compliance_event event = event_of(change, COMPLIANCE_BACKCHAT, &said->session);
        event.room = said->room;
        tell(view, &event);
    }
}

static void take_file(struct compliance_view *view, const struct change *change)
{
    const struct file_change *said = &change->as.file;
    bool done = said->state == FILE_COMPLETE || (said->state == FILE_POSTED && !said->download);
    if (!done || said->id == 0 || said->room.size == 0 || said->stored.size == 0 ||
        map_find(&view->files, map_number_key(&said->id))) {
        return;
    }
    if (view->files.count > 0 && view->files.count >= view->limit) {
        map_remove_entry(&view->files, view->files.first);
    }
    map_put(&view->files, map_number_key(&said->id), view);
    struct compliance_event event =
        event_of(change, said->download ? COMPLIANCE_DOWNLOAD : COMPLIANCE_UPLOAD, &said->session);
    event.room = said->room;
    event.room_name = said->room_name;
    event.content = said->stored;
    event.proven = said->state == FILE_COMPLETE;
    tell(view, &event);
}

/* ---- */

void compliance_view_event(struct compliance_view *view, const struct event *event)
{
    if (event->kind == EVENT_CHAT && event->as.chat.class == CHAT_MESSAGE && event->message) {
        view->message = event->message->id;
        if (!slice_to_u64(event->as.chat.post.chat_id, &view->chat_id)) {
            view->chat_id = 0;
        }
    }
}

void compliance_view_change(struct compliance_view *view, const struct change *change)
{
    switch (change->kind) {
    case CHANGE_MEMBERSHIP:
        take_membership(view, change);
        break;
    case CHANGE_POST:
        take_post(view, change);
        break;
    case CHANGE_COMMAND:
        take_command(view, change);
        break;
    case CHANGE_FILE:
        take_file(view, change);
        break;
    default:
        break;
    }
}
