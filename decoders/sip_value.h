/*
 * What header values are made of: lists, quoted strings, addresses.
 *
 * Private to sip_take.c; sip_parameter() in sip.h is here too. Values are unfolded
 * already. RFC 3261 sections 7.3.1, 20.10, 25.1.
 */
#ifndef OCSIGHT_DECODERS_SIP_VALUE_H
#define OCSIGHT_DECODERS_SIP_VALUE_H

#include "decoders/sip.h"

/* The next item of a comma-joined list, trimmed; empty items are passed over. False at the end. */
bool sip_list_next(struct slice *rest, struct slice *item);

/* name-addr or addr-spec with its header parameters. */
struct sip_address {
    struct slice display; /* between the quotes, escapes still in it, or the bare words */
    struct slice uri;
    struct slice parameters; /* of the header, not of the URI */
    bool odd;                /* a quote or bracket that never closes, or no URI */
};

struct sip_address sip_address_read(struct slice value);

/*
 * The next ;name=value of a header or URI: the name trimmed, the value as it
 * stands, "" without "=". Empty ones are passed over. False at the end.
 */
bool sip_parameter_next(struct slice *parameters, struct slice *name, struct slice *value);

/* A parameter's value trimmed and without its quotes. */
struct slice sip_parameter_text(struct slice value);

/* Without the backslashes of quoted pairs; copied only when there are any. */
struct slice sip_unescape(struct slice text, struct arena *arena);

#endif
