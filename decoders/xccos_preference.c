/*
 * Preference documents. See xccos_preference.h.
 */
#include "decoders/xccos_preference.h"

#include <stdlib.h>

#include "decoders/codec.h"
#include "decoders/multipart.h"

enum { INFLATE_STEP = 16384 };

static const struct slice nothing = SLICE("");

/* Behind the padding there is nothing but blanks, and no digit is left over alone. */
static bool is_base64(struct slice text)
{
    size_t digits = 0;
    size_t padding = 0;
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
            continue;
        }
        if (c == '=') {
            padding++;
        } else if (padding > 0) {
            return false;
        } else {
            digits++;
        }
    }
    return digits % 4 != 1 && padding <= 2;
}

/* ---- sniffing ---- */

/* RFC 3629, without control characters but tabs and line ends. */
static bool is_plain_text(struct slice bytes)
{
    for (size_t i = 0; i < bytes.size;) {
        unsigned c = slice_byte(bytes, i++);
        unsigned more = c < 0x80 ? 0 : c >> 5 == 6 ? 1 : c >> 4 == 14 ? 2 : c >> 3 == 30 ? 3 : 4;
        bool control = c < 0x20 && c != '\t' && c != '\r' && c != '\n';
        if (control || c == 0x7F || more == 4) {
            return false;
        }
        for (; more > 0; more--) {
            if (i == bytes.size || slice_byte(bytes, i++) >> 6 != 2) {
                return false;
            }
        }
    }
    return bytes.size > 0;
}

/* "<" begins XML, the other two are the marks of UTF-16 (xccos.md 1.12). */
static bool is_text(struct slice bytes)
{
    static const struct slice starts[] = {SLICE("<"), SLICE("\xFF\xFE"), SLICE("\xFE\xFF")};
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
        if (slice_starts(bytes, starts[i])) {
            return true;
        }
    }
    return is_plain_text(bytes);
}

/* ---- unpacking ---- */

struct unpacked {
    struct buffer bytes;
    bool whole; /* the compressed data came to its own end */
};

/* Up to `most` bytes of the first stream; what stands behind it is not looked at. */
static void inflate_into(struct codec *codec, struct slice packed, size_t most,
                         struct unpacked *out)
{
    char *piece = memory_alloc(INFLATE_STEP);
    buffer_init(&out->bytes, most);
    out->whole = false;
    bool more = true;
    for (struct slice rest = packed; more && !out->whole;) {
        size_t room = most - out->bytes.size;
        struct codec_step step =
            codec_feed(codec, rest, piece, room < INFLATE_STEP ? room : INFLATE_STEP);
        (void)buffer_append(&out->bytes, (struct slice){piece, step.produced});
        rest = slice_from(rest, step.consumed);
        out->whole = !step.broken && rest.size < packed.size && codec_at_end(codec);
        more = !step.broken && (step.consumed > 0 || step.produced > 0);
    }
    free(piece);
}

/* False when these are no compressed bytes after all. */
static bool unpack(const struct document *document, struct chat_preference *preference,
                   struct slice bytes, size_t *left)
{
    struct codec *codec = codec_new_inner(bytes);
    if (!codec) {
        return false;
    }
    bool gzip = slice_equal(slice_of(codec_name(codec)), slice_of("gzip"));
    struct unpacked unpacked;
    inflate_into(codec, bytes, *left, &unpacked);
    /* "x" and a byte that fits it may begin a text as well: "x^2". */
    bool taken = gzip || unpacked.whole || (unpacked.bytes.size > 0 && !is_plain_text(bytes));
    if (taken) {
        preference->coding = gzip ? PREFERENCE_GZIP : PREFERENCE_ZLIB;
        preference->plain = arena_keep(document->arena, buffer_slice(&unpacked.bytes));
        preference->cut = !unpacked.whole;
        *left -= unpacked.bytes.size;
    }
    buffer_dispose(&unpacked.bytes);
    codec_free(codec);
    return taken;
}

static void decode(const struct document *document, struct chat_preference *preference,
                   size_t *left, size_t offset)
{
    struct slice bytes;
    bool digits = multipart_base64(preference->content, document->arena, &bytes);
    if (!digits || !is_base64(preference->content)) {
        preference->coding = PREFERENCE_NOT_BASE64;
        return;
    }
    if (!unpack(document, preference, bytes, left)) {
        preference->coding = is_text(bytes) ? PREFERENCE_TEXT : PREFERENCE_BYTES;
        preference->plain = slice_sub(bytes, 0, *left);
        preference->cut = preference->plain.size < bytes.size;
        *left -= preference->plain.size;
    }
    if (preference->cut && *left == 0) {
        document_odd_once(document, "xccos-preference-capped", slice_of("preference_bytes"),
                          offset);
    }
}

struct chat_preference preference_read(const struct document *document,
                                       const struct xml_element *element, size_t *left)
{
    struct chat_preference preference = {
        .label = document_attribute(document, element, "label"),
        .number = document_attribute(document, element, "seqid"),
        .content = document_attribute(document, element, "content"),
        .plain = nothing,
        .create_default = document_flag(document, element, "createdefault"),
    };
    if (slice_trim(preference.content).size > 0) {
        decode(document, &preference, left, element->offset);
    }
    return preference;
}
