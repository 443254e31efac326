/*
 * Rules about chat sessions and commands. See rules_chat.h.
 *
 * Facts: xccos.md 1.2 (correlation), 1.5 (commands), 5 (codes), 6.2 and 6.3 (XB02,
 * XB13, XB15, XB17, XC01, XC06). What a post's own rules need is in rules_post.c.
 */
#include "analyzer/audit/rules_chat.h"

#include <string.h>

#include "analyzer/audit/rules_reply.h"
#include "analyzer/audit/rules_sip.h"
#include "analyzer/audit/state.h"

enum { STATUS_BUSY = 503 };

/* The service's word for why, else the reason phrase. */
static struct slice why(const struct message *message)
{
    const struct sip_diagnostics *said = message ? message_diagnostics(message) : NULL;
    if (said && said->reason.size > 0) {
        return said->reason;
    }
    return message ? message->reason : (struct slice){0};
}

/* The packets of the request that an expectation of another rule already gathered, else one. */
static void cite_request(struct audit *audit, struct proof *proof, const struct expectation *record,
                         const struct origin *request)
{
    if (record) {
        proof_join(&audit->proofs, proof, record->proof);
    } else if (request->record > 0) {
        proof_add(&audit->proofs, proof, request);
    }
}

uint64_t chat_command_cause(const struct audit *audit, const struct command_change *command)
{
    const struct slice words[] = {command->session.user, command->session.epid, command->name,
                                  command->room};
    return cause_of(CAUSE_COMMAND, audit_key(audit, words, sizeof words / sizeof words[0]));
}

/* ---- chat-service-refused ---- */

struct refused_service {
    struct expectation expected;
    uint64_t cause;
    uint16_t status;
};

static uint64_t service_number(const struct audit *audit, const struct session_ref *session,
                               uint16_t status)
{
    const struct slice words[] = {
        session->user,
        session->epid,
        {(const char *)&session->lookup, sizeof session->lookup},
        {(const char *)&status, sizeof status},
    };
    return audit_key(audit, words, sizeof words / sizeof words[0]);
}

static void service_refused(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct session_change *session = &change->as.session;
    const struct subject about = {
        .user = session->session.user,
        .peer = session->service,
        .call_id = session->session.call_id,
        .detail = why(change->message),
    };
    uint64_t number = service_number(audit, &session->session, session->status);
    struct refused_service *row = expect_find(&audit->expect, rule, number);
    if (!row) {
        row = expect_add(&audit->expect, rule, number, change->time, &about, sizeof *row);
    }
    if (!row) {
        return;
    }
    row->status = session->status;
    proof_cite_change(&audit->proofs, row->expected.proof, change);
    if (change->message) {
        row->cause = cause_of(CAUSE_TRANSACTION, change->message->transaction);
        verdict_claim(&audit->verdicts, row->cause, rule);
    }
}

/* A busy service that took the session in the end did what it should. */
void service_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct session_change *session = &change->as.session;
    uint16_t status = session->status;
    if (session->state == SESSION_CONNECTED) {
        uint64_t number = service_number(audit, &session->session, STATUS_BUSY);
        expect_drop(&audit->expect, expect_find(&audit->expect, rule, number));
    } else if (session->state == SESSION_REFUSED && status >= 300 && status != 401 &&
               status != 407 && status != 487) {
        service_refused(audit, rule, change);
    }
}

void service_judge(struct audit *audit, struct expectation *expected)
{
    const struct refused_service *row = (const struct refused_service *)expected;
    const struct slice words[] = {
        expected->about.peer,
        {(const char *)&row->status, sizeof row->status},
        expected->about.detail,
    };
    struct verdict draft = verdict_of(audit, expected, SEVERITY_ERROR);
    draft.number = row->status;
    draft.cause = row->cause;
    verdict_group(&audit->verdicts, &draft, words, sizeof words / sizeof words[0]);
}

/* ---- chat-lookup-without-uri ---- */

void lookup_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct chat_fact *chat = &event->as.chat;
    const struct message *message = event->message;
    if (chat->class != CHAT_REPLY || chat->verb != CHAT_REQURI || !chat->has_code ||
        chat->code != 200 || chat->service_uri.size > 0 || !message) {
        return;
    }
    struct proof *proof = proof_new();
    proof_cite(&audit->proofs, proof, message);
    struct verdict draft = {
        .rule = rule,
        .severity = SEVERITY_ERROR,
        .time = event->origin.time,
        .count = 1,
        .cause = cause_of(CAUSE_TRANSACTION, message->transaction),
        .about = {.user = message->to.user,
                  .peer = message->from.user,
                  .call_id = message->call_id},
        .proof = proof,
    };
    verdict_raise(&audit->verdicts, &draft);
    proof_release(&audit->proofs, proof);
}

/* ---- chat-command-failed ---- */

void command_failed_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct command_change *command = &change->as.command;
    if (command->state != COMMAND_FAILED || reply_is_incomplete(audit, change)) {
        return;
    }
    struct proof *proof = proof_new();
    cite_request(audit, proof,
                 expect_find(&audit->expect, RULE_CHAT_COMMAND_UNANSWERED, command->id),
                 &command->request);
    proof_cite_change(&audit->proofs, proof, change);
    struct verdict draft = {
        .rule = rule,
        .severity = SEVERITY_WARNING,
        .time = change->time,
        .number = command->code,
        .count = 1,
        .about = {.user = command->session.user,
                  .room = command->room,
                  .call_id = command->session.call_id,
                  .what = command->name,
                  .detail = command->code_text},
        .proof = proof,
    };
    const struct slice words[] = {
        command->session.user,
        command->name,
        command->room,
        {(const char *)&command->code, sizeof command->code},
    };
    verdict_group(&audit->verdicts, &draft, words, sizeof words / sizeof words[0]);
    proof_release(&audit->proofs, proof);
}

/* ---- chat-diagnostics ---- */

struct chat_remark {
    struct expectation expected;
    uint64_t cause; /* the post or command once it is known, else the transaction */
    uint32_t id;
    bool known; /* on what: only then is it known that it did not succeed later */
};

static const struct sip_diagnostics *chat_diagnostics(const struct message *message)
{
    for (size_t i = 0; i < message->diagnostics_count; i++) {
        if (diagnostics_is_chat(message->diagnostics[i].id)) {
            return &message->diagnostics[i];
        }
    }
    return NULL;
}

/* Held to the end: what was refused may succeed when it is tried again. */
void chat_diagnostics_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct message *message = event->message;
    const struct sip_diagnostics *said = chat_diagnostics(message);
    if (!said || (!message->request && message->status < 300)) {
        return;
    }
    const struct subject about = {
        .user = message->from.user,
        .peer = message->to.user,
        .call_id = message->call_id,
        .what = message->method_name,
        .place = said->source,
        .detail = said->reason,
    };
    uint64_t cause = cause_of(CAUSE_TRANSACTION, message->transaction);
    struct chat_remark *row =
        expect_add(&audit->expect, rule, cause, event->origin.time, &about, sizeof *row);
    if (row) {
        row->id = said->id;
        row->cause = cause;
        row->known = message->request || (message->request_kept && message->method != SIP_INFO);
        proof_cite(&audit->proofs, row->expected.proof, message);
    }
}

/* The refused transaction turns out to be this post or command; earlier tries join it. */
static void remark_belongs(struct audit *audit, enum rule_id rule, uint64_t transaction,
                           uint64_t cause)
{
    struct chat_remark *row =
        expect_find(&audit->expect, rule, cause_of(CAUSE_TRANSACTION, transaction));
    if (!row) {
        return;
    }
    struct chat_remark *earlier = expect_find(&audit->expect, rule, cause);
    if (earlier) {
        proof_join(&audit->proofs, earlier->expected.proof, row->expected.proof);
        expect_drop(&audit->expect, row);
        return;
    }
    row->cause = cause;
    row->known = true;
    expect_rename(&audit->expect, &row->expected, cause);
}

void chat_diagnostics_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct post_change *post = &change->as.post;
    const struct command_change *command = &change->as.command;
    if (!expect_any(&audit->expect, rule)) {
        return;
    }
    if (change->kind == CHANGE_POST) {
        uint64_t cause = cause_of(CAUSE_POST, post->id);
        if (post->state == POST_REFUSED) {
            remark_belongs(audit, rule, post->transaction, cause);
        } else if (post->state == POST_ACCEPTED || post->state == POST_DELIVERED) {
            expect_drop(&audit->expect, expect_find(&audit->expect, rule, cause));
        }
    } else if (change->kind == CHANGE_COMMAND && command->id != 0) {
        uint64_t cause = chat_command_cause(audit, command);
        if (command->state == COMMAND_REFUSED) {
            remark_belongs(audit, rule, command->transaction, cause);
        } else if (command->state == COMMAND_ACCEPTED || command->state == COMMAND_ANSWERED) {
            expect_drop(&audit->expect, expect_find(&audit->expect, rule, cause));
        }
    }
}

void chat_diagnostics_judge(struct audit *audit, struct expectation *expected)
{
    const struct chat_remark *row = (const struct chat_remark *)expected;
    if (verdict_outranked(&audit->verdicts, row->cause, expected->rule)) {
        return;
    }
    struct verdict draft =
        verdict_of(audit, expected, row->known ? SEVERITY_WARNING : SEVERITY_NOTE);
    const struct slice words[] = {
        {(const char *)&row->id, sizeof row->id}, expected->about.place, expected->about.detail};
    draft.number = row->id;
    verdict_group(&audit->verdicts, &draft, words, sizeof words / sizeof words[0]);
}

/* ---- chat-503-not-retried ---- */

struct retry_wait {
    struct expectation expected;
    struct route routes[SESSION_ROUTES];
    size_t route_count;
    int64_t due; /* ns */
    bool sipe;
};

/* What the post and the command have in common here. */
struct refusal {
    uint64_t cause;
    const struct session_ref *session;
    struct slice what;
    struct slice room;
    struct slice room_name;
    const struct expectation *record; /* that gathered the packets of the request */
    const struct origin *request;
};

static void retry_await(struct audit *audit, enum rule_id rule, const struct change *change,
                        const struct refusal *refusal)
{
    const struct subject about = {
        .user = refusal->session->user,
        .room = refusal->room,
        .room_name = refusal->room_name,
        .call_id = refusal->session->call_id,
        .what = refusal->what,
        .detail = why(change->message),
    };
    struct retry_wait *wait =
        expect_add(&audit->expect, rule, refusal->cause, change->time, &about, sizeof *wait);
    if (!wait) {
        return;
    }
    const struct session *session = seen_sessions_find(&audit->sessions, refusal->session->id);
    if (session) {
        wait->sipe = session->sipe;
        wait->route_count = session->route_count;
        memcpy(wait->routes, session->routes, sizeof wait->routes);
    }
    cite_request(audit, wait->expected.proof, refusal->record, refusal->request);
    proof_cite_change(&audit->proofs, wait->expected.proof, change);
    wait->due = time_after(change->time, audit_wait(audit, rule));
    verdict_claim(&audit->verdicts, refusal->cause, rule);
    if (change->message) {
        verdict_claim(&audit->verdicts, cause_of(CAUSE_TRANSACTION, change->message->transaction),
                      rule);
    }
    expect_until(&audit->expect, &wait->expected, wait->due);
}

static void retry_post(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct post_change *post = &change->as.post;
    uint64_t cause = cause_of(CAUSE_POST, post->id);
    if (post->state == POST_REFUSED && post->status == STATUS_BUSY) {
        const struct refusal refusal = {
            .cause = cause,
            .session = &post->session,
            .what = SLICE("post"),
            .room = post->room,
            .room_name = post->room_name,
            .record = expect_find(&audit->expect, RULE_CHAT_MESSAGE_NOT_DELIVERED, cause),
            .request = &post->post,
        };
        retry_await(audit, rule, change, &refusal);
    } else if (post->state == POST_SENT || post->state == POST_ACCEPTED) {
        expect_drop(&audit->expect, expect_find(&audit->expect, rule, cause));
    }
}

static void retry_command(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct command_change *command = &change->as.command;
    bool refused = command->state == COMMAND_REFUSED && command->status == STATUS_BUSY;
    if (!refused && !expect_any(&audit->expect, rule)) {
        return;
    }
    uint64_t cause = chat_command_cause(audit, command);
    if (refused) {
        const struct refusal refusal = {
            .cause = cause,
            .session = &command->session,
            .what = command->name,
            .room = command->room,
            .record = expect_find(&audit->expect, RULE_CHAT_COMMAND_UNANSWERED, command->id),
            .request = &command->request,
        };
        retry_await(audit, rule, change, &refusal);
    } else if (command->state == COMMAND_SENT || command->state == COMMAND_ACCEPTED ||
               command->state == COMMAND_ANSWERED) {
        expect_drop(&audit->expect, expect_find(&audit->expect, rule, cause));
    }
}

void retry_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    if (change->kind == CHANGE_POST) {
        retry_post(audit, rule, change);
    } else {
        retry_command(audit, rule, change);
    }
}

void retry_judge(struct audit *audit, struct expectation *expected)
{
    const struct retry_wait *wait = (const struct retry_wait *)expected;
    if (!session_heard(&audit->witness, wait->routes, wait->route_count, expected->since,
                       wait->due)) {
        return;
    }
    struct verdict draft =
        verdict_of(audit, expected, wait->sipe ? SEVERITY_NOTE : SEVERITY_WARNING);
    draft.cause = expected->number;
    draft.number = STATUS_BUSY;
    verdict_raise(&audit->verdicts, &draft);
}

/* ---- chat-command-unanswered ---- */

static void command_sent(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct command_change *command = &change->as.command;
    const struct subject about = {
        .user = command->session.user,
        .room = command->room,
        .call_id = command->session.call_id,
        .what = command->name,
    };
    struct command_wait *wait =
        expect_add(&audit->expect, rule, command->id, change->time, &about, sizeof *wait);
    if (!wait) {
        return;
    }
    wait->session = command->session.id;
    wait->answered_at = TIME_NONE;
    wait->judged = command->session.from_start && command->verb != CHAT_VERB_OTHER;
    proof_cite_change(&audit->proofs, wait->expected.proof, change);
}

static void command_accepted(struct audit *audit, enum rule_id rule, const struct change *change,
                             struct command_wait *wait)
{
    const struct session *session = seen_sessions_find(&audit->sessions, wait->session);
    if (!wait->judged || !session) {
        expect_drop(&audit->expect, wait);
        return;
    }
    wait->route_count = session->route_count;
    memcpy(wait->routes, session->routes, sizeof wait->routes);
    wait->accepted = change->time;
    wait->due = time_after(change->time, audit_wait(audit, rule));
    proof_cite_change(&audit->proofs, wait->expected.proof, change);
    expect_until(&audit->expect, &wait->expected, wait->due);
}

void command_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct command_change *command = &change->as.command;
    if (command->state == COMMAND_SENT) {
        command_sent(audit, rule, change);
        return;
    }
    struct command_wait *wait = expect_find(&audit->expect, rule, command->id);
    if (!wait || command->state == COMMAND_UNMATCHED) {
        return;
    }
    if (command->state == COMMAND_ACCEPTED) {
        command_accepted(audit, rule, change, wait);
    } else if (!wait->expected.overdue) {
        if (command->state == COMMAND_ABANDONED) {
            ended_unanswered(audit, change, wait);
        }
        expect_drop(&audit->expect, wait);
    } else if (command->state != COMMAND_ABANDONED && wait->answered_at == TIME_NONE) {
        wait->answered_at = change->time;
        proof_cite_change(&audit->proofs, wait->expected.proof, change);
    }
}

/* A dialog that was closed or disowned in the meantime gets no replies any more. */
void command_overdue(struct audit *audit, struct expectation *expected)
{
    const struct command_wait *wait = (const struct command_wait *)expected;
    const struct session *session = seen_sessions_find(&audit->sessions, wait->session);
    if (!session || (session->state != SESSION_CONNECTED && session->state != SESSION_UNKNOWN)) {
        expect_drop(&audit->expect, expected);
    }
}

void command_judge(struct audit *audit, struct expectation *expected)
{
    const struct command_wait *wait = (const struct command_wait *)expected;
    if (!session_hears(&audit->witness, wait->routes, wait->route_count, expected->since,
                       wait->due)) {
        return;
    }
    struct verdict draft = verdict_of(audit, expected, SEVERITY_ERROR);
    draft.late = wait->answered_at != TIME_NONE;
    if (draft.late) {
        draft.severity = SEVERITY_WARNING;
        draft.waited = wait->answered_at - wait->accepted;
    }
    verdict_raise(&audit->verdicts, &draft);
}
