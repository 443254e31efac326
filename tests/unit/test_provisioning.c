/*
 * In-band provisioning: decoders/provisioning.c. The sample named by a number is that of
 * facts/xccos.md.
 */
#include "tests/unit/body_samples.h"

#define SAMPLES "tests/unit/bodies/provisioning.txt"

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

/* More pools than a deployment can have are said, and no more are kept than the cap. */
static void test_pools_are_capped(void **state)
{
    (void)state;
    char body[1024] = "<provisionGroupList><provisionGroup name='persistentChatConfiguration'>"
                      "<property name='PersistentChatPoolUris'>a@x b@x c@x d@x</property>"
                      "</provisionGroup></provisionGroupList>";
    struct limits limits = limits_default();
    limits.chat_services = 3;
    struct body_reader *reader = body_reader_new(&limits);
    struct message message = {
        .body = slice_of(body),
        .content_type = slice_of("application/vnd-microsoft-roaming-provisioning-v2+xml"),
    };
    struct arena arena;
    struct facts facts;
    arena_init(&arena);
    body_decode(reader, &message, &arena, &facts);
    struct buffer text = facts_text(&facts, false);
    static const struct slice expected =
        SLICE("diagnostic provisioning-pools-capped @0 detail=chat_services\n"
              "provisioning nothing pools=a@x pools=b@x pools=c@x\n");
    assert_true(slice_equal(buffer_slice(&text), expected));
    buffer_dispose(&text);
    arena_dispose(&arena);
    body_reader_free(reader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_samples),
        cmocka_unit_test(test_every_prefix_is_survived),
        cmocka_unit_test(test_pools_are_capped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
