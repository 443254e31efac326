/*
 * Rules about replies: each one fired, and kept silent by each of its guards.
 */
#include "tests/unit/chat_talk.h"

#define OPEN                                                                                       \
    {                                                                                              \
        .at = 0, .who = INVITE, .tx = 1                                                            \
    }
#define OPEN_SECOND                                                                                \
    {                                                                                              \
        .at = 0, .who = INVITE, .tx = 2, .dialog = 2                                               \
    }
#define ASK(ms, number, text)                                                                      \
    {                                                                                              \
        .at = ms, .who = UP, .tx = number, .body = text                                            \
    }
#define TAKEN(ms, number)                                                                          \
    {                                                                                              \
        .at = ms, .who = UP, .tx = number, .status = 200                                           \
    }
#define REFUSED(ms, number)                                                                        \
    {                                                                                              \
        .at = ms, .who = UP, .tx = number, .status = 503                                           \
    }
#define TELL(ms, number, text)                                                                     \
    {.at = ms, .who = DOWN, .tx = number, .body = text},                                           \
    {                                                                                              \
        .at = ms, .who = DOWN, .tx = number, .status = 200                                         \
    }
#define PERM(envid)                CMD(envid, "nodespermcreatechild", "")
#define PERM_REPLY(envid, command) RPL(envid, "nodespermcreatechild", command, "")
#define JOIN(envid)                CMD(envid, "join", "<chanid key=\"0\" domain=\"c\" value=\"ops\"/>")
#define ROOM                       "<chanib uri=\"ma-chan://c/ops\" name=\"Ops Bridge\"/>"

/* A dialog on which something was asked and answered. */
#define ASKED OPEN, ASK(0, 3, PERM("5")), TAKEN(0, 3), TELL(0, 9, PERM_REPLY("8", "5"))

static const struct talk unmatched[] = {
    {"a reply to nothing", "chat-reply-unmatched",
     LINES(ASKED, TELL(1, 10, RPL("9", "join", "7", ROOM))), 9,
     "warning chat-reply-unmatched [6] ada@contoso.example got the chat reply join for "
     "Ops Bridge to a command that was never sent\n"},
    {"a reply before anything was asked may be for the dialog before", "chat-reply-unmatched",
     LINES(OPEN, TELL(1, 10, RPL("9", "join", "7", ROOM))), 9, ""},
    {"history may come unasked", "chat-reply-unmatched",
     LINES(ASKED, TELL(1, 10, RPL("9", "bccontext", "7", ROOM))), 9, ""},
    {"something that the client sent is missing, though only known later", "chat-reply-unmatched",
     LINES(ASKED, {.at = 1, .who = LOST_UP}, TELL(2, 10, RPL("9", "join", "7", ROOM))), 9, ""},
    {"what the service sent is another matter", "chat-reply-unmatched",
     LINES(ASKED, {.at = 1, .who = LOST_DOWN}, TELL(2, 10, RPL("9", "join", "7", ROOM))), 9,
     "warning chat-reply-unmatched [7] ada@contoso.example got the chat reply join for "
     "Ops Bridge to a command that was never sent\n"},
    {"the session was there before", "chat-reply-unmatched",
     LINES({.at = 1, .who = DOWN, .tx = 10, .body = RPL("9", "join", "7", ROOM)}), 9, ""},
    {"over UDP a lost command leaves no trace", "chat-reply-unmatched",
     LINES(ASKED, {.at = 1, .who = DOWN, .tx = 10, .body = RPL("9", "join", "7", ""), .udp = true},
           {.at = 1, .who = DOWN, .tx = 10, .status = 200, .udp = true}),
     9, ""},
    {"one without a command has its own rule", "chat-reply-unmatched",
     LINES(OPEN,
           TELL(1, 10, XCCOS("9", "<rpl id=\"rpl:part\" seqid=\"1\"><resp code=\"200\"/></rpl>"))),
     9,
     "warning chat-reply-incomplete [2] The chat reply part to ada@contoso.example does not name "
     "the command that it answers\n"},
};

static const struct talk incomplete[] = {
    {"without an outcome: failed, for a reason", "chat-reply-incomplete",
     LINES(OPEN, ASK(1, 3, PERM("5")), TAKEN(1, 3),
           TELL(2, 10,
                XCCOS("9", "<rpl id=\"rpl:nodespermcreatechild\" seqid=\"1\"><commandid "
                           "seqid=\"1\" envid=\"5\"/><resp/></rpl>"))),
     9,
     "warning chat-reply-incomplete [4] The chat reply nodespermcreatechild to ada@contoso.example "
     "does not name its outcome\n"},
    {"history without a command", "chat-reply-incomplete",
     LINES(OPEN,
           TELL(1, 10, XCCOS("9", "<rpl id=\"rpl:bccontext\"><resp code=\"200\"/><data/></rpl>"))),
     9, ""},
    {"complete, and failed", "chat-reply-incomplete",
     LINES(OPEN, ASK(1, 3, PERM("5")), TAKEN(1, 3),
           TELL(2, 10, RPL_CODE("9", "nodespermcreatechild", "5", "403", ""))),
     9,
     "warning chat-command-failed [2 3 4] The chat command nodespermcreatechild of "
     "ada@contoso.example failed: 403 TEXT\n"},
};

static const struct talk repeated[] = {
    {"answered twice", "chat-reply-repeated",
     LINES(OPEN, ASK(1, 3, PERM("5")), TAKEN(1, 3), TELL(2, 10, PERM_REPLY("9", "5")),
           TELL(3, 11, PERM_REPLY("10", "5"))),
     9,
     "warning chat-reply-repeated [2 4 6] The chat command nodespermcreatechild of "
     "ada@contoso.example was answered again after its reply\n"},
    {"the same envelope again", "chat-reply-repeated",
     LINES(OPEN, ASK(1, 3, PERM("5")), TAKEN(1, 3), TELL(2, 10, PERM_REPLY("9", "5")),
           TELL(3, 11, PERM_REPLY("9", "5"))),
     9, ""},
    {"the client did not take the first", "chat-reply-repeated",
     LINES(OPEN, ASK(1, 3, PERM("5")), TAKEN(1, 3),
           {.at = 2, .who = DOWN, .tx = 10, .body = PERM_REPLY("9", "5")},
           {.at = 2, .who = DOWN, .tx = 10, .status = 503}, TELL(3, 11, PERM_REPLY("10", "5"))),
     9, ""},
    {"invitations come in batches", "chat-reply-repeated",
     LINES(OPEN, ASK(1, 3, CMD("5", "getinv", "")), TAKEN(1, 3),
           TELL(2, 10, RPL("9", "getinv", "5", "")), TELL(3, 11, RPL("10", "getinv", "5", ""))),
     9, ""},
    {"a command that is not known", "chat-reply-repeated",
     LINES(OPEN, ASK(1, 3, CMD("5", "mood", "")), TAKEN(1, 3),
           TELL(2, 10, RPL("9", "mood", "5", "")), TELL(3, 11, RPL("10", "mood", "5", ""))),
     9,
     "note chat-name-unknown [2] 1 message with cmd:mood, of which nothing is known (from "
     "ada@contoso.example)\n"
     "note chat-name-unknown [4 6] 2 messages with rpl:mood, of which nothing is known (from "
     "chat@contoso.example)\n"},
};

static const struct talk named[] = {
    {"another name", "chat-reply-name",
     LINES(OPEN, ASK(1, 3, PERM("5")), TAKEN(1, 3), TELL(2, 10, RPL("9", "getinv", "5", ""))), 9,
     "warning chat-reply-name [2 4] The chat command nodespermcreatechild of ada@contoso.example "
     "was answered by a reply to another one: getinv\n"},
    {"file tokens, and the short spelling", "chat-reply-name",
     LINES(OPEN, ASK(1, 3, CMD("5", "getfutok", "")), TAKEN(1, 3),
           TELL(2, 10, RPL("9", "getftok", "5", "")), ASK(3, 4, CMD("6", "getfdtok", "")),
           TAKEN(3, 4), TELL(4, 11, RPL("10", "getftok", "6", "")),
           ASK(5, 5, CMD("7", "getserverinfo", "")), TAKEN(5, 5),
           TELL(6, 12, RPL("11", "getservinfo", "7", ""))),
     9, ""},
};

static const struct talk misplaced[] = {
    {"in another dialog", "chat-reply-misplaced",
     LINES(OPEN, ASK(1, 3, JOIN("5")), TAKEN(1, 3), OPEN_SECOND,
           {.at = 2, .who = DOWN, .tx = 10, .dialog = 2, .body = RPL("9", "join", "5", ROOM)},
           {.at = 2, .who = DOWN, .tx = 10, .dialog = 2, .status = 200}),
     60000,
     "warning chat-reply-misplaced [2 5] The reply to the chat command join of ada@contoso.example "
     "for Ops Bridge came in another dialog than the command\n"},
    {"something that the client sent is missing", "chat-reply-misplaced",
     LINES(OPEN, ASK(1, 3, JOIN("5")), TAKEN(1, 3), OPEN_SECOND, {.at = 1, .who = LOST_UP},
           {.at = 2, .who = DOWN, .tx = 10, .dialog = 2, .body = RPL("9", "join", "5", ROOM)},
           {.at = 2, .who = DOWN, .tx = 10, .dialog = 2, .status = 200}),
     60000, ""},
    {"endpoints that cannot be told apart", "chat-reply-misplaced",
     LINES({.at = 0, .who = INVITE, .tx = 1, .epid = ""}, ASK(1, 3, JOIN("5")), TAKEN(1, 3),
           {.at = 2, .who = INVITE, .tx = 2, .dialog = 2, .epid = ""},
           {.at = 2,
            .who = DOWN,
            .tx = 10,
            .dialog = 2,
            .epid = "",
            .body = RPL("9", "join", "5", ROOM)},
           {.at = 2, .who = DOWN, .tx = 10, .dialog = 2, .status = 200, .epid = ""}),
     60000, ""},
};

static const struct talk refused[] = {
    {"refused and answered", "chat-reply-after-refusal",
     LINES(OPEN, ASK(1, 3, PERM("5")), REFUSED(1, 3), TELL(2, 10, PERM_REPLY("9", "5"))), 99000,
     "warning chat-reply-after-refusal [2 4] The chat command nodespermcreatechild of "
     "ada@contoso.example was refused with 503 and answered all the same\n"},
    {"sent again under the same number", "chat-reply-after-refusal",
     LINES(OPEN, ASK(1, 3, PERM("5")), REFUSED(1, 3), ASK(2, 4, PERM("5")), TAKEN(2, 4),
           TELL(3, 10, PERM_REPLY("9", "5"))),
     99000, ""},
    {"the second try may be missing", "chat-reply-after-refusal",
     LINES(OPEN, ASK(1, 3, PERM("5")), REFUSED(1, 3), {.at = 2, .who = LOST_UP},
           TELL(3, 10, PERM_REPLY("9", "5"))),
     99000, ""},
};

static const struct talk slow[] = {
    {"slow twice is one note", "chat-reply-slow",
     LINES(OPEN, ASK(1, 3, PERM("5")), TAKEN(1, 3), TELL(6001, 10, PERM_REPLY("9", "5")),
           ASK(7000, 4, PERM("6")), TAKEN(7000, 4), TELL(14000, 11, PERM_REPLY("10", "6"))),
     15000,
     "note chat-reply-slow [2 4 6 8] The chat command nodespermcreatechild of ada@contoso.example "
     "got its reply only after 6 s (2 times more than 5 s)\n"},
    {"five seconds will do", "chat-reply-slow",
     LINES(OPEN, ASK(1, 3, PERM("5")), TAKEN(1, 3), TELL(5001, 10, PERM_REPLY("9", "5"))), 9000,
     ""},
    {"captured in two places", "chat-reply-slow",
     LINES(OPEN, ASK(1, 3, PERM("5")), TAKEN(1, 3),
           {.at = 6001, .who = DOWN, .tx = 10, .body = PERM_REPLY("9", "5"), .input = 1},
           {.at = 6001, .who = DOWN, .tx = 10, .status = 200, .input = 1}),
     9000, ""},
    {"so slow that another rule speaks", "chat-reply-slow",
     LINES(OPEN, ASK(1, 3, PERM("5")), TAKEN(1, 3), TELL(40001, 10, PERM_REPLY("9", "5"))), 50000,
     "warning chat-command-unanswered [2 3 4] The chat command nodespermcreatechild of "
     "ada@contoso.example got its reply only after 40 s\n"},
};

static const struct talk ended[] = {
    {"the service ends it, two commands are open", "chat-dialog-ended-unanswered",
     LINES(OPEN, ASK(1, 3, PERM("5")), TAKEN(1, 3), ASK(2, 4, JOIN("6")), TAKEN(2, 4),
           {.at = 6000, .who = BYE_DOWN, .tx = 20}),
     60000,
     "warning chat-dialog-ended-unanswered [2 3 4 5 6] The service ended the chat session of "
     "ada@contoso.example with 2 commands unanswered: nodespermcreatechild\n"},
    {"the client gives up", "chat-dialog-ended-unanswered",
     LINES(OPEN, ASK(1, 3, PERM("5")), TAKEN(1, 3), {.at = 6000, .who = BYE_UP, .tx = 20}), 60000,
     "warning chat-dialog-ended-unanswered [2 3 4] The client ended the chat session of "
     "ada@contoso.example with 1 command unanswered: nodespermcreatechild\n"},
    {"too soon to tell", "chat-dialog-ended-unanswered",
     LINES(OPEN, ASK(1, 3, PERM("5")), TAKEN(1, 3), {.at = 4000, .who = BYE_UP, .tx = 20}), 60000,
     ""},
    {"not accepted", "chat-dialog-ended-unanswered",
     LINES(OPEN, ASK(1, 3, PERM("5")), {.at = 6000, .who = BYE_UP, .tx = 20}, TAKEN(6001, 3)),
     60000, ""},
    {"the reply crosses the BYE", "chat-dialog-ended-unanswered",
     LINES(OPEN, ASK(1, 3, PERM("5")), TAKEN(1, 3), {.at = 4900, .who = DOWN, .tx = 30},
           {.at = 4900, .who = DOWN, .tx = 30, .status = 200},
           {.at = 5005, .who = BYE_UP, .tx = 20}, TELL(5006, 10, PERM_REPLY("9", "5"))),
     60000,
     "note chat-reply-slow [2 7] The chat command nodespermcreatechild of ada@contoso.example got "
     "its reply only after 5 s\n"},
    {"something that the service sent is missing", "chat-dialog-ended-unanswered",
     LINES(OPEN, ASK(1, 3, PERM("5")), TAKEN(1, 3), {.at = 3000, .who = LOST_DOWN},
           {.at = 6000, .who = BYE_UP, .tx = 20}),
     60000, ""},
    {"open for so long that another rule speaks", "chat-dialog-ended-unanswered",
     LINES(OPEN, ASK(1, 3, PERM("5")), TAKEN(1, 3), {.at = 40000, .who = BYE_UP, .tx = 20}), 60000,
     "error chat-command-unanswered [2 3] The chat command nodespermcreatechild of "
     "ada@contoso.example was accepted and got no reply within 30 s\n"},
    {"the session was there before", "chat-dialog-ended-unanswered",
     LINES({.at = 0, .who = INVITE, .tx = 1, .middle = true}, ASK(1, 3, PERM("5")), TAKEN(1, 3),
           {.at = 6000, .who = BYE_UP, .tx = 20, .middle = true}),
     60000, ""},
    {"a command of which nothing is known", "chat-dialog-ended-unanswered",
     LINES(OPEN, ASK(1, 3, CMD("5", "mood", "")), TAKEN(1, 3),
           {.at = 6000, .who = BYE_UP, .tx = 20}),
     60000,
     "note chat-name-unknown [2] 1 message with cmd:mood, of which nothing is known (from "
     "ada@contoso.example)\n"},
};

static const struct {
    const struct talk *talks;
    size_t count;
} parts[] = {
    {unmatched, sizeof unmatched / sizeof unmatched[0]},
    {incomplete, sizeof incomplete / sizeof incomplete[0]},
    {repeated, sizeof repeated / sizeof repeated[0]},
    {named, sizeof named / sizeof named[0]},
    {misplaced, sizeof misplaced / sizeof misplaced[0]},
    {refused, sizeof refused / sizeof refused[0]},
    {slow, sizeof slow / sizeof slow[0]},
    {ended, sizeof ended / sizeof ended[0]},
};

static void test_talks(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        check_talks(parts[i].talks, parts[i].count);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_talks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
