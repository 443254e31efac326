/*
 * The inputs of a run, read side by side: one stream of packets in the order of
 * time, and of what stores kept of packets. A store stands for the captures in it.
 *
 * Called by pipeline.c alone: inputs_next() and inputs_step() from the thread that
 * reads, everything else before it starts or after it has ended.
 */
#ifndef OCSIGHT_ANALYZER_INPUTS_H
#define OCSIGHT_ANALYZER_INPUTS_H

#include "analyzer/engine/event.h"
#include "analyzer/engine/limits.h"
#include "analyzer/engine/summary.h"
#include "analyzer/replay.h"
#include "decoders/capture.h"

/* Where the inputs come from; see struct pipeline_options. */
struct inputs_options {
    const char *const *names;
    size_t count;
    const struct slice *contents; /* NULL = files */
    const char *filter;
    bool hash;
    bool quiet;
    const struct limits *limits; /* outlives the inputs */
    struct map_seed seed;
    bool nameless; /* rows are called "input 1" and so on: --redact */
};

struct inputs;

/* Opens all of them; one that cannot be read is counted, told on standard error and left out. */
struct inputs *inputs_new(const struct inputs_options *options);
void inputs_free(struct inputs *inputs);

/* As the option `hash`; before inputs_settle(). */
void inputs_hash(struct inputs *inputs);

/* One row for each capture, stored ones too; inputs_settle() completes them. Their names stand from
 * the start. */
const struct input_info *inputs_info(const struct inputs *inputs);
size_t inputs_count(const struct inputs *inputs);

/* What an input is called that may not have its own name: "input 1". */
enum { INPUT_NAME = 32 };
struct slice input_name(size_t number, char out[static INPUT_NAME]);

/* The first store of them, NULL = none. */
const char *inputs_store(const struct inputs *inputs);

/* Is one store with one run all there is? Then order numbers are those that it kept. */
bool inputs_are_kept(const struct inputs *inputs);

/* The highest number that the stores give to a connection. */
uint64_t inputs_numbers(const struct inputs *inputs);

/* The earliest time of their first records, TIME_NONE without any. Before inputs_step(). */
int64_t inputs_start(const struct inputs *inputs);

/* One of them is set. */
struct input_record {
    struct packet *packet;
    const struct replayed *replayed;
};

/* What comes next in time, borrowed until inputs_step(); false at the end of all. */
bool inputs_next(struct inputs *inputs, struct input_record *out);

/* Goes past what inputs_next() gave. */
void inputs_step(struct inputs *inputs);

/* The highest record time read so far; TIME_NONE before the first record. */
int64_t inputs_last(const struct inputs *inputs);

/*
 * After the last packet: completes the rows of inputs_info() and tells `sink` what could
 * not be read (EVENT_COVERAGE). `filtered` becomes the packets that the filter left out.
 */
void inputs_settle(struct inputs *inputs, const struct event_sink *sink, uint64_t *filtered);

/* Adds the packets and streams of the stores. */
void inputs_count_stored(const struct inputs *inputs, struct summary *summary);

/* The origin of something that concerns an input as a whole: its last record. */
struct origin inputs_end(const struct inputs *inputs, size_t index);

/* Inputs that could not be read at all, and whether any is damaged or was captured short. */
size_t inputs_unreadable(const struct inputs *inputs);
bool inputs_damaged(const struct inputs *inputs);

#endif
