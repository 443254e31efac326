/*
 * Words in Markdown: what stays plain, what stands in a code span, and that nothing begins a list,
 * a link or a mention.
 */
#include "tests/unit/output_text.h"

#include "reports/markdown.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

struct row {
    struct slice text;
    const char *markdown;
};

static void assert_each(void (*write)(struct output *output, struct slice text),
                        const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct written written;
        struct guard guard = guard_copy(rows[i].text);
        write(written_open(&written), guard.bytes);
        char *text = written_close(&written);
        assert_string_equal(text, rows[i].markdown);
        free(text);
        guard_free(&guard);
    }
}

static void code_spans_hold_anything(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {SLICE(""), ""},
        {SLICE("ann@contoso.example"), "`ann@contoso.example`"},
        {SLICE("a`b"), "``a`b``"},
        {SLICE("`"), "`` ` ``"},
        {SLICE("``a"), "``` ``a ```"},
        {SLICE("a ```` b"), "`````a ```` b`````"},
        {SLICE(" a "), "`  a  `"},
        {SLICE("<script>|*_[x](y)"), "`<script>|*_[x](y)`"},
        {SLICE("\xed\x95\x9c \xea\xb5\xad"), "`\xed\x95\x9c \xea\xb5\xad`"},
    };
    assert_each(markdown_code, rows, COUNT(rows));
}

static void sentences_stay_sentences(void **state)
{
    (void)state;
    static const struct row rows[] = {
        /* clang-format off */
        {SLICE(""), ""},
        {SLICE("The post was accepted, and (then) nothing: \"why\"?"), "The post was accepted, and (then) nothing: \"why\"?"},
        {SLICE("within 12.5 s, don't re-try 3 times"), "within 12.5 s, don't re-try 3 times"},
        {SLICE("  two   blanks "), "two blanks"},
        {SLICE("of ann@contoso.example, and (bob@b.example)."), "of `ann@contoso.example`, and (`bob@b.example`)."},
        {SLICE("\xed\x95\x9c\xea\xb5\xad \xd8\xb9\xd8\xb1"), "\xed\x95\x9c\xea\xb5\xad \xd8\xb9\xd8\xb1"},
        /* markup */
        {SLICE("a *b* _c_ **d** ~~e~~ [f](g) ![h](i) <b> &amp; \\*"),
         "a `*b*` `_c_` `**d**` `~~e~~` `[f](g)` `![h](i)` `<b>` `&amp`; `\\*`"},
        {SLICE("x `y` ```z"), "x `` `y` `` ```` ```z ````"},
        {SLICE("a | b $x$"), "a `|` b `$x$`"},
        /* links, mentions, references */
        {SLICE("see www.evil.example or http://evil.example!"), "see `www.evil.example` or `http://evil.example`!"},
        {SLICE("by @ann in #12 GH-12 o/r#1 :smile: mailto:a"), "by `@ann` in `#12` `GH-12` `o/r#1` `:smile`: `mailto:a`"},
        {SLICE("commit deadbee or 1234567 not 123456"), "commit `deadbee` or `1234567` not 123456"},
        /* what begins a line */
        {SLICE("1. one"), "`1.` one"},
        {SLICE("1) one"), "`1)` one"},
        {SLICE("in 1."), "in 1."},
        {SLICE("- one"), "`-` one"},
        {SLICE("+ one"), "`+` one"},
        {SLICE("# one"), "`#` one"},
        {SLICE("> one"), "`>` one"},
        {SLICE("--- ==="), "`---` `===`"},
        {SLICE("... one"), "`...` one"},
        {SLICE("one ..."), "one ..."},
        {SLICE("[ ] [x]"), "`[` `]` `[x]`"},
        {SLICE("\\x1b[31m"), "`\\x1b[31m`"},
        {SLICE("a- -b 'c' .5 5."), "`a-` `-b` 'c' `.5` 5."},
        /* clang-format on */
    };
    assert_each(markdown_prose, rows, COUNT(rows));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(code_spans_hold_anything),
        cmocka_unit_test(sentences_stay_sentences),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
