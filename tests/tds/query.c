#include "tests/tds/query.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tests/tds/functions.h"
#include "tests/tds/lint.h"
#include "tests/tds/rewrite.h"
#include "tests/tds/select_list.h"

enum { COLUMNS = 256, TOO_MANY_COLUMNS = 1056, FLUSH_AT = 1 << 16 };

struct query {
    struct session *session;
    const struct script *script;
    sqlite3_stmt *statement;
    struct column columns[COLUMNS];
    unsigned count;
    uint64_t rows;
    bool failed;
};

/* ---- columns ---- */

/* Where neither a table nor the text tells: what the values are. */
static struct type type_of_values(sqlite3_stmt *statement, unsigned column)
{
    struct type type = {TYPE_INT, 4};
    while (sqlite3_step(statement) == SQLITE_ROW) {
        switch (sqlite3_column_type(statement, (int)column)) {
        case SQLITE_TEXT:
            type = (struct type){TYPE_NVARCHAR, 4000};
            break;
        case SQLITE_BLOB:
            type = (struct type){TYPE_VARBINARY, 8000};
            break;
        case SQLITE_FLOAT:
            type = (struct type){TYPE_FLOAT, 8};
            break;
        case SQLITE_INTEGER: {
            sqlite3_int64 value = sqlite3_column_int64(statement, (int)column);
            if (value == (int32_t)value)
                continue;
            type = (struct type){TYPE_BIGINT, 8};
            break;
        }
        default:
            continue;
        }
        break;
    }
    sqlite3_reset(statement);
    return type;
}

static struct type column_type(struct query *query, unsigned column, const struct select_item *item)
{
    const char *declared = sqlite3_column_decltype(query->statement, (int)column);
    struct type type = declared ? type_parse(declared) : (struct type){TYPE_NONE, 0};
    if (type.kind == TYPE_NONE && item)
        type = select_item_type(item, query->session->database);
    return type.kind == TYPE_NONE ? type_of_values(query->statement, column) : type;
}

static void find_columns(struct query *query, const struct statement *statement)
{
    struct select_item items[COLUMNS];
    query->count = (unsigned)sqlite3_column_count(query->statement);
    const bool told = select_items(statement, items, COLUMNS) == query->count;
    for (unsigned i = 0; i < query->count && i < COLUMNS; i++) {
        const struct select_item *item = told ? &items[i] : NULL;
        query->columns[i].type = column_type(query, i, item);
    }
    for (unsigned i = 0; i < query->count && i < COLUMNS; i++) {
        const bool of_table = sqlite3_column_origin_name(query->statement, (int)i);
        const bool named = !told || of_table || select_item_named(&items[i]);
        query->columns[i].name = named ? sqlite3_column_name(query->statement, (int)i) : "";
    }
}

/* ---- parameters ---- */

/* '2015-06-01T09:00' and the like, as the tables hold it. */
static bool bind_time(sqlite3_stmt *statement, int place, struct parameter *parameter)
{
    int32_t days;
    uint32_t ticks;
    if (parameter->bytes.size < 16 || !time_parse(bytes_string(&parameter->bytes), &days, &ticks))
        return false;
    struct bytes text = {0};
    time_put(&text, days, ticks);
    sqlite3_bind_text(statement, place, (const char *)text.data, (int)text.size, SQLITE_TRANSIENT);
    bytes_dispose(&text);
    return true;
}

static void bind_parameter(sqlite3_stmt *statement, int place, const struct parameter *parameter)
{
    struct parameter copy = *parameter;
    copy.bytes = (struct bytes){0};
    bytes_put(&copy.bytes, parameter->bytes.data, parameter->bytes.size);
    const char *data = bytes_string(&copy.bytes);
    const int size = (int)copy.bytes.size;
    switch (parameter->class) {
    case VALUE_NULL:
        break;
    case VALUE_INTEGER:
        sqlite3_bind_int64(statement, place, parameter->integer);
        break;
    case VALUE_REAL:
        sqlite3_bind_double(statement, place, parameter->real);
        break;
    case VALUE_TEXT:
        if (!bind_time(statement, place, &copy))
            sqlite3_bind_text(statement, place, data, size, SQLITE_TRANSIENT);
        break;
    case VALUE_BYTES:
        sqlite3_bind_blob(statement, place, data, size, SQLITE_TRANSIENT);
        break;
    }
    bytes_dispose(&copy.bytes);
}

static const struct parameter *find_parameter(const struct script *script, const char *name)
{
    for (unsigned i = 0; i < script->parameter_count; i++) {
        const struct bytes *given = &script->parameters[i].name;
        if (given->size == strlen(name) &&
            strncasecmp((const char *)given->data, name, given->size) == 0)
            return &script->parameters[i];
    }
    return NULL;
}

static bool bind_parameters(struct query *query)
{
    const int count = sqlite3_bind_parameter_count(query->statement);
    for (int place = 1; place <= count; place++) {
        const char *name = sqlite3_bind_parameter_name(query->statement, place);
        const struct parameter *parameter = name ? find_parameter(query->script, name) : NULL;
        if (!parameter) {
            session_error(query->session, 137, "Must declare the scalar variable \"%s\".",
                          name ? name : "?");
            return false;
        }
        bind_parameter(query->statement, place, parameter);
    }
    return true;
}

/* ---- faults ---- */

static bool strikes(struct query *query, const char *fault, int *number)
{
    return faults_strike(query->session->server->faults, fault, query->script->text, number);
}

/* Who set no LOCK_TIMEOUT waits for ever; who did is not made to wait. */
static void wait_for_lock(struct session *session)
{
    while (session->lock_timeout < 0 && session_wait(session, 1000))
        ;
    if (!session->cancelled && !session->over)
        session_error(session, 1222, "Lock request time out period exceeded.");
}

/* Those that answer instead of rows. */
static bool struck_before(struct query *query)
{
    struct session *session = query->session;
    int number = 0;
    if (strikes(query, "slow-query", &number) && !session_wait(session, number))
        return true;
    if (strikes(query, "deadlock", NULL))
        session_error(session, 1205,
                      "Transaction (Process ID 51) was deadlocked on lock resources with another "
                      "process and has been chosen as the deadlock victim. Rerun the transaction.");
    else if (strikes(query, "locked", NULL))
        wait_for_lock(session);
    else if (strikes(query, "error", &number))
        session_error(session, (uint32_t)number, "An error that was asked for.");
    else
        return false;
    query->failed = true;
    return true;
}

/* Where a row is to be told wrong; counted down as rows go out. -1 = nowhere. */
struct row_faults {
    int slow, cut, garbage, mute, scan;
    bool twice;
};

static int row_fault(struct query *query, const char *name)
{
    int number = -1;
    return strikes(query, name, &number) ? number : -1;
}

static struct row_faults find_row_faults(struct query *query)
{
    return (struct row_faults){
        .slow = row_fault(query, "slow-row"),
        .cut = row_fault(query, "cut-row"),
        .garbage = row_fault(query, "garbage"),
        .mute = row_fault(query, "mute"),
        .scan = row_fault(query, "scan"),
        .twice = strikes(query, "double-row", NULL),
    };
}

/* Until the client goes away. */
static void say_nothing(struct session *session)
{
    session_flush(session, false);
    uint8_t byte;
    while (wire_read(&session->wire, &byte, 1))
        ;
    session->over = true;
}

/* Before the next row; false = no more rows. */
static bool struck_at_row(struct query *query, const struct row_faults *faults)
{
    struct session *session = query->session;
    if (faults->slow > 0 &&
        (!session_flush(session, false) || !session_wait(session, faults->slow)))
        return true;
    if (faults->scan >= 0 && query->rows == (uint64_t)faults->scan) {
        session_error(session, 601, "Could not continue scan with NOLOCK due to data movement.");
        query->failed = true;
        return true;
    }
    if (faults->garbage >= 0 && query->rows == (uint64_t)faults->garbage) {
        bytes_put(&session->out, "\x13\x37\xDE\xAD\xBE\xEF", 6);
        session_flush(session, true);
        session->over = true;
        return true;
    }
    if (faults->mute >= 0 && query->rows == (uint64_t)faults->mute) {
        say_nothing(session);
        return true;
    }
    return false;
}

/* ---- rows ---- */

/* The token, and for a row with NULLs the bits that say where they are. */
static bool put_row_token(struct query *query)
{
    struct bytes *out = &query->session->out;
    uint8_t nulls[COLUMNS / 8] = {0};
    bool any = false;
    for (unsigned i = 0; i < query->count; i++)
        if (sqlite3_column_type(query->statement, (int)i) == SQLITE_NULL) {
            nulls[i / 8] |= (uint8_t)(1u << (i % 8));
            any = true;
        }
    if (!any || query->session->tds_version < TDS_7_3) {
        bytes_u8(out, TOKEN_ROW);
        return false;
    }
    bytes_u8(out, TOKEN_NBC_ROW);
    bytes_put(out, nulls, (query->count + 7) / 8);
    return true;
}

static void put_row(struct query *query)
{
    struct session *session = query->session;
    uint32_t text_size = session->text_size;
    if (strikes(query, "cut-text", NULL))
        text_size = 4096;
    const bool without_nulls = put_row_token(query);
    for (unsigned i = 0; i < query->count; i++) {
        if (without_nulls && sqlite3_column_type(query->statement, (int)i) == SQLITE_NULL)
            continue;
        type_put_value(&session->out, query->columns[i].type,
                       sqlite3_column_value(query->statement, (int)i), text_size);
    }
    query->rows++;
}

/* Half of the row is sent, and no more. */
static void cut_row(struct query *query)
{
    struct session *session = query->session;
    size_t before = session->out.size;
    put_row(query);
    session->out.size = before + (session->out.size - before) / 2;
    session_flush(session, true);
    session->over = true;
}

static bool attention_came(struct session *session)
{
    return session->cancelled || (wire_waiting(&session->wire, 0) && !session_wait(session, 0));
}

static void put_rows(struct query *query)
{
    struct session *session = query->session;
    const struct row_faults faults = find_row_faults(query);
    int step;
    while ((step = sqlite3_step(query->statement)) == SQLITE_ROW) {
        if (struck_at_row(query, &faults))
            return;
        if (faults.cut >= 0 && query->rows == (uint64_t)faults.cut) {
            cut_row(query);
            return;
        }
        for (unsigned i = 0; i < (faults.twice ? 2 : 1); i++)
            put_row(query);
        if (session->out.size >= FLUSH_AT &&
            (!session_flush(session, false) || attention_came(session)))
            return;
    }
    if (step != SQLITE_DONE) {
        session_error(session, 8114, "%s", sqlite3_errmsg(session->database));
        query->failed = true;
    }
}

/* ---- statements ---- */

static bool query_prepare(struct query *query, const struct statement *statement)
{
    struct session *session = query->session;
    struct bytes sql = {0};
    struct bytes text = {0};
    uint32_t number = lint_statement(statement, session->quoted_names, &text);
    if (!number) {
        rewrite_statement(statement, session->current, &sql);
        session->rights.table[0] = 0;
        if (sqlite3_prepare_v2(session->database, bytes_string(&sql), -1, &query->statement, 0))
            number = backend_error(session->database, &session->rights, &text);
        else if (sqlite3_column_count(query->statement) > COLUMNS)
            number = TOO_MANY_COLUMNS;
    }
    if (number)
        session_error(session, number, "%s", bytes_string(&text));
    bytes_dispose(&sql);
    bytes_dispose(&text);
    return !number;
}

static void run_query(struct query *query, const struct statement *statement)
{
    struct session *session = query->session;
    query->failed = !query_prepare(query, statement);
    if (!query->failed && !struck_before(query)) {
        query->failed = !bind_parameters(query);
        if (!query->failed) {
            find_columns(query, statement);
            token_columns(&session->out, query->columns, query->count);
            put_rows(query);
        }
    }
    sqlite3_finalize(query->statement);
    query->statement = NULL;
}

static const char *const set_options[] = {
    "ANSI_DEFAULTS",
    "ANSI_NULLS",
    "ANSI_NULL_DFLT_ON",
    "ANSI_PADDING",
    "ANSI_WARNINGS",
    "ARITHABORT",
    "CONCAT_NULL_YIELDS_NULL",
    "CURSOR_CLOSE_ON_COMMIT",
    "DATEFIRST",
    "DATEFORMAT",
    "DEADLOCK_PRIORITY",
    "IMPLICIT_TRANSACTIONS",
    "LANGUAGE",
    "LOCK_TIMEOUT",
    "NOCOUNT",
    "NUMERIC_ROUNDABORT",
    "QUOTED_IDENTIFIER",
    "ROWCOUNT",
    "TEXTSIZE",
    "TRANSACTION",
    "XACT_ABORT",
};

static bool run_set(struct session *session, const struct statement *statement)
{
    const struct token *option = statement->first + (statement->count > 1);
    const struct token *value = statement->first + statement->count - 1;
    bool known = false;
    for (unsigned i = 0; i < sizeof set_options / sizeof *set_options; i++)
        known |= token_is(option, set_options[i]);
    if (!known || statement->count < 3) {
        session_error(session, 195, "'%.*s' is not a recognized SET option.", (int)option->size,
                      option->at);
        return false;
    }
    if (token_is(option, "QUOTED_IDENTIFIER") || token_is(option, "ANSI_DEFAULTS"))
        session->quoted_names = token_is(value, "ON");
    char number[16];
    snprintf(number, sizeof number, "%.*s", (int)value->size, value->at);
    if (token_is(option, "LOCK_TIMEOUT"))
        session->lock_timeout = atoi(number);
    if (token_is(option, "TEXTSIZE")) {
        unsigned long size = strtoul(number, NULL, 10);
        session->text_size = size == 0 ? 4096 : (uint32_t)size;
    }
    return true;
}

static bool run_use(struct session *session, const struct statement *statement)
{
    const char *name = "";
    size_t size = 0;
    const char *found = NULL;
    if (statement->count == 2 && token_names(&statement->first[1], &name, &size))
        found = backend_database(name, size);
    if (!found || !backend_has(session->database, found)) {
        session_error(session, 911, "Database '%.*s' does not exist.", (int)size, name);
        return false;
    }
    token_env(&session->out, ENV_DATABASE, found, session->current);
    snprintf(session->current, sizeof session->current, "%s", found);
    functions_set_database(session->database, session->current);
    return true;
}

/* WAITFOR DELAY 'h:m:s' */
static void run_wait(struct session *session, const struct statement *statement)
{
    int hours = 0, minutes = 0, seconds = 0;
    if (statement->count == 3)
        sscanf(statement->first[2].at, "'%d:%d:%d", &hours, &minutes, &seconds);
    session_wait(session, ((hours * 60 + minutes) * 60 + seconds) * 1000);
}

static bool run_statement(struct query *query, const struct statement *statement)
{
    struct session *session = query->session;
    query->rows = 0;
    switch (statement->kind) {
    case STATEMENT_QUERY:
        run_query(query, statement);
        return !query->failed;
    case STATEMENT_SET:
        return run_set(session, statement);
    case STATEMENT_USE:
        return run_use(session, statement);
    case STATEMENT_WAIT:
        run_wait(session, statement);
        return true;
    case STATEMENT_NOTHING:
        return true;
    case STATEMENT_WRITE:
        break;
    }
    log_line(session->server->log, session->number, "refused", "statement", query->script->text,
             NULL);
    session_error(session, 3906, "Failed to update the database because it is read-only.");
    return false;
}

static void put_done(struct query *query, const struct statement *statement, bool good, bool more)
{
    struct session *session = query->session;
    const bool counted = statement->kind == STATEMENT_QUERY;
    unsigned status = (good ? 0 : DONE_ERROR) | (counted ? DONE_COUNT : 0) | (more ? DONE_MORE : 0);
    token_done(&session->out, query->script->procedure ? DONE_IN_PROC : DONE, status, query->rows);
}

static bool run_all(struct query *query, const struct tokens *tokens)
{
    struct session *session = query->session;
    struct statement statement;
    unsigned at = 0;
    bool good = true;
    bool any = false;
    while (good && !session->cancelled && !session->over &&
           statement_next(tokens, &at, &statement)) {
        good = run_statement(query, &statement);
        any = true;
        unsigned ahead = at;
        struct statement next;
        const bool more =
            query->script->procedure || (good && statement_next(tokens, &ahead, &next));
        if (!session->cancelled && !session->over)
            put_done(query, &statement, good, more);
    }
    if (!any && !query->script->procedure)
        token_done(&session->out, DONE, DONE_FINAL, 0);
    return good;
}

bool script_run(struct session *session, const struct script *script)
{
    struct query query = {.session = session, .script = script};
    struct tokens tokens;
    const char *problem = tokens_scan(script->text, &tokens);
    bool good = !problem;
    if (problem) {
        session_error(session, 105, "%s", problem);
        token_done(&session->out, DONE, DONE_ERROR | (script->procedure ? DONE_MORE : 0), 0);
    } else {
        good = run_all(&query, &tokens);
    }
    tokens_dispose(&tokens);
    if (session->over)
        return false;
    if (script->procedure && !session->cancelled) {
        token_return_status(&session->out, good ? 0 : 1);
        token_done(&session->out, DONE_PROC, good ? DONE_FINAL : DONE_ERROR, 0);
    }
    return true;
}
