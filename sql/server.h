/*
 * A live server as a peer: db-lib of FreeTDS behind peer.h.
 *
 * Called by the commands that take --server. sql/tds.c is the only file that includes sybdb.h.
 * How FreeTDS 1.3 behaves, and why db-lib: facts/databases.md section 6.
 *
 * Nothing outside changes what happens: the TDS* and FREETDSCONF environment is cleared, and
 * encryption and CA come from a configuration file of our own that only this process can read.
 */
#ifndef OCSIGHT_SQL_SERVER_H
#define OCSIGHT_SQL_SERVER_H

#include <signal.h>

#include "sql/peer.h"

/* HOST, HOST:PORT, HOST\INSTANCE or [IPv6]:PORT; slices of the text that was parsed. */
struct server_name {
    struct slice text; /* as given */
    struct slice host;
    struct slice instance; /* "" = none */
    uint16_t port;         /* 0 = 1433, or what the browser service says of the instance */
};

enum { SERVER_PROBLEM = 400 };

/* False and one line in `problem`: wrong usage. Instance and port together is wrong. */
bool server_name_parse(struct slice text, struct server_name *out,
                       char problem[static SERVER_PROBLEM]);

enum server_encryption { ENCRYPTION_OFF, ENCRYPTION_REQUEST, ENCRYPTION_REQUIRE };

enum server_login {
    LOGIN_KERBEROS, /* no --login */
    LOGIN_NTLM,     /* DOMAIN\user */
    LOGIN_SQL,
};

struct server_options {
    const char *login;    /* NULL = Kerberos */
    const char *password; /* NULL without one; server_password() finds it */
    enum server_encryption encryption;
    const char *ca_file;    /* NULL = the system's authorities */
    bool trust_certificate; /* with require: any certificate will do, and the output says so */
    bool allow_plaintext;   /* a SQL login without encryption */
    unsigned timeout;       /* seconds, for the connection and for each query */
    const volatile sig_atomic_t *interrupted;
};

enum server_login server_login_of(const char *login);

/* A SQL login without encryption that nobody allowed: server_connect() refuses it unasked. */
bool server_is_plaintext(const struct server_options *options);

/*
 * From OCSIGHT_PASSWORD, the first line of `file` (which others must not be able to read), or a
 * prompt on the terminal. NULL and one line in `problem` when there is none. The caller frees it
 * with server_password_free(), which wipes it first.
 */
char *server_password(const char *login, const char *file, char problem[static SERVER_PROBLEM]);
void server_password_free(char *password);

/* How a connection failed; each with one line that says what to do. */
enum server_fault {
    SERVER_FINE,
    SERVER_UNKNOWN_HOST,
    SERVER_REFUSED, /* nobody listens there */
    SERVER_UNREACHABLE,
    SERVER_TIMEOUT,
    SERVER_BROWSER_SILENT, /* UDP 1434 gave no answer */
    SERVER_NO_INSTANCE,    /* the browser knows no such instance, or it has no TCP port */
    SERVER_LOGIN_FAILED,
    SERVER_NO_ENCRYPTION, /* required, and the server has none */
    SERVER_CERTIFICATE,   /* required, and it does not verify */
    SERVER_TLS,           /* the handshake failed for another reason */
    SERVER_PLAINTEXT,     /* a SQL login without encryption, and that was not allowed */
    SERVER_KERBEROS,      /* no ticket, or no such service principal */
    SERVER_CONFIGURATION, /* a file of ours or of the user's cannot be read or written */
    SERVER_INTERRUPTED,   /* Ctrl-C */
    SERVER_OTHER,
};

struct server_state {
    enum server_fault fault;
    char problem[SERVER_PROBLEM]; /* "" when fine */
    char remark[SERVER_PROBLEM];  /* what the output must say: "certificate not verified"; or "" */
    uint16_t port;                /* that was used */
};

/* NULL and why in `state`. `options` must outlive the peer. */
struct peer *server_connect(const struct server_name *name, const struct server_options *options,
                            struct server_state *state);

#endif
