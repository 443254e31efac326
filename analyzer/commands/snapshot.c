/*
 * `ocsight store snapshot`: the rows of servers' databases in one SQLite file.
 *
 * The first word after `store` decides: an input of that name is written ./snapshot.
 */
#include "analyzer/commands/snapshot.h"

#include <inttypes.h>
#include <stdio.h>

#include "analyzer/commands/run.h"
#include "analyzer/servers.h"
#include "sql/snapshot_write.h"

struct keeping {
    const struct options *options;
    struct snapshot_writer *writer;
    struct output *output;
    enum exit_status status;
};

/* With several causes the lowest of exit_status.h's list wins; an interruption ends everything. */
static void note_status(struct keeping *keeping, enum exit_status status)
{
    static const enum exit_status order[] = {EXIT_INTERRUPTED, EXIT_DATABASE, EXIT_OUTPUT};
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        if (keeping->status == order[i] || status == order[i]) {
            keeping->status = order[i];
            return;
        }
    }
}

static void tell(struct keeping *keeping, const struct peer *peer,
                 const struct snapshot_outcome *outcome)
{
    struct slice name = peer_name(peer);
    const char *state = outcome->complete ? "complete"
                        : outcome->ended  ? "not complete"
                                          : "unfinished: what came so far is not the whole";
    if (keeping->options->quiet) {
        return;
    }
    output_format(keeping->output, "%.*s: %" PRIu64 " tables, %" PRIu64 " rows, %s\n",
                  (int)name.size, name.data, outcome->tables, outcome->rows, state);
    if (outcome->copies > 0) {
        output_format(keeping->output, "%.*s: %" PRIu64 " rows came twice and are kept once\n",
                      (int)name.size, name.data, outcome->copies);
    }
}

/* Databases that are there but told nothing: the file has none of their tables. */
static void tell_reasons(struct keeping *keeping, const struct peer *peer)
{
    struct slice name = peer_name(peer);
    for (size_t i = 0; i < PEER_DATABASES && !keeping->options->quiet; i++) {
        struct slice reason = peer_reason(peer, slice_of(peer_databases[i]));
        if (reason.size > 0) {
            output_format(keeping->output, "%.*s: nothing of %s: %s\n", (int)name.size, name.data,
                          peer_databases[i], reason.data);
        }
    }
}

static void keep_server(struct keeping *keeping, struct peer *peer)
{
    struct snapshot_outcome outcome = snapshot_take(keeping->writer, peer);
    struct slice name = peer_name(peer);
    if (outcome.present) {
        fprintf(stderr, "ocsight: %s: it holds %.*s already, which is left out\n",
                keeping->options->output, (int)name.size, name.data);
        return;
    }
    if (outcome.unwritten) {
        fprintf(stderr, "ocsight: %s: %s\n", keeping->options->output, outcome.problem);
        note_status(keeping, EXIT_OUTPUT);
        return;
    }
    const struct peer_answer answer = {.fault = outcome.fault, .problem = outcome.problem};
    note_status(keeping, servers_complain(peer, &answer, EXIT_DONE));
    tell(keeping, peer, &outcome);
    tell_reasons(keeping, peer);
}

/* What the file says of itself: tables that were cut or refused. */
static void tell_gaps(struct keeping *keeping)
{
    char problem[SNAPSHOT_PROBLEM];
    struct snapshot *snapshot = snapshot_open(keeping->options->output, problem);
    for (size_t i = 0; snapshot && i < snapshot_remark_count(snapshot); i++) {
        output_format(keeping->output, "%s\n", snapshot_remark(snapshot, i));
    }
    snapshot_close(snapshot);
}

static void keep_servers(struct keeping *keeping, const struct servers *servers)
{
    size_t count = servers_count(servers);
    for (size_t i = 0;
         i < count && keeping->status != EXIT_INTERRUPTED && keeping->status != EXIT_OUTPUT; i++) {
        keep_server(keeping, servers_peer(servers, i));
    }
}

/* Nobody was reached: no file is made. */
static void keep_reached(struct keeping *keeping, const struct servers *servers)
{
    const struct snapshot_order order = {
        .version = OCSIGHT_VERSION,
        .max_rows = keeping->options->max_rows,
        .seed = run_seed(),
        .now = run_clock,
    };
    char problem[SNAPSHOT_PROBLEM];
    keeping->writer =
        snapshot_writer_new(keeping->options->output, keeping->options->append, &order, problem);
    if (!keeping->writer) {
        fprintf(stderr, "ocsight: %s\n", problem);
        note_status(keeping, EXIT_OUTPUT);
        return;
    }
    keep_servers(keeping, servers);
    snapshot_writer_free(keeping->writer);
    if (!keeping->options->quiet) {
        tell_gaps(keeping);
    }
}

static const char *usage_problem(const struct options *options)
{
    return options->input_count > 1     ? "a snapshot is taken of servers: --server, and no input"
           : options->server_count == 0 ? "a snapshot is taken of servers: name them with --server"
           : !options->output           ? "a snapshot needs a file: -o FILE"
                                        : NULL;
}

enum exit_status command_snapshot(const struct options *options)
{
    const char *wrong = usage_problem(options);
    if (wrong) {
        return run_usage("store", wrong);
    }
    char problem[512];
    struct keeping keeping = {.options = options, .status = EXIT_DONE};
    struct servers *servers = servers_connect(options, &keeping.status);
    keeping.output = output_open(NULL);
    for (size_t i = 0; i < servers_remark_count(servers) && !options->quiet; i++) {
        output_format(keeping.output, "%s\n", servers_remark(servers, i));
    }
    if (servers_count(servers) > 0) {
        keep_reached(&keeping, servers);
    }
    servers_free(servers);
    if (!output_close(keeping.output, true, problem, sizeof problem)) {
        fprintf(stderr, "ocsight: %s\n", problem);
        note_status(&keeping, EXIT_OUTPUT);
    }
    return keeping.status;
}
