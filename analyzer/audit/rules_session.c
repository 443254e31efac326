/*
 * Rules about the dialogs of chat sessions. See rules_session.h.
 *
 * Facts: xccos.md 3.1 (S16 session timer, S18 a lost session, S19 stale dialogs), 4.6,
 * 6.2 (XB03, XB06, XB07, XB08, XB09, XB10, XB16).
 */
#include "analyzer/audit/rules_session.h"

#include <string.h>

#include "analyzer/audit/rules_chat.h"
#include "analyzer/audit/state.h"

enum {
    STATUS_BUSY = 503,
    STATUS_LOST = 481,
    STALE_INFOS = 2,    /* a single one may have been on its way */
    EARLY_BYE = 32,     /* seconds: RFC 4028 section 10 ends a session before its time is over, */
    EARLY_BYE_PART = 3, /* but no earlier than by this part of it */
};

static struct verdict draft_of(const struct leg *leg, enum rule_id rule, enum severity severity,
                               int64_t time)
{
    return (struct verdict){
        .rule = rule,
        .severity = severity,
        .time = time,
        .count = 1,
        .cause = cause_of(CAUSE_DIALOG, leg->dialog),
        .about = {.user = leg->user, .peer = leg->service, .call_id = leg->call_id},
    };
}

static bool is_first_request(const struct message *message, enum sip_method method)
{
    return message->request && message->method == method && message->role == MESSAGE_FIRST;
}

static bool from_client(const struct leg *leg, const struct message *message)
{
    return slice_equal(message->from.user, leg->user);
}

/* ---- chat-retry-reuses-cseq ---- */

static struct leg_refusal *refusal_of(struct leg *leg, uint64_t transaction)
{
    for (size_t i = 0; leg && i < leg->refused_count && i < LEG_BUSY; i++) {
        if (leg->refused[i].transaction == transaction) {
            return &leg->refused[i];
        }
    }
    return NULL;
}

/* On the very hop where it was seen before: what another hop shows is no repetition. */
static bool seen_here_before(const struct message *message)
{
    const struct route here = route_of(&message->observed);
    for (size_t i = 0; i + 1 < message->observation_count; i++) {
        const struct route route = route_of(&message->observations[i]);
        if (route_equal(&route, &here)) {
            return true;
        }
    }
    return false;
}

/* With its old branch it would be the transport's retransmission. */
void reuse_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct message *message = event->message;
    if (!message->request || message->method != SIP_INFO || message->branch.size == 0 ||
        message->role != MESSAGE_ANOTHER_HOP) {
        return;
    }
    struct leg *leg = legs_find(&audit->legs, message->dialog);
    const struct leg_refusal *refusal = refusal_of(leg, message->transaction);
    if (!refusal || !seen_here_before(message)) {
        return;
    }
    const struct slice words[] = {map_number_key(&message->transaction)};
    struct proof *proof = proof_new();
    proof_cite(&audit->proofs, proof, message);
    proof_add(&audit->proofs, proof, &refusal->origin);
    struct verdict draft = draft_of(leg, rule, SEVERITY_ERROR, event->origin.time);
    draft.cause = refusal->cause;
    draft.number = message->cseq;
    draft.proof = proof;
    verdict_group(&audit->verdicts, &draft, words, 1);
    proof_release(&audit->proofs, proof);
}

/* Which post or command it was that the service was too busy for. */
void reuse_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    (void)rule;
    const struct command_change *command = &change->as.command;
    const struct post_change *post = &change->as.post;
    struct leg *leg = NULL;
    uint64_t transaction = 0;
    uint64_t cause = 0;
    if (change->kind == CHANGE_COMMAND && command->state == COMMAND_REFUSED) {
        leg = legs_find(&audit->legs, command->session.dialog);
        transaction = command->transaction;
        cause = chat_command_cause(audit, command);
    } else if (change->kind == CHANGE_POST && post->state == POST_REFUSED) {
        leg = legs_find(&audit->legs, post->session.dialog);
        transaction = post->transaction;
        cause = cause_of(CAUSE_POST, post->id);
    }
    struct leg_refusal *refusal = refusal_of(leg, transaction);
    if (refusal) {
        refusal->cause = cause;
    }
}

/* ---- chat-session-lost ---- */

struct lost_wait {
    struct expectation expected;
    uint64_t dialog;
    struct route routes[SESSION_ROUTES];
    size_t route_count;
    int64_t due;      /* ns */
    int64_t reopened; /* too late; TIME_NONE = not at all */
    bool alive;       /* the endpoint sent something else after that */
};

static void session_lost(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct session_change *session = &change->as.session;
    const struct leg *leg = legs_find(&audit->legs, session->session.dialog);
    const struct message *message = change->message;
    if (!leg || !message || message->request || !from_client(leg, message)) {
        return;
    }
    const struct subject about = {
        .user = leg->user,
        .peer = leg->service,
        .call_id = leg->call_id,
        .what = message->method_name,
    };
    struct lost_wait *wait =
        expect_add(&audit->expect, rule, leg->endpoint, change->time, &about, sizeof *wait);
    if (!wait) {
        return;
    }
    wait->dialog = leg->dialog;
    wait->reopened = TIME_NONE;
    wait->route_count = leg->route_count;
    memcpy(wait->routes, leg->routes, sizeof wait->routes);
    wait->due = time_after(change->time, audit_wait(audit, rule));
    proof_cite_answer(&audit->proofs, wait->expected.proof, message);
    expect_until(&audit->expect, &wait->expected, wait->due);
}

static void session_found(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct session_ref *session = &change->as.session.session;
    uint64_t endpoint = legs_endpoint(&audit->legs, session->user, session->epid);
    struct lost_wait *wait = expect_find(&audit->expect, rule, endpoint);
    if (!wait || wait->dialog == session->dialog) {
        return;
    }
    if (!wait->expected.overdue) {
        expect_drop(&audit->expect, wait);
    } else if (wait->reopened == TIME_NONE) {
        wait->reopened = change->time;
        proof_cite_change(&audit->proofs, wait->expected.proof, change);
    }
}

/* What the service says about the requests that it refused so has no other cause. */
void lost_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct session_change *session = &change->as.session;
    const struct command_change *command = &change->as.command;
    const struct post_change *post = &change->as.post;
    if (change->kind == CHANGE_COMMAND) {
        if (command->state == COMMAND_REFUSED && command->status == STATUS_LOST) {
            verdict_claim(&audit->verdicts, chat_command_cause(audit, command), rule);
        }
    } else if (change->kind == CHANGE_POST) {
        if (post->state == POST_REFUSED && post->status == STATUS_LOST) {
            verdict_claim(&audit->verdicts, cause_of(CAUSE_POST, post->id), rule);
        }
    } else if (session->state == SESSION_CLOSED && session->status == STATUS_LOST) {
        session_lost(audit, rule, change);
    } else if (session->state == SESSION_INVITING || session->state == SESSION_CONNECTED) {
        session_found(audit, rule, change);
    }
}

/* Signing out ends the matter; any other request shows that the endpoint lives on. */
void lost_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct message *message = event->message;
    if (!message->request || !expect_any(&audit->expect, rule)) {
        return;
    }
    uint64_t endpoint = legs_endpoint(&audit->legs, message->from.user, message->from.epid);
    struct lost_wait *wait = expect_find(&audit->expect, rule, endpoint);
    if (wait && message->method == SIP_REGISTER && message->expires == 0 &&
        wait->reopened == TIME_NONE) {
        expect_drop(&audit->expect, wait);
    } else if (wait && wait->expected.overdue && message->dialog != wait->dialog) {
        wait->alive = true;
    }
}

void lost_judge(struct audit *audit, struct expectation *expected)
{
    const struct lost_wait *wait = (const struct lost_wait *)expected;
    bool late = wait->reopened != TIME_NONE;
    if ((!late && !wait->alive) ||
        !legs_heard(&audit->witness, wait->routes, wait->route_count, expected->since, wait->due)) {
        return;
    }
    struct verdict draft = verdict_of(audit, expected, SEVERITY_WARNING);
    draft.late = late;
    draft.waited = late ? wait->reopened - expected->since : draft.waited;
    verdict_raise(&audit->verdicts, &draft);
}

/* ---- chat-info-outside-dialog ---- */

struct outside {
    struct expectation expected;
    struct route routes[SESSION_ROUTES];
    size_t route_count;
    int64_t from; /* ns: what must have been readable since; TIME_NONE = nothing */
    bool early;
};

static void outside_add(struct audit *audit, enum rule_id rule, const struct event *event,
                        const struct leg *leg, bool early)
{
    const struct message *message = event->message;
    const struct subject about = {
        .user = message->from.user,
        .peer = message->to.user,
        .call_id = leg->call_id,
    };
    struct outside *row = expect_find(&audit->expect, rule, leg->dialog);
    if (!row) {
        row =
            expect_add(&audit->expect, rule, leg->dialog, event->origin.time, &about, sizeof *row);
        if (!row) {
            return;
        }
        row->early = early;
        row->from = early ? leg->accepted : TIME_NONE;
        row->route_count = leg->route_count;
        memcpy(row->routes, leg->routes, sizeof row->routes);
        const struct proof *since = early ? leg->accepted_proof : leg->end_proof;
        if (since) {
            proof_join(&audit->proofs, row->expected.proof, since);
        }
    }
    proof_cite(&audit->proofs, row->expected.proof, message);
}

/* The answer to the BYE was captured: by then both sides know that the dialog is over. */
static bool is_after_end(const struct leg *leg, int64_t time, int64_t wait)
{
    return leg->end_answered != TIME_NONE && time > time_after(leg->end_answered, wait) &&
           leg->disowned == TIME_NONE && !leg->disabled;
}

/* Datagrams overtake each other, a lost ACK is sent again, and a later INVITE has an ACK, too. */
static bool is_before_ack(const struct leg *leg, const struct message *message, int64_t time,
                          int64_t wait)
{
    return leg->acknowledged == time && leg->client_info != TIME_NONE &&
           time > time_after(leg->client_info, wait) && message->cseq < leg->info_cseq &&
           message->observed.transport != TRANSPORT_UDP;
}

void outside_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct message *message = event->message;
    bool info = is_first_request(message, SIP_INFO);
    if (!info && !is_first_request(message, SIP_ACK)) {
        return;
    }
    const struct leg *leg = legs_find(&audit->legs, message->dialog);
    int64_t time = event->origin.time;
    int64_t wait = audit_wait(audit, rule);
    if (leg && info && is_after_end(leg, time, wait)) {
        outside_add(audit, rule, event, leg, false);
    } else if (leg && !info && leg->from_start && from_client(leg, message) &&
               is_before_ack(leg, message, time, wait)) {
        outside_add(audit, rule, event, leg, true);
    }
}

void outside_judge(struct audit *audit, struct expectation *expected)
{
    const struct outside *row = (const struct outside *)expected;
    if (row->early &&
        !legs_heard(&audit->witness, row->routes, row->route_count, row->from, expected->since)) {
        return;
    }
    struct verdict draft = verdict_of(audit, expected, SEVERITY_WARNING);
    draft.late = row->early;
    verdict_raise(&audit->verdicts, &draft);
}

/* ---- chat-dialog-disowned, chat-stale-dialog-continued ---- */

static struct slice current_call_id(const struct audit *audit, const struct leg *leg)
{
    const struct leg *latest = legs_latest(&audit->legs, leg->endpoint);
    return latest && latest != leg ? latest->call_id : (struct slice){"", 0};
}

void disowned_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct message *message = event->message;
    const struct leg *leg = !message->request && message->status == 487
                                ? legs_find(&audit->legs, message->dialog)
                                : NULL;
    if (!leg || leg->disowned != event->origin.time || message->method != SIP_INFO) {
        return;
    }
    struct verdict draft = draft_of(leg, rule, SEVERITY_WARNING, event->origin.time);
    draft.about.detail = current_call_id(audit, leg);
    draft.proof = leg->disowned_proof;
    const struct slice words[] = {map_number_key(&leg->dialog)};
    verdict_group(&audit->verdicts, &draft, words, 1);
}

void stale_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct message *message = event->message;
    struct leg *leg =
        is_first_request(message, SIP_INFO) ? legs_find(&audit->legs, message->dialog) : NULL;
    if (!leg || leg->disowned == TIME_NONE || from_client(leg, message) ||
        event->origin.time <= time_after(leg->disowned, audit_wait(audit, rule))) {
        return;
    }
    if (!leg->stale_proof) {
        leg->stale_proof = proof_new();
        proof_join(&audit->proofs, leg->stale_proof, leg->disowned_proof);
    }
    proof_cite(&audit->proofs, leg->stale_proof, message);
    if (++leg->stale_infos == STALE_INFOS) {
        struct verdict draft = draft_of(leg, rule, SEVERITY_ERROR, event->origin.time);
        draft.cause = 0; /* that it was disowned is the client's matter, this is the service's */
        draft.about.detail = current_call_id(audit, leg);
        draft.proof = leg->stale_proof;
        verdict_raise(&audit->verdicts, &draft);
    }
}

/* ---- chat-session-timer-missed ---- */

struct ran_out {
    struct expectation expected;
    struct route routes[SESSION_ROUTES];
    size_t route_count;
    int64_t end; /* ns */
    int64_t expires;
    bool silent;
};

/* When the side that does not refresh may end the session: RFC 4028 section 10. */
static int64_t may_end(const struct leg *leg)
{
    int64_t early = leg->expires / EARLY_BYE_PART;
    early = early < EARLY_BYE ? early : EARLY_BYE;
    return time_after(leg->renewed, (leg->expires - early) * TIME_SECOND);
}

/* That the client answers the BYE shows that it was there all the time. */
void timer_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct message *message = event->message;
    const struct leg *leg = !message->request && message->method == SIP_BYE &&
                                    message->status >= 200 && message->status < 300
                                ? legs_find(&audit->legs, message->dialog)
                                : NULL;
    if (!leg || leg->end_answered != event->origin.time || !leg->ended_by_service ||
        !leg->from_start || leg->renewed == TIME_NONE || leg->expires <= 0 || leg->refreshing ||
        leg->end < may_end(leg) || legs_latest(&audit->legs, leg->endpoint) != leg) {
        return;
    }
    const struct subject about = {.user = leg->user, .peer = leg->service, .call_id = leg->call_id};
    struct ran_out *row =
        expect_add(&audit->expect, rule, leg->dialog, leg->end, &about, sizeof *row);
    if (!row) {
        return;
    }
    row->end = leg->end;
    row->expires = leg->expires;
    row->silent = !leg->spoken;
    row->expected.since = leg->renewed;
    row->route_count = leg->route_count;
    memcpy(row->routes, leg->routes, sizeof row->routes);
    proof_join(&audit->proofs, row->expected.proof, leg->accepted_proof);
    proof_join(&audit->proofs, row->expected.proof, leg->end_proof);
}

/* Neither side's refresh may be missing. */
void timer_judge(struct audit *audit, struct expectation *expected)
{
    const struct ran_out *row = (const struct ran_out *)expected;
    if (!legs_heard(&audit->witness, row->routes, row->route_count, expected->since, row->end) ||
        !session_hears(&audit->witness, row->routes, row->route_count, expected->since, row->end)) {
        return;
    }
    enum severity severity = row->silent ? SEVERITY_ERROR : SEVERITY_WARNING;
    struct verdict draft = verdict_of(audit, expected, severity);
    draft.time = row->end;
    draft.waited = row->end - expected->since;
    draft.number = (uint64_t)row->expires;
    verdict_raise(&audit->verdicts, &draft);
}

/* ---- chat-two-dialogs ---- */

static bool is_open(const struct leg *leg)
{
    return leg->from_start && leg->named && !leg->lookup && leg->over == TIME_NONE &&
           leg->disowned == TIME_NONE;
}

/* A command on an earlier dialog, after one on the later: it is not merely being replaced. */
void two_dialogs_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    enum { CROSSING = 1 }; /* seconds */
    const struct message *message = event->message;
    const struct leg *leg = message && event->as.chat.class == CHAT_COMMAND
                                ? legs_find(&audit->legs, message->dialog)
                                : NULL;
    const struct leg *other = leg ? legs_latest(&audit->legs, leg->endpoint) : NULL;
    if (!other || other == leg || !is_open(leg) || !is_open(other) ||
        other->first_command == TIME_NONE || leg->first_command >= other->first_command ||
        event->origin.time <= time_after(other->first_command, (int64_t)CROSSING * TIME_SECOND)) {
        return;
    }
    struct proof *proof = proof_new();
    proof_join(&audit->proofs, proof, other->latest_proof);
    proof_cite(&audit->proofs, proof, message);
    struct verdict draft = draft_of(leg, rule, SEVERITY_WARNING, event->origin.time);
    draft.about.detail = other->call_id;
    draft.proof = proof;
    const struct slice words[] = {map_number_key(&leg->dialog), map_number_key(&other->dialog)};
    verdict_group(&audit->verdicts, &draft, words, 2);
    proof_release(&audit->proofs, proof);
}
