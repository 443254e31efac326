/*
 * HTTP on a connection. See stream_web.h.
 */
#include "decoders/stream_web.h"

#include <stdlib.h>

#include "analyzer/engine/arena.h"
#include "decoders/web_call.h"

enum { EXCHANGES_OPEN = 64 }; /* requests sent ahead; browsers have six connections instead */

/* A request whose response has not come. */
struct web_exchange {
    uint64_t number;
    enum http_call call;
    bool ours;
    bool head_only; /* HEAD: its response has no body */
};

/* The message that one way is reading. */
struct web_message {
    struct web_exchange exchange; /* its own, or the one that it answers */
    bool request;
    bool maybe; /* ours only if its body says so */
};

struct web {
    struct http_reader readers[2];
    struct web_message reading[2];
    struct web_exchange open[EXCHANGES_OPEN]; /* a ring, the oldest at `first` */
    size_t first;
    size_t count;
    uint64_t requests; /* seen so far */
    bool early;        /* a response came before its request was read */
    bool lost;         /* bytes are missing since the last response that was paired */
    bool ahead;        /* several requests were open at once */
    bool unpaired;     /* pairing was given up */
};

void web_free(struct web *web)
{
    if (web) {
        http_dispose(&web->readers[0]);
        http_dispose(&web->readers[1]);
        free(web);
    }
}

/* The way is HTTP, though it did not begin like it: a start line must be found. */
static void join_late(struct conversation *conversation, int from)
{
    struct way *way = &conversation->ways[from];
    way->carrier = CARRIER_WEB;
    way->needed = 0;
    way->scanned = 0;
    conversation->web->readers[from].stage = HTTP_LOST;
    conversation->web->lost = true;
}

void web_begin(struct streams *streams, struct conversation *conversation, int from)
{
    struct way *other = &conversation->ways[!from];
    if (!conversation->web) {
        conversation->web = memory_zero(1, sizeof *conversation->web);
        http_init(&conversation->web->readers[0], streams->limits.web_bytes);
        http_init(&conversation->web->readers[1], streams->limits.web_bytes);
    }
    conversation->ways[from].carrier = CARRIER_WEB;
    if (other->carrier == CARRIER_SIP) {
        (void)web_join(conversation, !from);
    }
}

bool web_join(struct conversation *conversation, int from)
{
    bool joins =
        conversation->ways[!from].carrier == CARRIER_WEB && conversation->ways[from].messages == 0;
    if (joins) {
        join_late(conversation, from);
    }
    return joins;
}

/* ---- pairing ---- */

static struct web_exchange *newest(struct web *web)
{
    return &web->open[(web->first + web->count - 1) % EXCHANGES_OPEN];
}

static void exchanges_forget(struct web *web)
{
    web->unpaired = web->unpaired || web->ahead;
    web->count = 0;
    web->early = false;
    web->lost = true;
}

/* Numbers are the record's place in the run and the request's on its connection. */
static void request_open(struct web *web, const struct web_exchange *exchange)
{
    if (web->early) {
        web->early = false; /* its response was passed over */
        return;
    }
    if (web->unpaired || web->count == EXCHANGES_OPEN) {
        web->unpaired = true;
        return;
    }
    web->ahead = web->ahead || web->count > 0;
    web->count++;
    *newest(web) = *exchange;
}

/* The request that a final response answers; one of nobody when that is not known. */
static struct web_exchange response_open(struct web *web)
{
    if (web->unpaired || web->count == 0) {
        web->early = !web->unpaired && !web->lost && web->requests > 0;
        return (struct web_exchange){0};
    }
    struct web_exchange exchange = web->open[web->first];
    web->first = (web->first + 1) % EXCHANGES_OPEN;
    web->count--;
    web->lost = false;
    return exchange;
}

/* ---- messages ---- */

/* What is being worked on. */
struct web_step {
    struct streams *streams;
    struct conversation *conversation;
    int from;
    struct origin origin;
};

static struct web *web_of(const struct web_step *step)
{
    return step->conversation->web;
}

static void problem_emit(const struct web_step *step, const struct xml_result *problem)
{
    struct event event = {
        .kind = EVENT_DIAGNOSTIC,
        .origin = step->origin,
        .as.diagnostic = {.code = problem->status == XML_REFUSED ? "xml-refused"
                                                                 : "web-not-well-formed",
                          .detail = slice_of(problem->problem),
                          .offset = problem->offset},
    };
    event_emit(&step->streams->coverage, &event);
}

static void fact_emit(const struct web_step *step, const struct web_exchange *exchange,
                      bool request, struct http_fact *fact)
{
    struct streams *streams = step->streams;
    const struct http_reader *reader = &web_of(step)->readers[step->from];
    const struct tcp_connection *connection = step->conversation->connection;
    struct http_header head;
    if (!http_header_parse(http_kept_head(reader), &head)) {
        return;
    }
    if (!streams->xml) {
        streams->xml = xml_reader_new(&streams->limits);
    }
    fact->exchange = exchange->number;
    fact->request = request;
    fact->call = exchange->call;
    fact->cut = reader->cut;
    fact->client = connection->ends[request ? step->from : !step->from];
    fact->server = connection->ends[request ? !step->from : step->from];
    struct xml_result problem;
    if (!web_call_read(streams->xml, &streams->arena, &head, http_kept_body(reader), fact,
                       &problem)) {
        problem_emit(step, &problem);
    }
    const struct event event = {.kind = EVENT_HTTP, .origin = step->origin, .as.http = *fact};
    event_emit(&streams->coverage, &event);
    arena_reset(&streams->arena);
    step->conversation->web_calls++;
}

/* The exchange as its request turned out to be, for the response to come. */
static void exchange_settle(struct web *web, const struct web_exchange *exchange)
{
    for (size_t i = web->count; i > 0; i--) {
        struct web_exchange *open = &web->open[(web->first + i - 1) % EXCHANGES_OPEN];
        if (open->number == exchange->number) {
            *open = *exchange;
            return;
        }
    }
}

static void message_over(const struct web_step *step)
{
    struct web *web = web_of(step);
    struct http_reader *reader = &web->readers[step->from];
    struct web_message *message = &web->reading[step->from];
    bool ours = reader->kept && (!message->maybe || web_body_tells(http_kept_body(reader)));
    if (ours && reader->capped) {
        note_cap(step->streams, step->conversation, step->from, &step->origin, "web_bytes",
                 reader->bytes.size);
    }
    if (ours) {
        struct http_fact fact = {0};
        fact_emit(step, &message->exchange, message->request, &fact);
        message->exchange.ours = true;
        message->exchange.call = fact.call;
        exchange_settle(web, &message->exchange);
    }
    buffer_dispose(&reader->bytes);
    reader->kept = false;
    reader->body_kept = false;
}

static void request_begin(const struct web_step *step)
{
    static const struct slice head_method = SLICE("HEAD");
    struct web *web = web_of(step);
    struct http_reader *reader = &web->readers[step->from];
    enum web_interest interest = web_interest(&reader->head);
    web->requests++;
    const struct web_exchange exchange = {
        .number = step->origin.order << 16 | (web->requests & 0xffff),
        .call = web_call_named(&reader->head),
        .ours = interest == WEB_CERTAIN,
        .head_only = slice_equal(reader->head.method, head_method),
    };
    web->reading[step->from] = (struct web_message){exchange, true, interest == WEB_BODY_TELLS};
    request_open(web, &exchange);
    http_go_on(reader, interest == WEB_NONE ? HTTP_KEEP_NOTHING : HTTP_KEEP_ALL, false);
}

static void response_begin(const struct web_step *step)
{
    enum { SWITCHING = 101, NO_CONTENT = 204, NOT_MODIFIED = 304 };
    struct web *web = web_of(step);
    struct http_reader *reader = &web->readers[step->from];
    uint16_t status = reader->head.status;
    struct web_message *message = &web->reading[step->from];
    *message = (struct web_message){0};
    if (status < 200 && status != SWITCHING) {
        http_go_on(reader, HTTP_KEEP_NOTHING, true); /* interim: the response is still to come */
        return;
    }
    message->exchange = response_open(web);
    enum http_keeping keeping = !message->exchange.ours                     ? HTTP_KEEP_NOTHING
                                : web_answer_counts(message->exchange.call) ? HTTP_KEEP_ALL
                                                                            : HTTP_KEEP_HEAD;
    http_go_on(reader, keeping,
               message->exchange.head_only || status == NO_CONTENT || status == NOT_MODIFIED);
}

size_t web_consume(struct streams *streams, struct conversation *conversation, int from,
                   const struct span *span, size_t at)
{
    const struct web_step step = {streams, conversation, from, span->origin};
    struct http_reader *reader = &conversation->web->readers[from];
    for (;;) {
        size_t used = 0;
        enum http_result result =
            http_read(reader, slice_from(span->bytes, at), span->final, &used);
        at += used;
        switch (result) {
        case HTTP_HAS_HEAD:
            if (reader->head.request) {
                request_begin(&step);
            } else {
                response_begin(&step);
            }
            break;
        case HTTP_HAS_MESSAGE:
            message_over(&step);
            break;
        case HTTP_WENT_ASTRAY:
            exchanges_forget(conversation->web);
            break;
        case HTTP_NEEDS_MORE:
            return at;
        }
    }
}

void web_gap(struct streams *streams, struct conversation *conversation, int from, uint64_t size,
             const struct origin *origin)
{
    const struct web_step step = {streams, conversation, from, *origin};
    if (!http_skip(&conversation->web->readers[from], size)) {
        message_over(&step);
        conversation->web->readers[from].kept = false;
        exchanges_forget(conversation->web);
    }
}

void web_end(struct streams *streams, struct conversation *conversation, int from)
{
    const struct web_step step = {streams, conversation, from, conversation->ways[from].last};
    if (http_finish(&conversation->web->readers[from])) {
        message_over(&step);
    }
}
