/*
 * One report over its servers. See db_run.h.
 */
#include "analyzer/db_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/db_merge.h"
#include "analyzer/servers.h"
#include "reports/text.h"
#include "sql/statement.h"

enum { PARAMETERS_MOST = 6 };

void db_run_init(struct db_run *run, const struct db_report *report, const struct options *options,
                 struct map_seed seed)
{
    *run = (struct db_run){.report = report, .options = options, .seed = seed};
    run->columns = memory_zero(report->field_count + 1, sizeof *run->columns);
    for (size_t i = 0; i < report->field_count; i++) {
        run->columns[i + 1] = report->fields[i].column;
    }
    run->columns[0] = (struct table_column){.key = "server", .heading = NULL};
    run->table = table_new(run->columns, report->field_count + 1);
    db_reader_init(&run->reader);
    arena_init(&run->arena);
}

void db_run_dispose(struct db_run *run)
{
    table_free(run->table);
    db_reader_dispose(&run->reader);
    arena_dispose(&run->arena);
    free(run->columns);
    free(run->servers);
    free(run->remarks);
}

/* With several servers the text says whose each row is. */
static void add_server(struct db_run *run, struct db_server server)
{
    run->servers = memory_grow(run->servers, run->server_count + 1, sizeof *run->servers);
    run->servers[run->server_count++] = server;
    run->columns[0].heading = run->server_count > 1 ? "server" : NULL;
}

void db_run_server(struct db_run *run, struct peer *peer, int64_t now)
{
    add_server(run,
               (struct db_server){.peer = peer, .now = now, .source = {.name = peer_name(peer)}});
}

void db_run_unreached(struct db_run *run, struct slice name, int64_t now)
{
    add_server(run, (struct db_server){.now = now,
                                       .source = {.name = name, .problem = slice_of("not reached")},
                                       .failed = true});
}

void db_run_remark(struct db_run *run, struct slice remark)
{
    for (size_t i = 0; i < run->remark_count; i++) {
        if (slice_equal(run->remarks[i], remark)) {
            return;
        }
    }
    run->remarks = memory_grow(run->remarks, run->remark_count + 1, sizeof *run->remarks);
    run->remarks[run->remark_count++] = arena_keep(&run->arena, remark);
}

/* ---- parameters ---- */

/* From "ann@*" to LIKE's form: what means something to LIKE is escaped, in lower case. */
static struct slice like_pattern(struct db_run *run, struct slice pattern)
{
    char *like = arena_alloc(&run->arena, 2 * pattern.size + 1);
    size_t size = 0;
    for (size_t i = 0; i < pattern.size; i++) {
        char c = ascii_lower(pattern.data[i]);
        if (c == '*') {
            c = '%';
        } else if (c == '%' || c == '_' || c == '[' || c == '\\') {
            like[size++] = '\\';
        }
        like[size++] = c;
    }
    return (struct slice){like, size};
}

int64_t db_run_room_number(struct slice room)
{
    struct slice number = room;
    uint32_t node = 0;
    for (size_t i = 0; slice_find(room, slice_of("://")) != SLICE_NONE && i < room.size; i++) {
        number = room.data[i] == '/' ? slice_from(room, i + 1) : number;
    }
    return slice_to_u32(number, &node) && node <= INT32_MAX ? (int64_t)node : -1;
}

static unsigned limit_seconds(const struct db_run *run)
{
    unsigned seconds = run->report->limit;
    for (size_t i = 0; i < run->options->rule_count; i++) {
        if (run->options->rules[i].what == RULE_WAIT) {
            seconds = run->options->rules[i].seconds;
        }
    }
    return seconds;
}

static size_t parameters_of(struct db_run *run, const struct db_server *server, struct slice user,
                            struct query_parameter *out)
{
    unsigned takes = run->report->takes;
    struct slice room = run->options->room;
    size_t count = 0;
    if (takes & DB_TAKES_USER) {
        out[count++] = (struct query_parameter){"@user", cell_of_text(like_pattern(run, user))};
    }
    if (takes & DB_TAKES_ROOM) {
        struct slice pattern = room.size > 0 ? room : slice_of("*");
        out[count++] = (struct query_parameter){"@room", cell_of_text(like_pattern(run, pattern))};
        out[count++] = (struct query_parameter){"@node", cell_of_integer(db_run_room_number(room))};
    }
    if (takes & DB_TAKES_NOW) {
        out[count++] = (struct query_parameter){"@now", cell_of_time(server->now)};
    }
    if (takes & DB_TAKES_LIMIT) {
        int64_t limit = time_add(server->now, -TIME_SECOND * (int64_t)limit_seconds(run));
        out[count++] = (struct query_parameter){"@limit", cell_of_time(limit)};
    }
    return count;
}

/* Only those that stand in the statement. */
static size_t parameters_used(const char *text, struct query_parameter *parameters, size_t count)
{
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        if (strstr(text, parameters[i].name)) {
            parameters[used++] = parameters[i];
        }
    }
    return used;
}

/* ---- asking ---- */

/* What is said of the columns that a server does not have, each once. */
static void note_absent(struct db_run *run, struct db_server *server, const char *absent)
{
    struct slice rest = slice_of(absent);
    while (rest.size > 0) {
        struct slice one;
        slice_cut(rest, ',', &one, &rest);
        one = slice_trim(one);
        if (slice_find(server->source.absent, one) == SLICE_NONE) {
            bool first = server->source.absent.size == 0;
            server->source.absent =
                text_format(&run->arena, "%.*s%s%.*s", TEXT(server->source.absent),
                            first ? "" : ", ", TEXT(one));
        }
    }
}

/* A whole database of the report that this server does not have. */
static bool lacks_database(const struct db_run *run, const struct db_server *server)
{
    struct slice rest = slice_of(run->report->databases);
    while (rest.size > 0) {
        struct slice database;
        slice_cut(rest, ',', &database, &rest);
        if (!columns_find(peer_columns(server->peer), slice_trim(database))) {
            return true;
        }
    }
    return false;
}

static void note_problem(struct db_run *run, struct db_server *server, const char *problem)
{
    server->source.problem = arena_keep(&run->arena, slice_of(problem));
}

/* False when it is no whole answer. */
static bool judge(struct db_run *run, struct db_server *server, const struct peer_answer *answer,
                  uint64_t most)
{
    note_absent(run, server, answer->absent);
    server->source.rows += answer->rows;
    switch (answer->fault) {
    case PEER_FINE:
    case PEER_STOPPED:
        break;
    case PEER_CUT:
        db_run_remark(run, text_format(&run->arena,
                                       "%.*s: only the first %llu rows of a query were read "
                                       "(--max-rows); what depends on the others is missing.",
                                       TEXT(server->source.name), (unsigned long long)most));
        break;
    case PEER_MISSING:
        if (lacks_database(run, server)) {
            server->lacks = true;
            note_problem(run, server, answer->problem);
            return false;
        }
        /* fall through */
    default:
        server->failed = true;
        note_problem(run, server, answer->problem);
        run->status = servers_complain(server->peer, answer, run->status);
        return false;
    }
    server->source.answered = true;
    return true;
}

/* Rows that an earlier pattern of --user took already. */
struct passing {
    const struct options *options;
    size_t earlier;
    const struct row_sink *sink;
};

static bool pass_row(void *context, const struct peer_row *row)
{
    const struct passing *passing = context;
    struct slice user = cell_bytes(row_cell(row, "UserAtHost"));
    return slice_matches_any(passing->options->users, passing->earlier, user) ||
           passing->sink->row(passing->sink->context, row);
}

static bool ask_for(struct db_run *run, struct db_server *server, const char *statement,
                    struct slice user, const struct row_sink *sink)
{
    struct query_parameter parameters[PARAMETERS_MOST];
    size_t count = parameters_of(run, server, user, parameters);
    const struct query query = {
        .statement = statement,
        .parameters = parameters,
        .parameter_count = parameters_used(statement_text(statement), parameters, count),
        .max_rows = options_max_rows(run->options),
    };
    struct peer_answer answer = peer_ask(server->peer, &query, sink);
    return judge(run, server, &answer, query.max_rows);
}

bool db_run_ask(struct db_run *run, size_t server, const char *statement,
                const struct row_sink *sink)
{
    const struct options *options = run->options;
    struct db_server *asked = &run->servers[server];
    struct passing passing = {options, 0, sink};
    const struct row_sink passed = {&passing, pass_row};
    if (asked->failed || run->status == EXIT_INTERRUPTED) {
        return false;
    }
    if (options->user_count == 0) {
        return ask_for(run, asked, statement, slice_of("*"), sink);
    }
    bool whole = true;
    for (size_t i = 0; i < options->user_count && whole; i++) {
        passing.earlier = i;
        whole = ask_for(run, asked, statement, options->users[i], &passed);
    }
    return whole;
}

/* ---- rows ---- */

struct table_cell *db_run_add(struct db_run *run, size_t server)
{
    struct table_cell *cells = table_add(run->table)->cells;
    cells[0] = (struct table_cell){.kind = TABLE_TEXT, .text = run->servers[server].source.name};
    return cells + 1;
}

struct collecting {
    struct db_run *run;
    size_t server;
};

static bool collect_row(void *context, const struct peer_row *row)
{
    const struct collecting *collecting = context;
    struct db_run *run = collecting->run;
    struct table_cell *cells = db_run_add(run, collecting->server);
    db_row_take(&run->reader, run->report->fields, run->report->field_count, row, run->table,
                cells);
    return true;
}

bool db_run_collect(struct db_run *run, size_t server, const char *statement)
{
    struct collecting collecting = {run, server};
    const struct row_sink sink = {&collecting, collect_row};
    return db_run_ask(run, server, statement, &sink);
}

static void collect_all(struct db_run *run)
{
    for (size_t server = 0; server < run->server_count; server++) {
        for (size_t i = 0; run->report->statements[i]; i++) {
            (void)db_run_collect(run, server, run->report->statements[i]);
        }
    }
}

/* ---- the whole ---- */

bool db_run_answered(const struct db_run *run)
{
    for (size_t i = 0; i < run->server_count; i++) {
        if (run->servers[i].source.answered) {
            return true;
        }
    }
    return false;
}

static void probe(struct db_run *run)
{
    for (size_t i = 0; i < run->server_count; i++) {
        struct db_server *server = &run->servers[i];
        if (server->failed) {
            continue;
        }
        struct peer_answer answer = peer_probe(server->peer);
        if (answer.fault != PEER_FINE) {
            server->failed = true;
            note_problem(run, server, answer.problem);
            run->status = servers_complain(server->peer, &answer, run->status);
        }
    }
}

/* No server has the databases: then it is a fault of each. */
static void complain_of_all(struct db_run *run)
{
    for (size_t i = 0; i < run->server_count; i++) {
        const struct db_server *server = &run->servers[i];
        if (server->lacks) {
            const struct peer_answer answer = {
                .fault = PEER_MISSING, .problem = server->source.problem.data, .absent = ""};
            run->status = servers_complain(server->peer, &answer, run->status);
        }
    }
}

static bool has_times(const struct db_run *run)
{
    for (size_t i = 0; i < table_count(run->table); i++) {
        const struct table_row *row = table_row(run->table, i);
        for (size_t at = 0; at <= run->report->field_count; at++) {
            if (row->cells[at].kind == TABLE_TIME) {
                return true;
            }
        }
    }
    return false;
}

static void remark(struct db_run *run)
{
    if (has_times(run)) {
        db_run_remark(run, slice_of("Times are as the databases hold them; their time zone is not "
                                    "known, UTC is assumed."));
    }
    if ((run->report->takes & DB_TAKES_NOW) && run->server_count > 0) {
        char text[CLOCK_TEXT];
        clock_iso(run->servers[0].now, text);
        db_run_remark(run, text_format(&run->arena, "Judged as of %s.", text));
    }
    if (run->report->remark) {
        db_run_remark(run, slice_of(run->report->remark));
    }
}

void db_run_gather(struct db_run *run)
{
    probe(run);
    if (run->report->gather) {
        run->report->gather(run);
    } else {
        collect_all(run);
    }
    if (!db_run_answered(run)) {
        complain_of_all(run);
    }
    db_merge(run);
    if (run->report->finish) {
        run->report->finish(run);
    }
    table_sort(run->table);
    remark(run);
}

void db_run_write(struct db_run *run, const struct report_style *style, struct output *output)
{
    struct table_source *sources = memory_zero(run->server_count + 1, sizeof *sources);
    for (size_t i = 0; i < run->server_count; i++) {
        sources[i] = run->servers[i].source;
    }
    const struct table_head head = {
        .schema = "ocsight.db/1",
        .report = run->report->name,
        .title = run->report->title,
        .sources = sources,
        .source_count = run->server_count,
        .remarks = run->remarks,
        .remark_count = run->remark_count,
        .partial = run->status != EXIT_DONE,
    };
    table_write(run->table, style, &head, output);
    free(sources);
}
