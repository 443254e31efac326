#include "tests/tds/backend.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tests/tds/functions.h"
#include "tests/tds/rewrite.h"

const char *const backend_databases[] = {"rtc", "rtcdyn", "mgc", "mgccomp", NULL};

static bool run(sqlite3 *database, const char *sql)
{
    char *problem = NULL;
    if (sqlite3_exec(database, sql, NULL, NULL, &problem) == SQLITE_OK)
        return true;
    fprintf(stderr, "tds-server: %s: %s\n", problem, sql);
    sqlite3_free(problem);
    return false;
}

static sqlite3 *open_all(const struct options *options)
{
    sqlite3 *database = NULL;
    if (sqlite3_open_v2(":memory:", &database,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_URI, NULL))
        abort();
    functions_add(database, options);
    for (unsigned i = 0; backend_databases[i]; i++) {
        char sql[128];
        snprintf(sql, sizeof sql, "ATTACH 'file:/%s?vfs=memdb' AS %s", backend_databases[i],
                 backend_databases[i]);
        run(database, sql);
    }
    return database;
}

/* ---- loading ---- */

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
        good = run(database, bytes_string(&sql));
        bytes_dispose(&sql);
    }
    tokens_dispose(&tokens);
    free(text);
    return good;
}

/* "database.Table" or "database.Table.Column" */
static bool leave_out(sqlite3 *database, const char *what)
{
    char sql[512];
    const char *table = strchr(what, '.');
    const char *column = table ? strchr(table + 1, '.') : NULL;
    if (column)
        snprintf(sql, sizeof sql, "ALTER TABLE %.*s DROP COLUMN \"%s\"", (int)(column - what), what,
                 column + 1);
    else
        snprintf(sql, sizeof sql, "DROP TABLE %s", what);
    return run(database, sql);
}

/* INFORMATION_SCHEMA.COLUMNS and .TABLES of one database, from what is really there. */
static bool describe(sqlite3 *database, const char *name)
{
    static const char text[] =
        "CREATE TABLE %1$s.INFORMATION_SCHEMA_COLUMNS ("
        "TABLE_CATALOG nvarchar(128) COLLATE NOCASE, TABLE_SCHEMA nvarchar(128) COLLATE NOCASE,"
        "TABLE_NAME nvarchar(128) COLLATE NOCASE, COLUMN_NAME nvarchar(128) COLLATE NOCASE,"
        "ORDINAL_POSITION int, IS_NULLABLE varchar(3), DATA_TYPE nvarchar(128),"
        "CHARACTER_MAXIMUM_LENGTH int);"
        "INSERT INTO %1$s.INFORMATION_SCHEMA_COLUMNS SELECT '%1$s', 'dbo', t.name, c.name, c.cid + "
        "1,"
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
    bytes_format(&sql, text, name);
    bool good = run(database, bytes_string(&sql));
    bytes_dispose(&sql);
    return good;
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
    bool good = run(database, bytes_string(&sql));
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

sqlite3 *backend_load(const struct options *options)
{
    sqlite3 *database = open_all(options);
    bool good = run(database, "BEGIN") && load_files(database, options) &&
                generate(database, more_users, options->users) &&
                generate(database, large_row, options->large_row);
    for (unsigned i = 0; good && i < options->without.count; i++)
        good = leave_out(database, options->without.items[i]);
    for (unsigned i = 0; good && backend_databases[i]; i++)
        good = describe(database, backend_databases[i]);
    if (good && run(database, "COMMIT"))
        return database;
    sqlite3_close(database);
    return NULL;
}

/* ---- reading ---- */

/* Denied tables, and nothing that writes even if it came so far. */
static int authorize(void *context, int action, const char *table, const char *column,
                     const char *schema, const char *trigger)
{
    (void)column, (void)trigger;
    const struct options *options = context;
    if (action == SQLITE_SELECT || action == SQLITE_FUNCTION || action == SQLITE_RECURSIVE)
        return SQLITE_OK;
    if (action != SQLITE_READ)
        return SQLITE_DENY;
    char path[256];
    snprintf(path, sizeof path, "%s.%s", schema ? schema : "", table);
    for (unsigned i = 0; i < options->deny.count; i++)
        if (strcasecmp(options->deny.items[i], path) == 0)
            return SQLITE_DENY;
    return SQLITE_OK;
}

sqlite3 *backend_open(const struct options *options)
{
    sqlite3 *database = open_all(options);
    sqlite3_busy_timeout(database, 10000);
    run(database, "PRAGMA query_only = 1");
    sqlite3_set_authorizer(database, authorize, (void *)(uintptr_t)options);
    return database;
}

void backend_close(sqlite3 *database)
{
    sqlite3_close(database);
}

const char *backend_database(const char *name, size_t size)
{
    for (unsigned i = 0; backend_databases[i]; i++)
        if (strlen(backend_databases[i]) == size &&
            strncasecmp(backend_databases[i], name, size) == 0)
            return backend_databases[i];
    return size == 6 && strncasecmp(name, "master", 6) == 0 ? "master" : NULL;
}

struct type backend_column_type(sqlite3 *database, const char *name, size_t size)
{
    struct type type = {TYPE_NONE, 0};
    for (unsigned i = 0; backend_databases[i] && type.kind == TYPE_NONE; i++) {
        char *sql = sqlite3_mprintf("SELECT DATA_TYPE, CHARACTER_MAXIMUM_LENGTH FROM"
                                    " %s.INFORMATION_SCHEMA_COLUMNS WHERE COLUMN_NAME = '%.*q'",
                                    backend_databases[i], (int)size, name);
        sqlite3_stmt *statement = NULL;
        if (sqlite3_prepare_v2(database, sql, -1, &statement, NULL) == SQLITE_OK &&
            sqlite3_step(statement) == SQLITE_ROW) {
            type = type_parse((const char *)sqlite3_column_text(statement, 0));
            int length = sqlite3_column_int(statement, 1);
            if (length)
                type.size = length < 0 ? TYPE_MAX : (uint32_t)length;
        }
        sqlite3_finalize(statement);
        sqlite3_free(sql);
    }
    return type;
}

uint32_t backend_error(sqlite3 *database, struct bytes *text)
{
    const char *complaint = sqlite3_errmsg(database);
    char first[64] = "", second[128] = "";
    if (sscanf(complaint, "no such table: %63[^.].%127s", first, second) == 2) {
        bytes_format(text, "Invalid object name '%s.dbo.%s'.", first, second);
        return 208;
    }
    if (sscanf(complaint, "no such table: %127s", second) == 1) {
        bytes_format(text, "Invalid object name '%s'.", second);
        return 208;
    }
    if (sscanf(complaint, "no such column: %127s", second) == 1) {
        const char *dot = strrchr(second, '.');
        bytes_format(text, "Invalid column name '%s'.", dot ? dot + 1 : second);
        return 207;
    }
    if (sscanf(complaint, "access to %63[^.].%127[^.].%*s is prohibited", first, second) == 2) {
        bytes_format(text,
                     "The SELECT permission was denied on the object '%s', database '%s', "
                     "schema 'dbo'.",
                     second, first);
        return 229;
    }
    bytes_format(text, "Incorrect syntax: %s", complaint);
    return 102;
}
