/*
 * What a flow lacks: private to flow.c and flow_judge.c.
 */
#ifndef OCSIGHT_ANALYZER_AUDIT_FLOW_JUDGE_H
#define OCSIGHT_ANALYZER_AUDIT_FLOW_JUDGE_H

#include "analyzer/audit/flow.h"

/* Nothing more needs to come. */
bool flow_is_done(const struct flow_run *run);

/* A step may be missing or misplaced: to be decided when all is known. */
bool flow_is_questionable(const struct call_flows *flows, const struct flow_run *run);

/* To the sink, and with a witness what is wrong with it to the verdicts. */
void flow_report(struct call_flows *flows, const struct flow_run *run,
                 const struct witness *witness, struct verdicts *verdicts);

/* A finding of another rule about that message is about this step. */
void flow_explain(struct call_flows *flows, uint64_t message, enum flow_kind kind, size_t step);

#endif
