/*
 * Something that answers queries. See peer.h.
 */
#include "sql/peer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/engine/arena.h"
#include "sql/statement.h"

enum { STATEMENT_MOST = 64 << 10, PROBLEM_SIZE = 400 };

const char *const peer_databases[PEER_DATABASES] = {"rtc", "rtcdyn", "mgc", "mgccomp"};

struct peer {
    struct peer_type type;
    void *context;
    struct slice name;
    int64_t server;
    struct columns *columns;
    bool probed;
    struct slice reasons[PEER_DATABASES]; /* why a database told nothing; "" = it did */
    struct buffer text;                   /* of the statement that was built last */
    struct template_gaps gaps;
    char problem[PROBLEM_SIZE];
    struct peer_veil veil; /* its functions NULL without one */
    struct cell *veiled;   /* cells of one row */
    size_t veiled_count;
};

struct peer *peer_new(const struct peer_type *type, void *context, struct slice name,
                      int64_t server)
{
    struct peer *peer = memory_zero(1, sizeof *peer);
    peer->type = *type;
    peer->context = context;
    peer->name = memory_keep(name);
    peer->server = server;
    peer->columns = columns_new();
    buffer_init(&peer->text, STATEMENT_MOST);
    return peer;
}

void peer_close(struct peer *peer)
{
    if (peer) {
        peer->type.close(peer->context);
        template_gaps_dispose(&peer->gaps);
        buffer_dispose(&peer->text);
        columns_free(peer->columns);
        slice_drop(&peer->name);
        for (size_t i = 0; i < PEER_DATABASES; i++) {
            slice_drop(&peer->reasons[i]);
        }
        free(peer->veiled);
        free(peer);
    }
}

void peer_cover(struct peer *peer, const struct peer_veil *veil, struct slice name)
{
    peer->veil = *veil;
    slice_drop(&peer->name);
    peer->name = memory_keep(name);
}

struct slice peer_name(const struct peer *peer)
{
    return peer->name;
}

const struct columns *peer_columns(const struct peer *peer)
{
    return peer->columns;
}

/* ---- asking ---- */

static bool build(struct peer *peer, const struct query *query)
{
    const struct template_target target = {
        .dialect = peer->type.dialect,
        .columns = peer->columns,
        .max_rows = query->max_rows,
        .database = query->database,
        .server = peer->server,
        .chosen = query->columns,
        .chosen_count = query->column_count,
    };
    template_gaps_dispose(&peer->gaps);
    buffer_clear(&peer->text);
    bool built =
        template_build(statement_text(query->statement), &target, &peer->text, &peer->gaps);
    return buffer_append_byte(&peer->text, '\0') && built;
}

static const char *gap_text(const struct buffer *gaps)
{
    return gaps->size > 0 ? gaps->data : "";
}

struct slice peer_reason(const struct peer *peer, struct slice database)
{
    for (size_t i = 0; i < PEER_DATABASES; i++) {
        if (peer->reasons[i].size > 0 && slice_equal(database, slice_of(peer_databases[i]))) {
            return peer->reasons[i];
        }
    }
    return slice_of("");
}

/* What is missing, and why its database told nothing if it was that. */
static void say_missing(struct peer *peer)
{
    struct slice needed = slice_of(gap_text(&peer->gaps.needed));
    struct slice database;
    struct slice rest;
    (void)slice_cut(needed, '.', &database, &rest);
    struct slice reason = peer_reason(peer, database);
    snprintf(peer->problem, sizeof peer->problem,
             "%s is not there, or the login may not see it%s%.*s", needed.data,
             reason.size > 0 ? ": " : "", (int)reason.size, reason.data);
}

static struct peer_answer ask_plainly(struct peer *peer, const struct query *query,
                                      const struct row_sink *sink)
{
    bool built = build(peer, query);
    (void)buffer_append_byte(&peer->gaps.absent, '\0');
    (void)buffer_append_byte(&peer->gaps.needed, '\0');
    if (!built) {
        say_missing(peer);
        return (struct peer_answer){.fault = PEER_MISSING,
                                    .problem = peer->problem,
                                    .absent = gap_text(&peer->gaps.absent)};
    }
    struct peer_answer answer = peer->type.ask(peer->context, peer->text.data, query, sink);
    answer.problem = answer.problem ? answer.problem : "";
    answer.absent = gap_text(&peer->gaps.absent);
    return answer;
}

/* ---- behind a veil ---- */

struct veiling {
    struct peer *peer;
    const struct query *query;
    const struct row_sink *sink;
};

static bool veil_row(void *context, const struct peer_row *row)
{
    const struct veiling *veiling = context;
    struct peer *peer = veiling->peer;
    if (row->count > peer->veiled_count) {
        peer->veiled = memory_grow(peer->veiled, row->count, sizeof *peer->veiled);
        peer->veiled_count = row->count;
    }
    for (size_t i = 0; i < row->count; i++) {
        peer->veiled[i] = row->cells[i];
    }
    if (!peer->veil.row(peer->veil.context, veiling->query, row, peer->veiled)) {
        return true;
    }
    struct peer_row shown = *row;
    shown.cells = peer->veiled;
    return veiling->sink->row(veiling->sink->context, &shown);
}

struct peer_answer peer_ask(struct peer *peer, const struct query *query,
                            const struct row_sink *sink)
{
    if (!peer->veil.row) {
        return ask_plainly(peer, query, sink);
    }
    struct query asked = *query;
    peer->veil.ask(peer->veil.context, &asked);
    struct veiling veiling = {peer, query, sink};
    const struct row_sink veiled = {&veiling, veil_row};
    struct peer_answer answer = ask_plainly(peer, &asked, &veiled);
    answer.problem = peer->veil.problem(peer->veil.context, answer.fault, answer.problem);
    return answer;
}

/* ---- which columns there are ---- */

struct probing {
    struct peer *peer;
    struct slice database;
};

static bool take_column(void *context, const struct peer_row *row)
{
    const struct probing *probing = context;
    const struct cell *nullable = row_cell(row, "IS_NULLABLE");
    const struct column_row column = {
        .database = probing->database,
        .table = cell_bytes(row_cell(row, "TABLE_NAME")),
        .name = cell_bytes(row_cell(row, "COLUMN_NAME")),
        .type = cell_bytes(row_cell(row, "DATA_TYPE")),
        .length = cell_integer(row_cell(row, "CHARACTER_MAXIMUM_LENGTH"), 0),
        .nullable = slice_equal_nocase(cell_bytes(nullable), slice_of("YES")),
        .ordinal = (unsigned)cell_integer(row_cell(row, "ORDINAL_POSITION"), 0),
    };
    return columns_add(probing->peer->columns, &column);
}

/* A database that is not there or not granted is no fault of the connection. */
static bool is_absence(enum peer_fault fault)
{
    return fault == PEER_MISSING || fault == PEER_NO_PERMISSION || fault == PEER_FAILED;
}

struct peer_answer peer_probe(struct peer *peer)
{
    struct peer_answer answer = {.fault = PEER_FINE, .problem = "", .absent = ""};
    for (size_t i = 0; i < PEER_DATABASES && !peer->probed; i++) {
        struct probing probing = {peer, slice_of(peer_databases[i])};
        const struct row_sink sink = {&probing, take_column};
        const bool snapshot = peer->type.dialect == DIALECT_SQLITE;
        const struct query_parameter names[] = {
            {"@server", cell_of_integer(peer->server)},
            {"@database", cell_of_text(probing.database)},
        };
        const struct query query = {
            .statement = snapshot ? "snapshot/columns" : "live/columns",
            .parameters = names,
            .parameter_count = snapshot ? 2 : 0,
            .database = peer_databases[i],
        };
        answer = peer_ask(peer, &query, &sink);
        if (answer.fault == PEER_STOPPED) {
            answer.fault = PEER_FAILED;
            answer.problem = "its list of columns is none of a SQL Server: over 100000, or a name "
                             "of over 512 bytes";
            return answer;
        }
        if (answer.fault != PEER_FINE && !is_absence(answer.fault)) {
            return answer;
        }
        slice_drop(&peer->reasons[i]);
        peer->reasons[i] =
            memory_keep(slice_of(answer.fault == PEER_MISSING ? "" : answer.problem));
    }
    peer->probed = true;
    answer.fault = PEER_FINE;
    answer.problem = "";
    return answer;
}

/* ---- rows ---- */

const struct cell *row_cell(const struct peer_row *row, const char *name)
{
    static const struct cell none = {.kind = CELL_NULL};
    for (size_t i = 0; i < row->count; i++) {
        if (slice_equal_nocase(slice_of(row->names[i]), slice_of(name))) {
            return &row->cells[i];
        }
    }
    return &none;
}
