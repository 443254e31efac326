/*
 * Which tables a snapshot keeps, what tells their rows apart, and what is never asked for.
 *
 * Tables and keys: databases.md sections 2 and 8. The keys of rtc and rtcdyn were never published:
 * they name rows in findings and differences, and nothing is dropped because of them.
 */
#ifndef OCSIGHT_SQL_SNAPSHOT_TABLES_H
#define OCSIGHT_SQL_SNAPSHOT_TABLES_H

#include <stdbool.h>

#include "sql/columns.h"

enum { TABLE_KEY_COLUMNS = 6 };

struct kept_table {
    const char *path; /* "rtcdyn.PublishedInstance" */
    /* Those of them that the server has tell a row from the others. */
    const char *key[TABLE_KEY_COLUMNS];
    const char *omitted; /* a column that is never asked for; NULL = none; "*" = the whole table */
    const char *why;     /* ... and the reason */
};

/* A row without a path ends it. */
extern const struct kept_table kept_tables[];

/* By path, without case; NULL = it is none of them. */
const struct kept_table *kept_table_find(struct slice path);

/*
 * Is a column of that table kept? Never when it is omitted above or its name says that it holds a
 * password; nor when its name cannot be written between brackets.
 */
bool kept_column(const struct kept_table *table, const struct column_row *column);

/* Is a row that comes once more the same row? Not where what tells rows apart is omitted. */
bool kept_table_tells_copies(const struct kept_table *table);

#endif
