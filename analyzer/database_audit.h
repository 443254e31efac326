/*
 * The audit of database rows: peers -> rows_feed -> an engine for each user -> rules over rows.
 *
 * Called by `audit --server` and `audit SNAPSHOT`. Rows and packets have an engine each; where
 * both are there, what the packets' engine said last is compared with the rows (design.md 5: two
 * engines, never merged). Findings are kept until they are handed out, in their order.
 */
#ifndef OCSIGHT_ANALYZER_DATABASE_AUDIT_H
#define OCSIGHT_ANALYZER_DATABASE_AUDIT_H

#include "analyzer/engine/sink.h"
#include "analyzer/pipeline.h"
#include "sql/peer.h"

struct database_order {
    int64_t now; /* the moment that the rows are judged for */
    uint64_t max_rows;
    const struct slice *users; /* as rows_feed.h */
    size_t user_count;
    const struct rule_choice *rules;
    size_t rule_count;
    struct map_seed seed;
    const struct limits *limits;
};

struct database_audit;

/* `order` is copied, what it points to must outlive the audit. NULL and one line: no such rule. */
struct database_audit *database_audit_new(const struct database_order *order, char *problem,
                                          size_t problem_size);
void database_audit_free(struct database_audit *database);

/* What a trace says on its way to the end. */
void database_audit_watch_event(struct database_audit *database, const struct event *event);
void database_audit_watch_change(struct database_audit *database, const struct change *change);

/* Reads one peer; the answer is its first fault that means that its rows are not whole. */
struct peer_answer database_audit_gather(struct database_audit *database, struct peer *peer);

/* A server that could not be asked, or anything else that the output must say. */
void database_audit_remark(struct database_audit *database, struct slice server, const char *words);

/* After all peers, and the trace: judges and compares. False when rows were lost on the way. */
bool database_audit_run(struct database_audit *database);

/*
 * Its findings in the order of the report, from 0. What they point to lives as long as the audit.
 */
size_t database_audit_count(const struct database_audit *database);
const struct finding *database_audit_finding(const struct database_audit *database, size_t index);

uint64_t database_audit_users(const struct database_audit *database);

#endif
