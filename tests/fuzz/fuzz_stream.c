/*
 * Connections as a script cuts and tears them, and datagrams.
 *
 * Byte 0: bit 0 = captured from the start, bit 1 = small caps, bit 2 = the other
 * side too, bit 3 = gaps. Bytes 1-8: lengths of the pieces, used in turn; an odd
 * one is a gap when there are gaps. The rest is the stream. Without gaps the
 * messages must be the same as when everything comes at once.
 */
#include <stdlib.h>
#include <string.h>

#include "decoders/stream.h"
#include "tests/fuzz/target.h"

enum { SCRIPT = 9, UNITS_MAX = 512 };

struct run {
    uint64_t units[UNITS_MAX]; /* place, size and flags of each */
    size_t count;
    uint64_t notes;
    bool unread; /* TLS or compression: where it is noticed depends on the pieces */
};

static void run_unit(void *context, const struct sip_unit *unit)
{
    struct run *run = context;
    require(unit->raw.size > 0 && sip_look(unit->raw) == SIP_LOOK_YES);
    if (run->count < UNITS_MAX) {
        run->units[run->count++] = unit->observed.origin.stream_offset << 32 |
                                   (uint64_t)unit->raw.size << 12 | unit->flags;
    }
}

static void run_note(void *context, const struct event *event)
{
    struct run *run = context;
    run->notes++;
    run->unread |=
        event->kind == EVENT_COVERAGE && (event->as.coverage.kind == COVERAGE_ENCRYPTED ||
                                          event->as.coverage.kind == COVERAGE_COMPRESSED);
}

static struct streams *run_begin(struct run *run, unsigned options)
{
    struct limits limits = limits_default();
    if (options & 2) {
        limits.header_bytes = 300;
        limits.message_bytes = 400;
        limits.connections = 2;
    }
    struct stream_sink sink = {run, run_unit};
    struct event_sink notes = {run_note, run};
    return streams_new((struct map_seed){{1, 2}}, &limits, &sink, &notes);
}

static struct tcp_connection connection_of(unsigned options)
{
    return (struct tcp_connection){
        .id = 1,
        .ends = {{.family = ADDRESS_IPV4, .port = 1}, {.family = ADDRESS_IPV4, .port = 2}},
        .from_start = options & 1,
        .seen = {true, options & 4},
    };
}

static void run_close(struct run *run, struct streams *streams, struct tcp_connection *connection)
{
    struct tcp_sink sink = streams_tcp_sink(streams);
    sink.close(sink.context, connection);
    require(!connection->attachment);
    streams_end(streams);
    struct coverage_summary totals = streams_coverage(streams);
    require(totals.streams == totals.read + totals.encrypted + totals.compressed);
    require(totals.streams <= 1 && (run->count == 0 || totals.streams == 1));
    streams_free(streams);
}

static void run_pieces(struct run *run, const uint8_t *script, struct slice bytes)
{
    unsigned options = script[0];
    struct streams *streams = run_begin(run, options);
    struct tcp_sink sink = streams_tcp_sink(streams);
    struct tcp_connection connection = connection_of(options);
    uint64_t offset[2] = {0, 0};
    for (size_t turn = 0; bytes.size > 0; turn++) {
        uint8_t length = script[1 + turn % (SCRIPT - 1)];
        int from = options & 4 && length & 2 ? 1 : 0;
        struct slice piece = slice_sub(bytes, 0, (size_t)length + 1);
        struct origin origin = {.record = turn + 1, .stream = 1, .stream_offset = offset[from]};
        char *copy = malloc(piece.size);
        memcpy(copy, piece.data, piece.size);
        if (options & 8 && length & 1) {
            sink.gap(sink.context, &connection, from, piece.size, &origin);
        } else {
            sink.data(sink.context, &connection, from, (struct slice){copy, piece.size}, &origin);
        }
        free(copy);
        offset[from] += piece.size;
        bytes = slice_from(bytes, piece.size);
    }
    run_close(run, streams, &connection);
}

static void run_at_once(struct run *run, unsigned options, struct slice bytes)
{
    struct streams *streams = run_begin(run, options);
    struct tcp_sink sink = streams_tcp_sink(streams);
    struct tcp_connection connection = connection_of(options);
    struct origin origin = {.record = 1, .stream = 1};
    sink.data(sink.context, &connection, 0, bytes, &origin);
    run_close(run, streams, &connection);
}

static void run_datagram(unsigned options, struct slice bytes)
{
    struct run run = {.count = 0};
    struct streams *streams = run_begin(&run, options);
    struct datagram datagram = {.payload = bytes};
    bool sip = streams_datagram(streams, &datagram);
    require(run.count == (sip ? 1 : 0));
    streams_end(streams);
    require(streams_coverage(streams).read == (sip ? 1 : 0));
    streams_free(streams);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size <= SCRIPT) {
        return 0;
    }
    struct slice bytes = {(const char *)data + SCRIPT, size - SCRIPT};
    static struct run pieces, once;
    pieces = (struct run){.count = 0};
    once = (struct run){.count = 0};
    run_pieces(&pieces, data, bytes);
    if (!(data[0] & 12)) {
        run_at_once(&once, data[0], bytes);
        require(pieces.unread || once.unread ||
                (pieces.count == once.count &&
                 memcmp(pieces.units, once.units, once.count * sizeof *once.units) == 0));
    }
    run_datagram(data[0], bytes);
    return 0;
}
