#include "tests/tds/rpc.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "tests/tds/script.h"

enum { PROC_EXECUTESQL = 10, PARAMETERS = 64 };

struct rpc {
    struct bytes name; /* empty: by number */
    unsigned number;
    struct parameter parameters[PARAMETERS];
    unsigned count;
};

const char *headers_skip(struct reader *reader)
{
    struct reader headers = *reader;
    uint32_t total = reader_u32(&headers);
    if (headers.bad || total < 4 || total > reader->left)
        return "ALL_HEADERS does not fit the message";
    headers = reader_over(headers.at, total - 4);
    while (headers.left > 0) {
        uint32_t size = reader_u32(&headers);
        uint16_t type = reader_u16(&headers);
        if (headers.bad || size < 6 || !reader_take(&headers, size - 6))
            return "a header does not fit ALL_HEADERS";
        if (type == 2 && size != 18)
            return "the transaction header is not 18 bytes long";
    }
    reader_take(reader, total);
    return NULL;
}

static const char *rpc_read(const struct bytes *body, struct rpc *rpc)
{
    struct reader reader = reader_over(body->data, body->size);
    const char *problem = headers_skip(&reader);
    if (problem)
        return problem;
    uint16_t size = reader_u16(&reader);
    if (size == 0xFFFF) {
        rpc->number = reader_u16(&reader);
    } else {
        const uint8_t *name = reader_take(&reader, (size_t)size * 2);
        if (name)
            bytes_utf8(&rpc->name, name, (size_t)size * 2);
    }
    reader_u16(&reader); /* option flags */
    if (reader.bad)
        return "an RPC's name is cut";
    while (reader.left > 0) {
        if (rpc->count == PARAMETERS)
            return "too many parameters";
        problem = parameter_read(&reader, &rpc->parameters[rpc->count++]);
        if (problem)
            return problem;
    }
    return NULL;
}

/* ---- sp_executesql ---- */

static bool is_unicode(const struct parameter *parameter)
{
    return parameter->class == VALUE_TEXT &&
           (parameter->type.kind == TYPE_NVARCHAR || parameter->type.kind == TYPE_NTEXT);
}

/* The names in "@a nvarchar(450), @b int", in their order, put on values that have none. */
static const char *name_values(struct rpc *rpc)
{
    const char *at = rpc->count > 1 ? bytes_string(&rpc->parameters[1].bytes) : "";
    unsigned value = 2;
    for (int depth = 0; *at; at++) {
        depth += *at == '(' ? 1 : *at == ')' ? -1 : 0;
        if (*at != '@' || depth > 0)
            continue;
        size_t size = strcspn(at, " \t\r\n,");
        if (value >= rpc->count)
            return "a parameter that was declared has no value";
        struct bytes *name = &rpc->parameters[value].name;
        if (name->size == 0)
            bytes_put(name, at, size);
        else if (name->size != size || strncasecmp((const char *)name->data, at, size) != 0)
            return "a value's name is not the one that was declared in its place";
        value++;
        at += size - 1;
    }
    return value < rpc->count ? "more values than were declared" : NULL;
}

static bool refuse(struct session *session, uint32_t number, const char *text)
{
    session_error(session, number, "%s", text);
    token_return_status(&session->out, number);
    token_done(&session->out, DONE_PROC, DONE_ERROR, 0);
    return true;
}

static bool execute_sql(struct session *session, struct rpc *rpc)
{
    if (rpc->count == 0 || !is_unicode(&rpc->parameters[0]))
        return refuse(session, 214,
                      "Procedure expects parameter '@statement' of type 'ntext/nchar/nvarchar'.");
    if (rpc->count > 1 && !is_unicode(&rpc->parameters[1]))
        return refuse(session, 214,
                      "Procedure expects parameter '@params' of type 'ntext/nchar/nvarchar'.");
    const char *problem = name_values(rpc);
    if (problem)
        return refuse(session, 8178, problem);
    const unsigned fixed = rpc->count > 1 ? 2 : 1;
    const struct script script = {
        .text = bytes_string(&rpc->parameters[0].bytes),
        .parameters = rpc->parameters + fixed,
        .parameter_count = rpc->count - fixed,
        .procedure = true,
    };
    log_statement(session->server->log, session->number, "rpc", script.text, script.parameters,
                  script.parameter_count);
    return script_run(session, &script);
}

static bool rpc_run(struct session *session, struct rpc *rpc)
{
    const char *name = bytes_string(&rpc->name);
    if (rpc->number == PROC_EXECUTESQL || strcasecmp(name, "sp_executesql") == 0)
        return execute_sql(session, rpc);
    char text[64];
    snprintf(text, sizeof text, "%.40s (%u)", name, rpc->number);
    log_line(session->server->log, session->number, "refused", "statement", text, NULL);
    return refuse(session, 2812, "Could not find stored procedure.");
}

bool rpc_answer(struct session *session)
{
    struct rpc rpc = {0};
    const char *problem = rpc_read(&session->message.body, &rpc);
    bool going = !problem;
    if (problem)
        log_line(session->server->log, session->number, "violation", "problem", problem, NULL);
    else
        going = rpc_run(session, &rpc);
    for (unsigned i = 0; i < rpc.count; i++)
        parameter_dispose(&rpc.parameters[i]);
    bytes_dispose(&rpc.name);
    return going;
}
