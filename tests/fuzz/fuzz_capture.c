/*
 * Captures of any format from memory: pcap, pcapng, NetMon, compressed or not.
 *
 * The caps are low, so that a small input reaches them. What must hold for any
 * input: numbers ascend, times are in range, packets keep to their cap, and the
 * capture ends in one of the ways it says.
 */
#include <inttypes.h>

#include "decoders/capture.h"
#include "tests/fuzz/target.h"

static void check_packet(const struct packet *packet, uint64_t after, const struct limits *limits)
{
    require(packet->origin.record > after);
    require(packet->origin.time >= 0 && packet->origin.time <= INT64_C(1) << 62);
    require(packet->bytes.size <= limits->packet_bytes);
    touch(packet->bytes);
}

static void check_end(struct capture *capture, enum capture_status status, uint64_t packets)
{
    struct packet packet;
    require((capture_problem(capture)[0] != '\0') == (status != CAPTURE_END));
    require(capture_next(capture, &packet) ==
            (status == CAPTURE_FAILED ? CAPTURE_FAILED : CAPTURE_END));
    struct input_info info = capture_info(capture);
    require(info.records == packets + capture_filtered(capture));
    require(info.truncated == (status == CAPTURE_CUT) && info.failed == (status == CAPTURE_FAILED));
    (void)capture_remark(capture);
    size_t count = 0;
    const struct capture_note *notes = capture_notes(capture, &count);
    for (size_t i = 0; i < count; i++) {
        touch(notes[i].content);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct limits limits = limits_default();
    limits.packet_bytes = 256;
    limits.note_bytes = 4096;
    limits.interfaces = 8;
    limits.unpacked_bytes = 1U << 20;
    const char *filter = size > 0 && data[size - 1] % 8 == 0 ? "udp port 5060" : NULL;
    struct slice content = {(const char *)data, size};
    struct capture *capture = capture_open_memory(content, 0, filter, &limits);
    struct packet packet;
    uint64_t after = 0;
    uint64_t packets = 0;
    enum capture_status status;
    while ((status = capture_next(capture, &packet)) == CAPTURE_PACKET) {
        check_packet(&packet, after, &limits);
        after = packet.origin.record;
        packets++;
    }
    check_end(capture, status, packets);
    capture_close(capture);
    return 0;
}
