/*
 * Network addresses as plain data, and their one text form.
 *
 * An address without a family (all zero) means that the source does not know
 * it: a text log, a database row.
 */
#ifndef OCSIGHT_ANALYZER_ENGINE_ADDRESS_H
#define OCSIGHT_ANALYZER_ENGINE_ADDRESS_H

#include "analyzer/engine/slice.h"

enum address_family { ADDRESS_NONE, ADDRESS_IPV4 = 4, ADDRESS_IPV6 = 6 };

struct address {
    unsigned char bytes[16]; /* network order; IPv4 in the first four */
    uint8_t family;          /* enum address_family */
    uint16_t port;           /* host order; 0 = none */
};

enum transport {
    TRANSPORT_UNKNOWN,
    TRANSPORT_UDP,
    TRANSPORT_TCP,
    TRANSPORT_TLS,
    TRANSPORT_WS,
    TRANSPORT_SCTP,
};

/* Longest text of an address with port: "[ffff:...:ffff]:65535" and the NUL. */
enum { ADDRESS_TEXT = 56 };

/* "192.0.2.21:5061", "[2001:db8::15]:5061" (RFC 5952), "?" without a family; no port if 0. */
void address_text(const struct address *address, char out[static ADDRESS_TEXT]);

/* The same without the port and without brackets. */
void address_host_text(const struct address *address, char out[static ADDRESS_TEXT]);

/* "udp", "tcp", "tls", "ws", "sctp", "unknown" */
const char *transport_name(enum transport transport);

bool address_equal(const struct address *a, const struct address *b); /* port too */
bool address_same_host(const struct address *a, const struct address *b);
int address_compare(const struct address *a, const struct address *b);

#endif
