/*
 * The private configuration that FreeTDS is given for one login: a freetds.conf that exists only
 * in memory, the authorities' certificates, and a log of FreeTDS's errors.
 *
 * Called by connect.c around the login. FreeTDS 1.3 takes encryption and authorities from a file
 * only, and says only in its log why a handshake failed; at its error level that log holds no data
 * and no password.
 */
#ifndef OCSIGHT_SQL_TDS_CONFIG_H
#define OCSIGHT_SQL_TDS_CONFIG_H

#include "sql/server.h"

enum { TDS_CONFIG_PATH = 40 };

struct tds_config {
    int file; /* -1 = not made */
    int authorities;
    char path[TDS_CONFIG_PATH]; /* of the configuration, for dbsetifile() */
};

struct tds_config_choice {
    const char *host; /* also the name of the section, which dbopen() is given */
    uint16_t port;
    enum server_encryption encryption;
    bool verify;         /* the certificate and the name in it */
    const char *ca_file; /* NULL = the system's */
    int log;             /* of tds_log_new(); -1 = none */
};

/* False with fault and problem set. Dispose of it in any case. */
bool tds_config_init(struct tds_config *config, const struct tds_config_choice *choice,
                     struct server_state *state);
void tds_config_dispose(struct tds_config *config);

/* Takes everything out of the environment that FreeTDS listens to. */
void tds_config_clear_environment(void);

/* A file without a name for FreeTDS's errors; -1 = there can be none. */
int tds_log_new(void);

/* What the log says from `offset` on, why there is no encrypted connection. */
enum tds_log_verdict {
    TDS_LOG_NOTHING,
    TDS_LOG_CERTIFICATE, /* does not verify; `why` says how */
    TDS_LOG_AUTHORITIES, /* cannot be read, or are none */
    TDS_LOG_HANDSHAKE,   /* another failure; `why` in the words of the TLS library */
};
enum { TDS_LOG_WHY = 120 };

enum tds_log_verdict tds_log_read(struct slice text, char why[static TDS_LOG_WHY]);
enum tds_log_verdict tds_log_judge(int log, int64_t offset, char why[static TDS_LOG_WHY]);
int64_t tds_log_size(int log);

#endif
