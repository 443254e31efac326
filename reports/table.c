/*
 * Tables of rows: what is in them, JSON and CSV. See table.h.
 */
#include "reports/table.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct table {
    const struct table_column *columns;
    size_t column_count;
    struct arena arena;
    struct table_row **rows;
    size_t count;
    size_t capacity;
    uint64_t numbers;
};

struct table *table_new(const struct table_column *columns, size_t count)
{
    struct table *table = memory_zero(1, sizeof *table);
    table->columns = columns;
    table->column_count = count;
    arena_init(&table->arena);
    return table;
}

void table_free(struct table *table)
{
    arena_dispose(&table->arena);
    free(table->rows);
    free(table);
}

struct table_row *table_add(struct table *table)
{
    struct table_row *row = arena_zero(&table->arena, 1, sizeof *row);
    row->number = ++table->numbers;
    row->cells = arena_zero(&table->arena, table->column_count, sizeof *row->cells);
    if (table->count == table->capacity) {
        table->capacity = table->capacity > 0 ? 2 * table->capacity : 64;
        table->rows = memory_grow(table->rows, table->capacity, sizeof(struct table_row *));
    }
    table->rows[table->count++] = row;
    return row;
}

size_t table_count(const struct table *table)
{
    return table->count;
}

struct table_row *table_row(const struct table *table, size_t index)
{
    return table->rows[index];
}

struct slice table_keep(struct table *table, struct slice text)
{
    return arena_keep(&table->arena, text);
}

const struct table_column *table_columns(const struct table *table, size_t *count)
{
    *count = table->column_count;
    return table->columns;
}

size_t table_column(const struct table *table, const char *key)
{
    size_t place = 0;
    while (place < table->column_count && strcmp(table->columns[place].key, key) != 0) {
        place++;
    }
    if (place == table->column_count) {
        memory_fatal();
    }
    return place;
}

void table_keep_rows(struct table *table,
                     bool (*wanted)(void *context, const struct table_row *row), void *context)
{
    size_t kept = 0;
    for (size_t i = 0; i < table->count; i++) {
        if (wanted(context, table->rows[i])) {
            table->rows[kept++] = table->rows[i];
        }
    }
    table->count = kept;
}

/* ---- order ---- */

int table_compare(const struct table_cell *a, const struct table_cell *b)
{
    if (a->kind != b->kind) {
        return a->kind < b->kind ? -1 : 1;
    }
    if (a->kind == TABLE_TEXT) {
        return slice_compare(a->text, b->text);
    }
    return (a->number > b->number) - (a->number < b->number);
}

struct sorting {
    struct table_row *row;
    const size_t *places; /* of the columns that sort, in order */
    const struct table *table;
    size_t count;
};

static int by_columns(const void *a, const void *b)
{
    const struct sorting *left = a;
    const struct sorting *right = b;
    for (size_t i = 0; i < left->count; i++) {
        size_t place = left->places[i];
        int order = table_compare(&left->row->cells[place], &right->row->cells[place]);
        if (order != 0) {
            return left->table->columns[place].sort < 0 ? -order : order;
        }
    }
    return (left->row->number > right->row->number) - (left->row->number < right->row->number);
}

/* The columns that sort, the first of them first. */
static size_t sorting_places(const struct table *table, size_t *places)
{
    size_t count = 0;
    for (int rank = 1; rank <= (int)table->column_count; rank++) {
        for (size_t i = 0; i < table->column_count; i++) {
            if (table->columns[i].sort == rank || table->columns[i].sort == -rank) {
                places[count++] = i;
            }
        }
    }
    return count;
}

void table_sort(struct table *table)
{
    size_t *places = memory_zero(table->column_count, sizeof *places);
    struct sorting *order = memory_zero(table->count + 1, sizeof *order);
    size_t count = sorting_places(table, places);
    for (size_t i = 0; i < table->count; i++) {
        order[i] = (struct sorting){table->rows[i], places, table, count};
    }
    qsort(order, table->count, sizeof *order, by_columns);
    for (size_t i = 0; i < table->count; i++) {
        table->rows[i] = order[i].row;
    }
    free(order);
    free(places);
}

/* ---- JSON ---- */

/* A number with a meaning is two values: the second is null where nobody knows. */
static void word_json(struct json *json, const char *key, const struct table_cell *cell)
{
    char name[64];
    snprintf(name, sizeof name, "%s_name", key);
    json_i64(json, key, cell->number);
    json_optional(json, name, cell->text);
}

static void cell_json(struct json *json, const char *key, const struct table_cell *cell)
{
    switch (cell->kind) {
    case TABLE_NONE:
        json_null(json, key);
        break;
    case TABLE_TEXT:
        json_string(json, key, cell->text);
        break;
    case TABLE_NUMBER:
        json_i64(json, key, cell->number);
        break;
    case TABLE_TIME:
        json_time(json, key, cell->number);
        break;
    case TABLE_TRUTH:
        json_bool(json, key, cell->number != 0);
        break;
    case TABLE_WORD:
        word_json(json, key, cell);
        break;
    }
}

static void source_json(struct json *json, const struct table_source *source)
{
    json_object(json, NULL);
    json_string(json, "server", source->name);
    json_bool(json, "answered", source->answered);
    json_u64(json, "rows", source->rows);
    json_array(json, "absent");
    struct slice rest = source->absent;
    while (rest.size > 0) {
        struct slice one;
        slice_cut(rest, ',', &one, &rest);
        json_string(json, NULL, slice_trim(one));
    }
    json_end_array(json);
    json_optional(json, "problem", source->problem);
    json_end_object(json);
}

static void write_json(const struct table *table, const struct report_style *style,
                       const struct table_head *head, struct output *output)
{
    struct json json;
    json_init(&json, output, true);
    json_object(&json, NULL);
    json_text(&json, "schema", head->schema);
    json_text(&json, "report", head->report);
    report_redacted_json(&json, style);
    json_array(&json, "servers");
    for (size_t i = 0; i < head->source_count; i++) {
        source_json(&json, &head->sources[i]);
    }
    json_end_array(&json);
    json_array(&json, "remarks");
    for (size_t i = 0; i < head->remark_count; i++) {
        json_string(&json, NULL, head->remarks[i]);
    }
    json_end_array(&json);
    json_array(&json, "rows");
    for (size_t i = 0; i < table->count; i++) {
        json_object(&json, NULL);
        for (size_t at = 0; at < table->column_count; at++) {
            cell_json(&json, table->columns[at].key, &table->rows[i]->cells[at]);
        }
        json_end_object(&json);
    }
    json_end_array(&json);
    json_bool(&json, "partial", head->partial);
    json_end_object(&json);
    json_end_line(&json);
}

/* ---- CSV ---- */

static void cell_csv(struct output *output, const struct table_cell *cell, bool last)
{
    char text[CLOCK_TEXT] = "";
    switch (cell->kind) {
    case TABLE_NONE:
        break;
    case TABLE_TEXT:
        report_csv(output, cell->text, last);
        return;
    case TABLE_NUMBER:
        snprintf(text, sizeof text, "%" PRId64, cell->number);
        break;
    case TABLE_TIME:
        clock_iso(cell->number, text);
        break;
    case TABLE_TRUTH:
        snprintf(text, sizeof text, "%s", cell->number != 0 ? "true" : "false");
        break;
    case TABLE_WORD:
        if (cell->text.size > 0) {
            report_csv(output, cell->text, last);
            return;
        }
        snprintf(text, sizeof text, "%" PRId64, cell->number);
        break;
    }
    output_format(output, "%s%c", text, last ? '\n' : ',');
}

static void write_csv(const struct table *table, struct output *output)
{
    for (size_t i = 0; i < table->column_count; i++) {
        report_csv(output, slice_of(table->columns[i].key), i + 1 == table->column_count);
    }
    for (size_t i = 0; i < table->count; i++) {
        for (size_t at = 0; at < table->column_count; at++) {
            cell_csv(output, &table->rows[i]->cells[at], at + 1 == table->column_count);
        }
    }
}

void table_write(const struct table *table, const struct report_style *style,
                 const struct table_head *head, struct output *output)
{
    switch (style->format) {
    case REPORT_JSON:
        write_json(table, style, head, output);
        break;
    case REPORT_CSV:
        write_csv(table, output);
        break;
    default:
        table_write_text(table, style, head, output);
    }
}
