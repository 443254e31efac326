/*
 * From copies of SIP messages to identities, transactions and dialogs, and the
 * order in which they are emitted. See exchange.h.
 *
 * Per copy: time goes on (what ran out is emitted), the transaction is found, the
 * identity in it, the dialogs row; then the message, the row if it changed, and
 * for a first copy the facts of its body. Copies only count, with one exception:
 * where an INVITE was forked, the refusal of one leg decides nothing, and the copy
 * on the hop where the INVITE was first seen does.
 *
 * Not handled: a third attempt of one request, seen late in an input whose clock
 * is behind, is told from the second only by its branch.
 */
#include "decoders/exchange.h"

#include <stdlib.h>

#include "analyzer/engine/arena.h"
#include "decoders/dialog.h"
#include "decoders/dialog_service.h"
#include "decoders/dialog_state.h"
#include "decoders/transaction.h"

enum { EXCHANGE_CAPS = 5 };

struct exchange {
    const struct event_sink *sink;
    struct transactions transactions;
    struct dialogs dialogs;
    struct chat_services services;
    bool told[EXCHANGE_CAPS]; /* caps that were reported */
};

struct exchange *exchange_new(struct map_seed seed, const struct limits *limits,
                              const struct event_sink *sink)
{
    struct exchange *exchange = memory_zero(1, sizeof *exchange);
    exchange->sink = sink;
    transactions_init(&exchange->transactions, seed, limits);
    dialogs_init(&exchange->dialogs, seed, limits, sink);
    chat_services_init(&exchange->services, seed, limits);
    return exchange;
}

void exchange_free(struct exchange *exchange)
{
    transactions_dispose(&exchange->transactions);
    dialogs_dispose(&exchange->dialogs);
    chat_services_dispose(&exchange->services);
    free(exchange);
}

/* Each cap is told once, at the message that reached it. */
static void report_caps(struct exchange *exchange, const struct origin *origin)
{
    const struct {
        bool reached;
        const char *name;
    } caps[EXCHANGE_CAPS] = {
        {exchange->transactions.capped, "transactions"},
        {exchange->transactions.capped_attempts, "attempts"},
        {exchange->transactions.capped_copies, "copies"},
        {exchange->dialogs.capped, "dialogs"},
        {exchange->services.capped, "chat_services"},
    };
    for (size_t i = 0; i < EXCHANGE_CAPS; i++) {
        if (caps[i].reached && !exchange->told[i]) {
            exchange->told[i] = true;
            struct event event = {.kind = EVENT_COVERAGE, .origin = *origin};
            event.as.coverage.kind = COVERAGE_CAP;
            event.as.coverage.count = 1;
            event.as.coverage.detail = slice_of(caps[i].name);
            event_emit(exchange->sink, &event);
        }
    }
}

static void advance(struct exchange *exchange, int64_t now)
{
    if (now != TIME_NONE) {
        transactions_advance(&exchange->transactions, now);
        dialogs_advance(&exchange->dialogs, now);
    }
}

static void emit_message(const struct exchange *exchange, const struct message *message)
{
    struct event event = {
        .kind = EVENT_MESSAGE, .origin = message->observed.origin, .message = message};
    event_emit(exchange->sink, &event);
}

static void emit_facts(const struct exchange *exchange, const struct facts *facts)
{
    for (size_t i = 0; facts && i < facts->count; i++) {
        event_emit(exchange->sink, &facts->items[i]);
    }
}

/* Without a Call-ID nothing can be said to be the same message: each is one of its own. */
static void feed_nameless(struct exchange *exchange, struct message *message,
                          const struct facts *facts)
{
    message->role = MESSAGE_FIRST;
    message->id = ++exchange->transactions.next_identity;
    message->transaction = ++exchange->transactions.next_id;
    message->dialog = 0;
    message->attempt = 0;
    message->request_kept = NULL;
    message->observed.retransmission = false;
    message->observations = &message->observed;
    message->observation_count = 1;
    emit_message(exchange, message);
    emit_facts(exchange, facts);
}

/* Does this copy count for the state of its row? See the head of this file. */
static bool is_decisive(const struct transaction *transaction, const struct message *message)
{
    const struct identity *invite = transaction->request;
    bool refusal = !message->request && message->method == SIP_INVITE && message->status >= 300;
    if (!refusal || !invite || !identity_forked(invite)) {
        return message->role == MESSAGE_FIRST;
    }
    return message->role != MESSAGE_RETRANSMISSION &&
           observation_answers(&invite->observations[0], &message->observed);
}

/* The row of the copy; a first copy is given one. */
static struct dialog *row_of(struct exchange *exchange, const struct transaction *transaction,
                             struct identity *identity, const struct message *message,
                             bool *out_changed)
{
    const struct identity *request = message->request ? NULL : transaction->request;
    if (!identity->dialog) {
        const struct dialog_query query = {
            .message = message,
            .request_row = request ? request->dialog : NULL,
            .request_known = request != NULL,
            .request_in_dialog = request && transaction->to_tag != 0,
        };
        identity->dialog = dialogs_place(&exchange->dialogs, &query, out_changed);
        dialog_hold(identity->dialog);
    }
    return identity->dialog;
}

void exchange_feed(struct exchange *exchange, struct message *message, const struct facts *facts)
{
    advance(exchange, message->observed.origin.time);
    if (message->call_id.size == 0) {
        feed_nameless(exchange, message, facts);
        return;
    }
    struct transaction *transaction = transactions_place(&exchange->transactions, message);
    struct identity *identity = transactions_observe(&exchange->transactions, transaction, message);
    bool changed = false;
    struct dialog *row = row_of(exchange, transaction, identity, message, &changed);
    message->dialog = row->view.id;
    const struct dialog_view before = row->view;
    if (!row->dropped && is_decisive(transaction, message)) {
        dialog_advance(row, transaction, message);
        dialog_serve(row, &exchange->services, message, facts);
    }
    dialogs_count(&exchange->dialogs, row, message);
    changed = changed || before.state != row->view.state || before.service != row->view.service ||
              before.expires_at != row->view.expires_at;
    report_caps(exchange, &message->observed.origin);
    emit_message(exchange, message);
    if (changed) {
        dialogs_emit(&exchange->dialogs, row, before.state, &message->observed.origin, message);
    }
    if (message->role == MESSAGE_FIRST) {
        emit_facts(exchange, facts);
    }
}

void exchange_end(struct exchange *exchange, int64_t now)
{
    advance(exchange, now);
    dialogs_end(&exchange->dialogs);
}
