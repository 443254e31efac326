/*
 * Text for people. See text.h. Character properties are GLib's (Unicode, kept
 * up to date by others), which pango brings along; this is the only file of
 * ours that includes it.
 */
#include "reports/text.h"

#include <glib.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/engine/buffer.h"

size_t text_character(struct slice text, uint32_t *out_code)
{
    if (text.size == 0) {
        return 0;
    }
    if (text.data[0] == '\0') { /* GLib takes it for the end of the text */
        *out_code = 0;
        return 1;
    }
    gunichar code = g_utf8_get_char_validated(text.data, (gssize)(text.size < 8 ? text.size : 8));
    if (code == (gunichar)-1 || code == (gunichar)-2) {
        return 0;
    }
    *out_code = code;
    return (size_t)g_unichar_to_utf8(code, NULL);
}

/* What changes how a terminal or a page shows the rest: never printed as it is. */
static bool is_dangerous(uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0)          /* C0, DEL, C1 */
           || code == 0x061c || code == 0x200e || code == 0x200f /* direction marks */
           || (code >= 0x202a && code <= 0x202e)                 /* embeddings and overrides */
           || (code >= 0x2066 && code <= 0x2069)                 /* isolates */
           || code == 0x2028 || code == 0x2029                   /* line and paragraph separator */
           || code == 0xfeff;
}

static void append_escaped(struct buffer *buffer, uint32_t code, bool keep_lines)
{
    char escape[16];
    if (code == '\n' && keep_lines) {
        buffer_append_byte(buffer, '\n');
        return;
    }
    if (code == '\n' || code == '\t') {
        buffer_append_byte(buffer, ' ');
        return;
    }
    snprintf(escape, sizeof escape, code < 0x100 ? "\\x%02x" : "\\u%04x", code);
    buffer_append_text(buffer, escape);
}

static bool is_plain(struct slice text)
{
    for (size_t i = 0; i < text.size; i++) {
        unsigned char byte = slice_byte(text, i);
        if (byte < 0x20 || byte >= 0x7f) {
            return false;
        }
    }
    return true;
}

struct slice text_safe(struct slice text, bool keep_lines, struct arena *arena)
{
    if (is_plain(text)) {
        return text;
    }
    struct buffer buffer;
    buffer_init(&buffer, SIZE_MAX);
    while (text.size > 0) {
        uint32_t code = 0;
        size_t size = text_character(text, &code);
        if (size == 0) {
            char escape[8];
            snprintf(escape, sizeof escape, "\\x%02x", slice_byte(text, 0));
            buffer_append_text(&buffer, escape);
            size = 1;
        } else if (code == '\r' && size < text.size && text.data[size] == '\n') {
            /* the LF that follows stands for the line end */
        } else if (is_dangerous(code)) {
            append_escaped(&buffer, code, keep_lines);
        } else {
            buffer_append(&buffer, slice_sub(text, 0, size));
        }
        text = slice_from(text, size);
    }
    return buffer_take(&buffer, arena);
}

static size_t columns_of(uint32_t code)
{
    if (g_unichar_iszerowidth(code)) {
        return 0;
    }
    /* Emoji with default emoji presentation are wide; GLib's table follows East Asian Width. */
    return g_unichar_iswide(code) ? 2 : 1;
}

/* Advances over one character; bytes that are not UTF-8 count one column each. */
static size_t step(struct slice *text)
{
    uint32_t code = 0;
    size_t size = text_character(*text, &code);
    size_t columns = size > 0 ? columns_of(code) : 1;
    *text = slice_from(*text, size > 0 ? size : 1);
    return columns;
}

size_t text_width(struct slice text)
{
    size_t width = 0;
    while (text.size > 0) {
        width += step(&text);
    }
    return width;
}

struct slice text_prefix(struct slice text, size_t columns)
{
    struct slice rest = text;
    size_t taken = 0;
    size_t width = 0;
    while (rest.size > 0) {
        width += step(&rest);
        if (width > columns) {
            break;
        }
        taken = text.size - rest.size;
    }
    return slice_sub(text, 0, taken);
}

/* The shortest suffix start such that what follows fits into `columns`. */
static struct slice text_suffix(struct slice text, size_t columns)
{
    size_t width = text_width(text);
    while (width > columns) {
        width -= step(&text);
    }
    return text;
}

static struct slice join(struct slice head, struct slice tail, struct arena *arena)
{
    static const char ellipsis[] = "…";
    char *copy = arena_alloc(arena, head.size + sizeof ellipsis - 1 + tail.size);
    if (head.size > 0) {
        memcpy(copy, head.data, head.size);
    }
    memcpy(copy + head.size, ellipsis, sizeof ellipsis - 1);
    if (tail.size > 0) {
        memcpy(copy + head.size + sizeof ellipsis - 1, tail.data, tail.size);
    }
    return (struct slice){copy, head.size + sizeof ellipsis - 1 + tail.size};
}

struct slice text_fit(struct slice text, size_t columns, struct arena *arena)
{
    if (text_width(text) <= columns) {
        return text;
    }
    if (columns == 0) {
        return slice_sub(text, 0, 0);
    }
    return join(text_prefix(text, columns - 1), slice_sub(text, 0, 0), arena);
}

struct slice text_fit_middle(struct slice text, size_t columns, struct arena *arena)
{
    if (text_width(text) <= columns) {
        return text;
    }
    if (columns < 5) {
        return text_fit(text, columns, arena);
    }
    size_t head = columns / 2;
    return join(text_prefix(text, head), text_suffix(text, columns - head - 1), arena);
}

struct slice text_brief(struct slice text, size_t columns, struct arena *arena)
{
    /* Wide enough for every column's character with three marks; a cut one falls off again. */
    struct slice front = slice_sub(text, 0, columns * 16 + 4);
    return arena_keep(arena, text_fit(text_safe(front, false, arena), columns, arena));
}

struct slice text_format(struct arena *arena, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (size < 0) {
        return slice_of("");
    }
    char *text = arena_alloc(arena, (size_t)size + 1);
    va_start(arguments, format);
    vsnprintf(text, (size_t)size + 1, format, arguments);
    va_end(arguments);
    return (struct slice){text, (size_t)size};
}

void text_left(struct output *output, struct slice text, size_t columns)
{
    size_t width = text_width(text);
    output_write(output, text);
    output_repeat(output, ' ', width < columns ? columns - width : 0);
}

void text_right(struct output *output, struct slice text, size_t columns)
{
    size_t width = text_width(text);
    output_repeat(output, ' ', width < columns ? columns - width : 0);
    output_write(output, text);
}

/*
 * A word may be longer than a line and is cut where the line ends. Returns the column after it.
 * Only what fits is measured, so that the cost is that of the word.
 */
static size_t write_word(struct output *output, struct slice word, size_t at, size_t indent,
                         size_t columns)
{
    while (columns > indent) {
        struct slice part = text_prefix(word, at < columns ? columns - at : 0);
        if (part.size == word.size || (part.size == 0 && at == indent)) {
            break;
        }
        output_write(output, part);
        output_byte(output, '\n');
        output_repeat(output, ' ', indent);
        word = slice_from(word, part.size);
        at = indent;
    }
    output_write(output, word);
    return at + text_width(word);
}

void text_paragraph(struct output *output, struct slice text, size_t start, size_t indent,
                    size_t columns)
{
    size_t at = start;
    bool fresh = true;
    while (text.size > 0) {
        struct slice word;
        slice_cut(text, ' ', &word, &text);
        if (!fresh && at + 1 + text_width(word) > columns) {
            output_byte(output, '\n');
            output_repeat(output, ' ', indent);
            at = indent;
            fresh = true;
        }
        if (!fresh) {
            output_byte(output, ' ');
            at++;
        }
        at = write_word(output, word, at, indent, columns);
        fresh = false;
    }
}

const char *text_plural(uint64_t count)
{
    return count == 1 ? "" : "s";
}
