/*
 * What a SIP message says: one pass over its headers. See sip.h.
 *
 * RFC 3261 sections 7, 8.1.1, 20; RFC 3265 7.2, 3903 11.3, 4028 4. Headers with
 * a field of their own in struct message are read by one small function each;
 * all others are kept as they are. Not judged here: whether a value makes sense
 * in this method or dialog.
 *
 * Choices: the first of a repeated single header counts. A REGISTER's lifetime
 * is the largest expires of its Contacts, else Expires; any other message's is
 * Expires, else that of its Contacts (RFC 3261 10.2.1.1). A number that does not
 * fit 32 bits counts as the largest that does (RFC 3261 20.19).
 */
#include <string.h>

#include "decoders/sip_header.h"
#include "decoders/sip_odd.h"
#include "decoders/sip_start.h"
#include "decoders/sip_value.h"

enum { DIAGNOSTICS_MAX = 16 };

/* A message while it is being read. */
struct reading {
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
    struct sip_diagnostics diagnostics[DIAGNOSTICS_MAX];
    size_t head_size;
};

/* The header field being read. */
struct field {
    enum sip_header_id id;
    struct slice name;  /* full name */
    struct slice value; /* unfolded, trimmed */
    size_t offset;
};

static void note(struct reading *reading, enum sip_odd odd, const struct field *field)
{
    sip_odd_note(&reading->odds, odd, field->name, field->offset);
}

static void note_plain(struct reading *reading, enum sip_odd odd)
{
    sip_odd_note(&reading->odds, odd, slice_of(""), 0);
}

/* ---- values ---- */

/* Line breaks with the blanks around them become one blank each. */
static struct slice unfold(struct arena *arena, struct slice value)
{
    char *copy = arena_alloc(arena, value.size);
    size_t size = 0;
    for (size_t i = 0; i < value.size; i++) {
        char c = value.data[i];
        if (c != '\n') {
            copy[size++] = c;
            continue;
        }
        while (size > 0 && strchr(" \t\r", copy[size - 1]) && copy[size - 1] != '\0') {
            size--;
        }
        copy[size++] = ' ';
        while (i + 1 < value.size && (value.data[i + 1] == ' ' || value.data[i + 1] == '\t')) {
            i++;
        }
    }
    return slice_trim((struct slice){copy, size});
}

/* Seconds; a number over 32 bits is the largest, anything else -1. Both are odd. */
static int64_t seconds_of(struct reading *reading, const struct field *field, struct slice text)
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

/* ---- one function for each header with a field of its own ---- */

static bool take_party(struct reading *reading, const struct field *field, struct slice value,
                       struct sip_party *out)
{
    static const struct slice tag = SLICE("tag"), epid = SLICE("epid");
    struct sip_address address = sip_address_read(value);
    struct slice lower;
    if (address.odd) {
        note(reading, ODD_UNREADABLE, field);
    }
    out->raw = value;
    out->uri = address.uri;
    out->user = sip_user_of(address.uri, reading->arena);
    out->display = sip_unescape(address.display, reading->arena);
    (void)sip_parameter(address.parameters, tag, &out->tag);
    if (sip_parameter(address.parameters, epid, &lower)) {
        out->epid = arena_keep_lower(reading->arena, lower);
    }
    out->service = sip_uri_is_service(address.uri);
    return address.uri.size > 0;
}

static void take_contacts(struct reading *reading, const struct field *field)
{
    static const struct slice expires = SLICE("expires");
    struct slice rest = field->value, item, text;
    while (sip_list_next(&rest, &item)) {
        if (reading->out->contact.raw.size == 0) {
            (void)take_party(reading, field, item, &reading->out->contact);
        }
        if (sip_parameter(sip_address_read(item).parameters, expires, &text)) {
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

static void take_via(struct reading *reading, const struct field *field)
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

static void take_cseq(struct reading *reading, const struct field *field)
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
static void take_length(struct reading *reading, const struct field *field)
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

static void take_subscription_state(struct reading *reading, const struct field *field)
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

static void take_options(struct reading *reading, const struct field *field)
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

static struct slice diagnostics_text(struct reading *reading, struct slice parameters,
                                     struct slice name)
{
    struct slice text = {"", 0};
    (void)sip_parameter(parameters, name, &text);
    return sip_unescape(text, reading->arena);
}

static void take_diagnostics(struct reading *reading, const struct field *field)
{
    static const struct slice reason = SLICE("reason"), source = SLICE("source"),
                              component = SLICE("component");
    struct slice rest = field->value, item, parameters;
    while (sip_list_next(&rest, &item)) {
        struct sip_diagnostics found = {.header = field->name};
        size_t *count = &reading->out->diagnostics_count;
        if (!slice_to_u32(before_parameters(item, &parameters), &found.id) ||
            *count == DIAGNOSTICS_MAX) {
            note(reading, ODD_DIAGNOSTICS, field);
            continue;
        }
        found.reason = diagnostics_text(reading, parameters, reason);
        found.source = diagnostics_text(reading, parameters, source);
        found.component = diagnostics_text(reading, parameters, component);
        reading->diagnostics[(*count)++] = found;
    }
}

static void take_content_type(struct reading *reading, const struct field *field)
{
    struct slice parameters;
    struct slice type = before_parameters(field->value, &parameters);
    reading->out->content_type_full = field->value;
    reading->out->content_type = arena_keep_lower(reading->arena, type);
}

static void take_event(struct reading *reading, const struct field *field)
{
    struct slice parameters;
    struct slice package = before_parameters(field->value, &parameters);
    reading->out->event = arena_keep_lower(reading->arena, package);
}

static void take_session_expires(struct reading *reading, const struct field *field)
{
    struct slice parameters;
    struct slice seconds = before_parameters(field->value, &parameters);
    reading->out->session_expires = seconds_of(reading, field, seconds);
}

/* Headers that may come only once; the first counts. */
static void take_single(struct reading *reading, const struct field *field)
{
    struct message *out = reading->out;
    switch (field->id) {
    case HEADER_FROM:
        (void)take_party(reading, field, field->value, &out->from);
        break;
    case HEADER_TO:
        (void)take_party(reading, field, field->value, &out->to);
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

static void take_field(struct reading *reading, const struct field *field)
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

/* ---- the walk ---- */

static bool is_secret(enum sip_header_id id)
{
    return id == HEADER_CREDENTIALS || id == HEADER_CHALLENGE || id == HEADER_AUTH_INFO;
}

static bool is_token_text(struct slice text)
{
    for (size_t i = 0; i < text.size; i++) {
        if (!sip_is_token(text.data[i])) {
            return false;
        }
    }
    return text.size > 0;
}

static void keep_header(struct reading *reading, const struct field *field)
{
    struct message *out = reading->out;
    if (out->header_count == reading->room) {
        size_t room = reading->room > 0 ? reading->room * 2 : 32;
        struct sip_header *grown = arena_alloc(reading->arena, room * sizeof *grown);
        if (out->header_count > 0) {
            memcpy(grown, reading->headers, out->header_count * sizeof *grown);
        }
        reading->headers = grown;
        reading->room = room;
    }
    reading->headers[out->header_count++] = (struct sip_header){field->name, field->value};
}

static void read_field(struct reading *reading, const struct sip_field *raw)
{
    struct field field = {
        .id = sip_header_find(raw->name),
        .name = sip_header_full_name(raw->name),
        .offset = raw->offset,
    };
    if (raw->bare_lf) {
        reading->out->flags |= SIP_BARE_LF;
    }
    if (raw->name.size == 0) {
        note_plain(reading, ODD_NO_COLON);
        return;
    }
    if (!is_token_text(raw->name)) {
        /* not kept: it may be an authentication header that lost its colon */
        sip_odd_note(&reading->odds, ODD_HEADER_NAME, slice_of(""), raw->offset);
        return;
    }
    if (!is_secret(field.id)) {
        field.value = raw->folded ? unfold(reading->arena, raw->value) : raw->value;
        keep_header(reading, &field);
    }
    take_field(reading, &field);
}

/* Reads header fields behind the start line up to the empty line. */
static void read_headers(struct reading *reading, struct slice raw, size_t at)
{
    struct slice head = slice_sub(raw, 0, reading->limits->header_bytes);
    struct sip_field field;
    size_t count = 0;
    enum sip_field_status status = sip_field_next(head, &at, &field);
    while (status == FIELD_READ) {
        if (count++ < reading->limits->headers) {
            read_field(reading, &field);
        } else {
            note_plain(reading, ODD_TOO_MANY_HEADERS);
        }
        status = sip_field_next(head, &at, &field);
    }
    if (status == FIELD_SHORT) {
        note_plain(reading, head.size < raw.size ? ODD_HEADERS_TOO_LARGE : ODD_HEADERS_CUT);
        at = raw.size;
    } else if (field.bare_lf) {
        reading->out->flags |= SIP_BARE_LF;
    }
    reading->head_size = at;
}

static void set_body(struct reading *reading, struct slice raw)
{
    struct message *out = reading->out;
    out->body = slice_from(raw, reading->head_size);
    out->body_length = out->body.size;
    if (!reading->has_length) {
        out->flags |= SIP_NO_LENGTH;
        if (out->observed.transport == TRANSPORT_TCP || out->observed.transport == TRANSPORT_TLS) {
            note_plain(reading, ODD_LENGTH_MISSING);
        }
        return;
    }
    out->body_length = reading->length;
    if (reading->length != out->body.size) {
        sip_odd_note(&reading->odds, ODD_LENGTH_MISMATCH, slice_of(""), reading->head_size);
    }
    if (reading->length > out->body.size) {
        out->flags |= SIP_BODY_CUT;
    } else {
        out->body.size = (size_t)reading->length;
    }
}

static void set_method(struct reading *reading)
{
    struct message *out = reading->out;
    if (!out->request) {
        out->method_name = reading->cseq_method;
    } else if (reading->cseq_method.size > 0 &&
               !slice_equal(reading->cseq_method, out->method_name)) {
        out->flags |= SIP_MALFORMED;
        note_plain(reading, ODD_CSEQ_MISMATCH);
    }
    out->method = sip_method_find(out->method_name);
}

static void set_expires(struct reading *reading)
{
    struct message *out = reading->out;
    bool contact_first = out->method == SIP_REGISTER && reading->expires_contact >= 0;
    out->expires = contact_first || reading->expires_header < 0 ? reading->expires_contact
                                                                : reading->expires_header;
}

static void require(struct reading *reading, bool present, const char *name)
{
    if (!present) {
        reading->out->flags |= SIP_MALFORMED;
        sip_odd_note(&reading->odds, ODD_MANDATORY_MISSING, slice_of(name), 0);
    }
}

static void check_mandatory(struct reading *reading)
{
    const struct message *out = reading->out;
    require(reading, out->call_id.size > 0, "Call-ID");
    require(reading, reading->seen[HEADER_CSEQ], "CSeq");
    require(reading, out->from.uri.size > 0, "From");
    require(reading, out->to.uri.size > 0, "To");
    require(reading, reading->seen[HEADER_VIA], "Via");
}

/* FNV-1a, 64 bits: a name for the hop, not a defence. */
static uint64_t branch_hash(const struct message *message)
{
    struct slice text = message->branch.size > 0 ? message->branch : message->sent_by;
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < text.size; i++) {
        hash = (hash ^ slice_byte(text, i)) * UINT64_C(0x100000001b3);
    }
    return hash;
}

static void finish(struct reading *reading, struct slice raw)
{
    struct message *out = reading->out;
    set_body(reading, raw);
    set_method(reading);
    set_expires(reading);
    check_mandatory(reading);
    if (!out->request && reading->server.size > 0) {
        out->user_agent = reading->server;
    }
    if (out->flags & SIP_BARE_LF) {
        note_plain(reading, ODD_BARE_LF);
    }
    if (out->diagnostics_count > 0) {
        size_t size = out->diagnostics_count * sizeof *reading->diagnostics;
        struct sip_diagnostics *kept = arena_alloc(reading->arena, size);
        memcpy(kept, reading->diagnostics, size);
        out->diagnostics = kept;
    }
    out->headers = reading->headers;
    out->observed.branch_hash = branch_hash(out);
}

/* Empties the parsed part; where it was seen and what decoders/exchange.c adds stays. */
static void reset(struct message *message)
{
    *message = (struct message){
        .expires = -1,
        .subscription_expires = -1,
        .session_expires = -1,
        .observed = message->observed,
        .role = message->role,
        .id = message->id,
        .transaction = message->transaction,
        .dialog = message->dialog,
        .attempt = message->attempt,
        .request_kept = message->request_kept,
        .observations = message->observations,
        .observation_count = message->observation_count,
    };
}

/* Where the start line is: at once, behind CR and LF, or behind junk. */
static bool start_find(struct slice raw, size_t *begin, bool *junk, struct sip_start *start)
{
    *begin = 0;
    while (*begin < raw.size && (raw.data[*begin] == '\r' || raw.data[*begin] == '\n')) {
        (*begin)++;
    }
    *junk = sip_start_read(slice_from(raw, *begin), start) != SIP_LOOK_YES;
    if (!*junk) {
        return true;
    }
    *begin = sip_find_start(raw, *begin);
    return *begin != SLICE_NONE && sip_start_read(slice_from(raw, *begin), start) == SIP_LOOK_YES;
}

bool sip_parse(struct slice raw, const struct limits *limits, struct arena *arena,
               const struct event_sink *odd, struct message *out)
{
    struct sip_start start;
    size_t begin = 0;
    bool junk = false;
    if (!start_find(raw, &begin, &junk, &start)) {
        return false;
    }
    struct reading reading = {
        .out = out,
        .limits = limits,
        .arena = arena,
        .expires_header = -1,
        .expires_contact = -1,
    };
    reset(out);
    out->request = start.request;
    out->method_name = start.method;
    out->uri = start.uri;
    out->status = start.status;
    out->reason = start.reason;
    out->size = raw.size;
    if (junk) {
        out->flags |= SIP_JUNK_BEFORE;
        note_plain(&reading, ODD_JUNK_BEFORE);
    }
    if (start.odd) {
        note_plain(&reading, ODD_START_LINE);
    }
    read_headers(&reading, raw, begin + start.size);
    finish(&reading, raw);
    sip_odd_emit(&reading.odds, out, odd);
    return true;
}
