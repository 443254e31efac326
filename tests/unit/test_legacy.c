/*
 * Presence of LCS 2005 level clients (facts/presence.md part 6): every row and edge of
 * the mapping, and its life as stories.
 */
#include "analyzer/engine/legacy.h"
#include "tests/unit/engine_script.h"

#define NONE AVAILABILITY_NONE

struct row {
    int64_t availability;
    int64_t activity;
    int64_t number;
    const char *shown;
};

/* clang-format off */
static const struct row rows[] = {
    /* availability */
    {0,    400,  18500, ""},             {99,   400,  18500, ""},
    {0,    100,  18500, ""}, /* Invisible */
    {100,  400,  3500,  ""},             {199,  400,  3500,  ""},
    {200,  400,  3500,  ""},             {299,  400,  3500,  ""},
    {300,  400,  3500,  ""},             {999,  400,  3500,  ""},
    {1000, 400,  3500,  ""}, /* beyond the schema, and there nevertheless */
    /* activity */
    {300,  0,    15500, ""},             {300,  100,  15500, ""},
    {300,  149,  15500, ""},             {300,  150,  15500, "lunch"},
    {300,  199,  15500, "lunch"},        {300,  200,  15500, "idle"},
    {300,  299,  15500, "idle"},         {300,  300,  12500, ""},
    {300,  399,  12500, ""},             {300,  400,  3500,  ""},
    {300,  499,  3500,  ""},             {300,  500,  6500,  "on-the-phone"},
    {300,  599,  6500,  "on-the-phone"}, {300,  600,  6500,  ""},
    {300,  699,  6500,  ""},             {300,  700,  15500, ""},
    {300,  799,  15500, ""},             {300,  800,  3500,  ""},
    {300,  999,  3500,  ""},             {300,  5000, 3500,  ""},
    /* what is missing */
    {NONE, 600,  6500,  ""},             {300,  NONE, NONE,  ""},
    {NONE, NONE, NONE,  ""},             {50,   NONE, 18500, ""},
};
/* clang-format on */

static void test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct legacy_fact fact = {.availability = rows[i].availability,
                                         .activity = rows[i].activity};
        struct legacy_presence got = legacy_meaning(&fact);
        if (got.known != (rows[i].number != NONE) || got.availability != rows[i].number ||
            !slice_equal(got.activity, slice_of(rows[i].shown))) {
            fail_msg("%lld/%lld: %lld %.*s", (long long)rows[i].availability,
                     (long long)rows[i].activity, (long long)got.availability,
                     SLICE_ARGS(got.activity));
        }
    }
}

enum { CANCELLED = -2 }; /* nil="true" */

struct layers {
    const char *name;
    int64_t availability;
    int64_t activity;
    int64_t choice; /* userState; NONE = there is none */
    int64_t chosen; /* its since, seconds */
    struct legacy_device devices[2];
    bool out_of_office;
    int64_t number;
    const char *shown;
};

/* clang-format off */
#define DEVICE(number, words, at) {.state = number, .text = SLICE(words), .since = (at) * TIME_SECOND}
#define NO_DEVICE {.state = NONE, .since = TIME_NONE}

static const struct layers layers[] = {
    {"a choice less available counts",        300, 600, 9500,  1, {NO_DEVICE, NO_DEVICE}, false, 9500, ""},
    {"a choice more available does not",      300, 600, 3500,  1, {NO_DEVICE, NO_DEVICE}, false, 6500, ""},
    {"an equal one changes nothing",          300, 500, 6500,  1, {NO_DEVICE, NO_DEVICE}, false, 6500, "on-the-phone"},
    {"a cancelled one neither",               300, 400, CANCELLED, 1, {NO_DEVICE, NO_DEVICE}, false, 3500, ""},
    {"a choice alone",                        NONE, NONE, 9500, 1, {NO_DEVICE, NO_DEVICE}, false, 9500, ""},
    {"a choice does not make the offline seem there", 0, 400, 9500, 1, {NO_DEVICE, NO_DEVICE}, false, 18500, ""},
    {"a device after the choice",             300, 400, 6500,  1, {DEVICE(9000, "presenting", 2), NO_DEVICE}, false, 9000, "presenting"},
    {"a device before the choice",            300, 400, 6500,  3, {DEVICE(9000, "presenting", 2), NO_DEVICE}, false, 6500, ""},
    {"a device at the same time",             300, 400, 6500,  2, {DEVICE(9000, "presenting", 2), NO_DEVICE}, false, 6500, ""},
    {"a device of the same number: its words", 300, 400, 6500, 1, {DEVICE(6500, "meeting", 2), NO_DEVICE}, false, 6500, "meeting"},
    {"a device that is more available",       300, 400, 6500,  1, {DEVICE(3500, "x", 2), NO_DEVICE}, false, 6500, ""},
    {"a device after a cancelled choice",     300, 400, CANCELLED, 9, {DEVICE(6500, "meeting", 2), NO_DEVICE}, false, 6500, "meeting"},
    {"a device of which nobody knows when",   300, 400, NONE,  1, {{.state = 9000, .since = TIME_NONE}, NO_DEVICE}, false, 3500, ""},
    {"two devices, the less available",       300, 400, NONE,  1, {DEVICE(6500, "a", 1), DEVICE(9000, "b", 1)}, false, 9000, "b"},
    {"two devices, the other order",          300, 400, NONE,  1, {DEVICE(9000, "b", 1), DEVICE(6500, "a", 1)}, false, 9000, "b"},
    {"out of office and away",                300, 100, NONE,  1, {NO_DEVICE, NO_DEVICE}, true, 15500, "out-of-office"},
    {"out of office and offline",             0,   100, NONE,  1, {NO_DEVICE, NO_DEVICE}, true, 18500, "out-of-office"},
    {"out of office and be right back",       300, 300, NONE,  1, {NO_DEVICE, NO_DEVICE}, true, 12500, ""},
    {"out of office, just before away",       300, 400, 14999, 1, {NO_DEVICE, NO_DEVICE}, true, 14999, ""},
    {"out of office, just away",              300, 400, 15000, 1, {NO_DEVICE, NO_DEVICE}, true, 15000, "out-of-office"},
};
/* clang-format on */

static void test_layers(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof layers / sizeof layers[0]; i++) {
        const struct layers *row = &layers[i];
        const struct legacy_fact fact = {
            .availability = row->availability,
            .activity = row->activity,
            .has_user_state = row->choice != NONE,
            .user_state_nil = row->choice == CANCELLED,
            .user_state = row->choice == CANCELLED ? 9500 : row->choice,
            .user_since = row->chosen * TIME_SECOND,
            .out_of_office = row->out_of_office,
            .devices = row->devices,
            .device_count = 2,
        };
        struct legacy_presence got = legacy_meaning(&fact);
        if (got.availability != row->number || !slice_equal(got.activity, slice_of(row->shown))) {
            fail_msg("%s: %lld %.*s", row->name, (long long)got.availability,
                     SLICE_ARGS(got.activity));
        }
    }
}

/* clang-format off */
static const struct story stories[] = {
    {"setPresence counts from its 2xx, and what is refused never does",
     "1 set dee d1 200 300 600 9500\n"
     "2 set dee d1 403 300 400\n"
     "3 set dee d1 none 300 400\n"
     "4 set dee d1 200 300 500\n",
     "1 presence dee unknown->do-not-disturb 9500 legacy (sets legacy presence 9500)\n"
     "4 presence dee do-not-disturb->busy 6500/on-the-phone legacy (sets legacy presence 6500)\n"},

    {"it ends with its endpoint, and what another one set stays",
     "1 register dee d1 3600\n"
     "1 register dee d2 3600\n"
     "2 set dee d1 200 300 400\n"
     "3 set dee d2 200 300 600\n"
     "4 register dee d2 0\n"
     "5 register dee d1 0\n"
     "6 register dee d1 3600\n"
     "7 set dee d1 200 0 400\n",
     "1 endpoint dee d1 registered until=3601\n"
     "1 endpoint dee d2 registered until=3601\n"
     "2 presence dee unknown->available 3500 legacy (sets legacy presence 3500)\n"
     "3 presence dee available->busy 6500 legacy (sets legacy presence 6500)\n"
     "4 endpoint dee d2 unregistered until=3601\n"
     "4 presence dee busy->available 3500 legacy (endpoint left)\n"
     "5 endpoint dee d1 unregistered until=3601\n"
     "5 presence dee available->offline - computed (last endpoint left)\n"
     "6 endpoint dee d1 registered until=3606\n"
     "7 presence dee offline->offline 18500 legacy (sets legacy presence 18500)\n"},

    {"a notification is told, and is the user's presence where nothing better is known",
     "1 legacy eve dee 300 600 6500\n"
     "2 notify bob dee 6500/on-the-phone\n"
     "3 legacy eve dee 300 600 6500\n"
     "4 legacy eve dee 300 400\n"
     "5 legacy eve dee 300 -1\n",
     "1 told eve of dee: busy 6500\n"
     "1 presence dee unknown->busy 6500 legacy (watcher was told 6500)\n"
     "2 told bob of dee: busy 6500/on-the-phone\n"
     "2 presence dee busy->busy 6500/on-the-phone notified (watcher was told 6500)\n"
     "3 told eve of dee: busy 6500\n"
     "4 told eve of dee: available 3500\n"
     "4 presence dee busy->available 3500 legacy (watcher was told 3500)\n"},

    {"inputs, the owner's aggregate and PIDF are better known",
     "1 document ann state/1/2/aggregateState/9500/user@1\n"
     "2 legacy eve ann 300 400\n"
     "3 set ann a1 200 300 600\n"
     "4 service bob b1 200 state/536870912/2/userState/12500/static\n"
     "5 legacy eve bob 300 400\n"
     "6 set bob b2 200 300 400\n"
     "7 publish fay busy 600 - A 200\n"
     "8 set fay f1 200 300 400\n"
     "9 publish fay - 0 A - 200\n",
     "1 told ann of ann: do-not-disturb 9500 in 2 owner\n"
     "1 instance ann state/1/2 live aggregateState v0 9500\n"
     "1 presence ann unknown->do-not-disturb 9500 aggregate (aggregateState is 9500)\n"
     "2 told eve of ann: available 3500\n"
     "4 instance bob state/536870912/2 requested userState v0 12500\n"
     "4 instance bob state/536870912/2 live userState v1 12500\n"
     "4 presence bob unknown->be-right-back 12500 computed (publishes userState 12500)\n"
     "5 told eve of bob: available 3500\n"
     "7 pidf fay requested tag= 6500/busy\n"
     "7 pidf fay live tag=A 6500/busy until=607\n"
     "7 presence fay unknown->busy 6500/busy pidf (publishes PIDF 6500)\n"
     "9 pidf fay requested tag=A -\n"
     "9 pidf fay removed tag=A 6500/busy until=607\n"
     "9 presence fay busy->available 3500 legacy (publication removed)\n"},
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

/* More requests in flight than fit, more endpoints than fit: the oldest goes, and it is said. */
static void test_caps(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    limits.pending = 1;
    limits.instances = 1;
    char caps[256];
    char *log = script_run("1 set dee d1 none 300 400\n"
                           "2 set dee d1 200 300 600\n"
                           "3 set dee d2 200 300 400\n",
                           SCRIPT_PLAIN, &limits, caps);
    assert_string_equal(caps, "pending instances");
    assert_string_equal(log,
                        "2 presence dee unknown->busy 6500 legacy (sets legacy presence 6500)\n");
    free(log);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_layers),
        cmocka_unit_test(test_stories),
        cmocka_unit_test(test_caps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
