/*
 * The databases of `ocsight audit` and `ocsight flows`. See audit_rows.h.
 */
#include "analyzer/commands/audit_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/database_looks.h"
#include "analyzer/engine/arena.h"
#include "analyzer/redacted_peer.h"
#include "analyzer/servers.h"
#include "sql/snapshot.h"

struct audit_rows {
    const struct options *options;
    struct limits limits;
    const char **inputs; /* those that are no snapshots */
    struct snapshot **snapshots;
    size_t snapshot_count;
    struct servers *servers;
    struct database_audit *database;
    struct looker looker;
    struct database_info *infos;
    size_t info_count;
    int64_t now;
    enum exit_status status;
    bool finished;
};

bool audit_rows_wanted(const struct options *options)
{
    bool wanted = options->server_count > 0;
    for (size_t i = 0; i < options->input_count; i++) {
        wanted = wanted || snapshot_is(options->inputs[i]);
    }
    return wanted;
}

/* For the audit: a state of one moment has no part that --user alone can pick from a trace and rows
 * alike. */
static const char *contradiction(const struct options *options)
{
    return options->call_id.size > 0 || options->room.size > 0 || options->from || options->to
               ? "rows of a database have no Call-ID, room or time to select by; --user they have"
               : NULL;
}

static void open_snapshot(struct audit_rows *rows, const char *path)
{
    char problem[SNAPSHOT_PROBLEM];
    struct snapshot *snapshot = snapshot_open(path, problem);
    if (!snapshot) {
        fprintf(stderr, "ocsight: %s\n", problem);
        rows->status = EXIT_INPUT;
        return;
    }
    redacted_peers_cover_all(rows->options->rows, snapshot);
    rows->snapshots[rows->snapshot_count++] = snapshot;
    for (size_t i = 0; i < snapshot_count(snapshot); i++) {
        int64_t taken = snapshot_taken(snapshot, i);
        rows->now = taken > rows->now ? taken : rows->now;
    }
}

/* Snapshots are opened, the rest is what the pipeline reads. */
static void split_inputs(struct audit_rows *rows, struct options *rest)
{
    const struct options *options = rows->options;
    rows->inputs = memory_zero(options->input_count + 1, sizeof *rows->inputs);
    rows->snapshots = memory_zero(options->input_count + 1, sizeof *rows->snapshots);
    rest->inputs = rows->inputs;
    rest->input_count = 0;
    for (size_t i = 0; i < options->input_count; i++) {
        if (snapshot_is(options->inputs[i])) {
            open_snapshot(rows, options->inputs[i]);
        } else {
            rows->inputs[rest->input_count++] = options->inputs[i];
        }
    }
}

static void settle_clock(struct audit_rows *rows)
{
    int64_t now = run_clock();
    if (rows->options->server_count > 0 || rows->now == TIME_NONE) {
        rows->now = now;
    }
    if (rows->options->at) {
        (void)clock_parse(slice_of(rows->options->at), rows->now, &rows->now);
    }
}

/* ---- the looks ---- */

struct look {
    struct peer *peer;
    struct look_order order;
};

static int compare_looks(const void *a, const void *b)
{
    const struct look *left = a;
    const struct look *right = b;
    return (left->order.taken > right->order.taken) - (left->order.taken < right->order.taken);
}

static void look_once(struct audit_rows *rows, struct stored *stored, const struct look *look)
{
    struct peer_answer answer = database_look(stored, look->peer, &look->order);
    if (answer.fault == PEER_CUT) {
        database_audit_remark(rows->database, peer_name(look->peer),
                              "not all compliance events were read: --max-rows");
    } else if (answer.fault == PEER_MISSING) {
        database_audit_remark(rows->database, peer_name(look->peer), answer.problem);
    } else {
        rows->status = servers_complain(look->peer, &answer, rows->status);
    }
}

/* Snapshots in the order in which they were taken; what servers have now is the latest. */
static void look_all(void *context, struct stored *stored)
{
    struct audit_rows *rows = context;
    size_t count = 0;
    for (size_t i = 0; i < rows->snapshot_count; i++) {
        count += snapshot_count(rows->snapshots[i]);
    }
    struct look *looks = memory_zero(count + 1, sizeof *looks);
    const uint64_t max_rows = options_max_rows(rows->options);
    count = 0;
    for (size_t i = 0; i < rows->snapshot_count; i++) {
        struct snapshot *snapshot = rows->snapshots[i];
        bool whole = snapshot_remark_count(snapshot) == 0;
        for (size_t j = 0; j < snapshot_count(snapshot); j++) {
            const struct look_order order = {snapshot_taken(snapshot, j), max_rows, whole};
            looks[count++] = (struct look){snapshot_peer(snapshot, j), order};
        }
    }
    if (count > 1) {
        qsort(looks, count, sizeof *looks, compare_looks);
    }
    for (size_t i = 0; i < count; i++) {
        look_once(rows, stored, &looks[i]);
    }
    free(looks);
    for (size_t i = 0; rows->servers && i < servers_count(rows->servers); i++) {
        const struct look live = {servers_peer(rows->servers, i), {run_clock(), max_rows, true}};
        look_once(rows, stored, &live);
    }
}

static bool open_database(struct audit_rows *rows, const char *command)
{
    char problem[512];
    const struct options *options = rows->options;
    const struct database_order order = {
        .now = rows->now,
        .max_rows = options_max_rows(options),
        .users = options->users,
        .user_count = options->user_count,
        .rules = options->rules,
        .rule_count = options->rule_count,
        .seed = run_seed(),
        .limits = &rows->limits,
    };
    rows->database = database_audit_new(&order, problem, sizeof problem);
    if (!rows->database) {
        (void)run_usage(command, problem);
    }
    return rows->database != NULL;
}

struct audit_rows *audit_rows_open(const char *command, const struct options *options,
                                   struct options *rest)
{
    const char *wrong = strcmp(command, "audit") == 0 ? contradiction(options) : NULL;
    if (wrong) {
        (void)run_usage(command, wrong);
        return NULL;
    }
    struct audit_rows *rows = memory_zero(1, sizeof *rows);
    rows->options = options;
    rows->limits = limits_default();
    rows->now = TIME_NONE;
    rows->looker = (struct looker){rows, look_all};
    *rest = *options;
    split_inputs(rows, rest);
    settle_clock(rows);
    if (!open_database(rows, command)) {
        audit_rows_free(rows);
        return NULL;
    }
    if (options->server_count > 0) {
        rows->servers = servers_connect(options, &rows->status);
    }
    return rows;
}

void audit_rows_free(struct audit_rows *rows)
{
    if (rows) {
        database_audit_free(rows->database);
        servers_free(rows->servers);
        for (size_t i = 0; i < rows->snapshot_count; i++) {
            snapshot_close(rows->snapshots[i]);
        }
        free(rows->snapshots);
        free(rows->inputs);
        free(rows->infos);
        free(rows);
    }
}

struct database_audit *audit_rows_database(struct audit_rows *rows)
{
    return rows->database;
}

const struct looker *audit_rows_looker(const struct audit_rows *rows)
{
    return &rows->looker;
}

/* ---- the reading ---- */

static void note_info(struct audit_rows *rows, struct slice name, const char *kind, bool whole)
{
    rows->infos = memory_grow(rows->infos, rows->info_count + 1, sizeof *rows->infos);
    rows->infos[rows->info_count++] = (struct database_info){name, kind, rows->now, whole};
}

static void gather(struct audit_rows *rows, struct peer *peer, const char *kind)
{
    if (rows->status == EXIT_INTERRUPTED) {
        return;
    }
    struct peer_answer answer = database_audit_gather(rows->database, peer);
    if (answer.fault != PEER_FINE) {
        database_audit_remark(rows->database, peer_name(peer), answer.problem);
    }
    rows->status = servers_complain(peer, &answer, rows->status);
    note_info(rows, peer_name(peer), kind, answer.fault == PEER_FINE);
}

static void gather_servers(struct audit_rows *rows)
{
    for (size_t i = 0; i < servers_count(rows->servers); i++) {
        gather(rows, servers_peer(rows->servers, i), "server");
    }
    for (size_t i = 0; i < rows->options->server_count; i++) {
        struct slice name =
            redacted_peers_server(rows->options->rows, rows->options->servers[i].text);
        if (!servers_reached(rows->servers, name)) {
            note_info(rows, name, "server", false);
        }
    }
    for (size_t i = 0; i < servers_remark_count(rows->servers); i++) {
        database_audit_remark(rows->database, slice_of(""), servers_remark(rows->servers, i));
    }
}

static void gather_snapshot(struct audit_rows *rows, const struct snapshot *snapshot)
{
    for (size_t i = 0; i < snapshot_count(snapshot); i++) {
        gather(rows, snapshot_peer(snapshot, i), "snapshot");
    }
    for (size_t i = 0; i < snapshot_remark_count(snapshot); i++) {
        database_audit_remark(
            rows->database, slice_of(""),
            redacted_peers_remark(rows->options->rows, snapshot_remark(snapshot, i)));
    }
}

void audit_rows_finish(struct audit_rows *rows)
{
    if (rows->finished) {
        return;
    }
    rows->finished = true;
    for (size_t i = 0; i < rows->snapshot_count; i++) {
        gather_snapshot(rows, rows->snapshots[i]);
    }
    if (rows->servers) {
        gather_servers(rows);
    }
    if (!database_audit_run(rows->database) && rows->status == EXIT_DONE) {
        fprintf(stderr, "ocsight: the temporary file of rows could not be read back\n");
        rows->status = EXIT_OUTPUT;
    }
}

/* ---- the telling ---- */

void audit_rows_tell(const struct audit_rows *rows, struct summary *summary)
{
    summary->databases = rows->infos;
    summary->database_count = rows->info_count;
    summary->database_users = database_audit_users(rows->database);
    for (size_t i = 0; i < database_audit_count(rows->database); i++) {
        summary->findings[database_audit_finding(rows->database, i)->severity]++;
    }
}

enum exit_status audit_rows_status(const struct audit_rows *rows)
{
    return rows->status;
}
