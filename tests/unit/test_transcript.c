/*
 * A room as people read a chat: who came and went, who got what, and why not.
 */

#include "tests/unit/report_run.h"

#include "reports/chat_report.h"

#define OPS "ma-chan://contoso.example/ops"
#define OLD "ma-chan://contoso.example/old"
#define ANN "ann@contoso.example"
#define BOB "bob@contoso.example"
#define CY  "cy@contoso.example"
#define DEE "dee@contoso.example"
#define SESSION_OF(number, who)                                                                    \
    {                                                                                              \
        .id = number, .user = SLICE(who), .call_id = SLICE("call")                                 \
    }

#define NAMED(second, where, called)                                                               \
    {                                                                                              \
        .kind = CHANGE_ROOM, .time = AT(second), .as.room = {                                      \
            .uri = SLICE(where),                                                                   \
            .name = SLICE(called)                                                                  \
        }                                                                                          \
    }
#define COMES(second, number, who)                                                                 \
    {                                                                                              \
        .kind = CHANGE_MEMBERSHIP, .time = AT(second), .as.membership = {                          \
            .session = SESSION_OF(number, who),                                                    \
            .room = SLICE(OPS),                                                                    \
            .from = MEMBER_JOINING,                                                                \
            .state = MEMBER_JOINED                                                                 \
        }                                                                                          \
    }
#define GOES(second, number, who, before, why)                                                     \
    {                                                                                              \
        .kind = CHANGE_MEMBERSHIP, .time = AT(second), .as.membership = {                          \
            .session = SESSION_OF(number, who),                                                    \
            .room = SLICE(OPS),                                                                    \
            .from = before,                                                                        \
            .state = MEMBER_NONE,                                                                  \
            .reason = SLICE(why)                                                                   \
        }                                                                                          \
    }
#define POST(second, number, session_, who, what, ...)                                             \
    {                                                                                              \
        .kind = CHANGE_POST, .time = AT(second), .origin = {.time = AT(second), .record = 9},      \
        .as.post = {                                                                               \
            .id = number,                                                                          \
            .session = SESSION_OF(session_, who),                                                  \
            .room = SLICE(OPS),                                                                    \
            .state = what,                                                                         \
            .captured = true,                                                                      \
            .author = SLICE(ANN),                                                                  \
            .ts = TIME_NONE,                                                                       \
            .posted_at = AT(second),                                                               \
            __VA_ARGS__                                                                            \
        }                                                                                          \
    }

static const struct change talk[] = {
    NAMED(0, OPS, "Ops Bridge"),
    COMES(1, 1, ANN),
    COMES(2, 2, BOB),
    COMES(3, 3, CY),
    {.kind = CHANGE_ROSTER,
     .time = AT(4),
     .as.roster = {.session = SESSION_OF(1, ANN),
                   .room = SLICE(OPS),
                   .user = SLICE("eve@contoso.example"),
                   .present = true,
                   .notice = true}},
    POST(10, 1, 1, ANN, POST_SENT,
         .text = SLICE("안녕하세요\r\nمرحبا \xe2\x80\xae"
                       "evil\x1b[2J")),
    POST(10, 1, 1, ANN, POST_ACCEPTED, .text = SLICE("")),
    POST(10, 1, 1, ANN, POST_DELIVERED, .echo = true),
    POST(14, 1, 2, BOB, POST_DELIVERED, .edited = true),
    POST(15, 1, 2, BOB, POST_DUPLICATE, .text = SLICE("")),
    GOES(12, 3, CY, MEMBER_JOINED, "481"),
    GOES(20, 2, BOB, MEMBER_LEAVING, ""),
    POST(30, 2, 1, ANN, POST_SENT, .text = SLICE("ma-filelink://x/y/plan.docx"), .file_link = true),
    POST(30, 2, 1, ANN, POST_ACCEPTED, .text = SLICE("")),
    COMES(40, 4, DEE),
    POST(50, 3, 1, ANN, POST_SENT, .text = SLICE("too fast")),
    POST(50, 3, 1, ANN, POST_REFUSED, .text = SLICE("")),
    POST(60, 2, 4, DEE, POST_HISTORY, .text = SLICE("ma-filelink://x/y/plan.docx")),
    GOES(86400, 1, ANN, MEMBER_JOINED, "bye by service"),
};

#define COVERAGE_TEXT                                                                              \
    "Coverage  full: all SIP that was captured could be read\n"                                    \
    "          streams: 1 read\n"                                                                  \
    "          packets: 9, decoded 9, skipped 0\n"
#define TRANSCRIPT                                                                                 \
    "\nRoom Ops Bridge\n  " OPS "\n"                                                               \
    "  session not captured: eve@contoso.example\n"                                                \
    "\n--- 2026-11-20 ---\n"                                                                       \
    "10:00:01  * ann@contoso.example joined\n"                                                     \
    "10:00:02  * bob@contoso.example joined\n"                                                     \
    "10:00:03  * cy@contoso.example joined\n"                                                      \
    "10:00:04  * eve@contoso.example joined\n"                                                     \
    "10:00:10  ann@contoso.example  #9\n"                                                          \
    "          안녕하세요\n"                                                                  \
    "          مرحبا \\u202eevil\\x1b[2J\n"                                                   \
    "          got it: ann@contoso.example, bob@contoso.example (after 4.000 s, with\n"            \
    "            another text, more than once)\n"                                                  \
    "          did not get it: cy@contoso.example (dialog lost 10:00:12),\n"                       \
    "            dee@contoso.example (not joined yet)\n"                                           \
    "10:00:12  * cy@contoso.example lost the session (481)\n"                                      \
    "10:00:20  * bob@contoso.example left\n"                                                       \
    "10:00:30  ann@contoso.example  [in the history]  #9\n"                                        \
    "          ma-filelink://x/y/plan.docx\n"                                                      \
    "          file: plan.docx\n"                                                                  \
    "          did not get it: ann@contoso.example (no copy seen),\n"                              \
    "            bob@contoso.example (left 10:00:20), cy@contoso.example (dialog lost\n"           \
    "            10:00:12), dee@contoso.example (not joined yet)\n"                                \
    "10:00:40  * dee@contoso.example joined\n"                                                     \
    "10:00:50  ann@contoso.example  [refused]  #9\n"                                               \
    "          too fast\n"                                                                         \
    "          did not get it: ann@contoso.example (refused), bob@contoso.example\n"               \
    "            (left 10:00:20), cy@contoso.example (dialog lost 10:00:12),\n"                    \
    "            dee@contoso.example (refused)\n"                                                  \
    "\n--- 2026-11-21 ---\n"                                                                       \
    "10:00:00  * ann@contoso.example was signed out by the service\n"

static void check(const struct change *more, const char *asked, const char *expected)
{
    struct written written;
    struct report_style style = style_of(REPORT_TEXT);
    const struct limits limits = limits_default();
    const struct chat_query query = {.transcript = slice_of(asked)};
    struct chat_report *report = chat_report_new(&style, &query, test_seed(), &limits);
    const struct sink sink = chat_report_sink(report);
    for (size_t i = 0; i < sizeof talk / sizeof talk[0]; i++) {
        sink.change(sink.context, &talk[i]);
    }
    if (more) {
        sink.change(sink.context, more);
    }
    chat_report_write(report, &plain_summary, written_open(&written));
    chat_report_free(report);
    assert_written(&written, expected);
}

static void reads_like_a_chat(void **state)
{
    (void)state;
    check(NULL, "ops bridge", COVERAGE_TEXT TRANSCRIPT);
    check(NULL, OPS, COVERAGE_TEXT TRANSCRIPT);
}

static void says_when_a_name_is_not_enough(void **state)
{
    (void)state;
    const struct change other = NAMED(5, OLD, "OPS BRIDGE");
    check(&other, "Ops Bridge",
          COVERAGE_TEXT "\n2 rooms have this name; --transcript takes the URI, too:\n  " OPS
                        "\n  " OLD "\n" TRANSCRIPT "\nRoom OPS BRIDGE\n  " OLD
                        "\n  no message was captured\n");
    check(&other, OPS, COVERAGE_TEXT TRANSCRIPT);
    check(NULL, "Nowhere", COVERAGE_TEXT "\nNo chat room was found.\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_like_a_chat),
        cmocka_unit_test(says_when_a_name_is_not_enough),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
