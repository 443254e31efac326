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
 * once, after the last whole record, and CAPTURE_END after it.
 */
#ifndef OCSIGHT_DECODERS_CAPTURE_H
#define OCSIGHT_DECODERS_CAPTURE_H

#include "analyzer/engine/limits.h"
#include "analyzer/engine/summary.h"
#include "decoders/ticks.h"

/* A medium that has no LINKTYPE_ value, or an interface that was never described. */
#define CAPTURE_LINK_UNKNOWN UINT32_MAX

/*
 * One captured record. Borrowed until the next capture_next() of that capture.
 * Its time always lies in 1970 .. 2116, so that sums and differences of times
 * fit: a record without a usable time gets that of the record before it, and is
 * counted (`undated`). Offsets are those of the decompressed content.
 */
struct packet {
    struct origin origin; /* time, record, offset of the record, input */
    struct slice bytes;   /* what was captured */
    uint64_t wire_size;   /* how long it was on the wire */
    uint32_t link_type;   /* LINKTYPE_ value as in pcap files (tcpdump.org/linktypes.html) */
    uint32_t interface;   /* pcapng: number within its section; else 0 */
};

/* What a pcapng file holds besides packets; kept for TLS keys. */
struct capture_note {
    enum { NOTE_SECRETS, NOTE_STATISTICS, NOTE_NAMES } kind;
    uint32_t type;        /* secrets type, or block type */
    bool big_endian;      /* byte order of the numbers in a statistics or names block */
    struct slice content; /* lives as long as the capture */
};

/* What was not handed on as it stands, so that nothing is dropped without a count. */
struct capture_counts {
    uint64_t filtered;    /* packets that did not match the filter */
    uint64_t cut;         /* packets longer than limits.packet_bytes: handed on without their end */
    uint64_t damaged;     /* records that contradict themselves: only what is usable is handed on */
    uint64_t undated;     /* packets without a usable time */
    uint64_t passed_over; /* blocks and records that hold no packet and are not kept */
    uint64_t notes_dropped;      /* notes beyond limits.note_bytes */
    uint64_t interfaces_dropped; /* beyond limits.interfaces: their packets are skipped */
};

/*
 * A block of a pcapng file as it stands there, for whoever copies the file. Borrowed until
 * the callback returns.
 */
struct capture_block {
    uint32_t type;
    bool big_endian;
    bool packet;    /* of the packet that capture_next() gave last */
    uint64_t size;  /* of the whole block, both its lengths included */
    uint64_t place; /* of `bytes` in it: one over the caps comes in pieces */
    struct slice bytes;
    size_t room;               /* where further options can stand in it; 0 = nowhere */
    size_t options;            /* where those begin that it has, if there is room */
    const struct ticks *clock; /* of a simple packet that is whole, its interface's; else NULL */
};

struct capture_block_sink {
    void *context;
    void (*block)(void *context, const struct capture_block *block);
};

/* What the head of a file says of all its packets. */
struct capture_head {
    bool blocks;        /* pcapng: what capture_watch() gives is the whole file */
    uint32_t link_type; /* CAPTURE_LINK_UNKNOWN: each packet has its own */
    uint32_t snapshot;  /* 0 = no limit */
    uint8_t digits;     /* of the part of a second in its times */
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
 * filtered packets are counted, not returned. `path`, `filter` and `limits` must
 * outlive the capture.
 */
struct capture *capture_open(const char *path, uint32_t input, const char *filter,
                             const struct limits *limits);

/* The same over bytes in memory, which must outlive the capture: for tests and fuzzing. */
struct capture *capture_open_memory(struct slice content, uint32_t input, const char *filter,
                                    const struct limits *limits);
void capture_close(struct capture *capture);

/*
 * Is this a BPF expression at all, for Ethernet or raw IP? Else false and one
 * line in `problem`. For the command line: wrong usage, before anything is read.
 */
enum { CAPTURE_PROBLEM = 320 };
bool capture_filter_check(const char *filter, char problem[static CAPTURE_PROBLEM]);

enum capture_status capture_next(struct capture *capture, struct packet *out);

/*
 * Before the first capture_next(): from then on each call of it shows the sink, in the order of
 * the file, the block of the packet that the call before gave, and all other blocks that it
 * passes. `sink` must outlive the capture. What breaks off is not shown.
 */
void capture_watch(struct capture *capture, const struct capture_block_sink *sink);

struct capture_head capture_head(const struct capture *capture);

/*
 * Why the last status was not CAPTURE_PACKET, one line with record and offset, without the
 * name of the input; "" if nothing is wrong.
 */
const char *capture_problem(const struct capture *capture);

/* Packets that did not match the filter so far. */
uint64_t capture_filtered(const struct capture *capture);

struct capture_counts capture_counts(const struct capture *capture);

/*
 * What was cut, damaged, undated, passed over or dropped so far, in one line with
 * the first place of damage; "" if there was nothing. Borrowed until the next call.
 */
const char *capture_remark(struct capture *capture);

/* Name, kind, compression, size, records, first, last, truncated, failed so far. */
struct input_info capture_info(const struct capture *capture);

/* Notes met so far, in file order. The array is borrowed until the next capture_next(). */
const struct capture_note *capture_notes(const struct capture *capture, size_t *count);

#endif
