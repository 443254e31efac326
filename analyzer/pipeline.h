/*
 * The one place where sources, decoders, engine, audit and sinks meet.
 *
 *   captures -> frames -> shards (TCP, SIP, bodies) -> merge -> exchange
 *                                                                |
 *                    sinks <-+- events <-------------------------+
 *                            +- changes <- engine <- events
 *                            +- findings, flows and labels <- audit <- events and changes
 *                                                               |
 *   exports of the compliance service, read before all captures +
 *
 * Called by the files in analyzer/commands. Several inputs are merged by time.
 * Every event is offered to the sinks before the changes it causes; what ran out
 * before an event's time comes first.
 */
#ifndef OCSIGHT_ANALYZER_PIPELINE_H
#define OCSIGHT_ANALYZER_PIPELINE_H

#include <signal.h>

#include "analyzer/audit/audit.h"
#include "analyzer/engine/limits.h"
#include "analyzer/engine/sink.h"
#include "analyzer/engine/slice.h"
#include "analyzer/engine/summary.h"
#include "decoders/pseudonym.h"

/* One rule as the command line changes it. */
struct rule_choice {
    struct slice rule;
    enum { RULE_ONLY, RULE_OFF, RULE_WAIT } what;
    uint32_t seconds; /* RULE_WAIT */
};

/*
 * Whoever keeps what the decoders found (the store): messages as framed and events without a
 * message, in the order of the run, before transactions, dialogs and states are made of them.
 * All of it is borrowed until the function returns.
 */
struct keeper {
    void *context;
    void (*message)(void *context, const struct sip_unit *unit);
    void (*event)(void *context, const struct event *event);
    /* What was found of an input as a whole, after the last record: the engine never sees it. */
    void (*ending)(void *context, const struct event *event);
};

/*
 * Whoever has rows of the compliance database: asked when the capture has been read to its end and
 * before its audit is. Only told rooms and times are needed then (analyzer/audit/stored.h).
 */
struct stored;
struct looker {
    void *context;
    void (*look)(void *context, struct stored *stored);
};

struct pipeline_options {
    const char *const *inputs; /* paths; "-" is standard input */
    size_t input_count;
    /*
     * For tests and fuzzing only: the bytes of each input, which are then read instead
     * of the file of that name. They are not hashed, and nothing about them is told on
     * standard error. They must outlive the pipeline. NULL = files.
     */
    const struct slice *contents;
    const char *const *exports; /* of the compliance service, to be compared with the inputs */
    size_t export_count;
    const struct slice *export_contents; /* as `contents` */
    const char *filter;                  /* BPF expression or NULL */
    const struct keeper *keeper;         /* NULL = nobody */
    const struct looker *looker;         /* NULL = nobody */
    const struct pseudonym_key *redact;  /* names become pseudonyms under it; NULL = they stay */
    const struct rule_choice *rules;
    size_t rule_count;
    unsigned threads; /* 1 or more; the result does not depend on it */
    bool hash;        /* SHA-256 of every input file */
    bool quiet;       /* no remarks on standard error, only what could not be read */
    struct map_seed seed;
    struct limits limits;
    const volatile sig_atomic_t *interrupted; /* not 0: stop reading, report what there is */
    /* Called now and then with the packets read so far; NULL = no progress. */
    void (*progress)(void *context, uint64_t packets, uint64_t bytes);
    void *progress_context;
};

/* What went wrong on the way; the summary says the rest. */
struct pipeline_problems {
    size_t unreadable; /* inputs and exports of which nothing could be read */
};

struct pipeline;

/*
 * Checks the rules' names and opens the inputs. NULL and one line in `problem`
 * when something is wrong with the options; an input that cannot be read is no
 * such thing (pipeline_run() counts it).
 */
struct pipeline *pipeline_new(const struct pipeline_options *options, char *problem,
                              size_t problem_size);
void pipeline_free(struct pipeline *pipeline);

/* As the option `hash`, for whoever knows only now what the report will print. Before
 * pipeline_run(). */
void pipeline_hash_inputs(struct pipeline *pipeline);

/* The earliest time of the inputs' first records, TIME_NONE without records. Before pipeline_run().
 */
int64_t pipeline_start(const struct pipeline *pipeline);

/*
 * The summary as it stands: its inputs have their names from the start, its
 * totals are complete after pipeline_run(). Valid until pipeline_free().
 */
const struct summary *pipeline_summary(const struct pipeline *pipeline);

/*
 * Reads all inputs to the end (or until interrupted). Problems of an input go to
 * standard error, one line each, and the other inputs are still read.
 */
struct pipeline_problems pipeline_run(struct pipeline *pipeline, const struct sink *sinks,
                                      size_t sink_count);

#endif
