/*
 * pcapng blocks as bytes: those of a new file, and a packet's block with more comments in it.
 *
 * Called by analyzer/packet_copy.c. What a capture has is given on as decoders/capture.h shows
 * it; nothing here reads a file or writes one.
 */
#ifndef OCSIGHT_DECODERS_PCAPNG_WRITE_H
#define OCSIGHT_DECODERS_PCAPNG_WRITE_H

#include "analyzer/engine/arena.h"
#include "analyzer/engine/buffer.h"
#include "decoders/capture.h"

/* Bytes of one comment: its length has 16 bits. */
enum { PCAPNG_COMMENT_MAX = 65535 };

/* A text as a comment can hold it: one that is longer is cut, and says so at its end. */
struct slice pcapng_comment(struct slice text, struct arena *arena);

/* What is said about a packet: valid UTF-8, each of at most PCAPNG_COMMENT_MAX bytes. */
struct pcapng_comments {
    const struct slice *items;
    size_t count;
};

/* The head of a new file, little-endian. `application` is who writes it. */
bool pcapng_write_section(struct buffer *out, struct slice application);

/* An interface with the clock and the link type of `head`; one without a number becomes private. */
bool pcapng_write_interface(struct buffer *out, const struct capture_head *head);

/* A packet of a file whose times have so many digits of a second. */
bool pcapng_write_packet(struct buffer *out, const struct packet *packet, uint32_t interface,
                         uint8_t digits, const struct pcapng_comments *comments);

/*
 * A block that was read, whole or a piece of it, byte for byte but for what must change: the
 * length of a section is "not told", as it grows, and what stands at the end of a whole block is
 * its length. `packet` and `comments` are for the block of a packet.
 */
bool pcapng_write_block(struct buffer *out, const struct capture_block *block,
                        const struct packet *packet, const struct pcapng_comments *comments);

/* Can comments stand in the block of this packet? */
bool pcapng_takes_comments(const struct capture_block *block, const struct packet *packet);

/* The next comment that stands in a block with room already; `at` is 0 for the first. False after
 * the last. */
bool pcapng_next_comment(const struct capture_block *block, size_t *at, struct slice *out);

#endif
