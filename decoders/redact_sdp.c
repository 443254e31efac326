/*
 * Session descriptions in pseudonyms, line by line. See redact.h.
 *
 * RFC 4566 section 5; RFC 5245 section 15 (candidates), RFC 3605 (rtcp). Lines keep their type and
 * attributes their name; numbers, known words and encodings stay. Keys go.
 */
#include "decoders/redact_parts.h"

enum { NUMBER_MOST = 20 };

/* Where an address of SDP stands, brackets do not. */
static void put_address(struct redactor *redactor, struct slice host, struct buffer *out)
{
    struct slice name = redact_host(redactor, host);
    bool bracketed = name.size > 2 && name.data[0] == '[';
    (void)buffer_append(out, bracketed ? slice_sub(name, 1, name.size - 2) : name);
}

static void put_word(struct redactor *redactor, struct slice word, struct buffer *out)
{
    static const struct slice dash = SLICE("-"), four = SLICE("IP4"), six = SLICE("IP6");
    if (slice_equal_nocase(word, four)) {
        (void)buffer_append(out, six); /* pseudonyms of addresses are of the other family */
    } else if (slice_equal(word, dash) || redact_is_number(word, NUMBER_MOST) ||
               redact_is_word(redactor, word)) {
        (void)buffer_append(out, word);
    } else if (redact_is_uri(word)) {
        redact_put_uri(redactor, word, out);
    } else if (redact_is_host(word)) {
        put_address(redactor, word, out);
    } else {
        (void)buffer_append(out, redact_name(redactor, PSEUDONYM_NAME, word));
    }
}

static void put_words(struct redactor *redactor, struct slice line, struct buffer *out)
{
    while (line.size > 0) {
        struct slice word;
        bool more = slice_cut(line, ' ', &word, &line);
        struct slice inner = slice_trim(word);
        if (inner.size > 0) {
            put_word(redactor, inner, out);
        }
        if (more) {
            (void)buffer_append_byte(out, ' ');
        }
    }
}

/* Attributes that say how something is encoded, and nothing of anybody. */
static bool is_plain_attribute(struct slice name)
{
    static const struct slice known[] = {SLICE("rtpmap"),    SLICE("fmtp"),  SLICE("ptime"),
                                         SLICE("maxptime"),  SLICE("setup"), SLICE("accept-types"),
                                         SLICE("encryption")};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (slice_equal_nocase(name, known[i])) {
            return true;
        }
    }
    return false;
}

/* Every word of an encoding has a number or a media type in it. */
static void put_encoding(struct redactor *redactor, struct slice value, struct buffer *out)
{
    bool more = value.size > 0;
    while (more) {
        struct slice word;
        bool plain = false;
        more = slice_cut(value, ' ', &word, &value);
        for (size_t i = 0; i < word.size; i++) {
            plain = plain || ascii_is_digit(word.data[i]) || word.data[i] == '/';
        }
        if (plain) {
            (void)buffer_append(out, word);
        } else {
            put_words(redactor, word, out);
        }
        (void)buffer_append(out, more ? slice_of(" ") : slice_of(""));
    }
}

/* "name:value"; a value that looks like a name of somebody does not stay in any attribute. */
static void put_attribute(struct redactor *redactor, struct slice line, struct buffer *out)
{
    struct slice name, value;
    bool valued = slice_cut(line, ':', &name, &value);
    redact_put_parameter_name(redactor, name, valued, out);
    if (!valued) {
        return;
    }
    (void)buffer_append_byte(out, ':');
    if (is_plain_attribute(name) && slice_find_byte(value, '@') == SLICE_NONE &&
        slice_find_byte(value, '.') == SLICE_NONE) {
        put_encoding(redactor, value, out);
    } else {
        put_words(redactor, value, out);
    }
}

/* The name at the front is somebody's, and so it is when it is a number. */
static void put_origin(struct redactor *redactor, struct slice value, struct buffer *out)
{
    static const struct slice dash = SLICE("-");
    struct slice name, rest;
    bool more = slice_cut(value, ' ', &name, &rest);
    bool stays = slice_equal(name, dash) || redact_is_number(name, 1);
    (void)buffer_append(out, stays ? name : redact_name(redactor, PSEUDONYM_NAME, name));
    (void)buffer_append(out, more ? slice_of(" ") : slice_of(""));
    put_words(redactor, rest, out);
}

/* "AS:512". */
static bool is_bandwidth(struct slice value)
{
    static const struct slice known[] = {SLICE("CT"), SLICE("AS"), SLICE("TIAS"),
                                         SLICE("RR"), SLICE("RS"), SLICE("X-YZ")};
    struct slice kind, number;
    bool found = false;
    (void)slice_cut(value, ':', &kind, &number);
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        found = found || slice_equal(kind, known[i]);
    }
    return found && redact_is_number(number, NUMBER_MOST);
}

/* Without its line end. */
static void put_line(struct redactor *redactor, struct slice line, struct buffer *out)
{
    static const struct slice texts = SLICE("siuep"), plain = SLICE("vtrz"), session = SLICE("-");
    if (line.size < 2 || line.data[1] != '=') {
        (void)buffer_append(out, redact_text(redactor, line));
        return;
    }
    char type = line.data[0];
    struct slice value = slice_from(line, 2);
    (void)buffer_append(out, slice_sub(line, 0, 2));
    if (type == 'a') {
        put_attribute(redactor, value, out);
    } else if (type == 'o') {
        put_origin(redactor, value, out);
    } else if (type == 'k') {
        (void)buffer_append_byte(out, '~');
    } else if (slice_find_byte(texts, type) != SLICE_NONE) {
        bool stays = slice_equal(value, session) || redact_is_word(redactor, value);
        (void)buffer_append(out, stays ? value : redact_text(redactor, value));
    } else if (slice_find_byte(plain, type) != SLICE_NONE) {
        put_words(redactor, value, out);
    } else if (type == 'b') {
        (void)buffer_append(out, is_bandwidth(value) ? value : redact_text(redactor, value));
    } else {
        put_words(redactor, value, out);
    }
}

void redact_put_sdp(struct redactor *redactor, struct slice text, struct buffer *out)
{
    while (text.size > 0) {
        struct slice line;
        bool more = slice_cut(text, '\n', &line, &text);
        struct slice bare = line;
        while (bare.size > 0 && bare.data[bare.size - 1] == '\r') {
            bare.size--;
        }
        if (bare.size > 0) {
            put_line(redactor, bare, out);
        }
        (void)buffer_append(out, slice_from(line, bare.size));
        if (more) {
            (void)buffer_append_byte(out, '\n');
        }
    }
}
