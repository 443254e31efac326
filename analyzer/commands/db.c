/*
 * `ocsight db`: reports from the servers' databases, or from snapshots of them.
 *
 * The first argument is a row of `words`, or the name of a report (db_reports.h); what follows are
 * snapshot files.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/commands/run.h"
#include "analyzer/db_diff.h"
#include "analyzer/db_run.h"
#include "analyzer/redacted_peer.h"
#include "analyzer/servers.h"
#include "reports/text.h"
#include "sql/snapshot.h"

enum { FORMATS = 1U << REPORT_TEXT | 1U << REPORT_JSON | 1U << REPORT_CSV };

/* Everything that is asked by one command. */
struct asked {
    const struct options *options;
    struct servers *servers;
    struct snapshot **snapshots;
    size_t snapshot_count;
    int64_t now; /* for what is live */
    bool has_at; /* --at: for everything */
    enum exit_status status;
};

/* ---- servers and snapshots ---- */

static void open_snapshots(struct asked *asked)
{
    const struct options *options = asked->options;
    char problem[SNAPSHOT_PROBLEM];
    asked->snapshots = memory_zero(options->word_count, sizeof *asked->snapshots);
    for (size_t i = 1; i < options->word_count; i++) {
        struct snapshot *snapshot = snapshot_open(options->words[i], problem);
        if (snapshot) {
            redacted_peers_cover_all(options->rows, snapshot);
            asked->snapshots[asked->snapshot_count++] = snapshot;
        } else {
            fprintf(stderr, "ocsight: %s\n", problem);
            asked->status = EXIT_INPUT;
        }
    }
}

/* As snapshots keep it, so that a report of either has the same times. */
static int64_t whole_seconds(int64_t time)
{
    return time / TIME_SECOND * TIME_SECOND;
}

static void asked_open(struct asked *asked, const struct options *options)
{
    *asked = (struct asked){.options = options, .now = whole_seconds(run_clock())};
    if (options->at) {
        int64_t today = asked->now;
        asked->has_at = clock_parse(slice_of(options->at), today, &asked->now);
    }
    open_snapshots(asked);
    if (options->server_count > 0) {
        asked->servers = servers_connect(options, &asked->status);
    }
}

static void asked_close(struct asked *asked)
{
    servers_free(asked->servers);
    for (size_t i = 0; i < asked->snapshot_count; i++) {
        snapshot_close(asked->snapshots[i]);
    }
    free(asked->snapshots);
}

static void add_live(struct asked *asked, struct db_run *run)
{
    static const char *const dirty = "Read without locks (dirty read): a row can be missing, or "
                                     "be there twice, while it changes.";
    for (size_t i = 0; i < servers_count(asked->servers); i++) {
        db_run_server(run, servers_peer(asked->servers, i), asked->now);
    }
    for (size_t i = 0; i < asked->options->server_count; i++) {
        struct slice name =
            redacted_peers_server(asked->options->rows, asked->options->servers[i].text);
        if (!servers_reached(asked->servers, name)) {
            db_run_unreached(run, name, asked->now);
        }
    }
    for (size_t i = 0; i < servers_remark_count(asked->servers); i++) {
        db_run_remark(run, slice_of(servers_remark(asked->servers, i)));
    }
    db_run_remark(run, slice_of(dirty));
}

static void add_snapshot(struct asked *asked, const struct snapshot *snapshot, struct db_run *run)
{
    for (size_t i = 0; i < snapshot_count(snapshot); i++) {
        int64_t taken = asked->has_at ? asked->now : snapshot_taken(snapshot, i);
        db_run_server(run, snapshot_peer(snapshot, i), taken);
    }
    for (size_t i = 0; i < snapshot_remark_count(snapshot); i++) {
        db_run_remark(run, slice_of(redacted_peers_remark(asked->options->rows,
                                                          snapshot_remark(snapshot, i))));
    }
}

static void add_peers(struct asked *asked, struct db_run *run)
{
    for (size_t i = 0; i < asked->snapshot_count; i++) {
        add_snapshot(asked, asked->snapshots[i], run);
    }
    if (asked->servers) {
        add_live(asked, run);
    }
    run->status = asked->status;
}

/* ---- output ---- */

static enum exit_status close_output(struct output *output, bool keep, enum exit_status status)
{
    char problem[512];
    if (output_close(output, keep, problem, sizeof problem)) {
        return status;
    }
    fprintf(stderr, "ocsight: %s\n", problem);
    return status == EXIT_DONE || status == EXIT_INPUT ? EXIT_OUTPUT : status;
}

/* ---- db REPORT ---- */

static const char *limit_problem(const struct db_report *report, const struct options *options)
{
    for (size_t i = 0; i < options->rule_count; i++) {
        if (!(report->takes & DB_TAKES_LIMIT) ||
            !slice_equal(options->rules[i].rule, slice_of(report->name))) {
            return "--limit takes the name of the report, and stale and silent-servers alone have "
                   "one";
        }
    }
    return NULL;
}

/* What was asked for that this report cannot give. */
static const char *report_problem(const struct db_report *report, const struct options *options)
{
    if (report->grade == DB_UNPROVEN && !options->unproven) {
        return "no source shows the tables of this report, their names are inferred: it is made "
               "only with --unproven";
    }
    if (options->user_count > 0 && !(report->takes & DB_TAKES_USER)) {
        return "this report takes no --user";
    }
    if (options->room.size > 0 && !(report->takes & DB_TAKES_ROOM)) {
        return "this report takes no --room";
    }
    if (options->at && !(report->takes & DB_TAKES_NOW)) {
        return "this report takes no --at";
    }
    if (options->server_count == 0 && options->word_count < 2) {
        return "name a server with --server, or a snapshot file";
    }
    return limit_problem(report, options);
}

static enum exit_status run_report(const struct db_report *report, const struct options *options)
{
    struct report_style style;
    struct asked asked;
    struct db_run run;
    const char *wrong = report_problem(report, options);
    if (wrong) {
        return run_usage("db", wrong);
    }
    if (!run_style(&style, "db", options, FORMATS)) {
        return EXIT_USAGE;
    }
    asked_open(&asked, options);
    db_run_init(&run, report, options, run_seed());
    add_peers(&asked, &run);
    db_run_gather(&run);
    struct output *output = output_open(options->output);
    bool answered = db_run_answered(&run);
    if (answered) {
        db_run_write(&run, &style, output);
    }
    enum exit_status status = close_output(output, answered, run.status);
    db_run_dispose(&run);
    asked_close(&asked);
    return status;
}

/* ---- db list ---- */

static void put_text(struct table *table, struct table_cell *cell, struct slice text)
{
    *cell = (struct table_cell){.kind = text.size > 0 ? TABLE_TEXT : TABLE_NONE,
                                .text = table_keep(table, text)};
}

/* "--user --at" */
static struct slice options_taken(const struct db_report *report, struct arena *arena)
{
    return slice_trim(text_format(
        arena, "%s%s%s%s%s", report->takes & DB_TAKES_USER ? "--user " : "",
        report->takes & DB_TAKES_ROOM ? "--room " : "", report->takes & DB_TAKES_NOW ? "--at " : "",
        report->takes & DB_TAKES_LIMIT ? "--limit " : "",
        report->grade == DB_UNPROVEN ? "--unproven" : ""));
}

static void list_rows(struct table *table)
{
    struct arena arena;
    size_t count = 0;
    const struct db_report *reports = db_reports(&count);
    arena_init(&arena);
    for (size_t i = 0; i < count; i++) {
        struct table_cell *cells = table_add(table)->cells;
        put_text(table, &cells[0], slice_of(reports[i].name));
        put_text(table, &cells[1], slice_of(reports[i].title));
        put_text(table, &cells[2], slice_of(reports[i].databases));
        put_text(table, &cells[3], slice_of(reports[i].grade == DB_UNPROVEN ? "C" : "A"));
        put_text(table, &cells[4], options_taken(&reports[i], &arena));
    }
    arena_dispose(&arena);
}

static enum exit_status run_list(const struct options *options)
{
    static const struct table_column columns[] = {
        {"report", "report", 0}, {"shows", "shows", 0},     {"needs", "needs", 0},
        {"grade", "grade", 0},   {"options", "options", 0},
    };
    static const struct slice remark =
        SLICE("Grade A: sources show every table and column that the report cannot do without. C: "
              "the table's name is inferred, so that the report is made only with --unproven.");
    const struct table_head head = {.schema = "ocsight.db-list/1",
                                    .report = "list",
                                    .title = "Reports from the databases",
                                    .remarks = &remark,
                                    .remark_count = 1};
    struct report_style style;
    if (options->word_count > 1 || options->server_count > 0) {
        return run_usage("db", "db list takes no server and no file");
    }
    if (!run_style(&style, "db", options, FORMATS)) {
        return EXIT_USAGE;
    }
    struct table *table = table_new(columns, sizeof columns / sizeof columns[0]);
    struct output *output = output_open(options->output);
    list_rows(table);
    table_write(table, &style, &head, output);
    table_free(table);
    return close_output(output, true, EXIT_DONE);
}

/* ---- db schema ---- */

static void schema_rows(struct db_run *run, size_t server)
{
    struct peer *peer = run->servers[server].peer;
    size_t count = peer ? columns_count(peer_columns(peer)) : 0;
    for (size_t i = 0; i < count; i++) {
        const struct column_row *row = columns_at(peer_columns(peer), i);
        struct table_cell *cells = db_run_add(run, server);
        put_text(run->table, &cells[0], row->database);
        put_text(run->table, &cells[1], row->table);
        put_text(run->table, &cells[2], row->name);
        put_text(run->table, &cells[3], row->type);
        cells[4] = (struct table_cell){.kind = row->length != 0 ? TABLE_NUMBER : TABLE_NONE,
                                       .number = row->length};
        cells[5] = (struct table_cell){.kind = TABLE_TRUTH, .number = row->nullable};
        cells[6] = (struct table_cell){.kind = TABLE_NUMBER, .number = row->ordinal};
    }
    run->servers[server].source.answered = peer && !run->servers[server].failed;
    run->servers[server].source.rows = count;
}

static void gather_schema(struct db_run *run)
{
    for (size_t i = 0; i < run->server_count; i++) {
        schema_rows(run, i);
    }
}

static enum exit_status run_schema(const struct options *options)
{
    /* clang-format off */
    static const struct db_field fields[] = {
        {{"database", "database", 0}, .form = DB_MADE},
        {{"table", "table", 0}, .form = DB_MADE},
        {{"column", "column", 0}, .form = DB_MADE},
        {{"type", "type", 0}, .form = DB_MADE},
        {{"length", "length", 0}, .form = DB_MADE},
        {{"nullable", "nullable", 0}, .form = DB_MADE},
        {{"ordinal", NULL, 0}, .form = DB_MADE},
    };
    /* clang-format on */
    static const struct db_report report = {
        .name = "schema",
        .title = "the columns that the login may see; length -1 is max",
        .databases = "rtc, rtcdyn, mgc, mgccomp",
        .fields = fields,
        .field_count = sizeof fields / sizeof fields[0],
        .gather = gather_schema,
    };
    return run_report(&report, options);
}

/* ---- the command ---- */

static const struct {
    const char *name;
    enum exit_status (*run)(const struct options *options);
} words[] = {
    {"diff", db_diff},
    {"list", run_list},
    {"schema", run_schema},
};

enum exit_status command_db(const struct options *options)
{
    if (options->word_count == 0) {
        return run_usage("db", "which report? 'ocsight db list' tells them");
    }
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(words[i].name, options->words[0]) == 0) {
            return words[i].run(options);
        }
    }
    const struct db_report *report = db_report_find(slice_of(options->words[0]));
    if (!report) {
        char problem[256];
        snprintf(problem, sizeof problem, "there is no report '%s'; 'ocsight db list' tells them",
                 options->words[0]);
        return run_usage("db", problem);
    }
    return run_report(report, options);
}
