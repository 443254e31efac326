/*
 * A store as an input: what it kept of captures, given back in the order of their packets.
 *
 *   rows of each run -> merged by time -> inputs.c, beside the packets of captures
 *
 * Called by inputs.c alone. A store stands for the captures that were kept in it: each of them
 * is an input of the run, with its own name and numbers. Runs are merged as their captures
 * would be, by (time, input).
 */
#ifndef OCSIGHT_ANALYZER_REPLAY_H
#define OCSIGHT_ANALYZER_REPLAY_H

#include "analyzer/engine/event.h"
#include "analyzer/engine/map.h"
#include "analyzer/engine/message.h"
#include "analyzer/engine/summary.h"

/* What was kept of one packet or of a message that several packets carried. */
struct replayed {
    int64_t time;                /* its place among other inputs: (time, input) */
    const struct sip_unit *unit; /* a message as framed; else NULL */
    const struct event *event;   /* an event without a message; else NULL */
    uint64_t order;              /* as in its store: equal for what came of one packet */
    uint32_t input;              /* index of the run's inputs */
};

struct replay;

/* Is this file, by its content, a database? Standard input and pipes are never asked. */
bool replay_is_store(const char *path);

/*
 * Never NULL; replay_problem() says why nothing can be read. Its inputs get the indexes from
 * `first_input` on, its connections and web calls the numbers behind `base`.
 */
struct replay *replay_open(const char *path, uint32_t first_input, uint64_t base,
                           struct map_seed seed);
void replay_close(struct replay *replay);
const char *replay_problem(const struct replay *replay);

/* The inputs that it stands for; complete at the end. */
const struct input_info *replay_inputs(const struct replay *replay, size_t *count);

/* More than any number that it gives to a connection, less `base`. */
uint64_t replay_numbers(const struct replay *replay);

/* Does it hold one run only? Then its own order numbers can be used. */
bool replay_is_single(const struct replay *replay);

/* What comes next, borrowed until replay_step(); NULL at the end. */
const struct replayed *replay_next(struct replay *replay);
void replay_step(struct replay *replay);

/* ---- after the end ---- */

/* What is to be said about it, one line; "" = nothing. */
const char *replay_remark(struct replay *replay);

/* What was found of its inputs as a whole. */
void replay_settle(const struct replay *replay, const struct event_sink *sink);

/* Adds its packets and streams. */
void replay_count(const struct replay *replay, struct summary *summary);

/* Is anything of it missing, or was it missing in the captures? */
bool replay_damaged(const struct replay *replay);

#endif
