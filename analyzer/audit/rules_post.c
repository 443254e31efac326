/*
 * Rules about chat posts and their copies. See rules_post.h.
 *
 * Facts: xccos.md 1.7 and 1.8 (a post, its acceptance, its copies), 3.1 S8 (a post
 * without ts), 6.5 (XE01, XE02, XE05, XE06). That the author's sessions get a copy,
 * too, is inferred, not documented; they have a rule of their own.
 */
#include "analyzer/audit/rules_post.h"

#include <string.h>

#include "analyzer/audit/state.h"

enum {
    STATUS_BUSY = 503,
    DIAGNOSTICS_BUSY = 20000,
    EARLY_COPIES = 64, /* copies that arrive before the post is accepted */
};

/* A post that was sent and not answered yet. */
struct open_post {
    struct expectation expected;
    uint64_t early[EARLY_COPIES]; /* sessions that have their copy already */
    size_t early_count;
    bool has_ts;
};

/* A session that is to get its copy. */
struct copy_wait {
    struct expectation expected;
    uint64_t session;
    struct route routes[SESSION_ROUTES];
    size_t route_count;
    bool poster; /* the session that the post came from */
    int64_t accepted;
    int64_t due;         /* ns */
    int64_t received_at; /* too late; TIME_NONE = not at all */
};

static struct open_post *open_post_find(const struct audit *audit, const struct post_change *post)
{
    return expect_find(&audit->expect, RULE_CHAT_MESSAGE_NOT_DELIVERED,
                       cause_of(CAUSE_POST, post->id));
}

/* A finding about one post, proven by the message that caused the change. */
static void raise_post(struct audit *audit, enum rule_id rule, const struct change *change,
                       struct slice peer, uint64_t cause)
{
    const struct post_change *post = &change->as.post;
    const struct open_post *record = open_post_find(audit, post);
    struct proof *proof = proof_new();
    if (record) {
        proof_join(&audit->proofs, proof, record->expected.proof);
    } else if (post->post.record > 0) {
        proof_add(&audit->proofs, proof, &post->post);
    }
    proof_cite_change(&audit->proofs, proof, change);
    struct verdict draft = {
        .rule = rule,
        .severity = SEVERITY_ERROR,
        .time = change->time,
        .number = post->status,
        .count = 1,
        .cause = cause,
        .about = {.user = post->session.user,
                  .peer = peer,
                  .room = post->room,
                  .room_name = post->room_name,
                  .call_id = post->session.call_id},
        .proof = proof,
    };
    const struct slice words[] = {{(const char *)&post->id, sizeof post->id}};
    verdict_group(&audit->verdicts, &draft, words, 1);
    proof_release(&audit->proofs, proof);
}

/* ---- chat-post-without-timestamp ---- */

static bool says_busy(const struct message *message)
{
    for (size_t i = 0; message && i < message->diagnostics_count; i++) {
        if (message->diagnostics[i].id == DIAGNOSTICS_BUSY) {
            return true;
        }
    }
    return false;
}

void timestamp_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct post_change *post = &change->as.post;
    const struct open_post *record = open_post_find(audit, post);
    bool has_ts = record ? record->has_ts : post->has_ts;
    if (post->state != POST_REFUSED || post->status != STATUS_BUSY || has_ts ||
        !says_busy(change->message)) {
        return;
    }
    raise_post(audit, rule, change, (struct slice){0}, cause_of(CAUSE_POST, post->id));
    verdict_claim(&audit->verdicts, cause_of(CAUSE_TRANSACTION, post->transaction), rule);
}

/* ---- chat-post-not-joined ---- */

struct outsider {
    struct expectation expected;
    struct route routes[SESSION_ROUTES];
    size_t route_count;
    int64_t session_since; /* ns */
};

/* Held to the end, when it is known whether the join could have been missed. */
void not_joined_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct post_change *post = &change->as.post;
    bool outside = post->membership == MEMBER_NONE || post->membership == MEMBER_FAILED;
    const struct session *session = seen_sessions_find(&audit->sessions, post->session.id);
    uint64_t cause = cause_of(CAUSE_POST, post->id);
    if (post->state != POST_SENT || !outside || !post->session.from_start || !session ||
        expect_find(&audit->expect, rule, cause)) {
        return;
    }
    const struct subject about = {
        .user = post->session.user,
        .room = post->room,
        .room_name = post->room_name,
        .call_id = post->session.call_id,
    };
    struct outsider *row =
        expect_add(&audit->expect, rule, cause, change->time, &about, sizeof *row);
    if (row) {
        row->session_since = session->since;
        row->route_count = session->route_count;
        memcpy(row->routes, session->routes, sizeof row->routes);
        proof_cite_change(&audit->proofs, row->expected.proof, change);
    }
}

void not_joined_judge(struct audit *audit, struct expectation *expected)
{
    const struct outsider *row = (const struct outsider *)expected;
    int64_t from = row->session_since;
    if (session_hears(&audit->witness, row->routes, row->route_count, from, expected->since) &&
        session_heard(&audit->witness, row->routes, row->route_count, from, expected->since)) {
        struct verdict draft = verdict_of(audit, expected, SEVERITY_ERROR);
        draft.cause = expected->number;
        verdict_raise(&audit->verdicts, &draft);
    }
}

/* ---- chat-author-mismatch ---- */

void author_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct post_change *post = &change->as.post;
    if (post->state == POST_SENT && post->author_mismatch) {
        raise_post(audit, rule, change, post->author, 0);
    }
}

/* ---- chat-message-not-delivered ---- */

static uint64_t copy_number(const struct audit *audit, uint64_t post, uint64_t session)
{
    const struct slice words[] = {map_number_key(&post), map_number_key(&session)};
    return cause_of(0, audit_key(audit, words, 2)); /* never a post's own number */
}

static void post_sent(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct post_change *post = &change->as.post;
    const struct subject about = {
        .user = post->author,
        .room = post->room,
        .room_name = post->room_name,
        .call_id = post->session.call_id,
    };
    struct open_post *record = expect_add(&audit->expect, rule, cause_of(CAUSE_POST, post->id),
                                          change->time, &about, sizeof *record);
    if (record) {
        record->has_ts = post->has_ts;
        proof_cite_change(&audit->proofs, record->expected.proof, change);
    }
}

static bool has_copy(const struct open_post *record, uint64_t session)
{
    for (size_t i = 0; i < record->early_count; i++) {
        if (record->early[i] == session) {
            return true;
        }
    }
    return false;
}

/* False when there is no place for more. */
static bool await_copy(struct audit *audit, enum rule_id rule, const struct open_post *record,
                       uint64_t post, const struct session *session, int64_t accepted)
{
    struct subject about = record->expected.about;
    about.peer = session->user;
    about.call_id = session->call_id;
    struct copy_wait *wait = expect_add(&audit->expect, rule, copy_number(audit, post, session->id),
                                        record->expected.since, &about, sizeof *wait);
    if (!wait) {
        return false;
    }
    proof_release(&audit->proofs, wait->expected.proof);
    wait->expected.proof = proof_hold(record->expected.proof);
    wait->session = session->id;
    wait->route_count = session->route_count;
    memcpy(wait->routes, session->routes, sizeof wait->routes);
    wait->accepted = accepted;
    wait->received_at = TIME_NONE;
    wait->due = time_after(accepted, audit_wait(audit, rule));
    expect_until(&audit->expect, &wait->expected, wait->due);
    return true;
}

/* From now on every session in the room is to get a copy; who joined later is let off then. */
static void post_accepted(struct audit *audit, const struct change *change,
                          struct open_post *record)
{
    const struct post_change *post = &change->as.post;
    proof_cite_change(&audit->proofs, record->expected.proof, change);
    const struct membership *member = seen_sessions_room(&audit->sessions, post->room);
    bool room = record->early_count < EARLY_COPIES;
    for (; member && room; member = member->next) {
        const struct session *session = member->session;
        if (!session->from_start || has_copy(record, session->id)) {
            continue;
        }
        bool author = slice_equal_nocase(session->user, post->session.user);
        enum rule_id rule = author ? RULE_CHAT_ECHO_MISSING : RULE_CHAT_MESSAGE_NOT_DELIVERED;
        room = await_copy(audit, rule, record, post->id, session, change->time);
        struct copy_wait *wait =
            expect_find(&audit->expect, rule, copy_number(audit, post->id, session->id));
        if (wait) {
            wait->poster = session->id == post->session.id;
        }
    }
}

static void post_delivered(struct audit *audit, enum rule_id rule, const struct change *change,
                           struct open_post *record)
{
    const struct post_change *post = &change->as.post;
    struct copy_wait *wait =
        expect_find(&audit->expect, rule, copy_number(audit, post->id, post->session.id));
    if (!wait && record && record->early_count < EARLY_COPIES) {
        record->early[record->early_count++] = post->session.id;
    } else if (wait && !wait->expected.overdue) {
        expect_drop(&audit->expect, wait);
    } else if (wait && wait->received_at == TIME_NONE) {
        struct proof *own = proof_new();
        proof_join(&audit->proofs, own, wait->expected.proof);
        proof_release(&audit->proofs, wait->expected.proof);
        wait->expected.proof = own;
        wait->received_at = change->time;
        proof_cite_change(&audit->proofs, own, change);
    }
}

void delivery_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct post_change *post = &change->as.post;
    struct open_post *record = open_post_find(audit, post);
    switch (post->state) {
    case POST_SENT:
        post_sent(audit, rule, change);
        break;
    case POST_ACCEPTED:
        if (record) {
            post_accepted(audit, change, record);
        }
        expect_drop(&audit->expect, record);
        break;
    case POST_REFUSED:
    case POST_ABANDONED:
        expect_drop(&audit->expect, record);
        break;
    case POST_DELIVERED:
        post_delivered(audit, rule, change, record);
        break;
    case POST_DUPLICATE:
    case POST_HISTORY:
        break;
    }
}

/* Only a session that was in the room all the time had to get it. */
void delivery_overdue(struct audit *audit, struct expectation *expected)
{
    const struct copy_wait *wait = (const struct copy_wait *)expected;
    const struct membership *member =
        seen_sessions_joined(&audit->sessions, wait->session, expected->about.room);
    if (!member || member->since > expected->since) {
        expect_drop(&audit->expect, expected);
    }
}

/* Of a copy that came too late, or not at all. */
static struct verdict copy_verdict(const struct audit *audit, const struct copy_wait *wait,
                                   enum severity severity)
{
    struct verdict draft = verdict_of(audit, &wait->expected, severity);
    draft.late = wait->received_at != TIME_NONE;
    if (draft.late) {
        draft.severity = SEVERITY_WARNING;
        draft.waited = wait->received_at - wait->accepted;
    }
    return draft;
}

void delivery_judge(struct audit *audit, struct expectation *expected)
{
    const struct copy_wait *wait = (const struct copy_wait *)expected;
    if (!session_hears(&audit->witness, wait->routes, wait->route_count, expected->since,
                       wait->due)) {
        return;
    }
    const struct verdict draft = copy_verdict(audit, wait, SEVERITY_ERROR);
    verdict_raise(&audit->verdicts, &draft);
}

/* ---- chat-echo-missing ---- */

void echo_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct post_change *post = &change->as.post;
    if (post->state == POST_DELIVERED) {
        audit->echoes = audit->echoes || (post->echo && post->captured);
        post_delivered(audit, rule, change, NULL);
    }
}

/* That posts are echoed is certain only where the capture shows it, and then of the poster alone.
 */
void echo_judge(struct audit *audit, struct expectation *expected)
{
    const struct copy_wait *wait = (const struct copy_wait *)expected;
    if (!session_hears(&audit->witness, wait->routes, wait->route_count, expected->since,
                       wait->due)) {
        return;
    }
    bool certain = wait->poster && audit->echoes;
    const struct verdict draft =
        copy_verdict(audit, wait, certain ? SEVERITY_ERROR : SEVERITY_WARNING);
    if (audit->echoes) {
        verdict_raise(&audit->verdicts, &draft);
    } else {
        verdict_group(&audit->verdicts, &draft, &expected->about.room, 1);
    }
}
