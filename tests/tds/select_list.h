/*
 * The types of a query's columns: SQLite knows those that are columns of a table; those that are
 * expressions are read off the select list.
 */
#ifndef OCSIGHT_TESTS_TDS_SELECT_LIST_H
#define OCSIGHT_TESTS_TDS_SELECT_LIST_H

#include <sqlite3.h>

#include "tests/tds/backend.h"
#include "tests/tds/scan.h"
#include "tests/tds/types.h"

/* One item between the commas. */
struct select_item {
    const struct token *first;
    unsigned count;
};

/* The items of the (first) select list; how many there are, at most `room`. */
unsigned select_items(const struct statement *statement, struct select_item *items, unsigned room);

/* TYPE_NONE where only the values can tell. */
struct type select_item_type(const struct select_item *item, sqlite3 *database);

/* Whether the item gives itself a name ("AS x"). */
bool select_item_named(const struct select_item *item);

#endif
