/*
 * Rules about files on their way to and from rooms. See rules_file.h.
 */
#include "analyzer/audit/rules_file.h"

#include <string.h>

#include "analyzer/audit/state.h"
#include "analyzer/engine/chat_file.h"

static uint64_t pair_key(const struct audit *audit, const char *kind, struct slice a,
                         struct slice b)
{
    const struct slice words[] = {slice_of(kind), a, b};
    return audit_key(audit, words, sizeof words / sizeof words[0]);
}

static struct subject subject_of(const struct file_change *file)
{
    return (struct subject){
        .user = file->session.user,
        .room = file->room,
        .room_name = file->room_name,
        .call_id = file->session.call_id,
        .what = file->name.size > 0 ? file->name : file->stored,
        .place = file->server,
    };
}

/* A finding about a change, and what `before` was proven by. */
static void raise_file(struct audit *audit, enum rule_id rule, const struct change *change,
                       const struct proof *before, enum severity severity)
{
    struct proof *proof = proof_new();
    if (before) {
        proof_join(&audit->proofs, proof, before);
    }
    proof_cite_change(&audit->proofs, proof, change);
    const struct verdict draft = {
        .rule = rule,
        .severity = severity,
        .time = change->time,
        .count = 1,
        .about = subject_of(&change->as.file),
        .proof = proof,
    };
    verdict_raise(&audit->verdicts, &draft);
    proof_release(&audit->proofs, proof);
}

static bool is_granted_upload(const struct file_change *file)
{
    return file->state == FILE_PERMITTED && !file->download && file->session.user.size > 0;
}

/* ---- chat-file-without-token ---- */

/* Three kinds of record: a token was asked for, a link was seen, a post is suspect. */
struct link_record {
    struct expectation expected;
    bool suspect;
    struct route routes[SESSION_ROUTES];
    size_t route_count;
};

/* The reference itself, up to what ends a word of it. */
static struct slice link_of(struct slice text)
{
    static const struct slice scheme = SLICE("ma-filelink:");
    struct slice link = slice_from(text, slice_find_nocase(text, scheme));
    size_t end = 0;
    while (end < link.size && !ascii_is_blank(link.data[end]) && link.data[end] != '"' &&
           link.data[end] != '<' && link.data[end] != '>') {
        end++;
    }
    return slice_sub(link, 0, end);
}

static uint64_t link_key(const struct audit *audit, struct slice text)
{
    return pair_key(audit, "link", link_of(text), (struct slice){0});
}

/* A command, or a reply whose command was not captured: its room may be any. */
static void token_asked(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct file_change *file = &change->as.file;
    bool asked = file->state == FILE_ASKED || file->state == FILE_PERMITTED;
    if (!asked || file->download || file->session.user.size == 0) {
        return;
    }
    const struct subject nothing = {0};
    uint64_t key = pair_key(audit, "asked", file->session.user, file->room);
    struct link_record *record =
        expect_add(&audit->expect, rule, key, change->time, &nothing, sizeof *record);
    if (record) {
        expect_until(&audit->expect, &record->expected,
                     time_after(change->time, audit_wait(audit, rule)));
    }
}

static bool had_token(const struct audit *audit, enum rule_id rule, struct slice user,
                      struct slice room)
{
    const struct slice any = {0};
    return expect_find(&audit->expect, rule, pair_key(audit, "asked", user, room)) ||
           expect_find(&audit->expect, rule, pair_key(audit, "asked", user, any));
}

/* Its session must have been watched for the life of a token. */
static void suspect_post(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct post_change *post = &change->as.post;
    const struct session *session = seen_sessions_find(&audit->sessions, post->session.id);
    int64_t wait = audit_wait(audit, rule);
    if (!session || !session->from_start || !post->session.from_start ||
        time_apart(change->time, session->since) < wait ||
        had_token(audit, rule, post->session.user, post->room)) {
        return;
    }
    const struct subject about = {
        .user = post->session.user,
        .room = post->room,
        .room_name = post->room_name,
        .call_id = post->session.call_id,
    };
    uint64_t key = cause_of(CAUSE_POST, post->id);
    struct link_record *record =
        expect_add(&audit->expect, rule, key, change->time, &about, sizeof *record);
    if (record) {
        record->suspect = true;
        record->route_count = session->route_count;
        memcpy(record->routes, session->routes, sizeof record->routes);
        proof_cite_change(&audit->proofs, record->expected.proof, change);
    }
}

static void link_seen(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct post_change *post = &change->as.post;
    uint64_t key = link_key(audit, post->text);
    if (!post->file_link || post->text.size == 0 || expect_find(&audit->expect, rule, key)) {
        return;
    }
    if (post->state == POST_SENT && !post->retry) {
        suspect_post(audit, rule, change);
    }
    const struct subject nothing = {0};
    (void)expect_add(&audit->expect, rule, key, change->time, &nothing, sizeof(struct link_record));
}

void file_token_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    if (change->kind == CHANGE_FILE) {
        token_asked(audit, rule, change);
    } else {
        link_seen(audit, rule, change);
    }
}

void file_token_judge(struct audit *audit, struct expectation *expected)
{
    const struct link_record *record = (const struct link_record *)expected;
    int64_t since = time_add(expected->since, -audit_wait(audit, expected->rule));
    if (!record->suspect ||
        !session_hears(&audit->witness, record->routes, record->route_count, since,
                       expected->since) ||
        !session_heard(&audit->witness, record->routes, record->route_count, since,
                       expected->since)) {
        return;
    }
    struct verdict draft = verdict_of(audit, expected, SEVERITY_WARNING);
    draft.cause = expected->number;
    verdict_raise(&audit->verdicts, &draft);
}

/* ---- chat-file-not-posted ---- */

struct upload {
    struct expectation expected;
    uint64_t session;
    struct route routes[SESSION_ROUTES];
    size_t route_count;
};

static void upload_granted(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct file_change *file = &change->as.file;
    const struct session *session = seen_sessions_find(&audit->sessions, file->session.id);
    if (!is_granted_upload(file) || file->room.size == 0 || !session) {
        return;
    }
    const struct subject about = subject_of(file);
    uint64_t key = pair_key(audit, "upload", file->session.user, file->room);
    struct upload *upload =
        expect_add(&audit->expect, rule, key, change->time, &about, sizeof *upload);
    if (upload) {
        upload->session = file->session.id;
        upload->route_count = session->route_count;
        memcpy(upload->routes, session->routes, sizeof upload->routes);
        proof_cite_change(&audit->proofs, upload->expected.proof, change);
        expect_until(&audit->expect, &upload->expected,
                     time_after(change->time, audit_wait(audit, rule)));
    }
}

void file_unposted_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct post_change *post = &change->as.post;
    if (change->kind == CHANGE_FILE) {
        upload_granted(audit, rule, change);
    } else if (post->file_link && post->state != POST_HISTORY && expect_any(&audit->expect, rule)) {
        uint64_t key = pair_key(audit, "upload", post->author, post->room);
        expect_drop(&audit->expect, expect_find(&audit->expect, rule, key));
    }
}

/* Who signed out posts nothing any more. */
void file_unposted_overdue(struct audit *audit, struct expectation *expected)
{
    const struct upload *upload = (const struct upload *)expected;
    if (!seen_sessions_find(&audit->sessions, upload->session)) {
        expect_drop(&audit->expect, expected);
    }
}

void file_unposted_judge(struct audit *audit, struct expectation *expected)
{
    const struct upload *upload = (const struct upload *)expected;
    int64_t until = time_after(expected->since, audit_wait(audit, expected->rule));
    if (session_heard(&audit->witness, upload->routes, upload->route_count, expected->since,
                      until)) {
        struct verdict draft = verdict_of(audit, expected, SEVERITY_NOTE);
        const struct slice words[] = {expected->about.user, expected->about.room};
        verdict_group(&audit->verdicts, &draft, words, 2);
    }
}

/* ---- chat-file-token-misused, chat-file-token-expired ---- */

struct token {
    struct expectation expected; /* its room: where it is good for; "" = not known */
    int64_t granted;
    bool said;
};

void file_tokens_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct file_change *file = &change->as.file;
    if (file->state != FILE_PERMITTED || file->token_hash == 0) {
        return;
    }
    struct subject about = subject_of(file);
    const struct token *other = expect_find(&audit->expect, rule, file->token_hash);
    if (other && !slice_equal(other->expected.about.room, about.room)) {
        about.room = (struct slice){0}; /* given twice: chat-file-token-repeated */
    }
    bool said = other && other->said;
    struct token *token =
        expect_add(&audit->expect, rule, file->token_hash, change->time, &about, sizeof *token);
    if (token) {
        token->said = said; /* a reply seen on another hop grants nothing anew */
        token->granted = change->time;
        proof_cite_change(&audit->proofs, token->expected.proof, change);
        expect_until(&audit->expect, &token->expected, time_after(change->time, FILE_MEMORY));
    }
}

/* The token that a call carries, unless the rule has spoken of it. */
static struct token *token_used(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct http_fact *call = &event->as.http;
    struct token *token = call->request && call->has_token
                              ? expect_find(&audit->expect, rule, call->token_hash)
                              : NULL;
    return token && !token->said ? token : NULL;
}

static void raise_call(struct audit *audit, struct token *token, const struct event *event)
{
    const struct http_fact *call = &event->as.http;
    struct proof *proof = proof_new();
    proof_join(&audit->proofs, proof, token->expected.proof);
    proof_add(&audit->proofs, proof, &event->origin);
    struct verdict draft = verdict_of(audit, &token->expected, SEVERITY_ERROR);
    draft.time = event->origin.time;
    draft.waited = time_apart(event->origin.time, token->granted);
    draft.about.what = slice_of(http_call_name(call->call));
    draft.about.detail = call->room_id;
    draft.proof = proof;
    verdict_raise(&audit->verdicts, &draft);
    proof_release(&audit->proofs, proof);
    token->said = true;
}

void file_misuse_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct http_fact *call = &event->as.http;
    struct token *token = token_used(audit, rule, event);
    struct slice room = token ? token->expected.about.room : (struct slice){0};
    if (room.size > 0 && call->room_id.size > 0 && !file_is_for(room, call->room_id)) {
        raise_call(audit, token, event);
    }
}

void file_expired_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    struct token *token = token_used(audit, rule, event);
    if (token && time_apart(event->origin.time, token->granted) > audit_wait(audit, rule)) {
        raise_call(audit, token, event);
    }
}

/* ---- chat-file-server-unsafe ---- */

void file_server_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    static const struct slice safe = SLICE("https:");
    const struct file_change *file = &change->as.file;
    if (file->state != FILE_PERMITTED || file->server.size == 0 ||
        slice_starts_nocase(slice_trim(file->server), safe)) {
        return;
    }
    struct proof *proof = proof_new();
    proof_cite_change(&audit->proofs, proof, change);
    struct verdict draft = {
        .rule = rule,
        .severity = SEVERITY_WARNING,
        .time = change->time,
        .count = 1,
        .about = subject_of(file),
        .proof = proof,
    };
    verdict_group(&audit->verdicts, &draft, &file->server, 1);
    proof_release(&audit->proofs, proof);
}

/* ---- chat-file-token-repeated ---- */

struct grant {
    struct expectation expected;
    uint64_t transfer;
};

void file_repeated_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct file_change *file = &change->as.file;
    if (file->state != FILE_PERMITTED || file->token_hash == 0) {
        return;
    }
    const struct grant *before = expect_find(&audit->expect, rule, file->token_hash);
    if (before && before->transfer != file->id) {
        raise_file(audit, rule, change, before->expected.proof, SEVERITY_WARNING);
    }
    const struct subject about = subject_of(file);
    struct grant *grant =
        expect_add(&audit->expect, rule, file->token_hash, change->time, &about, sizeof *grant);
    if (grant) {
        grant->transfer = file->id;
        proof_cite_change(&audit->proofs, grant->expected.proof, change);
        expect_until(&audit->expect, &grant->expected, time_after(change->time, FILE_MEMORY));
    }
}

/* ---- chat-file-token-readable ---- */

void file_readable_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct message *message = change->message;
    bool clear = message && (message->observed.transport == TRANSPORT_UDP ||
                             message->observed.transport == TRANSPORT_TCP ||
                             message->observed.transport == TRANSPORT_WS);
    if (change->as.file.state != FILE_PERMITTED || !clear) {
        return;
    }
    struct proof *proof = proof_new();
    proof_cite_change(&audit->proofs, proof, change);
    const struct slice words[] = {slice_of("all")};
    struct verdict draft = {
        .rule = rule,
        .severity = SEVERITY_NOTE,
        .time = change->time,
        .count = 1,
        .proof = proof,
    };
    verdict_group(&audit->verdicts, &draft, words, 1);
    proof_release(&audit->proofs, proof);
}

/* ---- chat-file-not-allowed ---- */

/* A room that takes no files, as a search said within the waiting time. */
void file_allowed_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct chat_fact *fact = &event->as.chat;
    for (size_t i = 0; fact->class == CHAT_REPLY && i < fact->room_count; i++) {
        const struct chat_room *room = &fact->rooms[i];
        if (room->file_post == SAID_NOTHING) {
            continue;
        }
        uint64_t key = audit_key(audit, &room->uri, 1);
        if (room->file_post == SAID_YES) {
            expect_drop(&audit->expect, expect_find(&audit->expect, rule, key));
            continue;
        }
        const struct subject about = {.room = room->uri, .room_name = room->name};
        struct expectation *closed =
            expect_add(&audit->expect, rule, key, event->origin.time, &about, sizeof *closed);
        if (closed && event->message) {
            proof_cite(&audit->proofs, closed->proof, event->message);
        }
        if (closed) {
            expect_until(&audit->expect, closed,
                         time_after(event->origin.time, audit_wait(audit, rule)));
        }
    }
}

void file_allowed_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct file_change *file = &change->as.file;
    if (file->state != FILE_POSTED || !expect_any(&audit->expect, rule)) {
        return;
    }
    const struct expectation *closed =
        expect_find(&audit->expect, rule, audit_key(audit, &file->room, 1));
    if (closed) {
        raise_file(audit, rule, change, closed->proof, SEVERITY_WARNING);
    }
}
