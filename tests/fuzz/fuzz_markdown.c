/*
 * A sentence in Markdown: every code span is closed, outside of them stand only letters, digits
 * and the marks of a sentence, nothing begins a list, and no character but blanks is lost.
 */
#include "reports/markdown.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "reports/text.h"
#include "tests/fuzz/target.h"

static size_t fence_at(struct slice text, size_t at)
{
    size_t size = 0;
    while (at + size < text.size && text.data[at + size] == '`') {
        size++;
    }
    return size;
}

/* Behind the code span that begins at `at`, as CommonMark 6.1 finds its end. */
static size_t span_end(struct slice text, size_t at)
{
    size_t fence = fence_at(text, at);
    for (size_t i = at + fence; i < text.size;) {
        size_t run = fence_at(text, i);
        if (run == fence) {
            return i + run;
        }
        i += run > 0 ? run : 1;
    }
    abort();
}

static bool is_harmless(char byte)
{
    return ascii_is_alpha(byte) || ascii_is_digit(byte) || (unsigned char)byte >= 0x80 ||
           memchr(" .,;:!?()\"'-", byte, 12) != NULL;
}

/* "www." links to the name behind it, and without one to nothing. GFM section 6.9. */
static bool is_web_link(struct slice text)
{
    static const struct slice front = SLICE("www.");
    char behind = text.size > front.size ? text.data[front.size] : ' ';
    return slice_starts_nocase(text, front) &&
           (ascii_is_alpha(behind) || ascii_is_digit(behind) || (unsigned char)behind >= 0x80 ||
            behind == '_' || behind == '-');
}

static void require_inert(struct slice text)
{
    size_t digits = 0;
    while (digits < text.size && ascii_is_digit(text.data[digits])) {
        digits++;
    }
    require(digits == 0 || digits == text.size ||
            (text.data[digits] != '.' && text.data[digits] != ')') ||
            (digits + 1 < text.size && ascii_is_digit(text.data[digits + 1])));
    require(text.size == 0 || text.data[0] != '-');
    for (size_t i = 0; i < text.size;) {
        require(text.data[i] == '`' || is_harmless(text.data[i]));
        require(!is_web_link(slice_from(text, i)));
        i = text.data[i] == '`' ? span_end(text, i) : i + 1;
    }
}

/* The next character that is neither a blank nor a backtick; false at the end. */
static bool next(struct slice *text, char *out)
{
    while (text->size > 0) {
        *out = text->data[0];
        *text = slice_from(*text, 1);
        if (*out != ' ' && *out != '`') {
            return true;
        }
    }
    return false;
}

static void require_same(struct slice a, struct slice b)
{
    char left = 0;
    char right = 0;
    for (;;) {
        bool more = next(&a, &left);
        require(more == next(&b, &right));
        if (!more) {
            return;
        }
        require(left == right);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char written[1 << 16];
    char problem[256];
    char path[] = "/tmp/ocsight-fuzz.XXXXXX";
    struct arena arena;
    if (size > 4096) {
        return 0;
    }
    arena_init(&arena);
    struct slice text = text_safe((struct slice){(const char *)data, size}, false, &arena);
    int descriptor = mkstemp(path);
    require(descriptor >= 0);
    close(descriptor);
    struct output *output = output_open(path);
    markdown_prose(output, text);
    require(output_close(output, true, problem, sizeof problem));
    FILE *file = fopen(path, "rb");
    require(file != NULL);
    struct slice markdown = {written, fread(written, 1, sizeof written, file)};
    fclose(file);
    unlink(path);
    require(markdown.size < sizeof written);
    require_inert(markdown);
    require_same(text, markdown);
    arena_dispose(&arena);
    return 0;
}
