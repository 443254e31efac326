/*
 * IP headers: IPv4, IPv6 and the extension headers of IPv6.
 *
 * Called by decoders/frame.c, one header at a time. Checksums are not verified:
 * network cards compute them after the capture, so in good captures they are
 * wrong more often than not.
 */
#ifndef OCSIGHT_DECODERS_IP_H
#define OCSIGHT_DECODERS_IP_H

#include "analyzer/engine/address.h"
#include "decoders/layer.h"

enum {
    IP_HOP_BY_HOP = 0,
    IP_IPV4 = 4,
    IP_TCP = 6,
    IP_UDP = 17,
    IP_IPV6 = 41,
    IP_ROUTING = 43,
    IP_FRAGMENT = 44,
    IP_GRE = 47,
    IP_AUTHENTICATION = 51,
    IP_DESTINATION = 60,
    IP_SCTP = 132,
};

/* Where a piece belongs in its datagram; the whole datagram when offset is 0 and !more. */
struct ip_fragment {
    uint32_t id;
    uint32_t offset; /* bytes */
    bool more;       /* others follow */
};

struct ip_header {
    struct address source; /* port 0 */
    struct address destination;
    struct ip_fragment fragment;
};

static inline bool ip_is_fragment(const struct ip_fragment *fragment)
{
    return fragment->more || fragment->offset > 0;
}

/* Each opens one header: SKIP_NOTHING, or why the packet is not read. */
enum skip_reason ip_open_v4(struct layer *layer, struct ip_header *out);
enum skip_reason ip_open_v6(struct layer *layer, struct ip_header *out);

/* Hop-by-hop, routing and destination options: they are passed over. */
enum skip_reason ip_open_options(struct layer *layer);
enum skip_reason ip_open_fragment(struct layer *layer, struct ip_fragment *out);
enum skip_reason ip_open_authentication(struct layer *layer);

#endif
