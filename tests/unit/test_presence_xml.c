/*
 * Presence bodies: decoders/presence_xml.c and state.c (bodies/presence.txt),
 * category.c and what is odd (bodies/categories.txt), roaming.c and registration.c
 * (bodies/roaming.txt), legacy_xml.c (bodies/legacy.txt), resource_xml.c and fault.c
 * (bodies/lists.txt). Samples named by a number are those of facts/presence.md.
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

static void test_category_contents(void **state)
{
    (void)state;
    check_samples(CONTENT);
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
    check_prefixes(CONTENT);
    check_prefixes(ROAMING);
    check_prefixes(LEGACY);
    check_prefixes(LISTS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_states),
        cmocka_unit_test(test_category_contents),
        cmocka_unit_test(test_roaming_lists),
        cmocka_unit_test(test_legacy),
        cmocka_unit_test(test_lists),
        cmocka_unit_test(test_every_prefix_gives_the_first_facts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
