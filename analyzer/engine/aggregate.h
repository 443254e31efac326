/*
 * Live inputs in, aggregate out: what the server's aggregation script is
 * expected to make of them. A pure function.
 *
 * Normative: facts/presence.md 3.3, a reconstruction; [MS-PRES] could not be
 * read. Where the sheet admits several results (Busy with an away machine, the
 * number of Busy, idle) this gives the first of them, so a difference from the
 * server's own aggregateState is a note at most.
 */
#ifndef OCSIGHT_ANALYZER_ENGINE_AGGREGATE_H
#define OCSIGHT_ANALYZER_ENGINE_AGGREGATE_H

#include "analyzer/engine/state_value.h"

/* One live instance of the category "state" in one container, or a PIDF publication. */
struct aggregate_input {
    const struct state_value *value;
    int64_t published; /* ns */
};

struct aggregate {
    bool known; /* false: there was no input that says anything */
    int64_t availability;
    struct slice activity; /* borrowed from the inputs; "" = none */
    int64_t machine;       /* aggregateMachineState; AVAILABILITY_NONE without a machine */
};

struct aggregate aggregate_inputs(const struct aggregate_input *inputs, size_t count);

#endif
