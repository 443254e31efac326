/*
 * Rules about replies. See rules_reply.h.
 *
 * Facts: xccos.md 1.2 (correlation), 1.5, 6.3 (XC02-XC05, XC07-XC10), U12, U13.
 */
#include "analyzer/audit/rules_reply.h"

#include <string.h>

#include "analyzer/audit/state.h"

static struct subject about_command(const struct command_change *command)
{
    return (struct subject){
        .user = command->session.user,
        .room = command->room,
        .call_id = command->session.call_id,
        .what = command->name,
    };
}

static void cite_command(struct audit *audit, struct proof *proof,
                         const struct command_change *command)
{
    if (command->request.record > 0) {
        proof_add(&audit->proofs, proof, &command->request);
    }
}

/* The reply came for a command whose INFO was captured, with whatever code. */
static bool is_reply(const struct command_change *command)
{
    return command->state == COMMAND_ANSWERED || command->state == COMMAND_FAILED;
}

/* ---- chat-reply-incomplete ---- */

/* One reply of one message. */
static uint64_t reply_cause(const struct audit *audit, const struct message *message,
                            struct slice envelope, struct slice sequence)
{
    const struct slice words[] = {map_number_key(&message->transaction), envelope, sequence};
    return cause_of(CAUSE_COMMAND, audit_key(audit, words, sizeof words / sizeof words[0]));
}

/* History may come unasked, and names no command then (xccos.md 1.5). */
void reply_incomplete_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct chat_fact *chat = &event->as.chat;
    const struct message *message = event->message;
    bool no_ref = !chat->has_ref && chat->verb != CHAT_BCCONTEXT;
    if (chat->class != CHAT_REPLY || !message || !message->request || (!no_ref && chat->has_code)) {
        return;
    }
    struct proof *proof = proof_new();
    proof_cite(&audit->proofs, proof, message);
    const struct verdict draft = {
        .rule = rule,
        .severity = SEVERITY_WARNING,
        .time = event->origin.time,
        .count = 1,
        .cause = reply_cause(audit, message, chat->ref_envelope, chat->ref_sequence),
        .about = {.user = message->to.user,
                  .peer = message->from.user,
                  .call_id = message->call_id,
                  .what = chat->name,
                  .detail = slice_of(no_ref ? "the command that it answers" : "its outcome")},
        .proof = proof,
    };
    verdict_raise(&audit->verdicts, &draft);
    proof_release(&audit->proofs, proof);
}

bool reply_is_incomplete(const struct audit *audit, const struct change *change)
{
    const struct command_change *command = &change->as.command;
    return change->message && verdict_outranked(&audit->verdicts,
                                                reply_cause(audit, change->message,
                                                            command->envelope, command->sequence),
                                                RULE_CHAT_COMMAND_FAILED);
}

/* ---- replies that do not fit, if nothing was missed ---- */

struct reply_doubt {
    struct expectation expected;
    struct route routes[SESSION_ROUTES];
    size_t route_count;
    int64_t from; /* ns: what the client sent since then has to be known */
    int64_t until;
    uint64_t status;
};

/* Over UDP a lost command leaves no trace, and the dialog's beginning has to be known. */
static void doubt(struct audit *audit, enum rule_id rule, const struct change *change, int64_t from)
{
    const struct command_change *command = &change->as.command;
    const struct message *message = change->message;
    const struct session *session = seen_sessions_find(&audit->sessions, command->session.id);
    if (!session || !message || message->observed.transport == TRANSPORT_UDP ||
        !command->session.from_start) {
        return;
    }
    struct subject about = about_command(command);
    about.detail = command->reply_name;
    const struct slice words[] = {map_number_key(&message->transaction), command->envelope,
                                  command->sequence};
    uint64_t number = audit_key(audit, words, sizeof words / sizeof words[0]);
    struct reply_doubt *row =
        expect_add(&audit->expect, rule, number, change->time, &about, sizeof *row);
    if (!row) {
        return;
    }
    row->route_count = session->route_count;
    memcpy(row->routes, session->routes, sizeof row->routes);
    row->from = from == TIME_NONE || from > session->since ? session->since : from;
    row->until = change->time;
    row->status = command->status;
    cite_command(audit, row->expected.proof, command);
    proof_cite(&audit->proofs, row->expected.proof, message);
}

/* Until a client asks on a new dialog, the service may still answer what it asked on the one
 * before. */
static bool has_asked(const struct audit *audit, const struct command_change *command)
{
    const struct leg *leg = legs_find(&audit->legs, command->session.dialog);
    return leg && leg->first_command != TIME_NONE;
}

void reply_unmatched_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct command_change *command = &change->as.command;
    if (command->state == COMMAND_UNMATCHED && command->envelope.size > 0 &&
        command->reply_verb != CHAT_BCCONTEXT && has_asked(audit, command)) {
        doubt(audit, rule, change, TIME_NONE);
    }
}

/* Without an epid two endpoints of a user cannot be told apart, and may share a number. */
void reply_misplaced_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct command_change *command = &change->as.command;
    if (command->state == COMMAND_MISPLACED && command->session.epid.size > 0) {
        doubt(audit, rule, change, TIME_NONE);
    }
}

void reply_refused_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct command_change *command = &change->as.command;
    if (is_reply(command) && command->status >= 300) {
        doubt(audit, rule, change, command->sent_at);
    }
}

void reply_doubt_judge(struct audit *audit, struct expectation *expected)
{
    const struct reply_doubt *row = (const struct reply_doubt *)expected;
    if (session_heard(&audit->witness, row->routes, row->route_count, row->from, row->until)) {
        struct verdict draft = verdict_of(audit, expected, SEVERITY_WARNING);
        draft.number = row->status;
        verdict_raise(&audit->verdicts, &draft);
    }
}

/* ---- chat-reply-repeated ---- */

/* By the command's number. */
struct first_reply {
    struct expectation expected;
    bool taken; /* the client answered its INFO with 2xx */
};

/* By the transaction of the reply's INFO. */
struct reply_carrier {
    struct expectation expected;
    uint64_t command;
};

/* Invitations come in batches, and history perhaps in parts (xccos.md XC03); of replies that are
 * not known nothing is known. */
static bool comes_once(enum chat_verb verb)
{
    return verb != CHAT_VERB_OTHER && verb != CHAT_BCCONTEXT && verb != CHAT_GETINV;
}

static void keep_reply(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct command_change *command = &change->as.command;
    const struct subject about = about_command(command);
    uint64_t transaction = cause_of(CAUSE_TRANSACTION, change->message->transaction);
    int64_t until = time_after(change->time, audit_wait(audit, rule));
    struct first_reply *first =
        expect_add(&audit->expect, rule, command->id, change->time, &about, sizeof *first);
    struct reply_carrier *carrier =
        expect_add(&audit->expect, rule, transaction, change->time, &about, sizeof *carrier);
    if (first) {
        cite_command(audit, first->expected.proof, command);
        proof_cite(&audit->proofs, first->expected.proof, change->message);
        expect_until(&audit->expect, &first->expected, until);
    }
    if (carrier) {
        carrier->command = command->id;
        expect_until(&audit->expect, &carrier->expected, until);
    }
}

void reply_repeated_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct message *message = event->message;
    if (message->request || message->method != SIP_INFO || message->status < 200 ||
        !expect_any(&audit->expect, rule)) {
        return;
    }
    struct reply_carrier *carrier =
        expect_find(&audit->expect, rule, cause_of(CAUSE_TRANSACTION, message->transaction));
    if (carrier) {
        struct first_reply *first = expect_find(&audit->expect, rule, carrier->command);
        if (first && message->status < 300) {
            first->taken = true;
        }
        expect_drop(&audit->expect, carrier);
    }
}

void reply_repeated_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct command_change *command = &change->as.command;
    if (!change->message || !comes_once(command->verb)) {
        return;
    }
    if (is_reply(command) || command->state == COMMAND_MISPLACED) {
        keep_reply(audit, rule, change);
    } else if (command->state == COMMAND_REPEATED) {
        struct first_reply *first = expect_find(&audit->expect, rule, command->id);
        if (first && first->taken) {
            proof_cite(&audit->proofs, first->expected.proof, change->message);
            struct verdict draft = verdict_of(audit, &first->expected, SEVERITY_WARNING);
            draft.time = change->time;
            const struct slice words[] = {map_number_key(&command->id)};
            verdict_group(&audit->verdicts, &draft, words, 1);
        }
    }
}

/* ---- chat-reply-name ---- */

/* Both file tokens come under one name; of commands that are not known the reply is not either. */
static bool name_fits(const struct command_change *command)
{
    bool token = command->verb == CHAT_GETFUTOK || command->verb == CHAT_GETFDTOK;
    return command->verb == CHAT_VERB_OTHER || command->verb == command->reply_verb ||
           (token && command->reply_verb == CHAT_GETFTOK);
}

void reply_name_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct command_change *command = &change->as.command;
    if (!is_reply(command) || command->reply_name.size == 0 || name_fits(command)) {
        return;
    }
    struct subject about = about_command(command);
    about.detail = command->reply_name;
    struct proof *proof = proof_new();
    cite_command(audit, proof, command);
    proof_cite_change(&audit->proofs, proof, change);
    const struct verdict draft = {
        .rule = rule,
        .severity = SEVERITY_WARNING,
        .time = change->time,
        .count = 1,
        .about = about,
        .proof = proof,
    };
    verdict_raise(&audit->verdicts, &draft);
    proof_release(&audit->proofs, proof);
}

/* ---- chat-reply-slow ---- */

/* Later than chat-command-unanswered allows it is that rule's. */
void reply_slow_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct command_change *command = &change->as.command;
    if (!is_reply(command) || command->sent_at == TIME_NONE || command->status >= 300 ||
        command->request.input != change->origin.input) {
        return;
    }
    int64_t waited = change->time - command->sent_at;
    if (waited <= audit_wait(audit, rule) ||
        waited > audit_wait(audit, RULE_CHAT_COMMAND_UNANSWERED)) {
        return;
    }
    struct proof *proof = proof_new();
    cite_command(audit, proof, command);
    proof_cite_change(&audit->proofs, proof, change);
    const struct verdict draft = {
        .rule = rule,
        .severity = SEVERITY_NOTE,
        .time = change->time,
        .waited = waited,
        .count = 1,
        .about = about_command(command),
        .proof = proof,
    };
    verdict_group(&audit->verdicts, &draft, &command->name, 1);
    proof_release(&audit->proofs, proof);
}

/* ---- chat-dialog-ended-unanswered ---- */

struct ended_wait {
    struct expectation expected;
    struct route routes[SESSION_ROUTES];
    size_t route_count;
    int64_t ended;
    uint64_t dialog;
};

void ended_unanswered(struct audit *audit, const struct change *change,
                      const struct command_wait *wait)
{
    const enum rule_id rule = RULE_CHAT_DIALOG_ENDED_UNANSWERED;
    const struct command_change *command = &change->as.command;
    const struct message *bye = change->message;
    if (!wait->judged || wait->due == 0 || !bye || bye->method != SIP_BYE ||
        change->time <= time_after(wait->accepted, audit_wait(audit, rule))) {
        return;
    }
    struct subject about = about_command(command);
    bool client = slice_equal(bye->from.user, command->session.user);
    about.place = slice_of(client ? "client" : "service");
    struct ended_wait *row =
        expect_add(&audit->expect, rule, command->id, wait->accepted, &about, sizeof *row);
    if (row) {
        row->route_count = wait->route_count;
        memcpy(row->routes, wait->routes, sizeof row->routes);
        row->ended = change->time;
        row->dialog = command->session.dialog;
        proof_join(&audit->proofs, row->expected.proof, wait->expected.proof);
        proof_cite(&audit->proofs, row->expected.proof, bye);
    }
}

/* A reply that crosses the BYE is a reply. */
void ended_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct command_change *command = &change->as.command;
    if (is_reply(command) || command->state == COMMAND_MISPLACED) {
        expect_drop(&audit->expect, expect_find(&audit->expect, rule, command->id));
    }
}

void ended_judge(struct audit *audit, struct expectation *expected)
{
    const struct ended_wait *row = (const struct ended_wait *)expected;
    if (!session_hears(&audit->witness, row->routes, row->route_count, expected->since,
                       row->ended)) {
        return;
    }
    struct verdict draft = verdict_of(audit, expected, SEVERITY_WARNING);
    draft.time = row->ended;
    const struct slice words[] = {expected->about.user, map_number_key(&row->dialog)};
    verdict_group(&audit->verdicts, &draft, words, sizeof words / sizeof words[0]);
}
