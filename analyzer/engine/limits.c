/*
 * The caps of the product. See limits.h.
 */
#include "analyzer/engine/limits.h"

struct limits limits_default(void)
{
    return (struct limits){
        .packet_bytes = 16U << 20,     /* a TSO super-packet is 256 KiB; NetMon allows more */
        .note_bytes = 16U << 20,       /* a TLS key log of 80,000 sessions */
        .interfaces = 4096,            /* merged captures have some hundreds */
        .unpacked_bytes = 1U << 30,    /* NetMon's own capture buffers end at 500 MB */
        .fragments = 4096,             /* 30 s of fragments on a busy server */
        .fragment_bytes = 65535,       /* RFC 791 section 3.1, total length */
        .tunnel_depth = 8,             /* real networks nest two or three */
        .connections = 65536,          /* a front end holds some 20,000 */
        .tcp_waiting_bytes = 4U << 20, /* a receive window, with scaling as servers set it */
        .tcp_waiting_total = 128U << 20,
        .tcp_history_bytes =
            4U << 20, /* a second or so of a busy front end: a retransmission timeout */
        .message_bytes = 16U << 20, /* bjoin replies of big deployments reach megabytes */
        .header_bytes = 256U << 10, /* gssapi-data of several kilobytes in several headers */
        .headers = 512,
        .web_bytes = 8U << 20, /* ASP.NET takes 4 MiB unless told otherwise */
        .merge_bytes = 64U << 20,
        .transactions = 1U << 18,
        .copies = 64,   /* hops and inputs are few; no finding lists more */
        .attempts = 16, /* NTLM needs three */
        .dialogs = 1U << 18,
        .chat_services = 256, /* a deployment has a handful of pools */
        .multipart_depth = 4,
        .multipart_parts = 4096, /* one per contact of a batched subscription */
        .xml_depth = 64,         /* XCCOS needs 6, presence 8, SOAP less */
        .xml_attributes = 64,    /* facts/xccos.md 8.6 */
        .xml_bytes = 16U << 20,
        .body_facts = 1U << 16,
        .category_items = 256,    /* a contact card has some dozens */
        .category_text = 1024,    /* a note is at most 500 characters in the clients */
        .body_members = 1U << 20, /* 40 bytes each; a pool of 80,000 users in a dozen rooms */
        .envelopes = 64,
        .preference_bytes = 4U << 20, /* followed rooms: some hundred bytes each */
        .unknown_names = 1U << 14,    /* an attribute or two of each user of a big room */
        .users = 1U << 20,
        .instances = 1024,
        .members = 4096,     /* contacts and domains with an access level of their own */
        .watched = 1U << 21, /* 3000 watched users a watcher at most: presence.md 1.3 */
        .sessions = 1U << 16,
        .rooms = 1U << 16,
        .room_members = 1U << 16,
        .roster_users = 75, /* ParticipantUpdateLimit as installed; resumed below 80 % of it */
        .pending = 1U << 16,
        .posts = 1U << 16,
        .remembered = 1U << 16, /* the newest 25 of 2,600 rooms; a working day has more posts */
        .expectations = 1U << 18,
        .findings = 1U << 16,
        .evidence = 64,
        .compliance_rows = 1U << 20,  /* a busy day of a pool; 200 bytes each */
        .export_bytes = 512U << 20,   /* some 400 bytes an event */
        .baseline_bytes = 128U << 20, /* all findings that are kept; takes some 20 times as much */
        .report_rows = 1U << 20,
        .comments = 1U << 21,           /* some 80 bytes each */
        .comment_bytes = 256U << 10,    /* options of a block; readers refuse blocks of 16 MiB */
        .ladder_raw_bytes = 256U << 20, /* some 200,000 messages; nobody reads more */
        .page_rows = 400000,            /* of 40 pixels; Firefox lays out 17.8 million */
        .timeline_rows = 1U << 18,      /* some 300 bytes each */
        .distinct = 1U << 22,
    };
}
