/*
 * Growing bytes: what is appended is there, and nothing goes beyond the maximum.
 */
#include "tests/unit/harness.h"

#include "analyzer/engine/arena.h"
#include "analyzer/engine/buffer.h"

static void what_is_appended_is_there(void **state)
{
    (void)state;
    struct buffer buffer;
    buffer_init(&buffer, 1000);
    assert_int_equal(buffer_slice(&buffer).size, 0);
    assert_true(buffer_append(&buffer, (struct slice){NULL, 0}));
    assert_true(buffer_append_text(&buffer, "cseq "));
    assert_true(buffer_append_u64(&buffer, 0));
    assert_true(buffer_append_byte(&buffer, ' '));
    assert_true(buffer_append_u64(&buffer, UINT64_MAX));
    assert_slice_equal(buffer_slice(&buffer), "cseq 0 18446744073709551615");
    buffer_drop(&buffer, 5);
    assert_slice_equal(buffer_slice(&buffer), "0 18446744073709551615");
    buffer_drop(&buffer, 23);
    assert_slice_equal(buffer_slice(&buffer), "");
    buffer_dispose(&buffer);
    assert_true(buffer_append_text(&buffer, "again"));
    assert_slice_equal(buffer_slice(&buffer), "again");
    buffer_dispose(&buffer);
}

static void an_append_over_the_maximum_is_refused_whole(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool taken;
        const char *then;
        bool capped;
    } rows[] = {
        {"12345678", true, "12345678", false}, {"abc", false, "12345678", true},
        {"ab", true, "12345678ab", true},      {"", true, "12345678ab", true},
        {"x", false, "12345678ab", true},
    };
    struct buffer buffer;
    buffer_init(&buffer, 10);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(buffer_append_text(&buffer, rows[i].text), rows[i].taken);
        assert_slice_equal(buffer_slice(&buffer), rows[i].then);
        assert_int_equal(buffer.capped, rows[i].capped);
    }
    buffer_drop(&buffer, 9);
    assert_false(buffer_append_u64(&buffer, 1234567890));
    assert_true(buffer_append_u64(&buffer, 123456789));
    assert_slice_equal(buffer_slice(&buffer), "b123456789");
    buffer_clear(&buffer);
    assert_false(buffer.capped);
    assert_true(buffer_append_text(&buffer, "1234567890"));
    buffer_dispose(&buffer);
}

static void it_grows_to_its_maximum(void **state)
{
    (void)state;
    enum { MAX = 100000 };
    struct buffer buffer;
    buffer_init(&buffer, MAX);
    for (size_t i = 0; i < MAX; i++) {
        assert_true(buffer_append_byte(&buffer, (char)(i % 127)));
    }
    assert_false(buffer_append_byte(&buffer, 'x'));
    for (size_t i = 0; i < MAX; i++) {
        assert_int_equal(slice_byte(buffer_slice(&buffer), i), i % 127);
    }
    buffer_dispose(&buffer);
}

static void what_is_taken_outlives_the_buffer(void **state)
{
    (void)state;
    struct arena arena;
    struct buffer buffer;
    arena_init(&arena);
    buffer_init(&buffer, 10);
    assert_slice_equal(buffer_take(&buffer, &arena), "");
    assert_true(buffer_append_text(&buffer, "first"));
    struct slice first = buffer_take(&buffer, &arena);
    assert_null(buffer.data);
    assert_true(buffer_append_text(&buffer, "other"));
    struct slice other = buffer_take(&buffer, &arena);
    assert_slice_equal(first, "first");
    assert_slice_equal(other, "other");
    assert_int_equal(first.data[first.size], '\0');
    arena_dispose(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_appended_is_there),
        cmocka_unit_test(an_append_over_the_maximum_is_refused_whole),
        cmocka_unit_test(it_grows_to_its_maximum),
        cmocka_unit_test(what_is_taken_outlives_the_buffer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
