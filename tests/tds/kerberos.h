/*
 * The server's side of Kerberos, bare or in SPNEGO: whatever the GSS library accepts with the keys
 * of the keytab (RFC 4121, RFC 4178).
 */
#ifndef OCSIGHT_TESTS_TDS_KERBEROS_H
#define OCSIGHT_TESTS_TDS_KERBEROS_H

#include "tests/tds/session.h"

/* Before the first thread: where the keys lie. False after a complaint on standard error. */
bool kerberos_prepare(const char *keytab);

/* NULL = good; `principal`: who it is. A last token for the client is put into the reply. */
const char *kerberos_login(struct session *session, const struct bytes *first,
                           struct bytes *principal);

#endif
