/*
 * A run of packets on its way through the decoding. See batch.h.
 */
#include "analyzer/batch.h"

#include <stdlib.h>
#include <string.h>

#include "decoders/dns.h"
#include "decoders/web_call.h"

struct harvest *harvest_new(void)
{
    struct harvest *harvest = memory_zero(1, sizeof *harvest);
    arena_init(&harvest->arena);
    return harvest;
}

void harvest_free(struct harvest *harvest)
{
    arena_dispose(&harvest->arena);
    free(harvest);
}

void harvest_clear(struct harvest *harvest)
{
    arena_reset(&harvest->arena);
    harvest->first = NULL;
    harvest->last = NULL;
    harvest->pending = 0;
    harvest->watermark = UINT64_MAX;
    harvest->next_spare = NULL;
}

struct item *harvest_add(struct harvest *harvest)
{
    struct item *item = arena_zero(&harvest->arena, 1, sizeof *item);
    item->home = harvest;
    if (harvest->last) {
        harvest->last->next = item;
    } else {
        harvest->first = item;
    }
    harvest->last = item;
    harvest->pending++;
    return item;
}

struct event event_keep(struct arena *arena, const struct event *event)
{
    struct event kept = *event;
    if (event->kind == EVENT_COVERAGE) {
        kept.as.coverage.detail = arena_keep(arena, event->as.coverage.detail);
    } else if (event->kind == EVENT_DIAGNOSTIC) {
        kept.as.diagnostic.detail = arena_keep(arena, event->as.diagnostic.detail);
    } else if (event->kind == EVENT_HTTP) {
        kept.as.http = web_fact_keep(arena, &event->as.http);
    } else if (event->kind == EVENT_DNS) {
        kept.as.dns = dns_fact_keep(arena, &event->as.dns);
    }
    return kept;
}

void harvest_event(struct harvest *harvest, const struct event *event)
{
    struct item *item = harvest_add(harvest);
    item->order = event->origin.order;
    item->event = event_keep(&harvest->arena, event);
}

struct batch *batch_new(void)
{
    struct batch *batch = memory_zero(1, sizeof *batch);
    arena_init(&batch->arena);
    for (int i = 0; i < HARVESTS; i++) {
        batch->harvests[i] = harvest_new();
        harvest_clear(batch->harvests[i]);
    }
    return batch;
}

void batch_free(struct batch *batch)
{
    for (int i = 0; i < HARVESTS; i++) {
        harvest_free(batch->harvests[i]);
    }
    arena_dispose(&batch->arena);
    free(batch);
}

void batch_clear(struct batch *batch)
{
    arena_reset(&batch->arena);
    batch->count = 0;
    batch->bytes = 0;
    batch->now = TIME_NONE;
    batch->order = 0;
    batch->last = false;
}

static uint64_t mix(uint64_t hash, const struct address *address)
{
    for (size_t i = 0; i < sizeof address->bytes; i++) {
        hash = (hash ^ address->bytes[i]) * UINT64_C(0x100000001b3);
    }
    return hash;
}

/* Both directions, fragments and tunnels of two hosts stay together: the hosts only, whichever
 * way round, FNV-1a of each, added. Which shard it is shows in no result. */
static unsigned shard_of(const struct datagram *datagram)
{
    const uint64_t start = UINT64_C(0xcbf29ce484222325);
    uint64_t hash = mix(start, &datagram->source) + mix(start, &datagram->destination);
    return (unsigned)(hash >> 32) % SHARDS;
}

void batch_add(struct batch *batch, const struct datagram *datagram)
{
    struct batch_entry *entry = &batch->entries[batch->count++];
    *entry = (struct batch_entry){.datagram = *datagram};
    if (datagram->payload.size > 0) {
        entry->datagram.payload = arena_keep(&batch->arena, datagram->payload);
    }
    entry->shard = shard_of(datagram);
    batch->bytes += datagram->payload.size;
}

/* Nothing is shared between messages here; which shard it is shows in no result. */
static struct batch_entry *add_kept(struct batch *batch, const struct origin *origin,
                                    uint64_t order)
{
    struct batch_entry *entry = &batch->entries[batch->count++];
    *entry = (struct batch_entry){.order = order, .shard = (unsigned)(origin->order % SHARDS)};
    return entry;
}

void batch_add_unit(struct batch *batch, const struct sip_unit *unit, uint64_t order)
{
    struct batch_entry *entry = add_kept(batch, &unit->observed.origin, order);
    struct sip_unit *kept = arena_alloc(&batch->arena, sizeof *kept);
    *kept = *unit;
    kept->raw = arena_keep(&batch->arena, unit->raw);
    entry->unit = kept;
    batch->bytes += unit->raw.size;
}

void batch_add_event(struct batch *batch, const struct event *event, uint64_t order)
{
    struct batch_entry *entry = add_kept(batch, &event->origin, order);
    struct event *kept = arena_alloc(&batch->arena, sizeof *kept);
    *kept = event_keep(&batch->arena, event);
    entry->event = kept;
}

bool batch_is_full(const struct batch *batch)
{
    return batch->count == BATCH_PACKETS || batch->bytes >= BATCH_BYTES;
}
