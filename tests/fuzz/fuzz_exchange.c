/*
 * Random conversations: every six bytes of the input are one message over a few
 * Call-IDs, tags, flows and statuses, so that they meet each other all the time.
 *
 * What must hold: each message is emitted exactly once, with a new identity or a
 * known one; ids ascend; a row is never emitted again after its last event; and
 * where no cap was reached, the rows have counted every message.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/engine/arena.h"
#include "decoders/exchange.h"
#include "tests/fuzz/target.h"

enum { STEP = 6, SMALL_CAPS = 0x80 };

struct books {
    uint64_t messages;    /* emitted since the last feed */
    uint64_t last_id;     /* highest identity so far */
    uint64_t last_dialog; /* highest row so far */
    uint64_t *row_counts; /* by row: messages at its latest event */
    size_t row_room;
    bool capped;
    bool ended;
};

static void check_message(struct books *books, const struct message *message)
{
    books->messages++;
    if (message->role == MESSAGE_FIRST) {
        require(message->id == books->last_id + 1);
        books->last_id = message->id;
    }
    require(message->id >= 1 && message->id <= books->last_id);
    require(message->transaction >= 1);
    require((message->dialog == 0) == (message->call_id.size == 0));
    require(message->observation_count >= 1);
    require(!message->request || !message->request_kept);
    const struct observation *last = &message->observations[message->observation_count - 1];
    require(last->origin.record == message->observed.origin.record);
    require(last->retransmission == (message->role == MESSAGE_RETRANSMISSION));
}

static void check_dialog(struct books *books, const struct dialog_view *view)
{
    require(view->id >= 1 && view->id <= books->last_dialog + 1);
    if (view->id > books->last_dialog) {
        books->last_dialog = view->id;
        if (view->id >= books->row_room) {
            size_t room = (size_t)view->id * 2 + 16;
            books->row_counts = memory_grow(books->row_counts, room, sizeof *books->row_counts);
            memset(books->row_counts + books->row_room, 0,
                   (room - books->row_room) * sizeof *books->row_counts);
            books->row_room = room;
        }
    }
    require(view->messages >= books->row_counts[view->id]);
    books->row_counts[view->id] = view->messages;
    require(view->call_id.size > 0);
    if (books->ended) {
        require(view->state != DIALOG_TRYING && view->state != DIALOG_EARLY);
    } else {
        require(view->state != DIALOG_UNFINISHED);
    }
}

static void check_event(void *context, const struct event *event)
{
    struct books *books = context;
    if (event->kind == EVENT_MESSAGE) {
        check_message(books, event->message);
    } else if (event->kind == EVENT_DIALOG) {
        require(!event->message || books->messages == 1);
        check_dialog(books, &event->as.dialog);
    } else if (event->kind == EVENT_COVERAGE) {
        books->capped = true;
    } else {
        require(event->message && books->messages == 1);
    }
}

/* ---- making messages ---- */

static struct slice pick(const char *const texts[], size_t count, unsigned number)
{
    return slice_of(texts[number % count]);
}

static void make_start(struct message *message, uint8_t what, uint8_t status)
{
    static const uint16_t statuses[] = {100, 180, 183, 200, 202, 302, 401, 407,
                                        408, 412, 480, 481, 486, 487, 503, 603};
    message->request = (what & 0x20) == 0;
    message->method = (enum sip_method)((what & 0x1f) % SIP_METHODS);
    message->method_name = slice_of(sip_method_name(message->method));
    message->status = message->request ? 0 : statuses[status % 16];
    if (status & 0x10) {
        message->flags |= SIP_HAS_CREDENTIALS;
    }
    message->expires = (status & 0x20) ? 0 : (status & 0x40) ? 60 : -1;
}

static void make_parties(struct message *message, uint8_t bits)
{
    static const char *const calls[] = {"a@x", "b@x", "c@x", ""};
    static const char *const tags[] = {"", "1", "2", "3"};
    static const char *const users[] = {"ann@x", "bo@x", "ocschat@x", "room@x"};
    message->call_id = pick(calls, 4, bits);
    message->from.tag = pick(tags, 4, bits >> 2);
    message->to.tag = pick(tags, 4, bits >> 4);
    message->cseq = bits >> 6;
    message->from.user = pick(users, 4, bits >> 1);
    message->to.user = pick(users, 4, bits >> 3);
    message->uri = message->to.uri = message->to.user;
}

static void make_hop(struct message *message, uint8_t bits, uint64_t record)
{
    static const char *const branches[] = {"", "x", "y", "z"};
    struct observation *observed = &message->observed;
    observed->origin.record = record;
    observed->origin.input = bits & 1;
    observed->transport = (bits & 2) ? TRANSPORT_UDP : TRANSPORT_TCP;
    observed->source.family = observed->destination.family = ADDRESS_IPV4;
    observed->source.port = 5060 + ((bits >> 2) & 3);
    observed->destination.port = 5060 + ((bits >> 4) & 3);
    message->branch = pick(branches, 4, bits >> 6);
    observed->branch_hash = bits >> 6;
}

static void make_subscription(struct message *message, uint8_t bits)
{
    static const char *const states[] = {"", "active", "terminated", "pending"};
    message->subscription_state = pick(states, 4, bits);
    message->subscription_expires = (bits & 4) ? (bits >> 4) : -1;
    message->subscription_reason = slice_of((bits & 8) ? "timeout" : "");
}

static struct facts make_facts(struct event *fact, const struct message *message, uint8_t bits)
{
    *fact = (struct event){.kind = EVENT_CHAT, .message = message};
    fact->as.chat.verb = (bits & 1) ? CHAT_REQURI : CHAT_JOIN;
    fact->as.chat.service_uri = slice_of((bits & 2) ? "room@x" : "");
    return (struct facts){.items = fact, .count = bits > 0xc0 ? 1 : 0, .capacity = 1};
}

/* Mostly small steps, sometimes past a deadline, sometimes back. */
static int64_t next_time(int64_t now, uint8_t bits)
{
    static const int64_t seconds[] = {0, 0, 1, 1, 30, 64, 65, 300, 361, -5};
    return now + seconds[(bits & 0x3f) % 10] * TIME_SECOND + bits;
}

static uint64_t feed_all(struct exchange *exchange, struct books *books, const uint8_t *data,
                         size_t size)
{
    int64_t now = 0;
    uint64_t counted = 0;
    for (size_t at = 0; at + STEP <= size; at += STEP) {
        const uint8_t *byte = data + at;
        struct message message = {.session_expires = -1};
        struct event fact;
        make_start(&message, byte[0], byte[1]);
        make_parties(&message, byte[2]);
        make_hop(&message, byte[3], at + 1);
        make_subscription(&message, byte[4]);
        now = next_time(now, byte[5]);
        message.observed.origin.time = now;
        struct facts facts = make_facts(&fact, &message, byte[4]);
        books->messages = 0;
        exchange_feed(exchange, &message, &facts);
        require(books->messages == 1);
        counted += message.dialog != 0;
    }
    books->ended = true;
    exchange_end(exchange, now);
    return counted;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct map_seed seed = {{1, 2}};
    struct books books = {0};
    struct limits limits = limits_default();
    if (size > 0 && (data[0] & SMALL_CAPS)) {
        limits.transactions = 3;
        limits.dialogs = 2;
        limits.copies = 2;
        limits.attempts = 2;
        limits.chat_services = 1;
    }
    const struct event_sink sink = {check_event, &books};
    struct exchange *exchange = exchange_new(seed, &limits, &sink);
    uint64_t counted = size > 0 ? feed_all(exchange, &books, data + 1, size - 1) : 0;
    uint64_t rows = 0;
    for (uint64_t id = 1; id <= books.last_dialog; id++) {
        rows += books.row_counts[id];
    }
    require(books.capped || rows == counted);
    exchange_free(exchange);
    free(books.row_counts);
    return 0;
}
