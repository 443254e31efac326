/*
 * Several captures and stores, merged by time. See inputs.h.
 */
#include "analyzer/inputs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/engine/arena.h"
#include "decoders/digest.h"

/* One input while it is being read: a capture or a store. */
struct input {
    const char *name;
    uint32_t number; /* of its first row in `info` */
    struct capture *capture;
    struct packet packet; /* the next one of the capture, while `ready` */
    struct replay *replay;
    const struct replayed *replayed; /* the next one of the store, while `ready` */
    bool ready;
    bool cut;                 /* it breaks off; that was told */
    int64_t last;             /* highest record time so far; TIME_NONE at first */
    uint64_t backwards;       /* records earlier than one before them */
    struct origin back_first; /* the first of them */
    uint64_t short_packets;   /* captured shorter than they were on the wire */
    struct origin short_first;
};

struct inputs {
    struct inputs_options options;
    struct input *items;
    struct input_info *info;
    size_t info_count;
    uint64_t numbers;   /* that stores gave away */
    struct input *next; /* that inputs_next() gave something of */
    size_t unreadable;
    struct arena names; /* of rows, when they are not those of the files */
};

/* One line about an input, unless there is nothing to say. */
static void tell(const struct inputs *inputs, const struct input *input, const char *words)
{
    if (words[0] != '\0' && !inputs->options.contents) {
        fprintf(stderr, "ocsight: %s: %s\n", input->name, words);
    }
}

struct slice input_name(size_t number, char out[static INPUT_NAME])
{
    int size = snprintf(out, INPUT_NAME, "input %zu", number + 1);
    return (struct slice){out, (size_t)size};
}

/* What the row of that number is called. */
static struct slice name_of(struct inputs *inputs, size_t number, struct slice name)
{
    return inputs->options.nameless ? input_name(number, arena_alloc(&inputs->names, INPUT_NAME))
                                    : name;
}

/* Makes the next packet of a capture ready, or finishes it. */
static void advance_capture(struct inputs *inputs, struct input *input)
{
    enum capture_status status = capture_next(input->capture, &input->packet);
    input->ready = status == CAPTURE_PACKET;
    if (input->ready) {
        return;
    }
    if (!input->cut || status == CAPTURE_FAILED) {
        tell(inputs, input, capture_problem(input->capture));
    }
    if (status == CAPTURE_CUT && !input->cut) {
        input->cut = true;
        advance_capture(inputs, input);
    } else if (status == CAPTURE_FAILED) {
        inputs->unreadable++;
    }
}

static void advance(struct inputs *inputs, struct input *input)
{
    if (input->capture) {
        advance_capture(inputs, input);
        return;
    }
    input->replayed = replay_next(input->replay);
    input->ready = input->replayed != NULL;
}

static struct input_info *add_rows(struct inputs *inputs, size_t count)
{
    inputs->info = memory_grow(inputs->info, inputs->info_count + count, sizeof *inputs->info);
    struct input_info *rows = inputs->info + inputs->info_count;
    inputs->info_count += count;
    return rows;
}

static void open_capture(struct inputs *inputs, struct input *input, size_t index)
{
    const struct inputs_options *options = &inputs->options;
    struct slice name = name_of(inputs, input->number, slice_of(input->name));
    *add_rows(inputs, 1) = (struct input_info){.name = name};
    input->capture =
        options->contents
            ? capture_open_memory(options->contents[index], input->number, options->filter,
                                  options->limits)
            : capture_open(input->name, input->number, options->filter, options->limits);
    advance(inputs, input);
}

/* A store that cannot be read stands for itself. */
static void open_store(struct inputs *inputs, struct input *input)
{
    size_t count;
    input->replay = replay_open(input->name, input->number, inputs->numbers, inputs->options.seed);
    if (replay_problem(input->replay)[0] != '\0') {
        tell(inputs, input, replay_problem(input->replay));
        inputs->unreadable++;
        *add_rows(inputs, 1) = (struct input_info){
            .name = name_of(inputs, input->number, slice_of(input->name)),
            .kind = "store",
            .first = TIME_NONE,
            .last = TIME_NONE,
            .failed = true,
        };
        return;
    }
    const struct input_info *rows = replay_inputs(input->replay, &count);
    struct input_info *own = add_rows(inputs, count);
    for (size_t i = 0; i < count; i++) {
        own[i] = rows[i];
        own[i].name = name_of(inputs, input->number + i, rows[i].name);
    }
    inputs->numbers += replay_numbers(input->replay);
    advance(inputs, input);
}

struct inputs *inputs_new(const struct inputs_options *options)
{
    struct inputs *inputs = memory_zero(1, sizeof *inputs);
    inputs->options = *options;
    arena_init(&inputs->names);
    inputs->items = memory_zero(options->count, sizeof *inputs->items);
    for (size_t i = 0; i < options->count; i++) {
        struct input *input = &inputs->items[i];
        input->name = options->names[i];
        input->number = (uint32_t)inputs->info_count;
        input->last = TIME_NONE;
        if (!options->contents && replay_is_store(input->name)) {
            open_store(inputs, input);
        } else {
            open_capture(inputs, input, i);
        }
    }
    return inputs;
}

void inputs_free(struct inputs *inputs)
{
    if (!inputs) {
        return;
    }
    for (size_t i = 0; i < inputs->options.count; i++) {
        if (inputs->items[i].capture) {
            capture_close(inputs->items[i].capture);
        }
        replay_close(inputs->items[i].replay);
    }
    arena_dispose(&inputs->names);
    free(inputs->items);
    free(inputs->info);
    free(inputs);
}

void inputs_hash(struct inputs *inputs)
{
    inputs->options.hash = true;
}

const struct input_info *inputs_info(const struct inputs *inputs)
{
    return inputs->info;
}

size_t inputs_count(const struct inputs *inputs)
{
    return inputs->info_count;
}

const char *inputs_store(const struct inputs *inputs)
{
    for (size_t i = 0; i < inputs->options.count; i++) {
        if (inputs->items[i].replay) {
            return inputs->items[i].name;
        }
    }
    return NULL;
}

bool inputs_are_kept(const struct inputs *inputs)
{
    return inputs->options.count == 1 && inputs->items[0].replay &&
           replay_is_single(inputs->items[0].replay);
}

uint64_t inputs_numbers(const struct inputs *inputs)
{
    return inputs->numbers;
}

static int64_t earlier_of(int64_t a, int64_t b)
{
    return a == TIME_NONE || (b != TIME_NONE && b < a) ? b : a;
}

int64_t inputs_start(const struct inputs *inputs)
{
    int64_t start = TIME_NONE;
    for (size_t i = 0; i < inputs->options.count; i++) {
        const struct input *input = &inputs->items[i];
        if (input->capture) {
            start = earlier_of(start, input->ready ? input->packet.origin.time : TIME_NONE);
            continue;
        }
        size_t count;
        const struct input_info *rows = replay_inputs(input->replay, &count);
        for (size_t k = 0; k < count; k++) {
            start = earlier_of(start, rows[k].first);
        }
    }
    return start;
}

/* ---- reading ---- */

/* Where the next one of an input stands among those of others. */
static struct origin place_of(const struct input *input)
{
    return input->capture
               ? input->packet.origin
               : (struct origin){.time = input->replayed->time, .input = input->replayed->input};
}

bool inputs_next(struct inputs *inputs, struct input_record *out)
{
    struct input *best = NULL;
    struct origin place, best_place;
    for (size_t i = 0; i < inputs->options.count; i++) {
        struct input *input = &inputs->items[i];
        if (!input->ready) {
            continue;
        }
        place = place_of(input);
        if (!best || origin_compare(&place, &best_place) < 0) {
            best = input;
            best_place = place;
        }
    }
    inputs->next = best;
    *out = (struct input_record){.packet = best && best->capture ? &best->packet : NULL,
                                 .replayed = best && best->replay ? best->replayed : NULL};
    return best != NULL;
}

static void watch_clock(struct input *input)
{
    const struct packet *packet = &input->packet;
    if (input->last != TIME_NONE && packet->origin.time < input->last) {
        if (input->backwards++ == 0) {
            input->back_first = packet->origin;
        }
    } else {
        input->last = packet->origin.time;
    }
    if (packet->bytes.size < packet->wire_size && input->short_packets++ == 0) {
        input->short_first = packet->origin;
    }
}

void inputs_step(struct inputs *inputs)
{
    if (inputs->next->capture) {
        watch_clock(inputs->next);
    } else {
        replay_step(inputs->next->replay);
    }
    advance(inputs, inputs->next);
}

/* The highest time of the captures that a store stands for. */
static int64_t stored_last(const struct replay *replay)
{
    size_t count;
    int64_t last = TIME_NONE;
    const struct input_info *rows = replay_inputs(replay, &count);
    for (size_t i = 0; i < count; i++) {
        last = rows[i].last > last ? rows[i].last : last;
    }
    return last;
}

int64_t inputs_last(const struct inputs *inputs)
{
    int64_t last = TIME_NONE;
    for (size_t i = 0; i < inputs->options.count; i++) {
        const struct input *input = &inputs->items[i];
        int64_t own = input->replay ? stored_last(input->replay) : input->last;
        last = own > last ? own : last;
    }
    return last;
}

/* ---- the end ---- */

struct origin inputs_end(const struct inputs *inputs, size_t index)
{
    const struct input_info *info = &inputs->info[index];
    return (struct origin){.time = info->last, .record = info->records, .input = (uint32_t)index};
}

static void report(const struct event_sink *sink, const struct origin *origin,
                   const struct coverage_fact *fact)
{
    struct event event = {.kind = EVENT_COVERAGE, .origin = *origin};
    event.as.coverage = *fact;
    event_emit(sink, &event);
}

static void report_cap(const struct event_sink *sink, const struct origin *origin, const char *cap,
                       uint64_t count)
{
    if (count > 0) {
        struct coverage_fact fact = {.kind = COVERAGE_CAP, .count = count, .detail = slice_of(cap)};
        report(sink, origin, &fact);
    }
}

static void report_capture(const struct inputs *inputs, const struct input *input,
                           const struct event_sink *sink)
{
    struct origin end = inputs_end(inputs, input->number);
    if (input->cut) {
        struct coverage_fact fact = {.kind = COVERAGE_TRUNCATED,
                                     .count = 1,
                                     .detail = slice_of("the input breaks off inside a record")};
        report(sink, &end, &fact);
    }
    struct capture_counts counts = capture_counts(input->capture);
    report_cap(sink, &end, "packet_bytes", counts.cut);
    report_cap(sink, &end, "note_bytes", counts.notes_dropped);
    report_cap(sink, &end, "interfaces", counts.interfaces_dropped);
    if (input->short_packets > counts.cut) {
        struct coverage_fact fact = {.kind = COVERAGE_TRUNCATED,
                                     .count = input->short_packets - counts.cut,
                                     .detail = slice_of("packets were captured shorter than they "
                                                        "were on the wire (snap length)")};
        report(sink, &input->short_first, &fact);
    }
    if (input->backwards > 0) {
        struct coverage_fact fact = {.kind = COVERAGE_CLOCK, .count = input->backwards};
        report(sink, &input->back_first, &fact);
    }
}

static void settle_capture(struct inputs *inputs, const struct input *input)
{
    const struct inputs_options *options = &inputs->options;
    struct input_info info = capture_info(input->capture);
    info.name = inputs->info[input->number].name;
    info.truncated = info.truncated || input->cut;
    if (options->hash && !options->contents && !info.failed) {
        digest_file(input->name, info.sha256);
    }
    inputs->info[input->number] = info;
    if (!options->quiet) {
        tell(inputs, input, capture_remark(input->capture));
    }
}

static void settle_store(struct inputs *inputs, const struct input *input)
{
    size_t count;
    const struct input_info *rows = replay_inputs(input->replay, &count);
    for (size_t i = 0; i < count; i++) {
        struct input_info *info = &inputs->info[input->number + i];
        struct slice name = info->name;
        *info = rows[i];
        info->name = name;
        if (!inputs->options.hash) {
            info->sha256[0] = '\0';
        }
    }
    tell(inputs, input, replay_remark(input->replay));
}

void inputs_settle(struct inputs *inputs, const struct event_sink *sink, uint64_t *filtered)
{
    *filtered = 0;
    for (size_t i = 0; i < inputs->options.count; i++) {
        const struct input *input = &inputs->items[i];
        if (input->capture) {
            settle_capture(inputs, input);
            *filtered += capture_filtered(input->capture);
            report_capture(inputs, input, sink);
        } else if (replay_problem(input->replay)[0] == '\0') {
            settle_store(inputs, input);
            replay_settle(input->replay, sink);
        }
    }
}

void inputs_count_stored(const struct inputs *inputs, struct summary *summary)
{
    for (size_t i = 0; i < inputs->options.count; i++) {
        if (inputs->items[i].replay) {
            replay_count(inputs->items[i].replay, summary);
        }
    }
}

size_t inputs_unreadable(const struct inputs *inputs)
{
    return inputs->unreadable;
}

bool inputs_damaged(const struct inputs *inputs)
{
    bool damaged = inputs->unreadable > 0;
    for (size_t i = 0; i < inputs->options.count; i++) {
        const struct input *input = &inputs->items[i];
        damaged = damaged || (input->replay ? replay_damaged(input->replay)
                                            : inputs->info[input->number].truncated ||
                                                  input->short_packets > 0);
    }
    return damaged;
}
