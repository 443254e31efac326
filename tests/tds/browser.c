#include "tests/tds/browser.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

enum request { ASK_ALL_BROADCAST = 2, ASK_ALL = 3, ASK_INSTANCE = 4 };
enum { ANSWER = 5 };

int browser_open(unsigned port, unsigned *actual)
{
    int opened = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    if (opened < 0 || bind(opened, (struct sockaddr *)&address, size) ||
        getsockname(opened, (struct sockaddr *)&address, &size)) {
        perror("tds-server: browser");
        return -1;
    }
    *actual = ntohs(address.sin_port);
    return opened;
}

/* Whether the request, one byte and perhaps an instance's name, is for us. */
static bool request_fits(const struct options *options, const uint8_t *request, size_t size)
{
    if (size == 1)
        return request[0] == ASK_ALL || request[0] == ASK_ALL_BROADCAST;
    const char *instance = options->instance ? options->instance : "MSSQLSERVER";
    const char *asked = (const char *)request + 1;
    size_t length = strnlen(asked, size - 1);
    return request[0] == ASK_INSTANCE && length <= 32 && strlen(instance) == length &&
           strncasecmp(instance, asked, length) == 0;
}

static void put_answer(const struct server *server, struct bytes *out)
{
    const struct options *options = server->options;
    bytes_u8(out, ANSWER);
    bytes_u16(out, 0);
    bytes_format(out, "ServerName;%s;InstanceName;%s;IsClustered;No;Version;%s;", options->server,
                 options->instance ? options->instance : "MSSQLSERVER", options->version);
    if (!faults_strike(server->faults, "no-tcp-browser", NULL, NULL))
        bytes_format(out, "tcp;%u;;", server->port);
    else
        bytes_format(out, "np;\\\\%s\\pipe\\sql\\query;;", options->server);
    bytes_set16(out, 1, (uint16_t)(out->size - 3));
}

static void put_text(struct bytes *out, const char *text)
{
    bytes_clear(out);
    bytes_u8(out, ANSWER);
    bytes_u16(out, (uint16_t)strlen(text));
    bytes_text(out, text);
}

/* Answers that a client must not believe, or not stumble over. */
static void put_garbage(const struct server *server, int kind, struct bytes *out)
{
    put_answer(server, out);
    switch (kind) {
    case 0:
        put_text(out, "ServerName;;tcp;99999999;;;");
        break;
    case 1: /* another kind of message */
        out->data[0] = 6;
        break;
    case 2: /* cut in its length */
        out->size = 2;
        break;
    case 3: /* cut in its text */
        out->size -= 4;
        break;
    case 4: /* shorter than it says */
        bytes_set16(out, 1, (uint16_t)(out->size + 100));
        break;
    case 5:
        put_text(out, "ServerName;FE01;InstanceName;OTHER;IsClustered;No;Version;1.0;tcp;1;;");
        break;
    case 6:
        put_text(out, "ServerName;FE01;InstanceName;RTCLOCAL;tcp;12x;;");
        break;
    default: /* nothing */
        bytes_clear(out);
    }
}

void browser_answer(struct server *server, int socket)
{
    uint8_t request[1024];
    struct sockaddr_in peer;
    socklen_t size = sizeof peer;
    ssize_t got = recvfrom(socket, request, sizeof request - 1, 0, (struct sockaddr *)&peer, &size);
    if (got <= 0)
        return;
    request[got] = 0;
    log_line(server->log, 0, "browser", "asked", got > 1 ? (const char *)request + 1 : "", NULL);
    if (faults_strike(server->faults, "silent-browser", NULL, NULL) ||
        !request_fits(server->options, request, (size_t)got))
        return;
    struct bytes out = {0};
    int kind = 0;
    if (faults_strike(server->faults, "garbage-browser", NULL, &kind))
        put_garbage(server, kind, &out);
    else
        put_answer(server, &out);
    sendto(socket, out.data, out.size, 0, (struct sockaddr *)&peer, size);
    bytes_dispose(&out);
}
