/*
 * A conversation in its readable form (`samples/NAME.talk`) as a list of what
 * goes over which link and when. The format is described in samples/README.md.
 *
 * Everything lives in the talk's arena until talk_free().
 */
#ifndef OCSIGHT_SAMPLES_TALK_H
#define OCSIGHT_SAMPLES_TALK_H

#include "analyzer/engine/arena.h"

enum { TALK_PARTIES = 16, TALK_LINKS = 16, TALK_NAMES = 32 };

struct talk_party {
    struct slice name;
    uint8_t host[4];
    uint16_t port;
};

/* HTTP stays what it is in every network form: plain TCP, without TLS and WebSocket. */
enum carrier { CARRIER_UDP, CARRIER_TCP, CARRIER_TLS, CARRIER_HTTP, CARRIERS };

/* Two parties that speak to each other; on TCP the opener sends the SYN. */
struct talk_link {
    unsigned opener;
    unsigned acceptor;
    uint16_t opener_port;
    enum carrier carrier;
};

/* One message, or bytes that are none, on one link. */
struct talk_item {
    int64_t time; /* ns since 1970 */
    unsigned link;
    bool upward;  /* from the opener to the acceptor */
    bool glue;    /* leaves in one piece with the next item of that direction */
    bool message; /* a SIP message, else plain bytes */
    struct slice bytes;
    /* what replies, relays and repetitions look for */
    struct slice label;
    bool request;
    bool answered; /* a final response was written */
    bool oneway;   /* ACK, BENOTIFY: never answered */
};

struct talk {
    struct arena arena;
    struct slice title;
    int64_t start; /* ns since 1970 */
    struct talk_party parties[TALK_PARTIES];
    unsigned party_count;
    struct talk_link links[TALK_LINKS];
    unsigned link_count;
    struct slice users[TALK_NAMES]; /* user@host: what --repeat renames */
    unsigned user_count;
    struct slice rooms[TALK_NAMES]; /* identifiers of rooms, likewise */
    unsigned room_count;
    struct talk_item *items;
    size_t item_count;
    size_t item_capacity;
};

/* Reads a .talk file; a fault in it ends the program with file and line. */
struct talk *talk_read(const char *path);
void talk_free(struct talk *talk);

/* The address of a party on a link. */
uint16_t talk_port(const struct talk *talk, const struct talk_link *link, bool opener);

#endif
