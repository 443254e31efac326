/*
 * IP headers. See ip.h.
 *
 * Normative: RFC 791 section 3.1; RFC 8200 sections 3 and 4; RFC 4302 section 2.
 *
 * A total length of 0 is what a capture sees of a segment that the network card
 * will cut (TSO), or of a jumbogram (RFC 2675): the packet then ends where the
 * record ends. A routing header is passed over; the destination is the one that
 * stands in the IP header.
 */
#include "decoders/ip.h"

#include <string.h>

#include "decoders/cursor.h"

enum { IPV4_HEADER = 20, IPV6_HEADER = 40 };

static struct address address_from(enum address_family family, struct slice bytes)
{
    struct address address = {.family = (uint8_t)family};
    memcpy(address.bytes, bytes.data, bytes.size);
    return address;
}

enum skip_reason ip_open_v4(struct layer *layer, struct ip_header *out)
{
    struct cursor cursor = cursor_over(layer->bytes);
    unsigned version_length = cursor_u8(&cursor);
    cursor_skip(&cursor, 1);
    size_t total = cursor_u16be(&cursor);
    uint32_t id = cursor_u16be(&cursor);
    unsigned place = cursor_u16be(&cursor);
    cursor_skip(&cursor, 1);
    uint8_t protocol = cursor_u8(&cursor);
    cursor_skip(&cursor, 2);
    struct slice source = cursor_take(&cursor, 4);
    struct slice destination = cursor_take(&cursor, 4);
    if (cursor.is_short) {
        return SKIP_SHORT;
    }
    size_t header = (size_t)(version_length & 0x0f) * 4;
    if (version_length >> 4 != 4 || header < IPV4_HEADER || (total > 0 && total < header)) {
        return SKIP_BAD_HEADER;
    }
    if (total > 0) {
        layer_trim(layer, total);
    }
    if (header > layer->bytes.size) {
        return SKIP_SHORT;
    }
    out->source = address_from(ADDRESS_IPV4, source);
    out->destination = address_from(ADDRESS_IPV4, destination);
    out->fragment = (struct ip_fragment){id, (place & 0x1fffU) * 8, (place & 0x2000U) != 0};
    layer_enter(layer, LAYER_IP, protocol, header);
    return SKIP_NOTHING;
}

enum skip_reason ip_open_v6(struct layer *layer, struct ip_header *out)
{
    struct cursor cursor = cursor_over(layer->bytes);
    unsigned version = cursor_u8(&cursor) >> 4;
    cursor_skip(&cursor, 3);
    size_t length = cursor_u16be(&cursor);
    uint8_t protocol = cursor_u8(&cursor);
    cursor_skip(&cursor, 1);
    struct slice source = cursor_take(&cursor, 16);
    struct slice destination = cursor_take(&cursor, 16);
    if (cursor.is_short) {
        return SKIP_SHORT;
    }
    if (version != 6) {
        return SKIP_BAD_HEADER;
    }
    if (length > 0) {
        layer_trim(layer, IPV6_HEADER + length);
    }
    out->source = address_from(ADDRESS_IPV6, source);
    out->destination = address_from(ADDRESS_IPV6, destination);
    out->fragment = (struct ip_fragment){0};
    layer_enter(layer, LAYER_IP, protocol, IPV6_HEADER);
    return SKIP_NOTHING;
}

/* A next header, a length field in units of `unit` bytes not counting `fixed`, and the rest. */
static enum skip_reason pass_extension(struct layer *layer, size_t unit, size_t fixed)
{
    struct cursor cursor = cursor_over(layer->bytes);
    uint8_t next = cursor_u8(&cursor);
    size_t size = cursor_u8(&cursor) * unit + fixed;
    if (cursor.is_short || size > layer->bytes.size) {
        return SKIP_SHORT;
    }
    layer_enter(layer, LAYER_IP, next, size);
    return SKIP_NOTHING;
}

enum skip_reason ip_open_options(struct layer *layer)
{
    return pass_extension(layer, 8, 8);
}

enum skip_reason ip_open_authentication(struct layer *layer)
{
    return pass_extension(layer, 4, 8);
}

enum skip_reason ip_open_fragment(struct layer *layer, struct ip_fragment *out)
{
    struct cursor cursor = cursor_over(layer->bytes);
    uint8_t next = cursor_u8(&cursor);
    cursor_skip(&cursor, 1);
    unsigned place = cursor_u16be(&cursor);
    uint32_t id = cursor_u32be(&cursor);
    if (cursor.is_short) {
        return SKIP_SHORT;
    }
    *out = (struct ip_fragment){id, place & 0xfff8U, (place & 1U) != 0};
    layer_enter(layer, LAYER_IP, next, cursor.at);
    return SKIP_NOTHING;
}
