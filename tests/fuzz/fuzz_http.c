/*
 * HTTP on a connection. The first byte seeds the cuts; of what follows, the bytes
 * 0xfe and 0xff change the direction, 0xfd loses some bytes of the present one.
 * Whatever the cuts, the same calls must come out.
 */
#include "analyzer/engine/map.h"
#include "decoders/stream.h"
#include "decoders/web_call.h"
#include "tests/fuzz/target.h"

enum { SWITCH_UP = 0xff, SWITCH_DOWN = 0xfe, LOSE = 0xfd };

struct run {
    struct arena arena;
    uint64_t hash; /* of everything that was told, in order */
    uint64_t told;
    uint64_t sent[2];
    uint64_t record;
};

static void mix(struct run *run, struct slice text)
{
    for (size_t i = 0; i < text.size; i++) {
        run->hash = (run->hash ^ slice_byte(text, i)) * UINT64_C(0x100000001b3);
    }
    run->hash = (run->hash ^ text.size) * UINT64_C(0x100000001b3);
}

static void mix_number(struct run *run, uint64_t number)
{
    mix(run, map_number_key(&number));
}

static void take_event(void *context, const struct event *event)
{
    struct run *run = context;
    if (event->kind != EVENT_HTTP) {
        return;
    }
    const struct http_fact fact = web_fact_keep(&run->arena, &event->as.http);
    run->told++;
    mix_number(run, fact.request);
    mix_number(run, fact.call);
    mix_number(run, fact.status);
    mix_number(run, fact.bytes);
    mix_number(run, fact.token_hash);
    mix_number(run, fact.cut);
    mix(run, fact.target);
    mix(run, fact.file);
    mix(run, fact.room_id);
    mix(run, fact.result);
    mix(run, fact.order.name);
}

static void take_unit(void *context, const struct sip_unit *unit)
{
    struct run *run = context;
    mix(run, unit->raw);
}

static struct origin next_origin(struct run *run, int from)
{
    run->record++;
    return (struct origin){
        .record = run->record, .order = run->record, .stream = 1, .stream_offset = run->sent[from]};
}

static size_t piece_end(const uint8_t *data, size_t size, size_t at)
{
    while (at < size && data[at] < LOSE) {
        at++;
    }
    return at;
}

/* `step` 0 = whole pieces, else pieces cut into so many bytes. */
static void play(struct run *run, const uint8_t *data, size_t size, size_t step)
{
    struct limits limits = limits_default();
    limits.web_bytes = 512;
    struct stream_sink sink = {run, take_unit};
    struct event_sink events = {take_event, run};
    struct streams *streams = streams_new((struct map_seed){{1, 2}}, &limits, &sink, &events);
    struct tcp_sink tcp = streams_tcp_sink(streams);
    struct tcp_connection connection = {.id = 1, .from_start = true, .seen = {true, true}};
    int from = 0;
    for (size_t at = 0; at < size; at++) {
        size_t end = piece_end(data, size, at);
        while (at < end) {
            size_t part = step == 0 || step > end - at ? end - at : step;
            struct origin origin = next_origin(run, from);
            struct slice copy = memory_keep((struct slice){(const char *)data + at, part});
            tcp.data(tcp.context, &connection, from, copy, &origin);
            memory_release(copy);
            run->sent[from] += part;
            at += part;
        }
        if (at < size && data[at] == LOSE) {
            struct origin origin = next_origin(run, from);
            tcp.gap(tcp.context, &connection, from, 16, &origin);
            run->sent[from] += 16;
        } else if (at < size) {
            from = data[at] == SWITCH_DOWN;
        }
    }
    tcp.close(tcp.context, &connection);
    streams_end(streams);
    streams_free(streams);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2) {
        return 0;
    }
    struct run runs[2] = {{.hash = 1}, {.hash = 1}};
    for (size_t i = 0; i < 2; i++) {
        arena_init(&runs[i].arena);
        play(&runs[i], data + 1, size - 1, i == 0 ? 0 : data[0] % 16 + 1);
        arena_dispose(&runs[i].arena);
    }
    require(runs[0].told == runs[1].told && runs[0].hash == runs[1].hash);
    return 0;
}
