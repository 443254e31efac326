/*
 * This audit against an earlier one: which findings are new, the same, gone.
 *
 * What makes two findings the same fault? Never their number or their packets, which differ in
 * every capture; and not the severity, which a later version may judge differently. Always equal
 * are rule, user, peer, room, call flow and step. The rest decides only which of several such
 * findings belong together, as in a count of each: every finding has at most one partner. They
 * are paired in turns, the surest first:
 *
 *  1. with the same Call-ID at the same time: the same capture audited again, after a rule changed;
 *  2. with the same Call-ID and sentence, 3. with the same Call-ID: another capture of that call,
 *     or clocks that were set;
 *  4. with the same sentence, 5. with none of these: a new capture of the same system, in which
 *     every Call-ID and every time is another one.
 *
 * So a user who had three stale watchers and has four now has one new finding, whichever it is.
 * Two faults that one rule tells of the same parties by its sentence alone count as the same.
 *
 * Used by the audit command, which tells every finding of the run and then asks.
 */
#ifndef OCSIGHT_ANALYZER_BASELINE_H
#define OCSIGHT_ANALYZER_BASELINE_H

#include "analyzer/engine/limits.h"
#include "analyzer/exit_status.h"
#include "reports/audit_baseline.h"

struct baseline;

/*
 * Reads the earlier audit. NULL after one line on standard error; *status then says why.
 * `redacted`: this run shows pseudonyms, so one that shows names is refused.
 */
struct baseline *baseline_open(const char *path, bool redacted, const struct limits *limits,
                               enum exit_status *status);
void baseline_free(struct baseline *baseline);

/* One finding of this run; they come in the order of their ids, from 1. */
void baseline_take(struct baseline *baseline, const struct finding *finding);

/* After the last finding; lives as long as the baseline. */
const struct audit_baseline *baseline_settle(struct baseline *baseline);

/* After settling: is there a new finding of that severity or a worse one? */
bool baseline_has_new(const struct baseline *baseline, enum severity severity);

#endif
