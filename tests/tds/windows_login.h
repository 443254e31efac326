/*
 * Windows logins: NTLM and Kerberos. What the two sides say travels in the SSPI token and in SSPI
 * messages
 * ([MS-TDS] 2.2.7.22 and 2.2.6.8).
 */
#ifndef OCSIGHT_TESTS_TDS_WINDOWS_LOGIN_H
#define OCSIGHT_TESTS_TDS_WINDOWS_LOGIN_H

#include "tests/tds/login.h"

/* NULL = good; otherwise why not. `name`: who it was, as far as that is known. */
const char *windows_login(struct session *session, const struct login *login, struct bytes *name);

#endif
