/*
 * The network form in which a conversation is rendered: link layer, IP, TCP
 * habits, what is lost, how the file is written. samples/form.c has the table of
 * named forms; options of the command line change single members.
 */
#ifndef OCSIGHT_SAMPLES_FORM_H
#define OCSIGHT_SAMPLES_FORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum form_link {
    LINK_ETHERNET,
    LINK_VLAN, /* 802.1Q */
    LINK_QINQ, /* 802.1ad around 802.1Q */
    LINK_PPPOE,
    LINK_SLL, /* Linux cooked capture, version 1 and 2 */
    LINK_SLL2,
    LINK_RAW,  /* starts with the IP header */
    LINK_NULL, /* BSD loopback, little-endian */
    FORM_LINKS
};

enum form_tunnel { TUNNEL_NONE, TUNNEL_GRE, TUNNEL_ERSPAN, TUNNEL_IPIP };

enum form_file { FILE_PCAP, FILE_PCAP_NANO_BIG, FILE_PCAPNG, FILE_NETMON };

struct form {
    const char *name;
    const char *meaning;
    enum form_link link;
    enum form_tunnel tunnel;
    enum form_file file;
    bool has_file; /* `file` was asked for; else the suffix of the output decides */
    bool ipv6;
    bool udp;          /* every link, whatever the talk says */
    bool websocket;    /* every stream */
    bool half_tls;     /* every second TLS link is really encrypted */
    bool all_tls;      /* every TLS link is */
    bool mixed;        /* pcapng: the links on interfaces of different kinds */
    bool reorder;      /* segments of one burst change places */
    bool duplicate;    /* segments come again, whole and overlapping */
    bool keepalive;    /* CRLF CRLF between messages and glued to them */
    bool midstream;    /* no SYN, and the first bytes of each direction are missing */
    bool one_sided;    /* only what the openers send */
    bool nosip;        /* other traffic instead of the talk */
    unsigned mss;      /* TCP payload of a segment */
    unsigned fragment; /* IP payload of a fragment, a multiple of 8; 0 = none */
    unsigned lose;     /* this data segment, counted from 1, is not captured; 0 = none */
    uint64_t seed;
    const char *keylog; /* where the TLS secrets are written */
};

/* The named form, or NULL. */
const struct form *form_find(const char *name);

/* The table, for --help. */
const struct form *form_table(size_t *count);

/* The link of that name ("ethernet", "vlan" ...); false when there is none. */
bool form_link_find(const char *name, enum form_link *out);

/* The LINKTYPE_ value of a link (tcpdump.org/linktypes.html). */
uint32_t form_link_type(enum form_link link);

#endif
