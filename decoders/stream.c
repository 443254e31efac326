/*
 * Connections and datagrams to SIP messages. See stream.h, stream_way.h.
 *
 * Bytes that are whole messages within one chunk are never copied; of a message
 * that spans chunks exactly the missing bytes are added, so that what follows it
 * is read in place again. Framing is asked only when it can say something new.
 *
 * Not handled: a WebSocket whose upgrade was not captured, DTLS, decompression.
 */
#include "decoders/stream.h"

#include <stdlib.h>

#include "analyzer/engine/arena.h"
#include "decoders/dns.h"
#include "decoders/sip_start.h"
#include "decoders/stream_http.h"
#include "decoders/stream_way.h"
#include "decoders/stream_web.h"

enum {
    PIECE = 4096,      /* added at once while the size of a message is not known */
    JUNK_IN_FRONT = 64 /* tolerated before the start line in a datagram; more is another protocol */
};

struct streams *streams_new(struct map_seed seed, const struct limits *limits,
                            const struct stream_sink *sink, const struct event_sink *coverage)
{
    struct streams *streams = memory_zero(1, sizeof *streams);
    streams->limits = *limits;
    streams->sink = *sink;
    streams->coverage = *coverage;
    flows_init(&streams->flows, seed, limits, &streams->coverage);
    arena_init(&streams->arena);
    return streams;
}

void streams_free(struct streams *streams)
{
    if (streams) {
        flows_dispose(&streams->flows);
        arena_dispose(&streams->arena);
        if (streams->xml) {
            xml_reader_free(streams->xml);
        }
        free(streams);
    }
}

/* ---- datagrams ---- */

static size_t datagram_start(struct slice payload)
{
    size_t at = 0;
    while (at < payload.size && (payload.data[at] == '\r' || payload.data[at] == '\n')) {
        at++;
    }
    if (sip_look(slice_from(payload, at)) == SIP_LOOK_YES) {
        size_t glued = sip_frame_trim(slice_from(payload, at));
        return glued == SLICE_NONE ? at : at + glued;
    }
    size_t junk = sip_find_start(slice_sub(payload, 0, JUNK_IN_FRONT + SIP_START_MAX), at);
    return junk != SLICE_NONE && junk <= JUNK_IN_FRONT ? junk : SLICE_NONE;
}

static bool awaits_answer(const struct sip_start *start)
{
    static const struct slice ack = SLICE("ACK"), benotify = SLICE("BENOTIFY");
    return start->request && !slice_equal(start->method, ack) &&
           !slice_equal(start->method, benotify);
}

/* A question for a service record, or its answer. */
static void name_service_datagram(struct streams *streams, const struct datagram *datagram)
{
    struct event event = {.kind = EVENT_DNS, .origin = datagram->origin};
    struct dns_fact *fact = &event.as.dns;
    if (!dns_read(datagram->payload, &streams->arena, fact)) {
        return;
    }
    fact->client = fact->request ? datagram->source : datagram->destination;
    fact->server = fact->request ? datagram->destination : datagram->source;
    event_emit(&streams->coverage, &event);
    arena_reset(&streams->arena);
}

bool streams_datagram(struct streams *streams, const struct datagram *datagram)
{
    if (datagram->source.port == DNS_PORT || datagram->destination.port == DNS_PORT) {
        name_service_datagram(streams, datagram);
    }
    size_t begin = datagram_start(datagram->payload);
    struct sip_start start;
    if (begin == SLICE_NONE ||
        sip_start_read(slice_from(datagram->payload, begin), &start) != SIP_LOOK_YES) {
        return false;
    }
    bool junk = slice_trim(slice_sub(datagram->payload, 0, begin)).size > 0;
    struct sip_unit unit = {
        .raw = slice_from(datagram->payload, begin),
        .observed = {.origin = datagram->origin,
                     .source = datagram->source,
                     .destination = datagram->destination,
                     .transport = TRANSPORT_UDP},
        .flags = (junk ? SIP_JUNK_BEFORE : 0) | (datagram->missing > 0 ? SIP_BODY_CUT : 0),
    };
    flows_note(&streams->flows, datagram, awaits_answer(&start));
    if (junk) {
        note_junk(streams, &datagram->origin, begin);
    }
    streams->sink.unit(streams->sink.context, &unit);
    return true;
}

/* ---- connections ---- */

static void way_init(struct way *way, const struct limits *limits, bool from_start)
{
    size_t most = limits->header_bytes + limits->message_bytes + HTTP_HEAD_MAX + PIECE;
    buffer_init(&way->pending, most);
    way->loose = !from_start;
}

static void way_dispose(struct way *way)
{
    buffer_dispose(&way->pending);
    if (way->websocket) {
        websocket_dispose(way->websocket);
        free(way->websocket);
    }
}

/* Forgets what was begun; the next start line has to be found. */
static void way_forget(struct way *way)
{
    buffer_dispose(&way->pending);
    way->needed = 0;
    way->scanned = 0;
    way->loose = true;
}

static struct conversation *conversation_of(struct streams *streams,
                                            struct tcp_connection *connection)
{
    struct conversation *conversation = connection->attachment;
    if (!conversation) {
        conversation = memory_zero(1, sizeof *conversation);
        conversation->connection = connection;
        way_init(&conversation->ways[0], &streams->limits, connection->from_start);
        way_init(&conversation->ways[1], &streams->limits, connection->from_start);
        connection->attachment = conversation;
    }
    return conversation;
}

static bool is_readable(const struct conversation *conversation)
{
    return conversation->unread == UNREAD_NOTHING;
}

/* Works on what is pending; `offset` is where it begins. */
static void pending_consume(struct streams *streams, struct conversation *conversation, int from,
                            uint64_t offset, const struct origin *origin, bool final)
{
    struct way *way = &conversation->ways[from];
    struct span span = {buffer_slice(&way->pending), offset, *origin, final};
    buffer_drop(&way->pending, carrier_consume(streams, conversation, from, &span));
    if (way->pending.size == 0) {
        buffer_dispose(&way->pending);
    }
}

static void pending_append(struct streams *streams, struct conversation *conversation, int from,
                           struct slice bytes, const struct origin *origin)
{
    struct way *way = &conversation->ways[from];
    if (!buffer_append(&way->pending, bytes)) {
        note_cap(streams, conversation, from, origin, "message_bytes", way->pending.size);
        way_forget(way);
    }
}

/* How many of the bytes that came are worth adding to the pending ones now. */
static size_t piece_size(const struct way *way, size_t size)
{
    size_t wanted = way->needed > way->pending.size ? way->needed - way->pending.size : PIECE;
    return size < wanted ? size : wanted;
}

/* Returns the bytes that nobody can read any more. */
static struct slice way_feed(struct streams *streams, struct conversation *conversation, int from,
                             struct slice bytes, const struct origin *origin)
{
    struct way *way = &conversation->ways[from];
    struct span span = {.offset = origin->stream_offset, .origin = *origin};
    while (bytes.size > 0 && is_readable(conversation)) {
        size_t held = way->pending.size;
        if (held == 0) {
            span.bytes = bytes;
            bytes = slice_from(bytes, carrier_consume(streams, conversation, from, &span));
            if (is_readable(conversation)) {
                pending_append(streams, conversation, from, bytes, origin);
                return slice_from(bytes, bytes.size);
            }
            return bytes;
        }
        size_t size = piece_size(way, bytes.size);
        pending_append(streams, conversation, from, slice_sub(bytes, 0, size), origin);
        bytes = slice_from(bytes, size);
        pending_consume(streams, conversation, from, span.offset - held, origin, false);
        span.offset += size;
    }
    return bytes;
}

static void encrypted_begin(struct conversation *conversation, int from)
{
    conversation->unread = UNREAD_ENCRYPTED;
    conversation->unread_bytes = conversation->ways[0].bytes + conversation->ways[1].bytes;
    conversation->unread_from = conversation->ways[from].first;
    way_forget(&conversation->ways[0]);
    way_forget(&conversation->ways[1]);
}

/* What is held back of both ways, and `rest`, belongs to what cannot be read. */
static void compressed_begin(struct conversation *conversation, struct slice rest)
{
    conversation->unread_bytes =
        rest.size + conversation->ways[0].pending.size + conversation->ways[1].pending.size;
    way_forget(&conversation->ways[0]);
    way_forget(&conversation->ways[1]);
}

static bool may_be_encrypted(const struct way *way)
{
    return way->messages == 0 && (way->carrier == CARRIER_NEW || way->carrier == CARRIER_SIP);
}

/* Bytes of a body whose beginning was lost: not looked at, they could hold a start line. */
static struct slice lost_body_pass(struct way *way, struct slice bytes)
{
    size_t size = way->passing < bytes.size ? (size_t)way->passing : bytes.size;
    way->passing -= size;
    return slice_from(bytes, size);
}

static void tcp_data(void *context, struct tcp_connection *connection, int from, struct slice bytes,
                     const struct origin *origin)
{
    struct streams *streams = context;
    struct conversation *conversation = conversation_of(streams, connection);
    struct way *way = &conversation->ways[from];
    if (way->bytes == 0) {
        way->first = *origin;
    }
    way->last = *origin;
    way->last_size = bytes.size;
    way->bytes += bytes.size;
    if (!is_readable(conversation)) {
        conversation->unread_bytes += bytes.size;
        return;
    }
    struct origin here = *origin;
    struct slice wanted = lost_body_pass(way, bytes);
    here.stream_offset += bytes.size - wanted.size;
    struct slice rest = way_feed(streams, conversation, from, wanted, &here);
    if (!is_readable(conversation)) {
        compressed_begin(conversation, rest);
    } else if (may_be_encrypted(way) && tls_probe_feed(&way->tls, wanted)) {
        encrypted_begin(conversation, from);
    }
}

/* No more bytes follow those that are held: what is whole of them goes out. */
static void way_finish(struct streams *streams, struct conversation *conversation, int from)
{
    struct way *way = &conversation->ways[from];
    if (way->pending.size > 0 && is_readable(conversation)) {
        uint64_t end = way->last.stream_offset + way->last_size;
        pending_consume(streams, conversation, from, end - way->pending.size, &way->last, true);
    }
    if (conversation->unread == UNREAD_COMPRESSED && way->pending.size > 0) {
        compressed_begin(conversation, (struct slice){0});
    }
}

/* What the way carries behind lost bytes. */
static void carrier_lose(struct streams *streams, struct conversation *conversation, int from,
                         uint64_t size, const struct origin *origin)
{
    struct way *way = &conversation->ways[from];
    switch (way->carrier) {
    case CARRIER_WEBSOCKET:
        websocket_reset(way->websocket);
        way->frames_lost = true;
        break;
    case CARRIER_WEB:
        web_gap(streams, conversation, from, size, origin);
        break;
    case CARRIER_OTHER:
        break;
    case CARRIER_NEW:
    case CARRIER_HTTP:
    case CARRIER_SIP:
        way->carrier = CARRIER_SIP;
        (void)web_join(conversation, from);
        break;
    }
}

static void tcp_gap(void *context, struct tcp_connection *connection, int from, uint64_t size,
                    const struct origin *origin)
{
    struct streams *streams = context;
    struct conversation *conversation = conversation_of(streams, connection);
    struct way *way = &conversation->ways[from];
    if (!is_readable(conversation)) {
        return;
    }
    uint64_t body_left = way->needed > 0 ? way->needed - way->pending.size : way->passing;
    way_finish(streams, conversation, from);
    way_forget(way);
    way->passing = body_left > size ? body_left - size : 0;
    way->after_gap = true;
    way->junk = 0;
    way->junk_visible = 0;
    way->tls = (struct tls_probe){0};
    carrier_lose(streams, conversation, from, size, origin);
    note_gap(streams, conversation, from, size, origin);
}

static void tcp_close(void *context, struct tcp_connection *connection)
{
    struct streams *streams = context;
    struct conversation *conversation = connection->attachment;
    if (!conversation) {
        return;
    }
    for (int from = 0; from < 2; from++) {
        way_finish(streams, conversation, from);
        if (conversation->ways[from].carrier == CARRIER_WEB) {
            web_end(streams, conversation, from);
        }
        if (is_readable(conversation) && !conversation_is_sip(conversation) &&
            tls_probe_end(&conversation->ways[from].tls)) {
            encrypted_begin(conversation, from);
        }
    }
    note_close(streams, conversation);
    way_dispose(&conversation->ways[0]);
    way_dispose(&conversation->ways[1]);
    web_free(conversation->web);
    free(conversation);
    connection->attachment = NULL;
}

struct tcp_sink streams_tcp_sink(struct streams *streams)
{
    return (struct tcp_sink){
        .context = streams, .data = tcp_data, .gap = tcp_gap, .close = tcp_close};
}

/* ---- totals ---- */

void streams_end(struct streams *streams)
{
    flows_end(&streams->flows);
}

static enum coverage_verdict verdict_of(const struct coverage_summary *totals)
{
    if (totals->read == 0) {
        return COVERAGE_NONE;
    }
    uint64_t unread = totals->encrypted + totals->compressed + totals->gapped + totals->one_sided;
    return unread > 0 ? COVERAGE_PARTIAL : COVERAGE_FULL;
}

struct coverage_summary streams_coverage(const struct streams *streams)
{
    struct coverage_summary totals = streams->totals;
    totals.read += streams->flows.totals.read;
    totals.one_sided += streams->flows.totals.one_sided;
    totals.streams = totals.read + totals.encrypted + totals.compressed;
    totals.verdict = verdict_of(&totals);
    return totals;
}
