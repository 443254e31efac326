/*
 * XCCOS bodies: decoders/xccos.c with its blocks, rosters and posts. The samples
 * of bodies/xccos.txt named by a number are those of facts/xccos.md part 2.
 */
#include "tests/unit/body_samples.h"

#define SAMPLES "tests/unit/bodies/xccos.txt"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_samples),
        cmocka_unit_test(test_every_prefix_gives_the_first_facts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
