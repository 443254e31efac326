/*
 * What one header says: a small function for each that has a field of its own in
 * struct message. See sip_reading.h.
 *
 * RFC 3261 section 20; RFC 3265 7.2, 3903 11.3, 4028 4; ms-diagnostics:
 * presence.md 9.3. The first of a repeated single header counts. A number that
 * does not fit 32 bits counts as the largest that does (RFC 3261 20.19).
 */
#include "decoders/sip_reading.h"
#include "decoders/sip_start.h"
#include "decoders/sip_value.h"

static void note(struct sip_reading *reading, enum sip_odd odd, const struct sip_value *field)
{
    sip_odd_note(&reading->odds, odd, field->name, field->offset);
}

/* Seconds; a number over 32 bits is the largest, anything else -1. Both are odd. */
static int64_t seconds_of(struct sip_reading *reading, const struct sip_value *field,
                          struct slice text)
{
    uint32_t seconds = 0;
    text = slice_trim(text);
    if (slice_to_u32(text, &seconds)) {
        return seconds;
    }
    note(reading, ODD_EXPIRES, field);
    for (size_t i = 0; i < text.size; i++) {
        if (!ascii_is_digit(text.data[i])) {
            return -1;
        }
    }
    return text.size > 0 ? (int64_t)UINT32_MAX : -1;
}

static struct slice before_parameters(struct slice value, struct slice *parameters)
{
    struct slice head;
    (void)slice_cut(value, ';', &head, parameters);
    return slice_trim(head);
}

/* The header parameters of a party that mean something; data is NULL where there is none. */
struct party_parameters {
    struct slice tag;
    struct slice epid;
    struct slice expires;
};

/* The first of a name counts. */
static struct party_parameters party_parameters_read(struct slice parameters)
{
    static const struct slice tag = SLICE("tag"), epid = SLICE("epid"), expires = SLICE("expires");
    struct party_parameters out = {0};
    struct slice name, value;
    while (sip_parameter_next(&parameters, &name, &value)) {
        struct slice *wanted = NULL;
        if (slice_equal_nocase(name, tag)) {
            wanted = &out.tag;
        } else if (slice_equal_nocase(name, epid)) {
            wanted = &out.epid;
        } else if (slice_equal_nocase(name, expires)) {
            wanted = &out.expires;
        }
        if (wanted && !wanted->data) {
            *wanted = sip_parameter_text(value);
        }
    }
    return out;
}

static void take_party(struct sip_reading *reading, const struct sip_value *field,
                       struct slice value, struct sip_party *out)
{
    struct sip_address address = sip_address_read(value);
    struct party_parameters parameters = party_parameters_read(address.parameters);
    if (address.odd) {
        note(reading, ODD_UNREADABLE, field);
    }
    out->raw = value;
    out->uri = address.uri;
    out->user = sip_user_of(address.uri, reading->arena);
    out->display = sip_unescape(address.display, reading->arena);
    out->tag = parameters.tag;
    if (parameters.epid.data) {
        out->epid = arena_keep_lower(reading->arena, parameters.epid);
    }
    out->service = sip_uri_is_service(address.uri);
}

static void take_contacts(struct sip_reading *reading, const struct sip_value *field)
{
    struct slice rest = field->value, item;
    while (sip_list_next(&rest, &item)) {
        if (reading->out->contact.raw.size == 0) {
            take_party(reading, field, item, &reading->out->contact);
        }
        struct slice text = party_parameters_read(sip_address_read(item).parameters).expires;
        if (text.data) {
            int64_t seconds = seconds_of(reading, field, text);
            if (seconds > reading->expires_contact) {
                reading->expires_contact = seconds;
            }
        }
    }
}

/* "SIP/2.0/TLS 192.0.2.21:51244": what follows the transport, blanks around the slashes allowed. */
static struct slice sent_by_of(struct slice text)
{
    struct slice head, rest;
    for (int slashes = 0; slashes < 2; slashes++) {
        if (!slice_cut(text, '/', &head, &rest)) {
            return (struct slice){"", 0};
        }
        text = slice_trim(rest);
    }
    size_t at = 0;
    while (at < text.size && sip_is_token(text.data[at])) {
        at++;
    }
    return slice_trim(slice_from(text, at));
}

static void take_via(struct sip_reading *reading, const struct sip_value *field)
{
    static const struct slice branch = SLICE("branch");
    struct slice rest = field->value, item, parameters;
    if (reading->seen[HEADER_VIA] || !sip_list_next(&rest, &item)) {
        return;
    }
    reading->out->sent_by = sent_by_of(before_parameters(item, &parameters));
    (void)sip_parameter(parameters, branch, &reading->out->branch);
    if (reading->out->sent_by.size == 0) {
        note(reading, ODD_UNREADABLE, field);
    }
}

static void take_cseq(struct sip_reading *reading, const struct sip_value *field)
{
    size_t digits = 0;
    while (digits < field->value.size && ascii_is_digit(field->value.data[digits])) {
        digits++;
    }
    struct slice method = slice_trim(slice_from(field->value, digits));
    if (!slice_to_u32(slice_sub(field->value, 0, digits), &reading->out->cseq) ||
        method.size == 0) {
        note(reading, ODD_CSEQ_UNREADABLE, field);
        reading->out->flags |= SIP_MALFORMED;
    }
    reading->cseq_method = method;
}

/* "+5" and "5 bytes" are not lengths; a number too large is one that no body reaches. */
static void take_length(struct sip_reading *reading, const struct sip_value *field)
{
    uint64_t length = 0;
    if (!slice_to_u64(field->value, &length)) {
        note(reading, ODD_LENGTH_UNREADABLE, field);
        for (size_t i = 0; i < field->value.size; i++) {
            if (!ascii_is_digit(field->value.data[i])) {
                return;
            }
        }
        length = field->value.size > 0 ? UINT64_MAX : 0;
    }
    if (reading->has_length) {
        if (reading->length != length) {
            note(reading, ODD_LENGTH_REPEATED, field);
        }
        return;
    }
    reading->length = length;
    reading->has_length = true;
}

static void take_subscription_state(struct sip_reading *reading, const struct sip_value *field)
{
    static const struct slice expires = SLICE("expires"), reason = SLICE("reason");
    struct slice parameters, text;
    struct slice state = before_parameters(field->value, &parameters);
    reading->out->subscription_state = arena_keep_lower(reading->arena, state);
    if (sip_parameter(parameters, expires, &text)) {
        reading->out->subscription_expires = seconds_of(reading, field, text);
    }
    (void)sip_parameter(parameters, reason, &reading->out->subscription_reason);
}

static void take_options(struct sip_reading *reading, const struct sip_value *field)
{
    static const struct slice benotify = SLICE("ms-benotify");
    static const struct slice piggyback = SLICE("ms-piggyback-first-notify");
    struct slice rest = field->value, item;
    while (sip_list_next(&rest, &item)) {
        if (slice_equal_nocase(item, benotify)) {
            reading->out->flags |= SIP_OFFERS_BENOTIFY;
        } else if (field->id == HEADER_SUPPORTED && slice_equal_nocase(item, piggyback)) {
            reading->out->flags |= SIP_OFFERS_PIGGYBACK;
        }
    }
}

static struct slice diagnostics_text(struct sip_reading *reading, struct slice parameters,
                                     struct slice name)
{
    struct slice text = {"", 0};
    (void)sip_parameter(parameters, name, &text);
    return sip_unescape(text, reading->arena);
}

static void take_diagnostics(struct sip_reading *reading, const struct sip_value *field)
{
    static const struct slice reason = SLICE("reason"), source = SLICE("source"),
                              component = SLICE("component");
    struct slice rest = field->value, item, parameters;
    while (sip_list_next(&rest, &item)) {
        struct sip_diagnostics found = {.header = field->name};
        size_t *count = &reading->out->diagnostics_count;
        if (!slice_to_u32(before_parameters(item, &parameters), &found.id) ||
            *count == SIP_DIAGNOSTICS_MAX) {
            note(reading, ODD_DIAGNOSTICS, field);
            continue;
        }
        found.reason = diagnostics_text(reading, parameters, reason);
        found.source = diagnostics_text(reading, parameters, source);
        found.component = diagnostics_text(reading, parameters, component);
        if (!reading->diagnostics) {
            reading->diagnostics =
                arena_alloc(reading->arena, SIP_DIAGNOSTICS_MAX * sizeof *reading->diagnostics);
        }
        reading->diagnostics[(*count)++] = found;
    }
}

static void take_content_type(struct sip_reading *reading, const struct sip_value *field)
{
    struct slice parameters;
    struct slice type = before_parameters(field->value, &parameters);
    reading->out->content_type_full = field->value;
    reading->out->content_type = arena_keep_lower(reading->arena, type);
}

static void take_event(struct sip_reading *reading, const struct sip_value *field)
{
    struct slice parameters;
    struct slice package = before_parameters(field->value, &parameters);
    reading->out->event = arena_keep_lower(reading->arena, package);
}

static void take_session_expires(struct sip_reading *reading, const struct sip_value *field)
{
    struct slice parameters;
    struct slice seconds = before_parameters(field->value, &parameters);
    reading->out->session_expires = seconds_of(reading, field, seconds);
}

/* Headers that may come only once; the first counts. */
static void take_single(struct sip_reading *reading, const struct sip_value *field)
{
    struct message *out = reading->out;
    switch (field->id) {
    case HEADER_FROM:
        take_party(reading, field, field->value, &out->from);
        break;
    case HEADER_TO:
        take_party(reading, field, field->value, &out->to);
        break;
    case HEADER_CALL_ID:
        out->call_id = field->value;
        break;
    case HEADER_CSEQ:
        take_cseq(reading, field);
        break;
    case HEADER_CONTENT_TYPE:
        take_content_type(reading, field);
        break;
    case HEADER_EVENT:
        take_event(reading, field);
        break;
    case HEADER_EXPIRES:
        reading->expires_header = seconds_of(reading, field, field->value);
        break;
    case HEADER_SUBSCRIPTION_STATE:
        take_subscription_state(reading, field);
        break;
    case HEADER_SESSION_EXPIRES:
        take_session_expires(reading, field);
        break;
    case HEADER_SIP_ETAG:
        out->entity_tag = field->value;
        break;
    case HEADER_SIP_IF_MATCH:
        out->if_match = field->value;
        break;
    case HEADER_USER_AGENT:
        out->user_agent = field->value;
        break;
    case HEADER_SERVER:
        reading->server = field->value;
        break;
    default:
        break;
    }
}

void sip_take(struct sip_reading *reading, const struct sip_value *field)
{
    switch (field->id) {
    case HEADER_OTHER:
    case HEADER_COMPRESSION:
        break;
    case HEADER_VIA:
        take_via(reading, field);
        break;
    case HEADER_CONTACT:
        take_contacts(reading, field);
        break;
    case HEADER_CONTENT_LENGTH:
        take_length(reading, field);
        break;
    case HEADER_SUPPORTED:
    case HEADER_PROXY_REQUIRE:
        take_options(reading, field);
        break;
    case HEADER_DIAGNOSTICS:
        take_diagnostics(reading, field);
        break;
    case HEADER_CREDENTIALS:
        reading->out->flags |= SIP_HAS_CREDENTIALS;
        break;
    case HEADER_CHALLENGE:
        reading->out->flags |= SIP_HAS_CHALLENGE;
        break;
    default:
        if (reading->seen[field->id]) {
            note(reading, ODD_REPEATED, field);
        } else {
            take_single(reading, field);
        }
        break;
    }
    reading->seen[field->id] = true;
}
