/*
 * The one place where sources, decoders, engine, audit and sinks meet. See pipeline.h.
 */
#include "analyzer/pipeline.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/audit/stored.h"
#include "analyzer/audit/tally.h"
#include "analyzer/crew.h"
#include "analyzer/engine/engine.h"
#include "analyzer/exports.h"
#include "analyzer/inputs.h"
#include "analyzer/merge.h"
#include "decoders/exchange.h"

enum { READ_AT_ONCE = 2 * BATCH_PACKETS }; /* packets that one batch may take to fill */

struct pipeline {
    struct pipeline_options options;
    struct limits limits;
    struct inputs *inputs;
    struct input_info *all_inputs; /* the captures and the exports; NULL without exports */
    size_t unreadable_exports;
    struct summary summary;
    struct frames *frames;
    struct shard *shards[SHARDS];
    struct batch *filling; /* where the reader's own events go */
    uint64_t place;        /* of the last packet or kept record that was read */
    bool kept_order;       /* a lone store: its own order numbers are used */
    uint64_t packet_order; /* of the latest kept record; 0 when a packet came since */
    uint64_t packet_kept;  /* what the store says its order is */
    uint32_t packet_input;
    struct merge *merge;
    bool merge_capped; /* limits.merge_bytes was reported */
    struct exchange *exchange;
    struct engine *engine;
    struct audit *audit;
    struct tally *tally;
    struct change_sink change_sink;
    struct event_sink exchange_sink;
    struct event_sink cap_sink;
    struct event_sink frame_sink;
    struct finding_sink finding_sink;
    const struct sink *sinks;
    size_t sink_count;
    int64_t now; /* latest time that the serial stage has seen */
    uint64_t bytes_read;
};

static void offer_finding(void *context, const struct finding *finding)
{
    struct pipeline *pipeline = context;
    tally_finding(pipeline->tally, finding);
    for (size_t i = 0; i < pipeline->sink_count; i++) {
        const struct sink *sink = &pipeline->sinks[i];
        if (sink->finding) {
            sink->finding(sink->context, finding);
        }
    }
}

static void offer_label(void *context, const struct flow_label *label)
{
    struct pipeline *pipeline = context;
    for (size_t i = 0; i < pipeline->sink_count; i++) {
        const struct sink *sink = &pipeline->sinks[i];
        if (sink->label) {
            sink->label(sink->context, label);
        }
    }
}

static void offer_flow(void *context, const struct flow_view *flow)
{
    struct pipeline *pipeline = context;
    for (size_t i = 0; i < pipeline->sink_count; i++) {
        const struct sink *sink = &pipeline->sinks[i];
        if (sink->flow) {
            sink->flow(sink->context, flow);
        }
    }
}

static void offer_change(void *context, const struct change *change)
{
    struct pipeline *pipeline = context;
    audit_change(pipeline->audit, change);
    tally_change(pipeline->tally, change);
    for (size_t i = 0; i < pipeline->sink_count; i++) {
        const struct sink *sink = &pipeline->sinks[i];
        if (sink->change) {
            sink->change(sink->context, change);
        }
    }
}

/* An event to everybody but the engine. */
static void show_event(struct pipeline *pipeline, const struct event *event)
{
    audit_event(pipeline->audit, event);
    tally_event(pipeline->tally, event);
    for (size_t i = 0; i < pipeline->sink_count; i++) {
        const struct sink *sink = &pipeline->sinks[i];
        if (sink->event) {
            sink->event(sink->context, event);
        }
    }
}

static void offer_event(void *context, const struct event *event)
{
    struct pipeline *pipeline = context;
    if (event->origin.time != TIME_NONE && event->origin.time > pipeline->now) {
        pipeline->now = event->origin.time;
        engine_tick(pipeline->engine, pipeline->now);
    }
    show_event(pipeline, event);
    engine_feed(pipeline->engine, event);
}

/* What could not be read or kept: told to everybody, not fed back to the engine. */
static void offer_cap(void *context, const struct event *event)
{
    show_event(context, event);
}

/* What was found of the inputs as a whole, after their last record. */
static void offer_input_event(void *context, const struct event *event)
{
    struct pipeline *pipeline = context;
    const struct keeper *keeper = pipeline->options.keeper;
    if (keeper) {
        keeper->ending(keeper->context, event);
    }
    show_event(pipeline, event);
}

/* A cap that the frame decoder reached: takes its place among what the batch gives. */
static void keep_frame_event(void *context, const struct event *event)
{
    struct pipeline *pipeline = context;
    harvest_event(pipeline->filling->harvests[SHARDS], event);
}

static bool apply_rules(struct pipeline *pipeline, char *problem, size_t problem_size)
{
    const struct pipeline_options *options = &pipeline->options;
    for (size_t i = 0; i < options->rule_count; i++) {
        if (options->rules[i].what == RULE_ONLY) {
            audit_disable_all(pipeline->audit);
            break;
        }
    }
    for (size_t i = 0; i < options->rule_count; i++) {
        const struct rule_choice *choice = &options->rules[i];
        bool known = choice->what == RULE_WAIT
                         ? audit_set_wait(pipeline->audit, choice->rule, choice->seconds)
                         : audit_enable(pipeline->audit, choice->rule, choice->what == RULE_ONLY);
        if (!known) {
            snprintf(problem, problem_size, "there is no rule '%.*s'; 'ocsight rules' lists them",
                     (int)choice->rule.size, choice->rule.data);
            return false;
        }
    }
    return true;
}

void pipeline_free(struct pipeline *pipeline)
{
    tally_free(pipeline->tally);
    audit_free(pipeline->audit);
    engine_free(pipeline->engine);
    exchange_free(pipeline->exchange);
    merge_free(pipeline->merge);
    for (unsigned i = 0; i < SHARDS; i++) {
        shard_free(pipeline->shards[i]);
    }
    frames_free(pipeline->frames);
    inputs_free(pipeline->inputs);
    free(pipeline->all_inputs);
    free(pipeline);
}

const struct summary *pipeline_summary(const struct pipeline *pipeline)
{
    return &pipeline->summary;
}

/* ---- exports of the compliance service ---- */

/* Rows of captures change until all is read: taken again then. */
static void list_inputs(struct pipeline *pipeline)
{
    const struct pipeline_options *options = &pipeline->options;
    if (pipeline->all_inputs) {
        size_t count = inputs_count(pipeline->inputs);
        memcpy(pipeline->all_inputs, inputs_info(pipeline->inputs),
               count * sizeof *pipeline->all_inputs);
        pipeline->summary.inputs = pipeline->all_inputs;
        pipeline->summary.input_count = count + options->export_count;
    }
}

/* Their rows come behind those of the captures. */
static void read_exports(struct pipeline *pipeline)
{
    const struct pipeline_options *options = &pipeline->options;
    size_t count = inputs_count(pipeline->inputs);
    const struct exports_options exports = {
        .names = options->exports,
        .count = options->export_count,
        .contents = options->export_contents,
        .first = count,
        .limits = &pipeline->limits,
        .redactor = options->redact ? redactor_new(options->redact, options->seed) : NULL,
    };
    if (options->export_count > 0) {
        pipeline->all_inputs =
            memory_zero(count + options->export_count, sizeof *pipeline->all_inputs);
        pipeline->unreadable_exports =
            exports_read(&exports, audit_archive(pipeline->audit), &pipeline->cap_sink,
                         pipeline->all_inputs + count);
        list_inputs(pipeline);
    }
    redactor_free(exports.redactor);
}

/* The inputs are opened last: what they have to say comes after what is wrong with the options. */
static void open_inputs(struct pipeline *pipeline)
{
    const struct pipeline_options *options = &pipeline->options;
    const struct inputs_options inputs = {
        .names = options->inputs,
        .count = options->input_count,
        .contents = options->contents,
        .filter = options->filter,
        .hash = options->hash,
        .quiet = options->quiet,
        .limits = &pipeline->limits,
        .seed = options->seed,
        .nameless = options->redact != NULL,
    };
    pipeline->inputs = inputs_new(&inputs);
    pipeline->summary.inputs = inputs_info(pipeline->inputs);
    pipeline->summary.input_count = inputs_count(pipeline->inputs);
    pipeline->kept_order = inputs_are_kept(pipeline->inputs);
    pipeline->place = pipeline->kept_order ? 0 : inputs_numbers(pipeline->inputs);
}

/* A filter looks at packets. */
static bool check_filter(const struct pipeline *pipeline, char *problem, size_t problem_size)
{
    const char *store = inputs_store(pipeline->inputs);
    if (store && pipeline->options.filter) {
        snprintf(problem, problem_size,
                 "--filter looks at packets, and '%s' is a store, which keeps none", store);
        return false;
    }
    return true;
}

struct pipeline *pipeline_new(const struct pipeline_options *options, char *problem,
                              size_t problem_size)
{
    struct pipeline *pipeline = memory_zero(1, sizeof *pipeline);
    pipeline->options = *options;
    pipeline->limits = options->limits;
    pipeline->now = TIME_NONE;
    pipeline->change_sink = (struct change_sink){offer_change, pipeline};
    pipeline->exchange_sink = (struct event_sink){offer_event, pipeline};
    pipeline->cap_sink = (struct event_sink){offer_cap, pipeline};
    pipeline->finding_sink = (struct finding_sink){offer_finding, pipeline};
    pipeline->frame_sink = (struct event_sink){keep_frame_event, pipeline};
    pipeline->frames = frames_new(options->seed, &pipeline->limits, &pipeline->frame_sink);
    for (unsigned i = 0; i < SHARDS; i++) {
        pipeline->shards[i] = shard_new(options->seed, &pipeline->limits, i, options->redact);
    }
    pipeline->merge = merge_new();
    pipeline->exchange = exchange_new(options->seed, &pipeline->limits, &pipeline->exchange_sink);
    pipeline->engine =
        engine_new(options->seed, &pipeline->limits, &pipeline->change_sink, &pipeline->cap_sink);
    pipeline->audit = audit_new(options->seed, &pipeline->limits, &pipeline->finding_sink);
    audit_watch_flows(pipeline->audit, &(struct flow_sink){pipeline, offer_label, offer_flow});
    pipeline->tally = tally_new(options->seed, &pipeline->limits);
    if (!apply_rules(pipeline, problem, problem_size)) {
        pipeline_free(pipeline);
        return NULL;
    }
    open_inputs(pipeline);
    if (!check_filter(pipeline, problem, problem_size)) {
        pipeline_free(pipeline);
        return NULL;
    }
    return pipeline;
}

void pipeline_hash_inputs(struct pipeline *pipeline)
{
    inputs_hash(pipeline->inputs);
}

int64_t pipeline_start(const struct pipeline *pipeline)
{
    return inputs_start(pipeline->inputs);
}

static bool is_interrupted(const struct pipeline *pipeline)
{
    return pipeline->options.interrupted && *pipeline->options.interrupted != 0;
}

static void look_up(struct pipeline *pipeline)
{
    if (pipeline->options.progress) {
        pipeline->options.progress(pipeline->options.progress_context, pipeline->summary.packets,
                                   pipeline->bytes_read);
    }
    pipeline->summary.partial = is_interrupted(pipeline);
}

static void read_packet(struct pipeline *pipeline, struct packet *packet, struct batch *batch)
{
    struct datagram datagram;
    pipeline->summary.packets++;
    packet->origin.order = ++pipeline->place;
    pipeline->bytes_read += packet->bytes.size;
    batch->order = packet->origin.order;
    batch->now = packet->origin.time;
    if (frame_decode(pipeline->frames, packet, &datagram) == FRAME_DATAGRAM) {
        batch_add(batch, &datagram);
    }
}

/*
 * What a store kept. Its place is its own; its order, which says what came of one packet, is
 * that of the store or, among other inputs, the place of the first thing that came of it.
 */
static void read_replayed(struct pipeline *pipeline, const struct replayed *replayed,
                          struct batch *batch)
{
    uint64_t place = ++pipeline->place;
    bool same = pipeline->packet_order > 0 && pipeline->packet_input == replayed->input &&
                pipeline->packet_kept == replayed->order;
    pipeline->packet_order = same ? pipeline->packet_order : place;
    pipeline->packet_input = replayed->input;
    pipeline->packet_kept = replayed->order;
    uint64_t order = pipeline->kept_order ? replayed->order : pipeline->packet_order;
    batch->order = place;
    batch->now = replayed->time;
    if (replayed->unit) {
        struct sip_unit unit = *replayed->unit;
        unit.observed.origin.order = order;
        pipeline->bytes_read += unit.raw.size;
        batch_add_unit(batch, &unit, place);
    } else {
        struct event event = *replayed->event;
        event.origin.order = order;
        batch_add_event(batch, &event, place);
    }
}

/* The reader's part: from the inputs to a batch of datagrams. Runs on a thread of its own. */
static void fill_batch(void *context, struct batch *batch)
{
    struct pipeline *pipeline = context;
    struct input_record next;
    size_t read = 0;
    pipeline->filling = batch;
    bool more = inputs_next(pipeline->inputs, &next);
    while (more && read < READ_AT_ONCE && !batch_is_full(batch)) {
        if (next.packet) {
            read_packet(pipeline, next.packet, batch);
            pipeline->packet_order = 0;
        } else {
            read_replayed(pipeline, next.replayed, batch);
        }
        inputs_step(pipeline->inputs);
        more = inputs_next(pipeline->inputs, &next);
        read++;
    }
    look_up(pipeline);
    batch->last = !more || pipeline->summary.partial;
    if (batch->last) {
        frames_end(pipeline->frames);
    }
}

/* ---- the serial stage ---- */

static void keep_item(const struct keeper *keeper, const struct item *item)
{
    if (item->is_message) {
        const struct sip_unit unit = {item->message.raw, item->message.observed,
                                      item->message.flags};
        keeper->message(keeper->context, &unit);
    } else {
        keeper->event(keeper->context, &item->event);
    }
}

static void handle_item(struct pipeline *pipeline, struct item *item)
{
    if (pipeline->options.keeper) {
        keep_item(pipeline->options.keeper, item);
    }
    if (item->is_message) {
        exchange_feed(pipeline->exchange, &item->message, &item->facts);
    } else {
        offer_event(pipeline, &item->event);
    }
    merge_done(pipeline->merge, item);
}

static void report_merge_cap(struct pipeline *pipeline, const struct item *item)
{
    if (pipeline->merge_capped) {
        return;
    }
    pipeline->merge_capped = true;
    const struct origin *origin =
        item->is_message ? &item->message.observed.origin : &item->event.origin;
    struct event event = {.kind = EVENT_COVERAGE, .origin = *origin};
    event.as.coverage =
        (struct coverage_fact){.kind = COVERAGE_CAP, .count = 1, .detail = slice_of("merge_bytes")};
    if (pipeline->options.keeper) {
        pipeline->options.keeper->event(pipeline->options.keeper->context, &event);
    }
    offer_event(pipeline, &event);
}

/* What can no longer be overtaken, and over the cap the earliest of the rest too. */
static void handle_batch(struct pipeline *pipeline, struct batch *batch)
{
    merge_take(pipeline->merge, batch);
    struct item *item = merge_pop(pipeline->merge, false);
    while (item) {
        handle_item(pipeline, item);
        item = merge_pop(pipeline->merge, false);
    }
    while (merge_bytes(pipeline->merge) > pipeline->limits.merge_bytes) {
        item = merge_pop(pipeline->merge, true);
        report_merge_cap(pipeline, item);
        handle_item(pipeline, item);
    }
}

static void run_batches(struct pipeline *pipeline)
{
    struct crew_source source = {pipeline, fill_batch};
    struct crew *crew = crew_new(pipeline->options.threads, &source, pipeline->shards);
    struct batch *batch = crew_next(crew);
    while (batch) {
        handle_batch(pipeline, batch);
        crew_done(crew, batch);
        batch = crew_next(crew);
    }
    crew_free(crew);
}

static void settle_coverage(struct pipeline *pipeline)
{
    struct summary *summary = &pipeline->summary;
    struct coverage_summary *coverage = &summary->coverage;
    frames_counts(pipeline->frames, &summary->decoded, summary->skipped);
    for (unsigned i = 0; i < SHARDS; i++) {
        shard_count(pipeline->shards[i], coverage);
    }
    inputs_count_stored(pipeline->inputs, summary);
    uint64_t unread =
        coverage->encrypted + coverage->compressed + coverage->gapped + coverage->one_sided;
    coverage->verdict = coverage->read == 0 ? COVERAGE_NONE
                        : unread > 0        ? COVERAGE_PARTIAL
                                            : COVERAGE_FULL;
}

/* ---- the end ---- */

static void settle_inputs(struct pipeline *pipeline)
{
    uint64_t filtered;
    const struct event_sink sink = {offer_input_event, pipeline};
    inputs_settle(pipeline->inputs, &sink, &filtered);
    pipeline->summary.packets += filtered;
    pipeline->summary.skipped[SKIP_FILTERED] += filtered;
}

/* A readable input without any SIP message is no error, but never looks healthy. */
static void report_no_sip(struct pipeline *pipeline)
{
    const struct summary *summary = &pipeline->summary;
    const struct input_info *inputs = inputs_info(pipeline->inputs);
    size_t readable = 0;
    size_t index = 0;
    for (size_t i = 0; i < inputs_count(pipeline->inputs); i++) {
        if (!inputs[i].failed) {
            readable++;
            index = i;
        }
    }
    if (readable > 0 && summary->coverage.read == 0) {
        struct event event = {.kind = EVENT_COVERAGE,
                              .origin = inputs_end(pipeline->inputs, index)};
        event.as.coverage =
            (struct coverage_fact){.kind = COVERAGE_NO_SIP, .count = summary->packets};
        show_event(pipeline, &event);
    }
}

static void settle_verdict(struct pipeline *pipeline)
{
    struct coverage_summary *coverage = &pipeline->summary.coverage;
    bool damaged = pipeline->summary.partial || inputs_damaged(pipeline->inputs);
    if (damaged && coverage->verdict == COVERAGE_FULL) {
        coverage->verdict = COVERAGE_PARTIAL;
    }
}

struct pipeline_problems pipeline_run(struct pipeline *pipeline, const struct sink *sinks,
                                      size_t sink_count)
{
    pipeline->sinks = sinks;
    pipeline->sink_count = sink_count;
    read_exports(pipeline);
    if (pipeline->options.looker) {
        stored_expect(audit_stored(pipeline->audit));
    }
    run_batches(pipeline);
    settle_coverage(pipeline);
    settle_inputs(pipeline);
    report_no_sip(pipeline);
    int64_t last = inputs_last(pipeline->inputs);
    int64_t end = last > pipeline->now ? last : pipeline->now;
    exchange_end(pipeline->exchange, end);
    engine_end(pipeline->engine, end);
    list_inputs(pipeline);
    if (pipeline->options.looker) {
        pipeline->options.looker->look(pipeline->options.looker->context,
                                       audit_stored(pipeline->audit));
    }
    audit_end(pipeline->audit, end);
    settle_verdict(pipeline);
    tally_fill(pipeline->tally, &pipeline->summary);
    return (struct pipeline_problems){.unreadable = inputs_unreadable(pipeline->inputs) +
                                                    pipeline->unreadable_exports};
}
