/*
 * `ocsight presence` of databases. See presence_live.h.
 *
 * No source says in which zone the servers write their times (databases.md section 13), so no
 * clock of theirs is asked: what has expired is told by --at, by when a snapshot was taken, or by
 * this computer's clock, and the output says which.
 */
#include "analyzer/commands/presence_live.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "analyzer/commands/run.h"
#include "analyzer/live_presence.h"
#include "analyzer/redacted_peer.h"
#include "analyzer/servers.h"
#include "sql/snapshot.h"

static size_t snapshot_inputs(const struct options *options)
{
    size_t count = 0;
    for (size_t i = 0; i < options->input_count; i++) {
        count += snapshot_is(options->inputs[i]);
    }
    return count;
}

bool presence_is_live(const struct options *options)
{
    return options->server_count > 0 || snapshot_inputs(options) > 0;
}

/* What cannot be together; NULL when all is well. */
static const char *contradiction(const struct options *options)
{
    if (options->input_count > 0 && options->server_count > 0) {
        return "--server and an input are two sources that are never merged: two engines, so run "
               "ocsight twice and compare";
    }
    if (options->input_count > snapshot_inputs(options)) {
        return "a snapshot and a capture are two sources that are never merged: two engines, so "
               "run ocsight twice and compare";
    }
    if (options->input_count > 1) {
        return "one snapshot at a time: `ocsight db diff` compares two";
    }
    if (options->timeline || options->from || options->to || options->watcher.size > 0) {
        return "a database holds a state and no history: --timeline, --from, --to and --as need a "
               "capture";
    }
    if (options->filter) {
        return "--filter chooses packets, and a database has none";
    }
    if (options->watch > 0 && options->server_count == 0) {
        return "--watch needs a server";
    }
    if (options->explain && options->watch > 0) {
        return "--watch prints changes; --explain explains one look";
    }
    return NULL;
}

/* ---- where the rows come from ---- */

struct live {
    const struct options *options;
    struct run run;
    struct snapshot *snapshot;
    struct servers *servers;
    struct live_report *report;
    struct live_sources sources;
    struct peer **peers;
    const char **remarks;
    bool told; /* some look was */
};

static void drop_sources(struct live *live)
{
    servers_free(live->servers);
    snapshot_close(live->snapshot);
    free(live->peers);
    free(live->remarks);
    live->servers = NULL;
    live->snapshot = NULL;
    live->peers = NULL;
    live->remarks = NULL;
}

static void set_sources(struct live *live, size_t count, size_t remarks)
{
    live->peers = memory_zero(count + 1, sizeof *live->peers);
    live->remarks = memory_zero(remarks + 1, sizeof *live->remarks);
    live->sources.peers = live->peers;
    live->sources.count = count;
    live->sources.remarks = live->remarks;
    live->sources.remark_count = remarks;
}

/* False when no server was reached. */
static bool connect_servers(struct live *live)
{
    drop_sources(live);
    live->servers = servers_connect(live->options, &live->run.status);
    size_t count = servers_count(live->servers);
    set_sources(live, count, servers_remark_count(live->servers));
    for (size_t i = 0; i < count; i++) {
        live->peers[i] = servers_peer(live->servers, i);
    }
    for (size_t i = 0; i < live->sources.remark_count; i++) {
        live->remarks[i] = servers_remark(live->servers, i);
    }
    live->sources.partial = count < live->options->server_count;
    return count > 0;
}

static bool open_snapshot(struct live *live)
{
    char problem[SNAPSHOT_PROBLEM];
    live->snapshot = snapshot_open(live->options->inputs[0], problem);
    if (!live->snapshot) {
        fprintf(stderr, "ocsight: %s\n", problem);
        live->run.status = EXIT_INPUT;
        return false;
    }
    redacted_peers_cover_all(live->options->rows, live->snapshot);
    size_t count = snapshot_count(live->snapshot);
    set_sources(live, count, snapshot_remark_count(live->snapshot));
    live->sources.now = count > 0 ? snapshot_taken(live->snapshot, 0) : TIME_NONE;
    for (size_t i = 0; i < count; i++) {
        int64_t taken = snapshot_taken(live->snapshot, i);
        live->peers[i] = snapshot_peer(live->snapshot, i);
        live->sources.now = taken > live->sources.now ? taken : live->sources.now;
    }
    for (size_t i = 0; i < live->sources.remark_count; i++) {
        live->remarks[i] =
            redacted_peers_remark(live->options->rows, snapshot_remark(live->snapshot, i));
    }
    if (count == 0) {
        fprintf(stderr, "ocsight: %s: it holds no server's rows\n", live->options->inputs[0]);
        live->run.status = EXIT_INPUT;
    }
    return count > 0;
}

static void set_clock(struct live *live)
{
    if (live->options->at) {
        live->sources.now = live->run.at;
        live->sources.clock = "--at";
    } else if (live->snapshot) {
        live->sources.clock = "the snapshot's clock";
    } else {
        live->sources.now = run_clock();
        live->sources.clock = "this computer's clock";
    }
}

/* ---- looks ---- */

static struct live_outcome look(struct live *live, bool partial_too)
{
    const struct options *options = live->options;
    const struct live_asking asking = {
        .users = options->users,
        .user_count = options->user_count,
        .max_rows = options_max_rows(options),
        .seed = live->run.seed,
        .limits = &live->run.limits,
        .interrupted = run_interrupted(),
    };
    set_clock(live);
    struct live_outcome outcome =
        live_presence_look(&live->sources, &asking, partial_too, live->report);
    live->told = live->told || outcome.told;
    /* A database that failed counts before an output that did. */
    if (outcome.status != EXIT_DONE &&
        !(outcome.status == EXIT_OUTPUT && live->run.status == EXIT_DATABASE)) {
        live->run.status = outcome.status;
    }
    return outcome;
}

/* False when Ctrl-C ends it, or when nobody reads any more. */
static bool wait_for_next(const struct live *live)
{
    struct timespec left = {.tv_sec = (time_t)live->options->watch};
    output_flush(live->run.output);
    if (output_is_over(live->run.output) || *run_interrupted()) {
        return false;
    }
    while (nanosleep(&left, &left) != 0 && errno == EINTR) {
        if (*run_interrupted()) {
            return false;
        }
    }
    return !*run_interrupted();
}

/*
 * Ctrl-C is how a watch ends. A look that is not whole is left out: what a lost server no longer
 * tells would look like a change; where the first is not whole there is nothing to watch.
 */
static void watch(struct live *live)
{
    struct live_outcome outcome = look(live, false);
    while (live->told && wait_for_next(live)) {
        bool lost = live->sources.partial || outcome.partial || outcome.status == EXIT_DATABASE;
        live->run.status = EXIT_DONE;
        if (lost) {
            fprintf(stderr, "ocsight: connecting again\n");
            (void)connect_servers(live);
        }
        if (live->sources.count > 0) {
            outcome = look(live, false);
        }
    }
    if (live->told && *run_interrupted()) {
        live->run.status = EXIT_DONE;
    }
}

static void look_or_watch(struct live *live)
{
    const struct live_query query = {
        .explain = live->options->explain,
        .watch = live->options->watch > 0,
    };
    live->report = live_report_new(&live->run.style, &query, live->run.seed, &live->run.limits,
                                   live->run.output);
    if (query.watch) {
        watch(live);
    } else {
        (void)look(live, true);
    }
    live_report_free(live->report);
}

enum exit_status presence_live(const struct options *options)
{
    struct live live = {.options = options};
    unsigned formats = 1U << REPORT_TEXT | 1U << REPORT_JSON | 1U << REPORT_CSV;
    const char *problem = contradiction(options);
    if (problem) {
        return run_usage("presence", problem);
    }
    if (!run_begin_rows(&live.run, options, formats, run_clock())) {
        return live.run.status;
    }
    bool open = options->server_count > 0 ? connect_servers(&live) : open_snapshot(&live);
    if (open && live.run.status != EXIT_INTERRUPTED) {
        look_or_watch(&live);
    }
    drop_sources(&live);
    return run_end_rows(&live.run, live.told);
}
