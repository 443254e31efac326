/*
 * From the text of a .sql file to the statement for one peer.
 *
 * A file is T-SQL with braces where servers differ:
 *
 *   {table rtcdyn.PublishedInstance}     [rtcdyn].[dbo].[PublishedInstance]; the whole statement is
 *                                        impossible where the table does not exist. In a snapshot:
 *                                        the rows of one server
 *   {database}                           [rtcdyn], for statements that ask each database the same
 *   {column rtcdyn.PublishedInstance.CategoryId p}
 *                                        p.[CategoryId], or NULL where the column does not exist
 *   {bytes p.[Data]}                     CAST(p.[Data] AS varbinary(max))
 *   {bytes 256 p.[ClientApp]}            CAST(p.[ClientApp] AS varbinary(256))
 *   {length p.[Data]}                    DATALENGTH(p.[Data])
 *   {top}                                TOP (n) for a bounded query; a SQLite peer gets LIMIT n at
 *                                        the end instead
 *   {if rtcdyn.Registrar} ... {else} ... {end}
 *                                        by whether a table or column exists; not nested
 *   {need rtc.ResourceDirectory.Enabled} nothing; the statement is impossible without it
 *
 * and, where a statement is about whichever table (the columns that `chosen` names, all of one):
 *
 *   {table}                              as {table ...} of that table
 *   {columns t}                          t.[A] AS [A], CAST(t.[B] AS varbinary(max)) AS [B]: values
 *                                        as they stand, bytes as bytes
 *   {name}                               [rtcdyn.PublishedInstance]: what it is called in a
 * snapshot {index}                              [rtcdyn.PublishedInstance key] {names} [A], [B]
 *   {places}                             ?2, ?3
 *   {declared}                           [A] int, [B] varbinary
 *
 * A comment line (-- ...) is left out of what is sent. Braces occur nowhere else in these files.
 * Values never come in here: they travel as parameters (@user).
 */
#ifndef OCSIGHT_SQL_TEMPLATE_H
#define OCSIGHT_SQL_TEMPLATE_H

#include "analyzer/engine/buffer.h"
#include "sql/columns.h"

enum peer_dialect { DIALECT_TSQL, DIALECT_SQLITE };

/* What a statement is built for. */
struct template_target {
    enum peer_dialect dialect;
    const struct columns *columns;
    uint64_t max_rows;    /* 0 = unbounded */
    const char *database; /* what {database} stands for, of a fixed list; NULL = none */
    int64_t server;       /* SQLite: rows of which server of the snapshot */
    const struct column_row *const *chosen; /* of one table; see above */
    size_t chosen_count;
};

/* What a statement was built without. */
struct template_gaps {
    struct buffer absent; /* optional columns and tables that are not there, separated by ", " */
    struct buffer needed; /* the first one without which it is impossible; "" = it is possible */
};

/*
 * Appends the statement to `out`. False when it is impossible on this peer (`gaps->needed`) or the
 * text is wrong, which a test of every .sql file excludes. `gaps` is initialised here.
 */
bool template_build(const char *text, const struct template_target *target, struct buffer *out,
                    struct template_gaps *gaps);

void template_gaps_dispose(struct template_gaps *gaps);

#endif
