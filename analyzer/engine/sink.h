/*
 * Whoever wants to see a run: events, changes and findings as they come.
 *
 * The pipeline offers everything to an array of sinks, in the order of the run:
 * an event first, then the changes it caused; labels as soon as a message is known
 * to be a step of a call flow; flows as they end; findings at the end, sorted. All
 * of it is borrowed until the function returns. A NULL function means that the
 * sink does not care.
 */
#ifndef OCSIGHT_ANALYZER_ENGINE_SINK_H
#define OCSIGHT_ANALYZER_ENGINE_SINK_H

#include "analyzer/engine/change.h"
#include "analyzer/engine/finding.h"
#include "analyzer/engine/flow.h"

struct sink {
    void *context;
    void (*event)(void *context, const struct event *event);
    void (*change)(void *context, const struct change *change);
    void (*finding)(void *context, const struct finding *finding);
    void (*label)(void *context, const struct flow_label *label);
    void (*flow)(void *context, const struct flow_view *flow);
};

#endif
