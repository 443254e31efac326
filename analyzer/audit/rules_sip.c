/*
 * Rules about SIP itself. See rules_sip.h.
 *
 * Normative: RFC 3261 sections 10.3 (registration), 16.6 and 17.1 (timers B, C, F),
 * 9.1 (CANCEL), 22 (challenges); RFC 3903 4.1; RFC 6665 4.1.2; [MS-SIP] 3.5 (BENOTIFY);
 * [MS-OCER] (ms-diagnostics).
 */
#include "analyzer/audit/rules_sip.h"

#include "analyzer/audit/state.h"
#include "analyzer/engine/buffer.h"

enum {
    REQUEST_ROUTES = 4,      /* hops of one request that are remembered */
    INVITE_WAIT = 180,       /* s: timer C of a proxy is longer than three minutes */
    CHALLENGES_IN_A_ROW = 3, /* an ordinary sign-in needs fewer */
    STATUS_CHALLENGE = 401,
    STATUS_PROXY_CHALLENGE = 407,
    STATUS_INTERVAL_TOO_BRIEF = 423, /* a negotiation: the client asks for more and goes on */
};

/* ---- sip-request-unanswered ---- */

struct request_wait {
    struct expectation expected;
    struct route routes[REQUEST_ROUTES];
    size_t route_count;
    int64_t due;         /* ns */
    int64_t expires;     /* of an INVITE, ns; 0 = none */
    bool datagram;       /* on some hop: there a lost answer leaves no gap ... */
    bool repeated;       /* ... but who gets none sends again (17.1.1.2, 17.1.2.2) */
    int64_t answered_at; /* too late; TIME_NONE = not at all */
};

static bool wants_answer(const struct message *message)
{
    switch (message->method) {
    case SIP_ACK:
    case SIP_CANCEL:
    case SIP_BENOTIFY:
        return false;
    default:
        return message->call_id.size > 0 && !(message->flags & SIP_MALFORMED);
    }
}

/* CANCEL and ACK name their INVITE by Call-ID, CSeq number and From tag (RFC 3261 9.1, 17.1.1.3).
 */
static uint64_t request_number(const struct audit *audit, const struct message *message)
{
    if (message->method != SIP_INVITE && message->method != SIP_CANCEL &&
        message->method != SIP_ACK) {
        return message->transaction;
    }
    const struct slice words[] = {
        message->call_id,
        message->from.tag,
        {(const char *)&message->cseq, sizeof message->cseq},
    };
    return audit_key(audit, words, sizeof words / sizeof words[0]);
}

static void add_route(struct request_wait *wait, const struct observation *observed)
{
    struct route route = route_of(observed);
    wait->datagram = wait->datagram || observed->transport == TRANSPORT_UDP;
    for (size_t i = 0; i < wait->route_count; i++) {
        if (route_equal(&wait->routes[i], &route)) {
            return;
        }
    }
    if (wait->route_count < REQUEST_ROUTES) {
        wait->routes[wait->route_count++] = route;
    }
}

static void request_sent(struct audit *audit, enum rule_id rule, const struct message *message)
{
    char place[ADDRESS_TEXT];
    address_text(&message->observed.destination, place);
    bool known = message->observed.destination.family != ADDRESS_NONE;
    int64_t now = message->observed.origin.time;
    if (now < audit->now) {
        return; /* Cut off by a gap, it comes when that is certain: its answer may have been before.
                 */
    }
    const struct subject about = {
        .user = message->from.user,
        .peer = message->to.user,
        .call_id = message->call_id,
        .what = message->method_name,
        .place = slice_of(known ? place : ""),
    };
    struct request_wait *wait =
        expect_add(&audit->expect, rule, request_number(audit, message), now, &about, sizeof *wait);
    if (!wait) {
        return;
    }
    wait->answered_at = TIME_NONE;
    wait->expires =
        message->expires > 0 && message->expires <= UINT32_MAX ? message->expires * TIME_SECOND : 0;
    wait->due = time_after(now, audit_wait(audit, rule));
    add_route(wait, &message->observed);
    proof_cite(&audit->proofs, wait->expected.proof, message);
    expect_until(&audit->expect, &wait->expected, wait->due);
}

/* Someone is working on it: a provisional response restarts the long wait (16.6 item 11). */
static void request_progress(struct audit *audit, struct request_wait *wait,
                             const struct message *message)
{
    if (message->method != SIP_INVITE || wait->expected.overdue) {
        return;
    }
    int64_t due = time_after(message->observed.origin.time, INVITE_WAIT * TIME_SECOND);
    int64_t expires = time_after(wait->expected.since, wait->expires);
    wait->due = due > expires ? due : expires;
    expect_until(&audit->expect, &wait->expected, wait->due);
}

static void request_answered(struct audit *audit, struct request_wait *wait,
                             const struct message *message)
{
    if (!wait->expected.overdue) {
        expect_drop(&audit->expect, wait);
    } else if (wait->answered_at == TIME_NONE) {
        wait->answered_at = message->observed.origin.time;
        proof_cite(&audit->proofs, wait->expected.proof, message);
    }
}

void request_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct message *message = event->message;
    bool first = message->role == MESSAGE_FIRST;
    if (message->request && first && wants_answer(message)) {
        request_sent(audit, rule, message);
        return;
    }
    struct request_wait *wait = expect_find(&audit->expect, rule, request_number(audit, message));
    if (!wait) {
        return;
    }
    if (message->method == SIP_CANCEL || message->method == SIP_ACK) {
        expect_drop(&audit->expect,
                    wait); /* a CANCEL's answer proves it, an ACK the final answer */
    } else if (message->request) {
        add_route(wait, &message->observed);
        wait->repeated = wait->repeated || message->role == MESSAGE_RETRANSMISSION;
    } else if (message->status >= 200) {
        request_answered(audit, wait, message);
    } else if (first) {
        request_progress(audit, wait, message);
    }
}

/* One hop on which the other side is heard to answer, and would have been heard, is enough. */
static bool silence_is_certain(const struct audit *audit, const struct request_wait *wait)
{
    if (wait->datagram && !wait->repeated) {
        return false;
    }
    for (size_t i = 0; i < wait->route_count; i++) {
        struct route back = route_back(&wait->routes[i]);
        if (witness_answers(&audit->witness, &wait->routes[i]) &&
            witness_hears(&audit->witness, &back, wait->expected.since, wait->due)) {
            return true;
        }
    }
    return false;
}

void request_judge(struct audit *audit, struct expectation *expected)
{
    const struct request_wait *wait = (const struct request_wait *)expected;
    if (!silence_is_certain(audit, wait)) {
        return;
    }
    struct verdict draft = verdict_of(audit, expected, SEVERITY_ERROR);
    draft.late = wait->answered_at != TIME_NONE;
    draft.severity = draft.late ? SEVERITY_WARNING : SEVERITY_ERROR;
    draft.waited = (draft.late ? wait->answered_at : wait->due) - expected->since;
    verdict_raise(&audit->verdicts, &draft);
}

/* ---- refusals ---- */

const struct sip_diagnostics *message_diagnostics(const struct message *message)
{
    return message->diagnostics_count > 0 ? &message->diagnostics[0] : NULL;
}

bool diagnostics_is_chat(uint32_t id)
{
    return id >= 20000 && id <= 20011;
}

static bool is_challenge(const struct message *message)
{
    return message->status == STATUS_CHALLENGE || message->status == STATUS_PROXY_CHALLENGE;
}

static bool is_refusal(const struct message *message, enum sip_method method)
{
    return !message->request && message->method == method && message->status >= 400 &&
           !is_challenge(message) && message->status != STATUS_INTERVAL_TOO_BRIEF;
}

/* Repeated tries end the same way: one finding for one user, peer and status. */
static void refuse(struct audit *audit, enum rule_id rule, const struct message *message,
                   struct subject about, enum severity severity)
{
    const struct sip_diagnostics *said = message_diagnostics(message);
    char status[4];
    struct slice digits = {status, 3};
    for (size_t i = 3, rest = message->status; i > 0; i--, rest /= 10) {
        status[i - 1] = (char)('0' + rest % 10);
    }
    about.call_id = message->call_id;
    about.detail = said && said->reason.size > 0 ? said->reason : message->reason;
    struct proof *proof = proof_new();
    proof_cite(&audit->proofs, proof, message);
    if (message->request_kept) {
        proof_add(&audit->proofs, proof, &message->request_kept->origin);
    }
    struct verdict draft = {
        .rule = rule,
        .severity = severity,
        .time = message->observed.origin.time,
        .number = message->status,
        .count = 1,
        .cause = cause_of(CAUSE_TRANSACTION, message->transaction),
        .about = about,
        .proof = proof,
    };
    const struct slice words[] = {about.user, about.peer, about.what, digits};
    verdict_group(&audit->verdicts, &draft, words, sizeof words / sizeof words[0]);
    proof_release(&audit->proofs, proof);
}

/* A failed log-on often says why: the clocks of both ends are too far apart. */
static struct slice clock_hint(const struct message *message)
{
    static const struct slice hint =
        SLICE("clocks must agree within 5 minutes for Kerberos, 15 for NTLM");
    for (size_t i = 0; i < message->diagnostics_count; i++) {
        struct slice reason = message->diagnostics[i].reason;
        if (slice_find_nocase(reason, (struct slice)SLICE("clock")) != SLICE_NONE ||
            slice_find_nocase(reason, (struct slice)SLICE("skew")) != SLICE_NONE) {
            return hint;
        }
    }
    return (struct slice){0};
}

struct challenges {
    struct expectation expected;
    struct route route; /* of the latest */
    unsigned count;
};

/* An answer that was not captured may have let the user in between two challenges. */
static bool may_have_missed(const struct audit *audit, const struct challenges *row,
                            const struct message *message)
{
    const struct request_view *request = message->request_kept;
    struct route route = route_of(&message->observed);
    bool afresh = request && !(request->flags & SIP_HAS_CREDENTIALS);
    bool datagram = message->observed.transport == TRANSPORT_UDP;
    return (datagram && afresh) ||
           !witness_hears(&audit->witness, &row->route, row->expected.since, audit->now) ||
           !witness_hears(&audit->witness, &route, row->expected.since, audit->now);
}

/* Kept as an expectation without a deadline until something else than a challenge comes. */
static void count_challenge(struct audit *audit, enum rule_id rule, const struct message *message,
                            uint64_t number)
{
    const struct subject about = {
        .user = message->to.user,
        .call_id = message->call_id,
        .detail = clock_hint(message),
    };
    struct challenges *row = expect_find(&audit->expect, rule, number);
    if (!row || may_have_missed(audit, row, message)) {
        row = expect_add(&audit->expect, rule, number, message->observed.origin.time, &about,
                         sizeof *row);
    }
    if (!row) {
        return;
    }
    row->route = route_of(&message->observed);
    proof_cite(&audit->proofs, row->expected.proof, message);
    if (++row->count == CHALLENGES_IN_A_ROW + 1) {
        struct verdict draft = verdict_of(audit, &row->expected, SEVERITY_ERROR);
        draft.late = true;
        draft.number = row->count;
        draft.cause = cause_of(CAUSE_TRANSACTION, message->transaction);
        verdict_raise(&audit->verdicts, &draft);
    }
}

void register_refused_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct message *message = event->message;
    if (message->request || message->method != SIP_REGISTER || message->status < 200) {
        return;
    }
    const struct slice who[] = {message->to.user, message->from.epid};
    uint64_t number = audit_key(audit, who, 2);
    if (is_challenge(message)) {
        count_challenge(audit, rule, message, number);
        return;
    }
    expect_drop(&audit->expect, expect_find(&audit->expect, rule, number));
    if (is_refusal(message, SIP_REGISTER)) {
        const struct subject about = {.user = message->to.user, .place = clock_hint(message)};
        refuse(audit, rule, message, about, SEVERITY_ERROR);
    }
}

void register_redirected_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct message *message = event->message;
    if (!message->request && message->method == SIP_REGISTER && message->status == 301) {
        const struct subject about = {.user = message->to.user, .place = message->contact.uri};
        refuse(audit, rule, message, about, SEVERITY_NOTE);
    }
}

/* 488 says that the contacts have moved to Exchange; a 481 to an unsubscribe changes nothing. */
static bool subscription_refusal_is_normal(const struct message *message)
{
    const struct request_view *request = message->request_kept;
    if (!request) {
        return message->status == 488;
    }
    return (message->status == 488 &&
            slice_equal(request->event, (struct slice)SLICE("vnd-microsoft-roaming-contacts"))) ||
           (message->status == 481 && request->expires == 0);
}

void subscription_refused_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct message *message = event->message;
    if (!is_refusal(message, SIP_SUBSCRIBE) || subscription_refusal_is_normal(message)) {
        return;
    }
    const struct request_view *request = message->request_kept;
    const struct subject about = {
        .user = message->from.user,
        .peer = message->to.user,
        .what = request ? request->event : message->event,
    };
    refuse(audit, rule, message, about, SEVERITY_WARNING);
}

/* 409 and 412 are the version and entity-tag conflicts: a client recovers from them. */
void publish_refused_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    static const struct slice category = SLICE("application/msrtc-category-publish+xml");
    const struct message *message = event->message;
    const struct request_view *request = message->request_kept;
    bool pidf = is_refusal(message, SIP_PUBLISH);
    bool categories =
        is_refusal(message, SIP_SERVICE) && request && slice_equal(request->content_type, category);
    if ((!pidf && !categories) || message->status == 409 || message->status == 412) {
        return;
    }
    const struct subject about = {.user = message->from.user, .what = message->method_name};
    refuse(audit, rule, message, about, SEVERITY_WARNING);
}

/* ---- call-failed ---- */

struct call_failure {
    struct expectation expected;
    uint16_t status;
};

/* 487 ends a call that its caller gave up; 491 is two re-INVITEs crossing (RFC 3261 14.1). */
static bool is_call_failure(const struct message *message)
{
    return is_refusal(message, SIP_INVITE) && message->status != 486 && message->status != 603 &&
           message->status != 487 && message->status != 491;
}

/* Held to the end: another branch of a forked INVITE may still have been answered. */
void call_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct message *message = event->message;
    if (message->request || message->method != SIP_INVITE || message->status < 200) {
        return;
    }
    uint64_t number = message->transaction;
    if (message->status < 300) {
        expect_drop(&audit->expect, expect_find(&audit->expect, rule, number));
        return;
    }
    if (!is_call_failure(message)) {
        return;
    }
    const struct sip_diagnostics *said = message_diagnostics(message);
    const struct subject about = {
        .user = message->from.user,
        .peer = message->to.user,
        .call_id = message->call_id,
        .detail = said && said->reason.size > 0 ? said->reason : message->reason,
    };
    struct call_failure *call = expect_add(&audit->expect, rule, number,
                                           message->observed.origin.time, &about, sizeof *call);
    if (!call) {
        return;
    }
    call->status = message->status;
    proof_cite(&audit->proofs, call->expected.proof, message);
    if (message->request_kept) {
        proof_add(&audit->proofs, call->expected.proof, &message->request_kept->origin);
    }
    verdict_claim(&audit->verdicts, cause_of(CAUSE_TRANSACTION, number), rule);
}

void call_judge(struct audit *audit, struct expectation *expected)
{
    struct verdict draft = verdict_of(audit, expected, SEVERITY_NOTE);
    draft.number = ((const struct call_failure *)expected)->status;
    draft.cause = cause_of(CAUSE_TRANSACTION, expected->number);
    verdict_raise(&audit->verdicts, &draft);
}

/* ---- sip-diagnostics ---- */

struct remark {
    struct expectation expected;
    uint64_t cause;
    uint32_t id;
};

/* ms-diagnostics and ms-diagnostics-public of one message often say the same. */
static bool said_before(const struct message *message, size_t at)
{
    for (size_t i = 0; i < at; i++) {
        if (message->diagnostics[i].id == message->diagnostics[at].id) {
            return true;
        }
    }
    return false;
}

static void remark(struct audit *audit, enum rule_id rule, const struct message *message,
                   const struct sip_diagnostics *said)
{
    const struct subject about = {
        .user = message->from.user,
        .peer = message->to.user,
        .call_id = message->call_id,
        .place = said->source,
        .detail = said->reason,
    };
    const struct slice words[] = {
        {(const char *)&message->id, sizeof message->id},
        {(const char *)&said->id, sizeof said->id},
    };
    int64_t now = message->observed.origin.time;
    struct remark *row =
        expect_add(&audit->expect, rule, audit_key(audit, words, 2), now, &about, sizeof *row);
    if (row) {
        row->id = said->id;
        row->cause = cause_of(CAUSE_TRANSACTION, message->transaction);
        proof_cite(&audit->proofs, row->expected.proof, message);
        expect_until(&audit->expect, &row->expected, now);
    }
}

/* Waits until the changes of this message are through: a closer rule may claim it. */
void diagnostics_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct message *message = event->message;
    for (size_t i = 0; i < message->diagnostics_count; i++) {
        const struct sip_diagnostics *said = &message->diagnostics[i];
        if (!diagnostics_is_chat(said->id) && !said_before(message, i)) {
            remark(audit, rule, message, said);
        }
    }
}

void diagnostics_judge(struct audit *audit, struct expectation *expected)
{
    const struct remark *row = (const struct remark *)expected;
    if (!verdict_outranked(&audit->verdicts, row->cause, expected->rule)) {
        struct verdict draft = verdict_of(audit, expected, SEVERITY_NOTE);
        const struct slice words[] = {{(const char *)&row->id, sizeof row->id},
                                      expected->about.place,
                                      expected->about.detail};
        draft.number = row->id;
        verdict_group(&audit->verdicts, &draft, words, sizeof words / sizeof words[0]);
    }
}

void diagnostics_overdue(struct audit *audit, struct expectation *expected)
{
    diagnostics_judge(audit, expected);
    expect_drop(&audit->expect, expected);
}
