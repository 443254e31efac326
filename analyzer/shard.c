/*
 * One shard of the decoding. See shard.h.
 */
#include "analyzer/shard.h"

#include <stdlib.h>

#include "decoders/body.h"
#include "decoders/redact.h"
#include "decoders/sip.h"
#include "decoders/stream.h"
#include "decoders/tcp.h"

struct shard {
    unsigned number;
    struct limits limits;
    struct event_sink events; /* coverage of the decoders below */
    struct tcp *tcp;
    struct tcp_sink tcp_sink;
    struct streams *streams;
    struct stream_sink stream_sink;
    struct body_reader *bodies;
    struct redactor *redactor; /* NULL = names stay */
    struct harvest *harvest;   /* of the batch that is being worked on */
};

/* What sip_parse() finds odd; becomes facts behind those of the body. */
struct oddities {
    struct shard *shard;
    struct item *item;
    struct facts found;
};

static void keep_oddity(void *context, const struct event *event)
{
    struct oddities *odd = context;
    struct arena *arena = &odd->item->home->arena;
    struct event *fact =
        facts_add(&odd->found, arena, &odd->shard->limits, event->kind, &odd->item->message);
    if (fact) {
        fact->as = event->as;
        fact->as.diagnostic.detail = arena_keep(arena, event->as.diagnostic.detail);
    }
}

static void add_oddities(struct shard *shard, struct item *item, const struct facts *found)
{
    for (size_t i = 0; i < found->count; i++) {
        struct event *fact = facts_add(&item->facts, &item->home->arena, &shard->limits,
                                       found->items[i].kind, &item->message);
        if (fact) {
            fact->as = found->items[i].as;
        }
    }
}

static void take_unit(void *context, const struct sip_unit *unit)
{
    struct shard *shard = context;
    struct item *item = harvest_add(shard->harvest);
    struct arena *arena = &shard->harvest->arena;
    struct oddities odd = {.shard = shard, .item = item};
    struct event_sink odd_sink = {keep_oddity, &odd};
    item->order = unit->observed.origin.order;
    item->message.observed = unit->observed;
    struct slice raw = unit->raw;
    if (shard->redactor) {
        raw = redact_message(shard->redactor, raw);
        redact_observation(shard->redactor, &item->message.observed);
    }
    raw = arena_keep(arena, raw);
    item->is_message = sip_parse(raw, &shard->limits, arena, &odd_sink, &item->message);
    if (!item->is_message) {
        /* The framer saw a start line, so this cannot happen; it would be counted, not dropped. */
        item->event = (struct event){.kind = EVENT_DIAGNOSTIC, .origin = unit->observed.origin};
        item->event.as.diagnostic.code = "sip-no-start-line";
        return;
    }
    item->message.raw = raw;
    item->message.flags |= unit->flags;
    body_decode(shard->bodies, &item->message, arena, &item->facts);
    add_oddities(shard, item, &odd.found);
}

static void take_event(void *context, const struct event *event)
{
    struct shard *shard = context;
    struct event named = *event;
    if (shard->redactor) {
        redact_event(shard->redactor, &named);
    }
    harvest_event(shard->harvest, &named);
}

/* Its part of the caps that count what all connections together may use. */
static struct limits part_of(const struct limits *limits)
{
    struct limits part = *limits;
    part.connections = limits->connections / SHARDS + 1;
    part.tcp_waiting_total = limits->tcp_waiting_total / SHARDS;
    part.tcp_history_bytes = limits->tcp_history_bytes / SHARDS;
    return part;
}

struct shard *shard_new(struct map_seed seed, const struct limits *limits, unsigned number,
                        const struct pseudonym_key *redact)
{
    struct shard *shard = memory_zero(1, sizeof *shard);
    shard->number = number;
    shard->limits = part_of(limits);
    shard->events = (struct event_sink){take_event, shard};
    shard->stream_sink = (struct stream_sink){shard, take_unit};
    shard->streams = streams_new(seed, &shard->limits, &shard->stream_sink, &shard->events);
    shard->tcp_sink = streams_tcp_sink(shard->streams);
    shard->tcp = tcp_new(seed, &shard->limits, &shard->tcp_sink, &shard->events);
    shard->bodies = body_reader_new(&shard->limits);
    shard->redactor = redact ? redactor_new(redact, seed) : NULL;
    return shard;
}

void shard_free(struct shard *shard)
{
    tcp_free(shard->tcp);
    streams_free(shard->streams);
    body_reader_free(shard->bodies);
    redactor_free(shard->redactor);
    free(shard);
}

/* A datagram, or a message or event that a store kept. */
static void work_entry(struct shard *shard, const struct batch_entry *entry)
{
    if (entry->unit) {
        take_unit(shard, entry->unit);
        shard->harvest->last->order = entry->order;
    } else if (entry->event) {
        take_event(shard, entry->event);
        shard->harvest->last->order = entry->order;
    } else if (entry->datagram.tcp) {
        tcp_feed(shard->tcp, &entry->datagram);
    } else {
        (void)streams_datagram(shard->streams, &entry->datagram);
    }
}

void shard_work(struct shard *shard, struct batch *batch)
{
    shard->harvest = batch->harvests[shard->number];
    for (size_t i = 0; i < batch->count; i++) {
        const struct batch_entry *entry = &batch->entries[i];
        if (entry->shard == shard->number) {
            work_entry(shard, entry);
        }
    }
    if (batch->now != TIME_NONE) {
        tcp_tick(shard->tcp, batch->now);
    }
    if (batch->last) {
        tcp_end(shard->tcp);
        streams_end(shard->streams);
    }
    struct origin watermark;
    bool waiting = tcp_watermark(shard->tcp, &watermark);
    shard->harvest->watermark = waiting ? watermark.order : UINT64_MAX;
    shard->harvest = NULL;
}

void shard_count(const struct shard *shard, struct coverage_summary *out)
{
    struct coverage_summary coverage = streams_coverage(shard->streams);
    out->streams += coverage.streams;
    out->read += coverage.read;
    out->encrypted += coverage.encrypted;
    out->compressed += coverage.compressed;
    out->gapped += coverage.gapped;
    out->one_sided += coverage.one_sided;
}
