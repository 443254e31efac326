/*
 * The state machine of dialogs rows. See dialog_state.h.
 *
 *            request        1xx            2xx
 *   (new) ------------> trying ---> early ------> confirmed ---> terminated
 *                          |          |              |             BYE, unsubscribe,
 *                          +----------+---> refused  |             terminated, 481, lapse
 *                              3xx-6xx              (a binding is refused here too)
 *
 * A message is first turned into one input (what it means for this usage), then
 * the table says the next state; what is not in the table changes nothing. 401 and
 * 407 are no input: the request is sent again. Observing, not taking part, we accept
 * what a participant would not: a refused row that is answered after all (another
 * leg won), a lapsed subscription whose refresh is accepted late.
 *
 * Normative: RFC 3261 12, 13, 15; RFC 3265 3.1-3.3; RFC 3903 4; for subscriptions
 * that end in the 200 itself facts/presence.md 1.3, 1.4.
 */
#include "decoders/dialog_state.h"

#include "decoders/key.h"
#include "decoders/moment.h"

enum dialog_input {
    ON_NOTHING,
    ON_REQUEST,   /* the request that opens the row, or opens it again */
    ON_PROGRESS,  /* 101-199 */
    ON_TRAFFIC,   /* something that only an accepted dialog has */
    ON_ACCEPTED,  /* 2xx to the opening request */
    ON_REFRESHED, /* 2xx to a SUBSCRIBE inside the dialog */
    ON_REFUSED,   /* its final refusal */
    ON_BYE,
    ON_LOST,    /* 481 or 408 to a request inside the dialog (RFC 3261 12.2.1.2) */
    ON_STOPPED, /* the subscription or binding was ended in good order */
    DIALOG_INPUTS
};

/* How far NOTIFY expires may differ without being a change: seconds left are counted in whole ones.
 */
enum { EXPIRY_JITTER = 2 };

/* clang-format off */
#define TO(state) ((signed char)(DIALOG_##state + 1)) /* 0 = stays */

static const signed char next_states[USAGES][DIALOG_UNFINISHED][DIALOG_INPUTS] = {
    [USAGE_CALL] = {
        [DIALOG_TRYING]     = {[ON_PROGRESS] = TO(EARLY),     [ON_TRAFFIC]  = TO(CONFIRMED),
                               [ON_ACCEPTED] = TO(CONFIRMED), [ON_REFUSED]  = TO(REFUSED),
                               [ON_BYE]      = TO(TERMINATED),[ON_LOST]     = TO(TERMINATED)},
        [DIALOG_EARLY]      = {[ON_ACCEPTED] = TO(CONFIRMED), [ON_REFUSED]  = TO(REFUSED),
                               [ON_BYE]      = TO(TERMINATED),[ON_LOST]     = TO(TERMINATED)},
        [DIALOG_CONFIRMED]  = {[ON_BYE]      = TO(TERMINATED),[ON_LOST]     = TO(TERMINATED)},
        [DIALOG_REFUSED]    = {[ON_REQUEST]  = TO(TRYING),    [ON_ACCEPTED] = TO(CONFIRMED)},
    },
    [USAGE_SUBSCRIPTION] = {
        [DIALOG_TRYING]     = {[ON_TRAFFIC]  = TO(CONFIRMED), [ON_ACCEPTED] = TO(CONFIRMED),
                               [ON_REFRESHED]= TO(CONFIRMED), [ON_REFUSED]  = TO(REFUSED),
                               [ON_LOST]     = TO(TERMINATED),[ON_STOPPED]  = TO(TERMINATED)},
        [DIALOG_CONFIRMED]  = {[ON_LOST]     = TO(TERMINATED),[ON_STOPPED]  = TO(TERMINATED)},
        [DIALOG_REFUSED]    = {[ON_REQUEST]  = TO(TRYING),    [ON_ACCEPTED] = TO(CONFIRMED),
                               [ON_TRAFFIC]  = TO(CONFIRMED)},
        [DIALOG_TERMINATED] = {[ON_REFRESHED]= TO(CONFIRMED)},
    },
    [USAGE_BINDING] = {
        [DIALOG_TRYING]     = {[ON_ACCEPTED] = TO(CONFIRMED), [ON_REFUSED]  = TO(REFUSED),
                               [ON_STOPPED]  = TO(TERMINATED)},
        [DIALOG_CONFIRMED]  = {[ON_REFUSED]  = TO(REFUSED),   [ON_STOPPED]  = TO(TERMINATED)},
        [DIALOG_REFUSED]    = {[ON_REQUEST]  = TO(TRYING),    [ON_ACCEPTED] = TO(CONFIRMED),
                               [ON_STOPPED]  = TO(TERMINATED)},
        [DIALOG_TERMINATED] = {[ON_REQUEST]  = TO(TRYING),    [ON_ACCEPTED] = TO(CONFIRMED)},
    },
    [USAGE_EXCHANGE] = {
        [DIALOG_TRYING]     = {[ON_ACCEPTED] = TO(CONFIRMED), [ON_REFUSED]  = TO(REFUSED)},
        [DIALOG_CONFIRMED]  = {[ON_REFUSED]  = TO(REFUSED)},
        [DIALOG_REFUSED]    = {[ON_REQUEST]  = TO(TRYING),    [ON_ACCEPTED] = TO(CONFIRMED)},
    },
};
/* clang-format on */

/* One message with what its transaction knows of it. */
struct step {
    struct dialog *row;
    const struct message *message;
    const struct request_view *request; /* of a response; NULL = not captured */
    bool inside;                        /* the request had a To tag */
    bool proves_accepted;               /* an ACK that can only be of a 2xx */
};

static bool is_notification(enum sip_method method)
{
    return method == SIP_NOTIFY || method == SIP_BENOTIFY;
}

static bool is_lost(const struct step *step)
{
    uint16_t status = step->message->status;
    return status == 481 || status == 408;
}

/* ---- what a request means ---- */

static enum dialog_input call_request(const struct step *step)
{
    switch (step->message->method) {
    case SIP_INVITE:
        return step->inside ? ON_TRAFFIC : ON_REQUEST;
    case SIP_ACK:
        return step->proves_accepted ? ON_ACCEPTED : ON_NOTHING;
    case SIP_BYE:
        return ON_BYE;
    case SIP_CANCEL:
        step->row->cancelled = true;
        return ON_NOTHING;
    case SIP_PRACK:
        return ON_PROGRESS;
    default:
        return step->inside ? ON_TRAFFIC : ON_NOTHING;
    }
}

static enum dialog_input subscription_request(const struct step *step)
{
    const struct message *message = step->message;
    if (is_notification(message->method)) {
        bool over = slice_equal(message->subscription_state, slice_of("terminated"));
        return over ? ON_STOPPED : ON_TRAFFIC;
    }
    if (message->method == SIP_SUBSCRIBE && step->inside) {
        step->row->unsubscribing = message->expires == 0;
        return ON_TRAFFIC;
    }
    return message->method == SIP_SUBSCRIBE || message->method == SIP_REFER ? ON_REQUEST
                                                                            : ON_NOTHING;
}

static enum dialog_input request_input(const struct step *step)
{
    switch (step->row->usage) {
    case USAGE_CALL:
        return call_request(step);
    case USAGE_SUBSCRIPTION:
        return subscription_request(step);
    default:
        return ON_REQUEST;
    }
}

/* ---- what a response means ---- */

/* The request asked to end what it refreshes, or the answer to an unseen one grants nothing. */
static bool asks_end(const struct step *step)
{
    const struct message *message = step->message;
    int64_t asked = step->request ? step->request->expires : -1;
    bool star = step->request && step->request->contact_star;
    return asked == 0 || star || (asked < 0 && message->expires == 0);
}

static enum dialog_input call_response(const struct step *step)
{
    const enum sip_method method = step->message->method;
    const uint16_t status = step->message->status;
    if (method == SIP_CANCEL || method == SIP_PRACK || method == SIP_SUBSCRIBE ||
        is_notification(method)) {
        return ON_NOTHING;
    }
    if (method == SIP_INVITE && !step->inside) {
        return status < 200 ? ON_PROGRESS : status < 300 ? ON_ACCEPTED : ON_REFUSED;
    }
    if (is_lost(step)) {
        return ON_LOST;
    }
    if (status < 200 || status >= 300) {
        return ON_NOTHING;
    }
    return method == SIP_BYE ? ON_BYE : ON_TRAFFIC;
}

static enum dialog_input subscription_response(const struct step *step)
{
    const struct message *message = step->message;
    const bool opener = message->method == SIP_SUBSCRIBE || message->method == SIP_REFER;
    if (message->status < 200 || (!opener && !is_notification(message->method))) {
        return ON_NOTHING;
    }
    if (message->status >= 300) {
        return opener && !step->inside ? ON_REFUSED : is_lost(step) ? ON_LOST : ON_NOTHING;
    }
    if (message->method != SIP_SUBSCRIBE) {
        return opener ? ON_ACCEPTED : ON_TRAFFIC;
    }
    bool over = slice_equal(message->subscription_state, slice_of("terminated"));
    if (over || message->expires == 0 || asks_end(step)) {
        return ON_STOPPED;
    }
    return step->inside ? ON_REFRESHED : ON_ACCEPTED;
}

static enum dialog_input binding_response(const struct step *step)
{
    const uint16_t status = step->message->status;
    if (status < 200) {
        return ON_NOTHING;
    }
    if (status >= 300) {
        return ON_REFUSED;
    }
    return asks_end(step) ? ON_STOPPED : ON_ACCEPTED;
}

static enum dialog_input response_input(const struct step *step)
{
    const uint16_t status = step->message->status;
    if (status <= 100 || status == 401 || status == 407) {
        return ON_NOTHING;
    }
    switch (step->row->usage) {
    case USAGE_CALL:
        return call_response(step);
    case USAGE_SUBSCRIPTION:
        return subscription_response(step);
    case USAGE_BINDING:
        return binding_response(step);
    default:
        return status < 200 ? ON_NOTHING : status < 300 ? ON_ACCEPTED : ON_REFUSED;
    }
}

/* ---- what follows ---- */

/* Who says BYE can be told only where it is known who called. */
static struct slice bye_reason(const struct step *step)
{
    const struct dialog *row = step->row;
    if (!step->message->request || !row->view.from_start) {
        return slice_of("bye");
    }
    uint64_t tag = tag_digest(row->table->seed, step->message->from.tag);
    return slice_of(tag == row->opener_tag ? "bye by caller" : "bye by callee");
}

static struct slice stop_reason(const struct step *step)
{
    const struct dialog_view *view = &step->row->view;
    if (step->row->usage == USAGE_BINDING) {
        return slice_of(view->kind == DIALOG_REGISTER ? "unregistered" : "removed");
    }
    if (step->row->unsubscribing || (step->inside && asks_end(step))) {
        return slice_of("unsubscribed");
    }
    if (view->mode == DIALOG_QUERY) {
        return slice_of("query");
    }
    struct slice given = step->message->subscription_reason;
    return given.size > 0 ? given : slice_of("terminated");
}

static struct slice reason_of(const struct step *step, enum dialog_input input)
{
    switch (input) {
    case ON_BYE:
        return bye_reason(step);
    case ON_LOST:
        return slice_of(step->message->status == 408 ? "408" : "481");
    case ON_STOPPED:
        return stop_reason(step);
    case ON_REFUSED:
        return slice_of(step->message->status == 487 && step->row->cancelled ? "cancelled" : "");
    default:
        return slice_of("");
    }
}

static void enter(const struct step *step, enum dialog_input input, enum dialog_state state)
{
    struct dialog_view *view = &step->row->view;
    bool decides = input != ON_TRAFFIC && input != ON_BYE && !step->message->request;
    struct slice reason = reason_of(step, input);
    view->state = state;
    if (state == DIALOG_TRYING) {
        view->status = 0;
        step->row->cancelled = false;
    } else if (decides && step->message->status >= 200) {
        view->status = step->message->status;
    }
    if (state == DIALOG_TERMINATED || state == DIALOG_REFUSED) {
        view->expires_at = TIME_NONE;
    }
    if (!slice_equal(reason, view->reason)) {
        dialog_keep_text(step->row, TEXT_REASON, reason);
    }
}

/* Seconds that the message grants; -1 = it says nothing. */
static int64_t granted_seconds(const struct step *step)
{
    const struct message *message = step->message;
    int64_t asked = step->request ? step->request->expires : -1;
    int64_t said = message->expires >= 0 ? message->expires : message->subscription_expires;
    return said >= 0 ? said : asked;
}

static void set_expiry(const struct step *step, int64_t seconds, int64_t tolerance)
{
    struct dialog *row = step->row;
    int64_t old = row->view.expires_at;
    int64_t at = time_later(step->message->observed.origin.time, seconds);
    if (at == INT64_MAX) {
        at = TIME_NONE;
    }
    bool close = old != TIME_NONE && at != TIME_NONE && at <= time_later(old, tolerance) &&
                 old <= time_later(at, tolerance);
    if (!close) {
        row->view.expires_at = at;
        row->expiry = step->message->observed.origin;
    }
}

static void advance_expiry(const struct step *step, enum dialog_input input)
{
    const struct dialog_view *view = &step->row->view;
    bool lives = view->kind == DIALOG_SUBSCRIBE || step->row->usage == USAGE_BINDING;
    if (!lives || view->state != DIALOG_CONFIRMED) {
        return;
    }
    int64_t left = step->message->subscription_expires;
    bool granted = input == ON_ACCEPTED || input == ON_REFRESHED;
    if (granted && granted_seconds(step) >= 0) {
        set_expiry(step, granted_seconds(step), 0);
    } else if (is_notification(step->message->method) && step->message->request && left >= 0) {
        set_expiry(step, left, EXPIRY_JITTER);
    }
}

void dialog_advance(struct dialog *row, const struct transaction *transaction,
                    const struct message *message)
{
    const struct step step = {
        .row = row,
        .message = message,
        .request = message->request_kept,
        .inside = message->request ? message->to.tag.size > 0 : transaction->to_tag != 0,
        .proves_accepted = message->request && transaction->proves_accepted,
    };
    enum dialog_input input = message->request ? request_input(&step) : response_input(&step);
    int next = next_states[row->usage][row->view.state][input];
    if (next != 0) {
        enter(&step, input, (enum dialog_state)(next - 1));
    }
    advance_expiry(&step, input);
}

int64_t dialog_lapses_at(const struct dialog *row)
{
    const struct dialog_view *view = &row->view;
    bool can = view->kind == DIALOG_SUBSCRIBE && view->state == DIALOG_CONFIRMED;
    return can && view->expires_at != TIME_NONE ? view->expires_at : INT64_MAX;
}

void dialog_lapse(struct dialog *row)
{
    row->view.state = DIALOG_TERMINATED;
    row->view.end = row->view.expires_at;
    dialog_keep_text(row, TEXT_REASON, slice_of("expired"));
}

bool dialog_has_lapsed(const struct dialog *row)
{
    return row->view.state == DIALOG_TERMINATED && row->view.kind == DIALOG_SUBSCRIBE &&
           slice_equal(row->view.reason, slice_of("expired"));
}

bool dialog_is_over(const struct dialog *row)
{
    return row->view.state == DIALOG_TERMINATED || row->view.state == DIALOG_REFUSED;
}
