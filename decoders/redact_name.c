/*
 * Single names: pseudonyms that are known already, what a text looks like, hosts, boilerplate. See
 * redact.h.
 */
#include <stdlib.h>

#include "decoders/redact_parts.h"

enum {
    CACHE_NAMES = 16384, /* names that are known at a time */
    CACHE_TEXT = 128,    /* bytes of the longest of them */
};

struct redactor *redactor_new(const struct pseudonym_key *key, struct map_seed seed)
{
    struct redactor *redactor = memory_zero(1, sizeof *redactor);
    redactor->names = pseudonyms_new(key);
    arena_init(&redactor->arena);
    arena_init(&redactor->kept);
    map_init(&redactor->cache, seed);
    map_init(&redactor->words, seed);
    map_init(&redactor->phrases, seed);
    map_init(&redactor->places, seed);
    map_init(&redactor->headers, seed);
    buffer_init(&redactor->out, SIZE_MAX);
    buffer_init(&redactor->value, SIZE_MAX);
    buffer_init(&redactor->plain, SIZE_MAX);
    redact_words_fill(redactor);
    redact_headers_fill(redactor);
    return redactor;
}

void redactor_free(struct redactor *redactor)
{
    if (redactor) {
        pseudonyms_free(redactor->names);
        map_dispose(&redactor->cache, NULL);
        map_dispose(&redactor->words, NULL);
        map_dispose(&redactor->phrases, NULL);
        map_dispose(&redactor->places, NULL);
        map_dispose(&redactor->headers, NULL);
        buffer_dispose(&redactor->out);
        buffer_dispose(&redactor->value);
        buffer_dispose(&redactor->plain);
        arena_dispose(&redactor->arena);
        arena_dispose(&redactor->kept);
        free(redactor);
    }
}

/* A buffer that one large message made large is not kept for the next. */
static void shrink(struct buffer *buffer)
{
    enum { KEPT = 1 << 20 };
    if (buffer->capacity > KEPT) {
        buffer_dispose(buffer);
    }
    buffer_clear(buffer);
}

void redact_begin(struct redactor *redactor)
{
    arena_reset(&redactor->arena);
    shrink(&redactor->out);
    shrink(&redactor->value);
    shrink(&redactor->plain);
    if (redactor->cache.count > CACHE_NAMES) {
        struct map_seed seed = redactor->cache.seed;
        map_dispose(&redactor->cache, NULL);
        map_init(&redactor->cache, seed);
        arena_reset(&redactor->kept);
    }
}

/* ---- pseudonyms that are known already ---- */

enum { KIND_HOST = 'h', KIND_USER = 'u' };

static struct slice make(struct redactor *redactor, char kind, struct slice text,
                         struct arena *arena)
{
    return kind == KIND_HOST ? pseudonym_host(redactor->names, text, arena)
           : kind == KIND_USER
               ? pseudonym_user(redactor->names, text, arena)
               : pseudonym_of(redactor->names, (enum pseudonym_kind)(kind - 'A'), text, arena);
}

static struct slice cached(struct redactor *redactor, char kind, struct slice text)
{
    char key[1 + CACHE_TEXT];
    if (text.size == 0 || text.size > CACHE_TEXT) {
        return make(redactor, kind, text, &redactor->arena);
    }
    key[0] = kind;
    memcpy(key + 1, text.data, text.size);
    struct map_entry *entry = map_keep(&redactor->cache, (struct slice){key, 1 + text.size});
    if (!entry->value) {
        struct slice *name = arena_alloc(&redactor->kept, sizeof *name);
        *name = make(redactor, kind, text, &redactor->kept);
        entry->value = name;
    }
    return *(const struct slice *)entry->value;
}

struct slice redact_name(struct redactor *redactor, enum pseudonym_kind kind, struct slice text)
{
    return cached(redactor, (char)('A' + (int)kind), text);
}

struct slice redact_host(struct redactor *redactor, struct slice host)
{
    return cached(redactor, KIND_HOST, host);
}

struct slice redact_person(struct redactor *redactor, struct slice user)
{
    return cached(redactor, KIND_USER, user);
}

/* ---- what a text looks like ---- */

bool redact_is_number(struct slice text, size_t most)
{
    size_t digits = 0;
    for (size_t i = 0; i < text.size; i++) {
        if (ascii_is_digit(text.data[i])) {
            digits++;
        } else if (i > 0 || text.data[i] != '-') {
            return false;
        }
    }
    return digits > 0 && digits <= most;
}

static bool is_hex(char c)
{
    char lower = ascii_lower(c);
    return ascii_is_digit(c) || (lower >= 'a' && lower <= 'f');
}

/* Without the braces that it may have; the text as it is when it is no GUID. */
static struct slice guid_inside(struct slice text, bool *guid)
{
    enum { SIZE = 36 };
    if (text.size == SIZE + 2 && text.data[0] == '{' && text.data[SIZE + 1] == '}') {
        text = slice_sub(text, 1, SIZE);
    }
    *guid = text.size == SIZE;
    for (size_t i = 0; i < text.size && *guid; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        *guid = dash ? text.data[i] == '-' : is_hex(text.data[i]);
    }
    return text;
}

/*
 * Made of time and place: behind the last hyphen stands the address of a network interface, unless
 * the bit for groups is set, which a random number has there. Databases show such a GUID with the
 * bytes of its first fields turned round. RFC 4122 sections 4.1.3, 4.1.6 and 4.5.
 */
static bool names_machine(struct slice guid)
{
    enum { VERSION = 14, TURNED_VERSION = 16, VARIANT = 19, NODE_LOW = 25 };
    bool timed = guid.data[VERSION] == '1' || (guid.data[TURNED_VERSION] == '1' &&
                                               memchr("2345678", guid.data[VERSION], 7) == NULL);
    bool usual = memchr("89abAB", guid.data[VARIANT], 6) != NULL;
    bool group = memchr("13579bdfBDF", guid.data[NODE_LOW], 11) != NULL;
    return timed && usual && !group;
}

bool redact_is_guid(struct slice text)
{
    bool guid;
    (void)guid_inside(text, &guid);
    return guid;
}

bool redact_is_plain_guid(struct slice text)
{
    bool guid;
    text = guid_inside(text, &guid);
    return guid && !names_machine(text);
}

/* 2001:db8::15, with or without brackets. */
static bool is_address_six(struct slice text)
{
    size_t colons = 0;
    if (text.size > 2 && text.data[0] == '[' && text.data[text.size - 1] == ']') {
        text = slice_sub(text, 1, text.size - 2);
    }
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == ':') {
            colons++;
        } else if (!is_hex(text.data[i]) && text.data[i] != '.') {
            return false;
        }
    }
    return colons >= 2;
}

/* Labels with points between them, the last one of letters; or an address. */
bool redact_is_host(struct slice text)
{
    size_t points = 0, label = 0, letters = 0, digits = 0;
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        if (c == '.') {
            if (label == 0) {
                return false;
            }
            points++;
            label = 0;
            letters = 0;
        } else if (ascii_is_alpha(c) || ascii_is_digit(c) || c == '-' || c == '_') {
            label++;
            letters += ascii_is_alpha(c);
            digits += ascii_is_digit(c);
        } else {
            return is_address_six(text);
        }
    }
    bool four = points == 3 && digits + points == text.size;
    return points > 0 && label > 0 && (letters == label || four);
}

/* ---- hosts and paths ---- */

void redact_put_host(struct redactor *redactor, struct slice host, struct buffer *out)
{
    size_t end = slice_find_byte(host, ':');
    bool bracketed = host.size > 0 && host.data[0] == '[';
    if (bracketed) {
        size_t close = slice_find_byte(host, ']');
        end = close == SLICE_NONE ? host.size : close + 1;
    } else if (end == SLICE_NONE || slice_find_byte(slice_from(host, end + 1), ':') != SLICE_NONE) {
        end = host.size; /* no port, or an IPv6 address without brackets */
    }
    struct slice port = slice_from(host, end);
    (void)buffer_append(out, redact_host(redactor, slice_sub(host, 0, end)));
    if (port.size == 1 ||
        (port.size > 1 && redact_is_number(slice_from(port, 1), REDACT_SHORT_NUMBER))) {
        (void)buffer_append(out, port);
    } else if (port.size > 0) {
        (void)buffer_append_byte(out, ':');
        (void)buffer_append(out, redact_name(redactor, PSEUDONYM_NAME, port));
    }
}

void redact_put_part(struct redactor *redactor, struct slice part, struct buffer *out)
{
    bool plain = redact_is_plain_guid(part) || redact_is_number(part, REDACT_SHORT_NUMBER);
    (void)buffer_append(out, plain ? part : redact_name(redactor, PSEUDONYM_NAME, part));
}

/* ---- boilerplate ---- */

static bool is_phrase_word(const struct redactor *redactor, struct slice word)
{
    enum { MOST = 32 };
    char lower[MOST];
    for (size_t i = 0; i < word.size; i++) {
        if ((word.data[i] & 0x80) != 0) {
            return false; /* no server says so, but in a name */
        }
    }
    while (word.size > 0 && !ascii_is_alpha(word.data[0]) && !ascii_is_digit(word.data[0])) {
        word = slice_from(word, 1);
    }
    while (word.size > 0 && !ascii_is_alpha(word.data[word.size - 1]) &&
           !ascii_is_digit(word.data[word.size - 1])) {
        word.size--;
    }
    return word.size == 0 || redact_is_number(word, REDACT_SHORT_NUMBER) ||
           (word.size < sizeof lower &&
            map_find(&redactor->phrases, slice_lower(lower, sizeof lower, word)) != NULL);
}

static bool has_digit(struct slice word)
{
    for (size_t i = 0; i < word.size; i++) {
        if (ascii_is_digit(word.data[i])) {
            return true;
        }
    }
    return false;
}

void redact_put_phrase(struct redactor *redactor, struct slice text, struct buffer *out)
{
    size_t at = 0;
    bool number = false; /* the word before was one: several may be a telephone number */
    while (at < text.size) {
        size_t end = at;
        while (end < text.size && !ascii_is_blank(text.data[end])) {
            end++;
        }
        struct slice word = slice_sub(text, at, end - at);
        bool again = number;
        number = has_digit(word);
        (void)buffer_append(out, is_phrase_word(redactor, word) && !(again && number)
                                     ? word
                                     : redact_name(redactor, PSEUDONYM_TEXT, word));
        while (end < text.size && ascii_is_blank(text.data[end])) {
            (void)buffer_append_byte(out, text.data[end++]);
        }
        at = end;
    }
}

/* ---- for others ---- */

struct slice redact_id(struct redactor *redactor, struct slice id)
{
    return redact_name(redactor, PSEUDONYM_NAME, id);
}

struct slice redact_text(struct redactor *redactor, struct slice text)
{
    return redact_name(redactor, PSEUDONYM_TEXT, text);
}
