/*
 * Chat sessions and their dialogs. See chat_session.h.
 */
#include "analyzer/engine/chat_session.h"

#include <stdlib.h>

#include "analyzer/engine/arena.h"
#include "analyzer/engine/chat_member.h"
#include "analyzer/engine/chat_request.h"

/* An INVITE dialog that no chat was seen on yet; any text session may turn out to be one. */
struct chat_candidate {
    struct slice user;
    struct slice epid;
    struct slice service;
    struct slice call_id;
    uint32_t cseq;
    int64_t expires;
};

static void free_candidate(void *value)
{
    struct chat_candidate *candidate = value;
    slice_drop(&candidate->user);
    slice_drop(&candidate->epid);
    slice_drop(&candidate->service);
    slice_drop(&candidate->call_id);
    free(candidate);
}

static void free_dialog(struct chat *chat, struct chat_dialog *dialog)
{
    requests_drop(chat, dialog);
    timers_cancel(&chat->core->timers, &dialog->forget);
    if (dialog->session->current == dialog) {
        dialog->session->current = NULL;
    }
    list_remove(&dialog->link);
    map_remove_entry(&chat->dialogs, dialog->entry);
    slice_drop(&dialog->call_id);
    free(dialog);
}

static void free_session(struct chat *chat, struct chat_session *session)
{
    while (!list_empty(&session->dialogs)) {
        free_dialog(chat, LIST_OWNER(session->dialogs.next, struct chat_dialog, link));
    }
    memberships_drop(chat, session);
    map_remove_entry(&chat->sessions, session->entry);
    slice_drop(&session->user);
    slice_drop(&session->epid);
    slice_drop(&session->service);
    free(session);
}

void sessions_dispose(struct chat *chat)
{
    while (chat->sessions.first) {
        free_session(chat, chat->sessions.first->value);
    }
    map_dispose(&chat->sessions, NULL);
    map_dispose(&chat->dialogs, NULL);
    map_dispose(&chat->candidates, free_candidate);
}

struct session_ref session_ref_of(const struct chat_session *session,
                                  const struct chat_dialog *dialog)
{
    return (struct session_ref){
        .id = session->id,
        .user = session->user,
        .epid = session->epid,
        .call_id = dialog->call_id,
        .dialog = dialog->id,
        .lookup = session->lookup,
        .from_start = dialog->from_start,
    };
}

bool session_speaks(const struct chat_session *session, const struct message *message)
{
    return slice_equal(message->from.user, session->user);
}

bool dialog_is_live(const struct chat_dialog *dialog)
{
    return dialog->session->current == dialog && !dialog->stale && !dialog->closed;
}

/* ---- the machine ---- */

/* clang-format off */
static const enum session_state transitions[SESSION_REFUSED + 1][SESSION_EVENTS] = {
    /*                      invited           answered           traffic            declined           ended           lost            disowned         renewed */
    [SESSION_UNKNOWN]   = {SESSION_INVITING, SESSION_CONNECTED, SESSION_CONNECTED, SESSION_REFUSED,   SESSION_CLOSED, SESSION_CLOSED, SESSION_STALE,   SESSION_UNKNOWN},
    [SESSION_INVITING]  = {SESSION_INVITING, SESSION_CONNECTED, SESSION_CONNECTED, SESSION_REFUSED,   SESSION_CLOSED, SESSION_CLOSED, SESSION_STALE,   SESSION_INVITING},
    [SESSION_CONNECTED] = {SESSION_INVITING, SESSION_CONNECTED, SESSION_CONNECTED, SESSION_CONNECTED, SESSION_CLOSED, SESSION_CLOSED, SESSION_STALE,   SESSION_CONNECTED},
    [SESSION_STALE]     = {SESSION_INVITING, SESSION_CONNECTED, SESSION_CONNECTED, SESSION_STALE,     SESSION_CLOSED, SESSION_CLOSED, SESSION_STALE,   SESSION_STALE},
    [SESSION_CLOSED]    = {SESSION_INVITING, SESSION_CONNECTED, SESSION_CONNECTED, SESSION_REFUSED,   SESSION_CLOSED, SESSION_CLOSED, SESSION_CLOSED,  SESSION_CLOSED},
    [SESSION_REFUSED]   = {SESSION_INVITING, SESSION_CONNECTED, SESSION_CONNECTED, SESSION_REFUSED,   SESSION_CLOSED, SESSION_CLOSED, SESSION_REFUSED, SESSION_REFUSED},
};
/* clang-format on */

static void session_step(struct chat *chat, struct chat_dialog *dialog, enum session_event event,
                         uint16_t status, struct slice reason)
{
    struct chat_session *session = dialog->session;
    enum session_state from = session->state;
    enum session_state state = transitions[from][event];
    bool renewed = event == SESSION_RENEWED;
    bool news =
        state != from || event == SESSION_INVITED || renewed || session->announced != dialog->id;
    if (session->current != dialog || !news) {
        return;
    }
    session->state = state;
    session->announced = dialog->id;
    struct change change = {
        .kind = CHANGE_SESSION,
        .as.session =
            {
                .session = session_ref_of(session, dialog),
                .from = from,
                .state = state,
                .service = session->service,
                .status = status,
                .reason = reason,
                .expires = dialog->expires,
                .renewed = renewed,
            },
    };
    core_emit(chat->core, &change);
}

/* ---- opening ---- */

static struct slice session_key(struct chat *chat, struct slice user, struct slice epid,
                                bool lookup)
{
    struct buffer *scratch = &chat->scratch;
    buffer_clear(scratch);
    buffer_append_byte(scratch, lookup ? 'l' : 'c');
    buffer_append_u64(scratch, user.size);
    buffer_append_byte(scratch, ' ');
    buffer_append(scratch, user);
    buffer_append(scratch, epid);
    return buffer_slice(scratch);
}

static struct chat_session *session_keep(struct chat *chat, struct slice user, struct slice epid,
                                         bool lookup)
{
    struct core *core = chat->core;
    struct chat_session *session = map_find(&chat->sessions, session_key(chat, user, epid, lookup));
    if (session) {
        map_touch(&chat->sessions, session->entry);
        return session;
    }
    while (chat->sessions.first &&
           core_full(core, CAP_SESSIONS, chat->sessions.count, core->limits.sessions)) {
        free_session(chat, chat->sessions.first->value);
    }
    session = memory_zero(1, sizeof *session);
    session->id = ++chat->last_session;
    session->user = memory_keep(user);
    session->epid = memory_keep(epid);
    session->lookup = lookup;
    list_init(&session->dialogs);
    map_init(&session->memberships, core->seed);
    session->entry = map_put(&chat->sessions, session_key(chat, user, epid, lookup), session);
    return session;
}

/* Ended dialogs wait here for late answers; a session never needs many of them. */
enum { SESSION_DIALOGS = 16 };

static void make_room(struct chat *chat, struct chat_session *session)
{
    size_t count = 0;
    for (struct link *link = session->dialogs.next; link != &session->dialogs; link = link->next) {
        count++;
    }
    if (count < SESSION_DIALOGS) {
        return;
    }
    struct chat_dialog *oldest = LIST_OWNER(session->dialogs.next, struct chat_dialog, link);
    if (!list_empty(&oldest->requests)) {
        core_cap(chat->core, CAP_PENDING);
    }
    free_dialog(chat, oldest);
}

static struct chat_dialog *dialog_add(struct chat *chat, struct chat_session *session, uint64_t id,
                                      struct slice call_id, bool from_start)
{
    make_room(chat, session);
    struct chat_dialog *dialog = memory_zero(1, sizeof *dialog);
    dialog->id = id;
    dialog->call_id = memory_keep(call_id);
    dialog->session = session;
    dialog->from_start = from_start;
    dialog->expires = -1;
    dialog->forget = (struct timer){.kind = TIMER_CHAT_DIALOG, .object = dialog};
    list_init(&dialog->requests);
    list_append(&session->dialogs, &dialog->link);
    dialog->entry = map_put(&chat->dialogs, map_number_key(&id), dialog);
    return dialog;
}

/* The CSeq of the INVITE that a row of the dialogs table comes with; 0 = another message. */
static uint32_t invite_cseq(const struct message *message)
{
    return message && message->method == SIP_INVITE ? message->cseq : 0;
}

static void candidate_keep(struct chat *chat, const struct event *event)
{
    const struct dialog_view *view = &event->as.dialog;
    struct core *core = chat->core;
    struct slice key = map_number_key(&view->id);
    if (map_find(&chat->candidates, key)) {
        return;
    }
    if (core_full(core, CAP_SESSIONS, chat->candidates.count, core->limits.sessions)) {
        if (!chat->candidates.first) {
            return;
        }
        free_candidate(map_remove_entry(&chat->candidates, chat->candidates.first));
    }
    struct chat_candidate *candidate = memory_zero(1, sizeof *candidate);
    candidate->user = memory_keep(view->from);
    candidate->epid = memory_keep(view->from_epid);
    candidate->service = memory_keep(view->to);
    candidate->call_id = memory_keep(view->call_id);
    candidate->cseq = invite_cseq(event->message);
    candidate->expires = -1;
    map_put(&chat->candidates, key, candidate);
}

static void candidate_drop(struct chat *chat, uint64_t id)
{
    struct chat_candidate *candidate = map_remove(&chat->candidates, map_number_key(&id));
    if (candidate) {
        free_candidate(candidate);
    }
}

/* What was agreed on in the INVITE and its answer. */
struct dialog_terms {
    uint32_t cseq;
    int64_t expires;
    bool up;
};

/* A further dialog of the same endpoint: the session goes on, out of all its rooms. */
static struct chat_dialog *dialog_open(struct chat *chat, const struct dialog_view *view,
                                       const struct dialog_terms *terms, enum session_event event)
{
    bool lookup = view->service == SERVICE_CHAT_LOOKUP;
    struct chat_session *session = session_keep(chat, view->from, view->from_epid, lookup);
    struct chat_dialog *old = session->current;
    struct chat_dialog *dialog =
        dialog_add(chat, session, view->id, view->call_id, view->from_start);
    old = session->current == old ? old : NULL;
    dialog->cseq = terms->cseq;
    dialog->expires = terms->expires;
    dialog->up = terms->up;
    slice_replace(&session->service, view->to);
    session->current = dialog;
    session_step(chat, dialog, event, 0, (struct slice){0});
    if (old) {
        memberships_close(chat, session, old, slice_of("new dialog"));
    }
    candidate_drop(chat, view->id);
    return dialog;
}

/* ---- closing ---- */

static void dialog_close(struct chat *chat, struct chat_dialog *dialog, enum session_event event,
                         uint16_t status, struct slice reason)
{
    session_step(chat, dialog, event, status, reason);
    requests_abandon(chat, dialog);
    if (dialog->session->current == dialog) {
        memberships_close(chat, dialog->session, dialog, reason);
    }
    dialog->closed = true;
    dialog->ended = core_origin(chat->core);
    if (chat->core->time != TIME_NONE) {
        timers_set(&chat->core->timers, &dialog->forget,
                   time_add(chat->core->time, TRANSACTION_WAIT));
    }
}

void sessions_timer(struct chat *chat, struct timer *timer)
{
    struct chat_dialog *dialog = timer->object;
    core_cause_timer(chat->core, timer->due, &dialog->ended);
    requests_abandon(chat, dialog);
    free_dialog(chat, dialog);
}

/* "bye by client", "bye by service", or the row's own word. */
static struct slice end_reason(const struct chat_session *session, const struct event *event)
{
    const struct message *message = event->message;
    struct slice reason = event->as.dialog.reason;
    if (message && message->method == SIP_BYE) {
        return slice_of(session_speaks(session, message) ? "bye by client" : "bye by service");
    }
    return reason;
}

/* ---- what the dialogs table says ---- */

static bool is_over(enum dialog_state state)
{
    return state == DIALOG_TERMINATED || state == DIALOG_REFUSED || state == DIALOG_UNFINISHED;
}

/* A candidate that turns out to be chat is told by its row before its first chat traffic. */
static void dialog_first_seen(struct chat *chat, const struct event *event)
{
    const struct dialog_view *view = &event->as.dialog;
    bool answered = view->state == DIALOG_CONFIRMED;
    if (view->service == SERVICE_CHAT || view->service == SERVICE_CHAT_LOOKUP) {
        const struct chat_candidate *known = map_find(&chat->candidates, map_number_key(&view->id));
        const struct dialog_terms terms = {
            .cseq = known ? known->cseq : invite_cseq(event->message),
            .expires = known ? known->expires : -1,
            .up = answered,
        };
        dialog_open(chat, view, &terms, answered ? SESSION_ANSWERED : SESSION_INVITED);
    } else if (view->service == SERVICE_NONE || view->service == SERVICE_IM) {
        candidate_keep(chat, event);
    }
}

/* What was taken for a lookup is the channel after all, or the other way round. */
static void dialog_move(struct chat *chat, struct chat_dialog *dialog,
                        const struct dialog_view *view)
{
    struct chat_session *old = dialog->session;
    bool lookup = view->service == SERVICE_CHAT_LOOKUP;
    struct slice reason = slice_of(lookup ? "a lookup" : "not a lookup");
    session_step(chat, dialog, SESSION_ENDED, 0, reason);
    if (old->current == dialog) {
        memberships_close(chat, old, dialog, reason);
        old->current = NULL;
    }
    list_remove(&dialog->link);
    struct chat_session *session = session_keep(chat, view->from, view->from_epid, lookup);
    list_append(&session->dialogs, &dialog->link);
    dialog->session = session;
    slice_replace(&session->service, view->to);
    session->current = dialog;
    session_step(chat, dialog, dialog->up ? SESSION_ANSWERED : SESSION_INVITED, 0,
                 (struct slice){0});
}

/* An INVITE that was refused is sent again under the same Call-ID, or another branch of it wins. */
static void dialog_revive(struct chat *chat, struct chat_dialog *dialog,
                          const struct dialog_view *view)
{
    bool again = view->state == DIALOG_TRYING || view->state == DIALOG_CONFIRMED;
    if (!dialog->closed || view->previous != DIALOG_REFUSED || !again) {
        return;
    }
    timers_cancel(&chat->core->timers, &dialog->forget);
    dialog->closed = false;
    dialog->session->current = dialog;
    if (view->state == DIALOG_TRYING) {
        session_step(chat, dialog, SESSION_INVITED, 0, (struct slice){0});
    }
}

/* The service of a row may become another one with its first chat body. */
static bool changes_side(const struct chat_dialog *dialog, const struct dialog_view *view)
{
    return dialog->from_start && !is_over(view->state) &&
           ((view->service == SERVICE_CHAT && dialog->session->lookup) ||
            (view->service == SERVICE_CHAT_LOOKUP && !dialog->session->lookup));
}

void sessions_dialog(struct chat *chat, const struct event *event)
{
    const struct dialog_view *view = &event->as.dialog;
    struct chat_dialog *dialog = map_find(&chat->dialogs, map_number_key(&view->id));
    if (!dialog) {
        if (is_over(view->state)) {
            candidate_drop(chat, view->id);
        } else if (view->from_start) {
            dialog_first_seen(chat, event);
        }
        return;
    }
    dialog_revive(chat, dialog, view);
    if (dialog->closed) {
        return;
    }
    if (changes_side(dialog, view)) {
        dialog_move(chat, dialog, view);
    }
    switch (view->state) {
    case DIALOG_CONFIRMED:
        dialog->up = true;
        if (view->previous != DIALOG_CONFIRMED) {
            session_step(chat, dialog, SESSION_ANSWERED, view->status, (struct slice){0});
        }
        break;
    case DIALOG_TERMINATED:
        dialog_close(chat, dialog, SESSION_ENDED, view->status, end_reason(dialog->session, event));
        break;
    case DIALOG_REFUSED:
        dialog_close(chat, dialog, SESSION_DECLINED, view->status, view->reason);
        break;
    default:
        break;
    }
}

/* ---- traffic ---- */

static bool client_sent(const struct message *message, const struct chat_fact *fact)
{
    switch (fact->class) {
    case CHAT_COMMAND:
        return true;
    case CHAT_REPLY:
    case CHAT_NOTICE:
        return false;
    default:
        break;
    }
    if (message->from.service || message->to.service) {
        return message->to.service;
    }
    return slice_equal_nocase(fact->post.author, message->from.user);
}

static struct chat_dialog *dialog_from_candidate(struct chat *chat, struct map_entry *entry,
                                                 uint64_t id, bool lookup)
{
    const struct chat_candidate *candidate = entry->value;
    const struct dialog_terms terms = {candidate->cseq, candidate->expires, true};
    struct dialog_view view = {
        .id = id,
        .service = lookup ? SERVICE_CHAT_LOOKUP : SERVICE_CHAT,
        .from_start = true,
        .call_id = candidate->call_id,
        .from = candidate->user,
        .to = candidate->service,
        .from_epid = candidate->epid,
    };
    return dialog_open(chat, &view, &terms, SESSION_TRAFFIC);
}

static struct chat_dialog *dialog_from_middle(struct chat *chat, const struct message *message,
                                              const struct chat_fact *fact, bool lookup)
{
    bool sent = client_sent(message, fact);
    const struct sip_party *client = sent ? &message->from : &message->to;
    const struct sip_party *service = sent ? &message->to : &message->from;
    if (client->user.size == 0) {
        return NULL;
    }
    struct chat_session *session = session_keep(chat, client->user, client->epid, lookup);
    slice_replace(&session->service, service->user);
    return dialog_add(chat, session, message->dialog, message->call_id, false);
}

struct chat_dialog *sessions_traffic(struct chat *chat, const struct message *message,
                                     const struct chat_fact *fact)
{
    if (message->dialog == 0) {
        return NULL;
    }
    struct slice key = map_number_key(&message->dialog);
    struct chat_dialog *dialog = map_find(&chat->dialogs, key);
    bool lookup = fact->verb == CHAT_REQURI;
    if (!dialog) {
        struct map_entry *candidate = map_find_entry(&chat->candidates, key);
        dialog = candidate ? dialog_from_candidate(chat, candidate, message->dialog, lookup)
                           : dialog_from_middle(chat, message, fact, lookup);
    }
    if (!dialog) {
        return NULL;
    }
    struct chat_session *session = dialog->session;
    map_touch(&chat->sessions, session->entry);
    struct chat_dialog *current = session->current;
    bool vacant = !current || current->closed || current->stale;
    if (!dialog->closed && !dialog->stale && (vacant || session_speaks(session, message))) {
        session->current = dialog;
    }
    dialog->up = true;
    if (dialog_is_live(dialog)) {
        session_step(chat, dialog, SESSION_TRAFFIC, 0,
                     dialog->from_start ? (struct slice){0}
                                        : slice_of("its beginning was not captured"));
    }
    return dialog;
}

/* Answers to an INVITE before the dialog is up are those to the one that opens it. */
static bool opens_dialog(const struct message *message, bool up, uint32_t cseq)
{
    return message->method == SIP_INVITE && (!up || message->cseq == cseq);
}

static void opening_answered(const struct message *message, int64_t *expires)
{
    if (message->status >= 200 && message->status < 300 && message->session_expires > 0) {
        *expires = message->session_expires;
    }
}

/* UPDATE and INVITE within the dialog refresh it; so may INFO, but that is not known (S16). */
static void refresh_answered(struct chat *chat, struct chat_dialog *dialog,
                             const struct message *message)
{
    bool refresh = message->method == SIP_UPDATE || message->method == SIP_INVITE;
    if (refresh && message->status >= 200 && message->status < 300) {
        opening_answered(message, &dialog->expires);
        session_step(chat, dialog, SESSION_RENEWED, message->status, (struct slice){0});
    }
}

static void candidate_answered(struct chat *chat, const struct message *message)
{
    struct chat_candidate *candidate =
        map_find(&chat->candidates, map_number_key(&message->dialog));
    if (candidate && message->method == SIP_INVITE) {
        opening_answered(message, &candidate->expires);
    }
}

void sessions_answer(struct chat *chat, const struct message *message)
{
    struct chat_dialog *dialog = map_find(&chat->dialogs, map_number_key(&message->dialog));
    if (!dialog) {
        candidate_answered(chat, message);
    } else if (dialog->closed) {
        return;
    } else if (opens_dialog(message, dialog->up, dialog->cseq)) {
        opening_answered(message, &dialog->expires);
    } else if (message->status == 481) {
        dialog_close(chat, dialog, SESSION_LOST, 481, slice_of("481"));
    } else if (message->status == 487 && message->method == SIP_INFO &&
               !session_speaks(dialog->session, message)) {
        dialog->stale = true;
        session_step(chat, dialog, SESSION_DISOWNED, 487, slice_of("487 by client"));
    } else {
        refresh_answered(chat, dialog, message);
    }
}
