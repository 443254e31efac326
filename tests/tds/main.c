/*
 * A small SQL Server for the tests: TDS 7.2 to 7.4 with SQLite behind it.
 *
 * It proves our client, and only a little our T-SQL (lint.h): facts/databases.md section 11. It
 * prints "port N" and serves until standard input closes; lines there set faults (faults.h), and
 * each is answered by "ok" or "unknown".
 *
 *   main, clients      listening, a thread per connection
 *   session            one connection: requests one after the other
 *   prelogin, tls, login, login7, windows_login, ntlm, kerberos
 *   packet, wire       messages on the socket
 *   rpc, parameter     what is asked          tokens, types    what is answered
 *   script             statements             query, query_faults, select_list   one of them
 *   scan, lint, rewrite, functions, like      T-SQL to SQLite
 *   backend, load      SQLite                 browser, faults, log
 */
#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/tds/browser.h"
#include "tests/tds/clients.h"
#include "tests/tds/kerberos.h"
#include "tests/tds/prelogin.h"

static int listen_on(unsigned port, unsigned *actual)
{
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int on = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    if (bind(listener, (struct sockaddr *)&address, size) || listen(listener, 64) ||
        getsockname(listener, (struct sockaddr *)&address, &size)) {
        perror("tds-server: listen");
        return -1;
    }
    *actual = ntohs(address.sin_port);
    return listener;
}

/* A line of standard input: "fault SPEC" or "clear". */
static void command_run(struct server *server, char *line)
{
    line[strcspn(line, "\r\n")] = 0;
    bool good = true;
    if (strncmp(line, "fault ", 6) == 0)
        good = faults_add(server->faults, line + 6);
    else if (strcmp(line, "clear") == 0)
        faults_clear(server->faults);
    else
        good = false;
    printf("%s\n", good ? "ok" : "unknown");
    fflush(stdout);
}

/* `browser` -1 = none: poll() passes it over. */
static void serve(struct server *server, struct clients *clients, int listener, int browser)
{
    struct pollfd ready[3] = {{.fd = listener, .events = POLLIN},
                              {.fd = browser, .events = POLLIN},
                              {.fd = 0, .events = POLLIN}};
    for (;;) {
        if (poll(ready, 3, -1) < 0)
            continue;
        char line[256];
        if (ready[2].revents) {
            if (!fgets(line, sizeof line, stdin))
                return;
            command_run(server, line);
        }
        if (ready[1].revents)
            browser_answer(server, browser);
        if (ready[0].revents)
            clients_accept(clients, listener);
    }
}

/* Opens what is listened on and says where; false after a complaint. */
static bool open_sockets(struct server *server, int *listener, int *browser)
{
    *browser = -1;
    *listener = listen_on(server->options->port, &server->port);
    if (*listener < 0)
        return false;
    if (server->options->browser) {
        unsigned port;
        *browser = browser_open((unsigned)atoi(server->options->browser), &port);
        if (*browser < 0)
            return false;
        printf("browser %u\n", port);
    }
    printf("port %u\n", server->port);
    fflush(stdout);
    return true;
}

/* What all connections share; false after a complaint. */
static bool server_prepare(struct server *server)
{
    const struct options *options = server->options;
    server->faults = faults_new();
    server->log = log_open(options->log);
    if (!server->log) {
        perror(options->log);
        return false;
    }
    for (unsigned i = 0; i < options->faults.count; i++)
        if (!faults_add(server->faults, options->faults.items[i])) {
            fprintf(stderr, "tds-server: no fault %s\n", options->faults.items[i]);
            return false;
        }
    if (options->keytab && !kerberos_prepare(options->keytab))
        return false;
    if (!options->certificate)
        return true;
    server->tls = tls_context(options);
    return server->tls;
}

static void server_dispose(struct server *server)
{
    faults_free(server->faults);
    log_close(server->log);
    SSL_CTX_free(server->tls);
}

int main(int count, char **arguments)
{
    struct options options;
    if (!options_parse(count, arguments, &options))
        return 2;
    signal(SIGPIPE, SIG_IGN);
    setvbuf(stdin, NULL, _IONBF, 0);
    struct server server = {.options = &options};
    int listener, browser;
    sqlite3 *loaded = server_prepare(&server) ? backend_load(&options) : NULL;
    if (!loaded || !open_sockets(&server, &listener, &browser))
        return 2;
    struct clients *clients = clients_new(&server);
    serve(&server, clients, listener, browser);
    if (!clients_stop(clients)) {
        fputs("tds-server: a connection does not end\n", stderr);
        _exit(3);
    }
    clients_free(clients);
    backend_close(loaded);
    server_dispose(&server);
    return 0;
}
