/*
 * A capture written again as pcapng, with comments on its packets.
 *
 * Used by analyzer/commands/annotate.c after the run. Of a pcapng file every block is given on as
 * it stands, in its byte order; only the packets with comments have them among their options,
 * behind those that they had, unless they stand there already. A file of another format becomes
 * one section with an interface for each link type. Packets' bytes never change. What is
 * compressed is written plainly, and a capture that breaks off ends with its last whole packet.
 */
#ifndef OCSIGHT_ANALYZER_PACKET_COPY_H
#define OCSIGHT_ANALYZER_PACKET_COPY_H

#include <signal.h>

#include "analyzer/packet_choice.h"
#include "decoders/capture.h"

/* Where the bytes of the new file go, and who says what stands at a packet. */
struct packet_copy_options {
    const char *application;                  /* who writes it: "ocsight 1.0" */
    struct packet_choice *choice;             /* that has learned; NULL = every packet is copied */
    const volatile sig_atomic_t *interrupted; /* NULL = never */
    void *context;
    void (*write)(void *context, struct slice bytes);
    /* The comments of a record, borrowed until the next call. */
    const struct slice *(*comments)(void *context, uint64_t record, size_t *count);
};

struct packet_copy {
    uint64_t packets;  /* written */
    uint64_t comments; /* written, without those that stood there */
    uint64_t beyond;   /* comments for which a packet's block has no room */
    uint64_t left_out; /* blocks that may not be copied once packets are missing */
    bool interrupted;  /* it is not whole */
};

/* The capture is read to its end; it must be newly opened, without a filter. */
struct packet_copy packet_copy_run(struct capture *capture,
                                   const struct packet_copy_options *options);

#endif
