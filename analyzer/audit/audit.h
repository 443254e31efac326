/*
 * The audit: rules over events and changes, findings out.
 *
 * A second pure library on top of the engine: no I/O, no clock, no globals. The
 * pipeline offers it every event and every change in the order of the run (an
 * event first, then the changes it caused). A rule is a row of the table in
 * analyzer/audit/rules.c plus a short function; what rules share (waiting for something until a
 * deadline, knowing what was not captured) is analyzer/audit/expect.h and
 * analyzer/audit/witness.h.
 *
 * A rule never fires when its guard says that the capture cannot tell. Sources:
 * design.md section 4, facts/xccos.md section 6, facts/presence.md section 10.
 */
#ifndef OCSIGHT_ANALYZER_AUDIT_AUDIT_H
#define OCSIGHT_ANALYZER_AUDIT_AUDIT_H

#include "analyzer/engine/change.h"
#include "analyzer/engine/finding.h"
#include "analyzer/engine/flow.h"
#include "analyzer/engine/limits.h"
#include "analyzer/engine/map.h"

/* What `ocsight rules` prints of one rule. */
struct rule_info {
    const char *name;       /* stable slug */
    enum severity severity; /* the highest it gives */
    const char *meaning;    /* fires when */
    const char *reason;     /* why that is a fault, or worth knowing */
    const char *guard;      /* when it stays silent because the capture cannot tell */
    const char *basis;      /* document and section */
    uint32_t wait;          /* seconds it waits, 0 = none; --limit NAME=SECONDS changes it */
};

/* The rules one after the other, from 0; NULL behind the last. */
const struct rule_info *audit_rule(size_t index);

/* NULL when there is no such rule. */
const struct rule_info *audit_rule_find(struct slice name);

struct audit;

struct audit *audit_new(struct map_seed seed, const struct limits *limits,
                        const struct finding_sink *sink);
void audit_free(struct audit *audit);

/* Before the first event: who wants the labels of messages and the flows. */
void audit_watch_flows(struct audit *audit, const struct flow_sink *sink);

/* Before the first event. False when there is no such rule. */
bool audit_enable(struct audit *audit, struct slice rule, bool on);
void audit_disable_all(struct audit *audit);
bool audit_set_wait(struct audit *audit, struct slice rule, uint32_t seconds);

/*
 * Where exports of the compliance service are told, before the first event (archive.h). Without
 * one nothing is compared.
 */
struct archive;
struct archive *audit_archive(struct audit *audit);

/*
 * Where rows of the compliance database are told, after the last event and before audit_end()
 * (stored.h). stored_expect() comes before the first event; without it nothing is compared.
 */
struct stored;
struct stored *audit_stored(struct audit *audit);

void audit_event(struct audit *audit, const struct event *event);
void audit_change(struct audit *audit, const struct change *change);

/*
 * The input ends at `now`: what can still be decided is, then all findings go to
 * the sink, sorted by (time, first evidence, rule) and numbered.
 */
void audit_end(struct audit *audit, int64_t now);

#endif
