/*
 * The inside of an audit, for the files that hold rules. Nobody else includes it.
 */
#ifndef OCSIGHT_ANALYZER_AUDIT_STATE_H
#define OCSIGHT_ANALYZER_AUDIT_STATE_H

#include "analyzer/audit/archive.h"
#include "analyzer/audit/copies.h"
#include "analyzer/audit/expect.h"
#include "analyzer/audit/flow.h"
#include "analyzer/audit/legs.h"
#include "analyzer/audit/presences.h"
#include "analyzer/audit/room_names.h"
#include "analyzer/audit/sessions.h"
#include "analyzer/audit/stored.h"
#include "analyzer/audit/verdict.h"
#include "analyzer/audit/witness.h"

/* The rules that want to see one kind of event or change, in the order of the table. */
struct rule_list {
    size_t count;
    enum rule_id rules[RULES];
};

struct audit {
    struct map_seed seed;
    struct limits limits;
    struct finding_sink sink;
    bool muted[RULES];
    uint32_t wait[RULES]; /* seconds */
    struct rule_list events[EVENT_KINDS];
    struct rule_list changes[CHANGE_KINDS];
    int64_t now; /* ns: the latest time seen */
    struct proofs proofs;
    struct expect expect;
    struct verdicts verdicts;
    struct witness witness;
    struct sessions sessions;
    struct legs legs;
    struct presences presences;
    struct copies copies;
    struct archive archive;
    struct stored stored;
    struct room_names room_names;
    bool echoes;          /* a captured post came back to its author */
    bool forgetful;       /* old posts were forgotten: history is no longer told from new */
    uint64_t newest_post; /* the highest id of a message seen so far */
    struct call_flows flows;
};

/* The waiting time of a rule, ns. */
static inline int64_t audit_wait(const struct audit *audit, enum rule_id rule)
{
    return (int64_t)audit->wait[rule] * TIME_SECOND;
}

/* A hash over several words, for keys that have no number of their own. */
uint64_t audit_key(const struct audit *audit, const struct slice *words, size_t count);

/* The same of one session in one room. */
uint64_t audit_place_key(const struct audit *audit, uint64_t session, struct slice room);

/* The same of one published instance in one container; `user` where the key names none. */
uint64_t audit_instance_key(const struct audit *audit, const struct category_key *key,
                            struct slice user);

/* What proves a change: its message and the request that it answers, else its origin alone. */
void audit_cite(struct audit *audit, struct proof *proof, const struct change *change);

/* The `overdue` of rules that only remember something for a while. */
void audit_forget(struct audit *audit, struct expectation *expected);

/* A draft with what an expectation kept: its names, its proof, its time. */
struct verdict verdict_of(const struct audit *audit, const struct expectation *expected,
                          enum severity severity);

#endif
