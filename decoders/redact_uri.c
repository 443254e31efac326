/*
 * URIs and their parameters in pseudonyms. See redact.h.
 *
 * RFC 3261 19.1, RFC 3966, RFC 3859, RFC 3860; rooms and files: facts/xccos.md 1.6, 1.13; GRUUs
 * with their opaque parameter: facts/presence.md 8.5. Of other schemes the scheme alone stays.
 */
#include "decoders/redact_parts.h"
#include "decoders/sip.h"

enum { URI_PARAMETERS = 64 /* of one URI; the rest becomes one name */ };

static const struct slice none = SLICE("");

/* Folders and pages that the product itself names. */
static bool is_known_folder(struct slice part)
{
    static const struct slice known[] = {
        SLICE("PersistentChat"), SLICE("MGCWebService.asmx"), SLICE("RM"),  SLICE("default.aspx"),
        SLICE("MGCWebService"),  SLICE("GroupExpansion"),     SLICE("abs"), SLICE("handler")};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (slice_equal_nocase(part, known[i])) {
            return true;
        }
    }
    return false;
}

/* "/first/second?query". */
static void put_path(struct redactor *redactor, struct slice path, struct buffer *out)
{
    size_t at = 0;
    while (at < path.size) {
        size_t end = at;
        while (end < path.size && path.data[end] != '/' && path.data[end] != '?' &&
               path.data[end] != '\\') {
            end++;
        }
        struct slice part = slice_sub(path, at, end - at);
        if (is_known_folder(part)) {
            (void)buffer_append(out, part);
        } else {
            redact_put_part(redactor, part, out);
        }
        (void)buffer_append(out, slice_sub(path, end, 1));
        at = end + 1;
    }
}

/* ---- URIs ---- */

enum scheme { SCHEME_NONE, SCHEME_PERSON, SCHEME_PLACE, SCHEME_URN, SCHEME_OTHER };

/* Namespaces of documents: nobody's host. */
static bool is_public_host(struct slice host)
{
    static const struct slice known[] = {SLICE("schemas.microsoft.com"),
                                         SLICE("www.microsoft.com"),
                                         SLICE("www.w3.org"),
                                         SLICE("schemas.xmlsoap.org"),
                                         SLICE("tempuri.org"),
                                         SLICE("schemas.openxmlformats.org")};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (slice_equal_nocase(host, known[i])) {
            return true;
        }
    }
    return false;
}

/* *size gets the length of the scheme with what ends it. */
static enum scheme scheme_find(struct slice text, size_t *size)
{
    static const struct slice people[] = {SLICE("sip:"), SLICE("sips:"),   SLICE("tel:"),
                                          SLICE("im:"),  SLICE("mailto:"), SLICE("pres:"),
                                          SLICE("xmpp:")};
    static const struct slice slashes = SLICE("//"), urn = SLICE("urn:");
    *size = 0;
    for (size_t i = 0; i < sizeof people / sizeof people[0]; i++) {
        if (slice_starts_nocase(text, people[i])) {
            *size = people[i].size;
            return SCHEME_PERSON;
        }
    }
    size_t end = 0;
    while (end < text.size &&
           (ascii_is_alpha(text.data[end]) || ascii_is_digit(text.data[end]) ||
            text.data[end] == '-' || text.data[end] == '.' || text.data[end] == '+')) {
        end++;
    }
    if (end == 0 || end >= text.size || text.data[end] != ':' || !ascii_is_alpha(text.data[0])) {
        return SCHEME_NONE;
    }
    *size = end + 1;
    if (slice_starts(slice_from(text, *size), slashes)) {
        *size += slashes.size;
        return SCHEME_PLACE;
    }
    return slice_starts_nocase(text, urn) ? SCHEME_URN : SCHEME_OTHER;
}

bool redact_is_uri(struct slice text)
{
    size_t size;
    for (size_t i = 0; i < text.size; i++) {
        if (ascii_is_blank(text.data[i])) {
            return false;
        }
    }
    size_t sign = slice_find_byte(text, '@');
    enum scheme scheme = scheme_find(text, &size);
    return scheme == SCHEME_PERSON || scheme == SCHEME_PLACE || scheme == SCHEME_URN ||
           (sign != SLICE_NONE && sign > 0 && sign + 1 < text.size);
}

/* Services by their names: what stands behind the dash says what they are (xccos.md 1.14). */
static size_t service_start(struct slice user)
{
    static const struct slice lookup = SLICE("ocschat"), pool = SLICE("-persistentchatservice-");
    if (slice_equal_nocase(user, lookup)) {
        return 0;
    }
    size_t at = slice_find_nocase(user, pool);
    return at != SLICE_NONE &&
                   redact_is_number(slice_from(user, at + pool.size), REDACT_SHORT_NUMBER)
               ? at
               : user.size;
}

struct slice redact_user(struct redactor *redactor, struct slice user)
{
    struct slice local, host;
    struct slice name = redact_person(redactor, user);
    (void)slice_cut(user, '@', &local, &host);
    size_t service = service_start(local);
    if (service == local.size) {
        return name;
    }
    size_t shown = service == 0 ? 0 : slice_find_byte(name, '@');
    struct slice kept = slice_from(local, service);
    struct slice rest = slice_from(name, slice_find_byte(name, '@'));
    shown = shown > name.size ? name.size : shown;
    char *out = arena_alloc(&redactor->arena, shown + kept.size + rest.size);
    memcpy(out, name.data, shown);
    memcpy(out + shown, kept.data, kept.size);
    if (rest.size > 0) {
        memcpy(out + shown + kept.size, rest.data, rest.size);
    }
    return (struct slice){out, shown + kept.size + rest.size};
}

/* "app:conf:focus:id:XYZ": known words and their order stay. */
static void put_opaque(struct redactor *redactor, struct slice value, struct buffer *out)
{
    static const struct slice known[] = {SLICE("app"),
                                         SLICE("srvr"),
                                         SLICE("user"),
                                         SLICE("epid"),
                                         SLICE("conf"),
                                         SLICE("id"),
                                         SLICE("focus"),
                                         SLICE("chat"),
                                         SLICE("audio-video"),
                                         SLICE("im"),
                                         SLICE("data"),
                                         SLICE("meeting"),
                                         SLICE("phone"),
                                         SLICE("voicemail"),
                                         SLICE("exum"),
                                         SLICE("gw"),
                                         SLICE("rgs"),
                                         SLICE("mediation"),
                                         SLICE("applicationsharing")};
    struct slice rest = value;
    bool more = true;
    while (more) {
        struct slice part;
        more = slice_cut(rest, ':', &part, &rest);
        bool is_known = false;
        for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
            is_known = is_known || slice_equal_nocase(part, known[i]);
        }
        (void)buffer_append(out, is_known ? part : redact_name(redactor, PSEUDONYM_NAME, part));
        if (more) {
            (void)buffer_append_byte(out, ':');
        }
    }
}

/* "INVITE, MESSAGE" */
static void put_word_list(struct redactor *redactor, struct slice list, struct buffer *out)
{
    bool more = list.size > 0;
    while (more) {
        struct slice word;
        more = slice_cut(list, ',', &word, &list);
        bool plain = slice_trim(word).size == 0 || redact_is_word(redactor, slice_trim(word));
        (void)buffer_append(out, plain ? word : redact_name(redactor, PSEUDONYM_NAME, word));
        if (more) {
            (void)buffer_append_byte(out, ',');
        }
    }
}

static bool is_one_of(struct slice name, const struct slice *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (slice_equal_nocase(name, list[i])) {
            return true;
        }
    }
    return false;
}

#define ONE_OF(name, list) is_one_of(name, list, sizeof(list) / sizeof(list)[0])

/* Letters, signs, and fewer digits than a telephone number has. */
static bool is_parameter_name(struct slice name)
{
    enum { MOST = 40 };
    static const struct slice signs = SLICE("-_+.");
    size_t digits = 0;
    for (size_t i = 0; i < name.size; i++) {
        digits += ascii_is_digit(name.data[i]);
        if (!ascii_is_alpha(name.data[i]) && !ascii_is_digit(name.data[i]) &&
            slice_find_byte(signs, name.data[i]) == SLICE_NONE) {
            return false;
        }
    }
    return name.size <= MOST && digits < REDACT_SHORT_NUMBER && !redact_is_host(name);
}

void redact_put_parameter_name(struct redactor *redactor, struct slice name, bool valued,
                               struct buffer *out)
{
    static const struct slice product = SLICE("ms-"), feature = SLICE("+sip.");
    bool stays = name.size == 0 || redact_is_word(redactor, name) ||
                 slice_starts_nocase(name, feature) ||
                 (is_parameter_name(name) && (valued || slice_starts_nocase(name, product)));
    (void)buffer_append(out, stays ? name : redact_name(redactor, PSEUDONYM_NAME, name));
}

void redact_put_parameter(struct redactor *redactor, struct slice name, struct slice value,
                          struct buffer *out)
{
    static const struct slice ids[] = {SLICE("tag"),   SLICE("epid"),    SLICE("branch"),
                                       SLICE("cid"),   SLICE("ext"),     SLICE("isub"),
                                       SLICE("postd"), SLICE("boundary")};
    static const struct slice hosts[] = {SLICE("maddr"), SLICE("received"), SLICE("source"),
                                         SLICE("host"),  SLICE("ms-fe"),    SLICE("fqdn")};
    static const struct slice numbers[] = {SLICE("expires"), SLICE("retry-after"), SLICE("index"),
                                           SLICE("received-port"), SLICE("min-expires")};
    static const struct slice opaque[] = {SLICE("opaque")};
    static const struct slice texts[] = {SLICE("text"), SLICE("reason")};
    static const struct slice lists[] = {SLICE("methods")};
    static const struct slice cookie = SLICE("z9hG4bK");
    size_t most = ONE_OF(name, numbers) ? 20 : REDACT_SHORT_NUMBER;
    if (ONE_OF(name, opaque)) {
        put_opaque(redactor, value, out);
    } else if (ONE_OF(name, ids)) {
        size_t kept = slice_starts(value, cookie) ? cookie.size : 0;
        (void)buffer_append(out, slice_sub(value, 0, kept));
        (void)buffer_append(out, redact_name(redactor, PSEUDONYM_NAME, slice_from(value, kept)));
    } else if (ONE_OF(name, lists)) {
        put_word_list(redactor, value, out);
    } else if (ONE_OF(name, hosts)) {
        redact_put_host(redactor, value, out);
    } else if (ONE_OF(name, texts) && !redact_is_word(redactor, value)) {
        redact_put_phrase(redactor, value, out);
    } else if (redact_is_number(value, most) || redact_is_word(redactor, value) ||
               redact_is_plain_guid(value)) {
        (void)buffer_append(out, value);
    } else if (value.size > 1 && value.data[0] == '<' && value.data[value.size - 1] == '>') {
        (void)buffer_append_byte(out, '<');
        redact_put_uri(redactor, slice_sub(value, 1, value.size - 2), out);
        (void)buffer_append_byte(out, '>');
    } else if (redact_is_uri(value)) {
        redact_put_uri(redactor, value, out);
    } else if (redact_is_host(value)) {
        redact_put_host(redactor, value, out);
    } else {
        (void)buffer_append(out, redact_name(redactor, PSEUDONYM_NAME, value));
    }
}

/* ";transport=tls;lr?Subject=x", quoted values as one. */
static void put_uri_parameters(struct redactor *redactor, struct slice text, struct buffer *out)
{
    for (int count = 0; text.size > 0; count++) {
        char sign = text.data[0];
        size_t end = 1;
        while (end < text.size && text.data[end] != ';' && text.data[end] != '?') {
            end++;
        }
        struct slice name, value;
        bool valued = slice_cut(slice_sub(text, 1, end - 1), '=', &name, &value);
        (void)buffer_append_byte(out, sign);
        if (sign == '?' || count >= URI_PARAMETERS) {
            (void)buffer_append(out, redact_name(redactor, PSEUDONYM_NAME, slice_from(text, 1)));
            return;
        }
        redact_put_parameter_name(redactor, name, valued, out);
        if (valued) {
            bool quoted =
                value.size > 1 && value.data[0] == '"' && value.data[value.size - 1] == '"';
            (void)buffer_append_text(out, quoted ? "=\"" : "=");
            value = quoted ? slice_sub(value, 1, value.size - 2) : value;
            redact_put_parameter(redactor, name, value, out);
            (void)buffer_append_text(out, quoted ? "\"" : "");
        }
        text = slice_from(text, end);
    }
}

/* Where the host ends: at its port's end, before parameters. */
static size_t authority_end(struct slice text)
{
    size_t at = 0;
    while (at < text.size && text.data[at] != ';' && text.data[at] != '?' && text.data[at] != '>' &&
           text.data[at] != '/') {
        at++;
    }
    return at;
}

/* What follows the scheme of a person's URI, or a bare "user@host". */
static void put_person(struct redactor *redactor, struct slice scheme, struct slice text,
                       struct buffer *out)
{
    static const struct slice tel = SLICE("tel:");
    struct slice user, host;
    bool has_user = slice_cut(text, '@', &user, &host);
    if (slice_equal_nocase(scheme, tel) || !has_user) {
        size_t end = authority_end(text);
        struct slice head = slice_sub(text, 0, end);
        if (slice_equal_nocase(scheme, tel)) {
            struct slice number = sip_user_of(
                slice_sub((struct slice){scheme.data, scheme.size + end}, 0, scheme.size + end),
                &redactor->arena);
            (void)buffer_append(out, redact_name(redactor, PSEUDONYM_USER, number));
        } else {
            redact_put_host(redactor, slice_trim(head), out);
        }
        put_uri_parameters(redactor, slice_from(text, end), out);
        return;
    }
    size_t end = authority_end(host);
    struct slice authority = slice_sub(host, 0, end);
    struct slice whole = sip_user_of(
        (struct slice){text.data, (size_t)(host.data - text.data) + end}, &redactor->arena);
    struct slice name = redact_user(redactor, whole);
    size_t sign = slice_find_byte(name, '@');
    if (whole.size > 0 && sign != SLICE_NONE) {
        (void)buffer_append(out, slice_sub(name, 0, sign));
    } else {
        (void)buffer_append(out, redact_name(redactor, PSEUDONYM_USER, user));
    }
    (void)buffer_append_byte(out, '@');
    redact_put_host(redactor, slice_trim(authority), out);
    put_uri_parameters(redactor, slice_from(host, end), out);
}

/* "ma-chan:", "https://": what it is called stays when everybody knows it. */
static void put_scheme(struct redactor *redactor, struct slice scheme, struct buffer *out)
{
    static const struct slice known[] = {
        SLICE("http:"), SLICE("https:"), SLICE("ma-chan:"), SLICE("ma-filelink:"), SLICE("ftp:"),
        SLICE("file:"), SLICE("cid:"),   SLICE("data:"),    SLICE("callto:"),      SLICE("ldap:"),
        SLICE("conf:"), SLICE("ws:"),    SLICE("wss:"),     SLICE("javascript:")};
    struct slice name, slashes;
    (void)slice_cut(scheme, ':', &name, &slashes);
    name = slice_sub(scheme, 0, name.size + 1);
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (slice_equal_nocase(name, known[i])) {
            (void)buffer_append(out, scheme);
            return;
        }
    }
    (void)buffer_append(out, redact_name(redactor, PSEUDONYM_NAME, name));
    (void)buffer_append_byte(out, ':');
    (void)buffer_append(out, slashes);
}

/* "/2001/XMLSchema-instance": the path of a document that everybody knows. */
static bool is_specification(struct slice path)
{
    enum { MOST = 80 };
    static const struct slice signs = SLICE("/-_.#");
    for (size_t i = 0; i < path.size; i++) {
        if (!ascii_is_alpha(path.data[i]) && !ascii_is_digit(path.data[i]) &&
            slice_find_byte(signs, path.data[i]) == SLICE_NONE) {
            return false;
        }
    }
    return path.size <= MOST;
}

/* "https://host:port/path". */
static void put_place(struct redactor *redactor, struct slice scheme, struct slice rest,
                      struct buffer *out)
{
    size_t end = 0;
    while (end < rest.size && rest.data[end] != '/' && rest.data[end] != '?' &&
           rest.data[end] != '\\') {
        end++;
    }
    struct slice host = slice_sub(rest, 0, end);
    put_scheme(redactor, scheme, out);
    if (is_public_host(host) && is_specification(slice_from(rest, end))) {
        (void)buffer_append(out, rest);
        return;
    }
    redact_put_host(redactor, host, out);
    put_path(redactor, slice_from(rest, end), out);
}

static bool is_specification_name(struct slice name)
{
    enum { MOST = 64 };
    static const struct slice signs = SLICE(":-_");
    for (size_t i = 0; i < name.size; i++) {
        if (!ascii_is_alpha(name.data[i]) && !ascii_is_digit(name.data[i]) &&
            slice_find_byte(signs, name.data[i]) == SLICE_NONE) {
            return false;
        }
    }
    return name.size <= MOST;
}

/* Names of specifications, and GUIDs. */
static void put_urn(struct redactor *redactor, struct slice uri, struct buffer *out)
{
    static const struct slice known[] = {SLICE("urn:ietf:"), SLICE("urn:parlano:"),
                                         SLICE("urn:schemas-microsoft-com:")};
    static const struct slice uuid = SLICE("urn:uuid:"), urn = SLICE("urn:");
    bool plain = slice_starts_nocase(uri, uuid) && redact_is_plain_guid(slice_from(uri, uuid.size));
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        plain = plain || (slice_starts_nocase(uri, known[i]) &&
                          is_specification_name(slice_from(uri, known[i].size)));
    }
    (void)buffer_append(out, plain ? uri : slice_sub(uri, 0, urn.size));
    if (!plain) {
        (void)buffer_append(out, redact_name(redactor, PSEUDONYM_NAME, slice_from(uri, urn.size)));
    }
}

void redact_put_uri(struct redactor *redactor, struct slice uri, struct buffer *out)
{
    size_t size;
    enum scheme scheme = scheme_find(uri, &size);
    struct slice head = slice_sub(uri, 0, size);
    struct slice rest = slice_from(uri, size);
    if (scheme == SCHEME_NONE && slice_find_byte(uri, '@') == SLICE_NONE) {
        redact_put_parameter(redactor, none, uri, out);
    } else if (scheme == SCHEME_PERSON || scheme == SCHEME_NONE) {
        (void)buffer_append(out, head);
        put_person(redactor, head, rest, out);
    } else if (scheme == SCHEME_PLACE) {
        put_place(redactor, head, rest, out);
    } else if (scheme == SCHEME_URN) {
        put_urn(redactor, uri, out);
    } else {
        put_scheme(redactor, head, out);
        (void)buffer_append(out, redact_name(redactor, PSEUDONYM_NAME, rest));
    }
}

/* ---- for others ---- */

struct slice redact_uri(struct redactor *redactor, struct slice uri)
{
    struct buffer out;
    buffer_init(&out, SIZE_MAX);
    redact_put_uri(redactor, uri, &out);
    return buffer_take(&out, &redactor->arena);
}

struct slice redact_room(struct redactor *redactor, struct slice room)
{
    static const struct slice scheme = SLICE("ma-chan:");
    return slice_starts_nocase(room, scheme) ? redact_uri(redactor, room)
                                             : redact_name(redactor, PSEUDONYM_ROOM, room);
}
