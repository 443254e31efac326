#include "tests/tds/kerberos.h"

#include <gssapi/gssapi.h>
#include <stdlib.h>
#include <string.h>

bool kerberos_prepare(const char *keytab)
{
    /* Two logins within a second are no replay here. */
    return setenv("KRB5_KTNAME", keytab, 1) == 0 && setenv("KRB5RCACHENAME", "none:", 1) == 0;
}

static const char gone[] = "gone during the Kerberos exchange";

/* What the library says of a failure, for the log. */
static void log_failure(struct session *session, OM_uint32 major, OM_uint32 minor)
{
    const struct {
        OM_uint32 code;
        int kind;
    } parts[] = {{major, GSS_C_GSS_CODE}, {minor, GSS_C_MECH_CODE}};
    for (unsigned i = 0; i < 2; i++) {
        OM_uint32 ignored, more = 0;
        gss_buffer_desc text;
        if (gss_display_status(&ignored, parts[i].code, parts[i].kind, GSS_C_NO_OID, &more,
                               &text) != GSS_S_COMPLETE)
            continue;
        struct bytes line = {0};
        bytes_put(&line, text.value, text.length);
        log_line(session->server->log, session->number, "kerberos", "problem", bytes_string(&line),
                 NULL);
        bytes_dispose(&line);
        gss_release_buffer(&ignored, &text);
    }
}

static void put_token(struct session *session, gss_buffer_desc *token)
{
    OM_uint32 ignored;
    struct bytes answer = {0};
    bytes_put(&answer, token->value, token->length);
    if (answer.size > 0)
        token_sspi(&session->out, &answer);
    bytes_dispose(&answer);
    gss_release_buffer(&ignored, token);
}

static void put_principal(gss_name_t name, struct bytes *principal)
{
    OM_uint32 ignored;
    gss_buffer_desc text;
    if (gss_display_name(&ignored, name, &text, NULL) != GSS_S_COMPLETE)
        return;
    bytes_put(principal, text.value, text.length);
    gss_release_buffer(&ignored, &text);
}

/* One token after the other until the context stands. */
static const char *accept_context(struct session *session, struct bytes *token,
                                  gss_ctx_id_t *context, gss_name_t *name)
{
    for (;;) {
        gss_buffer_desc in = {token->size, token->data};
        gss_buffer_desc out = GSS_C_EMPTY_BUFFER;
        OM_uint32 minor;
        OM_uint32 major =
            gss_accept_sec_context(&minor, context, GSS_C_NO_CREDENTIAL, &in,
                                   GSS_C_NO_CHANNEL_BINDINGS, name, NULL, &out, NULL, NULL, NULL);
        put_token(session, &out);
        if (GSS_ERROR(major)) {
            log_failure(session, major, minor);
            return "no ticket that fits the keytab";
        }
        if (major == GSS_S_COMPLETE)
            return NULL;
        if (!session_flush(session, true) || !session_read(session) ||
            session->message.type != PACKET_SSPI)
            return gone;
        bytes_clear(token);
        bytes_put(token, session->message.body.data, session->message.body.size);
    }
}

static bool user_fits(struct bytes *principal, const char *user)
{
    size_t size = strcspn(bytes_string(principal), "@");
    return size == strlen(user) && memcmp(principal->data, user, size) == 0;
}

const char *kerberos_login(struct session *session, const struct bytes *first,
                           struct bytes *principal)
{
    OM_uint32 ignored;
    gss_ctx_id_t context = GSS_C_NO_CONTEXT;
    gss_name_t name = GSS_C_NO_NAME;
    struct bytes token = {0};
    bytes_put(&token, first->data, first->size);
    const char *problem = accept_context(session, &token, &context, &name);
    if (!problem) {
        put_principal(name, principal);
        if (!user_fits(principal, session->server->options->user))
            problem = "no such user";
    }
    gss_release_name(&ignored, &name);
    gss_delete_sec_context(&ignored, &context, GSS_C_NO_BUFFER);
    bytes_dispose(&token);
    return problem;
}
