/*
 * T-SQL's functions, as SQLite functions.
 */
#ifndef OCSIGHT_TESTS_TDS_FUNCTIONS_H
#define OCSIGHT_TESTS_TDS_FUNCTIONS_H

#include <sqlite3.h>

#include "tests/tds/options.h"

/* `options` must outlive the connection. */
void functions_add(sqlite3 *database, const struct options *options);

/* What DB_NAME() says from now on. `name` is borrowed. */
void functions_set_database(sqlite3 *database, const char *name);

#endif
