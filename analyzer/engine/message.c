/*
 * Method names and header look-up. See message.h.
 */
#include "analyzer/engine/message.h"

/* clang-format off */
static const struct slice method_names[SIP_METHODS] = {
    [SIP_OTHER]     = SLICE(""),
    [SIP_INVITE]    = SLICE("INVITE"),
    [SIP_ACK]       = SLICE("ACK"),
    [SIP_BYE]       = SLICE("BYE"),
    [SIP_CANCEL]    = SLICE("CANCEL"),
    [SIP_OPTIONS]   = SLICE("OPTIONS"),
    [SIP_REGISTER]  = SLICE("REGISTER"),
    [SIP_PRACK]     = SLICE("PRACK"),
    [SIP_SUBSCRIBE] = SLICE("SUBSCRIBE"),
    [SIP_NOTIFY]    = SLICE("NOTIFY"),
    [SIP_PUBLISH]   = SLICE("PUBLISH"),
    [SIP_INFO]      = SLICE("INFO"),
    [SIP_REFER]     = SLICE("REFER"),
    [SIP_MESSAGE]   = SLICE("MESSAGE"),
    [SIP_UPDATE]    = SLICE("UPDATE"),
    [SIP_BENOTIFY]  = SLICE("BENOTIFY"),
    [SIP_SERVICE]   = SLICE("SERVICE"),
    [SIP_NEGOTIATE] = SLICE("NEGOTIATE"),
};
/* clang-format on */

const char *sip_method_name(enum sip_method method)
{
    return method_names[method].data;
}

enum sip_method sip_method_find(struct slice name)
{
    for (int method = SIP_OTHER + 1; method < SIP_METHODS; method++) {
        if (slice_equal(method_names[method], name)) {
            return (enum sip_method)method;
        }
    }
    return SIP_OTHER;
}

const struct sip_header *message_header(const struct message *message, struct slice name,
                                        size_t nth)
{
    for (size_t i = 0; i < message->header_count; i++) {
        if (slice_equal_nocase(message->headers[i].name, name) && nth-- == 0) {
            return &message->headers[i];
        }
    }
    return NULL;
}

bool event_is_presence(struct slice event)
{
    return event.size == 0 || slice_equal_nocase(event, slice_of("presence"));
}
