/*
 * A capture of any format, written again with comments: reading both must give the same packets,
 * and the copy, written again with these comments, comes out as it is.
 */
#include "analyzer/packet_copy.h"
#include "decoders/pcapng_write.h"
#include "tests/fuzz/target.h"

enum { OUT_MAX = 64 << 20, LINK_LAST = 65535 };

/* One, two or no comments of many lengths, made of the packet's number. */
struct spoken {
    struct buffer out;
    char text[3000];
    struct slice items[2];
};

static void write_bytes(void *context, struct slice bytes)
{
    struct spoken *spoken = context;
    require(buffer_append(&spoken->out, bytes));
}

static const struct slice *give_comments(void *context, uint64_t record, size_t *count)
{
    struct spoken *spoken = context;
    *count = record % 3;
    spoken->items[0] = (struct slice){spoken->text, record * 7 % sizeof spoken->text};
    spoken->items[1] = (struct slice){spoken->text, record % 9};
    return spoken->items;
}

static struct packet_copy write_again(struct spoken *spoken, struct slice file,
                                      const struct limits *limits)
{
    const struct packet_copy_options options = {
        .application = "fuzz",
        .context = spoken,
        .write = write_bytes,
        .comments = give_comments,
    };
    struct capture *capture = capture_open_memory(file, 0, NULL, limits);
    struct packet_copy done = packet_copy_run(capture, &options);
    capture_close(capture);
    return done;
}

static void check_packet(const struct packet *old, const struct packet *new, bool dated)
{
    require(slice_equal(old->bytes, new->bytes) && old->wire_size == new->wire_size);
    require(old->link_type > LINK_LAST || old->link_type == new->link_type);
    require(!dated || old->origin.time == new->origin.time);
}

/* Both, packet by packet. Without a time a packet may get one, on a clock of its own. */
static uint64_t compare(struct slice file, struct slice again, const struct limits *limits)
{
    struct capture *old = capture_open_memory(file, 0, NULL, limits);
    struct capture *new = capture_open_memory(again, 0, NULL, limits);
    struct packet was;
    struct packet is;
    uint64_t packets = 0;
    while (capture_next(old, &was) == CAPTURE_PACKET) {
        require(capture_next(new, &is) == CAPTURE_PACKET);
        check_packet(&was, &is, capture_counts(old).undated == 0);
        packets++;
    }
    require(capture_next(new, &is) != CAPTURE_PACKET);
    require(capture_counts(old).damaged >= capture_counts(new).damaged);
    capture_close(old);
    capture_close(new);
    return packets;
}

/* What stands there already is not said twice. */
static void check_again(struct spoken *spoken, struct slice written, const struct limits *limits)
{
    buffer_init(&spoken->out, OUT_MAX);
    struct packet_copy done = write_again(spoken, written, limits);
    require(done.comments == 0 && slice_equal(buffer_slice(&spoken->out), written));
    buffer_dispose(&spoken->out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct limits limits = limits_default();
    limits.packet_bytes = 256;
    limits.interfaces = 8;
    limits.unpacked_bytes = 1U << 20;
    struct spoken spoken = {.text = "ocsight"};
    struct slice file = {(const char *)data, size};
    struct capture *capture = capture_open_memory(file, 0, NULL, &limits);
    struct packet packet;
    enum capture_status status = capture_next(capture, &packet);
    capture_close(capture);
    if (status == CAPTURE_FAILED) {
        return 0;
    }
    buffer_init(&spoken.out, OUT_MAX);
    struct packet_copy done = write_again(&spoken, file, &limits);
    struct buffer written = spoken.out;
    require(compare(file, buffer_slice(&written), &limits) == done.packets);
    check_again(&spoken, buffer_slice(&written), &limits);
    buffer_dispose(&written);
    return 0;
}
