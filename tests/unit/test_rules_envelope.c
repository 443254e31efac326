/*
 * Rules about envelopes: each one fired, and kept silent by each of its guards.
 */
#include "tests/unit/chat_talk.h"

#define OPEN                                                                                       \
    {                                                                                              \
        .at = 0, .who = INVITE, .tx = 1                                                            \
    }
#define TAKEN(ms, number)                                                                          \
    {                                                                                              \
        .at = ms, .who = UP, .tx = number, .status = 200                                           \
    }
#define GIVEN(ms, number)                                                                          \
    {                                                                                              \
        .at = ms, .who = DOWN, .tx = number, .status = 200                                         \
    }
#define GETINV(envid) CMD(envid, "getinv", "")
#define JOINED(ms, envid, number)                                                                  \
    {.at = ms, .who = DOWN, .tx = 900 + (number), .body = RPL("9", "getinv", envid, "")},          \
        GIVEN(ms, 900 + (number))
#define ASK(ms, envid, number)                                                                     \
    {.at = ms, .who = UP, .tx = number, .body = GETINV(envid)}, TAKEN(ms, number),                 \
        JOINED(ms, envid, number)

static const struct talk unreadable[] = {
    {"not well-formed", "chat-envelope-unreadable",
     LINES(OPEN, {.at = 1, .who = UP, .tx = 2, .body = XCCOS("1", "<cmd id=\"cmd:join\">")}), 9,
     "error chat-envelope-unreadable [2] 1 chat message of ada@contoso.example to "
     "chat@contoso.example cannot be read: Opening and ending tag mismatch: cmd line 1 and "
     "xccos\n"},
    {"no envelope at all, twice, is one finding", "chat-envelope-unreadable",
     LINES(OPEN, {.at = 1, .who = DOWN, .tx = 2, .body = "hello"},
           {.at = 2, .who = DOWN, .tx = 3, .body = "hello?"}),
     9,
     "error chat-envelope-unreadable [2 3] 2 chat messages of chat@contoso.example to "
     "ada@contoso.example cannot be read: it holds no xccos element\n"},
    {"a dialog that is not known to be chat", "chat-envelope-unreadable",
     LINES({.at = 1, .who = UP, .tx = 2, .body = "hello"}), 9, ""},
    {"after the session has ended", "chat-envelope-unreadable",
     LINES(OPEN, {.at = 1, .who = BYE_UP, .tx = 2}, {.at = 1, .who = UP, .tx = 3, .body = "hello"}),
     9, ""},
    {"captured short", "chat-envelope-unreadable",
     LINES(OPEN, {.at = 1, .who = UP, .tx = 2, .body = "<xccos ver=", .flags = SIP_BODY_CUT},
           {.at = 1, .who = UP, .tx = 3, .body = "hel", .flags = SIP_BODY_CUT}),
     9, ""},
    {"encoded", "chat-envelope-unreadable",
     LINES(OPEN, {.at = 1, .who = UP, .tx = 2, .body = "\x1f\x8b", .header = "Content-Encoding"}),
     9, ""},
    {"of another type, and none", "chat-envelope-unreadable",
     LINES(OPEN, {.at = 1, .who = UP, .tx = 2, .body = "hello", .type = "application/xml"},
           {.at = 1, .who = UP, .tx = 3, .body = " "}),
     9, ""},
};

static const struct talk forms[] = {
    {"another version and namespace", "chat-envelope-version",
     LINES(OPEN, {.at = 1,
                  .who = DOWN,
                  .tx = 2,
                  .body = "<xccos ver=\"2\" envid=\"1\" xmlns=\"urn:x\"><ntc id=\"ntc:join\"/>"
                          "</xccos>"}),
     9,
     "warning chat-envelope-version [2] chat@contoso.example sent 2 envelopes with another "
     "namespace than that of chat: urn:x\n"},
    {"a number too large, and none", "chat-envelope-id-unreadable",
     LINES(OPEN,
           {.at = 1,
            .who = DOWN,
            .tx = 2,
            .body = XCCOS("18446744073709551616", "<ntc id=\"ntc:"
                                                  "join\"/>")},
           {.at = 1,
            .who = DOWN,
            .tx = 3,
            .body = "<xccos ver=\"1\" xmlns=\"urn:parlano:xml:ns:xccos\"><ntc id=\"ntc:part\"/>"
                    "</xccos>"}),
     9,
     "warning chat-envelope-id-unreadable [2 3] chat@contoso.example sent 2 envelopes without a "
     "number that could be answered: 18446744073709551616\n"},
    {"the largest number", "chat-envelope-id-unreadable",
     LINES(OPEN, {.at = 1,
                  .who = DOWN,
                  .tx = 2,
                  .body = XCCOS("18446744073709551615", "<ntc id=\"ntc:join\"/>")}),
     9, ""},
    {"a part without an id, and one of another kind", "chat-child-unnamed",
     LINES(OPEN, {.at = 1, .who = DOWN, .tx = 2, .body = XCCOS("1", "<ntc/>")},
           {.at = 1, .who = DOWN, .tx = 3, .body = XCCOS("2", "<ntc id=\"rpl:join\"/>")}),
     9,
     "warning chat-child-unnamed [2 3] chat@contoso.example sent 2 parts of envelopes with no id: "
     "ntc, which readers skip\n"},
    {"a message needs none", "chat-child-unnamed",
     LINES(OPEN, {.at = 1, .who = DOWN, .tx = 2, .body = XCCOS("1", "<grpchat/>")}), 9, ""},
    {"nothing inside, or nothing that is known", "chat-envelope-empty",
     LINES(OPEN, {.at = 1, .who = DOWN, .tx = 2, .body = XCCOS("1", "")},
           {.at = 1, .who = DOWN, .tx = 3, .body = XCCOS("2", "<sys/>")}),
     9,
     "note chat-envelope-empty [2 3] chat@contoso.example sent 2 envelopes without a command, "
     "reply, notice or message\n"},
    {"something known beside it", "chat-envelope-empty",
     LINES(OPEN,
           {.at = 1, .who = DOWN, .tx = 2, .body = XCCOS("1", "<sys/><ntc id=\"ntc:join\"/>")}),
     9, ""},
    {"as XML", "chat-content-type",
     LINES(OPEN, {.at = 1,
                  .who = DOWN,
                  .tx = 2,
                  .body = XCCOS("1", "<ntc id=\"ntc:join\"/>"),
                  .type = "application/xml"}),
     9,
     "warning chat-content-type [2] chat@contoso.example sent 1 chat envelope as "
     "application/xml instead of text/plain\n"},
    {"other XML", "chat-content-type",
     LINES(OPEN, {.at = 1, .who = DOWN, .tx = 2, .body = "<xccosx/>", .type = "application/xml"}),
     9, ""},
};

static const struct talk names[] = {
    {"names that nothing is known of, each once", "chat-name-unknown",
     LINES(OPEN, {.at = 1, .who = DOWN, .tx = 2, .body = XCCOS("1", "<ntc id=\"ntc:quit\"/>")},
           {.at = 1,
            .who = DOWN,
            .tx = 3,
            .body = XCCOS("2", "<ntc id=\"ntc:quit\"/><ntc id=\"ntc:kick\"><mood/></ntc>")}),
     9,
     "note chat-name-unknown [2 3] 2 messages with ntc:quit, of which nothing is known (from "
     "chat@contoso.example)\n"
     "note chat-name-unknown [3] 1 message with ntc:kick, of which nothing is known (from "
     "chat@contoso.example)\n"},
    {"unknown elements and attributes are no names of this kind", "chat-name-unknown",
     LINES(OPEN, {.at = 1,
                  .who = DOWN,
                  .tx = 2,
                  .body = XCCOS("1", "<ntc id=\"ntc:join\" mood=\"1\"><mood/></ntc>")}),
     9, ""},
};

static const struct talk directions[] = {
    {"a reply of the client, a command of the service", "chat-direction-wrong",
     LINES(OPEN, {.at = 1, .who = UP, .tx = 2, .body = RPL("1", "join", "7", "")},
           {.at = 2, .who = DOWN, .tx = 3, .body = CMD("2", "part", "")}),
     9,
     "error chat-direction-wrong [2] ada@contoso.example sent the chat reply join, which only the "
     "service of a session sends\n"
     "error chat-direction-wrong [3] chat@contoso.example sent the chat command part, which only "
     "the client of a session sends\n"},
    {"who is who is not known", "chat-direction-wrong",
     LINES({.at = 0, .who = UP, .tx = 2, .body = CMD("1", "nodespermcreatechild", "")},
           {.at = 1, .who = UP, .tx = 3, .body = XCCOS("3", "<ntc id=\"ntc:join\"/>")}),
     9, ""},
};

static const struct talk numbers[] = {
    {"a number used for two things", "chat-envelope-id-reused",
     LINES(OPEN, ASK(1, "5", 2),
           {.at = 2, .who = UP, .tx = 3, .body = XCCOS("5", "<sys/><cmd id=\"cmd:getinv\"/>")},
           TAKEN(2, 3)),
     9,
     "error chat-envelope-id-reused [2 6] ada@contoso.example used an envelope number again for "
     "something else: 5\n"},
    {"in another dialog", "chat-envelope-id-reused",
     LINES(OPEN, {.at = 0, .who = INVITE, .tx = 20, .dialog = 2}, ASK(1, "5", 2),
           {.at = 2, .who = UP, .tx = 3, .dialog = 2, .body = CMD("5", "getassociations", "")}),
     9, ""},
    {"the same again after a refusal, and after a challenge", "chat-envelope-id-reused",
     LINES(OPEN, {.at = 1, .who = UP, .tx = 2, .body = GETINV("5")},
           {.at = 1, .who = UP, .tx = 2, .status = 401},
           {.at = 2, .who = UP, .tx = 3, .body = GETINV("5"), .attempt = 1},
           {.at = 2, .who = UP, .tx = 3, .status = 503}, ASK(3, "5", 4)),
     9, ""},
    {"of a body that was captured short", "chat-envelope-id-reused",
     LINES(OPEN, ASK(1, "5", 2),
           {.at = 2,
            .who = UP,
            .tx = 3,
            .body = "<xccos ver=\"1\" envid=\"5\" xmlns=\"urn:parlano:xml:ns:xccos\"><grpchat/>",
            .flags = SIP_BODY_CUT}),
     9, ""},
    {"the service counts for itself", "chat-envelope-id-reused",
     LINES(OPEN, {.at = 1, .who = DOWN, .tx = 2, .body = XCCOS("5", "<ntc id=\"ntc:join\"/>")},
           {.at = 2, .who = DOWN, .tx = 3, .body = XCCOS("5", "<ntc id=\"ntc:part\"/>")}),
     9, ""},
    {"ten minutes later", "chat-envelope-id-reused",
     LINES(OPEN, ASK(1, "5", 2),
           {.at = 600002, .who = UP, .tx = 3, .body = CMD("5", "nodespermcreatechild", "")}),
     600009, ""},
    {"backwards", "chat-envelope-id-back", LINES(OPEN, ASK(1, "5", 2), ASK(2, "4", 3)), 9,
     "note chat-envelope-id-back [6] The envelope numbers of ada@contoso.example went back: to "
     "4\n"},
    {"they begin anew at their end", "chat-envelope-id-back",
     LINES(OPEN, ASK(1, "4294967295", 2), ASK(2, "0", 3)), 9, ""},
    {"an earlier one is sent again", "chat-envelope-id-back",
     LINES(OPEN, {.at = 1, .who = UP, .tx = 2, .body = GETINV("5")},
           {.at = 1, .who = UP, .tx = 2, .status = 503}, ASK(2, "6", 3), ASK(3, "5", 4)),
     9, ""},
    {"captured out of order", "chat-envelope-id-back",
     LINES(OPEN, {.at = 1, .who = UP, .tx = 2, .cseq = 9, .body = GETINV("5")}, TAKEN(1, 2),
           JOINED(1, "5", 2), {.at = 2, .who = UP, .tx = 3, .cseq = 8, .body = GETINV("4")},
           TAKEN(2, 3), JOINED(2, "4", 3)),
     9, ""},
    {"in another dialog they begin anywhere", "chat-envelope-id-back",
     LINES(OPEN, ASK(1, "5", 2), {.at = 2, .who = INVITE, .tx = 20, .dialog = 2},
           {.at = 3, .who = UP, .tx = 3, .dialog = 2, .body = GETINV("4")}),
     9, ""},
};

static void test_unreadable(void **state)
{
    (void)state;
    check_talks(unreadable, sizeof unreadable / sizeof unreadable[0]);
}

static void test_forms(void **state)
{
    (void)state;
    check_talks(forms, sizeof forms / sizeof forms[0]);
}

static void test_names(void **state)
{
    (void)state;
    check_talks(names, sizeof names / sizeof names[0]);
}

static void test_directions(void **state)
{
    (void)state;
    check_talks(directions, sizeof directions / sizeof directions[0]);
}

static void test_numbers(void **state)
{
    (void)state;
    check_talks(numbers, sizeof numbers / sizeof numbers[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_unreadable), cmocka_unit_test(test_forms),
        cmocka_unit_test(test_names),      cmocka_unit_test(test_directions),
        cmocka_unit_test(test_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
