/*
 * The server's side of NTLM: [MS-NLMP] 2.2.1 and 3.3.2. Only version 2 of the response is taken.
 */
#ifndef OCSIGHT_TESTS_TDS_NTLM_H
#define OCSIGHT_TESTS_TDS_NTLM_H

#include "tests/tds/bytes.h"

struct ntlm {
    uint8_t challenge[8];
    struct bytes target_info;        /* that the client has to repeat */
    struct bytes domain, user, host; /* of the client's last message */
};

bool ntlm_is(const struct bytes *message);

/* The challenge to a first message; NULL, or what is wrong with that. */
const char *ntlm_challenge(struct ntlm *ntlm, const struct bytes *negotiate, const char *server,
                           struct bytes *out);

/* Judges the last message; NULL = good, and otherwise why not. `domain` NULL: any. */
const char *ntlm_verify(struct ntlm *ntlm, const struct bytes *authenticate, const char *domain,
                        const char *user, const char *password);

void ntlm_dispose(struct ntlm *ntlm);

#endif
