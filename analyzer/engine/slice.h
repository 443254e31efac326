/*
 * Borrowed bytes: a pointer and a length, never assumed to be terminated.
 *
 * Every byte that comes from a capture is read through a slice or a cursor
 * (decoders/cursor.h), so no C string function ever touches input. A slice
 * lives exactly as long as what it points into; whoever needs it longer copies
 * it with arena_keep(). The functions are total: any slice, the empty one
 * (data may then be NULL) included, is a legal argument.
 */
#ifndef OCSIGHT_ANALYZER_ENGINE_SLICE_H
#define OCSIGHT_ANALYZER_ENGINE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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

/* A slice over a terminated string that the program itself made. NULL gives the empty slice. */
struct slice slice_of(const char *text);

/* Bytes offset .. offset + size - 1, cut to what there is. */
struct slice slice_sub(struct slice slice, size_t offset, size_t size);

/* Everything from offset on; empty when offset is past the end. */
struct slice slice_from(struct slice slice, size_t offset);

bool slice_equal(struct slice a, struct slice b);
bool slice_equal_nocase(struct slice a, struct slice b); /* ASCII letters only */
bool slice_starts(struct slice slice, struct slice prefix);
bool slice_starts_nocase(struct slice slice, struct slice prefix);

/* As memcmp, a shorter slice before a longer one that starts with it. */
int slice_compare(struct slice a, struct slice b);

/* Position of the first match, or SLICE_NONE. An empty needle matches at 0. */
size_t slice_find_byte(struct slice slice, char byte);
size_t slice_find(struct slice slice, struct slice needle);
size_t slice_find_nocase(struct slice slice, struct slice needle);

/* Without the blanks, tabs, CR and LF at both ends. */
struct slice slice_trim(struct slice slice);

/*
 * Splits at the first `byte`: *head gets what stands before it, *tail what
 * follows. Without the byte, *head is everything, *tail empty, and the result
 * false.
 */
bool slice_cut(struct slice slice, char byte, struct slice *head, struct slice *tail);

/* Decimal digits only, the whole slice, no sign, no blank; false when not so or over the type. */
bool slice_to_u64(struct slice slice, uint64_t *out);
bool slice_to_u32(struct slice slice, uint32_t *out);

/* Does the pattern match the whole text? * stands for anything, letters have no case. No recursion.
 */
bool slice_matches(struct slice pattern, struct slice text);

/* One byte as an unsigned number; position must be below size. */
static inline unsigned char slice_byte(struct slice slice, size_t position)
{
    return (unsigned char)slice.data[position];
}

/* ASCII only, whatever the locale says. */
char ascii_lower(char c);
bool ascii_is_digit(char c);
bool ascii_is_alpha(char c);

#endif
