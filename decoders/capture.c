/*
 * Captures of any format, found by content. See capture.h.
 *
 * What is the same for all formats is done here: numbering, dating undated
 * packets, cutting to the cap, filtering, and the words for what went wrong.
 */
#include "decoders/capture.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decoders/netmon.h"
#include "decoders/pcap.h"
#include "decoders/pcapng.h"
#include "decoders/reading.h"

struct capture {
    struct reading reading;
    const struct format *format; /* NULL: not found */
    void *reader;
    const char *name;
    uint32_t input;
    struct pcap_filter *filter;
    enum capture_status status; /* the last one */
    int64_t first;              /* times met, TIME_NONE */
    int64_t last;
    int64_t now; /* time of the record before */
    bool truncated;
    char remark[2 * CAPTURE_PROBLEM];
};

/* ---- formats ---- */

enum { HEAD = 128 }; /* bytes that the probes look at */

static bool etl_looks(struct slice head)
{
    /*
     * A trace file has no magic. It starts with a buffer header of 72 bytes (buffer size, used
     * size twice, ...) and the first event: version, header type 1 or 2, flags 0xC0.
     */
    enum { BUFFER_HEADER = 72 };
    if (head.size < BUFFER_HEADER + 4) {
        return false;
    }
    uint32_t size = (uint32_t)slice_byte(head, 1) << 8 | (uint32_t)slice_byte(head, 2) << 16 |
                    (uint32_t)slice_byte(head, 3) << 24 | slice_byte(head, 0);
    unsigned type = slice_byte(head, BUFFER_HEADER + 2);
    return size >= 1024 && size % 1024 == 0 && slice_byte(head, BUFFER_HEADER + 1) == 0 &&
           (type == 1 || type == 2) && slice_byte(head, BUFFER_HEADER + 3) == 0xc0;
}

static bool text_looks(struct slice head)
{
    if (slice_starts(head, (struct slice)SLICE("\xff\xfe")) ||
        slice_starts(head, (struct slice)SLICE("\xfe\xff"))) {
        return true;
    }
    for (size_t i = 0; i < head.size; i++) {
        unsigned char byte = slice_byte(head, i);
        bool blank = byte == '\t' || byte == '\n' || byte == '\r' || byte == '\f';
        if ((byte < ' ' && !blank) || byte == 0x7f) {
            return false;
        }
    }
    return true;
}

/* One row per format; the first that fits counts. `magic` or `looks` decides. */
static const struct probe {
    struct slice magic;
    bool (*looks)(struct slice head);
    const struct format *format;
    const char *refusal; /* where there is no reader */
} probes[] = {
    /* clang-format off */
    {{0}, pcap_looks, &pcap_format, NULL},
    {SLICE("\x0a\x0d\x0d\x0a"), NULL, &pcapng_format, NULL},
    {SLICE("GMBU"), NULL, &netmon_format, NULL},
    {SLICE("RTSS"), NULL, NULL, "is a Network Monitor 1.x capture: save it with Network Monitor 3.4, or convert it with editcap"},
    {SLICE("snoop\0\0\0"), NULL, NULL, "is a snoop capture: convert it with editcap -F pcapng"},
    {SLICE("btsnoop\0"), NULL, NULL, "is a Bluetooth capture (btsnoop), which cannot hold SIP"},
    {SLICE("XCP\0"), NULL, NULL, "is a NetXRay or Sniffer capture: convert it with editcap -F pcapng"},
    {SLICE("TRSNIFF data"), NULL, NULL, "is a Sniffer capture: convert it with editcap -F pcapng"},
    {SLICE("MSCF"), NULL, NULL, "is a cabinet file (.cab): expand it first, with expand -F:* or cabextract"},
    {SLICE("PK\x03\x04"), NULL, NULL, "is a zip archive: unpack it first"},
    {SLICE("7z\xbc\xaf\x27\x1c"), NULL, NULL, "is a 7z archive: unpack it first"},
    {SLICE("\xfd" "7zXZ\0"), NULL, NULL, "is compressed with xz: unpack it first; gzip and zstd are read as they are"},
    {SLICE("BZh"), NULL, NULL, "is compressed with bzip2: unpack it first; gzip and zstd are read as they are"},
    {SLICE("\x1f\x8b"), NULL, NULL, "is compressed twice: unpack it first"},
    {SLICE("\x28\xb5\x2f\xfd"), NULL, NULL, "is compressed twice: unpack it first"},
    {SLICE("SQLite format 3\0"), NULL, NULL, "is a database: give a store as an uncompressed file, not through a pipe"},
    {SLICE("ElfFile\0"), NULL, NULL, "is a Windows event log (.evtx), not a capture"},
    {{0}, etl_looks, NULL, "is a Windows event trace (.etl): convert it with etl2pcapng, or save it as .cap with Microsoft Message Analyzer"},
    {{0}, text_looks, NULL, "is text, not a capture"},
    /* clang-format on */
};

static const struct probe *probe_find(struct slice head)
{
    for (size_t i = 0; i < sizeof probes / sizeof probes[0]; i++) {
        if (probes[i].looks ? probes[i].looks(head) : slice_starts(head, probes[i].magic)) {
            return &probes[i];
        }
    }
    return NULL;
}

/* "\x7fELF\x02..." of the first bytes. */
static void escape(struct slice bytes, char *out, size_t room)
{
    size_t at = 0;
    for (size_t i = 0; i < bytes.size && at + 5 <= room; i++) {
        unsigned char byte = slice_byte(bytes, i);
        bool plain = byte >= ' ' && byte < 0x7f && byte != '"' && byte != '\\';
        at += (size_t)snprintf(out + at, room - at, plain ? "%c" : "\\x%02x", byte);
    }
    out[at] = '\0';
}

static void refuse_unknown(struct capture *capture, struct slice head)
{
    enum { SHOWN = 16 };
    char text[4 * SHOWN + 1];
    escape(slice_sub(head, 0, SHOWN), text, sizeof text);
    reading_problem(&capture->reading, "unknown content, it starts with \"%s\"", text);
}

/* Finds the format and opens its reader, or says why not. */
static enum capture_status find_format(struct capture *capture)
{
    struct source *source = capture->reading.source;
    struct slice head = source_peek(source, HEAD);
    if (head.size == 0 && source_failed(source)) {
        snprintf(capture->reading.problem, CAPTURE_PROBLEM, "%s", source_problem(source));
        return CAPTURE_FAILED;
    }
    if (head.size == 0) {
        reading_problem(&capture->reading, "is empty");
        return CAPTURE_FAILED;
    }
    const struct probe *probe = probe_find(head);
    if (!probe || !probe->format) {
        if (probe) {
            reading_problem(&capture->reading, "%s", probe->refusal);
        } else {
            refuse_unknown(capture, head);
        }
        return CAPTURE_FAILED;
    }
    capture->format = probe->format;
    capture->reader = probe->format->open(&capture->reading);
    return capture->reader ? CAPTURE_PACKET : CAPTURE_FAILED;
}

/* ---- opening and closing ---- */

static enum capture_status find_filter(struct capture *capture, const char *expression)
{
    if (!expression) {
        return CAPTURE_PACKET;
    }
    capture->filter = pcap_filter_new(expression);
    if (pcap_filter_usable(capture->filter)) {
        return CAPTURE_PACKET;
    }
    snprintf(capture->reading.problem, CAPTURE_PROBLEM, "filter: %s",
             pcap_filter_problem(capture->filter));
    return CAPTURE_FAILED;
}

static struct capture *open_source(struct source *source, const char *name, uint32_t input,
                                   const char *filter, const struct limits *limits)
{
    struct capture *capture = memory_zero(1, sizeof *capture);
    capture->reading.source = source;
    capture->reading.limits = limits;
    capture->reading.head = (struct capture_head){.link_type = CAPTURE_LINK_UNKNOWN, .digits = 9};
    arena_init(&capture->reading.arena);
    capture->name = name;
    capture->input = input;
    capture->first = TIME_NONE;
    capture->last = TIME_NONE;
    capture->status = find_filter(capture, filter);
    if (capture->status == CAPTURE_PACKET) {
        capture->status = find_format(capture);
    }
    return capture;
}

struct capture *capture_open(const char *path, uint32_t input, const char *filter,
                             const struct limits *limits)
{
    return open_source(source_open(path), path, input, filter, limits);
}

struct capture *capture_open_memory(struct slice content, uint32_t input, const char *filter,
                                    const struct limits *limits)
{
    return open_source(source_over(content), "memory", input, filter, limits);
}

void capture_close(struct capture *capture)
{
    if (capture->reader) {
        capture->format->close(capture->reader);
    }
    pcap_filter_free(capture->filter);
    source_close(capture->reading.source);
    reading_dispose(&capture->reading);
    free(capture);
}

bool capture_filter_check(const char *filter, char problem[static CAPTURE_PROBLEM])
{
    struct pcap_filter *tried = pcap_filter_new(filter);
    bool usable = pcap_filter_usable(tried);
    snprintf(problem, CAPTURE_PROBLEM, "%s", usable ? "" : pcap_filter_problem(tried));
    pcap_filter_free(tried);
    return usable;
}

/* ---- packets ---- */

/* Number, input and time of a record; a packet over the cap loses its end. */
static void stamp(struct capture *capture, struct packet *packet)
{
    packet->origin.record = ++capture->reading.records;
    packet->origin.input = capture->input;
    if (packet->origin.time == TIME_NONE) {
        capture->reading.counts.undated++;
        packet->origin.time = capture->now;
    } else {
        capture->now = packet->origin.time;
        if (capture->first == TIME_NONE || capture->now < capture->first) {
            capture->first = capture->now;
        }
        if (capture->last == TIME_NONE || capture->now > capture->last) {
            capture->last = capture->now;
        }
    }
    if (packet->bytes.size > capture->reading.limits->packet_bytes) {
        capture->reading.counts.cut++;
        packet->bytes.size = capture->reading.limits->packet_bytes;
    }
}

enum capture_status capture_next(struct capture *capture, struct packet *out)
{
    if (capture->status == CAPTURE_CUT) {
        capture->status = CAPTURE_END;
    }
    while (capture->status == CAPTURE_PACKET) {
        *out = (struct packet){.origin = {.time = TIME_NONE}};
        capture->status = capture->format->next(capture->reader, out);
        if (capture->status != CAPTURE_PACKET) {
            break;
        }
        stamp(capture, out);
        if (!capture->filter || pcap_filter_match(capture->filter, out)) {
            return CAPTURE_PACKET;
        }
        capture->reading.counts.filtered++;
    }
    capture->truncated = capture->truncated || capture->status == CAPTURE_CUT;
    return capture->status;
}

void capture_watch(struct capture *capture, const struct capture_block_sink *sink)
{
    capture->reading.watch = sink;
}

/* ---- what is known about it ---- */

struct capture_head capture_head(const struct capture *capture)
{
    return capture->reading.head;
}

const char *capture_problem(const struct capture *capture)
{
    return capture->reading.problem;
}

uint64_t capture_filtered(const struct capture *capture)
{
    return capture->reading.counts.filtered;
}

struct capture_counts capture_counts(const struct capture *capture)
{
    return capture->reading.counts;
}

const char *capture_remark(struct capture *capture)
{
    const struct capture_counts *counts = &capture->reading.counts;
    const struct {
        uint64_t count;
        const char *what;
    } parts[] = {
        {counts->cut, "packets longer than the packet cap were cut"},
        {counts->undated, "packets have no usable time"},
        {counts->passed_over, "blocks without packets were passed over"},
        {counts->notes_dropped, "notes were dropped at their cap"},
        {counts->damaged, "records are damaged"},
    };
    size_t at = 0;
    capture->remark[0] = '\0';
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (parts[i].count > 0) {
            at += (size_t)snprintf(capture->remark + at, sizeof capture->remark - at,
                                   "%s%" PRIu64 " %s", at > 0 ? "; " : "", parts[i].count,
                                   parts[i].what);
        }
    }
    if (counts->damaged > 0) {
        snprintf(capture->remark + at, sizeof capture->remark - at, ", first: %s",
                 capture->reading.damage);
    }
    return capture->remark;
}

struct input_info capture_info(const struct capture *capture)
{
    return (struct input_info){
        .name = slice_of(capture->name),
        .kind = capture->format ? capture->format->kind : NULL,
        .compression = source_compression(capture->reading.source),
        .size = source_stored_size(capture->reading.source),
        .records = capture->reading.records,
        .first = capture->first,
        .last = capture->last,
        .truncated = capture->truncated,
        .failed = capture->status == CAPTURE_FAILED,
    };
}

const struct capture_note *capture_notes(const struct capture *capture, size_t *count)
{
    *count = capture->reading.note_count;
    return capture->reading.notes;
}
