#include "tests/tds/functions.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tests/tds/backend.h"
#include "tests/tds/like.h"
#include "tests/tds/types.h"

static void result_text(sqlite3_context *context, const struct bytes *text)
{
    sqlite3_result_text64(context, text->data ? (const char *)text->data : "", text->size,
                          SQLITE_TRANSIENT, SQLITE_UTF8);
}

/* ---- casts ---- */

static void cast_to_bytes(sqlite3_context *context, sqlite3_value *value, struct type type)
{
    const void *data = sqlite3_value_blob(value);
    size_t size = (size_t)sqlite3_value_bytes(value);
    sqlite3_result_blob64(context, data ? data : "", size > type.size ? type.size : size,
                          SQLITE_TRANSIENT);
}

/* Bytes become text in the server's code page, as SQL Server does it. */
static void cast_to_text(sqlite3_context *context, sqlite3_value *value, struct type type)
{
    struct bytes text = {0};
    size_t size = (size_t)sqlite3_value_bytes(value);
    if (sqlite3_value_type(value) == SQLITE_BLOB) {
        size_t most = type.kind == TYPE_NVARCHAR ? (size_t)type.size * 2 : type.size;
        if (type.kind == TYPE_NVARCHAR)
            bytes_utf8(&text, sqlite3_value_blob(value), size > most ? most : size);
        else
            bytes_from_cp1252(&text, sqlite3_value_blob(value), size > most ? most : size);
    } else {
        const char *given = (const char *)sqlite3_value_text(value);
        size = strlen(given);
        bytes_put(&text, given, size > type.size ? type.size : size);
    }
    result_text(context, &text);
    bytes_dispose(&text);
}

static void cast_to_time(sqlite3_context *context, sqlite3_value *value)
{
    int32_t days;
    uint32_t ticks;
    if (!time_parse((const char *)sqlite3_value_text(value), &days, &ticks)) {
        sqlite3_result_error(context, "conversion to datetime", -1);
        return;
    }
    struct bytes text = {0};
    time_put(&text, days, ticks);
    result_text(context, &text);
    bytes_dispose(&text);
}

static void cast_value(sqlite3_context *context, sqlite3_value *value, const char *type_text)
{
    struct type type = type_parse(type_text);
    if (sqlite3_value_type(value) == SQLITE_NULL)
        return;
    switch (type.kind) {
    case TYPE_VARBINARY:
    case TYPE_IMAGE:
        cast_to_bytes(context, value, type);
        return;
    case TYPE_VARCHAR:
    case TYPE_NVARCHAR:
        cast_to_text(context, value, type);
        return;
    case TYPE_DATETIME:
    case TYPE_SMALLDATETIME:
    case TYPE_DATETIME2:
        cast_to_time(context, value);
        return;
    case TYPE_BIT:
        sqlite3_result_int(context, sqlite3_value_int64(value) != 0);
        return;
    case TYPE_TINYINT:
    case TYPE_SMALLINT:
    case TYPE_INT:
    case TYPE_BIGINT:
        sqlite3_result_int64(context, sqlite3_value_int64(value));
        return;
    default:
        sqlite3_result_value(context, value);
    }
}

static void run_cast(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    cast_value(context, values[0], (const char *)sqlite3_value_text(values[1]));
}

static void run_convert(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    cast_value(context, values[1], (const char *)sqlite3_value_text(values[0]));
}

/* ---- strings ---- */

static void run_datalength(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    const int class = sqlite3_value_type(values[0]);
    if (class == SQLITE_NULL)
        return;
    if (class == SQLITE_TEXT)
        sqlite3_result_int(context, sqlite3_value_bytes16(values[0]));
    else
        sqlite3_result_int(context, class == SQLITE_BLOB ? sqlite3_value_bytes(values[0]) : 4);
}

static void run_charindex(sqlite3_context *context, int count, sqlite3_value **values)
{
    const char *what = (const char *)sqlite3_value_text(values[0]);
    const char *where = (const char *)sqlite3_value_text(values[1]);
    if (!what || !where)
        return;
    int from = count > 2 ? sqlite3_value_int(values[2]) : 1;
    size_t skip = from > 1 ? (size_t)from - 1 : 0;
    const char *found = skip < strlen(where) ? strcasestr(where + skip, what) : NULL;
    sqlite3_result_int(context, found ? (int)(found - where) + 1 : 0);
}

static void run_left(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    const char *text = (const char *)sqlite3_value_text(values[0]);
    int size = sqlite3_value_int(values[1]);
    if (text)
        sqlite3_result_text(context, text, (int)strnlen(text, size > 0 ? (size_t)size : 0),
                            SQLITE_TRANSIENT);
}

static void run_like(sqlite3_context *context, int count, sqlite3_value **values)
{
    const char *pattern = (const char *)sqlite3_value_text(values[0]);
    const char *text = (const char *)sqlite3_value_text(values[1]);
    const char *escape = count > 2 ? (const char *)sqlite3_value_text(values[2]) : NULL;
    if (pattern && text)
        sqlite3_result_int(context, like_matches(pattern, text, escape ? *escape : 0));
}

/* ---- the server ---- */

static void run_serverproperty(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    const struct options *options = sqlite3_user_data(context);
    const char *name = (const char *)sqlite3_value_text(values[0]);
    struct bytes text = {0};
    if (name && strcasecmp(name, "ProductVersion") == 0)
        bytes_text(&text, options->version);
    else if (name && strcasecmp(name, "InstanceName") == 0 && options->instance)
        bytes_text(&text, options->instance);
    else if (name && strcasecmp(name, "MachineName") == 0)
        bytes_text(&text, options->server);
    else if (name && strcasecmp(name, "Edition") == 0)
        bytes_text(&text, "Express Edition (64-bit)");
    else if (name && strcasecmp(name, "ProductLevel") == 0)
        bytes_text(&text, "RTM");
    if (text.size)
        result_text(context, &text);
    bytes_dispose(&text);
}

static void run_servername(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count, (void)values;
    const struct options *options = sqlite3_user_data(context);
    struct bytes text = {0};
    bytes_text(&text, options->server);
    if (options->instance)
        bytes_format(&text, "\\%s", options->instance);
    result_text(context, &text);
    bytes_dispose(&text);
}

static void run_version(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count, (void)values;
    const struct options *options = sqlite3_user_data(context);
    struct bytes text = {0};
    bytes_format(&text, "Microsoft SQL Server - %s (X64)", options->version);
    result_text(context, &text);
    bytes_dispose(&text);
}

static void run_db_id(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    const char *name = (const char *)sqlite3_value_text(values[0]);
    const char *found = name ? backend_database(name, strlen(name)) : NULL;
    sqlite3 *database = sqlite3_context_db_handle(context);
    for (int i = 0; found && backend_databases[i]; i++)
        if (found == backend_databases[i] && backend_has(database, found))
            sqlite3_result_int(context, i + 5);
}

static void run_has_dbaccess(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    const char *name = (const char *)sqlite3_value_text(values[0]);
    const struct options *options = sqlite3_user_data(context);
    const char *found = name ? backend_database(name, strlen(name)) : NULL;
    if (!found || !backend_has(sqlite3_context_db_handle(context), found))
        return;
    int access = 1;
    for (unsigned i = 0; i < options->deny.count; i++)
        access &= strcasecmp(options->deny.items[i], found) != 0;
    sqlite3_result_int(context, access);
}

static void run_name(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count, (void)values;
    sqlite3_result_text(context, sqlite3_user_data(context), -1, SQLITE_TRANSIENT);
}

/* One constant instant: the sample rows are of that day. */
static void run_now(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count, (void)values;
    sqlite3_result_text(context, "2015-06-01 09:00:00", -1, SQLITE_STATIC);
}

static void run_number(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count, (void)values;
    sqlite3_result_int64(context, (sqlite3_int64)(intptr_t)sqlite3_user_data(context));
}

void functions_set_database(sqlite3 *database, const char *name)
{
    sqlite3_create_function(database, "DB_NAME", 0, SQLITE_UTF8, (void *)(uintptr_t)name, run_name,
                            NULL, NULL);
}

void functions_add(sqlite3 *database, const struct options *options)
{
    static const struct {
        const char *name;
        int count;
        void (*run)(sqlite3_context *, int, sqlite3_value **);
        intptr_t number;
    } rows[] = {
        {"tds_cast", 2, run_cast, 0},
        {"tds_convert", -1, run_convert, 0},
        {"tds_datalength", 1, run_datalength, 0},
        {"tds_charindex", -1, run_charindex, 0},
        {"tds_left", 2, run_left, 0},
        {"tds_now", 0, run_now, 0},
        {"like", 2, run_like, 0},
        {"like", 3, run_like, 0},
        {"SERVERPROPERTY", 1, run_serverproperty, 0},
        {"tds_SERVERNAME", 0, run_servername, 0},
        {"tds_VERSION", 0, run_version, 0},
        {"DB_ID", 1, run_db_id, 0},
        {"HAS_DBACCESS", 1, run_has_dbaccess, 0},
        {"tds_SPID", 0, run_number, 51},
        {"tds_TRANCOUNT", 0, run_number, 0},
        {"tds_MAX_PRECISION", 0, run_number, 38},
    };
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
        void *data =
            rows[i].run == run_number ? (void *)rows[i].number : (void *)(uintptr_t)options;
        sqlite3_create_function(database, rows[i].name, rows[i].count, SQLITE_UTF8, data,
                                rows[i].run, NULL, NULL);
    }
    functions_set_database(database, "master");
}
