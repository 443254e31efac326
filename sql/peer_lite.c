/*
 * A server's rows in a snapshot file, as a peer. See peer_lite.h.
 */
#include "sql/peer_lite.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/engine/arena.h"

enum { CELLS_MOST = 64 };

struct snapshot_peer {
    struct lite *database;
};

/* Times stand as texts; what their column was on the server says that they are times. */
static struct cell cell_of(const struct lite_statement *statement, int column)
{
    struct cell cell = lite_column(statement, column);
    struct slice type = slice_of(lite_column_type(statement, column));
    bool is_time = slice_starts_nocase(type, slice_of("datetime")) ||
                   slice_equal_nocase(type, slice_of("smalldatetime"));
    int64_t time = is_time ? cell_time(&cell) : TIME_NONE;
    return time == TIME_NONE ? cell : cell_of_time(time);
}

static void bind(struct lite_statement *statement, const struct query *query)
{
    char text[CELL_TIME_TEXT];
    for (size_t i = 0; i < query->parameter_count; i++) {
        const struct query_parameter *parameter = &query->parameters[i];
        int place = lite_parameter(statement, parameter->name);
        if (place > 0 && parameter->value.kind == CELL_TIME) {
            lite_bind_text(statement, place, cell_time_text(parameter->value.integer, text));
        } else if (place > 0) {
            lite_bind(statement, place, &parameter->value);
        }
    }
}

static bool offer(struct lite_statement *statement, uint64_t number, const struct row_sink *sink)
{
    const char *names[CELLS_MOST];
    struct cell cells[CELLS_MOST];
    int count = lite_columns(statement);
    count = count > CELLS_MOST ? CELLS_MOST : count;
    for (int i = 0; i < count; i++) {
        names[i] = lite_column_name(statement, i);
        cells[i] = cell_of(statement, i);
    }
    const struct peer_row row = {names, cells, (size_t)count, number};
    return sink->row(sink->context, &row);
}

static enum peer_fault fault_of(const struct lite *database)
{
    switch (lite_fault(database)) {
    case LITE_FINE:
        return PEER_FINE;
    case LITE_LOCKED:
        return PEER_LOCKED;
    default:
        return PEER_FAILED;
    }
}

static struct peer_answer ask(void *context, const char *text, const struct query *query,
                              const struct row_sink *sink)
{
    struct snapshot_peer *peer = context;
    struct peer_answer answer = {.fault = PEER_FINE};
    struct lite_statement *statement = lite_prepare(peer->database, text);
    enum lite_step step = LITE_STEP_FAILED;
    if (statement) {
        bind(statement, query);
        step = lite_step(statement);
    }
    while (step == LITE_STEP_ROW && answer.fault == PEER_FINE) {
        if (query->max_rows > 0 && answer.rows == query->max_rows) {
            answer.fault = PEER_CUT;
        } else if (!offer(statement, ++answer.rows, sink)) {
            answer.fault = PEER_STOPPED;
        } else {
            step = lite_step(statement);
        }
    }
    if (step == LITE_STEP_FAILED) {
        answer.fault = fault_of(peer->database);
        answer.problem = lite_problem(peer->database);
    }
    lite_free(statement);
    return answer;
}

static void close_peer(void *context)
{
    free(context);
}

struct peer *peer_lite_new(struct lite *database, struct slice name, int64_t server)
{
    static const struct peer_type type = {DIALECT_SQLITE, ask, close_peer};
    struct snapshot_peer *context = memory_zero(1, sizeof *context);
    context->database = database;
    return peer_new(&type, context, name, server);
}
