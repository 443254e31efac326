/*
 * Rules about chat posts, that they come from members and reach everybody: each one fired once,
 * and once for each guard kept silent.
 */
#include "tests/unit/chat_rows.h"

/* ---- copies ---- */

#define COPY_TO_BO(second)                                                                         \
    {.at = second,                                                                                 \
     .act = POST,                                                                                  \
     .method = "INFO",                                                                             \
     .from = "chat",                                                                               \
     .to = "bo",                                                                                   \
     .tx = 30,                                                                                     \
     .session = 2,                                                                                 \
     .who = "bo",                                                                                  \
     .id = 1,                                                                                      \
     .room = ROOM,                                                                                 \
     .room_name = "Ops Bridge",                                                                    \
     .state = POST_DELIVERED},                                                                     \
    {                                                                                              \
        .at = second, .method = "INFO", .from = "chat", .to = "bo", .tx = 30, .status = 200        \
    }

#define NOT_DELIVERED(evidence)                                                                    \
    "error chat-message-not-delivered [" evidence                                                  \
    "] The post of ada@contoso.example to Ops Bridge was accepted and "                            \
    "did not reach bo@contoso.example within 10 s\n"

static const struct script deliveries[] = {
    {"bo never gets it", "chat-message-not-delivered",
     SCRIPT_STEPS(ADA_IN, BO_IN, POSTED(5, 20), ACCEPTED(6, 20), ECHO(7)), 16,
     NOT_DELIVERED("7 8")},
    {"his answer to a copy that was not captured shows that he got it",
     "chat-message-not-delivered",
     SCRIPT_STEPS(ADA_IN, BO_IN, POSTED(5, 20), ACCEPTED(6, 20), ECHO(7),
                  {.at = 7,
                   .method = "INFO",
                   .from = "chat",
                   .to = "bo",
                   .tx = 30,
                   .status = 200,
                   .udp = true}),
     16, ""},
    {"a second hop of the post is evidence too", "chat-message-not-delivered",
     SCRIPT_STEPS(ADA_IN, BO_IN, POSTED(5, 20),
                  {.at = 5,
                   .method = "INFO",
                   .from = "ada",
                   .to = "chat",
                   .tx = 20,
                   .role = MESSAGE_ANOTHER_HOP},
                  ACCEPTED(6, 20), ECHO(7),
                  {.at = 20,
                   .method = "INFO",
                   .from = "ada",
                   .to = "chat",
                   .tx = 20,
                   .status = 200,
                   .role = MESSAGE_ANOTHER_HOP}),
     30, NOT_DELIVERED("7 8 9 11")},
    {"the capture goes on in another file", "chat-message-not-delivered",
     SCRIPT_STEPS(ADA_IN, BO_IN, POSTED(5, 20), ACCEPTED(6, 20), ECHO(7),
                  {.at = 17, .method = "INFO", .from = "chat", .to = "bo", .tx = 31, .input = 1}),
     17, NOT_DELIVERED("7 8")},
    {"another file goes on, but not what bo is told", "chat-message-not-delivered",
     SCRIPT_STEPS(ADA_IN, BO_IN, POSTED(5, 20), ACCEPTED(6, 20), ECHO(7),
                  {.at = 17, .method = "INFO", .from = "ada", .to = "chat", .tx = 31, .input = 1}),
     17, ""},
    {"in another file datagrams go on: one may be missing between the two",
     "chat-message-not-delivered",
     SCRIPT_STEPS(ADA_IN, BO_IN, POSTED(5, 20), ACCEPTED(6, 20), ECHO(7),
                  {.at = 17,
                   .method = "INFO",
                   .from = "chat",
                   .to = "bo",
                   .tx = 31,
                   .input = 1,
                   .udp = true}),
     17, ""},
    {"old posts are forgotten: nobody waits for their copies", "chat-message-not-delivered",
     SCRIPT_STEPS(ADA_IN, BO_IN,
                  {.at = 4, .act = COVERAGE, .coverage = COVERAGE_CAP, .name = "remembered"},
                  POSTED(5, 20), ACCEPTED(6, 20), ECHO(7)),
     60,
     "note coverage-cap [7] The limit remembered was reached 1 time: what lies beyond it was not "
     "looked at\n" NOT_DELIVERED("8 9")},
    {"posts are forgotten whose copies are awaited", "chat-message-not-delivered",
     SCRIPT_STEPS(ADA_IN, BO_IN,
                  {.at = 4, .act = COVERAGE, .coverage = COVERAGE_CAP, .name = "posts"},
                  POSTED(5, 20), ACCEPTED(6, 20), ECHO(7)),
     60,
     "note coverage-cap [7] The limit posts was reached 1 time: what lies beyond it was not "
     "looked at\n"},
    {"the capture ends before", "chat-message-not-delivered",
     SCRIPT_STEPS(ADA_IN, BO_IN, POSTED(5, 20), ACCEPTED(6, 20), ECHO(7)), 15, ""},
    {"bo gets it", "chat-message-not-delivered",
     SCRIPT_STEPS(ADA_IN, BO_IN, POSTED(5, 20), ACCEPTED(6, 20), ECHO(7), COPY_TO_BO(7)), 60, ""},
    {"bo gets it before the post is accepted", "chat-message-not-delivered",
     SCRIPT_STEPS(ADA_IN, BO_IN, POSTED(5, 20), COPY_TO_BO(5), ACCEPTED(6, 20), ECHO(7)), 60, ""},
    {"bo gets it late", "chat-message-not-delivered",
     SCRIPT_STEPS(ADA_IN, BO_IN, POSTED(5, 20), ACCEPTED(6, 20), ECHO(7), COPY_TO_BO(20)), 60,
     "warning chat-message-not-delivered [7 8 10] The post of ada@contoso.example to Ops Bridge "
     "reached "
     "bo@contoso.example only 14 s after it was accepted\n"},
    {"nobody else is in the room", "chat-message-not-delivered",
     SCRIPT_STEPS(ADA_IN, POSTED(5, 20), ACCEPTED(6, 20), ECHO(7)), 60, ""},
    {"bo joined after it was posted", "chat-message-not-delivered",
     SCRIPT_STEPS(ADA_IN, POSTED(5, 20),
                  {.at = 6,
                   .act = MEMBER,
                   .method = "INFO",
                   .from = "chat",
                   .to = "bo",
                   .tx = 14,
                   .session = 2,
                   .who = "bo",
                   .room = ROOM,
                   .state = MEMBER_JOINED},
                  {.at = 6, .method = "INFO", .from = "chat", .to = "bo", .tx = 14, .status = 200},
                  ACCEPTED(7, 20), ECHO(7)),
     60, ""},
    {"bo is only assumed to be in the room", "chat-message-not-delivered",
     SCRIPT_STEPS(ADA_IN,
                  {.at = 0,
                   .act = MEMBER,
                   .method = "INFO",
                   .from = "bo",
                   .to = "chat",
                   .tx = 14,
                   .status = 200,
                   .session = 2,
                   .who = "bo",
                   .room = ROOM,
                   .state = MEMBER_JOINED,
                   .assumed = true},
                  POSTED(5, 20), ACCEPTED(6, 20), ECHO(7)),
     60, ""},
    {"bo's session began before the capture", "chat-message-not-delivered",
     SCRIPT_STEPS(ADA_IN,
                  {.at = 0,
                   .act = MEMBER,
                   .method = "INFO",
                   .from = "bo",
                   .to = "chat",
                   .tx = 14,
                   .status = 200,
                   .session = 2,
                   .who = "bo",
                   .room = ROOM,
                   .state = MEMBER_JOINED,
                   .late_start = true},
                  POSTED(5, 20), ACCEPTED(6, 20), ECHO(7)),
     60, ""},
    {"bo leaves in the meantime", "chat-message-not-delivered",
     SCRIPT_STEPS(ADA_IN, BO_IN, POSTED(5, 20), ACCEPTED(6, 20), ECHO(7),
                  {.at = 9,
                   .act = MEMBER,
                   .timer = true,
                   .session = 2,
                   .who = "bo",
                   .room = ROOM,
                   .state = MEMBER_LEAVING}),
     60, ""},
    {"bo's session closes in the meantime", "chat-message-not-delivered",
     SCRIPT_STEPS(ADA_IN, BO_IN, POSTED(5, 20), ACCEPTED(6, 20), ECHO(7),
                  {.at = 9,
                   .act = SESSION,
                   .timer = true,
                   .session = 2,
                   .who = "bo",
                   .state = SESSION_CLOSED}),
     60, ""},
    {"bo's client disowns its dialog", "chat-message-not-delivered",
     SCRIPT_STEPS(ADA_IN, BO_IN, POSTED(5, 20), ACCEPTED(6, 20), ECHO(7),
                  {.at = 9,
                   .act = SESSION,
                   .timer = true,
                   .session = 2,
                   .who = "bo",
                   .state = SESSION_STALE}),
     60, ""},
    {"bo leaves and comes back", "chat-message-not-delivered",
     SCRIPT_STEPS(ADA_IN, BO_IN, POSTED(5, 20), ACCEPTED(6, 20), ECHO(7),
                  {.at = 9,
                   .act = MEMBER,
                   .timer = true,
                   .session = 2,
                   .who = "bo",
                   .room = ROOM,
                   .state = MEMBER_NONE},
                  {.at = 9,
                   .act = MEMBER,
                   .timer = true,
                   .session = 2,
                   .who = "bo",
                   .room = ROOM,
                   .state = MEMBER_JOINED}),
     60, ""},
    {"bo's lookup ends while the channel is up", "chat-message-not-delivered",
     SCRIPT_STEPS(ADA_IN, BO_IN, POSTED(5, 20), ACCEPTED(6, 20), ECHO(7),
                  {.at = 9,
                   .act = SESSION,
                   .timer = true,
                   .session = 2,
                   .who = "bo",
                   .lookup = true,
                   .state = SESSION_CLOSED}),
     60, NOT_DELIVERED("7 8")},
    {"bytes on the way to bo are missing", "chat-message-not-delivered",
     SCRIPT_STEPS(ADA_IN, BO_IN, POSTED(5, 20), ACCEPTED(6, 20), ECHO(7),
                  {.at = 8, .act = COVERAGE, .coverage = COVERAGE_GAP, .from = "chat", .to = "bo"}),
     60,
     "note coverage-gap [10] Part of the stream from 192.0.2.5:5061 to 192.0.2.22:52312 was not "
     "captured: "
     "1460 bytes missing\n"},
    {"the post was refused", "chat-message-not-delivered",
     SCRIPT_STEPS(ADA_IN, BO_IN, POSTED(5, 20), REFUSED(6, 20)), 60, ""},
};

/* ---- the post itself ---- */

#define OUTSIDE(how)                                                                               \
    {                                                                                              \
        .at = 5, .act = POST, .method = "INFO", .from = "ada", .to = "chat", .tx = 20,             \
        .session = 1, .who = "ada", .id = 1, .room = ROOM, .room_name = "Ops Bridge",              \
        .state = POST_SENT, .membership = how                                                      \
    }
#define ADA_CONNECTED                                                                              \
    {                                                                                              \
        .at = 0, .act = SESSION, .method = "INVITE", .from = "ada", .to = "chat", .tx = 11,        \
        .status = 200, .session = 1, .who = "ada", .state = SESSION_CONNECTED                      \
    }

static const struct script posts[] = {
    {"posting from outside, and what follows is not said again", "chat-post-not-joined",
     SCRIPT_STEPS(ADA_CONNECTED, OUTSIDE(MEMBER_NONE),
                  REFUSED(6, 20, .diag = 20007, .why = "error")),
     99,
     "error chat-post-not-joined [2] ada@contoso.example posted to Ops Bridge without having "
     "joined it\n"},
    {"after a join that failed", "chat-post-not-joined",
     SCRIPT_STEPS(ADA_CONNECTED, OUTSIDE(MEMBER_FAILED)), 30,
     "error chat-post-not-joined [2] ada@contoso.example posted to Ops Bridge without having "
     "joined it\n"},
    {"while the join is open", "chat-post-not-joined",
     SCRIPT_STEPS(ADA_CONNECTED, OUTSIDE(MEMBER_JOINING)), 30, ""},
    {"nobody knows", "chat-post-not-joined", SCRIPT_STEPS(ADA_CONNECTED, OUTSIDE(MEMBER_UNKNOWN)),
     30, ""},
    {"the session began before the capture", "chat-post-not-joined",
     SCRIPT_STEPS({.at = 5,
                   .act = POST,
                   .method = "INFO",
                   .from = "ada",
                   .to = "chat",
                   .tx = 20,
                   .session = 1,
                   .who = "ada",
                   .id = 1,
                   .room = ROOM,
                   .state = POST_SENT,
                   .membership = MEMBER_NONE,
                   .late_start = true}),
     30, ""},
    {"the join may be in a gap", "chat-post-not-joined",
     SCRIPT_STEPS(ADA_CONNECTED,
                  {.at = 2, .act = COVERAGE, .coverage = COVERAGE_GAP, .from = "ada", .to = "chat"},
                  OUTSIDE(MEMBER_NONE)),
     30,
     "note coverage-gap [2] Part of the stream from 192.0.2.21:52311 to 192.0.2.5:5061 was not "
     "captured: "
     "1460 bytes missing\n"},
    {"under another name", "chat-author-mismatch",
     SCRIPT_STEPS(ADA_IN, POSTED(5, 20, .wrong_author = true)), 30,
     "error chat-author-mismatch [4] ada@contoso.example sent a post to Ops Bridge that names "
     "bo@contoso.example as its "
     "author\n"},
    {"only what a client sends", "chat-author-mismatch",
     SCRIPT_STEPS(
         {.at = 5,
          .act = POST,
          .method = "INFO",
          .from = "chat",
          .to = "ada",
          .tx = 20,
          .session = 1,
          .who = "ada",
          .id = 1,
          .room = ROOM,
          .state = POST_DELIVERED,
          .wrong_author = true},
         {.at = 5, .method = "INFO", .from = "chat", .to = "ada", .tx = 20, .status = 200}),
     30, ""},
    {"refused for want of a timestamp: only that is said", "chat-post-without-timestamp",
     SCRIPT_STEPS(ADA_IN, POSTED(5, 20, .no_ts = true),
                  REFUSED(6, 20, .diag = 20000, .why = "busy", .no_ts = true)),
     99,
     "error chat-post-without-timestamp [4 5] A post of ada@contoso.example to Ops Bridge carries "
     "no timestamp, so the "
     "chat service refuses it as if it were busy\n"},
    {"without the diagnostics it may be load", "chat-post-without-timestamp",
     SCRIPT_STEPS(ADA_IN, POSTED(5, 20, .no_ts = true), REFUSED(6, 20, .no_ts = true)), 60, ""},
};

/* ---- tests ---- */

static void posts_reach_everybody(void **state)
{
    (void)state;
    check_scripts(deliveries, sizeof deliveries / sizeof deliveries[0]);
}

static void posts_come_from_members(void **state)
{
    (void)state;
    check_scripts(posts, sizeof posts / sizeof posts[0]);
}

static void every_beginning_is_survived(void **state)
{
    (void)state;
    check_beginnings(deliveries, sizeof deliveries / sizeof deliveries[0]);
    check_beginnings(posts, sizeof posts / sizeof posts[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(posts_reach_everybody),
        cmocka_unit_test(posts_come_from_members),
        cmocka_unit_test(every_beginning_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
