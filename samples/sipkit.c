/* See sipkit.h. Normative: RFC 3261 sections 7, 8.2.6 and 16. */
#include "samples/sipkit.h"

#include <string.h>

/* The header names that answers repeat, with their compact forms. */
static const struct {
    const char *name;
    const char *compact;
} spellings[] = {
    {"Via", "v"}, {"From", "f"},           {"To", "t"},          {"Call-ID", "i"},
    {"CSeq", ""}, {"Content-Length", "l"}, {"Max-Forwards", ""},
};

/* Cuts the first line off, with its line end (LF or CRLF) and its folded continuations. */
static struct slice field_next(struct slice *rest)
{
    size_t end = 0;
    do {
        size_t line = slice_find_byte(slice_from(*rest, end), '\n');
        end = line == SLICE_NONE ? rest->size : end + line + 1;
    } while (end < rest->size && (rest->data[end] == ' ' || rest->data[end] == '\t'));
    struct slice field = slice_sub(*rest, 0, end);
    *rest = slice_from(*rest, end);
    return field;
}

static bool field_is_blank(struct slice field)
{
    return slice_trim(field).size == 0;
}

static bool field_is(struct slice field, const char *name)
{
    struct slice written, value;
    if (!slice_cut(field, ':', &written, &value)) {
        return false;
    }
    written = slice_trim(written);
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
        if (strcmp(spellings[i].name, name) == 0 &&
            slice_equal_nocase(written, slice_of(spellings[i].compact))) {
            return true;
        }
    }
    return slice_equal_nocase(written, slice_of(name));
}

static void append_line(struct buffer *out, struct slice line, const char *line_end)
{
    while (line.size > 0 && line.data[line.size - 1] == '\r') {
        line.size--;
    }
    buffer_append(out, line);
    buffer_append_text(out, line_end);
}

/* A field of one or more lines, each ending in LF or CRLF, with other line ends. */
static void append_field(struct buffer *out, struct slice field, const char *line_end)
{
    while (field.size > 0) {
        struct slice line, rest;
        slice_cut(field, '\n', &line, &rest);
        append_line(out, line, line_end);
        field = rest;
    }
}

static void body_convert(struct slice text, const char *line_end, struct buffer *out)
{
    if (text.size > 0 && text.data[text.size - 1] == '\n') {
        text.size--;
    }
    struct slice line, rest = text;
    while (slice_cut(rest, '\n', &line, &rest)) {
        append_line(out, line, line_end);
    }
    buffer_append(out, line);
}

void sipkit_assemble(struct slice text, bool bare, struct buffer *out)
{
    const char *line_end = bare ? "\n" : "\r\n";
    struct slice rest = text;
    while (rest.size > 0 && !field_is_blank(field_next(&rest))) {
    }
    struct buffer body;
    buffer_init(&body, SIZE_MAX / 2);
    body_convert(rest, line_end, &body);

    struct slice head = slice_sub(text, 0, text.size - rest.size);
    while (head.size > 0) {
        struct slice field = field_next(&head);
        if (field_is_blank(field)) {
            break;
        }
        struct slice name, value;
        if (field_is(field, "Content-Length") && slice_cut(field, ':', &name, &value) &&
            slice_equal(slice_trim(value), slice_of("*"))) {
            buffer_append(out, name);
            buffer_append_text(out, ": ");
            buffer_append_u64(out, body.size);
            buffer_append_text(out, line_end);
        } else {
            append_field(out, field, line_end);
        }
    }
    buffer_append_text(out, line_end);
    buffer_append(out, buffer_slice(&body));
    buffer_dispose(&body);
}

void sipkit_lines(struct slice text, struct buffer *out)
{
    append_field(out, text, "\r\n");
}

bool sipkit_is_request(struct slice message)
{
    return !slice_starts(message, slice_of("SIP/"));
}

struct slice sipkit_method(struct slice message)
{
    struct slice first, rest, second, last;
    slice_cut(message, ' ', &first, &rest);
    if (sipkit_is_request(message)) {
        return first;
    }
    slice_cut(rest, ' ', &second, &last);
    return second;
}

struct slice sipkit_header(struct slice message, const char *name)
{
    struct slice rest = message;
    while (rest.size > 0) {
        struct slice field = field_next(&rest);
        if (field_is_blank(field)) {
            break;
        }
        if (field_is(field, name)) {
            struct slice written, value;
            slice_cut(field, ':', &written, &value);
            return slice_trim(value);
        }
    }
    return (struct slice){NULL, 0};
}

static void append_to(struct slice field, struct slice status, struct slice tag, struct buffer *out)
{
    struct buffer line;
    buffer_init(&line, SIZE_MAX / 2);
    append_field(&line, field, "\n");
    struct slice text = buffer_slice(&line);
    if (!slice_starts(status, slice_of("100")) &&
        slice_find_nocase(text, slice_of(";tag=")) == SLICE_NONE) {
        buffer_append(out, slice_sub(text, 0, text.size - 1));
        buffer_append_text(out, ";tag=");
        buffer_append(out, tag);
        buffer_append_byte(out, '\n');
    } else {
        buffer_append(out, text);
    }
    buffer_dispose(&line);
}

void sipkit_answer(struct slice request, struct slice status, struct slice tag, struct buffer *out)
{
    buffer_append_text(out, "SIP/2.0 ");
    buffer_append(out, status);
    buffer_append_byte(out, '\n');
    struct slice rest = request;
    field_next(&rest);
    while (rest.size > 0) {
        struct slice field = field_next(&rest);
        if (field_is_blank(field)) {
            break;
        }
        if (field_is(field, "To")) {
            append_to(field, status, tag, out);
        } else if (field_is(field, "Via") || field_is(field, "From") ||
                   field_is(field, "Call-ID") || field_is(field, "CSeq")) {
            append_field(out, field, "\n");
        }
    }
}

static void append_max_forwards(struct slice field, struct buffer *out)
{
    struct slice name, value;
    uint64_t hops = 0;
    slice_cut(field, ':', &name, &value);
    slice_to_u64(slice_trim(value), &hops);
    buffer_append(out, name);
    buffer_append_text(out, ": ");
    buffer_append_u64(out, hops > 0 ? hops - 1 : 0);
    buffer_append_text(out, "\r\n");
}

void sipkit_relay(struct slice message, struct slice via, struct buffer *out)
{
    bool request = sipkit_is_request(message);
    struct slice rest = message;
    buffer_append(out, field_next(&rest));
    if (request) {
        buffer_append_text(out, "Via: ");
        buffer_append(out, via);
        buffer_append_text(out, "\r\n");
    }
    bool dropped = false;
    while (rest.size > 0) {
        struct slice field = field_next(&rest);
        if (field_is_blank(field)) {
            buffer_append(out, field);
            break;
        }
        if (!request && !dropped && field_is(field, "Via")) {
            dropped = true;
        } else if (request && field_is(field, "Max-Forwards")) {
            append_max_forwards(field, out);
        } else {
            buffer_append(out, field);
        }
    }
    buffer_append(out, rest);
}
