/*
 * Rules about publishing: each one fired, and once for each guard kept silent. A
 * gateway at bo's address publishes in PIDF what ada does; ada's own client publishes
 * categories.
 */
#include "tests/unit/audit_script.h"

/* A row may replace what its macro usually says. */
#pragma GCC diagnostic ignored "-Woverride-init"

/* ---- PIDF ---- */

#define PUBLISH(second, transaction, match, lifetime)                                              \
    {                                                                                              \
        .at = second, .act = MESSAGE, .method = "PUBLISH", .from = "bo", .to = "ada",              \
        .tx = transaction, .event = "presence", .old_tag = match, .expires = lifetime              \
    }
#define LOST(second, transaction, match, ...)                                                      \
    {                                                                                              \
        .at = second, .act = MESSAGE, .method = "PUBLISH", .from = "bo", .to = "ada",              \
        .tx = transaction, .status = 412, .kept = true, .event = "presence", .old_tag = match,     \
        .expires = 600, __VA_ARGS__                                                                \
    }
#define ANSWERED(second, transaction, how, new_tag, match, ...)                                    \
    {                                                                                              \
        .at = second, .act = PUBLICATION, .method = "PUBLISH", .from = "bo", .to = "ada",          \
        .tx = transaction, .status = 200, .who = "ada", .tag = new_tag, .old_tag = match,          \
        .name = "on-the-phone", .state = how, .expires = 600, __VA_ARGS__                          \
    }
#define TIMER(second, how, its_tag)                                                                \
    {                                                                                              \
        .at = second, .act = PUBLICATION, .timer = true, .who = "ada", .tag = its_tag,             \
        .name = "on-the-phone", .state = how                                                       \
    }
#define GAP(second, a, b)                                                                          \
    {                                                                                              \
        .at = second, .act = COVERAGE, .coverage = COVERAGE_GAP, .from = a, .to = b                \
    }
#define GAP_NOTE(evidence, a, b)                                                                   \
    "note coverage-gap [" evidence "] Part of the stream from " a " to " b                         \
    " was not captured: 1460 bytes missing\n"
#define GATEWAY "192.0.2.22:52312"
#define SERVER  "192.0.2.5:5061"
#define CLIENT  "192.0.2.21:52311"

#define NOT_ANEW(evidence)                                                                         \
    "error publish-412-not-recovered [" evidence "] The server has lost the publication of "       \
    "ada@contoso.example (412) and nothing was published anew within 10 s\n"

static const struct script lost_tags[] = {
    {"nothing is published anew", "publish-412-not-recovered",
     SCRIPT_STEPS(PUBLISH(0, 1, "t1", 600), LOST(1, 1, "t1", )), 20, NOT_ANEW("1 2")},
    {"the input ends too early", "publish-412-not-recovered",
     SCRIPT_STEPS(PUBLISH(0, 1, "t1", 600), LOST(1, 1, "t1", )), 10, ""},
    {"published anew in time", "publish-412-not-recovered",
     SCRIPT_STEPS(PUBLISH(0, 1, "t1", 600), LOST(1, 1, "t1", ), PUBLISH(9, 2, NULL, 600)), 30, ""},
    {"published anew too late", "publish-412-not-recovered",
     SCRIPT_STEPS(PUBLISH(0, 1, "t1", 600), LOST(1, 1, "t1", ), PUBLISH(31, 2, NULL, 600)), 60,
     "warning publish-412-not-recovered [1 2 3] The server had lost the publication of "
     "ada@contoso.example (412) and it was published anew only after 30 s\n"},
    {"it goes on refreshing what is lost: still one fault", "publish-412-not-recovered",
     SCRIPT_STEPS(PUBLISH(0, 1, "t1", 600), LOST(1, 1, "t1", ), PUBLISH(601, 2, "t1", 600),
                  LOST(601, 2, "t1", )),
     660, NOT_ANEW("1 2 4")},
    {"the publisher ends it instead", "publish-412-not-recovered",
     SCRIPT_STEPS(PUBLISH(0, 1, "t1", 600), LOST(1, 1, "t1", ), PUBLISH(5, 2, "t1", -1)), 30, ""},
    {"a removal finds nothing: all is well", "publish-412-not-recovered",
     SCRIPT_STEPS(PUBLISH(0, 1, "t1", -1), LOST(1, 1, "t1", .expires = -1)), 60, ""},
    {"the request was not captured", "publish-412-not-recovered",
     SCRIPT_STEPS(LOST(1, 1, "t1", .kept = false)), 60, ""},
    {"of another package", "publish-412-not-recovered",
     SCRIPT_STEPS(LOST(1, 1, "t1", .event = "dialog")), 60, ""},
    {"the new one may be in a gap", "publish-412-not-recovered",
     SCRIPT_STEPS(PUBLISH(0, 1, "t1", 600), LOST(1, 1, "t1", ), GAP(5, "bo", "chat")), 60,
     GAP_NOTE("3", GATEWAY, SERVER)},
    {"diagnostics of the refusal are not a second finding", "publish-412-not-recovered",
     SCRIPT_STEPS(PUBLISH(0, 1, "t1", 600), LOST(1, 1, "t1", .diag = 2002, .why = "gone")), 20,
     NOT_ANEW("1 2")},
};

/* A call of ada through the gateway. */
#define RINGS(second, call, ...)                                                                   \
    {                                                                                              \
        .at = second, .act = CALL, .method = "INVITE", .from = "bo", .to = "ada", .tx = 100,       \
        .id = call, .state = DIALOG_TRYING, __VA_ARGS__                                            \
    }
#define CONNECTS(second, call)                                                                     \
    {                                                                                              \
        .at = second, .act = CALL, .method = "INVITE", .from = "bo", .to = "ada", .tx = 100,       \
        .status = 200, .id = call, .state = DIALOG_CONFIRMED                                       \
    }
#define HANGS_UP(second, call)                                                                     \
    {.at = second,                                                                                 \
     .act = CALL,                                                                                  \
     .method = "BYE",                                                                              \
     .from = "bo",                                                                                 \
     .to = "ada",                                                                                  \
     .tx = 101,                                                                                    \
     .id = call,                                                                                   \
     .state = DIALOG_TERMINATED},                                                                  \
    {                                                                                              \
        .at = second, .act = MESSAGE, .method = "BYE", .from = "bo", .to = "ada", .tx = 101,       \
        .status = 200                                                                              \
    }
#define A_CALL(second, call) RINGS(second, call, ), CONNECTS(second, call)

#define TWICE(evidence, seconds)                                                                   \
    "warning publish-doubled [" evidence                                                           \
    "] ada@contoso.example is published as on-the-phone twice by " GATEWAY                         \
    ": the one made " seconds " earlier still lives\n"

static const struct script doubles[] = {
    {"a second initial publication", "publish-doubled",
     SCRIPT_STEPS(ANSWERED(1, 1, PUBLICATION_LIVE, "t1", NULL, ),
                  ANSWERED(31, 2, PUBLICATION_LIVE, "t2", NULL, )),
     60, TWICE("1 2", "30 s")},
    {"after a refresh", "publish-doubled",
     SCRIPT_STEPS(ANSWERED(1, 1, PUBLICATION_LIVE, "t1", NULL, ),
                  ANSWERED(21, 2, PUBLICATION_REFRESHED, "t2", "t1", .name = NULL),
                  ANSWERED(31, 3, PUBLICATION_LIVE, "t3", NULL, )),
     60, TWICE("2 3", "10 s")},
    {"the first one was removed", "publish-doubled",
     SCRIPT_STEPS(ANSWERED(1, 1, PUBLICATION_LIVE, "t1", NULL, ),
                  ANSWERED(21, 2, PUBLICATION_REMOVED, "t1", NULL, .name = NULL),
                  ANSWERED(31, 3, PUBLICATION_LIVE, "t2", NULL, )),
     60, ""},
    {"the first one ran out", "publish-doubled",
     SCRIPT_STEPS(ANSWERED(1, 1, PUBLICATION_LIVE, "t1", NULL, ),
                  TIMER(601, PUBLICATION_EXPIRED, "t1"),
                  ANSWERED(602, 3, PUBLICATION_LIVE, "t2", NULL, )),
     620, ""},
    {"the server lost the first one", "publish-doubled",
     SCRIPT_STEPS(ANSWERED(1, 1, PUBLICATION_LIVE, "t1", NULL, ),
                  ANSWERED(21, 2, PUBLICATION_REFUSED, "t1", NULL, .status = 412),
                  ANSWERED(31, 3, PUBLICATION_LIVE, "t2", NULL, )),
     60, ""},
    {"a change of it is none", "publish-doubled",
     SCRIPT_STEPS(ANSWERED(1, 1, PUBLICATION_LIVE, "t1", NULL, ),
                  ANSWERED(31, 2, PUBLICATION_MODIFIED, "t2", "t1", )),
     60, ""},
    {"the server gives it the same tag", "publish-doubled",
     SCRIPT_STEPS(ANSWERED(1, 1, PUBLICATION_LIVE, "t1", NULL, ),
                  ANSWERED(31, 2, PUBLICATION_LIVE, "t1", NULL, )),
     60, ""},
    {"two calls, each with its own", "publish-doubled",
     SCRIPT_STEPS(A_CALL(0, 7), A_CALL(0, 8), ANSWERED(1, 1, PUBLICATION_LIVE, "t1", NULL, ),
                  ANSWERED(31, 2, PUBLICATION_LIVE, "t2", NULL, )),
     60, ""},
    {"another publisher", "publish-doubled",
     SCRIPT_STEPS(ANSWERED(1, 1, PUBLICATION_LIVE, "t1", NULL, ),
                  ANSWERED(31, 2, PUBLICATION_LIVE, "t2", NULL, .from = "ada")),
     60, ""},
    {"another publisher behind the same proxy", "publish-doubled",
     SCRIPT_STEPS(
         ANSWERED(1, 1, PUBLICATION_LIVE, "t1", NULL,
                  .via = "SIP/2.0/TLS 192.0.2.22;branch=1, SIP/2.0/TLS 198.51.100.9:5067"),
         ANSWERED(31, 2, PUBLICATION_LIVE, "t2", NULL,
                  .via = "SIP/2.0/TLS 192.0.2.22;branch=2, SIP/2.0/TLS 198.51.100.8:5067")),
     60, ""},
    {"the same publisher over another connection", "publish-doubled",
     SCRIPT_STEPS(ANSWERED(1, 1, PUBLICATION_LIVE, "t1", NULL,
                           .via = "SIP/2.0/TLS [2001:db8::9]:5067;branch=1"),
                  ANSWERED(31, 2, PUBLICATION_LIVE, "t2", NULL,
                           .via = "SIP/2.0/TLS [2001:db8::9]:5099;branch=2")),
     60, TWICE("1 2", "30 s")},
    {"its removal was sent and the answer is missing", "publish-doubled",
     SCRIPT_STEPS(ANSWERED(1, 1, PUBLICATION_LIVE, "t1", NULL, ),
                  ANSWERED(21, 2, PUBLICATION_REQUESTED, "t1", NULL, .status = 0),
                  ANSWERED(31, 3, PUBLICATION_LIVE, "t2", NULL, )),
     40, ""},
    {"its removal was refused", "publish-doubled",
     SCRIPT_STEPS(ANSWERED(1, 1, PUBLICATION_LIVE, "t1", NULL, ),
                  ANSWERED(21, 2, PUBLICATION_REQUESTED, "t1", NULL, .status = 0),
                  ANSWERED(21, 2, PUBLICATION_REFUSED, "t1", NULL, .status = 500),
                  ANSWERED(31, 3, PUBLICATION_LIVE, "t2", NULL, )),
     40,
     "warning publish-refused [3] The presence that bo@contoso.example published (PUBLISH) was "
     "refused: 500 Reason\n" TWICE("1 4", "30 s")},
    {"its removal may be in a gap", "publish-doubled",
     SCRIPT_STEPS(ANSWERED(1, 1, PUBLICATION_LIVE, "t1", NULL, ), GAP(20, "bo", "chat"),
                  ANSWERED(31, 2, PUBLICATION_LIVE, "t2", NULL, )),
     60, GAP_NOTE("2", GATEWAY, SERVER)},
    {"a gap between them that is noticed later", "publish-doubled",
     SCRIPT_STEPS(ANSWERED(1, 1, PUBLICATION_LIVE, "t1", NULL, ),
                  ANSWERED(31, 2, PUBLICATION_LIVE, "t2", NULL, ), GAP(40, "bo", "chat")),
     60, GAP_NOTE("3", GATEWAY, SERVER)},
    {"without hosts nobody knows who published", "publish-doubled",
     SCRIPT_STEPS(ANSWERED(1, 1, PUBLICATION_LIVE, "t1", NULL, .no_hosts = true),
                  ANSWERED(31, 2, PUBLICATION_LIVE, "t2", NULL, .no_hosts = true)),
     60, ""},
};

static const struct script revivals[] = {
    {"refreshed long after it ran out", "publish-refresh-after-expiry",
     SCRIPT_STEPS(TIMER(600, PUBLICATION_EXPIRED, "t1"),
                  ANSWERED(640, 2, PUBLICATION_REFRESHED, "t2", "t1", .name = NULL)),
     700,
     "note publish-refresh-after-expiry [1 2] A refresh of the publication of ada@contoso.example "
     "was accepted 40 s after it had run out\n"},
    {"within the tolerance", "publish-refresh-after-expiry",
     SCRIPT_STEPS(TIMER(600, PUBLICATION_EXPIRED, "t1"),
                  ANSWERED(610, 2, PUBLICATION_REFRESHED, "t2", "t1", .name = NULL)),
     700, ""},
    {"published anew", "publish-refresh-after-expiry",
     SCRIPT_STEPS(TIMER(600, PUBLICATION_EXPIRED, "t1"),
                  ANSWERED(640, 2, PUBLICATION_LIVE, "t2", NULL, )),
     700, ""},
    {"another one is refreshed", "publish-refresh-after-expiry",
     SCRIPT_STEPS(TIMER(600, PUBLICATION_EXPIRED, "t1"),
                  ANSWERED(640, 2, PUBLICATION_REFRESHED, "t3", "t2", .name = NULL)),
     700, ""},
    {"an earlier refresh may be in a gap", "publish-refresh-after-expiry",
     SCRIPT_STEPS(TIMER(600, PUBLICATION_EXPIRED, "t1"), GAP(620, "bo", "chat"),
                  ANSWERED(640, 2, PUBLICATION_REFRESHED, "t2", "t1", .name = NULL)),
     700, GAP_NOTE("2", GATEWAY, SERVER)},
    {"remembered for an hour", "publish-refresh-after-expiry",
     SCRIPT_STEPS(TIMER(600, PUBLICATION_EXPIRED, "t1"),
                  ANSWERED(4300, 2, PUBLICATION_REFRESHED, "t2", "t1", .name = NULL)),
     4400, ""},
};

#define TOO_OLD(evidence, times, version)                                                          \
    "note publish-server-too-old [" evidence "] \"On the phone\" was published for "               \
    "ada@contoso.example " times " to a server too old to show it: " version " (" SERVER ")\n"

static const struct script old_servers[] = {
    {"two servers' worth of publications", "publish-server-too-old",
     SCRIPT_STEPS(ANSWERED(1, 1, PUBLICATION_LIVE, "t1", NULL, .agent = "RTC/4.0"),
                  ANSWERED(2, 2, PUBLICATION_REFRESHED, "t2", "t1", .agent = "RTC/4.0")),
     60, TOO_OLD("1 2", "2 times", "RTC/4.0")},
    {"refused", "publish-server-too-old",
     SCRIPT_STEPS(ANSWERED(1, 1, PUBLICATION_REFUSED, "", NULL, .agent = "RTC/3.5", .status = 489)),
     60,
     "warning publish-refused [1] The presence that bo@contoso.example published (PUBLISH) was "
     "refused: 489 Reason\n" TOO_OLD("1", "1 time", "RTC/3.5")},
    {"the last build before", "publish-server-too-old",
     SCRIPT_STEPS(ANSWERED(1, 1, PUBLICATION_LIVE, "t1", NULL, .agent = "RTC/5.0.8308.865 x")), 60,
     TOO_OLD("1", "1 time", "RTC/5.0.8308.865 x")},
    {"the first build that can", "publish-server-too-old",
     SCRIPT_STEPS(ANSWERED(1, 1, PUBLICATION_LIVE, "t1", NULL, .agent = "RTC/5.0.8308.866")), 60,
     ""},
    {"a version that is not given in full", "publish-server-too-old",
     SCRIPT_STEPS(ANSWERED(1, 1, PUBLICATION_LIVE, "t1", NULL, .agent = "RTC/5.0")), 60, ""},
    {"a newer one", "publish-server-too-old",
     SCRIPT_STEPS(ANSWERED(1, 1, PUBLICATION_LIVE, "t1", NULL, .agent = "RTC/6.0")), 60, ""},
    {"no number", "publish-server-too-old",
     SCRIPT_STEPS(ANSWERED(1, 1, PUBLICATION_LIVE, "t1", NULL, .agent = "RTC/x.1")), 60, ""},
    {"another product", "publish-server-too-old",
     SCRIPT_STEPS(ANSWERED(1, 1, PUBLICATION_LIVE, "t1", NULL, .agent = "Example/4.0")), 60, ""},
    {"another activity", "publish-server-too-old",
     SCRIPT_STEPS(ANSWERED(1, 1, PUBLICATION_LIVE, "t1", NULL, .agent = "RTC/4.0", .name = "away")),
     60, ""},
};

/* ---- calls ---- */

#define LEFT(evidence)                                                                             \
    "warning publish-call-state-left [" evidence "] ada@contoso.example is still published as "    \
    "on the phone 10 s after the last call ended\n"

static const struct script calls[] = {
    {"the call ends and its state stays", "publish-call-state-left",
     SCRIPT_STEPS(A_CALL(1, 7), ANSWERED(2, 1, PUBLICATION_LIVE, "t1", NULL, ), HANGS_UP(60, 7)),
     90, LEFT("3 4")},
    {"the input ends too early", "publish-call-state-left",
     SCRIPT_STEPS(A_CALL(1, 7), ANSWERED(2, 1, PUBLICATION_LIVE, "t1", NULL, ), HANGS_UP(60, 7)),
     69, ""},
    {"taken back", "publish-call-state-left",
     SCRIPT_STEPS(A_CALL(1, 7), ANSWERED(2, 1, PUBLICATION_LIVE, "t1", NULL, ), HANGS_UP(60, 7),
                  PUBLISH(61, 2, "t1", -1),
                  ANSWERED(61, 2, PUBLICATION_REMOVED, "t1", NULL, .name = NULL)),
     90, ""},
    {"taken back before the call ended", "publish-call-state-left",
     SCRIPT_STEPS(A_CALL(1, 7), ANSWERED(2, 1, PUBLICATION_LIVE, "t1", NULL, ),
                  PUBLISH(59, 2, "t1", -1),
                  ANSWERED(59, 2, PUBLICATION_REMOVED, "t1", NULL, .name = NULL), HANGS_UP(60, 7)),
     90, ""},
    {"taken back too late", "publish-call-state-left",
     SCRIPT_STEPS(A_CALL(1, 7), ANSWERED(2, 1, PUBLICATION_LIVE, "t1", NULL, ), HANGS_UP(60, 7),
                  PUBLISH(100, 2, "t1", -1),
                  ANSWERED(100, 2, PUBLICATION_REMOVED, "t1", NULL, .name = NULL)),
     120,
     "warning publish-call-state-left [3 4 6] ada@contoso.example was published as on the phone "
     "until 40 s after the last call had ended\n"},
    {"refreshed in the call and after it", "publish-call-state-left",
     SCRIPT_STEPS(A_CALL(1, 7), ANSWERED(2, 1, PUBLICATION_LIVE, "t1", NULL, ),
                  ANSWERED(50, 2, PUBLICATION_REFRESHED, "t2", "t1", .name = NULL), HANGS_UP(60, 7),
                  ANSWERED(65, 3, PUBLICATION_REFRESHED, "t3", "t2", .name = NULL)),
     90, LEFT("3 5")},
    {"another call goes on", "publish-call-state-left",
     SCRIPT_STEPS(A_CALL(1, 7), A_CALL(1, 8), ANSWERED(2, 1, PUBLICATION_LIVE, "t1", NULL, ),
                  HANGS_UP(60, 7)),
     90, ""},
    {"another call begins", "publish-call-state-left",
     SCRIPT_STEPS(A_CALL(1, 7), ANSWERED(2, 1, PUBLICATION_LIVE, "t1", NULL, ), HANGS_UP(60, 7),
                  A_CALL(65, 8)),
     90, ""},
    {"it is the second of two calls after which it stays", "publish-call-state-left",
     SCRIPT_STEPS(A_CALL(1, 7), A_CALL(1, 8), ANSWERED(2, 1, PUBLICATION_LIVE, "t1", NULL, ),
                  HANGS_UP(60, 7), HANGS_UP(80, 8)),
     120, LEFT("5 8")},
    {"it runs out meanwhile", "publish-call-state-left",
     SCRIPT_STEPS(A_CALL(1, 7), ANSWERED(2, 1, PUBLICATION_LIVE, "t1", NULL, .expires = 60),
                  HANGS_UP(60, 7), TIMER(62, PUBLICATION_EXPIRED, "t1")),
     90, ""},
    {"the server lost it", "publish-call-state-left",
     SCRIPT_STEPS(A_CALL(1, 7), ANSWERED(2, 1, PUBLICATION_LIVE, "t1", NULL, ),
                  ANSWERED(50, 2, PUBLICATION_REFUSED, "t1", NULL, .status = 412, .expires = -1),
                  HANGS_UP(60, 7)),
     90, ""},
    {"it was published before the call", "publish-call-state-left",
     SCRIPT_STEPS(ANSWERED(1, 1, PUBLICATION_LIVE, "t1", NULL, ), A_CALL(2, 7), HANGS_UP(60, 7)),
     90, ""},
    {"the call was under way when the capture began", "publish-call-state-left",
     SCRIPT_STEPS(RINGS(1, 7, .late_start = true), CONNECTS(1, 7),
                  ANSWERED(2, 1, PUBLICATION_LIVE, "t1", NULL, ), HANGS_UP(60, 7)),
     90, ""},
    {"a refresh of what was published before the capture", "publish-call-state-left",
     SCRIPT_STEPS(A_CALL(1, 7), ANSWERED(2, 1, PUBLICATION_REFRESHED, "t2", "t1", .name = NULL),
                  HANGS_UP(60, 7)),
     90, ""},
    {"a call of somebody else", "publish-call-state-left",
     SCRIPT_STEPS(RINGS(1, 7, .to = "cy@contoso.example"), CONNECTS(1, 7),
                  ANSWERED(2, 1, PUBLICATION_LIVE, "t1", NULL, ), HANGS_UP(60, 7)),
     90, ""},
    {"a chat is no call", "publish-call-state-left",
     SCRIPT_STEPS(RINGS(1, 7, .code = SERVICE_CHAT), CONNECTS(1, 7),
                  ANSWERED(2, 1, PUBLICATION_LIVE, "t1", NULL, ), HANGS_UP(60, 7)),
     90, ""},
    {"not on the phone", "publish-call-state-left",
     SCRIPT_STEPS(A_CALL(1, 7), ANSWERED(2, 1, PUBLICATION_LIVE, "t1", NULL, .name = "away"),
                  HANGS_UP(60, 7)),
     90, ""},
    {"the removal may be in a gap", "publish-call-state-left",
     SCRIPT_STEPS(A_CALL(1, 7), ANSWERED(2, 1, PUBLICATION_LIVE, "t1", NULL, ), HANGS_UP(60, 7),
                  GAP(65, "bo", "chat")),
     90, GAP_NOTE("6", GATEWAY, SERVER)},
};

static void lost_tags_are_noticed(void **state)
{
    (void)state;
    check_scripts(lost_tags, sizeof lost_tags / sizeof lost_tags[0]);
}

static void doubles_are_noticed(void **state)
{
    (void)state;
    check_scripts(doubles, sizeof doubles / sizeof doubles[0]);
}

static void revivals_are_noticed(void **state)
{
    (void)state;
    check_scripts(revivals, sizeof revivals / sizeof revivals[0]);
}

static void old_servers_are_noticed(void **state)
{
    (void)state;
    check_scripts(old_servers, sizeof old_servers / sizeof old_servers[0]);
}

static void states_are_not_left_after_calls(void **state)
{
    (void)state;
    check_scripts(calls, sizeof calls / sizeof calls[0]);
}

/* A gateway on the far side: the call reaches it on the second hop of the capture. */
static void calls_are_found_on_every_hop(void **state)
{
    (void)state;
    const struct script script = {
        "two hops", "publish-call-state-left",
        SCRIPT_STEPS(RINGS(1, 7, .from = "ada", .to = "chat"), CONNECTS(1, 7),
                     {.at = 1,
                      .act = MESSAGE,
                      .method = "INVITE",
                      .from = "bo",
                      .to = "ada",
                      .tx = 100,
                      .id = 7,
                      .role = MESSAGE_ANOTHER_HOP,
                      .same_net = true},
                     ANSWERED(2, 1, PUBLICATION_LIVE, "t1", NULL, ), HANGS_UP(60, 7)),
        90, LEFT("4 5")};
    check_scripts(&script, 1);
}

static void every_beginning_is_survived(void **state)
{
    (void)state;
    check_beginnings(lost_tags, sizeof lost_tags / sizeof lost_tags[0]);
    check_beginnings(doubles, sizeof doubles / sizeof doubles[0]);
    check_beginnings(revivals, sizeof revivals / sizeof revivals[0]);
    check_beginnings(calls, sizeof calls / sizeof calls[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lost_tags_are_noticed),
        cmocka_unit_test(doubles_are_noticed),
        cmocka_unit_test(revivals_are_noticed),
        cmocka_unit_test(old_servers_are_noticed),
        cmocka_unit_test(states_are_not_left_after_calls),
        cmocka_unit_test(calls_are_found_on_every_hop),
        cmocka_unit_test(every_beginning_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
