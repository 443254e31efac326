/*
 * The texts of all statements, each in a .sql file of its own in sql/.
 *
 * A name is the file's path below sql/ without the suffix: "live/online". The table is written by
 * sql/embed.cmake when the program is built.
 */
#ifndef OCSIGHT_SQL_STATEMENT_H
#define OCSIGHT_SQL_STATEMENT_H

#include <stddef.h>

struct statement_text {
    const char *name;
    const char *text;
};

/* By name; a row of NULLs ends it. */
extern const struct statement_text statement_table[];

/* The text of that name; asking for one that does not exist is a fault of the program. */
const char *statement_text(const char *name);

#endif
