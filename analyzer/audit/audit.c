/*
 * The audit: who sees what, in which order. See audit.h.
 *
 * For each event: first what ran out before it, then the witness, then the proofs
 * that cite the message, then the rules in the order of their table.
 */
#include "analyzer/audit/audit.h"

#include <stdlib.h>

#include "analyzer/audit/rules_compliance.h"
#include "analyzer/audit/state.h"
#include "analyzer/engine/arena.h"
#include "analyzer/engine/buffer.h"

const struct rule_info *audit_rule(size_t index)
{
    return index < RULES ? rule_info_of((enum rule_id)index) : NULL;
}

static enum rule_id rule_find(struct slice name)
{
    size_t rule = 0;
    while (rule < RULES && !slice_equal(slice_of(rule_info_of((enum rule_id)rule)->name), name)) {
        rule++;
    }
    return (enum rule_id)rule;
}

const struct rule_info *audit_rule_find(struct slice name)
{
    enum rule_id rule = rule_find(name);
    return rule < RULES ? rule_info_of(rule) : NULL;
}

static void list_add(struct rule_list *list, enum rule_id rule)
{
    list->rules[list->count++] = rule;
}

/* Most rules want few kinds: none is asked in vain. */
static void list_rules(struct audit *audit)
{
    for (int rule = 0; rule < RULES; rule++) {
        for (int kind = 0; kind < EVENT_KINDS; kind++) {
            if (rule_row(rule)->events & RULE_WANTS(kind)) {
                list_add(&audit->events[kind], (enum rule_id)rule);
            }
        }
        for (int kind = 0; kind < CHANGE_KINDS; kind++) {
            if (rule_row(rule)->changes & RULE_WANTS(kind)) {
                list_add(&audit->changes[kind], (enum rule_id)rule);
            }
        }
    }
}

struct audit *audit_new(struct map_seed seed, const struct limits *limits,
                        const struct finding_sink *sink)
{
    struct audit *audit = memory_zero(1, sizeof *audit);
    audit->seed = seed;
    audit->limits = *limits;
    audit->sink = *sink;
    audit->now = INT64_MIN;
    for (size_t rule = 0; rule < RULES; rule++) {
        audit->wait[rule] = rule_info_of(rule)->wait;
    }
    list_rules(audit);
    proofs_init(&audit->proofs, limits->evidence);
    expect_init(&audit->expect, seed, &audit->proofs, limits->expectations);
    verdicts_init(&audit->verdicts, seed, &audit->proofs, limits->findings);
    witness_init(&audit->witness, seed, limits);
    seen_sessions_init(&audit->sessions, seed, limits);
    legs_init(&audit->legs, seed, limits, &audit->proofs);
    presences_init(&audit->presences, seed, limits, &audit->proofs);
    copies_init(&audit->copies, seed, limits, &audit->proofs);
    archive_init(&audit->archive, seed, limits);
    stored_init(&audit->stored, seed, limits);
    room_names_init(&audit->room_names, seed, limits);
    call_flows_init(&audit->flows, seed, limits, &audit->proofs, &audit->sessions, &audit->archive,
                    &audit->stored);
    return audit;
}

void audit_free(struct audit *audit)
{
    if (!audit) {
        return;
    }
    archive_dispose(&audit->archive);
    stored_dispose(&audit->stored);
    room_names_dispose(&audit->room_names);
    call_flows_dispose(&audit->flows);
    copies_dispose(&audit->copies);
    presences_dispose(&audit->presences);
    legs_dispose(&audit->legs);
    seen_sessions_dispose(&audit->sessions);
    witness_dispose(&audit->witness);
    verdicts_dispose(&audit->verdicts);
    expect_dispose(&audit->expect);
    proofs_dispose(&audit->proofs);
    free(audit);
}

struct archive *audit_archive(struct audit *audit)
{
    return &audit->archive;
}

struct stored *audit_stored(struct audit *audit)
{
    return &audit->stored;
}

void audit_watch_flows(struct audit *audit, const struct flow_sink *sink)
{
    audit->flows.sink = *sink;
}

bool audit_enable(struct audit *audit, struct slice name, bool on)
{
    enum rule_id rule = rule_find(name);
    if (rule < RULES) {
        audit->muted[rule] = !on;
    }
    return rule < RULES;
}

void audit_disable_all(struct audit *audit)
{
    for (size_t rule = 0; rule < RULES; rule++) {
        audit->muted[rule] = true;
    }
}

bool audit_set_wait(struct audit *audit, struct slice name, uint32_t seconds)
{
    enum rule_id rule = rule_find(name);
    if (rule < RULES) {
        audit->wait[rule] = seconds;
    }
    return rule < RULES;
}

/* The words' hashes are keyed, so that nobody can aim at what a multiplication makes of them. */
uint64_t audit_key(const struct audit *audit, const struct slice *words, size_t count)
{
    uint64_t key = count;
    for (size_t i = 0; i < count; i++) {
        key = (key ^ map_hash(audit->seed, words[i])) * UINT64_C(0x9e3779b97f4a7c15);
        key ^= key >> 32;
    }
    return key;
}

uint64_t audit_place_key(const struct audit *audit, uint64_t session, struct slice room)
{
    const struct slice words[] = {map_number_key(&session), room};
    return audit_key(audit, words, sizeof words / sizeof words[0]);
}

uint64_t audit_instance_key(const struct audit *audit, const struct category_key *key,
                            struct slice user)
{
    const uint32_t place[2] = {key->instance, key->container};
    const struct slice words[] = {
        key->user.size > 0 ? key->user : user, key->name, {(const char *)place, sizeof place}};
    return audit_key(audit, words, sizeof words / sizeof words[0]);
}

void audit_cite(struct audit *audit, struct proof *proof, const struct change *change)
{
    if (change->message) {
        proof_cite_answer(&audit->proofs, proof, change->message);
    } else {
        proof_add(&audit->proofs, proof, &change->origin);
    }
}

void audit_forget(struct audit *audit, struct expectation *expected)
{
    expect_drop(&audit->expect, expected);
}

struct verdict verdict_of(const struct audit *audit, const struct expectation *expected,
                          enum severity severity)
{
    return (struct verdict){
        .rule = expected->rule,
        .severity = severity,
        .time = expected->since,
        .waited = audit_wait(audit, expected->rule),
        .count = 1,
        .about = expected->about,
        .proof = expected->proof,
    };
}

static void pass_deadlines(struct audit *audit, int64_t now)
{
    struct expectation *expected;
    while ((expected = expect_next_overdue(&audit->expect, now)) != NULL) {
        const struct rule *rule = rule_row(expected->rule);
        if (rule->overdue) {
            rule->overdue(audit, expected);
        }
    }
}

static void advance(struct audit *audit, int64_t now)
{
    if (now > audit->now) {
        audit->now = now;
        pass_deadlines(audit, now);
        call_flows_advance(&audit->flows, now);
    }
}

void audit_event(struct audit *audit, const struct event *event)
{
    const struct message *message = event->kind == EVENT_MESSAGE ? event->message : NULL;
    bool copy = message && message->role != MESSAGE_FIRST;
    advance(audit, event->origin.time);
    witness_event(&audit->witness, event);
    archive_event(&audit->archive, event);
    stored_event(&audit->stored, event);
    if (copy) {
        proofs_copy(&audit->proofs, message);
    }
    legs_event(&audit->legs, event);
    call_flows_event(&audit->flows, event);
    const struct rule_list *list = &audit->events[event->kind];
    for (size_t i = 0; i < list->count; i++) {
        const struct rule *row = rule_row(list->rules[i]);
        if (!copy || row->copies) {
            row->event(audit, list->rules[i], event);
        }
    }
}

/* A state that ran out comes with the next event: what was due before it is overdue first. */
void audit_change(struct audit *audit, const struct change *change)
{
    advance(audit, change->time);
    seen_sessions_change(&audit->sessions, change);
    legs_change(&audit->legs, change);
    presences_change(&audit->presences, change);
    copies_change(&audit->copies, &audit->presences, change);
    archive_change(&audit->archive, &audit->sessions, change);
    stored_change(&audit->stored, change);
    room_names_change(&audit->room_names, change);
    call_flows_change(&audit->flows, change);
    const struct rule_list *list = &audit->changes[change->kind];
    for (size_t i = 0; i < list->count; i++) {
        rule_row(list->rules[i])->change(audit, list->rules[i], change);
    }
}

/* Oldest first, each gone when judged; what a judgement adds is judged after it. */
static void judge_all(struct audit *audit)
{
    struct expectation *expected;
    while ((expected = expect_first(&audit->expect)) != NULL) {
        const struct rule *rule = rule_row(expected->rule);
        if (rule->judge && (expected->overdue || rule->holds)) {
            rule->judge(audit, expected);
        }
        expect_drop(&audit->expect, expected);
    }
}

/* The audit's own caps, said like everybody else's. */
static void tell_cap(struct audit *audit, const char *name, uint64_t count)
{
    if (count == 0) {
        return;
    }
    struct verdict draft = {
        .rule = RULE_COVERAGE_CAP,
        .severity = SEVERITY_NOTE,
        .time = audit->now,
        .count = count,
        .about = {.what = slice_of(name)},
    };
    audit->verdicts.limit += 2; /* always has a place, notes too */
    verdict_raise(&audit->verdicts, &draft);
}

/* Rooms that got their name only after what was found about them. */
static void name_rooms(struct audit *audit)
{
    for (size_t i = 0; i < audit->verdicts.count; i++) {
        struct subject *about = &audit->verdicts.all[i]->about;
        if (about->room.size > 0 && about->room_name.size == 0) {
            about->room_name = room_names_find(&audit->room_names, about->room);
        }
    }
}

/* What is found about a step of a flow says so. */
static void name_steps(struct audit *audit)
{
    for (size_t i = 0; i < audit->verdicts.count; i++) {
        struct verdict *verdict = audit->verdicts.all[i];
        if (!verdict->flow && verdict->proof) {
            call_flows_label_of(&audit->flows, verdict->proof, &verdict->flow, &verdict->step);
        }
    }
}

void audit_end(struct audit *audit, int64_t now)
{
    if (now > audit->now) {
        audit->now = now;
    }
    pass_deadlines(audit, time_after(audit->now, 1));
    witness_end(&audit->witness, audit->now);
    archive_settle(&audit->archive, audit_wait(audit, RULE_COMPLIANCE_NOT_ARCHIVED));
    stored_settle(&audit->stored, audit_wait(audit, RULE_COMPLIANCE_ROW_MISSING));
    judge_all(audit);
    compliance_judge(audit);
    call_flows_end(&audit->flows, &audit->witness, &audit->verdicts);
    name_steps(audit);
    name_rooms(audit);
    tell_cap(audit, "expectations", audit->expect.refused);
    tell_cap(audit, "sessions", audit->sessions.refused + audit->legs.refused);
    tell_cap(audit, "watched", audit->presences.refused + audit->copies.refused);
    tell_cap(audit, "compliance_rows", audit->archive.refused + audit->stored.refused);
    tell_cap(audit, "flows", audit->flows.refused);
    tell_cap(audit, "findings", audit->verdicts.refused);
    verdicts_report(&audit->verdicts, audit->muted, audit->wait, &audit->sink);
}
