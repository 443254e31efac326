/*
 * Header fields of a SIP message. See sip_header.h.
 *
 * Found by length first: no name shares its length with more than two others,
 * so that a message costs a few compares a header, not forty.
 */
#include "decoders/sip_header.h"

enum { NAME_MAX = 25, NAMES_OF_LENGTH = 3 };

struct known_name {
    struct slice name; /* as it is usually written */
    enum sip_header_id id;
};

/* clang-format off */
static const struct known_name known_names[NAME_MAX + 1][NAMES_OF_LENGTH] = {
    [2]  = {{SLICE("To"), HEADER_TO}},
    [3]  = {{SLICE("Via"), HEADER_VIA}},
    [4]  = {{SLICE("From"), HEADER_FROM}, {SLICE("CSeq"), HEADER_CSEQ}},
    [5]  = {{SLICE("Event"), HEADER_EVENT}},
    [6]  = {{SLICE("Server"), HEADER_SERVER}},
    [7]  = {{SLICE("Call-ID"), HEADER_CALL_ID}, {SLICE("Contact"), HEADER_CONTACT},
            {SLICE("Expires"), HEADER_EXPIRES}},
    [8]  = {{SLICE("SIP-ETag"), HEADER_SIP_ETAG}},
    [9]  = {{SLICE("Supported"), HEADER_SUPPORTED}, {SLICE("UserAgent"), HEADER_USER_AGENT}},
    [10] = {{SLICE("User-Agent"), HEADER_USER_AGENT}},
    [11] = {{SLICE("Compression"), HEADER_COMPRESSION}},
    [12] = {{SLICE("Content-Type"), HEADER_CONTENT_TYPE},
            {SLICE("SIP-If-Match"), HEADER_SIP_IF_MATCH}},
    [13] = {{SLICE("Authorization"), HEADER_CREDENTIALS},
            {SLICE("Proxy-Require"), HEADER_PROXY_REQUIRE}},
    [14] = {{SLICE("Content-Length"), HEADER_CONTENT_LENGTH},
            {SLICE("ms-diagnostics"), HEADER_DIAGNOSTICS}},
    [15] = {{SLICE("Session-Expires"), HEADER_SESSION_EXPIRES}},
    [16] = {{SLICE("WWW-Authenticate"), HEADER_CHALLENGE}},
    [18] = {{SLICE("Proxy-Authenticate"), HEADER_CHALLENGE},
            {SLICE("Subscription-State"), HEADER_SUBSCRIPTION_STATE}},
    [19] = {{SLICE("Proxy-Authorization"), HEADER_CREDENTIALS},
            {SLICE("Authentication-Info"), HEADER_AUTH_INFO}},
    [21] = {{SLICE("ms-diagnostics-public"), HEADER_DIAGNOSTICS},
            {SLICE("ms-client-diagnostics"), HEADER_DIAGNOSTICS}},
    [25] = {{SLICE("Proxy-Authentication-Info"), HEADER_AUTH_INFO}},
};

static const struct known_name compact_names['z' - 'a' + 1] = {
    ['a' - 'a'] = {SLICE("Accept-Contact"), HEADER_OTHER},
    ['b' - 'a'] = {SLICE("Referred-By"), HEADER_OTHER},
    ['c' - 'a'] = {SLICE("Content-Type"), HEADER_CONTENT_TYPE},
    ['d' - 'a'] = {SLICE("Request-Disposition"), HEADER_OTHER},
    ['e' - 'a'] = {SLICE("Content-Encoding"), HEADER_OTHER},
    ['f' - 'a'] = {SLICE("From"), HEADER_FROM},
    ['i' - 'a'] = {SLICE("Call-ID"), HEADER_CALL_ID},
    ['j' - 'a'] = {SLICE("Reject-Contact"), HEADER_OTHER},
    ['k' - 'a'] = {SLICE("Supported"), HEADER_SUPPORTED},
    ['l' - 'a'] = {SLICE("Content-Length"), HEADER_CONTENT_LENGTH},
    ['m' - 'a'] = {SLICE("Contact"), HEADER_CONTACT},
    ['n' - 'a'] = {SLICE("Identity-Info"), HEADER_OTHER},
    ['o' - 'a'] = {SLICE("Event"), HEADER_EVENT},
    ['r' - 'a'] = {SLICE("Refer-To"), HEADER_OTHER},
    ['s' - 'a'] = {SLICE("Subject"), HEADER_OTHER},
    ['t' - 'a'] = {SLICE("To"), HEADER_TO},
    ['u' - 'a'] = {SLICE("Allow-Events"), HEADER_OTHER},
    ['v' - 'a'] = {SLICE("Via"), HEADER_VIA},
    ['x' - 'a'] = {SLICE("Session-Expires"), HEADER_SESSION_EXPIRES},
    ['y' - 'a'] = {SLICE("Identity"), HEADER_OTHER},
};
/* clang-format on */

static const struct known_name *compact_find(struct slice name)
{
    if (name.size != 1 || !ascii_is_alpha(name.data[0])) {
        return NULL;
    }
    const struct known_name *row = &compact_names[ascii_lower(name.data[0]) - 'a'];
    return row->name.size > 0 ? row : NULL;
}

/* Both of one length. The usual spelling first: it takes one compare. */
static bool is_name(struct slice known, struct slice name)
{
    return ascii_lower(known.data[0]) == ascii_lower(name.data[0]) &&
           (slice_equal(known, name) || slice_equal_nocase(known, name));
}

enum sip_header_id sip_header_find(struct slice name)
{
    const struct known_name *compact = compact_find(name);
    if (compact) {
        return compact->id;
    }
    if (name.size == 0 || name.size > NAME_MAX) {
        return HEADER_OTHER;
    }
    const struct known_name *rows = known_names[name.size];
    for (size_t i = 0; i < NAMES_OF_LENGTH && rows[i].name.size > 0; i++) {
        if (is_name(rows[i].name, name)) {
            return rows[i].id;
        }
    }
    return HEADER_OTHER;
}

struct slice sip_header_full_name(struct slice name)
{
    const struct known_name *compact = compact_find(name);
    return compact ? compact->name : name;
}

/* The line at `at` with its end; false when there is no LF any more. */
static bool line_at(struct slice bytes, size_t at, size_t *size)
{
    size_t end = slice_find_byte(slice_from(bytes, at), '\n');
    *size = end + 1;
    return end != SLICE_NONE;
}

static bool is_empty_line(struct slice line)
{
    return line.size == 1 || (line.size == 2 && line.data[0] == '\r');
}

static bool ends_bare(struct slice line)
{
    return line.size < 2 || line.data[line.size - 2] != '\r';
}

bool sip_header_is_body(struct slice bytes, size_t at)
{
    static const struct slice declaration = SLICE("<?xml");
    return at < bytes.size && bytes.data[at] == '<' &&
           slice_starts(slice_from(bytes, at), declaration);
}

enum sip_field_status sip_field_next(struct slice bytes, size_t *at, struct sip_field *out)
{
    size_t begin = *at;
    size_t size = 0;
    if (sip_header_is_body(bytes, begin)) {
        *out = (struct sip_field){.offset = begin};
        return FIELD_BODY;
    }
    if (!line_at(bytes, begin, &size)) {
        return FIELD_SHORT;
    }
    struct slice line = slice_sub(bytes, begin, size);
    *at = begin + size;
    *out = (struct sip_field){.offset = begin, .bare_lf = ends_bare(line)};
    if (is_empty_line(line)) {
        return FIELD_END;
    }
    while (*at < bytes.size && (bytes.data[*at] == ' ' || bytes.data[*at] == '\t') &&
           line_at(bytes, *at, &size)) {
        out->bare_lf |= ends_bare(slice_sub(bytes, *at, size));
        out->folded = true;
        *at += size;
    }
    struct slice name, value;
    if (slice_cut(slice_sub(bytes, begin, *at - begin), ':', &name, &value)) {
        out->name = slice_trim(name);
        out->value = slice_trim(value);
    }
    return FIELD_READ;
}

bool sip_field_find_from(struct slice message, size_t at, enum sip_header_id id,
                         struct slice *value)
{
    struct sip_field field;
    while (sip_field_next(message, &at, &field) == FIELD_READ) {
        if (sip_header_find(field.name) == id) {
            *value = field.value;
            return true;
        }
    }
    return false;
}

bool sip_field_find(struct slice message, enum sip_header_id id, struct slice *value)
{
    size_t at = 0;
    return line_at(message, 0, &at) && sip_field_find_from(message, at, id, value);
}

size_t sip_body_size(struct slice head, struct slice rest)
{
    struct slice value;
    uint64_t length;
    bool told = sip_field_find_from(head, 0, HEADER_CONTENT_LENGTH, &value) &&
                slice_to_u64(value, &length) && length < rest.size;
    return told ? (size_t)length : rest.size;
}
