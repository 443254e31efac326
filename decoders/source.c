/*
 * The content of an input. See source.h.
 *
 * Two buffers at most: `packed` holds stored bytes that the codec has not taken
 * yet, `buffer` the content that was read ahead. A plain input has only the
 * second, memory that is not compressed none at all.
 */
#include "decoders/source.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analyzer/engine/arena.h"
#include "decoders/codec.h"

enum {
    READ_SIZE = 64 << 10,   /* stays in the second-level cache; larger ones measured slower */
    PACKED_SIZE = 64 << 10, /* and of compressed bytes */
    NEAR = 4096,            /* a jump this short is still reading in sequence */
};

struct source {
    int descriptor;      /* -1: memory, or it could not be opened */
    bool seekable;       /* a regular file: pread() works */
    uint64_t file_size;  /* of a regular file or memory; 0 = not known */
    uint64_t stored;     /* bytes read from the descriptor */
    struct codec *codec; /* NULL: plain */
    char *packed_buffer; /* owned; NULL for memory */
    struct slice packed; /* what the codec has not taken */
    char *buffer;        /* owned; NULL for plain memory */
    size_t capacity;
    const char *view; /* where the content lies: `buffer`, or the caller's memory */
    size_t start;     /* of what is not consumed, in view */
    size_t filled;    /* end of what was read, in view */
    uint64_t base;    /* content position of view[0] */
    bool ended;       /* no more content will come */
    bool random;      /* source_at() reads the file through `view` as a window */
    char problem[256];
};

__attribute__((format(printf, 2, 3))) static void fail(struct source *source, const char *format,
                                                       ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(source->problem, sizeof source->problem, format, arguments);
    va_end(arguments);
    source->ended = true;
}

/* Some bytes from the descriptor; 0 at the end, or when reading failed. */
static size_t read_stored(struct source *source, char *out, size_t room)
{
    for (;;) {
        ssize_t got = read(source->descriptor, out, room);
        if (got >= 0) {
            source->stored += (uint64_t)got;
            return (size_t)got;
        }
        if (errno != EINTR) {
            fail(source, "cannot be read at byte %" PRIu64 ": %s", source->stored, strerror(errno));
            return 0;
        }
    }
}

static void refill_packed(struct source *source)
{
    if (source->packed.size > 0 || source->descriptor < 0) {
        return;
    }
    size_t got = read_stored(source, source->packed_buffer, PACKED_SIZE);
    source->packed = (struct slice){source->packed_buffer, got};
}

/* Content from compressed bytes; 0 only at the end. */
static size_t unpack(struct source *source, char *out, size_t room)
{
    while (!source->ended) {
        refill_packed(source);
        bool last = source->packed.size == 0;
        struct codec_step step = codec_feed(source->codec, source->packed, out, room);
        source->packed = slice_from(source->packed, step.consumed);
        if (step.broken) {
            fail(source, "%s data is damaged at byte %" PRIu64 ": %s", codec_name(source->codec),
                 source->stored - source->packed.size, codec_problem(source->codec));
        } else if (last && step.produced == 0 && !source->ended) {
            source->ended = true;
            if (!codec_at_end(source->codec)) {
                fail(source, "%s data ends early, at byte %" PRIu64, codec_name(source->codec),
                     source->stored);
            }
        }
        if (step.produced > 0) {
            return step.produced;
        }
    }
    return 0;
}

/* Appends what one read gives. False when there is no more. */
static bool append_content(struct source *source)
{
    if (source->ended) {
        return false;
    }
    char *out = source->buffer + source->filled;
    size_t room = source->capacity - source->filled;
    size_t got = source->codec ? unpack(source, out, room) : read_stored(source, out, room);
    source->filled += got;
    source->ended = source->ended || got == 0;
    return got > 0;
}

/* Moves what is not consumed to the front of the buffer. */
static void compact(struct source *source)
{
    memmove(source->buffer, source->buffer + source->start, source->filled - source->start);
    source->base += source->start;
    source->filled -= source->start;
    source->start = 0;
}

/* Room behind what was read, growing only as far as bytes really came, and to `want` at most. */
static void make_room(struct source *source, size_t want)
{
    if (source->start > 0) {
        compact(source);
    }
    if (source->filled == source->capacity) {
        size_t doubled = source->capacity > SIZE_MAX / 2 ? want : source->capacity * 2;
        source->capacity = doubled < want ? doubled : want;
        source->buffer = memory_grow(source->buffer, source->capacity, 1);
        source->view = source->buffer;
    }
}

struct slice source_peek(struct source *source, size_t size)
{
    while (source->filled - source->start < size && !source->ended) {
        if (source->filled == source->capacity || source->start == source->filled) {
            make_room(source, size);
        }
        append_content(source);
    }
    size_t there = source->filled - source->start;
    const char *at = source->view ? source->view + source->start : NULL;
    return (struct slice){at, there < size ? there : size};
}

uint64_t source_skip(struct source *source, uint64_t size)
{
    uint64_t left = size;
    while (left > 0) {
        size_t there = source->filled - source->start;
        size_t step = left < there ? (size_t)left : there;
        source->start += step;
        left -= step;
        if (left > 0 && source_peek(source, 1).size == 0) {
            break;
        }
    }
    return size - left;
}

size_t source_read(struct source *source, char *out, size_t size)
{
    if (size == 0 || source_peek(source, 1).size == 0) {
        return 0;
    }
    struct slice there = {source->view + source->start, source->filled - source->start};
    size_t taken = there.size < size ? there.size : size;
    memcpy(out, there.data, taken);
    source->start += taken;
    return taken;
}

uint64_t source_position(const struct source *source)
{
    return source->base + source->start;
}

bool source_load(struct source *source, size_t max)
{
    assert(source_position(source) == 0);
    if (source->seekable && !source->codec) {
        source->random = true;
        return true;
    }
    while (!source->ended && source->filled <= max) {
        if (source->filled == source->capacity) {
            make_room(source, SIZE_MAX);
        }
        append_content(source);
    }
    return source->filled <= max;
}

uint64_t source_size(const struct source *source)
{
    return source->random ? source->file_size : source->filled;
}

/* Reads the window anew from `offset`. Reading in sequence reads ahead, jumping about does not. */
static void move_window(struct source *source, uint64_t offset, size_t size)
{
    bool onward = offset >= source->base && offset - source->base <= source->filled + NEAR;
    size_t want = onward && size < READ_SIZE ? READ_SIZE : size;
    if (want > source->capacity) {
        source->capacity = want;
        source->buffer = memory_grow(source->buffer, want, 1);
        source->view = source->buffer;
    }
    source->base = offset;
    source->filled = 0;
    while (source->filled < want) {
        ssize_t got = pread(source->descriptor, source->buffer + source->filled,
                            want - source->filled, (off_t)(offset + source->filled));
        if (got == 0 || (got < 0 && errno != EINTR)) {
            break;
        }
        source->filled += got > 0 ? (size_t)got : 0;
    }
}

struct slice source_at(struct source *source, uint64_t offset, size_t size)
{
    uint64_t end = source_size(source);
    uint64_t there = offset < end ? end - offset : 0;
    size_t wanted = there < size ? (size_t)there : size;
    bool inside = offset >= source->base && offset - source->base <= source->filled &&
                  wanted <= source->filled - (offset - source->base);
    if (source->random && !inside && wanted > 0) {
        move_window(source, offset, wanted);
    }
    struct slice view = {source->view, source->filled};
    return wanted > 0 ? slice_sub(view, (size_t)(offset - source->base), wanted)
                      : (struct slice){NULL, 0};
}

/* The first bytes decide whether there is a codec; they become packed bytes or content. */
static void look_at_start(struct source *source)
{
    source->buffer = memory_alloc(READ_SIZE);
    source->capacity = READ_SIZE;
    source->view = source->buffer;
    while (source->filled < CODEC_MAGIC && append_content(source)) {
    }
    source->codec = codec_new((struct slice){source->buffer, source->filled});
    if (source->codec) {
        source->packed_buffer = source->buffer;
        source->packed = (struct slice){source->packed_buffer, source->filled};
        source->buffer = memory_alloc(READ_SIZE);
        source->view = source->buffer;
        source->filled = 0;
        source->ended = source_failed(source);
    }
}

struct source *source_open(const char *path)
{
    struct source *source = memory_zero(1, sizeof *source);
    bool standard = strcmp(path, "-") == 0;
    source->descriptor = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    struct stat status;
    if (source->descriptor < 0 || fstat(source->descriptor, &status) != 0) {
        fail(source, "cannot be opened: %s", strerror(errno));
    } else if (S_ISDIR(status.st_mode)) {
        fail(source, "is a directory");
    } else {
        source->seekable = S_ISREG(status.st_mode) && !standard;
        source->file_size = S_ISREG(status.st_mode) ? (uint64_t)status.st_size : 0;
        look_at_start(source);
    }
    return source;
}

struct source *source_over(struct slice content)
{
    struct source *source = memory_zero(1, sizeof *source);
    source->descriptor = -1;
    source->file_size = content.size;
    source->stored = content.size;
    source->codec = codec_new(content);
    if (source->codec) {
        source->packed = content;
        source->buffer = memory_alloc(READ_SIZE);
        source->capacity = READ_SIZE;
        source->view = source->buffer;
    } else {
        source->view = content.data;
        source->filled = content.size;
        source->ended = true;
    }
    return source;
}

void source_close(struct source *source)
{
    if (source->descriptor > STDIN_FILENO) {
        close(source->descriptor);
    }
    codec_free(source->codec);
    free(source->packed_buffer);
    free(source->buffer);
    free(source);
}

const char *source_problem(const struct source *source)
{
    return source->problem;
}

bool source_failed(const struct source *source)
{
    return source->problem[0] != '\0';
}

const char *source_compression(const struct source *source)
{
    return source->codec ? codec_name(source->codec) : NULL;
}

uint64_t source_stored_size(const struct source *source)
{
    return source->file_size > 0 ? source->file_size : source->stored;
}
