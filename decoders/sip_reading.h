/*
 * A SIP message while it is being read, between the walk over its headers
 * (sip.c) and the functions that take one header each (sip_take.c).
 */
#ifndef OCSIGHT_DECODERS_SIP_READING_H
#define OCSIGHT_DECODERS_SIP_READING_H

#include "decoders/sip.h"
#include "decoders/sip_header.h"
#include "decoders/sip_odd.h"

enum { SIP_DIAGNOSTICS_MAX = 16 }; /* ms-diagnostics values kept of one message; two are usual */

/* A message while it is being read. */
struct sip_reading {
    struct message *out;
    const struct limits *limits;
    struct arena *arena;
    struct sip_oddities odds;
    struct sip_header *headers; /* of out, still growing */
    size_t room;
    bool seen[HEADER_IDS];
    struct slice cseq_method;
    struct slice server;
    int64_t expires_header;
    int64_t expires_contact;
    uint64_t length; /* Content-Length, valid with `has_length` */
    bool has_length;
    struct sip_diagnostics *diagnostics; /* of out, SIP_DIAGNOSTICS_MAX of them; NULL without */
    size_t head_size;
};

/* The header field being read. */
struct sip_value {
    enum sip_header_id id;
    struct slice name;  /* full name */
    struct slice value; /* unfolded, trimmed */
    size_t offset;
};

/* Takes what a header says into reading->out. */
void sip_take(struct sip_reading *reading, const struct sip_value *value);

#endif
