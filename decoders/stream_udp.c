/*
 * Which ends of a UDP conversation were heard. See stream_udp.h.
 */
#include "decoders/stream_udp.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/engine/arena.h"

enum { END_SIZE = 19, KEY_SIZE = 2 * END_SIZE };

struct flow {
    struct address ends[2];
    struct origin first;
    uint64_t heard[2];  /* messages from each end */
    uint64_t awaits[2]; /* of them, requests that await an answer */
};

void flows_init(struct flows *flows, struct map_seed seed, const struct limits *limits,
                const struct event_sink *coverage)
{
    *flows = (struct flows){.max = limits->connections, .coverage = coverage};
    map_init(&flows->table, seed);
}

void flows_dispose(struct flows *flows)
{
    map_dispose(&flows->table, free);
}

static void end_write(char out[static END_SIZE], const struct address *address)
{
    memcpy(out, address->bytes, 16);
    out[16] = (char)address->family;
    out[17] = (char)(address->port >> 8);
    out[18] = (char)(address->port & 0xff);
}

static void key_write(char out[static KEY_SIZE], const struct datagram *datagram)
{
    bool forward = address_compare(&datagram->source, &datagram->destination) <= 0;
    end_write(out, forward ? &datagram->source : &datagram->destination);
    end_write(out + END_SIZE, forward ? &datagram->destination : &datagram->source);
}

static void one_sided_emit(struct flows *flows, const struct flow *flow, int from)
{
    struct event event = {
        .kind = EVENT_COVERAGE,
        .origin = flow->first,
        .as.coverage = {.kind = COVERAGE_ONE_SIDED,
                        .source = flow->ends[from],
                        .destination = flow->ends[!from],
                        .count = flow->heard[from],
                        .detail = slice_of("no message of the other side")},
    };
    event_emit(flows->coverage, &event);
    flows->totals.one_sided++;
}

static void flow_conclude(struct flows *flows, const struct flow *flow)
{
    flows->totals.read++;
    for (int from = 0; from < 2; from++) {
        if (flow->heard[!from] == 0 && flow->awaits[from] > 0) {
            one_sided_emit(flows, flow, from);
        }
    }
}

static void oldest_conclude(struct flows *flows, const struct origin *now)
{
    struct flow *flow = map_remove_entry(&flows->table, flows->table.first);
    flow_conclude(flows, flow);
    free(flow);
    if (flows->totals.capped) {
        return;
    }
    flows->totals.capped = true;
    struct event event = {
        .kind = EVENT_COVERAGE,
        .origin = *now,
        .as.coverage = {.kind = COVERAGE_CAP, .count = 1, .detail = slice_of("connections")},
    };
    event_emit(flows->coverage, &event);
}

static struct flow *flow_for(struct flows *flows, const struct datagram *datagram)
{
    char key_bytes[KEY_SIZE];
    key_write(key_bytes, datagram);
    struct slice key = {key_bytes, sizeof key_bytes};
    struct map_entry *entry = map_find_entry(&flows->table, key);
    if (entry) {
        map_touch(&flows->table, entry);
        return entry->value;
    }
    if (flows->table.count > 0 && flows->table.count >= flows->max) {
        oldest_conclude(flows, &datagram->origin);
    }
    struct flow *flow = memory_zero(1, sizeof *flow);
    flow->ends[0] = datagram->source;
    flow->ends[1] = datagram->destination;
    flow->first = datagram->origin;
    map_put(&flows->table, key, flow);
    return flow;
}

void flows_note(struct flows *flows, const struct datagram *datagram, bool awaits)
{
    struct flow *flow = flow_for(flows, datagram);
    int from = address_equal(&flow->ends[0], &datagram->source) ? 0 : 1;
    flow->heard[from]++;
    flow->awaits[from] += awaits;
}

void flows_end(struct flows *flows)
{
    while (flows->table.first) {
        struct flow *flow = map_remove_entry(&flows->table, flows->table.first);
        flow_conclude(flows, flow);
        free(flow);
    }
}
