/*
 * PIDF bodies: decoders/pidf.c. The sample named by a number is that of
 * facts/presence.md.
 */
#include "tests/unit/body_samples.h"

#define SAMPLES "tests/unit/bodies/pidf.txt"

static void test_samples(void **state)
{
    (void)state;
    check_samples(SAMPLES);
}

static void test_every_prefix_is_survived(void **state)
{
    (void)state;
    check_prefixes(SAMPLES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_samples),
        cmocka_unit_test(test_every_prefix_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
