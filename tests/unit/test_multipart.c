/*
 * Multipart bodies: decoders/multipart.c and the nesting in body.c.
 */
#include "tests/unit/body_samples.h"

#include "decoders/multipart.h"

#define SAMPLES "tests/unit/bodies/multipart.txt"

static void test_samples(void **state)
{
    (void)state;
    check_samples(SAMPLES);
}

static void test_every_prefix_gives_the_first_facts(void **state)
{
    (void)state;
    check_prefixes(SAMPLES);
}

/* Decodes with lowered caps. */
static struct buffer decode_capped(const struct limits *limits, const char *type, const char *text)
{
    struct body_reader *reader = body_reader_new(limits);
    struct body_sample sample = {.type = slice_of(type)};
    struct buffer out = sample_decode(reader, &sample, slice_of(text), false);
    body_reader_free(reader);
    return out;
}

static void test_parts_are_capped(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    limits.multipart_parts = 2;
    struct buffer text =
        decode_capped(&limits, "multipart/mixed;boundary=q",
                      "--q\nContent-Type: application/adrl+xml\n\n<resource uri='a@b'/>\n--q\n\n\n"
                      "--q\nContent-Type: application/adrl+xml\n\n<resource uri='c@d'/>\n--q--");
    assert_slice_equal(
        buffer_slice(&text),
        "watch  user=a@b\ndiagnostic multipart-parts-capped @108 detail=multipart_parts\n");
    buffer_dispose(&text);
}

static void test_depth_is_capped(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    limits.multipart_depth = 1;
    struct buffer text =
        decode_capped(&limits, "multipart/mixed;boundary=q",
                      "--q\nContent-Type: multipart/mixed;boundary=r\n\n--r\n\n--r--\n--q--");
    assert_slice_equal(buffer_slice(&text),
                       "diagnostic multipart-depth-capped @46 detail=multipart_depth\n");
    buffer_dispose(&text);
}

static void test_facts_are_capped(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    limits.body_facts = 2;
    struct buffer text =
        decode_capped(&limits, "application/adrl+xml",
                      "<l><resource uri='a@b'/><resource uri='c@d'/><resource uri='e@f'/>"
                      "<resource uri='g@h'/></l>");
    assert_slice_equal(buffer_slice(&text), "watch  user=a@b\nwatch  user=c@d\n"
                                            "diagnostic body-facts-capped @0 detail=body_facts\n");
    buffer_dispose(&text);
}

struct base64_case {
    const char *text;
    const char *bytes;
    bool good;
};

/* RFC 4648 section 10, then what is not in order. */
static const struct base64_case base64_cases[] = {
    {"", "", true},
    {"Zg==", "f", true},
    {"Zm8=", "fo", true},
    {"Zm9v", "foo", true},
    {"Zm9vYg==", "foob", true},
    {"Zm9vYmE=", "fooba", true},
    {"Zm9v\r\nYmFy", "foobar", true},
    {"Zg", "f", true},
    {"Z", "", true},
    {"Zm9v!YmFy", "foo", false},
    {"Zm9v-_", "foo", false},
    {" Z m 9 v ", "foo", true},
};

static void test_base64(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    for (size_t i = 0; i < sizeof base64_cases / sizeof base64_cases[0]; i++) {
        struct slice out;
        struct guard guard = guard_copy(slice_of(base64_cases[i].text));
        assert_int_equal(multipart_base64(guard.bytes, &arena, &out), base64_cases[i].good);
        assert_slice_equal(out, base64_cases[i].bytes);
        guard_free(&guard);
    }
    arena_dispose(&arena);
}

/* What would make a search for the boundary quadratic; ctest limits the time. */
static void test_big_bodies(void **state)
{
    (void)state;
    static const char *const units[] = {"--",    "--q",      "\n",   "\n--",
                                        "\n--q", "\r\n--qq", "a:\n", "\n--q\n\n"};
    struct limits limits = limits_default();
    struct body_reader *reader = body_reader_new(&limits);
    struct body_sample sample = {.type = slice_of("multipart/mixed;boundary=q")};
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        struct buffer body;
        buffer_init(&body, SIZE_MAX);
        buffer_append_text(&body, "--q\n");
        while (body.size < limits.message_bytes) {
            buffer_append_text(&body, units[i]);
        }
        struct buffer text = sample_decode(reader, &sample, buffer_slice(&body), false);
        assert_true(text.size > 0);
        buffer_dispose(&text);
        buffer_dispose(&body);
    }
    body_reader_free(reader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_samples),
        cmocka_unit_test(test_every_prefix_gives_the_first_facts),
        cmocka_unit_test(test_parts_are_capped),
        cmocka_unit_test(test_depth_is_capped),
        cmocka_unit_test(test_facts_are_capped),
        cmocka_unit_test(test_base64),
        cmocka_unit_test(test_big_bodies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
