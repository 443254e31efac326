/*
 * From the first byte of a connection to LOGINACK: PRELOGIN ([MS-TDS] 2.2.6.5), TLS, LOGIN7
 * (2.2.6.4) with a SQL or a Windows login.
 */
#ifndef OCSIGHT_TESTS_TDS_LOGIN_H
#define OCSIGHT_TESTS_TDS_LOGIN_H

#include "tests/tds/session.h"

/* False: refused or gone, and the connection is to be closed. */
bool session_login(struct session *session);

/* What LOGIN7 says. */
struct login {
    uint32_t tds_version;
    bool odbc;       /* the session defaults of ODBC: no TEXTSIZE of 4096 */
    bool integrated; /* Windows login */
    struct bytes host, user, password, application, server, library, database;
    struct bytes sspi;
};

/* NULL, or what is wrong with the message. */
const char *login_parse(const struct bytes *body, struct login *login);
void login_dispose(struct login *login);

#endif
