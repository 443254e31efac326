/*
 * Bodies in pseudonyms: what kind each is, and the parts of a multipart one. See redact.h.
 *
 * RFC 2046 section 5.1, RFC 2045 section 6. Parts are found by their boundary lines, whichever of
 * the open boundaries it is, so that nothing nests here. A part in Base64 is unpacked and packed
 * again; one in another coding is replaced whole. A document in UTF-16 is read in UTF-8.
 */
#include "decoders/character.h"
#include "decoders/multipart.h"
#include "decoders/redact_parts.h"
#include "decoders/sip.h"

enum {
    BOUNDARIES = 16,   /* open at a time; the lines of further ones are text */
    ENCODED_LINE = 76, /* symbols of a line in Base64 */
};

static const struct slice nothing = SLICE("");

/* ---- UTF-16 ---- */

enum wide { WIDE_NOT, WIDE_LITTLE, WIDE_BIG };

static enum wide wide_find(struct slice text)
{
    static const struct slice little[] = {SLICE("\xFF\xFE"), SLICE("<\0")};
    static const struct slice big[] = {SLICE("\xFE\xFF"), SLICE("\0<")};
    for (size_t i = 0; i < sizeof little / sizeof little[0]; i++) {
        if (slice_starts(text, little[i])) {
            return WIDE_LITTLE;
        }
        if (slice_starts(text, big[i])) {
            return WIDE_BIG;
        }
    }
    return WIDE_NOT;
}

static void append_unit(struct buffer *out, enum wide wide, unsigned unit)
{
    (void)buffer_append_byte(out, (char)(wide == WIDE_BIG ? unit >> 8 : unit & 0xff));
    (void)buffer_append_byte(out, (char)(wide == WIDE_BIG ? unit & 0xff : unit >> 8));
}

static unsigned unit_at(struct slice text, enum wide wide, size_t at)
{
    if (text.size - at < 2) {
        return 0;
    }
    unsigned first = slice_byte(text, at), second = slice_byte(text, at + 1);
    return wide == WIDE_BIG ? first << 8 | second : second << 8 | first;
}

static void narrow(struct slice text, enum wide wide, struct buffer *out)
{
    for (size_t i = 0; i + 1 < text.size; i += 2) {
        uint32_t code = unit_at(text, wide, i);
        uint32_t low = i + 2 < text.size ? unit_at(text, wide, i + 2) : 0;
        if (code >> 10 == 0xd800 >> 10 && low >> 10 == 0xdc00 >> 10) {
            code = 0x10000 + ((code & 0x3ff) << 10 | (low & 0x3ff));
            i += 2;
        }
        character_append(out, code); /* half a pair is one again later */
    }
}

static void widen(struct slice text, enum wide wide, struct buffer *out)
{
    for (size_t i = 0; i < text.size;) {
        unsigned char lead = slice_byte(text, i);
        size_t size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
        uint32_t code = size == 1 ? lead : lead & (0xffU >> (size + 1));
        for (size_t k = 1; k < size && i + k < text.size; k++) {
            code = code << 6 | (slice_byte(text, i + k) & 0x3f);
        }
        if (code > 0xffff) {
            append_unit(out, wide, 0xd800 | (code - 0x10000) >> 10);
            code = 0xdc00 | (code & 0x3ff);
        }
        append_unit(out, wide, code & 0xffff);
        i += size;
    }
}

static void put_wide(struct redactor *redactor, struct slice text, enum wide wide,
                     struct buffer *out)
{
    struct buffer before, after;
    buffer_init(&before, SIZE_MAX);
    buffer_init(&after, SIZE_MAX);
    narrow(text, wide, &before);
    redact_put_xml(redactor, buffer_slice(&before), &after);
    widen(buffer_slice(&after), wide, out);
    buffer_dispose(&before);
    buffer_dispose(&after);
}

/* ---- one document ---- */

/* "deregistered;event=rejected": presence.md 1.6. */
static bool put_registration(struct redactor *redactor, struct slice text, struct buffer *out)
{
    static const struct slice word = SLICE("deregistered"), event = SLICE("event=");
    struct slice line, rest;
    (void)slice_cut(text, '\n', &line, &rest);
    if (!slice_starts_nocase(line, word)) {
        return false;
    }
    (void)buffer_append(out, slice_sub(line, 0, word.size));
    size_t at = slice_find_nocase(line, event);
    if (at != SLICE_NONE) {
        (void)buffer_append(out, slice_of(";event="));
        struct slice value = slice_trim(slice_from(line, at + event.size));
        redact_put_parameter(redactor, nothing, value, out);
    }
    (void)buffer_append(out, slice_of("\r\n"));
    return true;
}

static bool is_sdp(struct slice type, struct slice text)
{
    static const struct slice sdp = SLICE("application/sdp"), start = SLICE("v=0");
    return slice_starts_nocase(type, sdp) || slice_starts(text, start);
}

/* Types of what people write. A chat envelope may have one, too (facts/xccos.md 1.1). */
static bool is_prose(struct slice type)
{
    static const struct slice known[] = {SLICE("text/plain"), SLICE("text/html"),
                                         SLICE("text/rtf")};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (slice_starts_nocase(type, known[i])) {
            return true;
        }
    }
    return false;
}

/* Is the text behind "<" a document: a declaration, a comment, or an element of a chat envelope? */
static bool has_root(struct slice text)
{
    static const struct slice root = SLICE("xccos"), odd = SLICE("?!");
    size_t at = 1;
    while (at < text.size && (ascii_is_alpha(text.data[at]) || ascii_is_digit(text.data[at]))) {
        at++;
    }
    at = at < text.size && text.data[at] == ':' ? at + 1 : 1;
    return text.size > 1 && (slice_find_byte(odd, text.data[1]) != SLICE_NONE ||
                             slice_starts(slice_from(text, at), root));
}

static void put_document(struct redactor *redactor, struct slice type, struct slice body,
                         struct buffer *out)
{
    static const struct slice mark = SLICE("\xEF\xBB\xBF"), tag = SLICE("<");
    enum wide wide = wide_find(body);
    size_t marked = slice_starts(body, mark) ? mark.size : 0;
    struct slice text = slice_trim(slice_from(body, marked));
    size_t before = text.size > 0 ? (size_t)(text.data - body.data) : body.size;
    if (wide != WIDE_NOT) {
        put_wide(redactor, body, wide, out);
        return;
    }
    (void)buffer_append(out, slice_sub(body, 0, before));
    if (slice_starts(text, tag) && (!is_prose(type) || has_root(text))) {
        redact_put_xml(redactor, slice_from(body, before), out);
        return;
    }
    if (text.size > 0 && is_sdp(type, text)) {
        redact_put_sdp(redactor, text, out);
    } else if (text.size > 0 && !put_registration(redactor, text, out)) {
        (void)redact_put_value(redactor, PLACE_CHAT, text, out);
    }
    (void)buffer_append(out, slice_from(body, before + text.size));
}

/* ---- transfer encodings ---- */

static void put_encoded(struct slice bytes, struct buffer *out)
{
    static const char symbols[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t column = 0;
    for (size_t i = 0; i < bytes.size; i += 3) {
        size_t left = bytes.size - i < 3 ? bytes.size - i : 3;
        uint32_t group = 0;
        for (size_t k = 0; k < 3; k++) {
            group = group << 8 | (k < left ? slice_byte(bytes, i + k) : 0);
        }
        if (column == ENCODED_LINE) {
            (void)buffer_append_text(out, "\r\n");
            column = 0;
        }
        for (size_t k = 0; k < 4; k++) {
            (void)buffer_append_byte(out, k > left ? '=' : symbols[group >> (18 - 6 * k) & 0x3f]);
        }
        column += 4;
    }
}

/* What follows a byte that is no symbol is read by nobody: such a byte stands in for it. */
static void put_base64(struct redactor *redactor, struct slice type, struct slice text,
                       struct buffer *out)
{
    struct slice bytes;
    struct buffer plain;
    bool whole = multipart_base64(text, &redactor->arena, &bytes);
    buffer_init(&plain, SIZE_MAX);
    put_document(redactor, type, bytes, &plain);
    put_encoded(buffer_slice(&plain), out);
    buffer_dispose(&plain);
    if (!whole) {
        (void)buffer_append_byte(out, '~');
    }
}

static bool is_plain_coding(struct slice coding)
{
    static const struct slice known[] = {SLICE(""), SLICE("binary"), SLICE("8bit"), SLICE("7bit")};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (slice_equal_nocase(coding, known[i])) {
            return true;
        }
    }
    return false;
}

/* ---- multipart ---- */

struct parts {
    struct redactor *redactor;
    struct buffer *out;
    struct slice boundaries[BOUNDARIES];
    size_t count;
    struct slice type;   /* of the part that is being read */
    struct slice coding; /* of it */
    bool in_head;
};

static void open_boundary(struct parts *parts, struct slice type)
{
    struct multipart reader;
    static const struct slice prefix = SLICE("multipart/");
    if (slice_starts_nocase(slice_trim(type), prefix) && parts->count < BOUNDARIES &&
        multipart_open(&reader, type, nothing) && reader.boundary.size > 0) {
        parts->boundaries[parts->count++] = reader.boundary;
    }
}

/* "--boundary", "--boundary--", with blanks behind: which of them it is, or NULL. */
static const struct slice *boundary_of(const struct parts *parts, struct slice line)
{
    static const struct slice dashes = SLICE("--");
    if (!slice_starts(line, dashes)) {
        return NULL;
    }
    for (size_t i = 0; i < parts->count; i++) {
        if (slice_starts(slice_from(line, dashes.size), parts->boundaries[i])) {
            struct slice rest =
                slice_trim(slice_from(line, dashes.size + parts->boundaries[i].size));
            if (rest.size == 0 || slice_equal(rest, dashes)) {
                return &parts->boundaries[i];
            }
        }
    }
    return NULL;
}

static void put_part_header(struct parts *parts, struct slice line)
{
    static const struct slice type = SLICE("content-type"),
                              coding = SLICE("content-transfer-encoding");
    struct slice name, value;
    struct slice bare = slice_trim(line);
    if (!slice_cut(bare, ':', &name, &value) || ascii_is_blank(line.data[0])) {
        (void)buffer_append(parts->out, slice_sub(line, 0, ascii_is_blank(line.data[0])));
        (void)buffer_append(parts->out, redact_name(parts->redactor, PSEUDONYM_NAME, bare));
    } else {
        struct slice inner = slice_trim(value);
        if (slice_equal_nocase(slice_trim(name), type)) {
            parts->type = inner;
            open_boundary(parts, inner);
        } else if (slice_equal_nocase(slice_trim(name), coding)) {
            parts->coding = inner;
        }
        redact_put_header_name(parts->redactor, name, parts->out);
        (void)buffer_append(parts->out, slice_of(": "));
        redact_put_header(parts->redactor, slice_trim(name), inner, parts->out);
    }
    (void)buffer_append(parts->out, slice_of("\r\n"));
}

/* The line end before a boundary belongs to the boundary. */
static void put_content(struct parts *parts, struct slice content)
{
    static const struct slice prefix = SLICE("multipart/"), coding = SLICE("base64");
    struct slice ending = content;
    size_t size = content.size;
    size -= size > 0 && content.data[size - 1] == '\n';
    size -= size > 0 && size < content.size && content.data[size - 1] == '\r';
    ending = slice_from(content, size);
    content.size = size;
    if (slice_starts_nocase(parts->type, prefix)) {
        if (slice_trim(content).size > 0) {
            (void)redact_put_value(parts->redactor, PLACE_TEXT, slice_trim(content), parts->out);
        }
    } else if (slice_equal_nocase(parts->coding, coding)) {
        put_base64(parts->redactor, parts->type, content, parts->out);
    } else if (is_plain_coding(parts->coding)) {
        put_document(parts->redactor, parts->type, content, parts->out);
    } else if (content.size > 0) {
        (void)buffer_append(parts->out, redact_text(parts->redactor, content));
    }
    (void)buffer_append(parts->out, ending);
}

static void put_multipart(struct redactor *redactor, struct slice type, struct slice body,
                          struct buffer *out)
{
    struct parts parts = {
        .redactor = redactor, .out = out, .type = type, .coding = nothing, .in_head = false};
    size_t begin = 0;
    open_boundary(&parts, type);
    for (size_t at = 0; at < body.size;) {
        size_t end = slice_find_byte(slice_from(body, at), '\n');
        end = end == SLICE_NONE ? body.size : at + end + 1;
        struct slice line = slice_sub(body, at, end - at);
        const struct slice *boundary = boundary_of(&parts, line);
        if (boundary) {
            if (!parts.in_head) {
                put_content(&parts, slice_sub(body, begin, at - begin));
            }
            (void)buffer_append(out, slice_sub(line, 0, 2));
            (void)buffer_append(out, redact_boundary(redactor, *boundary));
            (void)buffer_append(out, slice_from(line, 2 + boundary->size));
            parts.in_head = true;
            parts.type = nothing;
            parts.coding = nothing;
            begin = end;
        } else if (parts.in_head && slice_trim(line).size == 0) {
            (void)buffer_append(out, line);
            parts.in_head = false;
            begin = end;
        } else if (parts.in_head) {
            put_part_header(&parts, line);
            begin = end;
        }
        at = end;
    }
    if (!parts.in_head) {
        put_content(&parts, slice_from(body, begin));
    }
}

void redact_put_body(struct redactor *redactor, struct slice type, struct slice body,
                     struct buffer *out)
{
    static const struct slice multipart = SLICE("multipart/");
    if (slice_starts_nocase(type, multipart)) {
        put_multipart(redactor, type, body, out);
    } else {
        put_document(redactor, type, body, out);
    }
}
