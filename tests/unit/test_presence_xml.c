/*
 * Presence bodies: decoders/presence_xml.c and state.c (bodies/presence.txt),
 * resource_xml.c and fault.c (bodies/lists.txt). Samples named by a number are
 * those of facts/presence.md.
 */
#include "tests/unit/body_samples.h"

#define SAMPLES "tests/unit/bodies/presence.txt"
#define LISTS   "tests/unit/bodies/lists.txt"

static void test_categories(void **state)
{
    (void)state;
    check_samples(SAMPLES);
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
    check_prefixes(LISTS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_categories),
        cmocka_unit_test(test_lists),
        cmocka_unit_test(test_every_prefix_gives_the_first_facts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
