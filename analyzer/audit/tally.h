/*
 * Counts a run: the part of the summary that follows from events, changes and
 * findings (analyzer/engine/summary.h, design.md section 3).
 *
 * Called by the pipeline beside the audit. Distinct identifiers cost 16 bytes
 * each up to limits.distinct; above it the summary says `exact` false.
 */
#ifndef OCSIGHT_ANALYZER_AUDIT_TALLY_H
#define OCSIGHT_ANALYZER_AUDIT_TALLY_H

#include "analyzer/engine/change.h"
#include "analyzer/engine/finding.h"
#include "analyzer/engine/limits.h"
#include "analyzer/engine/map.h"
#include "analyzer/engine/summary.h"

struct tally;

struct tally *tally_new(struct map_seed seed, const struct limits *limits);
void tally_free(struct tally *tally);

void tally_event(struct tally *tally, const struct event *event);
void tally_change(struct tally *tally, const struct change *change);
void tally_finding(struct tally *tally, const struct finding *finding);

/* Fills what it counted; slices and arrays live as long as the tally. Other members are left alone.
 */
void tally_fill(struct tally *tally, struct summary *out);

#endif
