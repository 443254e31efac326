/*
 * Characters of XML documents. See character.h.
 */
#include "decoders/character.h"

bool character_is_legal(uint32_t code)
{
    return code >= 0x20 ? (code < 0xd800 || code > 0xdfff) && code != 0xfffe && code != 0xffff &&
                              code <= 0x10ffff
                        : code == '\t' || code == '\n' || code == '\r';
}

/* The digits of "#38" or "#x26"; false when they are none. */
static bool number_read(struct slice digits, uint32_t *out)
{
    bool hex = digits.size > 0 && digits.data[0] == 'x';
    uint32_t number = 0;
    digits = slice_from(digits, hex ? 1 : 0);
    for (size_t i = 0; i < digits.size; i++) {
        char c = ascii_lower(digits.data[i]);
        bool letter = hex && c >= 'a' && c <= 'f';
        if ((!letter && !ascii_is_digit(c)) || number > 0x10ffff) {
            return false;
        }
        number = number * (hex ? 16 : 10) + (uint32_t)(letter ? c - 'a' + 10 : c - '0');
    }
    *out = number;
    return digits.size > 0 && character_is_legal(number);
}

bool character_reference(struct slice name, uint32_t *out)
{
    static const struct {
        struct slice name;
        char character;
    } known[] = {{SLICE("amp"), '&'},
                 {SLICE("lt"), '<'},
                 {SLICE("gt"), '>'},
                 {SLICE("quot"), '"'},
                 {SLICE("apos"), '\''}};
    if (name.size > 0 && name.data[0] == '#') {
        return number_read(slice_from(name, 1), out);
    }
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (slice_equal(name, known[i].name)) {
            *out = (uint32_t)known[i].character;
            return true;
        }
    }
    return false;
}

void character_append(struct buffer *out, uint32_t code)
{
    static const unsigned char leads[] = {0, 0xc0, 0xe0, 0xf0};
    unsigned more = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    (void)buffer_append_byte(out, (char)(leads[more] | code >> (6 * more)));
    while (more > 0) {
        more--;
        (void)buffer_append_byte(out, (char)(0x80 | (code >> (6 * more) & 0x3f)));
    }
}
