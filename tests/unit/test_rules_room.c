/*
 * Rules about rooms and rosters: each one fired once, and once for each guard kept silent.
 */
#include "tests/unit/audit_script.h"

#define ROOM  "ma-chan://contoso.example/0b6f5a52"
#define OTHER "ma-chan://contoso.example/7d1c9e04"

/* clang-format off */
#define INFO_TO(user, number) .method = "INFO", .from = "chat", .to = user, .tx = number
#define INFO_BY(user, number) .method = "INFO", .from = user, .to = "chat", .tx = number
#define TAKEN(second, user, number) {.at = second, INFO_TO(user, number), .status = 200}
#define OF(number, user) .session = number, .who = user
#define OPENED(second, number, user, ...) \
    {.at = second, .act = SESSION, .method = "INVITE", .from = user, .to = "chat", .tx = 10 + (number), .status = 200, \
     OF(number, user), .state = SESSION_CONNECTED, __VA_ARGS__}
#define JOINING(second, number, user, where) \
    {.at = second, .act = MEMBER, INFO_BY(user, 20 + (number)), OF(number, user), .room = where, \
     .was = MEMBER_NONE, .state = MEMBER_JOINING}
#define JOINED_FROM(second, number, user, where, state_before, ...) \
    {.at = second, .act = MEMBER, INFO_TO(user, 30 + (number)), OF(number, user), .room = where, \
     .was = state_before, .state = MEMBER_JOINED, __VA_ARGS__}, \
    TAKEN(second, user, 30 + (number))
#define JOINED(second, number, user, where, ...) \
    JOINED_FROM(second, number, user, where, MEMBER_NONE, __VA_ARGS__)
#define IN(number, user) OPENED(0, number, user), JOINED(0, number, user, ROOM, .listed = 9)
#define ASKED_HISTORY(second, number, user) \
    {.at = second, .act = COMMAND, INFO_BY(user, 90 + (number)), OF(number, user), .id = 90 + (number), .verb = CHAT_BCCONTEXT, \
     .name = "bccontext", .room = ROOM, .state = COMMAND_SENT}
#define NOTICE_AT(second, number, user, about, in, was_in, member) \
    {.at = second, .act = ROSTER, INFO_TO(user, 100 * (second) + (number)), OF(number, user), .room = ROOM, .peer = about, \
     .present = in, .before = was_in, .notice = true, .membership = member}, \
    TAKEN(second, user, 100 * (second) + (number))
#define NOTICE(second, number, user, about, in) NOTICE_AT(second, number, user, about, in, !(in), MEMBER_JOINED)
#define REPEATED(second, number, user, about, in) NOTICE_AT(second, number, user, about, in, in, MEMBER_JOINED)
#define STRAY(second, number, user, about, member) NOTICE_AT(second, number, user, about, true, false, member)
#define LOST_TO(user, second) {.at = second, .act = COVERAGE, .coverage = COVERAGE_GAP, .from = "chat", .to = user}
#define REPLY_TO(user, second, ...) \
    {.at = second, .act = TOLD_ROOM, INFO_TO(user, 200 + (second)), .verb = CHAT_BJOIN, .code = 200, .room = ROOM, __VA_ARGS__}

static const struct script joins[] = {
    {"a reply leaves a room out", "chat-join-room-missing",
     SCRIPT_STEPS(OPENED(0, 1, "ada"), JOINING(1, 1, "ada", ROOM),
                  {.at = 2, .act = MEMBER, INFO_TO("ada", 31), OF(1, "ada"), .room = ROOM,
                   .was = MEMBER_JOINING, .state = MEMBER_FAILED, .why = "absent"}), 10,
     "warning chat-join-room-missing [2 3] The reply to a join of ada@contoso.example leaves out " ROOM " without saying why\n"},
    {"it leaves out two", "chat-join-room-missing",
     SCRIPT_STEPS(OPENED(0, 1, "ada"), JOINING(1, 1, "ada", ROOM), JOINING(1, 1, "ada", OTHER),
                  {.at = 2, .act = MEMBER, INFO_TO("ada", 31), OF(1, "ada"), .room = ROOM,
                   .was = MEMBER_JOINING, .state = MEMBER_FAILED, .why = "absent"},
                  {.at = 2, .act = MEMBER, INFO_TO("ada", 31), OF(1, "ada"), .room = OTHER,
                   .was = MEMBER_JOINING, .state = MEMBER_FAILED, .why = "absent"}), 10,
     "warning chat-join-room-missing [2 3 4 5] The reply to a join of ada@contoso.example leaves out 2 rooms without saying why\n"},
    {"it refuses the room", "chat-join-room-missing",
     SCRIPT_STEPS(OPENED(0, 1, "ada"), JOINING(1, 1, "ada", ROOM),
                  {.at = 2, .act = MEMBER, INFO_TO("ada", 31), OF(1, "ada"), .room = ROOM,
                   .was = MEMBER_JOINING, .state = MEMBER_FAILED, .why = "OPERATION_FAILED"}), 10, ""},
    {"a room that was not asked for", "chat-join-room-unasked",
     SCRIPT_STEPS(OPENED(0, 1, "ada"),
                  {.at = 2, .act = COMMAND, INFO_TO("ada", 31), OF(1, "ada"), .id = 1, .verb = CHAT_JOIN, .name = "join",
                   .room = ROOM, .state = COMMAND_ANSWERED, .code = 200},
                  {.at = 2, .act = MEMBER, INFO_TO("ada", 31), OF(1, "ada"), .room = OTHER, .was = MEMBER_NONE, .state = MEMBER_JOINED}), 10,
     "warning chat-join-room-unasked [2] The reply to a join of ada@contoso.example puts it into " OTHER ", which it did not ask for\n"},
    {"in the reply to a command that was not captured", "chat-join-room-unasked",
     SCRIPT_STEPS(OPENED(0, 1, "ada"),
                  {.at = 2, .act = MEMBER, INFO_TO("ada", 31), OF(1, "ada"), .room = OTHER, .was = MEMBER_NONE, .state = MEMBER_JOINED}), 10, ""},
    {"something that the session sent is missing", "chat-join-room-unasked",
     SCRIPT_STEPS(OPENED(0, 1, "ada"),
                  {.at = 1, .act = COVERAGE, .coverage = COVERAGE_GAP, .from = "ada", .to = "chat"},
                  {.at = 2, .act = COMMAND, INFO_TO("ada", 31), OF(1, "ada"), .id = 1, .verb = CHAT_JOIN, .name = "join",
                   .room = ROOM, .state = COMMAND_ANSWERED, .code = 200},
                  {.at = 2, .act = MEMBER, INFO_TO("ada", 31), OF(1, "ada"), .room = OTHER, .was = MEMBER_NONE, .state = MEMBER_JOINED}), 10,
     "note coverage-gap [2] Part of the stream from 192.0.2.21:52311 to 192.0.2.5:5061 was not captured: 1460 bytes missing\n"},
};

#define JOIN_AGAIN(second) \
    {.at = second, .act = MEMBER, INFO_BY("ada", 40), .id = 7, OF(1, "ada"), .room = ROOM, .was = MEMBER_JOINED, .state = MEMBER_JOINED}
#define PART_AGAIN(second, ...) \
    {.at = second, .act = MEMBER, INFO_BY("ada", 40), OF(1, "ada"), .room = ROOM, .again = true, .state = MEMBER_NONE, __VA_ARGS__}

static const struct script wishes[] = {
    {"a second join", "chat-room-joined-twice",
     SCRIPT_STEPS(IN(1, "ada"), JOIN_AGAIN(5)), 10,
     "warning chat-room-joined-twice [4] ada@contoso.example asked to join " ROOM ", which that session has joined already\n"},
    {"after a notice of unknown name", "chat-room-joined-twice",
     SCRIPT_STEPS(IN(1, "ada"), {.at = 3, .act = TOLD_ROOM, INFO_TO("ada", 41), .verb = CHAT_VERB_OTHER}, JOIN_AGAIN(5)), 10, ""},
    {"in a session that began before the capture", "chat-room-joined-twice",
     SCRIPT_STEPS(IN(1, "ada"),
                  {.at = 5, .act = MEMBER, INFO_BY("ada", 40), OF(1, "ada"), .room = ROOM, .was = MEMBER_JOINED,
                   .state = MEMBER_JOINED, .late_start = true}), 10, ""},
    {"a part without a join", "chat-part-not-joined",
     SCRIPT_STEPS(OPENED(0, 1, "ada"), PART_AGAIN(5, .late_start = false)), 10,
     "warning chat-part-not-joined [2] ada@contoso.example asked to leave " ROOM " without having joined it\n"},
    {"the session began before the capture", "chat-part-not-joined",
     SCRIPT_STEPS(OPENED(0, 1, "ada"), PART_AGAIN(5, .late_start = true)), 10, ""},
    {"nobody asks for the history", "chat-history-not-asked",
     SCRIPT_STEPS(OPENED(0, 1, "ada"), JOINED_FROM(1, 1, "ada", ROOM, MEMBER_JOINING, .listed = 1)), 40,
     "note chat-history-not-asked [2] No history was asked for within 30 s after 1 join of ada@contoso.example to " ROOM "\n"},
    {"it is asked for", "chat-history-not-asked",
     SCRIPT_STEPS(OPENED(0, 1, "ada"), JOINED_FROM(1, 1, "ada", ROOM, MEMBER_JOINING, .listed = 1), ASKED_HISTORY(5, 1, "ada"), {.at = 5, INFO_BY("ada", 91), .status = 200}), 40,
     ""},
    {"the session leaves first", "chat-history-not-asked",
     SCRIPT_STEPS(OPENED(0, 1, "ada"), JOINED_FROM(1, 1, "ada", ROOM, MEMBER_JOINING, .listed = 1),
                  {.at = 9, .act = MEMBER, .timer = true, OF(1, "ada"), .room = ROOM, .was = MEMBER_JOINED, .state = MEMBER_LEAVING}), 40, ""},
    {"a rename", "chat-room-renamed",
     SCRIPT_STEPS({.at = 1, .act = RENAME, INFO_TO("ada", 31), .room = ROOM, .room_name = "Ops EMEA", .name = "Ops Bridge"}), 10,
     "note chat-room-renamed [1] The room Ops Bridge is called Ops EMEA now\n"},
    {"a name for the first time", "chat-room-renamed",
     SCRIPT_STEPS({.at = 1, .act = RENAME, INFO_TO("ada", 31), .room = ROOM, .room_name = "Ops EMEA"}), 10, ""},
};

static const struct script said[] = {
    {"ids of nobody", "chat-roster-unknown-id",
     SCRIPT_STEPS(REPLY_TO("ada", 1, .roster = "ada ?9 ?12")), 10,
     "error chat-roster-unknown-id [1] The roster that ada@contoso.example was given of " ROOM " lists 2 ids that the reply gives to nobody, the first of them 9\n"},
    {"in a reply that failed", "chat-roster-unknown-id",
     SCRIPT_STEPS({.at = 1, .act = TOLD_ROOM, INFO_TO("ada", 41), .verb = CHAT_JOIN, .code = 403, .room = ROOM, .roster = "ada ?9"}), 10, ""},
    {"users of no room", "chat-roster-unused-user",
     SCRIPT_STEPS(REPLY_TO("ada", 1, .roster = "ada", .unused = 2)), 10,
     "note chat-roster-unused-user [1] A join reply to ada@contoso.example names 2 users whom no room of it lists\n"},
    {"an id twice", "chat-roster-id-repeated",
     SCRIPT_STEPS(REPLY_TO("ada", 1, .roster = "ada bo bo", .repeated = 1)), 10,
     "note chat-roster-id-repeated [1] The roster of " ROOM " given to ada@contoso.example lists 1 id under more than one mask\n"},
    {"who joined is not listed", "chat-roster-without-joiner",
     SCRIPT_STEPS(REPLY_TO("ada", 1, .roster = "bo")), 10,
     "note chat-roster-without-joiner [1] The roster of " ROOM " that came with a join of ada@contoso.example does not list who joined\n"},
    {"an empty roster tells nothing", "chat-roster-without-joiner",
     SCRIPT_STEPS(REPLY_TO("ada", 1, .roster = "")), 10, ""},
    {"a refused room has none", "chat-roster-without-joiner",
     SCRIPT_STEPS(REPLY_TO("ada", 1, .roster = "bo", .why = "OPERATION_FAILED")), 10, ""},
    {"other masks, in replies and notices: one note a mask", "chat-roster-mask-unknown",
     SCRIPT_STEPS(REPLY_TO("ada", 1, .roster = "ada bo/8080 cy/12276"), REPLY_TO("bo", 2, .roster = "bo/8080"),
                  {.at = 3, .act = TOLD_ROOM, INFO_TO("ada", 41), .verb = CHAT_JOIN, .room = ROOM, .roster = "dan/8080"}), 10,
     "note chat-roster-mask-unknown [1 2 3] Unknown permission mask 8080 in " ROOM ", 3 times: read as create child, join, "
     "chat, leave, read history without being joined, see the room, chat in auditorium\n"},
    {"the known ones", "chat-roster-mask-unknown",
     SCRIPT_STEPS(REPLY_TO("ada", 1, .roster = "ada/3984 cy/12276")), 10, ""},
};

static const struct script notices[] = {
    {"in already", "chat-roster-notice-repeated",
     SCRIPT_STEPS(IN(1, "ada"), REPEATED(20, 1, "ada", "dan", true)), 100,
     "note chat-roster-notice-repeated [4] 1 notice about " ROOM " to ada@contoso.example named dan as somebody entering who was in already\n"},
    {"not in, two of them", "chat-roster-notice-repeated",
     SCRIPT_STEPS(IN(1, "ada"), REPEATED(20, 1, "ada", "dan", false), REPEATED(21, 1, "ada", "eli", false)), 100,
     "note chat-roster-notice-repeated [4 6] 2 notices about " ROOM " to ada@contoso.example named somebody leaving who was not in\n"},
    {"right after the join", "chat-roster-notice-repeated",
     SCRIPT_STEPS(IN(1, "ada"), REPEATED(1, 1, "ada", "dan", true)), 100, ""},
    {"a user with a session in the room", "chat-roster-notice-repeated",
     SCRIPT_STEPS(IN(1, "ada"), IN(2, "bo"), REPEATED(20, 1, "ada", "bo", true)), 100, ""},
    {"something before it is missing", "chat-roster-notice-repeated",
     SCRIPT_STEPS(IN(1, "ada"), LOST_TO("ada", 10), REPEATED(20, 1, "ada", "dan", true)), 100,
     "note coverage-gap [4] Part of the stream from 192.0.2.5:5061 to 192.0.2.21:52311 was not captured: 1460 bytes missing\n"},
    {"in a big room", "chat-roster-notice-repeated",
     SCRIPT_STEPS(IN(1, "ada"), {.at = 5, .act = RENAME, .timer = true, .room = ROOM, .suspended = true},
                  REPEATED(20, 1, "ada", "dan", true)), 100, ""},
    {"about a room that the session is not in", "chat-notice-not-joined",
     SCRIPT_STEPS(OPENED(0, 1, "ada"), STRAY(20, 1, "ada", "dan", MEMBER_NONE),
                  STRAY(21, 1, "ada", "eli", MEMBER_NONE)), 100,
     "warning chat-notice-not-joined [2] ada@contoso.example was told that dan entered " ROOM ", where that session is not\n"},
    {"just after it left", "chat-notice-not-joined",
     SCRIPT_STEPS(OPENED(0, 1, "ada"),
                  {.at = 19, .act = MEMBER, INFO_TO("ada", 60), OF(1, "ada"), .room = ROOM, .was = MEMBER_LEAVING, .state = MEMBER_NONE},
                  TAKEN(19, "ada", 60), STRAY(20, 1, "ada", "dan", MEMBER_NONE)), 100, ""},
    {"while it joins", "chat-notice-not-joined",
     SCRIPT_STEPS(OPENED(0, 1, "ada"), STRAY(20, 1, "ada", "dan", MEMBER_JOINING)), 100, ""},
    {"its join may be missing", "chat-notice-not-joined",
     SCRIPT_STEPS(OPENED(0, 1, "ada"), LOST_TO("ada", 10), STRAY(20, 1, "ada", "dan", MEMBER_NONE)), 100,
     "note coverage-gap [2] Part of the stream from 192.0.2.5:5061 to 192.0.2.21:52311 was not captured: 1460 bytes missing\n"},
};

#define ADA_AND_BO IN(1, "ada"), IN(2, "bo")
#define CY_ENTERS(...) OPENED(20, 3, "cy"), JOINED(20, 3, "cy", ROOM, __VA_ARGS__)
#define CY_LEAVES(from_state, ...) \
    {.at = 120, .act = MEMBER, INFO_TO("cy", 60), OF(3, "cy"), .room = ROOM, .was = from_state, .state = MEMBER_NONE, __VA_ARGS__}, \
    TAKEN(120, "cy", 60)
#define CY_COMES CY_ENTERS(.listed = 0), NOTICE(21, 1, "ada", "cy", true), NOTICE(21, 2, "bo", "cy", true)
#define CY_SIGNS_OUT \
    {.at = 120, .act = MEMBER, .method = "BYE", .from = "cy", .to = "chat", .tx = 60, OF(3, "cy"), .room = ROOM, \
     .was = MEMBER_JOINED, .state = MEMBER_NONE, .listed = 2, .why = "bye by client"}, \
    {.at = 120, .method = "BYE", .from = "cy", .to = "chat", .tx = 60, .status = 200}
#define UNTOLD(evidence, how, whom) \
    "warning chat-roster-diverged [" evidence "] " how " " ROOM ", and " whom " got no notice of that within 60 s\n"

static const struct script moves[] = {
    {"bo is not told that cy entered", "chat-roster-diverged",
     SCRIPT_STEPS(ADA_AND_BO, CY_ENTERS(.listed = 0), NOTICE(21, 1, "ada", "cy", true)), 81,
     UNTOLD("8", "cy entered", "1 session in it, of bo@contoso.example,")},
    {"nobody is told", "chat-roster-diverged",
     SCRIPT_STEPS(ADA_AND_BO, CY_ENTERS(.listed = 0)), 81, UNTOLD("8", "cy entered", "2 sessions in it")},
    {"the capture ends before", "chat-roster-diverged",
     SCRIPT_STEPS(ADA_AND_BO, CY_ENTERS(.listed = 0), NOTICE(21, 1, "ada", "cy", true)), 79, ""},
    {"both are told, one of them before", "chat-roster-diverged",
     SCRIPT_STEPS(ADA_AND_BO, NOTICE(19, 2, "bo", "cy", true), CY_ENTERS(.listed = 1), NOTICE(21, 1, "ada", "cy", true)), 200, ""},
    {"cy was in before, by another endpoint", "chat-roster-diverged",
     SCRIPT_STEPS(ADA_AND_BO, CY_ENTERS(.listed = 2)), 200, ""},
    {"something sent to bo is missing", "chat-roster-diverged",
     SCRIPT_STEPS(ADA_AND_BO, CY_ENTERS(.listed = 0), NOTICE(21, 1, "ada", "cy", true), LOST_TO("bo", 22)), 200,
     "note coverage-gap [12] Part of the stream from 192.0.2.5:5061 to 192.0.2.22:52312 was not captured: 1460 bytes missing\n"},
    {"bo has just come himself", "chat-roster-diverged",
     SCRIPT_STEPS(IN(1, "ada"), OPENED(15, 2, "bo"), JOINED(15, 2, "bo", ROOM, .listed = 9),
                  CY_ENTERS(.listed = 0), NOTICE(21, 1, "ada", "cy", true)), 200, ""},
    {"bo leaves in the meantime", "chat-roster-diverged",
     SCRIPT_STEPS(ADA_AND_BO, CY_ENTERS(.listed = 0), NOTICE(21, 1, "ada", "cy", true),
                  {.at = 30, .act = MEMBER, .timer = true, OF(2, "bo"), .room = ROOM, .was = MEMBER_JOINED, .state = MEMBER_LEAVING}), 200, ""},
    {"bo's session began before the capture", "chat-roster-diverged",
     SCRIPT_STEPS(IN(1, "ada"), OPENED(0, 2, "bo", .late_start = true), JOINED(0, 2, "bo", ROOM, .late_start = true),
                  CY_ENTERS(.listed = 0), NOTICE(21, 1, "ada", "cy", true)), 200, ""},
    {"the room was too big once", "chat-roster-diverged",
     SCRIPT_STEPS(ADA_AND_BO, {.at = 5, .act = RENAME, .timer = true, .room = ROOM, .suspended = true},
                  CY_ENTERS(.listed = 0)), 200, ""},
    {"a reply without a roster", "chat-roster-diverged",
     SCRIPT_STEPS(ADA_AND_BO, REPLY_TO("bo", 5, .roster = ""), TAKEN(5, "bo", 205), CY_ENTERS(.listed = 0)), 200, ""},
    {"cy leaves, and bo is not told", "chat-roster-diverged",
     SCRIPT_STEPS(ADA_AND_BO, CY_COMES, CY_LEAVES(MEMBER_LEAVING, .listed = 2), NOTICE(121, 1, "ada", "cy", false)), 190,
     UNTOLD("14", "cy left", "1 session in it, of bo@contoso.example,")},
    {"cy's session ends, and nobody is told", "chat-roster-diverged",
     SCRIPT_STEPS(ADA_AND_BO, CY_COMES, CY_SIGNS_OUT), 190, UNTOLD("14", "cy left", "2 sessions in it")},
    {"cy was in before: another endpoint, not captured, may stay", "chat-roster-diverged",
     SCRIPT_STEPS(ADA_AND_BO, CY_ENTERS(.listed = 2), CY_SIGNS_OUT), 190, ""},
    {"who came after cy cannot tell whose endpoint they were shown", "chat-roster-diverged",
     SCRIPT_STEPS(CY_ENTERS(.listed = 0), OPENED(40, 2, "bo"), JOINED(40, 2, "bo", ROOM, .listed = 9), CY_LEAVES(MEMBER_LEAVING, .listed = 1)), 190, ""},
    {"cy is said to enter a second time", "chat-roster-diverged",
     SCRIPT_STEPS(ADA_AND_BO, CY_COMES, REPEATED(60, 1, "ada", "cy", true), CY_SIGNS_OUT), 190, ""},
    {"cy was in before, and yet ada is told", "chat-roster-diverged",
     SCRIPT_STEPS(ADA_AND_BO, CY_ENTERS(.listed = 2), CY_LEAVES(MEMBER_LEAVING, .listed = 2), NOTICE(121, 1, "ada", "cy", false)), 190,
     UNTOLD("12", "cy is said to have left", "1 session in it, of bo@contoso.example,")},
    {"the others were told that cy left long before", "chat-roster-diverged",
     SCRIPT_STEPS(ADA_AND_BO, CY_COMES, CY_LEAVES(MEMBER_JOINED, .listed = 0)), 190, ""},
    {"a new dialog of the same endpoint", "chat-roster-diverged",
     SCRIPT_STEPS(ADA_AND_BO, CY_COMES, CY_LEAVES(MEMBER_JOINED, .listed = 2, .why = "new dialog")), 190, ""},
    {"the other endpoint stays", "chat-roster-diverged",
     SCRIPT_STEPS(ADA_AND_BO, CY_COMES, OPENED(30, 4, "cy"), JOINED(30, 4, "cy", ROOM, .listed = 3),
                  CY_LEAVES(MEMBER_LEAVING, .listed = 3)), 190, ""},
    {"the other endpoint stays, and its joining was not captured", "chat-roster-diverged",
     SCRIPT_STEPS(ADA_AND_BO, CY_COMES, OPENED(30, 4, "cy"), CY_LEAVES(MEMBER_LEAVING, .listed = 2)), 190, ""},
    {"the notice about somebody whose session is not captured reaches one of two", "chat-roster-diverged",
     SCRIPT_STEPS(ADA_AND_BO, NOTICE(20, 1, "ada", "dan", true)), 81,
     UNTOLD("7", "dan is said to have entered", "1 session in it, of bo@contoso.example,")},
    {"and reaches both", "chat-roster-diverged",
     SCRIPT_STEPS(ADA_AND_BO, NOTICE(20, 1, "ada", "dan", false), NOTICE(21, 2, "bo", "dan", false)), 200, ""},
    {"he leaves again before it is time", "chat-roster-diverged",
     SCRIPT_STEPS(ADA_AND_BO, NOTICE(20, 1, "ada", "dan", true), NOTICE(40, 1, "ada", "dan", false),
                  REPEATED(41, 2, "bo", "dan", false)), 200,
     "note chat-roster-notice-repeated [11] 1 notice about " ROOM " to bo@contoso.example named dan as somebody leaving who was not in\n"},
};
/* clang-format on */

static void test_joins(void **state)
{
    (void)state;
    check_scripts(joins, sizeof joins / sizeof joins[0]);
    check_scripts(wishes, sizeof wishes / sizeof wishes[0]);
}

static void test_what_is_said(void **state)
{
    (void)state;
    check_scripts(said, sizeof said / sizeof said[0]);
}

static void test_notices(void **state)
{
    (void)state;
    check_scripts(notices, sizeof notices / sizeof notices[0]);
}

static void test_moves(void **state)
{
    (void)state;
    check_scripts(moves, sizeof moves / sizeof moves[0]);
}

static void every_beginning_is_survived(void **state)
{
    (void)state;
    check_beginnings(joins, sizeof joins / sizeof joins[0]);
    check_beginnings(wishes, sizeof wishes / sizeof wishes[0]);
    check_beginnings(said, sizeof said / sizeof said[0]);
    check_beginnings(notices, sizeof notices / sizeof notices[0]);
    check_beginnings(moves, sizeof moves / sizeof moves[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_joins),
        cmocka_unit_test(test_what_is_said),
        cmocka_unit_test(test_notices),
        cmocka_unit_test(test_moves),
        cmocka_unit_test(every_beginning_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
