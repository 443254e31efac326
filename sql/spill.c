/*
 * Room for rows that reports cannot keep in memory. See spill.h.
 */
#include "sql/spill.h"

#include <stdio.h>
#include <stdlib.h>

#include "analyzer/engine/arena.h"
#include "sql/lite.h"
#include "sql/statement.h"

struct spill_file {
    struct spill view;
    struct lite *database; /* NULL before the first row */
    struct lite_statement *keep;
    struct lite_statement *read;
    int64_t rows;
    bool failed;
    char problem[200];
};

static bool fail(struct spill_file *file)
{
    if (!file->failed) {
        snprintf(file->problem, sizeof file->problem, "temporary file: %s",
                 lite_problem(file->database));
    }
    file->failed = true;
    return false;
}

static bool open_file(struct spill_file *file)
{
    file->database = lite_open(NULL, LITE_TEMPORARY);
    if (lite_fault(file->database) != LITE_FINE ||
        !lite_run(file->database, statement_text("spill/schema"))) {
        return fail(file);
    }
    file->keep = lite_prepare(file->database, statement_text("spill/keep"));
    file->read = lite_prepare(file->database, statement_text("spill/read"));
    return (file->keep && file->read) || fail(file);
}

static bool keep_row(void *context, uint64_t owner, struct slice row)
{
    struct spill_file *file = context;
    if (file->failed || (!file->database && !open_file(file))) {
        return false;
    }
    lite_bind_integer(file->keep, 1, (int64_t)owner);
    lite_bind_integer(file->keep, 2, ++file->rows);
    lite_bind_bytes(file->keep, 3, row);
    return lite_do(file->keep) || fail(file);
}

static bool read_rows(void *context, uint64_t owner, void *taker,
                      void (*take)(void *taker, struct slice row))
{
    struct spill_file *file = context;
    if (file->rows == 0) {
        return true;
    }
    lite_bind_integer(file->read, 1, (int64_t)owner);
    enum lite_step step = lite_step(file->read);
    while (step == LITE_STEP_ROW) {
        take(taker, lite_column_bytes(file->read, 0));
        step = lite_step(file->read);
    }
    return step == LITE_STEP_DONE || fail(file);
}

struct spill_file *spill_file_new(void)
{
    struct spill_file *file = memory_zero(1, sizeof *file);
    file->view = (struct spill){file, keep_row, read_rows};
    return file;
}

void spill_file_free(struct spill_file *file)
{
    if (file) {
        lite_free(file->keep);
        lite_free(file->read);
        lite_close(file->database);
        free(file);
    }
}

const struct spill *spill_file_view(const struct spill_file *file)
{
    return &file->view;
}

const char *spill_file_problem(const struct spill_file *file)
{
    return file->problem;
}
