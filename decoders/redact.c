/*
 * A message in pseudonyms: start line, header fields, and how the body's length follows. See
 * redact.h.
 */
#include "decoders/redact.h"

#include "decoders/redact_parts.h"
#include "decoders/sip.h"
#include "decoders/sip_header.h"
#include "decoders/sip_start.h"

/* A message while it is being rewritten. */
struct rewriting {
    struct redactor *redactor;
    struct slice raw;
    struct buffer *out;
    uint64_t before; /* bytes of the body as it was */
    uint64_t after;  /* and as it is now */
};

/* ---- the start line ---- */

/* What nobody reads: words go, what stands between them stays. */
static void put_odd(struct slice bytes, struct buffer *out)
{
    for (size_t i = 0; i < bytes.size; i++) {
        char c = bytes.data[i];
        bool word = sip_is_token(c) || (c & 0x80) != 0;
        (void)buffer_append_byte(out, word ? '~' : c);
    }
}

static void put_between(const struct rewriting *rewriting, const char *from, const char *to)
{
    (void)buffer_append(rewriting->out, (struct slice){from, (size_t)(to - from)});
}

/* With many parameters a pseudonym would be longer than a start line may be. */
static void put_request_uri(const struct rewriting *rewriting, struct slice uri)
{
    enum { LONGEST = SIP_START_MAX / 2 };
    struct buffer *out = rewriting->out;
    size_t begin = out->size;
    redact_put_uri(rewriting->redactor, uri, out);
    if (out->size - begin > LONGEST) {
        struct slice head, rest;
        out->size = begin;
        (void)slice_cut(uri, ';', &head, &rest);
        (void)buffer_append_text(out, "sip:");
        (void)buffer_append(
            out, redact_user(rewriting->redactor, sip_user_of(head, &rewriting->redactor->arena)));
        (void)buffer_append_text(out, "@host.invalid");
    }
}

static void put_start(const struct rewriting *rewriting, size_t begin,
                      const struct sip_start *start)
{
    struct slice line = slice_sub(rewriting->raw, begin, start->size);
    const char *end = line.data + line.size;
    if (start->request) {
        redact_put_method(rewriting->redactor, start->method, rewriting->out);
        put_between(rewriting, start->method.data + start->method.size, start->uri.data);
        put_request_uri(rewriting, start->uri);
        put_between(rewriting, start->uri.data + start->uri.size, end);
    } else if (start->reason.size > 0) {
        put_between(rewriting, line.data, start->reason.data);
        redact_put_phrase(rewriting->redactor, start->reason, rewriting->out);
        put_between(rewriting, start->reason.data + start->reason.size, end);
    } else {
        put_between(rewriting, line.data, end);
    }
}

/* ---- header fields ---- */

/* Wrong by as much as it was. */
static void put_length(const struct rewriting *rewriting, struct slice value)
{
    uint64_t length;
    if (!slice_to_u64(value, &length)) {
        bool digits = value.size > 0 && value.size < 64;
        for (size_t i = 0; i < value.size; i++) {
            digits = digits && ascii_is_digit(value.data[i]);
        }
        (void)buffer_append(rewriting->out, digits ? value : slice_of("~"));
        return;
    }
    length = length < rewriting->before ? length : length - rewriting->before;
    if (length > UINT64_MAX - rewriting->after) {
        (void)buffer_append(rewriting->out, value);
        return;
    }
    (void)buffer_append_u64(rewriting->out, length + rewriting->after);
}

/* The value in one line. */
static struct slice unfold(const struct rewriting *rewriting, const struct sip_field *field)
{
    if (!field->folded) {
        return field->value;
    }
    char *out = arena_alloc(&rewriting->redactor->arena, field->value.size + 1);
    size_t size = 0;
    for (size_t i = 0; i < field->value.size; i++) {
        char c = field->value.data[i];
        bool end = c == '\r' || c == '\n';
        if (!end) {
            out[size++] = c;
        } else if (size > 0 && out[size - 1] != ' ') {
            out[size++] = ' ';
        }
    }
    return (struct slice){out, size};
}

/* `line` is the field with all its lines and its line end. */
static void put_field(const struct rewriting *rewriting, const struct sip_field *field,
                      struct slice line)
{
    struct buffer *out = rewriting->out;
    if (!sip_is_token_text(field->name)) {
        put_odd(line, out); /* what is before a colon stays no header name */
        return;
    }
    redact_put_header_name(rewriting->redactor, field->name, out);
    if (field->value.size == 0) {
        put_between(rewriting, field->name.data + field->name.size, line.data + line.size);
        return;
    }
    put_between(rewriting, field->name.data + field->name.size, field->value.data);
    if (sip_header_find(field->name) == HEADER_CONTENT_LENGTH) {
        put_length(rewriting, field->value);
    } else {
        redact_put_header(rewriting->redactor, sip_header_full_name(field->name),
                          unfold(rewriting, field), out);
    }
    put_between(rewriting, field->value.data + field->value.size, line.data + line.size);
}

/* The last line, when its end is missing: its name stays, nobody reads its value. */
static void put_cut_line(const struct rewriting *rewriting, struct slice line)
{
    struct slice name, value;
    struct buffer *out = rewriting->out;
    bool named = slice_cut(line, ':', &name, &value) && sip_is_token_text(name);
    if (named) {
        redact_put_header_name(rewriting->redactor, name, out);
        (void)buffer_append_byte(out, ':');
    }
    put_odd(slice_from(line, named ? name.size + 1 : 0), out);
}

/* Headers from `at` on; where the body begins. */
static size_t put_headers(const struct rewriting *rewriting, size_t at)
{
    struct slice raw = rewriting->raw;
    struct sip_field field;
    size_t begin = at;
    enum sip_field_status status = sip_field_next(raw, &at, &field);
    while (status == FIELD_READ) {
        put_field(rewriting, &field, slice_sub(raw, begin, at - begin));
        begin = at;
        status = sip_field_next(raw, &at, &field);
    }
    if (status == FIELD_SHORT) {
        put_cut_line(rewriting, slice_from(raw, begin));
        return raw.size;
    }
    (void)buffer_append(rewriting->out, slice_sub(raw, begin, at - begin));
    return at;
}

/* ---- the message ---- */

/* Where the headers that begin at `at` end. */
static size_t head_end(struct slice raw, size_t at)
{
    struct sip_field field;
    enum sip_field_status status = sip_field_next(raw, &at, &field);
    while (status == FIELD_READ) {
        status = sip_field_next(raw, &at, &field);
    }
    return status == FIELD_SHORT ? raw.size : at;
}

struct slice redact_message(struct redactor *redactor, struct slice raw)
{
    struct sip_start start;
    bool junk;
    struct slice type = SLICE("");
    struct buffer body;
    redact_begin(redactor);
    struct rewriting rewriting = {.redactor = redactor, .raw = raw, .out = &redactor->out};
    size_t begin = sip_start_place(raw, &junk, &start);
    if (begin == SLICE_NONE) {
        return redact_text(redactor, raw);
    }
    size_t headers = begin + start.size;
    size_t end = head_end(raw, headers);
    struct slice rest = slice_from(raw, end);
    struct slice head = slice_sub(raw, headers, end - headers);
    (void)sip_field_find_from(head, 0, HEADER_CONTENT_TYPE, &type);
    rewriting.before = sip_body_size(head, rest);
    buffer_init(&body, SIZE_MAX);
    redact_put_body(redactor, type, slice_sub(rest, 0, (size_t)rewriting.before), &body);
    rewriting.after = body.size;
    put_odd(slice_sub(raw, 0, begin), rewriting.out);
    put_start(&rewriting, begin, &start);
    (void)put_headers(&rewriting, headers);
    (void)buffer_append(rewriting.out, buffer_slice(&body));
    put_odd(slice_from(rest, (size_t)rewriting.before), rewriting.out);
    buffer_dispose(&body);
    return buffer_slice(rewriting.out);
}
