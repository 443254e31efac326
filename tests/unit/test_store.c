/*
 * sql/store*.c: what is written is what the reading statements give; runs, and what ends them.
 */
#include "tests/unit/harness.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "sql/statement.h"
#include "sql/store.h"
#include "sql/store_read.h"
#include "sql/store_rows.h"

struct fixture {
    char folder[64];
    char path[96];
    struct store *store;
};

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    snprintf(fixture->folder, sizeof fixture->folder, "/tmp/test-store-XXXXXX");
    assert_non_null(mkdtemp(fixture->folder));
    snprintf(fixture->path, sizeof fixture->path, "%s/x.db", fixture->folder);
    fixture->store = store_open(fixture->path, STORE_CREATE, test_seed());
    assert_string_equal(store_problem(fixture->store), "");
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    if (fixture->store) {
        store_close(fixture->store);
    }
    unlink(fixture->path);
    assert_int_equal(rmdir(fixture->folder), 0); /* nothing lies beside the file */
    free(fixture);
    return 0;
}

/* ---- what is written ---- */

static const struct observation seen = {
    .origin =
        {.time = 1000, .record = 7, .offset = 90, .stream = 3, .stream_offset = 11, .order = 5},
    .source = {.bytes = {192, 0, 2, 1}, .family = ADDRESS_IPV4, .port = 5061},
    .destination = {.bytes = {0x20, 0x01, 0x0d, 0xb8, [15] = 0x15},
                    .family = ADDRESS_IPV6,
                    .port = 49152},
    .transport = TRANSPORT_TLS,
};

static void begin_run(struct fixture *fixture, const char *name)
{
    const struct store_input input = {slice_of(name), 100, ""};
    assert_true(store_begin_run(fixture->store, "test", "port 5061", &input, 1));
}

static void end_run(struct fixture *fixture, uint64_t packets)
{
    const struct input_info input = {
        .kind = "pcap", .size = 100, .records = packets, .first = 1, .last = 9, .sha256 = "ab"};
    const struct summary summary = {
        .inputs = &input,
        .input_count = 1,
        .packets = packets,
        .decoded = packets - 2,
        .skipped = {[SKIP_SCTP] = 2},
        .coverage = {.streams = 4, .read = 3, .encrypted = 1, .verdict = COVERAGE_PARTIAL},
    };
    assert_true(store_end_run(fixture->store, &summary));
}

static void add_message(struct fixture *fixture, int64_t time, const char *head, struct slice body,
                        unsigned char digest)
{
    struct observation observed = seen;
    const unsigned char bytes[STORE_DIGEST] = {digest, 1, 2};
    observed.origin.time = time;
    store_add_message(fixture->store, &observed, 4, slice_of(head), body, bytes);
    assert_string_equal(store_problem(fixture->store), "");
}

static void close_store(struct fixture *fixture)
{
    assert_true(store_close(fixture->store));
    fixture->store = NULL;
}

/* ---- what is read: each row as its columns with | between, NULL as - ---- */

static void put_cell(char **at, const char *end, const struct cell *cell)
{
    const size_t room = (size_t)(end - *at);
    int used = 0;
    if (cell->kind == CELL_INTEGER) {
        used = snprintf(*at, room, "%" PRId64, cell->integer);
    } else if (cell->kind == CELL_NULL) {
        used = snprintf(*at, room, "-");
    } else {
        used = snprintf(*at, room, "%s%.*s", cell->kind == CELL_BYTES ? "x" : "",
                        (int)cell->bytes.size, cell->bytes.data);
    }
    *at += used;
}

static void read_rows(struct lite *lite, const char *name, const int64_t *bounds, char *out,
                      size_t size)
{
    struct lite_statement *statement = lite_prepare(lite, statement_text(name));
    char *at = out;
    assert_non_null(statement);
    *out = '\0';
    for (int i = 0; bounds && i < 2; i++) {
        lite_bind_integer(statement, i + 1, bounds[i]);
    }
    while (lite_step(statement) == LITE_STEP_ROW) {
        for (int i = 0; i < lite_columns(statement); i++) {
            const struct cell cell = lite_column(statement, i);
            put_cell(&at, out + size, &cell);
            *at++ = '|';
        }
        at[-1] = '\n';
        *at = '\0';
    }
    lite_free(statement);
}

static void assert_rows(struct fixture *fixture, const char *name, const int64_t *bounds,
                        const char *expected)
{
    char text[4096];
    struct lite *lite = lite_open(fixture->path, LITE_READ);
    read_rows(lite, name, bounds, text, sizeof text);
    assert_string_equal(text, expected);
    lite_close(lite);
}

static const int64_t all[2] = {1, INT64_MAX};

static void messages_come_back(void **state)
{
    struct fixture *fixture = *state;
    begin_run(fixture, "a.pcap");
    add_message(fixture, 1000, "INFO 1", slice_of("body"), 1);
    add_message(fixture, 900, "INFO 2", slice_of("body"), 1); /* its time goes back */
    add_message(fixture, 1100, "INFO 3", (struct slice){"a\0b", 3}, 2);
    add_message(fixture, 1200, "INFO 4", slice_of(""), 3);
    end_run(fixture, 10);
    close_store(fixture);
    assert_rows(fixture, "store/read_messages", all,
                "1|1000|1|1000|7|90|5|3|11|192.0.2.1|5061|2001:db8::15|49152|tls|4|INFO 1|body|1\n"
                "2|1000|1|900|7|90|5|3|11|192.0.2.1|5061|2001:db8::15|49152|tls|4|INFO 2|body|1\n"
                "3|1100|1|1100|7|90|5|3|11|192.0.2.1|5061|2001:db8::15|49152|tls|4|INFO 3|xa|1\n"
                "4|1200|1|1200|7|90|5|3|11|192.0.2.1|5061|2001:db8::15|49152|tls|4|INFO 4|-|0\n");
    assert_rows(fixture, "store/read_inputs", NULL, "1|1|a.pcap|pcap|-|100|ab|10|1|9|0|0\n");
    assert_rows(fixture, "store/read_runs", NULL,
                "1|test|port 5061|1|0|1|10|8|4|3|1|0|0|0|partial|4\n");
}

static void numbers_of_runs_differ(void **state)
{
    struct fixture *fixture = *state;
    const struct event event = {
        .kind = EVENT_HTTP,
        .origin = {.time = 50, .record = 2, .order = 2, .stream = 1},
        .as.http = {.exchange = 1 << 16, .request = true, .call = HTTP_FILE_SIZE},
    };
    begin_run(fixture, "a.pcap");
    add_message(fixture, 1000, "INFO 1", slice_of("body"), 1);
    end_run(fixture, 10);
    begin_run(fixture, "b.pcap");
    add_message(fixture, 10, "INFO 2", slice_of("body"), 1);
    store_add_event(fixture->store, &event, false);
    end_run(fixture, 20);
    close_store(fixture);
    assert_rows(fixture, "store/read_messages", (int64_t[]){2, INT64_MAX},
                "2|10|2|10|7|90|15|13|11|192.0.2.1|5061|2001:db8::15|49152|tls|4|INFO 2|body|1\n");
    assert_rows(fixture, "store/read_http", all,
                "3|50|2|50|2|0|12|11|0|720896|1|GetFileSize|-|-|-|0|-|-|-|-|-|-|-|-|0|0|0|-|0|"
                "-|-|-|-|-|-|-|-|-|-|-\n");
    assert_rows(fixture, "store/read_inputs", NULL,
                "1|1|a.pcap|pcap|-|100|ab|10|1|9|0|0\n2|2|b.pcap|pcap|-|100|ab|20|1|9|0|0\n");
}

static void events_come_back(void **state)
{
    struct fixture *fixture = *state;
    const struct dns_target targets[] = {{slice_of("fe01.xx"), 5061, 1, 2},
                                         {slice_of("fe02.xx"), 5062, 3, 4}};
    const struct origin origin = {.time = 60, .record = 4, .order = 4};
    const struct event events[] = {
        {.kind = EVENT_HTTP,
         .origin = origin,
         .as.http = {.call = HTTP_ROOM_CREATE,
                     .method = slice_of("POST"),
                     .target = slice_of("/RM"),
                     .host = slice_of("h"),
                     .client = seen.source,
                     .server = seen.destination,
                     .has_token = true,
                     .token_hash = UINT64_MAX,
                     .offset = 1,
                     .bytes = 2,
                     .file_length = 3,
                     .order = {.name = slice_of("Ops"), .remove = SAID_NO}}},
        {.kind = EVENT_DNS,
         .origin = origin,
         .as.dns = {.id = 77, .name = slice_of("_sip"), .targets = targets, .target_count = 2}},
        {.kind = EVENT_COVERAGE,
         .origin = origin,
         .as.coverage = {.kind = COVERAGE_GAP, .source = seen.source, .bytes = 8, .count = 9}},
        {.kind = EVENT_DIAGNOSTIC,
         .origin = origin,
         .as.diagnostic = {.code = "odd", .detail = slice_of("words"), .offset = 6}},
    };
    begin_run(fixture, "a.pcap");
    for (size_t i = 0; i < sizeof events / sizeof events[0]; i++) {
        store_add_event(fixture->store, &events[i], false);
    }
    store_add_event(fixture->store, &events[2], true);
    end_run(fixture, 10);
    close_store(fixture);
    assert_rows(fixture, "store/read_http", all,
                "1|60|1|60|4|0|4|0|0|0|0|CreateRoom|POST|/RM|h|0|-|192.0.2.1|5061|"
                "2001:db8::15|49152|-1|-|-|1|2|3|-|0|-|Ops|-|-|-|-|-|-|-|-|1\n");
    assert_rows(fixture, "store/read_dns", all, "2|60|1|60|4|0|4|0|0|0|77|_sip|0|-|-|-|-\n");
    assert_rows(fixture, "store/read_dns_targets", (int64_t[]){2, 0},
                "fe01.xx|5061|1|2\nfe02.xx|5062|3|4\n");
    assert_rows(fixture, "store/read_coverage", all,
                "3|60|1|60|4|0|4|0|0|0|coverage-gap|192.0.2.1|5061|-|-|8|9|-\n"
                "5|60|1|60|4|0|4|0|0|1|coverage-gap|192.0.2.1|5061|-|-|8|9|-\n");
    assert_rows(fixture, "store/read_diagnostics", all, "4|60|1|60|4|0|4|0|0|odd|words|6\n");
    assert_rows(fixture, "store/read_skipped", (int64_t[]){1, 0}, "sctp|2\n");
}

/* ---- runs ---- */

static struct store *reopen(struct fixture *fixture)
{
    store_close(fixture->store);
    fixture->store = store_open(fixture->path, STORE_APPEND, test_seed());
    assert_string_equal(store_problem(fixture->store), "");
    return fixture->store;
}

static void a_cut_run_goes(void **state)
{
    struct fixture *fixture = *state;
    begin_run(fixture, "a.pcap");
    add_message(fixture, 1000, "INFO 1", slice_of("one"), 1);
    end_run(fixture, 10);
    begin_run(fixture, "b.pcap");
    add_message(fixture, 2000, "INFO 2", slice_of("one"), 1);
    add_message(fixture, 2000, "INFO 3", slice_of("two"), 2);
    struct store *store = reopen(fixture);
    assert_int_equal(store_cut_run(store), 2);
    assert_true(store_drop_run(store, 2));
    assert_int_equal(store_cut_run(store), 0);
    assert_true(store_drop_run(store, 1));
    begin_run(fixture, "c.pcap");
    add_message(fixture, 3000, "INFO 4", slice_of("two"), 2);
    end_run(fixture, 10);
    close_store(fixture);
    assert_rows(fixture, "store/read_messages", all,
                "1|3000|1|3000|7|90|5|3|11|192.0.2.1|5061|2001:db8::15|49152|tls|4|INFO 4|two|1\n");
}

static void what_others_use_stays(void **state)
{
    struct fixture *fixture = *state;
    begin_run(fixture, "a.pcap");
    add_message(fixture, 1000, "INFO 1", slice_of("one"), 1);
    end_run(fixture, 10);
    begin_run(fixture, "b.pcap");
    add_message(fixture, 2000, "INFO 2", slice_of("one"), 1);
    end_run(fixture, 10);
    assert_true(store_drop_run(fixture->store, 1));
    close_store(fixture);
    assert_rows(
        fixture, "store/read_messages", all,
        "2|2000|2|2000|7|90|15|13|11|192.0.2.1|5061|2001:db8::15|49152|tls|4|INFO 2|one|1\n");
}

static void inputs_are_known_again(void **state)
{
    struct fixture *fixture = *state;
    struct store_input input = {slice_of("z.pcap"), 100, "ab"};
    int64_t run = 0;
    begin_run(fixture, "a.pcap");
    end_run(fixture, 10);
    struct store *store = reopen(fixture);
    assert_true(store_has_size(store, 100));
    assert_false(store_has_size(store, 101));
    assert_int_equal(store_find_input(store, &input, &run), STORE_WHOLE);
    assert_int_equal(run, 1);
    input.sha256 = "ac";
    assert_int_equal(store_find_input(store, &input, &run), STORE_NEW);
}

static void a_second_one_is_refused(void **state)
{
    struct fixture *fixture = *state;
    struct store *second = store_open(fixture->path, STORE_APPEND, test_seed());
    assert_string_equal(store_problem(second), "another process is using it");
    assert_false(store_begin_run(second, "test", NULL, NULL, 0));
    store_close(second);
    second = store_open(fixture->path, STORE_CREATE, test_seed());
    assert_string_equal(store_problem(second),
                        "there is a file of that name already; --append goes on in it");
    store_close(second);
}

/* ---- what was written is read again, or what is missing is told ---- */

static void put_all(struct fixture *fixture)
{
    const struct dns_target target = {slice_of("fe01.xx"), 5061, 1, 2};
    const struct event question = {.kind = EVENT_DNS,
                                   .origin = {.time = 2600, .record = 4, .order = 4},
                                   .as.dns = {.targets = &target, .target_count = 1}};
    begin_run(fixture, "a.pcap");
    add_message(fixture, 1000, "INFO 1", slice_of("one"), 1);
    add_message(fixture, 2000, "INFO 2", slice_of(""), 2);
    end_run(fixture, 10);
    begin_run(fixture, "b.pcap");
    add_message(fixture, 2500, "INFO 3", slice_of("two"), 2);
    store_add_event(fixture->store, &question, false);
    end_run(fixture, 10);
    close_store(fixture);
}

/* Of all runs: how many records there are and how many rows make no sense, and the first problem.
 */
struct told {
    uint64_t records;
    uint64_t odd;
    char problem[256];
};

static void read_run(struct store_reader *reader, const struct stored_run *run, struct told *told)
{
    struct stored_record record;
    struct stored_rows *rows = stored_rows_open(reader, run);
    while (stored_rows_next(rows, &record)) {
        told->records++;
    }
    told->odd += stored_rows_odd(rows);
    if (told->problem[0] == '\0') {
        snprintf(told->problem, sizeof told->problem, "%s", stored_rows_problem(rows));
    }
    stored_rows_close(rows);
}

static struct told read_store(const char *path)
{
    struct told told = {0};
    size_t count;
    struct store_reader *reader = store_reader_open(path);
    const struct stored_run *runs = store_reader_runs(reader, &count);
    snprintf(told.problem, sizeof told.problem, "%s", store_reader_problem(reader));
    for (size_t i = 0; store_reader_problem(reader)[0] == '\0' && i < count; i++) {
        read_run(reader, &runs[i], &told);
    }
    store_reader_close(reader);
    return told;
}

static void what_is_missing_is_told(void **state)
{
    struct fixture *fixture = *state;
    static const struct {
        const char *change;
        uint64_t records;
        uint64_t odd;
        const char *problem;
    } cases[] = {
        {"", 4, 0, ""},
        {"DELETE FROM message WHERE sequence = 2", 3, 0,
         "of the 2 rows that were written to it, 1 are there"},
        {"DELETE FROM dns", 3, 0, "of the 2 rows that were written to it, 1 are there"},
        {"DELETE FROM hop", 1, 3, ""},
        {"DELETE FROM body", 2, 2, ""},
        {"UPDATE run SET first_sequence = 3 WHERE id = 1", 4, 0, ""},
        {"UPDATE run SET first_sequence = 1 WHERE id = 2", 2, 2,
         "of the 2 rows that were written to it, 0 are there"},
        {"UPDATE run SET first_sequence = 9223372036854775807 WHERE id = 2", 2, 2,
         "of the 2 rows that were written to it, 4 are there"},
        {"UPDATE message SET sequence = -9223372036854775807 - 1 WHERE sequence = 1", 4, 0, ""},
        {"DROP TABLE dns_target", 4, 0,
         "its table dns_target cannot be read behind row 0: no such table: dns_target; what "
         "follows there is left out"},
        {"DROP TABLE skipped", 4, 0, "its table skipped cannot be read: no such table: skipped"},
        {"ALTER TABLE message RENAME TO kept; CREATE VIEW message AS SELECT * FROM kept", 1, 0,
         "its table message cannot be read behind row 0: access to view \"message\" prohibited; "
         "what follows there is left out"},
        {"ALTER TABLE dns ADD COLUMN more TEXT AS (hex(zeroblob(100000000)))", 0, 0,
         "has tables that ocsight does not write"},
        {"CREATE VIRTUAL TABLE more USING fts5(a)", 0, 0, "has tables that ocsight does not write"},
        {"DELETE FROM run", 0, 0, "is a store in which nothing was kept"},
    };
    put_all(fixture);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct lite *lite = lite_open(fixture->path, LITE_WRITE);
        char copy[128];
        snprintf(copy, sizeof copy, "%s.copy", fixture->path);
        struct lite_statement *vacuum = lite_prepare(lite, "VACUUM INTO ?1");
        lite_bind_text(vacuum, 1, slice_of(copy));
        assert_true(lite_do(vacuum));
        lite_free(vacuum);
        lite_close(lite);
        lite = lite_open(copy, LITE_WRITE);
        assert_true(lite_run(lite, cases[i].change));
        lite_close(lite);
        const struct told told = read_store(copy);
        unlink(copy);
        if (strcmp(told.problem, cases[i].problem) != 0 || told.records != cases[i].records ||
            told.odd != cases[i].odd) {
            fail_msg("%s: %" PRIu64 " records, %" PRIu64 " odd, \"%s\"", cases[i].change,
                     told.records, told.odd, told.problem);
        }
    }
}

static int64_t number(const char *path, const char *text)
{
    struct lite *lite = lite_open(path, LITE_WRITE);
    struct lite_statement *statement = lite_prepare(lite, text);
    assert_int_equal(lite_step(statement), LITE_STEP_ROW);
    int64_t value = lite_column_integer(statement, 0);
    lite_free(statement);
    lite_close(lite);
    return value;
}

static void a_foreign_file_stays_as_it_is(void **state)
{
    struct fixture *fixture = *state;
    char beside[128];
    snprintf(beside, sizeof beside, "%s-wal", fixture->path);
    close_store(fixture);
    assert_int_equal(number(fixture->path, "PRAGMA page_size"), 16384);
    unlink(fixture->path);
    struct lite *lite = lite_open(fixture->path, LITE_CREATE);
    assert_true(lite_run(lite, "PRAGMA journal_mode = WAL; CREATE TABLE t (a)"));
    lite_close(lite);
    assert_string_equal(read_store(fixture->path).problem,
                        "it uses a write-ahead log, as no file of ocsight does");
    assert_int_equal(access(beside, F_OK), -1);
    fixture->store = store_open(fixture->path, STORE_APPEND, test_seed());
    assert_string_equal(store_problem(fixture->store), "it is a database, but no store of ocsight");
    store_close(fixture->store);
    fixture->store = NULL;
    assert_int_equal(number(fixture->path, "SELECT journal_mode = 'wal' FROM pragma_journal_mode"),
                     1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(messages_come_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(numbers_of_runs_differ, set_up, tear_down),
        cmocka_unit_test_setup_teardown(events_come_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_cut_run_goes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_others_use_stays, set_up, tear_down),
        cmocka_unit_test_setup_teardown(inputs_are_known_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_missing_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_foreign_file_stays_as_it_is, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_second_one_is_refused, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
