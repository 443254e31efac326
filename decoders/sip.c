/*
 * What a SIP message says: one pass over its headers. See sip.h.
 *
 * RFC 3261 sections 7, 8.1.1. Headers with a meaning here are taken by
 * sip_take.c; all others are kept as they are. Not judged: whether a value makes
 * sense in this method or dialog.
 *
 * A REGISTER's lifetime is the largest expires of its Contacts, else Expires;
 * any other message's is Expires, else that of its Contacts (RFC 3261 10.2.1.1).
 */
#include <string.h>

#include "decoders/sip_reading.h"
#include "decoders/sip_start.h"

static void note_plain(struct sip_reading *reading, enum sip_odd odd)
{
    sip_odd_note(&reading->odds, odd, slice_of(""), 0);
}

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

static bool is_secret(enum sip_header_id id)
{
    return id == HEADER_CREDENTIALS || id == HEADER_CHALLENGE || id == HEADER_AUTH_INFO;
}

static void keep_header(struct sip_reading *reading, const struct sip_value *field)
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

static void read_field(struct sip_reading *reading, const struct sip_field *raw)
{
    struct sip_value field = {
        .id = sip_header_find(raw->name),
        .name = raw->name.size == 1 ? sip_header_full_name(raw->name) : raw->name,
        .offset = raw->offset,
    };
    if (raw->bare_lf) {
        reading->out->flags |= SIP_BARE_LF;
    }
    if (raw->name.size == 0) {
        note_plain(reading, ODD_NO_COLON);
        return;
    }
    if (field.id == HEADER_OTHER && !sip_is_token_text(raw->name)) {
        /* not kept: it may be an authentication header that lost its colon */
        sip_odd_note(&reading->odds, ODD_HEADER_NAME, slice_of(""), raw->offset);
        return;
    }
    if (!is_secret(field.id)) {
        field.value = raw->folded ? unfold(reading->arena, raw->value) : raw->value;
        keep_header(reading, &field);
    }
    sip_take(reading, &field);
}

/* Reads header fields behind the start line up to the empty line. */
static void read_headers(struct sip_reading *reading, struct slice raw, size_t at)
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
    } else if (status == FIELD_BODY) {
        note_plain(reading, ODD_EMPTY_LINE_MISSING);
    } else if (field.bare_lf) {
        reading->out->flags |= SIP_BARE_LF;
    }
    reading->head_size = at;
}

static void set_body(struct sip_reading *reading, struct slice raw)
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

static void set_method(struct sip_reading *reading)
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

static void set_expires(struct sip_reading *reading)
{
    struct message *out = reading->out;
    bool contact_first = out->method == SIP_REGISTER && reading->expires_contact >= 0;
    out->expires = contact_first || reading->expires_header < 0 ? reading->expires_contact
                                                                : reading->expires_header;
}

static void require(struct sip_reading *reading, bool present, const char *name)
{
    if (!present) {
        reading->out->flags |= SIP_MALFORMED;
        sip_odd_note(&reading->odds, ODD_MANDATORY_MISSING, slice_of(name), 0);
    }
}

static void check_mandatory(struct sip_reading *reading)
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

static void finish(struct sip_reading *reading, struct slice raw)
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
    out->diagnostics = reading->diagnostics;
    out->headers = reading->headers;
    out->observed.branch_hash = branch_hash(out);
}

/* Empties the parsed part, which comes first; where it was seen and what decoders/exchange.c adds
 * stays. */
static void reset(struct message *message)
{
    memset(message, 0, offsetof(struct message, observed));
    message->expires = -1;
    message->subscription_expires = -1;
    message->session_expires = -1;
}

bool sip_parse(struct slice raw, const struct limits *limits, struct arena *arena,
               const struct event_sink *odd, struct message *out)
{
    struct sip_start start;
    bool junk;
    size_t begin = sip_start_place(raw, &junk, &start);
    if (begin == SLICE_NONE) {
        return false;
    }
    struct sip_reading reading = {
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
