/*
 * What goes out of a connection: its messages, and as coverage what could not
 * be read. See stream_way.h.
 */
#include "decoders/stream_way.h"

static struct event coverage_event(const struct conversation *conversation, int from,
                                   enum coverage_kind kind, const struct origin *origin)
{
    return (struct event){
        .kind = EVENT_COVERAGE,
        .origin = *origin,
        .as.coverage = {.kind = kind,
                        .source = conversation->connection->ends[from],
                        .destination = conversation->connection->ends[!from],
                        .count = 1},
    };
}

static void gap_emit(struct streams *streams, struct conversation *conversation, int from,
                     const struct gap_memory *gap, const char *detail)
{
    struct event event = coverage_event(conversation, from, COVERAGE_GAP, &gap->first);
    event.as.coverage.bytes = gap->bytes;
    event.as.coverage.count = gap->count;
    event.as.coverage.detail = slice_of(detail);
    event_emit(&streams->coverage, &event);
    conversation->gapped = true;
}

void note_gap(struct streams *streams, struct conversation *conversation, int from, uint64_t size,
              const struct origin *origin)
{
    struct gap_memory *gaps = &conversation->ways[from].gaps;
    if (conversation_is_sip(conversation) || conversation->web_calls > 0) {
        struct gap_memory gap = {1, size, *origin};
        gap_emit(streams, conversation, from, &gap, "lost bytes");
        return;
    }
    if (gaps->count++ == 0) {
        gaps->first = *origin;
    }
    gaps->bytes += size;
}

/* The first message shows that the connection is SIP: what was remembered until now. */
static void remembered_gaps_emit(struct streams *streams, struct conversation *conversation)
{
    for (int from = 0; from < 2; from++) {
        struct gap_memory *gaps = &conversation->ways[from].gaps;
        if (gaps->count > 0) {
            gap_emit(streams, conversation, from, gaps, "lost bytes before the first message");
        }
        *gaps = (struct gap_memory){0};
    }
}

void note_junk(struct streams *streams, const struct origin *origin, uint64_t size)
{
    struct buffer text;
    buffer_init(&text, 64);
    (void)buffer_append_u64(&text, size);
    (void)buffer_append_text(&text, " bytes that are no SIP message");
    struct event event = {
        .kind = EVENT_DIAGNOSTIC,
        .origin = *origin,
        .as.diagnostic = {.code = "stream-junk-skipped", .detail = buffer_slice(&text)},
    };
    event_emit(&streams->coverage, &event);
    buffer_dispose(&text);
}

/* Skipped bytes before a message: the middle of a message at first, part of a gap, or junk. */
static void junk_settle(struct streams *streams, struct conversation *conversation, int from)
{
    struct way *way = &conversation->ways[from];
    if (way->junk > 0 && !way->after_gap) {
        if (way->messages == 0 && !conversation->connection->from_start) {
            struct gap_memory gap = {1, way->junk, way->junk_at};
            gap_emit(streams, conversation, from, &gap, "starts in the middle of a message");
        } else {
            note_junk(streams, &way->junk_at, way->junk_visible);
        }
    }
    way->junk = 0;
    way->junk_visible = 0;
    way->after_gap = false;
}

void note_unit(struct streams *streams, struct conversation *conversation, int from,
               const struct origin *origin, uint64_t offset, struct slice raw, uint32_t flags)
{
    struct way *way = &conversation->ways[from];
    struct sip_unit unit = {
        .raw = raw,
        .observed = {.origin = *origin,
                     .source = conversation->connection->ends[from],
                     .destination = conversation->connection->ends[!from],
                     .transport = way->carrier == CARRIER_WEBSOCKET ? TRANSPORT_WS : TRANSPORT_TCP},
        .flags =
            flags | (way->junk > 0 ? SIP_JUNK_BEFORE : 0) | (way->after_gap ? SIP_AFTER_GAP : 0),
    };
    unit.observed.origin.stream_offset = offset;
    if (!conversation_is_sip(conversation)) {
        remembered_gaps_emit(streams, conversation);
    }
    junk_settle(streams, conversation, from);
    way->messages++;
    streams->sink.unit(streams->sink.context, &unit);
}

void note_cap(struct streams *streams, struct conversation *conversation, int from,
              const struct origin *origin, const char *cap, uint64_t bytes)
{
    struct event event = coverage_event(conversation, from, COVERAGE_CAP, origin);
    event.as.coverage.bytes = bytes;
    event.as.coverage.detail = slice_of(cap);
    event_emit(&streams->coverage, &event);
}

static void unread_emit(struct streams *streams, struct conversation *conversation)
{
    bool encrypted = conversation->unread == UNREAD_ENCRYPTED;
    struct event event =
        coverage_event(conversation, 0, encrypted ? COVERAGE_ENCRYPTED : COVERAGE_COMPRESSED,
                       &conversation->unread_from);
    event.as.coverage.bytes = conversation->unread_bytes;
    event.as.coverage.detail = slice_of(encrypted ? "TLS without keys" : "compressed");
    event_emit(&streams->coverage, &event);
}

static void one_sided_watch(struct streams *streams, struct conversation *conversation)
{
    for (int from = 0; from < 2; from++) {
        const struct way *way = &conversation->ways[from];
        if (way->messages == 0 || conversation->connection->seen[!from]) {
            continue;
        }
        struct event event = coverage_event(conversation, from, COVERAGE_ONE_SIDED, &way->last);
        event.as.coverage.count = way->messages;
        event.as.coverage.detail = slice_of("no packet of the other side");
        event_emit(&streams->coverage, &event);
        streams->totals.one_sided++;
    }
}

void note_close(struct streams *streams, struct conversation *conversation)
{
    if (conversation->unread != UNREAD_NOTHING) {
        unread_emit(streams, conversation);
        streams->totals.encrypted += conversation->unread == UNREAD_ENCRYPTED;
        streams->totals.compressed += conversation->unread == UNREAD_COMPRESSED;
        return;
    }
    if (!conversation_is_sip(conversation)) {
        return;
    }
    for (int from = 0; from < 2; from++) {
        const struct way *way = &conversation->ways[from];
        if (way->junk > 0 && way->messages > 0 && !way->after_gap) {
            note_junk(streams, &way->junk_at, way->junk_visible);
        }
    }
    streams->totals.read++;
    streams->totals.gapped += conversation->gapped;
    one_sided_watch(streams, conversation);
}
