/*
 * TCP segments in any order: what is handed on is in place, in order, not
 * earlier than the watermark, and each connection is closed once.
 *
 * Input: a byte for the caps, then six bytes for each segment: flags (and
 * direction, port, whether its bytes are true), a sequence number relative to
 * the direction's place (signed), length, acknowledgement, milliseconds.
 *
 * The byte with sequence number n is (uint8_t)n. So whatever was lost or
 * reordered, the byte at offset o of a stream is the first byte of that stream
 * plus the distance, modulo 256.
 */
#include <stdlib.h>
#include <string.h>

#include "decoders/cursor.h"
#include "decoders/tcp.h"
#include "tests/fuzz/target.h"

enum { FROM_SERVER = 0x20, OTHER_PORT = 0x40, LYING = 0x80, FAR = 0x08 /* no PSH: a far place */ };

/* What is known of one direction of one connection; its attachment has two. */
struct told {
    bool begun;
    uint8_t first; /* the byte at offset 0, modulo 256 */
    uint64_t offset;
};

struct run {
    struct tcp *tcp;
    bool lies;     /* some bytes were not what their numbers say */
    uint64_t open; /* attachments */
    struct origin floor;
    uint64_t last_closed;
    bool ending;
};

static struct told *told_of(struct run *run, struct tcp_connection *connection, int from)
{
    if (!connection->attachment) {
        connection->attachment = calloc(2, sizeof(struct told));
        require(connection->attachment != NULL);
        run->open++;
    }
    return (struct told *)connection->attachment + from;
}

static void check_place(const struct run *run, const struct tcp_connection *connection,
                        const struct told *told, const struct origin *origin)
{
    require(origin->stream == connection->id);
    require(origin->stream_offset == told->offset);
    require(origin_compare(origin, &run->floor) >= 0);
}

static void on_data(void *context, struct tcp_connection *connection, int from, struct slice bytes,
                    const struct origin *origin)
{
    struct run *run = context;
    struct told *told = told_of(run, connection, from);
    require(bytes.size > 0);
    check_place(run, connection, told, origin);
    if (!told->begun) {
        told->begun = true;
        told->first = (uint8_t)(slice_byte(bytes, 0) - told->offset);
    }
    for (size_t i = 0; i < bytes.size && !run->lies; i++) {
        require(slice_byte(bytes, i) == (uint8_t)(told->first + told->offset + i));
    }
    told->offset += bytes.size;
    require(told->offset == connection->bytes[from] + connection->lost[from]);
}

static void on_gap(void *context, struct tcp_connection *connection, int from, uint64_t size,
                   const struct origin *origin)
{
    struct run *run = context;
    struct told *told = told_of(run, connection, from);
    require(size > 0);
    check_place(run, connection, told, origin);
    told->offset += size;
    require(told->offset == connection->bytes[from] + connection->lost[from]);
}

static void on_close(void *context, struct tcp_connection *connection)
{
    struct run *run = context;
    require(run->lies || connection->conflicts == 0);
    require(!run->ending || connection->id > run->last_closed);
    run->last_closed = run->ending ? connection->id : 0;
    if (connection->attachment) {
        free(connection->attachment);
        connection->attachment = NULL;
        run->open--;
    }
}

static void on_cap(void *context, const struct event *event)
{
    (void)context;
    require(event->kind == EVENT_COVERAGE && event->as.coverage.kind == COVERAGE_CAP);
}

static struct limits limits_for(unsigned choice)
{
    struct limits limits = limits_default();
    limits.tcp_history_bytes = 4096 + choice * 64;
    limits.connections = 1 + (choice & 3);
    limits.tcp_waiting_bytes = (choice & 4) != 0 ? 1000 : 1U << 20;
    limits.tcp_waiting_total = (choice & 8) != 0 ? 1500 : 1U << 20;
    return limits;
}

/* What the next call may hand on: what waits, and what has the origin of the segment itself. */
static void set_floor(struct run *run, const struct origin *segment)
{
    struct origin promised;
    bool waits = tcp_watermark(run->tcp, &promised);
    run->floor = waits && origin_compare(&promised, segment) < 0 ? promised : *segment;
}

static void feed_one(struct run *run, struct cursor *cursor, struct datagram *segment,
                     uint32_t places[2])
{
    unsigned flags = cursor_u8(cursor);
    int from = (flags & FROM_SERVER) != 0;
    int32_t offset = (int8_t)cursor_u8(cursor);
    size_t length = cursor_u8(cursor);
    unsigned acknowledged = cursor_u8(cursor);
    unsigned wait = cursor_u16be(cursor);
    bool far = (flags & FAR) == 0 && offset < -120;
    struct address ends[2] = {
        {.bytes = {10, 0, 0, 1}, .family = ADDRESS_IPV4, .port = (flags & OTHER_PORT) ? 2 : 1},
        {.bytes = {10, 0, 0, 2}, .family = ADDRESS_IPV4, .port = 5060},
    };
    segment->origin.time += ((int64_t)wait - 16) * (TIME_SECOND / 1000);
    segment->origin.record++;
    segment->source = ends[from];
    segment->destination = ends[!from];
    segment->flags = flags & (TCP_FIN | TCP_SYN | TCP_RST | TCP_PSH | TCP_ACK);
    segment->sequence = places[from] + (uint32_t)offset + (far ? 0x50000000U : 0);
    segment->acknowledged = places[!from] + acknowledged - 128;
    segment->missing = length % 16 == 15 ? length / 16 : 0;
    length = length > 240 ? 0 : length;
    char bytes[256];
    uint32_t first = segment->sequence + ((flags & TCP_SYN) != 0);
    for (size_t i = 0; i < length; i++) {
        bytes[i] = (char)(uint8_t)(first + i + ((flags & LYING) != 0));
    }
    run->lies = run->lies || (flags & LYING) != 0;
    segment->payload = (struct slice){bytes, length};
    set_floor(run, &segment->origin);
    tcp_feed(run->tcp, segment);
    places[from] += (uint32_t)(offset > 0 ? length : 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cursor cursor = cursor_over((struct slice){(const char *)data, size});
    unsigned choice = cursor_u8(&cursor);
    struct limits limits = limits_for(choice);
    struct run run = {.floor = {.time = TIME_NONE}};
    struct tcp_sink sink = {&run, on_data, on_gap, on_close};
    struct event_sink caps = {on_cap, &run};
    run.tcp = tcp_new((struct map_seed){{1, 2}}, &limits, &sink, &caps);
    struct datagram segment = {.origin = {.time = 1000 * TIME_SECOND}, .tcp = true};
    uint32_t places[2] = {0U - (choice >> 4) * 16, 0x7fffff00U};
    while (cursor_rest(&cursor).size >= 6) {
        feed_one(&run, &cursor, &segment, places);
    }
    set_floor(&run, &segment.origin);
    run.ending = true;
    run.last_closed = 0;
    tcp_end(run.tcp);
    require(run.open == 0);
    require(!tcp_watermark(run.tcp, &run.floor));
    tcp_free(run.tcp);
    return 0;
}
