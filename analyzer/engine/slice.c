/*
 * Borrowed bytes. See slice.h.
 */
#include "analyzer/engine/slice.h"

/* clang-format off */
const unsigned char ascii_lower_table[256] = {
    0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f,
    0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19, 0x1a, 0x1b, 0x1c, 0x1d, 0x1e, 0x1f,
    0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x27, 0x28, 0x29, 0x2a, 0x2b, 0x2c, 0x2d, 0x2e, 0x2f,
    0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3a, 0x3b, 0x3c, 0x3d, 0x3e, 0x3f,
    0x40, 'a',  'b',  'c',  'd',  'e',  'f',  'g',  'h',  'i',  'j',  'k',  'l',  'm',  'n',  'o',
    'p',  'q',  'r',  's',  't',  'u',  'v',  'w',  'x',  'y',  'z',  0x5b, 0x5c, 0x5d, 0x5e, 0x5f,
    0x60, 'a',  'b',  'c',  'd',  'e',  'f',  'g',  'h',  'i',  'j',  'k',  'l',  'm',  'n',  'o',
    'p',  'q',  'r',  's',  't',  'u',  'v',  'w',  'x',  'y',  'z',  0x7b, 0x7c, 0x7d, 0x7e, 0x7f,
    0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x8b, 0x8c, 0x8d, 0x8e, 0x8f,
    0x90, 0x91, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9a, 0x9b, 0x9c, 0x9d, 0x9e, 0x9f,
    0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7, 0xa8, 0xa9, 0xaa, 0xab, 0xac, 0xad, 0xae, 0xaf,
    0xb0, 0xb1, 0xb2, 0xb3, 0xb4, 0xb5, 0xb6, 0xb7, 0xb8, 0xb9, 0xba, 0xbb, 0xbc, 0xbd, 0xbe, 0xbf,
    0xc0, 0xc1, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7, 0xc8, 0xc9, 0xca, 0xcb, 0xcc, 0xcd, 0xce, 0xcf,
    0xd0, 0xd1, 0xd2, 0xd3, 0xd4, 0xd5, 0xd6, 0xd7, 0xd8, 0xd9, 0xda, 0xdb, 0xdc, 0xdd, 0xde, 0xdf,
    0xe0, 0xe1, 0xe2, 0xe3, 0xe4, 0xe5, 0xe6, 0xe7, 0xe8, 0xe9, 0xea, 0xeb, 0xec, 0xed, 0xee, 0xef,
    0xf0, 0xf1, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf7, 0xf8, 0xf9, 0xfa, 0xfb, 0xfc, 0xfd, 0xfe, 0xff,
};
/* clang-format on */

struct slice slice_of(const char *text)
{
    return (struct slice){text, text ? strlen(text) : 0};
}

bool ascii_same_letters(const char *a, const char *b, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (ascii_lower(a[i]) != ascii_lower(b[i])) {
            return false;
        }
    }
    return true;
}

int slice_compare(struct slice a, struct slice b)
{
    size_t common = a.size < b.size ? a.size : b.size;
    int order = common > 0 ? memcmp(a.data, b.data, common) : 0;
    if (order != 0) {
        return order;
    }
    return (a.size > b.size) - (a.size < b.size);
}

size_t slice_find(struct slice slice, struct slice needle)
{
    if (needle.size == 0) {
        return 0;
    }
    size_t at = 0;
    while (slice.size - at >= needle.size) {
        size_t hit = slice_find_byte(slice_from(slice, at), needle.data[0]);
        if (hit == SLICE_NONE || slice.size - at - hit < needle.size) {
            return SLICE_NONE;
        }
        at += hit;
        if (memcmp(slice.data + at, needle.data, needle.size) == 0) {
            return at;
        }
        at++;
    }
    return SLICE_NONE;
}

size_t slice_find_nocase(struct slice slice, struct slice needle)
{
    if (needle.size == 0) {
        return 0;
    }
    char first = ascii_lower(needle.data[0]);
    for (size_t at = 0; slice.size - at >= needle.size; at++) {
        if (ascii_lower(slice.data[at]) == first &&
            ascii_same_letters(slice.data + at, needle.data, needle.size)) {
            return at;
        }
    }
    return SLICE_NONE;
}

bool slice_to_u64(struct slice slice, uint64_t *out)
{
    uint64_t value = 0;
    if (slice.size == 0) {
        return false;
    }
    for (size_t i = 0; i < slice.size; i++) {
        if (!ascii_is_digit(slice.data[i])) {
            return false;
        }
        uint64_t digit = (uint64_t)(slice.data[i] - '0');
        if (value > (UINT64_MAX - digit) / 10) {
            return false;
        }
        value = value * 10 + digit;
    }
    *out = value;
    return true;
}

bool slice_to_u32(struct slice slice, uint32_t *out)
{
    uint64_t value = 0;
    if (!slice_to_u64(slice, &value) || value > UINT32_MAX) {
        return false;
    }
    *out = (uint32_t)value;
    return true;
}

bool slice_matches(struct slice pattern, struct slice text)
{
    size_t at = 0;
    size_t star = SLICE_NONE;
    size_t retry = 0;
    size_t in = 0;
    while (at < text.size) {
        if (in < pattern.size && pattern.data[in] == '*') {
            star = in++;
            retry = at;
        } else if (in < pattern.size &&
                   ascii_lower(pattern.data[in]) == ascii_lower(text.data[at])) {
            in++;
            at++;
        } else if (star != SLICE_NONE) {
            in = star + 1;
            at = ++retry;
        } else {
            return false;
        }
    }
    while (in < pattern.size && pattern.data[in] == '*') {
        in++;
    }
    return in == pattern.size;
}

bool slice_matches_any(const struct slice *patterns, size_t count, struct slice text)
{
    for (size_t i = 0; i < count; i++) {
        if (slice_matches(patterns[i], text)) {
            return true;
        }
    }
    return false;
}

struct slice slice_lower(char *out, size_t room, struct slice slice)
{
    size_t size = slice.size < room ? slice.size : room;
    for (size_t i = 0; i < size; i++) {
        out[i] = ascii_lower(slice.data[i]);
    }
    return (struct slice){out, size};
}
