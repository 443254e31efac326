/*
 * Findings while the run goes on. See verdict.h.
 */
#include "analyzer/audit/verdict.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/audit/sentence.h"
#include "analyzer/engine/buffer.h"

enum { GROUP_KEY_MAX = 4096, SENTENCE_MAX = 8192 };

void verdicts_init(struct verdicts *verdicts, struct map_seed seed, struct proofs *proofs,
                   size_t limit)
{
    *verdicts = (struct verdicts){.proofs = proofs, .limit = limit};
    map_init(&verdicts->groups, seed);
    map_init_numbers(&verdicts->claims, seed);
}

static void verdict_free(struct verdicts *verdicts, struct verdict *verdict)
{
    proof_release(verdicts->proofs, verdict->proof);
    subject_dispose(&verdict->about);
    free(verdict);
}

void verdicts_dispose(struct verdicts *verdicts)
{
    for (size_t i = 0; i < verdicts->count; i++) {
        verdict_free(verdicts, verdicts->all[i]);
    }
    free(verdicts->all);
    map_dispose(&verdicts->groups, NULL);
    map_dispose(&verdicts->claims, NULL);
}

void verdict_claim(struct verdicts *verdicts, uint64_t cause, enum rule_id rule)
{
    if (cause == 0) {
        return;
    }
    uintptr_t rank = (uintptr_t)rule_row(rule)->rank + 1;
    struct slice key = map_number_key(&cause);
    struct map_entry *entry = map_find_entry(&verdicts->claims, key);
    if (entry && (uintptr_t)entry->value >= rank) {
        return;
    }
    if (!entry && verdicts->claims.first && verdicts->claims.count >= 2 * verdicts->limit) {
        map_remove_entry(&verdicts->claims, verdicts->claims.first);
    }
    map_put(&verdicts->claims, key, (void *)rank);
}

bool verdict_outranked(const struct verdicts *verdicts, uint64_t cause, enum rule_id rule)
{
    if (cause == 0) {
        return false;
    }
    uintptr_t claimed = (uintptr_t)map_find(&verdicts->claims, map_number_key(&cause));
    return claimed > (uintptr_t)rule_row(rule)->rank + 1;
}

static bool has_place(struct verdicts *verdicts, const struct verdict *draft)
{
    bool note = draft->severity == SEVERITY_NOTE;
    if (verdicts->count >= verdicts->limit || (note && verdicts->notes >= verdicts->limit / 2)) {
        verdicts->refused++;
        return false;
    }
    verdicts->notes += note;
    return true;
}

struct verdict *verdict_raise(struct verdicts *verdicts, const struct verdict *draft)
{
    verdict_claim(verdicts, draft->cause, draft->rule);
    if (!has_place(verdicts, draft)) {
        return NULL;
    }
    struct verdict *verdict = memory_alloc(sizeof *verdict);
    *verdict = *draft;
    verdict->order = verdicts->count;
    verdict->proof = draft->proof ? proof_hold(draft->proof) : NULL;
    subject_keep(&verdict->about, &draft->about);
    if (verdicts->count == verdicts->capacity) {
        verdicts->capacity = verdicts->capacity > 0 ? verdicts->capacity * 2 : 64;
        verdicts->all = memory_grow(verdicts->all, verdicts->capacity, sizeof *verdicts->all);
    }
    verdicts->all[verdicts->count++] = verdict;
    return verdict;
}

/* The words with their lengths before them, so that no two lists give the same key. */
static void write_key(struct buffer *key, enum rule_id rule, const struct slice *words,
                      size_t word_count)
{
    buffer_append_u64(key, (uint64_t)rule);
    for (size_t i = 0; i < word_count; i++) {
        struct slice word = slice_sub(words[i], 0, GROUP_KEY_MAX / 8);
        buffer_append_byte(key, ' ');
        buffer_append_u64(key, word.size);
        buffer_append_byte(key, ':');
        buffer_append(key, word);
    }
}

/* A group has evidence of its own: it must not grow into the proof of one of its members. */
static void own_proof(struct verdicts *verdicts, struct verdict *verdict)
{
    struct proof *first = verdict->proof;
    if (first) {
        verdict->proof = proof_new();
        proof_join(verdicts->proofs, verdict->proof, first);
        proof_release(verdicts->proofs, first);
    }
}

static void group_join(struct verdicts *verdicts, struct verdict *group,
                       const struct verdict *draft)
{
    verdict_claim(verdicts, draft->cause, draft->rule);
    group->count += draft->count;
    if (draft->time < group->time) {
        group->time = draft->time;
    }
    if (draft->severity > group->severity) {
        verdicts->notes -= group->severity == SEVERITY_NOTE;
        group->severity = draft->severity;
    }
    subject_narrow(&group->about, &draft->about);
    if (draft->proof && group->proof) {
        proof_join(verdicts->proofs, group->proof, draft->proof);
    }
}

struct verdict *verdict_group(struct verdicts *verdicts, const struct verdict *draft,
                              const struct slice *words, size_t word_count)
{
    struct buffer key;
    buffer_init(&key, GROUP_KEY_MAX);
    write_key(&key, draft->rule, words, word_count);
    struct verdict *group = map_find(&verdicts->groups, buffer_slice(&key));
    if (group) {
        group_join(verdicts, group, draft);
    } else if ((group = verdict_raise(verdicts, draft)) != NULL) {
        own_proof(verdicts, group);
        map_put(&verdicts->groups, buffer_slice(&key), group);
    }
    buffer_dispose(&key);
    return group;
}

static int compare_evidence(const struct proof *a, const struct proof *b)
{
    bool has_a = a && a->count > 0;
    bool has_b = b && b->count > 0;
    if (!has_a || !has_b) {
        return has_a - has_b;
    }
    return origin_compare(&a->origins[0], &b->origins[0]);
}

static int compare_verdicts(const void *a, const void *b)
{
    const struct verdict *left = *(struct verdict *const *)a;
    const struct verdict *right = *(struct verdict *const *)b;
    if (left->time != right->time) {
        return left->time < right->time ? -1 : 1;
    }
    int order = compare_evidence(left->proof, right->proof);
    if (order == 0 && left->rule != right->rule) {
        order = strcmp(rule_info_of(left->rule)->name, rule_info_of(right->rule)->name);
    }
    return order != 0 ? order : (left->order > right->order) - (left->order < right->order);
}

static void report_one(const struct verdict *verdict, uint64_t id, uint32_t wait,
                       struct buffer *text, const struct finding_sink *sink)
{
    buffer_clear(text);
    sentence_write(text, verdict, wait);
    struct finding finding = {
        .id = id,
        .rule = rule_info_of(verdict->rule)->name,
        .severity = verdict->severity,
        .time = verdict->time,
        .message = buffer_slice(text),
        .user = verdict->about.user,
        .peer = verdict->about.peer,
        .room = verdict->about.room,
        .call_id = verdict->about.call_id,
        .flow = verdict->flow ? slice_of(verdict->flow) : (struct slice){0},
        .step = verdict->step ? slice_of(verdict->step) : (struct slice){0},
        .evidence = verdict->proof ? verdict->proof->origins : NULL,
        .evidence_count = verdict->proof ? verdict->proof->count : 0,
        .evidence_more = verdict->proof ? verdict->proof->more : 0,
        .basis = rule_info_of(verdict->rule)->basis,
    };
    sink->finding(sink->context, &finding);
}

void verdicts_report(struct verdicts *verdicts, const bool *muted, const uint32_t *waits,
                     const struct finding_sink *sink)
{
    for (size_t i = 0; i < verdicts->count; i++) {
        if (verdicts->all[i]->proof) {
            proof_sort(verdicts->all[i]->proof);
        }
    }
    if (verdicts->count > 1) {
        qsort(verdicts->all, verdicts->count, sizeof *verdicts->all, compare_verdicts);
    }
    struct buffer text;
    buffer_init(&text, SENTENCE_MAX);
    uint64_t id = 0;
    for (size_t i = 0; i < verdicts->count; i++) {
        const struct verdict *verdict = verdicts->all[i];
        if (!muted[verdict->rule] && !verdict_outranked(verdicts, verdict->cause, verdict->rule)) {
            report_one(verdict, ++id, waits[verdict->rule], &text, sink);
        }
    }
    buffer_dispose(&text);
}
