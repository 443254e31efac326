/*
 * One SIP message as people read it. See message_text.h.
 *
 * Lines and folding: RFC 3261 section 7.3.1; multipart: RFC 2046 section 5.1; where a tag, a
 * comment, a CDATA section or an instruction ends: XML 1.0 sections 2.4 to 2.8 and 3.1. Whether
 * the XML is well-formed is not asked: a tag that has no end is text like any other.
 */
#include "reports/message_text.h"

#include <stdio.h>

#include "analyzer/engine/buffer.h"
#include "reports/text.h"

enum {
    INDENT = 2,     /* blanks a level */
    INDENTED = 16,  /* levels that are indented; deeper ones stand below each other */
    CHUNK = 512,    /* bytes made safe at once: how far `most` can be exceeded, times four */
    SNIFFED = 4096, /* bytes looked at to see whether it is text */
    BOUNDARIES = 8, /* multipart inside multipart; deeper ones stay lines of text */
    BOUNDARY = 256, /* RFC 2046 allows 70 characters */
    HEX_SHOWN = 16,
};

struct paper {
    struct buffer text;
    struct arena scratch; /* of the chunk that is being made safe */
    size_t most;
    const char *cut; /* the first byte of the message that is not shown; NULL = all is */
};

/* ---- writing ---- */

/* Is there room for what starts at `at`? If not, all from there on is left out. */
static bool has_room(struct paper *paper, const char *at)
{
    if (!paper->cut && paper->text.size >= paper->most) {
        paper->cut = at;
    }
    return !paper->cut;
}

/* At most CHUNK bytes, without the beginning of a character that goes on behind them. */
static struct slice chunk_of(struct slice bytes)
{
    if (bytes.size <= CHUNK) {
        return bytes;
    }
    for (size_t back = 0; back <= 3; back++) {
        unsigned char byte = slice_byte(bytes, CHUNK - back);
        if (byte >= 0xc0) {
            return slice_sub(bytes, 0, CHUNK - back);
        }
        if (byte < 0x80) {
            break;
        }
    }
    return slice_sub(bytes, 0, CHUNK);
}

/* Bytes of the message without line ends. */
static void put(struct paper *paper, struct slice bytes)
{
    while (bytes.size > 0 && has_room(paper, bytes.data)) {
        struct slice chunk = chunk_of(bytes);
        buffer_append(&paper->text, text_safe(chunk, false, &paper->scratch));
        arena_reset(&paper->scratch);
        bytes = slice_from(bytes, chunk.size);
    }
}

static void end_line(struct paper *paper)
{
    if (!paper->cut) {
        buffer_append_byte(&paper->text, '\n');
    }
}

/* The next line without its end; `*ended` = it had one. */
static struct slice take_line(struct slice *rest, bool *ended)
{
    struct slice line;
    *ended = slice_cut(*rest, '\n', &line, rest);
    if (*ended && line.size > 0 && line.data[line.size - 1] == '\r') {
        line.size--;
    }
    return line;
}

/* As it came, line ends included. */
static void put_lines(struct paper *paper, struct slice bytes)
{
    while (bytes.size > 0 && has_room(paper, bytes.data)) {
        bool ended;
        put(paper, take_line(&bytes, &ended));
        if (ended) {
            end_line(paper);
        }
    }
}

/* What follows starts on a line of its own. */
static void close_line(struct paper *paper)
{
    const struct buffer *text = &paper->text;
    if (text->size > 0 && text->data[text->size - 1] != '\n') {
        end_line(paper);
    }
}

/* ---- XML ---- */

enum piece_kind {
    PIECE_NONE, /* before the first one */
    PIECE_TEXT, /* CDATA as well */
    PIECE_OPEN,
    PIECE_CLOSE,
    PIECE_OTHER, /* an element without content, a comment, an instruction, a declaration */
};

static const struct slice comment_start = SLICE("<!--");
static const struct slice comment_end = SLICE("-->");
static const struct slice cdata_start = SLICE("<![CDATA[");
static const struct slice cdata_end = SLICE("]]>");
static const struct slice instruction_end = SLICE("?>");

static bool starts_name(char byte)
{
    return ascii_is_alpha(byte) || byte == '_' || byte == ':' || (unsigned char)byte >= 0x80;
}

static bool is_blank(struct slice text)
{
    return slice_trim(text).size == 0;
}

/* Up to and with `end`, which stands behind the first `from` bytes; everything without it. */
static size_t size_to(struct slice xml, size_t from, struct slice end)
{
    size_t at = slice_find(slice_from(xml, from), end);
    return at == SLICE_NONE ? SLICE_NONE : from + at + end.size;
}

/* A declaration, with the part in brackets that DOCTYPE can have. */
static size_t declaration_size(struct slice xml)
{
    size_t end = slice_find_byte(xml, '>');
    size_t bracket = slice_find_byte(slice_sub(xml, 0, end), '[');
    if (end == SLICE_NONE || bracket == SLICE_NONE) {
        return end == SLICE_NONE ? SLICE_NONE : end + 1;
    }
    size_t closed = size_to(xml, bracket, (struct slice)SLICE("]"));
    return closed == SLICE_NONE ? SLICE_NONE : size_to(xml, closed, (struct slice)SLICE(">"));
}

/*
 * A start or end tag, with its `>`. A `<` inside ends the search, in quotes too, where it is not
 * allowed: so no byte is looked at twice.
 */
static size_t tag_size(struct slice xml)
{
    char quote = 0;
    for (size_t i = 1; i < xml.size; i++) {
        char byte = xml.data[i];
        if (byte == '<') {
            return SLICE_NONE;
        }
        if (quote) {
            quote = byte == quote ? 0 : quote;
        } else if (byte == '"' || byte == '\'') {
            quote = byte;
        } else if (byte == '>') {
            return i + 1;
        }
    }
    return SLICE_NONE;
}

static size_t markup_size(struct slice xml, enum piece_kind *kind)
{
    char second = xml.size > 1 ? xml.data[1] : 0;
    *kind = PIECE_OTHER;
    if (slice_starts(xml, comment_start)) {
        return size_to(xml, comment_start.size, comment_end);
    }
    if (slice_starts(xml, cdata_start)) {
        *kind = PIECE_TEXT;
        return size_to(xml, cdata_start.size, cdata_end);
    }
    if (second == '?') {
        return size_to(xml, 2, instruction_end);
    }
    if (second == '!') {
        return declaration_size(xml);
    }
    if (second != '/' && !starts_name(second)) {
        *kind = PIECE_TEXT;
        return 1;
    }
    size_t size = tag_size(xml);
    if (second == '/') {
        *kind = PIECE_CLOSE;
    } else if (size != SLICE_NONE && xml.data[size - 2] != '/') {
        *kind = PIECE_OPEN;
    }
    if (size == SLICE_NONE) { /* the `<` alone: what follows it may be markup */
        *kind = PIECE_TEXT;
        return 1;
    }
    return size;
}

/* Markup or the text up to the next `<`. Markup without an end is text, up to the very end. */
static struct slice take_piece(struct slice *rest, enum piece_kind *kind)
{
    struct slice xml = *rest;
    size_t size = 0;
    *kind = PIECE_TEXT;
    if (xml.data[0] == '<') {
        size = markup_size(xml, kind);
    } else {
        size = slice_find_byte(xml, '<');
    }
    if (size == SLICE_NONE) {
        *kind = PIECE_TEXT;
        size = xml.size;
    }
    *rest = slice_from(xml, size);
    return slice_sub(xml, 0, size);
}

static void break_line(struct paper *paper, size_t depth, const char *at)
{
    if (has_room(paper, at)) {
        end_line(paper);
        for (size_t i = 0; i < INDENT * (depth < INDENTED ? depth : INDENTED); i++) {
            buffer_append_byte(&paper->text, ' ');
        }
    }
}

/* What stands between two pieces of markup: a new line, but nothing inside <a> </a>. */
static void put_between(struct paper *paper, enum piece_kind before, enum piece_kind kind,
                        struct slice gap, size_t depth, const char *at)
{
    bool hollow = before == PIECE_OPEN && kind == PIECE_CLOSE;
    if (before == PIECE_NONE || before == PIECE_TEXT) {
        return;
    }
    if (hollow && slice_find_byte(gap, '\n') == SLICE_NONE) {
        put(paper, gap);
    } else {
        break_line(paper, depth, at);
    }
}

/*
 * Markup behind markup gets a new line, markup behind text does not: so text stays what it is,
 * and an element that holds nothing else stays on one line.
 */
static void put_xml(struct paper *paper, struct slice xml)
{
    enum piece_kind before = PIECE_NONE;
    struct slice gap = {0};
    size_t depth = 0;
    while (xml.size > 0 && has_room(paper, xml.data)) {
        enum piece_kind kind;
        struct slice piece = take_piece(&xml, &kind);
        if (kind == PIECE_TEXT && before != PIECE_TEXT && is_blank(piece)) {
            gap = piece;
            continue;
        }
        if (kind == PIECE_TEXT) {
            put_lines(paper, gap);
        } else {
            depth -= kind == PIECE_CLOSE && depth > 0;
            put_between(paper, before, kind, gap, depth, piece.data);
            depth += kind == PIECE_OPEN;
        }
        put_lines(paper, piece);
        gap = (struct slice){0};
        before = kind;
    }
    close_line(paper);
}

/* ---- bodies ---- */

/* XML by its first and last characters: chat travels as text/plain (facts of XCCOS over SIP). */
static bool is_xml(struct slice body, struct slice type)
{
    static const struct slice mark = SLICE("\xef\xbb\xbf");
    struct slice text = slice_trim(slice_from(body, slice_starts(body, mark) ? mark.size : 0));
    if (text.size < 3 || text.data[0] != '<') {
        return false;
    }
    bool said = slice_find_nocase(type, (struct slice)SLICE("xml")) != SLICE_NONE;
    bool starts = starts_name(text.data[1]) || text.data[1] == '?' || text.data[1] == '!';
    return starts && (said || text.data[text.size - 1] == '>');
}

/* NUL, or more than an eighth that no text has: not so a text in which someone hides an escape. */
static bool is_binary(struct slice body)
{
    struct slice rest = slice_sub(body, 0, SNIFFED);
    size_t looked = rest.size;
    size_t odd = 0;
    while (rest.size > 0) {
        uint32_t code = 0;
        size_t size = text_character(rest, &code);
        if (size > 0 && code == 0) {
            return true;
        }
        odd += size == 0 || (code < 0x20 && !ascii_is_blank((char)code));
        rest = slice_from(rest, size > 0 ? size : 1);
    }
    return odd > looked / 8;
}

/* "[300 bytes that are no text: 30 82 01 28 ...]" */
static void put_binary(struct paper *paper, struct slice body)
{
    struct buffer *text = &paper->text;
    if (!has_room(paper, body.data)) {
        return;
    }
    buffer_append_byte(text, '[');
    buffer_append_u64(text, body.size);
    buffer_append_text(text,
                       body.size == 1 ? " byte that is no text:" : " bytes that are no text:");
    for (size_t i = 0; i < body.size && i < HEX_SHOWN; i++) {
        char hex[8];
        snprintf(hex, sizeof hex, " %02x", slice_byte(body, i));
        buffer_append_text(text, hex);
    }
    buffer_append_text(text, body.size > HEX_SHOWN ? " ...]\n" : "]\n");
}

static void put_part(struct paper *paper, struct slice body, struct slice type)
{
    if (is_binary(body)) {
        put_binary(paper, body);
    } else if (is_xml(body, type)) {
        put_xml(paper, body);
    } else {
        put_lines(paper, body);
        close_line(paper);
    }
}

/* The next `; name=value`, quotes taken off. */
static bool take_parameter(struct slice *rest, struct slice *name, struct slice *value)
{
    struct slice before;
    if (!slice_cut(*rest, ';', &before, rest) || !slice_cut(*rest, '=', name, value)) {
        return false;
    }
    for (size_t bare; (bare = slice_find_byte(*name, ';')) != SLICE_NONE;) {
        *name = slice_from(*name, bare + 1); /* behind a parameter without value */
    }
    *name = slice_trim(*name);
    *value = slice_trim(*value);
    if (value->size > 0 && value->data[0] == '"') {
        slice_cut(slice_from(*value, 1), '"', value, rest);
    } else {
        *rest = *value;
        size_t end = slice_find_byte(*value, ';');
        *value = slice_trim(slice_sub(*value, 0, end));
    }
    return true;
}

/* What separates the parts, of a type that has any; empty otherwise. */
static struct slice boundary_of(struct slice type)
{
    struct slice name, value;
    if (!slice_starts_nocase(slice_trim(type), (struct slice)SLICE("multipart/"))) {
        return (struct slice){0};
    }
    while (take_parameter(&type, &name, &value)) {
        if (slice_equal_nocase(name, (struct slice)SLICE("boundary"))) {
            return value.size <= BOUNDARY ? value : (struct slice){0};
        }
    }
    return (struct slice){0};
}

/* The multiparts that are open, the innermost last. */
struct parts {
    struct slice boundaries[BOUNDARIES];
    size_t depth;
};

/* A line between parts: how many multiparts are open behind it, and whether it ends one. */
struct border {
    size_t depth;
    bool closes;
};

static bool is_border(const struct parts *parts, struct slice line, struct border *border)
{
    static const struct slice dashes = SLICE("--");
    if (parts->depth == 0 || !slice_starts(line, dashes)) {
        return false;
    }
    line = slice_from(line, dashes.size);
    for (size_t level = parts->depth; level > 0; level--) {
        struct slice boundary = parts->boundaries[level - 1];
        if (slice_starts(line, boundary)) {
            struct slice behind = slice_trim(slice_from(line, boundary.size));
            border->closes = slice_equal(behind, dashes);
            border->depth = border->closes ? level - 1 : level;
            if (behind.size == 0 || border->closes) {
                return true;
            }
        }
    }
    return false;
}

/* What stands before the next line between parts. */
static struct slice take_part(const struct parts *parts, struct slice *rest)
{
    struct slice body = *rest;
    if (parts->depth == 0) {
        *rest = slice_from(body, body.size);
        return body;
    }
    while (rest->size > 0) {
        bool ended;
        struct border border;
        struct slice after = *rest;
        if (is_border(parts, take_line(&after, &ended), &border)) {
            break;
        }
        *rest = after;
    }
    return slice_sub(body, 0, body.size - rest->size);
}

/* One header field, with the lines that continue it; `after` is what follows its first line. */
static struct slice put_field(struct paper *paper, struct slice line, struct slice *after)
{
    struct slice field = line;
    put(paper, line);
    while (after->size > 0 && (after->data[0] == ' ' || after->data[0] == '\t')) {
        bool ended;
        struct slice more = take_line(after, &ended);
        field.size = (size_t)(more.data + more.size - field.data);
        if (!paper->cut) {
            buffer_append_byte(&paper->text, ' ');
        }
        put(paper, slice_trim(more));
    }
    close_line(paper);
    return field;
}

/* Header lines up to the empty one, which is taken too. The value of Content-Type as it came. */
static struct slice put_head(struct paper *paper, const struct parts *parts, struct slice *rest)
{
    struct slice type = {0};
    while (rest->size > 0 && has_room(paper, rest->data)) {
        bool ended;
        struct border border;
        struct slice after = *rest;
        struct slice line = take_line(&after, &ended);
        if (is_border(parts, line, &border)) {
            break;
        }
        *rest = after;
        if (line.size == 0) {
            end_line(paper);
            break;
        }
        struct slice name, value;
        bool named = slice_cut(put_field(paper, line, rest), ':', &name, &value);
        name = slice_trim(name);
        if (named && (slice_equal_nocase(name, (struct slice)SLICE("Content-Type")) ||
                      slice_equal_nocase(name, (struct slice)SLICE("c")))) {
            type = value;
        }
    }
    return type;
}

/* A multipart body is a sequence of lines that say which part ends and which begins. */
static void put_body(struct paper *paper, struct slice rest, struct slice type)
{
    struct parts parts = {.depth = 0};
    for (;;) {
        struct slice boundary = boundary_of(type);
        if (boundary.size > 0 && parts.depth < BOUNDARIES) {
            parts.boundaries[parts.depth++] = boundary;
        }
        put_part(paper, take_part(&parts, &rest), type);
        if (rest.size == 0 || !has_room(paper, rest.data)) {
            return;
        }
        bool ended;
        struct border border = {0};
        struct slice line = take_line(&rest, &ended);
        is_border(&parts, line, &border); /* it is one: take_part() ended there */
        put(paper, line);
        end_line(paper);
        parts.depth = border.depth;
        type = border.closes ? (struct slice){0} : put_head(paper, &parts, &rest);
    }
}

/* Empty lines before the start line are no part of it (RFC 3261 section 7.5). */
static struct slice without_empty_lines(struct slice raw)
{
    while (raw.size > 0 && (raw.data[0] == '\r' || raw.data[0] == '\n')) {
        raw = slice_from(raw, 1);
    }
    return raw;
}

static void put_more(struct buffer *text, size_t more)
{
    if (text->size > 0 && text->data[text->size - 1] != '\n') {
        buffer_append_byte(text, '\n');
    }
    buffer_append_byte(text, '[');
    buffer_append_u64(text, more);
    buffer_append_text(text, more == 1 ? " more byte]\n" : " more bytes]\n");
}

struct slice message_text(struct slice raw, size_t most, struct arena *arena)
{
    struct paper paper = {.most = most};
    const struct parts none = {.depth = 0};
    struct slice rest = without_empty_lines(raw);
    buffer_init(&paper.text, SIZE_MAX);
    arena_init(&paper.scratch);
    struct slice type = put_head(&paper, &none, &rest);
    if (rest.size > 0 && has_room(&paper, rest.data)) {
        put_body(&paper, rest, type);
    }
    if (paper.cut) {
        put_more(&paper.text, (size_t)(raw.data + raw.size - paper.cut));
    }
    struct slice text = buffer_take(&paper.text, arena);
    arena_dispose(&paper.scratch);
    return text;
}
