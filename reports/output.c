/*
 * Where a report goes. See output.h.
 */
#include "reports/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analyzer/engine/arena.h"

enum { OUTPUT_BUFFER = 64 * 1024 };

struct output {
    const char *path; /* the final name, for messages */
    char *temporary;  /* what is renamed to it; NULL when written directly */
    int descriptor;   /* -1 = could not be opened */
    int error;        /* errno of the first failure; 0 = none */
    const char *why;  /* for people, instead of what errno says; NULL = that says it */
    bool pipe_closed;
    bool terminal;
    size_t used;
    uint64_t size;
    char buffer[OUTPUT_BUFFER];
};

static void flush(struct output *output)
{
    size_t at = 0;
    while (at < output->used && !output_is_over(output)) {
        ssize_t wrote = write(output->descriptor, output->buffer + at, output->used - at);
        if (wrote >= 0) {
            at += (size_t)wrote;
        } else if (errno == EPIPE) {
            output->pipe_closed = true;
        } else if (errno != EINTR) {
            output->error = errno;
        }
    }
    output->used = 0;
}

static bool is_other_than_file(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && !S_ISREG(status.st_mode);
}

static mode_t current_umask(void)
{
    mode_t mask = umask(0);
    umask(mask);
    return mask;
}

/* A new file beside the final one, with the permissions that an ordinary new file would get. */
static void open_beside(struct output *output)
{
    size_t size = strlen(output->path) + sizeof ".XXXXXX";
    output->temporary = memory_alloc(size);
    snprintf(output->temporary, size, "%s.XXXXXX", output->path);
    output->descriptor = mkstemp(output->temporary);
    if (output->descriptor < 0) {
        output->error = errno;
        free(output->temporary);
        output->temporary = NULL;
        return;
    }
    if (fchmod(output->descriptor, 0666 & ~current_umask()) != 0) {
        output->error = errno;
    }
}

struct output *output_open(const char *path)
{
    struct output *output = memory_alloc(sizeof *output);
    memset(output, 0, offsetof(struct output, buffer));
    if (!path || strcmp(path, "-") == 0) {
        output->path = "standard output";
        output->descriptor = STDOUT_FILENO;
        output->terminal = isatty(STDOUT_FILENO) == 1;
        return output;
    }
    output->path = path;
    if (is_other_than_file(path)) {
        output->descriptor = open(path, O_WRONLY | O_CLOEXEC);
        output->error = output->descriptor < 0 ? errno : 0;
    } else {
        open_beside(output);
    }
    return output;
}

void output_write(struct output *output, struct slice bytes)
{
    output->size += bytes.size;
    while (bytes.size > 0) {
        if (output->used == OUTPUT_BUFFER) {
            flush(output);
        }
        size_t room = OUTPUT_BUFFER - output->used;
        size_t part = bytes.size < room ? bytes.size : room;
        memcpy(output->buffer + output->used, bytes.data, part);
        output->used += part;
        bytes = slice_from(bytes, part);
    }
}

void output_text(struct output *output, const char *text)
{
    output_write(output, slice_of(text));
}

void output_byte(struct output *output, char byte)
{
    if (output->used == OUTPUT_BUFFER) {
        flush(output);
    }
    output->buffer[output->used++] = byte;
    output->size++;
}

void output_repeat(struct output *output, char byte, size_t count)
{
    while (count-- > 0) {
        output_byte(output, byte);
    }
}

void output_format(struct output *output, const char *format, ...)
{
    char line[1024];
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (size < 0) {
        return;
    }
    if ((size_t)size < sizeof line) {
        output_write(output, (struct slice){line, (size_t)size});
        return;
    }
    char *longer = memory_alloc((size_t)size + 1);
    va_start(arguments, format);
    vsnprintf(longer, (size_t)size + 1, format, arguments);
    va_end(arguments);
    output_write(output, (struct slice){longer, (size_t)size});
    free(longer);
}

void output_flush(struct output *output)
{
    if (output->descriptor >= 0) {
        flush(output);
    }
}

bool output_is_over(const struct output *output)
{
    return output->pipe_closed || output->error != 0;
}

bool output_is_terminal(const struct output *output)
{
    return output->terminal;
}

uint64_t output_size(const struct output *output)
{
    return output->size;
}

void output_fail(struct output *output, const char *why)
{
    if (!output_is_over(output)) {
        output->error = EIO;
        output->why = why;
    }
}

static void settle_temporary(struct output *output, bool keep)
{
    if (output->descriptor >= 0 && close(output->descriptor) != 0 && output->error == 0) {
        output->error = errno;
    }
    if (keep && output->error == 0 && rename(output->temporary, output->path) == 0) {
        return;
    }
    if (keep && output->error == 0) {
        output->error = errno;
    }
    unlink(output->temporary);
}

bool output_close(struct output *output, bool keep, char *problem, size_t problem_size)
{
    if (output->descriptor >= 0) {
        flush(output);
    }
    if (output->temporary) {
        settle_temporary(output, keep);
    } else if (output->descriptor > STDERR_FILENO) {
        close(output->descriptor);
    }
    bool good = output->error == 0;
    if (!good) {
        snprintf(problem, problem_size, "cannot write %s: %s", output->path,
                 output->why ? output->why : strerror(output->error));
    }
    free(output->temporary);
    free(output);
    return good;
}
