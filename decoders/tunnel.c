/*
 * GRE and ERSPAN. See tunnel.h.
 *
 * Normative: RFC 2784 section 2, RFC 2890 section 2 (keys and sequence numbers),
 * RFC 7637 (transparent Ethernet bridging), draft-foschiano-erspan-03 section 4.
 *
 * Not read: GRE with source routing (RFC 1701) and version 1 (PPTP).
 */
#include "decoders/tunnel.h"

#include "decoders/cursor.h"

enum {
    GRE_CHECKSUM = 0x8000,
    GRE_ROUTING = 0x4000,
    GRE_KEY = 0x2000,
    GRE_SEQUENCE = 0x1000,
    GRE_VERSION = 0x0007,
    ETHER_BRIDGED = 0x6558,
    ETHER_ERSPAN = 0x88be, /* types I and II */
    ETHER_ERSPAN_3 = 0x22eb,
};

/* Type II: version 1, 8 bytes, an Ethernet frame. */
static enum skip_reason open_erspan_2(struct layer *layer, struct cursor cursor)
{
    unsigned version = cursor_u16be(&cursor) >> 12;
    cursor_skip(&cursor, 6);
    if (cursor.is_short) {
        return SKIP_SHORT;
    }
    if (version != 1) {
        return SKIP_BAD_HEADER;
    }
    layer_enter(layer, LAYER_LINK, LINK_ETHERNET, cursor.at);
    return SKIP_NOTHING;
}

/* Type III: version 2, 12 bytes, 8 more if the last bit is set; a frame, or bare IP. */
static enum skip_reason open_erspan_3(struct layer *layer, struct cursor cursor)
{
    unsigned version = cursor_u16be(&cursor) >> 12;
    cursor_skip(&cursor, 8);
    unsigned last = cursor_u16be(&cursor);
    unsigned frame_type = last >> 10 & 0x1f;
    cursor_skip(&cursor, (last & 1) != 0 ? 8 : 0);
    if (cursor.is_short) {
        return SKIP_SHORT;
    }
    if (version != 2) {
        return SKIP_BAD_HEADER;
    }
    if (frame_type != 0 && frame_type != 2) {
        return SKIP_PROTOCOL;
    }
    layer_enter(layer, LAYER_LINK, frame_type == 0 ? LINK_ETHERNET : LINK_RAW, cursor.at);
    return SKIP_NOTHING;
}

enum skip_reason tunnel_open_gre(struct layer *layer)
{
    struct cursor cursor = cursor_over(layer->bytes);
    unsigned flags = cursor_u16be(&cursor);
    uint32_t type = cursor_u16be(&cursor);
    cursor_skip(&cursor, (flags & GRE_CHECKSUM) != 0 ? 4 : 0);
    cursor_skip(&cursor, (flags & GRE_KEY) != 0 ? 4 : 0);
    cursor_skip(&cursor, (flags & GRE_SEQUENCE) != 0 ? 4 : 0);
    if (cursor.is_short) {
        return SKIP_SHORT;
    }
    if ((flags & (GRE_ROUTING | GRE_VERSION)) != 0) {
        return SKIP_PROTOCOL;
    }
    switch (type) {
    case ETHER_BRIDGED:
        layer_enter(layer, LAYER_LINK, LINK_ETHERNET, cursor.at);
        return SKIP_NOTHING;
    case ETHER_ERSPAN:
        /* Type I has neither a sequence number nor a header of its own. */
        if ((flags & GRE_SEQUENCE) == 0) {
            layer_enter(layer, LAYER_LINK, LINK_ETHERNET, cursor.at);
            return SKIP_NOTHING;
        }
        return open_erspan_2(layer, cursor);
    case ETHER_ERSPAN_3:
        return open_erspan_3(layer, cursor);
    default:
        layer_enter(layer, LAYER_ETHER, type, cursor.at);
        return SKIP_NOTHING;
    }
}
