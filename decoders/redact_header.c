/*
 * Header values in pseudonyms. See redact.h.
 *
 * RFC 3261 section 20; RFC 3325 (asserted identities), 3515, 3892, 3326 (Reason), 4244
 * (History-Info); ms-diagnostics: facts/presence.md 9.3. Headers nobody knows keep numbers and
 * known words, are read as addresses when they hold one, and are replaced whole otherwise.
 */
#include "decoders/redact_parts.h"
#include "decoders/sip_header.h"
#include "decoders/sip_start.h"
#include "decoders/sip_value.h"

enum { NUMBER_MOST = 20 };

/* ---- lists, with everything between their items ---- */

/* Where the quoted string at the front ends, behind its quote; the end when there is none. */
static size_t quoted_size(struct slice text)
{
    size_t at = 1;
    while (at < text.size && text.data[at] != '"') {
        at += text.data[at] == '\\' ? 2 : 1;
    }
    return at < text.size ? at + 1 : text.size;
}

static struct slice inside_quotes(struct slice quoted)
{
    bool closed = quoted.size > 1 && quoted.data[quoted.size - 1] == '"';
    return slice_sub(quoted, 1, quoted.size - (closed ? 2 : 1));
}

/* The text between quotes becomes `name`; a quote that was missing is missing still. */
static void put_quoted(struct slice quoted, struct slice name, struct buffer *out)
{
    (void)buffer_append_byte(out, '"');
    (void)buffer_append(out, name);
    if (quoted.size > 1 && quoted.data[quoted.size - 1] == '"') {
        (void)buffer_append_byte(out, '"');
    }
}

/* ";name=value" at the front; how much of the text it is. */
static size_t put_parameter(struct redactor *redactor, struct slice text, struct buffer *out)
{
    size_t size = 1;
    while (size < text.size && text.data[size] != ';' && text.data[size] != ',' &&
           text.data[size] != '=') {
        size++;
    }
    struct slice name = slice_trim(slice_sub(text, 1, size - 1));
    struct buffer value;
    bool valued = size < text.size && text.data[size] == '=';
    (void)buffer_append(out, slice_sub(text, 0, 1));
    redact_put_parameter_name(redactor, name, valued, out);
    if (!valued) {
        return size;
    }
    size_t begin = size + 1;
    while (begin < text.size && ascii_is_blank(text.data[begin])) {
        begin++;
    }
    (void)buffer_append_byte(out, '=');
    if (begin < text.size && text.data[begin] == '"') {
        size = begin + quoted_size(slice_from(text, begin));
        struct slice quoted = slice_sub(text, begin, size - begin);
        buffer_init(&value, SIZE_MAX);
        redact_put_parameter(redactor, name, inside_quotes(quoted), &value);
        put_quoted(quoted, buffer_slice(&value), out);
        buffer_dispose(&value);
        return size;
    }
    size = begin;
    while (size < text.size && text.data[size] != ';' && text.data[size] != ',') {
        size++;
    }
    redact_put_parameter(redactor, name, slice_trim(slice_sub(text, begin, size - begin)), out);
    return size;
}

/* A display name without quotes, or an address without brackets. */
static size_t put_words(struct redactor *redactor, struct slice text, struct buffer *out)
{
    static const struct slice star = SLICE("*"), ends = SLICE("\"<;,");
    size_t size = 0;
    while (size < text.size && slice_find_byte(ends, text.data[size]) == SLICE_NONE) {
        size++;
    }
    struct slice all = slice_sub(text, 0, size);
    struct slice words = slice_trim(all);
    size_t before = words.size > 0 ? (size_t)(words.data - all.data) : all.size;
    (void)buffer_append(out, slice_sub(all, 0, before));
    if (words.size > 0 && redact_is_uri(words)) {
        redact_put_uri(redactor, words, out);
    } else if (words.size > 0 && !slice_equal(words, star)) {
        (void)buffer_append(out, redact_text(redactor, words));
    } else {
        (void)buffer_append(out, words);
    }
    (void)buffer_append(out, slice_from(all, before + words.size));
    return size;
}

static struct slice unescaped(struct redactor *redactor, struct slice quoted)
{
    return sip_unescape(inside_quotes(quoted), &redactor->arena);
}

/* What follows the brackets: parameters, and what should not be there. */
static void put_parameters(struct redactor *redactor, struct slice text, struct buffer *out)
{
    while (text.size > 0) {
        size_t size = 1;
        if (text.data[0] == ';') {
            size = put_parameter(redactor, text, out);
        } else if (ascii_is_blank(text.data[0]) || text.data[0] == ',') {
            (void)buffer_append_byte(out, text.data[0]);
        } else {
            while (size < text.size && text.data[size] != ';') {
                size++;
            }
            struct slice odd = slice_trim(slice_sub(text, 0, size));
            (void)buffer_append(out, redact_name(redactor, PSEUDONYM_NAME, odd));
        }
        text = slice_from(text, size);
    }
}

/* Where the bracket of an address stands: the last one before its URI; SLICE_NONE without. */
static size_t bracket_of(struct slice item, const struct sip_address *address)
{
    size_t at = (size_t)(address->uri.data - item.data);
    while (at > 0 && ascii_is_blank(item.data[at - 1])) {
        at--;
    }
    return at > 0 && item.data[at - 1] == '<' ? at - 1 : SLICE_NONE;
}

/* Quotes that never close, as in \"ada\" <sip:...>, still do not. */
static void put_display(struct redactor *redactor, struct slice text, struct slice name, bool odd,
                        struct buffer *out)
{
    struct slice inner = slice_trim(text);
    if (inner.size == 0) {
        (void)buffer_append(out, text);
        return;
    }
    const char *quote = odd ? "\\\"" : inner.data[0] == '"' ? "\"" : "";
    (void)buffer_append_text(out, quote);
    (void)buffer_append(out, redact_text(redactor, sip_unescape(name, &redactor->arena)));
    (void)buffer_append_text(out, quote);
    (void)buffer_append(out, slice_from(text, (size_t)(inner.data - text.data) + inner.size));
}

/* An address without brackets, or what else stands in its place. */
static void put_bare(struct redactor *redactor, struct slice item, struct buffer *out)
{
    while (item.size > 0) {
        size_t size;
        char c = item.data[0];
        if (c == '"') {
            size = quoted_size(item);
            struct slice quoted = slice_sub(item, 0, size);
            put_quoted(quoted, redact_text(redactor, unescaped(redactor, quoted)), out);
        } else if (c == ';') {
            size = put_parameter(redactor, item, out);
        } else if (c == '<' || c == ',') {
            size = 1;
            (void)buffer_append_byte(out, c);
        } else {
            size = put_words(redactor, item, out);
        }
        item = slice_from(item, size);
    }
}

static void put_address(struct redactor *redactor, struct slice item, struct buffer *out)
{
    struct sip_address address = sip_address_read(item);
    size_t bracket = bracket_of(item, &address);
    if (bracket == SLICE_NONE) {
        put_bare(redactor, item, out);
        return;
    }
    size_t end = (size_t)(address.uri.data - item.data) + address.uri.size;
    bool closed = slice_find_byte(slice_from(item, end), '>') != SLICE_NONE;
    put_display(redactor, slice_sub(item, 0, bracket), address.display, address.odd && closed, out);
    (void)buffer_append_byte(out, '<');
    redact_put_uri(redactor, address.uri, out);
    if (closed) {
        (void)buffer_append_byte(out, '>');
        put_parameters(redactor, address.parameters, out);
    }
}

/* name-addr and addr-spec with their parameters, joined by commas. */
static void put_addresses(struct redactor *redactor, struct slice value, struct buffer *out)
{
    struct slice rest = value, item;
    const char *done = value.data;
    while (sip_list_next(&rest, &item)) {
        (void)buffer_append(out, (struct slice){done, (size_t)(item.data - done)});
        put_address(redactor, item, out);
        done = item.data + item.size;
    }
    (void)buffer_append(out, (struct slice){done, (size_t)(value.data + value.size - done)});
}

/* ---- lists ---- */

/* Pieces and their parameters between commas and blanks; `put` puts the piece that a text begins
 * with and returns its size. */
static void put_pieces(struct redactor *redactor, struct slice value, struct buffer *out,
                       size_t (*put)(struct redactor *redactor, struct slice text,
                                     struct buffer *out))
{
    while (value.size > 0) {
        char c = value.data[0];
        size_t size = 1;
        if (c == ';') {
            size = put_parameter(redactor, value, out);
        } else if (c == ',' || ascii_is_blank(c)) {
            (void)buffer_append_byte(out, c);
        } else {
            size = put(redactor, value, out);
        }
        value = slice_from(value, size);
    }
}

/* ---- Via ---- */

/* "SIP/2.0/TLS", with any blanks. */
static bool is_protocol(const struct redactor *redactor, struct slice head)
{
    static const struct slice sip = SLICE("SIP"), two = SLICE("2.0");
    struct slice name, version, transport;
    return slice_cut(head, '/', &name, &version) && slice_cut(version, '/', &version, &transport) &&
           slice_equal_nocase(slice_trim(name), sip) && slice_equal(slice_trim(version), two) &&
           redact_is_word(redactor, slice_trim(transport));
}

/* "SIP/2.0/TLS host:port", as sip_take.c reads it. */
static size_t put_sent_by(struct redactor *redactor, struct slice text, struct buffer *out)
{
    size_t size = 0, at = 0;
    while (size < text.size && text.data[size] != ';' && text.data[size] != ',') {
        size++;
    }
    for (int slashes = 0; at < size && slashes < 2; at++) {
        slashes += text.data[at] == '/';
    }
    while (at < size && ascii_is_blank(text.data[at])) {
        at++;
    }
    while (at < size && sip_is_token(text.data[at])) {
        at++;
    }
    struct slice host = slice_trim(slice_sub(text, at, size - at));
    struct slice head = slice_sub(text, 0, at);
    bool known = is_protocol(redactor, head);
    (void)buffer_append(out, known ? head : redact_name(redactor, PSEUDONYM_NAME, head));
    if (host.size > 0) {
        (void)buffer_append_byte(out, ' ');
        redact_put_host(redactor, host, out);
    }
    return size;
}

static void put_via(struct redactor *redactor, struct slice value, struct buffer *out)
{
    put_pieces(redactor, value, out, put_sent_by);
}

/* ---- others ---- */

static void put_same(struct redactor *redactor, struct slice value, struct buffer *out)
{
    (void)redactor;
    (void)buffer_append(out, value);
}

/* "4711 INVITE". */
static void put_sequence(struct redactor *redactor, struct slice value, struct buffer *out)
{
    while (value.size > 0) {
        struct slice word;
        bool more = slice_cut(value, ' ', &word, &value);
        if (redact_is_number(word, NUMBER_MOST) || word.size == 0) {
            (void)buffer_append(out, word);
        } else {
            redact_put_method(redactor, word, out);
        }
        if (more) {
            (void)buffer_append_byte(out, ' ');
        }
    }
}

static void put_id(struct redactor *redactor, struct slice value, struct buffer *out)
{
    (void)buffer_append(out, redact_id(redactor, value));
}

static void put_text(struct redactor *redactor, struct slice value, struct buffer *out)
{
    (void)buffer_append(out, redact_text(redactor, value));
}

/* The scheme says which kind of credentials these are; nothing else is anybody's business. */
static void put_scheme(struct redactor *redactor, struct slice value, struct buffer *out)
{
    static const struct slice known[] = {SLICE("NTLM"),   SLICE("Kerberos"),  SLICE("TLS-DSK"),
                                         SLICE("Digest"), SLICE("Negotiate"), SLICE("Basic")};
    struct slice scheme, rest;
    (void)redactor;
    (void)slice_cut(value, ' ', &scheme, &rest);
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (slice_equal_nocase(scheme, known[i])) {
            (void)buffer_append(out, scheme);
            (void)buffer_append_byte(out, ' ');
        }
    }
    (void)buffer_append_byte(out, '~');
}

/* Media types and what the product calls its own: tokens of any name. */
static bool is_tag(struct slice token)
{
    enum { MOST = 64 };
    static const struct slice fronts[] = {
        SLICE("ms-"),          SLICE("msrtc-"), SLICE("com.microsoft."), SLICE("vnd-microsoft-"),
        SLICE("application/"), SLICE("text/"),  SLICE("multipart/"),     SLICE("message/"),
        SLICE("image/"),       SLICE("audio/"), SLICE("video/"),         SLICE("*/*"),
        SLICE("gruu-")};
    bool front = false;
    for (size_t i = 0; i < sizeof fronts / sizeof fronts[0]; i++) {
        front = front || slice_starts_nocase(token, fronts[i]);
    }
    for (size_t i = 0; i < token.size; i++) {
        char c = token.data[i];
        if (!ascii_is_alpha(c) && !ascii_is_digit(c) && c != '-' && c != '/' && c != '+' &&
            c != '.' && c != '*') {
            return false;
        }
    }
    return front && token.size <= MOST;
}

/* Tokens, numbers and their parameters, joined by commas: what is none of them is a name. */
static void put_token(struct redactor *redactor, struct slice token, struct buffer *out)
{
    if (token.size == 0 || redact_is_number(token, NUMBER_MOST) ||
        redact_is_word(redactor, token) || is_tag(token)) {
        (void)buffer_append(out, token);
    } else if (redact_is_uri(token)) {
        redact_put_uri(redactor, token, out);
    } else {
        (void)buffer_append(out, redact_name(redactor, PSEUDONYM_NAME, token));
    }
}

/* A quoted string, or a token up to the next separator. */
static size_t put_word(struct redactor *redactor, struct slice text, struct buffer *out)
{
    size_t size = 0;
    if (text.data[0] == '"') {
        size = quoted_size(text);
        struct slice quoted = slice_sub(text, 0, size);
        put_quoted(quoted, redact_text(redactor, unescaped(redactor, quoted)), out);
        return size;
    }
    while (size < text.size && text.data[size] != ';' && text.data[size] != ',' &&
           text.data[size] != '"' && !ascii_is_blank(text.data[size])) {
        size++;
    }
    put_token(redactor, slice_sub(text, 0, size), out);
    return size;
}

static void put_tokens(struct redactor *redactor, struct slice value, struct buffer *out)
{
    put_pieces(redactor, value, out, put_word);
}

/* Words that everybody knows, in a comment or beside the product. */
static bool is_product_word(struct slice word)
{
    static const struct slice known[] = {
        SLICE("microsoft"), SLICE("lync"),      SLICE("office"),   SLICE("communicator"),
        SLICE("skype"),     SLICE("for"),       SLICE("business"), SLICE("communications"),
        SLICE("server"),    SLICE("2007"),      SLICE("2010"),     SLICE("2013"),
        SLICE("2015"),      SLICE("2016"),      SLICE("r2"),       SLICE("phone"),
        SLICE("edition"),   SLICE("attendant"), SLICE("group"),    SLICE("chat")};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (slice_equal_nocase(word, known[i])) {
            return true;
        }
    }
    return false;
}

/* "UCCAPI/15.0.4420.1017": letters, and a version that cannot be an address. */
static bool is_product(struct slice word)
{
    enum { MOST = 24 };
    struct slice name, version;
    bool versioned = slice_cut(word, '/', &name, &version);
    for (size_t i = 0; i < name.size; i++) {
        if (!ascii_is_alpha(name.data[i])) {
            return false;
        }
    }
    for (size_t i = 0; i < version.size; i++) {
        if (!ascii_is_digit(version.data[i]) && version.data[i] != '.') {
            return false;
        }
    }
    return (versioned && name.size > 0 && name.size <= MOST && version.size <= MOST) ||
           is_product_word(word);
}

/* A comment names the product in words that everybody knows, or it goes. */
static bool is_product_comment(struct slice comment)
{
    while (comment.size > 0) {
        struct slice word;
        (void)slice_cut(comment, ' ', &word, &comment);
        if (word.size > 0 && !is_product_word(word)) {
            return false;
        }
    }
    return true;
}

static void put_agent(struct redactor *redactor, struct slice value, struct buffer *out)
{
    while (value.size > 0) {
        size_t size = 0;
        if (value.data[0] == '(') {
            size_t end = slice_find_byte(value, ')');
            size = end == SLICE_NONE ? value.size : end + 1;
            struct slice comment = slice_sub(value, 1, end == SLICE_NONE ? size : size - 2);
            (void)buffer_append_byte(out, '(');
            (void)buffer_append(out, is_product_comment(comment) ? comment
                                                                 : redact_text(redactor, comment));
            (void)buffer_append_text(out, end == SLICE_NONE ? "" : ")");
        } else if (ascii_is_blank(value.data[0])) {
            (void)buffer_append_byte(out, value.data[0]);
            size = 1;
        } else {
            while (size < value.size && !ascii_is_blank(value.data[size]) &&
                   value.data[size] != '(') {
                size++;
            }
            struct slice word = slice_sub(value, 0, size);
            (void)buffer_append(
                out, is_product(word) ? word : redact_name(redactor, PSEUDONYM_NAME, word));
        }
        value = slice_from(value, size);
    }
}

struct slice redact_boundary(struct redactor *redactor, struct slice boundary)
{
    return redact_name(redactor, PSEUDONYM_NAME, boundary);
}

/* "text/plain; charset=UTF-8; boundary=x": boundaries are named as in the body (redact_uri.c). */
static void put_media_type(struct redactor *redactor, struct slice value, struct buffer *out)
{
    struct slice type, rest;
    (void)slice_cut(value, ';', &type, &rest);
    struct slice bare = slice_trim(type);
    put_token(redactor, bare, out);
    (void)buffer_append(out, slice_sub(type, bare.size, type.size - bare.size));
    rest = slice_from(value, type.size);
    while (rest.size > 0) {
        size_t size = 1;
        if (rest.data[0] == ';') {
            size = put_parameter(redactor, rest, out);
        } else {
            (void)buffer_append_byte(out, '~');
        }
        rest = slice_from(rest, size);
    }
}

/* `399 host:port "text"`: RFC 3261 20.43. */
static void put_warning(struct redactor *redactor, struct slice value, struct buffer *out)
{
    struct slice code, rest, host, text;
    (void)slice_cut(value, ' ', &code, &rest);
    put_token(redactor, code, out);
    if (rest.size > 0) {
        (void)slice_cut(slice_trim(rest), ' ', &host, &text);
        (void)buffer_append_byte(out, ' ');
        redact_put_host(redactor, host, out);
        (void)buffer_append_text(out, " \"");
        redact_put_phrase(redactor, text.size > 0 ? inside_quotes(slice_trim(text)) : text, out);
        (void)buffer_append_byte(out, '"');
    }
}

/* One that nobody knows. */
static void put_unknown(struct redactor *redactor, struct slice value, struct buffer *out)
{
    static const struct slice angle = SLICE("<sip"), sip = SLICE("sip:"), sips = SLICE("sips:");
    if (redact_is_number(value, NUMBER_MOST) || redact_is_word(redactor, value) ||
        redact_is_plain_guid(value)) {
        (void)buffer_append(out, value);
    } else if (slice_find_nocase(value, angle) != SLICE_NONE || slice_starts_nocase(value, sip) ||
               slice_starts_nocase(value, sips)) {
        put_addresses(redactor, value, out);
    } else if (redact_is_host(value)) {
        redact_put_host(redactor, value, out);
    } else if (redact_is_uri(value)) {
        redact_put_uri(redactor, value, out);
    } else {
        put_text(redactor, value, out);
    }
}

/* ---- which is which ---- */

/* clang-format off */
static const struct header_row {
    const char *names; /* separated by blanks, lower case */
    void (*put)(struct redactor *redactor, struct slice value, struct buffer *out);
} rows[] = {
    {"from to contact route record-route p-asserted-identity p-preferred-identity refer-to "
     "referred-by reply-to history-info diversion remote-party-id path service-route alert-info "
     "call-info error-info p-called-party-id p-associated-uri ms-asserted-verification-level", put_addresses},
    {"via", put_via},
    {"call-id replaces join sip-etag sip-if-match in-reply-to target-dialog same-session content-id "
     "ms-conversation-id p-charging-vector", put_id},
    {"www-authenticate proxy-authenticate authorization proxy-authorization authentication-info "
     "proxy-authentication-info", put_scheme},
    {"content-type", put_media_type},
    {"user-agent server", put_agent},
    {"warning", put_warning},
    {"ms-diagnostics ms-diagnostics-public ms-client-diagnostics reason event allow-events "
     "subscription-state session-expires expires min-expires min-se accept accept-encoding content-encoding "
     "content-disposition content-transfer-encoding supported require proxy-require unsupported allow "
     "priority privacy compression ms-keep-alive retry-after timestamp rseq rack accept-language "
     "content-language refer-sub suppress-if-match ms-piggyback-cseq", put_tokens},
    {"cseq", put_sequence},
    {"max-forwards mime-version date", put_same},
    {"subject organization", put_text},
};
/* clang-format on */

enum { NAME_MOST = 40 };

void redact_headers_fill(struct redactor *redactor)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct slice rest = slice_of(rows[i].names), name;
        while (rest.size > 0) {
            (void)slice_cut(rest, ' ', &name, &rest);
            map_put(&redactor->headers, name, (void *)(uintptr_t)&rows[i]);
        }
    }
}

/* NULL = nobody knows it. */
static const struct header_row *row_find(const struct redactor *redactor, struct slice name)
{
    char lower[NAME_MOST];
    return name.size > sizeof lower
               ? NULL
               : map_find(&redactor->headers, slice_lower(lower, sizeof lower, name));
}

/* A word of a date: RFC 3261 section 25.1. */
static bool is_date_word(struct slice word)
{
    static const struct slice known[] = {
        SLICE("Mon"), SLICE("Tue"), SLICE("Wed"), SLICE("Thu"), SLICE("Fri"), SLICE("Sat"),
        SLICE("Sun"), SLICE("Jan"), SLICE("Feb"), SLICE("Mar"), SLICE("Apr"), SLICE("May"),
        SLICE("Jun"), SLICE("Jul"), SLICE("Aug"), SLICE("Sep"), SLICE("Oct"), SLICE("Nov"),
        SLICE("Dec"), SLICE("GMT"), SLICE("UTC")};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (slice_equal_nocase(word, known[i])) {
            return true;
        }
    }
    return false;
}

/* What may stay is digits, few signs and the words of a date. */
static bool is_same(struct slice value)
{
    static const struct slice signs = SLICE(" .:,-+");
    for (size_t i = 0; i < value.size;) {
        size_t size = 0;
        while (i + size < value.size && ascii_is_alpha(value.data[i + size])) {
            size++;
        }
        if (size > 0 ? !is_date_word(slice_sub(value, i, size))
                     : !ascii_is_digit(value.data[i]) &&
                           slice_find_byte(signs, value.data[i]) == SLICE_NONE) {
            return false;
        }
        i += size > 0 ? size : 1;
    }
    return value.size <= 40;
}

/* Standard names whose values are read as those that nobody knows; the product's own begin so. */
static bool is_standard_name(struct slice name)
{
    static const struct slice known[] = {SLICE("Accept-Contact"),
                                         SLICE("Request-Disposition"),
                                         SLICE("Reject-Contact"),
                                         SLICE("Identity-Info"),
                                         SLICE("Identity"),
                                         SLICE("SOAPAction"),
                                         SLICE("Host"),
                                         SLICE("Geolocation"),
                                         SLICE("Max-Breadth"),
                                         SLICE("RAck"),
                                         SLICE("Content-Description"),
                                         SLICE("Content-Location")};
    static const struct slice product = SLICE("ms-"), rtc = SLICE("msrtc-");
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (slice_equal_nocase(name, known[i])) {
            return true;
        }
    }
    return slice_starts_nocase(name, product) || slice_starts_nocase(name, rtc);
}

void redact_put_header_name(struct redactor *redactor, struct slice name, struct buffer *out)
{
    struct slice bare = slice_trim(name);
    struct slice full = sip_header_full_name(bare);
    bool known =
        row_find(redactor, full) || sip_header_find(bare) != HEADER_OTHER || is_standard_name(full);
    (void)buffer_append(out, known ? name : redact_name(redactor, PSEUDONYM_NAME, bare));
}

void redact_put_method(struct redactor *redactor, struct slice method, struct buffer *out)
{
    bool known = redact_is_word(redactor, method);
    (void)buffer_append(out, known ? method : redact_name(redactor, PSEUDONYM_NAME, method));
}

void redact_put_header(struct redactor *redactor, struct slice name, struct slice value,
                       struct buffer *out)
{
    const struct header_row *row = row_find(redactor, name);
    if (!row) {
        put_unknown(redactor, value, out);
    } else if (row->put == put_same && !is_same(value)) {
        put_tokens(redactor, value, out);
    } else {
        row->put(redactor, value, out);
    }
}
