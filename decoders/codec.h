/*
 * Compressed bytes to plain ones: gzip and zlib (zlib), zstd, found by their magic.
 *
 * decoders/source.c unpacks inputs with it, decoders/xccos_preference.c what a chat
 * preference holds. Several gzip members or zstd frames in a row
 * are one stream. Memory is bounded by the formats' windows: 32 KiB for gzip, at
 * most 128 MiB for zstd; a frame that wants more is refused.
 */
#ifndef OCSIGHT_DECODERS_CODEC_H
#define OCSIGHT_DECODERS_CODEC_H

#include "analyzer/engine/slice.h"

struct codec;

/* How many bytes codec_new() needs to decide; fewer decide at the end of the input. */
enum { CODEC_MAGIC = 4 };

/* NULL when these are not the first bytes of a compressed stream. */
struct codec *codec_new(struct slice head);

/* Likewise for what a message may carry inside: gzip or zlib (RFC 1950), nothing else. */
struct codec *codec_new_inner(struct slice head);

void codec_free(struct codec *codec);

const char *codec_name(const struct codec *codec); /* "gzip", "zlib", "zstd" */

/* One step of the work; how far it went in both buffers. */
struct codec_step {
    size_t consumed;
    size_t produced;
    bool broken; /* codec_problem() says why; what was produced is still good */
};

struct codec_step codec_feed(struct codec *codec, struct slice packed, char *out, size_t room);

/* May the stream end here, between two members or frames? */
bool codec_at_end(const struct codec *codec);

const char *codec_problem(const struct codec *codec);

#endif
