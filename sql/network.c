/*
 * Addresses, connections and datagrams with a bounded wait. See network.h.
 */
#include "sql/network.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* More addresses than this of one host are not tried. */
enum { MAX_ADDRESSES = 16 };

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct patience patience_of(unsigned milliseconds, const volatile sig_atomic_t *interrupted)
{
    return (struct patience){.until = now_ms() + milliseconds, .interrupted = interrupted};
}

int64_t patience_left(const struct patience *patience)
{
    int64_t left = patience->until - now_ms();
    return left > 0 ? left : 0;
}

struct patience patience_share(const struct patience *whole, int64_t milliseconds)
{
    struct patience share = *whole;
    int64_t until = now_ms() + milliseconds;
    if (until < share.until) {
        share.until = until;
    }
    return share;
}

static bool interrupted(const struct patience *patience)
{
    return patience->interrupted && *patience->interrupted;
}

/* ---- addresses ---- */

struct addrinfo *network_find(const char *host, const char **why)
{
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    struct addrinfo *addresses = NULL;
    int error = getaddrinfo(host, NULL, &hints, &addresses);
    *why = NULL;
    if (error == 0) {
        return addresses;
    }
    *why = error == EAI_NONAME   ? "no such host"
           : error == EAI_SYSTEM ? strerror(errno)
                                 : gai_strerror(error);
    return NULL;
}

void network_forget(struct addrinfo *addresses)
{
    if (addresses) {
        freeaddrinfo(addresses);
    }
}

size_t network_count(const struct addrinfo *addresses)
{
    size_t count = 0;
    for (; addresses && count < MAX_ADDRESSES; addresses = addresses->ai_next) {
        count++;
    }
    return count;
}

void network_list(const struct addrinfo *addresses, char *out, size_t size)
{
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = network_count(addresses); i > 0; i--, addresses = addresses->ai_next) {
        char text[NI_MAXHOST];
        if (getnameinfo(addresses->ai_addr, addresses->ai_addrlen, text, sizeof text, NULL, 0,
                        NI_NUMERICHOST) != 0 ||
            used + strlen(text) + 3 > size) {
            continue;
        }
        used += (size_t)snprintf(out + used, size - used, "%s%s", used > 0 ? ", " : "", text);
    }
}

/* The address with that port, for connect(). */
static socklen_t with_port(const struct addrinfo *address, uint16_t port,
                           struct sockaddr_storage *out)
{
    memcpy(out, address->ai_addr, address->ai_addrlen);
    if (address->ai_family == AF_INET6) {
        struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)out;
        v6->sin6_port = htons(port);
    } else {
        struct sockaddr_in *v4 = (struct sockaddr_in *)out;
        v4->sin_port = htons(port);
    }
    return address->ai_addrlen;
}

/* ---- waiting ---- */

/* For an event on one socket: NETWORK_FINE, NETWORK_TIMEOUT or NETWORK_INTERRUPTED. */
static enum network_fault wait_for(int socket, short event, const struct patience *patience)
{
    while (!interrupted(patience)) {
        struct pollfd ready = {.fd = socket, .events = event};
        int64_t left = patience_left(patience);
        int got = poll(&ready, socket >= 0, (int)left);
        if (got > 0) {
            return NETWORK_FINE;
        }
        if (left == 0) {
            return NETWORK_TIMEOUT;
        }
    }
    return NETWORK_INTERRUPTED;
}

int network_wait(const int *sockets, size_t count, const struct patience *patience)
{
    while (!interrupted(patience)) {
        struct pollfd ready[MAX_ADDRESSES];
        size_t watched = count < MAX_ADDRESSES ? count : MAX_ADDRESSES;
        for (size_t i = 0; i < watched; i++) {
            ready[i] = (struct pollfd){.fd = sockets[i], .events = POLLIN};
        }
        int64_t left = patience_left(patience);
        int got = poll(ready, watched, (int)left);
        for (size_t i = 0; got > 0 && i < watched; i++) {
            if (ready[i].revents) {
                return (int)i;
            }
        }
        if (left == 0) {
            return -1;
        }
    }
    return -1;
}

/* ---- TCP and UDP ---- */

static enum network_fault fault_of(int error)
{
    switch (error) {
    case ECONNREFUSED:
        return NETWORK_REFUSED;
    case ETIMEDOUT:
        return NETWORK_TIMEOUT;
    case EHOSTUNREACH:
    case ENETUNREACH:
    case EADDRNOTAVAIL:
    case EAFNOSUPPORT:
    case EACCES:
    case EPERM:
        return NETWORK_UNREACHABLE;
    default:
        return NETWORK_CLOSED;
    }
}

/* The socket, or -1 and the fault. */
static int connect_one(const struct addrinfo *address, uint16_t port,
                       const struct patience *patience, enum network_fault *fault)
{
    struct sockaddr_storage to;
    socklen_t size = with_port(address, port, &to);
    int fd = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    int error = 0;
    if (fd < 0) {
        *fault = fault_of(errno);
        return -1;
    }
    if (connect(fd, (const struct sockaddr *)&to, size) == 0) {
        *fault = NETWORK_FINE;
        return fd;
    }
    *fault = errno == EINPROGRESS ? wait_for(fd, POLLOUT, patience) : fault_of(errno);
    if (*fault == NETWORK_FINE) {
        socklen_t room = sizeof error;
        *fault = getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &room) == 0 && error == 0
                     ? NETWORK_FINE
                     : fault_of(error);
    }
    if (*fault != NETWORK_FINE) {
        close(fd);
        fd = -1;
    }
    return fd;
}

int network_connect(const struct addrinfo *addresses, uint16_t port,
                    const struct patience *patience, enum network_fault *fault)
{
    size_t left = network_count(addresses);
    *fault = NETWORK_UNREACHABLE;
    for (bool first = true; left > 0; left--, addresses = addresses->ai_next, first = false) {
        enum network_fault now;
        struct patience share = patience_share(patience, patience_left(patience) / (int64_t)left);
        int fd = connect_one(addresses, port, &share, &now);
        if (fd >= 0 || now == NETWORK_INTERRUPTED) {
            *fault = now;
            return fd;
        }
        /* "Nobody listens" says more than that an address cannot be reached. */
        if (first || now == NETWORK_REFUSED || *fault == NETWORK_UNREACHABLE) {
            *fault = now;
        }
    }
    return -1;
}

int network_datagrams(const struct addrinfo *addresses, size_t index, uint16_t port)
{
    while (index-- > 0) {
        addresses = addresses->ai_next;
    }
    struct sockaddr_storage to;
    socklen_t size = with_port(addresses, port, &to);
    int fd = socket(addresses->ai_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd >= 0 && connect(fd, (const struct sockaddr *)&to, size) != 0) {
        close(fd);
        fd = -1;
    }
    return fd;
}

enum network_fault network_send(int socket, struct slice bytes, const struct patience *patience)
{
    while (bytes.size > 0) {
        ssize_t sent = send(socket, bytes.data, bytes.size, MSG_NOSIGNAL);
        if (sent >= 0) {
            bytes = slice_from(bytes, (size_t)sent);
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            enum network_fault fault = wait_for(socket, POLLOUT, patience);
            if (fault != NETWORK_FINE) {
                return fault;
            }
        } else if (errno != EINTR) {
            return fault_of(errno);
        }
    }
    return NETWORK_FINE;
}

enum network_fault network_receive(int socket, char *out, size_t size,
                                   const struct patience *patience, size_t *got)
{
    *got = 0;
    for (;;) {
        enum network_fault fault = wait_for(socket, POLLIN, patience);
        if (fault != NETWORK_FINE) {
            return fault;
        }
        ssize_t received = recv(socket, out, size, 0);
        if (received > 0) {
            *got = (size_t)received;
            return NETWORK_FINE;
        }
        if (received == 0) {
            return NETWORK_CLOSED;
        }
        if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) {
            return fault_of(errno);
        }
    }
}
