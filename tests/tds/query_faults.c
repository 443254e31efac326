#include "tests/tds/query.h"

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

enum query_verdict query_strike(struct query *query)
{
    struct session *session = query->session;
    int number = 0;
    if (strikes(query, "slow-query", &number) && !session_wait(session, number))
        return QUERY_ENDS;
    if (strikes(query, "deadlock", NULL))
        session_error(session, 1205,
                      "Transaction (Process ID 51) was deadlocked on lock resources with another "
                      "process and has been chosen as the deadlock victim. Rerun the transaction.");
    else if (strikes(query, "locked", NULL))
        wait_for_lock(session);
    else if (strikes(query, "error", &number))
        session_error(session, (uint32_t)number, "An error that was asked for.");
    else
        return QUERY_GOES_ON;
    return QUERY_FAILS;
}

static int row_fault(struct query *query, const char *name)
{
    int number = -1;
    return strikes(query, name, &number) ? number : -1;
}

struct row_faults row_faults_find(struct query *query)
{
    return (struct row_faults){
        .slow = row_fault(query, "slow-row"),
        .cut = row_fault(query, "cut-row"),
        .garbage = row_fault(query, "garbage"),
        .mute = row_fault(query, "mute"),
        .scan = row_fault(query, "scan"),
        .twice = strikes(query, "double-row", NULL),
        .cut_text = strikes(query, "cut-text", NULL),
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

enum query_verdict row_faults_strike(const struct row_faults *faults, struct query *query)
{
    struct session *session = query->session;
    if (faults->slow > 0 &&
        (!session_flush(session, false) || !session_wait(session, faults->slow)))
        return QUERY_ENDS;
    if (faults->scan >= 0 && query->rows == (uint64_t)faults->scan) {
        session_error(session, 601, "Could not continue scan with NOLOCK due to data movement.");
        return QUERY_FAILS;
    }
    if (faults->garbage >= 0 && query->rows == (uint64_t)faults->garbage) {
        bytes_put(&session->out, "\x13\x37\xDE\xAD\xBE\xEF", 6);
        session_flush(session, true);
        session->over = true;
        return QUERY_ENDS;
    }
    if (faults->mute >= 0 && query->rows == (uint64_t)faults->mute) {
        say_nothing(session);
        return QUERY_ENDS;
    }
    return QUERY_GOES_ON;
}
