/*
 * A SIP message without its secrets: headers, SDP, and how the parts meet. See mask.h.
 */
#include "decoders/mask.h"

#include "decoders/sip.h"
#include "decoders/sip_header.h"
#include "decoders/sip_start.h"

void mask_fill(char *data, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        data[i] = ascii_is_blank(data[i]) ? data[i] : '~';
    }
}

/* Words go, what stands between them stays: a line that is no header does not become one. */
static void fill_words(char *data, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        data[i] = sip_is_token(data[i]) ? '~' : data[i];
    }
}

static bool is_listed(const struct slice *list, size_t count, struct slice name)
{
    for (size_t i = 0; i < count; i++) {
        if (slice_equal_nocase(list[i], name)) {
            return true;
        }
    }
    return false;
}

/* ---- authentication headers ---- */

/* RFC 2617, 7616, 4559; TLS-DSK and the Microsoft parameters: [MS-SIPAE] 2.2. */
static bool is_scheme(struct slice word)
{
    static const struct slice known[] = {SLICE("NTLM"),   SLICE("Kerberos"),  SLICE("TLS-DSK"),
                                         SLICE("Digest"), SLICE("Negotiate"), SLICE("Basic")};
    return is_listed(known, sizeof known / sizeof known[0], word);
}

static bool is_public_parameter(struct slice name)
{
    static const struct slice known[] = {SLICE("realm"),     SLICE("targetname"), SLICE("version"),
                                         SLICE("algorithm"), SLICE("qop"),        SLICE("stale")};
    return is_listed(known, sizeof known / sizeof known[0], name);
}

static bool is_secret_parameter(struct slice name)
{
    static const struct slice known[] = {
        SLICE("gssapi-data"), SLICE("response"), SLICE("rspauth"), SLICE("nonce"),
        SLICE("cnonce"),      SLICE("nc"),       SLICE("opaque"),  SLICE("username"),
        SLICE("crand"),       SLICE("cnum"),     SLICE("srand"),   SLICE("snum"),
        SLICE("uri"),         SLICE("domain"),   SLICE("sts-uri"), SLICE("nextnonce")};
    return is_listed(known, sizeof known / sizeof known[0], name);
}

/* Where the item at the front of a comma-joined list ends; a quoted comma ends nothing. */
static size_t item_end(struct slice list)
{
    bool quoted = false;
    for (size_t i = 0; i < list.size; i++) {
        char c = list.data[i];
        if (quoted && c == '\\') {
            i++;
        } else if (c == '"') {
            quoted = !quoted;
        } else if (c == ',' && !quoted) {
            return i;
        }
    }
    return list.size;
}

/* One quoted string or one word, and nothing else. */
static bool is_single(struct slice value)
{
    if (value.size == 0 || value.data[0] != '"') {
        return value.size == 0 || sip_is_token_text(value);
    }
    size_t at = 1;
    while (at < value.size && value.data[at] != '"') {
        at += value.data[at] == '\\' ? 2 : 1;
    }
    return at + 1 == value.size;
}

/* One parameter of an authentication header, in place; quotes stay. */
static void mask_parameter(char *data, size_t size)
{
    struct slice name, value;
    (void)slice_cut((struct slice){data, size}, '=', &name, &value);
    name = slice_trim(name);
    if (is_public_parameter(name) && is_single(slice_trim(value))) {
        return;
    }
    bool known = is_public_parameter(name) || is_secret_parameter(name);
    size_t from = known ? size - value.size : 0;
    struct slice inner = slice_trim((struct slice){data + from, size - from});
    size_t at = (size_t)(inner.data - data);
    bool quoted = inner.size > 1 && inner.data[0] == '"' && inner.data[inner.size - 1] == '"';
    mask_fill(data + at + (quoted ? 1 : 0), inner.size - (quoted ? 2 : 0));
}

/* `scheme`: it must open with one (challenges and credentials). */
static void mask_authentication(char *data, size_t size, bool scheme)
{
    size_t at = 0;
    while (at < size && !ascii_is_blank(data[at])) {
        at++;
    }
    if (!is_scheme((struct slice){data, at})) {
        if (scheme) {
            mask_fill(data, size);
            return;
        }
        at = 0;
    }
    while (at < size) {
        size_t end = at + item_end((struct slice){data + at, size - at});
        mask_parameter(data + at, end - at);
        at = end + 1;
    }
}

/* ---- passwords in URIs ---- */

/* password = *( unreserved / escaped / "&" / "=" / "+" / "$" / "," ) */
static bool is_password_byte(char c)
{
    static const struct slice marks = SLICE("-_.!~*'()%&=+$,");
    return ascii_is_alpha(c) || ascii_is_digit(c) || slice_find_byte(marks, c) != SLICE_NONE;
}

static bool is_user_byte(char c)
{
    return is_password_byte(c) || c == ';' || c == '?' || c == '/';
}

static bool ends_scheme(struct slice text, size_t colon)
{
    static const struct slice sip = SLICE("sip"), sips = SLICE("sips");
    return (colon >= 3 && slice_equal_nocase(slice_sub(text, colon - 3, 3), sip)) ||
           (colon >= 4 && slice_equal_nocase(slice_sub(text, colon - 4, 4), sips));
}

static void mask_uris(char *data, size_t size)
{
    struct slice text = {data, size};
    size_t at = 0;
    for (;;) {
        size_t colon = slice_find_byte(slice_from(text, at), ':');
        if (colon == SLICE_NONE) {
            return;
        }
        colon += at;
        at = colon + 1;
        if (!ends_scheme(text, colon)) {
            continue;
        }
        while (at < size && is_user_byte(data[at])) {
            at++;
        }
        if (at == size || data[at] != ':') {
            continue;
        }
        size_t password = at + 1;
        size_t end = password;
        while (end < size && is_password_byte(data[end])) {
            end++;
        }
        if (end < size && data[end] == '@') {
            mask_fill(data + password, end - password);
            at = end;
        }
    }
}

/* ---- headers ---- */

/* In as many digits as before, or more. */
static bool append_digits(struct buffer *out, uint64_t number, size_t width)
{
    size_t digits = 1;
    for (uint64_t rest = number / 10; rest > 0; rest /= 10) {
        digits++;
    }
    bool fits = true;
    for (; fits && digits < width; digits++) {
        fits = buffer_append_byte(out, '0');
    }
    return fits && buffer_append_u64(out, number);
}

/* Content-Length with what the body grew by; as it stands when it cannot be read. */
static bool append_length(struct buffer *out, struct slice line, struct slice value,
                          uint64_t growth)
{
    uint64_t length;
    size_t before = (size_t)(value.data - line.data);
    if (growth == 0 || !slice_to_u64(value, &length) || length > UINT64_MAX - growth) {
        return buffer_append(out, line);
    }
    return buffer_append(out, slice_sub(line, 0, before)) &&
           append_digits(out, length + growth, value.size) &&
           buffer_append(out, slice_from(line, before + value.size));
}

/* A line that is no header: what is before a colon stays no header name. */
static void fill_odd_line(char *line, size_t size)
{
    size_t colon = slice_find_byte((struct slice){line, size}, ':');
    colon = colon == SLICE_NONE ? 0 : colon + 1;
    fill_words(line, colon);
    mask_fill(line + colon, size - colon);
}

/* The last line, when its end is missing: its name stays, nobody reads its value. */
static void fill_cut_line(char *line, size_t size)
{
    struct slice name, value;
    bool named = slice_cut((struct slice){line, size}, ':', &name, &value);
    if (named && name.size > 0 && !ascii_is_blank(name.data[0]) &&
        sip_is_token_text(slice_trim(name))) {
        mask_fill(line + name.size + 1, value.size);
    } else {
        fill_odd_line(line, size);
    }
}

/* `line` is the masked copy of `raw`. */
static void mask_field(char *line, struct slice raw, const struct sip_field *field,
                       enum sip_header_id id)
{
    if (!sip_is_token_text(field->name)) {
        fill_odd_line(line, raw.size);
        return;
    }
    char *value = line + (field->value.data - raw.data);
    if (id == HEADER_CREDENTIALS || id == HEADER_CHALLENGE || id == HEADER_AUTH_INFO) {
        mask_authentication(value, field->value.size, id != HEADER_AUTH_INFO);
    } else if (id != HEADER_CALL_ID && id != HEADER_CONTENT_TYPE && id != HEADER_CSEQ) {
        mask_uris(value, field->value.size);
    }
}

/* `raw` is the field with all its lines. */
static bool append_field(struct buffer *out, const struct sip_field *field, struct slice raw,
                         uint64_t growth)
{
    enum sip_header_id id = sip_header_find(field->name);
    if (id == HEADER_CONTENT_LENGTH) {
        return append_length(out, raw, field->value, growth);
    }
    size_t begin = out->size;
    if (!buffer_append(out, raw)) {
        return false;
    }
    mask_field(out->data + begin, raw, field, id);
    return true;
}

/* Headers from `at` on; where the body begins. Lines that end nowhere count as headers. */
static bool append_headers(struct buffer *out, struct slice raw, size_t *at, uint64_t growth)
{
    struct sip_field field;
    size_t begin = *at;
    enum sip_field_status status = sip_field_next(raw, at, &field);
    while (status == FIELD_READ) {
        if (!append_field(out, &field, slice_sub(raw, begin, *at - begin), growth)) {
            return false;
        }
        begin = *at;
        status = sip_field_next(raw, at, &field);
    }
    size_t filled = out->size;
    if (status == FIELD_SHORT) {
        *at = raw.size;
    }
    if (!buffer_append(out, slice_sub(raw, begin, *at - begin))) {
        return false;
    }
    if (status == FIELD_SHORT) {
        fill_cut_line(out->data + filled, out->size - filled);
    }
    return true;
}

/* ---- bodies ---- */

/* What could be XML around it stays XML: such a line can stand inside an element. */
static char key_byte(char c)
{
    return sip_is_token(c) || (c & 0x80) != 0 ? '~' : c;
}

static void fill_key(char *data, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        data[i] = key_byte(data[i]);
    }
}

/* Every key of a crypto attribute, up to its lifetime. RFC 4568 section 9.2. */
static void mask_crypto(char *line, size_t size)
{
    static const struct slice mark = SLICE("inline:"), ends = SLICE("|; \t\r\n");
    struct slice text = {line, size};
    size_t at = 0;
    for (;;) {
        size_t hit = slice_find_nocase(slice_from(text, at), mark);
        if (hit == SLICE_NONE) {
            return;
        }
        at += hit + mark.size;
        while (at < size && slice_find_byte(ends, line[at]) == SLICE_NONE) {
            line[at] = key_byte(line[at]);
            at++;
        }
    }
}

static void mask_sdp_line(char *line, size_t size)
{
    static const struct slice crypto = SLICE("a=crypto");
    static const struct slice plain[] = {SLICE("k=clear:"), SLICE("k=base64:"), SLICE("k=uri:"),
                                         SLICE("a=ice-pwd:")};
    struct slice text = {line, size};
    if (slice_starts_nocase(text, crypto)) {
        mask_crypto(line, size);
    }
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++) {
        if (slice_starts_nocase(text, plain[i])) {
            fill_key(line + plain[i].size, size - plain[i].size);
        }
    }
}

static void mask_sdp(char *data, size_t size)
{
    struct slice text = {data, size};
    for (size_t at = 0; at < size;) {
        size_t end = slice_find_byte(slice_from(text, at), '\n');
        end = end == SLICE_NONE ? size : at + end;
        if (size - at > 1 && data[at + 1] == '=') {
            mask_sdp_line(data + at, end - at);
        }
        at = end + 1;
    }
}

/* Lines first: they leave the markup around them as it is. */
bool mask_text(struct slice text, struct buffer *out)
{
    struct buffer copy;
    buffer_init(&copy, text.size);
    (void)buffer_append(&copy, text);
    if (copy.size > 0) {
        mask_sdp(copy.data, copy.size);
    }
    bool fits = mask_elements(buffer_slice(&copy), out);
    buffer_dispose(&copy);
    return fits;
}

/* ---- the message ---- */

/* One pass with the growth that an earlier one found; *grown is that of this one. */
static bool mask_pass(struct slice raw, uint64_t growth, struct buffer *out, uint64_t *grown)
{
    struct sip_start start;
    bool junk;
    size_t begin = sip_start_place(raw, &junk, &start);
    size_t at = begin == SLICE_NONE ? 0 : begin + start.size;
    size_t headers = at;
    buffer_clear(out);
    if (!buffer_append(out, slice_sub(raw, 0, at))) {
        return false;
    }
    if (at > 0) {
        fill_words(out->data, begin);
        mask_uris(out->data + begin, start.size);
        if (!append_headers(out, raw, &at, growth)) {
            return false;
        }
    }
    struct slice rest = slice_from(raw, at);
    struct slice body =
        slice_sub(rest, 0, sip_body_size(slice_sub(raw, headers, at - headers), rest));
    size_t filled = out->size;
    bool fits = mask_parts(body, out);
    *grown = fits ? out->size - filled - body.size : 0;
    fits = fits && mask_parts(slice_from(rest, body.size), out);
    return fits;
}

bool mask_message(struct slice raw, struct buffer *out)
{
    uint64_t growth = 0;
    bool fits = mask_pass(raw, 0, out, &growth);
    if (fits && growth > 0) {
        fits = mask_pass(raw, growth, out, &growth);
    }
    if (!fits) {
        buffer_clear(out);
    }
    return fits;
}
