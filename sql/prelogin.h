/*
 * What a server says before the login: [MS-TDS] 2.2.6.5 PRELOGIN.
 *
 * Asked by connect.c on a connection of its own, since FreeTDS does not tell whether there will
 * be encryption, nor whether what answers is a SQL Server at all. Nothing secret is sent.
 */
#ifndef OCSIGHT_SQL_PRELOGIN_H
#define OCSIGHT_SQL_PRELOGIN_H

#include "sql/network.h"

enum prelogin_encryption {
    PRELOGIN_LOGIN_ONLY = 0, /* the login at least, when the client wants */
    PRELOGIN_ON = 1,
    PRELOGIN_NONE = 2, /* the server has no encryption */
    PRELOGIN_REQUIRED = 3,
};

struct prelogin {
    unsigned major; /* of the product: 11 = SQL Server 2012 */
    unsigned minor;
    unsigned build;
    enum prelogin_encryption encryption;
};

enum prelogin_verdict { PRELOGIN_FINE, PRELOGIN_MORE, PRELOGIN_FOREIGN };

/* Reads an answer as far as it came; any bytes may be given. */
enum prelogin_verdict prelogin_parse(struct slice bytes, struct prelogin *out);

/* NETWORK_FINE with `foreign` set: it answered, but is no SQL Server. */
enum network_fault prelogin_ask(int socket, const struct patience *patience, struct prelogin *out,
                                bool *foreign);

#endif
