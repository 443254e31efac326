#include "tests/tds/load.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tests/tds/backend.h"
#include "tests/tds/rewrite.h"

static char *file_read(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        perror(path);
        return NULL;
    }
    struct bytes text = {0};
    char part[4096];
    for (size_t got; (got = fread(part, 1, sizeof part, file)) > 0;)
        bytes_put(&text, part, got);
    fclose(file);
    bytes_string(&text);
    return (char *)text.data;
}

/* Runs a file's statements; `owner` is the database of tables that are made. */
static bool file_run(sqlite3 *database, const char *path, const char *owner,
                     const struct options *options)
{
    char *text = file_read(path);
    struct tokens tokens = {0};
    if (!text || tokens_scan(text, &tokens)) {
        free(text);
        return false;
    }
    const struct type_changes changes = {options->types.items, options->types.count};
    bool good = true;
    struct statement statement;
    for (unsigned at = 0; good && statement_next(&tokens, &at, &statement);) {
        struct bytes sql = {0};
        if (token_is(statement.first, "CREATE"))
            rewrite_table(&statement, owner, &changes, &sql);
        else
            rewrite_statement(&statement, owner, &sql);
        good = backend_run(database, bytes_string(&sql));
        bytes_dispose(&sql);
    }
    tokens_dispose(&tokens);
    free(text);
    return good;
}

/* "database", "database.Table" or "database.Table.Column" */
static bool leave_out(sqlite3 *database, const char *what)
{
    char sql[512];
    const char *table = strchr(what, '.');
    const char *column = table ? strchr(table + 1, '.') : NULL;
    if (!table) /* a whole database: it is not even attached by who reads */
        return backend_database(what, strlen(what));
    if (column)
        snprintf(sql, sizeof sql, "ALTER TABLE %.*s DROP COLUMN \"%s\"", (int)(column - what), what,
                 column + 1);
    else
        snprintf(sql, sizeof sql, "DROP TABLE %s", what);
    return backend_run(database, sql);
}

/* INFORMATION_SCHEMA.COLUMNS and .TABLES of one database, from what is really there. */
bool load_describe(sqlite3 *database, const char *name, bool lower)
{
    static const char text[] =
        "CREATE TABLE %1$s.INFORMATION_SCHEMA_COLUMNS ("
        "TABLE_CATALOG nvarchar(128) COLLATE NOCASE, TABLE_SCHEMA nvarchar(128) COLLATE NOCASE,"
        "TABLE_NAME nvarchar(128) COLLATE NOCASE, COLUMN_NAME nvarchar(128) COLLATE NOCASE,"
        "ORDINAL_POSITION int, IS_NULLABLE varchar(3), DATA_TYPE nvarchar(128),"
        "CHARACTER_MAXIMUM_LENGTH int);"
        "INSERT INTO %1$s.INFORMATION_SCHEMA_COLUMNS SELECT '%1$s', 'dbo', %2$s(t.name),"
        " %2$s(c.name), c.cid + 1,"
        " CASE WHEN c.\"notnull\" OR c.pk THEN 'NO' ELSE 'YES' END,"
        " lower(CASE WHEN instr(c.type, '(') THEN substr(c.type, 1, instr(c.type, '(') - 1)"
        "  ELSE c.type END),"
        " CASE WHEN c.type = 'image' THEN 2147483647"
        "  WHEN c.type LIKE '%%(2147483647)' THEN -1"
        "  WHEN instr(c.type, '(') THEN CAST(substr(c.type, instr(c.type, '(') + 1) AS INTEGER) END"
        " FROM %1$s.sqlite_schema t, pragma_table_info(t.name, '%1$s') c"
        " WHERE t.type = 'table' AND t.name NOT LIKE 'INFORMATION%%' AND t.name NOT LIKE "
        "'sqlite%%';"
        "CREATE TABLE %1$s.INFORMATION_SCHEMA_TABLES (TABLE_CATALOG nvarchar(128),"
        " TABLE_SCHEMA nvarchar(128), TABLE_NAME nvarchar(128), TABLE_TYPE varchar(10));"
        "INSERT INTO %1$s.INFORMATION_SCHEMA_TABLES SELECT DISTINCT '%1$s', 'dbo', TABLE_NAME,"
        " 'BASE TABLE' FROM %1$s.INFORMATION_SCHEMA_COLUMNS;";
    struct bytes sql = {0};
    bytes_format(&sql, text, name, lower ? "lower" : "");
    bool good = backend_run(database, bytes_string(&sql));
    bytes_dispose(&sql);
    return good;
}

/* Takes a table out of the catalogue, as SQL Server does for who may not see it. */
static bool hide(sqlite3 *database, const char *what)
{
    char sql[512];
    const char *table = strchr(what, '.');
    if (!table)
        return false;
    snprintf(sql, sizeof sql, "DELETE FROM %.*s.INFORMATION_SCHEMA_COLUMNS WHERE TABLE_NAME = '%s'",
             (int)(table - what), what, table + 1);
    return backend_run(database, sql);
}

static const char more_users[] =
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %1$u)"
    " INSERT INTO rtc.Resource SELECT 1000 + i, printf('user%%06d@contoso.example', i) FROM n;"
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %1$u)"
    " INSERT INTO rtc.ResourceDirectory SELECT 1000 + i, printf('user%%06d@contoso.example', i),"
    " NULL, '2014-01-10 08:00:00', '2015-05-01 08:00:00', 1,"
    " printf('user%%06d@contoso.example', i), CAST(printf('User %%06d', i) AS BLOB), 11 + i %% 2"
    " FROM n;"
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %1$u)"
    " INSERT INTO rtcdyn.PublishedInstance (PublisherId, ContainerNum, CategoryId, InstanceNum,"
    " \"Version\", LastPubTime, Data) SELECT 1000 + i, 2, 1, 1, 1 + i %% 9, '2015-06-01 08:30:00',"
    " CAST(printf('<state xsi:type=\"aggregateState\""
    " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""
    " xmlns=\"http://schemas.microsoft.com/2006/09/sip/state\"><availability>%%d</availability>"
    "<device>computer</device></state>', 3500 + i %% 10 * 1500) AS BLOB) FROM n;"
    "CREATE INDEX rtcdyn.PublishedInstanceByPublisher ON PublishedInstance (PublisherId);";

/* A note of ann's so long that it does not fit what a careless reader holds. */
static const char large_row[] =
    "INSERT INTO rtcdyn.PublishedInstance (PublisherId, ContainerNum, CategoryId, InstanceNum,"
    " \"Version\", LastPubTime, Data) SELECT 1, 400, 3, 0, 1, '2015-06-01 08:45:00',"
    " CAST('<note xmlns=\"http://schemas.microsoft.com/2006/09/sip/note\"><body type=\"personal\">'"
    " || replace(hex(zeroblob(%1$u / 2)), '0', 'x') || '</body></note>' AS BLOB);";

static bool generate(sqlite3 *database, const char *text, unsigned number)
{
    if (number == 0)
        return true;
    struct bytes sql = {0};
    bytes_format(&sql, text, number);
    bool good = backend_run(database, bytes_string(&sql));
    bytes_dispose(&sql);
    return good;
}

static bool load_files(sqlite3 *database, const struct options *options)
{
    char path[4096];
    for (unsigned i = 0; backend_databases[i]; i++) {
        snprintf(path, sizeof path, "%s/%s.sql", options->data, backend_databases[i]);
        if (!file_run(database, path, backend_databases[i], options))
            return false;
    }
    snprintf(path, sizeof path, "%s/rows.sql", options->data);
    if (!file_run(database, path, "master", options))
        return false;
    for (unsigned i = 0; i < options->sql.count; i++)
        if (!file_run(database, options->sql.items[i], "master", options))
            return false;
    return true;
}

bool load_all(sqlite3 *database, const struct options *options)
{
    bool good = backend_run(database, "BEGIN") && load_files(database, options) &&
                generate(database, more_users, options->users) &&
                generate(database, large_row, options->large_row);
    for (unsigned i = 0; good && i < options->without.count; i++)
        good = leave_out(database, options->without.items[i]);
    for (unsigned i = 0; good && backend_databases[i]; i++)
        good = load_describe(database, backend_databases[i], options->lower_names);
    for (unsigned i = 0; good && i < options->hide.count; i++)
        good = hide(database, options->hide.items[i]);
    return good && backend_run(database, "COMMIT");
}
