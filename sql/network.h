/*
 * Getting at a host: its addresses, a TCP connection, datagrams, each with a bounded wait.
 *
 * Called by connect.c, browser.c and prelogin.c, before FreeTDS is let at the server: its own
 * waits are long and its errors all sound alike (facts/databases.md section 6).
 */
#ifndef OCSIGHT_SQL_NETWORK_H
#define OCSIGHT_SQL_NETWORK_H

#include <signal.h>

#include "analyzer/engine/slice.h"

enum network_fault {
    NETWORK_FINE,
    NETWORK_REFUSED, /* nobody listens */
    NETWORK_UNREACHABLE,
    NETWORK_TIMEOUT,
    NETWORK_CLOSED, /* by the other side, or broken */
    NETWORK_INTERRUPTED,
};

/* Until when is waited, and what ends the wait early. */
struct patience {
    int64_t until; /* ms of a clock that only goes forward */
    const volatile sig_atomic_t *interrupted;
};

struct patience patience_of(unsigned milliseconds, const volatile sig_atomic_t *interrupted);
int64_t patience_left(const struct patience *patience); /* ms, never below 0 */

/* No longer than `milliseconds`, and no longer than `whole`. */
struct patience patience_share(const struct patience *whole, int64_t milliseconds);

struct addrinfo;

/* NULL and a few words why ("no such host"); release with network_forget(). */
struct addrinfo *network_find(const char *host, const char **why);
void network_forget(struct addrinfo *addresses);

/* "192.0.2.5, 2001:db8::5": for messages; cut to `size`. */
void network_list(const struct addrinfo *addresses, char *out, size_t size);

size_t network_count(const struct addrinfo *addresses);

/*
 * To the first address that accepts; each gets its share of the patience. The socket, or -1 and
 * the fault that says most.
 */
int network_connect(const struct addrinfo *addresses, uint16_t port,
                    const struct patience *patience, enum network_fault *fault);

/* A datagram socket that hears only the address at `index`; -1 = impossible. */
int network_datagrams(const struct addrinfo *addresses, size_t index, uint16_t port);

enum network_fault network_send(int socket, struct slice bytes, const struct patience *patience);

/* At least one byte: `got` says how many. */
enum network_fault network_receive(int socket, char *out, size_t size,
                                   const struct patience *patience, size_t *got);

/*
 * Waits until one of the sockets has something (or an error) to hand over: its index, or -1 when
 * the patience ended. Those below 0 are left out.
 */
int network_wait(const int *sockets, size_t count, const struct patience *patience);

#endif
