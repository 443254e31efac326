/*
 * File tokens and passwords in XML bodies. See mask.h.
 *
 * Elements are found by their "<" alone, without reading the document: a token in a body that
 * is cut, damaged or of another content type is masked as well. A "<" with a NUL behind it
 * opens an element in UTF-16; characters then are two bytes apart, in either byte order.
 * A token whose end was not captured, or that no document could hold, is filled like any other
 * secret: nobody asks for its hash.
 */
#include "decoders/mask.h"

#include "decoders/character.h"
#include "decoders/ticket.h"

enum { OTHER = 0xff }; /* a character in UTF-16 that is not ASCII */

/* A body while it is being masked. */
struct masking {
    struct slice body;
    size_t step;   /* bytes from one character to the next: 1, in UTF-16 2 */
    size_t copied; /* of the body, so far */
    struct buffer *out;
    struct buffer text; /* a value without its references */
    bool fits;
    bool odd; /* `text` is of a value that no XML reader would hand on */
};

/* The character at `at`; -1 at the end. */
static int unit(const struct masking *masking, size_t at)
{
    struct slice body = masking->body;
    if (at >= body.size || body.size - at < masking->step) {
        return -1;
    }
    bool wide = masking->step == 2 && body.data[at + 1] != '\0';
    return wide ? OTHER : slice_byte(body, at);
}

static bool is_blank_unit(int c)
{
    return c >= 0 && ascii_is_blank((char)c);
}

static void copy_until(struct masking *masking, size_t at)
{
    if (at > masking->copied) {
        struct slice piece = slice_sub(masking->body, masking->copied, at - masking->copied);
        masking->fits &= buffer_append(masking->out, piece);
        masking->copied = at;
    }
}

static void put(struct masking *masking, char c)
{
    masking->fits &= buffer_append_byte(masking->out, c);
    if (masking->step == 2) {
        masking->fits &= buffer_append_byte(masking->out, '\0');
    }
}

/* ---- values ---- */

/* Puts what the "&" at `at` stands for into the text; where the reference ends, or `at`. */
static size_t append_reference(struct masking *masking, size_t at, size_t end)
{
    enum { LONGEST = 12 };
    char name[LONGEST];
    size_t size = 0;
    uint32_t code;
    for (size_t i = at + masking->step; i < end && size < LONGEST; i += masking->step) {
        int c = unit(masking, i);
        if (c == ';' && character_reference((struct slice){name, size}, &code)) {
            character_append(&masking->text, code);
            return i + masking->step;
        }
        if (c == ';' || c < 0) {
            break;
        }
        name[size++] = (char)c;
    }
    return at;
}

/* Tokens are GUIDs: what is not ASCII may be broken, and is not looked at more closely. */
static bool is_plain(int c)
{
    return c < 0x80 && c != '&' && character_is_legal((uint32_t)c);
}

/* The value as an XML reader hands it on: references resolved, line ends as blanks. */
static struct slice plain_value(struct masking *masking, size_t begin, size_t end)
{
    buffer_clear(&masking->text);
    masking->odd = false;
    for (size_t at = begin; at < end;) {
        int c = unit(masking, at);
        size_t next = c == '&' ? append_reference(masking, at, end) : at;
        if (next == at) {
            masking->odd = masking->odd || !is_plain(c);
            bool half =
                c == '\r' && at + masking->step < end && unit(masking, at + masking->step) == '\n';
            if (!half) {
                (void)buffer_append_byte(&masking->text, is_blank_unit(c) ? ' ' : (char)c);
            }
            next = at + masking->step;
        }
        at = next;
    }
    return buffer_slice(&masking->text);
}

static void trim(const struct masking *masking, size_t *begin, size_t *end)
{
    while (*begin < *end && is_blank_unit(unit(masking, *begin))) {
        *begin += masking->step;
    }
    while (*begin < *end && is_blank_unit(unit(masking, *end - masking->step))) {
        *end -= masking->step;
    }
}

/* Bytes of the character of UTF-8 at `at` that is not ASCII; 0 = it is broken. RFC 3629. */
static size_t utf8_size(struct slice body, size_t at)
{
    unsigned char lead = slice_byte(body, at);
    size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || body.size - at < size) {
        return 0;
    }
    unsigned char low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    unsigned char high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    for (size_t i = 1; i < size; i++) {
        unsigned char byte = slice_byte(body, at + i);
        if (byte < (i == 1 ? low : 0x80) || byte > (i == 1 ? high : 0xbf)) {
            return 0;
        }
    }
    return size;
}

/* How many bytes at `at` are to be filled; 0 for blanks, and for what no document may hold: it
 * ends the reading there, before and after. */
static size_t fill_size(struct masking *masking, size_t at, size_t end)
{
    int c = unit(masking, at);
    if (c == '&') {
        buffer_clear(&masking->text);
        return append_reference(masking, at, end) - at;
    }
    if (masking->step == 1 && c >= 0x80) {
        return utf8_size(masking->body, at);
    }
    return is_plain(c) && !is_blank_unit(c) ? masking->step : 0;
}

/* `cut`: its end is missing, and lines behind it can be headers, which keep their colons. */
static void fill(struct masking *masking, size_t begin, size_t end, bool cut)
{
    for (size_t at = begin; at < end;) {
        size_t size = fill_size(masking, at, end);
        if (size == 0 || end - at < size || (cut && unit(masking, at) == ':')) {
            at += masking->step;
            continue;
        }
        copy_until(masking, at);
        for (size_t i = 0; i < size; i += masking->step) {
            put(masking, '~');
        }
        at += size;
        masking->copied = at;
    }
}

/* The token's name takes its place. */
static void mask_token(struct masking *masking, size_t begin, size_t end)
{
    static const char digits[] = "0123456789abcdef";
    trim(masking, &begin, &end);
    uint64_t hash = ticket_hash(plain_value(masking, begin, end));
    if (begin == end || masking->odd) {
        fill(masking, begin, end, false);
        return;
    }
    size_t room = (end - begin) / masking->step;
    copy_until(masking, begin);
    put(masking, '~');
    for (int shift = 4 * (TICKET_DIGITS - 1); shift >= 0; shift -= 4) {
        put(masking, digits[hash >> shift & 0xf]);
    }
    for (size_t i = TICKET_NAME; i < room; i++) {
        put(masking, '~');
    }
    masking->copied = end;
}

/* ---- elements ---- */

enum secret {
    SECRET_NONE,
    SECRET_TOKEN,    /* of an element `token`: its name takes its place */
    SECRET_TICKET,   /* something like it: likewise if it is a GUID, else filled */
    SECRET_GUID,     /* an attribute `token` elsewhere, as presence has them: only a GUID is one */
    SECRET_PASSWORD, /* filled: the hash of a word would give it away */
};

static bool is_guid(const struct masking *masking, size_t begin, size_t end)
{
    enum { SIZE = 36 };
    trim(masking, &begin, &end);
    if ((end - begin) / masking->step != SIZE) {
        return false;
    }
    for (size_t i = 0; i < SIZE; i++) {
        int c = unit(masking, begin + i * masking->step);
        char digit = ascii_lower((char)c);
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? c != '-' : !ascii_is_digit(digit) && (digit < 'a' || digit > 'f')) {
            return false;
        }
    }
    return true;
}

/* Was it masked already? */
static bool is_named(struct masking *masking, size_t begin, size_t end)
{
    uint64_t hash;
    trim(masking, &begin, &end);
    return unit(masking, begin) == '~' && ticket_named(plain_value(masking, begin, end), &hash);
}

/* Filled already: it is no token whose hash anybody could ask for. */
static bool is_filled(const struct masking *masking, size_t begin, size_t end)
{
    trim(masking, &begin, &end);
    for (size_t at = begin; at < end; at += masking->step) {
        if (unit(masking, at) != '~') {
            return false;
        }
    }
    return true;
}

static void mask_value(struct masking *masking, enum secret secret, size_t begin, size_t end,
                       bool whole)
{
    if (secret == SECRET_NONE || is_filled(masking, begin, end)) {
        return;
    }
    bool guid = is_guid(masking, begin, end) || is_named(masking, begin, end);
    if (secret == SECRET_GUID && whole && !guid) {
        return;
    }
    if (whole && secret != SECRET_PASSWORD && (guid || secret == SECRET_TOKEN)) {
        mask_token(masking, begin, end);
    } else {
        fill(masking, begin, end, !whole);
    }
}

static bool ends_name(int c)
{
    return c < 0 || is_blank_unit(c) || c == '/' || c == '>' || c == '=' || c == '<' || c == '"' ||
           c == '\'';
}

/* The local name at *at, cut to what a known one can have; *at moves behind it. */
static struct slice name_read(const struct masking *masking, size_t *at, char *room, size_t max)
{
    size_t size = 0;
    int c = unit(masking, *at);
    while (!ends_name(c)) {
        if (c == ':') {
            size = 0;
        } else if (size < max) {
            room[size++] = (char)c;
        }
        *at += masking->step;
        c = unit(masking, *at);
    }
    return (struct slice){room, size};
}

static bool holds(struct slice name, const struct slice *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (slice_find_nocase(name, words[i]) != SLICE_NONE) {
            return true;
        }
    }
    return false;
}

/* What nobody knows may be a ticket or a password all the same: the name decides, as in the
 * reports (reports/chat_unknown.c). */
static enum secret secret_of(struct slice name)
{
    static const struct slice token = SLICE("token");
    static const struct slice passwords[] = {SLICE("passw"), SLICE("secret"), SLICE("credential")};
    static const struct slice tickets[] = {SLICE("token"), SLICE("ticket")};
    return slice_equal(name, token)    ? SECRET_TOKEN
           : holds(name, passwords, 3) ? SECRET_PASSWORD
           : holds(name, tickets, 2)   ? SECRET_TICKET
                                       : SECRET_NONE;
}

static void skip_blanks(const struct masking *masking, size_t *at)
{
    while (is_blank_unit(unit(masking, *at))) {
        *at += masking->step;
    }
}

static bool starts_at(const struct masking *masking, size_t at, struct slice text)
{
    for (size_t i = 0; i < text.size; i++) {
        if (unit(masking, at + i * masking->step) != (unsigned char)text.data[i]) {
            return false;
        }
    }
    return true;
}

/* A part of a multipart body ends or begins here, or one of its headers: no value reaches beyond.
 */
static bool is_boundary(const struct masking *masking, size_t at)
{
    static const struct slice line = SLICE("\n--"), header = SLICE("content-");
    if (unit(masking, at) != '\n') {
        return false;
    }
    struct slice next = slice_sub(masking->body, at + 1, header.size);
    return starts_at(masking, at, line) || slice_equal_nocase(next, header);
}

/* Up to the mark, or to where no value can go on: a "<", the part's end, the body's end. */
static size_t find_end(const struct masking *masking, size_t at, int mark)
{
    int c = unit(masking, at);
    while (c >= 0 && c != mark && c != '<' && !is_boundary(masking, at)) {
        at += masking->step;
        c = unit(masking, at);
    }
    return at < masking->body.size ? at : masking->body.size;
}

enum { NAME_ROOM = 64 }; /* of a name, that much is looked at */

/* Where the value of the attribute at `at` ends. `element` is what its name says of the element. */
static size_t mask_attribute(struct masking *masking, enum secret element, size_t at)
{
    char room[NAME_ROOM];
    enum secret secret = secret_of(name_read(masking, &at, room, sizeof room));
    if (secret == SECRET_TOKEN && element != SECRET_TOKEN) {
        secret = SECRET_GUID;
    }
    skip_blanks(masking, &at);
    if (unit(masking, at) != '=') {
        return at;
    }
    at += masking->step;
    skip_blanks(masking, &at);
    int quote = unit(masking, at);
    if (quote != '"' && quote != '\'') {
        return at;
    }
    at += masking->step;
    size_t end = find_end(masking, at, quote);
    bool whole = unit(masking, end) == quote;
    mask_value(masking, secret, at, end, whole);
    return whole ? end + masking->step : end;
}

/* The element's text, which a CDATA section may hold. Where it ends. */
static size_t mask_content(struct masking *masking, enum secret secret, size_t at)
{
    static const struct slice open = SLICE("<![CDATA["), close = SLICE("]]>");
    size_t end = find_end(masking, at, '<');
    mask_value(masking, secret, at, end, unit(masking, end) == '<');
    if (!starts_at(masking, end, open)) {
        return end;
    }
    at = end + open.size * masking->step;
    end = at;
    while (unit(masking, end) >= 0 && !starts_at(masking, end, close) &&
           !is_boundary(masking, end)) {
        end += masking->step;
    }
    mask_value(masking, secret, at, end, starts_at(masking, end, close));
    return end;
}

/* The element whose "<" is at `at`. Where to look on. */
static size_t mask_element(struct masking *masking, size_t at)
{
    char room[NAME_ROOM];
    at += masking->step;
    enum secret secret = secret_of(name_read(masking, &at, room, sizeof room));
    int c = unit(masking, at);
    bool empty = false;
    while (c >= 0 && c != '>' && c != '<') {
        size_t before = at;
        if (!ends_name(c)) {
            at = mask_attribute(masking, secret, at);
        }
        empty = c == '/';
        at = at > before ? at : at + masking->step;
        c = unit(masking, at);
    }
    return c == '>' && !empty && secret != SECRET_NONE
               ? mask_content(masking, secret, at + masking->step)
               : at;
}

bool mask_elements(struct slice body, struct buffer *out)
{
    struct masking masking = {.body = body, .step = 1, .out = out, .fits = true};
    buffer_init(&masking.text, body.size < SIZE_MAX / 4 ? 4 * body.size : SIZE_MAX);
    size_t at = 0;
    for (;;) {
        size_t open = slice_find_byte(slice_from(body, at), '<');
        if (open == SLICE_NONE) {
            break;
        }
        at += open;
        masking.step = at + 1 < body.size && body.data[at + 1] == '\0' ? 2 : 1;
        at = mask_element(&masking, at);
    }
    copy_until(&masking, body.size);
    buffer_dispose(&masking.text);
    return masking.fits;
}
