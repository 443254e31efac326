/*
 * Network addresses and their text form. See address.h.
 */
#include "analyzer/engine/address.h"

#include <string.h>

struct text {
    char *at;
    char *end; /* one byte is left for the NUL */
};

static void put(struct text *text, char c)
{
    if (text->at < text->end) {
        *text->at++ = c;
    }
}

static void put_number(struct text *text, unsigned number, unsigned base)
{
    char digits[8];
    size_t count = 0;
    do {
        digits[count++] = "0123456789abcdef"[number % base];
        number /= base;
    } while (number > 0);
    while (count > 0) {
        put(text, digits[--count]);
    }
}

static unsigned group(const struct address *address, int index)
{
    return (unsigned)address->bytes[2 * index] << 8 | address->bytes[2 * index + 1];
}

/* RFC 5952 section 4.2: the longest run of two or more zero groups, the first of equals. */
static void longest_zeros(const struct address *address, int *out_start, int *out_length)
{
    *out_start = -1;
    *out_length = 1;
    for (int i = 0; i < 8; i++) {
        int length = 0;
        while (i + length < 8 && group(address, i + length) == 0) {
            length++;
        }
        if (length > *out_length) {
            *out_start = i;
            *out_length = length;
        }
        i += length;
    }
}

static void put_ipv6(struct text *text, const struct address *address)
{
    int start = 0;
    int length = 0;
    longest_zeros(address, &start, &length);
    for (int i = 0; i < 8; i++) {
        if (i == start) {
            put(text, ':');
            put(text, ':');
            i += length - 1;
            continue;
        }
        bool after_zeros = start >= 0 && i == start + length;
        if (i > 0 && !after_zeros) {
            put(text, ':');
        }
        put_number(text, group(address, i), 16);
    }
}

static void put_ipv4(struct text *text, const struct address *address)
{
    for (int i = 0; i < 4; i++) {
        if (i > 0) {
            put(text, '.');
        }
        put_number(text, address->bytes[i], 10);
    }
}

static void put_host(struct text *text, const struct address *address)
{
    if (address->family == ADDRESS_IPV4) {
        put_ipv4(text, address);
    } else if (address->family == ADDRESS_IPV6) {
        put_ipv6(text, address);
    } else {
        put(text, '?');
    }
}

void address_text(const struct address *address, char out[static ADDRESS_TEXT])
{
    struct text text = {out, out + ADDRESS_TEXT - 1};
    bool bracket = address->family == ADDRESS_IPV6 && address->port != 0;
    if (bracket) {
        put(&text, '[');
    }
    put_host(&text, address);
    if (bracket) {
        put(&text, ']');
    }
    if (address->port != 0) {
        put(&text, ':');
        put_number(&text, address->port, 10);
    }
    *text.at = '\0';
}

void address_host_text(const struct address *address, char out[static ADDRESS_TEXT])
{
    struct text text = {out, out + ADDRESS_TEXT - 1};
    put_host(&text, address);
    *text.at = '\0';
}

const char *transport_name(enum transport transport)
{
    switch (transport) {
    case TRANSPORT_UDP:
        return "udp";
    case TRANSPORT_TCP:
        return "tcp";
    case TRANSPORT_TLS:
        return "tls";
    case TRANSPORT_WS:
        return "ws";
    case TRANSPORT_SCTP:
        return "sctp";
    case TRANSPORT_UNKNOWN:
        break;
    }
    return "unknown";
}

int address_compare(const struct address *a, const struct address *b)
{
    if (a->family != b->family) {
        return a->family < b->family ? -1 : 1;
    }
    int order = memcmp(a->bytes, b->bytes, sizeof a->bytes);
    if (order != 0) {
        return order;
    }
    return (a->port > b->port) - (a->port < b->port);
}

bool address_equal(const struct address *a, const struct address *b)
{
    return address_compare(a, b) == 0;
}

bool address_same_host(const struct address *a, const struct address *b)
{
    return a->family == b->family && memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}
