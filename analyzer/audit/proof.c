/*
 * Evidence being gathered. See proof.h.
 */
#include "analyzer/audit/proof.h"

#include <stdlib.h>
#include <string.h>

enum { PROOF_PLACES = 64 };

void proofs_init(struct proofs *proofs, size_t limit)
{
    *proofs = (struct proofs){.limit = limit > 0 ? limit : 1};
    arena_init(&proofs->rows);
}

void proofs_dispose(struct proofs *proofs)
{
    free(proofs->cited);
    arena_dispose(&proofs->rows);
}

struct proof *proof_new(void)
{
    struct proof *proof = memory_alloc(sizeof *proof);
    *proof = (struct proof){.origins = proof->few, .capacity = PROOF_FEW, .holders = 1};
    return proof;
}

struct proof *proof_hold(struct proof *proof)
{
    proof->holders++;
    return proof;
}

/* Ids count up: those of a time lie side by side. */
static struct citation **place_of(const struct proofs *proofs, uint64_t message)
{
    return &proofs->cited[message & (proofs->place_count - 1)];
}

static void link_citation(struct proofs *proofs, struct citation *citation)
{
    struct citation **place = place_of(proofs, citation->message);
    citation->previous = NULL;
    citation->next = *place;
    if (citation->next) {
        citation->next->previous = citation;
    }
    *place = citation;
}

static void unlink_citation(struct proofs *proofs, struct citation *citation)
{
    if (citation->next) {
        citation->next->previous = citation->previous;
    }
    if (citation->previous) {
        citation->previous->next = citation->next;
    } else {
        *place_of(proofs, citation->message) = citation->next;
    }
    proofs->citation_count--;
}

static void grow(struct proofs *proofs)
{
    struct citation **old = proofs->cited;
    size_t count = proofs->place_count;
    proofs->place_count = count > 0 ? count * 2 : PROOF_PLACES;
    proofs->cited = memory_zero(proofs->place_count, sizeof *proofs->cited);
    for (size_t i = 0; i < count; i++) {
        struct citation *next = NULL;
        for (struct citation *citation = old[i]; citation; citation = next) {
            next = citation->next;
            link_citation(proofs, citation);
        }
    }
    free(old);
}

void proof_release(struct proofs *proofs, struct proof *proof)
{
    if (!proof || --proof->holders > 0) {
        return;
    }
    struct citation *citation = proof->citations;
    while (citation) {
        struct citation *next = citation->next_of_proof;
        unlink_citation(proofs, citation);
        if (citation != &proof->first) {
            free(citation);
        }
        citation = next;
    }
    if (proof->origins != proof->few) {
        free(proof->origins);
    }
    free(proof);
}

static bool same_origin(const struct origin *a, const struct origin *b)
{
    return origin_compare(a, b) == 0 && a->offset == b->offset && a->stream == b->stream &&
           a->stream_offset == b->stream_offset && !a->row && !b->row;
}

/* Origins come in the order of the run, so a repeat is nearly always among the last ones. */
static bool lists(const struct proof *proof, const struct origin *origin)
{
    for (size_t i = proof->count; i > 0; i--) {
        if (same_origin(&proof->origins[i - 1], origin)) {
            return true;
        }
    }
    return false;
}

static const struct origin_row *keep_row(struct arena *arena, const struct origin_row *row)
{
    struct origin_row *kept = arena_alloc(arena, sizeof *kept);
    *kept = (struct origin_row){
        .server = arena_keep(arena, row->server),
        .database = arena_keep(arena, row->database),
        .table = arena_keep(arena, row->table),
        .key = arena_keep(arena, row->key),
    };
    return kept;
}

static void grow_origins(struct proof *proof)
{
    bool few = proof->origins == proof->few;
    proof->capacity *= 2;
    proof->origins =
        memory_grow(few ? NULL : proof->origins, proof->capacity, sizeof *proof->origins);
    if (few) {
        memcpy(proof->origins, proof->few, sizeof proof->few);
    }
}

void proof_add(struct proofs *proofs, struct proof *proof, const struct origin *origin)
{
    if (lists(proof, origin)) {
        return;
    }
    if (proof->count >= proofs->limit) {
        proof->more++;
        return;
    }
    if (proof->count == proof->capacity) {
        grow_origins(proof);
    }
    struct origin *kept = &proof->origins[proof->count++];
    *kept = *origin;
    if (origin->row) {
        kept->row = keep_row(&proofs->rows, origin->row);
    }
}

static bool cites(const struct proof *proof, uint64_t message)
{
    const struct citation *citation = proof->citations;
    while (citation && citation->message != message) {
        citation = citation->next_of_proof;
    }
    return citation != NULL;
}

static void cite(struct proofs *proofs, struct proof *proof, uint64_t message)
{
    if (message == 0 || proof->citation_count >= proofs->limit || cites(proof, message)) {
        return;
    }
    if (proofs->citation_count >= proofs->place_count) {
        grow(proofs);
    }
    struct citation *citation = proof->citations ? memory_alloc(sizeof *citation) : &proof->first;
    *citation =
        (struct citation){.proof = proof, .message = message, .next_of_proof = proof->citations};
    link_citation(proofs, citation);
    proof->citations = citation;
    proof->citation_count++;
    proofs->citation_count++;
}

void proof_cite(struct proofs *proofs, struct proof *proof, const struct message *message)
{
    for (size_t i = 0; i < message->observation_count; i++) {
        proof_add(proofs, proof, &message->observations[i].origin);
    }
    proof_add(proofs, proof, &message->observed.origin);
    cite(proofs, proof, message->id);
}

void proof_cite_change(struct proofs *proofs, struct proof *proof, const struct change *change)
{
    if (change->message) {
        proof_cite(proofs, proof, change->message);
    } else {
        proof_add(proofs, proof, &change->origin);
    }
}

void proof_cite_answer(struct proofs *proofs, struct proof *proof, const struct message *message)
{
    proof_cite(proofs, proof, message);
    if (message->request_kept) {
        proof_add(proofs, proof, &message->request_kept->origin);
    }
}

void proof_join(struct proofs *proofs, struct proof *into, const struct proof *from)
{
    for (size_t i = 0; i < from->count; i++) {
        proof_add(proofs, into, &from->origins[i]);
    }
    into->more += from->more;
    for (const struct citation *c = from->citations; c; c = c->next_of_proof) {
        cite(proofs, into, c->message);
    }
}

void proofs_copy(struct proofs *proofs, const struct message *message)
{
    struct citation *citation = proofs->citation_count > 0 ? *place_of(proofs, message->id) : NULL;
    for (; citation; citation = citation->next) {
        if (citation->message == message->id) {
            proof_add(proofs, citation->proof, &message->observed.origin);
        }
    }
}

static int compare_origins(const void *a, const void *b)
{
    const struct origin *left = a;
    const struct origin *right = b;
    int order = origin_compare(left, right);
    if (order != 0) {
        return order;
    }
    if (left->stream != right->stream) {
        return left->stream < right->stream ? -1 : 1;
    }
    return (left->stream_offset > right->stream_offset) -
           (left->stream_offset < right->stream_offset);
}

void proof_sort(struct proof *proof)
{
    if (proof->count > 1) {
        qsort(proof->origins, proof->count, sizeof *proof->origins, compare_origins);
    }
}

/* Ids ascend in the order of the run. */
uint64_t proof_first_message(const struct proof *proof)
{
    uint64_t first = 0;
    for (const struct citation *citation = proof->citations; citation;
         citation = citation->next_of_proof) {
        first = first == 0 || citation->message < first ? citation->message : first;
    }
    return first;
}
