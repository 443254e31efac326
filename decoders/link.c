/*
 * Link layers. See link.h.
 *
 * Normative: tcpdump.org/linktypes.html and the page of each type there; IEEE
 * 802.3 3.2.6, 802.1Q 9.5, 802.1AC (LLC/SNAP); RFC 1661 section 2, RFC 1662
 * section 3.1, RFC 2516 section 4; RFC 3032 section 2.1.
 *
 * Not read: 802.11, MPLS pseudo-wires, PPP with other than IP inside.
 */
#include "decoders/link.h"

#include "decoders/cursor.h"

enum {
    ETHER_VLAN = 0x8100,
    ETHER_VLAN_SERVICE = 0x88a8,
    ETHER_VLAN_OLD = 0x9100,
    ETHER_PPPOE_SESSION = 0x8864,
    ETHER_MPLS = 0x8847,
    ETHER_FIRST = 0x0600, /* smaller values of the field are a length */
    PPP_IPV4 = 0x0021,
    PPP_IPV6 = 0x0057,
};

/* The address families of the BSDs, Darwin, Windows and Linux in a null header. */
enum {
    FAMILY_IPV4 = 2,
    FAMILY_IPV6_LINUX = 10,
    FAMILY_IPV6_WINDOWS = 23,
    FAMILY_IPV6_NETBSD = 24,
    FAMILY_IPV6_FREEBSD = 28,
    FAMILY_IPV6_DARWIN = 30,
};

/* ARPHRD_ values whose "protocol" field in a cooked header is no EtherType. */
enum { ARPHRD_FRAD = 770, ARPHRD_80211 = 801, ARPHRD_RADIOTAP = 803, ARPHRD_NETLINK = 824 };

/* Moves on if the header was all there. */
static enum skip_reason enter_ether(struct layer *layer, const struct cursor *cursor, uint32_t type)
{
    if (cursor->is_short) {
        return SKIP_SHORT;
    }
    layer_enter(layer, LAYER_ETHER, type, cursor->at);
    return SKIP_NOTHING;
}

/* An IEEE 802.3 length instead of a type: LLC, of which only SNAP with EtherTypes is read. */
static enum skip_reason open_llc(struct layer *layer, struct cursor cursor)
{
    uint32_t control = cursor_u24be(&cursor);
    uint32_t organization = cursor_u24be(&cursor);
    uint32_t type = cursor_u16be(&cursor);
    if (!cursor.is_short && (control != 0xaaaa03 || organization != 0)) {
        return SKIP_LINK;
    }
    return enter_ether(layer, &cursor, type);
}

static enum skip_reason open_ethernet(struct layer *layer)
{
    struct cursor cursor = cursor_over(layer->bytes);
    cursor_skip(&cursor, 12);
    uint32_t type = cursor_u16be(&cursor);
    if (!cursor.is_short && type < ETHER_FIRST) {
        return open_llc(layer, cursor);
    }
    return enter_ether(layer, &cursor, type);
}

static enum skip_reason enter_cooked(struct layer *layer, const struct cursor *cursor,
                                     uint32_t hardware, uint32_t protocol)
{
    switch (hardware) {
    case ARPHRD_FRAD:
    case ARPHRD_80211:
    case ARPHRD_RADIOTAP:
    case ARPHRD_NETLINK:
        return SKIP_LINK;
    default:
        return enter_ether(layer, cursor, protocol);
    }
}

static enum skip_reason open_sll(struct layer *layer)
{
    struct cursor cursor = cursor_over(layer->bytes);
    cursor_skip(&cursor, 2);
    uint32_t hardware = cursor_u16be(&cursor);
    cursor_skip(&cursor, 10);
    uint32_t protocol = cursor_u16be(&cursor);
    return enter_cooked(layer, &cursor, hardware, protocol);
}

static enum skip_reason open_sll2(struct layer *layer)
{
    struct cursor cursor = cursor_over(layer->bytes);
    uint32_t protocol = cursor_u16be(&cursor);
    cursor_skip(&cursor, 6);
    uint32_t hardware = cursor_u16be(&cursor);
    cursor_skip(&cursor, 10);
    return enter_cooked(layer, &cursor, hardware, protocol);
}

/* No link header; the first half-byte tells the version. */
static enum skip_reason open_raw(struct layer *layer)
{
    struct cursor cursor = cursor_over(layer->bytes);
    unsigned version = cursor_u8(&cursor) >> 4;
    if (cursor.is_short) {
        return SKIP_SHORT;
    }
    if (version != 4 && version != 6) {
        return SKIP_BAD_HEADER;
    }
    layer_enter(layer, LAYER_ETHER, version == 4 ? ETHER_IPV4 : ETHER_IPV6, 0);
    return SKIP_NOTHING;
}

/* An address family in the byte order of the capturing machine (NULL) or of the network (LOOP). */
static enum skip_reason open_null(struct layer *layer)
{
    struct cursor cursor = cursor_over(layer->bytes);
    uint32_t family = cursor_u32be(&cursor);
    if (family > UINT16_MAX) {
        family = family >> 24 | (family >> 8 & 0xff00);
    }
    switch (family) {
    case FAMILY_IPV4:
        return enter_ether(layer, &cursor, ETHER_IPV4);
    case FAMILY_IPV6_LINUX:
    case FAMILY_IPV6_WINDOWS:
    case FAMILY_IPV6_NETBSD:
    case FAMILY_IPV6_FREEBSD:
    case FAMILY_IPV6_DARWIN:
        return enter_ether(layer, &cursor, ETHER_IPV6);
    default:
        return cursor.is_short ? SKIP_SHORT : SKIP_LINK;
    }
}

/* The protocol field is one byte if that is odd (RFC 1661 section 2, compressed). */
static enum skip_reason enter_ppp(struct layer *layer, struct cursor cursor)
{
    uint32_t protocol = cursor_u8(&cursor);
    if ((protocol & 1) == 0) {
        protocol = protocol << 8 | cursor_u8(&cursor);
    }
    if (cursor.is_short) {
        return SKIP_SHORT;
    }
    if (protocol != PPP_IPV4 && protocol != PPP_IPV6) {
        return SKIP_LINK;
    }
    return enter_ether(layer, &cursor, protocol == PPP_IPV4 ? ETHER_IPV4 : ETHER_IPV6);
}

/* The address and control bytes FF 03 may be left out. */
static enum skip_reason open_ppp(struct layer *layer)
{
    struct cursor cursor = cursor_over(layer->bytes);
    if (cursor_u16be(&cursor) != 0xff03) {
        cursor = cursor_over(layer->bytes);
    }
    return enter_ppp(layer, cursor);
}

static enum skip_reason open_pppoe(struct layer *layer)
{
    struct cursor cursor = cursor_over(layer->bytes);
    unsigned version_type = cursor_u8(&cursor);
    unsigned code = cursor_u8(&cursor);
    cursor_skip(&cursor, 2);
    size_t length = cursor_u16be(&cursor);
    if (cursor.is_short) {
        return SKIP_SHORT;
    }
    if (version_type != 0x11) {
        return SKIP_BAD_HEADER;
    }
    if (code != 0) {
        return SKIP_LINK;
    }
    layer_trim(layer, cursor.at + length);
    cursor.bytes = layer->bytes;
    return enter_ppp(layer, cursor);
}

static enum skip_reason open_vlan(struct layer *layer)
{
    struct cursor cursor = cursor_over(layer->bytes);
    cursor_skip(&cursor, 2);
    uint32_t type = cursor_u16be(&cursor);
    if (!cursor.is_short && type < ETHER_FIRST) {
        return open_llc(layer, cursor);
    }
    return enter_ether(layer, &cursor, type);
}

/* Labels up to the bottom of the stack; IP follows if it looks like IP. */
static enum skip_reason open_mpls(struct layer *layer)
{
    struct cursor cursor = cursor_over(layer->bytes);
    while (!cursor.is_short && (cursor_u32be(&cursor) & 0x100) == 0) {
    }
    struct slice inner = cursor_rest(&cursor);
    if (cursor.is_short || inner.size == 0) {
        return SKIP_SHORT;
    }
    switch (slice_byte(inner, 0) >> 4) {
    case 4:
        return enter_ether(layer, &cursor, ETHER_IPV4);
    case 6:
        return enter_ether(layer, &cursor, ETHER_IPV6);
    default:
        return SKIP_LINK;
    }
}

enum skip_reason link_open(struct layer *layer)
{
    /* clang-format off */
    static const struct {
        uint32_t type;
        enum skip_reason (*open)(struct layer *layer);
    } links[] = {
        {LINK_ETHERNET, open_ethernet},
        {113, open_sll},   /* LINUX_SLL */
        {276, open_sll2},  /* LINUX_SLL2 */
        {LINK_RAW, open_raw},/* RAW */
        {12,  open_raw},   /* DLT_RAW of most systems, found in old files */
        {14,  open_raw},   /* DLT_RAW of OpenBSD */
        {228, open_raw},   /* IPV4 */
        {229, open_raw},   /* IPV6 */
        {0,   open_null},  /* NULL */
        {108, open_null},  /* LOOP */
        {9,   open_ppp},   /* PPP */
        {50,  open_ppp},   /* PPP_HDLC */
        {51,  open_pppoe}, /* PPP_ETHER */
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof links / sizeof links[0]; i++) {
        if (links[i].type == layer->number) {
            return links[i].open(layer);
        }
    }
    return SKIP_LINK;
}

enum skip_reason link_open_ether(struct layer *layer)
{
    switch (layer->number) {
    case ETHER_VLAN:
    case ETHER_VLAN_SERVICE:
    case ETHER_VLAN_OLD:
        return open_vlan(layer);
    case ETHER_PPPOE_SESSION:
        return open_pppoe(layer);
    case ETHER_MPLS:
        return open_mpls(layer);
    default:
        return SKIP_LINK;
    }
}
