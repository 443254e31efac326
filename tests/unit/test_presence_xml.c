/*
 * Presence bodies: decoders/presence_xml.c and state.c (bodies/presence.txt),
 * roaming.c and registration.c (bodies/roaming.txt), legacy_xml.c (bodies/legacy.txt),
 * resource_xml.c and fault.c (bodies/lists.txt). Samples named by a number are those of
 * facts/presence.md.
 */
#include "tests/unit/body_samples.h"

#define SAMPLES "tests/unit/bodies/presence.txt"
#define CONTENT "tests/unit/bodies/categories.txt"
#define ROAMING "tests/unit/bodies/roaming.txt"
#define LEGACY  "tests/unit/bodies/legacy.txt"
#define LISTS   "tests/unit/bodies/lists.txt"

static void test_states(void **state)
{
    (void)state;
    check_samples(SAMPLES);
}

static void test_roaming_lists(void **state)
{
    (void)state;
    check_samples(ROAMING);
}

static void test_legacy(void **state)
{
    (void)state;
    check_samples(LEGACY);
}

static void test_lists(void **state)
{
    (void)state;
    check_samples(LISTS);
}

static void test_every_prefix_gives_the_first_facts(void **state)
{
    (void)state;
    check_prefixes(SAMPLES);
    check_prefixes(ROAMING);
    check_prefixes(LEGACY);
    check_prefixes(LISTS);
}

/* ---- UTF-16 ---- */

static size_t take_utf8(struct slice text, uint32_t *out)
{
    unsigned char first = slice_byte(text, 0);
    size_t size = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    assert_true(size <= text.size);
    *out = size == 1 ? first : first & (0xFFU >> (size + 1));
    for (size_t i = 1; i < size; i++) {
        *out = *out << 6 | (slice_byte(text, i) & 0x3F);
    }
    return size;
}

/* The same document with a byte order mark; characters beyond U+FFFF do not occur. */
static struct buffer to_utf16(struct slice text, bool big)
{
    struct buffer out;
    buffer_init(&out, SIZE_MAX);
    uint32_t code = 0xFEFF;
    for (size_t at = 0;;) {
        assert_true(buffer_append_byte(&out, (char)(big ? code >> 8 : code & 0xFF)));
        assert_true(buffer_append_byte(&out, (char)(big ? code & 0xFF : code >> 8)));
        if (at == text.size) {
            return out;
        }
        at += take_utf8(slice_from(text, at), &code);
        assert_true(code < 0x10000);
    }
}

static void check_utf16(struct body_reader *reader, const struct body_sample *sample)
{
    struct buffer expected = sample_decode(reader, sample, sample->body, true);
    for (int big = 0; big < 2; big++) {
        struct buffer wide = to_utf16(sample->body, big != 0);
        struct guard guard = guard_copy(buffer_slice(&wide));
        struct buffer text = sample_decode(reader, sample, guard.bytes, true);
        if (!slice_equal(buffer_slice(&text), buffer_slice(&expected))) {
            fail_msg("%.*s: in UTF-16 gives\n%.*s", (int)sample->name.size, sample->name.data,
                     (int)text.size, text.size > 0 ? text.data : "");
        }
        buffer_dispose(&text);
        guard_free(&guard);
        buffer_dispose(&wide);
    }
    buffer_dispose(&expected);
}

/* Samples about plain text or about an encoding of their own have no other form. */
static bool has_utf16_form(const struct body_sample *sample)
{
    static const struct slice latin = SLICE("encoding=\"ISO-8859-1\"");
    return !slice_starts(sample->type, slice_of("text/registration")) &&
           !slice_starts(sample->type, slice_of("text/plain")) &&
           slice_find(sample->body, latin) == SLICE_NONE;
}

static void test_the_same_facts_in_utf16(void **state)
{
    (void)state;
    static const char *const paths[] = {SAMPLES, CONTENT, ROAMING,
                                        LEGACY,  LISTS,   "tests/unit/bodies/pidf.txt"};
    struct limits limits = limits_default();
    struct body_reader *reader = body_reader_new(&limits);
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        struct slice file = test_file(paths[i]);
        struct slice rest = file;
        struct body_sample sample;
        while (sample_next(&rest, &sample)) {
            if (has_utf16_form(&sample)) {
                check_utf16(reader, &sample);
            }
            free((char *)(uintptr_t)sample.body.data);
        }
        free((char *)(uintptr_t)file.data);
    }
    body_reader_free(reader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_states),
        cmocka_unit_test(test_roaming_lists),
        cmocka_unit_test(test_legacy),
        cmocka_unit_test(test_lists),
        cmocka_unit_test(test_every_prefix_gives_the_first_facts),
        cmocka_unit_test(test_the_same_facts_in_utf16),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
