/*
 * Fills the databases from the .sql files, and as the options change them.
 */
#ifndef OCSIGHT_TESTS_TDS_LOAD_H
#define OCSIGHT_TESTS_TDS_LOAD_H

#include <sqlite3.h>

#include "tests/tds/options.h"

/* False after a complaint on standard error. */
bool load_all(sqlite3 *database, const struct options *options);

/* INFORMATION_SCHEMA.COLUMNS and .TABLES of one database; with `lower` as Babelfish has the names.
 */
bool load_describe(sqlite3 *database, const char *name, bool lower);

#endif
