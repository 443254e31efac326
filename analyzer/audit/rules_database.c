/*
 * Rules over database rows. See database.h.
 *
 *   database-publication-stale, -expired, -doubled, database-endpoint-orphaned,
 *   database-aggregate-unexpected, database-presence-differs, database-post-missing,
 *   coverage-database
 *
 * The rules of a capture that ask the same (presence-aggregate-unexpected, publish-expired,
 * publish-doubled) wait for packets and judge what was heard meanwhile. Rows have no meanwhile:
 * hence rules, guards and waiting times of their own.
 */
#include "analyzer/audit/database.h"

#include "analyzer/audit/rules_aggregate.h"
#include "analyzer/audit/state.h"
#include "analyzer/engine/buffer.h"

enum { WORDS_MAX = 160 };

/* What a user's rows say together is one cause: an old row explains a wrong aggregate. */
static uint64_t cause_of_user(const struct audit *audit, struct slice user)
{
    return cause_of(CAUSE_SHOWN, audit_key(audit, &user, 1));
}

int64_t audit_row_grace(const struct audit *audit)
{
    return audit_wait(audit, RULE_DATABASE_PUBLICATION_EXPIRED);
}

int64_t audit_presence_grace(const struct audit *audit)
{
    return audit_wait(audit, RULE_DATABASE_PRESENCE_DIFFERS);
}

int64_t audit_post_grace(const struct audit *audit)
{
    return audit_wait(audit, RULE_DATABASE_POST_MISSING);
}

static bool is_of(const struct origin *origin, const char *database)
{
    return origin->row && slice_equal_nocase(origin->row->database, slice_of(database));
}

/* ---- stale ---- */

/* What ends when its user signs out: not what has a time of its own to end at. */
static bool ends_with_session(const struct event *event)
{
    return event->kind == EVENT_CATEGORY && is_of(&event->origin, "rtcdyn") &&
           event->as.category.expire_type != EXPIRE_TIME;
}

static void judge_stale(struct audit *audit, const struct database_scope *scope,
                        const struct live_person *person)
{
    int64_t latest = TIME_NONE;
    struct proof *proof = proof_new();
    uint64_t count = 0;
    for (size_t i = 0; i < person->event_count; i++) {
        const struct event *event = &person->events[i];
        if (ends_with_session(event)) {
            proof_add(&audit->proofs, proof, &event->origin);
            latest = event->origin.time > latest ? event->origin.time : latest;
            count++;
        }
    }
    int64_t wait = audit_wait(audit, RULE_DATABASE_PUBLICATION_STALE);
    if (count > 0 && latest != TIME_NONE && latest < time_add(scope->now, -wait)) {
        const struct verdict draft = {
            .rule = RULE_DATABASE_PUBLICATION_STALE,
            .severity = SEVERITY_WARNING,
            .time = latest,
            .waited = time_apart(scope->now, latest),
            .count = count,
            .cause = cause_of_user(audit, person->user),
            .about = {.user = person->user},
            .proof = proof,
        };
        verdict_raise(&audit->verdicts, &draft);
    }
    proof_release(&audit->proofs, proof);
}

/* ---- expired ---- */

static void judge_expired(struct audit *audit, const struct live_person *person)
{
    struct proof *proof = proof_new();
    struct verdict draft = {
        .rule = RULE_DATABASE_PUBLICATION_EXPIRED,
        .severity = SEVERITY_WARNING,
        .time = TIME_NONE,
        .cause = cause_of_user(audit, person->user),
        .about = {.user = person->user},
        .proof = proof,
    };
    for (size_t i = 0; i < person->note_count; i++) {
        const struct live_note *note = &person->notes[i];
        if (note->kind == LIVE_EXPIRED) {
            proof_add(&audit->proofs, proof, &note->origin);
            draft.about.what = draft.count == 0 ? note->key.name : draft.about.what;
            draft.time = note->origin.time > draft.time ? note->origin.time : draft.time;
            draft.count++;
        }
    }
    if (draft.count > 0) {
        verdict_raise(&audit->verdicts, &draft);
    }
    proof_release(&audit->proofs, proof);
}

/* ---- doubled ---- */

static const struct event *winner_of(const struct live_person *person, const struct live_note *note)
{
    for (size_t i = 0; i < person->event_count; i++) {
        const struct event *event = &person->events[i];
        const struct category_key *key = &event->as.category.key;
        if (event->kind == EVENT_CATEGORY && event->origin.row && note->origin.row &&
            key->container == note->key.container && key->instance == note->key.instance &&
            slice_equal_nocase(key->name, note->key.name) &&
            slice_equal(event->origin.row->server, note->origin.row->server) &&
            slice_equal(event->origin.row->table, note->origin.row->table)) {
            return event;
        }
    }
    return NULL;
}

/* A row that changes while it is read comes twice: such a pair is as young as the reading. */
static void judge_doubled(struct audit *audit, const struct database_scope *scope,
                          const struct live_person *person, const struct live_note *note)
{
    const struct event *winner = winner_of(person, note);
    int64_t limit = time_add(scope->now, -audit_wait(audit, RULE_DATABASE_PUBLICATION_DOUBLED));
    if (!winner || !note->key.has_instance || winner->origin.time == TIME_NONE ||
        note->origin.time == TIME_NONE || winner->origin.time > limit ||
        note->origin.time > limit) {
        return;
    }
    struct proof *proof = proof_new();
    proof_add(&audit->proofs, proof, &note->origin);
    proof_add(&audit->proofs, proof, &winner->origin);
    const struct verdict draft = {
        .rule = RULE_DATABASE_PUBLICATION_DOUBLED,
        .severity = SEVERITY_WARNING,
        .time = winner->origin.time,
        .count = 1,
        .cause = cause_of_user(audit, person->user),
        .about = {.user = person->user,
                  .what = note->key.name,
                  .place = winner->origin.row->server},
        .proof = proof,
    };
    const struct slice words[] = {person->user, note->key.name};
    verdict_group(&audit->verdicts, &draft, words, sizeof words / sizeof words[0]);
    proof_release(&audit->proofs, proof);
}

void audit_person(struct audit *audit, const struct database_scope *scope,
                  const struct live_person *person)
{
    if (scope->covered && person->in_directory && person->sees_endpoints &&
        !live_is_registered(person)) {
        judge_stale(audit, scope, person);
    }
    judge_expired(audit, person);
    for (size_t i = 0; i < person->note_count; i++) {
        if (person->notes[i].kind == LIVE_OLDER) {
            judge_doubled(audit, scope, person, &person->notes[i]);
        }
    }
}

/* ---- aggregates ---- */

/*
 * A server makes an aggregate some time after what it is made of, and of what it has itself:
 * replicas of an input may be ahead of it elsewhere.
 */
static bool has_settled(const struct audit *audit, const struct database_scope *scope,
                        const struct aggregate_change *given, const struct origin *server)
{
    int64_t limit = time_add(scope->now, -audit_wait(audit, RULE_DATABASE_AGGREGATE_UNEXPECTED));
    for (size_t i = 0; i < given->input_count; i++) {
        const struct origin *input = &given->inputs[i].origin;
        bool there =
            input->row && server->row && slice_equal(input->row->server, server->row->server);
        if (!there || input->time == TIME_NONE || input->time > limit) {
            return false;
        }
    }
    return given->input_count > 0;
}

static void judge_aggregate(struct audit *audit, const struct change *change, bool machine)
{
    const struct aggregate_change *given = &change->as.aggregate;
    const struct origin *server = machine ? &given->server_machine_origin : &given->server_origin;
    struct buffer expected;
    struct proof *proof = proof_new();
    buffer_init(&expected, WORDS_MAX);
    aggregate_put_expected(&expected, given, machine);
    aggregate_cite(audit, proof, given, machine);
    const struct verdict draft = {
        .rule = RULE_DATABASE_AGGREGATE_UNEXPECTED,
        .severity = machine ? SEVERITY_WARNING : SEVERITY_NOTE,
        .late = machine,
        .time = server->time,
        .number = (uint64_t)(machine ? given->server_machine : given->server),
        .count = 1,
        .cause = cause_of_user(audit, given->user),
        .about = {.user = given->user,
                  .place = slice_of(given->container == 3 ? "container 3" : "container 2"),
                  .detail = buffer_slice(&expected)},
        .proof = proof,
    };
    verdict_raise(&audit->verdicts, &draft);
    buffer_dispose(&expected);
    proof_release(&audit->proofs, proof);
}

void audit_row_change(struct audit *audit, const struct database_scope *scope,
                      const struct change *change)
{
    const struct aggregate_change *given = &change->as.aggregate;
    if (change->kind != CHANGE_AGGREGATE || !given->complete) {
        return;
    }
    if (given->machine_told && !given->machine_agrees &&
        has_settled(audit, scope, given, &given->server_machine_origin)) {
        judge_aggregate(audit, change, true);
    } else if (given->told && !given->agrees && !aggregate_may_be_a_gateways(given) &&
               has_settled(audit, scope, given, &given->server_origin)) {
        judge_aggregate(audit, change, false);
    }
}

/* ---- endpoints ---- */

void audit_orphan(struct audit *audit, const struct orphan *orphan)
{
    static const char *const words[] = {
        [ORPHAN_EXPIRED] = "ran out and is still there",
        [ORPHAN_UNREGISTERED] = "belongs to no registration",
        [ORPHAN_WITHOUT_OWNER] = "is registered for nobody",
        [ORPHAN_WITHOUT_ENDPOINT] = "is registered without being there",
    };
    struct proof *proof = proof_new();
    proof_add(&audit->proofs, proof, &orphan->origin);
    const struct verdict draft = {
        .rule = RULE_DATABASE_ENDPOINT_ORPHANED,
        .severity = SEVERITY_WARNING,
        .time = orphan->origin.time,
        .count = 1,
        .about = {.user = orphan->user,
                  .what = orphan->id,
                  .place = orphan->origin.row ? orphan->origin.row->server : slice_of(""),
                  .detail = slice_of(words[orphan->kind])},
        .proof = proof,
    };
    verdict_raise(&audit->verdicts, &draft);
    proof_release(&audit->proofs, proof);
}

/* ---- what cannot be judged ---- */

void audit_distrust_clock(struct audit *audit)
{
    audit->muted[RULE_DATABASE_PUBLICATION_EXPIRED] = true;
    audit->muted[RULE_DATABASE_PUBLICATION_STALE] = true;
    audit->muted[RULE_DATABASE_ENDPOINT_ORPHANED] = true;
}

void audit_row_gap(struct audit *audit, struct slice server, struct slice what, int64_t now)
{
    const struct verdict draft = {
        .rule = RULE_COVERAGE_DATABASE,
        .severity = SEVERITY_NOTE,
        .time = now,
        .count = 1,
        .about = {.place = server, .what = what},
    };
    verdict_raise(&audit->verdicts, &draft);
}

/* ---- against a trace ---- */

void audit_presence_differs(struct audit *audit, const struct presence_pair *pair)
{
    struct proof *proof = proof_new();
    proof_add(&audit->proofs, proof, pair->source);
    proof_add(&audit->proofs, proof, pair->row);
    const struct verdict draft = {
        .rule = RULE_DATABASE_PRESENCE_DIFFERS,
        .severity = SEVERITY_WARNING,
        .time = pair->traced,
        .count = 1,
        .cause = cause_of_user(audit, pair->user),
        .about = {.user = pair->user, .what = pair->trace, .detail = pair->rows},
        .proof = proof,
    };
    verdict_raise(&audit->verdicts, &draft);
    proof_release(&audit->proofs, proof);
}

void audit_post_missing(struct audit *audit, const struct missing_post *post)
{
    struct proof *proof = proof_new();
    proof_add(&audit->proofs, proof, post->post);
    const struct verdict draft = {
        .rule = RULE_DATABASE_POST_MISSING,
        .severity = SEVERITY_WARNING,
        .time = post->posted,
        .count = 1,
        .about = {.user = post->author, .room = post->room, .room_name = post->room_name},
        .proof = proof,
        .flow = NULL,
    };
    verdict_raise(&audit->verdicts, &draft);
    proof_release(&audit->proofs, proof);
}
