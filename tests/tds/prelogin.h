/*
 * PRELOGIN: [MS-TDS] 2.2.6.5, and the TLS handshake inside PRELOGIN packets.
 */
#ifndef OCSIGHT_TESTS_TDS_PRELOGIN_H
#define OCSIGHT_TESTS_TDS_PRELOGIN_H

#include "tests/tds/session.h"

enum encryption { ENCRYPT_OFF, ENCRYPT_ON, ENCRYPT_NOT_SUPPORTED, ENCRYPT_REQUIRED };

/* What both sides will do with the connection. */
enum cover {
    COVER_NONE,
    COVER_LOGIN, /* TLS until LOGIN7 is read */
    COVER_ALL,
};

/* Answers PRELOGIN; false: the connection is over. */
bool prelogin_answer(struct session *session, enum cover *cover);

/* TLS with the options' certificate and key; NULL after a complaint on standard error. */
SSL_CTX *tls_context(const struct options *options);

/* The handshake; false when the client does not go through with it. */
bool tls_accept(struct session *session);

#endif
