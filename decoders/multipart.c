/*
 * Multipart bodies. See multipart.h.
 */
#include "decoders/multipart.h"

#include "decoders/sip.h"

/* RFC 2046 section 5.1.1 allows 70 characters; more are read, up to what is still a boundary. */
enum { BOUNDARY_MAX = 256 };

/* ---- lines ---- */

/* The line at `at` without its end; *next is where the following line starts. */
static struct slice line_at(struct slice text, size_t at, size_t *next)
{
    struct slice rest = slice_from(text, at);
    size_t size = slice_find_byte(rest, '\n');
    if (size == SLICE_NONE) {
        *next = text.size;
        return rest;
    }
    *next = at + size + 1;
    if (size > 0 && rest.data[size - 1] == '\r') {
        size--;
    }
    return slice_sub(rest, 0, size);
}

enum line_kind { LINE_OTHER, LINE_BOUNDARY, LINE_CLOSING };

/* "--boundary" or "--boundary--", each with blanks behind it. */
static enum line_kind line_kind(const struct multipart *multipart, struct slice line)
{
    static const struct slice dashes = SLICE("--");
    if (!slice_starts(line, dashes) ||
        !slice_starts(slice_from(line, dashes.size), multipart->boundary)) {
        return LINE_OTHER;
    }
    struct slice rest = slice_trim(slice_from(line, dashes.size + multipart->boundary.size));
    if (rest.size == 0) {
        return LINE_BOUNDARY;
    }
    return slice_equal(rest, dashes) ? LINE_CLOSING : LINE_OTHER;
}

/*
 * Finds the next boundary line from multipart->at on and moves behind it. The
 * line end in front of a boundary belongs to the boundary, so *end is before it.
 */
static bool skip_boundary(struct multipart *multipart, size_t *end)
{
    size_t at = multipart->at;
    while (at < multipart->body.size) {
        size_t next;
        struct slice line = line_at(multipart->body, at, &next);
        enum line_kind kind = line_kind(multipart, line);
        if (kind != LINE_OTHER) {
            *end = at > multipart->at ? at - 1 : at;
            if (*end > multipart->at && multipart->body.data[*end] == '\n' &&
                multipart->body.data[*end - 1] == '\r') {
                *end -= 1;
            }
            multipart->at = next;
            multipart->found = true;
            multipart->closed = kind == LINE_CLOSING;
            return true;
        }
        at = next;
    }
    *end = multipart->body.size;
    multipart->at = multipart->body.size;
    return false;
}

/* ---- part headers ---- */

static struct slice without_brackets(struct slice id)
{
    if (id.size >= 2 && id.data[0] == '<' && id.data[id.size - 1] == '>') {
        return slice_sub(id, 1, id.size - 2);
    }
    return id;
}

static void take_header(struct multipart_part *part, struct slice name, struct slice value)
{
    static const struct slice type = SLICE("content-type");
    static const struct slice id = SLICE("content-id");
    static const struct slice encoding = SLICE("content-transfer-encoding");
    name = slice_trim(name);
    value = slice_trim(value);
    if (slice_equal_nocase(name, type)) {
        part->content_type_full = value;
    } else if (slice_equal_nocase(name, id)) {
        part->content_id = without_brackets(value);
    } else if (slice_equal_nocase(name, encoding)) {
        part->encoding = value;
    }
}

/* A field name is a token (RFC 5322 section 3.6.8): printable, no blank. */
static bool is_field_name(struct slice name)
{
    for (size_t i = 0; i < name.size; i++) {
        if (slice_byte(name, i) <= ' ' || slice_byte(name, i) >= 0x7F) {
            return false;
        }
    }
    return name.size > 0;
}

/* The end of a header that starts at `at`: folded lines start with a blank. */
static size_t header_end(struct slice part, size_t at)
{
    size_t next;
    (void)line_at(part, at, &next);
    while (next < part.size && (part.data[next] == ' ' || part.data[next] == '\t')) {
        (void)line_at(part, next, &next);
    }
    return next;
}

/* Reads headers up to the empty line; what is no header is content already. */
static void take_headers(struct slice part, struct multipart_part *out)
{
    size_t at = 0;
    while (at < part.size) {
        size_t next;
        struct slice name;
        struct slice value;
        struct slice line = line_at(part, at, &next);
        if (line.size == 0) {
            at = next;
            break;
        }
        if (!slice_cut(line, ':', &name, &value) || !is_field_name(slice_trim(name))) {
            break;
        }
        next = header_end(part, at);
        take_header(out, name, slice_sub(part, at + name.size + 1, next - at - name.size - 1));
        at = next;
    }
    out->content = slice_from(part, at);
}

/* ---- the reader ---- */

bool multipart_open(struct multipart *multipart, struct slice content_type_full, struct slice body)
{
    static const struct slice name = SLICE("boundary");
    struct slice type;
    struct slice parameters;
    *multipart = (struct multipart){.body = body, .exhausted = true};
    (void)slice_cut(content_type_full, ';', &type, &parameters);
    if (!sip_parameter(parameters, name, &multipart->boundary) || multipart->boundary.size == 0 ||
        multipart->boundary.size > BOUNDARY_MAX) {
        return false;
    }
    size_t preamble;
    multipart->exhausted = !skip_boundary(multipart, &preamble) || multipart->closed;
    return true;
}

bool multipart_next(struct multipart *multipart, struct multipart_part *out)
{
    if (multipart->exhausted) {
        return false;
    }
    static const struct slice none = SLICE("");
    size_t begin = multipart->at;
    size_t end;
    *out = (struct multipart_part){
        .content_type_full = none,
        .content_id = none,
        .encoding = none,
    };
    out->open = !skip_boundary(multipart, &end);
    multipart->exhausted = out->open || multipart->closed;
    take_headers(slice_sub(multipart->body, begin, end - begin), out);
    return true;
}

struct slice multipart_type(struct slice content_type_full, struct arena *arena)
{
    struct slice type;
    struct slice parameters;
    (void)slice_cut(content_type_full, ';', &type, &parameters);
    return arena_keep_lower(arena, slice_trim(type));
}

/* ---- Base64 ---- */

static int base64_digit(char c)
{
    if (c >= 'A' && c <= 'Z') {
        return c - 'A';
    }
    if (c >= 'a' && c <= 'z') {
        return c - 'a' + 26;
    }
    if (ascii_is_digit(c)) {
        return c - '0' + 52;
    }
    if (c == '+') {
        return 62;
    }
    return c == '/' ? 63 : -1;
}

bool multipart_base64(struct slice text, struct arena *arena, struct slice *out)
{
    /* By how many bits the byte that a digit completes is shifted; the first of four completes
     * none. */
    static const unsigned shifts[] = {0, 0, 4, 2};
    char *bytes = arena_alloc(arena, text.size / 4 * 3 + 3);
    size_t size = 0;
    uint32_t bits = 0;
    unsigned digits = 0;
    size_t at = 0;
    for (; at < text.size && text.data[at] != '='; at++) {
        char c = text.data[at];
        int digit = base64_digit(c);
        if (digit < 0 && (c == '\r' || c == '\n' || c == ' ' || c == '\t')) {
            continue;
        }
        if (digit < 0) {
            break;
        }
        bits = bits << 6 | (uint32_t)digit;
        digits++;
        if (digits % 4 != 1) {
            bytes[size++] = (char)(bits >> shifts[digits % 4] & 0xFF);
        }
    }
    *out = (struct slice){bytes, size};
    return at == text.size || text.data[at] == '=';
}
