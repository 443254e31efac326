/*
 * Packets of any link type: no read outside the record, every packet counted
 * once.
 *
 * Input: for each packet a byte for the link type, a byte for the seconds since
 * the packet before and the bytes left out of the record (4 bits each), two
 * bytes of length (big-endian), the packet.
 */
#include <stdlib.h>
#include <string.h>

#include "analyzer/engine/arena.h"
#include "decoders/cursor.h"
#include "decoders/frame.h"
#include "tests/fuzz/target.h"

static void on_cap(void *context, const struct event *event)
{
    size_t *caps = context;
    require(event->kind == EVENT_COVERAGE && event->as.coverage.kind == COVERAGE_CAP);
    ++*caps;
}

static void check_datagram(const struct datagram *datagram, const struct packet *packet)
{
    require(datagram->origin.record == packet->origin.record);
    require(datagram->source.family == ADDRESS_IPV4 || datagram->source.family == ADDRESS_IPV6);
    require(datagram->source.family == datagram->destination.family);
    touch(datagram->payload);
}

static void check_counts(const struct frames *frames, uint64_t packets)
{
    uint64_t total = 0;
    uint64_t skipped[SKIP_REASONS];
    frames_counts(frames, &total, skipped);
    for (int reason = 0; reason < SKIP_REASONS; reason++) {
        total += skipped[reason];
    }
    require(total == packets);
}

/* A copy of exactly the packet's size: one byte further is an error. */
static struct slice copy_of(struct slice bytes, char **out)
{
    *out = memory_alloc(bytes.size);
    if (bytes.size > 0) {
        memcpy(*out, bytes.data, bytes.size);
    }
    return (struct slice){*out, bytes.size};
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint32_t links[] = {1, 113, 276, 101, 12, 14, 228, 229, 0, 108, 9, 50, 51, 147};
    struct limits limits = limits_default();
    limits.fragments = 3;
    limits.tunnel_depth = 4;
    size_t caps = 0;
    struct event_sink sink = {on_cap, &caps};
    struct frames *frames = frames_new((struct map_seed){{1, 2}}, &limits, &sink);
    struct cursor cursor = cursor_over((struct slice){(const char *)data, size});
    struct packet packet = {.origin = {.time = 0}};
    while (cursor_rest(&cursor).size >= 4) {
        packet.link_type = links[cursor_u8(&cursor) % (sizeof links / sizeof links[0])];
        unsigned time_and_cut = cursor_u8(&cursor);
        size_t length = cursor_u16be(&cursor);
        struct slice rest = cursor_rest(&cursor);
        length = length < rest.size ? length : rest.size;
        char *copy = NULL;
        packet.bytes = copy_of(cursor_take(&cursor, length), &copy);
        packet.wire_size = length + (time_and_cut & 0x0f);
        packet.origin.time += (time_and_cut >> 4) * TIME_SECOND;
        packet.origin.record++;
        struct datagram datagram;
        if (frame_decode(frames, &packet, &datagram) == FRAME_DATAGRAM) {
            check_datagram(&datagram, &packet);
        }
        free(copy);
    }
    frames_end(frames);
    check_counts(frames, packet.origin.record);
    frames_free(frames);
    return 0;
}
