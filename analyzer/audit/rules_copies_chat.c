/*
 * Rules about the copies of a chat message. See rules_copies_chat.h.
 *
 * Facts: xccos.md 1.8 (one copy to each session), 3.1 S19 (a dead client's dialog
 * gets copies, too: those are the stale dialog's and no duplicates), 4.6 (parting),
 * 6.5 (XE03, XE04, XE11, XE12, XE19).
 */
#include "analyzer/audit/rules_copies_chat.h"

#include <string.h>

#include "analyzer/audit/state.h"

enum {
    PART_MEMORY = 600, /* s: how long a session that parted is remembered */
    EDIT_WAIT = 30,    /* s: in which the posted text may still come */
};

static struct subject subject_of(const struct post_change *post)
{
    return (struct subject){
        .user = post->session.user,
        .peer = post->author,
        .room = post->room,
        .room_name = post->room_name,
        .call_id = post->session.call_id,
    };
}

static uint64_t pair_number(const struct audit *audit, uint64_t post, uint64_t session)
{
    const struct slice words[] = {map_number_key(&post), map_number_key(&session)};
    return audit_key(audit, words, 2);
}

/* The routes of one session, kept for when it is gone. */
struct session_routes {
    struct route routes[SESSION_ROUTES];
    size_t count;
};

static void keep_routes(struct session_routes *routes, const struct session *session)
{
    if (session) {
        routes->count = session->route_count;
        memcpy(routes->routes, session->routes, sizeof routes->routes);
    }
}

/* ---- chat-delivery-without-post ---- */

void unposted_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct post_change *post = &change->as.post;
    bool fresh = post->id > audit->newest_post;
    audit->newest_post = fresh ? post->id : audit->newest_post;
    if (!fresh || post->state != POST_DELIVERED || post->captured) {
        return;
    }
    struct proof *proof = proof_new();
    proof_cite_change(&audit->proofs, proof, change);
    struct verdict draft = {
        .rule = rule,
        .severity = SEVERITY_NOTE,
        .time = change->time,
        .count = 1,
        .about = subject_of(post),
        .proof = proof,
    };
    draft.about.user = post->author;
    draft.about.peer = (struct slice){0};
    verdict_group(&audit->verdicts, &draft, &post->room, 1);
    proof_release(&audit->proofs, proof);
}

/* ---- chat-message-duplicated ---- */

struct surplus {
    struct expectation expected;
    struct session_routes author; /* of a session of the author: an identical post may be missing */
    int64_t posted;
    int64_t last;
    uint64_t count;
};

static const struct session *session_of_author(const struct audit *audit,
                                               const struct post_change *post)
{
    const struct membership *member = seen_sessions_room(&audit->sessions, post->room);
    while (member && !slice_equal_nocase(member->session->user, post->author)) {
        member = member->next;
    }
    return member ? member->session : NULL;
}

void duplicate_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct post_change *post = &change->as.post;
    if (post->state != POST_DUPLICATE || !post->captured ||
        post->first_dialog != post->session.dialog) {
        return;
    }
    uint64_t number = pair_number(audit, post->id, post->session.id);
    struct surplus *row = expect_find(&audit->expect, rule, number);
    if (!row) {
        const struct subject about = subject_of(post);
        row = expect_add(&audit->expect, rule, number, change->time, &about, sizeof *row);
        if (!row) {
            return;
        }
        row->posted = post->posted_at;
        keep_routes(&row->author, session_of_author(audit, post));
        if (post->first_copy.record > 0) {
            proof_add(&audit->proofs, row->expected.proof, &post->first_copy);
        }
    }
    row->count++;
    row->last = change->time;
    proof_cite_change(&audit->proofs, row->expected.proof, change);
}

void duplicate_judge(struct audit *audit, struct expectation *expected)
{
    const struct surplus *row = (const struct surplus *)expected;
    if (!session_heard(&audit->witness, row->author.routes, row->author.count, row->posted,
                       row->last)) {
        return;
    }
    struct verdict draft = verdict_of(audit, expected, SEVERITY_WARNING);
    draft.count = row->count;
    verdict_raise(&audit->verdicts, &draft);
}

/* ---- chat-delivery-after-part ---- */

struct parted {
    struct expectation expected;
    struct session_routes routes;
    uint64_t count; /* copies that came after all */
    int64_t first;
    int64_t last;
    bool over; /* it came back */
};

static void parted_member(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct membership_change *member = &change->as.membership;
    uint64_t number = audit_place_key(audit, member->session.id, member->room);
    struct parted *row = expect_find(&audit->expect, rule, number);
    if (row && row->count > 0) {
        row->over = true;
    } else if (row) {
        expect_drop(&audit->expect, row);
        row = NULL;
    }
    if (row || member->from != MEMBER_LEAVING || member->state != MEMBER_NONE || !change->message) {
        return;
    }
    const struct subject about = {
        .user = member->session.user,
        .room = member->room,
        .room_name = member->room_name,
        .call_id = member->session.call_id,
    };
    row = expect_add(&audit->expect, rule, number, change->time, &about, sizeof *row);
    if (row) {
        keep_routes(&row->routes, seen_sessions_find(&audit->sessions, member->session.id));
        proof_cite_change(&audit->proofs, row->expected.proof, change);
        expect_until(&audit->expect, &row->expected,
                     time_after(change->time, PART_MEMORY * TIME_SECOND));
    }
}

static void parted_copy(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct post_change *post = &change->as.post;
    if (post->state != POST_DELIVERED && post->state != POST_DUPLICATE) {
        return;
    }
    struct parted *row =
        expect_find(&audit->expect, rule, audit_place_key(audit, post->session.id, post->room));
    if (!row || row->over ||
        time_apart(change->time, row->expected.since) <= audit_wait(audit, rule)) {
        return;
    }
    row->first = row->count == 0 ? change->time : row->first;
    row->last = change->time;
    row->count++;
    proof_cite_change(&audit->proofs, row->expected.proof, change);
}

void parted_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    if (change->kind == CHANGE_MEMBERSHIP) {
        parted_member(audit, rule, change);
    } else {
        parted_copy(audit, rule, change);
    }
}

void parted_overdue(struct audit *audit, struct expectation *expected)
{
    const struct parted *row = (const struct parted *)expected;
    if (row->count == 0) {
        expect_drop(&audit->expect, expected);
    }
}

void parted_judge(struct audit *audit, struct expectation *expected)
{
    const struct parted *row = (const struct parted *)expected;
    int64_t from = expected->since;
    if (row->count == 0 || row->routes.count == 0 ||
        !session_hears(&audit->witness, row->routes.routes, row->routes.count, from, row->last) ||
        !session_heard(&audit->witness, row->routes.routes, row->routes.count, from, row->last)) {
        return;
    }
    struct verdict draft = verdict_of(audit, expected, SEVERITY_WARNING);
    draft.time = row->first;
    draft.waited = row->first - from;
    draft.count = row->count;
    verdict_raise(&audit->verdicts, &draft);
}

/* ---- chat-text-edited ---- */

void edited_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct post_change *post = &change->as.post;
    if (post->state != POST_DELIVERED) {
        return;
    }
    uint64_t number = pair_number(audit, post->id, post->session.id);
    if (!post->edited) {
        expect_drop(&audit->expect, expect_find(&audit->expect, rule, number));
        return;
    }
    const struct subject about = subject_of(post);
    struct expectation *row =
        expect_add(&audit->expect, rule, number, change->time, &about, sizeof *row);
    if (row) {
        if (post->post.record > 0) {
            proof_add(&audit->proofs, row->proof, &post->post);
        }
        proof_cite_change(&audit->proofs, row->proof, change);
        expect_until(&audit->expect, row, time_after(change->time, EDIT_WAIT * TIME_SECOND));
    }
}

void edited_overdue(struct audit *audit, struct expectation *expected)
{
    struct verdict draft = verdict_of(audit, expected, SEVERITY_NOTE);
    const struct slice words[] = {expected->about.room, expected->about.peer};
    verdict_group(&audit->verdicts, &draft, words, 2);
    expect_drop(&audit->expect, expected);
}

/* ---- chat-post-fate-unknown ---- */

struct fate {
    struct expectation expected;
    struct session_routes routes;
    uint64_t session;
    uint64_t previous; /* post of the same session that was accepted before, 0 = none */
    bool died;
    int64_t end; /* ns */
};

/* The last accepted post of a session, while that may still wait for its copies. */
struct latest {
    struct expectation expected;
    uint64_t post;
};

static uint64_t latest_number(uint64_t session)
{
    return cause_of(CAUSE_POST, session); /* never a post's own number */
}

static uint64_t replace_latest(struct audit *audit, enum rule_id rule, uint64_t session,
                               uint64_t post, int64_t since, int64_t until)
{
    static const struct subject nobody = {0};
    const struct latest *before = expect_find(&audit->expect, rule, latest_number(session));
    uint64_t previous = before ? before->post : 0;
    struct latest *row =
        expect_add(&audit->expect, rule, latest_number(session), since, &nobody, sizeof *row);
    if (row) {
        row->post = post;
        expect_until(&audit->expect, &row->expected, until);
    }
    return previous;
}

/* Only where nobody else in the capture should have got it: else their rule speaks. */
static void fate_accepted(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct post_change *post = &change->as.post;
    const struct membership *member = seen_sessions_room(&audit->sessions, post->room);
    const struct session *own = seen_sessions_find(&audit->sessions, post->session.id);
    bool alone = member && member->session == own && !member->next && own->from_start;
    if (!alone || expect_find(&audit->expect, rule, post->id)) {
        return;
    }
    const struct subject about = subject_of(post);
    int64_t until = time_after(change->time, audit_wait(audit, rule));
    uint64_t previous = replace_latest(audit, rule, own->id, post->id, change->time, until);
    struct fate *row =
        expect_add(&audit->expect, rule, post->id, change->time, &about, sizeof *row);
    if (row) {
        keep_routes(&row->routes, own);
        row->session = own->id;
        row->previous = previous;
        if (post->post.record > 0) {
            proof_add(&audit->proofs, row->expected.proof, &post->post);
        }
        proof_cite_change(&audit->proofs, row->expected.proof, change);
        expect_until(&audit->expect, &row->expected, until);
    }
}

/* A client that ends its own session right after a post does not wait for the copy. */
static void fate_session(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct session_change *session = &change->as.session;
    uint64_t id = session->session.id;
    struct latest *latest = expect_find(&audit->expect, rule, latest_number(id));
    if (!latest || session->state != SESSION_CLOSED) {
        return;
    }
    bool leaves = slice_equal(session->reason, slice_of("bye by client"));
    struct fate *row = expect_find(&audit->expect, rule, latest->post);
    while (row && !leaves) {
        row->died = true;
        row->end = change->time;
        proof_cite_change(&audit->proofs, row->expected.proof, change);
        row = row->previous > 0 ? expect_find(&audit->expect, rule, row->previous) : NULL;
    }
    expect_drop(&audit->expect, latest);
}

static bool is_latest(const struct expectation *expected)
{
    return expected->number >> 60 != 0;
}

void fate_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct post_change *post = &change->as.post;
    if (change->kind == CHANGE_SESSION) {
        fate_session(audit, rule, change);
    } else if (post->state == POST_ACCEPTED) {
        fate_accepted(audit, rule, change);
    } else if (post->state == POST_DELIVERED || post->state == POST_HISTORY) {
        expect_drop(&audit->expect, expect_find(&audit->expect, rule, post->id));
    }
}

void fate_overdue(struct audit *audit, struct expectation *expected)
{
    const struct fate *row = (const struct fate *)expected;
    if (is_latest(expected) || !row->died) {
        expect_drop(&audit->expect, expected);
    }
}

void fate_judge(struct audit *audit, struct expectation *expected)
{
    const struct fate *row = (const struct fate *)expected;
    if (!is_latest(expected) && row->died &&
        session_hears(&audit->witness, row->routes.routes, row->routes.count, expected->since,
                      row->end)) {
        struct verdict draft = verdict_of(audit, expected, SEVERITY_WARNING);
        verdict_raise(&audit->verdicts, &draft);
    }
}
