/*
 * Rules about files in chat: each one fired once, and once for each guard kept silent.
 */
#include "tests/unit/audit_script.h"

#define OPS   "ma-chan://contoso.example/0b6f5a52"
#define OTHER "ma-chan://contoso.example/5ac3d1f0"
#define LINK  "ma-filelink://contoso.example/2c9d4f10.docx"

/* A session of ada, whose INVITE was captured, and the response to it. */
#define ADA_IN                                                                                     \
    {                                                                                              \
        .at = 0, .act = SESSION, .method = "INVITE", .from = "ada", .to = "chat", .tx = 11,        \
        .status = 200, .session = 1, .who = "ada", .state = SESSION_CONNECTED                      \
    }
#define ADA_OUT(second)                                                                            \
    {                                                                                              \
        .at = second, .act = SESSION, .method = "ACK", .from = "ada", .to = "chat", .tx = 99,      \
        .session = 1, .who = "ada", .state = SESSION_CLOSED                                        \
    }
/* The client asks, the service gives: by different transactions. What the client sends is called
 * ACK, so that nobody waits for an answer to it. */
#define ASKED(second, transfer, ...)                                                               \
    {                                                                                              \
        .at = second, .act = FILE_STEP, .method = "ACK", .from = "ada", .to = "chat",              \
        .tx = 20 + 2 * transfer, .session = 1, .who = "ada", .id = transfer, .state = FILE_ASKED,  \
        .room = OPS, .name = "plan.docx", __VA_ARGS__                                              \
    }
#define GIVEN(second, transfer, ...) GIVEN_AT(second, transfer, OPS, 7, "https://x/y", __VA_ARGS__)
#define GIVEN_AT(second, transfer, where, number, server, ...)                                     \
    {                                                                                              \
        .at = second, .act = FILE_STEP, .method = "INFO", .from = "chat", .to = "ada",             \
        .tx = 21 + 2 * transfer, .session = 1, .who = "ada", .id = transfer,                       \
        .state = FILE_PERMITTED, .room = where, .name = "plan.docx", .token = number,              \
        .content = server, __VA_ARGS__                                                             \
    }
#define LINKED(second, ...) LINKED_AS(second, POST_SENT, __VA_ARGS__)
#define LINKED_AS(second, how, ...)                                                                \
    {                                                                                              \
        .at = second, .act = POST, .method = "ACK", .from = "ada", .to = "chat",                   \
        .tx = 60 + second, .session = 1, .who = "ada", .id = second, .room = OPS,                  \
        .room_name = "Ops Bridge", .state = how, .membership = MEMBER_JOINED, .text = LINK,        \
        __VA_ARGS__                                                                                \
    }
#define POSTED(second, ...)                                                                        \
    {                                                                                              \
        .at = second, .act = FILE_STEP, .method = "ACK", .from = "ada", .to = "chat",              \
        .tx = 61 + second, .session = 1, .who = "ada", .state = FILE_POSTED, .room = OPS,          \
        __VA_ARGS__                                                                                \
    }
#define CALLED(second, ...)                                                                        \
    {                                                                                              \
        .at = second, .act = WEB_CALL, .token = 7, __VA_ARGS__                                     \
    }
#define SEARCHED(second, said)                                                                     \
    {                                                                                              \
        .at = second, .act = SEARCH, .method = "INFO", .from = "chat", .to = "ada",                \
        .tx = 900 + second, .room = OPS, .file_post = said                                         \
    }
#define GAP(second, source, target)                                                                \
    {                                                                                              \
        .at = second, .act = COVERAGE, .coverage = COVERAGE_GAP, .from = source, .to = target      \
    }

#define READABLE(row)                                                                              \
    "note chat-file-token-readable [" row                                                          \
    "] 1 file token went over connections without encryption, which is as it should be only "      \
    "between servers\n"
#define GAP_UP(row)                                                                                \
    "note coverage-gap [" row                                                                      \
    "] Part of the stream from 192.0.2.21:52311 to 192.0.2.5:5061 was not captured: "              \
    "1460 bytes missing\n"

static const struct script without_token[] = {
    {"no token for half an hour", "chat-file-without-token", SCRIPT_STEPS(ADA_IN, LINKED(2000)),
     2100,
     "warning chat-file-without-token [2] ada@contoso.example posted a link to a file to Ops "
     "Bridge "
     "without having asked for an upload token within 1800 s\n"},
    {"a token was asked for", "chat-file-without-token",
     SCRIPT_STEPS(ADA_IN, ASKED(1000, 1), LINKED(2000)), 2100, ""},
    {"a token was given for a room that is not known", "chat-file-without-token",
     SCRIPT_STEPS(ADA_IN, GIVEN_AT(1000, 1, NULL, 7, "https://x/y"), LINKED(2000)), 2100,
     READABLE("2")},
    {"a token was asked for longer ago, and a token to fetch is none", "chat-file-without-token",
     SCRIPT_STEPS(ADA_IN, ASKED(100, 1), ASKED(1900, 2, .download = true), LINKED(2000)), 2100,
     "warning chat-file-without-token [4] ada@contoso.example posted a link to a file to Ops "
     "Bridge "
     "without having asked for an upload token within 1800 s\n"},
    {"the session is younger than a token's life", "chat-file-without-token",
     SCRIPT_STEPS(ADA_IN, LINKED(1700)), 2100, ""},
    {"the session began before the capture", "chat-file-without-token",
     SCRIPT_STEPS({.at = 0,
                   .act = SESSION,
                   .method = "INFO",
                   .from = "ada",
                   .to = "chat",
                   .tx = 11,
                   .session = 1,
                   .who = "ada",
                   .late_start = true,
                   .state = SESSION_CONNECTED},
                  LINKED(2000, .late_start = true)),
     2100, ""},
    {"the link is an old one", "chat-file-without-token",
     SCRIPT_STEPS(ADA_IN, LINKED_AS(10, POST_HISTORY), LINKED(2000)), 2100, ""},
    {"the command may be in a gap", "chat-file-without-token",
     SCRIPT_STEPS(ADA_IN, GAP(1000, "ada", "chat"), LINKED(2000)), 2100, GAP_UP("2")},
    {"sent again after a refusal", "chat-file-without-token",
     SCRIPT_STEPS(ADA_IN, LINKED(2000, .retry = true)), 2100, ""},
};

static const struct script not_posted[] = {
    {"half an hour without a link", "chat-file-not-posted", SCRIPT_STEPS(ADA_IN, GIVEN(10, 1)),
     2000,
     "note chat-file-not-posted [2] ada@contoso.example got 1 upload token for " OPS
     " (plan.docx) and posted no link to a file within 1800 s\n" READABLE("2")},
    {"posted", "chat-file-not-posted", SCRIPT_STEPS(ADA_IN, GIVEN(10, 1), LINKED(60)), 2000,
     READABLE("2")},
    {"signed out", "chat-file-not-posted", SCRIPT_STEPS(ADA_IN, GIVEN(10, 1), ADA_OUT(500)), 2000,
     READABLE("2")},
    {"the input ends before", "chat-file-not-posted", SCRIPT_STEPS(ADA_IN, GIVEN(10, 1)), 1000,
     READABLE("2")},
    {"the post may be in a gap", "chat-file-not-posted",
     SCRIPT_STEPS(ADA_IN, GIVEN(10, 1), GAP(1000, "ada", "chat")), 2000, READABLE("2") GAP_UP("3")},
    {"a download is not posted", "chat-file-not-posted",
     SCRIPT_STEPS(ADA_IN, GIVEN(10, 1, .download = true)), 2000, READABLE("2")},
};

static const struct script tokens[] = {
    {"for another room, said once", "chat-file-token-misused",
     SCRIPT_STEPS(ADA_IN, GIVEN(10, 1), CALLED(20, .name = "5ac3d1f0"),
                  CALLED(21, .name = "5ac3d1f0")),
     60,
     READABLE("2") "error chat-file-token-misused [2 3] A file token given to "
                   "ada@contoso.example for " OPS
                   " was used by AppendChunk for another room: 5ac3d1f0\n"},
    {"for its room, and for a room that ends alike", "chat-file-token-misused",
     SCRIPT_STEPS(ADA_IN, GIVEN(10, 1), CALLED(20, .name = "0b6f5a52"), CALLED(20)), 60,
     READABLE("2")},
    {"its room is not known", "chat-file-token-misused",
     SCRIPT_STEPS(ADA_IN, GIVEN_AT(10, 1, NULL, 7, "https://x/y"), CALLED(20, .name = "5ac3d1f0")),
     60, READABLE("2")},
    {"nobody saw it given", "chat-file-token-misused",
     SCRIPT_STEPS(ADA_IN, CALLED(20, .name = "5ac3d1f0")), 60, ""},
    {"older than it lives", "chat-file-token-expired",
     SCRIPT_STEPS(ADA_IN, GIVEN(10, 1, .download = true), CALLED(1811), CALLED(1900)), 1950,
     READABLE("2") "error chat-file-token-expired [2 3] A file token given to "
                   "ada@contoso.example for " OPS
                   " was used by AppendChunk when it was 1801 s old: tokens live for 1800 s\n"},
    {"as old as it lives", "chat-file-token-expired",
     SCRIPT_STEPS(ADA_IN, GIVEN(10, 1, .download = true), CALLED(1810)), 1950, READABLE("2")},
    {"given to two, and used for the room of the first", "chat-file-token-repeated",
     SCRIPT_STEPS(ADA_IN, GIVEN(10, 1), GIVEN_AT(20, 2, OTHER, 7, "https://x/y"),
                  CALLED(30, .name = "0b6f5a52")),
     60,
     "note chat-file-token-readable [2 3] 2 file tokens went over connections without encryption, "
     "which is as it should be only between servers\n"
     "warning chat-file-token-repeated [2 3] The file token given to ada@contoso.example for " OTHER
     " had been given out before\n"},
    {"two tokens", "chat-file-token-repeated",
     SCRIPT_STEPS(ADA_IN, GIVEN(10, 1), GIVEN_AT(20, 2, OPS, 8, "https://x/y")), 60,
     "note chat-file-token-readable [2 3] 2 file tokens went over connections without encryption, "
     "which is as it should be only between servers\n"},
    {"without encryption", "chat-file-server-unsafe",
     SCRIPT_STEPS(ADA_IN, GIVEN_AT(10, 1, OPS, 7, "http://x/y")), 60,
     "warning chat-file-server-unsafe [2] 1 file token led to a web service without encryption: "
     "http://x/y\n" READABLE("2")},
    {"no address, and HTTPS in capitals", "chat-file-server-unsafe",
     SCRIPT_STEPS(ADA_IN, GIVEN_AT(10, 1, OPS, 7, NULL), GIVEN_AT(10, 1, OPS, 7, "HTTPS://x/y")),
     60,
     "note chat-file-token-readable [2 3] 2 file tokens went over connections without encryption, "
     "which is as it should be only between servers\n"},
};

static const struct script rooms[] = {
    {"a room that takes none", "chat-file-not-allowed",
     SCRIPT_STEPS(ADA_IN, SEARCHED(10, SAID_NO), POSTED(20)), 60,
     "warning chat-file-not-allowed [2 3] ada@contoso.example posted a file to " OPS
     ", which takes none by its property filepost\n"},
    {"told otherwise since", "chat-file-not-allowed",
     SCRIPT_STEPS(ADA_IN, SEARCHED(10, SAID_NO), SEARCHED(15, SAID_YES), POSTED(20)), 60, ""},
    {"told an hour ago", "chat-file-not-allowed",
     SCRIPT_STEPS(ADA_IN, SEARCHED(10, SAID_NO), POSTED(3700)), 3800, ""},
    {"not told", "chat-file-not-allowed",
     SCRIPT_STEPS(ADA_IN, SEARCHED(10, SAID_NOTHING), POSTED(20)), 60, ""},
};

static void links_need_tokens(void **state)
{
    (void)state;
    check_scripts(without_token, sizeof without_token / sizeof without_token[0]);
}

static void uploads_are_posted(void **state)
{
    (void)state;
    check_scripts(not_posted, sizeof not_posted / sizeof not_posted[0]);
}

static void tokens_are_for_one_room_and_time(void **state)
{
    (void)state;
    check_scripts(tokens, sizeof tokens / sizeof tokens[0]);
}

static void rooms_may_take_no_files(void **state)
{
    (void)state;
    check_scripts(rooms, sizeof rooms / sizeof rooms[0]);
}

static void every_beginning_is_survived(void **state)
{
    (void)state;
    check_beginnings(without_token, sizeof without_token / sizeof without_token[0]);
    check_beginnings(not_posted, sizeof not_posted / sizeof not_posted[0]);
    check_beginnings(tokens, sizeof tokens / sizeof tokens[0]);
    check_beginnings(rooms, sizeof rooms / sizeof rooms[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(links_need_tokens),
        cmocka_unit_test(uploads_are_posted),
        cmocka_unit_test(tokens_are_for_one_room_and_time),
        cmocka_unit_test(rooms_may_take_no_files),
        cmocka_unit_test(every_beginning_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
