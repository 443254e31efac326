/*
 * Text for people: widths, what is escaped, and that nothing gets wider than it may.
 */
#include "tests/unit/output_text.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static void width_is_counted_in_columns(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t width;
    } rows[] = {
        /* clang-format off */
        {"", 0},
        {"presence", 8},
        {"한국어", 6},
        {"ｆｕｌｌ", 8},
        {"Zoë", 3},
        {"Zoe\u0308", 3},                                  /* combining diaeresis */
        {"\u1112\u1161\u11ab", 2},                         /* Hangul written in parts */
        {"😀", 2},
        {"👍🏽", 4},                                       /* GLib: the skin tone is a second emoji */
        {"\u2764", 1},                                     /* text presentation by default */
        {"\u2764\ufe0f", 1},                               /* the variation selector adds nothing */
        {"👨\u200d👩\u200d👧", 6},                         /* three emoji, two joiners */
        {"a\u200bb", 2},
        {"→…│", 3},
        {"\xff\xfe", 2},                                   /* a column for each byte that is no text */
        {"a\xe2\x82", 3},
        /* clang-format on */
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct guard guard = guard_copy(slice_of(rows[i].text));
        assert_int_equal(text_width(guard.bytes), rows[i].width);
        guard_free(&guard);
    }
}

static void characters_are_whole_or_refused(void **state)
{
    (void)state;
    static const struct {
        struct slice bytes;
        size_t size;
        uint32_t code;
    } rows[] = {
        {SLICE("A!"), 1, 'A'},
        {SLICE("\0"), 1, 0},
        {SLICE("\0A"), 1, 0},
        {SLICE("\xc3\xa4"), 2, 0xe4},
        {SLICE("\xe2\x82\xac."), 3, 0x20ac},
        {SLICE("\xf0\x9f\x98\x80"), 4, 0x1f600},
        {SLICE(""), 0, 0},
        {SLICE("\xc3"), 0, 0},
        {SLICE("\xe2\x82"), 0, 0},
        {SLICE("\xe2\x82\0"), 0, 0},
        {SLICE("\x80"), 0, 0},
        {SLICE("\xc0\x80"), 0, 0},         /* overlong */
        {SLICE("\xed\xa0\x80"), 0, 0},     /* surrogate */
        {SLICE("\xf4\x90\x80\x80"), 0, 0}, /* beyond U+10FFFF */
        {SLICE("\xff"), 0, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint32_t code = 0;
        struct guard guard = guard_copy(rows[i].bytes);
        assert_int_equal(text_character(guard.bytes, &code), rows[i].size);
        assert_int_equal(code, rows[i].code);
        guard_free(&guard);
    }
}

static void what_is_dangerous_is_shown_escaped(void **state)
{
    (void)state;
    static const struct {
        struct slice text;
        const char *safe;
        const char *lines; /* with line ends kept; NULL = the same */
    } rows[] = {
        {SLICE("plain"), "plain", NULL},
        {SLICE("한국어 😀"), "한국어 😀", NULL},
        {SLICE("\x1b[31mred"), "\\x1b[31mred", NULL},
        {SLICE("a\0b"), "a\\x00b", NULL},
        {SLICE("\x7f\x08"), "\\x7f\\x08", NULL},
        {SLICE("\xc2\x9b"
               "31m"),
         "\\x9b31m", NULL}, /* CSI as one C1 character */
        {SLICE("a\tb"), "a b", NULL},
        {SLICE("a\nb"), "a b", "a\nb"},
        {SLICE("a\r\nb"), "a b", "a\nb"},
        {SLICE("a\rb"), "a\\x0db", NULL},
        {SLICE("a\r"), "a\\x0d", NULL},
        {SLICE("\u202egpj.exe"), "\\u202egpj.exe", NULL},
        {SLICE("\u2066a\u2069"), "\\u2066a\\u2069", NULL},
        {SLICE("\u200e\u200f\u061c"), "\\u200e\\u200f\\u061c", NULL},
        {SLICE("\u2028\u2029\ufeff"), "\\u2028\\u2029\\ufeff", NULL},
        {SLICE("a\xff"
               "b"),
         "a\\xffb", NULL},
        {SLICE("a\xe2\x82"), "a\\xe2\\x82", NULL},
    };
    struct arena arena;
    arena_init(&arena);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct guard guard = guard_copy(rows[i].text);
        assert_slice_equal(text_safe(guard.bytes, false, &arena), rows[i].safe);
        assert_slice_equal(text_safe(guard.bytes, true, &arena),
                           rows[i].lines ? rows[i].lines : rows[i].safe);
        guard_free(&guard);
    }
    arena_dispose(&arena);
}

static void texts_are_shortened_where_they_may_be(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t columns;
        const char *fit;
        const char *middle;
    } rows[] = {
        {"availability", 12, "availability", "availability"},
        {"availability", 8, "availab…", "avai…ity"},
        {"availability", 5, "avai…", "av…ty"},
        {"availability", 4, "ava…", "ava…"},
        {"availability", 1, "…", "…"},
        {"availability", 0, "", ""},
        {"한국어로", 8, "한국어로", "한국어로"},
        {"한국어로", 7, "한국어…", "한…로"},
        {"한국어로", 6, "한국…", "한…로"},
        {"e\u0301e\u0301e\u0301", 3, "e\u0301e\u0301e\u0301", "e\u0301e\u0301e\u0301"},
        {"e\u0301e\u0301e\u0301", 2, "e\u0301…", "e\u0301…"},
        {"", 0, "", ""},
    };
    struct arena arena;
    arena_init(&arena);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct slice text = slice_of(rows[i].text);
        assert_slice_equal(text_fit(text, rows[i].columns, &arena), rows[i].fit);
        assert_slice_equal(text_fit_middle(text, rows[i].columns, &arena), rows[i].middle);
    }
    arena_dispose(&arena);
}

/* Words of every kind: long, wide, combining, broken; `random` is moved on. */
static struct slice random_text(unsigned *random, struct arena *arena)
{
    static const char *const pieces[] = {
        " ",        "  ",       "a",       "presence", "한",
        "한국어로", "😀",        "e\u0301", "\u0301",   "\xff",
        "\xe2\x82", "👨\u200d👩", "~",       ".",        "0123456789012345678901234567890",
    };
    char *text = arena_alloc(arena, 4096);
    size_t size = 0;
    *random = *random * 1103515245U + 12345U;
    for (unsigned left = *random >> 16 & 31; left > 0; left--) {
        *random = *random * 1103515245U + 12345U;
        const char *piece = pieces[(*random >> 16) % COUNT(pieces)];
        memcpy(text + size, piece, strlen(piece));
        size += strlen(piece);
    }
    return (struct slice){text, size};
}

static void nothing_is_wider_than_it_may_be(void **state)
{
    (void)state;
    unsigned random = 1;
    struct arena arena;
    arena_init(&arena);
    for (unsigned round = 0; round < 2000; round++) {
        struct slice text = random_text(&random, &arena);
        size_t columns = round % 40;
        assert_true(text_width(text_prefix(text, columns)) <= columns);
        assert_true(text_width(text_fit(text, columns, &arena)) <= columns);
        assert_true(text_width(text_fit_middle(text, columns, &arena)) <= columns);
        assert_true(text_width(text_brief(text, columns, &arena)) <= columns);
        arena_reset(&arena);
    }
    arena_dispose(&arena);
}

static char *paragraph(struct slice text, size_t start, size_t indent, size_t columns)
{
    struct written written;
    struct output *output = written_open(&written);
    output_repeat(output, '>', start);
    text_paragraph(output, text, start, indent, columns);
    return written_close(&written);
}

static void paragraphs_break_at_blanks(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t start;
        size_t indent;
        size_t columns;
        const char *lines;
    } rows[] = {
        {"one two three", 0, 0, 13, "one two three"},
        {"one two three", 0, 0, 12, "one two\nthree"},
        {"one two three", 2, 4, 9, ">>one two\n    three"},
        {"", 3, 3, 10, ">>>"},
        {"abcdefghij", 0, 2, 4, "abcd\n  ef\n  gh\n  ij"},
        {"x abcdefgh", 0, 0, 5, "x\nabcde\nfgh"},
        {"한국어로", 0, 0, 5, "한국\n어로"},
        {"word", 6, 2, 4, ">>>>>>\n  wo\n  rd"},
        {"too narrow", 0, 9, 8, "too\n         narrow"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *lines =
            paragraph(slice_of(rows[i].text), rows[i].start, rows[i].indent, rows[i].columns);
        assert_string_equal(lines, rows[i].lines);
        free(lines);
    }
}

static size_t count_graphic(struct slice text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.size; i++) {
        count += text.data[i] != ' ' && text.data[i] != '\n';
    }
    return count;
}

static void paragraphs_keep_their_columns_and_their_words(void **state)
{
    (void)state;
    unsigned random = 7;
    struct arena arena;
    arena_init(&arena);
    for (unsigned round = 0; round < 1000; round++) {
        struct slice text = text_safe(random_text(&random, &arena), false, &arena);
        size_t indent = round % 7;
        size_t columns = indent + 2 + round % 31;
        char *lines = paragraph(text, indent, indent, columns);
        if (widest_line(lines) > columns) {
            fail_msg("%zu columns, indent %zu:\n%s", columns, indent, lines);
        }
        assert_int_equal(count_graphic(slice_of(lines)), count_graphic(text) + indent);
        free(lines);
        arena_reset(&arena);
    }
    arena_dispose(&arena);
}

/* A megabyte without a blank is a matter of milliseconds, not of its square. */
static void one_endless_word_is_no_burden(void **state)
{
    (void)state;
    enum { SIZE = 900 * 1024 };
    char *word = malloc(SIZE);
    memset(word, 'x', SIZE);
    char *lines = paragraph((struct slice){word, SIZE}, 12, 12, 80);
    assert_int_equal(widest_line(lines), 80);
    free(lines);
    free(word);
}

static void columns_are_filled_with_blanks(void **state)
{
    (void)state;
    struct written written;
    struct output *output = written_open(&written);
    text_left(output, slice_of("한"), 4);
    text_right(output, slice_of("7"), 3);
    text_left(output, slice_of("wider"), 2);
    text_right(output, slice_of("wider"), 2);
    char *text = written_close(&written);
    assert_string_equal(text, "한    7widerwider");
    free(text);
}

static void formats_go_to_the_arena(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    struct slice text = text_format(&arena, "%d %s", 7, "users");
    assert_slice_equal(text, "7 users");
    assert_int_equal(text.data[text.size], 0);
    arena_dispose(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(width_is_counted_in_columns),
        cmocka_unit_test(characters_are_whole_or_refused),
        cmocka_unit_test(what_is_dangerous_is_shown_escaped),
        cmocka_unit_test(texts_are_shortened_where_they_may_be),
        cmocka_unit_test(nothing_is_wider_than_it_may_be),
        cmocka_unit_test(paragraphs_break_at_blanks),
        cmocka_unit_test(paragraphs_keep_their_columns_and_their_words),
        cmocka_unit_test(one_endless_word_is_no_burden),
        cmocka_unit_test(columns_are_filled_with_blanks),
        cmocka_unit_test(formats_go_to_the_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
