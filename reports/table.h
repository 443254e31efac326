/*
 * A table of rows for people and programs: columns that say what they are, rows of values, and
 * what must be said beside them.
 *
 * Called by the commands that report database rows; knows nothing of where they come from. Text
 * fits the width: a cell that is too long goes on in the next line, nothing is cut off.
 */
#ifndef OCSIGHT_REPORTS_TABLE_H
#define OCSIGHT_REPORTS_TABLE_H

#include "reports/report.h"

enum table_kind {
    TABLE_NONE, /* no value */
    TABLE_TEXT,
    TABLE_NUMBER,
    TABLE_TIME,
    TABLE_TRUTH,
    TABLE_WORD, /* a number, and what it means: text "" = nobody knows */
};

struct table_cell {
    enum table_kind kind;
    int64_t number; /* TABLE_NUMBER, _TRUTH, _WORD; TABLE_TIME: ns */
    struct slice text;
};

struct table_column {
    const char *key;     /* JSON and CSV */
    const char *heading; /* text; NULL = for programs only */
    /* Order of the rows: 1 sorts first; negative = descending; 0 = does not sort. */
    int sort;
};

struct table_row {
    uint64_t number;          /* place in which it came; orders what sorts equal */
    struct table_cell *cells; /* one for each column */
};

struct table;

/* The columns must outlive the table. */
struct table *table_new(const struct table_column *columns, size_t count);
void table_free(struct table *table);

/* A new row of cells without value; valid until table_free() or table_keep_rows() drops it. */
struct table_row *table_add(struct table *table);
size_t table_count(const struct table *table);
struct table_row *table_row(const struct table *table, size_t index);

/* A copy that lives as long as the table; for the texts of cells. */
struct slice table_keep(struct table *table, struct slice text);

/* Place of the column of that key; asking for one that is not there is a fault of the program. */
size_t table_column(const struct table *table, const char *key);

/* Drops the rows for which `wanted` says false. */
void table_keep_rows(struct table *table,
                     bool (*wanted)(void *context, const struct table_row *row), void *context);

void table_sort(struct table *table);

/* As -1, 0, 1: values of one kind in their order, no value first. */
int table_compare(const struct table_cell *a, const struct table_cell *b);

/* One server that was asked, or a part of a snapshot. */
struct table_source {
    struct slice name;
    bool answered;
    uint64_t rows;       /* that it gave */
    struct slice absent; /* "rtcdyn.PublishedInstance.Version, ..."; "" = nothing */
    struct slice problem;
};

struct table_head {
    const char *schema; /* "ocsight.db/1" */
    const char *report; /* "online" */
    const char *title;
    const struct table_source *sources;
    size_t source_count;
    const struct slice *remarks; /* one line each */
    size_t remark_count;
    bool partial; /* something is missing that should be there */
};

/* In the format of the style: text, JSON or CSV. */
void table_write(const struct table *table, const struct report_style *style,
                 const struct table_head *head, struct output *output);

/* Text alone (reports/table_text.c). */
void table_write_text(const struct table *table, const struct report_style *style,
                      const struct table_head *head, struct output *output);

const struct table_column *table_columns(const struct table *table, size_t *count);

#endif
