/*
 * SQLite, as the store, snapshots and spilled rows use it.
 *
 * The only file that includes sqlite3.h is lite.c. A file is checked for whose it is
 * (application_id) before anything is believed of it, and hostile schemas are not trusted
 * (sqlite.org/security.html): no extensions, no triggers or views of a file that is only read.
 *
 * Every function that can fail says so; what went wrong stays with the database as a kind and as
 * one line for people, until the next call on it.
 */
#ifndef OCSIGHT_SQL_LITE_H
#define OCSIGHT_SQL_LITE_H

#include "sql/cell.h"

enum lite_mode {
    LITE_READ,      /* must exist; nothing is written, not even beside it */
    LITE_WRITE,     /* must exist */
    LITE_CREATE,    /* must not exist */
    LITE_TEMPORARY, /* an unlinked file of its own; `path` is the folder or NULL */
};

enum lite_fault {
    LITE_FINE,
    LITE_ABSENT,  /* no such file, or a folder */
    LITE_PRESENT, /* LITE_CREATE, and it is there already */
    LITE_FOREIGN, /* no SQLite database at all */
    LITE_LOCKED,  /* another process holds it longer than the waiting time */
    LITE_FULL_DISK,
    LITE_NO_PERMISSION, /* file or folder may not be written or read */
    LITE_DAMAGED,
    LITE_REFUSED, /* a constraint */
    LITE_OTHER_FAULT,
};

struct lite;
struct lite_statement;

/*
 * From the header alone: is it a SQLite database, and of which program (PRAGMA application_id; 0
 * where the header breaks off)? Looks at plain files only: what is read of a pipe is gone.
 */
bool lite_peek(const char *path, uint32_t *application);

/* Never NULL: lite_fault() tells whether it is open. `path` is borrowed. */
struct lite *lite_open(const char *path, enum lite_mode mode);
void lite_close(struct lite *database);

enum lite_fault lite_fault(const struct lite *database);

/* One line without the path: "the disk is full". "" while nothing is wrong. */
const char *lite_problem(const struct lite *database);

/* How long a lock of another process is waited for; 5000 ms at first. */
void lite_wait(struct lite *database, int milliseconds);

/* One or more statements that give no rows. */
bool lite_run(struct lite *database, const char *text);

/* ---- statements ---- */

/* Of the statement of that text; NULL with the fault set. */
struct lite_statement *lite_prepare(struct lite *database, const char *text);
void lite_free(struct lite_statement *statement);

/* Parameters from 1 on. Bytes are copied before the call returns. NULL text is ''. */
void lite_bind(struct lite_statement *statement, int parameter, const struct cell *cell);
void lite_bind_integer(struct lite_statement *statement, int parameter, int64_t value);
void lite_bind_time(struct lite_statement *statement, int parameter, int64_t time); /* NONE: NULL */
void lite_bind_text(struct lite_statement *statement, int parameter, struct slice text);
void lite_bind_bytes(struct lite_statement *statement, int parameter, struct slice bytes);
void lite_bind_null(struct lite_statement *statement, int parameter);

/* The same without a copy, for rows by the million: what `text` points to must live until the
 * statement has been stepped, and be bound anew before it is stepped again. */
void lite_bind_text_borrowed(struct lite_statement *statement, int parameter, struct slice text);
void lite_bind_bytes_borrowed(struct lite_statement *statement, int parameter, struct slice bytes);

/* By name, such as "@user"; 0 = it has no such parameter. */
int lite_parameter(const struct lite_statement *statement, const char *name);

enum lite_step { LITE_STEP_ROW, LITE_STEP_DONE, LITE_STEP_FAILED };

/* The next row. After DONE or FAILED the statement is ready to be bound and stepped anew. */
enum lite_step lite_step(struct lite_statement *statement);

/* Steps a statement that gives no rows. */
bool lite_do(struct lite_statement *statement);

/* Ends a row loop early. */
void lite_reset(struct lite_statement *statement);

/* Columns of the row, from 0; slices are borrowed until the next step or reset. */
int lite_columns(const struct lite_statement *statement);
const char *lite_column_name(const struct lite_statement *statement, int column);
/* As its table declares it: "datetime"; "" for an expression. */
const char *lite_column_type(const struct lite_statement *statement, int column);
struct cell lite_column(const struct lite_statement *statement, int column);
int64_t lite_column_integer(const struct lite_statement *statement, int column); /* NULL: 0 */
int64_t lite_column_time(const struct lite_statement *statement, int column);    /* NULL: NONE */
struct slice lite_column_bytes(const struct lite_statement *statement, int column);

/* The key of the row that was inserted last. */
int64_t lite_last_row(const struct lite *database);

#endif
