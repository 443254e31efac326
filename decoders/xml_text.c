/*
 * Documents as libxml2 is given them. See xml_text.h.
 */
#include "decoders/xml_text.h"

#include <limits.h>
#include <stdlib.h>

enum { SCRATCH_KEPT = 1024 * 1024 /* bytes of transcription buffer kept between documents */ };

/* ---- positions ---- */

static bool is_continuation(char byte)
{
    return ((unsigned char)byte & 0xC0) == 0x80;
}

/* Bytes that the character at text[at] takes in the document. */
static size_t source_width(const struct xml_text *text, size_t at)
{
    if (text->encoding == XML_ENCODING_LATIN1) {
        return 1;
    }
    return slice_byte(text->text, at) >= 0xF0 ? 4 : 2;
}

size_t xml_text_offset(struct xml_text *text, size_t position)
{
    if (position > text->text.size) {
        position = text->text.size;
    }
    if (text->encoding == XML_ENCODING_UTF8) {
        return text->skipped + position;
    }
    if (position < text->mapped_text) {
        text->mapped_text = 0;
        text->mapped_source = 0;
    }
    for (; text->mapped_text < position; text->mapped_text++) {
        if (!is_continuation(text->text.data[text->mapped_text])) {
            text->mapped_source += source_width(text, text->mapped_text);
        }
    }
    return text->skipped + text->mapped_source;
}

/* ---- transcription ---- */

static size_t put_utf8(char *out, uint32_t code)
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xC0 | code >> 6);
        out[1] = (char)(0x80 | (code & 0x3F));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (char)(0xE0 | code >> 12);
        out[1] = (char)(0x80 | (code >> 6 & 0x3F));
        out[2] = (char)(0x80 | (code & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | code >> 18);
    out[1] = (char)(0x80 | (code >> 12 & 0x3F));
    out[2] = (char)(0x80 | (code >> 6 & 0x3F));
    out[3] = (char)(0x80 | (code & 0x3F));
    return 4;
}

static uint32_t utf16_unit(struct slice source, size_t at, enum xml_encoding encoding)
{
    uint32_t first = slice_byte(source, at);
    uint32_t second = slice_byte(source, at + 1);
    return encoding == XML_ENCODING_UTF16BE ? first << 8 | second : second << 8 | first;
}

/* One character at source[*at]; half a surrogate pair is U+FFFD. Two bytes must be there. */
static uint32_t utf16_take(struct slice source, size_t *at, enum xml_encoding encoding)
{
    uint32_t code = utf16_unit(source, *at, encoding);
    *at += 2;
    if (code < 0xD800 || code > 0xDFFF) {
        return code;
    }
    if (code <= 0xDBFF && source.size - *at >= 2) {
        uint32_t low = utf16_unit(source, *at, encoding);
        if (low >= 0xDC00 && low <= 0xDFFF) {
            *at += 2;
            return 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
        }
    }
    return 0xFFFD;
}

/* A surrogate pair that the end of the document splits is left out, as half a unit is. */
static bool is_cut_pair(struct slice source, size_t at, enum xml_encoding encoding)
{
    uint32_t unit = utf16_unit(source, at, encoding);
    return source.size - at < 4 && unit >= 0xD800 && unit <= 0xDBFF;
}

static struct slice transcribe(struct xml_text *text, struct slice source)
{
    /* ISO-8859-1 at most doubles; two bytes of UTF-16 become at most three. */
    size_t most = source.size * 2 + 4;
    if (text->scratch_capacity < most) {
        text->scratch = memory_grow(text->scratch, most, 1);
        text->scratch_capacity = most;
    }
    size_t size = 0;
    if (text->encoding == XML_ENCODING_LATIN1) {
        for (size_t at = 0; at < source.size; at++) {
            size += put_utf8(text->scratch + size, slice_byte(source, at));
        }
        return (struct slice){text->scratch, size};
    }
    for (size_t at = 0; source.size - at >= 2 && !is_cut_pair(source, at, text->encoding);) {
        size += put_utf8(text->scratch + size, utf16_take(source, &at, text->encoding));
    }
    return (struct slice){text->scratch, size};
}

/* ---- finding the encoding ---- */

/* The encoding that the XML declaration names; "" without one. */
static struct slice declared_encoding(struct slice text)
{
    static const struct slice opening = SLICE("<?xml");
    static const struct slice closing = SLICE("?>");
    static const struct slice name = SLICE("encoding");
    if (!slice_starts(text, opening)) {
        return (struct slice){"", 0};
    }
    struct slice head = slice_sub(text, 0, 256);
    head = slice_sub(head, 0, slice_find(head, closing));
    head = slice_from(head, slice_find(head, name));
    size_t quote = slice_find_byte(head, '"');
    size_t single = slice_find_byte(head, '\'');
    quote = single < quote ? single : quote;
    if (quote == SLICE_NONE) {
        return (struct slice){"", 0};
    }
    struct slice value = slice_from(head, quote + 1);
    size_t end = slice_find_byte(value, head.data[quote]);
    return slice_trim(slice_sub(value, 0, end == SLICE_NONE ? 0 : end));
}

static struct slice skip_blanks(struct slice text)
{
    size_t at = 0;
    while (at < text.size && (text.data[at] == ' ' || text.data[at] == '\t' ||
                              text.data[at] == '\r' || text.data[at] == '\n')) {
        at++;
    }
    return slice_from(text, at);
}

/* Finds the encoding and returns the document without its byte order mark. */
static struct slice find_encoding(struct slice document, enum xml_encoding *out)
{
    static const struct slice mark8 = SLICE("\xEF\xBB\xBF");
    static const struct slice mark16le = SLICE("\xFF\xFE");
    static const struct slice mark16be = SLICE("\xFE\xFF");
    static const struct slice open16le = SLICE("<\0");
    static const struct slice open16be = SLICE("\0<");
    *out = XML_ENCODING_UTF8;
    if (slice_starts(document, mark16le) || slice_starts(document, open16le)) {
        *out = XML_ENCODING_UTF16LE;
    } else if (slice_starts(document, mark16be) || slice_starts(document, open16be)) {
        *out = XML_ENCODING_UTF16BE;
    }
    if (*out != XML_ENCODING_UTF8) {
        return slice_from(document, document.data[0] == '<' || document.data[1] == '<' ? 0 : 2);
    }
    document = skip_blanks(document);
    if (slice_starts(document, mark8)) {
        return skip_blanks(slice_from(document, mark8.size));
    }
    static const struct slice latin1 = SLICE("iso-8859-1");
    if (slice_equal_nocase(declared_encoding(document), latin1)) {
        *out = XML_ENCODING_LATIN1;
    }
    return document;
}

struct slice xml_text_claim(const struct xml_text *text)
{
    /* clang-format off */
    static const struct { enum xml_encoding encoding; struct slice name; } fitting[] = {
        {XML_ENCODING_UTF8,    SLICE("utf-8")},
        {XML_ENCODING_UTF8,    SLICE("utf8")},
        {XML_ENCODING_UTF8,    SLICE("us-ascii")},
        {XML_ENCODING_UTF8,    SLICE("ascii")},
        {XML_ENCODING_LATIN1,  SLICE("iso-8859-1")},
        {XML_ENCODING_UTF16LE, SLICE("utf-16")},
        {XML_ENCODING_UTF16LE, SLICE("utf-16le")},
        {XML_ENCODING_UTF16BE, SLICE("utf-16")},
        {XML_ENCODING_UTF16BE, SLICE("utf-16be")},
    };
    /* clang-format on */
    struct slice declared = declared_encoding(text->text);
    if (declared.size == 0) {
        return declared; /* as nearly always */
    }
    for (size_t i = 0; i < sizeof fitting / sizeof fitting[0]; i++) {
        if (fitting[i].encoding == text->encoding &&
            slice_equal_nocase(fitting[i].name, declared)) {
            return (struct slice){"", 0};
        }
    }
    return declared;
}

const char *xml_encoding_name(enum xml_encoding encoding)
{
    switch (encoding) {
    case XML_ENCODING_UTF8:
        return "UTF-8";
    case XML_ENCODING_LATIN1:
        return "ISO-8859-1";
    case XML_ENCODING_UTF16LE:
    case XML_ENCODING_UTF16BE:
        return "UTF-16";
    }
    return "";
}

/* ---- crowded tags ---- */

/* Quoted strings in a piece without "<", up to the ">" that ends the tag. */
static size_t count_quoted(struct slice piece)
{
    size_t count = 0;
    char quote = '\0';
    for (size_t at = 0; at < piece.size; at++) {
        char byte = piece.data[at];
        if (quote != '\0') {
            quote = byte == quote ? '\0' : quote;
        } else if (byte == '>') {
            break;
        } else if (byte == '"' || byte == '\'') {
            quote = byte;
            count++;
        }
    }
    return count;
}

/* More attributes than `most` in a piece that begins behind a "<"? Each takes two quotes. */
static bool is_crowded(struct slice piece, size_t most)
{
    if (piece.size / 2 < most) {
        return false;
    }
    char first = piece.data[0];
    return first != '!' && first != '?' && first != '/' && count_quoted(piece) > most;
}

/* Position of the first start tag with more than `most` attributes, or SLICE_NONE. */
static size_t find_crowded_tag(struct slice text, size_t most)
{
    size_t open = slice_find_byte(text, '<');
    while (open != SLICE_NONE) {
        struct slice rest = slice_from(text, open + 1);
        size_t size = slice_find_byte(rest, '<');
        if (is_crowded(slice_sub(rest, 0, size), most)) {
            return open;
        }
        open = size == SLICE_NONE ? SLICE_NONE : open + 1 + size;
    }
    return SLICE_NONE;
}

/* ---- opening and closing ---- */

static void cut_at(struct xml_text *text, enum xml_status status, size_t position,
                   const char *problem)
{
    text->cut = status;
    text->cut_problem = problem;
    text->text = slice_sub(text->text, 0, position);
}

void xml_text_open(struct xml_text *text, struct slice document, const struct limits *limits)
{
    /* libxml2 counts in int; transcription may double the size. */
    size_t most = limits->xml_bytes < INT_MAX / 4 ? limits->xml_bytes : INT_MAX / 4;
    struct slice source = find_encoding(slice_sub(document, 0, most), &text->encoding);
    text->skipped = document.size > 0 ? (size_t)(source.data - document.data) : 0;
    text->mapped_text = 0;
    text->mapped_source = 0;
    text->text = text->encoding == XML_ENCODING_UTF8 ? source : transcribe(text, source);
    text->cut = XML_OK;
    if (document.size > most) {
        cut_at(text, XML_REFUSED, text->text.size, "larger than the cap (xml_bytes)");
    }
    size_t zero = slice_find_byte(text->text, '\0');
    if (zero != SLICE_NONE) {
        cut_at(text, XML_BROKEN, zero, "NUL byte");
    }
    size_t crowded = find_crowded_tag(text->text, limits->xml_attributes);
    if (crowded != SLICE_NONE) {
        cut_at(text, XML_REFUSED, crowded, "more attributes than the cap (xml_attributes)");
    }
}

void xml_text_dispose(struct xml_text *text)
{
    free(text->scratch);
    *text = (struct xml_text){.text = {NULL, 0}};
}

void xml_text_close(struct xml_text *text)
{
    if (text->scratch_capacity > SCRATCH_KEPT) {
        xml_text_dispose(text);
    }
}
