/*
 * What a server says of a registration. See registration.h.
 */
#include "decoders/registration.h"

#include "decoders/sip.h"

bool registration_decode_if_form(const struct document *document)
{
    static const struct slice deregistered = SLICE("deregistered");
    static const struct slice event_name = SLICE("event");
    const struct message *message = document->message;
    struct slice line;
    struct slice rest;
    struct slice reason = SLICE("");
    (void)slice_cut(slice_trim(document->content), '\n', &line, &rest);
    size_t end = slice_find_byte(line, ';');
    struct slice state = slice_trim(slice_sub(line, 0, end));
    if (!slice_equal_nocase(state, deregistered)) {
        return false;
    }
    (void)sip_parameter(slice_from(line, end), event_name, &reason);
    struct event *event = document_fact(document, EVENT_REGISTRATION);
    if (event) {
        event->as.registration = (struct registration_fact){
            .user = message->to.user,
            .epid = message->to.epid,
            .deregistered = true,
            .event = arena_keep(document->arena, slice_trim(reason)),
        };
    }
    return true;
}

void registration_decode(const struct document *document)
{
    if (!registration_decode_if_form(document)) {
        document_odd(document, "registration-unreadable", slice_sub(document->content, 0, 64), 0);
    }
}
