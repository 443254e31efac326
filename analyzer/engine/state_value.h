/*
 * A published state as the engine keeps it, and what it means as a number.
 *
 * struct presence_value (event.h) is borrowed and wide; this is the part that
 * decides a band, in memory of its own. PIDF documents become values of the
 * same kind (facts/presence.md 7.3).
 */
#ifndef OCSIGHT_ANALYZER_ENGINE_STATE_VALUE_H
#define OCSIGHT_ANALYZER_ENGINE_STATE_VALUE_H

#include "analyzer/engine/bands.h"
#include "analyzer/engine/event.h"

struct state_activity {
    struct slice token;
    uint32_t min; /* shown when min <= availability <= max */
    uint32_t max;
};

struct state_value {
    enum state_kind kind;
    int64_t availability; /* AVAILABILITY_NONE */
    size_t activity_count;
    struct state_activity *activities; /* one block, the tokens behind them; NULL without */
};

/* A copy; release with state_value_drop(). */
struct state_value state_value_keep(const struct presence_value *value);
struct state_value state_value_copy(const struct state_value *value);

/* The meaning of a PIDF document: kind STATE_PHONE, STATE_NONE when it says nothing. */
struct state_value state_value_keep_pidf(const struct pidf_fact *fact);

void state_value_drop(struct state_value *value);

bool state_value_equal(const struct state_value *a, const struct state_value *b);

/* The first activity whose range holds `availability`; "" without. */
struct slice state_value_activity(const struct state_value *value, int64_t availability);

/*
 * The band of a state. An aggregateState without availability is Offline
 * (presence.md 4.3); any other without one says nothing.
 */
enum band state_band(enum state_kind kind, int64_t availability);

#endif
