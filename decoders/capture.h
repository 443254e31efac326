/*
 * Capture files as a sequence of packets: the first stage of the pipeline.
 *
 * Called by analyzer/pipeline.c, one `struct capture` per input. The format is
 * found by content, never by name: classic pcap (through libpcap), pcapng (our
 * own block reader, decoders/pcapng.c), NetMon 2.x (decoders/netmon.c), each of
 * them plain, gzip- or zstd-compressed (decoders/source.c), from a file or from
 * standard input. Formats that other tools must convert first are recognised and
 * refused with the name of that tool.
 *
 * A capture that breaks off is analyzed as far as it goes: CAPTURE_CUT comes
 * once, after the last whole record.
 */
#ifndef OCSIGHT_DECODERS_CAPTURE_H
#define OCSIGHT_DECODERS_CAPTURE_H

#include "analyzer/engine/limits.h"
#include "analyzer/engine/summary.h"

/* One captured record. Borrowed until the next capture_next() of that capture. */
struct packet {
    struct origin origin; /* time, record, offset of the record, input */
    struct slice bytes;   /* what was captured */
    uint64_t wire_size;   /* how long it was on the wire */
    uint32_t link_type;   /* LINKTYPE_ value as in pcap files (tcpdump.org/linktypes.html) */
    uint32_t interface;   /* pcapng: number within its section; else 0 */
};

/* What a pcapng file holds besides packets; kept for `annotate` and for TLS keys. */
struct capture_note {
    enum { NOTE_SECRETS, NOTE_COMMENT, NOTE_STATISTICS, NOTE_NAMES } kind;
    uint32_t type;        /* secrets type, option code or block type */
    uint64_t record;      /* the packet a comment belongs to; 0 = section or interface */
    struct slice content; /* lives as long as the capture */
};

enum capture_status {
    CAPTURE_PACKET,
    CAPTURE_END,
    CAPTURE_CUT,    /* breaks off inside a record, or a damaged block cannot be passed over */
    CAPTURE_FAILED, /* nothing of it can be read; capture_problem() says why */
};

struct capture;

/*
 * Opens a file, or standard input for "-". Never NULL: what went wrong comes as
 * CAPTURE_FAILED from capture_next() and in words from capture_problem().
 * `filter` is a BPF expression (NULL = none), compiled for each link type met;
 * filtered packets are counted, not returned. `path` must outlive the capture.
 */
struct capture *capture_open(const char *path, uint32_t input, const char *filter,
                             const struct limits *limits);
void capture_close(struct capture *capture);

enum capture_status capture_next(struct capture *capture, struct packet *out);

/* Why the last status was not CAPTURE_PACKET, one line with record and offset; "" if nothing is
 * wrong. */
const char *capture_problem(const struct capture *capture);

/* Packets that did not match the filter so far. */
uint64_t capture_filtered(const struct capture *capture);

/* Name, kind, compression, size, records, first, last, truncated, failed so far. */
struct input_info capture_info(const struct capture *capture);

/* Notes met so far, in file order. */
const struct capture_note *capture_notes(const struct capture *capture, size_t *count);

#endif
