/*
 * Rules about preferences, invitations and searches. See rules_preference.h.
 *
 * Facts: xccos.md 1.4, 1.5, 1.11, 1.12, 1.14, 6.7 (XG01-XG06, XG08).
 */
#include "analyzer/audit/rules_preference.h"

#include "analyzer/audit/state.h"

/* A finding about the message of an event; those with the same words are one. */
static void say_number(struct audit *audit, enum rule_id rule, const struct event *event,
                       enum severity severity, const struct subject *about, uint64_t number,
                       const struct slice *words, size_t word_count)
{
    struct proof *proof = proof_new();
    proof_cite(&audit->proofs, proof, event->message);
    const struct verdict draft = {
        .rule = rule,
        .severity = severity,
        .time = event->origin.time,
        .count = 1,
        .number = number,
        .about = *about,
        .proof = proof,
    };
    verdict_group(&audit->verdicts, &draft, words, word_count);
    proof_release(&audit->proofs, proof);
}

static void say(struct audit *audit, enum rule_id rule, const struct event *event,
                enum severity severity, const struct subject *about, const struct slice *words,
                size_t word_count)
{
    say_number(audit, rule, event, severity, about, 0, words, word_count);
}

static bool is_command(const struct event *event, enum chat_verb verb)
{
    const struct message *message = event->message;
    return message && message->request && message->method == SIP_INFO &&
           event->as.chat.class == CHAT_COMMAND && event->as.chat.verb == verb;
}

static bool is_reply(const struct event *event, enum chat_verb verb)
{
    const struct message *message = event->message;
    const struct chat_fact *chat = &event->as.chat;
    return message && message->request && message->method == SIP_INFO &&
           chat->class == CHAT_REPLY && chat->verb == verb && chat->has_code && chat->code == 200;
}

static struct subject about_client(const struct message *message)
{
    return (struct subject){
        .user = message->from.user,
        .peer = message->to.user,
        .call_id = message->call_id,
    };
}

/* ---- chat-preference-number-old ---- */

/*
 * A number of a user and label: the one that was stored last, or one that a
 * transaction asks to store.
 */
struct stored_number {
    struct expectation expected; /* user; what = label; place = epid; detail = content digest */
    uint64_t number;
};

#define NUMBER_KEPT (86400 * TIME_SECOND)

static uint64_t label_key(const struct audit *audit, const struct subject *about)
{
    const struct slice words[] = {about->user, about->what};
    return cause_of(CAUSE_COMMAND, audit_key(audit, words, sizeof words / sizeof words[0]));
}

static struct stored_number *keep_number(struct audit *audit, enum rule_id rule, uint64_t key,
                                         int64_t time, const struct subject *about, uint64_t number)
{
    struct stored_number *row = expect_add(&audit->expect, rule, key, time, about, sizeof *row);
    if (row) {
        row->number = number;
        expect_until(&audit->expect, &row->expected, time_after(time, NUMBER_KEPT));
    }
    return row;
}

void preference_number_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct chat_fact *chat = &event->as.chat;
    const struct message *message = event->message;
    uint64_t number;
    if (!is_command(event, CHAT_SETPREF) || chat->preference_count != 1 ||
        !slice_to_u64(slice_trim(chat->preferences[0].number), &number)) {
        return;
    }
    const struct chat_preference *preference = &chat->preferences[0];
    uint64_t digest = audit_key(audit, &preference->content, 1);
    struct subject about = about_client(message);
    about.what = preference->label;
    about.place = message->from.epid;
    about.detail = map_number_key(&digest);
    struct stored_number *last = expect_find(&audit->expect, rule, label_key(audit, &about));
    bool same = last && slice_equal(last->expected.about.detail, about.detail);
    if (last && number <= last->number && !same) {
        bool race = !slice_equal(last->expected.about.place, about.place);
        struct proof *proof = proof_new();
        proof_join(&audit->proofs, proof, last->expected.proof);
        proof_cite(&audit->proofs, proof, message);
        const struct slice words[] = {about.user, about.what};
        struct verdict draft =
            verdict_of(audit, &last->expected, race ? SEVERITY_NOTE : SEVERITY_WARNING);
        draft.time = event->origin.time;
        draft.number = number;
        draft.about = about;
        draft.about.detail = draft.about.place = (struct slice){"", 0};
        draft.proof = proof;
        verdict_group(&audit->verdicts, &draft, words, sizeof words / sizeof words[0]);
        proof_release(&audit->proofs, proof);
    }
    struct stored_number *asked =
        keep_number(audit, rule, cause_of(CAUSE_TRANSACTION, message->transaction),
                    event->origin.time, &about, number);
    if (asked) {
        proof_cite(&audit->proofs, asked->expected.proof, message);
    }
}

/* Only what the service has taken counts: a refused number may come again. */
void preference_number_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct command_change *command = &change->as.command;
    if (command->verb != CHAT_SETPREF || command->state != COMMAND_ANSWERED) {
        return;
    }
    struct stored_number *asked =
        expect_find(&audit->expect, rule, cause_of(CAUSE_TRANSACTION, command->transaction));
    if (!asked) {
        return;
    }
    const struct subject *about = &asked->expected.about;
    struct stored_number *last = expect_find(&audit->expect, rule, label_key(audit, about));
    if (!last || asked->number > last->number) {
        last =
            keep_number(audit, rule, label_key(audit, about), change->time, about, asked->number);
        if (last) {
            proof_join(&audit->proofs, last->expected.proof, asked->expected.proof);
        }
    }
    expect_drop(&audit->expect, asked);
}

/* ---- the content and the client ---- */

void preference_unreadable_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct chat_fact *chat = &event->as.chat;
    const struct message *message = event->message;
    for (size_t i = 0; message && i < chat->preference_count; i++) {
        const struct chat_preference *preference = &chat->preferences[i];
        if (preference->coding == PREFERENCE_NOT_BASE64) {
            bool client = chat->class == CHAT_COMMAND;
            struct subject about = {
                .user = client ? message->from.user : message->to.user,
                .peer = client ? message->to.user : message->from.user,
                .call_id = message->call_id,
                .what = preference->label,
            };
            const struct slice words[] = {about.user, about.what};
            say(audit, rule, event, SEVERITY_WARNING, &about, words,
                sizeof words / sizeof words[0]);
        }
    }
}

/* "UCCAPI/15.0.4420.1017 OC/..." is Lync 2013; later ones count up. */
static bool is_new_client(struct slice agent)
{
    static const struct slice prefix = SLICE("UCCAPI/");
    enum { LYNC_2013 = 15 };
    struct slice major;
    struct slice rest;
    uint32_t number;
    if (!slice_starts_nocase(agent, prefix)) {
        return false;
    }
    (void)slice_cut(slice_from(agent, prefix.size), '.', &major, &rest);
    return slice_to_u32(major, &number) && number >= LYNC_2013;
}

void preference_client_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    if ((is_command(event, CHAT_GETPREF) || is_command(event, CHAT_SETPREF)) &&
        is_new_client(event->message->user_agent)) {
        struct subject about = about_client(event->message);
        about.what = event->message->user_agent;
        say(audit, rule, event, SEVERITY_NOTE, &about, &about.what, 1);
    }
}

/* ---- chat-invite-number-back ---- */

void invite_number_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    if (!is_command(event, CHAT_GETINV) || !event->as.chat.has_invite) {
        return;
    }
    const struct message *message = event->message;
    const struct subject about = about_client(message);
    const struct slice words[] = {message->from.user, message->from.epid};
    uint64_t key = audit_key(audit, words, sizeof words / sizeof words[0]);
    uint64_t number = event->as.chat.invite_id;
    struct stored_number *last = expect_find(&audit->expect, rule, key);
    if (last && number < last->number) {
        say_number(audit, rule, event, SEVERITY_NOTE, &about, number, words,
                   sizeof words / sizeof words[0]);
    }
    keep_number(audit, rule, key, event->origin.time, &about, number);
}

/* ---- searches ---- */

void search_limit_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct chat_fact *chat = &event->as.chat;
    const struct message *message = event->message;
    if (is_reply(event, CHAT_GETSERVERINFO) && chat->has_server && chat->server.search_limit > 0 &&
        message->dialog != 0) {
        const struct subject about = {.user = message->to.user};
        struct stored_number *limit = keep_number(audit, rule, message->dialog, event->origin.time,
                                                  &about, chat->server.search_limit);
        if (limit) {
            proof_cite(&audit->proofs, limit->expected.proof, message);
        }
        return;
    }
    const struct stored_number *limit =
        is_reply(event, CHAT_CHANSRCH) ? expect_find(&audit->expect, rule, message->dialog) : NULL;
    if (!limit || chat->room_count <= limit->number) {
        return;
    }
    struct proof *proof = proof_new();
    proof_join(&audit->proofs, proof, limit->expected.proof);
    proof_cite(&audit->proofs, proof, message);
    struct verdict draft = verdict_of(audit, &limit->expected, SEVERITY_WARNING);
    draft.time = event->origin.time;
    draft.number = limit->number;
    draft.count = chat->room_count;
    draft.about = (struct subject){
        .user = message->to.user, .peer = message->from.user, .call_id = message->call_id};
    draft.proof = proof;
    verdict_raise(&audit->verdicts, &draft);
    proof_release(&audit->proofs, proof);
}

void search_room_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct chat_fact *chat = &event->as.chat;
    if (!is_reply(event, CHAT_CHANSRCH)) {
        return;
    }
    for (size_t i = 0; i < chat->room_count; i++) {
        const struct chat_room *room = &chat->rooms[i];
        if (room->uri.size == 0 || room->name.size == 0) {
            const struct message *message = event->message;
            const struct subject about = {
                .user = message->to.user,
                .peer = message->from.user,
                .call_id = message->call_id,
                .what = slice_of(room->uri.size == 0 ? "URI" : "name"),
                .detail = room->uri.size == 0 ? room->name : room->uri,
            };
            const struct slice words[] = {map_number_key(&message->transaction)};
            say(audit, rule, event, SEVERITY_WARNING, &about, words, 1);
        }
    }
}

/* ---- chat-not-provisioned ---- */

static uint64_t user_key(const struct audit *audit, struct slice user)
{
    return audit_key(audit, &user, 1);
}

void provisioned_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct provisioning_fact *fact = &event->as.provisioning;
    const struct message *message = event->message;
    if (!message || fact->enabled == SAID_NOTHING) {
        return;
    }
    struct slice user = message->request ? message->to.user : message->from.user;
    uint64_t key = user_key(audit, user);
    expect_drop(&audit->expect, expect_find(&audit->expect, rule, key));
    if (fact->enabled == SAID_NO) {
        const struct subject about = {.user = user};
        struct stored_number *row = keep_number(audit, rule, key, event->origin.time, &about, 0);
        if (row) {
            proof_cite(&audit->proofs, row->expected.proof, message);
        }
    }
}

/* By its INVITE, or where only what follows tells that it was one to a chat service. */
static bool opens_session(const struct session_change *session)
{
    bool anew = session->from == SESSION_UNKNOWN || session->from == SESSION_CLOSED ||
                session->from == SESSION_REFUSED;
    return session->state == SESSION_INVITING ||
           (session->state == SESSION_CONNECTED && anew && session->session.from_start);
}

void provisioned_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct session_change *session = &change->as.session;
    if (!opens_session(session) || !change->message) {
        return;
    }
    struct stored_number *row =
        expect_find(&audit->expect, rule, user_key(audit, session->session.user));
    if (!row) {
        return;
    }
    proof_cite(&audit->proofs, row->expected.proof, change->message);
    struct verdict draft = verdict_of(audit, &row->expected, SEVERITY_NOTE);
    draft.time = change->time;
    draft.about = (struct subject){.user = session->session.user,
                                   .peer = session->service,
                                   .call_id = session->session.call_id};
    verdict_group(&audit->verdicts, &draft, &draft.about.user, 1);
}
