/*
 * Evidence being gathered: the origins that prove a finding.
 *
 * A rule cites whole messages. All observations of a message count (a capture on
 * a front end sees it on two hops), and copies of a cited message that arrive
 * later are added by themselves: proofs_copy() looks up who cited it. A proof is
 * shared by holders (an expectation, a verdict, several of either) and counts
 * them; the last one to let go frees it.
 *
 * Bounded: a proof lists and cites at most limits.evidence; what goes beyond is
 * counted.
 */
#ifndef OCSIGHT_ANALYZER_AUDIT_PROOF_H
#define OCSIGHT_ANALYZER_AUDIT_PROOF_H

#include "analyzer/engine/arena.h"
#include "analyzer/engine/change.h"
#include "analyzer/engine/message.h"

/* One proof cites one message; linked with the proof's others, and in the table by message. */
struct citation {
    struct proof *proof;
    uint64_t message;
    struct citation *next_of_proof;
    struct citation *next;
    struct citation *previous;
};

enum { PROOF_FEW = 2 }; /* most proofs are a message, or one and its answer */

struct proof {
    struct origin *origins; /* in the order in which they came, each once */
    size_t count;
    size_t capacity;
    uint64_t more; /* origins beyond the cap */
    struct citation *citations;
    size_t citation_count;
    unsigned holders;
    struct citation first;        /* its first citation */
    struct origin few[PROOF_FEW]; /* its origins while there is room */
};

struct proofs {
    struct citation **cited; /* by message id: a place for each of so many that follow each other */
    size_t place_count;      /* a power of two, or 0 */
    size_t citation_count;
    struct arena rows; /* database rows that origins point to */
    size_t limit;
};

void proofs_init(struct proofs *proofs, size_t limit);
void proofs_dispose(struct proofs *proofs); /* after the last proof is gone */

/* An empty proof with one holder. */
struct proof *proof_new(void);
struct proof *proof_hold(struct proof *proof);
void proof_release(struct proofs *proofs, struct proof *proof); /* NULL is fine */

/* All observations of a message, and those to come. */
void proof_cite(struct proofs *proofs, struct proof *proof, const struct message *message);

/* One origin alone, for what no message carried. */
void proof_add(struct proofs *proofs, struct proof *proof, const struct origin *origin);

/* The message that caused a change; without one, where the change came from. */
void proof_cite_change(struct proofs *proofs, struct proof *proof, const struct change *change);

/* A response and the request that it answers. */
void proof_cite_answer(struct proofs *proofs, struct proof *proof, const struct message *message);

/* Everything the other one lists and cites. */
void proof_join(struct proofs *proofs, struct proof *into, const struct proof *from);

/* A later copy of a message: its origin goes to every proof that cites it. */
void proofs_copy(struct proofs *proofs, const struct message *message);

/* The id of the earliest message that it cites; 0 = none. */
uint64_t proof_first_message(const struct proof *proof);

/* Puts the origins into the order of the run. */
void proof_sort(struct proof *proof);

#endif
