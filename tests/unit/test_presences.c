/*
 * What the audit knows of endpoints, when there are more than it can keep.
 */
#include "tests/unit/harness.h"

#include "analyzer/audit/presences.h"

#define ADA "ada@contoso.example"
#define BO  "bo@contoso.example"
#define CY  "cy@contoso.example"

static void endpoint(struct presences *presences, const char *user, enum endpoint_state state)
{
    struct change change = {.kind = CHANGE_ENDPOINT};
    change.as.endpoint.user = slice_of(user);
    change.as.endpoint.epid = slice_of("0123456789");
    change.as.endpoint.state = state;
    presences_change(presences, &change);
}

static void sign_outs_are_known_until_the_next_registration(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    struct presences presences;
    presences_init(&presences, test_seed(), &limits, NULL);
    endpoint(&presences, ADA, ENDPOINT_UNREGISTERED);
    assert_true(presences_signed_out(&presences, slice_of(ADA)));
    assert_false(presences_signed_out(&presences, slice_of(BO)));
    endpoint(&presences, ADA, ENDPOINT_REGISTERED);
    assert_false(presences_signed_out(&presences, slice_of(ADA)));
    presences_dispose(&presences);
}

/* Who signed out without being noted must not be blamed for a subscription that lapses. */
static void unnoted_sign_outs_excuse_everybody(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    struct presences presences;
    limits.users = 1;
    presences_init(&presences, test_seed(), &limits, NULL);
    endpoint(&presences, ADA, ENDPOINT_UNREGISTERED);
    assert_false(presences_signed_out(&presences, slice_of(CY)));
    endpoint(&presences, BO, ENDPOINT_UNREGISTERED);
    assert_true(presences_signed_out(&presences, slice_of(BO)));
    assert_true(presences_signed_out(&presences, slice_of(CY)));
    presences_dispose(&presences);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sign_outs_are_known_until_the_next_registration),
        cmocka_unit_test(unnoted_sign_outs_excuse_everybody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
