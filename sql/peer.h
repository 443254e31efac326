/*
 * Something that answers queries over the servers' tables: a live server through FreeTDS, or a
 * snapshot of one in a SQLite file. Reports, live presence and the audit see only this.
 *
 *   .sql file -> template (which columns exist?) -> peer -> rows, one by one
 *
 * A peer belongs to one thread. Nothing it is asked writes (tests/check_sql.py).
 */
#ifndef OCSIGHT_SQL_PEER_H
#define OCSIGHT_SQL_PEER_H

#include "sql/cell.h"
#include "sql/columns.h"
#include "sql/template.h"

/* Why a query gave no rows or not all of them. The first that is not PEER_FINE ends the run with 5.
 */
enum peer_fault {
    PEER_FINE,
    PEER_STOPPED, /* the receiver wanted no more rows */
    PEER_CUT,     /* more rows than max_rows: those that came are good, and the output says so */
    PEER_INTERRUPTED, /* Ctrl-C; the query was cancelled on the server */
    PEER_MISSING, /* a table or column the query cannot do without is not there, or not granted */
    PEER_NO_PERMISSION,
    PEER_TIMEOUT,
    PEER_LOCKED, /* lock time-out or deadlock, and again when tried once more */
    PEER_DEAD,   /* the connection broke; what came so far is not the whole */
    PEER_FAILED,
};

struct query_parameter {
    const char *name; /* "@user" */
    struct cell value;
};

struct query {
    const char *statement; /* of a .sql file: "live/online" */
    const struct query_parameter *parameters;
    size_t parameter_count;
    uint64_t max_rows;    /* 0 = no bound */
    const char *database; /* what {database} stands for; NULL = the statement has none */
    const struct column_row *const *columns; /* of the one table that the statement is about */
    size_t column_count;                     /* (template.h); 0 = it is about no such table */
};

/* One row; everything is borrowed until the callback returns. */
struct peer_row {
    const char *const *names; /* as the statement's AS says */
    const struct cell *cells;
    size_t count;
    uint64_t number; /* 1-based */
};

/* Whoever wants rows: false = no more of them. */
struct row_sink {
    void *context;
    bool (*row)(void *context, const struct peer_row *row);
};

struct peer_answer {
    enum peer_fault fault;
    uint64_t rows;
    const char *problem; /* one line that an administrator can act on; "" when fine */
    const char *absent;  /* optional columns that the server does not have, ", " between; or "" */
};

/*
 * Somebody who stands before a peer and rewrites what is asked and what comes back, before anything
 * else sees it (analyzer/redacted_peer.h).
 */
struct peer_veil {
    void *context;
    /* Parameters and statement may be replaced; what they become lives until the answer is there.
     */
    void (*ask)(void *context, struct query *query);
    /* `cells` are those of the row, to be rewritten in place. False = nobody gets the row. */
    bool (*row)(void *context, const struct query *query, const struct peer_row *row,
                struct cell *cells);
    /* What is said in place of `problem`, which may hold words of the server; borrowed as that. */
    const char *(*problem)(void *context, enum peer_fault fault, const char *problem);
};

struct peer;

/* How each kind of peer does it (peer_lite.c, peer_tds.c). */
struct peer_type {
    enum peer_dialect dialect;
    /* `text` is what is to be run; parameters and bound are those of `query`. */
    struct peer_answer (*ask)(void *context, const char *text, const struct query *query,
                              const struct row_sink *sink);
    void (*close)(void *context);
};

/*
 * Takes over `context`. `name` (the server as given, or the snapshot's) is copied; `server` is its
 * number within a snapshot, else 0.
 */
struct peer *peer_new(const struct peer_type *type, void *context, struct slice name,
                      int64_t server);
void peer_close(struct peer *peer);

struct slice peer_name(const struct peer *peer);

/* From now on; before the first query. The peer's name becomes `name`; `veil` is copied. */
void peer_cover(struct peer *peer, const struct peer_veil *veil, struct slice name);

/*
 * Which columns exist in rtc, rtcdyn, mgc and mgccomp there: asked once, before the first query.
 * A database that is not there, or not granted, has none. peer_columns() is empty until then.
 */
struct peer_answer peer_probe(struct peer *peer);
const struct columns *peer_columns(const struct peer *peer);

/* Why that one of peer_databases told none, in words; "" = it did, or is not there at all. */
struct slice peer_reason(const struct peer *peer, struct slice database);

/*
 * Builds the statement from the columns that exist and runs it. The answer's words are borrowed
 * until the next call.
 */
struct peer_answer peer_ask(struct peer *peer, const struct query *query,
                            const struct row_sink *sink);

/* The databases that are asked. */
enum { PEER_DATABASES = 4 };
extern const char *const peer_databases[PEER_DATABASES];

/* Column of that name in the row, or NULL cell when the statement has none. */
const struct cell *row_cell(const struct peer_row *row, const char *name);

#endif
