/* See output.h. */
#include "samples/output.h"

#include "analyzer/engine/arena.h"
#include "samples/fail.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

enum { OUTPUT_BLOCK = 1 << 18 };

struct output {
    const char *path;
    FILE *file;
    z_stream *gzip;
    ZSTD_CStream *zstd;
    size_t used; /* bytes waiting in `block` */
    unsigned char block[OUTPUT_BLOCK];
    unsigned char packed[OUTPUT_BLOCK];
};

static bool suffix_is(const char *path, const char *suffix)
{
    size_t size = strlen(path), tail = strlen(suffix);
    return size > tail && strcmp(path + size - tail, suffix) == 0;
}

struct output *output_new(const char *path)
{
    struct output *output = memory_zero(1, sizeof *output);
    output->path = path;
    output->file = strcmp(path, "-") == 0 ? stdout : fopen(path, "wb");
    if (output->file == NULL) {
        fail("%s: cannot be written", path);
    }
    setvbuf(output->file, NULL, _IONBF, 0);
    if (suffix_is(path, ".gz")) {
        output->gzip = memory_zero(1, sizeof *output->gzip);
        deflateInit2(output->gzip, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    } else if (suffix_is(path, ".zst")) {
        output->zstd = ZSTD_createCStream();
        ZSTD_initCStream(output->zstd, 3);
    }
    return output;
}

static void file_append(struct output *output, const void *bytes, size_t size)
{
    if (fwrite(bytes, 1, size, output->file) != size) {
        fail("%s: cannot be written", output->path);
    }
}

static void gzip_append(struct output *output, bool last)
{
    output->gzip->next_in = output->block;
    output->gzip->avail_in = (unsigned)output->used;
    do {
        output->gzip->next_out = output->packed;
        output->gzip->avail_out = OUTPUT_BLOCK;
        deflate(output->gzip, last ? Z_FINISH : Z_NO_FLUSH);
        file_append(output, output->packed, OUTPUT_BLOCK - output->gzip->avail_out);
    } while (output->gzip->avail_out == 0);
}

static void zstd_append(struct output *output, bool last)
{
    ZSTD_inBuffer in = {output->block, output->used, 0};
    size_t left;
    do {
        ZSTD_outBuffer out = {output->packed, OUTPUT_BLOCK, 0};
        left = ZSTD_compressStream2(output->zstd, &out, &in, last ? ZSTD_e_end : ZSTD_e_continue);
        if (ZSTD_isError(left)) {
            fail("%s: cannot be compressed", output->path);
        }
        file_append(output, output->packed, out.pos);
    } while (last ? left > 0 : in.pos < in.size);
}

static void block_flush(struct output *output, bool last)
{
    if (output->gzip != NULL) {
        gzip_append(output, last);
    } else if (output->zstd != NULL) {
        zstd_append(output, last);
    } else {
        file_append(output, output->block, output->used);
    }
    output->used = 0;
}

void output_append(struct output *output, const void *bytes, size_t size)
{
    const unsigned char *from = bytes;
    while (size > 0) {
        size_t room = OUTPUT_BLOCK - output->used;
        size_t part = size < room ? size : room;
        memcpy(output->block + output->used, from, part);
        output->used += part;
        from += part;
        size -= part;
        if (output->used == OUTPUT_BLOCK) {
            block_flush(output, false);
        }
    }
}

void output_end(struct output *output)
{
    block_flush(output, true);
    if (output->gzip != NULL) {
        deflateEnd(output->gzip);
        free(output->gzip);
    }
    ZSTD_freeCStream(output->zstd);
    if (output->file != stdout && fclose(output->file) != 0) {
        fail("%s: cannot be written", output->path);
    }
    free(output);
}
