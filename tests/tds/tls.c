/*
 * TLS on a connection: its handshake travels in PRELOGIN packets ([MS-TDS] 2.2.6.5), what follows
 * lies directly on the socket.
 */
#include <openssl/err.h>

#include "tests/tds/prelogin.h"

SSL_CTX *tls_context(const struct options *options)
{
    const char *key = options->key ? options->key : options->certificate;
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    if (!context)
        abort();
    /* TDS 7 has no TLS 1.3: SQL Server speaks it from TDS 8 on. */
    SSL_CTX_set_max_proto_version(context, options->old_tls ? TLS1_VERSION : TLS1_2_VERSION);
    if (options->old_tls) {
        SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
        SSL_CTX_set_security_level(context, 0);
    }
    if (SSL_CTX_use_certificate_chain_file(context, options->certificate) == 1 &&
        SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) == 1)
        return context;
    ERR_print_errors_fp(stderr);
    SSL_CTX_free(context);
    return NULL;
}

/* What TLS wants to say, as one PRELOGIN message. */
static bool handshake_send(struct wire *wire)
{
    struct bytes body = {0};
    uint8_t part[4096];
    int got;
    while ((got = BIO_read(wire->to_peer, part, sizeof part)) > 0)
        bytes_put(&body, part, (size_t)got);
    SSL *tls = wire->tls;
    wire->tls = NULL;
    bool good = body.size == 0 || message_write(wire, PACKET_PRELOGIN, &body, true);
    wire->tls = tls;
    bytes_dispose(&body);
    return good;
}

/* The handshake ends in the middle, or in what is no TLS. */
static bool struck_in_handshake(struct session *session)
{
    struct faults *faults = session->server->faults;
    if (faults_strike(faults, "cut-tls", NULL, NULL))
        return true;
    if (faults_strike(faults, "silent-tls", NULL, NULL)) {
        wire_waiting(&session->wire, -1);
        return true;
    }
    if (!faults_strike(faults, "garbage-tls", NULL, NULL))
        return false;
    struct bytes body = {0};
    bytes_text(&body, "this is no handshake");
    SSL *tls = session->wire.tls;
    session->wire.tls = NULL;
    message_write(&session->wire, PACKET_PRELOGIN, &body, true);
    session->wire.tls = tls;
    bytes_dispose(&body);
    return true;
}

static bool handshake_receive(struct session *session)
{
    struct wire *wire = &session->wire;
    SSL *tls = wire->tls;
    wire->tls = NULL;
    bool good = session_read(session);
    wire->tls = tls;
    if (!good || session->message.type != PACKET_PRELOGIN)
        return false;
    const struct bytes *body = &session->message.body;
    return BIO_write(wire->from_peer, body->data, (int)body->size) == (int)body->size;
}

bool tls_accept(struct session *session)
{
    struct wire *wire = &session->wire;
    wire->tls = SSL_new(session->server->tls);
    wire->from_peer = BIO_new(BIO_s_mem());
    wire->to_peer = BIO_new(BIO_s_mem());
    SSL_set_bio(wire->tls, wire->from_peer, wire->to_peer);
    for (;;) {
        int done = SSL_accept(wire->tls);
        const bool began = done != 1 && BIO_ctrl_pending(wire->to_peer) > 0;
        if ((began && struck_in_handshake(session)) || !handshake_send(wire))
            return false;
        if (done == 1) {
            log_line(session->server->log, session->number, "tls", "version",
                     SSL_get_version(wire->tls), NULL);
            return true;
        }
        if (SSL_get_error(wire->tls, done) != SSL_ERROR_WANT_READ || !handshake_receive(session)) {
            log_line(session->server->log, session->number, "tls-failed", NULL);
            return false;
        }
    }
}
