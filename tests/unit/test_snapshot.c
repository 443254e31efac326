/*
 * Snapshots: what is kept of servers, what is said of the rest, and whose files are refused.
 *
 * The servers are tables here; each answers what its text asks for, and can be told to fail.
 */
#include "tests/unit/harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "sql/lite.h"
#include "sql/peer_lite.h"
#include "sql/snapshot_write.h"
#include "sql/statement.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define NOON         INT64_C(1433149200000000000) /* 2015-06-01 09:00:00 */

/* ---- a server ---- */

struct told_table {
    const char *path;
    const char *columns[6][2]; /* name, type */
    struct cell rows[5][6];
    size_t row_count;
};

struct told_server {
    const struct told_table *tables;
    size_t count;
    const char *failing; /* a path */
    enum peer_fault fault;
};

static struct cell text(const char *words)
{
    return cell_of_text(slice_of(words));
}

static void split(const char *path, struct slice *database, struct slice *table)
{
    (void)slice_cut(slice_of(path), '.', database, table);
}

static size_t width(const struct told_table *table)
{
    size_t count = 0;
    while (count < 6 && table->columns[count][0]) {
        count++;
    }
    return count;
}

/* The catalogue of one database, as INFORMATION_SCHEMA has it. */
static struct peer_answer tell_columns(const struct told_server *server, struct slice asked,
                                       const struct row_sink *sink)
{
    static const char *const names[] = {"TABLE_NAME",  "COLUMN_NAME",
                                        "DATA_TYPE",   "CHARACTER_MAXIMUM_LENGTH",
                                        "IS_NULLABLE", "ORDINAL_POSITION"};
    struct peer_answer answer = {.fault = PEER_FINE};
    for (size_t i = 0; i < server->count; i++) {
        struct slice database;
        struct slice table;
        split(server->tables[i].path, &database, &table);
        for (size_t j = 0; slice_equal(database, asked) && j < width(&server->tables[i]); j++) {
            const struct cell cells[] = {cell_of_text(table),
                                         text(server->tables[i].columns[j][0]),
                                         text(server->tables[i].columns[j][1]),
                                         cell_of_integer(-1),
                                         text("YES"),
                                         cell_of_integer((int64_t)j + 1)};
            const struct peer_row row = {names, cells, COUNT(cells), ++answer.rows};
            (void)sink->row(sink->context, &row);
        }
    }
    return answer;
}

/* Only the columns that were asked for, in the order of the table. */
static struct peer_answer tell_rows(const struct told_table *table, const struct query *query,
                                    const struct row_sink *sink)
{
    struct peer_answer answer = {.fault = PEER_FINE};
    for (size_t i = 0; i < table->row_count; i++) {
        const char *names[6];
        struct cell cells[6];
        if (query->max_rows > 0 && answer.rows == query->max_rows) {
            answer.fault = PEER_CUT;
            return answer;
        }
        for (size_t j = 0; j < query->column_count; j++) {
            for (size_t k = 0; k < width(table); k++) {
                if (slice_equal(query->columns[j]->name, slice_of(table->columns[k][0]))) {
                    names[j] = table->columns[k][0];
                    cells[j] = table->rows[i][k];
                }
            }
        }
        const struct peer_row row = {names, cells, query->column_count, ++answer.rows};
        assert_true(sink->row(sink->context, &row));
    }
    return answer;
}

static struct peer_answer told_ask(void *context, const char *words, const struct query *query,
                                   const struct row_sink *sink)
{
    const struct told_server *server = context;
    if (query->column_count == 0) {
        return tell_columns(server, slice_of(query->database), sink);
    }
    /* What is sent names the table and never all columns. */
    assert_null(strstr(words, "*"));
    for (size_t i = 0; i < server->count; i++) {
        struct slice database;
        struct slice table;
        split(server->tables[i].path, &database, &table);
        if (slice_equal(query->columns[0]->database, database) &&
            slice_equal(query->columns[0]->table, table)) {
            bool fails = server->failing && strcmp(server->failing, server->tables[i].path) == 0;
            struct peer_answer answer = tell_rows(&server->tables[i], query, sink);
            if (fails) {
                answer.fault = server->fault;
                answer.problem = "the server said no";
            }
            return answer;
        }
    }
    fail_msg("asked for a table that nobody has: %s", words);
    return (struct peer_answer){.fault = PEER_FAILED};
}

static void told_close(void *context)
{
    (void)context;
}

static struct peer *told_peer(struct told_server *server, const char *name)
{
    static const struct peer_type type = {DIALECT_TSQL, told_ask, told_close};
    return peer_new(&type, server, slice_of(name), 0);
}

/* ---- the tables of the sheet, databases.md 8 and 9 ---- */

#define SECRET "6f1b-secret-token"
#define DOCUMENT                                                                                   \
    "<state xsi:type=\"aggregateState\" "                                                          \
    "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "                                     \
    "xmlns=\"http://schemas.microsoft.com/2006/09/sip/state\"><availability>6500</availability>"   \
    "</state>"

static struct cell bytes(const char *words)
{
    return (struct cell){.kind = CELL_BYTES, .bytes = slice_of(words)};
}

static struct told_table tables[8];

static void make_tables(void)
{
    const struct told_table made[] = {
        {.path = "rtc.Resource",
         .columns = {{"ResourceId", "int"}, {"UserAtHost", "nvarchar"}},
         .rows = {{cell_of_integer(1), text("ann@contoso.example")},
                  {cell_of_integer(2), text("bob@contoso.example")},
                  {cell_of_integer(6), text("zo\xc3\xab@contoso.example")}},
         .row_count = 3},
        {.path = "rtcdyn.PublishedInstance",
         .columns = {{"PublisherId", "int"},
                     {"ContainerNum", "int"},
                     {"LastPubTime", "datetime"},
                     {"Data", "varbinary"}},
         .rows = {{cell_of_integer(2), cell_of_integer(2), cell_of_time(NOON), bytes(DOCUMENT)},
                  {cell_of_integer(2), cell_of_integer(2), cell_of_time(NOON), bytes(DOCUMENT)},
                  {cell_of_integer(1), cell_of_integer(2), {.kind = CELL_NULL}, bytes("")}},
         .row_count = 3},
        {.path = "mgc.tblFileToken",
         .columns = {{"fileToken", "nvarchar"}, {"fileTokenUserID", "int"}},
         .rows = {{text(SECRET), cell_of_integer(5)}, {text(SECRET "2"), cell_of_integer(5)}},
         .row_count = 2},
        {.path = "mgc.tblConfig",
         .columns = {{"configLabel", "nvarchar"}, {"configContent", "nvarchar"}},
         .rows = {{text("x"), text(SECRET)}},
         .row_count = 1},
        {.path = "rtc.ResourceDirectory",
         .columns = {{"ResourceId", "int"}, {"PinPassword", "nvarchar"}, {"we]ird", "int"}},
         .rows = {{cell_of_integer(1), text(SECRET), cell_of_integer(1)}},
         .row_count = 1},
        {.path = "mgccomp.tblComplianceData",
         .columns = {{"cmplEventID", "bigint"},
                     {"cmplTime", "bigint"},
                     {"entryDate", "smalldatetime"}},
         .rows = {{cell_of_integer(1003), cell_of_integer(INT64_C(635687449800000000)),
                   cell_of_time(NOON)}},
         .row_count = 1},
    };
    memcpy(tables, made, sizeof made);
}

enum { TABLES = 6 };

/* ---- files ---- */

struct file {
    char path[64];
};

static struct file file_new(void)
{
    struct file file;
    snprintf(file.path, sizeof file.path, "/tmp/test_snapshot.%ld.db", (long)getpid());
    unlink(file.path);
    return file;
}

static int64_t noon(void)
{
    return NOON;
}

static struct snapshot_writer *writer_new(const struct file *file, bool append, uint64_t max_rows)
{
    char problem[SNAPSHOT_PROBLEM];
    const struct snapshot_order order = {
        .version = "1.2.3", .max_rows = max_rows, .seed = test_seed(), .now = noon};
    struct snapshot_writer *writer = snapshot_writer_new(file->path, append, &order, problem);
    if (!writer) {
        fail_msg("%s", problem);
    }
    return writer;
}

static struct snapshot_outcome take(const struct file *file, bool append, uint64_t max_rows,
                                    struct told_server *server, const char *name)
{
    struct snapshot_writer *writer = writer_new(file, append, max_rows);
    struct peer *peer = told_peer(server, name);
    struct snapshot_outcome outcome = snapshot_take(writer, peer);
    peer_close(peer);
    snapshot_writer_free(writer);
    outcome.problem = NULL;
    return outcome;
}

static struct snapshot *open_it(const struct file *file)
{
    char problem[SNAPSHOT_PROBLEM];
    struct snapshot *snapshot = snapshot_open(file->path, problem);
    if (!snapshot) {
        fail_msg("%s", problem);
    }
    return snapshot;
}

/* The rows of one table as "a|b|c" lines. */
static bool put_line(void *context, const struct peer_row *row)
{
    struct buffer *lines = context;
    for (size_t i = 0; i < row->count; i++) {
        char words[CELL_TIME_TEXT];
        const struct cell *cell = &row->cells[i];
        buffer_append_text(lines, i > 0 ? "|" : "");
        if (cell->kind == CELL_INTEGER) {
            buffer_append_u64(lines, (uint64_t)cell->integer);
        } else if (cell->kind == CELL_TIME) {
            buffer_append(lines, cell_time_text(cell->integer, words));
        } else {
            buffer_append(lines, cell_bytes(cell));
        }
    }
    buffer_append_text(lines, "\n");
    return true;
}

static void assert_rows(struct peer *peer, const char *path, const char *expected)
{
    const struct column_row *chosen[16];
    size_t count = 0;
    struct buffer lines;
    assert_int_equal(peer_probe(peer).fault, PEER_FINE);
    const struct columns *columns = peer_columns(peer);
    for (size_t i = 0; i < columns_count(columns); i++) {
        char name[200];
        const struct column_row *column = columns_at(columns, i);
        snprintf(name, sizeof name, "%.*s.%.*s", (int)column->database.size, column->database.data,
                 (int)column->table.size, column->table.data);
        if (strcmp(name, path) == 0) {
            chosen[count++] = column;
        }
    }
    const struct query query = {
        .statement = "live/table", .columns = chosen, .column_count = count};
    const struct row_sink sink = {&lines, put_line};
    buffer_init(&lines, SIZE_MAX);
    assert_int_equal(peer_ask(peer, &query, &sink).fault, PEER_FINE);
    assert_slice_equal(buffer_slice(&lines), expected);
    buffer_dispose(&lines);
}

static bool file_holds(const struct file *file, const char *words)
{
    FILE *stream = fopen(file->path, "rb");
    struct buffer all;
    char block[4096];
    size_t size;
    buffer_init(&all, SIZE_MAX);
    assert_non_null(stream);
    while ((size = fread(block, 1, sizeof block, stream)) > 0) {
        buffer_append(&all, (struct slice){block, size});
    }
    bool found = slice_find(buffer_slice(&all), slice_of(words)) != SLICE_NONE;
    buffer_dispose(&all);
    assert_int_equal(fclose(stream), 0);
    return found;
}

/* ---- what is kept ---- */

static void test_rows_as_the_server_has_them(void **state)
{
    (void)state;
    struct file file = file_new();
    struct told_server server = {tables, TABLES, NULL, PEER_FINE};
    struct snapshot_outcome outcome = take(&file, false, 0, &server, "fe01\\RTCLOCAL");
    assert_true(outcome.ended && outcome.complete && !outcome.unwritten);
    assert_int_equal(outcome.fault, PEER_FINE);
    assert_int_equal(outcome.rows, 9);
    assert_int_equal(outcome.copies, 1);
    assert_true(snapshot_is(file.path));
    struct snapshot *snapshot = open_it(&file);
    assert_int_equal(snapshot_count(snapshot), 1);
    assert_int_equal(snapshot_remark_count(snapshot), 0);
    assert_int_equal(snapshot_taken(snapshot, 0), NOON);
    struct peer *peer = snapshot_peer(snapshot, 0);
    assert_slice_equal(peer_name(peer), "fe01\\RTCLOCAL");
    assert_rows(peer, "rtc.Resource",
                "1|ann@contoso.example\n2|bob@contoso.example\n6|zo\xc3\xab@contoso.example\n");
    assert_rows(peer, "rtcdyn.PublishedInstance",
                "1|2||\n2|2|2015-06-01T09:00:00.000|" DOCUMENT "\n");
    assert_rows(peer, "mgccomp.tblComplianceData",
                "1003|635687449800000000|2015-06-01T09:00:00.000\n");
    /* Without its token one row looks as the other, and both are there. */
    assert_rows(peer, "mgc.tblFileToken", "5\n5\n");
    snapshot_close(snapshot);
    unlink(file.path);
}

static void test_secrets_are_not_in_the_file(void **state)
{
    (void)state;
    struct file file = file_new();
    struct told_server server = {tables, TABLES, NULL, PEER_FINE};
    (void)take(&file, false, 0, &server, "fe01");
    assert_true(file_holds(&file, "ann@contoso.example"));
    assert_false(file_holds(&file, SECRET));
    struct snapshot *snapshot = open_it(&file);
    assert_rows(snapshot_peer(snapshot, 0), "rtc.ResourceDirectory", "1\n");
    snapshot_close(snapshot);
    unlink(file.path);
}

static void test_bounded_rows_are_said(void **state)
{
    (void)state;
    struct file file = file_new();
    struct told_server server = {tables, TABLES, NULL, PEER_FINE};
    struct snapshot_outcome outcome = take(&file, false, 2, &server, "fe01");
    assert_true(outcome.ended && !outcome.complete);
    struct snapshot *snapshot = open_it(&file);
    assert_int_equal(snapshot_remark_count(snapshot), 2);
    assert_string_equal(snapshot_remark(snapshot, 0),
                        "fe01: rtc.Resource: cut by --max-rows: 2 rows kept");
    assert_string_equal(snapshot_remark(snapshot, 1),
                        "fe01: rtcdyn.PublishedInstance: cut by --max-rows: 1 rows kept");
    snapshot_close(snapshot);
    unlink(file.path);
}

static void test_a_refused_table_is_said(void **state)
{
    (void)state;
    struct file file = file_new();
    struct told_server server = {tables, TABLES, "rtc.Resource", PEER_NO_PERMISSION};
    struct snapshot_outcome outcome = take(&file, false, 0, &server, "fe01");
    assert_true(outcome.ended && !outcome.complete);
    assert_int_equal(outcome.fault, PEER_NO_PERMISSION);
    struct snapshot *snapshot = open_it(&file);
    assert_int_equal(snapshot_remark_count(snapshot), 1);
    assert_string_equal(snapshot_remark(snapshot, 0),
                        "fe01: rtc.Resource: not kept: the server said no");
    assert_int_equal(peer_probe(snapshot_peer(snapshot, 0)).fault, PEER_FINE);
    assert_null(columns_find(peer_columns(snapshot_peer(snapshot, 0)), slice_of("rtc.Resource")));
    snapshot_close(snapshot);
    unlink(file.path);
}

/* ---- files that several runs write ---- */

static void test_an_unfinished_server_is_taken_anew(void **state)
{
    (void)state;
    struct file file = file_new();
    struct told_server server = {tables, TABLES, "rtcdyn.PublishedInstance", PEER_DEAD};
    struct snapshot_outcome outcome = take(&file, false, 0, &server, "fe01");
    assert_false(outcome.ended);
    assert_int_equal(outcome.fault, PEER_DEAD);
    struct snapshot *snapshot = open_it(&file);
    assert_non_null(strstr(snapshot_remark(snapshot, 0), "fe01: unfinished"));
    assert_rows(snapshot_peer(snapshot, 0), "rtc.ResourceDirectory", "1\n");
    snapshot_close(snapshot);
    server.failing = NULL;
    outcome = take(&file, true, 0, &server, "fe01");
    assert_true(outcome.ended && outcome.complete);
    snapshot = open_it(&file);
    assert_int_equal(snapshot_count(snapshot), 1);
    assert_int_equal(snapshot_remark_count(snapshot), 0);
    assert_rows(snapshot_peer(snapshot, 0), "rtc.ResourceDirectory", "1\n");
    assert_rows(snapshot_peer(snapshot, 0), "rtcdyn.PublishedInstance",
                "1|2||\n2|2|2015-06-01T09:00:00.000|" DOCUMENT "\n");
    snapshot_close(snapshot);
    outcome = take(&file, true, 0, &server, "fe01");
    assert_true(outcome.present && !outcome.ended && !outcome.unwritten);
    unlink(file.path);
}

static void test_two_servers_with_other_columns(void **state)
{
    (void)state;
    struct file file = file_new();
    struct told_server first = {tables, TABLES, NULL, PEER_FINE};
    const struct told_table later[] = {
        {.path = "rtc.Resource",
         .columns = {{"ResourceId", "int"}, {"UserAtHost", "nvarchar"}, {"Extra", "int"}},
         .rows = {{cell_of_integer(1), text("eve@fabrikam.example"), cell_of_integer(7)}},
         .row_count = 1},
    };
    struct told_server second = {later, 1, NULL, PEER_FINE};
    (void)take(&file, false, 0, &first, "fe01");
    struct snapshot_outcome outcome = take(&file, true, 0, &second, "fe02");
    assert_true(outcome.complete);
    struct snapshot *snapshot = open_it(&file);
    assert_int_equal(snapshot_count(snapshot), 2);
    assert_rows(snapshot_peer(snapshot, 0), "rtc.Resource",
                "1|ann@contoso.example\n2|bob@contoso.example\n6|zo\xc3\xab@contoso.example\n");
    assert_rows(snapshot_peer(snapshot, 1), "rtc.Resource", "1|eve@fabrikam.example|7\n");
    snapshot_close(snapshot);
    unlink(file.path);
}

/* ---- whose file ---- */

static void write_file(const struct file *file, const char *words)
{
    FILE *stream = fopen(file->path, "wb");
    assert_non_null(stream);
    assert_int_equal(fwrite(words, 1, strlen(words), stream), strlen(words));
    assert_int_equal(fclose(stream), 0);
}

static void assert_refused(const struct file *file, bool is, const char *words)
{
    char problem[SNAPSHOT_PROBLEM];
    assert_int_equal(snapshot_is(file->path), is);
    struct snapshot *snapshot = snapshot_open(file->path, problem);
    assert_null(snapshot);
    if (!strstr(problem, words)) {
        fail_msg("\"%s\" does not say \"%s\"", problem, words);
    }
}

static void test_foreign_files_are_refused(void **state)
{
    (void)state;
    struct file file = file_new();
    assert_refused(&file, false, "No such file");
    write_file(&file, "");
    assert_refused(&file, false, "no snapshot");
    write_file(&file, "this is a text and no database, and it is longer than any header of one is, "
                      "which has a hundred bytes");
    assert_refused(&file, false, "no SQLite database");
    unlink(file.path);
    struct lite *database = lite_open(file.path, LITE_CREATE);
    assert_true(lite_run(database, "CREATE TABLE snapshot (x); PRAGMA user_version = 1"));
    lite_close(database);
    assert_refused(&file, false, "no snapshot");
    unlink(file.path);
    struct told_server server = {tables, TABLES, NULL, PEER_FINE};
    (void)take(&file, false, 0, &server, "fe01");
    database = lite_open(file.path, LITE_WRITE);
    assert_true(lite_run(database, "PRAGMA user_version = 2"));
    lite_close(database);
    assert_refused(&file, true, "later version");
    char problem[SNAPSHOT_PROBLEM];
    const struct snapshot_order order = {.version = "", .seed = test_seed(), .now = noon};
    assert_null(snapshot_writer_new(file.path, true, &order, problem));
    assert_null(snapshot_writer_new(file.path, false, &order, problem));
    assert_non_null(strstr(problem, "a file of that name already"));
    unlink(file.path);
}

static int set_up(void **state)
{
    (void)state;
    make_tables();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows_as_the_server_has_them),
        cmocka_unit_test(test_secrets_are_not_in_the_file),
        cmocka_unit_test(test_bounded_rows_are_said),
        cmocka_unit_test(test_a_refused_table_is_said),
        cmocka_unit_test(test_an_unfinished_server_is_taken_anew),
        cmocka_unit_test(test_two_servers_with_other_columns),
        cmocka_unit_test(test_foreign_files_are_refused),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
