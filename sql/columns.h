/*
 * Which tables and columns a server has: the catalogue that statements are built from.
 *
 * The schemas of rtc and rtcdyn were never published and differ between versions
 * (facts/databases.md sections 2 and 7): nothing is asked of a column before it was seen here.
 * Only what the login may see is listed, so "missing" can mean "not granted". Names are compared
 * without case.
 */
#ifndef OCSIGHT_SQL_COLUMNS_H
#define OCSIGHT_SQL_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzer/engine/slice.h"

struct column_row {
    struct slice database; /* "rtcdyn" */
    struct slice table;
    struct slice name;
    struct slice type; /* DATA_TYPE as the server says: "varbinary" */
    int64_t length;    /* characters or bytes; -1 = max; 0 = not said */
    bool nullable;
    unsigned ordinal; /* 1-based place in its table; 0 = not said */
};

struct columns;

struct columns *columns_new(void);
void columns_free(struct columns *columns);

/* Copied; the first of a name counts. False when it is more than a SQL Server can have. */
bool columns_add(struct columns *columns, const struct column_row *row);

/*
 * "rtcdyn", "rtcdyn.PublishedInstance" or "rtcdyn.PublishedInstance.CategoryId": that column, or
 * the first one of the table or database; NULL = not there.
 */
const struct column_row *columns_find(const struct columns *columns, struct slice path);

/* In the order in which they were added. */
size_t columns_count(const struct columns *columns);
const struct column_row *columns_at(const struct columns *columns, size_t index);

#endif
