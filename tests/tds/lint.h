/*
 * What SQLite would take and SQL Server would not: a small guard, so that a query that is wrong
 * there does not pass here. It knows no more T-SQL than its list of rules.
 *
 *   195   a function that T-SQL (2005) does not have
 *   156   a reserved word as a name, without brackets
 *   102   SQLite's own words and signs, a comparison as a column, a derived table without a name,
 *         a "name" in double quotes while QUOTED_IDENTIFIER is off
 *   8120  a column that is neither grouped nor in an aggregate
 *   145   ORDER BY of SELECT DISTINCT by something that is not selected
 *   1033  ORDER BY in a subquery without TOP
 *   191   parentheses that are nested too deeply
 */
#ifndef OCSIGHT_TESTS_TDS_LINT_H
#define OCSIGHT_TESTS_TDS_LINT_H

#include "tests/tds/bytes.h"
#include "tests/tds/scan.h"

/* The number of the error, and its text; 0 = nothing to say. */
uint32_t lint_statement(const struct statement *statement, bool quoted_names, struct bytes *text);

#endif
