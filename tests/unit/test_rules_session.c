/*
 * Rules about the dialogs of chat sessions and the way to them, as scripts: what fires
 * each, and what keeps it silent.
 */
#include "tests/unit/audit_script.h"

/* clang-format off */
#define ADA_TO_CHAT(time, what, transaction, row) \
    .at = (time), .method = (what), .from = "ada", .to = "chat", .tx = (transaction), .dialog = (row)
#define CHAT_TO_ADA(time, what, transaction, row) \
    .at = (time), .method = (what), .from = "chat", .to = "ada", .tx = (transaction), .dialog = (row)

/* A request of the client or the service, and the other side's answer. */
#define SENDS(time, what, transaction, row)        {ADA_TO_CHAT(time, what, transaction, row)}
#define ANSWERED(time, what, transaction, row, code) {ADA_TO_CHAT(time, what, transaction, row), .status = (code)}
#define GETS(time, what, transaction, row)         {CHAT_TO_ADA(time, what, transaction, row)}
#define ANSWERS(time, what, transaction, row, code) {CHAT_TO_ADA(time, what, transaction, row), .status = (code)}

/* The session opens on that row: INVITE, 200 with Session-Expires (0 = none), ACK. */
#define OPENS_WITH(time, row, seconds) \
    {ADA_TO_CHAT(time, "INVITE", 100 * (row), row), .act = SESSION, .session = 1, .who = "ada", .state = SESSION_INVITING}, \
    {ADA_TO_CHAT(time, "INVITE", 100 * (row), row), .status = 200, .act = SESSION, .session = 1, .who = "ada", .state = SESSION_CONNECTED, .expires = (seconds)}
#define OPENS(time, row) OPENS_WITH(time, row, 0), SENDS(time, "ACK", 100 * (row) + 1, row)
#define ASKS(time, transaction, row)  {ADA_TO_CHAT(time, "INFO", transaction, row), .act = ASK, .verb = CHAT_GETINV, .name = "x"}
#define CLOSES(time, what, transaction, row, code) \
    {ADA_TO_CHAT(time, what, transaction, row), .status = (code), .act = SESSION, .session = 1, .who = "ada", .state = SESSION_CLOSED}

static const struct script lost[] = {
    {"nothing comes after a 481, though the client is there", "chat-session-lost",
     SCRIPT_STEPS(OPENS(1, 7), SENDS(9, "UPDATE", 1, 7), CLOSES(9, "UPDATE", 1, 7, 481), SENDS(80, "OPTIONS", 2, 9), ANSWERED(80, "OPTIONS", 2, 9, 200)),
     90, "warning chat-session-lost [5] The chat service chat@contoso.example no longer knew the session of "
         "ada@contoso.example (481 to UPDATE), and the client did not open a new one within 60 s\n"},
    {"a new session comes too late", "chat-session-lost",
     SCRIPT_STEPS(OPENS(1, 7), SENDS(9, "UPDATE", 1, 7), CLOSES(9, "UPDATE", 1, 7, 481), OPENS(84, 8)),
     90, "warning chat-session-lost [5 6] The chat service chat@contoso.example no longer knew the session of "
         "ada@contoso.example (481 to UPDATE), and the client opened a new one only after 75 s\n"},
    {"a new session comes in time", "chat-session-lost",
     SCRIPT_STEPS(OPENS(1, 7), SENDS(9, "UPDATE", 1, 7), CLOSES(9, "UPDATE", 1, 7, 481), OPENS(20, 8), SENDS(80, "OPTIONS", 2, 9), ANSWERED(80, "OPTIONS", 2, 9, 200)),
     90, ""},
    {"the client is heard of no more", "chat-session-lost",
     SCRIPT_STEPS(OPENS(1, 7), SENDS(9, "UPDATE", 1, 7), CLOSES(9, "UPDATE", 1, 7, 481)), 90, ""},
    {"it signs out", "chat-session-lost",
     SCRIPT_STEPS(OPENS(1, 7), SENDS(9, "UPDATE", 1, 7), CLOSES(9, "UPDATE", 1, 7, 481),
                  {ADA_TO_CHAT(20, "REGISTER", 3, 9), .expires = -1}, {ADA_TO_CHAT(20, "REGISTER", 3, 9), .expires = -1, .status = 200},
                  SENDS(80, "OPTIONS", 2, 9), ANSWERED(80, "OPTIONS", 2, 9, 200)),
     90, ""},
    {"the new INVITE may have been missed", "chat-session-lost",
     SCRIPT_STEPS(OPENS(1, 7), SENDS(9, "UPDATE", 1, 7), CLOSES(9, "UPDATE", 1, 7, 481),
                  {.at = 30, .act = COVERAGE, .from = "ada", .to = "chat", .coverage = COVERAGE_GAP},
                  SENDS(80, "OPTIONS", 2, 9), ANSWERED(80, "OPTIONS", 2, 9, 200)),
     90, "note coverage-gap [6] Part of the stream from 192.0.2.21:52311 to 192.0.2.5:5061 was not captured: 1460 bytes missing\n"},
    {"the capture ends before the time is over", "chat-session-lost",
     SCRIPT_STEPS(OPENS(1, 7), SENDS(9, "UPDATE", 1, 7), CLOSES(9, "UPDATE", 1, 7, 481), SENDS(40, "OPTIONS", 2, 9), ANSWERED(40, "OPTIONS", 2, 9, 200)),
     50, ""},
};

static const struct script outside[] = {
    {"a command long after the BYE", "chat-info-outside-dialog",
     SCRIPT_STEPS(OPENS(1, 7), SENDS(9, "BYE", 1, 7), ANSWERED(9, "BYE", 1, 7, 200), SENDS(12, "INFO", 2, 7), ANSWERED(12, "INFO", 2, 7, 481)),
     20, "warning chat-info-outside-dialog [5 6] ada@contoso.example sent INFO to chat@contoso.example on a chat dialog that had been ended by BYE\n"},
    {"what crosses the BYE", "chat-info-outside-dialog",
     SCRIPT_STEPS(OPENS(1, 7), SENDS(9, "BYE", 1, 7), ANSWERED(9, "BYE", 1, 7, 200), SENDS(10, "INFO", 2, 7), ANSWERED(10, "INFO", 2, 7, 481)),
     20, ""},
    {"a BYE that was never answered, and one that was challenged", "chat-info-outside-dialog",
     SCRIPT_STEPS(OPENS(1, 7), SENDS(9, "BYE", 1, 7), ANSWERED(9, "BYE", 1, 7, 401), SENDS(12, "INFO", 2, 7), ANSWERED(12, "INFO", 2, 7, 200)),
     20, ""},
    {"the ACK comes long after the first command", "chat-info-outside-dialog",
     SCRIPT_STEPS(OPENS_WITH(1, 7, 0), SENDS(2, "INFO", 3, 7), ANSWERED(2, "INFO", 3, 7, 200), SENDS(5, "ACK", 2, 7)),
     20, "warning chat-info-outside-dialog [2 5] ada@contoso.example sent INFO to chat@contoso.example on a chat dialog long before it acknowledged its answer (ACK)\n"},
    {"the ACK may have been missed", "chat-info-outside-dialog",
     SCRIPT_STEPS(OPENS_WITH(1, 7, 0), {.at = 1, .act = COVERAGE, .from = "ada", .to = "chat", .coverage = COVERAGE_GAP},
                  SENDS(2, "INFO", 3, 7), ANSWERED(2, "INFO", 3, 7, 200), SENDS(5, "ACK", 2, 7)),
     20, "note coverage-gap [3] Part of the stream from 192.0.2.21:52311 to 192.0.2.5:5061 was not captured: 1460 bytes missing\n"},
    {"the ACK is that of a later INVITE", "chat-info-outside-dialog",
     SCRIPT_STEPS(OPENS_WITH(1, 7, 0), SENDS(2, "INFO", 3, 7), ANSWERED(2, "INFO", 3, 7, 200), SENDS(5, "ACK", 4, 7)),
     20, ""},
    {"datagrams overtake each other", "chat-info-outside-dialog",
     SCRIPT_STEPS(OPENS_WITH(1, 7, 0), SENDS(2, "INFO", 3, 7), ANSWERED(2, "INFO", 3, 7, 200), {ADA_TO_CHAT(5, "ACK", 2, 7), .udp = true}),
     20, ""},
};

static const struct script stale[] = {
    {"disowned; the current dialog is named", "chat-dialog-disowned",
     SCRIPT_STEPS(OPENS(1, 7), OPENS(5, 8), GETS(9, "INFO", 1, 7), ANSWERS(9, "INFO", 1, 7, 487)),
     20, "warning chat-dialog-disowned [8] The chat service chat@contoso.example still wrote to ada@contoso.example on a dialog "
         "that the client no longer knows (487); its current one has Call-ID ada\n"},
    {"487 to an INVITE is another thing, and so is one of the service", "chat-dialog-disowned",
     SCRIPT_STEPS(OPENS(1, 7), SENDS(9, "INFO", 1, 7), ANSWERED(9, "INFO", 1, 7, 487)), 20, ""},
    {"it goes on and on", "chat-stale-dialog-continued",
     SCRIPT_STEPS(OPENS(1, 7), GETS(9, "INFO", 1, 7), ANSWERS(9, "INFO", 1, 7, 487), GETS(15, "INFO", 2, 7), GETS(18, "INFO", 3, 7), GETS(40, "INFO", 4, 7)),
     41, "warning chat-dialog-disowned [5] The chat service chat@contoso.example still wrote to ada@contoso.example on a dialog that the client no longer knows (487)\n"
         "error chat-stale-dialog-continued [5 6 7 8] The chat service chat@contoso.example went on writing to ada@contoso.example "
         "for more than 5 s on a dialog that the client had disowned (487)\n"},
    {"one may have been on its way", "chat-stale-dialog-continued",
     SCRIPT_STEPS(OPENS(1, 7), GETS(9, "INFO", 1, 7), ANSWERS(9, "INFO", 1, 7, 487), GETS(13, "INFO", 2, 7), GETS(14, "INFO", 3, 7), GETS(18, "INFO", 4, 7)),
     20, "warning chat-dialog-disowned [5] The chat service chat@contoso.example still wrote to ada@contoso.example on a dialog that the client no longer knows (487)\n"},
};

static const struct script timers[] = {
    {"silent all the time, and ended when it is over", "chat-session-timer-missed",
     SCRIPT_STEPS(OPENS_WITH(1, 7, 300), GETS(301, "BYE", 1, 7), ANSWERS(301, "BYE", 1, 7, 200)),
     320, "error chat-session-timer-missed [2 4] The chat session of ada@contoso.example with chat@contoso.example has a timer of "
          "300 s and was not refreshed; the service ended it 300 s after it was last renewed\n"},
    {"ended a little before, as it may be; the client wrote in between", "chat-session-timer-missed",
     SCRIPT_STEPS(OPENS_WITH(1, 7, 300), SENDS(100, "INFO", 2, 7), ANSWERED(100, "INFO", 2, 7, 200), GETS(270, "BYE", 1, 7), ANSWERS(270, "BYE", 1, 7, 200)),
     320, "warning chat-session-timer-missed [2 6] The chat session of ada@contoso.example with chat@contoso.example has a timer of "
          "300 s and was not refreshed; the service ended it 269 s after it was last renewed\n"},
    {"refreshed by UPDATE; ended for another reason", "chat-session-timer-missed",
     SCRIPT_STEPS(OPENS_WITH(1, 7, 300), SENDS(200, "UPDATE", 2, 7), ANSWERED(200, "UPDATE", 2, 7, 200), GETS(301, "BYE", 1, 7), ANSWERS(301, "BYE", 1, 7, 200)), 320, ""},
    {"refreshed by INVITE", "chat-session-timer-missed",
     SCRIPT_STEPS(OPENS_WITH(1, 7, 300), {ADA_TO_CHAT(200, "INVITE", 2, 7), .inside = true}, {ADA_TO_CHAT(200, "INVITE", 2, 7), .status = 200},
                  GETS(301, "BYE", 1, 7), ANSWERS(301, "BYE", 1, 7, 200)), 320, ""},
    {"a refresh was sent and not answered", "chat-session-timer-missed",
     SCRIPT_STEPS(OPENS_WITH(1, 7, 300), SENDS(290, "UPDATE", 2, 7), ANSWERED(290, "UPDATE", 2, 7, 500), GETS(301, "BYE", 1, 7), ANSWERS(301, "BYE", 1, 7, 200)), 320, ""},
    {"the client does not know the dialog: it crashed", "chat-session-timer-missed",
     SCRIPT_STEPS(OPENS_WITH(1, 7, 300), GETS(301, "BYE", 1, 7), ANSWERS(301, "BYE", 1, 7, 481)), 320, ""},
    {"it has another dialog by then", "chat-session-timer-missed",
     SCRIPT_STEPS(OPENS_WITH(1, 7, 300), OPENS(200, 8), GETS(301, "BYE", 1, 7), ANSWERS(301, "BYE", 1, 7, 200)), 320, ""},
    {"no timer was agreed on; the client ends it; far too early", "chat-session-timer-missed",
     SCRIPT_STEPS(OPENS_WITH(1, 7, 0), GETS(301, "BYE", 1, 7), ANSWERS(301, "BYE", 1, 7, 200),
                  OPENS_WITH(302, 8, 300), SENDS(610, "BYE", 2, 8), ANSWERED(610, "BYE", 2, 8, 200),
                  OPENS_WITH(611, 9, 300), GETS(800, "BYE", 3, 9), ANSWERS(800, "BYE", 3, 9, 200)), 820, ""},
    {"a refresh may have been missed", "chat-session-timer-missed",
     SCRIPT_STEPS(OPENS_WITH(1, 7, 300), {.at = 200, .act = COVERAGE, .from = "ada", .to = "chat", .coverage = COVERAGE_GAP},
                  GETS(301, "BYE", 1, 7), ANSWERS(301, "BYE", 1, 7, 200)),
     320, "note coverage-gap [3] Part of the stream from 192.0.2.21:52311 to 192.0.2.5:5061 was not captured: 1460 bytes missing\n"},
};

#define ANOTHER_TRY(time, with) {ADA_TO_CHAT(time, "INFO", 1, 7), .branch = (with), .role = MESSAGE_ANOTHER_HOP, .same_net = true, .cseq = 5}

static const struct script others[] = {
    {"a command on the first dialog after one on the second", "chat-two-dialogs",
     SCRIPT_STEPS(OPENS(1, 7), ASKS(2, 1, 7), OPENS(3, 8), ASKS(4, 2, 8), ASKS(9, 3, 7)),
     20, "warning chat-two-dialogs [8 9] One endpoint of ada@contoso.example gives chat commands on two dialogs side by side; the other has Call-ID ada\n"},
    {"crossing; one dialog after the other", "chat-two-dialogs",
     SCRIPT_STEPS(OPENS(1, 7), ASKS(2, 1, 7), OPENS(3, 8), ASKS(4, 2, 8), ASKS(5, 3, 7), ASKS(20, 4, 8)), 30, ""},
    {"the first is a lookup", "chat-two-dialogs",
     SCRIPT_STEPS({ADA_TO_CHAT(1, "INVITE", 1, 7), .act = SESSION, .session = 2, .who = "ada", .state = SESSION_CONNECTED, .lookup = true},
                  ASKS(2, 2, 7), OPENS(3, 8), ASKS(4, 3, 8), ASKS(9, 4, 7)), 20, ""},
    {"the first began before the capture", "chat-two-dialogs",
     SCRIPT_STEPS({ADA_TO_CHAT(1, "INFO", 1, 7), .act = SESSION, .session = 1, .who = "ada", .state = SESSION_CONNECTED, .late_start = true},
                  ASKS(2, 2, 7), OPENS(3, 8), ASKS(4, 3, 8), ASKS(9, 4, 7)), 20, ""},
    {"thrown out at the first command", "chat-user-not-enabled",
     SCRIPT_STEPS(OPENS(1, 7), ASKS(2, 1, 7), ANSWERED(2, "INFO", 1, 7, 200), GETS(3, "BYE", 2, 7), ANSWERS(3, "BYE", 2, 7, 200)),
     20, "warning chat-user-not-enabled [4 6] The chat service chat@contoso.example ended the session of ada@contoso.example 1 s after "
         "the first command instead of replying: the user is probably not enabled for chat\n"},
    {"the service says why: nothing else need be known", "chat-user-not-enabled",
     SCRIPT_STEPS({CHAT_TO_ADA(3, "BYE", 2, 7), .diag = 20010, .why = "not provisioned"}),
     20, "warning chat-user-not-enabled [1] The chat service chat@contoso.example ended the session of ada@contoso.example, who is not enabled for chat: 20010 (not provisioned)\n"},
    {"after a reply; after a while; by the client", "chat-user-not-enabled",
     SCRIPT_STEPS(OPENS(1, 7), ASKS(2, 1, 7), {CHAT_TO_ADA(2, "INFO", 2, 7), .act = REPLY, .verb = CHAT_GETINV, .code = 200}, GETS(3, "BYE", 3, 7),
                  OPENS(11, 8), ASKS(12, 4, 8), GETS(15, "BYE", 5, 8), OPENS(21, 9), ASKS(22, 6, 9), SENDS(23, "BYE", 7, 9), ANSWERED(23, "BYE", 7, 9, 200)),
     30, ""},
    {"the reply may have been missed", "chat-user-not-enabled",
     SCRIPT_STEPS(OPENS(1, 7), ASKS(2, 1, 7), ANSWERED(2, "INFO", 1, 7, 200), {.at = 3, .act = COVERAGE, .from = "chat", .to = "ada", .coverage = COVERAGE_GAP},
                  GETS(3, "BYE", 2, 7), ANSWERS(3, "BYE", 2, 7, 200)),
     20, "note coverage-gap [6] Part of the stream from 192.0.2.5:5061 to 192.0.2.21:52311 was not captured: 1460 bytes missing\n"},
    {"again under the refused CSeq", "chat-retry-reuses-cseq",
     SCRIPT_STEPS(OPENS(1, 7), {ADA_TO_CHAT(2, "INFO", 1, 7), .branch = "a", .cseq = 5}, ANSWERED(3, "INFO", 1, 7, 503), ANOTHER_TRY(5, "b")),
     20, "error chat-retry-reuses-cseq [5 6] ada@contoso.example sent an INFO that was refused with 503 again under the same CSeq 5, as if it were a retransmission\n"},
    {"before it was refused, on another hop, or without a branch", "chat-retry-reuses-cseq",
     SCRIPT_STEPS(OPENS(1, 7), {ADA_TO_CHAT(2, "INFO", 1, 7), .branch = "a", .cseq = 5}, ANOTHER_TRY(3, "b"), ANSWERED(4, "INFO", 1, 7, 503),
                  {ADA_TO_CHAT(5, "INFO", 1, 7), .branch = "c", .role = MESSAGE_ANOTHER_HOP, .cseq = 5}, ANOTHER_TRY(5, NULL)),
     20, ""},
};
/* clang-format on */

/* clang-format off */
#define LOOKUP(row) \
    {ADA_TO_CHAT(1, "INVITE", 100 * (row), row), .act = SESSION, .session = 2, .who = "ada", .state = SESSION_CONNECTED, .lookup = true}, ANSWERED(1, "INVITE", 100 * (row), row, 200), \
    {CHAT_TO_ADA(2, "INFO", 1, row), .act = REPLY, .verb = CHAT_REQURI, .code = 200, .name = "gc01@contoso.example"}, ANSWERS(2, "INFO", 1, row, 200)
#define LEAVES_LOOKUP(time, row) \
    {ADA_TO_CHAT(time, "BYE", 2, row), .act = SESSION, .session = 2, .who = "ada", .state = SESSION_CLOSED, .lookup = true}, ANSWERED(time, "BYE", 2, row, 200)
#define GOES_TO(time, place, row) \
    {.at = (time), .method = "INVITE", .from = "ada", .to = (place), .tx = 100 * (row), .dialog = (row), .act = SESSION, .session = 1, .who = "ada", .state = SESSION_INVITING, .named = (place)}, \
    {.at = (time), .method = "INVITE", .from = "ada", .to = (place), .tx = 100 * (row), .dialog = (row), .status = 200, .act = SESSION, .session = 1, .who = "ada", .state = SESSION_CONNECTED, .named = (place)}
#define STILL_HERE(time) SENDS(time, "OPTIONS", 900, 99), ANSWERED(time, "OPTIONS", 900, 99, 200)
#define TOLD(transaction) SENDS(3, "INFO", transaction, 7), ANSWERED(3, "INFO", transaction, 7, 200)
#define BUSY(transaction) SENDS(4, "INFO", transaction, 7), ANSWERED(4, "INFO", transaction, 7, 503)

static const struct script lookups[] = {
    {"told where to go, and does not", "chat-redirect-not-followed",
     SCRIPT_STEPS(LOOKUP(7), LEAVES_LOOKUP(3, 7), STILL_HERE(40)),
     50, "warning chat-redirect-not-followed [3] The lookup sent ada@contoso.example to gc01@contoso.example, and no session was opened there within 30 s\n"},
    {"goes elsewhere", "chat-redirect-not-followed",
     SCRIPT_STEPS(LOOKUP(7), LEAVES_LOOKUP(3, 7), GOES_TO(4, "gc02@contoso.example", 8), STILL_HERE(40)),
     50, "warning chat-redirect-not-followed [3 7] The lookup sent ada@contoso.example to gc01@contoso.example, and the client opened its session with another service\n"},
    {"goes there", "chat-redirect-not-followed",
     SCRIPT_STEPS(LOOKUP(7), LEAVES_LOOKUP(3, 7), GOES_TO(4, "gc01@contoso.example", 8), STILL_HERE(40)), 50, ""},
    {"is not heard of any more", "chat-redirect-not-followed", SCRIPT_STEPS(LOOKUP(7), LEAVES_LOOKUP(3, 7)), 50, ""},
    {"the INVITE may have been missed", "chat-redirect-not-followed",
     SCRIPT_STEPS(LOOKUP(7), LEAVES_LOOKUP(3, 7), {.at = 5, .act = COVERAGE, .from = "ada", .to = "chat", .coverage = COVERAGE_GAP}, STILL_HERE(40)),
     50, "note coverage-gap [7] Part of the stream from 192.0.2.21:52311 to 192.0.2.5:5061 was not captured: 1460 bytes missing\n"},
    {"the lookup stays open", "chat-lookup-left-open",
     SCRIPT_STEPS(LOOKUP(7), GOES_TO(4, "gc01@contoso.example", 8), STILL_HERE(40)),
     50, "note chat-lookup-left-open [3] 1 lookup dialog with chat@contoso.example stayed open for more than 30 s after the address was given\n"},
    {"the BYE may have been missed", "chat-lookup-left-open",
     SCRIPT_STEPS(LOOKUP(7), GOES_TO(4, "gc01@contoso.example", 8), {.at = 5, .act = COVERAGE, .from = "ada", .to = "chat", .coverage = COVERAGE_GAP}, STILL_HERE(40)),
     50, "note coverage-gap [7] Part of the stream from 192.0.2.21:52311 to 192.0.2.5:5061 was not captured: 1460 bytes missing\n"},
    {"half of ten are too many", "chat-service-overloaded",
     SCRIPT_STEPS(OPENS(1, 7), TOLD(1), TOLD(2), TOLD(3), TOLD(4), BUSY(5), BUSY(6), BUSY(7), BUSY(8), BUSY(9), BUSY(10)),
     20, "warning chat-service-overloaded [13 15 17 19 21 23] The chat service chat@contoso.example was too busy for half of what it was asked or more: "
         "it refused 6 requests within 60 s\n"},
    {"nine say nothing; fewer than half are normal", "chat-service-overloaded",
     SCRIPT_STEPS(OPENS(1, 7), TOLD(1), TOLD(2), TOLD(3), BUSY(5), BUSY(6), BUSY(7), BUSY(8), BUSY(9)), 20, ""},
    {"posts without a timestamp are no load", "chat-service-overloaded",
     SCRIPT_STEPS(OPENS(1, 7), TOLD(1), TOLD(2), TOLD(3), TOLD(4), BUSY(5), BUSY(6), BUSY(7), BUSY(8), SENDS(4, "INFO", 9, 7),
                  {ADA_TO_CHAT(4, "INFO", 9, 7), .status = 503, .act = POST, .id = 1, .session = 1, .who = "ada", .room = "r", .state = POST_REFUSED, .no_ts = true}),
     20, ""},
};
/* clang-format on */

static void check(const struct script *scripts, size_t count)
{
    check_scripts(scripts, count);
    check_beginnings(scripts, count);
}

#define CHECK(scripts) check(scripts, sizeof(scripts) / sizeof(scripts)[0])

static void lost_sessions(void **state)
{
    (void)state;
    CHECK(lost);
}

static void requests_outside_dialogs(void **state)
{
    (void)state;
    CHECK(outside);
}

static void disowned_dialogs(void **state)
{
    (void)state;
    CHECK(stale);
}

static void session_timers(void **state)
{
    (void)state;
    CHECK(timers);
}

static void lookups_and_load(void **state)
{
    (void)state;
    CHECK(lookups);
}

static void other_rules(void **state)
{
    (void)state;
    CHECK(others);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lost_sessions),    cmocka_unit_test(requests_outside_dialogs),
        cmocka_unit_test(disowned_dialogs), cmocka_unit_test(session_timers),
        cmocka_unit_test(lookups_and_load), cmocka_unit_test(other_rules),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
