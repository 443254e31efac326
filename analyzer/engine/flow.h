/*
 * Call flows as the audit recognises them (design.md section 5): which step of which flow a
 * message is, and a whole flow once it is over.
 *
 * Plain data. Names are constants of the tables in analyzer/audit/flow_tables.c; the rest is
 * borrowed until the callback that received it returns.
 */
#ifndef OCSIGHT_ANALYZER_ENGINE_FLOW_H
#define OCSIGHT_ANALYZER_ENGINE_FLOW_H

#include <stdbool.h>

#include "analyzer/engine/origin.h"

enum flow_outcome {
    FLOW_COMPLETE,    /* every step that had to come was seen, in order */
    FLOW_INCOMPLETE,  /* a step is missing or misplaced, or the flow broke off */
    FLOW_IN_PROGRESS, /* its end was not captured, or cannot be observed */
    FLOW_JOINED,      /* its opening was not captured: nothing is expected of it */
};

enum flow_step_outcome {
    FLOW_STEP_SEEN,
    FLOW_STEP_MISSING,
    FLOW_STEP_MISPLACED, /* came before a step that it needs */
    FLOW_STEP_ABSENT,    /* optional, and it did not come */
    FLOW_STEP_UNTOLD,    /* the capture cannot tell: "not-observable" */
    FLOW_STEP_PENDING,   /* two looks at a database show that it has not come yet */
};

/* A message turned out to be part of a step. It comes after the message, at times much later. */
struct flow_label {
    uint64_t message; /* its id */
    const char *flow;
    const char *step;
    unsigned number; /* of the step, as the flow's source counts */
    bool answer;     /* it only answers the message that is the step */
};

struct flow_step_view {
    const char *name;
    unsigned number;
    enum flow_step_outcome outcome;
    int64_t time;         /* ns: first sight, or look; TIME_NONE unless it was seen */
    struct origin origin; /* packet, element of an export, or row; record 0 unless it was seen */
};

/* One flow of one user, when it is over. */
struct flow_view {
    const char *flow;
    const char *generation; /* "2007 R2/2010", "2013+", "any" */
    struct slice user;
    const struct slice *call_ids; /* in the order of first sight */
    size_t call_id_count;
    enum flow_outcome outcome;
    int64_t start; /* ns: first and last step that was seen */
    int64_t end;
    const struct flow_step_view *steps; /* all of its table, in the table's order */
    size_t step_count;
};

struct flow_sink {
    void *context;
    void (*label)(void *context, const struct flow_label *label);
    void (*flow)(void *context, const struct flow_view *flow);
};

/* Names as they stand in JSON and text output; never NULL. */
const char *flow_outcome_name(enum flow_outcome outcome);           /* "joined-in-progress" ... */
const char *flow_step_outcome_name(enum flow_step_outcome outcome); /* "optional-absent" ... */

#endif
