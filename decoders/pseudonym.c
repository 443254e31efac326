/*
 * Names that tell nobody who they are. See pseudonym.h.
 */
#include "decoders/pseudonym.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/engine/buffer.h"
#include "decoders/digest.h"

enum { BLOCK = 64, LETTERS = 10, PREFIX = 6, DOMAIN_LABELS = 2 };

struct pseudonyms {
    struct digest *digest;
    unsigned char inner[BLOCK]; /* the key as HMAC pads it */
    unsigned char outer[BLOCK];
    struct buffer text;
};

struct pseudonyms *pseudonyms_new(const struct pseudonym_key *key)
{
    struct pseudonyms *names = memory_zero(1, sizeof *names);
    names->digest = digest_new();
    buffer_init(&names->text, SIZE_MAX);
    memcpy(names->inner, key->bytes, PSEUDONYM_KEY);
    memcpy(names->outer, key->bytes, PSEUDONYM_KEY);
    for (size_t i = 0; i < BLOCK; i++) {
        names->inner[i] ^= 0x36;
        names->outer[i] ^= 0x5c;
    }
    return names;
}

void pseudonyms_free(struct pseudonyms *names)
{
    if (names) {
        digest_free(names->digest);
        buffer_dispose(&names->text);
        free(names);
    }
}

/* HMAC-SHA-256 of the kind and the text in lower case. */
static void digest_of(struct pseudonyms *names, char kind, struct slice text,
                      unsigned char out[static DIGEST_BYTES])
{
    unsigned char second[BLOCK + DIGEST_BYTES];
    buffer_clear(&names->text);
    buffer_append(&names->text, (struct slice){(const char *)names->inner, BLOCK});
    buffer_append_byte(&names->text, kind);
    for (size_t i = 0; i < text.size; i++) {
        buffer_append_byte(&names->text, ascii_lower(text.data[i]));
    }
    digest_bytes(names->digest, buffer_slice(&names->text), out);
    memcpy(second, names->outer, BLOCK);
    memcpy(second + BLOCK, out, DIGEST_BYTES);
    digest_bytes(names->digest, (struct slice){(const char *)second, sizeof second}, out);
}

struct slice pseudonym_of(struct pseudonyms *names, enum pseudonym_kind kind, struct slice text,
                          struct arena *arena)
{
    static const char letters[] = "0123456789abcdefghjkmnpqrstvwxyz";
    static const char *const prefixes[] = {
        [PSEUDONYM_USER] = "user-", [PSEUDONYM_HOST] = "host-", [PSEUDONYM_DOMAIN] = "dom-",
        [PSEUDONYM_ROOM] = "room-", [PSEUDONYM_TEXT] = "text-", [PSEUDONYM_NAME] = "name-",
    };
    unsigned char digest[DIGEST_BYTES];
    if (text.size == 0) {
        return slice_of("");
    }
    digest_of(names, (char)('A' + (int)kind), text, digest);
    size_t size = strlen(prefixes[kind]);
    char *out = arena_alloc(arena, size + LETTERS);
    memcpy(out, prefixes[kind], size);
    uint64_t bits = 0;
    for (size_t i = 0; i < sizeof bits; i++) {
        bits = bits << 8 | digest[i];
    }
    for (size_t i = 0; i < LETTERS; i++) {
        out[size++] = letters[bits % 32];
        bits /= 32;
    }
    return (struct slice){out, size};
}

struct slice pseudonym_user(struct pseudonyms *names, struct slice user, struct arena *arena)
{
    struct slice local;
    struct slice host;
    if (!slice_cut(user, '@', &local, &host)) {
        return pseudonym_of(names, PSEUDONYM_USER, user, arena);
    }
    /* Of the whole: the same user part at another host is another person. */
    struct slice name = pseudonym_of(names, PSEUDONYM_USER, user, arena);
    struct slice domain = pseudonym_host(names, host, arena);
    char *out = arena_alloc(arena, name.size + 1 + domain.size);
    memcpy(out, name.data, name.size);
    out[name.size] = '@';
    memcpy(out + name.size + 1, domain.data, domain.size);
    return (struct slice){out, name.size + 1 + domain.size};
}

/* ---- addresses ---- */

struct address pseudonym_address(struct pseudonyms *names, const struct address *address)
{
    static const unsigned char prefix[] = {0x20, 0x01, 0x0d, 0xb8};
    unsigned char digest[DIGEST_BYTES];
    struct address out = {.family = ADDRESS_IPV6, .port = address->port};
    if (address->family == ADDRESS_NONE) {
        return *address;
    }
    size_t size = address->family == ADDRESS_IPV4 ? 4 : 16;
    digest_of(names, 'a', (struct slice){(const char *)address->bytes, size}, digest);
    memcpy(out.bytes, prefix, sizeof prefix);
    /* Three groups in the text form: long enough to be one host's own, short enough to read. */
    memcpy(out.bytes + sizeof out.bytes - PREFIX, digest, PREFIX);
    return out;
}

static bool address_of_text(struct slice text, struct address *out)
{
    char copy[INET6_ADDRSTRLEN];
    *out = (struct address){0};
    if (text.size == 0 || text.size >= sizeof copy || memchr(text.data, '\0', text.size)) {
        return false;
    }
    memcpy(copy, text.data, text.size);
    copy[text.size] = '\0';
    bool four = inet_pton(AF_INET, copy, out->bytes) == 1;
    bool six = !four && inet_pton(AF_INET6, copy, out->bytes) == 1;
    out->family = four ? ADDRESS_IPV4 : six ? ADDRESS_IPV6 : ADDRESS_NONE;
    return four || six;
}

static struct slice address_name(struct pseudonyms *names, const struct address *address,
                                 struct arena *arena)
{
    char text[ADDRESS_TEXT];
    char *out = arena_alloc(arena, ADDRESS_TEXT + 2);
    struct address other = pseudonym_address(names, address);
    address_host_text(&other, text);
    size_t size = strlen(text);
    out[0] = '[';
    memcpy(out + 1, text, size);
    out[size + 1] = ']';
    return (struct slice){out, size + 2};
}

/* Where the domain begins: behind the last point but one. */
static size_t domain_start(struct slice host)
{
    size_t points = 0;
    for (size_t i = host.size; i > 0; i--) {
        if (host.data[i - 1] == '.' && ++points == DOMAIN_LABELS) {
            return i;
        }
    }
    return 0;
}

struct slice pseudonym_host(struct pseudonyms *names, struct slice host, struct arena *arena)
{
    static const char reserved[] = ".invalid";
    struct address address;
    bool bracketed = host.size > 2 && host.data[0] == '[' && host.data[host.size - 1] == ']';
    struct slice bare = bracketed ? slice_sub(host, 1, host.size - 2) : host;
    if (address_of_text(bare, &address)) {
        return address_name(names, &address, arena);
    }
    if (host.size == 0) {
        return slice_of("");
    }
    size_t start = domain_start(host);
    struct slice front =
        start > 0 ? pseudonym_of(names, PSEUDONYM_HOST, host, arena) : slice_of("");
    struct slice domain = pseudonym_of(names, PSEUDONYM_DOMAIN, slice_from(host, start), arena);
    char *out = arena_alloc(arena, front.size + 1 + domain.size + sizeof reserved);
    size_t size = 0;
    if (front.size > 0) {
        memcpy(out, front.data, front.size);
        size = front.size;
        out[size++] = '.';
    }
    memcpy(out + size, domain.data, domain.size);
    size += domain.size;
    memcpy(out + size, reserved, sizeof reserved - 1);
    return (struct slice){out, size + sizeof reserved - 1};
}
