/*
 * Who a URI stands for: "user@host", or a service. See sip.h.
 *
 * RFC 3261 section 19.1, RFC 3966. What follows the host (parameters with the
 * GRUU's opaque, headers, the port) names an endpoint, not the user. A tel URI
 * has no host: its user is the number without visual separators.
 */
#include "decoders/sip.h"

static struct slice scheme_strip(struct slice uri, bool *is_tel)
{
    static const struct slice schemes[] = {
        SLICE("sip:"),  SLICE("sips:"), SLICE("tel:"),
        SLICE("pres:"), SLICE("im:"),   SLICE("mailto:"),
    };
    enum { TEL = 2 };
    *is_tel = false;
    for (size_t i = 0; uri.size > 0 && i < sizeof schemes / sizeof *schemes; i++) {
        if (ascii_lower(uri.data[0]) == schemes[i].data[0] &&
            slice_starts_nocase(uri, schemes[i])) {
            *is_tel = i == TEL;
            return slice_from(uri, schemes[i].size);
        }
    }
    return uri;
}

static struct slice brackets_strip(struct slice uri)
{
    uri = slice_trim(uri);
    if (uri.size > 0 && uri.data[0] == '<') {
        struct slice rest;
        (void)slice_cut(slice_from(uri, 1), '>', &uri, &rest);
    }
    return slice_trim(uri);
}

static int hex_value(char c)
{
    if (ascii_is_digit(c)) {
        return c - '0';
    }
    c = ascii_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte that an escape at `at` stands for, -1 without one. Control characters stay escaped. */
static int escaped_byte(struct slice text, size_t at)
{
    if (text.data[at] != '%' || text.size - at < 3) {
        return -1;
    }
    int high = hex_value(text.data[at + 1]);
    int low = hex_value(text.data[at + 2]);
    int byte = high < 0 || low < 0 ? -1 : high * 16 + low;
    return byte < 0x20 || byte == 0x7f ? -1 : byte;
}

static size_t user_copy(char *out, struct slice user)
{
    size_t size = 0;
    for (size_t i = 0; i < user.size; i++) {
        int byte = escaped_byte(user, i);
        if (byte >= 0) {
            i += 2;
        }
        out[size++] = ascii_lower(byte >= 0 ? (char)byte : user.data[i]);
    }
    return size;
}

/* Copies the host without port and parameters; an IPv6 reference keeps its brackets. */
static size_t host_copy(char *out, struct slice text)
{
    size_t inside = 0;
    if (text.size > 0 && text.data[0] == '[') {
        size_t close = slice_find_byte(text, ']');
        inside = close == SLICE_NONE ? text.size : close + 1;
    }
    text = slice_trim(text);
    size_t size = 0;
    for (; size < text.size; size++) {
        char c = text.data[size];
        if (size >= inside && (c == ':' || c == ';' || c == '?' || c == '>')) {
            break;
        }
        out[size] = ascii_lower(c);
    }
    while (size > 0 && ascii_is_blank(out[size - 1])) {
        size--;
    }
    return size;
}

/* Without a password; a telephone number without its parameters (RFC 3261 19.1.6). */
static struct slice user_part(struct slice user)
{
    struct slice rest;
    (void)slice_cut(user, ':', &user, &rest);
    if (user.size > 0 && (user.data[0] == '+' || ascii_is_digit(user.data[0]))) {
        (void)slice_cut(user, ';', &user, &rest);
    }
    return user;
}

static struct slice number_of(struct slice number, struct arena *arena)
{
    struct slice rest;
    (void)slice_cut(number, ';', &number, &rest);
    char *out = arena_alloc(arena, number.size + 1);
    size_t size = 0;
    for (size_t i = 0; i < number.size; i++) {
        char c = ascii_lower(number.data[i]);
        if (c != '-' && c != '.' && c != '(' && c != ')' && c != ' ') {
            out[size++] = c;
        }
    }
    return (struct slice){out, size};
}

struct slice sip_user_of(struct slice uri, struct arena *arena)
{
    static const struct slice none = {"", 0};
    bool is_tel = false;
    struct slice text = scheme_strip(brackets_strip(uri), &is_tel);
    if (is_tel) {
        return number_of(text, arena);
    }
    struct slice user, host;
    if (!slice_cut(text, '@', &user, &host)) {
        return none;
    }
    user = user_part(user);
    if (user.size == 0) {
        return none;
    }
    char *out = arena_alloc(arena, user.size + 1 + host.size);
    size_t size = user_copy(out, user);
    out[size++] = '@';
    size_t host_size = host_copy(out + size, host);
    return host_size > 0 ? (struct slice){out, size + host_size} : none;
}

/* "GC-1-PersistentChatService-2": the pool's contact object (xccos.md 1.14). */
static bool is_chat_pool(struct slice address)
{
    static const struct slice pool = SLICE("-PersistentChatService-");
    size_t dash = slice_find_byte(address, '-');
    while (dash != SLICE_NONE) {
        address = slice_from(address, dash);
        if (slice_starts_nocase(address, pool)) {
            return true;
        }
        address = slice_from(address, 1);
        dash = slice_find_byte(address, '-');
    }
    return false;
}

bool sip_uri_is_service(struct slice uri)
{
    static const struct slice opaque_name = SLICE("opaque");
    static const struct slice user_kind = SLICE("user:");
    struct slice address, parameters, opaque;
    (void)slice_cut(brackets_strip(uri), ';', &address, &parameters);
    if (is_chat_pool(address)) {
        return true;
    }
    return sip_parameter(parameters, opaque_name, &opaque) &&
           slice_find_byte(opaque, ':') != SLICE_NONE && !slice_starts_nocase(opaque, user_kind);
}
