/*
 * Making a snapshot. See snapshot_write.h.
 */
#include "sql/snapshot_write.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/engine/arena.h"
#include "sql/lite.h"
#include "sql/snapshot_tables.h"
#include "sql/statement.h"

enum { CHOSEN_MOST = 60, TEXT_MOST = 64 << 10, OMITTED_MOST = 4 << 10 };

struct snapshot_writer {
    struct lite *database;
    struct snapshot_order order;
    struct buffer text; /* of the statement that was built last */
    char problem[SNAPSHOT_PROBLEM];
};

/* What is going on with one table. */
struct taking {
    struct snapshot_writer *writer;
    struct peer *peer;
    int64_t server;
    const struct kept_table *table;
    const struct column_row *chosen[CHOSEN_MOST];
    size_t count;
    struct buffer omitted;
    struct lite_statement *put;
    struct lite_statement *see; /* NULL where copies cannot be told */
    uint64_t rows;
    uint64_t copies;
    bool unwritten;
};

/* ---- statements ---- */

static struct lite_statement *prepare(struct snapshot_writer *writer, const char *name)
{
    return lite_prepare(writer->database, statement_text(name));
}

/* Of a statement about the table of these columns. */
static struct lite_statement *prepare_about(struct snapshot_writer *writer, const char *name,
                                            const struct column_row *const *chosen, size_t count)
{
    const struct template_target target = {
        .dialect = DIALECT_SQLITE, .chosen = chosen, .chosen_count = count};
    struct template_gaps gaps;
    buffer_clear(&writer->text);
    bool built = template_build(statement_text(name), &target, &writer->text, &gaps) &&
                 buffer_append_byte(&writer->text, '\0');
    template_gaps_dispose(&gaps);
    return built ? lite_prepare(writer->database, writer->text.data) : NULL;
}

/* Steps and frees it. */
static bool finish(struct lite_statement *statement)
{
    bool done = statement && lite_do(statement);
    lite_free(statement);
    return done;
}

static bool run_about(struct snapshot_writer *writer, const char *name,
                      const struct column_row *const *chosen, size_t count)
{
    return finish(prepare_about(writer, name, chosen, count));
}

static bool run_for(struct snapshot_writer *writer, const char *name, int64_t server)
{
    struct lite_statement *statement = prepare(writer, name);
    if (statement) {
        lite_bind_integer(statement, 1, server);
    }
    return finish(statement);
}

static bool begin(struct snapshot_writer *writer)
{
    return lite_run(writer->database, "BEGIN IMMEDIATE");
}

static bool commit(struct snapshot_writer *writer)
{
    return lite_run(writer->database, "COMMIT");
}

/* What went wrong stays to be told: an own statement must not cover it. */
static void keep_problem(struct snapshot_writer *writer)
{
    snprintf(writer->problem, sizeof writer->problem, "%s", lite_problem(writer->database));
}

/* ---- the file ---- */

/* "" = rows can be added to it. */
static const char *identity_problem(struct snapshot_writer *writer)
{
    struct lite_statement *row = prepare(writer, "snapshot/identity");
    const char *problem = "it is no snapshot, or one of another version";
    if (!row || lite_step(row) != LITE_STEP_ROW) {
        problem = lite_problem(writer->database);
    } else if (lite_column_integer(row, 0) == SNAPSHOT_APPLICATION &&
               lite_column_integer(row, 1) == SNAPSHOT_VERSION) {
        problem = "";
    }
    lite_free(row);
    return problem;
}

static const char *open_file(struct snapshot_writer *writer, const char *path, bool append)
{
    writer->database = lite_open(path, append ? LITE_WRITE : LITE_CREATE);
    if (lite_fault(writer->database) != LITE_FINE) {
        return lite_fault(writer->database) == LITE_PRESENT
                   ? "there is a file of that name already; --append adds servers to a snapshot"
                   : lite_problem(writer->database);
    }
    const char *problem = append ? identity_problem(writer) : "";
    if (*problem != '\0') {
        return problem;
    }
    bool made =
        append || (begin(writer) && lite_run(writer->database, statement_text("snapshot/schema")) &&
                   commit(writer));
    return made && lite_run(writer->database, statement_text("snapshot/seen"))
               ? ""
               : lite_problem(writer->database);
}

struct snapshot_writer *snapshot_writer_new(const char *path, bool append,
                                            const struct snapshot_order *order,
                                            char problem[static SNAPSHOT_PROBLEM])
{
    struct snapshot_writer *writer = memory_zero(1, sizeof *writer);
    writer->order = *order;
    buffer_init(&writer->text, TEXT_MOST);
    const char *words = open_file(writer, path, append);
    snprintf(problem, SNAPSHOT_PROBLEM, "%s: %s", path, words);
    if (*words != '\0') {
        snapshot_writer_free(writer);
        return NULL;
    }
    return writer;
}

void snapshot_writer_free(struct snapshot_writer *writer)
{
    if (writer) {
        buffer_dispose(&writer->text);
        lite_close(writer->database);
        free(writer);
    }
}

/* ---- the server ---- */

/* Table after table of what an earlier run kept. */
static bool drop_rows(struct snapshot_writer *writer, int64_t server)
{
    struct lite_statement *tables = prepare(writer, "snapshot/kept");
    if (!tables) {
        return false;
    }
    enum lite_step step;
    bool done = true;
    lite_bind_integer(tables, 1, server);
    while ((step = lite_step(tables)) == LITE_STEP_ROW && done) {
        const struct column_row any = {.database = lite_column_bytes(tables, 0),
                                       .table = lite_column_bytes(tables, 1)};
        const struct column_row *chosen[] = {&any};
        struct lite_statement *drop = prepare_about(writer, "snapshot/drop_rows", chosen, 1);
        if (drop) {
            lite_bind_integer(drop, 1, server);
        }
        done = finish(drop);
    }
    lite_free(tables);
    return done && step == LITE_STEP_DONE;
}

static bool drop_server(struct snapshot_writer *writer, int64_t server)
{
    return drop_rows(writer, server) && run_for(writer, "snapshot/drop_server", server) &&
           run_for(writer, "snapshot/drop_columns", server) &&
           run_for(writer, "snapshot/drop_name", server);
}

/* True when the name is free now; `present` when a whole snapshot of it is there. */
static bool make_room(struct snapshot_writer *writer, struct slice name, bool *present)
{
    struct lite_statement *row = prepare(writer, "snapshot/find");
    if (!row) {
        return false;
    }
    lite_bind_text(row, 1, name);
    enum lite_step step = lite_step(row);
    int64_t server = step == LITE_STEP_ROW ? lite_column_integer(row, 0) : 0;
    *present = step == LITE_STEP_ROW && lite_column_time(row, 1) != TIME_NONE;
    lite_free(row);
    return !*present && step != LITE_STEP_FAILED && (server == 0 || drop_server(writer, server));
}

static bool put_columns(struct snapshot_writer *writer, const struct columns *columns,
                        int64_t server)
{
    struct lite_statement *put = prepare(writer, "snapshot/put_column");
    bool done = put != NULL;
    for (size_t i = 0; done && i < columns_count(columns); i++) {
        const struct column_row *column = columns_at(columns, i);
        lite_bind_integer(put, 1, server);
        lite_bind_text(put, 2, column->database);
        lite_bind_text(put, 3, column->table);
        lite_bind_text(put, 4, column->name);
        lite_bind_text(put, 5, column->type);
        lite_bind_integer(put, 6, column->length);
        lite_bind_text(put, 7, slice_of(column->nullable ? "YES" : "NO"));
        lite_bind_integer(put, 8, column->ordinal);
        done = lite_do(put);
    }
    lite_free(put);
    return done;
}

/* The server's row, in a transaction of its own; 0 = it could not be written, or is there. */
static int64_t begin_server(struct snapshot_writer *writer, struct peer *peer, bool *present)
{
    int64_t server = 0;
    if (begin(writer) && make_room(writer, peer_name(peer), present)) {
        struct lite_statement *put = prepare(writer, "snapshot/begin");
        if (put) {
            lite_bind_text(put, 1, peer_name(peer));
            lite_bind_integer(put, 2, writer->order.now());
            lite_bind_text(put, 3, slice_of(writer->order.version));
            lite_bind_integer(put, 4, (int64_t)writer->order.max_rows);
        }
        if (finish(put)) {
            server = lite_last_row(writer->database);
        }
    }
    if (server != 0 && put_columns(writer, peer_columns(peer), server) && commit(writer)) {
        return server;
    }
    keep_problem(writer);
    (void)lite_run(writer->database, "ROLLBACK");
    return 0;
}

/* ---- one table ---- */

static void omit(struct taking *taking, struct slice name)
{
    if (taking->omitted.size > 0) {
        (void)buffer_append_text(&taking->omitted, ", ");
    }
    (void)buffer_append(&taking->omitted, name);
}

/* In the order in which the server has them. */
static void choose_columns(struct taking *taking)
{
    const struct columns *columns = peer_columns(taking->peer);
    const struct column_row *first = columns_find(columns, slice_of(taking->table->path));
    for (size_t i = 0; first && i < columns_count(columns); i++) {
        const struct column_row *column = columns_at(columns, i);
        if (!slice_equal_nocase(column->database, first->database) ||
            !slice_equal_nocase(column->table, first->table)) {
            continue;
        }
        if (taking->count < CHOSEN_MOST && kept_column(taking->table, column)) {
            taking->chosen[taking->count++] = column;
        } else {
            omit(taking, column->name);
        }
    }
}

/* A table that an earlier server brought may lack columns of this one. */
static bool widen(struct taking *taking)
{
    struct lite_statement *has = prepare(taking->writer, "snapshot/has_column");
    bool done = has != NULL;
    struct buffer path;
    buffer_init(&path, TEXT_MOST);
    (void)buffer_append(&path, taking->chosen[0]->database);
    (void)buffer_append_byte(&path, '.');
    (void)buffer_append(&path, taking->chosen[0]->table);
    for (size_t i = 0; done && i < taking->count; i++) {
        lite_bind_text(has, 1, buffer_slice(&path));
        lite_bind_text(has, 2, taking->chosen[i]->name);
        enum lite_step step = lite_step(has);
        lite_reset(has);
        done = step == LITE_STEP_ROW ||
               (step == LITE_STEP_DONE &&
                run_about(taking->writer, "snapshot/widen", &taking->chosen[i], 1));
    }
    buffer_dispose(&path);
    lite_free(has);
    return done;
}

/* What is the same in all columns is the same row: 128 bits of a keyed hash. */
static bool is_copy(struct taking *taking, const struct peer_row *row)
{
    uint64_t words[CHOSEN_MOST][3];
    uint64_t digest[2];
    struct map_seed seed = taking->writer->order.seed;
    struct map_seed other = {{~seed.words[1], seed.words[0]}};
    for (size_t i = 0; i < row->count; i++) {
        const struct cell *cell = &row->cells[i];
        struct slice bytes = cell_bytes(cell);
        bool number = cell->kind == CELL_INTEGER || cell->kind == CELL_TIME;
        words[i][0] = (uint64_t)cell->kind;
        words[i][1] = number ? (uint64_t)cell->integer : map_hash(seed, bytes);
        words[i][2] = number ? 0 : map_hash(other, bytes);
    }
    struct slice all = {(const char *)words, row->count * sizeof words[0]};
    digest[0] = map_hash(seed, all);
    digest[1] = map_hash(other, all);
    lite_bind_bytes(taking->see, 1, (struct slice){(const char *)digest, sizeof digest});
    if (lite_do(taking->see)) {
        return false;
    }
    bool seen = lite_fault(taking->writer->database) == LITE_REFUSED;
    taking->unwritten = !seen;
    return seen;
}

static bool put_row(void *context, const struct peer_row *row)
{
    struct taking *taking = context;
    char text[CELL_TIME_TEXT];
    if (row->count != taking->count) {
        return false;
    }
    if (taking->see && is_copy(taking, row)) {
        taking->copies++;
        return true;
    }
    lite_bind_integer(taking->put, 1, taking->server);
    for (size_t i = 0; i < row->count; i++) {
        if (row->cells[i].kind == CELL_TIME) {
            lite_bind_text(taking->put, (int)i + 2, cell_time_text(row->cells[i].integer, text));
        } else {
            lite_bind(taking->put, (int)i + 2, &row->cells[i]);
        }
    }
    taking->unwritten = taking->unwritten || !lite_do(taking->put);
    taking->rows += !taking->unwritten;
    return !taking->unwritten;
}

static bool mark_kept(struct taking *taking)
{
    struct lite_statement *keep = prepare(taking->writer, "snapshot/keep_column");
    bool done = keep != NULL;
    for (size_t i = 0; done && i < taking->count; i++) {
        lite_bind_integer(keep, 1, taking->server);
        lite_bind_text(keep, 2, taking->chosen[i]->database);
        lite_bind_text(keep, 3, taking->chosen[i]->table);
        lite_bind_text(keep, 4, taking->chosen[i]->name);
        done = lite_do(keep);
    }
    lite_free(keep);
    return done;
}

static bool put_state(struct taking *taking, const char *state, const char *problem)
{
    struct slice database;
    struct slice table;
    (void)slice_cut(slice_of(taking->table->path), '.', &database, &table);
    struct lite_statement *put = prepare(taking->writer, "snapshot/put_table");
    if (put) {
        lite_bind_integer(put, 1, taking->server);
        lite_bind_text(put, 2, database);
        lite_bind_text(put, 3, table);
        lite_bind_text(put, 4, slice_of(state));
        lite_bind_integer(put, 5, (int64_t)taking->rows);
        lite_bind_integer(put, 6, (int64_t)taking->copies);
        lite_bind_text(put, 7, buffer_slice(&taking->omitted));
        lite_bind_text(put, 8, slice_of(problem));
    }
    return finish(put);
}

static bool prepare_table(struct taking *taking)
{
    struct snapshot_writer *writer = taking->writer;
    bool made = run_about(writer, "snapshot/make", taking->chosen, taking->count) &&
                widen(taking) && finish(prepare(writer, "snapshot/forget"));
    if (made && kept_table_tells_copies(taking->table)) {
        taking->see = prepare(writer, "snapshot/see");
        made = taking->see != NULL;
    }
    taking->put =
        made ? prepare_about(writer, "snapshot/put_row", taking->chosen, taking->count) : NULL;
    return taking->put != NULL;
}

/* What is looked up by: those columns of the key that the server has. */
static bool index_table(struct taking *taking)
{
    const struct column_row *key[TABLE_KEY_COLUMNS];
    size_t count = 0;
    for (size_t i = 0; i < TABLE_KEY_COLUMNS && taking->table->key[i]; i++) {
        for (size_t j = 0; j < taking->count; j++) {
            if (slice_equal_nocase(slice_of(taking->table->key[i]), taking->chosen[j]->name)) {
                key[count++] = taking->chosen[j];
            }
        }
    }
    return count == 0 || run_about(taking->writer, "snapshot/index", key, count);
}

static struct peer_answer ask_rows(struct taking *taking)
{
    const struct query query = {
        .statement = "live/table",
        .max_rows = taking->writer->order.max_rows,
        .columns = taking->chosen,
        .column_count = taking->count,
    };
    const struct row_sink sink = {taking, put_row};
    return peer_ask(taking->peer, &query, &sink);
}

/* The rows in one transaction, which ends without them unless they are as whole as they can be. */
static struct peer_answer take_rows(struct taking *taking)
{
    struct peer_answer answer = {.fault = PEER_FINE, .problem = "", .absent = ""};
    taking->unwritten = !begin(taking->writer) || !prepare_table(taking);
    if (!taking->unwritten) {
        answer = ask_rows(taking);
        bool whole = answer.fault == PEER_FINE || answer.fault == PEER_CUT;
        taking->unwritten =
            taking->unwritten || (whole && !(index_table(taking) && mark_kept(taking)));
    }
    if (taking->unwritten) {
        keep_problem(taking->writer);
    }
    lite_free(taking->put);
    lite_free(taking->see);
    return answer;
}

static const char *state_of(enum peer_fault fault)
{
    switch (fault) {
    case PEER_FINE:
        return "whole";
    case PEER_CUT:
        return "cut";
    case PEER_MISSING:
        return "absent";
    case PEER_NO_PERMISSION:
        return "refused";
    default:
        return "failed";
    }
}

/* Only what was kept stays; what became of the rest is said in a transaction of its own. */
static bool settle_table(struct taking *taking, const struct peer_answer *answer)
{
    struct snapshot_writer *writer = taking->writer;
    bool whole = answer->fault == PEER_FINE || answer->fault == PEER_CUT;
    if (!whole) {
        taking->rows = 0;
        taking->copies = 0;
        (void)lite_run(writer->database, "ROLLBACK");
    }
    if ((whole || begin(writer)) &&
        put_state(taking, state_of(answer->fault), whole ? "" : answer->problem) &&
        commit(writer)) {
        return true;
    }
    keep_problem(writer);
    (void)lite_run(writer->database, "ROLLBACK");
    return false;
}

/* After these the server is asked no more. */
static bool is_over(enum peer_fault fault)
{
    return fault == PEER_DEAD || fault == PEER_INTERRUPTED;
}

static bool say_table(struct taking *taking, const char *state, const char *why)
{
    if (begin(taking->writer) && put_state(taking, state, why) && commit(taking->writer)) {
        return true;
    }
    keep_problem(taking->writer);
    (void)lite_run(taking->writer->database, "ROLLBACK");
    return false;
}

static bool is_omitted(const struct kept_table *table)
{
    return table->omitted && strcmp(table->omitted, "*") == 0;
}

/* Adds to the outcome; false when the server, or the file, can take no more. */
static bool take_table(struct taking *taking, struct snapshot_outcome *outcome)
{
    if (is_omitted(taking->table)) {
        outcome->unwritten = !say_table(taking, "omitted", taking->table->why);
        return !outcome->unwritten;
    }
    choose_columns(taking);
    if (taking->count == 0) {
        outcome->unwritten =
            !say_table(taking, "absent", "it is not there, or the login may not see it");
        return !outcome->unwritten;
    }
    struct peer_answer answer = take_rows(taking);
    if (taking->unwritten) {
        outcome->unwritten = true;
        (void)lite_run(taking->writer->database, "ROLLBACK");
        return false;
    }
    if (answer.fault != PEER_FINE && answer.fault != PEER_CUT && outcome->fault == PEER_FINE) {
        outcome->fault = answer.fault;
        snprintf(taking->writer->problem, SNAPSHOT_PROBLEM, "%s: %s", taking->table->path,
                 answer.problem);
    }
    outcome->unwritten = !settle_table(taking, &answer);
    outcome->tables += taking->rows > 0 || answer.fault == PEER_FINE;
    outcome->rows += taking->rows;
    outcome->copies += taking->copies;
    return !outcome->unwritten && !is_over(answer.fault);
}

/* ---- the end ---- */

static bool end_server(struct snapshot_writer *writer, int64_t server, bool *complete)
{
    struct lite_statement *end = prepare(writer, "snapshot/end");
    if (end) {
        lite_bind_integer(end, 1, server);
        lite_bind_integer(end, 2, writer->order.now());
    }
    bool done = finish(end);
    struct lite_statement *row = prepare(writer, "snapshot/is_complete");
    if (row) {
        lite_bind_integer(row, 1, server);
        *complete = lite_step(row) == LITE_STEP_ROW && lite_column_integer(row, 0) == 1;
    }
    lite_free(row);
    return done;
}

static void say_why(struct snapshot_writer *writer, int64_t server)
{
    struct lite_statement *why = prepare(writer, "snapshot/broke_off");
    if (why) {
        lite_bind_integer(why, 1, server);
        lite_bind_text(why, 2, slice_of(writer->problem));
    }
    (void)finish(why);
}

struct snapshot_outcome snapshot_take(struct snapshot_writer *writer, struct peer *peer)
{
    struct snapshot_outcome outcome = {.fault = PEER_FINE, .problem = writer->problem};
    writer->problem[0] = '\0';
    struct peer_answer answer = peer_probe(peer);
    if (answer.fault != PEER_FINE) {
        outcome.fault = answer.fault;
        snprintf(writer->problem, sizeof writer->problem, "%s", answer.problem);
        return outcome;
    }
    int64_t server = begin_server(writer, peer, &outcome.present);
    outcome.unwritten = server == 0 && !outcome.present;
    if (server == 0) {
        return outcome;
    }
    outcome.ended = true;
    for (const struct kept_table *table = kept_tables; table->path && outcome.ended; table++) {
        struct taking taking = {.writer = writer, .peer = peer, .server = server, .table = table};
        buffer_init(&taking.omitted, OMITTED_MOST);
        outcome.ended = take_table(&taking, &outcome);
        buffer_dispose(&taking.omitted);
    }
    if (outcome.ended) {
        outcome.unwritten = !end_server(writer, server, &outcome.complete);
    } else if (!outcome.unwritten) {
        say_why(writer, server);
    }
    return outcome;
}
