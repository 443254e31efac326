/*
 * The life of endpoints as stories (engine_script.h): what names one, and every way
 * in which it comes and goes (facts/presence.md 8.5, 1.6).
 */
#include "tests/unit/engine_script.h"

#define DESK   "state/805306369/2/machineState/"
#define LAPTOP "state/805306370/2/machineState/"

/* clang-format off */
static const struct story stories[] = {
    {"another contact of the same instance is the same endpoint, in any letter case",
     "1 register ann - 3600 200 sip:192.0.2.21:51244 0A1B2C3D\n"
     "2 register ann - 3600 200 sip:192.0.2.21:51299 0a1b2c3d\n"
     "3 register ann - 3600 200 sip:192.0.2.22:50000 99999999\n"
     "4 register ann - 0 200 sip:192.0.2.21:51299 0A1B2C3D\n"
     "5 register ann - 0 200 sip:192.0.2.22:50000 99999999\n",
     "1 endpoint ann  registered until=3601\n"
     "2 endpoint ann  refreshed until=3602\n"
     "3 endpoint ann  registered until=3603\n"
     "4 endpoint ann  unregistered until=3602\n"
     "5 endpoint ann  unregistered until=3603\n"
     "5 presence ann unknown->offline - computed (last endpoint left)\n"},

    {"known by its contact, then by its epid too",
     "1 register ann - 3600 200 sip:192.0.2.21:51244\n"
     "2 register ann e1 3600 200 sip:192.0.2.21:51244\n"
     "3 register ann e1 3600\n"
     "4 register ann e2 3600 200 sip:192.0.2.21:51244\n"
     "5 register ann e1 0\n",
     "1 endpoint ann  registered until=3601\n"
     "2 endpoint ann e1 refreshed until=3602\n"
     "3 endpoint ann e1 refreshed until=3603\n"
     "4 endpoint ann e2 registered until=3604\n"
     "5 endpoint ann e1 unregistered until=3603\n"},

    {"an old contact that comes again stands where it stood",
     "1 register ann - 3600 200 sip:a\n"
     "2 register ann e1 3600 200 sip:a\n"
     "3 register ann e1 3600 200 sip:b\n"
     "4 register ann - 3600 200 sip:a\n",
     "1 endpoint ann  registered until=3601\n"
     "2 endpoint ann e1 refreshed until=3602\n"
     "3 endpoint ann e1 refreshed until=3603\n"
     "4 endpoint ann e1 refreshed until=3604\n"},

    {"a redirection and a refusal change nothing",
     "1 register ann e1 600 301\n"
     "2 register ann e1 600 401\n"
     "3 register ann e1 600\n"
     "4 register ann e1 0 301\n"
     "5 register ann e1 0 500\n"
     "700 tick\n",
     "3 endpoint ann e1 registered until=603\n"
     "603 endpoint ann e1 expired until=603\n"
     "603 presence ann unknown->offline - computed (last endpoint left)\n"},

    {"the server says that an endpoint is no longer registered",
     "1 register ann e1 3600\n"
     "1 register ann e2 3600\n"
     "2 service ann e1 200 " DESK "3500/endpoint\n"
     "3 service ann e2 200 " LAPTOP "15500/endpoint\n"
     "4 deregister ann e1\n"
     "5 deregister ann e1\n"
     "6 deregister ann -\n",
     "1 endpoint ann e1 registered until=3601\n"
     "1 endpoint ann e2 registered until=3601\n"
     "2 instance ann state/805306369/2 requested machineState v0 3500\n"
     "2 instance ann state/805306369/2 live machineState v1 3500\n"
     "2 presence ann unknown->available 3500 computed (publishes machineState 3500)\n"
     "3 instance ann state/805306370/2 requested machineState v0 15500\n"
     "3 instance ann state/805306370/2 live machineState v1 15500\n"
     "4 endpoint ann e1 unregistered until=3601\n"
     "4 instance ann state/805306369/2 ended machineState v1 3500\n"
     "4 presence ann available->away 15500 computed (endpoint left)\n"
     "5 endpoint ann e1 unregistered\n"
     "6 endpoint ann e2 unregistered until=3601\n"
     "6 instance ann state/805306370/2 ended machineState v1 15500\n"
     "6 presence ann away->offline - computed (last endpoint left)\n"},

    {"one that registered before the capture takes its own with it and says no more",
     "1 service ann e1 200 " DESK "3500/endpoint state/536870912/2/userState/6500/static\n"
     "2 service ann e2 200 " LAPTOP "15500/endpoint\n"
     "3 deregister ann e1\n"
     "4 register ann e2 0\n",
     "1 instance ann state/805306369/2 requested machineState v0 3500\n"
     "1 instance ann state/536870912/2 requested userState v0 6500\n"
     "1 instance ann state/805306369/2 live machineState v1 3500\n"
     "1 instance ann state/536870912/2 live userState v1 6500\n"
     "1 presence ann unknown->busy 6500 computed (publishes machineState 3500)\n"
     "2 instance ann state/805306370/2 requested machineState v0 15500\n"
     "2 instance ann state/805306370/2 live machineState v1 15500\n"
     "3 endpoint ann e1 unregistered\n"
     "3 instance ann state/805306369/2 ended machineState v1 3500\n"
     "3 presence ann busy->away 15500 computed (endpoint left)\n"
     "4 endpoint ann e2 unregistered\n"
     "4 instance ann state/805306370/2 ended machineState v1 15500\n"
     "4 presence ann away->busy 6500 computed (endpoint left)\n"},
};
/* clang-format on */

static void test_stories(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof stories / sizeof stories[0]; i++) {
        story_check(&stories[i]);
        story_check_prefixes(&stories[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stories),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
