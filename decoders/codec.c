/*
 * gzip and zlib's own form through zlib, zstd through libzstd. See codec.h.
 *
 * Normative: RFC 1952 section 2.2 (a file is a series of members), RFC 1950
 * section 2.2 (the two bytes before the data), RFC 8878 section 3 (frames and
 * skippable frames).
 *
 * Zero bytes after a gzip member are padding, as tapes and some copy tools leave
 * it; anything else there that is not a member breaks the stream.
 */
#define ZLIB_CONST
#include "decoders/codec.h"

#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>

#include "analyzer/engine/arena.h"

struct codec_kind {
    const char *name;
    bool (*probe)(struct slice head);
    void (*init)(struct codec *codec);
    void (*dispose)(struct codec *codec);
    struct codec_step (*feed)(struct codec *codec, struct slice packed, char *out, size_t room);
};

struct codec {
    const struct codec_kind *kind;
    bool between; /* before the first, or after a whole member or frame */
    const char *problem;
    z_stream gzip;
    ZSTD_DStream *zstd;
};

static bool gzip_probe(struct slice head)
{
    return slice_starts(head, (struct slice)SLICE("\x1f\x8b"));
}

enum { WINDOW_BITS = 15, GZIP_ONLY = 16 };

static void gzip_init(struct codec *codec)
{
    if (inflateInit2(&codec->gzip, WINDOW_BITS + GZIP_ONLY) != Z_OK) {
        memory_fatal();
    }
}

/* Deflate with a 32 KiB window, and the check digits in the second byte. */
static bool zlib_probe(struct slice head)
{
    return head.size >= 2 && slice_byte(head, 0) == 0x78 &&
           (slice_byte(head, 0) * 256U + slice_byte(head, 1)) % 31 == 0;
}

static void zlib_init(struct codec *codec)
{
    if (inflateInit2(&codec->gzip, WINDOW_BITS) != Z_OK) {
        memory_fatal();
    }
}

static void gzip_dispose(struct codec *codec)
{
    inflateEnd(&codec->gzip);
}

/* zlib counts in unsigned int. */
static unsigned gzip_size(size_t size)
{
    enum { PIECE = 1 << 30 };
    return size < PIECE ? (unsigned)size : PIECE;
}

static struct codec_step gzip_feed(struct codec *codec, struct slice packed, char *out, size_t room)
{
    struct codec_step step = {0};
    if (codec->between) {
        while (step.consumed < packed.size && packed.data[step.consumed] == 0) {
            step.consumed++;
        }
        if (step.consumed == packed.size) {
            return step;
        }
        inflateReset(&codec->gzip);
        codec->between = false;
    }
    struct slice input = slice_from(packed, step.consumed);
    codec->gzip.next_in = (const Bytef *)input.data;
    codec->gzip.avail_in = gzip_size(input.size);
    codec->gzip.next_out = (Bytef *)out;
    codec->gzip.avail_out = gzip_size(room);
    int status = inflate(&codec->gzip, Z_NO_FLUSH);
    step.consumed += gzip_size(input.size) - codec->gzip.avail_in;
    step.produced = gzip_size(room) - codec->gzip.avail_out;
    codec->between = status == Z_STREAM_END;
    if (status == Z_MEM_ERROR) {
        memory_fatal();
    }
    step.broken = status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR;
    if (step.broken) {
        codec->problem = codec->gzip.msg ? codec->gzip.msg : "a preset dictionary is needed";
    }
    return step;
}

static bool zstd_probe(struct slice head)
{
    if (slice_starts(head, (struct slice)SLICE("\x28\xb5\x2f\xfd"))) {
        return true;
    }
    return head.size >= 4 && (slice_byte(head, 0) & 0xf0) == 0x50 &&
           slice_starts(slice_from(head, 1), (struct slice)SLICE("\x2a\x4d\x18"));
}

static void zstd_init(struct codec *codec)
{
    enum { WINDOW_LOG_MAX = 27 };
    codec->zstd = ZSTD_createDStream();
    if (!codec->zstd) {
        memory_fatal();
    }
    (void)ZSTD_DCtx_setParameter(codec->zstd, ZSTD_d_windowLogMax, WINDOW_LOG_MAX);
}

static void zstd_dispose(struct codec *codec)
{
    ZSTD_freeDStream(codec->zstd);
}

static struct codec_step zstd_feed(struct codec *codec, struct slice packed, char *out, size_t room)
{
    ZSTD_inBuffer input = {packed.data, packed.size, 0};
    ZSTD_outBuffer output = {out, room, 0};
    size_t hint = ZSTD_decompressStream(codec->zstd, &output, &input);
    struct codec_step step = {input.pos, output.pos, ZSTD_isError(hint) != 0};
    if (step.broken) {
        codec->problem = ZSTD_getErrorName(hint);
    } else if (step.consumed > 0 || step.produced > 0) {
        codec->between = hint == 0;
    }
    return step;
}

/* clang-format off */
static const struct codec_kind kinds[] = {
    {"gzip", gzip_probe, gzip_init, gzip_dispose, gzip_feed},
    {"zstd", zstd_probe, zstd_init, zstd_dispose, zstd_feed},
};

static const struct codec_kind inner_kinds[] = {
    {"gzip", gzip_probe, gzip_init, gzip_dispose, gzip_feed},
    {"zlib", zlib_probe, zlib_init, gzip_dispose, gzip_feed},
};
/* clang-format on */

static struct codec *codec_of(const struct codec_kind *table, size_t count, struct slice head)
{
    for (size_t i = 0; i < count; i++) {
        if (table[i].probe(head)) {
            struct codec *codec = memory_zero(1, sizeof *codec);
            codec->kind = &table[i];
            codec->between = true;
            codec->problem = "";
            table[i].init(codec);
            return codec;
        }
    }
    return NULL;
}

struct codec *codec_new(struct slice head)
{
    return codec_of(kinds, sizeof kinds / sizeof kinds[0], head);
}

struct codec *codec_new_inner(struct slice head)
{
    return codec_of(inner_kinds, sizeof inner_kinds / sizeof inner_kinds[0], head);
}

void codec_free(struct codec *codec)
{
    if (codec) {
        codec->kind->dispose(codec);
        free(codec);
    }
}

const char *codec_name(const struct codec *codec)
{
    return codec->kind->name;
}

struct codec_step codec_feed(struct codec *codec, struct slice packed, char *out, size_t room)
{
    return codec->kind->feed(codec, packed, out, room);
}

bool codec_at_end(const struct codec *codec)
{
    return codec->between;
}

const char *codec_problem(const struct codec *codec)
{
    return codec->problem;
}
