/*
 * An input that can be read more than once. See spool.h.
 *
 * The file takes the place of standard input, so that "-" goes on to be its name; another pipe is
 * known by the name of the file's descriptor. The file is gone with the process, however that
 * ends.
 */
#include "analyzer/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analyzer/engine/arena.h"

enum { PIECE = 64 << 10, NAME = 32 };

struct spool {
    const char *path; /* what readers open */
    int descriptor;   /* of what is read from its start again; -1 = the path does that */
    bool own;
    char name[NAME];
};

static bool write_all(int descriptor, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t wrote = write(descriptor, bytes, size);
        if (wrote < 0 && errno != EINTR) {
            return false;
        }
        bytes += wrote > 0 ? wrote : 0;
        size -= wrote > 0 ? (size_t)wrote : 0;
    }
    return true;
}

/* All that the pipe gives; what cannot be read ends it, as it ends a reader of the pipe. */
static bool fill(int pipe, int descriptor, const volatile sig_atomic_t *interrupted)
{
    char *bytes = memory_alloc(PIECE);
    bool written = true;
    ssize_t got = 1;
    while (written && got != 0 && *interrupted == 0) {
        got = read(pipe, bytes, PIECE);
        if (got > 0) {
            written = write_all(descriptor, bytes, (size_t)got);
        } else if (got < 0 && errno != EINTR) {
            got = 0;
        }
    }
    free(bytes);
    return written;
}

/* A temporary file that has no name any more; -1 = errno says why not. */
static int open_unnamed(void)
{
    const char *folder = getenv("TMPDIR");
    char path[4096];
    snprintf(path, sizeof path, "%s/ocsight.XXXXXX", folder && folder[0] != '\0' ? folder : "/tmp");
    int descriptor = mkstemp(path);
    if (descriptor >= 0) {
        unlink(path);
    }
    return descriptor;
}

/* Puts what comes from `pipe` into a file. False = errno says why not. */
static bool spool_pipe(struct spool *spool, int pipe, const volatile sig_atomic_t *interrupted)
{
    int descriptor = open_unnamed();
    if (descriptor < 0) {
        return false;
    }
    if (!fill(pipe, descriptor, interrupted)) {
        int error = errno;
        close(descriptor);
        errno = error;
        return false;
    }
    if (pipe == STDIN_FILENO) {
        dup2(descriptor, STDIN_FILENO);
        close(descriptor);
        descriptor = STDIN_FILENO;
    } else {
        snprintf(spool->name, sizeof spool->name, "/dev/fd/%d", descriptor);
        spool->path = spool->name;
        spool->own = true;
    }
    spool->descriptor = descriptor;
    return true;
}

/* Standard input, or a pipe of that name. */
static bool open_pipe(struct spool *spool, bool standard, const volatile sig_atomic_t *interrupted)
{
    struct stat status;
    int pipe = standard ? STDIN_FILENO : open(spool->path, O_RDONLY | O_CLOEXEC);
    if (pipe < 0 || fstat(pipe, &status) != 0) {
        return true; /* whoever reads it says so */
    }
    bool done = true;
    if (S_ISREG(status.st_mode)) {
        spool->descriptor = standard ? STDIN_FILENO : -1;
    } else if (!S_ISDIR(status.st_mode)) {
        done = spool_pipe(spool, pipe, interrupted);
    }
    if (!standard) {
        int error = errno;
        close(pipe);
        errno = error;
    }
    return done;
}

struct spool *spool_open(const char *path, const volatile sig_atomic_t *interrupted, char *problem,
                         size_t problem_size)
{
    struct stat status;
    struct spool *spool = memory_zero(1, sizeof *spool);
    bool standard = strcmp(path, "-") == 0;
    bool file = !standard &&
                (stat(path, &status) != 0 || S_ISREG(status.st_mode) || S_ISDIR(status.st_mode));
    spool->path = path;
    spool->descriptor = -1;
    if (!file && !open_pipe(spool, standard, interrupted)) {
        snprintf(problem, problem_size, "%s is read twice and cannot be kept until then: %s", path,
                 strerror(errno));
        free(spool);
        return NULL;
    }
    return spool;
}

const char *spool_path(struct spool *spool)
{
    if (spool->descriptor >= 0) {
        (void)lseek(spool->descriptor, 0, SEEK_SET);
    }
    return spool->path;
}

void spool_close(struct spool *spool)
{
    if (spool->own) {
        close(spool->descriptor);
    }
    free(spool);
}
