/*
 * Packets to datagrams. See frame.h.
 *
 * A packet is walked inwards, one header at a time, in a loop: links (link.h),
 * IP (ip.h), tunnels (tunnel.h), fragments (fragments.h), until UDP or TCP. What
 * a header says about lengths is believed before the record: Ethernet padding
 * is cut off, and what the snap length left out is counted as missing.
 *
 * Not read: SCTP (counted by itself), UDP tunnels such as VXLAN, ESP.
 */
#include "decoders/frame.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/engine/arena.h"
#include "decoders/cursor.h"
#include "decoders/fragments.h"
#include "decoders/link.h"
#include "decoders/tunnel.h"

enum { UDP_HEADER = 8, TCP_HEADER = 20 };

struct frames {
    struct fragments *fragments;
    unsigned tunnel_depth;
    uint64_t pieces[FRAME_PIECES]; /* of the latest packet */
    size_t piece_count;
    uint64_t decoded;
    uint64_t skipped[SKIP_REASONS];
};

/* One packet on the way inwards. */
struct walk {
    const struct packet *packet;
    struct layer layer;
    struct ip_header ip; /* the innermost so far */
    uint64_t packets;    /* whose fate this is: more than one behind fragments */
    unsigned tunnels;
    enum frame_status status; /* FRAME_SKIPPED while still walking */
};

struct frames *frames_new(struct map_seed seed, const struct limits *limits,
                          const struct event_sink *caps)
{
    struct frames *frames = memory_zero(1, sizeof *frames);
    frames->fragments = fragments_new(seed, limits, caps);
    frames->tunnel_depth = limits->tunnel_depth;
    return frames;
}

void frames_free(struct frames *frames)
{
    if (frames) {
        fragments_free(frames->fragments);
        free(frames);
    }
}

static void fill(const struct walk *walk, struct datagram *out)
{
    *out = (struct datagram){
        .origin = walk->packet->origin,
        .source = walk->ip.source,
        .destination = walk->ip.destination,
    };
}

static enum skip_reason open_udp(struct walk *walk, struct datagram *out)
{
    struct cursor cursor = cursor_over(walk->layer.bytes);
    uint16_t source = cursor_u16be(&cursor);
    uint16_t destination = cursor_u16be(&cursor);
    size_t length = cursor_u16be(&cursor);
    cursor_skip(&cursor, 2);
    if (cursor.is_short) {
        return SKIP_SHORT;
    }
    /* 0: as long as the packet (RFC 2675 section 4, and segmentation offload). */
    if (length > 0 && length < UDP_HEADER) {
        return SKIP_BAD_HEADER;
    }
    if (length > 0) {
        layer_trim(&walk->layer, length);
    }
    fill(walk, out);
    out->source.port = source;
    out->destination.port = destination;
    out->payload = slice_from(walk->layer.bytes, UDP_HEADER);
    out->missing = walk->layer.missing;
    walk->status = FRAME_DATAGRAM;
    return SKIP_NOTHING;
}

static enum skip_reason open_tcp(struct walk *walk, struct datagram *out)
{
    struct cursor cursor = cursor_over(walk->layer.bytes);
    uint16_t source = cursor_u16be(&cursor);
    uint16_t destination = cursor_u16be(&cursor);
    uint32_t sequence = cursor_u32be(&cursor);
    uint32_t acknowledged = cursor_u32be(&cursor);
    size_t header = (size_t)(cursor_u8(&cursor) >> 4) * 4;
    uint8_t flags = cursor_u8(&cursor);
    cursor_skip(&cursor, 6);
    if (cursor.is_short) {
        return SKIP_SHORT;
    }
    size_t captured = walk->layer.bytes.size;
    if (header < TCP_HEADER || header > captured + walk->layer.missing) {
        return SKIP_BAD_HEADER;
    }
    fill(walk, out);
    out->source.port = source;
    out->destination.port = destination;
    out->tcp = true;
    out->sequence = sequence;
    out->acknowledged = acknowledged;
    out->flags = flags & (TCP_FIN | TCP_SYN | TCP_RST | TCP_PSH | TCP_ACK);
    out->payload = slice_from(walk->layer.bytes, header);
    /* A record may end inside the options. */
    out->missing = walk->layer.missing - (header > captured ? header - captured : 0);
    walk->status = FRAME_DATAGRAM;
    return SKIP_NOTHING;
}

/* A fragment is kept; one that completes its datagram is walked on with. */
static enum skip_reason add_fragment(struct frames *frames, struct walk *walk)
{
    enum fragments_status status = fragments_add(
        frames->fragments, &walk->ip, &walk->packet->origin, &walk->layer, &walk->packets);
    if (status != FRAGMENTS_BAD && frames->piece_count < FRAME_PIECES) {
        frames->pieces[frames->piece_count++] = fragments_latest(frames->fragments);
    }
    switch (status) {
    case FRAGMENTS_HELD:
        walk->status = FRAME_HELD;
        return SKIP_NOTHING;
    case FRAGMENTS_WHOLE:
        return SKIP_NOTHING;
    case FRAGMENTS_BAD:
        break;
    }
    return SKIP_BAD_HEADER;
}

static enum skip_reason open_ether(struct frames *frames, struct walk *walk)
{
    enum skip_reason reason = SKIP_NOTHING;
    switch (walk->layer.number) {
    case ETHER_IPV4:
        reason = ip_open_v4(&walk->layer, &walk->ip);
        if (reason == SKIP_NOTHING && ip_is_fragment(&walk->ip.fragment)) {
            return add_fragment(frames, walk);
        }
        return reason;
    case ETHER_IPV6:
        return ip_open_v6(&walk->layer, &walk->ip);
    default:
        return link_open_ether(&walk->layer);
    }
}

static enum skip_reason open_v6_fragment(struct frames *frames, struct walk *walk)
{
    enum skip_reason reason = ip_open_fragment(&walk->layer, &walk->ip.fragment);
    if (reason == SKIP_NOTHING && ip_is_fragment(&walk->ip.fragment)) {
        return add_fragment(frames, walk);
    }
    return reason;
}

/* IP, or GRE, inside IP. */
static enum skip_reason open_tunnel(const struct frames *frames, struct walk *walk)
{
    if (++walk->tunnels > frames->tunnel_depth) {
        return SKIP_TUNNEL_DEPTH;
    }
    switch (walk->layer.number) {
    case IP_GRE:
        return tunnel_open_gre(&walk->layer);
    case IP_IPV4:
        layer_enter(&walk->layer, LAYER_ETHER, ETHER_IPV4, 0);
        return SKIP_NOTHING;
    default:
        layer_enter(&walk->layer, LAYER_ETHER, ETHER_IPV6, 0);
        return SKIP_NOTHING;
    }
}

static enum skip_reason open_extension(struct frames *frames, struct walk *walk)
{
    if (walk->ip.source.family != ADDRESS_IPV6) {
        return SKIP_PROTOCOL;
    }
    return walk->layer.number == IP_FRAGMENT ? open_v6_fragment(frames, walk)
                                             : ip_open_options(&walk->layer);
}

static enum skip_reason open_protocol(struct frames *frames, struct walk *walk,
                                      struct datagram *out)
{
    switch (walk->layer.number) {
    case IP_TCP:
        return open_tcp(walk, out);
    case IP_UDP:
        return open_udp(walk, out);
    case IP_IPV4:
    case IP_IPV6:
    case IP_GRE:
        return open_tunnel(frames, walk);
    case IP_HOP_BY_HOP:
    case IP_ROUTING:
    case IP_FRAGMENT:
    case IP_DESTINATION:
        return open_extension(frames, walk);
    case IP_AUTHENTICATION:
        return ip_open_authentication(&walk->layer);
    case IP_SCTP:
        return SKIP_SCTP;
    default:
        return SKIP_PROTOCOL;
    }
}

/* One layer inwards. */
static enum skip_reason step(struct frames *frames, struct walk *walk, struct datagram *out)
{
    switch (walk->layer.kind) {
    case LAYER_LINK:
        return link_open(&walk->layer);
    case LAYER_ETHER:
        return open_ether(frames, walk);
    case LAYER_IP:
        return open_protocol(frames, walk, out);
    }
    return SKIP_LINK;
}

enum frame_status frame_decode(struct frames *frames, const struct packet *packet,
                               struct datagram *out)
{
    fragments_release(frames->fragments);
    frames->piece_count = 0;
    size_t size = packet->bytes.size;
    struct walk walk = {
        .packet = packet,
        .layer =
            {
                .kind = LAYER_LINK,
                .number = packet->link_type,
                .bytes = packet->bytes,
                .missing = packet->wire_size > size ? packet->wire_size - size : 0,
            },
        .packets = 1,
        .status = FRAME_SKIPPED,
    };
    enum skip_reason reason = size == 0 ? SKIP_EMPTY : SKIP_NOTHING;
    /* Every header takes at least one byte, or is a tunnel, which are counted: this ends. */
    while (reason == SKIP_NOTHING && walk.status == FRAME_SKIPPED) {
        reason = step(frames, &walk, out);
    }
    if (reason != SKIP_NOTHING) {
        frames->skipped[reason] += walk.packets;
    } else if (walk.status == FRAME_DATAGRAM) {
        frames->decoded += walk.packets;
    }
    return walk.status;
}

const uint64_t *frames_pieces(const struct frames *frames, size_t *count)
{
    *count = frames->piece_count;
    return frames->pieces;
}

void frames_end(struct frames *frames)
{
    fragments_end(frames->fragments);
}

void frames_counts(const struct frames *frames, uint64_t *decoded,
                   uint64_t skipped[static SKIP_REASONS])
{
    *decoded = frames->decoded;
    memcpy(skipped, frames->skipped, sizeof frames->skipped);
    skipped[SKIP_FRAGMENT] += fragments_lost(frames->fragments);
}
