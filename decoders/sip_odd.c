/*
 * Oddities of SIP messages. See sip_odd.h.
 */
#include "decoders/sip_odd.h"

enum { DETAIL_MAX = 64 };

/* clang-format off */
static const char *const names[ODDS] = {
    [ODD_JUNK_BEFORE]        = "sip-junk-before-start",
    [ODD_START_LINE]         = "sip-start-line-odd",
    [ODD_BARE_LF]            = "sip-bare-lf",
    [ODD_NO_COLON]           = "sip-header-without-colon",
    [ODD_HEADER_NAME]        = "sip-header-name-odd",
    [ODD_TOO_MANY_HEADERS]   = "sip-too-many-headers",
    [ODD_HEADERS_TOO_LARGE]  = "sip-headers-too-large",
    [ODD_HEADERS_CUT]        = "sip-headers-cut",
    [ODD_EMPTY_LINE_MISSING] = "sip-empty-line-missing",
    [ODD_MANDATORY_MISSING]  = "sip-mandatory-header-missing",
    [ODD_REPEATED]           = "sip-header-repeated",
    [ODD_UNREADABLE]         = "sip-header-unreadable",
    [ODD_CSEQ_UNREADABLE]    = "sip-cseq-unreadable",
    [ODD_CSEQ_MISMATCH]      = "sip-cseq-mismatch",
    [ODD_LENGTH_UNREADABLE]  = "sip-content-length-unreadable",
    [ODD_LENGTH_REPEATED]    = "sip-content-length-repeated",
    [ODD_LENGTH_MISMATCH]    = "sip-content-length-mismatch",
    [ODD_LENGTH_MISSING]     = "sip-content-length-missing",
    [ODD_EXPIRES]            = "sip-expires-unreadable",
    [ODD_DIAGNOSTICS]        = "sip-ms-diagnostics-unreadable",
};
/* clang-format on */

void sip_odd_note(struct sip_oddities *odds, enum sip_odd odd, struct slice detail, size_t offset)
{
    if (odds->told[odd]) {
        return;
    }
    odds->told[odd] = true;
    odds->detail[odd] = slice_sub(detail, 0, DETAIL_MAX);
    odds->offset[odd] = offset;
}

void sip_odd_emit(const struct sip_oddities *odds, const struct message *message,
                  const struct event_sink *sink)
{
    for (int odd = 0; odd < ODDS; odd++) {
        if (!odds->told[odd]) {
            continue;
        }
        struct event event = {
            .kind = EVENT_DIAGNOSTIC,
            .origin = message->observed.origin,
            .message = message,
            .as.diagnostic = {names[odd], odds->detail[odd], odds->offset[odd]},
        };
        event_emit(sink, &event);
    }
}
