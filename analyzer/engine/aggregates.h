/*
 * CHANGE_AGGREGATE: what the server should make of a user's inputs, beside what
 * it says that it made of them (aggregate.h, facts/presence.md part 3).
 *
 * Whatever touches an input, or tells the server's aggregate, marks the user;
 * once the message is over the user is told, one change for each of the two
 * aggregation containers. Costs one walk over the user's own publications.
 */
#ifndef OCSIGHT_ANALYZER_ENGINE_AGGREGATES_H
#define OCSIGHT_ANALYZER_ENGINE_AGGREGATES_H

#include "analyzer/engine/instances.h"

/* The containers whose inputs are aggregated, as a set. */
enum aggregated { AGGREGATED_2 = 1 << 0, AGGREGATED_3 = 1 << 1, AGGREGATED_BOTH = 3 };

/* Something of these containers changed; another container marks nothing. */
void aggregates_mark(struct core *core, struct user *user, unsigned containers);
unsigned aggregates_of(uint32_t container);

/* Tells all that are marked; their cause is the last thing that marked one. */
void aggregates_tell(struct core *core);

/* The inputs of one container, and of PIDF, in core->scratch; how many there are. */
size_t aggregates_gather(struct core *core, const struct presence *presence, uint32_t container,
                         bool pidf, bool causes);

/* What the inputs do not say themselves. */
struct aggregate_situation aggregates_situation(const struct user *user, uint32_t container);

#endif
