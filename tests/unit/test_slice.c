/*
 * Borrowed bytes: every function on slices that end at an unmapped page.
 */
#include "tests/unit/harness.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const struct slice nothing = {NULL, 0};

static void parts_are_cut_to_what_there_is(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t offset;
        size_t size;
        const char *part;
    } rows[] = {
        {"presence", 0, 3, "pre"},
        {"presence", 3, 3, "sen"},
        {"presence", 5, 99, "nce"},
        {"presence", 8, 1, ""},
        {"presence", 9, 1, ""},
        {"presence", SIZE_MAX, SIZE_MAX, ""},
        {"presence", 1, SIZE_MAX, "resence"},
        {"", 0, 1, ""},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct guard guard = guard_copy(slice_of(rows[i].text));
        assert_slice_equal(slice_sub(guard.bytes, rows[i].offset, rows[i].size), rows[i].part);
        guard_free(&guard);
    }
    assert_int_equal(slice_sub(nothing, 3, 3).size, 0);
    assert_null(slice_from(nothing, 3).data);
}

static void letters_differ_only_where_case_counts(void **state)
{
    (void)state;
    static const struct {
        const char *a;
        const char *b;
        bool equal;
        bool nocase;
    } rows[] = {
        {"Call-ID", "Call-ID", true, true},
        {"Call-ID", "call-id", false, true},
        {"Call-ID", "Call-I", false, false},
        {"[", "{", false, false},
        {"@", "`", false, false},
        {"\xc3\x84", "\xc3\xa4", false, false},
        {"", "", true, true},
        {"", "a", false, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct guard a = guard_copy(slice_of(rows[i].a));
        struct guard b = guard_copy(slice_of(rows[i].b));
        assert_int_equal(slice_equal(a.bytes, b.bytes), rows[i].equal);
        assert_int_equal(slice_equal_nocase(a.bytes, b.bytes), rows[i].nocase);
        guard_free(&a);
        guard_free(&b);
    }
    assert_true(slice_equal(nothing, slice_of("")));
}

static void prefixes_are_found(void **state)
{
    (void)state;
    assert_true(slice_starts(slice_of("sip:ann"), slice_of("sip:")));
    assert_false(slice_starts(slice_of("SIP:ann"), slice_of("sip:")));
    assert_true(slice_starts_nocase(slice_of("SIP:ann"), slice_of("sip:")));
    assert_false(slice_starts_nocase(slice_of("si"), slice_of("sip:")));
    assert_true(slice_starts(nothing, nothing));
}

static int sign(int number)
{
    return (number > 0) - (number < 0);
}

static void order_is_by_bytes_then_by_size(void **state)
{
    (void)state;
    static const char *const ascending[] = {"", "B", "a", "aa", "b", "\xc3\xa4"};
    for (int i = 0; i < (int)COUNT(ascending); i++) {
        for (int j = 0; j < (int)COUNT(ascending); j++) {
            int order = slice_compare(slice_of(ascending[i]), slice_of(ascending[j]));
            assert_int_equal(sign(order), sign(i - j));
        }
    }
}

static void first_match_is_found(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *needle;
        size_t at;
        size_t nocase;
    } rows[] = {
        {"aab", "ab", 1, 1},
        {"aaab", "aab", 1, 1},
        {"From: Ann", "ann", SLICE_NONE, 6},
        {"\r\n\r", "\r\n\r\n", SLICE_NONE, SLICE_NONE},
        {"\r\n\r\n", "\r\n\r\n", 0, 0},
        {"ab", "abc", SLICE_NONE, SLICE_NONE},
        {"ab", "b", 1, 1},
        {"ab", "", 0, 0},
        {"", "", 0, 0},
        {"", "a", SLICE_NONE, SLICE_NONE},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct guard text = guard_copy(slice_of(rows[i].text));
        struct guard needle = guard_copy(slice_of(rows[i].needle));
        assert_true(slice_find(text.bytes, needle.bytes) == rows[i].at);
        assert_true(slice_find_nocase(text.bytes, needle.bytes) == rows[i].nocase);
        guard_free(&text);
        guard_free(&needle);
    }
    assert_int_equal(slice_find_byte(slice_of("a@b@c"), '@'), 1);
    assert_true(slice_find_byte(slice_of("ab"), '\0') == SLICE_NONE);
    assert_true(slice_find_byte(nothing, 'a') == SLICE_NONE);
}

static void blanks_are_trimmed_at_both_ends(void **state)
{
    (void)state;
    assert_slice_equal(slice_trim(slice_of(" \t\r\n a b \r\n")), "a b");
    assert_slice_equal(slice_trim(slice_of("\v a")), "\v a");
    assert_slice_equal(slice_trim(slice_of(" \t ")), "");
    assert_int_equal(slice_trim(nothing).size, 0);
}

static void a_cut_is_at_the_first_byte(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *head;
        const char *tail;
        bool found;
    } rows[] = {
        {"a=b=c", "a", "b=c", true}, {"=b", "", "b", true}, {"a=", "a", "", true},
        {"abc", "abc", "", false},   {"", "", "", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct slice head;
        struct slice tail;
        struct guard guard = guard_copy(slice_of(rows[i].text));
        assert_int_equal(slice_cut(guard.bytes, '=', &head, &tail), rows[i].found);
        assert_slice_equal(head, rows[i].head);
        assert_slice_equal(tail, rows[i].tail);
        guard_free(&guard);
    }
}

static void numbers_are_digits_alone(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool good;
        uint64_t value;
        bool good_32;
    } rows[] = {
        {"0", true, 0, true},
        {"007", true, 7, true},
        {"4294967295", true, UINT32_MAX, true},
        {"4294967296", true, UINT64_C(4294967296), false},
        {"18446744073709551615", true, UINT64_MAX, false},
        {"18446744073709551616", false, 0, false},
        {"99999999999999999999", false, 0, false},
        {"", false, 0, false},
        {"+1", false, 0, false},
        {"-1", false, 0, false},
        {" 1", false, 0, false},
        {"1 ", false, 0, false},
        {"0x1", false, 0, false},
        {"/", false, 0, false},
        {":", false, 0, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct guard guard = guard_copy(slice_of(rows[i].text));
        uint64_t value = 42;
        uint32_t value_32 = 42;
        assert_int_equal(slice_to_u64(guard.bytes, &value), rows[i].good);
        assert_true(value == (rows[i].good ? rows[i].value : 42));
        assert_int_equal(slice_to_u32(guard.bytes, &value_32), rows[i].good_32);
        assert_true(value_32 == (rows[i].good_32 ? rows[i].value : 42));
        guard_free(&guard);
    }
}

static void stars_match_anything(void **state)
{
    (void)state;
    static const struct {
        const char *pattern;
        const char *text;
        bool matches;
    } rows[] = {
        {"", "", true},
        {"*", "", true},
        {"**", "", true},
        {"", "a", false},
        {"a", "", false},
        {"*", "anything", true},
        {"Ann@*", "ann@contoso.example", true},
        {"*@contoso.example", "ANN@CONTOSO.EXAMPLE", true},
        {"a*b*c", "axxbyyc", true},
        {"a*b*c", "axxbyy", false},
        {"a*bc", "abcbc", true},
        {"*aab", "aaaab", true},
        {"a*a", "a", false},
        {"a?", "ab", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct guard pattern = guard_copy(slice_of(rows[i].pattern));
        struct guard text = guard_copy(slice_of(rows[i].text));
        assert_int_equal(slice_matches(pattern.bytes, text.bytes), rows[i].matches);
        guard_free(&pattern);
        guard_free(&text);
    }
}

static void one_of_several_patterns_is_enough(void **state)
{
    (void)state;
    static const struct slice patterns[] = {SLICE("ann@*"), SLICE("*@tailspin.example")};
    assert_true(slice_matches_any(patterns, 2, slice_of("ANN@contoso.example")));
    assert_true(slice_matches_any(patterns, 2, slice_of("bob@tailspin.example")));
    assert_false(slice_matches_any(patterns, 2, slice_of("bob@contoso.example")));
    assert_false(slice_matches_any(patterns, 0, slice_of("ann@contoso.example")));
}

static void lower_case_is_cut_to_its_room(void **state)
{
    (void)state;
    char out[4];
    struct guard text = guard_copy(slice_of("5D0C\xc3\x84"));
    assert_slice_equal(slice_lower(out, sizeof out, text.bytes), "5d0c");
    assert_slice_equal(slice_lower(out, sizeof out, slice_sub(text.bytes, 4, 2)), "\xc3\x84");
    assert_slice_equal(slice_lower(out, sizeof out, (struct slice){0}), "");
    guard_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_are_cut_to_what_there_is),
        cmocka_unit_test(letters_differ_only_where_case_counts),
        cmocka_unit_test(prefixes_are_found),
        cmocka_unit_test(order_is_by_bytes_then_by_size),
        cmocka_unit_test(first_match_is_found),
        cmocka_unit_test(blanks_are_trimmed_at_both_ends),
        cmocka_unit_test(a_cut_is_at_the_first_byte),
        cmocka_unit_test(numbers_are_digits_alone),
        cmocka_unit_test(stars_match_anything),
        cmocka_unit_test(one_of_several_patterns_is_enough),
        cmocka_unit_test(lower_case_is_cut_to_its_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
