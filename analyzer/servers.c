/*
 * The servers of --server. See servers.h.
 */
#include "analyzer/servers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/commands/run.h"
#include "analyzer/engine/arena.h"
#include "analyzer/redacted_peer.h"
#include "sql/trouble.h"

enum { NAME_SIZE = 280, REMARK_SIZE = SERVER_PROBLEM + NAME_SIZE };

struct servers {
    struct server_options options; /* with the password; the peers borrow it */
    char *password;
    struct peer **peers;
    size_t count;
    char (*remarks)[REMARK_SIZE];
    size_t remark_count;
    struct redacted_peers *covers; /* NULL = names stay as they are */
};

static void add_remark(struct servers *servers, const struct server_name *name, const char *before,
                       const char *words)
{
    servers->remarks =
        memory_grow(servers->remarks, servers->remark_count + 1, sizeof *servers->remarks);
    struct slice shown = redacted_peers_server(servers->covers, name->text);
    snprintf(servers->remarks[servers->remark_count++], REMARK_SIZE, "%.*s: %s%s", (int)shown.size,
             shown.data, before, words);
}

static void connect_one(struct servers *servers, const struct server_name *name,
                        enum exit_status *status)
{
    struct server_state state;
    struct peer *peer = server_connect(name, &servers->options, &state);
    if (peer) {
        redacted_peers_cover(servers->covers, peer);
        servers->peers[servers->count++] = peer;
        if (state.remark[0]) {
            add_remark(servers, name, "", state.remark);
        }
        return;
    }
    fprintf(stderr, "ocsight: %.*s: %s\n", (int)name->text.size, name->text.data, state.problem);
    if (servers->covers) { /* a server's words may name anybody */
        add_remark(servers, name, "not reached", "");
    } else {
        add_remark(servers, name, "not reached: ", state.problem);
    }
    *status = state.fault == SERVER_INTERRUPTED ? EXIT_INTERRUPTED : EXIT_DATABASE;
}

/* One password for all servers, if one is needed; false when there is none. */
static bool find_password(struct servers *servers, const struct options *options)
{
    char problem[SERVER_PROBLEM];
    if (server_login_of(options->server.login) == LOGIN_KERBEROS ||
        server_is_plaintext(&options->server)) {
        return true;
    }
    servers->password = server_password(options->server.login, options->password_file, problem);
    servers->options.password = servers->password;
    if (!servers->password) {
        fprintf(stderr, "ocsight: %s\n", problem);
    }
    return servers->password != NULL;
}

struct servers *servers_connect(const struct options *options, enum exit_status *status)
{
    struct servers *servers = memory_zero(1, sizeof *servers);
    servers->options = options->server;
    servers->covers = options->rows;
    servers->options.interrupted = run_interrupted();
    servers->peers = memory_zero(options->server_count + 1, sizeof *servers->peers);
    if (options->server_count > 0 && !find_password(servers, options)) {
        *status = EXIT_DATABASE;
        return servers;
    }
    for (size_t i = 0; i < options->server_count && *status != EXIT_INTERRUPTED; i++) {
        connect_one(servers, &options->servers[i], status);
    }
    return servers;
}

void servers_free(struct servers *servers)
{
    if (servers) {
        for (size_t i = 0; i < servers->count; i++) {
            peer_close(servers->peers[i]);
        }
        server_password_free(servers->password);
        free(servers->peers);
        free(servers->remarks);
        free(servers);
    }
}

size_t servers_count(const struct servers *servers)
{
    return servers->count;
}

struct peer *servers_peer(const struct servers *servers, size_t index)
{
    return servers->peers[index];
}

bool servers_reached(const struct servers *servers, struct slice name)
{
    for (size_t i = 0; i < servers_count(servers); i++) {
        if (slice_equal(peer_name(servers_peer(servers, i)), name)) {
            return true;
        }
    }
    return false;
}

size_t servers_remark_count(const struct servers *servers)
{
    return servers->remark_count;
}

const char *servers_remark(const struct servers *servers, size_t index)
{
    return servers->remarks[index];
}

enum exit_status servers_complain(const struct peer *peer, const struct peer_answer *answer,
                                  enum exit_status status)
{
    char name[NAME_SIZE]; /* a snapshot's stands in its file */
    switch (answer->fault) {
    case PEER_FINE:
    case PEER_STOPPED:
    case PEER_CUT:
        return status;
    default:
        break;
    }
    trouble_line(name, sizeof name, peer_name(peer));
    fprintf(stderr, "ocsight: %s: %s\n", name, answer->problem);
    if (answer->fault == PEER_INTERRUPTED) {
        return EXIT_INTERRUPTED;
    }
    return status == EXIT_INTERRUPTED ? status : EXIT_DATABASE;
}
