/*
 * Rows in a temporary file. See rows_spill.h.
 */
#include "analyzer/rows_spill.h"

#include <stdlib.h>

#include "analyzer/engine/arena.h"
#include "sql/lite.h"
#include "sql/statement.h"

struct spill {
    struct lite *file;
    struct lite_statement *add;
    struct lite_statement *rows; /* NULL until the first one is read back */
    bool ended;
};

/* The columns of sql/gather/rows.sql, one less than the parameters of sql/gather/add.sql. */
enum spill_column {
    COLUMN_USER,
    COLUMN_KIND,
    COLUMN_SERVER,
    COLUMN_RESOURCE,
    COLUMN_CATEGORY,
    COLUMN_NAME,
    COLUMN_CONTAINER,
    COLUMN_INSTANCE,
    COLUMN_VERSION,
    COLUMN_TIME,
    COLUMN_EXPIRES,
    COLUMN_ENDPOINT,
    COLUMN_FRONT_END,
    COLUMN_FLAG,
    COLUMN_DATA,
};

struct spill *spill_new(void)
{
    struct spill *spill = memory_zero(1, sizeof *spill);
    spill->file = lite_open(NULL, LITE_TEMPORARY);
    if (lite_fault(spill->file) == LITE_FINE &&
        lite_run(spill->file, statement_text("gather/schema"))) {
        spill->add = lite_prepare(spill->file, statement_text("gather/add"));
    }
    return spill;
}

void spill_free(struct spill *spill)
{
    if (spill) {
        lite_free(spill->add);
        lite_free(spill->rows);
        lite_close(spill->file);
        free(spill);
    }
}

const char *spill_problem(const struct spill *spill)
{
    return lite_problem(spill->file);
}

bool spill_add(struct spill *spill, const struct spill_row *row)
{
    struct lite_statement *add = spill->add;
    if (!add) {
        return false;
    }
    lite_bind_text(add, COLUMN_USER + 1, row->user);
    lite_bind_integer(add, COLUMN_KIND + 1, row->kind);
    lite_bind_integer(add, COLUMN_SERVER + 1, (int64_t)row->server);
    lite_bind(add, COLUMN_RESOURCE + 1, &row->resource);
    lite_bind(add, COLUMN_CATEGORY + 1, &row->category);
    lite_bind(add, COLUMN_NAME + 1, &row->name);
    lite_bind(add, COLUMN_CONTAINER + 1, &row->container);
    lite_bind(add, COLUMN_INSTANCE + 1, &row->instance);
    lite_bind(add, COLUMN_VERSION + 1, &row->version);
    lite_bind_time(add, COLUMN_TIME + 1, row->time);
    lite_bind_time(add, COLUMN_EXPIRES + 1, row->expires);
    lite_bind(add, COLUMN_ENDPOINT + 1, &row->endpoint);
    lite_bind(add, COLUMN_FRONT_END + 1, &row->front_end);
    lite_bind(add, COLUMN_FLAG + 1, &row->flag);
    lite_bind_bytes(add, COLUMN_DATA + 1, row->data);
    return lite_do(add);
}

static struct lite_statement *begin_reading(struct spill *spill)
{
    lite_free(spill->add);
    spill->add = NULL;
    if (!lite_run(spill->file, statement_text("gather/index"))) {
        return NULL;
    }
    return lite_prepare(spill->file, statement_text("gather/rows"));
}

bool spill_next(struct spill *spill, struct spill_row *out)
{
    if (!spill->rows && !spill->ended) {
        spill->rows = begin_reading(spill);
    }
    struct lite_statement *rows = spill->rows;
    if (spill->ended || !rows || lite_step(rows) != LITE_STEP_ROW) {
        spill->ended = true;
        return false;
    }
    *out = (struct spill_row){
        .user = lite_column_bytes(rows, COLUMN_USER),
        .kind = (enum spill_kind)lite_column_integer(rows, COLUMN_KIND),
        .server = (size_t)lite_column_integer(rows, COLUMN_SERVER),
        .resource = lite_column(rows, COLUMN_RESOURCE),
        .category = lite_column(rows, COLUMN_CATEGORY),
        .name = lite_column(rows, COLUMN_NAME),
        .container = lite_column(rows, COLUMN_CONTAINER),
        .instance = lite_column(rows, COLUMN_INSTANCE),
        .version = lite_column(rows, COLUMN_VERSION),
        .time = lite_column_time(rows, COLUMN_TIME),
        .expires = lite_column_time(rows, COLUMN_EXPIRES),
        .endpoint = lite_column(rows, COLUMN_ENDPOINT),
        .front_end = lite_column(rows, COLUMN_FRONT_END),
        .flag = lite_column(rows, COLUMN_FLAG),
        .data = lite_column_bytes(rows, COLUMN_DATA),
    };
    return true;
}
