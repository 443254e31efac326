/*
 * T-SQL to SQLite's SQL, as far as the tests need it: facts/databases.md 11.1. This is no judge of
 * T-SQL; the product never does such a thing.
 */
#ifndef OCSIGHT_TESTS_TDS_REWRITE_H
#define OCSIGHT_TESTS_TDS_REWRITE_H

#include "tests/tds/bytes.h"
#include "tests/tds/scan.h"

/* Appends a query, or a statement of the data files. `current`: the database of bare names. */
void rewrite_statement(const struct statement *statement, const char *current, struct bytes *sql);

/* --type database.Table.Column=type */
struct type_changes {
    const char *const *items;
    unsigned count;
};

/* Appends a CREATE TABLE of the data files, made in `database`. */
void rewrite_table(const struct statement *statement, const char *database,
                   const struct type_changes *changes, struct bytes *sql);

#endif
