/*
 * What a run read and counted; every report opens or closes with it.
 *
 * Plain data, filled by the program (inputs), the decoders (packets, coverage)
 * and the tally (analyzer/audit/tally.c); read by the reports. The totals add
 * up: decoded + all skipped = packets (design.md section 3).
 */
#ifndef OCSIGHT_ANALYZER_ENGINE_SUMMARY_H
#define OCSIGHT_ANALYZER_ENGINE_SUMMARY_H

#include "analyzer/engine/finding.h"
#include "analyzer/engine/origin.h"

/* Why a packet was not decoded as UDP or TCP. Names: skip_reason_name(). */
enum skip_reason {
    SKIP_LINK,     /* a link type or Ethernet protocol that is not read: ARP, LLDP, STP */
    SKIP_PROTOCOL, /* an IP protocol that is not read: ICMP, ESP */
    SKIP_SCTP,
    SKIP_SHORT,        /* ends inside a header */
    SKIP_BAD_HEADER,   /* a header contradicts itself */
    SKIP_FRAGMENT,     /* an IP fragment whose datagram never became whole */
    SKIP_TUNNEL_DEPTH, /* nested deeper than limits.tunnel_depth */
    SKIP_FILTERED,     /* did not match --filter */
    SKIP_EMPTY,        /* no captured bytes */
    SKIP_REASONS
};

/* One input file of the run. */
struct input_info {
    struct slice name;       /* as given; "-" is standard input */
    const char *kind;        /* "pcap", "pcapng", "netmon", "compliance-export" */
    const char *compression; /* "gzip", "zstd" or NULL */
    uint64_t size;           /* bytes of the file as stored; 0 = not known */
    uint64_t records;        /* read from it */
    int64_t first;           /* ns; TIME_NONE without records */
    int64_t last;
    bool truncated;  /* breaks off inside a record */
    bool failed;     /* could not be read at all */
    bool is_export;  /* of the compliance service: its records are lines, not packets */
    char sha256[65]; /* hex, "" unless it was asked for */
};

/* A server whose database rows were audited. */
struct database_info {
    struct slice name;
    const char *kind; /* "server", "snapshot" */
    int64_t now;      /* ns: the moment that its rows were judged for */
    bool whole;       /* false: not reached, or not read to the end */
};

enum coverage_verdict { COVERAGE_NONE, COVERAGE_PARTIAL, COVERAGE_FULL };

/* Streams that carried SIP, or could have and were not readable. */
struct coverage_summary {
    uint64_t streams; /* read + encrypted + compressed */
    uint64_t read;    /* at least one SIP message came out */
    uint64_t encrypted;
    uint64_t compressed; /* counted here and not in `read`, though the NEGOTIATE itself was read */
    uint64_t gapped;     /* of the read ones: bytes are missing */
    uint64_t one_sided;  /* of the read ones: one direction is missing */
    enum coverage_verdict verdict;
};

/* A name with a count, in the order in which they are to be shown. */
struct count_row {
    struct slice name;
    uint64_t count;
};

/* Nearest-rank percentiles of a waiting time, ns; count 0 = nothing measured. */
struct percentiles {
    uint64_t count;
    int64_t p50;
    int64_t p95;
    int64_t p99;
    int64_t max;
};

struct summary {
    const struct input_info *inputs;
    size_t input_count;
    uint64_t packets;
    uint64_t decoded;
    uint64_t skipped[SKIP_REASONS];
    uint64_t sip_messages; /* observations, retransmitted copies included */
    uint64_t retransmissions;
    const struct count_row *requests; /* by method */
    size_t request_count;
    const struct count_row *responses; /* by code */
    size_t response_count;
    uint64_t call_ids;
    uint64_t dialogs;
    uint64_t users;
    uint64_t rooms;
    uint64_t chat_messages;
    bool exact;           /* false: a distinct count reached its cap */
    uint64_t findings[3]; /* by enum severity */
    struct coverage_summary coverage;
    const struct count_row *user_agents;
    size_t user_agent_count;
    const struct count_row *servers;
    size_t server_count;
    const struct count_row *diagnostics; /* odd input by code */
    size_t diagnostic_count;
    struct percentiles response_time; /* request to final response, INVITE excluded */
    struct percentiles post_to_copy;  /* accepted post to each copy */
    bool partial;                     /* the run was interrupted */
    const struct database_info *databases;
    size_t database_count;
    uint64_t database_users; /* of whom there were rows */
};

const char *skip_reason_name(enum skip_reason reason);
const char *coverage_verdict_name(enum coverage_verdict verdict); /* "none", "partial", "full" */

#endif
