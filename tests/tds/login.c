#include "tests/tds/login.h"

#include <string.h>
#include <strings.h>

#include "tests/tds/functions.h"
#include "tests/tds/prelogin.h"
#include "tests/tds/windows_login.h"

static bool login_refuse(struct session *session, const char *user, const char *why)
{
    log_line(session->server->log, session->number, "login-refused", "user", user, "why", why,
             NULL);
    session_error(session, 18456, "Login failed for user '%s'.", user);
    token_done(&session->out, DONE, DONE_ERROR, 0);
    session_flush(session, true);
    return false;
}

static bool equals(struct bytes *bytes, const char *text)
{
    return strcmp(bytes_string(bytes), text) == 0;
}

static bool sql_login(struct session *session, struct login *login)
{
    const struct options *options = session->server->options;
    const char *user = bytes_string(&login->user);
    if (!options->mixed_mode)
        return login_refuse(session, user, "windows only");
    if (strcasecmp(user, options->user) != 0)
        return login_refuse(session, user, "no such user");
    if (!equals(&login->password, options->password))
        return login_refuse(session, user, "wrong password");
    return true;
}

static bool integrated_login(struct session *session, const struct login *login)
{
    struct bytes name = {0};
    const char *problem = windows_login(session, login, &name);
    bool good = !problem;
    if (problem)
        login_refuse(session, bytes_string(&name), problem);
    else
        log_line(session->server->log, session->number, "windows", "user", bytes_string(&name),
                 NULL);
    bytes_dispose(&name);
    return good;
}

static bool choose_database(struct session *session, struct login *login)
{
    const char *wanted = bytes_string(&login->database);
    const char *found = *wanted ? backend_database(wanted, strlen(wanted)) : "master";
    session->rights.options = session->server->options;
    session->database = backend_open(&session->rights);
    if (!found || !backend_has(session->database, found)) {
        session_error(session, 4060, "Cannot open database \"%s\" requested by the login.", wanted);
        return login_refuse(session, bytes_string(&login->user), "no such database");
    }
    snprintf(session->current, sizeof session->current, "%s", found);
    functions_set_database(session->database, session->current);
    return true;
}

static bool login_welcome(struct session *session, struct login *login)
{
    struct bytes *out = &session->out;
    char text[96];
    if (login->odbc)
        session->text_size = TYPE_MAX;
    session->quoted_names = login->odbc;
    session->tds_version = login->tds_version;
    snprintf(text, sizeof text, "Changed database context to '%s'.", session->current);
    token_env(out, ENV_DATABASE, session->current, "master");
    token_info(out, 5701, session->server->options->server, text);
    token_env_collation(out);
    token_env(out, ENV_PACKET_SIZE, "4096", "4096");
    token_login_ack(out, login->tds_version);
    token_done(out, DONE, DONE_FINAL, 0);
    return session_flush(session, true);
}

/* The same of every login, before it is judged. */
static bool struck_at_login(struct session *session, struct login *login)
{
    struct faults *faults = session->server->faults;
    if (faults_strike(faults, "refuse-login", NULL, NULL)) {
        login_refuse(session, bytes_string(&login->user), "fault");
        return true;
    }
    if (faults_strike(faults, "garbage-login", NULL, NULL)) {
        bytes_put(&session->out, "\x13\x37\xDE\xAD\xBE\xEF", 6);
        session_flush(session, true);
        return true;
    }
    if (faults_strike(faults, "silent-login", NULL, NULL)) {
        session_read(session);
        return true;
    }
    return false;
}

static void login_log(struct session *session, struct login *login, enum cover cover)
{
    static const char *const covers[] = {"none", "login", "all"};
    log_line(session->server->log, session->number, "login", "user", bytes_string(&login->user),
             "database", bytes_string(&login->database), "host", bytes_string(&login->host),
             "application", bytes_string(&login->application), "server",
             bytes_string(&login->server), "library", bytes_string(&login->library), "way",
             login->integrated ? "windows" : "sql", "tls", covers[cover], NULL);
}

static bool login_judge(struct session *session, struct login *login)
{
    if (struck_at_login(session, login))
        return false;
    bool good = login->integrated ? integrated_login(session, login) : sql_login(session, login);
    return good && choose_database(session, login) && login_welcome(session, login);
}

bool session_login(struct session *session)
{
    enum cover cover = COVER_NONE;
    if (!prelogin_answer(session, &cover))
        return false;
    if (cover != COVER_NONE && !tls_accept(session))
        return false;
    if (!session_read(session))
        return false;
    if (cover == COVER_LOGIN)
        wire_bare(&session->wire);
    struct login login = {0};
    const char *problem = session->message.type == PACKET_LOGIN7
                              ? login_parse(&session->message.body, &login)
                              : "what follows PRELOGIN is no LOGIN7";
    bool good = !problem;
    if (problem) {
        log_line(session->server->log, session->number, "violation", "problem", problem, NULL);
    } else {
        login_log(session, &login, cover);
        good = login_judge(session, &login);
    }
    login_dispose(&login);
    return good;
}
