/*
 * What two sides have that is not the same.
 */
#include "tests/unit/harness.h"

#include "analyzer/db_diff_rows.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

struct told {
    int side;
    const char *key;
    const char *words;
};

/* Each difference as "key:before>after;". */
static void assert_differences(const struct told *told, size_t count, const char *expected)
{
    struct diff_rows *rows = diff_rows_new();
    struct difference difference;
    struct buffer text;
    buffer_init(&text, SIZE_MAX);
    for (size_t i = 0; i < count; i++) {
        const struct diff_place place = {told[i].side, 1, slice_of("fe01")};
        assert_true(diff_rows_add(rows, &place, slice_of(told[i].key), slice_of(told[i].words)));
    }
    while (diff_rows_next(rows, &difference)) {
        assert_int_equal(difference.part, 1);
        assert_slice_equal(difference.server, "fe01");
        buffer_append(&text, difference.key);
        buffer_append_byte(&text, ':');
        buffer_append(&text, difference.had ? difference.before : slice_of("-"));
        buffer_append_byte(&text, '>');
        buffer_append(&text, difference.has ? difference.after : slice_of("-"));
        buffer_append_byte(&text, ';');
    }
    assert_string_equal(diff_rows_problem(rows), "");
    assert_slice_equal(buffer_slice(&text), expected);
    buffer_dispose(&text);
    diff_rows_free(rows);
}

static void test_added_removed_changed(void **state)
{
    (void)state;
    const struct told told[] = {
        {0, "a", "1"}, {1, "a", "1"}, {0, "b", "1"}, {1, "b", "2"}, {0, "c", ""}, {1, "d", ""},
    };
    assert_differences(told, COUNT(told), "b:1>2;c:>-;d:->;");
}

/* A key that is none: what is the same on both sides is never shown as a change. */
static void test_rows_of_one_key(void **state)
{
    (void)state;
    const struct told one_less[] = {
        {0, "k", "x"}, {0, "k", "y"}, {0, "k", "z"}, {1, "k", "y"}, {1, "k", "z"},
    };
    const struct told twice[] = {{0, "k", "x"}, {0, "k", "x"}, {1, "k", "x"}};
    const struct told same[] = {{0, "k", "x"}, {0, "k", "x"}, {1, "k", "x"}, {1, "k", "x"}};
    assert_differences(one_less, COUNT(one_less), "k:x>-;");
    assert_differences(twice, COUNT(twice), "k:x>-;");
    assert_differences(same, COUNT(same), "");
}

static void test_values(void **state)
{
    (void)state;
    struct buffer words;
    struct buffer other;
    struct buffer changed;
    buffer_init(&words, SIZE_MAX);
    buffer_init(&other, SIZE_MAX);
    buffer_init(&changed, SIZE_MAX);
    const struct cell name = cell_of_text(slice_of("War room"));
    const struct cell number = cell_of_integer(-4);
    const struct cell later = cell_of_integer(5);
    const struct cell data = {.kind = CELL_BYTES, .bytes = slice_of("abc")};
    diff_put_cell(&words, "name", &name);
    diff_put_cell(&words, "n", &number);
    diff_put_cell(&words, "data", &data);
    diff_put_cell(&other, "name", &name);
    diff_put_cell(&other, "n", &later);
    diff_put_cell(&other, "data", &data);
    diff_put_changed(&changed, buffer_slice(&words), buffer_slice(&other));
    assert_slice_equal(buffer_slice(&changed), "n=-4");
    buffer_clear(&changed);
    diff_put_changed(&changed, buffer_slice(&words), slice_of(""));
    /* FNV-1a of "abc", as its authors list it. */
    assert_slice_equal(buffer_slice(&changed),
                       "name=War room, n=-4, data=(3 bytes, e71fa2190541574b)");
    buffer_dispose(&words);
    buffer_dispose(&other);
    buffer_dispose(&changed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_added_removed_changed),
        cmocka_unit_test(test_rows_of_one_key),
        cmocka_unit_test(test_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
