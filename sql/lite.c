/*
 * SQLite behind our own header. See lite.h.
 */
#include "sql/lite.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analyzer/engine/arena.h"
#include "sql/trouble.h"

enum { BUSY_WAIT = 5000, PROBLEM_SIZE = 200 };

struct lite {
    sqlite3 *handle;
    enum lite_fault fault;
    char problem[PROBLEM_SIZE];
};

struct lite_statement {
    struct lite *database;
    sqlite3_stmt *handle;
};

/* ---- what went wrong ---- */

static const struct {
    int code; /* primary result code */
    enum lite_fault fault;
    const char *words; /* NULL = SQLite's own */
} faults[] = {
    {SQLITE_BUSY, LITE_LOCKED, "another process is using it"},
    {SQLITE_LOCKED, LITE_LOCKED, "another process is using it"},
    {SQLITE_FULL, LITE_FULL_DISK, "the disk is full"},
    {SQLITE_READONLY, LITE_NO_PERMISSION, "it cannot be written"},
    {SQLITE_PERM, LITE_NO_PERMISSION, "it may not be opened"},
    {SQLITE_AUTH, LITE_NO_PERMISSION, "it may not be opened"},
    {SQLITE_CORRUPT, LITE_DAMAGED, "the file is damaged"},
    {SQLITE_NOTADB, LITE_FOREIGN, "it is no SQLite database"},
    {SQLITE_CONSTRAINT, LITE_REFUSED, NULL},
};

static void note(struct lite *database, enum lite_fault fault, const char *words)
{
    database->fault = fault;
    /* SQLite's words quote names that stand in the file. */
    trouble_line(database->problem, sizeof database->problem, slice_of(words));
}

/* True when `code` is success. */
static bool check(struct lite *database, int code)
{
    if (code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE) {
        database->fault = LITE_FINE;
        database->problem[0] = '\0';
        return true;
    }
    const char *words = database->handle ? sqlite3_errmsg(database->handle) : sqlite3_errstr(code);
    enum lite_fault fault = LITE_OTHER_FAULT;
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        if (faults[i].code == (code & 0xff)) {
            fault = faults[i].fault;
            words = faults[i].words ? faults[i].words : words;
        }
    }
    note(database, fault, words);
    return false;
}

enum lite_fault lite_fault(const struct lite *database)
{
    return database->fault;
}

const char *lite_problem(const struct lite *database)
{
    return database->problem;
}

/* ---- opening ---- */

/* sqlite.org/fileformat2.html section 1.3: the magic, and the application's number at 68. */
enum { HEADER_SIZE = 100, HEADER_APPLICATION = 68 };

bool lite_peek(const char *path, uint32_t *application)
{
    static const char magic[] = "SQLite format 3"; /* with its NUL */
    unsigned char header[HEADER_SIZE];
    struct stat status;
    *application = 0;
    if (stat(path, &status) != 0 || !S_ISREG(status.st_mode)) {
        return false;
    }
    FILE *file = fopen(path, "rbe");
    size_t size = file ? fread(header, 1, sizeof header, file) : 0;
    if (file) {
        (void)fclose(file);
    }
    for (size_t i = 0; size == sizeof header && i < 4; i++) {
        *application = *application << 8 | header[HEADER_APPLICATION + i];
    }
    return size >= sizeof magic && memcmp(header, magic, sizeof magic) == 0;
}

/* In that mode even a reader writes two files beside. sqlite.org/fileformat2.html 1.3.3. */
static bool has_write_ahead_log(const char *path)
{
    enum { READ_VERSION = 19, LOGGED = 2 };
    char head[READ_VERSION + 1] = {0};
    int file = open(path, O_RDONLY | O_CLOEXEC);
    bool logged = file >= 0 && read(file, head, sizeof head) == (ssize_t)sizeof head &&
                  head[READ_VERSION] == LOGGED;
    if (file >= 0) {
        close(file);
    }
    return logged;
}

/* SQLite's own "unable to open database file" says too little. */
static bool file_fits(struct lite *database, const char *path, enum lite_mode mode)
{
    struct stat status;
    bool there = stat(path, &status) == 0;
    if (there && S_ISDIR(status.st_mode)) {
        note(database, LITE_ABSENT, "it is a folder");
    } else if (mode == LITE_CREATE && there) {
        note(database, LITE_PRESENT, "there is a file of that name already");
    } else if (mode != LITE_CREATE && !there) {
        note(database, LITE_ABSENT, strerror(errno));
    } else if (there && access(path, mode == LITE_READ ? R_OK : R_OK | W_OK) != 0) {
        note(database, LITE_NO_PERMISSION, strerror(errno));
    } else if (mode == LITE_READ && has_write_ahead_log(path)) {
        note(database, LITE_OTHER_FAULT, "it uses a write-ahead log, as no file of ocsight does");
    } else {
        return true;
    }
    return false;
}

/* Nothing that a hostile file brings along is run. */
static void distrust(sqlite3 *handle)
{
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
    sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, 1 << 30);
    sqlite3_exec(handle, "PRAGMA cell_size_check = ON", NULL, NULL, NULL);
}

struct lite *lite_open(const char *path, enum lite_mode mode)
{
    struct lite *database = memory_zero(1, sizeof *database);
    int flags = mode == LITE_READ     ? SQLITE_OPEN_READONLY
                : mode == LITE_CREATE ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
                                      : SQLITE_OPEN_READWRITE;
    if (mode == LITE_TEMPORARY) {
        path = "";
        flags |= SQLITE_OPEN_CREATE;
    } else if (!file_fits(database, path, mode)) {
        return database;
    }
    int code = sqlite3_open_v2(path, &database->handle, flags | SQLITE_OPEN_NOMUTEX, NULL);
    if (!check(database, code)) {
        sqlite3_close(database->handle);
        database->handle = NULL;
        return database;
    }
    sqlite3_extended_result_codes(database->handle, 1);
    sqlite3_busy_timeout(database->handle, BUSY_WAIT);
    distrust(database->handle);
    return database;
}

void lite_close(struct lite *database)
{
    if (database) {
        sqlite3_close(database->handle);
        free(database);
    }
}

void lite_wait(struct lite *database, int milliseconds)
{
    sqlite3_busy_timeout(database->handle, milliseconds);
}

bool lite_run(struct lite *database, const char *text)
{
    return check(database, sqlite3_exec(database->handle, text, NULL, NULL, NULL));
}

int64_t lite_last_row(const struct lite *database)
{
    return sqlite3_last_insert_rowid(database->handle);
}

/* ---- statements ---- */

struct lite_statement *lite_prepare(struct lite *database, const char *text)
{
    sqlite3_stmt *handle = NULL;
    int code =
        sqlite3_prepare_v3(database->handle, text, -1, SQLITE_PREPARE_PERSISTENT, &handle, NULL);
    if (!check(database, code)) {
        return NULL;
    }
    struct lite_statement *statement = memory_zero(1, sizeof *statement);
    *statement = (struct lite_statement){database, handle};
    return statement;
}

void lite_free(struct lite_statement *statement)
{
    if (statement) {
        sqlite3_finalize(statement->handle);
        free(statement);
    }
}

void lite_bind_integer(struct lite_statement *statement, int parameter, int64_t value)
{
    sqlite3_bind_int64(statement->handle, parameter, value);
}

void lite_bind_time(struct lite_statement *statement, int parameter, int64_t time)
{
    if (time == TIME_NONE) {
        sqlite3_bind_null(statement->handle, parameter);
    } else {
        sqlite3_bind_int64(statement->handle, parameter, time);
    }
}

void lite_bind_text(struct lite_statement *statement, int parameter, struct slice text)
{
    sqlite3_bind_text64(statement->handle, parameter, text.size > 0 ? text.data : "", text.size,
                        SQLITE_TRANSIENT, SQLITE_UTF8);
}

void lite_bind_bytes(struct lite_statement *statement, int parameter, struct slice bytes)
{
    sqlite3_bind_blob64(statement->handle, parameter, bytes.size > 0 ? bytes.data : "", bytes.size,
                        SQLITE_TRANSIENT);
}

void lite_bind_text_borrowed(struct lite_statement *statement, int parameter, struct slice text)
{
    sqlite3_bind_text64(statement->handle, parameter, text.size > 0 ? text.data : "", text.size,
                        SQLITE_STATIC, SQLITE_UTF8);
}

void lite_bind_bytes_borrowed(struct lite_statement *statement, int parameter, struct slice bytes)
{
    sqlite3_bind_blob64(statement->handle, parameter, bytes.size > 0 ? bytes.data : "", bytes.size,
                        SQLITE_STATIC);
}

void lite_bind_null(struct lite_statement *statement, int parameter)
{
    sqlite3_bind_null(statement->handle, parameter);
}

void lite_bind(struct lite_statement *statement, int parameter, const struct cell *cell)
{
    switch (cell->kind) {
    case CELL_NULL:
        lite_bind_null(statement, parameter);
        break;
    case CELL_INTEGER:
        lite_bind_integer(statement, parameter, cell->integer);
        break;
    case CELL_TIME:
        lite_bind_time(statement, parameter, cell->integer);
        break;
    case CELL_TEXT:
        lite_bind_text(statement, parameter, cell->bytes);
        break;
    case CELL_BYTES:
        lite_bind_bytes(statement, parameter, cell->bytes);
        break;
    }
}

int lite_parameter(const struct lite_statement *statement, const char *name)
{
    return sqlite3_bind_parameter_index(statement->handle, name);
}

enum lite_step lite_step(struct lite_statement *statement)
{
    int code = sqlite3_step(statement->handle);
    bool fine = check(statement->database, code);
    if (code != SQLITE_ROW) {
        sqlite3_reset(statement->handle);
    }
    return code == SQLITE_ROW ? LITE_STEP_ROW : fine ? LITE_STEP_DONE : LITE_STEP_FAILED;
}

bool lite_do(struct lite_statement *statement)
{
    enum lite_step step = lite_step(statement);
    if (step == LITE_STEP_ROW) {
        lite_reset(statement);
    }
    return step != LITE_STEP_FAILED;
}

void lite_reset(struct lite_statement *statement)
{
    sqlite3_reset(statement->handle);
}

/* ---- the row ---- */

int lite_columns(const struct lite_statement *statement)
{
    return sqlite3_column_count(statement->handle);
}

const char *lite_column_name(const struct lite_statement *statement, int column)
{
    return sqlite3_column_name(statement->handle, column);
}

const char *lite_column_type(const struct lite_statement *statement, int column)
{
    const char *type = sqlite3_column_decltype(statement->handle, column);
    return type ? type : "";
}

struct slice lite_column_bytes(const struct lite_statement *statement, int column)
{
    const char *data = sqlite3_column_blob(statement->handle, column);
    int size = sqlite3_column_bytes(statement->handle, column);
    return data && size > 0 ? (struct slice){data, (size_t)size} : slice_of("");
}

int64_t lite_column_integer(const struct lite_statement *statement, int column)
{
    return sqlite3_column_int64(statement->handle, column);
}

int64_t lite_column_time(const struct lite_statement *statement, int column)
{
    bool there = sqlite3_column_type(statement->handle, column) == SQLITE_INTEGER;
    return there ? sqlite3_column_int64(statement->handle, column) : TIME_NONE;
}

struct cell lite_column(const struct lite_statement *statement, int column)
{
    switch (sqlite3_column_type(statement->handle, column)) {
    case SQLITE_NULL:
        return (struct cell){.kind = CELL_NULL};
    case SQLITE_INTEGER:
        return cell_of_integer(sqlite3_column_int64(statement->handle, column));
    case SQLITE_BLOB:
        return (struct cell){.kind = CELL_BYTES, .bytes = lite_column_bytes(statement, column)};
    default:
        return cell_of_text(lite_column_bytes(statement, column));
    }
}
