/*
 * What the parts of the engine share: limits, timers, the numbering of changes,
 * and the cause of what is being handled.
 *
 * engine.c sets the cause once per event or timer; the parts then emit changes
 * without carrying origin, time and message around.
 */
#ifndef OCSIGHT_ANALYZER_ENGINE_CORE_H
#define OCSIGHT_ANALYZER_ENGINE_CORE_H

#include "analyzer/engine/change.h"
#include "analyzer/engine/limits.h"
#include "analyzer/engine/list.h"
#include "analyzer/engine/map.h"
#include "analyzer/engine/timers.h"

/* The limits that the engine can reach; each is reported once. */
enum cap {
    CAP_USERS,
    CAP_INSTANCES,
    CAP_MEMBERS,
    CAP_WATCHED,
    CAP_SESSIONS,
    CAP_ROOMS,
    CAP_ROOM_MEMBERS,
    CAP_PENDING,
    CAP_POSTS,
    CAP_REMEMBERED,
    CAPS
};

/* What a deadline is for (struct timer, `kind`). */
enum timer_kind {
    TIMER_ENDPOINT,
    TIMER_INSTANCE,
    TIMER_PUBLICATION,
    TIMER_SUBSCRIPTION,
    TIMER_CHAT_DIALOG,
    TIMER_KINDS
};

/* RFC 3261 17.1.2.2: a request that was not answered by then never will be (64 * T1). */
#define TRANSACTION_WAIT (32 * TIME_SECOND)

/* Of one aggregation at a time (aggregate.h); grown, never shrunk. */
struct scratch {
    struct aggregate_input *inputs;
    struct aggregate_cause *causes;
    enum input_verdict *verdicts;
    size_t room;
};

struct core {
    struct map_seed seed;
    struct limits limits;
    struct change_sink sink;
    struct event_sink caps;
    struct timers timers;
    uint64_t changes; /* id of the last one */
    uint64_t moment;  /* counts messages: what stands in one message is known at one moment */
    int64_t now;      /* latest time seen; TIME_NONE before the first event */
    bool capped[CAPS];
    struct scratch scratch;
    /* users whose aggregates are to be told (aggregates.h), and what was the last to mark one */
    struct link aggregates;
    int64_t aggregates_time;
    struct origin aggregates_origin;
    /* the cause */
    int64_t time;
    struct origin origin;
    const struct message *message;
};

void core_init(struct core *core, struct map_seed seed, const struct limits *limits,
               const struct change_sink *sink, const struct event_sink *caps);
void core_dispose(struct core *core);

/* From here on changes are caused by this event, or by a deadline that passed. */
void core_cause_event(struct core *core, const struct event *event);
void core_cause_timer(struct core *core, int64_t due, const struct origin *origin);

/* Numbers the change, gives it the cause and hands it out. */
void core_emit(struct core *core, struct change *change);

/* Reports that a limit was reached; only the first time. */
void core_cap(struct core *core, enum cap cap);

/* A table at its limit gives way to something new only by leaving something out. */
bool core_full(struct core *core, enum cap cap, size_t count, size_t limit);

/* The scratch with room for `count` inputs. */
struct scratch *core_scratch(struct core *core, size_t count);

/* The cause's origin, fit to be kept. */
struct origin core_origin(const struct core *core);

/* `seconds` after the cause; TIME_NONE for a negative number. */
int64_t core_after(const struct core *core, int64_t seconds);

#endif
