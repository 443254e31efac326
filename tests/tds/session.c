#include "tests/tds/session.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/tds/login.h"
#include "tests/tds/rpc.h"
#include "tests/tds/script.h"

bool session_read(struct session *session)
{
    const char *problem = NULL;
    enum packet_verdict verdict = message_read(&session->wire, &session->message, &problem);
    if (verdict == PACKET_VIOLATION)
        log_line(session->server->log, session->number, "violation", "problem", problem, NULL);
    return verdict == PACKET_FINE;
}

bool session_flush(struct session *session, bool last)
{
    if (message_write(&session->wire, PACKET_REPLY, &session->out, last))
        return true;
    session->over = true;
    return false;
}

static int64_t clock_milliseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

bool session_wait(struct session *session, int milliseconds)
{
    const int64_t end = clock_milliseconds() + milliseconds;
    do {
        int64_t left = end - clock_milliseconds();
        if (!wire_waiting(&session->wire, left > 0 ? (int)left : 0))
            continue;
        if (!session_read(session)) {
            session->over = true;
            return false;
        }
        if (session->message.type == PACKET_ATTENTION) {
            session->cancelled = true;
            return false;
        }
        log_line(session->server->log, session->number, "violation", "problem",
                 "a request before the reply to the last one was over", NULL);
        session->over = true;
        return false;
    } while (clock_milliseconds() < end);
    return true;
}

void session_error(struct session *session, uint32_t number, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    char *text = NULL;
    if (vasprintf(&text, format, list) < 0)
        abort();
    va_end(list);
    const uint8_t severity = number == 1205 ? 13 : number == 229 || number == 18456 ? 14 : 16;
    token_error(&session->out, number, severity, session->server->options->server, text);
    free(text);
}

/* ---- requests ---- */

static bool violation(struct session *session, const char *problem)
{
    log_line(session->server->log, session->number, "violation", "problem", problem, NULL);
    return false;
}

static bool batch_answer(struct session *session)
{
    struct reader reader = reader_over(session->message.body.data, session->message.body.size);
    const char *problem = headers_skip(&reader);
    if (!problem && reader.left % 2)
        problem = "a batch has an odd number of bytes";
    if (problem)
        return violation(session, problem);
    struct bytes text = {0};
    bytes_utf8(&text, reader.at, reader.left);
    const struct script script = {.text = bytes_string(&text)};
    log_statement(session->server->log, session->number, "batch", script.text, NULL, 0);
    bool going = script_run(session, &script);
    bytes_dispose(&text);
    return going;
}

/* Begin, commit and roll back of one who only reads: [MS-TDS] 2.2.6.9. */
static bool transaction_answer(struct session *session)
{
    struct reader reader = reader_over(session->message.body.data, session->message.body.size);
    const char *problem = headers_skip(&reader);
    if (problem)
        return violation(session, problem);
    uint16_t request = reader_u16(&reader);
    if (request == 5 || request == 7 || request == 8) {
        uint8_t change = request == 5 ? 8 : request == 7 ? 9 : 10;
        token_env_transaction(&session->out, change, 0x100000001);
    }
    token_done(&session->out, DONE, DONE_FINAL, 0);
    return true;
}

static bool request_answer(struct session *session)
{
    switch (session->message.type) {
    case PACKET_BATCH:
        return batch_answer(session);
    case PACKET_RPC:
        return rpc_answer(session);
    case PACKET_TRANSACTION:
        return transaction_answer(session);
    case PACKET_ATTENTION: /* the reply was complete before it came */
        token_done(&session->out, DONE, DONE_ATTENTION, 0);
        log_line(session->server->log, session->number, "attention", NULL);
        return true;
    default:
        return violation(session, "a message of a type that is no request");
    }
}

static void answer_requests(struct session *session)
{
    while (session_read(session)) {
        session->cancelled = false;
        if (!request_answer(session) || session->over)
            return;
        if (session->cancelled) {
            token_done(&session->out, DONE, DONE_ATTENTION, 0);
            log_line(session->server->log, session->number, "attention", NULL);
        }
        if (!session_flush(session, true))
            return;
    }
}

void session_run(struct server *server, int socket, unsigned number)
{
    struct session session = {
        .server = server,
        .number = number,
        .wire = {.socket = socket},
        .current = "master",
        .text_size = 4096,
        .lock_timeout = -1,
    };
    if (!faults_strike(server->faults, "close", NULL, NULL) && session_login(&session))
        answer_requests(&session);
    log_line(server->log, number, "end", NULL);
    wire_bare(&session.wire);
    backend_close(session.database);
    bytes_dispose(&session.message.body);
    bytes_dispose(&session.out);
}
