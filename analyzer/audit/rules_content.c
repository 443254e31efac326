/*
 * Rules about what a chat post holds. See rules_content.h.
 *
 * Facts: xccos.md 1.4 (sib, aib), 1.7 (a post's fields), 1.10 (permission bits, a
 * reading of ours), 6.5 (XE07, XE08, XE09, XE17, XE18). A post without `ts` has its
 * rule in rules_post.c. That a room is an auditorium is not on the wire, so the right
 * to post in one is not asked for.
 */
#include "analyzer/audit/rules_content.h"

#include "analyzer/audit/state.h"

enum {
    CLOCK_APART = 300, /* s */
    INCOMPLETE_MEMORY = 1,
    RIGHT_CHAT = 1 << 8,
    RIGHT_PRESENT = 1 << 12,
};

static struct subject subject_of(const struct post_change *post)
{
    return (struct subject){
        .user = post->session.user,
        .room = post->room,
        .room_name = post->room_name,
        .call_id = post->session.call_id,
    };
}

/* One finding for each user: of notes about a habit. */
static void raise_habit(struct audit *audit, enum rule_id rule, const struct change *change,
                        uint64_t number)
{
    const struct post_change *post = &change->as.post;
    struct proof *proof = proof_new();
    proof_cite_change(&audit->proofs, proof, change);
    const struct verdict draft = {
        .rule = rule,
        .severity = SEVERITY_NOTE,
        .time = change->time,
        .number = number,
        .count = 1,
        .about = subject_of(post),
        .proof = proof,
    };
    verdict_group(&audit->verdicts, &draft, &post->session.user, 1);
    proof_release(&audit->proofs, proof);
}

/* ---- chat-post-incomplete ---- */

/* Clients name their endpoint in From, the service names it in To. */
static bool is_posted(const struct event *event)
{
    const struct message *message = event->message;
    return event->as.chat.class == CHAT_MESSAGE && message && message->request &&
           message->from.epid.size > 0 && message->to.epid.size == 0 &&
           (message->flags & SIP_BODY_CUT) == 0;
}

static struct slice lacking(const struct chat_post *post)
{
    return slice_of(post->room.size == 0         ? "chanUri"
                    : post->author_uri.size == 0 ? "author"
                    : !post->has_chat            ? "chat"
                                                 : "");
}

void incomplete_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct chat_post *post = &event->as.chat.post;
    const struct message *message = event->message;
    struct slice what = lacking(post);
    if (!is_posted(event) || what.size == 0) {
        return;
    }
    uint64_t cause = cause_of(CAUSE_TRANSACTION, message->transaction);
    const struct subject about = {
        .user = message->from.user,
        .room = post->room,
        .call_id = message->call_id,
        .what = what,
    };
    struct proof *proof = proof_new();
    proof_cite(&audit->proofs, proof, message);
    const struct verdict draft = {
        .rule = rule,
        .severity = SEVERITY_ERROR,
        .time = event->origin.time,
        .count = 1,
        .cause = cause,
        .about = about,
        .proof = proof,
    };
    verdict_raise(&audit->verdicts, &draft);
    proof_release(&audit->proofs, proof);
    struct expectation *row =
        expect_add(&audit->expect, rule, cause, event->origin.time, &about, sizeof *row);
    if (row) {
        expect_until(&audit->expect, row,
                     time_after(event->origin.time, INCOMPLETE_MEMORY * TIME_SECOND));
    }
}

/* What becomes of the post follows from what it lacks. */
void incomplete_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct post_change *post = &change->as.post;
    uint64_t cause = cause_of(CAUSE_TRANSACTION, post->transaction);
    if (post->state == POST_SENT && expect_find(&audit->expect, rule, cause)) {
        verdict_claim(&audit->verdicts, cause_of(CAUSE_POST, post->id), rule);
    }
}

/* ---- chat-post-clock ---- */

void clock_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct post_change *post = &change->as.post;
    if (post->state == POST_SENT && post->ts != TIME_NONE &&
        time_apart(post->ts, change->time) > CLOCK_APART * TIME_SECOND) {
        raise_habit(audit, rule, change,
                    (uint64_t)(time_apart(post->ts, change->time) / TIME_SECOND));
    }
}

/* ---- chat-post-oversized ---- */

/* What the service said of itself in one dialog. */
struct size_limits {
    struct expectation expected;
    uint64_t message_size;
    uint64_t story_size;
};

void oversized_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct chat_fact *chat = &event->as.chat;
    const struct message *message = event->message;
    if (chat->class != CHAT_REPLY || !chat->has_server || chat->server.message_size == 0 ||
        !message || message->dialog == 0) {
        return;
    }
    const struct subject about = {.user = message->to.user};
    struct size_limits *row =
        expect_add(&audit->expect, rule, message->dialog, event->origin.time, &about, sizeof *row);
    if (row) {
        row->message_size = chat->server.message_size;
        row->story_size = chat->server.story_size;
        proof_cite(&audit->proofs, row->expected.proof, message);
    }
}

/* A story looks like any other message, so only what is too long for a story, too, is certain. */
static void oversized_post(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct post_change *post = &change->as.post;
    const struct size_limits *row = expect_find(&audit->expect, rule, post->session.dialog);
    if (!row || post->text.size <= row->message_size || post->text.size <= row->story_size) {
        return;
    }
    struct proof *proof = proof_new();
    proof_join(&audit->proofs, proof, row->expected.proof);
    proof_cite_change(&audit->proofs, proof, change);
    const struct verdict draft = {
        .rule = rule,
        .severity = SEVERITY_WARNING,
        .time = change->time,
        .number = post->text.size,
        .count = 1,
        .cause = cause_of(CAUSE_POST, post->id),
        .about = subject_of(post),
        .proof = proof,
    };
    const struct slice words[] = {{(const char *)&post->id, sizeof post->id}};
    verdict_group(&audit->verdicts, &draft, words, 1);
    proof_release(&audit->proofs, proof);
}

void oversized_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct session_change *session = &change->as.session;
    if (change->kind == CHANGE_POST && change->as.post.state == POST_SENT) {
        oversized_post(audit, rule, change);
    } else if (change->kind == CHANGE_SESSION && session->state == SESSION_CLOSED) {
        expect_drop(&audit->expect, expect_find(&audit->expect, rule, session->session.dialog));
    }
}

/* ---- chat-post-html ---- */

static bool is_letter(char c)
{
    return ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z';
}

/* A tag that formats text, at the front. */
static bool starts_tag(struct slice text)
{
    static const char *const names[] = {"a",    "b",      "body",  "br", "div", "em", "font",
                                        "html", "i",      "img",   "li", "ol",  "p",  "s",
                                        "span", "strong", "table", "td", "tr",  "u",  "ul"};
    size_t at = 1 + (text.size > 1 && text.data[1] == '/');
    size_t size = 0;
    while (at + size < text.size && is_letter(text.data[at + size])) {
        size++;
    }
    struct slice name = slice_sub(text, at, size);
    char next = at + size < text.size ? text.data[at + size] : '\0';
    bool closed = next == '>' || ((next == ' ' || next == '/') &&
                                  slice_find_byte(slice_sub(text, 0, 256), '>') != SLICE_NONE);
    for (size_t i = 0; closed && i < sizeof names / sizeof names[0]; i++) {
        if (slice_equal_nocase(name, slice_of(names[i]))) {
            return true;
        }
    }
    return false;
}

static bool holds_html(struct slice text)
{
    size_t at = 0;
    while ((at = slice_find_byte(text, '<')) != SLICE_NONE) {
        text = slice_from(text, at);
        if (starts_tag(text)) {
            return true;
        }
        text = slice_from(text, 1);
    }
    return false;
}

void html_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct post_change *post = &change->as.post;
    if (post->state == POST_SENT && holds_html(post->text)) {
        raise_habit(audit, rule, change, 0);
    }
}

/* ---- chat-post-without-right ---- */

/* A session that was told a mask of its own user without the right to chat. */
struct silenced {
    struct expectation expected;
    uint64_t mask;
};

static void right_told(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct roster_change *roster = &change->as.roster;
    if (!slice_equal_nocase(roster->user, roster->session.user)) {
        return;
    }
    uint64_t number = audit_place_key(audit, roster->session.id, roster->room);
    expect_drop(&audit->expect, expect_find(&audit->expect, rule, number));
    if (!roster->present || !roster->has_mask ||
        (roster->mask & (RIGHT_CHAT | RIGHT_PRESENT)) != 0) {
        return;
    }
    const struct subject about = {.user = roster->user, .room = roster->room};
    struct silenced *row =
        expect_add(&audit->expect, rule, number, change->time, &about, sizeof *row);
    if (row) {
        row->mask = roster->mask;
        proof_cite_change(&audit->proofs, row->expected.proof, change);
    }
}

static void right_used(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct post_change *post = &change->as.post;
    const struct silenced *row =
        expect_find(&audit->expect, rule, audit_place_key(audit, post->session.id, post->room));
    if (!row || post->state != POST_SENT || post->membership != MEMBER_JOINED) {
        return;
    }
    struct proof *proof = proof_new();
    proof_join(&audit->proofs, proof, row->expected.proof);
    proof_cite_change(&audit->proofs, proof, change);
    const struct verdict draft = {
        .rule = rule,
        .severity = SEVERITY_NOTE,
        .time = change->time,
        .number = row->mask,
        .count = 1,
        .about = subject_of(post),
        .proof = proof,
    };
    const struct slice words[] = {post->session.user, post->room};
    verdict_group(&audit->verdicts, &draft, words, 2);
    proof_release(&audit->proofs, proof);
}

void right_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct membership_change *member = &change->as.membership;
    if (change->kind == CHANGE_ROSTER) {
        right_told(audit, rule, change);
    } else if (change->kind == CHANGE_POST) {
        right_used(audit, rule, change);
    } else if (member->state == MEMBER_NONE || member->state == MEMBER_FAILED) {
        uint64_t number = audit_place_key(audit, member->session.id, member->room);
        expect_drop(&audit->expect, expect_find(&audit->expect, rule, number));
    }
}
