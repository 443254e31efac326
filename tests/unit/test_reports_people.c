/*
 * Presence and chat of small runs as they are written, to the letter.
 */
#include "tests/unit/report_run.h"

#include "reports/chat_report.h"
#include "reports/presence_report.h"

/* ---- presence ---- */

static void feed_presence(const struct sink *sink)
{
    const struct change changes[] = {
        {.kind = CHANGE_PRESENCE,
         .time = AT(0),
         .origin = {.time = AT(0), .record = 3},
         .as.presence = {.user = SLICE(BOB),
                         .band = BAND_AVAILABLE,
                         .availability = 3500,
                         .source = SOURCE_AGGREGATE,
                         .cause = SLICE("publishes state 3500")}},
        {.kind = CHANGE_PRESENCE,
         .time = AT(60),
         .origin = {.time = AT(60), .record = 8},
         .as.presence = {.user = SLICE(BOB),
                         .from = BAND_AVAILABLE,
                         .band = BAND_BUSY,
                         .availability = 6500,
                         .activity = SLICE("on-the-phone"),
                         .source = SOURCE_COMPUTED,
                         .cause = SLICE("a, \"call\" began\033")}},
        {.kind = CHANGE_SUBSCRIPTION,
         .time = AT(61),
         .as.subscription = {.watcher = SLICE(ANN), .target = SLICE(BOB)}},
    };
    for (size_t i = 0; i < COUNT(changes); i++) {
        sink->change(sink->context, &changes[i]);
    }
}

static void assert_presence_of(void (*feed)(const struct sink *sink), enum report_format format,
                               const struct presence_query *query, const char *expected)
{
    struct written written;
    struct report_style style = style_of(format);
    struct limits limits = limits_default();
    struct presence_report *report = presence_report_new(&style, query, test_seed(), &limits);
    const struct sink sink = presence_report_sink(report);
    feed(&sink);
    presence_report_write(report, &plain_summary, written_open(&written));
    presence_report_free(report);
    assert_written(&written, expected);
}

static void assert_presence(enum report_format format, const struct presence_query *query,
                            const char *expected)
{
    assert_presence_of(feed_presence, format, query, expected);
}

static void feed_long_activity(const struct sink *sink)
{
    const struct change change = {
        .kind = CHANGE_PRESENCE,
        .time = AT(0),
        .origin = at(0, 3),
        .as.presence = {.user = SLICE(BOB),
                        .band = BAND_BUSY,
                        .availability = 6500,
                        .activity = SLICE("in-a-meeting-that-never-ends"),
                        .source = SOURCE_NOTIFIED},
    };
    sink->change(sink->context, &change);
}

static const struct slice nobody[] = {SLICE("zoe@contoso.example"), SLICE("b*")};

static const struct presence_query everybody = {
    .at = TIME_NONE, .from = TIME_NONE, .to = TIME_NONE};
static const struct presence_query all_changes = {
    .timeline = true, .at = TIME_NONE, .from = TIME_NONE, .to = TIME_NONE};

static void presence_as_text(void **state)
{
    (void)state;
    assert_presence(REPORT_TEXT, &everybody,
                    COVERAGE_TEXT "\n"
                                  "ann@contoso.example\n"
                                  "  Unknown: the input says nothing about this user's presence\n"
                                  "\n"
                                  "bob@contoso.example\n"
                                  "  Busy (6500, on-the-phone) since 2026-11-20 10:01:00.000\n"
                                  "  source: computed, packet 8\n");
}

static void presence_over_time_as_text(void **state)
{
    (void)state;
    assert_presence(
        REPORT_TEXT, &all_changes,
        COVERAGE_TEXT
        "\n"
        "ann@contoso.example\n"
        "  Unknown: the input says nothing about this user's presence\n"
        "\n"
        "bob@contoso.example\n"
        "  Busy (6500, on-the-phone) since 2026-11-20 10:01:00.000\n"
        "  source: computed, packet 8\n"
        "  10:00:00.000  Available 3500           publishes state 3500 (#3), aggregate\n"
        "  10:01:00.000  Busy 6500, on-the-phone  a, \"call\" began\\x1b (#8), computed\n");
}

static void presence_keeps_its_columns(void **state)
{
    (void)state;
    assert_presence_of(feed_long_activity, REPORT_TEXT, &all_changes,
                       COVERAGE_TEXT
                       "\n"
                       "bob@contoso.example\n"
                       "  Busy (6500, in-a-meeting-that-never-ends) since 2026-11-20 10:00:00.000\n"
                       "  source: notified, packet 3\n"
                       "  10:00:00.000  Busy 6500, in-a-meeting-th… (#3), notified\n");
}

static void presence_is_what_was_asked_for(void **state)
{
    (void)state;
    const struct presence_query before = {
        .users = nobody, .user_count = 2, .at = AT(59), .from = TIME_NONE, .to = TIME_NONE};
    const struct presence_query part = {
        .timeline = true, .at = TIME_NONE, .from = AT(60), .to = AT(60)};
    assert_presence(REPORT_CSV, &before,
                    "user,time,band,availability,activity,source,cause,packet,admitted\n"
                    "bob@contoso.example,2026-11-20T10:00:00.000000Z,available,3500,,aggregate,"
                    "publishes state 3500,3,\n"
                    "zoe@contoso.example,,unknown,,,,,,\n");
    assert_presence(REPORT_CSV, &part,
                    "user,time,band,availability,activity,source,cause,packet,admitted\n"
                    "bob@contoso.example,2026-11-20T10:01:00.000000Z,busy,6500,on-the-phone,"
                    "computed,\"a, \"\"call\"\" began\033\",8,\n");
}

static void presence_as_json(void **state)
{
    (void)state;
    assert_presence(REPORT_JSON, &all_changes,
                    "{\n"
                    "  \"schema\": \"ocsight.presence/1\",\n"
                    "  \"users\": [\n"
                    "    {\n"
                    "      \"user\": \"ann@contoso.example\",\n"
                    "      \"band\": \"unknown\",\n"
                    "      \"availability\": null,\n"
                    "      \"admitted\": null,\n"
                    "      \"activity\": null,\n"
                    "      \"since\": null,\n"
                    "      \"source\": null,\n"
                    "      \"timeline\": []\n"
                    "    },\n"
                    "    {\n"
                    "      \"user\": \"bob@contoso.example\",\n"
                    "      \"band\": \"busy\",\n"
                    "      \"availability\": 6500,\n"
                    "      \"admitted\": null,\n"
                    "      \"activity\": \"on-the-phone\",\n"
                    "      \"since\": \"2026-11-20T10:01:00.000000Z\",\n"
                    "      \"source\": \"computed\",\n"
                    "      \"timeline\": [\n"
                    "        {\n"
                    "          \"time\": \"2026-11-20T10:00:00.000000Z\",\n"
                    "          \"band\": \"available\",\n"
                    "          \"availability\": 3500,\n"
                    "          \"admitted\": null,\n"
                    "          \"activity\": null,\n"
                    "          \"source\": \"aggregate\",\n"
                    "          \"cause\": \"publishes state 3500\",\n"
                    "          \"origin\": {\n"
                    "            \"input\": \"trace.pcap\",\n"
                    "            \"record\": 3,\n"
                    "            \"time\": \"2026-11-20T10:00:00.000000Z\"\n"
                    "          }\n"
                    "        },\n"
                    "        {\n"
                    "          \"time\": \"2026-11-20T10:01:00.000000Z\",\n"
                    "          \"band\": \"busy\",\n"
                    "          \"availability\": 6500,\n"
                    "          \"admitted\": null,\n"
                    "          \"activity\": \"on-the-phone\",\n"
                    "          \"source\": \"computed\",\n"
                    "          \"cause\": \"a, \\\"call\\\" began\\u001b\",\n"
                    "          \"origin\": {\n"
                    "            \"input\": \"trace.pcap\",\n"
                    "            \"record\": 8,\n"
                    "            \"time\": \"2026-11-20T10:01:00.000000Z\"\n"
                    "          }\n"
                    "        }\n"
                    "      ]\n"
                    "    }\n"
                    "  ],\n"
                    "  \"coverage\": \"full\",\n"
                    "  \"not_listed\": 0\n"
                    "}\n");
}

/* ---- chat ---- */

#define SESSION_OF(who, call)                                                                      \
    {                                                                                              \
        .id = 1, .user = SLICE(who), .epid = SLICE("01aa"), .call_id = SLICE(call),                \
        .from_start = true                                                                         \
    }

static void feed_chat(const struct sink *sink)
{
    const struct change changes[] = {
        {.kind = CHANGE_SESSION,
         .time = AT(0),
         .as.session = {.session = SESSION_OF(ANN, "call-1"),
                        .state = SESSION_CONNECTED,
                        .service = SLICE(CHAT)}},
        {.kind = CHANGE_ROOM,
         .time = AT(1),
         .as.room = {.uri = SLICE(OPS), .name = SLICE("Ops Bridge")}},
        {.kind = CHANGE_MEMBERSHIP,
         .time = AT(1),
         .as.membership = {.session = SESSION_OF(ANN, "call-1"),
                           .room = SLICE(OPS),
                           .from = MEMBER_JOINING,
                           .state = MEMBER_JOINED}},
        {.kind = CHANGE_ROSTER,
         .time = AT(1),
         .as.roster = {.session = SESSION_OF(ANN, "call-1"),
                       .room = SLICE(OPS),
                       .user = SLICE(BOB),
                       .present = true}},
        {.kind = CHANGE_POST,
         .time = AT(2),
         .origin = {.time = AT(2), .record = 5},
         .as.post = {.id = 1,
                     .session = SESSION_OF(BOB, "call-9"),
                     .room = SLICE(OPS),
                     .author = SLICE(BOB),
                     .text = SLICE("Line one\nand \"two\", \033[1m!"),
                     .ts = TIME_NONE,
                     .captured = true,
                     .posted_at = AT(2),
                     .post = {.time = AT(2), .record = 5}}},
        {.kind = CHANGE_POST,
         .time = AT(3),
         .as.post = {.id = 1, .room = SLICE(OPS), .state = POST_ACCEPTED}},
        {.kind = CHANGE_POST,
         .time = AT(4),
         .as.post = {.id = 1,
                     .session = SESSION_OF(ANN, "call-1"),
                     .room = SLICE(OPS),
                     .state = POST_DELIVERED}},
        {.kind = CHANGE_POST, /* older than what was said since: comes first */
         .time = AT(5),
         .origin = {.time = AT(5), .record = 8},
         .as.post = {.id = 2,
                     .session = SESSION_OF(ANN, "call-1"),
                     .room = SLICE(OPS),
                     .author = SLICE(ANN),
                     .text = SLICE("안녕하세요"),
                     .ts = AT(-3600),
                     .posted_at = TIME_NONE,
                     .state = POST_HISTORY}},
        {.kind = CHANGE_SESSION,
         .time = AT(60),
         .as.session = {.session = SESSION_OF(ANN, "call-1"),
                        .state = SESSION_CLOSED,
                        .reason = SLICE("bye by client")}},
    };
    for (size_t i = 0; i < COUNT(changes); i++) {
        sink->change(sink->context, &changes[i]);
    }
}

static void assert_chat_of(void (*feed)(const struct sink *sink), enum report_format format,
                           const struct chat_query *query, const char *expected)
{
    struct written written;
    struct report_style style = style_of(format);
    struct limits limits = limits_default();
    struct chat_report *report = chat_report_new(&style, query, test_seed(), &limits);
    const struct sink sink = chat_report_sink(report);
    feed(&sink);
    chat_report_write(report, &plain_summary, written_open(&written));
    chat_report_free(report);
    assert_written(&written, expected);
}

static void assert_chat(enum report_format format, const struct chat_query *query,
                        const char *expected)
{
    assert_chat_of(feed_chat, format, query, expected);
}

#define ROOM_HEAD                                                                                  \
    "\n"                                                                                           \
    "Room Ops Bridge\n"                                                                            \
    "  ma-chan://contoso.example/ops\n"                                                            \
    "  there now: ann@contoso.example\n"                                                           \
    "  was there: bob@contoso.example\n"
#define ROOM_MOVES "  10:00:01.000000  ann@contoso.example entered\n"
#define ROOM_MESSAGES                                                                              \
    "  09:00:00  ann@contoso.example  [history]  #8\n"                                             \
    "            안녕하세요\n"                                                                \
    "  10:00:02  bob@contoso.example  #5\n"                                                        \
    "            Line one\n"                                                                       \
    "            and \"two\", \\x1b[1m!\n"                                                         \
    "            got it: ann@contoso.example\n"
#define ROOM_TEXT ROOM_HEAD ROOM_MOVES ROOM_MESSAGES

static void chat_as_text(void **state)
{
    (void)state;
    const struct chat_query query = {.sessions = true};
    const struct chat_query plain = {.sessions = false};
    const struct chat_query transcript = {.transcript = SLICE("ops BRIDGE")};
    const struct chat_query other = {.room = SLICE("Nowhere"), .user = SLICE("zoe@*")};
    assert_chat(REPORT_TEXT, &query,
                COVERAGE_TEXT "\n"
                              "Session of ann@contoso.example\n"
                              "  closed, from 2026-11-20 10:00:00.000\n"
                              "  to 2026-11-20 10:01:00.000\n"
                              "  ended: bye by client\n"
                              "  service: chat@contoso.example\n"
                              "  epid: 01aa\n"
                              "  channel dialog: call-1\n"
                              "    10:00:00.000 to 10:01:00.000, closed: bye by client\n"
                              "    with chat@contoso.example\n"
                              "  room: Ops Bridge\n"
                              "    10:00:01.000 to the end\n");
    assert_chat(REPORT_TEXT, &plain,
                COVERAGE_TEXT ROOM_TEXT "\n"
                                        "Session of ann@contoso.example\n"
                                        "  closed, from 2026-11-20 10:00:00.000\n"
                                        "  to 2026-11-20 10:01:00.000\n"
                                        "  ended: bye by client\n"
                                        "  service: chat@contoso.example\n"
                                        "  epid: 01aa\n"
                                        "  room: Ops Bridge\n");
    assert_chat(REPORT_TEXT, &transcript,
                COVERAGE_TEXT "\n"
                              "Room Ops Bridge\n"
                              "  ma-chan://contoso.example/ops\n"
                              "  session not captured: bob@contoso.example\n"
                              "\n"
                              "--- 2026-11-20 ---\n"
                              "09:00:00  ann@contoso.example  [history]  #8\n"
                              "          안녕하세요\n"
                              "10:00:01  * ann@contoso.example joined\n"
                              "10:00:02  bob@contoso.example  #5\n"
                              "          Line one\n"
                              "          and \"two\", \\x1b[1m!\n"
                              "          got it: ann@contoso.example\n");
    assert_chat(REPORT_TEXT, &other, COVERAGE_TEXT "\nNo chat room was found.\n");
}

/* Joined before the capture began; one copy was seen, one was not, one post was refused. */
static void feed_part_of_a_chat(const struct sink *sink)
{
    const struct session_ref ann = {.id = 1, .user = SLICE(ANN), .call_id = SLICE("call-1")};
    const struct session_ref bob = {.id = 2, .user = SLICE(BOB), .call_id = SLICE("call-2")};
    const struct change changes[] = {
        {.kind = CHANGE_MEMBERSHIP,
         .time = AT(0),
         .as.membership = {.session = ann, .room = SLICE(OPS), .state = MEMBER_JOINED}},
        {.kind = CHANGE_MEMBERSHIP,
         .time = AT(0),
         .as.membership = {.session = bob, .room = SLICE(OPS), .state = MEMBER_JOINED}},
        {.kind = CHANGE_SESSION,
         .time = AT(1),
         .as.session = {.session = ann, .state = SESSION_CONNECTED}},
        {.kind = CHANGE_POST,
         .time = AT(2),
         .as.post = {.id = 1,
                     .session = ann,
                     .room = SLICE(OPS),
                     .author = SLICE(ANN),
                     .text = SLICE("hello"),
                     .ts = TIME_NONE,
                     .captured = true,
                     .posted_at = AT(2),
                     .post = {.time = AT(2), .record = 5}}},
        {.kind = CHANGE_POST,
         .time = AT(3),
         .as.post = {.id = 1, .session = ann, .room = SLICE(OPS), .state = POST_ACCEPTED}},
        {.kind = CHANGE_POST,
         .time = AT(3),
         .as.post = {.id = 1, .session = ann, .room = SLICE(OPS), .state = POST_DELIVERED}},
        {.kind = CHANGE_POST,
         .time = AT(4),
         .as.post = {.id = 2,
                     .session = bob,
                     .room = SLICE(OPS),
                     .author = SLICE(BOB),
                     .text = SLICE("me too"),
                     .ts = TIME_NONE,
                     .captured = true,
                     .posted_at = AT(4),
                     .state = POST_REFUSED,
                     .post = {.time = AT(4), .record = 7}}},
    };
    for (size_t i = 0; i < COUNT(changes); i++) {
        sink->change(sink->context, &changes[i]);
    }
}

static void chat_names_who_got_no_copy(void **state)
{
    (void)state;
    assert_chat_of(feed_part_of_a_chat, REPORT_TEXT, &(struct chat_query){.user = SLICE("ann@*")},
                   COVERAGE_TEXT
                   "\n"
                   "Room ma-chan://contoso.example/ops\n"
                   "  there now: ann@contoso.example, bob@contoso.example\n"
                   "  10:00:00.000000  ann@contoso.example entered\n"
                   "  10:00:00.000000  bob@contoso.example entered\n"
                   "  10:00:02  ann@contoso.example  #5\n"
                   "            hello\n"
                   "            got it: ann@contoso.example\n"
                   "            no copy seen for: bob@contoso.example\n"
                   "  10:00:04  bob@contoso.example  [refused]  #7\n"
                   "            me too\n"
                   "\n"
                   "Session of ann@contoso.example\n"
                   "  connected (in progress when the capture starts), from 2026-11-20 "
                   "10:00:01.000\n"
                   "  room: ma-chan://contoso.example/ops\n");
}

static void chat_as_csv(void **state)
{
    (void)state;
    assert_chat(REPORT_CSV, &(struct chat_query){0},
                "room,name,time,author,text,state,delivered_to,packet,not_delivered_to\n"
                "ma-chan://contoso.example/ops,Ops Bridge,2026-11-20T09:00:00.000000Z,"
                "ann@contoso.example,안녕하세요,history,,8,\n"
                "ma-chan://contoso.example/ops,Ops Bridge,2026-11-20T10:00:02.000000Z,"
                "bob@contoso.example,\"Line one\nand \"\"two\"\", \033[1m!\",accepted,"
                "ann@contoso.example,5,\n");
}

/* One line for each dialog, stay and command. */
static void chat_sessions_as_csv(void **state)
{
    (void)state;
    const struct chat_query query = {.sessions = true};
    assert_chat(REPORT_CSV, &query,
                "user,epid,kind,time,end,call_id,name,room,state,number,detail\n"
                "ann@contoso.example,01aa,channel dialog,2026-11-20T10:00:00.000000Z,"
                "2026-11-20T10:01:00.000000Z,call-1,chat@contoso.example,,closed,,bye by client\n"
                "ann@contoso.example,01aa,room,2026-11-20T10:00:01.000000Z,,,Ops Bridge,"
                "ma-chan://contoso.example/ops,joined,,\n");
}

static void chat_as_json(void **state)
{
    (void)state;
    assert_chat(REPORT_JSON, &(struct chat_query){0},
                "{\n"
                "  \"schema\": \"ocsight.chat/1\",\n"
                "  \"rooms\": [\n"
                "    {\n"
                "      \"uri\": \"ma-chan://contoso.example/ops\",\n"
                "      \"name\": \"Ops Bridge\",\n"
                "      \"participants\": [\n"
                "        \"ann@contoso.example\",\n"
                "        \"bob@contoso.example\"\n"
                "      ],\n"
                "      \"old_name\": null,\n"
                "      \"topic\": null,\n"
                "      \"description\": null,\n"
                "      \"visibility\": null,\n"
                "      \"file_post\": null,\n"
                "      \"invites\": null,\n"
                "      \"logged\": null,\n"
                "      \"rosters_suspended\": false,\n"
                "      \"followed_by\": [],\n"
                "      \"people\": [\n"
                "        {\n"
                "          \"user\": \"ann@contoso.example\",\n"
                "          \"present\": true,\n"
                "          \"disputed\": false,\n"
                "          \"read_as\": null,\n"
                "          \"entered\": \"2026-11-20T10:00:01.000000Z\",\n"
                "          \"left\": null\n"
                "        },\n"
                "        {\n"
                "          \"user\": \"bob@contoso.example\",\n"
                "          \"present\": false,\n"
                "          \"disputed\": false,\n"
                "          \"read_as\": null,\n"
                "          \"entered\": null,\n"
                "          \"left\": null\n"
                "        }\n"
                "      ],\n"
                "      \"messages\": [\n"
                "        {\n"
                "          \"time\": \"2026-11-20T09:00:00.000000Z\",\n"
                "          \"author\": \"ann@contoso.example\",\n"
                "          \"text\": \"안녕하세요\",\n"
                "          \"state\": \"history\",\n"
                "          \"deliveries\": [],\n"
                "          \"missed\": [],\n"
                "          \"stored\": true,\n"
                "          \"file\": null,\n"
                "          \"origin\": {\n"
                "            \"input\": \"trace.pcap\",\n"
                "            \"record\": 8,\n"
                "            \"time\": \"2026-11-20T10:00:05.000000Z\"\n"
                "          }\n"
                "        },\n"
                "        {\n"
                "          \"time\": \"2026-11-20T10:00:02.000000Z\",\n"
                "          \"author\": \"bob@contoso.example\",\n"
                "          \"text\": \"Line one\\nand \\\"two\\\", \\u001b[1m!\",\n"
                "          \"state\": \"accepted\",\n"
                "          \"deliveries\": [\n"
                "            {\n"
                "              \"user\": \"ann@contoso.example\",\n"
                "              \"call_id\": \"call-1\",\n"
                "              \"time\": \"2026-11-20T10:00:04.000000Z\",\n"
                "              \"duplicate\": false,\n"
                "              \"edited\": false\n"
                "            }\n"
                "          ],\n"
                "          \"missed\": [],\n"
                "          \"stored\": false,\n"
                "          \"file\": null,\n"
                "          \"origin\": {\n"
                "            \"input\": \"trace.pcap\",\n"
                "            \"record\": 5,\n"
                "            \"time\": \"2026-11-20T10:00:02.000000Z\"\n"
                "          }\n"
                "        }\n"
                "      ],\n"
                "      \"files\": []\n"
                "    }\n"
                "  ],\n"
                "  \"sessions\": [\n"
                "    {\n"
                "      \"user\": \"ann@contoso.example\",\n"
                "      \"epid\": \"01aa\",\n"
                "      \"call_id\": \"call-1\",\n"
                "      \"call_ids\": [\n"
                "        \"call-1\"\n"
                "      ],\n"
                "      \"service\": \"chat@contoso.example\",\n"
                "      \"state\": \"closed\",\n"
                "      \"rooms\": [\n"
                "        \"ma-chan://contoso.example/ops\"\n"
                "      ],\n"
                "      \"start\": \"2026-11-20T10:00:00.000000Z\",\n"
                "      \"end\": \"2026-11-20T10:01:00.000000Z\",\n"
                "      \"reason\": \"bye by client\",\n"
                "      \"from_start\": true\n"
                "    }\n"
                "  ],\n"
                "  \"files\": [],\n"
                "  \"not_listed\": 0\n"
                "}\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(presence_as_text),
        cmocka_unit_test(presence_over_time_as_text),
        cmocka_unit_test(presence_keeps_its_columns),
        cmocka_unit_test(presence_is_what_was_asked_for),
        cmocka_unit_test(presence_as_json),
        cmocka_unit_test(chat_as_text),
        cmocka_unit_test(chat_names_who_got_no_copy),
        cmocka_unit_test(chat_as_csv),
        cmocka_unit_test(chat_sessions_as_csv),
        cmocka_unit_test(chat_as_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
