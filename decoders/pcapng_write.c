/*
 * pcapng blocks as bytes. See pcapng_write.h.
 *
 * Normative: draft-ietf-opsawg-pcapng sections 3.5 (options), 4.1 (section header), 4.2
 * (interface description), 4.3 (enhanced packet), 4.4 (simple packet).
 *
 * A simple packet has no room for options, nor a time. With comments it becomes an enhanced
 * packet of the same interface, at the time that ocsight gives it: that of the record before.
 *
 * Not handled: how long a frame check sequence is, which the link type of a classic file may say.
 */
#include "decoders/pcapng_write.h"

#include <string.h>

enum {
    BLOCK_SECTION = 0x0a0d0d0a,
    BLOCK_INTERFACE = 1,
    BLOCK_SIMPLE_PACKET = 3,
    BLOCK_ENHANCED_PACKET = 6,
    BLOCK_HEAD = 8, /* type, length */
    BLOCK_TAIL = 4, /* the length again */
    SECTION_LENGTH = 16,
    SECTION_BLOCK = 28,
    BYTE_ORDER_MAGIC = 0x1a2b3c4d,
};

enum {
    OPTION_END = 0,
    OPTION_COMMENT = 1,
    OPTION_APPLICATION = 4,      /* of a section */
    OPTION_CLOCK_RESOLUTION = 9, /* of an interface */
    OPTION_HEAD = 4,
};

/* For link types that no number says: the first of those that are kept for private use. */
enum { LINK_PRIVATE = 147, LINK_LAST = 65535 };

/* A block in the making. */
struct writing {
    struct buffer *out;
    bool big;
    bool fits;    /* all of it found room */
    size_t start; /* of the block in `out` */
};

static void put_bytes(struct writing *writing, struct slice bytes)
{
    writing->fits = writing->fits && buffer_append(writing->out, bytes);
}

static void put_number(struct writing *writing, uint64_t value, size_t size)
{
    char bytes[8];
    for (size_t i = 0; i < size; i++) {
        size_t shift = 8 * (writing->big ? size - 1 - i : i);
        bytes[i] = (char)(unsigned char)(value >> shift & 0xff);
    }
    put_bytes(writing, (struct slice){bytes, size});
}

static void put_u16(struct writing *writing, uint32_t value)
{
    put_number(writing, value, 2);
}

static void put_u32(struct writing *writing, uint64_t value)
{
    put_number(writing, value, 4);
}

static size_t padding_of(size_t size)
{
    return (4 - size % 4) % 4;
}

static void put_padded(struct writing *writing, struct slice bytes)
{
    put_bytes(writing, bytes);
    put_number(writing, 0, padding_of(bytes.size));
}

/* ---- options ---- */

static void put_option(struct writing *writing, uint32_t code, struct slice value)
{
    put_u16(writing, code);
    put_u16(writing, (uint32_t)value.size);
    put_padded(writing, value);
}

static void put_end_of_options(struct writing *writing)
{
    put_u32(writing, OPTION_END);
}

/* The front of a text, not ending inside a character. */
static struct slice front_of(struct slice text, size_t size)
{
    while (size > 0 && (slice_byte(text, size) & 0xc0) == 0x80) {
        size--;
    }
    return slice_sub(text, 0, size);
}

struct slice pcapng_comment(struct slice text, struct arena *arena)
{
    static const char mark[] = " ... (cut)";
    if (text.size <= PCAPNG_COMMENT_MAX) {
        return text;
    }
    struct slice front = front_of(text, PCAPNG_COMMENT_MAX - (sizeof mark - 1));
    char *cut = arena_alloc(arena, front.size + sizeof mark);
    memcpy(cut, front.data, front.size);
    memcpy(cut + front.size, mark, sizeof mark);
    return (struct slice){cut, front.size + sizeof mark - 1};
}

static void put_comments(struct writing *writing, const struct pcapng_comments *comments)
{
    for (size_t i = 0; i < comments->count; i++) {
        put_option(writing, OPTION_COMMENT, comments->items[i]);
    }
}

/* ---- blocks ---- */

static struct writing block_begin(struct buffer *out, uint32_t type, bool big)
{
    struct writing writing = {.out = out, .big = big, .fits = true, .start = out->size};
    put_u32(&writing, type);
    put_u32(&writing, 0);
    return writing;
}

/* Both lengths of the block; one that found no room is taken back whole. */
static bool block_end(struct writing *writing)
{
    struct buffer *out = writing->out;
    size_t end = out->size + BLOCK_TAIL;
    size_t size = end - writing->start;
    put_u32(writing, size);
    if (!writing->fits) {
        out->size = writing->start;
        return false;
    }
    for (size_t i = 0; i < BLOCK_TAIL; i++) {
        out->data[writing->start + 4 + i] = out->data[end - BLOCK_TAIL + i];
    }
    return true;
}

bool pcapng_write_section(struct buffer *out, struct slice application)
{
    struct writing writing = block_begin(out, BLOCK_SECTION, false);
    put_u32(&writing, BYTE_ORDER_MAGIC);
    put_u16(&writing, 1);
    put_u16(&writing, 0);
    put_number(&writing, UINT64_MAX, 8);
    put_option(&writing, OPTION_APPLICATION, application);
    put_end_of_options(&writing);
    return block_end(&writing);
}

bool pcapng_write_interface(struct buffer *out, const struct capture_head *head)
{
    struct writing writing = block_begin(out, BLOCK_INTERFACE, false);
    const char digits = (char)head->digits;
    put_u16(&writing, head->link_type <= LINK_LAST ? head->link_type : LINK_PRIVATE);
    put_u16(&writing, 0);
    put_u32(&writing, head->snapshot);
    put_option(&writing, OPTION_CLOCK_RESOLUTION, (struct slice){&digits, 1});
    put_end_of_options(&writing);
    return block_end(&writing);
}

static void put_packet(struct writing *writing, const struct packet *packet, uint32_t interface,
                       uint64_t count, const struct pcapng_comments *comments)
{
    put_u32(writing, interface);
    put_u32(writing, count >> 32);
    put_u32(writing, count & UINT32_MAX);
    put_u32(writing, packet->bytes.size);
    put_u32(writing, packet->wire_size);
    put_padded(writing, packet->bytes);
    if (comments->count > 0) {
        put_comments(writing, comments);
        put_end_of_options(writing);
    }
}

bool pcapng_write_packet(struct buffer *out, const struct packet *packet, uint32_t interface,
                         uint8_t digits, const struct pcapng_comments *comments)
{
    uint64_t count = 0;
    struct ticks clock = ticks_of(digits, 0);
    (void)ticks_count(&clock, packet->origin.time, &count);
    struct writing writing = block_begin(out, BLOCK_ENHANCED_PACKET, false);
    put_packet(&writing, packet, interface, count, comments);
    return block_end(&writing);
}

/* ---- blocks that were read ---- */

/* The time of a simple packet on the clock of its interface. */
static bool simple_count(const struct capture_block *block, const struct packet *packet,
                         uint64_t *out)
{
    return block->clock && ticks_count(block->clock, packet->origin.time, out);
}

bool pcapng_takes_comments(const struct capture_block *block, const struct packet *packet)
{
    uint64_t count;
    return block->room > 0 || simple_count(block, packet, &count);
}

static size_t u16_at(const struct capture_block *block, size_t at)
{
    size_t first = slice_byte(block->bytes, at);
    size_t second = slice_byte(block->bytes, at + 1);
    return block->big_endian ? first << 8 | second : second << 8 | first;
}

bool pcapng_next_comment(const struct capture_block *block, size_t *at, struct slice *out)
{
    size_t next = *at > 0 ? *at : block->options;
    bool found = false;
    while (!found && next + OPTION_HEAD <= block->room) {
        size_t size = u16_at(block, next + 2);
        found = u16_at(block, next) == OPTION_COMMENT;
        *out = slice_sub(block->bytes, next + OPTION_HEAD, size);
        next += OPTION_HEAD + size + padding_of(size);
    }
    *at = next;
    return found;
}

static bool write_simple(struct buffer *out, const struct capture_block *block,
                         const struct packet *packet, const struct pcapng_comments *comments)
{
    uint64_t count = 0;
    (void)simple_count(block, packet, &count);
    struct writing writing = block_begin(out, BLOCK_ENHANCED_PACKET, block->big_endian);
    put_packet(&writing, packet, 0, count, comments);
    return block_end(&writing);
}

/* Further options go behind those that are there; what stands behind those stays. */
static void put_with_comments(struct writing *writing, const struct capture_block *block,
                              const struct pcapng_comments *comments)
{
    size_t end = block->bytes.size - BLOCK_TAIL;
    put_bytes(writing, slice_sub(block->bytes, BLOCK_HEAD, block->room - BLOCK_HEAD));
    put_comments(writing, comments);
    if (block->room == end) {
        put_end_of_options(writing);
    } else {
        put_bytes(writing, slice_sub(block->bytes, block->room, end - block->room));
    }
}

/* How long a section is was true of the file that it was in. */
static void put_section(struct writing *writing, const struct capture_block *block)
{
    size_t end = block->bytes.size - BLOCK_TAIL;
    size_t behind = SECTION_LENGTH + 8;
    put_bytes(writing, slice_sub(block->bytes, BLOCK_HEAD, SECTION_LENGTH - BLOCK_HEAD));
    put_number(writing, UINT64_MAX, 8);
    put_bytes(writing, slice_sub(block->bytes, behind, end - behind));
}

bool pcapng_write_block(struct buffer *out, const struct capture_block *block,
                        const struct packet *packet, const struct pcapng_comments *comments)
{
    if (block->bytes.size < block->size) {
        return buffer_append(out, block->bytes);
    }
    bool commented = comments->count > 0 && pcapng_takes_comments(block, packet);
    if (commented && block->room == 0) {
        return write_simple(out, block, packet, comments);
    }
    struct writing writing = block_begin(out, block->type, block->big_endian);
    if (commented) {
        put_with_comments(&writing, block, comments);
    } else if (block->type == BLOCK_SECTION && block->size >= SECTION_BLOCK) {
        put_section(&writing, block);
    } else {
        put_bytes(&writing,
                  slice_sub(block->bytes, BLOCK_HEAD, block->bytes.size - BLOCK_HEAD - BLOCK_TAIL));
    }
    return block_end(&writing);
}
