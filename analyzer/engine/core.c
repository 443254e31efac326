/*
 * What the parts of the engine share. See core.h.
 */
#include "analyzer/engine/core.h"

#include <stdlib.h>

#include "analyzer/engine/aggregate.h"
#include "analyzer/engine/arena.h"

void core_init(struct core *core, struct map_seed seed, const struct limits *limits,
               const struct change_sink *sink, const struct event_sink *caps)
{
    *core = (struct core){
        .seed = seed,
        .limits = *limits,
        .sink = *sink,
        .caps = *caps,
        .now = TIME_NONE,
        .time = TIME_NONE,
        .origin = {.time = TIME_NONE},
    };
    timers_init(&core->timers);
    list_init(&core->aggregates);
}

void core_dispose(struct core *core)
{
    timers_dispose(&core->timers);
    free(core->scratch.inputs);
    free(core->scratch.causes);
    free(core->scratch.verdicts);
}

void core_cause_event(struct core *core, const struct event *event)
{
    core->time = event->origin.time != TIME_NONE ? event->origin.time : core->now;
    core->origin = event->origin;
    core->message = event->message;
}

void core_cause_timer(struct core *core, int64_t due, const struct origin *origin)
{
    core->time = due;
    core->origin = *origin;
    core->message = NULL;
}

void core_emit(struct core *core, struct change *change)
{
    change->id = ++core->changes;
    change->time = core->time;
    change->origin = core->origin;
    change->message = core->message;
    change_emit(&core->sink, change);
}

void core_cap(struct core *core, enum cap cap)
{
    /* clang-format off */
    static const struct slice names[CAPS] = {
        [CAP_USERS]        = SLICE("users"),
        [CAP_INSTANCES]    = SLICE("instances"),
        [CAP_MEMBERS]      = SLICE("members"),
        [CAP_WATCHED]      = SLICE("watched"),
        [CAP_SESSIONS]     = SLICE("sessions"),
        [CAP_ROOMS]        = SLICE("rooms"),
        [CAP_ROOM_MEMBERS] = SLICE("room_members"),
        [CAP_PENDING]      = SLICE("pending"),
        [CAP_POSTS]        = SLICE("posts"),
        [CAP_REMEMBERED]   = SLICE("remembered"),
    };
    /* clang-format on */
    if (core->capped[cap]) {
        return;
    }
    core->capped[cap] = true;
    struct event event = {
        .kind = EVENT_COVERAGE,
        .origin = core->origin,
        .as.coverage = {.kind = COVERAGE_CAP, .count = 1, .detail = names[cap]},
    };
    event_emit(&core->caps, &event);
}

bool core_full(struct core *core, enum cap cap, size_t count, size_t limit)
{
    if (count < limit) {
        return false;
    }
    core_cap(core, cap);
    return true;
}

struct scratch *core_scratch(struct core *core, size_t count)
{
    struct scratch *scratch = &core->scratch;
    if (count > scratch->room) {
        scratch->room = count * 2;
        scratch->inputs = memory_grow(scratch->inputs, scratch->room, sizeof *scratch->inputs);
        scratch->causes = memory_grow(scratch->causes, scratch->room, sizeof *scratch->causes);
        scratch->verdicts =
            memory_grow(scratch->verdicts, scratch->room, sizeof *scratch->verdicts);
    }
    return scratch;
}

struct origin core_origin(const struct core *core)
{
    return core->origin;
}

int64_t core_after(const struct core *core, int64_t seconds)
{
    if (seconds < 0 || core->time == TIME_NONE) {
        return TIME_NONE;
    }
    /* An hour-long lifetime is usual, UINT32_MAX seconds the longest that RFC 3261 can write. */
    int64_t longest = (INT64_MAX - (core->time > 0 ? core->time : 0)) / TIME_SECOND;
    return core->time + (seconds < longest ? seconds : longest) * TIME_SECOND;
}
