/*
 * Every cap that stops hostile or damaged input, in one place.
 *
 * Reaching one is a counted `coverage-cap` note that names it, never silence
 * and never a crash. limits_default() holds the values of the product; tests
 * lower them to reach each cap with small input.
 */
#ifndef OCSIGHT_ANALYZER_ENGINE_LIMITS_H
#define OCSIGHT_ANALYZER_ENGINE_LIMITS_H

#include <stddef.h>
#include <stdint.h>

struct limits {
    size_t packet_bytes; /* one captured record; libpcap's own maximum is 256 KiB, jumbo TSO more */
    size_t note_bytes;   /* secrets, names, statistics kept of one capture, 64 a note included */
    size_t interfaces;   /* interfaces of one pcapng section */
    size_t unpacked_bytes;    /* a compressed or piped NetMon capture, which must be held whole */
    size_t fragments;         /* IP datagrams being put together at once */
    size_t fragment_bytes;    /* one reassembled IP datagram: 65535 by RFC 791 */
    unsigned tunnel_depth;    /* IP in IP, GRE, ERSPAN nested in one packet */
    size_t connections;       /* TCP connections tracked at once; the idlest goes first */
    size_t tcp_waiting_bytes; /* out-of-order bytes kept behind one hole */
    size_t tcp_waiting_total; /* and behind all holes together */
    size_t tcp_history_bytes; /* handed-on bytes remembered to compare retransmissions; 0 = none */
    size_t message_bytes;     /* one SIP message on a stream, body included */
    size_t header_bytes;      /* start line and headers of one SIP message */
    size_t headers;           /* header fields of one SIP message */
    size_t web_bytes;         /* body of one HTTP message of the chat web services */
    size_t merge_bytes;       /* messages held back until their order is certain */
    size_t transactions;      /* remembered at once; the oldest finished one goes first */
    size_t copies;        /* copies listed of one message; distinct responses kept of one request */
    size_t attempts;      /* of one request, sent again after challenges or to several To tags */
    size_t dialogs;       /* remembered at once */
    size_t chat_services; /* addresses of services learned (facts/xccos.md 8.2) */
    unsigned multipart_depth; /* multipart inside multipart */
    size_t multipart_parts;   /* parts of one body */
    unsigned xml_depth;       /* element nesting (facts/xccos.md 8.6) */
    size_t xml_attributes;    /* attributes of one element */
    size_t xml_bytes;         /* one XML document */
    size_t body_facts;        /* facts taken from one body */
    size_t category_items;    /* leaves kept of one category's content */
    size_t category_text;     /* bytes of what a category says in one line */
    size_t body_members;      /* users and room members listed by one chat body */
    size_t envelopes;         /* chat envelopes of one body; more than one was never seen */
    size_t preference_bytes;  /* decoded and inflated content of one body's chat preferences */
    size_t unknown_names;     /* names kept of one chat body that nothing is known of */
    size_t users;             /* users the engine follows */
    size_t instances;         /* published instances of one user */
    size_t members;           /* container members that one owner's lists name */
    size_t watched;           /* subscriptions of the engine, told pairs of the audit */
    size_t sessions;          /* chat sessions the engine follows */
    size_t rooms;             /* chat rooms the engine follows */
    size_t room_members;      /* members of one room as seen by one session */
    size_t roster_users;      /* a room with more has its rosters suspended (facts/xccos.md 1.9) */
    size_t pending;           /* commands and posts waiting for an answer */
    size_t posts;             /* posts whose copies are still awaited */
    size_t remembered;        /* older posts, to recognise history; the idlest goes first */
    size_t expectations;      /* things the audit waits for at once */
    size_t findings;          /* findings kept for the report */
    size_t evidence;          /* origins listed by one finding */
    size_t compliance_rows;   /* events and rooms of either side that the audit compares */
    size_t export_bytes;      /* one export of the compliance service, held whole */
    size_t baseline_bytes;    /* an earlier audit to compare with, held whole */
    size_t report_rows;       /* rows a report that groups the whole run keeps */
    size_t comments;          /* on packets, kept of one capture: of each kind */
    size_t comment_bytes;     /* all comments of one packet */
    size_t ladder_raw_bytes;  /* whole messages that a page or an appendix shows */
    size_t page_rows;         /* rows that a page lists at once; a filter reaches the others */
    size_t timeline_rows;     /* entries of a presence timeline in memory; more are spilled */
    size_t distinct;          /* identifiers counted exactly, 16 bytes each */
};

/* The product's values, each with its reason in limits.c. */
struct limits limits_default(void);

#endif
