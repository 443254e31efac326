/*
 * Rules about subscriptions as dialogs. See rules_subscriptions.h.
 *
 * Facts: presence.md 1.3, 1.4, 1.5, 1.7, 7.4 and rules N1 to N3, U1, U3, U4, L1
 * (RFC 3265 3.1, 3.2; [MS-SIP] 3.5; [MS-PRES] 3.4.5.1.3; UCMA documentation).
 *
 * A request that was lost on the way to the capture is noticed by its answer also
 * where it was a datagram (witness.h); a BENOTIFY has none, so whatever stands on one
 * that did not come is not said of datagrams.
 */
#include "analyzer/audit/rules_subscriptions.h"

#include "analyzer/audit/state.h"

enum {
    BATCH_USUAL = 1000, /* users in one batch: presence.md 1.3 */
    STATUS_LOST = 481,  /* no such dialog */
};

static const struct slice presence = SLICE("presence");
static const struct slice terminated = SLICE("terminated");

/* By Call-ID: a refresh, a notification and what comes after the end all share it. */
static uint64_t call_number(const struct audit *audit, struct slice call_id)
{
    return audit_key(audit, &call_id, 1);
}

static uint64_t pair_number(const struct audit *audit, struct slice watcher, struct slice target)
{
    const struct slice words[] = {watcher, target};
    return audit_key(audit, words, 2);
}

static bool is_notification(const struct message *message)
{
    return message->request && (message->method == SIP_NOTIFY || message->method == SIP_BENOTIFY);
}

static bool is_datagram(const struct message *message)
{
    return message->observed.transport == TRANSPORT_UDP;
}

/* ---- the record that these rules share, kept by subscription-peer-lost ---- */

/* A subscription from the SUBSCRIBE that opened it until it ends. */
struct watching {
    struct expectation expected; /* since: the last SUBSCRIBE */
    struct route route;          /* from the watcher to the server */
    int64_t opened_at;           /* ns */
    bool offers;                 /* ms-benotify */
    bool benotified;             /* and was sent one all the same */
    bool accepted;
    bool leaving;    /* the watcher asked for its end */
    int64_t lost_at; /* ns: the watcher disowned it; TIME_NONE */
};

static struct watching *watching_find(const struct audit *audit, struct slice call_id)
{
    return expect_find(&audit->expect, RULE_SUBSCRIPTION_PEER_LOST, call_number(audit, call_id));
}

/* ---- benotify-not-offered ---- */

struct offer {
    struct expectation expected;
    struct route route;
    int64_t opened_at;
};

void benotify_offer_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct message *message = event->message;
    if (!message->request || message->method != SIP_BENOTIFY) {
        return;
    }
    struct watching *watching = watching_find(audit, message->call_id);
    if (!watching || watching->offers || watching->benotified) {
        return;
    }
    watching->benotified = true;
    struct offer *row =
        expect_add(&audit->expect, rule, call_number(audit, message->call_id),
                   message->observed.origin.time, &watching->expected.about, sizeof *row);
    if (row) {
        row->route = watching->route;
        row->opened_at = watching->opened_at;
        proof_join(&audit->proofs, row->expected.proof, watching->expected.proof);
        proof_cite(&audit->proofs, row->expected.proof, message);
    }
}

void benotify_offer_judge(struct audit *audit, struct expectation *expected)
{
    const struct offer *row = (const struct offer *)expected;
    if (witness_hears(&audit->witness, &row->route, row->opened_at, expected->since)) {
        struct verdict draft = verdict_of(audit, expected, SEVERITY_ERROR);
        verdict_raise(&audit->verdicts, &draft);
    }
}

/* ---- benotify-answered ---- */

void benotify_answer_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct message *message = event->message;
    if (message->request || message->method != SIP_BENOTIFY) {
        return;
    }
    struct proof *proof = proof_new();
    proof_cite_answer(&audit->proofs, proof, message);
    struct verdict draft = {
        .rule = rule,
        .severity = SEVERITY_NOTE,
        .time = message->observed.origin.time,
        .count = 1,
        .about = {.user = message->to.user, .call_id = message->call_id},
        .proof = proof,
    };
    verdict_group(&audit->verdicts, &draft, &draft.about.user, 1);
    proof_release(&audit->proofs, proof);
}

/* ---- subscription-not-terminated ---- */

/* A watcher asked for the end of a subscription. */
struct ending {
    struct expectation expected;
    struct route route; /* from the server to the watcher */
    bool accepted;
};

static void end_asked(struct audit *audit, enum rule_id rule, const struct message *message)
{
    int64_t now = message->observed.origin.time;
    const struct subject about = {
        .user = message->from.user,
        .peer = message->to.user,
        .call_id = message->call_id,
    };
    struct ending *row = expect_add(&audit->expect, rule, call_number(audit, message->call_id), now,
                                    &about, sizeof *row);
    if (row) {
        struct route route = route_of(&message->observed);
        row->route = route_back(&route);
        proof_cite(&audit->proofs, row->expected.proof, message);
        expect_until(&audit->expect, &row->expected, time_after(now, audit_wait(audit, rule)));
    }
}

void termination_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct message *message = event->message;
    bool subscribe = message->method == SIP_SUBSCRIBE;
    if (subscribe && message->request) {
        if (message->expires == 0 && message->to.tag.size > 0 && !is_datagram(message) &&
            slice_equal(message->event, presence)) {
            end_asked(audit, rule, message);
        }
        return;
    }
    if (subscribe ? message->status < 200 : !is_notification(message)) {
        return;
    }
    struct ending *row = expect_find(&audit->expect, rule, call_number(audit, message->call_id));
    if (!row) {
        return;
    }
    bool refused =
        subscribe && message->status >= 300 && message->status != 401 && message->status != 407;
    if (refused || slice_equal(message->subscription_state, terminated)) {
        expect_drop(&audit->expect, row);
    } else if (subscribe && message->status < 300) {
        row->accepted = true;
        proof_cite(&audit->proofs, row->expected.proof, message);
    }
}

void termination_overdue(struct audit *audit, struct expectation *expected)
{
    if (!((const struct ending *)expected)->accepted ||
        presences_signed_out(&audit->presences, expected->about.user)) {
        expect_drop(&audit->expect, expected);
    }
}

void termination_judge(struct audit *audit, struct expectation *expected)
{
    const struct ending *row = (const struct ending *)expected;
    if (witness_hears(&audit->witness, &row->route, expected->since,
                      time_after(expected->since, audit_wait(audit, expected->rule)))) {
        struct verdict draft = verdict_of(audit, expected, SEVERITY_NOTE);
        verdict_raise(&audit->verdicts, &draft);
    }
}

/* ---- subscription-not-retried ---- */

/* A subscription that the watcher is expected to make again. */
struct renewal {
    struct expectation expected;
    struct route route; /* from the watcher to the server */
    uint64_t cause;
    uint16_t status; /* 0: the server ended it */
};

static struct renewal *renewal_add(struct audit *audit, enum rule_id rule,
                                   const struct message *message, const struct subject *about)
{
    int64_t now = message->observed.origin.time;
    struct renewal *row =
        expect_add(&audit->expect, rule, pair_number(audit, about->user, about->peer), now, about,
                   sizeof *row);
    if (row) {
        struct route route = route_of(&message->observed);
        row->route = route_back(&route);
        row->cause = cause_of(CAUSE_TRANSACTION, message->transaction);
        proof_cite_answer(&audit->proofs, row->expected.proof, message);
        expect_until(&audit->expect, &row->expected, time_after(now, audit_wait(audit, rule)));
    }
    return row;
}

/* UCMA calls these "waiting for retry": presence.md 1.7. */
static bool asks_retry(const struct message *message)
{
    return !message->request && message->method == SIP_SUBSCRIBE &&
           (message->status == 480 || message->status == STATUS_LOST || message->status == 504);
}

static void subscription_failed(struct audit *audit, enum rule_id rule,
                                const struct message *message)
{
    const struct request_view *request = message->request_kept;
    if (!request) {
        /* Whether it was for presence, or an end, is not known: nobody is to blame. */
        verdict_claim(&audit->verdicts, cause_of(CAUSE_TRANSACTION, message->transaction), rule);
        return;
    }
    if (request->expires == 0 || !slice_equal(request->event, presence)) {
        return;
    }
    const struct subject about = {
        .user = message->from.user,
        .peer = message->to.user,
        .call_id = message->call_id,
        .detail = message->reason,
    };
    struct renewal *row = renewal_add(audit, rule, message, &about);
    if (row) {
        row->status = message->status;
    }
}

/* "deactivated" asks for it at once, and so does an end without a reason: presence.md 1.7, 7.4. */
static void subscription_ended(struct audit *audit, enum rule_id rule,
                               const struct message *message)
{
    const struct watching *watching = watching_find(audit, message->call_id);
    struct slice reason = message->subscription_reason;
    bool asks = slice_equal_nocase(reason, (struct slice)SLICE("deactivated")) ||
                (reason.size == 0 && message->expires == 0);
    if (!watching || watching->leaving || !asks ||
        !slice_equal(watching->expected.about.what, presence)) {
        return;
    }
    struct subject about = watching->expected.about;
    about.what = (struct slice){0};
    about.detail = reason;
    renewal_add(audit, rule, message, &about);
}

/* The watcher tries again: whatever comes of that is judged for itself. */
static void subscribed_again(struct audit *audit, enum rule_id rule, struct slice watcher,
                             struct slice target)
{
    struct renewal *row = expect_find(&audit->expect, rule, pair_number(audit, watcher, target));
    if (row) {
        verdict_claim(&audit->verdicts, row->cause, rule);
        expect_drop(&audit->expect, row);
    }
}

void renewal_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct message *message = event->message;
    if (event->kind == EVENT_WATCH) {
        if (message && message->request) {
            subscribed_again(audit, rule, message->from.user, event->as.watch.user);
        }
        return;
    }
    if (message->request && message->method == SIP_SUBSCRIBE) {
        if (message->expires != 0 && slice_equal(message->event, presence)) {
            subscribed_again(audit, rule, message->from.user, message->to.user);
        }
    } else if (asks_retry(message)) {
        subscription_failed(audit, rule, message);
    } else if (is_notification(message) && slice_equal(message->subscription_state, terminated)) {
        subscription_ended(audit, rule, message);
    }
}

/* Of both rules that expect a SUBSCRIBE: who signed out needs none. */
void resubscriber_overdue(struct audit *audit, struct expectation *expected)
{
    if (presences_signed_out(&audit->presences, expected->about.user)) {
        expect_drop(&audit->expect, expected);
    }
}

void renewal_judge(struct audit *audit, struct expectation *expected)
{
    const struct renewal *row = (const struct renewal *)expected;
    if (!witness_hears(&audit->witness, &row->route, expected->since,
                       time_after(expected->since, audit_wait(audit, expected->rule)))) {
        return;
    }
    struct verdict draft = verdict_of(audit, expected, SEVERITY_WARNING);
    draft.cause = row->cause;
    draft.number = row->status;
    draft.late = row->status == 0;
    verdict_raise(&audit->verdicts, &draft);
}

/* ---- subscription-resubscribe-ignored ---- */

struct resubscribe {
    struct expectation expected;
    struct route route; /* from the watcher to the server */
};

static void resubscribe_asked(struct audit *audit, enum rule_id rule, const struct event *event)
{
    static const struct slice resubscribe = SLICE("resubscribe");
    const struct message *message = event->message;
    const struct resource_fact *resource = &event->as.resource;
    if (!message || !slice_equal_nocase(resource->state, resubscribe)) {
        return;
    }
    struct slice watcher = message->request ? message->to.user : message->from.user;
    const struct subject about = {
        .user = watcher,
        .peer = resource->user,
        .call_id = message->call_id,
    };
    int64_t now = message->observed.origin.time;
    struct resubscribe *row =
        expect_add(&audit->expect, rule, pair_number(audit, watcher, resource->user), now, &about,
                   sizeof *row);
    if (row) {
        struct route route = route_of(&message->observed);
        row->route = route_back(&route);
        proof_cite(&audit->proofs, row->expected.proof, message);
        expect_until(&audit->expect, &row->expected, time_after(now, audit_wait(audit, rule)));
    }
}

void resubscribe_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct message *message = event->message;
    struct slice target = {0};
    if (event->kind == EVENT_RESOURCE) {
        resubscribe_asked(audit, rule, event);
    } else if (event->kind == EVENT_WATCH) {
        target = event->as.watch.user;
    } else if (message->request && message->method == SIP_SUBSCRIBE) {
        target = message->to.user;
    }
    if (target.size > 0 && message) {
        uint64_t number = pair_number(audit, message->from.user, target);
        expect_drop(&audit->expect, expect_find(&audit->expect, rule, number));
    }
}

void resubscribe_judge(struct audit *audit, struct expectation *expected)
{
    const struct resubscribe *row = (const struct resubscribe *)expected;
    if (witness_hears(&audit->witness, &row->route, expected->since,
                      time_after(expected->since, audit_wait(audit, expected->rule)))) {
        struct verdict draft = verdict_of(audit, expected, SEVERITY_NOTE);
        verdict_group(&audit->verdicts, &draft, &expected->about.user, 1);
    }
}

/* ---- subscription-too-large ---- */

/* The batch that is being read: its resources come one after the other. */
struct batch {
    struct expectation expected;
    uint64_t message;
    size_t count;
};

void batch_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    static const struct slice subscribe = SLICE("subscribe");
    const struct message *message = event->message;
    if (!message || !slice_equal_nocase(event->as.watch.action, subscribe)) {
        return;
    }
    struct batch *batch = expect_find(&audit->expect, rule, 0);
    if (!batch || batch->message != message->id) {
        const struct subject about = {.user = message->from.user, .call_id = message->call_id};
        batch = expect_add(&audit->expect, rule, 0, message->observed.origin.time, &about,
                           sizeof *batch);
        if (!batch) {
            return;
        }
        batch->message = message->id;
    }
    if (++batch->count == BATCH_USUAL + 1) {
        proof_cite(&audit->proofs, batch->expected.proof, message);
        struct verdict draft = verdict_of(audit, &batch->expected, SEVERITY_NOTE);
        draft.number = BATCH_USUAL;
        verdict_raise(&audit->verdicts, &draft);
    }
}

/* ---- subscription-peer-lost ---- */

static void subscription_opened(struct audit *audit, enum rule_id rule,
                                const struct message *message)
{
    const struct subject about = {
        .user = message->from.user,
        .peer = message->to.user,
        .call_id = message->call_id,
        .what = message->event,
    };
    const struct watching *old = watching_find(audit, message->call_id);
    bool offers = old && old->offers; /* sent again after a challenge */
    int64_t now = message->observed.origin.time;
    struct watching *row = expect_add(&audit->expect, rule, call_number(audit, message->call_id),
                                      now, &about, sizeof *row);
    if (row) {
        row->route = route_of(&message->observed);
        row->opened_at = now;
        row->offers = offers || (message->flags & SIP_OFFERS_BENOTIFY);
        row->lost_at = TIME_NONE;
        proof_cite(&audit->proofs, row->expected.proof, message);
    }
}

static void subscription_renewed(struct watching *row, const struct message *message)
{
    row->expected.since = message->observed.origin.time;
    row->route = route_of(&message->observed);
    row->leaving = row->leaving || message->expires == 0;
    row->offers = row->offers || (message->flags & SIP_OFFERS_BENOTIFY);
}

/* 481 to a notification of a subscription that nobody ended. */
static void subscription_disowned(struct audit *audit, struct watching *row,
                                  const struct message *message)
{
    if (!row->accepted || row->leaving ||
        presences_signed_out(&audit->presences, row->expected.about.user)) {
        return;
    }
    row->lost_at = message->observed.origin.time;
    proof_cite_answer(&audit->proofs, row->expected.proof, message);
    const struct slice words[] = {
        {(const char *)&row->expected.number, sizeof row->expected.number},
        {(const char *)&message->transaction, sizeof message->transaction},
    };
    uint64_t number = audit_key(audit, words, 2);
    if (!expect_find(&audit->expect, row->expected.rule, number)) {
        expect_rename(&audit->expect, &row->expected, number);
    }
}

void peer_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct message *message = event->message;
    bool subscribe = message->method == SIP_SUBSCRIBE;
    bool notify = message->method == SIP_NOTIFY || message->method == SIP_BENOTIFY;
    if (message->call_id.size == 0 || (!subscribe && !notify)) {
        return;
    }
    if (subscribe && message->request && message->to.tag.size == 0 && message->expires != 0) {
        subscription_opened(audit, rule, message);
        return;
    }
    struct watching *row = watching_find(audit, message->call_id);
    if (!row) {
        return;
    }
    if (subscribe && message->request) {
        subscription_renewed(row, message);
    } else if (subscribe) {
        row->accepted = row->accepted || (message->status >= 200 && message->status < 300);
    } else if (is_notification(message) && slice_equal(message->subscription_state, terminated)) {
        expect_drop(&audit->expect, row);
    } else if (!message->request && message->method == SIP_NOTIFY &&
               message->status == STATUS_LOST) {
        subscription_disowned(audit, row, message);
    }
}

void peer_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct subscription_change *given = &change->as.subscription;
    struct watching *row = NULL;
    (void)rule;
    switch (given->state) {
    case SUBSCRIPTION_REQUESTED:
    case SUBSCRIPTION_ACTIVE:
    case SUBSCRIPTION_REFRESHED:
        break;
    case SUBSCRIPTION_TERMINATED:
    case SUBSCRIPTION_LAPSED:
    case SUBSCRIPTION_REFUSED:
        row = watching_find(audit, given->call_id);
        break;
    }
    if (row && row->lost_at == TIME_NONE) {
        expect_drop(&audit->expect, row);
    }
}

void peer_judge(struct audit *audit, struct expectation *expected)
{
    const struct watching *row = (const struct watching *)expected;
    if (row->lost_at == TIME_NONE ||
        !witness_hears(&audit->witness, &row->route, row->opened_at, row->lost_at)) {
        return;
    }
    struct verdict draft = verdict_of(audit, expected, SEVERITY_WARNING);
    draft.time = row->lost_at;
    verdict_raise(&audit->verdicts, &draft);
}
