/*
 * The presence and chat state engine: events in, changes out.
 *
 * A pure library: no I/O, no clock, no globals, no locale. Time comes in with
 * the events; what runs out in between fires before the event that is later.
 * The pipeline feeds it in the order of the run; a replay, a text log and a
 * database feed it the same way. Its memory follows what is live (users,
 * endpoints, open sessions, undelivered posts), never the length of the input.
 */
#ifndef OCSIGHT_ANALYZER_ENGINE_ENGINE_H
#define OCSIGHT_ANALYZER_ENGINE_ENGINE_H

#include "analyzer/engine/change.h"
#include "analyzer/engine/limits.h"
#include "analyzer/engine/map.h"

struct engine;

/*
 * `sink` gets the changes; `caps` gets an EVENT_COVERAGE of COVERAGE_CAP the
 * first time each cap is reached. Both must outlive the engine.
 */
struct engine *engine_new(struct map_seed seed, const struct limits *limits,
                          const struct change_sink *sink, const struct event_sink *caps);
void engine_free(struct engine *engine);

/* Handles one event, after everything that ran out before its time. */
void engine_feed(struct engine *engine, const struct event *event);

/* Fires what runs out at or before `now`, as when time passes with no event. */
void engine_tick(struct engine *engine, int64_t now);

/* The input ends at `now`. What is still open stays open; nothing is invented. */
void engine_end(struct engine *engine, int64_t now);

#endif
