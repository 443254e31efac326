/*
 * Containers: whom the owner's lists name, and what a copy shows of where it came from.
 */
#include "tests/unit/engine_script.h"

#include "analyzer/engine/served.h"

/* ---- narrowing by what is shown ---- */

enum {
    ANY = SERVED_ANY,
    NOT_BLOCKED = SERVED_ANY & ~SERVED_32000,
    DETAILED = NOT_BLOCKED & ~SERVED_100,
};

/* clang-format off */
static const struct {
    const char *name;
    enum category_kind category;
    unsigned named;
    unsigned content;
    int64_t availability;
    const char *activity;
    bool there;
    unsigned expected;
} clues[] = {
    {"Available, bare",            CATEGORY_STATE, 0, 0, 3500, "", true, NOT_BLOCKED},
    {"an activity",                CATEGORY_STATE, 0, TOLD_ACTIVITY, 6500, "on-the-phone", true, DETAILED},
    {"a time zone",                CATEGORY_STATE, 0, TOLD_TIME_ZONE, 3500, "", true, DETAILED},
    {"a device",                   CATEGORY_STATE, 0, TOLD_DEVICE, 3500, "", true, DETAILED},
    {"a place",                    CATEGORY_STATE, 0, TOLD_LOCATION, 3500, "", true, DETAILED},
    {"a meeting",                  CATEGORY_STATE, 0, TOLD_MEETING, 6500, "", true, DETAILED},
    {"softened",                   CATEGORY_STATE, 0, TOLD_ACTIVITY, 6900, "urgent-interruptions-only", true, SERVED_300},
    {"6900 of a meeting",          CATEGORY_STATE, 0, TOLD_ACTIVITY, 6900, "in-a-meeting", true, DETAILED},
    {"Do not disturb as it is",    CATEGORY_STATE, 0, 0, 9500, "", true, NOT_BLOCKED & ~SERVED_300},
    {"8999 is Busy",               CATEGORY_STATE, 0, 0, 8999, "", true, NOT_BLOCKED},
    {"11999 is Do not disturb",    CATEGORY_STATE, 0, 0, 11999, "", true, NOT_BLOCKED & ~SERVED_300},
    {"Offline, and so is the owner", CATEGORY_STATE, 0, 0, 18500, "", false, ANY},
    {"Offline, but the owner is not", CATEGORY_STATE, 0, 0, 18500, "", true, SERVED_32000},
    {"no number at all, but the owner is there", CATEGORY_STATE, 0, 0, AVAILABILITY_NONE, "", true, SERVED_32000},
    {"17999 is Away",              CATEGORY_STATE, 0, 0, 17999, "", true, NOT_BLOCKED},
    {"Offline with details is no block", CATEGORY_STATE, 0, TOLD_DEVICE, 18500, "", true, DETAILED},
    {"a note",                     CATEGORY_NOTE, 0, TOLD_TEXT, AVAILABILITY_NONE, "", true, NOT_BLOCKED},
    {"no note",                    CATEGORY_NOTE, 0, 0, AVAILABILITY_NONE, "", true, ANY},
    {"a name",                     CATEGORY_CONTACT_CARD, 0, TOLD_TEXT, AVAILABILITY_NONE, "", true, NOT_BLOCKED},
    {"what is not known says nothing", CATEGORY_ROUTING, 0, TOLD_TEXT, AVAILABILITY_NONE, "", true, ANY},
    {"the lists speak first",      CATEGORY_STATE, SERVED_100, TOLD_ACTIVITY, 6500, "on-the-phone", true, SERVED_100},
};
/* clang-format on */

static void copies_are_narrowed_by_what_they_show(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof clues / sizeof clues[0]; i++) {
        const struct served_clues given = {
            .named = clues[i].named,
            .category = clues[i].category,
            .content = clues[i].content,
            .availability = clues[i].availability,
            .activity = slice_of(clues[i].activity),
            .owner_is_there = clues[i].there,
        };
        unsigned served = served_by(&given);
        if (served != clues[i].expected) {
            fail_msg("%s: %#x instead of %#x", clues[i].name, served, clues[i].expected);
        }
    }
}

static void ids_have_their_bits(void **state)
{
    (void)state;
    assert_int_equal(served_container_of(100), SERVED_100);
    assert_int_equal(served_container_of(200), SERVED_200);
    assert_int_equal(served_container_of(300), SERVED_300);
    assert_int_equal(served_container_of(400), SERVED_400);
    assert_int_equal(served_container_of(32000), SERVED_32000);
    assert_int_equal(served_container_of(0), SERVED_OTHER);
    assert_int_equal(served_container_of(32767), SERVED_OTHER);
}

/* ---- the owner's lists ---- */

/* clang-format off */
static const struct story stories[] = {
    {"by name, then by domain, of several the highest",
     "1 containers ann 100:federated= 200:domain=x 300:user=bob 400:user=cyd 300:user=cyd 32000:user=dee 100:domain=y\n"
     "4 notify bob ann 6900\n"
     "5 notify cyd ann 9500\n"
     "6 notify dee ann 3500\n"
     "7 notify eve ann 3500\n",
     "4 told bob of ann: busy 6900 by 300 certain since 1\n"
     "4 presence ann unknown->busy 6900 notified (watcher was told 6900)\n"
     "5 told cyd of ann: do-not-disturb 9500 by 400 certain since 1\n"
     "5 presence ann busy->do-not-disturb 9500 notified (watcher was told 9500)\n"
     "6 told dee of ann: available 3500 by 32000 certain since 1\n"
     "7 told eve of ann: available 3500 by 200 certain since 1\n"
     "7 presence ann do-not-disturb->available 3500 notified (watcher was told 3500)\n"},

    {"nothing is certain before a list was seen, but for the highest container of all",
     "1 members ann 200 +300:user=bob +32000:user=dee\n"
     "4 notify bob ann 3500\n"
     "5 notify dee ann 3500\n",
     "4 told bob of ann: available 3500 by 100 by 200 by 300 by 400 by other\n"
     "4 presence ann unknown->available 3500 notified (watcher was told 3500)\n"
     "5 told dee of ann: available 3500 by 32000 certain since 1\n"},

    {"what the blocked are told says nothing of the user",
     "1 containers ann 32000:user=dee\n"
     "2 notify bob ann 3500\n"
     "3 notify dee ann 18500\n",
     "2 told bob of ann: available 3500 by 100 by 200 by 300 by 400 by other\n"
     "2 presence ann unknown->available 3500 notified (watcher was told 3500)\n"
     "3 told dee of ann: offline 18500 by 32000 certain since 1\n"},

    {"members come and go with the 2xx, and settle",
     "1 containers ann 200:user=bob 32000\n"
     "2 members ann 403 -200:user=bob +32000:user=bob\n"
     "5 note bob ann hello\n"
     "10 members ann 200 -200:user=bob +32000:user=bob\n"
     "11 note bob ann hello\n"
     "12 note bob ann hello\n"
     "13 members ann 200 -32000:user=bob\n"
     "16 note bob ann -\n",
     "5 told bob of ann: unknown - note by 200 certain since 1\n"
     "11 told bob of ann: unknown - note by 100 by 200 by 300 by 400 by other\n"
     "12 told bob of ann: unknown - note by 32000 certain since 10\n"
     "16 told bob of ann: unknown - note cleared by any\n"},

    {"a change whose answer was not seen leaves doubt until the next list",
     "1 containers ann 200:user=bob\n"
     "4 note bob ann hello\n"
     "5 members ann none -200:user=bob +32000:user=bob\n"
     "9 note bob ann hello\n"
     "200 members ann 200 +300:user=cyd\n"
     "205 note bob ann hello\n"
     "206 containers ann 200:user=bob\n"
     "209 note bob ann hello\n",
     "4 told bob of ann: unknown - note by 200 certain since 1\n"
     "9 told bob of ann: unknown - note by 100 by 200 by 300 by 400 by other\n"
     "205 told bob of ann: unknown - note by 100 by 200 by 300 by 400 by other\n"
     "209 told bob of ann: unknown - note by 200 certain since 206\n"},

    {"a new list replaces the old one; what it leaves out is in doubt",
     "1 containers ann 200:user=bob 300:user=cyd\n"
     "2 containers ann 200:user=dee\n"
     "3 notify bob ann 3500\n"
     "4 notify cyd ann 3500\n"
     "5 notify dee ann 3500\n"
     "6 containers ann 300 200:user=dee\n"
     "7 notify cyd ann 3500\n",
     "3 told bob of ann: available 3500 by 100 by 200 by 300 by 400 by other\n"
     "3 presence ann unknown->available 3500 notified (watcher was told 3500)\n"
     "4 told cyd of ann: available 3500 by 100 by 200 by 300 by 400 by other\n"
     "5 told dee of ann: available 3500 by 200 certain since 2\n"
     "7 told cyd of ann: available 3500 by 100 by 200 by 300 by 400 by other\n"},

    {"Offline while the owner is there is the block, unless it is newer than the owner's word",
     "1 document ann state/1/2/aggregateState/3500/user@1\n"
     "2 notify bob ann 18500 @1\n"
     "3 notify cyd ann 18500 @3\n",
     "1 told ann of ann: available 3500 in 2 owner\n"
     "1 instance ann state/1/2 live aggregateState v0 3500\n"
     "1 presence ann unknown->available 3500 aggregate (aggregateState is 3500)\n"
     "2 told bob of ann: offline 18500 by 32000\n"
     "3 told cyd of ann: offline 18500 by any\n"
     "3 presence ann available->offline 18500 notified (watcher was told 18500)\n"},

    {"a sign-out ends the subscriptions of that endpoint",
     "1 register bob b1 3600\n"
     "2 subscription 7 bob ann confirmed 3600\n"
     "3 register bob b1 0\n"
     "4 subscription 7 bob ann terminated - deactivated\n",
     "1 endpoint bob b1 registered until=3601\n"
     "2 subscription 7 bob->ann active until=3600\n"
     "3 endpoint bob b1 unregistered until=3601\n"
     "3 subscription 7 bob->ann terminated until=3600 (signed out)\n"
     "3 presence bob unknown->offline - computed (last endpoint left)\n"},

    {"another endpoint of the watcher may be the one that subscribed",
     "1 register bob b1 3600\n"
     "1 register bob b2 3600\n"
     "2 subscription 7 bob ann confirmed 100\n"
     "3 register bob b1 0\n"
     "200 tick\n",
     "1 endpoint bob b1 registered until=3601\n"
     "1 endpoint bob b2 registered until=3601\n"
     "2 subscription 7 bob->ann active until=100\n"
     "3 endpoint bob b1 unregistered until=3601\n"
     "100 subscription 7 bob->ann lapsed until=100 (expired)\n"},

    {"signed out stays signed out until its time is over",
     "1 register bob b1 3600\n"
     "2 subscription 7 bob ann confirmed 100\n"
     "3 register bob b1 0\n"
     "200 tick\n",
     "1 endpoint bob b1 registered until=3601\n"
     "2 subscription 7 bob->ann active until=100\n"
     "3 endpoint bob b1 unregistered until=3601\n"
     "3 subscription 7 bob->ann terminated until=100 (signed out)\n"
     "3 presence bob unknown->offline - computed (last endpoint left)\n"},

    {"a subscription that is refreshed after all lives on",
     "1 register bob b1 3600\n"
     "2 subscription 7 bob ann confirmed 100\n"
     "3 register bob b1 0\n"
     "4 subscription 7 bob ann confirmed 300\n",
     "1 endpoint bob b1 registered until=3601\n"
     "2 subscription 7 bob->ann active until=100\n"
     "3 endpoint bob b1 unregistered until=3601\n"
     "3 subscription 7 bob->ann terminated until=100 (signed out)\n"
     "3 presence bob unknown->offline - computed (last endpoint left)\n"
     "4 subscription 7 bob->ann active until=300\n"},
};
/* clang-format on */

static void lists_say_who_is_served_from_where(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof stories / sizeof stories[0]; i++) {
        for (unsigned mode = SCRIPT_PLAIN; mode <= (SCRIPT_COPIES | SCRIPT_TICKS); mode++) {
            char *log = script_run(stories[i].script, mode | SCRIPT_SERVED, NULL, NULL);
            if (strcmp(log, stories[i].expected) != 0) {
                fail_msg("%s (mode %u):\n--- got\n%s--- expected\n%s", stories[i].name, mode, log,
                         stories[i].expected);
            }
            free(log);
        }
    }
}

/* ---- bounds ---- */

static void a_member_without_a_place_leaves_nothing_certain(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    char caps[256] = "";
    limits.members = 2;
    char *log = script_run("1 containers ann 200:user=bob 200:user=cyd 300:user=bob\n"
                           "4 note bob ann hello\n",
                           SCRIPT_SERVED, &limits, caps);
    assert_string_equal(log,
                        "4 told bob of ann: unknown - note by 100 by 200 by 300 by 400 by other\n");
    assert_string_equal(caps, "members");
    free(log);
}

static void too_many_containers_are_a_cap(void **state)
{
    (void)state;
    char caps[256] = "";
    char story[4096] = "";
    size_t size = 0;
    for (int id = 0; id < 65; id++) {
        size += (size_t)snprintf(story + size, sizeof story - size,
                                 "1 members ann 200 +%d:user=b\n", id);
    }
    char *log = script_run(story, SCRIPT_SERVED, NULL, caps);
    assert_string_equal(log, "");
    assert_string_equal(caps, "members");
    free(log);
}

static void requests_that_nobody_answers_are_forgotten(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    char caps[256] = "";
    limits.pending = 2;
    char *log = script_run("1 containers ann 32000\n"
                           "2 members ann none +32000:user=bob\n"
                           "3 members ann none +32000:user=cyd\n"
                           "4 members ann none +32000:user=dee\n"
                           "200 members ann none +32000:user=eve\n",
                           SCRIPT_SERVED, &limits, caps);
    assert_string_equal(log, "");
    assert_string_equal(caps, "pending");
    free(log);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(copies_are_narrowed_by_what_they_show),
        cmocka_unit_test(ids_have_their_bits),
        cmocka_unit_test(lists_say_who_is_served_from_where),
        cmocka_unit_test(a_member_without_a_place_leaves_nothing_certain),
        cmocka_unit_test(too_many_containers_are_a_cap),
        cmocka_unit_test(requests_that_nobody_answers_are_forgotten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
