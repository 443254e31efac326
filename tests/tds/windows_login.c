#include "tests/tds/windows_login.h"

#include "tests/tds/kerberos.h"
#include "tests/tds/ntlm.h"

static const char *ntlm_talk(struct session *session, struct ntlm *ntlm, const struct bytes *first)
{
    const struct options *options = session->server->options;
    struct bytes challenge = {0};
    const char *problem = ntlm_challenge(ntlm, first, options->server, &challenge);
    if (!problem) {
        token_sspi(&session->out, &challenge);
        if (!session_flush(session, true) || !session_read(session))
            problem = "gone after the challenge";
        else if (session->message.type != PACKET_SSPI)
            problem = "what follows the challenge is no SSPI message";
    }
    bytes_dispose(&challenge);
    return problem ? problem
                   : ntlm_verify(ntlm, &session->message.body, options->domain, options->user,
                                 options->password);
}

static const char *ntlm_login(struct session *session, const struct bytes *first,
                              struct bytes *name)
{
    struct ntlm ntlm = {0};
    const char *problem = ntlm_talk(session, &ntlm, first);
    if (ntlm.domain.size)
        bytes_format(name, "%s\\", bytes_string(&ntlm.domain));
    bytes_put(name, ntlm.user.data, ntlm.user.size);
    ntlm_dispose(&ntlm);
    return problem;
}

const char *windows_login(struct session *session, const struct login *login, struct bytes *name)
{
    if (ntlm_is(&login->sspi))
        return ntlm_login(session, &login->sspi, name);
    if (session->server->options->keytab)
        return kerberos_login(session, &login->sspi, name);
    return "neither NTLM nor a mechanism this server has";
}
