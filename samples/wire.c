/* See wire.h. */
#include "samples/wire.h"

#include "samples/fail.h"

#include <string.h>

enum {
    WIRE_HEADROOM = 256,
    WIRE_BYTES = 65536,
    WIRE_STEP = 20000, /* ns between two packets that would leave at once */
    IP_TCP = 6,
    IP_UDP = 17,
    IP_IPIP = 4,
    IP_GRE = 47,
    IP6_FRAGMENT = 44,
    TYPE_IPV4 = 0x0800,
    TYPE_IPV6 = 0x86dd,
};

/* A packet that grows at its front. */
struct frame {
    unsigned char bytes[WIRE_HEADROOM + WIRE_BYTES];
    size_t begin;
    size_t end;
};

static const uint8_t tunnel_hosts[2][4] = {{203, 0, 113, 1}, {203, 0, 113, 2}};

static unsigned char *frame_push(struct frame *frame, size_t size)
{
    frame->begin -= size;
    memset(frame->bytes + frame->begin, 0, size);
    return frame->bytes + frame->begin;
}

static void put16(unsigned char *at, unsigned value)
{
    at[0] = (unsigned char)(value >> 8);
    at[1] = (unsigned char)value;
}

static void put32(unsigned char *at, uint32_t value)
{
    put16(at, value >> 16);
    put16(at + 2, value & 0xffff);
}

/* The 16-bit ones' complement sum of RFC 1071, not yet folded. */
static uint64_t sum(const unsigned char *bytes, size_t size, uint64_t start)
{
    uint64_t total = start;
    size_t i = 0;
    for (; i + 1 < size; i += 2) {
        total += (uint64_t)bytes[i] << 8 | bytes[i + 1];
    }
    return i < size ? total + ((uint64_t)bytes[i] << 8) : total;
}

static unsigned sum_fold(uint64_t total)
{
    while (total >> 16 != 0) {
        total = (total & 0xffff) + (total >> 16);
    }
    return (unsigned)(~total & 0xffff);
}

/* 2001:db8:: followed by the IPv4 address. */
static void address6(unsigned char *at, const uint8_t host[4])
{
    static const unsigned char prefix[12] = {0x20, 0x01, 0x0d, 0xb8};
    memcpy(at, prefix, sizeof prefix);
    memcpy(at + 12, host, 4);
}

static uint64_t pseudo_sum(const struct wire *wire, const struct wire_path *path, unsigned protocol,
                           size_t size)
{
    unsigned char header[40] = {0};
    if (wire->form->ipv6) {
        address6(header, path->from.host);
        address6(header + 16, path->to.host);
    } else {
        memcpy(header, path->from.host, 4);
        memcpy(header + 4, path->to.host, 4);
    }
    put32(header + 32, (uint32_t)size);
    put32(header + 36, protocol);
    return sum(header, sizeof header, 0);
}

static void ip4_push(struct frame *frame, const uint8_t from[4], const uint8_t to[4],
                     unsigned protocol, unsigned id, unsigned fragment)
{
    unsigned char *ip = frame_push(frame, 20);
    ip[0] = 0x45;
    put16(ip + 2, (unsigned)(frame->end - frame->begin));
    put16(ip + 4, id);
    put16(ip + 6, fragment);
    ip[8] = 64;
    ip[9] = (unsigned char)protocol;
    memcpy(ip + 12, from, 4);
    memcpy(ip + 16, to, 4);
    put16(ip + 10, sum_fold(sum(ip, 20, 0)));
}

static void ip6_push(struct frame *frame, const uint8_t from[4], const uint8_t to[4],
                     unsigned protocol)
{
    size_t size = frame->end - frame->begin;
    unsigned char *ip = frame_push(frame, 40);
    ip[0] = 0x60;
    put16(ip + 4, (unsigned)size);
    ip[6] = (unsigned char)protocol;
    ip[7] = 64;
    address6(ip + 8, from);
    address6(ip + 24, to);
}

static void ethernet_push(struct frame *frame, const struct wire_path *path, unsigned type)
{
    unsigned char *ethernet = frame_push(frame, 14);
    ethernet[0] = 2;
    memcpy(ethernet + 2, path->to.host, 4);
    ethernet[6] = 2;
    memcpy(ethernet + 8, path->from.host, 4);
    put16(ethernet + 12, type);
}

static void tag_push(struct frame *frame, unsigned vlan, unsigned type)
{
    unsigned char *tag = frame_push(frame, 4);
    put16(tag, vlan);
    put16(tag + 2, type);
}

static void pppoe_push(struct frame *frame, unsigned type)
{
    size_t size = frame->end - frame->begin;
    unsigned char *pppoe = frame_push(frame, 8);
    pppoe[0] = 0x11;
    put16(pppoe + 2, 0x4711);
    put16(pppoe + 4, (unsigned)size + 2);
    put16(pppoe + 6, type == TYPE_IPV6 ? 0x0057 : 0x0021);
}

static void sll_push(struct frame *frame, const struct wire_path *path, unsigned type)
{
    unsigned char *sll = frame_push(frame, 16);
    put16(sll, path->upward ? 0 : 4);
    put16(sll + 2, 1);
    put16(sll + 4, 6);
    sll[6] = 2;
    memcpy(sll + 8, path->from.host, 4);
    put16(sll + 14, type);
}

static void sll2_push(struct frame *frame, const struct wire_path *path, unsigned type)
{
    unsigned char *sll = frame_push(frame, 20);
    put16(sll, type);
    put32(sll + 4, 2);
    put16(sll + 8, 1);
    sll[10] = path->upward ? 0 : 4;
    sll[11] = 6;
    sll[12] = 2;
    memcpy(sll + 14, path->from.host, 4);
}

static void link_push(struct wire *wire, struct frame *frame, const struct wire_path *path,
                      unsigned type)
{
    enum form_link link =
        wire->form->mixed ? writer_interface_link(path->interface) : wire->form->link;
    switch (link) {
    case LINK_VLAN:
        tag_push(frame, 42, type);
        type = 0x8100;
        break;
    case LINK_QINQ:
        tag_push(frame, 42, type);
        tag_push(frame, 100, 0x8100);
        type = 0x88a8;
        break;
    case LINK_PPPOE:
        pppoe_push(frame, type);
        type = 0x8864;
        break;
    case LINK_SLL:
        sll_push(frame, path, type);
        return;
    case LINK_SLL2:
        sll2_push(frame, path, type);
        return;
    case LINK_NULL:
        frame_push(frame, 4)[0] = type == TYPE_IPV6 ? 24 : 2;
        return;
    case LINK_RAW:
        return;
    case LINK_ETHERNET:
    case FORM_LINKS:
        break;
    }
    ethernet_push(frame, path, type);
}

static void erspan_push(struct wire *wire, struct frame *frame, const struct wire_path *path,
                        unsigned type)
{
    ethernet_push(frame, path, type);
    unsigned char *erspan = frame_push(frame, 8);
    put16(erspan, 0x1000 | 42); /* version 1 of the header is type II */
    put16(erspan + 2, 0x0801);
    put32(erspan + 4, 7);
    unsigned char *gre = frame_push(frame, 8);
    put16(gre, 0x1000); /* a sequence number follows */
    put16(gre + 2, 0x88be);
    put32(gre + 4, wire->tunnel_sequence++);
}

/* What the wire carries is an IP packet of ours; *type becomes what the link carries. */
static void tunnel_push(struct wire *wire, struct frame *frame, const struct wire_path *path,
                        unsigned *type)
{
    unsigned protocol = IP_GRE;
    switch (wire->form->tunnel) {
    case TUNNEL_NONE:
        return;
    case TUNNEL_GRE:
        put16(frame_push(frame, 4) + 2, *type);
        break;
    case TUNNEL_ERSPAN:
        erspan_push(wire, frame, path, *type);
        break;
    case TUNNEL_IPIP:
        protocol = *type == TYPE_IPV6 ? 41 : IP_IPIP;
        break;
    }
    ip4_push(frame, tunnel_hosts[!path->upward], tunnel_hosts[path->upward], protocol,
             wire->ip_id++, 0);
    *type = TYPE_IPV4;
}

/* From here on the frame starts with an IP header. */
static void packet_write(struct wire *wire, struct frame *frame, const struct wire_path *path,
                         int64_t time)
{
    unsigned type = wire->form->ipv6 ? TYPE_IPV6 : TYPE_IPV4;
    tunnel_push(wire, frame, path, &type);
    link_push(wire, frame, path, type);
    wire->now = time > wire->now ? time : wire->now + WIRE_STEP;
    if (wire->form->one_sided && !path->upward) {
        return;
    }
    wire->packets++;
    writer_packet(wire->writer, wire->now, path->interface, frame->bytes + frame->begin,
                  frame->end - frame->begin);
}

static void ip_push(struct wire *wire, struct frame *frame, const struct wire_path *path,
                    unsigned protocol)
{
    if (wire->form->ipv6) {
        ip6_push(frame, path->from.host, path->to.host, protocol);
    } else {
        ip4_push(frame, path->from.host, path->to.host, protocol, wire->ip_id++, 0x4000);
    }
}

/* One fragment of the IP payload in `whole`: RFC 791 section 3.2, RFC 8200 section 4.5. */
static void fragment_write(struct wire *wire, const struct frame *whole,
                           const struct wire_path *path, unsigned protocol, size_t offset,
                           size_t size, unsigned id, int64_t time)
{
    struct frame frame;
    frame.begin = WIRE_HEADROOM;
    frame.end = WIRE_HEADROOM + size;
    memcpy(frame.bytes + frame.begin, whole->bytes + whole->begin + offset, size);
    bool more = whole->begin + offset + size < whole->end;
    if (wire->form->ipv6) {
        unsigned char *extension = frame_push(&frame, 8);
        extension[0] = (unsigned char)protocol;
        put16(extension + 2, (unsigned)offset | more);
        put32(extension + 4, id);
        ip6_push(&frame, path->from.host, path->to.host, IP6_FRAGMENT);
    } else {
        ip4_push(&frame, path->from.host, path->to.host, protocol, id,
                 (unsigned)(offset / 8) | (more ? 0x2000U : 0U));
    }
    packet_write(wire, &frame, path, time);
}

/* From here on the frame holds the IP payload. */
static void payload_write(struct wire *wire, struct frame *frame, const struct wire_path *path,
                          unsigned protocol, int64_t time)
{
    size_t size = frame->end - frame->begin, step = wire->form->fragment;
    if (step == 0 || size <= step) {
        ip_push(wire, frame, path, protocol);
        packet_write(wire, frame, path, time);
        return;
    }
    unsigned id = wire->ip_id++;
    for (size_t offset = 0; offset < size; offset += step) {
        size_t part = size - offset < step ? size - offset : step;
        fragment_write(wire, frame, path, protocol, offset, part, id, time);
    }
}

static void frame_start(struct frame *frame, struct slice payload)
{
    if (payload.size > WIRE_BYTES - 128) {
        fail("%zu bytes do not fit into one packet", payload.size);
    }
    frame->begin = WIRE_HEADROOM;
    frame->end = WIRE_HEADROOM + payload.size;
    if (payload.size > 0) {
        memcpy(frame->bytes + frame->begin, payload.data, payload.size);
    }
}

void wire_segment(struct wire *wire, const struct wire_path *path, int64_t time,
                  const struct wire_segment *segment)
{
    struct frame frame;
    frame_start(&frame, segment->payload);
    bool syn = (segment->flags & WIRE_SYN) != 0;
    unsigned header = syn ? 24 : 20;
    unsigned char *tcp = frame_push(&frame, header);
    put16(tcp, path->from.port);
    put16(tcp + 2, path->to.port);
    put32(tcp + 4, segment->sequence);
    put32(tcp + 8, segment->acknowledged);
    tcp[12] = (unsigned char)(header / 4 << 4);
    tcp[13] = segment->flags;
    put16(tcp + 14, 64240);
    if (syn) {
        put16(tcp + 20, 0x0204); /* maximum segment size */
        put16(tcp + 22, wire->form->mss);
    }
    size_t size = frame.end - frame.begin;
    put16(tcp + 16, sum_fold(sum(tcp, size, pseudo_sum(wire, path, IP_TCP, size))));
    if (segment->payload.size > 0 && ++wire->segments == wire->form->lose) {
        return;
    }
    payload_write(wire, &frame, path, IP_TCP, time);
}

void wire_datagram(struct wire *wire, const struct wire_path *path, int64_t time,
                   struct slice payload)
{
    struct frame frame;
    frame_start(&frame, payload);
    unsigned char *udp = frame_push(&frame, 8);
    size_t size = frame.end - frame.begin;
    put16(udp, path->from.port);
    put16(udp + 2, path->to.port);
    put16(udp + 4, (unsigned)size);
    unsigned check = sum_fold(sum(udp, size, pseudo_sum(wire, path, IP_UDP, size)));
    put16(udp + 6, check == 0 ? 0xffff : check);
    payload_write(wire, &frame, path, IP_UDP, time);
}
