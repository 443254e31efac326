/*
 * The aggregation of facts/presence.md 3.3, step by step. See aggregate.h.
 */
#include "analyzer/engine/aggregate.h"

/* The user state where none is published: presence.md 3.3 step 2 (inferred). */
enum { ASSUMED_USER_AVAILABILITY = 3500, BUSY_IDLE_AVAILABILITY = 7500 };

struct chosen {
    const struct aggregate_input *machine;
    const struct aggregate_input *user;
    const struct aggregate_input *winner; /* the input that gave the availability */
    int64_t availability;
};

static bool says(const struct aggregate_input *input, enum state_kind kind)
{
    return input->value->kind == kind && input->value->availability != AVAILABILITY_NONE;
}

/* Step 1: the most active device is the one with the lowest number, the newest of equals. */
static void choose_machine(struct chosen *chosen, const struct aggregate_input *input)
{
    const struct aggregate_input *best = chosen->machine;
    if (!best || input->value->availability < best->value->availability ||
        (input->value->availability == best->value->availability &&
         input->published > best->published)) {
        chosen->machine = input;
    }
}

/* Step 2. */
static void choose_user(struct chosen *chosen, const struct aggregate_input *input)
{
    if (!chosen->user || input->published > chosen->user->published) {
        chosen->user = input;
    }
}

static bool is_call_or_meeting(enum state_kind kind)
{
    return kind == STATE_PHONE || kind == STATE_CALENDAR || kind == STATE_CONFERENCE;
}

/* Step 3: the machine, calls and meetings count unless they are older than the user's choice. */
static bool counts(const struct chosen *chosen, const struct aggregate_input *input)
{
    if (input->value->availability == AVAILABILITY_NONE) {
        return false;
    }
    bool kind = input == chosen->machine || is_call_or_meeting(input->value->kind);
    return kind && (!chosen->user || input->published >= chosen->user->published);
}

static void take_highest(struct chosen *chosen, const struct aggregate_input *input)
{
    if (input->value->availability > chosen->availability ||
        (!chosen->winner && input->value->availability == chosen->availability)) {
        chosen->availability = input->value->availability;
        chosen->winner = input;
    }
}

/* Step 5: busy at an inactive machine. */
static void apply_busy_idle(struct chosen *chosen)
{
    if (band_of(chosen->availability) == BAND_BUSY && chosen->machine &&
        counts(chosen, chosen->machine) &&
        band_of(chosen->machine->value->availability) == BAND_AVAILABLE_IDLE) {
        chosen->availability = BUSY_IDLE_AVAILABILITY;
    }
}

/* Step 6: the winner's own activity first, then the newest that fits. */
static struct slice choose_activity(const struct chosen *chosen,
                                    const struct aggregate_input *inputs, size_t count)
{
    struct slice activity = {0};
    if (chosen->winner) {
        activity = state_value_activity(chosen->winner->value, chosen->availability);
    }
    if (activity.size > 0) {
        return activity;
    }
    int64_t newest = INT64_MIN;
    for (size_t i = 0; i < count; i++) {
        const struct state_value *value = inputs[i].value;
        if (&inputs[i] != chosen->user && !is_call_or_meeting(value->kind)) {
            continue;
        }
        struct slice token = state_value_activity(value, chosen->availability);
        if (token.size > 0 && inputs[i].published >= newest) {
            newest = inputs[i].published;
            activity = token;
        }
    }
    return activity;
}

struct aggregate aggregate_inputs(const struct aggregate_input *inputs, size_t count)
{
    struct chosen chosen = {.availability = ASSUMED_USER_AVAILABILITY};
    bool known = false;
    for (size_t i = 0; i < count; i++) {
        if (says(&inputs[i], STATE_MACHINE)) {
            choose_machine(&chosen, &inputs[i]);
        } else if (says(&inputs[i], STATE_USER)) {
            choose_user(&chosen, &inputs[i]);
        }
        known = known || inputs[i].value->availability != AVAILABILITY_NONE;
    }
    if (chosen.user) {
        chosen.availability = chosen.user->value->availability;
        chosen.winner = chosen.user;
    }
    for (size_t i = 0; i < count; i++) {
        if (counts(&chosen, &inputs[i])) {
            take_highest(&chosen, &inputs[i]);
        }
    }
    apply_busy_idle(&chosen);
    return (struct aggregate){
        .known = known,
        .availability = known ? chosen.availability : AVAILABILITY_NONE,
        .activity = known ? choose_activity(&chosen, inputs, count) : (struct slice){0},
        .machine = chosen.machine ? chosen.machine->value->availability : AVAILABILITY_NONE,
    };
}
