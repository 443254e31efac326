/*
 * pcapng captures block by block. See pcapng.h.
 *
 * Normative: draft-ietf-opsawg-pcapng sections 3 and 4: section header,
 * interface description, enhanced, simple and (obsolete) packet blocks, name
 * resolution, interface statistics, decryption secrets. Every block carries its
 * length at both ends; a block is trusted when both agree, or when what follows
 * the first length looks like a block again. Everything inside a block can then
 * be wrong without harm to the next one.
 *
 * Not handled: custom blocks, journal entries and block types not named above
 * are passed over and counted; options other than resolution and offset
 * of the clock are not kept; the section length is not needed. Whoever copies the file is shown
 * all of it (capture_watch).
 */
#include "decoders/pcapng.h"

#include <inttypes.h>
#include <stdlib.h>

#include "decoders/ticks.h"

enum block_type {
    BLOCK_SECTION = 0x0a0d0d0a,
    BLOCK_INTERFACE = 1,
    BLOCK_PACKET = 2, /* obsolete */
    BLOCK_SIMPLE_PACKET = 3,
    BLOCK_NAMES = 4,
    BLOCK_STATISTICS = 5,
    BLOCK_ENHANCED_PACKET = 6,
    BLOCK_SECRETS = 10,
    BLOCK_CUSTOM = 0x0bad,
    BLOCK_CUSTOM_NO_COPY = 0x40000bad,
};

enum {
    BLOCK_HEAD = 8,   /* type, length */
    BLOCK_FRAME = 12, /* and the length again */
    SECTION_BLOCK = BLOCK_FRAME + 16,
    PIECE = 64 << 10,       /* of a block over the cap that is copied */
    OPTIONS_MAX = 64 << 10, /* of a packet that is as long as the cap allows */
    BYTE_ORDER_MAGIC = 0x1a2b3c4d,
};

enum option_code {
    OPTION_END = 0,
    OPTION_CLOCK_RESOLUTION = 9,
    OPTION_CLOCK_OFFSET = 14,
};

struct interface {
    struct ticks ticks;
    uint32_t link_type;
    uint32_t snapshot; /* 0 = no limit */
};

struct block {
    uint32_t type;
    uint64_t offset;
    struct slice body; /* between the two lengths */
    bool whole;        /* else only its first block_max bytes are there */
};

struct pcapng {
    struct reading *reading;
    bool big;         /* byte order of the section */
    uint64_t pending; /* size of the block that was handed on: it stays until the next call */
    uint32_t pending_type;
    bool pending_whole;
    size_t pending_room; /* as in struct capture_block, as the next two */
    size_t pending_options;
    const struct ticks *pending_clock;
    size_t block_max; /* more of one block is not looked at */
    struct interface *interfaces;
    size_t interface_count; /* in this section */
    size_t interface_capacity;
};

/* ---- numbers in the byte order of the section; 0 past the end ---- */

static uint32_t u16_at(const struct pcapng *pcapng, struct slice bytes, size_t at)
{
    if (at + 2 > bytes.size) {
        return 0;
    }
    uint32_t first = slice_byte(bytes, at);
    uint32_t second = slice_byte(bytes, at + 1);
    return pcapng->big ? first << 8 | second : second << 8 | first;
}

static uint32_t u32_at(const struct pcapng *pcapng, struct slice bytes, size_t at)
{
    uint32_t first = u16_at(pcapng, bytes, at);
    uint32_t second = u16_at(pcapng, bytes, at + 2);
    return pcapng->big ? first << 16 | second : second << 16 | first;
}

static uint64_t u64_at(const struct pcapng *pcapng, struct slice bytes, size_t at)
{
    uint64_t first = u32_at(pcapng, bytes, at);
    uint64_t second = u32_at(pcapng, bytes, at + 4);
    return pcapng->big ? first << 32 | second : second << 32 | first;
}

/* ---- blocks ---- */

static bool is_known(uint32_t type)
{
    return type == BLOCK_SECTION || (type >= BLOCK_INTERFACE && type <= BLOCK_ENHANCED_PACKET) ||
           type == BLOCK_SECRETS || type == BLOCK_CUSTOM || type == BLOCK_CUSTOM_NO_COPY;
}

static bool is_packet(uint32_t type)
{
    return type == BLOCK_PACKET || type == BLOCK_SIMPLE_PACKET || type == BLOCK_ENHANCED_PACKET;
}

static bool length_is_possible(uint64_t length)
{
    return length >= BLOCK_FRAME && length % 4 == 0;
}

static enum capture_status cut_short(struct pcapng *pcapng, const struct block *block,
                                     uint64_t needed, uint64_t there)
{
    if (is_packet(block->type)) {
        reading_problem(pcapng->reading,
                        "record %" PRIu64 " at byte %" PRIu64 ": tried to read %" PRIu64
                        " bytes, only got %" PRIu64,
                        pcapng->reading->records + 1, block->offset, needed, there);
    } else {
        reading_problem(pcapng->reading,
                        "block at byte %" PRIu64 " after record %" PRIu64 ": tried to read %" PRIu64
                        " bytes, only got %" PRIu64,
                        block->offset, pcapng->reading->records, needed, there);
    }
    return CAPTURE_CUT;
}

/* Is what follows the block the end, or the beginning of a block that can be one? */
static bool can_pass(struct pcapng *pcapng, size_t length)
{
    struct slice ahead = source_peek(pcapng->reading->source, length + BLOCK_FRAME);
    struct slice next = slice_from(ahead, length);
    if (next.size == 0) {
        return !source_failed(pcapng->reading->source);
    }
    uint32_t type = u32_at(pcapng, next, 0);
    return next.size == BLOCK_FRAME && is_known(type) &&
           (type == BLOCK_SECTION || length_is_possible(u32_at(pcapng, next, 4)));
}

/* The byte order of a section stands in its first block, which must be read in it already. */
static bool section_order(struct pcapng *pcapng, struct slice head)
{
    for (int big = 0; big <= 1; big++) {
        pcapng->big = big == 1;
        if (u32_at(pcapng, head, BLOCK_HEAD) == BYTE_ORDER_MAGIC) {
            return true;
        }
    }
    return false;
}

/* Skips the block before as it is shown to whoever copies the file; how much of it there was. */
static uint64_t show_block(struct pcapng *pcapng)
{
    struct source *source = pcapng->reading->source;
    struct capture_block block = {
        .type = pcapng->pending_type,
        .big_endian = pcapng->big,
        .packet = is_packet(pcapng->pending_type),
        .size = pcapng->pending,
        .room = pcapng->pending_room,
        .options = pcapng->pending_options,
        .clock = pcapng->pending_clock,
    };
    while (block.place < block.size) {
        uint64_t left = block.size - block.place;
        block.bytes = source_peek(source, pcapng->pending_whole || left < PIECE ? left : PIECE);
        if (block.bytes.size == 0) {
            break;
        }
        pcapng->reading->watch->block(pcapng->reading->watch->context, &block);
        block.place += source_skip(source, block.bytes.size);
    }
    return block.place;
}

/* Skips the block before. False when it ended early, which only a block over the cap can. */
static bool finish_block(struct pcapng *pcapng, enum capture_status *out_status)
{
    struct source *source = pcapng->reading->source;
    struct block before = {.offset = source_position(source)};
    uint64_t needed = pcapng->pending;
    uint64_t skipped = pcapng->reading->watch ? show_block(pcapng) : source_skip(source, needed);
    pcapng->pending = 0;
    if (skipped < needed) {
        *out_status = cut_short(pcapng, &before, needed, skipped);
        return false;
    }
    return true;
}

/* The two lengths of a block differ: can reading go on by the first? */
static bool pass_trailer(struct pcapng *pcapng, const struct block *block, uint32_t length,
                         uint32_t trailer)
{
    if (can_pass(pcapng, length)) {
        reading_damage(pcapng->reading,
                       "block at byte %" PRIu64 ": its length is %" PRIu32
                       " at its start and %" PRIu32 " at its end",
                       block->offset, length, trailer);
        return true;
    }
    reading_problem(pcapng->reading,
                    "block at byte %" PRIu64 " after record %" PRIu64 ": its length is %" PRIu32
                    " at its start and %" PRIu32 " at its end, and no block follows",
                    block->offset, pcapng->reading->records, length, trailer);
    return false;
}

static bool check_head(struct pcapng *pcapng, const struct block *block, struct slice head,
                       uint32_t *out_length)
{
    if (block->type == BLOCK_SECTION && !section_order(pcapng, head)) {
        reading_problem(pcapng->reading, "section at byte %" PRIu64 ": no byte-order magic",
                        block->offset);
        return false;
    }
    *out_length = u32_at(pcapng, head, 4);
    if (!length_is_possible(*out_length)) {
        reading_problem(pcapng->reading,
                        "block at byte %" PRIu64 " after record %" PRIu64
                        ": a block cannot be %" PRIu32 " bytes long",
                        block->offset, pcapng->reading->records, *out_length);
        return false;
    }
    return true;
}

/* The next block of any type; CAPTURE_PACKET stands for "there is one". */
static enum capture_status block_next(struct pcapng *pcapng, struct block *out)
{
    struct source *source = pcapng->reading->source;
    enum capture_status status = CAPTURE_CUT;
    if (!finish_block(pcapng, &status)) {
        return status;
    }
    struct slice head = source_peek(source, BLOCK_FRAME);
    *out = (struct block){.offset = source_position(source)};
    if (head.size == 0 && !source_failed(source)) {
        return CAPTURE_END;
    }
    if (head.size < BLOCK_FRAME) {
        return cut_short(pcapng, out, BLOCK_FRAME, head.size);
    }
    out->type = u32_at(pcapng, head, 0);
    uint32_t length = 0;
    if (!check_head(pcapng, out, head, &length)) {
        return CAPTURE_CUT;
    }
    out->whole = length <= pcapng->block_max;
    size_t wanted = out->whole ? length : pcapng->block_max;
    struct slice block = source_peek(source, wanted);
    if (block.size < wanted) {
        return cut_short(pcapng, out, length, block.size);
    }
    uint32_t trailer = out->whole ? u32_at(pcapng, block, length - 4) : length;
    if (trailer != length) {
        if (!pass_trailer(pcapng, out, length, trailer)) {
            return CAPTURE_CUT;
        }
        block = source_peek(source, wanted);
    }
    out->body = slice_sub(block, BLOCK_HEAD, out->whole ? length - BLOCK_FRAME : wanted);
    pcapng->pending = length;
    pcapng->pending_type = out->type;
    pcapng->pending_whole = out->whole;
    pcapng->pending_room = 0;
    pcapng->pending_options = 0;
    pcapng->pending_clock = NULL;
    return CAPTURE_PACKET;
}

/* ---- options ---- */

struct option {
    uint32_t code;
    struct slice value;
};

static size_t padded(size_t size)
{
    return (size + 3) & ~(size_t)3;
}

/* Takes the next option off `rest`. False at the end of the options. */
static bool option_next(const struct pcapng *pcapng, struct slice *rest, struct option *out)
{
    if (rest->size < 4) {
        return false;
    }
    out->code = u16_at(pcapng, *rest, 0);
    size_t size = u16_at(pcapng, *rest, 2);
    if (out->code == OPTION_END || size > rest->size - 4) {
        return false;
    }
    out->value = slice_sub(*rest, 4, size);
    *rest = slice_from(*rest, 4 + padded(size));
    return true;
}

/* Walks the options, which start at `at` in the body of the block: where further ones can stand. */
static size_t pass_options(struct pcapng *pcapng, const struct block *block, size_t at)
{
    struct slice options = slice_from(block->body, at);
    struct option option;
    while (option_next(pcapng, &options, &option)) {
    }
    if (block->whole && options.size > 0 && u16_at(pcapng, options, 0) != OPTION_END) {
        reading_damage(pcapng->reading, "block at byte %" PRIu64 ": its options run past it",
                       block->offset);
    }
    return block->body.size - options.size;
}

/* ---- what is not a packet ---- */

static enum capture_status section_start(struct pcapng *pcapng, const struct block *block)
{
    uint32_t major = u16_at(pcapng, block->body, 4);
    uint32_t minor = u16_at(pcapng, block->body, 6);
    if (block->body.size < SECTION_BLOCK - BLOCK_FRAME || major != 1) {
        reading_problem(pcapng->reading,
                        "section at byte %" PRIu64 ": pcapng version %" PRIu32 ".%" PRIu32
                        " is not read",
                        block->offset, major, minor);
        return CAPTURE_CUT;
    }
    pcapng->interface_count = 0;
    (void)pass_options(pcapng, block, SECTION_BLOCK - BLOCK_FRAME);
    return CAPTURE_PACKET;
}

static struct ticks interface_clock(const struct pcapng *pcapng, struct slice options)
{
    enum { MICROSECONDS = 6 };
    uint8_t resolution = MICROSECONDS;
    int64_t offset = 0;
    struct option option;
    while (option_next(pcapng, &options, &option)) {
        if (option.code == OPTION_CLOCK_RESOLUTION && option.value.size == 1) {
            resolution = slice_byte(option.value, 0);
        } else if (option.code == OPTION_CLOCK_OFFSET && option.value.size == 8) {
            offset = (int64_t)u64_at(pcapng, option.value, 0);
        }
    }
    return ticks_of(resolution, offset);
}

static void interface_add(struct pcapng *pcapng, const struct block *block)
{
    if (pcapng->interface_count == pcapng->reading->limits->interfaces) {
        reading_damage(pcapng->reading,
                       "block at byte %" PRIu64 ": more than %zu interfaces in a section",
                       block->offset, pcapng->interface_count);
        pcapng->reading->counts.interfaces_dropped++;
        return;
    }
    if (pcapng->interface_count == pcapng->interface_capacity) {
        pcapng->interface_capacity =
            pcapng->interface_capacity > 0 ? pcapng->interface_capacity * 2 : 8;
        pcapng->interfaces =
            memory_grow(pcapng->interfaces, pcapng->interface_capacity, sizeof *pcapng->interfaces);
    }
    struct slice options = slice_from(block->body, 8);
    struct interface *interface = &pcapng->interfaces[pcapng->interface_count++];
    *interface = (struct interface){.ticks = interface_clock(pcapng, options),
                                    .link_type = u16_at(pcapng, block->body, 0),
                                    .snapshot = u32_at(pcapng, block->body, 4)};
    /* It keeps its number even so: later interfaces are counted from it. */
    if (block->body.size < 8) {
        interface->link_type = CAPTURE_LINK_UNKNOWN;
        reading_damage(pcapng->reading, "block at byte %" PRIu64 ": interface description is cut",
                       block->offset);
    }
    (void)pass_options(pcapng, block, 8);
}

static void secrets_keep(struct pcapng *pcapng, const struct block *block)
{
    uint32_t size = u32_at(pcapng, block->body, 4);
    struct slice content = slice_sub(block->body, 8, size);
    if (block->body.size < 8 || content.size < size) {
        reading_damage(pcapng->reading,
                       "block at byte %" PRIu64 ": %" PRIu32
                       " bytes of secrets do not fit into their block",
                       block->offset, size);
        return;
    }
    reading_note(pcapng->reading, (struct capture_note){.kind = NOTE_SECRETS,
                                                        .type = u32_at(pcapng, block->body, 0),
                                                        .content = content});
    (void)pass_options(pcapng, block, 8 + padded(size));
}

/* Names and statistics are kept as they stand. */
static void block_keep(struct pcapng *pcapng, const struct block *block)
{
    if (block->type == BLOCK_SECRETS) {
        secrets_keep(pcapng, block);
        return;
    }
    reading_note(
        pcapng->reading,
        (struct capture_note){.kind = block->type == BLOCK_NAMES ? NOTE_NAMES : NOTE_STATISTICS,
                              .type = block->type,
                              .big_endian = pcapng->big,
                              .content = block->body});
}

/* ---- packets ---- */

/* Where the packet blocks keep their fields; `data` is where the packet starts in the body. */
struct packet_fields {
    uint32_t interface;
    uint64_t count; /* ticks */
    uint32_t captured;
    uint32_t wire;
    size_t data;
};

static struct packet_fields enhanced_fields(const struct pcapng *pcapng, struct slice body)
{
    return (struct packet_fields){.interface = u32_at(pcapng, body, 0),
                                  .count = (uint64_t)u32_at(pcapng, body, 4) << 32 |
                                           u32_at(pcapng, body, 8),
                                  .captured = u32_at(pcapng, body, 12),
                                  .wire = u32_at(pcapng, body, 16),
                                  .data = 20};
}

static struct packet_fields obsolete_fields(const struct pcapng *pcapng, struct slice body)
{
    struct packet_fields fields = enhanced_fields(pcapng, body);
    fields.interface = u16_at(pcapng, body, 0);
    return fields;
}

/* The interface is the first; how much was captured follows from its snapshot length. */
static struct packet_fields simple_fields(const struct pcapng *pcapng, struct slice body)
{
    struct packet_fields fields = {.wire = u32_at(pcapng, body, 0), .data = 4};
    uint32_t snapshot = pcapng->interface_count > 0 ? pcapng->interfaces[0].snapshot : 0;
    fields.captured = snapshot > 0 && snapshot < fields.wire ? snapshot : fields.wire;
    return fields;
}

/* The packet's bytes; none when its length contradicts its block. */
static struct slice packet_bytes(struct pcapng *pcapng, const struct block *block,
                                 const struct packet_fields *fields)
{
    uint64_t length = pcapng->pending - BLOCK_FRAME;
    if (length < fields->data || fields->captured > length - fields->data) {
        reading_damage(pcapng->reading,
                       "record %" PRIu64 " at byte %" PRIu64 ": %" PRIu32
                       " bytes do not fit into its block",
                       pcapng->reading->records + 1, block->offset, fields->captured);
        return (struct slice){NULL, 0};
    }
    return slice_sub(block->body, fields->data, fields->captured);
}

static void packet_fill(struct pcapng *pcapng, const struct block *block,
                        const struct packet_fields *fields, struct packet *out)
{
    static const struct interface undescribed = {.link_type = CAPTURE_LINK_UNKNOWN};
    const struct interface *interface = &undescribed;
    if (fields->interface < pcapng->interface_count) {
        interface = &pcapng->interfaces[fields->interface];
    } else {
        reading_damage(pcapng->reading,
                       "record %" PRIu64 " at byte %" PRIu64 ": interface %" PRIu32
                       " was never described",
                       pcapng->reading->records + 1, block->offset, fields->interface);
    }
    out->bytes = packet_bytes(pcapng, block, fields);
    out->wire_size = fields->wire;
    out->link_type = interface->link_type;
    out->interface = fields->interface;
    out->origin.offset = block->offset;
    bool dated = interface != &undescribed && block->type != BLOCK_SIMPLE_PACKET;
    out->origin.time = dated ? ticks_time(&interface->ticks, fields->count) : TIME_NONE;
    bool fits =
        block->whole && block->body.size >= fields->data && out->bytes.size == fields->captured;
    if (block->type != BLOCK_SIMPLE_PACKET) {
        size_t end = fields->data + padded(fields->captured);
        size_t room = pass_options(pcapng, block, end);
        pcapng->pending_room = fits ? BLOCK_HEAD + room : 0;
        pcapng->pending_options = BLOCK_HEAD + end;
    } else if (fits && interface != &undescribed) {
        pcapng->pending_clock = &interface->ticks;
    }
}

/* Handles one block that is no packet; CAPTURE_PACKET means that reading goes on. */
static enum capture_status block_other(struct pcapng *pcapng, const struct block *block)
{
    switch (block->type) {
    case BLOCK_SECTION:
        return section_start(pcapng, block);
    case BLOCK_INTERFACE:
        interface_add(pcapng, block);
        break;
    case BLOCK_SECRETS:
    case BLOCK_NAMES:
    case BLOCK_STATISTICS:
        if (block->whole) {
            block_keep(pcapng, block);
        }
        break;
    default:
        pcapng->reading->counts.passed_over++;
        break;
    }
    return CAPTURE_PACKET;
}

static enum capture_status reader_next(void *context, struct packet *out)
{
    struct pcapng *pcapng = context;
    for (;;) {
        struct block block;
        enum capture_status status = block_next(pcapng, &block);
        if (status != CAPTURE_PACKET) {
            return status;
        }
        /* What is beyond the part that is looked at can only be options, or one huge note. */
        pcapng->reading->counts.notes_dropped += !block.whole && is_known(block.type);
        if (is_packet(block.type)) {
            struct packet_fields fields =
                block.type == BLOCK_ENHANCED_PACKET ? enhanced_fields(pcapng, block.body)
                : block.type == BLOCK_PACKET        ? obsolete_fields(pcapng, block.body)
                                                    : simple_fields(pcapng, block.body);
            packet_fill(pcapng, &block, &fields, out);
            return CAPTURE_PACKET;
        }
        status = block_other(pcapng, &block);
        if (status != CAPTURE_PACKET) {
            return status;
        }
    }
}

static void reader_close(void *context)
{
    struct pcapng *pcapng = context;
    free(pcapng->interfaces);
    free(pcapng);
}

/* The first section header is the file header: without it there is nothing to read. */
static void *reader_open(struct reading *reading)
{
    struct pcapng *pcapng = memory_zero(1, sizeof *pcapng);
    pcapng->reading = reading;
    reading->head.blocks = true;
    pcapng->block_max = BLOCK_FRAME + padded(reading->limits->packet_bytes) + OPTIONS_MAX;
    struct block block;
    if (block_next(pcapng, &block) != CAPTURE_PACKET ||
        section_start(pcapng, &block) != CAPTURE_PACKET) {
        reader_close(pcapng);
        return NULL;
    }
    return pcapng;
}

const struct format pcapng_format = {"pcapng", reader_open, reader_next, reader_close};
