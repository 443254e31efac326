/*
 * The private configuration of FreeTDS. See tds_config.h.
 */
#include "sql/tds_config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analyzer/engine/arena.h"

enum {
    LOG_MAX = 16384,           /* of a log, the last part is read */
    AUTHORITIES_MAX = 8 << 20, /* of a file, the part in which a certificate is looked for */
    LOG_ERRORS_ONLY = 6,       /* FreeTDS's debug flags: severe and error */
};

extern char **environ;

/* ---- the environment ---- */

static bool is_heard(struct slice name)
{
    return slice_starts(name, slice_of("TDS")) || slice_starts(name, slice_of("FREETDS")) ||
           slice_equal(name, slice_of("DSQUERY")) || slice_equal(name, slice_of("SYBASE"));
}

void tds_config_clear_environment(void)
{
    for (char **variable = environ; variable && *variable;) {
        struct slice name;
        struct slice value;
        if (slice_cut(slice_of(*variable), '=', &name, &value) && is_heard(name)) {
            struct slice copy = memory_keep(name);
            unsetenv(copy.data);
            memory_release(copy);
            variable = environ;
        } else {
            variable++;
        }
    }
}

/* ---- the files ---- */

static bool refuse(struct server_state *state, const char *what, const char *why)
{
    state->fault = SERVER_CONFIGURATION;
    snprintf(state->problem, sizeof state->problem, "%.280s: %s", what, why);
    return false;
}

/* How this process, and no other user, can open it by name. */
static void path_of(int fd, char path[static TDS_CONFIG_PATH])
{
    snprintf(path, TDS_CONFIG_PATH, "/proc/self/fd/%d", fd);
}

static bool holds_certificate(int fd)
{
    struct stat facts;
    bool found = false;
    if (fstat(fd, &facts) != 0 || !S_ISREG(facts.st_mode) || facts.st_size == 0) {
        return false;
    }
    size_t size = facts.st_size > AUTHORITIES_MAX ? AUTHORITIES_MAX : (size_t)facts.st_size;
    char *text = memory_alloc(size);
    ssize_t got = pread(fd, text, size, 0);
    if (got > 0) {
        found = slice_find((struct slice){text, (size_t)got},
                           slice_of("-----BEGIN CERTIFICATE-----")) != SLICE_NONE;
    }
    free(text);
    return found;
}

static bool open_authorities(struct tds_config *config, const char *file,
                             struct server_state *state)
{
    config->authorities = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (config->authorities < 0) {
        return refuse(state, file, strerror(errno));
    }
    return holds_certificate(config->authorities) ||
           refuse(state, file, "there is no certificate in it; --ca-file takes a PEM file");
}

/* The lines of the section; paths are short ones of our own, since FreeTDS cuts lines at 255. */
static void write_lines(const struct tds_config *config, const struct tds_config_choice *choice)
{
    static const char *const words[] = {[ENCRYPTION_OFF] = "off",
                                        [ENCRYPTION_REQUEST] = "request",
                                        [ENCRYPTION_REQUIRE] = "require"};
    char path[TDS_CONFIG_PATH];
    dprintf(config->file,
            "[%s]\nhost = %s\nport = %u\ntds version = auto\n"
            "client charset = UTF-8\nencryption = %s\n",
            choice->host, choice->host, choice->port, words[choice->encryption]);
    if (choice->verify) {
        path_of(config->authorities, path);
        dprintf(config->file, "ca file = %s\ncheck certificate hostname = yes\n",
                choice->ca_file ? path : "system");
    }
    if (choice->log >= 0) {
        path_of(choice->log, path);
        dprintf(config->file, "dump file = %s\ndebug flags = %d\n", path, LOG_ERRORS_ONLY);
    }
}

bool tds_config_init(struct tds_config *config, const struct tds_config_choice *choice,
                     struct server_state *state)
{
    *config = (struct tds_config){.file = -1, .authorities = -1};
    if (choice->verify && choice->ca_file && !open_authorities(config, choice->ca_file, state)) {
        return false;
    }
    config->file = memfd_create("ocsight", MFD_CLOEXEC);
    if (config->file < 0) {
        return refuse(state, "no room for a file in memory", strerror(errno));
    }
    path_of(config->file, config->path);
    write_lines(config, choice);
    return true;
}

void tds_config_dispose(struct tds_config *config)
{
    if (config->file >= 0) {
        close(config->file);
    }
    if (config->authorities >= 0) {
        close(config->authorities);
    }
    *config = (struct tds_config){.file = -1, .authorities = -1};
}

/* ---- FreeTDS's log ---- */

int tds_log_new(void)
{
    return memfd_create("ocsight-log", MFD_CLOEXEC);
}

int64_t tds_log_size(int log)
{
    struct stat facts;
    return log >= 0 && fstat(log, &facts) == 0 ? (int64_t)facts.st_size : 0;
}

/* Bits of gnutls_certificate_status_t, the one that says most first. */
static const char *words_of_status(uint32_t status)
{
    static const struct {
        uint32_t bit;
        const char *words;
    } rows[] = {
        {1U << 10, "it has expired"},
        {1U << 9, "it is not valid yet"},
        {1U << 5, "it was revoked"},
        {1U << 8, "it is signed with an insecure algorithm"},
        {1U << 7, "its signer is no authority"},
        {1U << 6, "its signer is not known"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (status & rows[i].bit) {
            return rows[i].words;
        }
    }
    return "it is not valid";
}

/* "tls.c:312:Certificate status: 66": the words behind the second colon. */
static struct slice message_of(struct slice line)
{
    struct slice file;
    struct slice number;
    struct slice rest;
    if (slice_cut(line, ':', &file, &rest) && slice_cut(rest, ':', &number, &rest)) {
        return rest;
    }
    return line;
}

static enum tds_log_verdict judge_line(struct slice line, char why[static TDS_LOG_WHY])
{
    static const struct slice status = SLICE("Certificate status: ");
    static const struct slice handshake = SLICE("handshake failed: ");
    struct slice message = message_of(line);
    if (slice_starts(message, status)) {
        uint32_t bits = 0;
        slice_to_u32(slice_trim(slice_from(message, status.size)), &bits);
        snprintf(why, TDS_LOG_WHY, "%s", words_of_status(bits));
        return TDS_LOG_CERTIFICATE;
    }
    if (slice_starts(message, slice_of("Certificate hostname does not match"))) {
        snprintf(why, TDS_LOG_WHY, "it was made out to another name");
        return TDS_LOG_CERTIFICATE;
    }
    if (slice_starts(message, slice_of("Error verifying certificate"))) {
        snprintf(why, TDS_LOG_WHY, "it cannot be verified");
        return TDS_LOG_CERTIFICATE;
    }
    if (slice_starts(message, slice_of("loading CA file failed"))) {
        return TDS_LOG_AUTHORITIES;
    }
    if (slice_starts(message, handshake)) {
        struct slice words = slice_sub(slice_from(message, handshake.size), 0, TDS_LOG_WHY - 1);
        snprintf(why, TDS_LOG_WHY, "%.*s", (int)words.size, words.data);
        return TDS_LOG_HANDSHAKE;
    }
    return TDS_LOG_NOTHING;
}

/* The first line that says something: what follows it are its consequences. */
enum tds_log_verdict tds_log_read(struct slice text, char why[static TDS_LOG_WHY])
{
    enum tds_log_verdict verdict = TDS_LOG_NOTHING;
    struct slice line;
    why[0] = '\0';
    while (text.size > 0 && verdict == TDS_LOG_NOTHING) {
        slice_cut(text, '\n', &line, &text);
        verdict = judge_line(line, why);
    }
    return verdict;
}

enum tds_log_verdict tds_log_judge(int log, int64_t offset, char why[static TDS_LOG_WHY])
{
    char text[LOG_MAX];
    ssize_t got = log >= 0 ? pread(log, text, sizeof text, offset) : 0;
    return tds_log_read((struct slice){text, got > 0 ? (size_t)got : 0}, why);
}
