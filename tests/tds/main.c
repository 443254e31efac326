/*
 * A small SQL Server for the tests: TDS 7.2 to 7.4 with SQLite behind it.
 *
 * It proves our client, not our T-SQL: facts/databases.md section 11. A thread per connection; it
 * serves until standard input closes or it is killed.
 */
#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/tds/browser.h"
#include "tests/tds/kerberos.h"
#include "tests/tds/prelogin.h"
#include "tests/tds/session.h"

struct client {
    struct server *server;
    int socket;
    unsigned number;
};

static void *client_serve(void *argument)
{
    struct client client = *(struct client *)argument;
    free(argument);
    session_run(client.server, client.socket, client.number);
    return NULL;
}

static void client_start(struct server *server, int listener, unsigned number)
{
    int socket = accept(listener, NULL, NULL);
    if (socket < 0)
        return;
    struct client *client = malloc(sizeof *client);
    if (!client)
        abort();
    *client = (struct client){server, socket, number};
    pthread_t thread;
    if (pthread_create(&thread, NULL, client_serve, client) != 0)
        abort();
    pthread_detach(thread);
}

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
static void serve(struct server *server, int listener, int browser)
{
    struct pollfd ready[3] = {{.fd = listener, .events = POLLIN},
                              {.fd = browser, .events = POLLIN},
                              {.fd = 0, .events = POLLIN}};
    for (unsigned number = 1;;) {
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
            client_start(server, listener, number++);
    }
}

static bool server_prepare(struct server *server)
{
    const struct options *options = server->options;
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
    if (options->certificate) {
        server->tls =
            tls_context(options->certificate, options->key ? options->key : options->certificate);
        return server->tls;
    }
    return true;
}

int main(int count, char **arguments)
{
    struct options options;
    if (!options_parse(count, arguments, &options))
        return 2;
    signal(SIGPIPE, SIG_IGN);
    setvbuf(stdin, NULL, _IONBF, 0);
    if (options.keytab && !kerberos_prepare(options.keytab))
        return 2;
    struct server server = {.options = &options, .faults = faults_new()};
    if (!server_prepare(&server))
        return 2;
    sqlite3 *loaded = backend_load(&options);
    if (!loaded)
        return 2;
    int listener = listen_on(options.port, &server.port);
    if (listener < 0)
        return 2;
    int browser = -1;
    if (options.browser) {
        unsigned port;
        browser = browser_open((unsigned)atoi(options.browser), &port);
        if (browser < 0)
            return 2;
        printf("browser %u\n", port);
    }
    printf("port %u\n", server.port);
    fflush(stdout);
    serve(&server, listener, browser);
    /* The threads of connections that are still open end with the process. */
    fflush(stdout);
    _exit(0);
}
