/*
 * Versions of published categories. See rules_conflict.h.
 *
 * Facts: presence.md 1.1 and 1.2, rules V1, V2 and V3 ([MS-PRES] fault document; Lync schema
 * reference, enhanced presence category instances): the server raises the version
 * with every accepted change, and after a 409 the client publishes again with the
 * server's.
 */
#include "analyzer/audit/rules_conflict.h"

#include "analyzer/audit/state.h"

enum {
    STUCK_MEMORY = 32, /* s: an answer that has not come by then never does (RFC 3261 17.1.2.2) */
};

/* ---- publication-conflict-not-recovered ---- */

struct conflict {
    struct expectation expected; /* about.place is the endpoint */
    struct route route;          /* from the client to the server */
    uint64_t transaction;
    uint32_t current;
    int64_t again_at; /* ns: published again, too late; TIME_NONE = not at all */
};

static void conflicted(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct publication_change *given = &change->as.publication;
    const struct message *message = change->message;
    const struct subject about = {
        .user = given->key.user,
        .call_id = message->call_id,
        .what = given->key.name,
        .place = given->epid,
    };
    uint64_t number = audit_instance_key(audit, &given->key, given->key.user);
    struct conflict *row = expect_find(&audit->expect, rule, number);
    if (row && row->expected.overdue) {
        conflict_judge(audit, &row->expected); /* that one never recovered */
    }
    row = expect_add(&audit->expect, rule, number, change->time, &about, sizeof *row);
    if (!row) {
        return;
    }
    struct route route = route_of(&message->observed);
    row->route = route_back(&route);
    row->transaction = message->transaction;
    row->current = given->current_version;
    row->again_at = TIME_NONE;
    audit_cite(audit, row->expected.proof, change);
    verdict_claim(&audit->verdicts, cause_of(CAUSE_TRANSACTION, row->transaction), rule);
    expect_until(&audit->expect, &row->expected, time_after(change->time, audit_wait(audit, rule)));
}

/* The server's version or a newer one, or a deletion, which need not name it (1.1). */
void conflict_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct message *message = event->message;
    const struct category_fact *fact = &event->as.category;
    if (!message || !message->request || message->role != MESSAGE_FIRST ||
        !expect_any(&audit->expect, rule)) {
        return;
    }
    struct conflict *row = expect_find(&audit->expect, rule,
                                       audit_instance_key(audit, &fact->key, message->from.user));
    bool deletes = fact->empty && fact->expires == 0;
    if (!row || (!deletes && fact->version < row->current) ||
        !slice_equal_nocase(row->expected.about.place, message->from.epid)) {
        return;
    }
    if (row->expected.overdue) {
        row->again_at = event->origin.time;
        proof_cite(&audit->proofs, row->expected.proof, message);
        conflict_judge(audit, &row->expected);
    }
    expect_drop(&audit->expect, row);
}

/*
 * Somebody else's value stands by now, or the endpoint is gone: then there is nothing
 * left to publish.
 */
void conflict_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct publication_change *given = &change->as.publication;
    if (given->pidf) {
        return;
    }
    if (given->state == PUBLICATION_CONFLICT && change->message) {
        conflicted(audit, rule, change);
        return;
    }
    if (!expect_any(&audit->expect, rule)) {
        return;
    }
    bool overtaken = given->state == PUBLICATION_LIVE || given->state == PUBLICATION_MODIFIED ||
                     given->state == PUBLICATION_REMOVED || given->state == PUBLICATION_ENDED;
    struct conflict *row =
        expect_find(&audit->expect, rule, audit_instance_key(audit, &given->key, given->key.user));
    if (overtaken && row && !row->expected.overdue &&
        (given->state == PUBLICATION_REMOVED || given->state == PUBLICATION_ENDED ||
         given->version > row->current)) {
        expect_drop(&audit->expect, row);
    }
}

void conflict_overdue(struct audit *audit, struct expectation *expected)
{
    if (presences_endpoint_left(&audit->presences, expected->about.user, expected->about.place)) {
        expect_drop(&audit->expect, expected);
    }
}

void conflict_judge(struct audit *audit, struct expectation *expected)
{
    const struct conflict *row = (const struct conflict *)expected;
    int64_t due = time_after(expected->since, audit_wait(audit, expected->rule));
    if (!witness_hears(&audit->witness, &row->route, expected->since, due)) {
        return;
    }
    bool late = row->again_at != TIME_NONE;
    struct verdict draft = verdict_of(audit, expected, late ? SEVERITY_WARNING : SEVERITY_ERROR);
    draft.late = late;
    draft.waited = (late ? row->again_at : due) - expected->since;
    draft.number = row->current;
    draft.cause = cause_of(CAUSE_TRANSACTION, row->transaction);
    /* The copies for two containers conflict together. */
    const struct slice words[] = {expected->about.user,
                                  {(const char *)&row->transaction, sizeof row->transaction}};
    verdict_group(&audit->verdicts, &draft, words, sizeof words / sizeof words[0]);
}

/* ---- publication-conflict-repeated ---- */

struct fight {
    struct expectation expected; /* about.place is the endpoint that lost first */
    uint64_t transaction;        /* of the last conflict */
    uint64_t conflicts;
    bool two_endpoints;
};

static uint64_t fight_number(const struct audit *audit, const struct category_key *key)
{
    const struct slice words[] = {
        key->user, key->name, {(const char *)&key->instance, sizeof key->instance}};
    return audit_key(audit, words, sizeof words / sizeof words[0]);
}

/* The containers' copies of one state count as one. */
void fight_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct publication_change *given = &change->as.publication;
    const struct message *message = change->message;
    if (given->state != PUBLICATION_CONFLICT || !message) {
        return;
    }
    uint64_t number = fight_number(audit, &given->key);
    struct fight *row = expect_find(&audit->expect, rule, number);
    if (!row) {
        const struct subject about = {
            .user = given->key.user, .what = given->key.name, .place = given->epid};
        row = expect_add(&audit->expect, rule, number, change->time, &about, sizeof *row);
        if (!row) {
            return;
        }
    } else if (row->transaction == message->transaction) {
        return;
    }
    row->transaction = message->transaction;
    row->conflicts++;
    row->two_endpoints =
        row->two_endpoints || !slice_equal_nocase(row->expected.about.place, given->epid);
    audit_cite(audit, row->expected.proof, change);
    expect_until(&audit->expect, &row->expected, time_after(change->time, audit_wait(audit, rule)));
}

void fight_judge(struct audit *audit, struct expectation *expected)
{
    const struct fight *row = (const struct fight *)expected;
    if (row->conflicts > 1) {
        struct verdict draft = verdict_of(audit, expected, SEVERITY_NOTE);
        draft.count = row->conflicts;
        draft.about.detail = row->two_endpoints ? slice_of("two endpoints") : (struct slice){0};
        verdict_raise(&audit->verdicts, &draft);
    }
}

/* A while without another conflict: it is over. */
void fight_overdue(struct audit *audit, struct expectation *expected)
{
    fight_judge(audit, expected);
    expect_drop(&audit->expect, expected);
}

/* ---- publication-version-stuck ---- */

struct asked {
    struct expectation expected;
    uint32_t version;
};

static uint64_t asked_number(const struct audit *audit, const struct event *event)
{
    const struct category_key *key = &event->as.category.key;
    const uint64_t place[3] = {event->message->transaction, key->instance, key->container};
    const struct slice words[] = {{(const char *)place, sizeof place}, key->name};
    return audit_key(audit, words, sizeof words / sizeof words[0]);
}

static void version_asked(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct category_fact *fact = &event->as.category;
    const struct message *message = event->message;
    if (fact->empty || !fact->has_version) {
        return;
    }
    const struct subject about = {
        .user = fact->key.user.size > 0 ? fact->key.user : message->from.user,
        .call_id = message->call_id,
        .what = fact->key.name,
    };
    struct asked *row = expect_add(&audit->expect, rule, asked_number(audit, event),
                                   event->origin.time, &about, sizeof *row);
    if (row) {
        row->version = fact->version;
        proof_cite(&audit->proofs, row->expected.proof, message);
        expect_until(&audit->expect, &row->expected,
                     time_after(event->origin.time, STUCK_MEMORY * TIME_SECOND));
    }
}

static void version_told(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct category_fact *fact = &event->as.category;
    const struct message *message = event->message;
    struct asked *row = expect_find(&audit->expect, rule, asked_number(audit, event));
    if (!row || fact->empty || !fact->has_version) {
        return;
    }
    if (fact->version <= row->version) {
        struct verdict draft = verdict_of(audit, &row->expected, SEVERITY_NOTE);
        draft.time = event->origin.time;
        draft.number = fact->version;
        proof_cite(&audit->proofs, row->expected.proof, message);
        const struct slice words[] = {
            draft.about.user, {(const char *)&message->transaction, sizeof message->transaction}};
        verdict_group(&audit->verdicts, &draft, words, sizeof words / sizeof words[0]);
    }
    expect_drop(&audit->expect, row);
}

/* EVENT_PUBLICATION asks, EVENT_CATEGORY in the 2xx to it answers. */
void version_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct message *message = event->message;
    if (!message || message->method != SIP_SERVICE || message->role != MESSAGE_FIRST ||
        message->transaction == 0) {
        return;
    }
    if (event->kind == EVENT_PUBLICATION && message->request) {
        version_asked(audit, rule, event);
    } else if (event->kind == EVENT_CATEGORY && message->status >= 200 && message->status < 300) {
        version_told(audit, rule, event);
    }
}
