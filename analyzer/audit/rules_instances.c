/*
 * Category instances that outlive their reason. See rules_instances.h.
 *
 * Facts: presence.md 1.1 (lifetimes), 2.4 (instance ids), rules E1, E2, E3 and R1 (Lync schema
 * reference, expireType and publication behaviours). What still lives is seen in the
 * owner's own documents, which give container and version; an instance that was
 * published again has a higher version, so the version tells without any clock that
 * it is still the same.
 *
 * Not judged: instances of expireType user (E4). That an endpoint was the last one
 * cannot be known from a capture that may have begun after another one signed in.
 */
#include "analyzer/audit/rules_instances.h"

#include "analyzer/audit/state.h"

#define CHOSEN_BUSY_INSTANCE UINT32_C(0x24000000) /* userState Busy or Do not disturb: 2.4 */

enum {
    ORPHAN_TIME = 900,       /* s: how long a sign-out is remembered */
    TIMED_TIME = 86400,      /* s: the same of an instance whose time is over */
    CHOSEN_LIFETIME = 86400, /* s: what the clients give the state of a busy user */
};

/* The owner is told container and version, nobody else (1.5). */
static bool is_own_document(const struct event *event)
{
    const struct message *message = event->message;
    const struct category_fact *fact = &event->as.category;
    return message && message->role == MESSAGE_FIRST && fact->key.has_container &&
           fact->key.has_instance && fact->has_version && !fact->empty;
}

/* One endpoint or one request leaves several copies: they are one finding. */
static void raise_left(struct audit *audit, const struct expectation *expected,
                       const struct event *event, int64_t since)
{
    struct verdict draft = verdict_of(audit, expected, SEVERITY_ERROR);
    draft.time = event->origin.time;
    draft.waited = event->origin.time - since;
    draft.about.call_id = event->message->call_id;
    draft.proof = proof_new();
    proof_join(&audit->proofs, draft.proof, expected->proof);
    proof_cite(&audit->proofs, draft.proof, event->message);
    const struct slice words[] = {
        expected->about.user,
        expected->about.place,
        {(const char *)&since, sizeof since},
    };
    verdict_group(&audit->verdicts, &draft, words, sizeof words / sizeof words[0]);
    proof_release(&audit->proofs, draft.proof);
}

/* ---- presence-endpoint-state-left ---- */

/* An instance whose endpoint signed out. */
struct orphan {
    struct expectation expected; /* about.place is the endpoint */
    struct route route;          /* from the endpoint to the server */
    uint32_t version;
};

void orphan_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct publication_change *given = &change->as.publication;
    bool bound = given->expire_type == EXPIRE_ENDPOINT || given->expire_type == EXPIRE_NONE;
    /* Whose epid is known was published in this capture, by the endpoint that must have left. */
    if (given->pidf || given->state != PUBLICATION_ENDED || !bound || !change->message ||
        given->epid.size == 0 ||
        !presences_endpoint_left(&audit->presences, given->key.user, given->epid)) {
        return;
    }
    const struct subject about = {
        .user = given->key.user,
        .what = given->key.name,
        .place = given->epid,
    };
    struct orphan *row =
        expect_add(&audit->expect, rule, audit_instance_key(audit, &given->key, (struct slice){0}),
                   change->time, &about, sizeof *row);
    if (row) {
        struct route route = route_of(&change->message->observed);
        row->route = route_back(&route);
        row->version = given->version;
        audit_cite(audit, row->expected.proof, change);
        expect_until(&audit->expect, &row->expected,
                     time_after(change->time, ORPHAN_TIME * TIME_SECOND));
    }
}

void orphan_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct category_fact *fact = &event->as.category;
    if (!expect_any(&audit->expect, rule) || !is_own_document(event)) {
        return;
    }
    struct orphan *row =
        expect_find(&audit->expect, rule, audit_instance_key(audit, &fact->key, (struct slice){0}));
    if (!row) {
        return;
    }
    int64_t since = row->expected.since;
    bool in_time = event->origin.time <= time_after(since, audit_wait(audit, rule));
    if (in_time && fact->version <= row->version) {
        return;
    }
    bool still =
        fact->version == row->version &&
        presences_endpoint_left(&audit->presences, fact->key.user, row->expected.about.place) &&
        witness_hears(&audit->witness, &row->route, since, event->origin.time);
    if (still) {
        raise_left(audit, &row->expected, event, since);
    }
    expect_drop(&audit->expect, row);
}

/* ---- presence-timed-state-left ---- */

/* An instance that was accepted for a time. */
struct timed {
    struct expectation expected;
    struct route route;   /* from the publisher to the server */
    uint64_t transaction; /* that published it */
    int64_t until;        /* ns */
    uint32_t version;
    bool raised;
};

static void timed_accepted(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct publication_change *given = &change->as.publication;
    const struct subject about = {
        .user = given->key.user,
        .what = given->key.name,
    };
    struct timed *row =
        expect_add(&audit->expect, rule, audit_instance_key(audit, &given->key, (struct slice){0}),
                   change->time, &about, sizeof *row);
    if (row) {
        struct route back = route_of(&change->message->observed);
        row->route = route_back(&back);
        row->transaction = change->message->transaction;
        row->version = given->version;
        row->until = given->until;
        audit_cite(audit, row->expected.proof, change);
        expect_until(&audit->expect, &row->expected,
                     time_after(given->until, TIMED_TIME * TIME_SECOND));
    }
}

void timed_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct publication_change *given = &change->as.publication;
    bool set = given->state == PUBLICATION_LIVE || given->state == PUBLICATION_MODIFIED;
    bool gone = given->state == PUBLICATION_REMOVED || given->state == PUBLICATION_ENDED;
    if (given->pidf || (!set && !gone)) {
        return;
    }
    const struct message *message = change->message;
    if (set && message && given->status >= 200 && given->status < 300 &&
        given->expire_type == EXPIRE_TIME && given->until != TIME_NONE) {
        timed_accepted(audit, rule, change);
        return;
    }
    if (!expect_any(&audit->expect, rule)) {
        return;
    }
    struct timed *row = expect_find(&audit->expect, rule,
                                    audit_instance_key(audit, &given->key, (struct slice){0}));
    if (!row || row->raised) {
        return;
    }
    if (set && message && message->transaction == row->transaction) {
        row->version = given->version; /* the answer itself knows better */
    } else if (gone || given->version != row->version) {
        expect_drop(&audit->expect, row);
    }
}

/* A server that forgot the instance numbers its next versions from 1 again. */
static bool is_same_time(const struct audit *audit, const struct timed *row,
                         const struct event *event)
{
    const struct category_fact *fact = &event->as.category;
    bool later = fact->publish_time != TIME_NONE && fact->publish_time > row->until;
    return fact->version == row->version && !later &&
           witness_hears(&audit->witness, &row->route, row->expected.since, event->origin.time);
}

void timed_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct category_fact *fact = &event->as.category;
    if (!expect_any(&audit->expect, rule) || !is_own_document(event)) {
        return;
    }
    struct timed *row =
        expect_find(&audit->expect, rule, audit_instance_key(audit, &fact->key, (struct slice){0}));
    if (row && !row->raised &&
        event->origin.time > time_after(row->until, audit_wait(audit, rule)) &&
        is_same_time(audit, row, event)) {
        raise_left(audit, &row->expected, event, row->until);
        row->raised = true;
    }
}

/* ---- presence-manual-state-old ---- */

void manual_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct category_fact *fact = &event->as.category;
    enum band band = band_of(fact->value.availability);
    bool chosen = fact->has_value && fact->value.kind == STATE_USER &&
                  fact->key.instance == CHOSEN_BUSY_INSTANCE &&
                  (band == BAND_BUSY || band == BAND_BUSY_IDLE || band == BAND_DO_NOT_DISTURB);
    if (!is_own_document(event) || !chosen || fact->expire_type != EXPIRE_TIME ||
        fact->expires != CHOSEN_LIFETIME || fact->publish_time == TIME_NONE) {
        return;
    }
    int64_t until = time_after(fact->publish_time, CHOSEN_LIFETIME * TIME_SECOND);
    const struct timed *timed =
        expect_find(&audit->expect, RULE_PRESENCE_TIMED_STATE_LEFT,
                    audit_instance_key(audit, &fact->key, (struct slice){0}));
    if (event->origin.time <= time_after(until, audit_wait(audit, rule)) ||
        (timed && timed->raised)) {
        return;
    }
    struct proof *proof = proof_new();
    proof_cite(&audit->proofs, proof, event->message);
    const struct verdict draft = {
        .rule = rule,
        .severity = SEVERITY_NOTE,
        .time = event->origin.time,
        .waited = time_apart(event->origin.time, fact->publish_time),
        .count = 1,
        .number = (uint64_t)fact->value.availability,
        .about = {.user = fact->key.user, .call_id = event->message->call_id},
        .proof = proof,
    };
    const struct slice words[] = {fact->key.user,
                                  {(const char *)&fact->publish_time, sizeof fact->publish_time}};
    verdict_group(&audit->verdicts, &draft, words, sizeof words / sizeof words[0]);
    proof_release(&audit->proofs, proof);
}
