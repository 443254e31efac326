/*
 * The one place where sources, decoders, engine, audit and sinks meet. See pipeline.h.
 */
#include "analyzer/pipeline.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/audit/tally.h"
#include "analyzer/crew.h"
#include "analyzer/digest.h"
#include "analyzer/engine/engine.h"
#include "analyzer/merge.h"
#include "decoders/exchange.h"

enum { READ_AT_ONCE = 2 * BATCH_PACKETS }; /* packets that one batch may take to fill */

/* One input while it is being read. */
struct source {
    struct capture *capture;
    struct packet packet; /* the next one, while `ready` */
    bool ready;
    bool done;
    bool cut;                 /* coverage-truncated was reported */
    int64_t last;             /* highest record time so far; TIME_NONE at first */
    uint64_t backwards;       /* records earlier than one before them */
    struct origin back_first; /* the first of them */
    uint64_t short_packets;   /* captured shorter than they were on the wire */
    struct origin short_first;
};

struct pipeline {
    struct pipeline_options options;
    struct limits limits;
    struct source *sources;
    struct input_info *inputs;
    struct summary summary;
    struct frames *frames;
    struct shard *shards[SHARDS];
    struct batch *filling; /* where the reader's own events go */
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
    uint64_t problems_unread;
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

/* A cap that the engine reached: told to everybody, not fed back to the engine. */
static void offer_cap(void *context, const struct event *event)
{
    show_event(context, event);
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

static void name_inputs(struct pipeline *pipeline)
{
    size_t count = pipeline->options.input_count;
    pipeline->sources = memory_zero(count, sizeof *pipeline->sources);
    pipeline->inputs = memory_zero(count, sizeof *pipeline->inputs);
    for (size_t i = 0; i < count; i++) {
        pipeline->inputs[i].name = slice_of(pipeline->options.inputs[i]);
    }
    pipeline->summary.inputs = pipeline->inputs;
    pipeline->summary.input_count = count;
}

void pipeline_free(struct pipeline *pipeline)
{
    for (size_t i = 0; i < pipeline->options.input_count; i++) {
        if (pipeline->sources[i].capture) {
            capture_close(pipeline->sources[i].capture);
        }
    }
    tally_free(pipeline->tally);
    audit_free(pipeline->audit);
    engine_free(pipeline->engine);
    exchange_free(pipeline->exchange);
    merge_free(pipeline->merge);
    for (unsigned i = 0; i < SHARDS; i++) {
        shard_free(pipeline->shards[i]);
    }
    frames_free(pipeline->frames);
    free(pipeline->sources);
    free(pipeline->inputs);
    free(pipeline);
}

const struct summary *pipeline_summary(const struct pipeline *pipeline)
{
    return &pipeline->summary;
}

/* ---- reading ---- */

static void offer_coverage(struct pipeline *pipeline, const struct origin *origin,
                           const struct coverage_fact *fact)
{
    struct event event = {.kind = EVENT_COVERAGE, .origin = *origin};
    event.as.coverage = *fact;
    show_event(pipeline, &event);
}

/* One line about an input, unless there is nothing to say. */
static void tell(const struct pipeline *pipeline, size_t index, const char *words)
{
    if (words[0] != '\0' && !pipeline->options.contents) {
        fprintf(stderr, "ocsight: %s: %s\n", pipeline->options.inputs[index], words);
    }
}

/* Makes the next packet of a source ready, or finishes the source. */
static void advance(struct pipeline *pipeline, size_t index)
{
    struct source *source = &pipeline->sources[index];
    enum capture_status status = capture_next(source->capture, &source->packet);
    source->ready = status == CAPTURE_PACKET;
    if (source->ready) {
        return;
    }
    tell(pipeline, index, capture_problem(source->capture));
    if (status == CAPTURE_CUT && !source->cut) {
        source->cut = true;
        advance(pipeline, index);
        return;
    }
    source->done = true;
    if (status == CAPTURE_FAILED) {
        pipeline->problems_unread++;
    }
}

static struct capture *open_input(const struct pipeline *pipeline, size_t index)
{
    const struct pipeline_options *options = &pipeline->options;
    uint32_t number = (uint32_t)index;
    return options->contents
               ? capture_open_memory(options->contents[index], number, options->filter,
                                     &pipeline->limits)
               : capture_open(options->inputs[index], number, options->filter, &pipeline->limits);
}

static void open_sources(struct pipeline *pipeline)
{
    for (size_t i = 0; i < pipeline->options.input_count; i++) {
        struct source *source = &pipeline->sources[i];
        source->last = TIME_NONE;
        source->capture = open_input(pipeline, i);
        advance(pipeline, i);
    }
}

struct pipeline *pipeline_new(const struct pipeline_options *options, char *problem,
                              size_t problem_size)
{
    struct pipeline *pipeline = memory_zero(1, sizeof *pipeline);
    pipeline->options = *options;
    pipeline->limits = options->limits;
    pipeline->now = TIME_NONE;
    name_inputs(pipeline);
    pipeline->change_sink = (struct change_sink){offer_change, pipeline};
    pipeline->exchange_sink = (struct event_sink){offer_event, pipeline};
    pipeline->cap_sink = (struct event_sink){offer_cap, pipeline};
    pipeline->finding_sink = (struct finding_sink){offer_finding, pipeline};
    pipeline->frame_sink = (struct event_sink){keep_frame_event, pipeline};
    pipeline->frames = frames_new(options->seed, &pipeline->limits, &pipeline->frame_sink);
    for (unsigned i = 0; i < SHARDS; i++) {
        pipeline->shards[i] = shard_new(options->seed, &pipeline->limits, i);
    }
    pipeline->merge = merge_new();
    pipeline->exchange = exchange_new(options->seed, &pipeline->limits, &pipeline->exchange_sink);
    pipeline->engine =
        engine_new(options->seed, &pipeline->limits, &pipeline->change_sink, &pipeline->cap_sink);
    pipeline->audit = audit_new(options->seed, &pipeline->limits, &pipeline->finding_sink);
    pipeline->tally = tally_new(options->seed, &pipeline->limits);
    if (!apply_rules(pipeline, problem, problem_size)) {
        pipeline_free(pipeline);
        return NULL;
    }
    open_sources(pipeline);
    return pipeline;
}

int64_t pipeline_start(const struct pipeline *pipeline)
{
    int64_t start = TIME_NONE;
    for (size_t i = 0; i < pipeline->options.input_count; i++) {
        const struct source *source = &pipeline->sources[i];
        if (source->ready && (start == TIME_NONE || source->packet.origin.time < start)) {
            start = source->packet.origin.time;
        }
    }
    return start;
}

/* The source with the earliest packet; NULL when all are at their end. */
static struct source *earliest(struct pipeline *pipeline, size_t *out_index)
{
    struct source *best = NULL;
    for (size_t i = 0; i < pipeline->options.input_count; i++) {
        struct source *source = &pipeline->sources[i];
        if (source->ready &&
            (!best || origin_compare(&source->packet.origin, &best->packet.origin) < 0)) {
            best = source;
            *out_index = i;
        }
    }
    return best;
}

static void watch_clock(struct source *source)
{
    const struct packet *packet = &source->packet;
    if (source->last != TIME_NONE && packet->origin.time < source->last) {
        if (source->backwards++ == 0) {
            source->back_first = packet->origin;
        }
    } else {
        source->last = packet->origin.time;
    }
    if (packet->bytes.size < packet->wire_size && source->short_packets++ == 0) {
        source->short_first = packet->origin;
    }
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

static void read_packet(struct pipeline *pipeline, struct source *source, struct batch *batch)
{
    struct packet *packet = &source->packet;
    struct datagram datagram;
    watch_clock(source);
    packet->origin.order = ++pipeline->summary.packets;
    pipeline->bytes_read += packet->bytes.size;
    batch->order = packet->origin.order;
    batch->now = packet->origin.time;
    if (frame_decode(pipeline->frames, packet, &datagram) == FRAME_DATAGRAM) {
        batch_add(batch, &datagram);
    }
}

/* The reader's part: from the inputs to a batch of datagrams. Runs on a thread of its own. */
static void fill_batch(void *context, struct batch *batch)
{
    struct pipeline *pipeline = context;
    size_t index = 0;
    size_t read = 0;
    pipeline->filling = batch;
    struct source *source = earliest(pipeline, &index);
    while (source && read < READ_AT_ONCE && !batch_is_full(batch)) {
        read_packet(pipeline, source, batch);
        advance(pipeline, index);
        source = earliest(pipeline, &index);
        read++;
    }
    look_up(pipeline);
    batch->last = !source || pipeline->summary.partial;
    if (batch->last) {
        frames_end(pipeline->frames);
    }
}

/* ---- the serial stage ---- */

static void handle_item(struct pipeline *pipeline, struct item *item)
{
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
    uint64_t unread =
        coverage->encrypted + coverage->compressed + coverage->gapped + coverage->one_sided;
    coverage->verdict = coverage->read == 0 ? COVERAGE_NONE
                        : unread > 0        ? COVERAGE_PARTIAL
                                            : COVERAGE_FULL;
}

/* ---- the end ---- */

/* The origin of something that concerns an input as a whole: its last record. */
static struct origin input_end(const struct input_info *info, size_t index)
{
    return (struct origin){.time = info->last, .record = info->records, .input = (uint32_t)index};
}

static void report_source_cap(struct pipeline *pipeline, const struct origin *origin,
                              const char *cap, uint64_t count)
{
    if (count > 0) {
        struct coverage_fact fact = {.kind = COVERAGE_CAP, .count = count, .detail = slice_of(cap)};
        offer_coverage(pipeline, origin, &fact);
    }
}

static void report_source_caps(struct pipeline *pipeline, const struct origin *end,
                               const struct capture_counts *counts)
{
    report_source_cap(pipeline, end, "packet_bytes", counts->cut);
    report_source_cap(pipeline, end, "note_bytes", counts->notes_dropped);
    report_source_cap(pipeline, end, "interfaces", counts->interfaces_dropped);
}

static void report_source(struct pipeline *pipeline, size_t index)
{
    struct source *source = &pipeline->sources[index];
    const struct input_info *info = &pipeline->inputs[index];
    struct origin end = input_end(info, index);
    if (source->cut) {
        struct coverage_fact fact = {.kind = COVERAGE_TRUNCATED,
                                     .count = 1,
                                     .detail = slice_of("the input breaks off inside a record")};
        offer_coverage(pipeline, &end, &fact);
    }
    struct capture_counts counts = capture_counts(source->capture);
    report_source_caps(pipeline, &end, &counts);
    if (source->short_packets > counts.cut) {
        struct coverage_fact fact = {.kind = COVERAGE_TRUNCATED,
                                     .count = source->short_packets - counts.cut,
                                     .detail = slice_of("packets were captured shorter than they "
                                                        "were on the wire (snap length)")};
        offer_coverage(pipeline, &source->short_first, &fact);
    }
    if (source->backwards > 0) {
        struct coverage_fact fact = {.kind = COVERAGE_CLOCK, .count = source->backwards};
        offer_coverage(pipeline, &source->back_first, &fact);
    }
}

static void settle_inputs(struct pipeline *pipeline)
{
    for (size_t i = 0; i < pipeline->options.input_count; i++) {
        struct capture *capture = pipeline->sources[i].capture;
        struct input_info info = capture_info(capture);
        info.name = pipeline->inputs[i].name;
        info.truncated = info.truncated || pipeline->sources[i].cut;
        pipeline->inputs[i] = info;
        uint64_t filtered = capture_filtered(capture);
        pipeline->summary.packets += filtered;
        pipeline->summary.skipped[SKIP_FILTERED] += filtered;
        if (pipeline->options.hash && !pipeline->options.contents && !info.failed) {
            digest_file(pipeline->options.inputs[i], pipeline->inputs[i].sha256);
        }
        if (!pipeline->options.quiet) {
            tell(pipeline, i, capture_remark(capture));
        }
        report_source(pipeline, i);
    }
}

/* A readable input without any SIP message is no error, but never looks healthy. */
static void report_no_sip(struct pipeline *pipeline)
{
    const struct summary *summary = &pipeline->summary;
    size_t readable = 0;
    size_t index = 0;
    for (size_t i = 0; i < summary->input_count; i++) {
        if (!pipeline->inputs[i].failed) {
            readable++;
            index = i;
        }
    }
    if (readable > 0 && summary->coverage.read == 0) {
        struct origin end = input_end(&pipeline->inputs[index], index);
        struct coverage_fact fact = {.kind = COVERAGE_NO_SIP, .count = summary->packets};
        offer_coverage(pipeline, &end, &fact);
    }
}

static int64_t last_time(const struct pipeline *pipeline)
{
    int64_t last = pipeline->now;
    for (size_t i = 0; i < pipeline->options.input_count; i++) {
        if (pipeline->sources[i].last > last) {
            last = pipeline->sources[i].last;
        }
    }
    return last;
}

static void settle_verdict(struct pipeline *pipeline)
{
    struct coverage_summary *coverage = &pipeline->summary.coverage;
    bool damaged = pipeline->summary.partial || pipeline->problems_unread > 0;
    for (size_t i = 0; i < pipeline->options.input_count; i++) {
        damaged =
            damaged || pipeline->inputs[i].truncated || pipeline->sources[i].short_packets > 0;
    }
    if (damaged && coverage->verdict == COVERAGE_FULL) {
        coverage->verdict = COVERAGE_PARTIAL;
    }
}

struct pipeline_problems pipeline_run(struct pipeline *pipeline, const struct sink *sinks,
                                      size_t sink_count)
{
    pipeline->sinks = sinks;
    pipeline->sink_count = sink_count;
    run_batches(pipeline);
    settle_coverage(pipeline);
    settle_inputs(pipeline);
    report_no_sip(pipeline);
    int64_t end = last_time(pipeline);
    exchange_end(pipeline->exchange, end);
    engine_end(pipeline->engine, end);
    audit_end(pipeline->audit, end);
    settle_verdict(pipeline);
    tally_fill(pipeline->tally, &pipeline->summary);
    return (struct pipeline_problems){.unreadable = pipeline->problems_unread};
}
