#include "tests/tds/backend.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tests/tds/functions.h"
#include "tests/tds/load.h"

const char *const backend_databases[] = {"rtc", "rtcdyn", "mgc", "mgccomp", NULL};

bool backend_run(sqlite3 *database, const char *sql)
{
    char *problem = NULL;
    if (sqlite3_exec(database, sql, NULL, NULL, &problem) == SQLITE_OK)
        return true;
    fprintf(stderr, "tds-server: %s: %s\n", problem, sql);
    sqlite3_free(problem);
    return false;
}

static bool listed(const struct option_list *list, const char *name)
{
    for (unsigned i = 0; i < list->count; i++)
        if (strcasecmp(list->items[i], name) == 0)
            return true;
    return false;
}

/* With `everything`, also what the options leave out: who loads needs it. */
static sqlite3 *open_all(const struct options *options, bool everything)
{
    sqlite3 *database = NULL;
    if (sqlite3_open_v2(":memory:", &database,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_URI, NULL))
        abort();
    functions_add(database, options);
    for (unsigned i = 0; backend_databases[i]; i++) {
        char sql[128];
        if (!everything && listed(&options->without, backend_databases[i]))
            continue;
        snprintf(sql, sizeof sql, "ATTACH 'file:/%s?vfs=memdb' AS %s", backend_databases[i],
                 backend_databases[i]);
        backend_run(database, sql);
    }
    return database;
}

sqlite3 *backend_load(const struct options *options)
{
    sqlite3 *database = open_all(options, true);
    if (load_all(database, options))
        return database;
    sqlite3_close(database);
    return NULL;
}

/* Denied tables and databases, and nothing that writes even if it came so far. */
static int authorize(void *context, int action, const char *table, const char *column,
                     const char *schema, const char *trigger)
{
    (void)column, (void)trigger;
    struct rights *rights = context;
    if (action == SQLITE_SELECT || action == SQLITE_FUNCTION || action == SQLITE_RECURSIVE)
        return SQLITE_OK;
    if (action != SQLITE_READ)
        return SQLITE_DENY;
    const struct options *options = rights->options;
    char path[256];
    schema = schema ? schema : "";
    snprintf(path, sizeof path, "%s.%s", schema, table);
    if (!listed(&options->deny, path) && !listed(&options->hide, path) &&
        !listed(&options->deny, schema))
        return SQLITE_OK;
    snprintf(rights->database, sizeof rights->database, "%s", schema);
    snprintf(rights->table, sizeof rights->table, "%s", table);
    return SQLITE_DENY;
}

/* master: what describes the others. */
static void make_master(sqlite3 *database)
{
    load_describe(database, "main", false);
    backend_run(database, "CREATE TABLE sys_databases (name nvarchar(128), database_id int);"
                          "INSERT INTO sys_databases SELECT CASE name WHEN 'main' THEN 'master'"
                          " ELSE name END, 1 + seq FROM pragma_database_list");
}

sqlite3 *backend_open(struct rights *rights)
{
    sqlite3 *database = open_all(rights->options, false);
    make_master(database);
    sqlite3_busy_timeout(database, 10000);
    backend_run(database, "PRAGMA query_only = 1");
    sqlite3_set_authorizer(database, authorize, rights);
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

bool backend_has(sqlite3 *database, const char *name)
{
    return strcmp(name, "master") == 0 || sqlite3_db_readonly(database, name) >= 0;
}

static uint32_t refusal(const struct rights *rights, struct bytes *text)
{
    if (listed(&rights->options->deny, rights->database)) {
        bytes_format(text,
                     "The server principal is not able to access the database '%s' under the "
                     "current security context.",
                     rights->database);
        return 916;
    }
    bytes_format(text,
                 "The SELECT permission was denied on the object '%s', database '%s', schema "
                 "'dbo'.",
                 rights->table, rights->database);
    return 229;
}

uint32_t backend_error(sqlite3 *database, const struct rights *rights, struct bytes *text)
{
    if (rights->table[0])
        return refusal(rights, text);
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
    bytes_format(text, "Incorrect syntax: %s", complaint);
    return 102;
}
