/*
 * Rules about subscriptions as dialogs: each one fired once, and once for each guard kept silent.
 */
#include "tests/unit/audit_script.h"

#include <stdlib.h>

/* Bo subscribes to Ada in dialog 7, and the server says yes. */
#define ASKED(second, transaction, ...)                                                            \
    {                                                                                              \
        .at = second, .act = MESSAGE, .method = "SUBSCRIBE", .from = "bo", .to = "ada",            \
        .tx = transaction, .id = 7, .event = "presence", __VA_ARGS__                               \
    }
#define ANSWERED(second, transaction, answer, ...)                                                 \
    {                                                                                              \
        .at = second, .act = MESSAGE, .method = "SUBSCRIBE", .from = "bo", .to = "ada",            \
        .tx = transaction, .status = answer, .id = 7, .event = "presence", .kept = true,           \
        __VA_ARGS__                                                                                \
    }
#define SUBSCRIBED                                                                                 \
    ASKED(0, 1, .expires = 600, .flags = SIP_OFFERS_BENOTIFY),                                     \
    {                                                                                              \
        .at = 0, .act = SUBSCRIPTION, .method = "SUBSCRIBE", .from = "bo", .to = "ada", .tx = 1,   \
        .status = 200, .kept = true, .who = "bo", .id = 7, .state = SUBSCRIPTION_ACTIVE            \
    }
#define NOTIFIED(second, transaction, how, ...)                                                    \
    {                                                                                              \
        .at = second, .act = MESSAGE, .method = how, .from = "chat", .to = "bo",                   \
        .tx = transaction, .id = 7, .event = "presence", __VA_ARGS__                               \
    }
#define SIGNED_OUT(second)                                                                         \
    {                                                                                              \
        .at = second, .act = ENDPOINT, .timer = true, .who = "bo", .state = ENDPOINT_UNREGISTERED  \
    }
#define GAP_UP(second)                                                                             \
    {                                                                                              \
        .at = second, .act = COVERAGE, .coverage = COVERAGE_GAP, .from = "bo", .to = "chat"        \
    }
#define GAP_NOTE(record, way)                                                                      \
    "note coverage-gap [" record "] Part of the stream from " way " was not captured: 1460 bytes " \
    "missing\n"
#define UP   "192.0.2.22:52312 to 192.0.2.5:5061"
#define DOWN "192.0.2.5:5061 to 192.0.2.22:52312"

#define NOT_OFFERED                                                                                \
    "error benotify-not-offered [1 2] bo@contoso.example was sent BENOTIFY in a subscription for " \
    "presence that never offered ms-benotify\n"

static const struct script offers[] = {
    {"never offered", "benotify-not-offered",
     SCRIPT_STEPS(ASKED(0, 1, .expires = 600), NOTIFIED(5, 2, "BENOTIFY", ),
                  NOTIFIED(6, 3, "BENOTIFY", )),
     9, NOT_OFFERED},
    {"offered", "benotify-not-offered", SCRIPT_STEPS(SUBSCRIBED, NOTIFIED(5, 2, "BENOTIFY", )), 9,
     ""},
    {"a NOTIFY needs no offer", "benotify-not-offered",
     SCRIPT_STEPS(ASKED(0, 1, .expires = 600), NOTIFIED(5, 2, "NOTIFY", )), 9, ""},
    {"offered when it was refreshed", "benotify-not-offered",
     SCRIPT_STEPS(ASKED(0, 1, .expires = 600),
                  ASKED(3, 2, .expires = 600, .inside = true, .flags = SIP_OFFERS_BENOTIFY),
                  NOTIFIED(5, 3, "BENOTIFY", )),
     9, ""},
    {"offered before the challenge", "benotify-not-offered",
     SCRIPT_STEPS(ASKED(0, 1, .expires = 600, .flags = SIP_OFFERS_BENOTIFY),
                  ASKED(0, 2, .expires = 600), NOTIFIED(5, 3, "BENOTIFY", )),
     9, ""},
    {"a capture from the middle", "benotify-not-offered",
     SCRIPT_STEPS(ASKED(0, 1, .expires = 600, .inside = true), NOTIFIED(5, 2, "BENOTIFY", )), 9,
     ""},
    {"a refresh that offers may be in a gap", "benotify-not-offered",
     SCRIPT_STEPS(ASKED(0, 1, .expires = 600), GAP_UP(4), NOTIFIED(5, 2, "BENOTIFY", )), 9,
     GAP_NOTE("2", UP)},
    {"an answer to it", "benotify-answered",
     SCRIPT_STEPS(SUBSCRIBED, NOTIFIED(5, 2, "BENOTIFY", ),
                  NOTIFIED(5, 2, "BENOTIFY", .status = 200),
                  NOTIFIED(6, 3, "BENOTIFY", .status = 200)),
     9,
     "note benotify-answered [4 5] bo@contoso.example answered 2 BENOTIFY requests, which asks for "
     "no answer\n"},
    {"a NOTIFY is answered", "benotify-answered",
     SCRIPT_STEPS(SUBSCRIBED, NOTIFIED(5, 2, "NOTIFY", ), NOTIFIED(5, 2, "NOTIFY", .status = 200)),
     9, ""},
};

#define LEAVES(second, transaction, ...)                                                           \
    ASKED(second, transaction, .expires = -1, .inside = true, __VA_ARGS__)
#define NOT_TOLD                                                                                   \
    "note subscription-not-terminated [3 4] bo@contoso.example ended the subscription to "         \
    "ada@contoso.example and was not told within 32 s that it is terminated\n"

static const struct script endings[] = {
    {"nobody says that it is over", "subscription-not-terminated",
     SCRIPT_STEPS(SUBSCRIBED, LEAVES(10, 2, ), ANSWERED(10, 2, 200, )), 42, NOT_TOLD},
    {"the capture ends before", "subscription-not-terminated",
     SCRIPT_STEPS(SUBSCRIBED, LEAVES(10, 2, ), ANSWERED(10, 2, 200, )), 41, ""},
    {"the answer says so", "subscription-not-terminated",
     SCRIPT_STEPS(SUBSCRIBED, LEAVES(10, 2, ), ANSWERED(10, 2, 200, .sub_state = "terminated")), 90,
     ""},
    {"a notification says so", "subscription-not-terminated",
     SCRIPT_STEPS(SUBSCRIBED, LEAVES(10, 2, ), ANSWERED(10, 2, 200, ),
                  NOTIFIED(11, 3, "BENOTIFY", .sub_state = "terminated")),
     90, ""},
    {"a notification that says something else", "subscription-not-terminated",
     SCRIPT_STEPS(SUBSCRIBED, LEAVES(10, 2, ), ANSWERED(10, 2, 200, ),
                  NOTIFIED(11, 3, "BENOTIFY", .sub_state = "active")),
     90, NOT_TOLD},
    {"the end was refused", "subscription-not-terminated",
     SCRIPT_STEPS(SUBSCRIBED, LEAVES(10, 2, ), ANSWERED(10, 2, 481, .expires = -1)), 90, ""},
    {"a query is no subscription", "subscription-not-terminated",
     SCRIPT_STEPS(ASKED(10, 2, .expires = -1), ANSWERED(10, 2, 200, )), 90, ""},
    {"nobody waits for it after a sign-out", "subscription-not-terminated",
     SCRIPT_STEPS(SUBSCRIBED, LEAVES(10, 2, ), ANSWERED(10, 2, 200, ), SIGNED_OUT(11)), 90, ""},
    {"a lost datagram leaves no gap", "subscription-not-terminated",
     SCRIPT_STEPS(SUBSCRIBED, LEAVES(10, 2, .udp = true), ANSWERED(10, 2, 200, .udp = true)), 90,
     ""},
    {"the notification may be in a gap", "subscription-not-terminated",
     SCRIPT_STEPS(
         SUBSCRIBED, LEAVES(10, 2, ), ANSWERED(10, 2, 200, ),
         {.at = 20, .act = COVERAGE, .coverage = COVERAGE_GAP, .from = "chat", .to = "bo"}),
     90, GAP_NOTE("5", DOWN)},
};

#define NOT_RETRIED(status)                                                                        \
    "warning subscription-not-retried [1 2] A presence subscription of bo@contoso.example to "     \
    "ada@contoso.example was refused with " status " (Reason) and not tried again within 60 s\n"
#define REFUSED(status)                                                                            \
    "warning subscription-refused [1 2] A subscription of bo@contoso.example to "                  \
    "ada@contoso.example for presence was refused: " status " Reason\n"
#define ENDED_BY_SERVER(reason, evidence)                                                          \
    "warning subscription-not-retried [" evidence                                                  \
    "] The server ended the presence subscription of bo@contoso.example to "                       \
    "ada@contoso.example" reason ", and no new one was made within 60 s\n"

static const struct script retries[] = {
    {"480 and nothing more", "subscription-not-retried",
     SCRIPT_STEPS(ASKED(0, 1, .expires = 600), ANSWERED(1, 1, 480, .expires = 600)), 61,
     NOT_RETRIED("480")},
    {"504 and nothing more", "subscription-not-retried",
     SCRIPT_STEPS(ASKED(0, 1, .expires = 600), ANSWERED(1, 1, 504, .expires = 600)), 61,
     NOT_RETRIED("504")},
    {"403 asks for no retry", "subscription-not-retried",
     SCRIPT_STEPS(ASKED(0, 1, .expires = 600), ANSWERED(1, 1, 403, .expires = 600)), 61,
     REFUSED("403")},
    {"the capture ends before", "subscription-not-retried",
     SCRIPT_STEPS(ASKED(0, 1, .expires = 600), ANSWERED(1, 1, 480, .expires = 600)), 60,
     REFUSED("480")},
    {"tried again", "subscription-not-retried",
     SCRIPT_STEPS(ASKED(0, 1, .expires = 600), ANSWERED(1, 1, 480, .expires = 600),
                  ASKED(60, 2, .expires = 600, .call = "c2")),
     90, ""},
    {"tried again in a batch", "subscription-not-retried",
     SCRIPT_STEPS(ASKED(0, 1, .expires = 600), ANSWERED(1, 1, 480, .expires = 600),
                  {.at = 60,
                   .act = WATCH,
                   .method = "SUBSCRIBE",
                   .from = "bo",
                   .to = "bo",
                   .tx = 2,
                   .call = "c2",
                   .event = "presence",
                   .expires = 600,
                   .who = "ada"}),
     90, ""},
    {"the end of a subscription is not tried again", "subscription-not-retried",
     SCRIPT_STEPS(SUBSCRIBED, LEAVES(10, 2, ), ANSWERED(10, 2, 481, .expires = -1)), 90, ""},
    {"another package", "subscription-not-retried",
     SCRIPT_STEPS({.at = 0,
                   .act = MESSAGE,
                   .method = "SUBSCRIBE",
                   .from = "bo",
                   .to = "ada",
                   .tx = 1,
                   .event = "vnd-microsoft-roaming-acl"},
                  {.at = 0,
                   .act = MESSAGE,
                   .method = "SUBSCRIBE",
                   .from = "bo",
                   .to = "ada",
                   .tx = 1,
                   .status = 480,
                   .kept = true,
                   .event = "vnd-microsoft-roaming-acl",
                   .expires = 600}),
     90,
     "warning subscription-refused [1 2] A subscription of bo@contoso.example to "
     "ada@contoso.example for vnd-microsoft-roaming-acl was refused: 480 Reason\n"},
    {"the watcher signed out", "subscription-not-retried",
     SCRIPT_STEPS(ASKED(0, 1, .expires = 600), ANSWERED(1, 1, 480, .expires = 600), SIGNED_OUT(5)),
     90, REFUSED("480")},
    {"the retry was lost, its answer was not", "subscription-not-retried",
     SCRIPT_STEPS(ASKED(0, 1, .expires = 600, .udp = true),
                  ANSWERED(1, 1, 480, .expires = 600, .udp = true),
                  {.at = 50,
                   .act = MESSAGE,
                   .method = "SUBSCRIBE",
                   .from = "bo",
                   .to = "ada",
                   .tx = 9,
                   .status = 200,
                   .call = "c2",
                   .udp = true}),
     66, REFUSED("480")},
    {"what was refused is not known", "subscription-not-retried",
     SCRIPT_STEPS({.at = 1,
                   .act = MESSAGE,
                   .method = "SUBSCRIBE",
                   .from = "bo",
                   .to = "ada",
                   .tx = 1,
                   .status = 480}),
     90, ""},
    {"the retry may be in a gap", "subscription-not-retried",
     SCRIPT_STEPS(ASKED(0, 1, .expires = 600), ANSWERED(1, 1, 480, .expires = 600), GAP_UP(30)), 90,
     REFUSED("480") GAP_NOTE("3", UP)},
    {"the server ends it and asks for another", "subscription-not-retried",
     SCRIPT_STEPS(SUBSCRIBED,
                  NOTIFIED(9, 2, "NOTIFY", .sub_state = "terminated", .why = "deactivated")),
     90, ENDED_BY_SERVER(" (deactivated)", "3")},
    {"the server ends it without a reason", "subscription-not-retried",
     SCRIPT_STEPS(SUBSCRIBED, NOTIFIED(9, 2, "BENOTIFY", .sub_state = "terminated", .expires = -1)),
     90, ENDED_BY_SERVER("", "3")},
    {"the server ends it for good", "subscription-not-retried",
     SCRIPT_STEPS(SUBSCRIBED, NOTIFIED(9, 2, "NOTIFY", .sub_state = "terminated", .why = "rejected",
                                       .expires = -1)),
     90, ""},
    {"the watcher asked for the end", "subscription-not-retried",
     SCRIPT_STEPS(SUBSCRIBED, LEAVES(8, 2, ), ANSWERED(8, 2, 200, ),
                  NOTIFIED(9, 3, "NOTIFY", .sub_state = "terminated", .expires = -1)),
     90, ""},
    {"the end of a query", "subscription-not-retried",
     SCRIPT_STEPS(ASKED(8, 2, .expires = -1), ANSWERED(8, 2, 200, .sub_state = "terminated"),
                  NOTIFIED(9, 3, "NOTIFY", .sub_state = "terminated", .expires = -1)),
     90, ""},
    {"a capture from the middle sees only the end", "subscription-not-retried",
     SCRIPT_STEPS(NOTIFIED(9, 2, "NOTIFY", .sub_state = "terminated", .why = "deactivated")), 90,
     ""},
};

#define ELSEWHERE(second, transaction, ...)                                                        \
    {                                                                                              \
        .at = second, .act = RESOURCE, .method = "BENOTIFY", .from = "chat", .to = "bo",           \
        .tx = transaction, .id = 7, .event = "presence", .who = "ada", __VA_ARGS__                 \
    }
#define IGNORED                                                                                    \
    "note subscription-resubscribe-ignored [3] bo@contoso.example was told to subscribe "          \
    "elsewhere "                                                                                   \
    "to ada@contoso.example and did not within 60 s\n"

static const struct script lists[] = {
    {"told to subscribe elsewhere", "subscription-resubscribe-ignored",
     SCRIPT_STEPS(SUBSCRIBED, ELSEWHERE(5, 2, .name = "resubscribe")), 65, IGNORED},
    {"the capture ends before", "subscription-resubscribe-ignored",
     SCRIPT_STEPS(SUBSCRIBED, ELSEWHERE(5, 2, .name = "resubscribe")), 64, ""},
    {"subscribed to the contact itself", "subscription-resubscribe-ignored",
     SCRIPT_STEPS(SUBSCRIBED, ELSEWHERE(5, 2, .name = "resubscribe"),
                  ASKED(50, 3, .expires = 600, .call = "c2")),
     66, ""},
    {"subscribed in a batch", "subscription-resubscribe-ignored",
     SCRIPT_STEPS(SUBSCRIBED, ELSEWHERE(5, 2, .name = "resubscribe"),
                  {.at = 50,
                   .act = WATCH,
                   .method = "SUBSCRIBE",
                   .from = "bo",
                   .to = "bo",
                   .tx = 3,
                   .call = "c2",
                   .event = "presence",
                   .expires = 600,
                   .who = "ada"}),
     66, ""},
    {"an active contact", "subscription-resubscribe-ignored",
     SCRIPT_STEPS(SUBSCRIBED, ELSEWHERE(5, 2, .name = "active")), 90, ""},
    {"the watcher signed out", "subscription-resubscribe-ignored",
     SCRIPT_STEPS(SUBSCRIBED, ELSEWHERE(5, 2, .name = "resubscribe"), SIGNED_OUT(6)), 90, ""},
    {"the new subscription was lost, its answer was not", "subscription-resubscribe-ignored",
     SCRIPT_STEPS(SUBSCRIBED, ELSEWHERE(5, 2, .name = "resubscribe", .udp = true),
                  {.at = 50,
                   .act = MESSAGE,
                   .method = "SUBSCRIBE",
                   .from = "bo",
                   .to = "ada",
                   .tx = 9,
                   .status = 200,
                   .call = "c2",
                   .udp = true}),
     66, ""},
    {"the new subscription may be in a gap", "subscription-resubscribe-ignored",
     SCRIPT_STEPS(SUBSCRIBED, ELSEWHERE(5, 2, .name = "resubscribe"), GAP_UP(9)), 90,
     GAP_NOTE("4", UP)},
};

#define BATCH(size, ...)                                                                           \
    {                                                                                              \
        .at = 0, .act = WATCH, .method = "SUBSCRIBE", .from = "bo", .to = "bo", .tx = 1,           \
        .event = "presence", .expires = 600, .count = size, __VA_ARGS__                            \
    }

static const struct script batches[] = {
    {"1001 users", "subscription-too-large", SCRIPT_STEPS(BATCH(1001, )), 9,
     "note subscription-too-large [1] bo@contoso.example subscribed to more than 1000 users in one "
     "batch\n"},
    {"1000 users", "subscription-too-large", SCRIPT_STEPS(BATCH(1000, )), 9, ""},
    {"leaving 1001 users", "subscription-too-large",
     SCRIPT_STEPS(BATCH(1001, .name = "unsubscribe")), 9, ""},
    {"twice 600 users", "subscription-too-large",
     SCRIPT_STEPS(BATCH(600, ), {.at = 1,
                                 .act = WATCH,
                                 .method = "SUBSCRIBE",
                                 .from = "bo",
                                 .to = "bo",
                                 .tx = 2,
                                 .event = "presence",
                                 .expires = 600,
                                 .count = 600}),
     9, ""},
};

#define DISOWNED                                                                                   \
    NOTIFIED(9, 2, "NOTIFY", .sub_state = "active"), NOTIFIED(9, 2, "NOTIFY", .status = 481)

static const struct script peers[] = {
    {"481 to a notification", "subscription-peer-lost", SCRIPT_STEPS(SUBSCRIBED, DISOWNED), 20,
     "warning subscription-peer-lost [1 4] bo@contoso.example answered a notification with 481 "
     "though the subscription to ada@contoso.example for presence was not ended\n"},
    {"and the row ends with it", "subscription-peer-lost",
     SCRIPT_STEPS(SUBSCRIBED, DISOWNED,
                  {.at = 9,
                   .act = SUBSCRIPTION,
                   .timer = true,
                   .who = "bo",
                   .to = "ada",
                   .id = 7,
                   .state = SUBSCRIPTION_TERMINATED},
                  ASKED(15, 4, .expires = 600)),
     20,
     "warning subscription-peer-lost [1 4] bo@contoso.example answered a notification with 481 "
     "though the subscription to ada@contoso.example for presence was not ended\n"},
    {"a notification that is accepted", "subscription-peer-lost",
     SCRIPT_STEPS(SUBSCRIBED, NOTIFIED(9, 2, "NOTIFY", ), NOTIFIED(9, 2, "NOTIFY", .status = 200)),
     20, ""},
    {"481 to the last one", "subscription-peer-lost",
     SCRIPT_STEPS(SUBSCRIBED, NOTIFIED(9, 2, "NOTIFY", .sub_state = "terminated", .why = "timeout"),
                  NOTIFIED(9, 2, "NOTIFY", .status = 481)),
     20, ""},
    {"the watcher had ended it", "subscription-peer-lost",
     SCRIPT_STEPS(SUBSCRIBED, LEAVES(5, 3, ), DISOWNED), 20, ""},
    {"the watcher had signed out", "subscription-peer-lost",
     SCRIPT_STEPS(SUBSCRIBED, SIGNED_OUT(5), DISOWNED), 20, ""},
    {"it had run out", "subscription-peer-lost",
     SCRIPT_STEPS(SUBSCRIBED,
                  {.at = 5,
                   .act = SUBSCRIPTION,
                   .timer = true,
                   .who = "bo",
                   .to = "ada",
                   .id = 7,
                   .state = SUBSCRIPTION_LAPSED},
                  DISOWNED),
     20, ""},
    {"that it was accepted was not seen", "subscription-peer-lost",
     SCRIPT_STEPS(ASKED(0, 1, .expires = 600), DISOWNED), 20, ""},
    {"a capture from the middle", "subscription-peer-lost", SCRIPT_STEPS(DISOWNED), 20, ""},
    {"the end may be in a gap", "subscription-peer-lost",
     SCRIPT_STEPS(SUBSCRIBED, GAP_UP(8), DISOWNED), 20, GAP_NOTE("3", UP)},
};

#define SCRIPTS(table) table, sizeof table / sizeof table[0]

static void benotify_is_offered_and_not_answered(void **state)
{
    (void)state;
    check_scripts(SCRIPTS(offers));
}

static void ends_are_confirmed(void **state)
{
    (void)state;
    check_scripts(SCRIPTS(endings));
}

static void refused_subscriptions_are_tried_again(void **state)
{
    (void)state;
    check_scripts(SCRIPTS(retries));
}

static void lists_are_followed(void **state)
{
    (void)state;
    check_scripts(SCRIPTS(lists));
    check_scripts(SCRIPTS(batches));
}

static void watchers_keep_what_they_subscribed_to(void **state)
{
    (void)state;
    check_scripts(SCRIPTS(peers));
}

/* Whether a retry is awaited is this rule's business also where it is not to be heard. */
static void a_muted_rule_still_knows_better(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    char *got = audit_script(&retries[0], &limits, "subscription-not-retried");
    assert_string_equal(got, "");
    free(got);
}

static void every_beginning_is_survived(void **state)
{
    (void)state;
    check_beginnings(SCRIPTS(offers));
    check_beginnings(SCRIPTS(endings));
    check_beginnings(SCRIPTS(retries));
    check_beginnings(SCRIPTS(lists));
    check_beginnings(SCRIPTS(peers));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(benotify_is_offered_and_not_answered),
        cmocka_unit_test(ends_are_confirmed),
        cmocka_unit_test(refused_subscriptions_are_tried_again),
        cmocka_unit_test(lists_are_followed),
        cmocka_unit_test(watchers_keep_what_they_subscribed_to),
        cmocka_unit_test(a_muted_rule_still_knows_better),
        cmocka_unit_test(every_beginning_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
