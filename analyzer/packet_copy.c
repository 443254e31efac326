/*
 * A capture written again with comments. See packet_copy.h.
 *
 * A block comes after its packet: capture_next() gives the packet, which decides about it, and
 * the next call shows the block to take_block(). So blocks of all kinds stay in their order.
 *
 * A packet that says already, byte for byte, what it is to say is not made to say it twice: of a
 * file that was written here the same comes out again.
 *
 * Without some of its packets a file keeps its other blocks, but not those that their makers
 * forbid to copy then (custom blocks 0x40000BAD, draft-ietf-opsawg-pcapng section 4.7).
 */
#include "analyzer/packet_copy.h"

#include <stdlib.h>

#include "analyzer/engine/arena.h"
#include "decoders/pcapng_write.h"

enum { BLOCK_NO_COPY = 0x40000bad, BLOCK_MAX = 64 << 20 };

struct copy {
    const struct packet_copy_options *options;
    struct packet_copy done;
    struct capture_head head;
    struct buffer block;
    struct packet packet;            /* the latest */
    struct pcapng_comments comments; /* that it gets */
    struct arena arena;              /* of these */
    bool wanted;
    uint32_t *link_types; /* of the interfaces that were written */
    size_t interface_count;
};

static const struct pcapng_comments no_comments = {0};

static void flush(struct copy *copy)
{
    copy->options->write(copy->options->context, buffer_slice(&copy->block));
    buffer_clear(&copy->block);
}

static void count_packet(struct copy *copy, bool commented)
{
    copy->done.packets++;
    if (commented) {
        copy->done.comments += copy->comments.count;
    } else {
        copy->done.beyond += copy->comments.count;
    }
}

/* ---- what a packet says already ---- */

/* One of the comments that it is to get. */
struct wish {
    struct slice text;
    size_t place; /* among them */
};

static int compare_wishes(const void *a, const void *b)
{
    const struct wish *one = a;
    const struct wish *other = b;
    return slice_compare(one->text, other->text);
}

static struct wish *sort_wishes(const struct pcapng_comments *comments, struct arena *arena)
{
    struct wish *wishes = arena_alloc(arena, comments->count * sizeof *wishes);
    for (size_t i = 0; i < comments->count; i++) {
        wishes[i] = (struct wish){comments->items[i], i};
    }
    qsort(wishes, comments->count, sizeof *wishes, compare_wishes);
    return wishes;
}

/* Marks the wishes that are this text. */
static void mark_said(const struct wish *wishes, size_t count, struct slice text, bool *said)
{
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (slice_compare(wishes[middle].text, text) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (; low < count && !said[wishes[low].place] && slice_equal(wishes[low].text, text); low++) {
        said[wishes[low].place] = true;
    }
}

/* Takes out of the comments what stands in the packet's block. */
static void leave_out_said(struct copy *copy, const struct capture_block *block)
{
    struct pcapng_comments *comments = &copy->comments;
    struct slice text;
    size_t at = 0;
    if (comments->count == 0 || !pcapng_next_comment(block, &at, &text)) {
        return;
    }
    const struct wish *wishes = sort_wishes(comments, &copy->arena);
    bool *said = arena_zero(&copy->arena, comments->count, sizeof *said);
    do {
        mark_said(wishes, comments->count, text, said);
    } while (pcapng_next_comment(block, &at, &text));
    struct slice *left = arena_alloc(&copy->arena, comments->count * sizeof *left);
    size_t count = 0;
    for (size_t i = 0; i < comments->count; i++) {
        if (!said[i]) {
            left[count++] = comments->items[i];
        }
    }
    *comments = (struct pcapng_comments){left, count};
}

/* ---- pcapng ---- */

static void take_packet_block(struct copy *copy, const struct capture_block *block)
{
    if (!copy->wanted) {
        return;
    }
    leave_out_said(copy, block);
    bool commented = pcapng_takes_comments(block, &copy->packet) &&
                     pcapng_write_block(&copy->block, block, &copy->packet, &copy->comments);
    if (!commented) {
        (void)pcapng_write_block(&copy->block, block, &copy->packet, &no_comments);
    }
    if (block->place == 0) {
        count_packet(copy, commented);
    }
}

static void take_block(void *context, const struct capture_block *block)
{
    struct copy *copy = context;
    if (block->packet) {
        take_packet_block(copy, block);
    } else if (block->type == BLOCK_NO_COPY && copy->options->choice) {
        copy->done.left_out += block->place == 0;
    } else {
        (void)pcapng_write_block(&copy->block, block, &copy->packet, &no_comments);
    }
    flush(copy);
}

/* ---- other formats ---- */

static uint32_t add_interface(struct copy *copy, uint32_t link_type)
{
    struct capture_head head = copy->head;
    head.link_type = link_type;
    copy->link_types =
        memory_grow(copy->link_types, copy->interface_count + 1, sizeof *copy->link_types);
    copy->link_types[copy->interface_count++] = link_type;
    (void)pcapng_write_interface(&copy->block, &head);
    return (uint32_t)copy->interface_count - 1;
}

static uint32_t interface_of(struct copy *copy, uint32_t link_type)
{
    for (size_t i = 0; i < copy->interface_count; i++) {
        if (copy->link_types[i] == link_type) {
            return (uint32_t)i;
        }
    }
    return add_interface(copy, link_type);
}

static void write_head(struct copy *copy)
{
    (void)pcapng_write_section(&copy->block, slice_of(copy->options->application));
    if (copy->head.link_type != CAPTURE_LINK_UNKNOWN) {
        (void)add_interface(copy, copy->head.link_type);
    }
    flush(copy);
}

static void write_packet(struct copy *copy)
{
    const struct packet *packet = &copy->packet;
    if (!copy->wanted) {
        return;
    }
    uint32_t interface = interface_of(copy, packet->link_type);
    uint8_t digits = copy->head.digits;
    bool commented =
        pcapng_write_packet(&copy->block, packet, interface, digits, &copy->comments) ||
        !pcapng_write_packet(&copy->block, packet, interface, digits, &no_comments);
    count_packet(copy, commented);
    flush(copy);
}

/* ---- all formats ---- */

/* What the packet that was read is to say. */
static void take_comments(struct copy *copy)
{
    const struct packet_copy_options *options = copy->options;
    size_t count = 0;
    const struct slice *texts =
        options->comments(options->context, copy->packet.origin.record, &count);
    struct slice *items = arena_alloc(&copy->arena, count * sizeof *items);
    for (size_t i = 0; i < count; i++) {
        items[i] = pcapng_comment(texts[i], &copy->arena);
    }
    copy->comments = (struct pcapng_comments){items, count};
}

/* What stands at the packet that was read, and whether it is copied at all. */
static void decide(struct copy *copy)
{
    const struct packet_copy_options *options = copy->options;
    copy->wanted = !options->choice || packet_choice_has(options->choice, &copy->packet);
    copy->comments = no_comments;
    arena_reset(&copy->arena);
    if (copy->wanted) {
        take_comments(copy);
    }
}

static bool is_interrupted(const struct copy *copy)
{
    return copy->options->interrupted && *copy->options->interrupted != 0;
}

struct packet_copy packet_copy_run(struct capture *capture,
                                   const struct packet_copy_options *options)
{
    struct copy copy = {.options = options, .head = capture_head(capture)};
    const struct capture_block_sink sink = {&copy, take_block};
    struct packet next; /* what is read must not take the place of what is written meanwhile */
    buffer_init(&copy.block, BLOCK_MAX);
    arena_init(&copy.arena);
    if (copy.head.blocks) {
        capture_watch(capture, &sink);
    } else {
        write_head(&copy);
    }
    while (!copy.done.interrupted && capture_next(capture, &next) == CAPTURE_PACKET) {
        copy.packet = next;
        decide(&copy);
        if (!copy.head.blocks) {
            write_packet(&copy);
        }
        copy.done.interrupted = is_interrupted(&copy);
    }
    buffer_dispose(&copy.block);
    arena_dispose(&copy.arena);
    free(copy.link_types);
    return copy.done;
}
