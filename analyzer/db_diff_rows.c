/*
 * The rows of two snapshots. See db_diff_rows.h.
 */
#include "analyzer/db_diff_rows.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "analyzer/engine/arena.h"
#include "sql/lite.h"
#include "sql/statement.h"

/* Between two values of a row; what a text of the databases holds is never split there. */
enum { BETWEEN = '\x1f', TEXT_SHOWN = 200 };

struct diff_rows {
    struct lite *database;
    struct lite_statement *put;
    struct lite_statement *differences;
    bool done;
};

struct diff_rows *diff_rows_new(void)
{
    struct diff_rows *rows = memory_zero(1, sizeof *rows);
    rows->database = lite_open(NULL, LITE_TEMPORARY);
    if (lite_fault(rows->database) == LITE_FINE &&
        lite_run(rows->database, statement_text("snapshot/diff_make"))) {
        rows->put = lite_prepare(rows->database, statement_text("snapshot/diff_put"));
    }
    return rows;
}

void diff_rows_free(struct diff_rows *rows)
{
    lite_free(rows->put);
    lite_free(rows->differences);
    lite_close(rows->database);
    free(rows);
}

const char *diff_rows_problem(const struct diff_rows *rows)
{
    return lite_problem(rows->database);
}

bool diff_rows_add(struct diff_rows *rows, const struct diff_place *place, struct slice key,
                   struct slice words)
{
    if (!rows->put) {
        return false;
    }
    lite_bind_integer(rows->put, 1, place->side);
    lite_bind_integer(rows->put, 2, place->part);
    lite_bind_text(rows->put, 3, place->server);
    lite_bind_text(rows->put, 4, key);
    lite_bind_text(rows->put, 5, words);
    return lite_do(rows->put);
}

bool diff_rows_next(struct diff_rows *rows, struct difference *out)
{
    if (!rows->differences && !rows->done) {
        rows->differences = lite_prepare(rows->database, statement_text("snapshot/diff_rows"));
    }
    rows->done = rows->done || !rows->differences || lite_step(rows->differences) != LITE_STEP_ROW;
    if (rows->done) {
        return false;
    }
    *out = (struct difference){
        .part = (int)lite_column_integer(rows->differences, 0),
        .server = lite_column_bytes(rows->differences, 1),
        .key = lite_column_bytes(rows->differences, 2),
        .before = lite_column_bytes(rows->differences, 3),
        .after = lite_column_bytes(rows->differences, 4),
        .had = lite_column(rows->differences, 3).kind != CELL_NULL,
        .has = lite_column(rows->differences, 4).kind != CELL_NULL,
    };
    return true;
}

/* ---- values ---- */

/* FNV-1a, so that the same bytes look the same on every run. */
static uint64_t digest(struct slice bytes)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < bytes.size; i++) {
        hash = (hash ^ slice_byte(bytes, i)) * UINT64_C(1099511628211);
    }
    return hash;
}

static void put_text(struct buffer *out, struct slice text)
{
    for (size_t i = 0; i < text.size && i < TEXT_SHOWN; i++) {
        buffer_append_byte(out, text.data[i] == BETWEEN ? ' ' : text.data[i]);
    }
}

static void put_bytes(struct buffer *out, struct slice bytes)
{
    char words[64];
    snprintf(words, sizeof words, "(%zu bytes, %016" PRIx64 ")", bytes.size, digest(bytes));
    buffer_append_text(out, words);
}

void diff_put_cell(struct buffer *out, const char *name, const struct cell *cell)
{
    char words[CELL_TIME_TEXT];
    if (out->size > 0) {
        buffer_append_byte(out, BETWEEN);
    }
    buffer_append_text(out, name);
    buffer_append_byte(out, '=');
    switch (cell->kind) {
    case CELL_NULL:
        break;
    case CELL_INTEGER:
        snprintf(words, sizeof words, "%" PRId64, cell->integer);
        buffer_append_text(out, words);
        break;
    case CELL_TIME:
        buffer_append(out, cell_time_text(cell->integer, words));
        break;
    case CELL_TEXT:
        put_text(out, cell->bytes);
        if (cell->bytes.size > TEXT_SHOWN) {
            put_bytes(out, cell->bytes);
        }
        break;
    case CELL_BYTES:
        put_bytes(out, cell->bytes);
        break;
    }
}

static bool holds(struct slice words, struct slice value)
{
    while (words.size > 0) {
        struct slice head;
        (void)slice_cut(words, BETWEEN, &head, &words);
        if (slice_equal(head, value)) {
            return true;
        }
    }
    return false;
}

void diff_put_changed(struct buffer *out, struct slice words, struct slice other)
{
    while (words.size > 0) {
        struct slice head;
        (void)slice_cut(words, BETWEEN, &head, &words);
        if (!holds(other, head)) {
            buffer_append_text(out, out->size > 0 ? ", " : "");
            buffer_append(out, head);
        }
    }
}
