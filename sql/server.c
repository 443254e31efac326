/*
 * What names a server and who logs in. See server.h.
 */
#include "sql/server.h"

#include <stdio.h>
#include <string.h>

static bool refuse(char problem[static SERVER_PROBLEM], const char *words)
{
    snprintf(problem, SERVER_PROBLEM, "%s", words);
    return false;
}

static bool take_port(struct slice text, uint16_t *out)
{
    uint32_t port = 0;
    bool fine = slice_to_u32(text, &port) && port >= 1 && port <= UINT16_MAX;
    *out = (uint16_t)port;
    return fine;
}

/* "[IPv6]" with ":PORT" behind it or nothing. */
static bool parse_bracketed(struct slice text, struct server_name *out,
                            char problem[static SERVER_PROBLEM])
{
    struct slice rest;
    if (!slice_cut(slice_from(text, 1), ']', &out->host, &rest) || out->host.size == 0) {
        return refuse(problem, "an IPv6 address stands in brackets: [2001:db8::5]:1433");
    }
    if (rest.size > 0 && (rest.data[0] != ':' || !take_port(slice_from(rest, 1), &out->port))) {
        return refuse(problem, "behind the brackets comes :PORT, with a port of 1 to 65535");
    }
    return true;
}

bool server_name_parse(struct slice text, struct server_name *out,
                       char problem[static SERVER_PROBLEM])
{
    struct slice rest;
    *out = (struct server_name){.text = text, .instance = slice_of("")};
    problem[0] = '\0';
    if (text.size > 0 && text.data[0] == '[') {
        return parse_bracketed(text, out, problem);
    }
    if (slice_cut(text, '\\', &out->host, &out->instance)) {
        if (memchr(out->instance.data, ':', out->instance.size) ||
            memchr(out->host.data, ':', out->host.size)) {
            return refuse(problem, "an instance or a port, not both: the instance's port is found "
                                   "by asking the server");
        }
        return (out->host.size > 0 && out->instance.size > 0) ||
               refuse(problem, "it takes HOST\\INSTANCE");
    }
    if (slice_cut(text, ':', &out->host, &rest)) {
        if (memchr(rest.data, ':', rest.size)) {
            return refuse(problem, "an IPv6 address stands in brackets: [2001:db8::5]:1433");
        }
        if (!take_port(rest, &out->port)) {
            return refuse(problem, "a port is 1 to 65535");
        }
    }
    return out->host.size > 0 || refuse(problem, "the name of the host is missing");
}

enum server_login server_login_of(const char *login)
{
    if (!login) {
        return LOGIN_KERBEROS;
    }
    return strchr(login, '\\') ? LOGIN_NTLM : LOGIN_SQL;
}

bool server_is_plaintext(const struct server_options *options)
{
    return server_login_of(options->login) == LOGIN_SQL && !options->allow_plaintext &&
           options->encryption == ENCRYPTION_OFF;
}
