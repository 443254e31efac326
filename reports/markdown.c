/*
 * Words in Markdown. See markdown.h. CommonMark 0.30 sections 4 (what a line can begin), 6.1
 * (code spans); GitHub Flavored Markdown 0.29 sections 4.10 and 6.9 (tables, autolinks).
 */
#include "reports/markdown.h"

enum { COMMIT_DIGITS = 7 }; /* from here on GitHub takes hex digits for a commit */

static size_t longest_fence(struct slice text)
{
    size_t longest = 0;
    size_t run = 0;
    for (size_t i = 0; i < text.size; i++) {
        run = text.data[i] == '`' ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    return longest;
}

static bool needs_padding(char byte)
{
    return byte == '`' || byte == ' ';
}

void markdown_code(struct output *output, struct slice text)
{
    if (text.size == 0) {
        return;
    }
    size_t fence = longest_fence(text) + 1;
    bool padded = needs_padding(text.data[0]) || needs_padding(text.data[text.size - 1]);
    output_repeat(output, '`', fence);
    output_repeat(output, ' ', padded);
    output_write(output, text);
    output_repeat(output, ' ', padded);
    output_repeat(output, '`', fence);
}

static bool is_one_of(char byte, const char *marks)
{
    return memchr(marks, byte, strlen(marks)) != NULL;
}

static bool is_letter(char byte)
{
    return ascii_is_alpha(byte) || (unsigned char)byte >= 0x80;
}

static bool is_hex(struct slice word)
{
    for (size_t i = 0; i < word.size; i++) {
        char byte = ascii_lower(word.data[i]);
        if (!ascii_is_digit(byte) && !(byte >= 'a' && byte <= 'f')) {
            return false;
        }
    }
    return true;
}

/* Letters and digits, hyphens and apostrophes between letters, a point between digits. */
static bool is_plain(struct slice word)
{
    for (size_t i = 0; i < word.size; i++) {
        char byte = word.data[i];
        if (is_letter(byte) || ascii_is_digit(byte)) {
            continue;
        }
        if (i == 0 || i + 1 == word.size) {
            return false;
        }
        char before = word.data[i - 1];
        char after = word.data[i + 1];
        bool joins = is_one_of(byte, "-'") && is_letter(before) && is_letter(after);
        if (!joins && !(byte == '.' && ascii_is_digit(before) && ascii_is_digit(after))) {
            return false;
        }
    }
    return word.size < COMMIT_DIGITS || !is_hex(word);
}

/* "1." and "1)" begin a list where a line begins. */
static bool is_list_number(struct slice word, struct slice behind)
{
    return behind.size > 0 && is_one_of(behind.data[0], ".)") && word.size > 0 &&
           ascii_is_digit(word.data[word.size - 1]);
}

/* A word with the marks of the sentence around it. */
static void put_word(struct output *output, struct slice word, bool first)
{
    size_t front = 0;
    size_t back = word.size;
    while (front < back && is_one_of(word.data[front], "(\"'")) {
        front++;
    }
    bool opens = slice_find_byte(slice_from(word, front), '(') != SLICE_NONE; /* x(y) is whole */
    while (back > front && is_one_of(word.data[back - 1], opens ? ".,;:!?\"'" : ".,;:!?)\"'")) {
        back--;
    }
    struct slice core = slice_sub(word, front, back - front);
    struct slice behind = slice_from(word, back);
    bool hollow = core.size == 0 && first;
    if (hollow || (first && front == 0 && is_list_number(core, behind))) {
        markdown_code(output, word);
        return;
    }
    output_write(output, slice_sub(word, 0, front));
    if (is_plain(core)) {
        output_write(output, core);
    } else {
        markdown_code(output, core);
    }
    output_write(output, behind);
}

void markdown_prose(struct output *output, struct slice text)
{
    bool first = true;
    while (text.size > 0) {
        struct slice word;
        slice_cut(text, ' ', &word, &text);
        if (word.size > 0) {
            output_text(output, first ? "" : " ");
            put_word(output, word, first);
            first = false;
        }
    }
}
