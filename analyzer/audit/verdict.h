/*
 * Findings while the run goes on: raised, grouped, outranked, and at the end put
 * in order and handed out.
 *
 * One cause, one finding: a rule that has something to say about a cause (a
 * transaction, a post, a command, a dialog, what one watcher is shown of one user) claims it with
 * its rank; a verdict whose cause was claimed by a higher rank is dropped at the end. A rule that
 * is switched off still claims, so that switching a rule off never makes another one speak.
 */
#ifndef OCSIGHT_ANALYZER_AUDIT_VERDICT_H
#define OCSIGHT_ANALYZER_AUDIT_VERDICT_H

#include "analyzer/audit/proof.h"
#include "analyzer/audit/rules.h"
#include "analyzer/audit/subject.h"

/* What a finding can be about; 0 is no cause. Ids below 2^60. */
enum cause_kind { CAUSE_TRANSACTION = 1, CAUSE_POST, CAUSE_COMMAND, CAUSE_SHOWN, CAUSE_DIALOG };

static inline uint64_t cause_of(enum cause_kind kind, uint64_t id)
{
    return (uint64_t)kind << 60 | (id & (UINT64_MAX >> 4));
}

/* A rule fills one as a draft; `about` is then borrowed and `proof` stays the rule's. */
struct verdict {
    enum rule_id rule;
    enum severity severity;
    bool late;       /* the sentence for "too late" */
    int64_t time;    /* ns */
    int64_t waited;  /* ns, for the sentence */
    uint64_t number; /* status, diagnostics id, code, bytes: for the sentence */
    uint64_t count;  /* how many it stands for */
    uint64_t cause;  /* cause_of(), 0 = none */
    struct subject about;
    struct proof *proof; /* NULL = the run itself is the evidence */
    const char *flow;    /* the call flow and its step that it is about; NULL = none */
    const char *step;
    uint64_t order; /* private: when it was raised */
};

struct verdicts {
    struct verdict **all;
    size_t count;
    size_t capacity;
    size_t limit;
    size_t notes;     /* of them; notes fill at most half, so that a flood of them hides no error */
    uint64_t refused; /* that found no place */
    struct map groups; /* key -> struct verdict */
    struct map claims; /* cause -> rank + 1 */
    struct proofs *proofs;
};

void verdicts_init(struct verdicts *verdicts, struct map_seed seed, struct proofs *proofs,
                   size_t limit);
void verdicts_dispose(struct verdicts *verdicts);

/* A finding of its own; claims draft->cause. The kept one, or NULL when it found no place. */
struct verdict *verdict_raise(struct verdicts *verdicts, const struct verdict *draft);

/*
 * As verdict_raise, but drafts of one rule with the same group words become one
 * finding: the counts add up, the first time stays, the evidence is joined.
 */
struct verdict *verdict_group(struct verdicts *verdicts, const struct verdict *draft,
                              const struct slice *words, size_t word_count);

/* Says that `rule` deals with this cause, whether or not it will raise anything. */
void verdict_claim(struct verdicts *verdicts, uint64_t cause, enum rule_id rule);

/* Does a rule of a higher rank deal with it? */
bool verdict_outranked(const struct verdicts *verdicts, uint64_t cause, enum rule_id rule);

/*
 * Everything that is neither outranked nor switched off, sorted by (time, first
 * evidence, rule), numbered and given to the sink.
 */
void verdicts_report(struct verdicts *verdicts, const bool *muted, const uint32_t *waits,
                     const struct finding_sink *sink);

#endif
