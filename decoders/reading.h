/*
 * The contract between capture.c and the readers of the single formats: what a
 * reader is, and what it may use and fill while it reads.
 *
 * Called by pcap.c, pcapng.c and netmon.c. A reader takes one record after the
 * other from the source; numbering, filtering, cutting to the cap and dating
 * undated packets are done once for all of them, in capture.c.
 */
#ifndef OCSIGHT_DECODERS_READING_H
#define OCSIGHT_DECODERS_READING_H

#include "analyzer/engine/arena.h"
#include "decoders/capture.h"
#include "decoders/source.h"

/* One open capture as its reader sees it. */
struct reading {
    struct source *source;
    const struct limits *limits;
    uint64_t records; /* whole records so far; the one being read is records + 1 */
    struct capture_counts counts;
    struct arena arena; /* contents of the notes */
    struct capture_note *notes;
    size_t note_count;
    size_t note_capacity;
    size_t note_bytes;
    const struct capture_block_sink *watch; /* NULL = nobody copies the file */
    struct capture_head head;               /* filled by the reader's open() */
    char problem[CAPTURE_PROBLEM];          /* why reading ended */
    char damage[CAPTURE_PROBLEM];           /* the first that was odd but could be passed */
};

/* The reader of one format. */
struct format {
    const char *kind; /* "pcap": input_info.kind */
    /* Reads the file's header. NULL when it cannot be read; `problem` says why. */
    void *(*open)(struct reading *reading);
    /*
     * The next record: bytes, wire_size, link_type, interface, origin.offset and
     * origin.time (TIME_NONE when it has none) of a zeroed packet. With
     * CAPTURE_CUT, `problem` says why.
     */
    enum capture_status (*next)(void *reader, struct packet *out);
    void (*close)(void *reader);
};

/* Sets `problem`; what the source says goes before. */
__attribute__((format(printf, 2, 3))) void reading_problem(struct reading *reading,
                                                           const char *format, ...);

/* Counts a record that contradicts itself; the first text is kept. */
__attribute__((format(printf, 2, 3))) void reading_damage(struct reading *reading,
                                                          const char *format, ...);

/* Keeps a copy of the note, or counts it as dropped. */
void reading_note(struct reading *reading, struct capture_note note);

void reading_dispose(struct reading *reading);

#endif
