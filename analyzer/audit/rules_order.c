/*
 * The order of a room's messages. See rules_order.h.
 *
 * Facts: xccos.md 1.7 (ids are sequential in a room), 1.8 (copies), 6.5 (XE10).
 *
 * A room's messages are ranked by the first copy of each that anybody got. A
 * session that gets a message of a lower rank than its latest one saw the two in
 * another order than the session that was first to see the lower one, if that one
 * gets the other message, too: at once or later. What counts is the order in which
 * the service sent the copies, that is, the CSeq of its INFO in each dialog; how the
 * capture saw them may be the network's doing.
 */
#include "analyzer/audit/rules_order.h"

#include "analyzer/audit/state.h"

enum {
    ROOM_RANKS = 64,     /* messages of a room whose order is still known */
    SESSION_COPIES = 16, /* copies of a session in a room */
    MEMORY = 600,        /* s: without a copy, then a room and a session are forgotten */
    PENDING = 60,        /* s: in which the first session may still get the other message */
};

enum record_kind { RECORD_ROOM = 1, RECORD_PLACE, RECORD_PENDING };

struct copy_seen {
    uint64_t rank; /* from 1 */
    uint64_t post;
    uint64_t session;
    uint64_t dialog;
    uint32_t cseq;
    int64_t time;
    struct origin origin;
};

/* Every record begins like this, so that all can be told apart and forgotten alike. */
struct record {
    struct expectation expected;
    enum record_kind kind;
    int64_t last; /* ns */
};

/* The room: who saw each message first. */
struct room_record {
    struct record record;
    uint64_t ranks;
    struct copy_seen first[ROOM_RANKS];
};

/* A session in a room: its latest copies, and that of the highest rank. */
struct place_record {
    struct record record;
    struct copy_seen highest;
    struct copy_seen copies[SESSION_COPIES];
    uint64_t count;
};

/* The first session has no copy of the other message yet. */
struct pending_record {
    struct record record;
    struct copy_seen lower;  /* its copy of the one */
    struct copy_seen here;   /* what the other session got: the lower one last, */
    struct copy_seen before; /* and the higher one before */
};

static uint64_t number_of(const struct audit *audit, enum record_kind kind, uint64_t id,
                          struct slice room)
{
    const struct slice words[] = {{(const char *)&kind, sizeof kind}, map_number_key(&id), room};
    return audit_key(audit, words, 3);
}

static void *record_keep(struct audit *audit, enum rule_id rule, enum record_kind kind, uint64_t id,
                         const struct change *change, size_t size)
{
    const struct post_change *post = &change->as.post;
    uint64_t number = number_of(audit, kind, id, post->room);
    struct record *record = expect_find(&audit->expect, rule, number);
    if (!record) {
        const struct subject about = {
            .user = post->session.user,
            .room = post->room,
            .room_name = post->room_name,
            .call_id = post->session.call_id,
        };
        record = expect_add(&audit->expect, rule, number, change->time, &about, size);
        if (!record) {
            return NULL;
        }
        record->kind = kind;
        int64_t memory = kind == RECORD_PENDING ? PENDING : MEMORY;
        expect_until(&audit->expect, &record->expected,
                     time_after(change->time, memory * TIME_SECOND));
    }
    record->last = change->time;
    return record;
}

void order_overdue(struct audit *audit, struct expectation *expected)
{
    const struct record *record = (const struct record *)expected;
    int64_t until = time_after(record->last, MEMORY * TIME_SECOND);
    if (record->kind == RECORD_PENDING || until <= audit->now) {
        expect_drop(&audit->expect, expected);
    } else {
        expect_until(&audit->expect, expected, until);
    }
}

static struct copy_seen *rank_find(struct room_record *room, uint64_t post)
{
    uint64_t known = room->ranks < ROOM_RANKS ? room->ranks : ROOM_RANKS;
    for (uint64_t back = 0; back < known; back++) {
        struct copy_seen *seen = &room->first[(room->ranks - 1 - back) % ROOM_RANKS];
        if (seen->post == post) {
            return seen;
        }
    }
    return NULL;
}

static const struct copy_seen *copy_of(const struct place_record *place, uint64_t post)
{
    uint64_t known = place->count < SESSION_COPIES ? place->count : SESSION_COPIES;
    for (uint64_t back = 0; back < known; back++) {
        const struct copy_seen *seen = &place->copies[(place->count - 1 - back) % SESSION_COPIES];
        if (seen->post == post) {
            return seen;
        }
    }
    return NULL;
}

/* `higher` and `lower` as the first session got them; `before` and `here` as the other one did. */
static void raise_order(struct audit *audit, enum rule_id rule, const struct change *change,
                        const struct copy_seen *const seen[4], struct slice user)
{
    const struct copy_seen *lower = seen[0], *higher = seen[1], *before = seen[2], *here = seen[3];
    if (higher->dialog != lower->dialog || higher->cseq <= lower->cseq) {
        return;
    }
    int64_t apart = time_apart(here->time, before->time);
    int64_t there = time_apart(higher->time, lower->time);
    int64_t least = apart < there ? apart : there;
    const struct session *first = seen_sessions_find(&audit->sessions, lower->session);
    const struct post_change *post = &change->as.post;
    struct proof *proof = proof_new();
    for (size_t i = 0; i < 4; i++) {
        proof_add(&audit->proofs, proof, &seen[i]->origin);
    }
    const struct verdict draft = {
        .rule = rule,
        .severity = least <= TIME_SECOND ? SEVERITY_NOTE : SEVERITY_WARNING,
        .time = here->time,
        .waited = least,
        .count = 1,
        .about = {.user = user,
                  .peer = first ? first->user : (struct slice){0},
                  .room = post->room,
                  .room_name = post->room_name},
        .proof = proof,
    };
    const struct slice words[] = {post->room, map_number_key(&before->post)};
    verdict_group(&audit->verdicts, &draft, words, 2);
    proof_release(&audit->proofs, proof);
}

/* This session got `here` after a message of a higher rank. Did the first one get that, too? */
static void order_swapped(struct audit *audit, enum rule_id rule, const struct change *change,
                          const struct copy_seen *lower, const struct place_record *place,
                          const struct copy_seen *here)
{
    const struct post_change *post = &change->as.post;
    const struct copy_seen *before = &place->highest;
    const struct place_record *other = expect_find(
        &audit->expect, rule, number_of(audit, RECORD_PLACE, lower->session, post->room));
    const struct copy_seen *higher = other ? copy_of(other, before->post) : NULL;
    if (higher) {
        const struct copy_seen *const seen[4] = {lower, higher, before, here};
        raise_order(audit, rule, change, seen, post->session.user);
        return;
    }
    uint64_t words[] = {lower->session, before->post};
    uint64_t id = audit_key(audit, &(const struct slice){(const char *)words, sizeof words}, 1);
    struct pending_record *pending =
        record_keep(audit, rule, RECORD_PENDING, id, change, sizeof *pending);
    if (pending && pending->lower.rank == 0) {
        pending->lower = *lower;
        pending->before = *before;
        pending->here = *here;
    }
}

/* The message that a first session had yet to get. */
static void order_settle(struct audit *audit, enum rule_id rule, const struct change *change,
                         const struct copy_seen *here)
{
    uint64_t words[] = {here->session, here->post};
    uint64_t id = audit_key(audit, &(const struct slice){(const char *)words, sizeof words}, 1);
    struct pending_record *pending = expect_find(
        &audit->expect, rule, number_of(audit, RECORD_PENDING, id, change->as.post.room));
    if (pending) {
        const struct copy_seen *const seen[4] = {&pending->lower, here, &pending->before,
                                                 &pending->here};
        raise_order(audit, rule, change, seen, pending->record.expected.about.user);
        expect_drop(&audit->expect, pending);
    }
}

static struct copy_seen seen_of(const struct change *change)
{
    const struct post_change *post = &change->as.post;
    struct origin origin = change->origin;
    origin.row = NULL;
    return (struct copy_seen){
        .post = post->id,
        .session = post->session.id,
        .dialog = post->session.dialog,
        .cseq = change->message->cseq,
        .time = change->time,
        .origin = origin,
    };
}

void order_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct post_change *post = &change->as.post;
    if (post->state != POST_DELIVERED || post->edited || !change->message) {
        return;
    }
    struct room_record *room = record_keep(audit, rule, RECORD_ROOM, 0, change, sizeof *room);
    struct place_record *place =
        record_keep(audit, rule, RECORD_PLACE, post->session.id, change, sizeof *place);
    if (!room || !place) {
        return;
    }
    struct copy_seen here = seen_of(change);
    const struct copy_seen *lower = rank_find(room, post->id);
    here.rank = lower ? lower->rank : ++room->ranks;
    if (!lower) {
        room->first[(here.rank - 1) % ROOM_RANKS] = here;
    }
    order_settle(audit, rule, change, &here);
    bool same = place->highest.dialog == here.dialog;
    if (lower && same && place->highest.rank > here.rank && place->highest.cseq < here.cseq) {
        order_swapped(audit, rule, change, lower, place, &here);
    }
    if (!same || here.rank > place->highest.rank) {
        place->highest = here;
    }
    place->copies[place->count++ % SESSION_COPIES] = here;
}
