/*
 * Rules about chat sessions and commands: each one fired once, and once for each guard kept silent.
 */
#include "tests/unit/chat_rows.h"

#include <stdlib.h>
#include <string.h>

/* ---- commands ---- */

#define COMMANDED(second, transaction, number)                                                     \
    {                                                                                              \
        .at = second, .act = COMMAND, .method = "INFO", .from = "ada", .to = "chat",               \
        .tx = transaction, .session = 1, .who = "ada", .id = number, .name = "join",               \
        .verb = CHAT_JOIN, .room = ROOM, .state = COMMAND_SENT                                     \
    }
#define COMMAND_IS(second, transaction, number, code_, what)                                       \
    {                                                                                              \
        .at = second, .act = COMMAND, .method = "INFO", .from = "ada", .to = "chat",               \
        .tx = transaction, .status = code_, .session = 1, .who = "ada", .id = number,              \
        .name = "join", .verb = CHAT_JOIN, .room = ROOM, .state = what                             \
    }
#define REPLIED(second, number, what, code_)                                                       \
    {.at = second,                                                                                 \
     .act = COMMAND,                                                                               \
     .method = "INFO",                                                                             \
     .from = "chat",                                                                               \
     .to = "ada",                                                                                  \
     .tx = 40,                                                                                     \
     .session = 1,                                                                                 \
     .who = "ada",                                                                                 \
     .id = number,                                                                                 \
     .name = "join",                                                                               \
     .verb = CHAT_JOIN,                                                                            \
     .room = ROOM,                                                                                 \
     .state = what,                                                                                \
     .code = code_},                                                                               \
    {                                                                                              \
        .at = second, .method = "INFO", .from = "chat", .to = "ada", .tx = 40, .status = 200       \
    }

static const struct script commands[] = {
    {"accepted and never answered", "chat-command-unanswered",
     SCRIPT_STEPS(ADA_IN, COMMANDED(1, 20, 5), COMMAND_IS(2, 20, 5, 200, COMMAND_ACCEPTED)), 32,
     "error chat-command-unanswered [4 5] The chat command join of ada@contoso.example for " ROOM
     " was accepted and got no reply within 30 s\n"},
    {"the capture ends before", "chat-command-unanswered",
     SCRIPT_STEPS(ADA_IN, COMMANDED(1, 20, 5), COMMAND_IS(2, 20, 5, 200, COMMAND_ACCEPTED)), 31,
     ""},
    {"answered", "chat-command-unanswered",
     SCRIPT_STEPS(ADA_IN, COMMANDED(1, 20, 5), COMMAND_IS(2, 20, 5, 200, COMMAND_ACCEPTED),
                  REPLIED(3, 5, COMMAND_ANSWERED, 200)),
     99, ""},
    {"answered before it is accepted", "chat-command-unanswered",
     SCRIPT_STEPS(ADA_IN, COMMANDED(1, 20, 5), REPLIED(1, 5, COMMAND_ANSWERED, 200),
                  COMMAND_IS(2, 20, 5, 200, COMMAND_ACCEPTED)),
     99, ""},
    {"answered late", "chat-command-unanswered",
     SCRIPT_STEPS(ADA_IN, COMMANDED(1, 20, 5), COMMAND_IS(2, 20, 5, 200, COMMAND_ACCEPTED),
                  REPLIED(43, 5, COMMAND_ANSWERED, 200)),
     99,
     "warning chat-command-unanswered [4 5 6] The chat command join of ada@contoso.example "
     "for " ROOM " got its reply only after 41 s\n"},
    {"abandoned in silence after the wait", "chat-command-unanswered",
     SCRIPT_STEPS(ADA_IN, COMMANDED(1, 20, 5), COMMAND_IS(2, 20, 5, 200, COMMAND_ACCEPTED),
                  {.at = 34,
                   .act = COMMAND,
                   .timer = true,
                   .session = 1,
                   .who = "ada",
                   .id = 5,
                   .name = "join",
                   .state = COMMAND_ABANDONED}),
     99,
     "error chat-command-unanswered [4 5] The chat command join of ada@contoso.example for " ROOM
     " was accepted and got no reply within 30 s\n"},
    {"the dialog ends first", "chat-command-unanswered",
     SCRIPT_STEPS(ADA_IN, COMMANDED(1, 20, 5), COMMAND_IS(2, 20, 5, 200, COMMAND_ACCEPTED),
                  {.at = 9,
                   .act = COMMAND,
                   .timer = true,
                   .session = 1,
                   .who = "ada",
                   .id = 5,
                   .name = "join",
                   .state = COMMAND_ABANDONED}),
     99, ""},
    {"the session goes stale", "chat-command-unanswered",
     SCRIPT_STEPS(ADA_IN, COMMANDED(1, 20, 5), COMMAND_IS(2, 20, 5, 200, COMMAND_ACCEPTED),
                  {.at = 9,
                   .act = SESSION,
                   .timer = true,
                   .session = 1,
                   .who = "ada",
                   .state = SESSION_STALE}),
     99, ""},
    {"the session began before the capture", "chat-command-unanswered",
     SCRIPT_STEPS({.at = 1,
                   .act = COMMAND,
                   .method = "INFO",
                   .from = "ada",
                   .to = "chat",
                   .tx = 20,
                   .session = 1,
                   .who = "ada",
                   .id = 5,
                   .name = "join",
                   .verb = CHAT_JOIN,
                   .state = COMMAND_SENT,
                   .late_start = true},
                  {.at = 2,
                   .act = COMMAND,
                   .method = "INFO",
                   .from = "ada",
                   .to = "chat",
                   .tx = 20,
                   .status = 200,
                   .session = 1,
                   .who = "ada",
                   .id = 5,
                   .state = COMMAND_ACCEPTED,
                   .late_start = true}),
     99, ""},
    {"a command whose reply nobody knows", "chat-command-unanswered",
     SCRIPT_STEPS(ADA_IN,
                  {.at = 1,
                   .act = COMMAND,
                   .method = "INFO",
                   .from = "ada",
                   .to = "chat",
                   .tx = 20,
                   .session = 1,
                   .who = "ada",
                   .id = 5,
                   .name = "bcbydate",
                   .state = COMMAND_SENT},
                  COMMAND_IS(2, 20, 5, 200, COMMAND_ACCEPTED)),
     99, ""},
    {"bytes from the service are missing", "chat-command-unanswered",
     SCRIPT_STEPS(
         ADA_IN, COMMANDED(1, 20, 5), COMMAND_IS(2, 20, 5, 200, COMMAND_ACCEPTED),
         {.at = 8, .act = COVERAGE, .coverage = COVERAGE_GAP, .from = "chat", .to = "ada"}),
     99,
     "note coverage-gap [6] Part of the stream from 192.0.2.5:5061 to 192.0.2.21:52311 was not "
     "captured: "
     "1460 bytes missing\n"},
    {"failed twice the same way", "chat-command-failed",
     SCRIPT_STEPS(ADA_IN, COMMANDED(1, 20, 5), COMMAND_IS(2, 20, 5, 200, COMMAND_ACCEPTED),
                  REPLIED(3, 5, COMMAND_FAILED, 403), COMMANDED(4, 21, 6),
                  REPLIED(5, 6, COMMAND_FAILED, 403), COMMAND_IS(5, 21, 6, 200, COMMAND_ACCEPTED)),
     99,
     "warning chat-command-failed [4 5 6 8 9] The chat command join of ada@contoso.example "
     "for " ROOM " failed 2 times: 403 EXAMPLE_NOT_ALLOWED\n"},
};

/* ---- what is refused as busy ---- */

#define NOT_RETRIED(evidence, severity)                                                            \
    severity " chat-503-not-retried [" evidence                                                    \
             "] The post of ada@contoso.example for Ops Bridge was refused with 503 "              \
             "(busy) and not sent again within 60 s\n"

static const struct script retries[] = {
    {"refused and forgotten", "chat-503-not-retried",
     SCRIPT_STEPS(ADA_IN, POSTED(5, 20), REFUSED(6, 20, .diag = 20000, .why = "busy")), 66,
     NOT_RETRIED("4 5", "warning")},
    {"the capture ends before", "chat-503-not-retried",
     SCRIPT_STEPS(ADA_IN, POSTED(5, 20), REFUSED(6, 20, .diag = 20000, .why = "busy")), 65, ""},
    {"sipe never tries again", "chat-503-not-retried",
     SCRIPT_STEPS(ADA_IN, POSTED(5, 20, .agent = "UCCAPI/4.0 Sipe/1.25"),
                  REFUSED(6, 20, .diag = 20000, .why = "busy")),
     99, NOT_RETRIED("4 5", "note")},
    {"tried again and accepted", "chat-503-not-retried",
     SCRIPT_STEPS(ADA_IN, POSTED(5, 20), REFUSED(6, 20, .diag = 20011, .why = "queue full"),
                  POSTED(9, 21), ACCEPTED(10, 21), ECHO(11)),
     99, ""},
    {"tried again, refused again, and then forgotten: one finding", "chat-503-not-retried",
     SCRIPT_STEPS(ADA_IN, POSTED(5, 20), REFUSED(6, 20, .diag = 20011, .why = "busy"),
                  POSTED(9, 21), REFUSED(10, 21, .diag = 20011, .why = "busy")),
     99, NOT_RETRIED("6 7", "warning")},
    {"bytes from the client are missing", "chat-503-not-retried",
     SCRIPT_STEPS(
         ADA_IN, POSTED(5, 20), REFUSED(6, 20),
         {.at = 9, .act = COVERAGE, .coverage = COVERAGE_GAP, .from = "ada", .to = "chat"}),
     99,
     "note coverage-gap [6] Part of the stream from 192.0.2.21:52311 to 192.0.2.5:5061 was not "
     "captured: "
     "1460 bytes missing\n"},
    {"a command refused and forgotten", "chat-503-not-retried",
     SCRIPT_STEPS(ADA_IN, COMMANDED(1, 20, 5), COMMAND_IS(2, 20, 5, 503, COMMAND_REFUSED)), 99,
     "warning chat-503-not-retried [4 5] The join of ada@contoso.example for " ROOM
     " was refused with 503 (Reason) and not sent again within 60 s\n"},
    {"the same command again", "chat-503-not-retried",
     SCRIPT_STEPS(ADA_IN, COMMANDED(1, 20, 5), COMMAND_IS(2, 20, 5, 503, COMMAND_REFUSED),
                  COMMANDED(9, 21, 6), COMMAND_IS(9, 21, 6, 200, COMMAND_ACCEPTED),
                  REPLIED(10, 6, COMMAND_ANSWERED, 200)),
     99, ""},
    {"a command refused otherwise", "chat-503-not-retried",
     SCRIPT_STEPS(ADA_IN, COMMANDED(1, 20, 5), COMMAND_IS(2, 20, 5, 481, COMMAND_REFUSED)), 99, ""},
};

/* ---- what the service says of itself ---- */

static const struct script services[] = {
    {"two users refused alike", "chat-service-refused",
     SCRIPT_STEPS({.at = 1,
                   .act = SESSION,
                   .method = "INVITE",
                   .from = "ada",
                   .to = "chat",
                   .tx = 1,
                   .status = 403,
                   .session = 1,
                   .who = "ada",
                   .state = SESSION_REFUSED,
                   .diag = 20010,
                   .why = "not provisioned"},
                  {.at = 2,
                   .act = SESSION,
                   .method = "INVITE",
                   .from = "bo",
                   .to = "chat",
                   .tx = 2,
                   .status = 403,
                   .session = 2,
                   .who = "bo",
                   .state = SESSION_REFUSED,
                   .diag = 20010,
                   .why = "not provisioned"}),
     9,
     "error chat-service-refused [1 2] The chat service chat@contoso.example refused 2 sessions: "
     "403 not provisioned\n"},
    {"busy at first, then connected", "chat-service-refused",
     SCRIPT_STEPS({.at = 1,
                   .act = SESSION,
                   .method = "INVITE",
                   .from = "ada",
                   .to = "chat",
                   .tx = 1,
                   .status = 503,
                   .session = 1,
                   .who = "ada",
                   .state = SESSION_REFUSED,
                   .diag = 20008,
                   .why = "queue full"},
                  {.at = 5,
                   .act = SESSION,
                   .method = "INVITE",
                   .from = "ada",
                   .to = "chat",
                   .tx = 2,
                   .status = 200,
                   .session = 1,
                   .who = "ada",
                   .state = SESSION_CONNECTED}),
     9, ""},
    {"a challenge and a cancelled branch", "chat-service-refused",
     SCRIPT_STEPS({.at = 1,
                   .act = SESSION,
                   .method = "INVITE",
                   .from = "ada",
                   .to = "chat",
                   .tx = 1,
                   .status = 407,
                   .session = 1,
                   .who = "ada",
                   .state = SESSION_REFUSED},
                  {.at = 2,
                   .act = SESSION,
                   .method = "INVITE",
                   .from = "ada",
                   .to = "chat",
                   .tx = 2,
                   .status = 487,
                   .session = 1,
                   .who = "ada",
                   .state = SESSION_REFUSED}),
     9, ""},
    {"a lookup that names no server", "chat-lookup-without-uri",
     SCRIPT_STEPS({.at = 1,
                   .act = REPLY,
                   .method = "INFO",
                   .from = "chat",
                   .to = "ada",
                   .tx = 1,
                   .verb = CHAT_REQURI,
                   .code = 200}),
     9,
     "error chat-lookup-without-uri [1] The lookup service chat@contoso.example told "
     "ada@contoso.example no chat server "
     "to go to\n"},
    {"a lookup that names one, one that failed, another reply", "chat-lookup-without-uri",
     SCRIPT_STEPS({.at = 1,
                   .act = REPLY,
                   .method = "INFO",
                   .from = "chat",
                   .to = "ada",
                   .tx = 1,
                   .verb = CHAT_REQURI,
                   .code = 200,
                   .name = "channel@contoso.example"},
                  {.at = 2,
                   .act = REPLY,
                   .method = "INFO",
                   .from = "chat",
                   .to = "ada",
                   .tx = 2,
                   .verb = CHAT_REQURI,
                   .code = 500},
                  {.at = 3,
                   .act = REPLY,
                   .method = "INFO",
                   .from = "chat",
                   .to = "ada",
                   .tx = 3,
                   .verb = CHAT_JOIN,
                   .code = 200}),
     9, ""},
};

static const struct script remarks[] = {
    {"a refusal whose request was not captured may have been made good later", "chat-diagnostics",
     SCRIPT_STEPS({.at = 5,
                   .method = "INFO",
                   .from = "ada",
                   .to = "chat",
                   .tx = 20,
                   .status = 503,
                   .diag = 20011,
                   .why = "queue full"}),
     99,
     "note chat-diagnostics [1] The chat service reported 20011 (queue full) on 1 message of "
     "ada@contoso.example, from fe01.contoso.example\n"},
    {"an unknown session", "chat-diagnostics",
     SCRIPT_STEPS({.at = 1,
                   .method = "UPDATE",
                   .from = "ada",
                   .to = "chat",
                   .tx = 1,
                   .status = 481,
                   .kept = true,
                   .diag = 20006,
                   .why = "Unknown session"}),
     9,
     "warning chat-diagnostics [1] The chat service reported 20006 (Unknown session) on 1 message "
     "of "
     "ada@contoso.example, from fe01.contoso.example\n"},
    {"diagnostics on a success", "chat-diagnostics",
     SCRIPT_STEPS({.at = 1,
                   .method = "UPDATE",
                   .from = "ada",
                   .to = "chat",
                   .tx = 1,
                   .status = 200,
                   .diag = 20006}),
     9, ""},
    {"a post refused otherwise than busy, twice: one message", "chat-diagnostics",
     SCRIPT_STEPS(ADA_IN, POSTED(5, 20),
                  {.at = 6,
                   .act = POST,
                   .method = "INFO",
                   .from = "ada",
                   .to = "chat",
                   .tx = 20,
                   .status = 500,
                   .session = 1,
                   .who = "ada",
                   .id = 1,
                   .room = ROOM,
                   .state = POST_REFUSED,
                   .diag = 20007,
                   .why = "error"},
                  POSTED(7, 21),
                  {.at = 8,
                   .act = POST,
                   .method = "INFO",
                   .from = "ada",
                   .to = "chat",
                   .tx = 21,
                   .status = 500,
                   .session = 1,
                   .who = "ada",
                   .id = 1,
                   .room = ROOM,
                   .state = POST_REFUSED,
                   .diag = 20007,
                   .why = "error"}),
     9,
     "warning chat-diagnostics [5 7] The chat service reported 20007 (error) on 1 message of "
     "ada@contoso.example, from "
     "fe01.contoso.example\n"},
    {"and accepted in the end", "chat-diagnostics",
     SCRIPT_STEPS(ADA_IN, POSTED(5, 20),
                  {.at = 6,
                   .act = POST,
                   .method = "INFO",
                   .from = "ada",
                   .to = "chat",
                   .tx = 20,
                   .status = 500,
                   .session = 1,
                   .who = "ada",
                   .id = 1,
                   .room = ROOM,
                   .state = POST_REFUSED,
                   .diag = 20007,
                   .why = "error"},
                  POSTED(7, 21), ACCEPTED(8, 21)),
     9, ""},
    {"a command refused and repeated with success", "chat-diagnostics",
     SCRIPT_STEPS(ADA_IN, COMMANDED(1, 20, 5),
                  {.at = 2,
                   .act = COMMAND,
                   .method = "INFO",
                   .from = "ada",
                   .to = "chat",
                   .tx = 20,
                   .status = 500,
                   .session = 1,
                   .who = "ada",
                   .id = 5,
                   .name = "join",
                   .verb = CHAT_JOIN,
                   .room = ROOM,
                   .state = COMMAND_REFUSED,
                   .diag = 20007,
                   .why = "error"},
                  COMMANDED(3, 21, 6), COMMAND_IS(4, 21, 6, 200, COMMAND_ACCEPTED)),
     9, ""},
};

/* ---- tests ---- */

static void commands_are_answered(void **state)
{
    (void)state;
    check_scripts(commands, sizeof commands / sizeof commands[0]);
}

static void busy_is_tried_again(void **state)
{
    (void)state;
    check_scripts(retries, sizeof retries / sizeof retries[0]);
}

static void services_let_users_in(void **state)
{
    (void)state;
    check_scripts(services, sizeof services / sizeof services[0]);
}

static void remarks_are_about_something_known(void **state)
{
    (void)state;
    check_scripts(remarks, sizeof remarks / sizeof remarks[0]);
}

/* Who found no room is missing from what the rules see; the report says so. */
static void uncounted_sessions_are_told(void **state)
{
    (void)state;
    const struct script script = {.steps = SCRIPT_STEPS(ADA_IN, BO_IN), .end = 10};
    struct limits limits = limits_default();
    limits.sessions = 1;
    char *got = audit_script(&script, &limits, NULL);
    assert_non_null(strstr(got, "coverage-cap"));
    assert_non_null(strstr(got, "sessions"));
    free(got);
}

static void every_beginning_is_survived(void **state)
{
    (void)state;
    check_beginnings(commands, sizeof commands / sizeof commands[0]);
    check_beginnings(retries, sizeof retries / sizeof retries[0]);
    check_beginnings(services, sizeof services / sizeof services[0]);
    check_beginnings(remarks, sizeof remarks / sizeof remarks[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commands_are_answered),
        cmocka_unit_test(busy_is_tried_again),
        cmocka_unit_test(services_let_users_in),
        cmocka_unit_test(remarks_are_about_something_known),
        cmocka_unit_test(uncounted_sessions_are_told),
        cmocka_unit_test(every_beginning_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
