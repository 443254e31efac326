/*
 * Telling aggregates. See aggregates.h.
 */
#include "analyzer/engine/aggregates.h"

#include "analyzer/engine/publications.h"

/* presence.md 2.4 */
enum { INSTANCE_AGGREGATE = 1, INSTANCE_AGGREGATE_MACHINE = 0x10000000 };

unsigned aggregates_of(uint32_t container)
{
    switch (container) {
    case 2:
        return AGGREGATED_2;
    case 3:
        return AGGREGATED_3;
    default:
        return 0;
    }
}

void aggregates_mark(struct core *core, struct user *user, unsigned containers)
{
    struct presence *presence = &user->presence;
    if (containers == 0) {
        return;
    }
    presence->aggregates_due |= containers;
    if (!presence->aggregates_link.next) {
        list_append(&core->aggregates, &presence->aggregates_link);
    }
    core->aggregates_time = core->time;
    core->aggregates_origin = core_origin(core);
}

/* ---- the inputs ---- */

size_t aggregates_gather(struct core *core, const struct presence *presence, uint32_t container,
                         bool pidf, bool causes)
{
    struct scratch *scratch =
        core_scratch(core, presence->instances.count + presence->publications.count + 1);
    size_t count =
        instances_inputs(presence, container, scratch->inputs, causes ? scratch->causes : NULL);
    if (pidf) {
        count += publications_inputs(presence, scratch->inputs + count,
                                     causes ? scratch->causes + count : NULL);
    }
    return count;
}

static const struct instance *server_state(const struct user *user, uint32_t number,
                                           uint32_t container, enum state_kind kind)
{
    const struct instance *instance = instance_find(user, slice_of("state"), number, container);
    return instance && instance->value.kind == kind ? instance : NULL;
}

/* The server's own time of the machine state counts most; it is told of container 2 only. */
struct aggregate_situation aggregates_situation(const struct user *user, uint32_t container)
{
    const struct machine_track *track = &user->presence.machines[container == 3];
    struct aggregate_situation situation = {
        .gone = user->presence.gone_moment > 0,
        .machine_clock = track->clock,
        .machine_changed = track->changed,
    };
    const struct instance *told =
        server_state(user, INSTANCE_AGGREGATE_MACHINE, 2, STATE_AGGREGATE_MACHINE);
    if (told && told->stamped && track->known && told->value.availability == track->number) {
        situation.machine_clock = MACHINE_CHANGED;
        situation.machine_changed = told->published;
        situation.machine_stamped = true;
    }
    return situation;
}

/* ---- telling ---- */

static void put_server(struct aggregate_change *out, const struct user *user)
{
    const struct instance *state =
        server_state(user, INSTANCE_AGGREGATE, out->container, STATE_AGGREGATE);
    out->server = AVAILABILITY_NONE;
    out->agrees = true;
    if (state) {
        out->told = true;
        out->server = state->value.availability;
        out->server_activity = state_value_activity(&state->value, out->server);
        out->server_origin = state->origin;
        out->agrees = aggregate_admits(&out->admitted, out->server, out->server_activity);
    }
    const struct instance *machine =
        server_state(user, INSTANCE_AGGREGATE_MACHINE, out->container, STATE_AGGREGATE_MACHINE);
    out->server_machine = AVAILABILITY_NONE;
    out->machine_agrees = true;
    if (machine) {
        out->machine_told = true;
        out->server_machine = machine->value.availability;
        out->server_machine_origin = machine->origin;
        out->machine_agrees = out->server_machine == out->machine ||
                              out->server_machine == AVAILABILITY_NONE ||
                              out->machine == AVAILABILITY_NONE;
    }
}

static void tell_container(struct core *core, struct user *user, uint32_t container)
{
    struct presence *presence = &user->presence;
    unsigned bit = aggregates_of(container);
    /* Where container 3 shows nothing, the user has no second view that PIDF could join. */
    bool pidf = container == 2 || presence->input_counts[1] > 0 ||
                server_state(user, INSTANCE_AGGREGATE, container, STATE_AGGREGATE);
    size_t count = aggregates_gather(core, presence, container, pidf, true);
    const struct aggregate_situation situation = aggregates_situation(user, container);
    struct scratch *scratch = &core->scratch;
    struct aggregate aggregate =
        aggregate_inputs(scratch->inputs, count, &situation, scratch->verdicts);
    for (size_t i = 0; i < count; i++) {
        scratch->causes[i].verdict = scratch->verdicts[i];
        scratch->causes[i].key.user = user->uri;
    }
    struct change change = {
        .kind = CHANGE_AGGREGATE,
        .as.aggregate =
            {
                .user = user->uri,
                .container = container,
                .inputs = scratch->causes,
                .input_count = count,
                .computed = aggregate.availability,
                .activity = aggregate.activity,
                .step = aggregate.step,
                .admitted = aggregate.admitted,
                .machine = aggregate.machine,
                .complete = presence->complete && presence->legacy.count == 0,
            },
    };
    put_server(&change.as.aggregate, user);
    bool anything = count > 0 || change.as.aggregate.told || change.as.aggregate.machine_told;
    if (anything || (presence->aggregates_shown & bit)) {
        core_emit(core, &change);
    }
    presence->aggregates_shown =
        anything ? presence->aggregates_shown | bit : presence->aggregates_shown & ~bit;
}

static void tell_user(struct core *core, struct user *user)
{
    unsigned due = user->presence.aggregates_due;
    user->presence.aggregates_due = 0;
    if (due & AGGREGATED_2) {
        tell_container(core, user, 2);
    }
    if (due & AGGREGATED_3) {
        tell_container(core, user, 3);
    }
}

void aggregates_tell(struct core *core)
{
    if (list_empty(&core->aggregates)) {
        return;
    }
    core_cause_timer(core, core->aggregates_time, &core->aggregates_origin);
    while (!list_empty(&core->aggregates)) {
        struct presence *presence =
            LIST_OWNER(core->aggregates.next, struct presence, aggregates_link);
        list_remove(&presence->aggregates_link);
        tell_user(core, LIST_OWNER(presence, struct user, presence));
    }
}
