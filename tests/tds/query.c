#include "tests/tds/query.h"

#include <string.h>
#include <strings.h>

#include "tests/tds/lint.h"
#include "tests/tds/rewrite.h"
#include "tests/tds/select_list.h"

enum { TOO_MANY_COLUMNS = 1056, FLUSH_AT = 1 << 16 };

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
    struct select_item items[QUERY_COLUMNS];
    query->count = (unsigned)sqlite3_column_count(query->statement);
    const bool told = select_items(statement, items, QUERY_COLUMNS) == query->count;
    for (unsigned i = 0; i < query->count && i < QUERY_COLUMNS; i++) {
        const struct select_item *item = told ? &items[i] : NULL;
        query->columns[i].type = column_type(query, i, item);
    }
    for (unsigned i = 0; i < query->count && i < QUERY_COLUMNS; i++) {
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

/* ---- rows ---- */

/* The token, and for a row with NULLs the bits that say where they are. */
static bool put_row_token(struct query *query)
{
    struct bytes *out = &query->session->out;
    uint8_t nulls[QUERY_COLUMNS / 8] = {0};
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
    const bool without_nulls = put_row_token(query);
    for (unsigned i = 0; i < query->count; i++) {
        if (without_nulls && sqlite3_column_type(query->statement, (int)i) == SQLITE_NULL)
            continue;
        type_put_value(&session->out, query->columns[i].type,
                       sqlite3_column_value(query->statement, (int)i), query->text_size);
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

static bool put_rows(struct query *query)
{
    struct session *session = query->session;
    const struct row_faults faults = row_faults_find(query);
    query->text_size = faults.cut_text ? 4096 : session->text_size;
    int step;
    while ((step = sqlite3_step(query->statement)) == SQLITE_ROW) {
        const enum query_verdict verdict = row_faults_strike(&faults, query);
        if (verdict != QUERY_GOES_ON)
            return verdict == QUERY_ENDS;
        if (faults.cut >= 0 && query->rows == (uint64_t)faults.cut) {
            cut_row(query);
            return true;
        }
        for (unsigned i = 0; i < (faults.twice ? 2 : 1); i++)
            put_row(query);
        if (session->out.size >= FLUSH_AT &&
            (!session_flush(session, false) || attention_came(session)))
            return true;
    }
    if (step != SQLITE_DONE)
        session_error(session, 8114, "%s", sqlite3_errmsg(session->database));
    return step == SQLITE_DONE;
}

/* ---- the whole ---- */

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
        else if (sqlite3_column_count(query->statement) > QUERY_COLUMNS)
            number = TOO_MANY_COLUMNS;
    }
    if (number)
        session_error(session, number, "%s", bytes_string(&text));
    bytes_dispose(&sql);
    bytes_dispose(&text);
    return !number;
}

static bool query_answer(struct query *query, const struct statement *statement)
{
    const enum query_verdict verdict = query_strike(query);
    if (verdict != QUERY_GOES_ON)
        return verdict == QUERY_ENDS;
    if (!bind_parameters(query))
        return false;
    find_columns(query, statement);
    token_columns(&query->session->out, query->columns, query->count);
    return put_rows(query);
}

bool query_run(struct query *query, const struct statement *statement)
{
    query->rows = 0;
    bool good = query_prepare(query, statement) && query_answer(query, statement);
    sqlite3_finalize(query->statement);
    query->statement = NULL;
    return good;
}
