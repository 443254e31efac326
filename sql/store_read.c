/*
 * A store as it is read again: whose file it is, its runs and inputs. See store_read.h.
 *
 * A writer that was killed can leave a journal beside the file, which has to be played back
 * before anything can be read; only then is the file opened for writing.
 */
#include "sql/store_read.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "sql/snapshot.h"
#include "sql/statement.h"
#include "sql/store_reader.h"
#include "sql/store_rows.h"

enum {
    RUNS_MAX = 10000, /* nobody appends more often */
    INPUTS_MAX = 1 << 20,
    REASONS_MAX = 1000,
    CODES_MAX = 256,
    NAME_MAX_SIZE = 64, /* of a code, of an input's kind */
};

/* 2116-01-01T00:00:00Z: decoders/capture.h */
#define LAST_TIME (INT64_C(4607452800) * TIME_SECOND)

bool reader_is_time(int64_t time)
{
    return time >= 0 && time <= LAST_TIME;
}

static void fail(struct store_reader *reader, const char *words)
{
    snprintf(reader->problem, sizeof reader->problem, "%s", words);
}

/* ---- whose file it is ---- */

static bool read_identity(struct store_reader *reader, int64_t *application, int64_t *version)
{
    struct lite_statement *statement = lite_prepare(reader->lite, statement_text("store/identity"));
    bool read = statement && lite_step(statement) == LITE_STEP_ROW;
    if (read) {
        *application = lite_column_integer(statement, 0);
        *version = lite_column_integer(statement, 1);
    }
    lite_free(statement);
    return read;
}

/* Opened for writing once, SQLite plays a left journal back. */
static void play_back(struct store_reader *reader)
{
    int64_t application, version;
    lite_close(reader->lite);
    reader->lite = lite_open(reader->path, LITE_WRITE);
    if (lite_fault(reader->lite) == LITE_FINE) {
        (void)read_identity(reader, &application, &version);
    }
    lite_close(reader->lite);
    reader->lite = lite_open(reader->path, LITE_READ);
}

/* Reading it would run what the file says: of such tables nobody knows how much they hold. */
static bool has_strange_tables(struct store_reader *reader)
{
    struct lite_statement *statement =
        lite_prepare(reader->lite, statement_text("store/strange_tables"));
    bool strange = !statement || lite_step(statement) != LITE_STEP_ROW ||
                   lite_column_integer(statement, 0) != 0;
    lite_free(statement);
    return strange;
}

static bool check_identity(struct store_reader *reader)
{
    int64_t application = 0, version = 0;
    bool read = read_identity(reader, &application, &version);
    if (!read && lite_fault(reader->lite) == LITE_NO_PERMISSION) {
        play_back(reader);
        read =
            lite_fault(reader->lite) == LITE_FINE && read_identity(reader, &application, &version);
        if (!read) {
            fail(reader, "was being written when its writer was stopped, and cannot be put right "
                         "here: open it once where it and its folder can be written");
            return false;
        }
    }
    if (!read) {
        fail(reader, lite_problem(reader->lite));
    } else if (application == SNAPSHOT_APPLICATION) {
        fail(reader, "is a snapshot of servers, which holds rows and no messages: presence, audit "
                     "and db read it");
    } else if (application != STORE_APPLICATION) {
        fail(reader, "is a SQLite database, but none that ocsight wrote");
    } else if (version > STORE_SCHEMA) {
        snprintf(reader->problem, sizeof reader->problem,
                 "was written by a newer version of ocsight (schema %" PRId64
                 "; this one reads up to %d)",
                 version, STORE_SCHEMA);
    } else if (version < 1) {
        fail(reader, "has no schema version: it is no store, or its writer was stopped at once");
    } else if (has_strange_tables(reader)) {
        fail(reader, "has tables that ocsight does not write");
    }
    return reader->problem[0] == '\0';
}

/* ---- runs and inputs ---- */

static struct slice keep_text(struct store_reader *reader, const struct lite_statement *statement,
                              int column)
{
    return arena_keep(&reader->arena, lite_column_bytes(statement, column));
}

/* What the program itself once named: "xml-not-well-formed", "pcapng". */
static bool is_name(struct slice text)
{
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        if (!ascii_is_alpha(c) && !ascii_is_digit(c) && c != '-' && c != '_') {
            return false;
        }
    }
    return text.size > 0 && text.size <= NAME_MAX_SIZE;
}

static const char *keep_words(struct store_reader *reader, struct slice text)
{
    char *words = arena_alloc(&reader->arena, text.size + 1);
    for (size_t i = 0; i < text.size; i++) {
        words[i] = text.data[i];
    }
    words[text.size] = '\0';
    return words;
}

static uint64_t column_count(const struct lite_statement *statement, int column)
{
    return (uint64_t)lite_column_integer(statement, column);
}

static enum coverage_verdict verdict_find(struct slice name)
{
    for (int verdict = COVERAGE_NONE; verdict <= COVERAGE_FULL; verdict++) {
        const char *known = coverage_verdict_name((enum coverage_verdict)verdict);
        if (slice_equal(slice_of(known), name)) {
            return (enum coverage_verdict)verdict;
        }
    }
    return COVERAGE_NONE;
}

static void take_run(struct store_reader *reader, const struct lite_statement *row)
{
    reader->runs = memory_grow(reader->runs, reader->run_count + 1, sizeof *reader->runs);
    reader->runs[reader->run_count++] = (struct stored_run){
        .id = lite_column_integer(row, ROW_RUN_ID),
        .complete = lite_column_integer(row, ROW_RUN_COMPLETE) == 1,
        .partial = lite_column_integer(row, ROW_RUN_PARTIAL) != 0,
        .first_sequence = lite_column_integer(row, ROW_RUN_FIRST_SEQUENCE),
        .records = column_count(row, ROW_RUN_RECORDS),
        .packets = column_count(row, ROW_RUN_PACKETS),
        .decoded = column_count(row, ROW_RUN_DECODED),
        .coverage =
            {
                .streams = column_count(row, ROW_RUN_STREAMS),
                .read = column_count(row, ROW_RUN_STREAMS_READ),
                .encrypted = column_count(row, ROW_RUN_STREAMS_ENCRYPTED),
                .compressed = column_count(row, ROW_RUN_STREAMS_COMPRESSED),
                .gapped = column_count(row, ROW_RUN_STREAMS_GAPPED),
                .one_sided = column_count(row, ROW_RUN_STREAMS_ONE_SIDED),
                .verdict = verdict_find(lite_column_bytes(row, ROW_RUN_VERDICT)),
            },
    };
}

/* Every row that there is belongs to one run, whatever a damaged file says of them. */
static void part_runs(struct store_reader *reader)
{
    int64_t first = 1;
    for (size_t i = 0; i < reader->run_count; i++) {
        struct stored_run *run = &reader->runs[i];
        first = run->first_sequence > first ? run->first_sequence : first;
        run->first_sequence = i > 0 ? first : INT64_MIN;
        run->last_sequence = INT64_MAX;
        if (i > 0) {
            run[-1].last_sequence = first - 1;
        }
    }
}

static struct stored_run *find_run(struct store_reader *reader, int64_t id)
{
    for (size_t i = reader->run_count; i > 0; i--) {
        if (reader->runs[i - 1].id == id) {
            return &reader->runs[i - 1];
        }
    }
    return NULL;
}

static void take_digest(struct input_info *info, struct slice text)
{
    if (text.size == sizeof info->sha256 - 1 && is_name(text)) {
        snprintf(info->sha256, sizeof info->sha256, "%.*s", (int)text.size, text.data);
    }
}

/* Rows come in the order of their ids, and a run's are together. */
static void take_input(struct store_reader *reader, const struct lite_statement *row)
{
    struct stored_run *run = find_run(reader, lite_column_integer(row, ROW_INPUT_RUN));
    if (!run ||
        (run->input_count > 0 && run->first_input + run->input_count != reader->input_count)) {
        return;
    }
    size_t index = reader->input_count++;
    if (run->input_count++ == 0) {
        run->first_input = index;
    }
    reader->inputs = memory_grow(reader->inputs, index + 1, sizeof *reader->inputs);
    reader->input_ids = memory_grow(reader->input_ids, index + 1, sizeof *reader->input_ids);
    reader->input_ids[index] = lite_column_integer(row, ROW_INPUT_ID);
    struct slice kind = lite_column_bytes(row, ROW_INPUT_KIND);
    struct slice compression = lite_column_bytes(row, ROW_INPUT_COMPRESSION);
    struct input_info *info = &reader->inputs[index];
    *info = (struct input_info){
        .name = keep_text(reader, row, ROW_INPUT_NAME),
        .kind = is_name(kind) ? keep_words(reader, kind) : NULL,
        .compression = is_name(compression) ? keep_words(reader, compression) : NULL,
        .size = column_count(row, ROW_INPUT_SIZE),
        .records = column_count(row, ROW_INPUT_RECORDS),
        .first = lite_column_time(row, ROW_INPUT_FIRST_TIME),
        .last = lite_column_time(row, ROW_INPUT_LAST_TIME),
        .truncated = lite_column_integer(row, ROW_INPUT_TRUNCATED) != 0,
        .failed = lite_column_integer(row, ROW_INPUT_FAILED) != 0,
    };
    info->first = reader_is_time(info->first) ? info->first : TIME_NONE;
    info->last = reader_is_time(info->last) ? info->last : TIME_NONE;
    take_digest(info, lite_column_bytes(row, ROW_INPUT_SHA256));
}

/* All rows of a statement; false when reading broke off. */
static bool read_all(struct store_reader *reader, const char *name, size_t most,
                     void (*take)(struct store_reader *reader, const struct lite_statement *row))
{
    struct lite_statement *statement = lite_prepare(reader->lite, statement_text(name));
    enum lite_step step = statement ? lite_step(statement) : LITE_STEP_FAILED;
    for (size_t rows = 0; step == LITE_STEP_ROW && rows < most; rows++) {
        take(reader, statement);
        step = lite_step(statement);
    }
    lite_free(statement);
    if (step == LITE_STEP_FAILED) {
        snprintf(reader->problem, sizeof reader->problem, "cannot be read: %s",
                 lite_problem(reader->lite));
    } else if (step == LITE_STEP_ROW) {
        snprintf(reader->problem, sizeof reader->problem,
                 "cannot be read: it tells of more than %zu runs or inputs", most);
    }
    return step == LITE_STEP_DONE;
}

static void read_skipped(struct store_reader *reader, struct stored_run *run)
{
    struct lite_statement *statement =
        lite_prepare(reader->lite, statement_text("store/read_skipped"));
    enum lite_step step = LITE_STEP_FAILED;
    if (statement) {
        lite_bind_integer(statement, 1, run->id);
        step = lite_step(statement);
    }
    for (size_t rows = 0; step == LITE_STEP_ROW && rows < REASONS_MAX; rows++) {
        for (int reason = 0; reason < SKIP_REASONS; reason++) {
            const char *name = skip_reason_name((enum skip_reason)reason);
            if (slice_equal(lite_column_bytes(statement, 0), slice_of(name))) {
                run->skipped[reason] = column_count(statement, 1);
            }
        }
        step = lite_step(statement);
    }
    lite_free(statement);
    if (step != LITE_STEP_DONE) {
        snprintf(reader->remark, sizeof reader->remark, "its table skipped cannot be read: %s",
                 step == LITE_STEP_ROW ? "it is too long" : lite_problem(reader->lite));
    }
}

static void read_totals(struct store_reader *reader)
{
    if (!read_all(reader, "store/read_runs", RUNS_MAX, take_run) ||
        !read_all(reader, "store/read_inputs", INPUTS_MAX, take_input)) {
        return;
    }
    part_runs(reader);
    for (size_t i = 0; i < reader->run_count; i++) {
        read_skipped(reader, &reader->runs[i]);
    }
    if (reader->input_count == 0) {
        fail(reader, "is a store in which nothing was kept");
    }
}

/* ---- the reader ---- */

struct store_reader *store_reader_open(const char *path)
{
    struct store_reader *reader = memory_zero(1, sizeof *reader);
    arena_init(&reader->arena);
    reader->path = path;
    reader->lite = lite_open(path, LITE_READ);
    if (lite_fault(reader->lite) != LITE_FINE) {
        fail(reader, lite_problem(reader->lite));
    } else if (check_identity(reader)) {
        read_totals(reader);
    }
    return reader;
}

void store_reader_close(struct store_reader *reader)
{
    if (reader) {
        lite_close(reader->lite);
        arena_dispose(&reader->arena);
        free(reader->runs);
        free(reader->inputs);
        free(reader->input_ids);
        free(reader->codes);
        free(reader);
    }
}

const char *store_reader_problem(const struct store_reader *reader)
{
    return reader->problem;
}

const struct stored_run *store_reader_runs(const struct store_reader *reader, size_t *count)
{
    *count = reader->run_count;
    return reader->runs;
}

const struct input_info *store_reader_inputs(const struct store_reader *reader, size_t *count)
{
    *count = reader->input_count;
    return reader->inputs;
}

bool reader_find_input(const struct store_reader *reader, int64_t id, uint32_t *index)
{
    size_t low = 0;
    size_t high = reader->input_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (reader->input_ids[middle] < id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *index = (uint32_t)low;
    return low < reader->input_count && reader->input_ids[low] == id;
}

const char *reader_code(struct store_reader *reader, struct slice text)
{
    for (size_t i = 0; i < reader->code_count; i++) {
        if (slice_equal(slice_of(reader->codes[i]), text)) {
            return reader->codes[i];
        }
    }
    if (reader->code_count == CODES_MAX || !is_name(text)) {
        return NULL;
    }
    reader->codes = memory_grow(reader->codes, reader->code_count + 1, sizeof *reader->codes);
    reader->codes[reader->code_count] = keep_words(reader, text);
    return reader->codes[reader->code_count++];
}
