/*
 * One shard of the decoding. See shard.h.
 */
#include "analyzer/shard.h"

#include <stdlib.h>
#include <string.h>

#include "decoders/body.h"
#include "decoders/sip.h"
#include "decoders/stream.h"
#include "decoders/tcp.h"

struct shard {
    struct limits limits;
    struct shard_sink sink;
    struct event_sink caps; /* where the decoders report caps and coverage */
    struct frames *frames;
    struct tcp *tcp;
    struct tcp_sink tcp_sink;
    struct streams *streams;
    struct stream_sink stream_sink;
    struct body_reader *bodies;
    struct merge *merge;
    struct arena scratch;
    struct facts facts; /* of the message in `scratch`; its storage is in there too */
    bool holding;       /* bytes waited behind a hole before this packet: keep the order */
    bool merge_capped;  /* limits.merge_bytes was reported */
};

/* What sip_parse() finds odd becomes a fact behind those of the body. */
struct oddities {
    struct shard *shard;
    struct arena *arena;
    struct message *message;
    struct facts *facts;
};

static void keep_oddity(void *context, const struct event *event)
{
    struct oddities *odd = context;
    struct event *fact =
        facts_add(odd->facts, odd->arena, &odd->shard->limits, event->kind, odd->message);
    if (fact) {
        fact->as = event->as;
        fact->as.diagnostic.detail = arena_keep(odd->arena, event->as.diagnostic.detail);
    }
}

/* Parses a unit and its body; all memory is in `arena`. False when it is no SIP message after all.
 */
static bool read_unit(struct shard *shard, const struct sip_unit *unit, struct slice raw,
                      struct arena *arena, struct message *message, struct facts *facts)
{
    struct facts odd = {0};
    struct oddities oddities = {shard, arena, message, &odd};
    struct event_sink odd_sink = {keep_oddity, &oddities};
    *message = (struct message){.observed = unit->observed};
    if (!sip_parse(raw, &shard->limits, arena, &odd_sink, message)) {
        return false;
    }
    message->flags |= unit->flags;
    *facts = (struct facts){0};
    body_decode(shard->bodies, message, arena, facts);
    for (size_t i = 0; i < odd.count; i++) {
        struct event *fact = facts_add(facts, arena, &shard->limits, odd.items[i].kind, message);
        if (fact) {
            fact->as = odd.items[i].as;
        }
    }
    return true;
}

static void hold_unit(struct shard *shard, const struct sip_unit *unit)
{
    struct merge_item *item = merge_item_new(shard->merge);
    struct slice raw = arena_keep(&item->arena, unit->raw);
    if (!read_unit(shard, unit, raw, &item->arena, &item->message, &item->facts)) {
        merge_item_free(shard->merge, item);
        return;
    }
    item->is_message = true;
    item->key = unit->observed.origin;
    item->bytes = item->arena.used + sizeof *item;
    merge_push(shard->merge, item);
}

static void take_unit(void *context, const struct sip_unit *unit)
{
    struct shard *shard = context;
    if (shard->holding) {
        hold_unit(shard, unit);
        return;
    }
    struct message message;
    if (read_unit(shard, unit, unit->raw, &shard->scratch, &message, &shard->facts)) {
        shard->sink.message(shard->sink.context, &message, &shard->facts);
    }
    arena_reset(&shard->scratch);
}

/* Coverage and caps. Their origins are by value; only the detail is borrowed. */
static void take_event(void *context, const struct event *event)
{
    struct shard *shard = context;
    if (!shard->holding) {
        shard->sink.event(shard->sink.context, event);
        return;
    }
    struct merge_item *item = merge_item_new(shard->merge);
    item->event = *event;
    if (event->kind == EVENT_COVERAGE) {
        item->event.as.coverage.detail = arena_keep(&item->arena, event->as.coverage.detail);
    }
    item->key = event->origin;
    item->bytes = sizeof *item;
    merge_push(shard->merge, item);
}

struct shard *shard_new(struct map_seed seed, const struct limits *limits,
                        const struct shard_sink *sink)
{
    struct shard *shard = memory_zero(1, sizeof *shard);
    shard->limits = *limits;
    shard->sink = *sink;
    shard->caps = (struct event_sink){take_event, shard};
    shard->stream_sink = (struct stream_sink){shard, take_unit};
    shard->frames = frames_new(seed, &shard->limits, &shard->caps);
    shard->streams = streams_new(seed, &shard->limits, &shard->stream_sink, &shard->caps);
    shard->tcp_sink = streams_tcp_sink(shard->streams);
    shard->tcp = tcp_new(seed, &shard->limits, &shard->tcp_sink, &shard->caps);
    shard->bodies = body_reader_new(&shard->limits);
    shard->merge = merge_new();
    arena_init(&shard->scratch);
    return shard;
}

void shard_free(struct shard *shard)
{
    tcp_free(shard->tcp);
    streams_free(shard->streams);
    frames_free(shard->frames);
    body_reader_free(shard->bodies);
    merge_free(shard->merge);
    arena_dispose(&shard->scratch);
    free(shard);
}

static void hand_on(struct shard *shard, struct merge_item *item)
{
    if (item->is_message) {
        shard->sink.message(shard->sink.context, &item->message, &item->facts);
    } else {
        shard->sink.event(shard->sink.context, &item->event);
    }
    merge_item_free(shard->merge, item);
}

static void report_merge_cap(struct shard *shard, const struct origin *origin)
{
    if (shard->merge_capped) {
        return;
    }
    shard->merge_capped = true;
    struct event event = {.kind = EVENT_COVERAGE, .origin = *origin};
    event.as.coverage =
        (struct coverage_fact){.kind = COVERAGE_CAP, .count = 1, .detail = slice_of("merge_bytes")};
    shard->sink.event(shard->sink.context, &event);
}

/* Hands on what can no longer be overtaken, and over the cap the earliest of the rest too. */
static void release(struct shard *shard)
{
    struct origin watermark;
    bool waiting = tcp_watermark(shard->tcp, &watermark);
    struct merge_item *item = merge_pop(shard->merge, waiting ? &watermark : NULL);
    while (item) {
        hand_on(shard, item);
        item = merge_pop(shard->merge, waiting ? &watermark : NULL);
    }
    while (merge_bytes(shard->merge) > shard->limits.merge_bytes) {
        item = merge_pop(shard->merge, NULL);
        report_merge_cap(shard, &item->key);
        hand_on(shard, item);
    }
    shard->holding = waiting;
}

void shard_feed(struct shard *shard, const struct packet *packet)
{
    struct datagram datagram;
    enum frame_status status = frame_decode(shard->frames, packet, &datagram);
    if (status == FRAME_DATAGRAM && datagram.tcp) {
        tcp_feed(shard->tcp, &datagram);
    } else {
        tcp_tick(shard->tcp, packet->origin.time);
        if (status == FRAME_DATAGRAM) {
            (void)streams_datagram(shard->streams, &datagram);
        }
    }
    release(shard);
}

void shard_end(struct shard *shard)
{
    shard->holding = true;
    tcp_end(shard->tcp);
    streams_end(shard->streams);
    frames_end(shard->frames);
    release(shard);
}

void shard_count(const struct shard *shard, struct summary *out)
{
    uint64_t decoded = 0;
    uint64_t skipped[SKIP_REASONS] = {0};
    frames_counts(shard->frames, &decoded, skipped);
    out->decoded += decoded;
    for (int reason = 0; reason < SKIP_REASONS; reason++) {
        out->skipped[reason] += skipped[reason];
    }
    struct coverage_summary coverage = streams_coverage(shard->streams);
    out->coverage.streams += coverage.streams;
    out->coverage.read += coverage.read;
    out->coverage.encrypted += coverage.encrypted;
    out->coverage.compressed += coverage.compressed;
    out->coverage.gapped += coverage.gapped;
    out->coverage.one_sided += coverage.one_sided;
    out->coverage.verdict = coverage.verdict;
}
