/*
 * Live inputs in, aggregate out: what the server's aggregation script is
 * expected to make of them. Pure functions.
 *
 * Normative: facts/presence.md 3.3 and 3.5, a reconstruction; [MS-PRES] could
 * not be read. What the sheet documents or the patents claim is computed; what
 * it infers or leaves open widens the set of admitted results instead:
 *
 *   two machines or two user states of one time        either may be the one
 *   an input published together with the user's choice counts, or does not
 *   two clocks, the server's and the capture's          nearer than they may differ: either order
 *   the time of the most active machine                 its own, or that of the last change
 *   a static user state left under a timed one          either, or the less available of both
 *   no user state                                       Available is assumed, or nothing is
 *   busy at an inactive machine                         6000 to 8999
 *   busy at an away machine                             7500 to 8999, or the machine's number
 *   available at an away machine                        4500 to 5999, or the machine's number
 *   a PIDF publication                                  a call of its band, of any age, or nothing
 *   nobody registered                                   Offline, or what is left over
 *
 * The computed number is the first choice of each row. It is always admitted.
 */
#ifndef OCSIGHT_ANALYZER_ENGINE_AGGREGATE_H
#define OCSIGHT_ANALYZER_ENGINE_AGGREGATE_H

#include "analyzer/engine/change.h"
#include "analyzer/engine/state_value.h"

/* One live instance of the category "state" in one container, or a PIDF publication. */
struct aggregate_input {
    const struct state_value *value;
    int64_t published; /* ns */
    bool stamped;      /* by the server's clock; false: by the capture's */
    bool timed;        /* expireType time */
    bool pidf;
};

/* Which time the most active machine counts from. */
enum machine_clock {
    MACHINE_OWN_TIME,     /* the machine state did not change but by being published */
    MACHINE_CHANGED,      /* its own, or `machine_changed` */
    MACHINE_TIME_UNKNOWN, /* its own, or any other */
};

/* What the inputs do not say themselves. Zeroed = nothing special. */
struct aggregate_situation {
    bool gone; /* no endpoint of the user is registered */
    enum machine_clock machine_clock;
    int64_t machine_changed; /* ns */
    bool machine_stamped;
};

struct aggregate {
    bool known; /* false: there was no input that says anything */
    int64_t availability;
    struct slice activity; /* borrowed from the inputs; "" = none */
    int64_t machine;       /* aggregateMachineState; AVAILABILITY_NONE without a machine */
    enum aggregate_step step;
    struct admitted admitted;
};

/* `verdicts` gets one per input; NULL when nobody asks. */
struct aggregate aggregate_inputs(const struct aggregate_input *inputs, size_t count,
                                  const struct aggregate_situation *situation,
                                  enum input_verdict *verdicts);

/*
 * Whether the server's number is in the set, or cannot be judged: it has none, or
 * it says off-work, for which the rule is not known (presence.md 3.3 step 7).
 */
bool aggregate_admits(const struct admitted *admitted, int64_t availability, struct slice activity);

/* Also `low` to `high`. A set of more ranges than fit closes its narrowest gap. */
void admitted_add(struct admitted *admitted, int64_t low, int64_t high);

/* What a PIDF document of this value may be shown as: its band, and what 7.3 leaves open. */
void admitted_add_pidf(struct admitted *admitted, const struct state_value *value);

#endif
