/*
 * Secrets in parts of a multipart body that are written in Base64. See mask.h.
 *
 * A part is found by its Content-Transfer-Encoding line, ends at the next boundary, and keeps its
 * lines: what stands for a secret has the same size, but for short tokens. A part that holds no
 * secret stays as it is, whatever its Base64 looks like.
 */
#include "decoders/mask.h"
#include "decoders/multipart.h"

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* The symbol number `at` of the Base64 of `bytes`, without padding; NUL behind the last. */
static char symbol_at(struct slice bytes, size_t at)
{
    size_t first = at / 4 * 3;
    size_t left = first < bytes.size ? bytes.size - first : 0;
    unsigned place = (unsigned)(at % 4);
    if (left == 0 || place > left) {
        return '\0';
    }
    uint32_t group = 0;
    for (size_t i = 0; i < 3; i++) {
        group = group << 8 | (i < left ? slice_byte(bytes, first + i) : 0);
    }
    return digits[group >> (18 - 6 * place) & 0x3f];
}

static bool is_symbol(char c)
{
    return ascii_is_alpha(c) || ascii_is_digit(c) || c == '+' || c == '/';
}

/* The bytes in Base64, in the lines that `text` has; what is over goes behind the last symbol. */
static bool append_encoded(struct buffer *out, struct slice text, struct slice bytes)
{
    size_t at = 0;
    size_t end = text.size;
    bool fits = true;
    while (end > 0 && ascii_is_blank(text.data[end - 1])) {
        end--;
    }
    for (size_t i = 0; i < end; i++) {
        char c = text.data[i];
        if (is_symbol(c)) {
            c = symbol_at(bytes, at++);
            c = c == '\0' ? digits[0] : c; /* one symbol alone stands for nothing */
        }
        fits = fits && buffer_append_byte(out, c);
    }
    for (char c = symbol_at(bytes, at); c != '\0'; c = symbol_at(bytes, ++at)) {
        fits = fits && buffer_append_byte(out, c);
    }
    return fits && buffer_append(out, slice_from(text, end));
}

/* Where Base64 is no longer read: at its padding or at a broken byte. */
static size_t symbols_end(struct slice text)
{
    size_t end = 0;
    while (end < text.size && (is_symbol(text.data[end]) || ascii_is_blank(text.data[end]))) {
        end++;
    }
    return end;
}

/* Padding stays; anything else there is read by nobody and could be as secret as the rest. */
static bool append_rest(struct buffer *out, struct slice text)
{
    size_t begin = out->size;
    size_t padding = 0;
    while (padding < text.size && (text.data[padding] == '=' || padding == 0)) {
        padding++;
    }
    if (!buffer_append(out, text)) {
        return false;
    }
    mask_fill(out->data + begin + padding, text.size - padding);
    return true;
}

/* The content of a part in Base64. */
static bool append_part(struct slice text, struct buffer *out)
{
    struct arena arena;
    struct buffer masked;
    struct slice plain;
    size_t end = symbols_end(text);
    arena_init(&arena);
    (void)multipart_base64(slice_sub(text, 0, end), &arena, &plain);
    buffer_init(&masked, 2 * plain.size + 64);
    bool fits = mask_text(plain, &masked);
    if (fits && slice_equal(buffer_slice(&masked), plain)) {
        fits = buffer_append(out, text);
    } else if (fits) {
        fits = append_encoded(out, slice_sub(text, 0, end), buffer_slice(&masked)) &&
               (end == text.size || append_rest(out, slice_from(text, end)));
    }
    buffer_dispose(&masked);
    arena_dispose(&arena);
    return fits;
}

/* ---- finding parts ---- */

static size_t line_end(struct slice body, size_t at)
{
    size_t end = slice_find_byte(slice_from(body, at), '\n');
    return end == SLICE_NONE ? body.size : at + end + 1;
}

static bool is_base64_line(struct slice line)
{
    static const struct slice name = SLICE("Content-Transfer-Encoding"), coding = SLICE("base64");
    struct slice head, value;
    return slice_cut(line, ':', &head, &value) && slice_equal_nocase(slice_trim(head), name) &&
           slice_equal_nocase(slice_trim(value), coding);
}

static bool is_boundary(struct slice body, size_t at)
{
    static const struct slice dashes = SLICE("--");
    return slice_starts(slice_from(body, at), dashes);
}

/* From the line at `at` on: where the content of the next part in Base64 begins and ends. */
static bool part_find(struct slice body, size_t at, size_t *begin, size_t *end)
{
    bool coded = false;
    while (at < body.size) {
        size_t next = line_end(body, at);
        struct slice line = slice_sub(body, at, next - at);
        if (is_boundary(body, at)) {
            coded = false;
        } else if (coded && slice_trim(line).size == 0) {
            break;
        } else {
            coded = coded || is_base64_line(line);
        }
        at = next;
    }
    *begin = at;
    while (at < body.size && !is_boundary(body, at)) {
        at = line_end(body, at);
    }
    *end = at;
    return *begin < body.size;
}

bool mask_parts(struct slice body, struct buffer *out)
{
    size_t done = 0;
    size_t begin, end;
    bool fits = true;
    while (fits && part_find(body, done, &begin, &end)) {
        fits = mask_text(slice_sub(body, done, begin - done), out) &&
               append_part(slice_sub(body, begin, end - begin), out);
        done = end;
    }
    return fits && mask_text(slice_from(body, done), out);
}
