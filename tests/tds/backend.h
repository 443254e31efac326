/*
 * The databases: SQLite's, in memory, shared by all connections, read-only once they are loaded.
 */
#ifndef OCSIGHT_TESTS_TDS_BACKEND_H
#define OCSIGHT_TESTS_TDS_BACKEND_H

#include <sqlite3.h>

#include "tests/tds/options.h"
#include "tests/tds/types.h"

extern const char *const backend_databases[]; /* rtc, rtcdyn, mgc, mgccomp, NULL */

/* Loads the .sql files as the options say; NULL after a complaint on standard error. */
sqlite3 *backend_load(const struct options *options);

/* What a connection may read, and what it was refused last. */
struct rights {
    const struct options *options;
    char database[32];
    char table[128]; /* "" = nothing was refused */
};

/* Another connection that only reads. `rights`, with its options set, must outlive it. */
sqlite3 *backend_open(struct rights *rights);
void backend_close(sqlite3 *database);

/* The canonical name, or NULL when there is no such database. */
const char *backend_database(const char *name, size_t size);

/* Whether the database, by its canonical name, is on this server. */
bool backend_has(sqlite3 *database, const char *name);

/* Statements that give no rows; false after a complaint on standard error. */
bool backend_run(sqlite3 *database, const char *sql);

/* The declared type of a column of that name in any table; TYPE_NONE. */
struct type backend_column_type(sqlite3 *database, const char *name, size_t size);

/* SQLite's complaint as SQL Server words and numbers it. */
uint32_t backend_error(sqlite3 *database, const struct rights *rights, struct bytes *text);

#endif
