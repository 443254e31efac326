/*
 * One value of a document: whether it stays, and what takes its place. See redact.h.
 */
#include <stdlib.h>

#include "analyzer/engine/compliance.h"
#include "decoders/multipart.h"
#include "decoders/redact_parts.h"
#include "decoders/ticket.h"

enum {
    NUMBER_MOST = 20, /* digits of the longest number that a protocol has */
    TIME_MOST = 40,   /* bytes of the longest time */
    TEXT_LONG = 64,   /* bytes from which on a posted text keeps its length */
    TAG_MOST = 256,   /* bytes of an HTML tag, as chat-post-html reads them */
};

/* 2026-11-20T10:00:00.123Z and its kin; nothing but digits and signs, so it can name nobody. */
static bool is_time(struct slice text)
{
    static const struct slice signs = SLICE("-:.+TZtz ");
    enum { DAY = 10 }; /* bytes of a date; a telephone number with its dashes goes on or is none */
    if (text.size < DAY || text.size > TIME_MOST || text.data[5] > '1' || text.data[8] > '3' ||
        (text.size > DAY && ascii_lower(text.data[DAY]) != 't' && text.data[DAY] != ' ')) {
        return false;
    }
    for (size_t i = 0; i < text.size; i++) {
        bool dash = i == 4 || i == 7;
        if (i < DAY && (dash ? text.data[i] != '-' : !ascii_is_digit(text.data[i]))) {
            return false;
        }
        if (!ascii_is_digit(text.data[i]) && slice_find_byte(signs, text.data[i]) == SLICE_NONE) {
            return false;
        }
    }
    return true;
}

/* SUCCESS_OK: words of codes; machines have names like SEOUL_FE01. */
static bool is_code_name(struct slice text)
{
    static const struct slice known[] = {
        SLICE("SUCCESS"),   SLICE("OK"),      SLICE("OPERATION"), SLICE("FAILED"),
        SLICE("EXAMPLE"),   SLICE("NO"),      SLICE("SUCH"),      SLICE("ROOM"),
        SLICE("NOT"),       SLICE("ALLOWED"), SLICE("ERROR"),     SLICE("FAILURE"),
        SLICE("INVALID"),   SLICE("DENIED"),  SLICE("ACCESS"),    SLICE("PERMISSION"),
        SLICE("NOTALLOWED")};
    bool more = slice_find_byte(text, '_') != SLICE_NONE;
    while (more) {
        struct slice word;
        bool found = false;
        more = slice_cut(text, '_', &word, &text);
        for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
            found = found || slice_equal(word, known[i]);
        }
        if (!found) {
            return false;
        }
        if (!more) {
            return true;
        }
    }
    return false;
}

/* "userState", or "s:userState" with any prefix of one letter or two. */
static bool is_word(const struct redactor *redactor, struct slice text)
{
    enum { PREFIX = 3 };
    struct slice prefix, local;
    return redact_is_word(redactor, text) ||
           (slice_cut(text, ':', &prefix, &local) && prefix.size <= PREFIX &&
            redact_is_word(redactor, local));
}

static bool stays(const struct redactor *redactor, struct slice value, size_t digits)
{
    return value.size == 0 || redact_is_number(value, digits) || is_word(redactor, value) ||
           redact_is_plain_guid(value) || is_time(value) || is_code_name(value);
}

/* ---- by form ---- */

/* Several addresses with blanks between them. */
static bool is_uri_list(struct slice value)
{
    bool any = false;
    while (value.size > 0) {
        struct slice word;
        (void)slice_cut(value, ' ', &word, &value);
        if (word.size > 0 && !redact_is_uri(word)) {
            return false;
        }
        any = any || word.size > 0;
    }
    return any;
}

static void put_uri_list(struct redactor *redactor, struct slice value, struct buffer *out)
{
    while (value.size > 0) {
        struct slice word;
        bool more = slice_cut(value, ' ', &word, &value);
        if (word.size > 0) {
            redact_put_uri(redactor, word, out);
        }
        if (more) {
            (void)buffer_append_byte(out, ' ');
        }
    }
}

/* An unknown command keeps what it is one of. */
static bool put_command(struct redactor *redactor, struct slice value, struct buffer *out)
{
    static const struct slice prefixes[] = {SLICE("cmd:"), SLICE("rpl:"), SLICE("ntc:")};
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
        if (slice_starts_nocase(value, prefixes[i])) {
            (void)buffer_append(out, slice_sub(value, 0, prefixes[i].size));
            struct slice name = slice_from(value, prefixes[i].size);
            (void)buffer_append(out, redact_name(redactor, PSEUDONYM_NAME, name));
            return true;
        }
    }
    return false;
}

static bool put_any(struct redactor *redactor, struct slice value, size_t digits,
                    struct buffer *out)
{
    if (stays(redactor, value, digits)) {
        return false;
    }
    if (is_uri_list(value)) {
        put_uri_list(redactor, value, out);
    } else if (redact_is_host(value)) {
        redact_put_host(redactor, value, out);
    } else if (!put_command(redactor, value, out)) {
        (void)buffer_append(out, redact_text(redactor, value));
    }
    return true;
}

/* ---- texts ---- */

static bool is_letter_or_digit(char c)
{
    return ascii_is_alpha(c) || ascii_is_digit(c);
}

/* Tags without what stands in them: the rules ask whether there are any. */
static void put_tags(struct slice text, struct buffer *out)
{
    static const struct slice known[] = {
        SLICE("a"),    SLICE("b"),    SLICE("body"), SLICE("br"),     SLICE("div"),   SLICE("em"),
        SLICE("font"), SLICE("html"), SLICE("i"),    SLICE("img"),    SLICE("li"),    SLICE("ol"),
        SLICE("p"),    SLICE("s"),    SLICE("span"), SLICE("strong"), SLICE("table"), SLICE("td"),
        SLICE("tr"),   SLICE("u"),    SLICE("ul")};
    for (size_t at = slice_find_byte(text, '<'); at != SLICE_NONE;
         at = slice_find_byte(text, '<')) {
        text = slice_from(text, at + 1);
        size_t begin = text.size > 0 && text.data[0] == '/';
        size_t size = 0;
        while (begin + size < text.size && is_letter_or_digit(text.data[begin + size])) {
            size++;
        }
        bool closed = slice_find_byte(slice_sub(text, 0, TAG_MOST), '>') != SLICE_NONE;
        for (size_t i = 0; closed && i < sizeof known / sizeof known[0]; i++) {
            if (slice_equal_nocase(slice_sub(text, begin, size), known[i])) {
                (void)buffer_append_byte(out, '<');
                (void)buffer_append(out, slice_sub(text, 0, begin + size));
                (void)buffer_append_byte(out, '>');
                return;
            }
        }
    }
}

/* References to stored files: xccos.md 1.13. The last part names the file. */
static void put_links(struct redactor *redactor, struct slice text, struct buffer *out)
{
    static const struct slice mark = SLICE("ma-filelink:"), ends = SLICE(" \t\r\n\"'<>");
    for (size_t at = slice_find_nocase(text, mark); at != SLICE_NONE;
         at = slice_find_nocase(text, mark)) {
        text = slice_from(text, at);
        size_t size = 0;
        while (size < text.size && slice_find_byte(ends, text.data[size]) == SLICE_NONE) {
            size++;
        }
        (void)buffer_append_byte(out, ' ');
        redact_put_uri(redactor, slice_sub(text, 0, size), out);
        text = slice_from(text, size);
    }
}

static void put_chat(struct redactor *redactor, struct slice text, struct buffer *out)
{
    struct buffer plain, links;
    size_t begin = out->size;
    buffer_init(&plain, SIZE_MAX);
    buffer_init(&links, SIZE_MAX);
    compliance_fold(text, &plain); /* as an export would have it, too */
    struct slice seen = buffer_slice(&plain);
    (void)buffer_append(out, redact_text(redactor, seen));
    put_tags(text, out);
    put_links(redactor, seen, &links);
    while (seen.size > TEXT_LONG && out->size - begin + links.size < seen.size) {
        (void)buffer_append_byte(out, '~');
    }
    (void)buffer_append(out, buffer_slice(&links));
    buffer_dispose(&plain);
    buffer_dispose(&links);
}

struct slice redact_chat(struct redactor *redactor, struct slice text)
{
    buffer_clear(&redactor->value);
    put_chat(redactor, text, &redactor->value);
    return arena_keep(&redactor->arena, buffer_slice(&redactor->value));
}

/* ---- by place ---- */

/* Numbers and parts of room URIs between commas. */
static bool put_list(struct redactor *redactor, struct slice value, struct buffer *out)
{
    struct slice rest = value, part;
    bool more = true;
    if (redact_is_uri(value) || redact_is_host(value) ||
        stays(redactor, value, REDACT_SHORT_NUMBER)) {
        return put_any(redactor, value, REDACT_SHORT_NUMBER, out);
    }
    while (more) {
        more = slice_cut(rest, ',', &part, &rest);
        struct slice inner = slice_trim(part);
        size_t before = (size_t)(inner.data - part.data);
        (void)buffer_append(out, slice_sub(part, 0, before));
        redact_put_part(redactor, inner, out);
        (void)buffer_append(out, slice_from(part, before + inner.size));
        if (more) {
            (void)buffer_append_byte(out, ',');
        }
    }
    return true;
}

/* What pairs a token's uses: decoders/ticket.h. */
static void put_token(struct slice value, struct buffer *out)
{
    static const char digits[] = "0123456789abcdef";
    uint64_t hash = ticket_hash(value);
    (void)buffer_append_byte(out, '~');
    for (int shift = 4 * (TICKET_DIGITS - 1); shift >= 0; shift -= 4) {
        (void)buffer_append_byte(out, digits[hash >> shift & 0xf]);
    }
}

static bool is_base64(struct redactor *redactor, struct slice value)
{
    struct slice bytes;
    size_t digits = 0;
    for (size_t i = 0; i < value.size; i++) {
        digits += !ascii_is_blank(value.data[i]) && value.data[i] != '=';
    }
    return digits % 4 != 1 && multipart_base64(value, &redactor->arena, &bytes) && bytes.size > 0;
}

/* The pseudonym of what was packed, packed the same way. */
static void put_packed(struct redactor *redactor, struct slice value, struct buffer *out)
{
    static const char symbols[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    struct slice name = redact_text(redactor, value);
    for (size_t i = 0; i < name.size; i += 3) {
        uint32_t group = 0;
        for (size_t k = 0; k < 3; k++) {
            group = group << 8 | (i + k < name.size ? slice_byte(name, i + k) : 0);
        }
        for (size_t k = 0; k < 4; k++) {
            bool padding = k > name.size - i;
            (void)buffer_append_byte(out, padding ? '=' : symbols[group >> (18 - 6 * k) & 0x3f]);
        }
    }
}

/* "plans/rack7.docx", or a URI. */
static void put_file(struct redactor *redactor, struct slice value, struct buffer *out)
{
    if (redact_is_uri(value)) {
        redact_put_uri(redactor, value, out);
    } else {
        redact_put_part(redactor, value, out);
    }
}

static bool put_host(struct redactor *redactor, struct slice value, struct buffer *out)
{
    if (stays(redactor, value, REDACT_SHORT_NUMBER)) {
        return false;
    }
    if (redact_is_uri(value)) {
        redact_put_uri(redactor, value, out);
    } else {
        redact_put_host(redactor, value, out);
    }
    return true;
}

/* Presence documents have tokens of another kind, which are words. */
static bool put_ticket(struct redactor *redactor, struct slice value, struct buffer *out)
{
    uint64_t hash;
    if (redact_is_word(redactor, value)) {
        return false;
    }
    if (redact_is_guid(value) || ticket_named(value, &hash)) {
        put_token(value, out);
    } else {
        (void)buffer_append(out, redact_text(redactor, value));
    }
    return true;
}

bool redact_put_value(struct redactor *redactor, enum redact_place place, struct slice value,
                      struct buffer *out)
{
    if (value.size == 0) {
        return false;
    }
    switch (place) {
    case PLACE_PLAIN:
        return put_any(redactor, value, NUMBER_MOST, out);
    case PLACE_LIST:
        return put_list(redactor, value, out);
    case PLACE_HOST:
        return put_host(redactor, value, out);
    case PLACE_TOKEN:
        return put_ticket(redactor, value, out);
    case PLACE_SLOTS:
        return !is_base64(redactor, value) && put_any(redactor, value, 0, out);
    case PLACE_CHAT:
        put_chat(redactor, value, out);
        return true;
    case PLACE_ROOM:
        (void)buffer_append(out, redact_room(redactor, value));
        return true;
    case PLACE_ID:
        (void)buffer_append(out, redact_id(redactor, value));
        return true;
    case PLACE_FILE:
        put_file(redactor, value, out);
        return true;
    case PLACE_TEXT:
        (void)buffer_append(out, redact_text(redactor, value));
        return true;
    case PLACE_BASE64:
        if (is_base64(redactor, value)) {
            put_packed(redactor, value, out);
            return true;
        }
        return put_any(redactor, value, 0, out);
    case PLACE_SECRET:
        (void)buffer_append_byte(out, '~');
        return true;
    case PLACE_ANY:
        break;
    }
    return put_any(redactor, value, REDACT_SHORT_NUMBER, out);
}
