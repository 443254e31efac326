/*
 * What decoding alone costs: the stages of analyzer/pipeline.c up to the events (frames,
 * streams, messages, bodies, transactions and dialogs), and nobody who listens. No engine,
 * no rules, no sinks. tests/bench/bench.py sets `ocsight audit` against it.
 */
#include <inttypes.h>
#include <stdio.h>

#include "analyzer/crew.h"
#include "analyzer/inputs.h"
#include "analyzer/merge.h"
#include "decoders/exchange.h"

struct decode {
    struct limits limits;
    struct event_sink sink;
    struct inputs *inputs;
    struct frames *frames;
    struct shard *shards[SHARDS];
    struct merge *merge;
    struct exchange *exchange;
    uint64_t packets;
    uint64_t events;
};

static void count_event(void *context, const struct event *event)
{
    struct decode *decode = context;
    decode->events += event->kind < EVENT_KINDS;
}

/* The reader's own events are caps; they only count here. */
static void fill_batch(void *context, struct batch *batch)
{
    struct decode *decode = context;
    struct input_record next;
    bool more = inputs_next(decode->inputs, &next);
    for (int read = 0; more && next.packet && read < 2 * BATCH_PACKETS && !batch_is_full(batch);
         read++) {
        struct datagram datagram;
        struct packet *packet = next.packet;
        packet->origin.order = ++decode->packets;
        batch->order = packet->origin.order;
        batch->now = packet->origin.time;
        if (frame_decode(decode->frames, packet, &datagram) == FRAME_DATAGRAM) {
            batch_add(batch, &datagram);
        }
        inputs_step(decode->inputs);
        more = inputs_next(decode->inputs, &next);
    }
    batch->last = !more || !next.packet;
    if (batch->last) {
        frames_end(decode->frames);
    }
}

static void handle_batch(struct decode *decode, struct batch *batch)
{
    merge_take(decode->merge, batch);
    struct item *item = merge_pop(decode->merge, false);
    while (item) {
        if (item->is_message) {
            exchange_feed(decode->exchange, &item->message, &item->facts);
        } else {
            count_event(decode, &item->event);
        }
        merge_done(decode->merge, item);
        item = merge_pop(decode->merge, merge_bytes(decode->merge) > decode->limits.merge_bytes);
    }
}

static void decode_init(struct decode *decode, const char *const *name)
{
    const struct map_seed seed = {{1, 2}};
    decode->limits = limits_default();
    decode->sink = (struct event_sink){count_event, decode};
    const struct inputs_options inputs = {.names = name, .count = 1, .limits = &decode->limits};
    decode->inputs = inputs_new(&inputs);
    decode->frames = frames_new(seed, &decode->limits, &decode->sink);
    for (unsigned i = 0; i < SHARDS; i++) {
        decode->shards[i] = shard_new(seed, &decode->limits, i, NULL);
    }
    decode->merge = merge_new();
    decode->exchange = exchange_new(seed, &decode->limits, &decode->sink);
}

static void decode_run(struct decode *decode)
{
    struct crew_source source = {decode, fill_batch};
    struct crew *crew = crew_new(1, &source, decode->shards);
    struct batch *batch = crew_next(crew);
    while (batch) {
        handle_batch(decode, batch);
        crew_done(crew, batch);
        batch = crew_next(crew);
    }
    crew_free(crew);
    exchange_end(decode->exchange, inputs_last(decode->inputs));
}

static void decode_dispose(struct decode *decode)
{
    exchange_free(decode->exchange);
    merge_free(decode->merge);
    for (unsigned i = 0; i < SHARDS; i++) {
        shard_free(decode->shards[i]);
    }
    frames_free(decode->frames);
    inputs_free(decode->inputs);
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "Usage: decode_loop CAPTURE\n");
        return 2;
    }
    struct decode decode = {0};
    const char *name = argv[1];
    decode_init(&decode, &name);
    size_t unreadable = inputs_unreadable(decode.inputs);
    decode_run(&decode);
    printf("%" PRIu64 " packets, %" PRIu64 " events\n", decode.packets, decode.events);
    decode_dispose(&decode);
    return unreadable > 0 ? 3 : 0;
}
