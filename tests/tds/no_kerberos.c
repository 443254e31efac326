/*
 * In the place of kerberos.c where there is no GSS library to build with.
 */
#include "tests/tds/kerberos.h"

bool kerberos_prepare(const char *keytab)
{
    fprintf(stderr, "tds-server: --keytab %s: built without Kerberos\n", keytab);
    return false;
}

const char *kerberos_login(struct session *session, const struct bytes *first,
                           struct bytes *principal)
{
    (void)session, (void)first, (void)principal;
    return "built without Kerberos";
}
