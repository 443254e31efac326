/*
 * What can be odd about a SIP message: stable codes, each told once a message.
 *
 * Private to sip.c and sip_take.c. Oddities are collected while the message is read and emitted
 * when it is complete, so that a sink sees whose they are. Details hold header
 * names only, never values: a value may be a credential.
 */
#ifndef OCSIGHT_DECODERS_SIP_ODD_H
#define OCSIGHT_DECODERS_SIP_ODD_H

#include "analyzer/engine/event.h"

enum sip_odd {
    ODD_JUNK_BEFORE,
    ODD_START_LINE,
    ODD_BARE_LF,
    ODD_NO_COLON,
    ODD_HEADER_NAME,
    ODD_TOO_MANY_HEADERS,
    ODD_HEADERS_TOO_LARGE,
    ODD_HEADERS_CUT,
    ODD_EMPTY_LINE_MISSING,
    ODD_MANDATORY_MISSING,
    ODD_REPEATED,
    ODD_UNREADABLE,
    ODD_CSEQ_UNREADABLE,
    ODD_CSEQ_MISMATCH,
    ODD_LENGTH_UNREADABLE,
    ODD_LENGTH_REPEATED,
    ODD_LENGTH_MISMATCH,
    ODD_LENGTH_MISSING,
    ODD_EXPIRES,
    ODD_DIAGNOSTICS,
    ODDS
};

struct sip_oddities {
    bool told[ODDS];
    struct slice detail[ODDS];
    size_t offset[ODDS];
};

/* Only the first of each code is kept. */
void sip_odd_note(struct sip_oddities *odds, enum sip_odd odd, struct slice detail, size_t offset);

/* Emits what was noted, in the order of the codes. */
void sip_odd_emit(const struct sip_oddities *odds, const struct message *message,
                  const struct event_sink *sink);

#endif
