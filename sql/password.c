/*
 * The password of --login: from the environment, a file or the terminal; never from the command
 * line, where other users of the machine would see it. See server.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "analyzer/engine/arena.h"
#include "sql/server.h"

/* SQL Server takes 128 characters; this leaves room for four bytes of each. */
enum { PASSWORD_MAX = 512 };

__attribute__((format(printf, 2, 3))) static char *fail(char problem[static SERVER_PROBLEM],
                                                        const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(problem, SERVER_PROBLEM, format, arguments);
    va_end(arguments);
    return NULL;
}

static char *copy_of(const char *text, size_t size)
{
    char *password = memory_alloc(size + 1);
    memcpy(password, text, size);
    password[size] = '\0';
    return password;
}

/* Up to the end of the line or of the file; SIZE_MAX = the line is too long or cannot be read. */
static size_t read_line(int fd, char line[static PASSWORD_MAX + 1])
{
    size_t size = 0;
    while (size <= PASSWORD_MAX) {
        ssize_t got = read(fd, line + size, 1);
        if (got < 0 && errno == EINTR) {
            return SIZE_MAX;
        }
        if (got <= 0 || line[size] == '\n') {
            return got < 0 ? SIZE_MAX : size;
        }
        size++;
    }
    return SIZE_MAX;
}

/* The line without a CR at its end. */
static char *take_line(int fd)
{
    char line[PASSWORD_MAX + 1];
    size_t size = read_line(fd, line);
    if (size != SIZE_MAX && size > 0 && line[size - 1] == '\r') {
        size--;
    }
    char *password = size == SIZE_MAX ? NULL : copy_of(line, size);
    explicit_bzero(line, sizeof line);
    return password;
}

static char *from_file(const char *file, char problem[static SERVER_PROBLEM])
{
    struct stat facts;
    char *password = NULL;
    int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        return fail(problem, "the password file '%.200s': %s", file, strerror(errno));
    }
    if (fstat(fd, &facts) != 0 || !S_ISREG(facts.st_mode)) {
        fail(problem, "the password file '%.200s' is no ordinary file", file);
    } else if (facts.st_mode & (S_IRWXG | S_IRWXO)) {
        fail(problem, "the password file '%.200s' is open to other users; chmod 600 it", file);
    } else {
        password = take_line(fd);
        if (!password) {
            fail(problem, "the first line of the password file '%.200s' is over %d bytes", file,
                 PASSWORD_MAX);
        }
    }
    close(fd);
    return password;
}

/* With the terminal's echo off; put back whatever happens. */
static char *from_terminal(const char *login, char problem[static SERVER_PROBLEM])
{
    struct termios before;
    char *password = NULL;
    int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (fd < 0 || tcgetattr(fd, &before) != 0) {
        if (fd >= 0) {
            close(fd);
        }
        return fail(problem,
                    "no password for '%.100s': set OCSIGHT_PASSWORD or give "
                    "--password-file (there is no terminal to ask on)",
                    login);
    }
    struct termios quiet = before;
    quiet.c_lflag &= ~(tcflag_t)ECHO;
    quiet.c_lflag |= ICANON;
    dprintf(fd, "Password of %s: ", login);
    tcsetattr(fd, TCSAFLUSH, &quiet);
    password = take_line(fd);
    tcsetattr(fd, TCSAFLUSH, &before);
    dprintf(fd, "\n");
    close(fd);
    return password ? password : fail(problem, "no password for '%.100s' was given", login);
}

char *server_password(const char *login, const char *file, char problem[static SERVER_PROBLEM])
{
    const char *variable = getenv("OCSIGHT_PASSWORD");
    problem[0] = '\0';
    if (file) {
        return from_file(file, problem);
    }
    if (variable) {
        if (strlen(variable) > PASSWORD_MAX) {
            return fail(problem, "OCSIGHT_PASSWORD is over %d bytes", PASSWORD_MAX);
        }
        return copy_of(variable, strlen(variable));
    }
    return from_terminal(login, problem);
}

void server_password_free(char *password)
{
    if (password) {
        explicit_bzero(password, strlen(password));
        free(password);
    }
}
