/*
 * Rules about presence: each one fired once, and once for each guard kept silent.
 */
#include "tests/unit/audit_script.h"

/* A gateway (at bo's address) publishes that ada is on the phone, for 600 s. */
#define ON_THE_PHONE(second, transaction, new_tag, previous, how)                                  \
    {                                                                                              \
        .at = second, .act = PUBLICATION, .method = "PUBLISH", .from = "bo", .to = "ada",          \
        .tx = transaction, .status = 200, .kept = true, .who = "ada", .tag = new_tag,              \
        .old_tag = previous, .name = "on-the-phone", .state = how, .expires = 600                  \
    }
/* Another gateway behind the same proxy does. */
#define ELSEWHERE(second, transaction, new_tag)                                                    \
    {                                                                                              \
        .at = second, .act = PUBLICATION, .method = "PUBLISH", .from = "bo", .to = "ada",          \
        .tx = transaction, .status = 200, .kept = true, .who = "ada", .tag = new_tag,              \
        .name = "on-the-phone", .state = PUBLICATION_LIVE, .expires = 600,                         \
        .via = "SIP/2.0/TLS 198.51.100.8:5067"                                                     \
    }
/* The gateway asks for more time and gets this answer; 0 = none yet. */
#define ASKED_AGAIN(second, transaction, answer, how)                                              \
    {                                                                                              \
        .at = second, .act = PUBLICATION, .method = "PUBLISH", .from = "bo", .to = "ada",          \
        .tx = transaction, .status = answer, .who = "ada", .tag = "t1", .state = how               \
    }
/* It publishes anew: the request, without a tag and an answer, then its answer. */
#define PUBLISHES(second, transaction, how, answer, new_tag)                                       \
    {                                                                                              \
        .at = second, .act = PUBLICATION, .method = "PUBLISH", .from = "bo", .to = "ada",          \
        .tx = transaction, .status = answer, .who = "ada", .tag = new_tag, .name = "on-the-phone", \
        .state = how, .expires = 600                                                               \
    }
#define RAN_OUT(second, old)                                                                       \
    {                                                                                              \
        .at = second, .act = PUBLICATION, .timer = true, .who = "ada", .tag = old,                 \
        .name = "on-the-phone", .state = PUBLICATION_EXPIRED                                       \
    }
#define WATCHING                                                                                   \
    {                                                                                              \
        .at = 0, .act = SUBSCRIPTION, .timer = true, .who = "bo", .to = "ada", .id = 7,            \
        .state = SUBSCRIPTION_ACTIVE                                                               \
    }
#define SHOWN(second, transaction, what)                                                           \
    {                                                                                              \
        .at = second, .act = TOLD, .method = "BENOTIFY", .from = "chat", .to = "bo",               \
        .tx = transaction, .who = "ada", .id = 7, .name = what                                     \
    }

#define STILL(evidence, seconds)                                                                   \
    "warning publish-expired [" evidence                                                           \
    "] ada@contoso.example was still shown as on-the-phone to bo@contoso.example " seconds         \
    " after the publication ran out unrefreshed\n"

static const struct script publications[] = {
    {"nobody takes it back", "publish-expired",
     SCRIPT_STEPS(WATCHING, ON_THE_PHONE(1, 1, "t1", NULL, PUBLICATION_LIVE),
                  SHOWN(2, 2, "on-the-phone"), RAN_OUT(601, "t1")),
     611, STILL("1 2 3", "10 s")},
    {"the capture ends before the tolerance", "publish-expired",
     SCRIPT_STEPS(WATCHING, ON_THE_PHONE(1, 1, "t1", NULL, PUBLICATION_LIVE),
                  SHOWN(2, 2, "on-the-phone"), RAN_OUT(601, "t1")),
     610, ""},
    {"running out alone is no finding", "publish-expired",
     SCRIPT_STEPS(WATCHING, ON_THE_PHONE(1, 1, "t1", NULL, PUBLICATION_LIVE), RAN_OUT(601, "t1")),
     900, ""},
    {"a refresh awaits its answer, which may be missing", "publish-expired",
     SCRIPT_STEPS(WATCHING, ON_THE_PHONE(1, 1, "t1", NULL, PUBLICATION_LIVE),
                  SHOWN(2, 2, "on-the-phone"), ASKED_AGAIN(590, 3, 0, PUBLICATION_REQUESTED),
                  RAN_OUT(601, "t1")),
     621, ""},
    {"a refresh was refused", "publish-expired",
     SCRIPT_STEPS(WATCHING, ON_THE_PHONE(1, 1, "t1", NULL, PUBLICATION_LIVE),
                  SHOWN(2, 2, "on-the-phone"), ASKED_AGAIN(590, 3, 0, PUBLICATION_REQUESTED),
                  ASKED_AGAIN(590, 3, 500, PUBLICATION_REFUSED), RAN_OUT(601, "t1")),
     611,
     "warning publish-refused [5] The presence that bo@contoso.example published (PUBLISH) was "
     "refused: 500 Reason\n" STILL("1 2 3", "10 s")},
    {"told by a datagram that nobody answers: one that takes it back may be lost",
     "publish-expired",
     SCRIPT_STEPS(WATCHING, ON_THE_PHONE(1, 1, "t1", NULL, PUBLICATION_LIVE),
                  {.at = 2,
                   .act = TOLD,
                   .method = "BENOTIFY",
                   .from = "chat",
                   .to = "bo",
                   .tx = 2,
                   .who = "ada",
                   .id = 7,
                   .name = "on-the-phone",
                   .udp = true},
                  RAN_OUT(601, "t1")),
     900, ""},
    {"taken back in time", "publish-expired",
     SCRIPT_STEPS(WATCHING, ON_THE_PHONE(1, 1, "t1", NULL, PUBLICATION_LIVE),
                  SHOWN(2, 2, "on-the-phone"), RAN_OUT(601, "t1"), SHOWN(605, 3, "")),
     900, ""},
    {"taken back far too late", "publish-expired",
     SCRIPT_STEPS(WATCHING, ON_THE_PHONE(1, 1, "t1", NULL, PUBLICATION_LIVE),
                  SHOWN(2, 2, "on-the-phone"), RAN_OUT(601, "t1"), SHOWN(701, 3, "")),
     900, STILL("1 2 3", "100 s")},
    {"told once more within the tolerance, and not again", "publish-expired",
     SCRIPT_STEPS(WATCHING, ON_THE_PHONE(1, 1, "t1", NULL, PUBLICATION_LIVE), RAN_OUT(601, "t1"),
                  SHOWN(605, 3, "on-the-phone")),
     900, STILL("1 2 4", "299 s")},
    {"told once more within the tolerance, then taken back in time", "publish-expired",
     SCRIPT_STEPS(WATCHING, ON_THE_PHONE(1, 1, "t1", NULL, PUBLICATION_LIVE), RAN_OUT(601, "t1"),
                  SHOWN(605, 3, "on-the-phone"), SHOWN(610, 4, "")),
     900, ""},
    {"told anew when it was long gone", "publish-expired",
     SCRIPT_STEPS(WATCHING, ON_THE_PHONE(1, 1, "t1", NULL, PUBLICATION_LIVE), RAN_OUT(601, "t1"),
                  SHOWN(651, 3, "on-the-phone")),
     900, STILL("1 2 4", "50 s")},
    {"refreshed, then run out", "publish-expired",
     SCRIPT_STEPS(WATCHING, ON_THE_PHONE(1, 1, "t1", NULL, PUBLICATION_LIVE),
                  SHOWN(2, 2, "on-the-phone"),
                  {.at = 500,
                   .act = PUBLICATION,
                   .method = "PUBLISH",
                   .from = "bo",
                   .to = "ada",
                   .tx = 3,
                   .status = 200,
                   .who = "ada",
                   .tag = "t2",
                   .old_tag = "t1",
                   .state = PUBLICATION_REFRESHED,
                   .expires = 600},
                  RAN_OUT(1100, "t2")),
     1099, ""},
    {"removed at the end of the call", "publish-expired",
     SCRIPT_STEPS(WATCHING, ON_THE_PHONE(1, 1, "t1", NULL, PUBLICATION_LIVE),
                  SHOWN(2, 2, "on-the-phone"),
                  {.at = 50,
                   .act = PUBLICATION,
                   .method = "PUBLISH",
                   .from = "bo",
                   .to = "ada",
                   .tx = 3,
                   .status = 200,
                   .who = "ada",
                   .tag = "t1",
                   .state = PUBLICATION_REMOVED}),
     900, ""},
    {"another call, of which the server knows nothing any more", "publish-expired",
     SCRIPT_STEPS(WATCHING, ELSEWHERE(1, 1, "u1"), ON_THE_PHONE(1, 2, "t1", NULL, PUBLICATION_LIVE),
                  SHOWN(2, 3, "on-the-phone"),
                  {.at = 500,
                   .act = PUBLICATION,
                   .method = "PUBLISH",
                   .from = "bo",
                   .to = "ada",
                   .tx = 4,
                   .status = 412,
                   .who = "ada",
                   .tag = "u1",
                   .state = PUBLICATION_REFUSED},
                  RAN_OUT(601, "t1")),
     611, STILL("1 3 4", "10 s")},
    {"another call is shown", "publish-expired",
     SCRIPT_STEPS(WATCHING, ON_THE_PHONE(1, 1, "t1", NULL, PUBLICATION_LIVE),
                  SHOWN(2, 2, "on-the-phone"), ELSEWHERE(300, 3, "u1"), RAN_OUT(601, "t1")),
     800, ""},
    {"ada's own client says the same", "publish-expired",
     SCRIPT_STEPS(WATCHING, ON_THE_PHONE(1, 1, "t1", NULL, PUBLICATION_LIVE),
                  SHOWN(2, 2, "on-the-phone"),
                  {.at = 300,
                   .act = PUBLICATION,
                   .method = "SERVICE",
                   .from = "ada",
                   .to = "ada",
                   .tx = 3,
                   .status = 200,
                   .who = "ada",
                   .name = "on-the-phone",
                   .state = PUBLICATION_LIVE},
                  RAN_OUT(601, "t1")),
     800, ""},
    {"another call was refreshed, without a body", "publish-expired",
     SCRIPT_STEPS(WATCHING, ELSEWHERE(1, 1, "u1"), ON_THE_PHONE(2, 2, "t1", NULL, PUBLICATION_LIVE),
                  SHOWN(3, 3, "on-the-phone"),
                  {.at = 500,
                   .act = PUBLICATION,
                   .method = "PUBLISH",
                   .from = "bo",
                   .to = "ada",
                   .tx = 4,
                   .status = 200,
                   .who = "ada",
                   .tag = "u2",
                   .old_tag = "u1",
                   .state = PUBLICATION_REFRESHED,
                   .expires = 600},
                  RAN_OUT(602, "t1")),
     800, ""},
    {"the server's own aggregate is no publication", "publish-expired",
     SCRIPT_STEPS(WATCHING, ON_THE_PHONE(1, 1, "t1", NULL, PUBLICATION_LIVE),
                  SHOWN(2, 2, "on-the-phone"),
                  {.at = 3,
                   .act = PUBLICATION,
                   .timer = true,
                   .who = "ada",
                   .name = "on-the-phone",
                   .kind = STATE_AGGREGATE,
                   .state = PUBLICATION_LIVE},
                  RAN_OUT(601, "t1")),
     611, STILL("1 2 3", "10 s")},
    {"it was shown before, for another reason", "publish-expired",
     SCRIPT_STEPS(WATCHING, ON_THE_PHONE(1, 1, "t1", NULL, PUBLICATION_LIVE), SHOWN(2, 2, "away"),
                  RAN_OUT(601, "t1")),
     800, ""},
    {"the watcher stopped watching", "publish-expired",
     SCRIPT_STEPS(WATCHING, ON_THE_PHONE(1, 1, "t1", NULL, PUBLICATION_LIVE),
                  SHOWN(2, 2, "on-the-phone"),
                  {.at = 9,
                   .act = SUBSCRIPTION,
                   .timer = true,
                   .who = "bo",
                   .to = "ada",
                   .id = 7,
                   .state = SUBSCRIPTION_TERMINATED},
                  RAN_OUT(601, "t1")),
     800, ""},
    {"the watcher asked once", "publish-expired",
     SCRIPT_STEPS(WATCHING, ON_THE_PHONE(1, 1, "t1", NULL, PUBLICATION_LIVE),
                  {.at = 2,
                   .act = TOLD,
                   .method = "BENOTIFY",
                   .from = "chat",
                   .to = "bo",
                   .tx = 2,
                   .who = "ada",
                   .id = 7,
                   .name = "on-the-phone",
                   .polled = true},
                  RAN_OUT(601, "t1")),
     800, ""},
    {"the refresh may be in a gap", "publish-expired",
     SCRIPT_STEPS(
         WATCHING, ON_THE_PHONE(1, 1, "t1", NULL, PUBLICATION_LIVE), SHOWN(2, 2, "on-the-phone"),
         {.at = 500, .act = COVERAGE, .coverage = COVERAGE_GAP, .from = "bo", .to = "chat"},
         RAN_OUT(601, "t1")),
     800,
     "note coverage-gap [4] Part of the stream from 192.0.2.22:52312 to 192.0.2.5:5061 was not "
     "captured: "
     "1460 bytes missing\n"},
    {"the word to the watcher may be in a gap", "publish-expired",
     SCRIPT_STEPS(
         WATCHING, ON_THE_PHONE(1, 1, "t1", NULL, PUBLICATION_LIVE), SHOWN(2, 2, "on-the-phone"),
         RAN_OUT(601, "t1"),
         {.at = 602, .act = COVERAGE, .coverage = COVERAGE_GAP, .from = "chat", .to = "bo"}),
     800,
     "note coverage-gap [5] Part of the stream from 192.0.2.5:5061 to 192.0.2.22:52312 was not "
     "captured: "
     "1460 bytes missing\n"},
    {"another publication of it may be in a gap, from anybody to that server", "publish-expired",
     SCRIPT_STEPS(
         WATCHING, ON_THE_PHONE(1, 1, "t1", NULL, PUBLICATION_LIVE), SHOWN(2, 2, "on-the-phone"),
         {.at = 500, .act = COVERAGE, .coverage = COVERAGE_GAP, .from = "ada", .to = "chat"},
         RAN_OUT(601, "t1")),
     800,
     "note coverage-gap [4] Part of the stream from 192.0.2.21:52311 to 192.0.2.5:5061 was not "
     "captured: "
     "1460 bytes missing\n"},
    {"told anew, and the gap before it is noticed later", "publish-expired",
     SCRIPT_STEPS(
         WATCHING, ON_THE_PHONE(1, 1, "t1", NULL, PUBLICATION_LIVE), RAN_OUT(601, "t1"),
         SHOWN(651, 3, "on-the-phone"),
         {.at = 700, .act = COVERAGE, .coverage = COVERAGE_GAP, .from = "bo", .to = "chat"}),
     800,
     "note coverage-gap [5] Part of the stream from 192.0.2.22:52312 to 192.0.2.5:5061 was not "
     "captured: "
     "1460 bytes missing\n"},
    {"told anew for a new publication, the answer to which is missing", "publish-expired",
     SCRIPT_STEPS(WATCHING, ON_THE_PHONE(1, 1, "t1", NULL, PUBLICATION_LIVE), RAN_OUT(601, "t1"),
                  PUBLISHES(650, 3, PUBLICATION_REQUESTED, 0, ""), SHOWN(651, 4, "on-the-phone")),
     660, ""},
    {"told anew for a new publication, before that is answered", "publish-expired",
     SCRIPT_STEPS(WATCHING, ON_THE_PHONE(1, 1, "t1", NULL, PUBLICATION_LIVE), RAN_OUT(601, "t1"),
                  PUBLISHES(650, 3, PUBLICATION_REQUESTED, 0, ""), SHOWN(651, 4, "on-the-phone"),
                  PUBLISHES(652, 3, PUBLICATION_LIVE, 200, "t2")),
     660, ""},
    {"a new publication was refused, and it is told anew", "publish-expired",
     SCRIPT_STEPS(WATCHING, ON_THE_PHONE(1, 1, "t1", NULL, PUBLICATION_LIVE), RAN_OUT(601, "t1"),
                  PUBLISHES(640, 3, PUBLICATION_REQUESTED, 0, ""),
                  PUBLISHES(641, 3, PUBLICATION_REFUSED, 500, ""), SHOWN(651, 4, "on-the-phone")),
     660,
     STILL("1 2 6", "50 s") "warning publish-refused [5] The presence that bo@contoso.example "
                            "published (PUBLISH) was refused: 500 Reason\n"},
};

#define SUBSCRIBED(second, transaction, ...)                                                       \
    {.at = second,                                                                                 \
     .act = MESSAGE,                                                                               \
     .method = "SUBSCRIBE",                                                                        \
     .from = "bo",                                                                                 \
     .to = "ada",                                                                                  \
     .tx = transaction,                                                                            \
     .id = 7,                                                                                      \
     .event = "presence",                                                                          \
     .expires = 600,                                                                               \
     .flags = SIP_OFFERS_BENOTIFY,                                                                 \
     __VA_ARGS__},                                                                                 \
    {                                                                                              \
        .at = second, .act = SUBSCRIPTION, .method = "SUBSCRIBE", .from = "bo", .to = "ada",       \
        .tx = transaction, .status = 200, .who = "bo", .id = 7, .state = SUBSCRIPTION_ACTIVE       \
    }
#define LAPSED(second)                                                                             \
    {                                                                                              \
        .at = second, .act = SUBSCRIPTION, .timer = true, .who = "bo", .to = "ada", .id = 7,       \
        .state = SUBSCRIPTION_LAPSED                                                               \
    }
#define NOTIFIED(second, transaction, ...)                                                         \
    {                                                                                              \
        .at = second, .act = MESSAGE, .method = "BENOTIFY", .from = "ada", .to = "bo",             \
        .tx = transaction, .id = 7, __VA_ARGS__                                                    \
    }

static const struct script subscriptions[] = {
    {"served long after it ran out", "subscription-lapsed",
     SCRIPT_STEPS(SUBSCRIBED(1, 1), LAPSED(601), NOTIFIED(700, 2), NOTIFIED(720, 3)), 900,
     "warning subscription-lapsed [1 2 4] The subscription of bo@contoso.example to "
     "ada@contoso.example for presence ran "
     "out unrefreshed and was still served 99 s later\n"},
    {"running out alone is no finding", "subscription-lapsed",
     SCRIPT_STEPS(SUBSCRIBED(1, 1), LAPSED(601)), 900, ""},
    {"a last word within the tolerance", "subscription-lapsed",
     SCRIPT_STEPS(SUBSCRIBED(1, 1), LAPSED(601), NOTIFIED(611, 2)), 900, ""},
    {"that a notification opens a new row is no refresh", "subscription-lapsed",
     SCRIPT_STEPS(SUBSCRIBED(1, 1), LAPSED(601),
                  {.at = 605,
                   .act = SUBSCRIPTION,
                   .method = "BENOTIFY",
                   .from = "ada",
                   .to = "bo",
                   .tx = 2,
                   .who = "bo",
                   .id = 8,
                   .state = SUBSCRIPTION_ACTIVE},
                  NOTIFIED(700, 3)),
     900,
     "warning subscription-lapsed [1 2 5] The subscription of bo@contoso.example to "
     "ada@contoso.example for presence ran "
     "out unrefreshed and was still served 99 s later\n"},
    {"the final notification", "subscription-lapsed",
     SCRIPT_STEPS(SUBSCRIBED(1, 1), LAPSED(601), NOTIFIED(700, 2, .sub_state = "terminated")), 900,
     ""},
    {"refreshed after all", "subscription-lapsed",
     SCRIPT_STEPS(SUBSCRIBED(1, 1), LAPSED(601), SUBSCRIBED(605, 2), NOTIFIED(700, 3)), 900, ""},
    {"the watcher had signed out", "subscription-lapsed",
     SCRIPT_STEPS(
         SUBSCRIBED(1, 1),
         {.at = 300, .act = ENDPOINT, .timer = true, .who = "bo", .state = ENDPOINT_UNREGISTERED},
         LAPSED(601), NOTIFIED(700, 2)),
     900, ""},
    {"the watcher signs out before it is served again", "subscription-lapsed",
     SCRIPT_STEPS(
         SUBSCRIBED(1, 1), LAPSED(601),
         {.at = 650, .act = ENDPOINT, .timer = true, .who = "bo", .state = ENDPOINT_UNREGISTERED},
         NOTIFIED(700, 2)),
     900, ""},
    {"signed out and in again", "subscription-lapsed",
     SCRIPT_STEPS(
         {.at = 0, .act = ENDPOINT, .timer = true, .who = "bo", .state = ENDPOINT_UNREGISTERED},
         {.at = 0, .act = ENDPOINT, .timer = true, .who = "bo", .state = ENDPOINT_REGISTERED},
         SUBSCRIBED(1, 1), LAPSED(601), NOTIFIED(700, 2)),
     900,
     "warning subscription-lapsed [3 4 6] The subscription of bo@contoso.example to "
     "ada@contoso.example for presence ran "
     "out unrefreshed and was still served 99 s later\n"},
    {"ended by the watcher", "subscription-lapsed",
     SCRIPT_STEPS(SUBSCRIBED(1, 1),
                  {.at = 300,
                   .act = SUBSCRIPTION,
                   .timer = true,
                   .who = "bo",
                   .to = "ada",
                   .id = 7,
                   .state = SUBSCRIPTION_TERMINATED},
                  NOTIFIED(700, 2)),
     900, ""},
    {"asked to be extended by the server", "subscription-lapsed",
     SCRIPT_STEPS(SUBSCRIBED(1, 1, .supported = "com.microsoft.autoextend"), LAPSED(601),
                  NOTIFIED(700, 2)),
     900,
     "note subscription-lapsed [1 2 4] The subscription of bo@contoso.example to "
     "ada@contoso.example for presence ran "
     "out unrefreshed and was still served 99 s later\n"},
    {"the refresh may be in a gap", "subscription-lapsed",
     SCRIPT_STEPS(
         SUBSCRIBED(1, 1),
         {.at = 590, .act = COVERAGE, .coverage = COVERAGE_GAP, .from = "bo", .to = "chat"},
         LAPSED(601), NOTIFIED(700, 2)),
     900,
     "note coverage-gap [3] Part of the stream from 192.0.2.22:52312 to 192.0.2.5:5061 was not "
     "captured: "
     "1460 bytes missing\n"},
};

static void expired_publications_are_not_shown(void **state)
{
    (void)state;
    check_scripts(publications, sizeof publications / sizeof publications[0]);
}

static void several_watchers_are_one_finding(void **state)
{
    (void)state;
    const struct script script = {"two watchers", "publish-expired",
                                  SCRIPT_STEPS(WATCHING,
                                               ON_THE_PHONE(1, 1, "t1", NULL, PUBLICATION_LIVE),
                                               SHOWN(2, 2, "on-the-phone"),
                                               {.at = 2,
                                                .act = TOLD,
                                                .method = "BENOTIFY",
                                                .from = "chat",
                                                .to = "ada",
                                                .tx = 3,
                                                .who = "ada",
                                                .id = 7,
                                                .name = "on-the-phone",
                                                .kind = STATE_AGGREGATE,
                                                .container = 2},
                                               {.at = 2,
                                                .act = TOLD,
                                                .method = "BENOTIFY",
                                                .from = "chat",
                                                .to = "ada",
                                                .tx = 3,
                                                .who = "ada",
                                                .id = 7,
                                                .kind = STATE_MACHINE,
                                                .container = 2},
                                               {.at = 2,
                                                .act = TOLD,
                                                .method = "BENOTIFY",
                                                .from = "chat",
                                                .to = "ada",
                                                .tx = 3,
                                                .who = "ada",
                                                .id = 7,
                                                .kind = STATE_AGGREGATE,
                                                .container = 100},
                                               RAN_OUT(601, "t1")),
                                  700,
                                  "warning publish-expired [1 2 3 4] ada@contoso.example was still "
                                  "shown as on-the-phone to 2 watchers 99 s after "
                                  "the publication ran out unrefreshed\n"};
    check_scripts(&script, 1);
}

static void lapsed_subscriptions_are_not_served(void **state)
{
    (void)state;
    check_scripts(subscriptions, sizeof subscriptions / sizeof subscriptions[0]);
}

static void every_beginning_is_survived(void **state)
{
    (void)state;
    check_beginnings(publications, sizeof publications / sizeof publications[0]);
    check_beginnings(subscriptions, sizeof subscriptions / sizeof subscriptions[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expired_publications_are_not_shown),
        cmocka_unit_test(several_watchers_are_one_finding),
        cmocka_unit_test(lapsed_subscriptions_are_not_served),
        cmocka_unit_test(every_beginning_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
