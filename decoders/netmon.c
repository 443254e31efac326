/*
 * Network Monitor 2.0 to 2.3 captures. See netmon.h.
 *
 * Sources: CAPTUREFILE_HEADER_VALUES (Microsoft, netmon.h of the Platform SDK)
 * for the header; the "Capture File Format" page of Network Monitor 3.x's help,
 * as Wireshark's reader reports it, for frames and their trailers; files written
 * by editcap -F netmon2 agree.
 *
 *   header   128 bytes, "GMBU": version, medium, local start time, place and
 *            length of the frame table
 *   table    32-bit file offsets of the frames, in their order
 *   frame    64-bit microseconds since the start (negative ones wrap when
 *            multiplied by ten), size on the wire, size captured, bytes, then
 *            2.1: the medium of this frame; 2.2: a process index; 2.3: the time
 *            as FILETIME and a time zone index
 *
 * The start time has no zone: without a FILETIME the times are as the capturing
 * machine's clock showed them, read as UTC. Frames may lie in any order and with
 * holes. Where the table is not in the file (it is written last, so a capture
 * that breaks off has lost it) frames are read one after the other.
 *
 * Not handled: comments, process names, ATM and 802.11 monitor headers.
 */
#include "decoders/netmon.h"

#include <inttypes.h>
#include <stdlib.h>

#include "decoders/cursor.h"
#include "decoders/ticks.h"

enum {
    FILE_HEADER = 128,
    HEADER_FIELDS = 32, /* as far as it is read here */
    FRAME_HEADER = 16,
    TABLE_PIECE = 1024, /* entries read at once */
};

/* Link types as tcpdump.org/linktypes.html numbers them. */
enum {
    LINK_ETHERNET = 1,
    LINK_TOKEN_RING = 6,
    LINK_FDDI = 10,
    LINK_RAW = 101,
    LINK_IEEE802_11 = 105,
};

struct netmon {
    struct reading *reading;
    unsigned minor;
    unsigned medium; /* of the whole file, up to 2.0 */
    int64_t start;   /* ns, TIME_NONE */
    size_t trailer;  /* bytes behind each frame */
    uint64_t table;  /* place of the frame table */
    uint64_t entries;
    uint64_t entry; /* the next */
    bool lost;      /* the table is not there: frames follow each other from `at` to `limit` */
    uint64_t at;
    uint64_t limit;
    uint64_t handed; /* bytes of frames so far: more than the file has means that they overlap */
    uint32_t piece[TABLE_PIECE];
};

/* ---- media ---- */

struct medium {
    unsigned first;
    unsigned last;
    uint32_t link_type;
    bool is_packet; /* else a record about the capture itself */
};

/* The first row that fits. Media above 0xE000 are LINKTYPE_ values of converted pcap files. */
static const struct medium media[] = {
    {0, 1, LINK_ETHERNET, true}, /* 0: VPN adapters, which give Ethernet frames */
    {2, 2, LINK_TOKEN_RING, true},
    {3, 3, LINK_FDDI, true},
    {7, 9, LINK_RAW, true}, /* tunnels, wireless WAN, raw IP */
    {0xe080, 0xe080, LINK_IEEE802_11, true},
    {0xe081, 0xe08a, CAPTURE_LINK_UNKNOWN, true},  /* Message Analyzer's own */
    {0xfffb, 0xffff, CAPTURE_LINK_UNKNOWN, false}, /* adapters, payloads, DNS cache, filter */
};

static struct medium medium_of(unsigned number)
{
    for (size_t i = 0; i < sizeof media / sizeof media[0]; i++) {
        if (number >= media[i].first && number <= media[i].last) {
            return media[i];
        }
    }
    if ((number & 0xf000) == 0xe000) {
        return (struct medium){number, number, number & 0x0fff, true};
    }
    return (struct medium){number, number, CAPTURE_LINK_UNKNOWN, true};
}

/* ---- times ---- */

/* Microseconds since the start; Microsoft multiplies by ten first and then takes the sign. */
static int64_t time_of_record(int64_t start, uint64_t microseconds)
{
    int64_t units = (int64_t)(microseconds * 10);
    if (start == TIME_NONE) {
        return TIME_NONE;
    }
    return ticks_join(start / TIME_SECOND + units / 10000000,
                      start % TIME_SECOND + units % 10000000 * 100);
}

static int64_t start_time(struct cursor *cursor)
{
    struct calendar start = {.year = cursor_u16le(cursor), .month = cursor_u16le(cursor)};
    cursor_skip(cursor, 2); /* day of the week */
    start.day = cursor_u16le(cursor);
    start.hour = cursor_u16le(cursor);
    start.minute = cursor_u16le(cursor);
    start.second = cursor_u16le(cursor);
    start.millisecond = cursor_u16le(cursor);
    return ticks_calendar(&start);
}

/* ---- frames ---- */

static size_t trailer_size(unsigned minor)
{
    static const uint8_t sizes[] = {0, 2, 6, 15};
    return sizes[minor < 3 ? minor : 3];
}

/* The next table entry. The table was checked to lie in the file. */
static uint32_t entry_next(struct netmon *netmon)
{
    size_t place = (size_t)(netmon->entry % TABLE_PIECE);
    if (place == 0) {
        struct slice bytes = source_at(netmon->reading->source, netmon->table + netmon->entry * 4,
                                       sizeof netmon->piece);
        struct cursor cursor = cursor_over(bytes);
        for (size_t i = 0; i < TABLE_PIECE; i++) {
            netmon->piece[i] = cursor_u32le(&cursor);
        }
    }
    netmon->entry++;
    return netmon->piece[place];
}

struct frame_head {
    uint64_t microseconds;
    uint32_t wire;
    uint32_t captured;
    uint64_t size; /* of the whole frame with its trailer */
};

/* False when the frame does not lie in the file; `out` says how far it would go. */
static bool frame_head(struct netmon *netmon, uint64_t offset, uint64_t limit,
                       struct frame_head *out)
{
    struct cursor cursor = cursor_over(source_at(netmon->reading->source, offset, FRAME_HEADER));
    out->microseconds = cursor_u64le(&cursor);
    out->wire = cursor_u32le(&cursor);
    out->captured = cursor_u32le(&cursor);
    out->size = FRAME_HEADER + (uint64_t)out->captured + netmon->trailer;
    return !cursor.is_short && offset <= limit && out->size <= limit - offset;
}

/* What stands behind a frame. */
struct frame_trailer {
    struct medium medium;
    int64_t time; /* TIME_NONE below 2.3 */
};

static struct frame_trailer trailer_read(const struct netmon *netmon, struct slice bytes)
{
    struct cursor cursor = cursor_over(bytes);
    struct frame_trailer trailer = {.time = TIME_NONE};
    trailer.medium = medium_of(netmon->minor >= 1 ? cursor_u16le(&cursor) : netmon->medium);
    if (netmon->minor >= 3) {
        cursor_skip(&cursor, 4); /* process index */
        trailer.time = ticks_filetime(cursor_u64le(&cursor));
    }
    return trailer;
}

/*
 * Fills *out from a frame that lies in the file. False: it is no packet. The
 * frame is looked at whole, so that it is read once; one over the cap in two
 * pieces, with one byte too many, which shows capture.c that it is longer.
 */
static bool frame_read(struct netmon *netmon, uint64_t offset, const struct frame_head *head,
                       struct packet *out)
{
    struct source *source = netmon->reading->source;
    size_t max = netmon->reading->limits->packet_bytes;
    bool small = head->captured <= max;
    uint64_t behind = offset + FRAME_HEADER + head->captured;
    struct slice frame = small ? source_at(source, offset, (size_t)head->size)
                               : source_at(source, behind, netmon->trailer);
    struct frame_trailer trailer =
        trailer_read(netmon, small ? slice_from(frame, FRAME_HEADER + head->captured) : frame);
    out->bytes = small ? slice_sub(frame, FRAME_HEADER, head->captured)
                       : source_at(source, offset + FRAME_HEADER, max + 1);
    out->wire_size = head->wire;
    out->link_type = trailer.medium.link_type;
    out->origin.offset = offset;
    out->origin.time = trailer.time != TIME_NONE
                           ? trailer.time
                           : time_of_record(netmon->start, head->microseconds);
    return trailer.medium.is_packet;
}

static enum capture_status frame_lost(struct netmon *netmon, uint64_t offset, const char *why)
{
    reading_problem(netmon->reading, "record %" PRIu64 " at byte %" PRIu64 ": %s",
                    netmon->reading->records + 1, offset, why);
    return CAPTURE_CUT;
}

/* The next place of a frame. CAPTURE_PACKET stands for "there is one". */
static enum capture_status frame_place(struct netmon *netmon, uint64_t *out)
{
    if (netmon->lost) {
        *out = netmon->at;
        return netmon->at < netmon->limit
                   ? CAPTURE_PACKET
                   : frame_lost(netmon, netmon->at, "the file ends before its frame table");
    }
    if (netmon->entry == netmon->entries) {
        return source_failed(netmon->reading->source)
                   ? frame_lost(netmon, netmon->limit, "after the last frame")
                   : CAPTURE_END;
    }
    *out = entry_next(netmon);
    return CAPTURE_PACKET;
}

/* A frame that the table puts outside of the file keeps its number and has no bytes. */
static enum capture_status frame_outside(struct netmon *netmon, uint64_t offset,
                                         const struct frame_head *head, struct packet *out)
{
    if (netmon->lost) {
        reading_problem(netmon->reading,
                        "record %" PRIu64 " at byte %" PRIu64 ": tried to read %" PRIu64
                        " bytes, only got %" PRIu64,
                        netmon->reading->records + 1, offset, head->size, netmon->limit - offset);
        return CAPTURE_CUT;
    }
    reading_damage(netmon->reading,
                   "record %" PRIu64 " at byte %" PRIu64 ": %" PRIu64
                   " bytes do not fit into the file",
                   netmon->reading->records + 1, offset, head->size);
    out->origin.offset = offset;
    out->link_type = CAPTURE_LINK_UNKNOWN;
    return CAPTURE_PACKET;
}

static enum capture_status reader_next(void *context, struct packet *out)
{
    struct netmon *netmon = context;
    for (;;) {
        uint64_t offset = 0;
        enum capture_status status = frame_place(netmon, &offset);
        if (status != CAPTURE_PACKET) {
            return status;
        }
        struct frame_head head;
        if (!frame_head(netmon, offset, netmon->limit, &head)) {
            return frame_outside(netmon, offset, &head, out);
        }
        netmon->at = offset + head.size;
        netmon->handed += head.size;
        if (netmon->handed > netmon->limit) {
            return frame_lost(netmon, offset, "the frames overlap");
        }
        if (frame_read(netmon, offset, &head, out)) {
            return CAPTURE_PACKET;
        }
        netmon->reading->counts.passed_over++;
    }
}

/* ---- the file ---- */

static void header_read(struct netmon *netmon, struct slice header)
{
    struct cursor cursor = cursor_over(header);
    cursor_skip(&cursor, 4);
    netmon->minor = cursor_u8(&cursor);
    cursor_skip(&cursor, 1);
    netmon->medium = cursor_u16le(&cursor);
    netmon->start = start_time(&cursor);
    netmon->table = cursor_u32le(&cursor);
    netmon->entries = cursor_u32le(&cursor) / 4;
    netmon->trailer = trailer_size(netmon->minor);
    uint64_t size = source_size(netmon->reading->source);
    netmon->limit = size;
    netmon->at = FILE_HEADER;
    netmon->lost = netmon->table > size || netmon->entries > (size - netmon->table) / 4;
    if (netmon->lost && netmon->table < size) {
        netmon->limit = netmon->table;
    }
}

static void *reader_open(struct reading *reading)
{
    struct slice header = source_peek(reading->source, HEADER_FIELDS);
    if (header.size < HEADER_FIELDS) {
        reading_problem(reading,
                        "the NetMon file header is cut: tried to read %d bytes, only got %zu",
                        FILE_HEADER, header.size);
        return NULL;
    }
    unsigned major = slice_byte(header, 5);
    if (major != 2) {
        reading_problem(reading, "NetMon version %u.%u is not read", major, slice_byte(header, 4));
        return NULL;
    }
    if (!source_load(reading->source, reading->limits->unpacked_bytes)) {
        reading_problem(reading,
                        "a compressed or piped NetMon capture of more than %zu bytes: "
                        "decompress it into a file first",
                        reading->limits->unpacked_bytes);
        return NULL;
    }
    struct netmon *netmon = memory_zero(1, sizeof *netmon);
    netmon->reading = reading;
    header_read(netmon, source_at(reading->source, 0, HEADER_FIELDS));
    return netmon;
}

static void reader_close(void *context)
{
    free(context);
}

const struct format netmon_format = {"netmon", reader_open, reader_next, reader_close};
