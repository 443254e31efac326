/* See form.h. */
#include "samples/form.h"

#include <string.h>

enum { MSS = 1460, SEED = 2026 };

/* clang-format off */
static const struct form forms[] = {
    {.name = "plain", .meaning = "Ethernet, IPv4, every segment once and in order", .mss = MSS, .seed = SEED},
    {.name = "udp", .meaning = "as plain, every message a datagram", .udp = true, .mss = MSS, .seed = SEED, .fragment = 1480},
    {.name = "ipv6-vlan", .meaning = "IPv6 behind an 802.1Q tag", .link = LINK_VLAN, .ipv6 = true, .mss = 1440, .seed = SEED},
    {.name = "sll-tiny", .meaning = "Linux cooked, segments of 100 bytes, some changing places", .link = LINK_SLL, .mss = 100, .reorder = true, .seed = SEED},
    {.name = "qinq-dup", .meaning = "two VLAN tags, segments sent again whole and overlapping", .link = LINK_QINQ, .mss = 500, .duplicate = true, .seed = SEED},
    {.name = "sll2", .meaning = "Linux cooked version 2, segments of 536 bytes", .link = LINK_SLL2, .mss = 536, .seed = SEED},
    {.name = "raw-frag", .meaning = "bare IP in fragments of 400 bytes", .link = LINK_RAW, .fragment = 400, .mss = MSS, .seed = SEED},
    {.name = "gre", .meaning = "IPv4 in GRE", .tunnel = TUNNEL_GRE, .mss = 1400, .seed = SEED},
    {.name = "erspan", .meaning = "mirrored Ethernet in ERSPAN type II", .tunnel = TUNNEL_ERSPAN, .mss = 1400, .seed = SEED},
    {.name = "ipip", .meaning = "IPv4 in IPv4", .tunnel = TUNNEL_IPIP, .mss = 1440, .seed = SEED},
    {.name = "pppoe", .meaning = "PPPoE session", .link = LINK_PPPOE, .mss = 1452, .seed = SEED},
    {.name = "null", .meaning = "BSD loopback", .link = LINK_NULL, .mss = MSS, .seed = SEED},
    {.name = "pcapng-mixed", .meaning = "pcapng: interfaces of three kinds and resolutions, comments, secrets", .file = FILE_PCAPNG, .has_file = true, .mixed = true, .mss = MSS, .seed = SEED},
    {.name = "nano-big", .meaning = "big-endian pcap with nanoseconds", .file = FILE_PCAP_NANO_BIG, .has_file = true, .mss = MSS, .seed = SEED},
    {.name = "netmon", .meaning = "Network Monitor 2.1 capture", .file = FILE_NETMON, .has_file = true, .mss = MSS, .seed = SEED},
    {.name = "ws", .meaning = "SIP over WebSocket", .websocket = true, .mss = MSS, .seed = SEED},
    {.name = "keepalive", .meaning = "CRLF CRLF between messages and glued to them", .keepalive = true, .mss = MSS, .seed = SEED},
    {.name = "lost", .meaning = "one TCP segment was not captured", .lose = 5, .mss = MSS, .seed = SEED},
    {.name = "midstream", .meaning = "starts inside the first message of each direction", .midstream = true, .mss = MSS, .seed = SEED},
    {.name = "half-tls", .meaning = "every second TLS link really encrypted", .half_tls = true, .mss = MSS, .seed = SEED},
    {.name = "one-sided", .meaning = "only what the clients send", .one_sided = true, .mss = MSS, .seed = SEED},
    {.name = "nosip", .meaning = "other traffic only: HTTP, DNS, media", .nosip = true, .mss = MSS, .seed = SEED},
};

static const struct {
    const char *name;
    uint32_t type;
} links[FORM_LINKS] = {
    [LINK_ETHERNET] = {"ethernet", 1}, [LINK_VLAN] = {"vlan", 1}, [LINK_QINQ] = {"qinq", 1},
    [LINK_PPPOE] = {"pppoe", 1},       [LINK_SLL] = {"sll", 113}, [LINK_SLL2] = {"sll2", 276},
    [LINK_RAW] = {"raw", 101},         [LINK_NULL] = {"null", 0},
};
/* clang-format on */

const struct form *form_table(size_t *count)
{
    *count = sizeof forms / sizeof *forms;
    return forms;
}

const struct form *form_find(const char *name)
{
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (strcmp(forms[i].name, name) == 0) {
            return &forms[i];
        }
    }
    return NULL;
}

bool form_link_find(const char *name, enum form_link *out)
{
    for (unsigned i = 0; i < FORM_LINKS; i++) {
        if (strcmp(links[i].name, name) == 0) {
            *out = (enum form_link)i;
            return true;
        }
    }
    return false;
}

uint32_t form_link_type(enum form_link link)
{
    return links[link].type;
}
