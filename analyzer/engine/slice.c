/*
 * Borrowed bytes. See slice.h.
 */
#include "analyzer/engine/slice.h"

#include <string.h>

char ascii_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool ascii_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool ascii_is_alpha(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

struct slice slice_of(const char *text)
{
    return (struct slice){text, text ? strlen(text) : 0};
}

struct slice slice_from(struct slice slice, size_t offset)
{
    if (offset >= slice.size) {
        return (struct slice){slice.data ? slice.data + slice.size : NULL, 0};
    }
    return (struct slice){slice.data + offset, slice.size - offset};
}

struct slice slice_sub(struct slice slice, size_t offset, size_t size)
{
    struct slice rest = slice_from(slice, offset);
    if (rest.size > size) {
        rest.size = size;
    }
    return rest;
}

bool slice_equal(struct slice a, struct slice b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

static bool same_letters(const char *a, const char *b, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (ascii_lower(a[i]) != ascii_lower(b[i])) {
            return false;
        }
    }
    return true;
}

bool slice_equal_nocase(struct slice a, struct slice b)
{
    return a.size == b.size && same_letters(a.data, b.data, a.size);
}

bool slice_starts(struct slice slice, struct slice prefix)
{
    return slice_equal(slice_sub(slice, 0, prefix.size), prefix);
}

bool slice_starts_nocase(struct slice slice, struct slice prefix)
{
    return slice_equal_nocase(slice_sub(slice, 0, prefix.size), prefix);
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

size_t slice_find_byte(struct slice slice, char byte)
{
    if (slice.size == 0) {
        return SLICE_NONE;
    }
    const char *hit = memchr(slice.data, byte, slice.size);
    return hit ? (size_t)(hit - slice.data) : SLICE_NONE;
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
    for (size_t at = 0; slice.size - at >= needle.size; at++) {
        if (same_letters(slice.data + at, needle.data, needle.size)) {
            return at;
        }
        if (at == slice.size) {
            break;
        }
    }
    return SLICE_NONE;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct slice slice_trim(struct slice slice)
{
    while (slice.size > 0 && is_blank(slice.data[0])) {
        slice.data++;
        slice.size--;
    }
    while (slice.size > 0 && is_blank(slice.data[slice.size - 1])) {
        slice.size--;
    }
    return slice;
}

bool slice_cut(struct slice slice, char byte, struct slice *head, struct slice *tail)
{
    size_t at = slice_find_byte(slice, byte);
    if (at == SLICE_NONE) {
        *head = slice;
        *tail = slice_from(slice, slice.size);
        return false;
    }
    *head = slice_sub(slice, 0, at);
    *tail = slice_from(slice, at + 1);
    return true;
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
