/*
 * Rules about preferences, invitations, searches and settings: each one fired, and
 * kept silent by each of its guards.
 */
#include "tests/unit/chat_talk.h"

#define OPEN                                                                                       \
    {                                                                                              \
        .at = 0, .who = INVITE, .tx = 1                                                            \
    }
#define PREF(number, content)                                                                      \
    "<pref label=\"kedzie.GroupChannels\" seqid=\"" number                                         \
    "\" createdefault=\"false\" content=\"" content "\"/>"
#define STORE(ms, number, envid, pref)                                                             \
    {.at = ms, .who = UP, .tx = number, .body = CMD(envid, "setpref", pref)},                      \
        {.at = ms, .who = UP, .tx = number, .status = 200},                                        \
        {.at = ms, .who = DOWN, .tx = 900 + (number), .body = RPL("9", "setpref", envid, "")},     \
    {                                                                                              \
        .at = ms, .who = DOWN, .tx = 900 + (number), .status = 200                                 \
    }
#define INVITES(ms, number, envid, id)                                                             \
    {                                                                                              \
        .at = ms, .who = UP, .tx = number,                                                         \
        .body = CMD(envid, "getinv", "<inv inviteId=\"" id "\" domain=\"c\"/>")                    \
    }
#define SEARCH(ms, number, data)                                                                   \
    {                                                                                              \
        .at = ms, .who = DOWN, .tx = number, .body = RPL("9", "chansrch", "7", data)               \
    }
#define LIMIT(ms, number, limit)                                                                   \
    {                                                                                              \
        .at = ms, .who = DOWN, .tx = number,                                                       \
        .body = RPL("8", "getserverinfo", "6", "<sib searchLimit=\"" limit "\"/>")                 \
    }
#define ASKED                                                                                      \
    {.at = 0, .who = UP, .tx = 801, .body = CMD("6", "getserverinfo", "")},                        \
        {.at = 0, .who = UP, .tx = 802, .body = CMD("7", "chansrch", "")},                         \
    {                                                                                              \
        .at = 0, .who = UP, .tx = 802, .status = 200                                               \
    }
#define TWO "<chanib uri=\"ma-chan://c/1\" name=\"1\"/><chanib uri=\"ma-chan://c/2\" name=\"2\"/>"

static const struct talk numbers[] = {
    {"not above the last", "chat-preference-number-old",
     LINES(OPEN, STORE(1, 3, "5", PREF("72", "QUJD")), STORE(2, 4, "6", PREF("72", "REVG"))), 9,
     "warning chat-preference-number-old [2 6] ada@contoso.example stored the preference "
     "kedzie.GroupChannels under the number 72, which is not above the last one\n"},
    {"by another endpoint it is a race", "chat-preference-number-old",
     LINES(OPEN, STORE(1, 3, "5", PREF("72", "QUJD")),
           {.at = 2, .who = INVITE, .tx = 2, .dialog = 2, .epid = "e2"},
           {.at = 3,
            .who = UP,
            .tx = 4,
            .dialog = 2,
            .epid = "e2",
            .body = CMD("6", "setpref", PREF("71", "REVG"))}),
     9,
     "note chat-preference-number-old [2 7] ada@contoso.example stored the preference "
     "kedzie.GroupChannels under the number 71, which is not above the last one\n"},
    {"above the last", "chat-preference-number-old",
     LINES(OPEN, STORE(1, 3, "5", PREF("72", "QUJD")), STORE(2, 4, "6", PREF("73", "REVG"))), 9,
     ""},
    {"the same again", "chat-preference-number-old",
     LINES(OPEN, STORE(1, 3, "5", PREF("72", "QUJD")), STORE(2, 4, "6", PREF("72", "QUJD"))), 9,
     ""},
    {"the first was refused", "chat-preference-number-old",
     LINES(OPEN, {.at = 1, .who = UP, .tx = 3, .body = CMD("5", "setpref", PREF("72", "QUJD"))},
           {.at = 1, .who = UP, .tx = 3, .status = 503}, STORE(2, 4, "6", PREF("72", "REVG"))),
     9, ""},
    {"another document", "chat-preference-number-old",
     LINES(OPEN, STORE(1, 3, "5", PREF("72", "QUJD")),
           STORE(2, 4, "6", "<pref label=\"x\" seqid=\"1\" content=\"REVG\"/>")),
     9, ""},
    {"asking stores nothing", "chat-preference-number-old",
     LINES(OPEN, STORE(1, 3, "5", PREF("72", "QUJD")),
           {.at = 2, .who = UP, .tx = 4, .body = CMD("6", "getpref", PREF("1", ""))}),
     9, ""},
};

static const struct talk contents[] = {
    {"no Base64, given and stored", "chat-preference-unreadable",
     LINES(OPEN, STORE(1, 3, "5", PREF("72", "not-base64!")),
           {.at = 2, .who = UP, .tx = 4, .body = CMD("6", "getpref", PREF("1", ""))},
           {.at = 2, .who = UP, .tx = 4, .status = 200},
           {.at = 3, .who = DOWN, .tx = 10, .body = RPL("9", "getpref", "6", PREF("72", "A"))}),
     9,
     "warning chat-preference-unreadable [2 8] The content of the preference kedzie.GroupChannels "
     "of ada@contoso.example is not Base64 (2 times)\n"},
    {"nothing inside", "chat-preference-unreadable", LINES(OPEN, STORE(1, 3, "5", PREF("72", ""))),
     9, ""},
    {"a client of 2013", "chat-preference-by-new-client",
     LINES(OPEN, {.at = 1,
                  .who = UP,
                  .tx = 3,
                  .body = CMD("5", "getpref", PREF("1", "")),
                  .agent = "UCCAPI/15.0.4420.1017 OC/15.0.4420.1017 (Microsoft Lync)"}),
     9,
     "note chat-preference-by-new-client [2] 1 preference command came from a client of "
     "ada@contoso.example that keeps followed rooms elsewhere: UCCAPI/15.0.4420.1017 "
     "OC/15.0.4420.1017 (Microsoft Lync)\n"},
    {"a client of 2010, and one of which nothing is known", "chat-preference-by-new-client",
     LINES(OPEN,
           {.at = 1,
            .who = UP,
            .tx = 3,
            .body = CMD("5", "getpref", PREF("1", "")),
            .agent = "UCCAPI/4.0.7577.0 OC/4.0.7577.0 (Microsoft Lync 2010)"},
           {.at = 1, .who = UP, .tx = 4, .body = CMD("6", "getpref", PREF("1", ""))}),
     9, ""},
};

static const struct talk invitations[] = {
    {"back to an older one", "chat-invite-number-back",
     LINES(OPEN, INVITES(1, 3, "5", "417"), INVITES(2, 4, "6", "416")), 9,
     "note chat-invite-number-back [3] ada@contoso.example asked for invitations from "
     "number 416 on, having asked from a later one before\n"},
    {"always from the first one on", "chat-invite-number-back",
     LINES(OPEN, INVITES(1, 3, "5", "1"), INVITES(2, 4, "6", "1")), 9, ""},
    {"another endpoint", "chat-invite-number-back",
     LINES(OPEN, INVITES(1, 3, "5", "417"),
           {.at = 2,
            .who = UP,
            .tx = 4,
            .epid = "e2",
            .body = CMD("6", "getinv", "<inv inviteId=\"1\"/>")}),
     9, ""},
};

static const struct talk searches[] = {
    {"more than the limit", "chat-search-too-many",
     LINES(OPEN, ASKED, LIMIT(1, 3, "1"), SEARCH(2, 4, TWO)), 9,
     "warning chat-search-too-many [5 6] A search of ada@contoso.example found 2 rooms, more than "
     "the limit of 1 that the service names\n"},
    {"as many as allowed", "chat-search-too-many",
     LINES(OPEN, ASKED, LIMIT(1, 3, "2"), SEARCH(2, 4, TWO)), 9, ""},
    {"no limit is known", "chat-search-too-many", LINES(OPEN, ASKED, SEARCH(2, 4, TWO)), 9, ""},
    {"a room without a name, one without a URI", "chat-search-room-incomplete",
     LINES(OPEN, ASKED, SEARCH(2, 4, "<chanib uri=\"ma-chan://c/1\"/><chanib name=\"2\"/>")), 9,
     "warning chat-search-room-incomplete [5] A search of ada@contoso.example found 2 rooms "
     "without a name: ma-chan://c/1\n"},
    {"whole ones", "chat-search-room-incomplete", LINES(OPEN, ASKED, SEARCH(2, 4, TWO)), 9, ""},
    {"a search that failed", "chat-search-room-incomplete",
     LINES(OPEN, ASKED,
           {.at = 2,
            .who = DOWN,
            .tx = 4,
            .body = RPL_CODE("9", "chansrch", "7", "500", "<chanib uri=\"ma-chan://c/1\"/>")}),
     9,
     "warning chat-command-failed [3 4 5] The chat command chansrch of ada@contoso.example failed: "
     "500 TEXT\n"},
};

static const struct talk settings[] = {
    {"not enabled, and called twice", "chat-not-provisioned",
     LINES({.at = 0, .who = SETTINGS, .tx = 30, .status = SAID_NO},
           {.at = 1, .who = INVITE, .tx = 1}, {.at = 2, .who = INVITE, .tx = 2, .dialog = 2}),
     9,
     "note chat-not-provisioned [1 2 3] ada@contoso.example called the chat service "
     "chat@contoso.example 2 times although its settings say that chat is not enabled\n"},
    {"enabled in the meantime", "chat-not-provisioned",
     LINES({.at = 0, .who = SETTINGS, .tx = 30, .status = SAID_NO},
           {.at = 1, .who = SETTINGS, .tx = 31, .status = SAID_YES},
           {.at = 2, .who = INVITE, .tx = 1}),
     9, ""},
    {"settings that do not say", "chat-not-provisioned",
     LINES({.at = 0, .who = SETTINGS, .tx = 30, .status = SAID_NOTHING},
           {.at = 2, .who = INVITE, .tx = 1}),
     9, ""},
    {"a day ago", "chat-not-provisioned",
     LINES({.at = 0, .who = SETTINGS, .tx = 30, .status = SAID_NO},
           {.at = 86400001, .who = INVITE, .tx = 1}),
     86400009, ""},
};

static const struct {
    const struct talk *talks;
    size_t count;
} parts[] = {
    {numbers, sizeof numbers / sizeof numbers[0]},
    {contents, sizeof contents / sizeof contents[0]},
    {invitations, sizeof invitations / sizeof invitations[0]},
    {searches, sizeof searches / sizeof searches[0]},
    {settings, sizeof settings / sizeof settings[0]},
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
