/*
 * Rows of a store's own record, in the order of the run. See store.h.
 */
#include <string.h>

#include "analyzer/engine/map.h"
#include "sql/store_parts.h"

/* Steps one of the prepared statements. */
static bool add(struct store *store, enum store_statement which)
{
    return lite_do(store->statements[which]) || store_fail(store);
}

/* The columns that all rows begin with; parameters 1 to 9. */
static void bind_place(struct store *store, struct lite_statement *statement,
                       const struct origin *origin)
{
    if (origin->time != TIME_NONE && origin->time > store->merge_time) {
        store->merge_time = origin->time;
    }
    const int64_t base = store->first_place;
    lite_bind_integer(statement, 1, store->sequence++);
    lite_bind_integer(statement, 2, store->merge_time);
    lite_bind_integer(statement, 3, store->first_input + (int64_t)origin->input);
    lite_bind_time(statement, 4, origin->time);
    lite_bind_integer(statement, 5, (int64_t)origin->record);
    lite_bind_integer(statement, 6, (int64_t)origin->offset);
    lite_bind_integer(statement, 7, origin->order > 0 ? base + (int64_t)origin->order : 0);
    lite_bind_integer(statement, 8, origin->stream > 0 ? base + (int64_t)origin->stream : 0);
    lite_bind_integer(statement, 9, (int64_t)origin->stream_offset);
}

/* ---- hops and bodies ---- */

static int64_t find(struct store *store, enum store_statement which)
{
    struct lite_statement *statement = store->statements[which];
    enum lite_step step = lite_step(statement);
    int64_t id = step == LITE_STEP_ROW ? lite_column_integer(statement, 0) : 0;
    if (step == LITE_STEP_ROW) {
        lite_reset(statement);
    } else if (step == LITE_STEP_FAILED) {
        store_fail(store);
    }
    return id;
}

static struct known_hop *hop_place(const struct store *store, const struct observation *observed)
{
    unsigned char key[40] = {0}; /* no padding in it */
    const struct address *ends[2] = {&observed->source, &observed->destination};
    for (size_t i = 0; i < 2; i++) {
        memcpy(key + i * 18, ends[i]->bytes, sizeof ends[i]->bytes);
        key[i * 18 + 16] = (unsigned char)(ends[i]->port >> 8);
        key[i * 18 + 17] = (unsigned char)(ends[i]->port & 0xff);
    }
    key[36] = (unsigned char)observed->transport;
    uint64_t hash = map_hash(store->seed, (struct slice){(const char *)key, sizeof key});
    return &store->hops[hash % KNOWN_HOPS];
}

static void bind_hop(struct lite_statement *statement, const struct observation *observed)
{
    store_bind_address(statement, 1, &observed->source);
    store_bind_address(statement, 3, &observed->destination);
    lite_bind_text(statement, 5, slice_of(transport_name(observed->transport)));
}

static int64_t hop_of(struct store *store, const struct observation *observed)
{
    struct known_hop *known = hop_place(store, observed);
    if (known->id != 0 && known->transport == observed->transport &&
        address_equal(&known->source, &observed->source) &&
        address_equal(&known->destination, &observed->destination)) {
        return known->id;
    }
    bind_hop(store->statements[STORE_FIND_HOP], observed);
    int64_t id = find(store, STORE_FIND_HOP);
    if (id == 0) {
        bind_hop(store->statements[STORE_ADD_HOP], observed);
        id = add(store, STORE_ADD_HOP) ? lite_last_row(store->lite) : 0;
    }
    *known = (struct known_hop){observed->source, observed->destination, observed->transport, id};
    return id;
}

static int64_t add_body(struct store *store, struct slice body, struct slice digest)
{
    struct lite_statement *statement = store->statements[STORE_ADD_BODY];
    lite_bind_bytes(statement, 1, digest);
    store_bind_content(statement, 2, body);
    store->pending += body.size;
    return add(store, STORE_ADD_BODY) ? lite_last_row(store->lite) : 0;
}

static int64_t body_of(struct store *store, struct slice body,
                       const unsigned char digest[static STORE_DIGEST])
{
    const struct slice key = {(const char *)digest, STORE_DIGEST};
    struct known_body *known = &store->bodies[(digest[0] | digest[1] << 8) % KNOWN_BODIES];
    if (known->id != 0 && memcmp(known->digest, digest, STORE_DIGEST) == 0) {
        return known->id;
    }
    lite_bind_bytes(store->statements[STORE_FIND_BODY], 1, key);
    int64_t id = find(store, STORE_FIND_BODY);
    memcpy(known->digest, digest, STORE_DIGEST);
    known->id = id != 0 ? id : add_body(store, body, key);
    return known->id;
}

/* ---- messages ---- */

void store_add_message(struct store *store, const struct observation *observed, uint32_t flags,
                       struct slice head, struct slice body,
                       const unsigned char digest[static STORE_DIGEST])
{
    if (!store_is_fine(store)) {
        return;
    }
    struct lite_statement *statement = store->statements[STORE_ADD_MESSAGE];
    int64_t hop = hop_of(store, observed);
    int64_t content = body.size > 0 ? body_of(store, body, digest) : 0;
    bind_place(store, statement, &observed->origin);
    lite_bind_integer(statement, 10, hop);
    lite_bind_integer(statement, 11, flags);
    store_bind_content(statement, 12, head);
    if (content != 0) {
        lite_bind_integer(statement, 13, content);
    } else {
        lite_bind_null(statement, 13);
    }
    if (store_is_fine(store) && add(store, STORE_ADD_MESSAGE)) {
        store_settle(store, head.size);
    }
}

/* ---- events without a message ---- */

static void bind_numbers(struct lite_statement *statement, int parameter, const uint64_t *numbers,
                         size_t count)
{
    for (size_t i = 0; i < count; i++) {
        lite_bind_integer(statement, parameter + (int)i, (int64_t)numbers[i]);
    }
}

static void bind_texts(struct lite_statement *statement, int parameter, const struct slice *texts,
                       size_t count)
{
    for (size_t i = 0; i < count; i++) {
        store_bind_text(statement, parameter + (int)i, texts[i]);
    }
}

static void add_room_order(struct store *store, int64_t sequence, const struct room_order *order)
{
    struct lite_statement *statement = store->statements[STORE_ADD_ROOM_ORDER];
    const struct slice texts[] = {
        order->room,   order->name,     order->old_name, order->description, order->privacy,
        order->add_in, order->category, order->managers, order->members,     order->notification,
    };
    lite_bind_integer(statement, 1, sequence);
    bind_texts(statement, 2, texts, sizeof texts / sizeof texts[0]);
    lite_bind_integer(statement, 12, order->remove);
    add(store, STORE_ADD_ROOM_ORDER);
}

static void add_http(struct store *store, const struct event *event)
{
    const struct http_fact *fact = &event->as.http;
    struct lite_statement *statement = store->statements[STORE_ADD_HTTP];
    const int64_t sequence = store->sequence;
    const uint64_t base = fact->exchange != 0 ? (uint64_t)store->first_place << 16 : 0;
    bind_place(store, statement, &event->origin);
    bind_numbers(statement, 10, (uint64_t[]){fact->exchange + base, fact->request}, 2);
    bind_texts(statement, 12,
               (struct slice[]){slice_of(http_call_name(fact->call)), fact->method, fact->target,
                                fact->host},
               4);
    lite_bind_integer(statement, 16, fact->status);
    store_bind_text(statement, 17, fact->reason);
    store_bind_address(statement, 18, &fact->client);
    store_bind_address(statement, 20, &fact->server);
    if (fact->has_token) {
        lite_bind_integer(statement, 22, (int64_t)fact->token_hash);
    } else {
        lite_bind_null(statement, 22);
    }
    bind_texts(statement, 23, (struct slice[]){fact->room_id, fact->file}, 2);
    bind_numbers(statement, 25, (uint64_t[]){fact->offset, fact->bytes, fact->file_length}, 3);
    store_bind_text(statement, 28, fact->result);
    lite_bind_integer(statement, 29, fact->cut);
    bool ordered = fact->call == HTTP_ROOM_CREATE || fact->call == HTTP_ROOM_MODIFY;
    if (add(store, STORE_ADD_HTTP) && ordered) {
        add_room_order(store, sequence, &fact->order);
    }
}

static void add_dns_target(struct store *store, int64_t sequence, size_t index,
                           const struct dns_target *target)
{
    struct lite_statement *statement = store->statements[STORE_ADD_DNS_TARGET];
    bind_numbers(statement, 1, (uint64_t[]){(uint64_t)sequence, index + 1}, 2);
    store_bind_text(statement, 3, target->host);
    bind_numbers(statement, 4, (uint64_t[]){target->port, target->priority, target->weight}, 3);
    add(store, STORE_ADD_DNS_TARGET);
}

static void add_dns(struct store *store, const struct event *event)
{
    const struct dns_fact *fact = &event->as.dns;
    struct lite_statement *statement = store->statements[STORE_ADD_DNS];
    const int64_t sequence = store->sequence;
    bind_place(store, statement, &event->origin);
    bind_numbers(statement, 10, (uint64_t[]){fact->request, fact->id}, 2);
    store_bind_text(statement, 12, fact->name);
    lite_bind_integer(statement, 13, fact->code);
    store_bind_address(statement, 14, &fact->client);
    store_bind_address(statement, 16, &fact->server);
    bool added = add(store, STORE_ADD_DNS);
    for (size_t i = 0; added && i < fact->target_count && store_is_fine(store); i++) {
        add_dns_target(store, sequence, i, &fact->targets[i]);
    }
}

static void add_coverage(struct store *store, const struct event *event, bool of_input)
{
    const struct coverage_fact *fact = &event->as.coverage;
    struct lite_statement *statement = store->statements[STORE_ADD_COVERAGE];
    bind_place(store, statement, &event->origin);
    lite_bind_integer(statement, 10, of_input);
    lite_bind_text(statement, 11, slice_of(coverage_kind_name(fact->kind)));
    store_bind_address(statement, 12, &fact->source);
    store_bind_address(statement, 14, &fact->destination);
    bind_numbers(statement, 16, (uint64_t[]){fact->bytes, fact->count}, 2);
    store_bind_text(statement, 18, fact->detail);
    add(store, STORE_ADD_COVERAGE);
}

static void add_diagnostic(struct store *store, const struct event *event)
{
    const struct diagnostic_fact *fact = &event->as.diagnostic;
    struct lite_statement *statement = store->statements[STORE_ADD_DIAGNOSTIC];
    bind_place(store, statement, &event->origin);
    lite_bind_text(statement, 10, slice_of(fact->code));
    store_bind_text(statement, 11, fact->detail);
    lite_bind_integer(statement, 12, (int64_t)fact->offset);
    add(store, STORE_ADD_DIAGNOSTIC);
}

void store_add_event(struct store *store, const struct event *event, bool of_input)
{
    if (!store_is_fine(store)) {
        return;
    }
    switch (event->kind) {
    case EVENT_HTTP:
        add_http(store, event);
        break;
    case EVENT_DNS:
        add_dns(store, event);
        break;
    case EVENT_COVERAGE:
        add_coverage(store, event, of_input);
        break;
    case EVENT_DIAGNOSTIC:
        add_diagnostic(store, event);
        break;
    default: /* comes with a message only */
        return;
    }
    store_settle(store, 0);
}
