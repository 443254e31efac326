/*
 * One client's connection, and what all connections share.
 */
#ifndef OCSIGHT_TESTS_TDS_SESSION_H
#define OCSIGHT_TESTS_TDS_SESSION_H

#include <openssl/ssl.h>

#include "tests/tds/backend.h"
#include "tests/tds/faults.h"
#include "tests/tds/log.h"
#include "tests/tds/options.h"
#include "tests/tds/packet.h"
#include "tests/tds/tokens.h"

/* Shared; only `log` and `faults` change, and look after themselves. */
struct server {
    const struct options *options;
    struct log *log;
    struct faults *faults;
    SSL_CTX *tls; /* NULL = no encryption */
    unsigned port;
};

struct session {
    struct server *server;
    unsigned number;
    struct wire wire;
    struct message message; /* that was read last */
    struct bytes out;       /* of the reply being built */
    sqlite3 *database;
    struct rights rights;
    uint32_t tds_version;
    char current[16];   /* the database that names without one mean */
    uint32_t text_size; /* SET TEXTSIZE */
    int lock_timeout;   /* SET LOCK_TIMEOUT; -1 = for ever */
    bool quoted_names;  /* SET QUOTED_IDENTIFIER */
    bool cancelled;     /* attention came while a statement ran */
    bool over;          /* the connection is to be closed without another word */
    uint64_t transaction;
};

/* Returns when the connection ended; the caller closes the socket. */
void session_run(struct server *server, int socket, unsigned number);

/* Reads the next message; false = gone, or a violation, which is logged. */
bool session_read(struct session *session);

/* Sends what is full of the reply, or with `last` its end. */
bool session_flush(struct session *session, bool last);

/*
 * Waits up to so many milliseconds, and notes an attention that comes in the meantime. False when
 * the statement is to be given up.
 */
bool session_wait(struct session *session, int milliseconds);

void session_error(struct session *session, uint32_t number, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
