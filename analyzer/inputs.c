/*
 * Several captures, merged by time. See inputs.h.
 */
#include "analyzer/inputs.h"

#include <stdio.h>
#include <stdlib.h>

#include "analyzer/digest.h"
#include "analyzer/engine/arena.h"

/* One input while it is being read. */
struct input {
    struct capture *capture;
    struct packet packet; /* the next one, while `ready` */
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
    struct input *next; /* that inputs_next() gave a packet of */
    size_t unreadable;
};

/* One line about an input, unless there is nothing to say. */
static void tell(const struct inputs *inputs, size_t index, const char *words)
{
    if (words[0] != '\0' && !inputs->options.contents) {
        fprintf(stderr, "ocsight: %s: %s\n", inputs->options.names[index], words);
    }
}

/* Makes the next packet of an input ready, or finishes it. */
static void advance(struct inputs *inputs, struct input *input)
{
    size_t index = (size_t)(input - inputs->items);
    enum capture_status status = capture_next(input->capture, &input->packet);
    input->ready = status == CAPTURE_PACKET;
    if (input->ready) {
        return;
    }
    if (!input->cut || status == CAPTURE_FAILED) {
        tell(inputs, index, capture_problem(input->capture));
    }
    if (status == CAPTURE_CUT && !input->cut) {
        input->cut = true;
        advance(inputs, input);
    } else if (status == CAPTURE_FAILED) {
        inputs->unreadable++;
    }
}

static struct capture *open_input(const struct inputs_options *options, size_t index)
{
    uint32_t number = (uint32_t)index;
    return options->contents
               ? capture_open_memory(options->contents[index], number, options->filter,
                                     options->limits)
               : capture_open(options->names[index], number, options->filter, options->limits);
}

struct inputs *inputs_new(const struct inputs_options *options)
{
    struct inputs *inputs = memory_zero(1, sizeof *inputs);
    inputs->options = *options;
    inputs->items = memory_zero(options->count, sizeof *inputs->items);
    inputs->info = memory_zero(options->count, sizeof *inputs->info);
    for (size_t i = 0; i < options->count; i++) {
        inputs->info[i].name = slice_of(options->names[i]);
        inputs->items[i].last = TIME_NONE;
        inputs->items[i].capture = open_input(options, i);
        advance(inputs, &inputs->items[i]);
    }
    return inputs;
}

void inputs_free(struct inputs *inputs)
{
    if (!inputs) {
        return;
    }
    for (size_t i = 0; i < inputs->options.count; i++) {
        capture_close(inputs->items[i].capture);
    }
    free(inputs->items);
    free(inputs->info);
    free(inputs);
}

const struct input_info *inputs_info(const struct inputs *inputs)
{
    return inputs->info;
}

/* ---- reading ---- */

struct packet *inputs_next(struct inputs *inputs)
{
    struct input *best = NULL;
    for (size_t i = 0; i < inputs->options.count; i++) {
        struct input *input = &inputs->items[i];
        if (input->ready &&
            (!best || origin_compare(&input->packet.origin, &best->packet.origin) < 0)) {
            best = input;
        }
    }
    inputs->next = best;
    return best ? &best->packet : NULL;
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
    watch_clock(inputs->next);
    advance(inputs, inputs->next);
}

int64_t inputs_last(const struct inputs *inputs)
{
    int64_t last = TIME_NONE;
    for (size_t i = 0; i < inputs->options.count; i++) {
        if (inputs->items[i].last > last) {
            last = inputs->items[i].last;
        }
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

static void report_input(const struct inputs *inputs, size_t index, const struct event_sink *sink)
{
    const struct input *input = &inputs->items[index];
    struct origin end = inputs_end(inputs, index);
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

static void settle_input(struct inputs *inputs, size_t index)
{
    const struct inputs_options *options = &inputs->options;
    const struct input *input = &inputs->items[index];
    struct input_info info = capture_info(input->capture);
    info.name = inputs->info[index].name;
    info.truncated = info.truncated || input->cut;
    if (options->hash && !options->contents && !info.failed) {
        digest_file(options->names[index], info.sha256);
    }
    inputs->info[index] = info;
    if (!options->quiet) {
        tell(inputs, index, capture_remark(input->capture));
    }
}

void inputs_settle(struct inputs *inputs, const struct event_sink *sink, uint64_t *filtered)
{
    *filtered = 0;
    for (size_t i = 0; i < inputs->options.count; i++) {
        settle_input(inputs, i);
        *filtered += capture_filtered(inputs->items[i].capture);
        report_input(inputs, i, sink);
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
        damaged = damaged || inputs->info[i].truncated || inputs->items[i].short_packets > 0;
    }
    return damaged;
}
