/*
 * Rules about what watchers are shown: each one fired once, and once for each guard kept silent.
 */
#include "tests/unit/audit_script.h"

#include <stdlib.h>

enum {
    ANY = SERVED_ANY,
    NOT_BLOCKED = SERVED_ANY & ~SERVED_32000,
    COLLEAGUE = SERVED_200,
};

/* Bo watches Ada in dialog 7, Ada her own document in dialog 5. */
#define LIVE(watcher, target, number_of)                                                           \
    {                                                                                              \
        .at = 0, .act = SUBSCRIPTION, .timer = true, .who = watcher, .to = target,                 \
        .id = number_of, .state = SUBSCRIPTION_ACTIVE                                              \
    }
#define WATCHING LIVE("bo", "ada", 7), LIVE("ada", "ada", 5)
#define TOLD_ADA(second, transaction, ...)                                                         \
    {                                                                                              \
        .at = second, .act = TOLD, .method = "BENOTIFY", .from = "chat", .to = "ada",              \
        .tx = transaction, .who = "ada", .id = 5, __VA_ARGS__                                      \
    }
#define OWN_IN(second, transaction, availability, which, ...)                                      \
    TOLD_ADA(second, transaction, .kind = STATE_AGGREGATE, .number = availability,                 \
             .container = which, __VA_ARGS__)
#define OWN(second, transaction, availability) OWN_IN(second, transaction, availability, 2, )
#define TOLD_BO(second, transaction, ...)                                                          \
    {                                                                                              \
        .at = second, .act = TOLD, .method = "BENOTIFY", .from = "chat", .to = "bo",               \
        .tx = transaction, .who = "ada", .id = 7, __VA_ARGS__                                      \
    }
#define AGGREGATE(availability) .kind = STATE_AGGREGATE, .number = availability
#define SHOWN(second, transaction, availability, container, ...)                                   \
    TOLD_BO(second, transaction, AGGREGATE(availability), .served = container, __VA_ARGS__)
#define AVAILABLE_THEN_BUSY(container)                                                             \
    WATCHING, OWN(1, 1, 3500), SHOWN(2, 2, 3500, container, ), OWN(50, 3, 6500)

#define STALE(evidence, became, seen, how_long)                                                    \
    "warning presence-watcher-stale [" evidence "] ada@contoso.example became " became             \
    ", but bo@contoso.example went on seeing " seen " for " how_long "\n"

static const struct script pictures[] = {
    {"nobody tells the watcher", "presence-watcher-stale",
     SCRIPT_STEPS(AVAILABLE_THEN_BUSY(NOT_BLOCKED)), 61,
     STALE("4 5", "Busy", "Available", "more than 10 s")},
    {"the first word of the owner's document counts too", "presence-watcher-stale",
     SCRIPT_STEPS(WATCHING, SHOWN(2, 2, 3500, COLLEAGUE, ), OWN(50, 3, 6500)), 61,
     STALE("3 4", "Busy", "Available", "more than 10 s")},
    {"told far too late", "presence-watcher-stale",
     SCRIPT_STEPS(AVAILABLE_THEN_BUSY(NOT_BLOCKED), SHOWN(90, 4, 6500, NOT_BLOCKED, )), 200,
     STALE("4 5 6", "Busy", "Available", "40 s")},
    {"stale twice", "presence-watcher-stale",
     SCRIPT_STEPS(AVAILABLE_THEN_BUSY(NOT_BLOCKED), SHOWN(90, 4, 6500, NOT_BLOCKED, ),
                  OWN(100, 5, 15500)),
     200,
     STALE("4 5 6", "Busy", "Available", "40 s") STALE("6 7", "Away", "Busy", "more than 10 s")},
    {"told something else that is not so either", "presence-watcher-stale",
     SCRIPT_STEPS(AVAILABLE_THEN_BUSY(NOT_BLOCKED), SHOWN(52, 4, 15500, NOT_BLOCKED, )), 200,
     STALE("5 6", "Busy", "Away", "more than 10 s")},
    {"cleared instead of told", "presence-watcher-stale",
     SCRIPT_STEPS(AVAILABLE_THEN_BUSY(COLLEAGUE), SHOWN(52, 4, 0, COLLEAGUE, .cleared = true)), 200,
     STALE("5 6", "Busy", "Offline", "more than 10 s")},
    {"told in time", "presence-watcher-stale",
     SCRIPT_STEPS(AVAILABLE_THEN_BUSY(NOT_BLOCKED), SHOWN(60, 4, 6500, NOT_BLOCKED, )), 200, ""},
    {"told before the owner", "presence-watcher-stale",
     SCRIPT_STEPS(WATCHING, OWN(1, 1, 3500), SHOWN(49, 2, 6500, NOT_BLOCKED, ), OWN(50, 3, 6500)),
     200, ""},
    {"the capture ends before the tolerance", "presence-watcher-stale",
     SCRIPT_STEPS(AVAILABLE_THEN_BUSY(NOT_BLOCKED)), 59, ""},
    {"it changes back within the tolerance", "presence-watcher-stale",
     SCRIPT_STEPS(AVAILABLE_THEN_BUSY(NOT_BLOCKED), OWN(58, 4, 3500)), 200, ""},
    {"a newer word than the owner's crosses it", "presence-watcher-stale",
     SCRIPT_STEPS(AVAILABLE_THEN_BUSY(NOT_BLOCKED), SHOWN(51, 4, 6500, NOT_BLOCKED, ),
                  SHOWN(59, 5, 15500, NOT_BLOCKED, ), OWN(61, 6, 15500)),
     200, ""},
    {"another number of the same band", "presence-watcher-stale",
     SCRIPT_STEPS(WATCHING, OWN(1, 1, 6500), SHOWN(2, 2, 6500, NOT_BLOCKED, ), OWN(50, 3, 6900)),
     200, ""},
    {"softened for a team", "presence-watcher-stale",
     SCRIPT_STEPS(WATCHING, OWN(1, 1, 6900), SHOWN(2, 2, 6900, SERVED_300, ), OWN(50, 3, 9500)),
     200, ""},
    {"container 3 says what a team is shown", "presence-watcher-stale",
     SCRIPT_STEPS(WATCHING, OWN(1, 1, 3500), OWN_IN(1, 1, 3500, 3, ),
                  SHOWN(2, 2, 3500, SERVED_300, ), OWN_IN(50, 3, 6500, 3, ), OWN(50, 3, 12500),
                  SHOWN(51, 4, 6500, SERVED_300, )),
     200, ""},
    {"and nobody else", "presence-watcher-stale",
     SCRIPT_STEPS(WATCHING, OWN(1, 1, 3500), OWN_IN(1, 1, 3500, 3, ),
                  SHOWN(2, 2, 3500, SERVED_200, ), OWN_IN(50, 3, 6500, 3, ), OWN(50, 3, 12500),
                  SHOWN(51, 4, 6500, SERVED_200, )),
     200, STALE("6 7 8", "Be right back", "Busy", "more than 10 s")},
    {"a blocked watcher", "presence-watcher-stale",
     SCRIPT_STEPS(WATCHING, OWN(1, 1, 3500), SHOWN(2, 2, 18500, SERVED_32000, ), OWN(50, 3, 6500)),
     200, ""},
    {"a watcher who may be blocked", "presence-watcher-stale",
     SCRIPT_STEPS(WATCHING, OWN(1, 1, 3500), SHOWN(2, 2, 18500, ANY, ), OWN(50, 3, 6500)), 200, ""},
    {"a container of the administrator's own", "presence-watcher-stale",
     SCRIPT_STEPS(AVAILABLE_THEN_BUSY(SERVED_OTHER)), 200, ""},
    {"a query", "presence-watcher-stale",
     SCRIPT_STEPS(WATCHING, OWN(1, 1, 3500), SHOWN(2, 2, 3500, NOT_BLOCKED, .polled = true),
                  OWN(50, 3, 6500)),
     200, ""},
    {"a legacy form", "presence-watcher-stale",
     SCRIPT_STEPS(WATCHING, OWN(1, 1, 3500), SHOWN(2, 2, 3500, NOT_BLOCKED, .document = true),
                  OWN(50, 3, 6500)),
     200, ""},
    {"the watcher stopped watching", "presence-watcher-stale",
     SCRIPT_STEPS(AVAILABLE_THEN_BUSY(NOT_BLOCKED), {.at = 55,
                                                     .act = SUBSCRIPTION,
                                                     .timer = true,
                                                     .who = "bo",
                                                     .to = "ada",
                                                     .id = 7,
                                                     .state = SUBSCRIPTION_TERMINATED}),
     200, ""},
    {"the owner no longer follows her own", "presence-watcher-stale",
     SCRIPT_STEPS(AVAILABLE_THEN_BUSY(NOT_BLOCKED), {.at = 55,
                                                     .act = SUBSCRIPTION,
                                                     .timer = true,
                                                     .who = "ada",
                                                     .to = "ada",
                                                     .id = 5,
                                                     .state = SUBSCRIPTION_LAPSED}),
     200, ""},
    {"the owner signed out", "presence-watcher-stale",
     SCRIPT_STEPS(
         AVAILABLE_THEN_BUSY(NOT_BLOCKED),
         {.at = 55, .act = ENDPOINT, .timer = true, .who = "ada", .state = ENDPOINT_UNREGISTERED}),
     200, ""},
    {"the aggregate is gone again", "presence-watcher-stale",
     SCRIPT_STEPS(AVAILABLE_THEN_BUSY(NOT_BLOCKED), OWN_IN(55, 4, 0, 2, .cleared = true)), 200, ""},
    {"only watchers were captured: a capture from the middle", "presence-watcher-stale",
     SCRIPT_STEPS(WATCHING, SHOWN(2, 2, 3500, NOT_BLOCKED, ), OWN_IN(50, 3, 6500, 200, )), 200, ""},
    {"told by datagrams", "presence-watcher-stale",
     SCRIPT_STEPS(WATCHING, OWN(1, 1, 3500), SHOWN(2, 2, 3500, NOT_BLOCKED, .udp = true),
                  OWN(50, 3, 6500)),
     200, ""},
    {"the word to the watcher may be in a gap", "presence-watcher-stale",
     SCRIPT_STEPS(
         AVAILABLE_THEN_BUSY(NOT_BLOCKED),
         {.at = 55, .act = COVERAGE, .coverage = COVERAGE_GAP, .from = "chat", .to = "bo"}),
     200,
     "note coverage-gap [6] Part of the stream from 192.0.2.5:5061 to 192.0.2.22:52312 was not "
     "captured: 1460 bytes missing\n"},
};

static void pictures_follow(void **state)
{
    (void)state;
    check_scripts(pictures, sizeof pictures / sizeof pictures[0]);
}

static void several_watchers_are_one_finding(void **state)
{
    (void)state;
    const struct script script = {
        "two watchers", "presence-watcher-stale",
        SCRIPT_STEPS(AVAILABLE_THEN_BUSY(NOT_BLOCKED), LIVE("cy@contoso.example", "ada", 8),
                     {.at = 3,
                      .act = TOLD,
                      .method = "BENOTIFY",
                      .from = "chat",
                      .to = "cy@contoso.example",
                      .tx = 8,
                      .who = "ada",
                      .id = 8,
                      .kind = STATE_AGGREGATE,
                      .number = 3500,
                      .served = NOT_BLOCKED}),
        200,
        "warning presence-watcher-stale [4 7 5] ada@contoso.example became Busy, but 2 watchers "
        "went on seeing Available for more than 10 s\n"};
    check_scripts(&script, 1);
}

/* A publication that ran out is why the watcher is shown something old: one cause, one finding. */
static void the_closer_rule_speaks(void **state)
{
    (void)state;
    const struct script script = {
        "a call ran out", "publish-expired",
        SCRIPT_STEPS(WATCHING,
                     {.at = 1,
                      .act = PUBLICATION,
                      .method = "PUBLISH",
                      .from = "bo",
                      .to = "ada",
                      .tx = 1,
                      .status = 200,
                      .kept = true,
                      .who = "ada",
                      .tag = "t1",
                      .name = "on-the-phone",
                      .state = PUBLICATION_LIVE,
                      .expires = 600},
                     OWN_IN(2, 2, 6500, 2, .name = "on-the-phone"),
                     SHOWN(2, 3, 6500, NOT_BLOCKED, .name = "on-the-phone"),
                     {.at = 601,
                      .act = PUBLICATION,
                      .timer = true,
                      .who = "ada",
                      .tag = "t1",
                      .name = "on-the-phone",
                      .state = PUBLICATION_EXPIRED},
                     OWN(602, 4, 3500)),
        700,
        "warning publish-expired [1 3 5] ada@contoso.example was still shown as on-the-phone to "
        "bo@contoso.example 99 s after the publication ran out unrefreshed\n"};
    struct limits limits = limits_default();
    char *got = audit_script(&script, &limits, NULL);
    assert_string_equal(got, script.expected);
    free(got);
    got = audit_script(&script, &limits, "publish-expired");
    assert_string_equal(got, ""); /* switched off it still knows better */
    free(got);
}

/* ---- leaks ---- */

#define MEMBER(in, ...) TOLD_BO(9, 2, .served = in, .member = 1, __VA_ARGS__)
#define PUT_IN                                                                                     \
    {                                                                                              \
        .at = 1, .act = MESSAGE, .method = "SERVICE", .from = "ada", .to = "ada", .tx = 1,         \
        .status = 200                                                                              \
    }
#define BLOCKED_LEAK(what)                                                                         \
    "error presence-blocked-leak [1 2] bo@contoso.example is blocked by ada@contoso.example and "  \
    "was shown " what "\n"
#define EXTERNAL_LEAK(what)                                                                        \
    "error presence-external-leak [1 2] bo@contoso.example is an external contact of "             \
    "ada@contoso.example and was shown " what "\n"
#define INPUT_LEAK(what)                                                                           \
    "error presence-input-leak [2] bo@contoso.example was shown " what                             \
    " of ada@contoso.example, which only the owner may see\n"

static const struct script leaks[] = {
    {"a blocked watcher sees Available", "presence-blocked-leak",
     SCRIPT_STEPS(PUT_IN, MEMBER(SERVED_32000, AGGREGATE(3500))), 9, BLOCKED_LEAK("Available")},
    {"a blocked watcher reads a note", "presence-blocked-leak",
     SCRIPT_STEPS(PUT_IN, MEMBER(SERVED_32000, .category = CATEGORY_NOTE, .shows = TOLD_TEXT,
                                 .kind = STATE_NONE)),
     9, BLOCKED_LEAK("a note")},
    {"a blocked watcher reads a card", "presence-blocked-leak",
     SCRIPT_STEPS(PUT_IN, MEMBER(SERVED_32000, .category = CATEGORY_CONTACT_CARD,
                                 .shows = TOLD_TEXT, .kind = STATE_NONE)),
     9, BLOCKED_LEAK("a contact card")},
    {"Offline, but with a device", "presence-blocked-leak",
     SCRIPT_STEPS(PUT_IN, MEMBER(SERVED_32000, AGGREGATE(18500), .shows = TOLD_DEVICE)), 9,
     BLOCKED_LEAK("a device")},
    {"Offline is what the blocked see", "presence-blocked-leak",
     SCRIPT_STEPS(PUT_IN, MEMBER(SERVED_32000, AGGREGATE(18500))), 9, ""},
    {"nothing is what the blocked see", "presence-blocked-leak",
     SCRIPT_STEPS(PUT_IN, MEMBER(SERVED_32000, .kind = STATE_NONE, .cleared = true)), 9, ""},
    {"an empty note is what the blocked see", "presence-blocked-leak",
     SCRIPT_STEPS(PUT_IN, MEMBER(SERVED_32000, .category = CATEGORY_NOTE, .kind = STATE_NONE)), 9,
     ""},
    {"what 32000 has of other categories is not known", "presence-blocked-leak",
     SCRIPT_STEPS(PUT_IN, MEMBER(SERVED_32000, .category = CATEGORY_ROUTING, .shows = TOLD_TEXT,
                                 .kind = STATE_NONE)),
     9, ""},
    {"that the watcher is blocked is not certain", "presence-blocked-leak",
     SCRIPT_STEPS(PUT_IN, SHOWN(9, 2, 3500, SERVED_32000, )), 9, ""},
    {"the blocked are sent a legacy form", "presence-blocked-leak",
     SCRIPT_STEPS(PUT_IN, MEMBER(SERVED_32000, AGGREGATE(3500), .document = true)), 9, ""},

    {"an external contact sees an activity", "presence-external-leak",
     SCRIPT_STEPS(PUT_IN, MEMBER(SERVED_100, AGGREGATE(6500), .shows = TOLD_ACTIVITY)), 9,
     EXTERNAL_LEAK("an activity")},
    {"an external contact sees a place", "presence-external-leak",
     SCRIPT_STEPS(PUT_IN,
                  MEMBER(SERVED_100, AGGREGATE(6500), .shows = TOLD_LOCATION | TOLD_ACTIVITY)),
     9, EXTERNAL_LEAK("a location")},
    {"an external contact sees a time zone", "presence-external-leak",
     SCRIPT_STEPS(PUT_IN, MEMBER(SERVED_100, AGGREGATE(3500), .shows = TOLD_TIME_ZONE)), 9,
     EXTERNAL_LEAK("a time zone")},
    {"an external contact sees a meeting", "presence-external-leak",
     SCRIPT_STEPS(PUT_IN, MEMBER(SERVED_100, AGGREGATE(6500), .shows = TOLD_MEETING)), 9,
     EXTERNAL_LEAK("meeting data")},
    {"twice the same", "presence-external-leak",
     SCRIPT_STEPS(PUT_IN, MEMBER(SERVED_100, AGGREGATE(6500), .shows = TOLD_DEVICE),
                  SHOWN(20, 4, 3500, SERVED_100, .member = 1, .shows = TOLD_DEVICE)),
     30,
     "error presence-external-leak [1 2 3] bo@contoso.example is an external contact of "
     "ada@contoso.example and was shown a device 2 times\n"},
    {"a number is what they may see", "presence-external-leak",
     SCRIPT_STEPS(PUT_IN, MEMBER(SERVED_100, AGGREGATE(6500))), 9, ""},
    {"colleagues may see it all", "presence-external-leak",
     SCRIPT_STEPS(PUT_IN, MEMBER(SERVED_200, AGGREGATE(6500), .shows = TOLD_ACTIVITY)), 9, ""},
    {"that the watcher is external is not certain", "presence-external-leak",
     SCRIPT_STEPS(PUT_IN, SHOWN(9, 2, 6500, SERVED_100, .shows = TOLD_ACTIVITY)), 9, ""},
    {"PIDF has activities of its own", "presence-external-leak",
     SCRIPT_STEPS(PUT_IN,
                  MEMBER(SERVED_100, AGGREGATE(6500), .shows = TOLD_ACTIVITY, .document = true)),
     9, ""},

    {"a machine's own state", "presence-input-leak",
     SCRIPT_STEPS(PUT_IN, TOLD_BO(9, 2, .number = 3500, .kind = STATE_MACHINE)), 9,
     INPUT_LEAK("machineState")},
    {"a meeting as the calendar has it, with its container: one fault", "presence-input-leak",
     SCRIPT_STEPS(PUT_IN, TOLD_BO(9, 2, .number = 6500, .kind = STATE_CALENDAR,
                                  .shows = TOLD_ORIGIN | TOLD_MEETING)),
     9, INPUT_LEAK("calendarState")},
    {"an aggregate with its container", "presence-input-leak",
     SCRIPT_STEPS(PUT_IN, SHOWN(9, 2, 3500, NOT_BLOCKED, .shows = TOLD_ORIGIN)), 9,
     INPUT_LEAK("container and version")},
    {"the owner may see everything", "presence-input-leak",
     SCRIPT_STEPS(PUT_IN, TOLD_ADA(9, 2, .number = 3500, .container = 2, .kind = STATE_MACHINE,
                                   .shows = TOLD_ORIGIN)),
     9, ""},
    {"a call in PIDF is no input", "presence-input-leak",
     SCRIPT_STEPS(PUT_IN, TOLD_BO(9, 2, .number = 6500, .kind = STATE_PHONE, .document = true)), 9,
     ""},
    {"the aggregate is what watchers see", "presence-input-leak",
     SCRIPT_STEPS(PUT_IN, SHOWN(9, 2, 3500, NOT_BLOCKED, )), 9, ""},
};

static void what_may_not_be_seen_is_not_shown(void **state)
{
    (void)state;
    check_scripts(leaks, sizeof leaks / sizeof leaks[0]);
}

static void a_full_table_concludes_nothing_and_says_so(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    limits.watched = 1;
    const struct script script = {
        .steps = SCRIPT_STEPS(LIVE("ada", "ada", 5), LIVE("bo", "ada", 7), OWN(1, 1, 3500),
                              SHOWN(2, 2, 3500, NOT_BLOCKED, ), OWN(50, 3, 6500)),
        .end = 200};
    char *got = audit_script(&script, &limits, NULL);
    assert_string_equal(got, "note coverage-cap [] The limit watched was reached 1 time: what lies "
                             "beyond it was not looked at\n");
    free(got);
}

static void every_beginning_is_survived(void **state)
{
    (void)state;
    check_beginnings(pictures, sizeof pictures / sizeof pictures[0]);
    check_beginnings(leaks, sizeof leaks / sizeof leaks[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pictures_follow),
        cmocka_unit_test(several_watchers_are_one_finding),
        cmocka_unit_test(the_closer_rule_speaks),
        cmocka_unit_test(what_may_not_be_seen_is_not_shown),
        cmocka_unit_test(a_full_table_concludes_nothing_and_says_so),
        cmocka_unit_test(every_beginning_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
