/*
 * Borrowed bytes: a pointer and a length, never assumed to be terminated.
 *
 * Every byte that comes from a capture is read through a slice or a cursor
 * (decoders/cursor.h), so no C string function ever touches input. A slice
 * lives exactly as long as what it points into; whoever needs it longer copies
 * it with arena_keep(). The functions are total: any slice, the empty one
 * (data may then be NULL) included, is a legal argument.
 *
 * Those that take a few instructions are here in full: parsers call them a
 * hundred times a message, and the call alone would cost more than the work.
 */
#ifndef OCSIGHT_ANALYZER_ENGINE_SLICE_H
#define OCSIGHT_ANALYZER_ENGINE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct slice {
    const char *data;
    size_t size; /* bytes */
};

/* A slice over a string literal, usable in static initialisers. */
#define SLICE(literal)                                                                             \
    {                                                                                              \
        (literal), sizeof(literal) - 1                                                             \
    }

/* The position slice_find_* return when nothing was found. */
#define SLICE_NONE SIZE_MAX

/* ---- ASCII only, whatever the locale says ---- */

extern const unsigned char ascii_lower_table[256];

static inline char ascii_lower(char c)
{
    return (char)ascii_lower_table[(unsigned char)c];
}

static inline bool ascii_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline bool ascii_is_alpha(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Blank, tab, CR and LF. */
static inline bool ascii_is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool ascii_same_letters(const char *a, const char *b, size_t size);

/* ---- parts ---- */

/* A slice over a terminated string that the program itself made. NULL gives the empty slice. */
struct slice slice_of(const char *text);

/* Everything from offset on; empty when offset is past the end. */
static inline struct slice slice_from(struct slice slice, size_t offset)
{
    size_t skipped = offset < slice.size ? offset : slice.size;
    if (skipped > 0) { /* NULL + 0 is undefined */
        slice.data += skipped;
        slice.size -= skipped;
    }
    return slice;
}

/* Bytes offset .. offset + size - 1, cut to what there is. */
static inline struct slice slice_sub(struct slice slice, size_t offset, size_t size)
{
    struct slice rest = slice_from(slice, offset);
    if (rest.size > size) {
        rest.size = size;
    }
    return rest;
}

/* One byte as an unsigned number; position must be below size. */
static inline unsigned char slice_byte(struct slice slice, size_t position)
{
    return (unsigned char)slice.data[position];
}

/* Without the blanks, tabs, CR and LF at both ends. */
static inline struct slice slice_trim(struct slice slice)
{
    while (slice.size > 0 && ascii_is_blank(slice.data[0])) {
        slice.data++;
        slice.size--;
    }
    while (slice.size > 0 && ascii_is_blank(slice.data[slice.size - 1])) {
        slice.size--;
    }
    return slice;
}

/* ---- comparing; _nocase: ASCII letters only ---- */

static inline bool slice_equal(struct slice a, struct slice b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

static inline bool slice_equal_nocase(struct slice a, struct slice b)
{
    return a.size == b.size && ascii_same_letters(a.data, b.data, a.size);
}

static inline bool slice_starts(struct slice slice, struct slice prefix)
{
    return slice_equal(slice_sub(slice, 0, prefix.size), prefix);
}

static inline bool slice_starts_nocase(struct slice slice, struct slice prefix)
{
    return slice_equal_nocase(slice_sub(slice, 0, prefix.size), prefix);
}

/* As memcmp, a shorter slice before a longer one that starts with it. */
int slice_compare(struct slice a, struct slice b);

/* Does the pattern match the whole text? * stands for anything, letters have no case. No recursion.
 */
bool slice_matches(struct slice pattern, struct slice text);

/* The same of any of these patterns. */
bool slice_matches_any(const struct slice *patterns, size_t count, struct slice text);

/* Its first `room` bytes with ASCII letters in lower case, written to `out`. */
struct slice slice_lower(char *out, size_t room, struct slice slice);

/* ---- finding ---- */

/* Position of the first match, or SLICE_NONE. An empty needle matches at 0. */
static inline size_t slice_find_byte(struct slice slice, char byte)
{
    const char *hit = slice.size > 0 ? memchr(slice.data, byte, slice.size) : NULL;
    return hit ? (size_t)(hit - slice.data) : SLICE_NONE;
}

size_t slice_find(struct slice slice, struct slice needle);
size_t slice_find_nocase(struct slice slice, struct slice needle);

/*
 * Splits at the first `byte`: *head gets what stands before it, *tail what
 * follows. Without the byte, *head is everything, *tail empty, and the result
 * false.
 */
static inline bool slice_cut(struct slice slice, char byte, struct slice *head, struct slice *tail)
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

/* ---- numbers ---- */

/* Decimal digits only, the whole slice, no sign, no blank; false when not so or over the type. */
bool slice_to_u64(struct slice slice, uint64_t *out);
bool slice_to_u32(struct slice slice, uint32_t *out);

#endif
