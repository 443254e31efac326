/*
 * The words and texts of the compliance view. See compliance.h.
 */
#include "analyzer/engine/compliance.h"

#include "analyzer/engine/chat_text.h"

static const char *const names[COMPLIANCE_KINDS] = {
    [COMPLIANCE_JOIN] = "JOIN",         [COMPLIANCE_PART] = "PART",
    [COMPLIANCE_CHAT] = "CHAT",         [COMPLIANCE_BACKCHAT] = "BACKCHAT",
    [COMPLIANCE_UPLOAD] = "FILEUPLOAD", [COMPLIANCE_DOWNLOAD] = "FILEDOWNLOAD",
};

const char *compliance_kind_name(enum compliance_kind kind)
{
    return (size_t)kind < COMPLIANCE_KINDS ? names[kind] : "unknown";
}

enum compliance_kind compliance_kind_find(struct slice name)
{
    int kind = 0;
    while (kind < COMPLIANCE_KINDS && !slice_equal_nocase(name, slice_of(names[kind]))) {
        kind++;
    }
    return (enum compliance_kind)kind;
}

/* ---- characters ---- */

/* The code point at the front and its length, 0 when it is no UTF-8 (RFC 3629 4). */
static size_t decode(struct slice text, uint32_t *out)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned char first = slice_byte(text, 0);
    size_t size = first < 0x80             ? 1
                  : (first & 0xE0) == 0xC0 ? 2
                  : (first & 0xF0) == 0xE0 ? 3
                  : (first & 0xF8) == 0xF0 ? 4
                                           : 0;
    if (size < 2 || text.size < size) {
        *out = first;
        return size == 1 ? 1 : 0;
    }
    uint32_t code = first & (0x7FU >> size);
    for (size_t i = 1; i < size; i++) {
        unsigned char next = slice_byte(text, i);
        if ((next & 0xC0) != 0x80) {
            return 0;
        }
        code = code << 6 | (next & 0x3F);
    }
    *out = code;
    return code >= least[size] ? size : 0;
}

/* Char of XML 1.0 2.2. */
static bool is_allowed(uint32_t code)
{
    if (code < 0x20) {
        return code == '\t' || code == '\n' || code == '\r';
    }
    return code < 0xD800 || (code >= 0xE000 && code < 0xFFFE) ||
           (code >= 0x10000 && code < 0x110000);
}

struct slice compliance_character(struct slice *rest, uint64_t *replaced)
{
    static const struct slice replacement = SLICE("\xEF\xBF\xBD");
    uint32_t code = 0;
    size_t size = decode(*rest, &code);
    struct slice character = slice_sub(*rest, 0, size);
    *rest = slice_from(*rest, size > 0 ? size : 1);
    if (size == 0 || !is_allowed(code)) {
        (*replaced)++;
        return replacement;
    }
    return character;
}

/* ---- comparing ---- */

void compliance_fold(struct slice text, struct buffer *out)
{
    struct buffer plain;
    uint64_t replaced = 0;
    buffer_init(&plain, SIZE_MAX);
    chat_text_plain(&plain, text);
    for (struct slice rest = buffer_slice(&plain); rest.size > 0;) {
        if (ascii_is_blank(rest.data[0])) {
            buffer_append_byte(out, ' ');
            rest = slice_from(rest, 1);
        } else {
            buffer_append(out, compliance_character(&rest, &replaced));
        }
    }
    buffer_dispose(&plain);
}
