/*
 * The SQL Server Browser: on which TCP port a named instance listens ([MC-SQLR]; the protocol is
 * SSRP over UDP 1434). Asked by ocsight itself: FreeTDS would wait 16 seconds and not say what
 * for.
 *
 * A browser that does not know the instance does not answer at all, so the list of all instances
 * is asked for as well before it is called silent.
 */
#ifndef OCSIGHT_SQL_BROWSER_H
#define OCSIGHT_SQL_BROWSER_H

#include "sql/network.h"

enum { BROWSER_PORT = 1434, BROWSER_INSTANCE_MAX = 32, BROWSER_NAMES = 160 };

/* One instance of a reply; slices of it. */
struct browser_instance {
    struct slice name;
    struct slice version; /* "11.0.2100.60"; "" = not said */
    uint16_t port;        /* 0 = it has no TCP port */
};

/* The part of a reply that lists instances; false = this is no reply. Any bytes may be given. */
bool browser_open(struct slice reply, struct slice *out_list);

/* The next instance of the list, which shrinks by it; false = there is none, or it is broken. */
bool browser_next(struct slice *list, struct browser_instance *out);

enum browser_fault {
    BROWSER_FINE,
    BROWSER_CLOSED,  /* the host says that nobody listens on UDP 1434 */
    BROWSER_SILENT,  /* no answer */
    BROWSER_UNKNOWN, /* it answers, but not for that instance; `names` are those it knows */
    BROWSER_NO_PORT, /* the instance does not listen on TCP */
    BROWSER_INTERRUPTED,
};

struct browser_answer {
    enum browser_fault fault;
    uint16_t port;
    char names[BROWSER_NAMES]; /* ", " between */
};

/* Asks every address of the host; the first answer counts. At most BROWSER_INSTANCE_MAX bytes. */
struct browser_answer browser_ask(const struct addrinfo *addresses, struct slice instance,
                                  const struct patience *patience);

#endif
