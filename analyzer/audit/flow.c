/*
 * The call flows of a run. See flow.h; how they are judged is in flow_judge.c.
 */
#include "analyzer/audit/flow.h"

#include <stdlib.h>

#include "analyzer/audit/flow_judge.h"
#include "analyzer/engine/arena.h"

enum { FLOW_LABELS = 65536 }; /* messages whose step is remembered: the latest ones */

void call_flows_init(struct call_flows *flows, struct map_seed seed, const struct limits *limits,
                     struct proofs *proofs, const struct sessions *sessions,
                     const struct archive *archive, const struct stored *stored)
{
    *flows = (struct call_flows){
        .seed = seed,
        .limits = *limits,
        .proofs = proofs,
        .sessions = sessions,
        .archive = archive,
        .stored = stored,
    };
    timers_init(&flows->timers);
    list_init(&flows->live);
    list_init(&flows->ended);
    recent_init(&flows->labels, FLOW_LABELS);
    recent_init(&flows->transactions, FLOW_LABELS);
    map_init_numbers(&flows->explained, seed);
    flow_chat_init(flows);
    flow_presence_init(flows);
}

static void run_free(struct call_flows *flows, struct flow_run *run)
{
    timers_cancel(&flows->timers, &run->settle);
    list_remove(&run->link);
    for (size_t i = 0; i < flow_tables[run->kind].step_count; i++) {
        proof_release(flows->proofs, run->steps[i].proof);
    }
    for (size_t i = 0; i < run->call_id_count; i++) {
        slice_drop(&run->call_ids[i]);
    }
    slice_drop(&run->user);
    free(run);
}

static void runs_free(struct call_flows *flows, struct link *list)
{
    while (!list_empty(list)) {
        run_free(flows, LIST_OWNER(list->next, struct flow_run, link));
    }
}

void call_flows_dispose(struct call_flows *flows)
{
    runs_free(flows, &flows->live);
    runs_free(flows, &flows->ended);
    flow_chat_dispose(flows);
    flow_presence_dispose(flows);
    recent_dispose(&flows->labels);
    recent_dispose(&flows->transactions);
    map_dispose(&flows->explained, NULL);
    timers_dispose(&flows->timers);
}

/* ---- labels ---- */

/* A step of a flow in one number, never 0. */
static uint8_t token_of(enum flow_kind kind, size_t step)
{
    _Static_assert(FLOW_KINDS * FLOW_STEPS < UINT8_MAX, "a step fits into what is remembered");
    return (uint8_t)((size_t)kind * FLOW_STEPS + step + 1);
}

static void label(struct call_flows *flows, uint8_t token, uint64_t message, bool answer)
{
    if (message == 0 || recent_find(&flows->labels, message) != 0) {
        return;
    }
    const struct flow_table *table = &flow_tables[(token - 1) / FLOW_STEPS];
    const struct flow_step *step = &table->steps[(token - 1) % FLOW_STEPS];
    recent_add(&flows->labels, message, token);
    const struct flow_label said = {.message = message,
                                    .flow = table->name,
                                    .step = step->name,
                                    .number = step->number,
                                    .answer = answer};
    if (flows->sink.label) {
        flows->sink.label(flows->sink.context, &said);
    }
}

static bool token_names(uint8_t token, const char **out_flow, const char **out_step)
{
    if (token == 0) {
        return false;
    }
    *out_flow = flow_tables[(token - 1) / FLOW_STEPS].name;
    *out_step = flow_tables[(token - 1) / FLOW_STEPS].steps[(token - 1) % FLOW_STEPS].name;
    return true;
}

bool call_flows_label_of(const struct call_flows *flows, const struct proof *proof,
                         const char **out_flow, const char **out_step)
{
    uint64_t message = proof ? proof_first_message(proof) : 0;
    uintptr_t explained = (uintptr_t)map_find(&flows->explained, map_number_key(&message));
    return token_names(explained != 0 ? (uint8_t)explained : recent_find(&flows->labels, message),
                       out_flow, out_step);
}

void flow_explain(struct call_flows *flows, uint64_t message, enum flow_kind kind, size_t step)
{
    uintptr_t token = token_of(kind, step);
    map_put(&flows->explained, map_number_key(&message), (void *)token);
}

/* ---- the life of a flow ---- */

struct flow_run *flow_begin(struct call_flows *flows, enum flow_kind kind, struct slice user,
                            struct flow_run **holder)
{
    if (flows->live_count + flows->ended_count >= flows->limits.expectations) {
        flows->refused++;
        return NULL;
    }
    size_t steps = flow_tables[kind].step_count * sizeof(struct flow_sighting);
    struct flow_run *run = memory_zero(1, sizeof *run + steps);
    run->kind = kind;
    run->user = memory_keep(user);
    run->settle.object = run;
    run->holder = holder;
    if (holder) {
        *holder = run;
    }
    list_append(&flows->live, &run->link);
    flows->live_count++;
    return run;
}

struct flow_sight flow_sight_of(const struct message *message)
{
    return (struct flow_sight){
        .known = true,
        .message = message->id,
        .transaction = message->transaction,
        .time = message->observed.origin.time,
        .origin = message->observed.origin,
        .route = message->request ? route_of(&message->observed)
                                  : (struct route){.source = message->observed.destination,
                                                   .destination = message->observed.source,
                                                   .input = message->observed.origin.input},
        .datagram = message->observed.transport == TRANSPORT_UDP,
    };
}

static size_t step_find(enum flow_kind kind, enum flow_moment moment)
{
    const struct flow_table *table = &flow_tables[kind];
    size_t step = 0;
    while (step < table->step_count && table->steps[step].moment != moment) {
        step++;
    }
    return step;
}

bool flow_has(const struct flow_run *run, enum flow_moment moment)
{
    size_t step = step_find(run->kind, moment);
    return step < flow_tables[run->kind].step_count && (run->seen >> step & 1) != 0;
}

static void keep_sight(struct call_flows *flows, struct flow_run *run, size_t step,
                       const struct flow_sight *sight, const struct message *message)
{
    run->seen |= 1U << step;
    run->datagram = run->datagram || sight->datagram;
    run->steps[step] = (struct flow_sighting){.sight = *sight, .proof = proof_new()};
    if (message) {
        proof_cite(flows->proofs, run->steps[step].proof, message);
    } else {
        proof_add(flows->proofs, run->steps[step].proof, &sight->origin);
    }
}

void flow_see(struct call_flows *flows, struct flow_run *run, enum flow_moment moment,
              const struct flow_sight *sight, const struct message *message)
{
    size_t step = run ? step_find(run->kind, moment) : FLOW_STEPS;
    if (!run || step >= flow_tables[run->kind].step_count || !sight->known) {
        return;
    }
    if ((run->seen >> step & 1) == 0) {
        keep_sight(flows, run, step, sight, message);
    }
    flow_mark(flows, run, moment, sight->message, sight->transaction, false);
    if (message) {
        flow_call(run, message->call_id);
    }
    run->settled = false;
    if (sight->time != TIME_NONE) {
        timers_set(&flows->timers, &run->settle,
                   time_after(sight->time, FLOW_SETTLE * TIME_SECOND));
    }
}

void flow_mark(struct call_flows *flows, const struct flow_run *run, enum flow_moment moment,
               uint64_t message, uint64_t transaction, bool answer)
{
    size_t step = step_find(run->kind, moment);
    if (step < flow_tables[run->kind].step_count) {
        uint8_t token = token_of(run->kind, step);
        recent_add(&flows->transactions, transaction, token);
        label(flows, token, message, answer);
    }
}

struct slice flow_pair_key(struct buffer *key, struct slice one, struct slice other)
{
    buffer_init(key, SIZE_MAX); /* the words are parts of a message, which has its cap */
    buffer_append_u64(key, one.size);
    buffer_append_byte(key, ' ');
    buffer_append(key, one);
    buffer_append(key, other);
    return buffer_slice(key);
}

void flow_call(struct flow_run *run, struct slice call_id)
{
    for (size_t i = 0; i < run->call_id_count; i++) {
        if (slice_equal(run->call_ids[i], call_id)) {
            return;
        }
    }
    if (call_id.size > 0 && run->call_id_count < FLOW_CALL_IDS) {
        run->call_ids[run->call_id_count++] = memory_keep(call_id);
    }
}

/* Nobody points to it any more. */
static void run_detach(struct flow_run *run)
{
    if (run->holder) {
        *run->holder = NULL;
        run->holder = NULL;
    }
    if (run->entry) {
        map_remove_entry(run->map, run->entry);
        run->entry = NULL;
    }
    list_remove(&run->sibling);
}

void flow_end(struct call_flows *flows, struct flow_run *run)
{
    if (!run) {
        return;
    }
    run_detach(run);
    timers_cancel(&flows->timers, &run->settle);
    list_remove(&run->link);
    flows->live_count--;
    if (flow_is_questionable(flows, run)) {
        list_append(&flows->ended, &run->link);
        flows->ended_count++;
        return;
    }
    flow_report(flows, run, NULL, NULL);
    run_free(flows, run);
}

void flow_place(struct call_flows *flows, struct flow_run *run, struct map *map, struct slice key)
{
    struct flow_run *old = map_find(map, key);
    if (old == run) {
        return;
    }
    flow_end(flows, old);
    if (run->entry) {
        map_remove_entry(run->map, run->entry);
    }
    run->map = map;
    run->entry = map_put(map, key, run);
}

/* ---- the run ---- */

void call_flows_event(struct call_flows *flows, const struct event *event)
{
    flows->saw_http = flows->saw_http || event->kind == EVENT_HTTP;
    flows->saw_dns = flows->saw_dns || event->kind == EVENT_DNS;
    const struct message *message = event->message;
    if (event->kind == EVENT_MESSAGE && message->role != MESSAGE_FIRST) {
        return;
    }
    flow_chat_event(flows, event);
    flow_presence_event(flows, event);
    if (event->kind == EVENT_MESSAGE && !message->request) {
        uint8_t token = recent_find(&flows->transactions, message->transaction);
        if (token != 0) {
            label(flows, token, message->id, true);
        }
    }
}

void call_flows_change(struct call_flows *flows, const struct change *change)
{
    flow_chat_change(flows, change);
    flow_presence_change(flows, change);
}

/* What has all that it needs is over; the others wait for a sign that their client goes on. */
void call_flows_advance(struct call_flows *flows, int64_t now)
{
    struct timer *timer;
    while ((timer = timers_due(&flows->timers, now)) != NULL) {
        struct flow_run *run = timer->object;
        run->settled = true;
        run->proved = run->proved || (run->post != 0 && flow_has(run, MOMENT_POST));
        if (flow_is_done(run)) {
            flow_end(flows, run);
        }
    }
}

void call_flows_end(struct call_flows *flows, const struct witness *witness,
                    struct verdicts *verdicts)
{
    while (!list_empty(&flows->live)) {
        struct flow_run *run = LIST_OWNER(flows->live.next, struct flow_run, link);
        run_detach(run);
        list_append(&flows->ended, &run->link);
    }
    while (!list_empty(&flows->ended)) {
        struct flow_run *run = LIST_OWNER(flows->ended.next, struct flow_run, link);
        flow_report(flows, run, witness, verdicts);
        run_free(flows, run);
    }
}
