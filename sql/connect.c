/*
 * From the name of a server to a peer: what can be told apart is tried first (host, browser, TCP,
 * PRELOGIN), then FreeTDS logs in. See server.h.
 *
 * A SQL login sends its password: unless --allow-plaintext-login it asks for what `require` asks
 * for, whatever --encrypt says, since FreeTDS does not tell whether `request` led to encryption.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "analyzer/engine/arena.h"
#include "sql/browser.h"
#include "sql/prelogin.h"
#include "sql/statement.h"
#include "sql/tds.h"
#include "sql/tds_config.h"

enum {
    HOST_MOST = 200,
    LOGIN_MOST = 128, /* FreeTDS leaves a longer name or password out without a word */
    ADDRESSES_SIZE = 120,
    DEFAULT_PORT = 1433,
    SETTING_MOST = 256,
};

struct connecting {
    const struct server_name *name;
    const struct server_options *options;
    struct server_state *state;
    enum server_login login;
    enum server_encryption encryption; /* that is really asked for */
    bool verify;
    char host[HOST_MOST + 1];
    struct addrinfo *addresses;
    char tried[ADDRESSES_SIZE]; /* the addresses, for messages */
    struct prelogin prelogin;
};

__attribute__((format(printf, 3, 4))) static bool
fail(struct connecting *connecting, enum server_fault fault, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    connecting->state->fault = fault;
    vsnprintf(connecting->state->problem, SERVER_PROBLEM, format, arguments);
    va_end(arguments);
    return false;
}

static bool was_interrupted(struct connecting *connecting)
{
    return fail(connecting, SERVER_INTERRUPTED, "interrupted");
}

/* ---- who ---- */

static bool check_login(struct connecting *connecting)
{
    const struct server_options *options = connecting->options;
    bool fits = (!options->login || strlen(options->login) <= LOGIN_MOST) &&
                (!options->password || strlen(options->password) <= LOGIN_MOST);
    return fits || fail(connecting, SERVER_LOGIN_FAILED,
                        "a login and its password have at most %d bytes each", LOGIN_MOST);
}

/* ---- the host ---- */

/* The name goes into FreeTDS's configuration, where blanks, '#' and ';' mean something. */
static bool is_plain(struct slice host)
{
    for (size_t i = 0; i < host.size; i++) {
        unsigned char c = slice_byte(host, i);
        if (c <= ' ' || c == '#' || c == ';' || c == '=' || c == '[' || c == ']' || c == 0x7F) {
            return false;
        }
    }
    return host.size > 0 && host.size <= HOST_MOST;
}

static bool find_host(struct connecting *connecting)
{
    struct slice host = connecting->name->host;
    const char *why = NULL;
    if (!is_plain(host)) {
        return fail(connecting, SERVER_UNKNOWN_HOST, "that is no name of a host");
    }
    memcpy(connecting->host, host.data, host.size);
    connecting->addresses = network_find(connecting->host, &why);
    if (!connecting->addresses) {
        return fail(connecting, SERVER_UNKNOWN_HOST,
                    "the host cannot be found (%s): check its name and this machine's DNS", why);
    }
    network_list(connecting->addresses, connecting->tried, sizeof connecting->tried);
    return true;
}

/* ---- the port ---- */

static bool judge_browser(struct connecting *connecting, const struct browser_answer *answer)
{
    struct slice instance = connecting->name->instance;
    int size = (int)instance.size;
    switch (answer->fault) {
    case BROWSER_FINE:
        connecting->state->port = answer->port;
        return true;
    case BROWSER_CLOSED:
        return fail(connecting, SERVER_BROWSER_SILENT,
                    "no SQL Server Browser on UDP 1434 (asked %s for %.*s): start it, or give "
                    "HOST:PORT with the instance's TCP port",
                    connecting->tried, size, instance.data);
    case BROWSER_SILENT:
        return fail(connecting, SERVER_BROWSER_SILENT,
                    "the SQL Server Browser did not answer (asked %s on UDP 1434 for %.*s): open "
                    "that port in the firewall, or give HOST:PORT with the instance's TCP port",
                    connecting->tried, size, instance.data);
    case BROWSER_UNKNOWN:
        return fail(connecting, SERVER_NO_INSTANCE,
                    "there is no instance %.*s; the SQL Server Browser knows %s", size,
                    instance.data, answer->names[0] ? answer->names : "none");
    case BROWSER_NO_PORT:
        return fail(connecting, SERVER_NO_INSTANCE,
                    "the instance %.*s does not listen on TCP: enable TCP/IP for it in the SQL "
                    "Server Configuration Manager",
                    size, instance.data);
    case BROWSER_INTERRUPTED:
        break;
    }
    return was_interrupted(connecting);
}

static bool find_port(struct connecting *connecting, const struct patience *patience)
{
    const struct server_name *name = connecting->name;
    connecting->state->port = name->port ? name->port : DEFAULT_PORT;
    if (name->instance.size == 0) {
        return true;
    }
    if (name->instance.size > BROWSER_INSTANCE_MAX) {
        return fail(connecting, SERVER_NO_INSTANCE, "the name of an instance has at most %d bytes",
                    BROWSER_INSTANCE_MAX);
    }
    struct browser_answer answer = browser_ask(connecting->addresses, name->instance, patience);
    return judge_browser(connecting, &answer);
}

/* ---- is it there, and what does it say? ---- */

static bool judge_connection(struct connecting *connecting, enum network_fault fault)
{
    unsigned port = connecting->state->port;
    switch (fault) {
    case NETWORK_FINE:
        return true;
    case NETWORK_REFUSED:
        return fail(connecting, SERVER_REFUSED,
                    "nobody listens on TCP port %u (tried %s): is the instance running, and is "
                    "that its port?",
                    port, connecting->tried);
    case NETWORK_UNREACHABLE:
        return fail(connecting, SERVER_UNREACHABLE,
                    "there is no way to TCP port %u (tried %s): check the network and the firewall",
                    port, connecting->tried);
    case NETWORK_TIMEOUT:
        return fail(connecting, SERVER_TIMEOUT,
                    "no connection to TCP port %u within %u seconds (tried %s): a firewall may "
                    "drop it; allow more with --timeout",
                    port, connecting->options->timeout, connecting->tried);
    case NETWORK_CLOSED:
        return fail(connecting, SERVER_OTHER,
                    "TCP port %u closed the connection at once (tried %s): is it a SQL Server?",
                    port, connecting->tried);
    case NETWORK_INTERRUPTED:
        break;
    }
    return was_interrupted(connecting);
}

static bool judge_prelogin(struct connecting *connecting, enum network_fault fault, bool foreign)
{
    unsigned port = connecting->state->port;
    if (fault == NETWORK_TIMEOUT) {
        return fail(connecting, SERVER_TIMEOUT,
                    "TCP port %u accepted the connection but said nothing within %u seconds: is "
                    "it a SQL Server?",
                    port, connecting->options->timeout);
    }
    if (fault != NETWORK_FINE) {
        return judge_connection(connecting, fault);
    }
    return !foreign ||
           fail(connecting, SERVER_OTHER, "what answers on TCP port %u is no SQL Server", port);
}

static bool look_at_it(struct connecting *connecting, const struct patience *patience)
{
    enum network_fault fault;
    bool foreign = false;
    int socket = network_connect(connecting->addresses, connecting->state->port, patience, &fault);
    if (socket < 0) {
        return judge_connection(connecting, fault);
    }
    fault = prelogin_ask(socket, patience, &connecting->prelogin, &foreign);
    close(socket);
    return judge_prelogin(connecting, fault, foreign);
}

/* ---- encryption ---- */

/* Before anything is sent: may this login go ahead with that encryption at all? */
static bool choose_encryption(struct connecting *connecting)
{
    const struct server_options *options = connecting->options;
    bool secret = connecting->login == LOGIN_SQL && !options->allow_plaintext;
    connecting->encryption = options->encryption;
    if (server_is_plaintext(options)) {
        return fail(connecting, SERVER_PLAINTEXT,
                    "a SQL login without encryption would send the password readably: leave out "
                    "--encrypt off, or allow it with --allow-plaintext-login");
    }
    if (secret) {
        connecting->encryption = ENCRYPTION_REQUIRE;
    }
    connecting->verify =
        connecting->encryption == ENCRYPTION_REQUIRE && !options->trust_certificate;
    return true;
}

static bool compare_encryption(struct connecting *connecting)
{
    enum prelogin_encryption offer = connecting->prelogin.encryption;
    if (offer == PRELOGIN_NONE && connecting->encryption == ENCRYPTION_REQUIRE) {
        return connecting->options->encryption == ENCRYPTION_REQUIRE
                   ? fail(connecting, SERVER_NO_ENCRYPTION,
                          "the server offers no encryption, which --encrypt require asks for")
                   : fail(connecting, SERVER_PLAINTEXT,
                          "the server offers no encryption, and a SQL login would send the "
                          "password readably: use a Windows login, or --allow-plaintext-login");
    }
    if (offer == PRELOGIN_REQUIRED && connecting->encryption == ENCRYPTION_OFF) {
        return fail(connecting, SERVER_TLS,
                    "the server takes encrypted connections only: leave out --encrypt off");
    }
    return true;
}

/* ---- the login ---- */

static bool judge_login(struct connecting *connecting, const struct trouble *trouble,
                        int64_t log_offset)
{
    char why[TDS_LOG_WHY];
    char principal[HOST_MOST + 16];
    struct server_state *state = connecting->state;
    switch (tds_log_judge(tds_log(), log_offset, why)) {
    case TDS_LOG_CERTIFICATE:
        return fail(connecting, SERVER_CERTIFICATE,
                    "the server's certificate does not verify: %s; give its authority with "
                    "--ca-file and the server by the name in it, or --trust-server-certificate",
                    why);
    case TDS_LOG_AUTHORITIES:
        return fail(connecting, SERVER_CONFIGURATION,
                    "no certificate authorities could be read: install ca-certificates, or give "
                    "--ca-file");
    case TDS_LOG_HANDSHAKE:
        if (trouble->message == 0) {
            return fail(connecting, SERVER_TLS,
                        "the TLS handshake failed (%s): does the server speak TLS 1.0 or later?",
                        why);
        }
        break;
    case TDS_LOG_NOTHING:
        break;
    }
    snprintf(principal, sizeof principal, "MSSQLSvc/%s:%u", connecting->host, state->port);
    state->fault = trouble_of_login(trouble, connecting->login, principal,
                                    connecting->options->timeout, state->problem);
    return false;
}

static struct tds *log_in(struct connecting *connecting)
{
    const struct tds_config_choice choice = {
        .host = connecting->host,
        .port = connecting->state->port,
        .encryption = connecting->encryption,
        .verify = connecting->verify,
        .ca_file = connecting->options->ca_file,
        .log = connecting->encryption == ENCRYPTION_OFF ? -1 : tds_log(),
    };
    struct tds_config config;
    struct trouble trouble = {0};
    struct tds *tds = NULL;
    int64_t offset = tds_log_size(choice.log);
    if (tds_config_init(&config, &choice, connecting->state)) {
        tds_config_clear_environment();
        tds = tds_open(config.path, connecting->host, connecting->options, &trouble);
        if (!tds) {
            judge_login(connecting, &trouble, offset);
        }
    }
    tds_config_dispose(&config);
    return tds;
}

/* ---- the session ---- */

static bool set_one(struct connecting *connecting, struct tds *tds, const char *statement)
{
    const struct template_target target = {.dialect = DIALECT_TSQL};
    struct template_gaps gaps;
    struct buffer text;
    struct trouble trouble;
    buffer_init(&text, SETTING_MOST);
    bool fine = template_build(statement_text(statement), &target, &text, &gaps) &&
                buffer_append_byte(&text, '\0') && tds_run(tds, text.data, &trouble);
    template_gaps_dispose(&gaps);
    buffer_dispose(&text);
    if (!fine) {
        (void)trouble_of_query(&trouble, 0, false, connecting->options->timeout,
                               connecting->state->problem);
        connecting->state->fault = trouble.interrupted ? SERVER_INTERRUPTED : SERVER_OTHER;
    }
    return fine;
}

static bool set_session(struct connecting *connecting, struct tds *tds)
{
    static const char *const statements[] = {
        "live/session_textsize",          "live/session_isolation", "live/session_lock_timeout",
        "live/session_deadlock_priority", "live/session_nocount",
    };
    bool fine = true;
    for (size_t i = 0; fine && i < sizeof statements / sizeof statements[0]; i++) {
        fine = set_one(connecting, tds, statements[i]);
    }
    return fine;
}

static void add_remarks(struct connecting *connecting)
{
    char *remark = connecting->state->remark;
    bool plain = connecting->encryption == ENCRYPTION_OFF ||
                 connecting->prelogin.encryption == PRELOGIN_NONE;
    if (connecting->encryption == ENCRYPTION_REQUIRE && !connecting->verify) {
        snprintf(remark, SERVER_PROBLEM, "certificate not verified");
    } else if (connecting->login == LOGIN_SQL && plain) {
        snprintf(remark, SERVER_PROBLEM, "the password was sent without encryption");
    }
}

static struct peer *connect_it(struct connecting *connecting)
{
    struct patience patience =
        patience_of(connecting->options->timeout * 1000, connecting->options->interrupted);
    struct tds *tds = NULL;
    bool there = check_login(connecting) && choose_encryption(connecting) &&
                 find_host(connecting) && find_port(connecting, &patience) &&
                 look_at_it(connecting, &patience) && compare_encryption(connecting);
    if (there) {
        tds = log_in(connecting);
    }
    if (tds && !set_session(connecting, tds)) {
        tds_close(tds);
        tds = NULL;
    }
    if (!tds) {
        return NULL;
    }
    add_remarks(connecting);
    return peer_new(&tds_peer, tds, connecting->name->text, 0);
}

struct peer *server_connect(const struct server_name *name, const struct server_options *options,
                            struct server_state *state)
{
    struct connecting connecting = {
        .name = name, .options = options, .state = state, .login = server_login_of(options->login)};
    *state = (struct server_state){.fault = SERVER_FINE};
    struct peer *peer = connect_it(&connecting);
    network_forget(connecting.addresses);
    return peer;
}
