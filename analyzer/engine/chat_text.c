/*
 * Texts as they are compared. See chat_text.h.
 */
#include "analyzer/engine/chat_text.h"

struct plain {
    struct buffer *out;
    struct slice rest;
    bool in_link;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Length of the <a ...> or </a> at the front; 0 = there is none. Looks no further than the next
 * angle bracket, so that a row of them is not read again and again.
 */
static size_t link_tag(struct slice text, bool *out_opens)
{
    size_t at = 1;
    *out_opens = text.size < 2 || text.data[1] != '/';
    at += !*out_opens;
    if (at + 1 >= text.size || ascii_lower(text.data[at]) != 'a' ||
        !(is_blank(text.data[at + 1]) || text.data[at + 1] == '>')) {
        return 0;
    }
    for (at++; at < text.size && text.data[at] != '<'; at++) {
        if (text.data[at] == '>') {
            return at + 1;
        }
    }
    return 0;
}

static bool take_tag(struct plain *plain)
{
    bool opens;
    size_t size = link_tag(plain->rest, &opens);
    if (size == 0 || (!opens && !plain->in_link)) {
        return false;
    }
    plain->in_link = opens;
    plain->rest = slice_from(plain->rest, size);
    return true;
}

/* Within the markup, text is HTML: its own signs are written as entities. */
static bool take_entity(struct plain *plain)
{
    static const struct {
        struct slice name;
        char sign;
    } entities[] = {
        {SLICE("&amp;"), '&'}, {SLICE("&lt;"), '<'}, {SLICE("&gt;"), '>'}, {SLICE("&quot;"), '"'}};
    for (size_t i = 0; plain->in_link && i < sizeof entities / sizeof entities[0]; i++) {
        if (slice_starts(plain->rest, entities[i].name)) {
            buffer_append_byte(plain->out, entities[i].sign);
            plain->rest = slice_from(plain->rest, entities[i].name.size);
            return true;
        }
    }
    return false;
}

static void take_line_end(struct plain *plain)
{
    buffer_append_byte(plain->out, '\n');
    bool both = plain->rest.size > 1 && plain->rest.data[1] == '\n';
    plain->rest = slice_from(plain->rest, both ? 2 : 1);
}

static size_t ordinary(struct slice text)
{
    size_t size = 0;
    while (size < text.size && text.data[size] != '\r' && text.data[size] != '<' &&
           text.data[size] != '&') {
        size++;
    }
    return size;
}

void chat_text_plain(struct buffer *out, struct slice text)
{
    struct plain plain = {.out = out, .rest = text};
    while (plain.rest.size > 0) {
        size_t size = ordinary(plain.rest);
        buffer_append(out, slice_sub(plain.rest, 0, size));
        plain.rest = slice_from(plain.rest, size);
        if (plain.rest.size == 0) {
            return;
        }
        char c = plain.rest.data[0];
        if (c == '\r') {
            take_line_end(&plain);
        } else if (!(c == '<' && take_tag(&plain)) && !(c == '&' && take_entity(&plain))) {
            buffer_append_byte(out, c);
            plain.rest = slice_from(plain.rest, 1);
        }
    }
}
