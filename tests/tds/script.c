#include "tests/tds/script.h"

#include <stdlib.h>

#include "tests/tds/functions.h"
#include "tests/tds/query.h"

/* clang-format off */
static const char *const set_options[] = {
    "ANSI_DEFAULTS", "ANSI_NULLS", "ANSI_NULL_DFLT_ON", "ANSI_PADDING", "ANSI_WARNINGS",
    "ARITHABORT", "CONCAT_NULL_YIELDS_NULL", "CURSOR_CLOSE_ON_COMMIT", "DATEFIRST", "DATEFORMAT",
    "DEADLOCK_PRIORITY", "IMPLICIT_TRANSACTIONS", "LANGUAGE", "LOCK_TIMEOUT", "NOCOUNT",
    "NUMERIC_ROUNDABORT", "QUOTED_IDENTIFIER", "ROWCOUNT", "TEXTSIZE", "TRANSACTION",
    "XACT_ABORT",
};
/* clang-format on */

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
    switch (statement->kind) {
    case STATEMENT_QUERY:
        return query_run(query, statement);
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
