/*
 * Whole runs of the pipeline over captures in memory, and all that its sinks are
 * offered, as text: one line for each event, change and finding.
 *
 * Two runs that ought to be equal are compared line by line. A line holds every
 * field that a sink can see; long contents (bodies, raw elements) by their size and
 * digest, pointers never.
 */
#ifndef OCSIGHT_TESTS_UNIT_RUNS_H
#define OCSIGHT_TESTS_UNIT_RUNS_H

#include "tests/unit/harness.h"

#include "analyzer/engine/buffer.h"
#include "analyzer/pipeline.h"

/* What of a run is logged. */
enum run_parts {
    RUN_MESSAGES = 1 << 0, /* EVENT_MESSAGE */
    RUN_FACTS = 1 << 1,    /* events with what a body says */
    RUN_DIALOGS = 1 << 2,
    RUN_COVERAGE = 1 << 3, /* coverage and diagnostics */
    RUN_CHANGES = 1 << 4,
    RUN_FINDINGS = 1 << 5,
    RUN_PLACES = 1 << 6, /* in each line also where and when it was seen, and numbers given to it */
    RUN_ALL = (1 << 7) - 1,
};

struct run_log {
    unsigned parts;
    struct buffer text; /* lines, each with its '\n' */
    size_t lines;
    size_t counts[EVENT_KINDS];
    size_t roles[3]; /* messages by enum message_role */
    size_t changes;
    size_t findings;
    struct summary summary; /* its numbers only; what it points to is gone */
};

/* What is run; start from run_setup() of a capture. */
struct run_setup {
    struct slice contents[2];
    size_t count;
    unsigned threads;
    unsigned parts;
    struct limits limits;
};

struct run_setup run_setup(struct slice content, unsigned parts);
struct run_log run_logged(const struct run_setup *setup);
void run_log_dispose(struct run_log *log);

/* run_logged() of run_setup(). */
struct run_log run_of(struct slice content, unsigned parts);

/* The sinks that write a log; used by run_logged(). In run_lines.c. */
struct sink run_log_sink(struct run_log *log);

/* The next line without its '\n', *rest moved behind it; false at the end. */
bool run_line_next(struct slice *rest, struct slice *line);

/* The part of a message's line that says what it is and not how or where it was seen. */
struct slice run_line_identity(struct slice line);

/* The lines in the order of their bytes, for comparing what may have changed places. */
void run_log_sort(struct run_log *log);

/* Fails, with the first lines that differ, unless the logs are equal. */
void assert_same_log(const struct run_log *expected, const struct run_log *actual,
                     const char *what);

/* A rendered capture of the build's folder, "third-party-publish.lost.pcap". Release with free().
 */
struct slice rendered(const char *name);

/* Is the size variable of the tests turned up (tests/run.sh --long)? */
bool tests_are_long(void);

#endif
