/*
 * One SIP message as borrowed slices, with its identity and its observations.
 *
 * A message has an identity (Call-ID, CSeq number and method, From tag, status,
 * To tag, attempt) and one or more observations: a capture on a front end sees
 * each message on two hops, which is one message observed twice and not a
 * retransmission. decoders/sip.c fills the parsed part; decoders/exchange.c adds
 * identity, transaction, dialog and observations; nobody changes it afterwards.
 *
 * Everything here is borrowed until the callback that received it returns.
 * Terms: RFC 3261; epid: facts/presence.md 8.5.
 */
#ifndef OCSIGHT_ANALYZER_ENGINE_MESSAGE_H
#define OCSIGHT_ANALYZER_ENGINE_MESSAGE_H

#include "analyzer/engine/address.h"
#include "analyzer/engine/origin.h"
#include "analyzer/engine/slice.h"

/* Methods with a meaning of their own here; any other is SIP_OTHER and keeps its name. */
enum sip_method {
    SIP_OTHER,
    SIP_INVITE,
    SIP_ACK,
    SIP_BYE,
    SIP_CANCEL,
    SIP_OPTIONS,
    SIP_REGISTER,
    SIP_PRACK,
    SIP_SUBSCRIBE,
    SIP_NOTIFY,
    SIP_PUBLISH,
    SIP_INFO,
    SIP_REFER,
    SIP_MESSAGE,
    SIP_UPDATE,
    SIP_BENOTIFY,  /* [MS-SIP] 3.5: a NOTIFY that is never answered */
    SIP_SERVICE,   /* [MS-PRES]: category publication and other services */
    SIP_NEGOTIATE, /* [MS-SIPCOMP] */
    SIP_METHODS    /* how many there are */
};

/* One header field. The value is unfolded (line breaks are blanks) and trimmed. */
struct sip_header {
    struct slice name; /* as written, compact names expanded: "v" is "Via" */
    struct slice value;
};

/* One party: the From, To or Contact of a message. */
struct sip_party {
    struct slice raw; /* the whole header value */
    struct slice uri; /* inside the angle brackets, without header parameters */
    struct slice
        user; /* "user@host" in lower case, no scheme, no parameters; empty if no user part */
    struct slice display; /* display name without quotes */
    struct slice tag;
    struct slice epid; /* lower case; "" when absent */
    bool service; /* an application, pool or server address (opaque=app:, opaque=srvr:), no user */
};

/* Authentication headers are never kept by value; these flags are all that is known of them. */
enum sip_flags {
    SIP_HAS_CREDENTIALS = 1 << 0,  /* Authorization or Proxy-Authorization */
    SIP_HAS_CHALLENGE = 1 << 1,    /* WWW-Authenticate or Proxy-Authenticate */
    SIP_BODY_CUT = 1 << 2,         /* fewer body bytes than Content-Length says */
    SIP_NO_LENGTH = 1 << 3,        /* no Content-Length (legal on datagrams only) */
    SIP_JUNK_BEFORE = 1 << 4,      /* bytes before the start line were skipped */
    SIP_BARE_LF = 1 << 5,          /* lines end in LF alone */
    SIP_MALFORMED = 1 << 6,        /* a mandatory header is missing or unreadable */
    SIP_OFFERS_BENOTIFY = 1 << 7,  /* Supported or Proxy-Require: ms-benotify */
    SIP_OFFERS_PIGGYBACK = 1 << 8, /* Supported: ms-piggyback-first-notify */
    SIP_AFTER_GAP = 1 << 9,        /* first message that was found after lost bytes */
};

/* One ms-diagnostics, ms-diagnostics-public or ms-client-diagnostics header (presence.md 9.3). */
struct sip_diagnostics {
    struct slice header; /* its name as written */
    uint32_t id;
    struct slice reason;
    struct slice source;
    struct slice component;
};

/* Where and when a copy of a message was seen. */
struct observation {
    struct origin origin;
    struct address source;
    struct address destination;
    enum transport transport;
    uint64_t branch_hash; /* of the top Via's branch, or of Via sent-by where there is none */
    bool retransmission;  /* same input, flow and branch as an earlier observation */
};

/* What is kept of a request until its transaction is forgotten; responses point to it. */
struct request_view {
    enum sip_method method;
    struct origin origin; /* of the first observation */
    struct slice uri;     /* Request-URI */
    struct slice event;   /* Event package, lower case, without parameters */
    struct slice content_type;
    struct slice if_match; /* SIP-If-Match */
    struct slice from_user;
    struct slice to_user;
    struct slice from_epid;
    int64_t
        expires; /* Expires header, or the largest expires of its Contacts; seconds, -1 = none */
    bool contact_star; /* REGISTER with Contact: * */
    uint32_t flags;    /* enum sip_flags */
};

enum message_role {
    MESSAGE_FIRST,          /* a new fact */
    MESSAGE_ANOTHER_HOP,    /* the same message, seen again elsewhere: on another hop or in another
                               input */
    MESSAGE_RETRANSMISSION, /* the same message, sent again on the same hop */
};

/* One SIP message as framed, before it is parsed. Borrowed until the callback returns. */
struct sip_unit {
    struct slice raw;
    struct observation observed; /* origin, addresses, transport */
    uint32_t flags; /* SIP_BODY_CUT, SIP_JUNK_BEFORE, SIP_AFTER_GAP known from framing */
};

struct message {
    /* from decoders/sip.c */
    bool request;
    enum sip_method method;   /* of the request line, or of CSeq for a response */
    struct slice method_name; /* as written */
    uint16_t status;          /* 0 for a request */
    struct slice reason;      /* reason phrase */
    struct slice uri;         /* Request-URI */
    struct slice call_id;
    uint32_t cseq;
    struct sip_party from;
    struct sip_party to;
    struct sip_party contact; /* first Contact; raw empty when absent */
    struct slice branch;      /* of the top Via; "" when absent */
    struct slice sent_by;     /* of the top Via */
    struct slice event;       /* Event package, lower case, without parameters */
    int64_t expires;          /* Expires header or Contact expires; seconds, -1 = none */
    struct slice
        subscription_state; /* value without parameters, lower case: "active", "terminated" ... */
    int64_t subscription_expires; /* its expires parameter; -1 = none */
    struct slice subscription_reason;
    int64_t session_expires;   /* Session-Expires, seconds; -1 = none */
    struct slice entity_tag;   /* SIP-ETag */
    struct slice if_match;     /* SIP-If-Match */
    struct slice content_type; /* media type, lower case, without parameters */
    struct slice content_type_full;
    struct slice user_agent; /* User-Agent, or Server in a response */
    const struct sip_diagnostics *diagnostics;
    size_t diagnostics_count;
    const struct sip_header *headers; /* all but authentication headers, in order */
    size_t header_count;
    struct slice body;    /* what was captured of it */
    uint64_t body_length; /* what Content-Length says, or body.size without it */
    uint64_t size;        /* bytes of the whole message as framed */
    uint32_t flags;       /* enum sip_flags */

    struct slice raw; /* all of it as framed; "" in what tests and tools make up */

    /* where it was seen now */
    struct observation observed;

    /* from decoders/exchange.c */
    enum message_role role;
    uint64_t id;          /* identity, ascending from 1; copies of one message share it */
    uint64_t transaction; /* shared by a request and its responses; ACK to a 2xx has its own */
    uint64_t dialog;      /* the dialogs row it belongs to; 0 = none */
    unsigned attempt;     /* 0, raised each time the request is sent again after 401 or 407 */
    const struct request_view *request_kept; /* a response's request, NULL if it was not captured */
    const struct observation *observations;  /* every one so far, this one last */
    size_t observation_count;
};

/* "INVITE", ...; SIP_OTHER gives "". */
const char *sip_method_name(enum sip_method method);

/* SIP_OTHER when unknown. Method names are case-sensitive (RFC 3261 section 7.1). */
enum sip_method sip_method_find(struct slice name);

/* Is it the package of presence? A PUBLISH without Event is taken for one: gateways leave it out.
 */
bool event_is_presence(struct slice event);

/* The nth (from 0) header of that name, compared without case; NULL if there is none. */
const struct sip_header *message_header(const struct message *message, struct slice name,
                                        size_t nth);

#endif
