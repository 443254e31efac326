/* See rename.h. */
#include "samples/rename.h"

#include "analyzer/engine/buffer.h"

#include <stdlib.h>
#include <string.h>

/* A pattern in the making. */
struct making {
    const struct talk *talk;
    struct buffer out;
    struct buffer places; /* of size_t */
};

static void digits_append(struct making *making)
{
    size_t place = making->out.size;
    buffer_append(&making->places, (struct slice){(const char *)&place, sizeof place});
    for (unsigned i = 0; i < RENAME_DIGITS; i++) {
        buffer_append_byte(&making->out, '0');
    }
}

static bool name_char(char c)
{
    return ascii_is_alpha(c) || ascii_is_digit(c) || c == '.' || c == '-' || c == '_';
}

/* The size of the user part that starts here if it is one of the talk's users, else 0. */
static size_t user_match(const struct talk *talk, struct slice text, size_t at)
{
    if (at > 0 && name_char(text.data[at - 1])) {
        return 0;
    }
    for (unsigned i = 0; i < talk->user_count; i++) {
        if (slice_starts_nocase(slice_from(text, at), talk->users[i])) {
            return slice_find_byte(talk->users[i], '@');
        }
    }
    return 0;
}

/* A room identifier keeps its size: its last digits are replaced. */
static size_t room_match(const struct talk *talk, struct slice text, size_t at)
{
    for (unsigned i = 0; i < talk->room_count; i++) {
        if (talk->rooms[i].size > RENAME_DIGITS &&
            slice_starts_nocase(slice_from(text, at), talk->rooms[i])) {
            return talk->rooms[i].size;
        }
    }
    return 0;
}

/* "tag=VALUE" and its like: the size up to the end of the value, else 0. */
static size_t parameter_match(struct slice text, size_t at)
{
    static const char *const names[] = {";tag=", ";branch=", ";epid="};
    struct slice rest = slice_from(text, at);
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
        size_t size = strlen(names[i]);
        if (slice_starts_nocase(rest, slice_of(names[i]))) {
            while (size < rest.size && (name_char(rest.data[size]))) {
                size++;
            }
            return size;
        }
    }
    return 0;
}

/* A whole header line whose value is an identifier: the size without its line end, else 0. */
static size_t line_match(struct slice text, size_t at)
{
    static const char *const names[] = {"Call-ID:", "i:", "SIP-ETag:", "SIP-If-Match:"};
    if (at > 0 && text.data[at - 1] != '\n') {
        return 0;
    }
    struct slice rest = slice_from(text, at);
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
        if (slice_starts_nocase(rest, slice_of(names[i]))) {
            size_t size = slice_find_byte(rest, '\n');
            size = size == SLICE_NONE ? rest.size : size;
            return size > 0 && rest.data[size - 1] == '\r' ? size - 1 : size;
        }
    }
    return 0;
}

static void part_make(struct making *making, struct slice text, bool head)
{
    for (size_t at = 0; at < text.size;) {
        size_t size = user_match(making->talk, text, at);
        if (size == 0 && head) {
            size = parameter_match(text, at);
            size = size > 0 ? size : line_match(text, at);
        }
        size_t room = size > 0 ? 0 : room_match(making->talk, text, at);
        if (room > 0) {
            size = room - RENAME_DIGITS;
        }
        buffer_append(&making->out, slice_sub(text, at, size > 0 ? size : 1));
        at += size > 0 ? size : 1;
        if (size > 0) {
            digits_append(making);
        }
        at += room > 0 ? RENAME_DIGITS : 0;
    }
}

/* The head again, with the size that the body has now. */
static void head_correct(struct slice head, size_t body, struct buffer *out)
{
    static const struct slice name = SLICE("Content-Length:");
    size_t place = slice_find_nocase(head, name);
    if (place == SLICE_NONE) {
        buffer_append(out, head);
        return;
    }
    size_t end = slice_find_byte(slice_from(head, place), '\n');
    buffer_append(out, slice_sub(head, 0, place + name.size));
    buffer_append_byte(out, ' ');
    buffer_append_u64(out, body);
    buffer_append_text(out, "\r\n");
    buffer_append(out, slice_from(head, place + end + 1));
}

static struct pattern pattern_make(struct talk *talk, struct slice bytes)
{
    struct making making = {.talk = talk};
    buffer_init(&making.out, SIZE_MAX / 2);
    buffer_init(&making.places, SIZE_MAX / 2);
    size_t blank = slice_find(bytes, slice_of("\r\n\r\n"));
    size_t split = blank == SLICE_NONE ? bytes.size : blank + 4;

    part_make(&making, slice_from(bytes, split), false);
    struct buffer head;
    buffer_init(&head, SIZE_MAX / 2);
    head_correct(slice_sub(bytes, 0, split), making.out.size, &head);
    buffer_clear(&making.out);
    buffer_clear(&making.places);
    part_make(&making, buffer_slice(&head), true);
    part_make(&making, slice_from(bytes, split), false);

    struct slice places = arena_keep(&talk->arena, buffer_slice(&making.places));
    size_t *numbers = arena_alloc(&talk->arena, places.size + sizeof *numbers);
    if (places.size > 0) {
        memcpy(numbers, places.data, places.size);
    }
    struct pattern pattern = {
        .bytes = arena_keep(&talk->arena, buffer_slice(&making.out)),
        .places = numbers,
        .place_count = places.size / sizeof *numbers,
    };
    buffer_dispose(&head);
    buffer_dispose(&making.out);
    buffer_dispose(&making.places);
    return pattern;
}

struct pattern *rename_patterns(struct talk *talk, bool renaming)
{
    struct pattern *patterns = arena_zero(&talk->arena, talk->item_count + 1, sizeof *patterns);
    for (size_t i = 0; i < talk->item_count; i++) {
        const struct talk_item *item = &talk->items[i];
        patterns[i] = renaming && item->message ? pattern_make(talk, item->bytes)
                                                : (struct pattern){.bytes = item->bytes};
    }
    return patterns;
}

void rename_copy(const struct pattern *pattern, unsigned copy, char *out)
{
    memcpy(out, pattern->bytes.data, pattern->bytes.size);
    char digits[RENAME_DIGITS];
    for (unsigned i = RENAME_DIGITS; i-- > 0; copy /= 10) {
        digits[i] = (char)('0' + copy % 10);
    }
    for (size_t i = 0; i < pattern->place_count; i++) {
        memcpy(out + pattern->places[i], digits, sizeof digits);
    }
}
