/*
 * What the capture can tell: the guard of every rule that concludes something
 * from silence.
 *
 * Keeps, from the events of the run: from which host answers to which other host
 * were ever seen; where bytes of a flow are missing, unreadable or in one
 * direction only; how far each input reaches; and from when on a reached cap means
 * that something may have been forgotten. A rule asks at the end of the input, so
 * that what was learned later counts too.
 */
#ifndef OCSIGHT_ANALYZER_AUDIT_WITNESS_H
#define OCSIGHT_ANALYZER_AUDIT_WITNESS_H

#include "analyzer/engine/event.h"
#include "analyzer/engine/limits.h"
#include "analyzer/engine/map.h"

/* One direction of a flow, in one input. */
struct route {
    struct address source;
    struct address destination;
    uint32_t input;
};

struct witness {
    struct map answers; /* (source host, destination host) of responses that were seen */
    struct map holes;   /* directed flow, two hosts, or the host told -> what is missing */
    struct map flows;   /* directed flow -> time of its last message; the idlest goes first */
    struct map inputs;  /* input -> its last time */
    size_t limit;
    int64_t blind_from; /* ns: a cap was reached that makes silence meaningless */
    int64_t end;        /* ns: end of a run with a single input; TIME_NONE before */
};

void witness_init(struct witness *witness, struct map_seed seed, const struct limits *limits);
void witness_dispose(struct witness *witness);

void witness_event(struct witness *witness, const struct event *event);
void witness_end(struct witness *witness, int64_t now);

struct route route_of(const struct observation *observed);
struct route route_back(const struct route *route);
bool route_equal(const struct route *a, const struct route *b);

/*
 * Was everything on this direction readable from `from` to `until`? The input must reach so far, or
 * the stream go on without a gap in another one.
 */
bool witness_hears(const struct witness *witness, const struct route *route, int64_t from,
                   int64_t until);

/* The same of all connections from the one host to the other; of all to that host, from anybody. */
bool witness_hears_host(const struct witness *witness, const struct route *route, int64_t from,
                        int64_t until);
bool witness_hears_all(const struct witness *witness, const struct route *route, int64_t from,
                       int64_t until);

/* Were responses from the destination of this route to its source ever seen? */
bool witness_answers(const struct witness *witness, const struct route *route);

#endif
