/*
 * Rows in a temporary file. See rows_gathered.h.
 */
#include "analyzer/rows_gathered.h"

#include <stdlib.h>

#include "analyzer/engine/arena.h"
#include "sql/lite.h"
#include "sql/statement.h"

struct gathered {
    struct lite *file;
    struct lite_statement *add;
    struct lite_statement *rows; /* NULL until the first one is read back */
    bool ended;
};

/* The columns of sql/gather/rows.sql, one less than the parameters of sql/gather/add.sql. */
enum gathered_column {
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

struct gathered *gathered_new(void)
{
    struct gathered *gathered = memory_zero(1, sizeof *gathered);
    gathered->file = lite_open(NULL, LITE_TEMPORARY);
    if (lite_fault(gathered->file) == LITE_FINE &&
        lite_run(gathered->file, statement_text("gather/schema"))) {
        gathered->add = lite_prepare(gathered->file, statement_text("gather/add"));
    }
    return gathered;
}

void gathered_free(struct gathered *gathered)
{
    if (gathered) {
        lite_free(gathered->add);
        lite_free(gathered->rows);
        lite_close(gathered->file);
        free(gathered);
    }
}

const char *gathered_problem(const struct gathered *gathered)
{
    return lite_problem(gathered->file);
}

bool gathered_add(struct gathered *gathered, const struct gathered_row *row)
{
    struct lite_statement *add = gathered->add;
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

static struct lite_statement *begin_reading(struct gathered *gathered)
{
    lite_free(gathered->add);
    gathered->add = NULL;
    if (!lite_run(gathered->file, statement_text("gather/index"))) {
        return NULL;
    }
    return lite_prepare(gathered->file, statement_text("gather/rows"));
}

bool gathered_next(struct gathered *gathered, struct gathered_row *out)
{
    if (!gathered->rows && !gathered->ended) {
        gathered->rows = begin_reading(gathered);
    }
    struct lite_statement *rows = gathered->rows;
    if (gathered->ended || !rows || lite_step(rows) != LITE_STEP_ROW) {
        gathered->ended = true;
        return false;
    }
    *out = (struct gathered_row){
        .user = lite_column_bytes(rows, COLUMN_USER),
        .kind = (enum gathered_kind)lite_column_integer(rows, COLUMN_KIND),
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
