/*
 * Header fields of a SIP message: where each begins and ends, and which it is.
 *
 * Private to the sip_*.c files and the carriers of stream_*.c. Nothing here copies or judges.
 * RFC 3261 sections 7.3, 25.1; compact names 7.3.3 and the extensions that
 * registered more: RFC 3265, 3515, 3841, 3892, 4028, 4474.
 */
#ifndef OCSIGHT_DECODERS_SIP_HEADER_H
#define OCSIGHT_DECODERS_SIP_HEADER_H

#include "analyzer/engine/slice.h"

enum sip_header_id {
    HEADER_OTHER,
    HEADER_VIA,
    HEADER_FROM,
    HEADER_TO,
    HEADER_CALL_ID,
    HEADER_CSEQ,
    HEADER_CONTACT,
    HEADER_CONTENT_LENGTH,
    HEADER_CONTENT_TYPE,
    HEADER_EVENT,
    HEADER_EXPIRES,
    HEADER_SUBSCRIPTION_STATE,
    HEADER_SESSION_EXPIRES,
    HEADER_SIP_ETAG,
    HEADER_SIP_IF_MATCH,
    HEADER_SUPPORTED,
    HEADER_PROXY_REQUIRE,
    HEADER_USER_AGENT,
    HEADER_SERVER,
    HEADER_COMPRESSION,
    HEADER_DIAGNOSTICS, /* ms-diagnostics, ms-diagnostics-public, ms-client-diagnostics */
    HEADER_CREDENTIALS, /* Authorization, Proxy-Authorization */
    HEADER_CHALLENGE,   /* WWW-Authenticate, Proxy-Authenticate */
    HEADER_AUTH_INFO,   /* Authentication-Info, Proxy-Authentication-Info */
    HEADER_IDS
};

/* One header field as it stands in the message. */
struct sip_field {
    struct slice name;  /* trimmed, compact names not expanded; "" when there is no colon */
    struct slice value; /* trimmed; line breaks still in it when `folded` */
    size_t offset;      /* of its first byte */
    bool token;         /* the name is one, as it should be */
    bool folded;
    bool bare_lf; /* one of its lines ends in LF alone */
};

enum sip_field_status {
    FIELD_READ,
    FIELD_END,   /* the empty line: *at is behind it */
    FIELD_BODY,  /* an XML declaration: the empty line before the body is missing; *at is before it
                  */
    FIELD_SHORT, /* the bytes end inside a line, or before the empty line */
};

/* Does a body begin here, though no empty line stands before it? Headers never look like that. */
bool sip_header_is_body(struct slice bytes, size_t at);

/* The field at *at; *at moves behind it. */
enum sip_field_status sip_field_next(struct slice bytes, size_t *at, struct sip_field *out);

/* By full or compact name, in any case. */
enum sip_header_id sip_header_find(struct slice name);

/* "v" is "Via"; any other name as it is. */
struct slice sip_header_full_name(struct slice name);

/* The first field of that kind behind the start line of `message`; false when there is none. */
bool sip_field_find(struct slice message, enum sip_header_id id, struct slice *value);

/* The same from the field at `at` on. */
bool sip_field_find_from(struct slice message, size_t at, enum sip_header_id id,
                         struct slice *value);

/*
 * How much of `rest`, which stands behind the header fields `head`, is the body: what
 * Content-Length says of it, else all.
 */
size_t sip_body_size(struct slice head, struct slice rest);

#endif
