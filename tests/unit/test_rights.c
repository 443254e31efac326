/*
 * Permission masks, as facts/xccos.md 1.10 reads them.
 */
#include "analyzer/engine/rights.h"
#include "tests/unit/harness.h"

/* clang-format off */
static const struct {
    uint64_t mask;
    const char *name;
    const char *rights;
} masks[] = {
    {3984, "member", "create child, join, chat, leave, read history without being joined, see the room"},
    {12276, "manager", "manage node, create child, modify roles, modify settings, join, chat, leave, "
                       "read history without being joined, see the room, bypass visibility"},
    {8080, "unknown mask", "create child, join, chat, leave, read history without being joined, see the room, "
                           "chat in auditorium"},
    {0, "unknown mask", "no right"},
    {1, "unknown mask", "bit 0"},
    {8, "unknown mask", "bit 3"},
    {16384, "unknown mask", "bit 14"},
    {UINT64_C(1) << 63 | 256, "unknown mask", "chat, bit 63"},
};
/* clang-format on */

static void masks_are_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof masks / sizeof masks[0]; i++) {
        struct buffer out;
        buffer_init(&out, SIZE_MAX);
        mask_write(&out, masks[i].mask);
        assert_string_equal(mask_name(masks[i].mask), masks[i].name);
        assert_true(slice_equal(buffer_slice(&out), slice_of(masks[i].rights)));
        buffer_dispose(&out);
    }
}

/* A known mask is what its rights add up to. */
static void bits_have_their_values(void **state)
{
    static const unsigned member[] = {16, 128, 256, 512, 1024, 2048};
    static const unsigned more[] = {4, 32, 64, 8192};
    unsigned sum = 0;
    (void)state;
    for (size_t i = 0; i < sizeof member / sizeof member[0]; i++) {
        sum += member[i];
    }
    assert_int_equal(sum, MASK_MEMBER);
    for (size_t i = 0; i < sizeof more / sizeof more[0]; i++) {
        sum += more[i];
    }
    assert_int_equal(sum, MASK_MANAGER);
    assert_null(right_name(64));
    assert_null(right_name(14));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(masks_are_read),
        cmocka_unit_test(bits_have_their_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
