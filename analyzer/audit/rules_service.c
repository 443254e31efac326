/*
 * Rules about the chat service at the beginning of a session. See rules_service.h.
 *
 * Facts: xccos.md 3.1 (S13 lookup, S20 users who are not enabled), 4.1, 5.3, 6.2 (XB05,
 * XB11, XB12, XB14).
 */
#include "analyzer/audit/rules_service.h"

#include <string.h>

#include "analyzer/audit/state.h"

enum {
    STATUS_BUSY = 503,
    QUEUE_FULL_SESSION = 20008,
    NOT_PROVISIONED = 20010,
    QUEUE_FULL_MESSAGE = 20011,
    LOAD_ANSWERS = 10, /* fewer in one window say nothing about load */
    LOAD_PART = 2,     /* one in so many refused is too much */
};

/* The reply of a lookup, when it arrives and is captured whole. */
static bool is_lookup_reply(const struct event *event)
{
    const struct chat_fact *chat = &event->as.chat;
    return chat->class == CHAT_REPLY && chat->verb == CHAT_REQURI && chat->has_code &&
           chat->code == 200 && event->message && event->message->request;
}

/* ---- chat-service-overloaded ---- */

/* What a service answered in one window of time. */
struct load {
    struct expectation expected;
    uint64_t answers;
    uint64_t refused;
};

static bool is_busy(const struct message *message)
{
    bool busy = message->status == STATUS_BUSY;
    for (size_t i = 0; message->status >= 300 && i < message->diagnostics_count; i++) {
        uint32_t id = message->diagnostics[i].id;
        busy = busy || id == QUEUE_FULL_SESSION || id == QUEUE_FULL_MESSAGE;
    }
    return busy;
}

static uint64_t load_number(const struct audit *audit, struct slice service)
{
    return audit_key(audit, &service, 1);
}

static void load_settle(struct audit *audit, struct load *load)
{
    if (load->answers >= LOAD_ANSWERS && load->refused * LOAD_PART >= load->answers) {
        struct verdict draft = verdict_of(audit, &load->expected, SEVERITY_WARNING);
        const struct slice words[] = {load->expected.about.peer};
        draft.count = load->refused;
        verdict_group(&audit->verdicts, &draft, words, 1);
    }
}

/* The window of a service that an answer belongs to; the one before it is judged. */
static struct load *load_of(struct audit *audit, enum rule_id rule, struct slice service,
                            int64_t time)
{
    uint64_t number = load_number(audit, service);
    struct load *load = expect_find(&audit->expect, rule, number);
    if (load && time < time_after(load->expected.since, audit_wait(audit, rule))) {
        return load;
    }
    if (load) {
        load_settle(audit, load);
        expect_drop(&audit->expect, load);
    }
    const struct subject about = {.peer = service};
    return expect_add(&audit->expect, rule, number, time, &about, sizeof *load);
}

void load_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct message *message = event->message;
    bool counts = message->method == SIP_INFO || message->method == SIP_INVITE;
    if (message->request || message->status < 200 || !counts) {
        return;
    }
    const struct leg *leg = legs_find(&audit->legs, message->dialog);
    if (!leg || leg->service.size == 0 || !slice_equal(message->from.user, leg->user)) {
        return;
    }
    struct load *load = load_of(audit, rule, leg->service, event->origin.time);
    if (load) {
        load->answers++;
        if (is_busy(message)) {
            load->refused++;
            proof_cite(&audit->proofs, load->expected.proof, message);
        }
    }
}

/* A post without a timestamp is refused as if for load. */
void load_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct post_change *post = &change->as.post;
    const struct leg *leg =
        post->state == POST_REFUSED && post->status == STATUS_BUSY && !post->has_ts
            ? legs_find(&audit->legs, post->session.dialog)
            : NULL;
    struct load *load =
        leg ? expect_find(&audit->expect, rule, load_number(audit, leg->service)) : NULL;
    if (load && load->refused > 0) {
        load->refused--;
        load->answers--;
    }
}

void load_judge(struct audit *audit, struct expectation *expected)
{
    load_settle(audit, (struct load *)expected);
}

/* ---- chat-user-not-enabled ---- */

struct turned_away {
    struct expectation expected;
    struct route routes[SESSION_ROUTES];
    size_t route_count;
    int64_t end; /* ns */
};

static const struct sip_diagnostics *says_not_provisioned(const struct message *message)
{
    for (size_t i = 0; i < message->diagnostics_count; i++) {
        if (message->diagnostics[i].id == NOT_PROVISIONED) {
            return &message->diagnostics[i];
        }
    }
    return NULL;
}

/* The service says it itself: nothing need have been captured before. */
static void enabled_said(struct audit *audit, enum rule_id rule, const struct event *event,
                         const struct sip_diagnostics *said, const struct leg *leg)
{
    const struct message *message = event->message;
    struct proof *proof = proof_new();
    if (leg && leg->command_proof) {
        proof_join(&audit->proofs, proof, leg->command_proof);
    }
    proof_cite(&audit->proofs, proof, message);
    struct verdict draft = {
        .rule = rule,
        .severity = SEVERITY_WARNING,
        .late = true,
        .time = event->origin.time,
        .number = said->id,
        .count = 1,
        .cause = cause_of(CAUSE_TRANSACTION, message->transaction),
        .about = {.user = message->to.user,
                  .peer = message->from.user,
                  .call_id = message->call_id,
                  .detail = said->reason},
        .proof = proof,
    };
    verdict_raise(&audit->verdicts, &draft);
    proof_release(&audit->proofs, proof);
}

static void enabled_guessed(struct audit *audit, enum rule_id rule, const struct leg *leg)
{
    const struct subject about = {.user = leg->user, .peer = leg->service, .call_id = leg->call_id};
    struct turned_away *row =
        expect_add(&audit->expect, rule, leg->dialog, leg->first_command, &about, sizeof *row);
    if (row) {
        row->end = leg->end;
        row->route_count = leg->route_count;
        memcpy(row->routes, leg->routes, sizeof row->routes);
        proof_join(&audit->proofs, row->expected.proof, leg->command_proof);
        proof_join(&audit->proofs, row->expected.proof, leg->end_proof);
    }
}

void enabled_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct message *message = event->message;
    if (!message->request || message->method != SIP_BYE) {
        return;
    }
    struct leg *leg = legs_find(&audit->legs, message->dialog);
    const struct sip_diagnostics *said = says_not_provisioned(message);
    bool early = leg && leg->end == event->origin.time && leg->ended_by_service &&
                 leg->from_start && !leg->replied && leg->first_command != TIME_NONE &&
                 leg->end <= time_after(leg->first_command, audit_wait(audit, rule));
    if (leg) {
        leg->disabled = leg->disabled || early || said;
    }
    if (said) {
        enabled_said(audit, rule, event, said, leg);
    } else if (early) {
        enabled_guessed(audit, rule, leg);
    }
}

/* The reply may have been there and not been captured. */
void enabled_judge(struct audit *audit, struct expectation *expected)
{
    const struct turned_away *row = (const struct turned_away *)expected;
    if (session_hears(&audit->witness, row->routes, row->route_count, expected->since, row->end)) {
        struct verdict draft = verdict_of(audit, expected, SEVERITY_WARNING);
        draft.waited = row->end - expected->since;
        verdict_raise(&audit->verdicts, &draft);
    }
}

/* ---- chat-lookup-left-open ---- */

void lookup_open_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct message *message = event->message;
    if (!is_lookup_reply(event)) {
        return;
    }
    const struct subject about = {
        .user = message->to.user, .peer = message->from.user, .call_id = message->call_id};
    struct expectation *row =
        expect_add(&audit->expect, rule, message->dialog, event->origin.time, &about, sizeof *row);
    if (row) {
        proof_cite(&audit->proofs, row->proof, message);
        expect_until(&audit->expect, row, time_after(row->since, audit_wait(audit, rule)));
    }
}

/* A client of an older version may use the very dialog for its chat. */
void lookup_open_overdue(struct audit *audit, struct expectation *expected)
{
    const struct leg *leg = legs_find(&audit->legs, expected->number);
    if (!leg || !leg->lookup || leg->over != TIME_NONE) {
        expect_drop(&audit->expect, expected);
    }
}

void lookup_open_judge(struct audit *audit, struct expectation *expected)
{
    const struct leg *leg = legs_find(&audit->legs, expected->number);
    int64_t due = time_after(expected->since, audit_wait(audit, expected->rule));
    const struct slice words[] = {expected->about.peer};
    if (!leg ||
        (legs_heard(&audit->witness, leg->routes, leg->route_count, expected->since, due) &&
         session_hears(&audit->witness, leg->routes, leg->route_count, expected->since, due))) {
        struct verdict draft = verdict_of(audit, expected, SEVERITY_NOTE);
        verdict_group(&audit->verdicts, &draft, words, 1);
    }
}

/* ---- chat-redirect-not-followed ---- */

struct redirect {
    struct expectation expected; /* about.place is where to go */
    struct route routes[SESSION_ROUTES];
    size_t route_count;
    bool elsewhere; /* a session with another service was opened */
    bool alive;     /* the endpoint sent something after the time was over */
};

static bool is_there(const struct leg *leg, struct slice service)
{
    return leg && leg->over == TIME_NONE && slice_equal(leg->service, service);
}

static void redirect_given(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct message *message = event->message;
    const struct sip_party *client = &message->to;
    struct slice place = event->as.chat.service_uri;
    uint64_t endpoint = legs_endpoint(&audit->legs, client->user, client->epid);
    const struct leg *lookup = legs_find(&audit->legs, message->dialog);
    if (place.size == 0 || !lookup || is_there(legs_latest(&audit->legs, endpoint), place)) {
        return;
    }
    const struct subject about = {
        .user = client->user,
        .peer = message->from.user,
        .call_id = message->call_id,
        .place = place,
    };
    struct redirect *row =
        expect_add(&audit->expect, rule, endpoint, event->origin.time, &about, sizeof *row);
    if (row) {
        row->route_count = lookup->route_count;
        memcpy(row->routes, lookup->routes, sizeof row->routes);
        proof_cite(&audit->proofs, row->expected.proof, message);
        expect_until(&audit->expect, &row->expected,
                     time_after(row->expected.since, audit_wait(audit, rule)));
    }
}

static void redirect_followed(struct audit *audit, enum rule_id rule, const struct message *message)
{
    uint64_t endpoint = legs_endpoint(&audit->legs, message->from.user, message->from.epid);
    struct redirect *row = expect_find(&audit->expect, rule, endpoint);
    if (!row) {
        return;
    }
    bool there =
        message->method == SIP_INVITE && slice_equal(message->to.user, row->expected.about.place);
    bool leaves = message->method == SIP_REGISTER && message->expires == 0;
    if (!row->expected.overdue && (there || leaves)) {
        expect_drop(&audit->expect, row);
    } else if (row->expected.overdue) {
        row->alive = true;
    }
}

void redirect_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct message *message = event->message;
    if (event->kind == EVENT_CHAT) {
        if (is_lookup_reply(event)) {
            redirect_given(audit, rule, event);
        }
    } else if (message->request && expect_any(&audit->expect, rule)) {
        redirect_followed(audit, rule, message);
    }
}

void redirect_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct session_change *session = &change->as.session;
    bool opens = session->state == SESSION_INVITING || session->state == SESSION_CONNECTED;
    if (!opens || session->session.lookup || session->renewed ||
        !expect_any(&audit->expect, rule)) {
        return;
    }
    uint64_t endpoint = legs_endpoint(&audit->legs, session->session.user, session->session.epid);
    struct redirect *row = expect_find(&audit->expect, rule, endpoint);
    const struct leg *leg = legs_find(&audit->legs, session->session.dialog);
    if (!row || !leg || row->expected.overdue || leg->opened < row->expected.since) {
        return;
    }
    if (slice_equal(session->service, row->expected.about.place)) {
        expect_drop(&audit->expect, row);
    } else if (!row->elsewhere) {
        row->elsewhere = true;
        proof_cite_change(&audit->proofs, row->expected.proof, change);
    }
}

void redirect_judge(struct audit *audit, struct expectation *expected)
{
    const struct redirect *row = (const struct redirect *)expected;
    int64_t due = time_after(expected->since, audit_wait(audit, expected->rule));
    if ((row->alive || row->elsewhere) &&
        legs_heard(&audit->witness, row->routes, row->route_count, expected->since, due)) {
        struct verdict draft = verdict_of(audit, expected, SEVERITY_WARNING);
        draft.late = row->elsewhere;
        verdict_raise(&audit->verdicts, &draft);
    }
}
