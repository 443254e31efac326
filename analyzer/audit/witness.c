/*
 * What the capture can tell. See witness.h.
 */
#include "analyzer/audit/witness.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/engine/arena.h"

enum {
    FLOW_HOLES = 8,
    ROUTE_KEY = 2 * (1 + 16 + 2),
    HOLE_KEYS = 3, /* a hole is kept of its flow, of its two hosts and of the host it misses */
};

struct hole {
    int64_t from; /* ns */
    int64_t to;
};

/* What is missing of one direction of a flow. More holes than fit become one wide one. */
struct holes {
    struct hole list[FLOW_HOLES];
    size_t count;
};

struct flow {
    int64_t last; /* ns: its last message */
    bool stream;  /* of which nothing is missing that is not told as a gap */
};

struct reach {
    int64_t last;
};

void witness_init(struct witness *witness, struct map_seed seed, const struct limits *limits)
{
    *witness = (struct witness){
        .limit = limits->connections,
        .blind_from = INT64_MAX,
        .end = TIME_NONE,
    };
    map_init(&witness->answers, seed);
    map_init(&witness->holes, seed);
    map_init(&witness->flows, seed);
    map_init_numbers(&witness->inputs, seed);
}

void witness_dispose(struct witness *witness)
{
    map_dispose(&witness->answers, NULL);
    map_dispose(&witness->holes, free);
    map_dispose(&witness->flows, free);
    map_dispose(&witness->inputs, free);
}

static size_t put_host(char *at, const struct address *address)
{
    at[0] = (char)address->family;
    memcpy(at + 1, address->bytes, sizeof address->bytes);
    return 1 + sizeof address->bytes;
}

static struct slice host_key(char out[static ROUTE_KEY], const struct address *source,
                             const struct address *destination)
{
    size_t size = put_host(out, source);
    size += put_host(out + size, destination);
    return (struct slice){out, size};
}

static struct slice flow_key(char out[static ROUTE_KEY], const struct address *source,
                             const struct address *destination)
{
    size_t size = host_key(out, source, destination).size;
    const uint16_t ports[2] = {source->port, destination->port};
    memcpy(out + size, ports, sizeof ports);
    return (struct slice){out, size + sizeof ports};
}

/* Keys of these three kinds differ in size. */
static struct slice target_key(char out[static ROUTE_KEY], const struct address *destination)
{
    return (struct slice){out, put_host(out, destination)};
}

struct route route_of(const struct observation *observed)
{
    return (struct route){observed->source, observed->destination, observed->origin.input};
}

struct route route_back(const struct route *route)
{
    return (struct route){route->destination, route->source, route->input};
}

bool route_equal(const struct route *a, const struct route *b)
{
    return a->input == b->input && address_equal(&a->source, &b->source) &&
           address_equal(&a->destination, &b->destination);
}

static void saw_answer(struct witness *witness, const struct observation *observed)
{
    char bytes[ROUTE_KEY];
    struct slice key = host_key(bytes, &observed->source, &observed->destination);
    if (witness->answers.count < witness->limit && !map_find(&witness->answers, key)) {
        map_put(&witness->answers, key, witness);
    }
}

static void saw_input(struct witness *witness, const struct origin *origin)
{
    uint64_t input = origin->input;
    struct reach *reach = map_find(&witness->inputs, map_number_key(&input));
    if (!reach) {
        if (witness->inputs.count >= witness->limit) {
            return;
        }
        reach = memory_alloc(sizeof *reach);
        reach->last = origin->time;
        map_put(&witness->inputs, map_number_key(&input), reach);
    }
    if (origin->time > reach->last) {
        reach->last = origin->time;
    }
}

static void saw_flow(struct witness *witness, const struct observation *observed)
{
    char bytes[ROUTE_KEY];
    struct slice key = flow_key(bytes, &observed->source, &observed->destination);
    struct map_entry *entry = map_find_entry(&witness->flows, key);
    if (!entry) {
        if (witness->flows.count >= witness->limit && witness->flows.first) {
            free(map_remove_entry(&witness->flows, witness->flows.first));
        }
        entry = map_put(&witness->flows, key, memory_alloc(sizeof(struct flow)));
    }
    map_touch(&witness->flows, entry);
    *(struct flow *)entry->value = (struct flow){
        .last = observed->origin.time,
        .stream = observed->transport != TRANSPORT_UDP,
    };
}

/* A flow that was unreadable from its first byte on answers no question, and there are many. */
static bool spoke(const struct witness *witness, const struct coverage_fact *fact)
{
    char bytes[ROUTE_KEY];
    return map_find(&witness->flows, flow_key(bytes, &fact->source, &fact->destination)) ||
           map_find(&witness->flows, flow_key(bytes, &fact->destination, &fact->source));
}

/* A hole is noticed when the stream goes on: it may begin anywhere since the last message. */
static int64_t hole_start(const struct witness *witness, const struct coverage_fact *fact)
{
    char bytes[ROUTE_KEY];
    const struct flow *flow =
        map_find(&witness->flows, flow_key(bytes, &fact->source, &fact->destination));
    return flow ? flow->last : INT64_MIN;
}

static void keep_hole(struct witness *witness, struct slice key, struct hole hole)
{
    struct holes *holes = map_find(&witness->holes, key);
    if (!holes) {
        if (witness->holes.count >= HOLE_KEYS * witness->limit) {
            witness->blind_from = hole.from < witness->blind_from ? hole.from : witness->blind_from;
            return;
        }
        holes = memory_zero(1, sizeof *holes);
        map_put(&witness->holes, key, holes);
    }
    if (holes->count < FLOW_HOLES) {
        holes->list[holes->count++] = hole;
        return;
    }
    struct hole *last = &holes->list[FLOW_HOLES - 1];
    last->from = hole.from < last->from ? hole.from : last->from;
    last->to = hole.to > last->to ? hole.to : last->to;
}

static void saw_hole(struct witness *witness, const struct address *source,
                     const struct address *destination, struct hole hole)
{
    char bytes[ROUTE_KEY];
    keep_hole(witness, flow_key(bytes, source, destination), hole);
    keep_hole(witness, host_key(bytes, source, destination), hole);
    keep_hole(witness, target_key(bytes, destination), hole);
}

/* Caps behind which things are forgotten that a later message would have answered. */
static bool cap_blinds(struct slice name)
{
    static const struct slice blinding[] = {
        SLICE("fragments"),   SLICE("connections"),  SLICE("tcp_waiting_total"),
        SLICE("merge_bytes"), SLICE("transactions"), SLICE("dialogs"),
        SLICE("users"),       SLICE("instances"),    SLICE("watched"),
        SLICE("sessions"),    SLICE("rooms"),        SLICE("room_members"),
        SLICE("pending"),     SLICE("posts"),
    };
    for (size_t i = 0; i < sizeof blinding / sizeof blinding[0]; i++) {
        if (slice_equal(blinding[i], name)) {
            return true;
        }
    }
    return false;
}

static void saw_coverage(struct witness *witness, const struct event *event)
{
    const struct coverage_fact *fact = &event->as.coverage;
    int64_t time = event->origin.time;
    struct hole always = {INT64_MIN, INT64_MAX};
    struct hole here = {hole_start(witness, fact), time};
    struct hole since = {time, INT64_MAX};
    bool flow = fact->source.family != ADDRESS_NONE;
    switch (fact->kind) {
    case COVERAGE_GAP:
        saw_hole(witness, &fact->source, &fact->destination, time == TIME_NONE ? always : here);
        break;
    case COVERAGE_COMPRESSED:
    case COVERAGE_ENCRYPTED:
        if (spoke(witness, fact)) {
            saw_hole(witness, &fact->source, &fact->destination, since);
            saw_hole(witness, &fact->destination, &fact->source, since);
        }
        break;
    case COVERAGE_ONE_SIDED:
        saw_hole(witness, &fact->source, &fact->destination, always);
        saw_hole(witness, &fact->destination, &fact->source, always);
        break;
    case COVERAGE_CAP:
        if (flow) {
            saw_hole(witness, &fact->source, &fact->destination, since);
        } else if (cap_blinds(fact->detail) && time < witness->blind_from) {
            witness->blind_from = time;
        }
        break;
    case COVERAGE_TRUNCATED:
    case COVERAGE_NO_SIP:
    case COVERAGE_CLOCK:
        break;
    }
}

/*
 * An answer to a request that was not captured. On a stream the gap says so itself;
 * of lost datagrams nothing else does.
 */
static void saw_stray_answer(struct witness *witness, const struct message *message)
{
    const struct observation *observed = &message->observed;
    if (observed->transport != TRANSPORT_UDP || message->role != MESSAGE_FIRST ||
        message->request_kept) {
        return;
    }
    const struct coverage_fact fact = {
        .source = observed->destination,
        .destination = observed->source,
    };
    saw_hole(witness, &fact.source, &fact.destination,
             (struct hole){hole_start(witness, &fact), observed->origin.time});
}

void witness_event(struct witness *witness, const struct event *event)
{
    if (event->origin.time != TIME_NONE) {
        saw_input(witness, &event->origin);
    }
    if (event->kind == EVENT_COVERAGE) {
        saw_coverage(witness, event);
    } else if (event->kind == EVENT_MESSAGE) {
        saw_flow(witness, &event->message->observed);
        if (!event->message->request) {
            saw_answer(witness, &event->message->observed);
            saw_stray_answer(witness, event->message);
        }
    }
}

void witness_end(struct witness *witness, int64_t now)
{
    witness->end = now;
}

/* Several inputs may end at different times; a single one ends with the run. */
static bool reaches(const struct witness *witness, uint32_t input, int64_t until)
{
    uint64_t number = input;
    const struct reach *reach = map_find(&witness->inputs, map_number_key(&number));
    if (!reach) {
        return false;
    }
    return reach->last >= until || (witness->inputs.count == 1 && witness->end >= until);
}

/* A capture may be written into one file after the other: the stream went on in a later one. */
static bool goes_on(const struct witness *witness, struct slice flow_key, int64_t until)
{
    const struct flow *flow = map_find(&witness->flows, flow_key);
    return flow && flow->stream && flow->last >= until;
}

static bool has_hole(const struct witness *witness, struct slice key, struct hole asked)
{
    if (witness->blind_from <= asked.to) {
        return true;
    }
    const struct holes *holes = map_find(&witness->holes, key);
    for (size_t i = 0; holes && i < holes->count; i++) {
        if (holes->list[i].from <= asked.to && holes->list[i].to >= asked.from) {
            return true;
        }
    }
    return false;
}

bool witness_hears(const struct witness *witness, const struct route *route, int64_t from,
                   int64_t until)
{
    char bytes[ROUTE_KEY];
    struct slice key = flow_key(bytes, &route->source, &route->destination);
    return !has_hole(witness, key, (struct hole){from, until}) &&
           (reaches(witness, route->input, until) || goes_on(witness, key, until));
}

bool witness_hears_host(const struct witness *witness, const struct route *route, int64_t from,
                        int64_t until)
{
    char bytes[ROUTE_KEY];
    struct slice key = host_key(bytes, &route->source, &route->destination);
    return !has_hole(witness, key, (struct hole){from, until}) &&
           reaches(witness, route->input, until);
}

bool witness_hears_all(const struct witness *witness, const struct route *route, int64_t from,
                       int64_t until)
{
    char bytes[ROUTE_KEY];
    struct slice key = target_key(bytes, &route->destination);
    return !has_hole(witness, key, (struct hole){from, until}) &&
           reaches(witness, route->input, until);
}

bool witness_answers(const struct witness *witness, const struct route *route)
{
    char bytes[ROUTE_KEY];
    return map_find(&witness->answers, host_key(bytes, &route->destination, &route->source));
}
