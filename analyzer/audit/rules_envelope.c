/*
 * Rules about envelopes. See rules_envelope.h.
 *
 * Facts: xccos.md 1.1 (envelope), 1.2 (classes), 6.1 (XA01-XA10), 8.6. What is wrong
 * with the form of an envelope its decoder says by the code of a diagnostic; those
 * codes are the interface between the two.
 */
#include "analyzer/audit/rules_envelope.h"

#include <string.h>

#include "analyzer/audit/state.h"

#define DIALOG_IDLE (3600 * TIME_SECOND) /* a session is silent for no longer than its refresh */

/* One chat dialog: who is the client, and how far its numbers have come. */
struct chat_way {
    struct expectation expected; /* about.user is the client */
    bool from_start;
    bool numbered;
    uint64_t last; /* envelope number */
    uint32_t last_cseq;
};

static struct chat_way *find_way(const struct audit *audit, const struct message *message)
{
    return message && message->dialog != 0
               ? expect_find(&audit->expect, RULE_CHAT_ENVELOPE_UNREADABLE, message->dialog)
               : NULL;
}

static bool from_client(const struct chat_way *way, const struct message *message)
{
    return slice_equal(message->from.user, way->expected.about.user);
}

/* An INFO that was seen for the first time. */
static bool is_info(const struct message *message)
{
    return message && message->request && message->method == SIP_INFO;
}

/* Raises or joins a finding about one message; those of one sender and `word` are one. */
static void say(struct audit *audit, enum rule_id rule, const struct event *event,
                const struct subject *about, struct slice word)
{
    struct proof *proof = proof_new();
    proof_cite(&audit->proofs, proof, event->message);
    const struct verdict draft = {
        .rule = rule,
        .severity = rule_info_of(rule)->severity,
        .time = event->origin.time,
        .count = 1,
        .about = *about,
        .proof = proof,
    };
    const struct slice words[] = {about->user, word};
    verdict_group(&audit->verdicts, &draft, words, sizeof words / sizeof words[0]);
    proof_release(&audit->proofs, proof);
}

static struct subject about_sender(const struct message *message)
{
    return (struct subject){
        .user = message->from.user,
        .peer = message->to.user,
        .call_id = message->call_id,
    };
}

/* ---- chat-envelope-unreadable ---- */

void envelope_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct session_change *session = &change->as.session;
    struct chat_way *way = expect_find(&audit->expect, rule, session->session.dialog);
    if (session->state == SESSION_CLOSED || session->state == SESSION_REFUSED) {
        expect_drop(&audit->expect, way);
        return;
    }
    if (!way) {
        const struct subject about = {.user = session->session.user, .peer = session->service};
        way = expect_add(&audit->expect, rule, session->session.dialog, change->time, &about,
                         sizeof *way);
    }
    if (way) {
        way->from_start = session->session.from_start;
        expect_until(&audit->expect, &way->expected, time_after(change->time, DIALOG_IDLE));
    }
}

/* Plain text in a chat dialog that holds no envelope at all. */
static bool is_no_envelope(const struct message *message)
{
    static const struct slice plain = SLICE("text/plain");
    static const struct slice root = SLICE("xccos");
    static const struct slice encoding = SLICE("Content-Encoding");
    return slice_equal(message->content_type, plain) && slice_trim(message->body).size > 0 &&
           (message->flags & SIP_BODY_CUT) == 0 && !message_header(message, encoding, 0) &&
           slice_find_nocase(message->body, root) == SLICE_NONE;
}

void envelope_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct message *message = event->message;
    if (!is_info(message)) {
        return;
    }
    struct chat_way *way = find_way(audit, message);
    if (!way) {
        return;
    }
    struct subject about = about_sender(message);
    if (event->kind == EVENT_MESSAGE) {
        expect_until(&audit->expect, &way->expected, time_after(event->origin.time, DIALOG_IDLE));
        if (!is_no_envelope(message)) {
            return;
        }
        about.detail = slice_of("it holds no xccos element");
    } else if (strcmp(event->as.diagnostic.code, "xccos-not-well-formed") == 0) {
        about.detail = event->as.diagnostic.detail;
    } else {
        return;
    }
    say(audit, rule, event, &about, slice_of(""));
}

/* ---- what the decoder found odd ---- */

struct oddity {
    const char *code;
    enum rule_id rule;
    const char *what;
};

/* clang-format off */
static const struct oddity oddities[] = {
    {"xccos-namespace",        RULE_CHAT_ENVELOPE_VERSION,       "namespace"},
    {"xccos-version",          RULE_CHAT_ENVELOPE_VERSION,       "version"},
    {"xccos-envelope-id",      RULE_CHAT_ENVELOPE_ID_UNREADABLE, ""},
    {"xccos-child-without-id", RULE_CHAT_CHILD_UNNAMED,          "no id"},
    {"xccos-id-prefix",        RULE_CHAT_CHILD_UNNAMED,          "an id of another kind"},
    {"xccos-no-known-child",   RULE_CHAT_ENVELOPE_EMPTY,         ""},
};
/* clang-format on */

void envelope_odd_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    static const struct slice post = SLICE("grpchat");
    const struct diagnostic_fact *odd = &event->as.diagnostic;
    if (!is_info(event->message)) {
        return;
    }
    for (size_t i = 0; i < sizeof oddities / sizeof oddities[0]; i++) {
        if (oddities[i].rule == rule && strcmp(oddities[i].code, odd->code) == 0 &&
            !slice_equal(odd->detail, post)) {
            struct subject about = about_sender(event->message);
            about.what = slice_of(oddities[i].what);
            about.detail = odd->detail;
            say(audit, rule, event, &about, slice_of(""));
            return;
        }
    }
}

/* ---- chat-envelope-id-reused ---- */

struct used_number {
    struct expectation expected;
    uint64_t body;
};

static uint64_t number_key(const struct audit *audit, const struct event *event)
{
    const struct slice words[] = {
        map_number_key(&event->message->dialog),
        event->as.chat.envelope,
    };
    return audit_key(audit, words, sizeof words / sizeof words[0]);
}

/* The first child of an envelope that the client sent, whole and with a number. */
static bool opens_numbered(const struct chat_way *way, const struct event *event)
{
    const struct chat_fact *chat = &event->as.chat;
    return way && is_info(event->message) && chat->place == 1 && chat->envelope.size > 0 &&
           from_client(way, event->message) && (event->message->flags & SIP_BODY_CUT) == 0;
}

void envelope_reused_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct message *message = event->message;
    if (!opens_numbered(find_way(audit, message), event)) {
        return;
    }
    uint64_t key = number_key(audit, event);
    uint64_t body = audit_key(audit, &message->body, 1);
    struct used_number *used = expect_find(&audit->expect, rule, key);
    if (used && used->body != body) {
        struct subject about = about_sender(message);
        about.detail = event->as.chat.envelope;
        proof_cite(&audit->proofs, used->expected.proof, message);
        struct verdict draft = verdict_of(audit, &used->expected, SEVERITY_ERROR);
        draft.time = event->origin.time;
        draft.about = about;
        const struct slice words[] = {about.user, about.call_id};
        verdict_group(&audit->verdicts, &draft, words, sizeof words / sizeof words[0]);
    }
    if (!used) {
        const struct subject nobody = {.user = message->from.user};
        used = expect_add(&audit->expect, rule, key, event->origin.time, &nobody, sizeof *used);
    }
    if (used) {
        used->body = body;
        proof_cite(&audit->proofs, used->expected.proof, message);
        expect_until(&audit->expect, &used->expected,
                     time_after(event->origin.time, audit_wait(audit, rule)));
    }
}

/* ---- chat-envelope-id-back ---- */

/* Numbers begin anywhere in 32 bits and grow (xccos.md 1.1); at their end they begin anew. */
static bool goes_back(const struct chat_way *way, uint64_t number)
{
    return number < way->last && !(way->last <= UINT32_MAX && way->last - number > UINT32_MAX / 2);
}

/* Asked before the rule above keeps the number, so that only an earlier use is found. */
void envelope_back_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct message *message = event->message;
    struct chat_way *way = find_way(audit, message);
    uint64_t number;
    if (!opens_numbered(way, event) || !slice_to_u64(event->as.chat.envelope, &number)) {
        return;
    }
    bool again =
        expect_find(&audit->expect, RULE_CHAT_ENVELOPE_ID_REUSED, number_key(audit, event)) != NULL;
    bool in_order = !way->numbered || message->cseq > way->last_cseq;
    if (!in_order || again) {
        return;
    }
    if (way->numbered && goes_back(way, number)) {
        struct subject about = about_sender(message);
        about.detail = event->as.chat.envelope;
        say(audit, rule, event, &about, slice_of(""));
    }
    way->numbered = true;
    way->last = number;
    way->last_cseq = message->cseq;
}

/* ---- chat-direction-wrong ---- */

void direction_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct chat_fact *chat = &event->as.chat;
    const struct message *message = event->message;
    const struct chat_way *way = find_way(audit, message);
    if (!way || !way->from_start || !is_info(message)) {
        return;
    }
    bool answer = chat->class == CHAT_REPLY || chat->class == CHAT_NOTICE;
    bool client = from_client(way, message);
    bool service = slice_equal(message->to.user, way->expected.about.user);
    if ((client && answer) || (!client && service && chat->class == CHAT_COMMAND)) {
        struct subject about = about_sender(message);
        about.what = slice_of(chat_class_name(chat->class));
        about.detail = chat->name;
        about.place = slice_of(client ? "service" : "client");
        say(audit, rule, event, &about, chat->name);
    }
}

/* ---- chat-name-unknown ---- */

void name_unknown_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct chat_fact *chat = &event->as.chat;
    bool named =
        chat->class == CHAT_COMMAND || chat->class == CHAT_REPLY || chat->class == CHAT_NOTICE;
    for (size_t i = 0; named && is_info(event->message) && i < chat->unknown_count; i++) {
        struct slice path = chat->unknown[i].path;
        if (memchr(path.data, '/', path.size) || memchr(path.data, '@', path.size)) {
            continue;
        }
        struct proof *proof = proof_new();
        proof_cite(&audit->proofs, proof, event->message);
        const struct verdict draft = {
            .rule = rule,
            .severity = SEVERITY_NOTE,
            .time = event->origin.time,
            .count = 1,
            .about = {.user = event->message->from.user,
                      .call_id = event->message->call_id,
                      .what = path},
            .proof = proof,
        };
        verdict_group(&audit->verdicts, &draft, &path, 1);
        proof_release(&audit->proofs, proof);
    }
}

/* ---- chat-content-type ---- */

void content_type_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    static const struct slice plain = SLICE("text/plain");
    const struct message *message = event->message;
    if (is_info(message) && event->as.chat.place == 1 &&
        !slice_equal(message->content_type, plain)) {
        struct subject about = about_sender(message);
        about.what = message->content_type;
        say(audit, rule, event, &about, message->content_type);
    }
}
