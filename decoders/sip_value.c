/*
 * Lists, quoted strings, addresses and parameters. See sip_value.h.
 */
#include "decoders/sip_value.h"

/* Position behind the string that opens at `at`; the end of the text if it never closes. */
static size_t quoted_end(struct slice text, size_t at)
{
    at++;
    while (at < text.size && text.data[at] != '"') {
        at += text.data[at] == '\\' ? 2 : 1;
    }
    return at < text.size ? at + 1 : text.size;
}

/* Position of the first `stop` from `at` on that is outside quotes, or the end. */
static size_t find_unquoted(struct slice text, size_t at, char stop)
{
    struct slice rest = slice_from(text, at);
    struct slice found = slice_sub(rest, 0, slice_find_byte(rest, stop));
    if (slice_find_byte(found, '"') == SLICE_NONE) {
        return at + found.size; /* as nearly always */
    }
    while (at < text.size && text.data[at] != stop) {
        at = text.data[at] == '"' ? quoted_end(text, at) : at + 1;
    }
    return at;
}

/* Position of the comma that ends the first list item, or the end. */
static size_t item_end(struct slice text)
{
    size_t comma = slice_find_byte(text, ',');
    if (comma == SLICE_NONE) {
        return text.size; /* as nearly always */
    }
    size_t at = 0;
    while (at < text.size && text.data[at] != ',') {
        if (text.data[at] == '"') {
            at = quoted_end(text, at);
        } else if (text.data[at] == '<') {
            size_t close = slice_find_byte(slice_from(text, at), '>');
            at = close == SLICE_NONE ? text.size : at + close + 1;
        } else {
            at++;
        }
    }
    return at;
}

bool sip_list_next(struct slice *rest, struct slice *item)
{
    while (rest->size > 0) {
        size_t end = item_end(*rest);
        *item = slice_trim(slice_sub(*rest, 0, end));
        *rest = slice_from(*rest, end + 1);
        if (item->size > 0) {
            return true;
        }
    }
    return false;
}

static struct slice display_of(struct slice text)
{
    text = slice_trim(text);
    if (text.size == 0 || text.data[0] != '"') {
        return text;
    }
    size_t end = quoted_end(text, 0);
    bool closed = end >= 2 && text.data[end - 1] == '"';
    return slice_sub(text, 1, closed ? end - 2 : end - 1);
}

static bool quotes_close(struct slice text)
{
    size_t at = find_unquoted(text, 0, '"');
    while (at < text.size) {
        size_t end = quoted_end(text, at);
        if (end == text.size && (end - at < 2 || text.data[end - 1] != '"')) {
            return false;
        }
        at = find_unquoted(text, end, '"');
    }
    return true;
}

/* Where the URI opens; quotes that never close (\"ada\" <sip:...> is seen) do not hide it. */
static size_t bracket_find(struct slice value, bool *odd)
{
    size_t open = find_unquoted(value, 0, '<');
    *odd = open == value.size && !quotes_close(value);
    size_t hidden = *odd ? slice_find_byte(value, '<') : SLICE_NONE;
    return hidden == SLICE_NONE ? open : hidden;
}

struct sip_address sip_address_read(struct slice value)
{
    struct sip_address out = {0};
    bool odd = false;
    size_t open = bracket_find(value, &odd);
    if (open == value.size) {
        size_t end = find_unquoted(value, 0, ';');
        out.uri = slice_trim(slice_sub(value, 0, end));
        out.parameters = slice_from(value, end);
        out.odd = odd || out.uri.size == 0 || out.uri.data[0] == '"';
        return out;
    }
    struct slice inside = slice_from(value, open + 1);
    size_t close = slice_find_byte(inside, '>');
    out.display = display_of(slice_sub(value, 0, open));
    out.uri = slice_trim(slice_sub(inside, 0, close));
    out.parameters =
        close == SLICE_NONE ? slice_from(inside, inside.size) : slice_from(inside, close + 1);
    out.odd = odd || close == SLICE_NONE || out.uri.size == 0;
    return out;
}

struct slice sip_unescape(struct slice text, struct arena *arena)
{
    if (slice_find_byte(text, '\\') == SLICE_NONE) {
        return text;
    }
    char *copy = arena_alloc(arena, text.size);
    size_t size = 0;
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == '\\' && i + 1 < text.size) {
            i++;
        }
        copy[size++] = text.data[i];
    }
    return (struct slice){copy, size};
}

struct slice sip_parameter_text(struct slice value)
{
    value = slice_trim(value);
    return value.size > 0 && value.data[0] == '"' ? display_of(value) : value;
}

bool sip_parameter_next(struct slice *parameters, struct slice *name, struct slice *value)
{
    while (parameters->size > 0 && parameters->data[0] == ';') {
        *parameters = slice_from(*parameters, 1);
    }
    if (parameters->size == 0) {
        return false;
    }
    size_t end = find_unquoted(*parameters, 0, ';');
    (void)slice_cut(slice_sub(*parameters, 0, end), '=', name, value);
    *name = slice_trim(*name);
    *parameters = slice_from(*parameters, end + 1);
    return true;
}

bool sip_parameter(struct slice parameters, struct slice name, struct slice *out)
{
    struct slice key, value;
    while (sip_parameter_next(&parameters, &key, &value)) {
        if (slice_equal_nocase(key, name)) {
            *out = sip_parameter_text(value);
            return true;
        }
    }
    return false;
}
