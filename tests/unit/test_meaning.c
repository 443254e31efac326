/*
 * What messages mean in a few words: one message and its facts a case.
 */
#include "tests/unit/output_text.h"

#include "reports/meaning.h"

#define OPS    "ma-chan://contoso.example/0b6f5a52"
#define COFFEE "ma-chan://contoso.example/7d1c9e04"

enum { FACTS = 4 };

struct meaning_case {
    struct message message;
    struct event facts[FACTS];
    size_t count;
    const char *words; /* "@" stands for the name of the room */
};

#define TO(name)                                                                                   \
    {                                                                                              \
        .user = SLICE(name "@contoso.example")                                                     \
    }

#define ASKS_FOR(asked, whom, seconds)                                                             \
    .request = true, .method = (asked), .to = TO(whom), .from = TO("me"), .expires = (seconds)

#define ASKS(asked, whom) ASKS_FOR(asked, whom, -1)

/* Of `who`: the kind of state, its availability, what else is to be said of it. */
#define STATE(event_kind, who, ...)                                                                \
    {                                                                                              \
        .kind = (event_kind), .as.category = {                                                     \
            .key = {.user = SLICE(who "@contoso.example"), .name = SLICE("state")},                \
            .category = CATEGORY_STATE,                                                            \
            .has_value = true,                                                                     \
            .value = {__VA_ARGS__}                                                                 \
        }                                                                                          \
    }

#define REMOVED(number)                                                                            \
    {                                                                                              \
        .kind = EVENT_PUBLICATION, .as.category = {                                                \
            .key = {.name = SLICE("state"), .instance = (number), .has_instance = true},           \
            .category = CATEGORY_STATE,                                                            \
            .empty = true                                                                          \
        }                                                                                          \
    }

#define CHAT(...)                                                                                  \
    {                                                                                              \
        .kind = EVENT_CHAT, .as.chat = { __VA_ARGS__ }                                             \
    }

static const struct chat_member ben[] = {{.user = SLICE("ben@contoso.example")}};
static const struct chat_member dee[] = {{.user = SLICE("dee@contoso.example")}};
static const struct chat_post said[] = {{.room = SLICE(OPS)}, {.room = SLICE(OPS)}};

static const struct chat_room ops[] = {{.uri = SLICE(OPS)}};
static const struct chat_room told[] = {{.uri = SLICE(OPS), .history = said, .history_count = 2}};
static const struct chat_room shut[] = {{.uri = SLICE(OPS), .failure = SLICE("NOT_FOUND")}};
static const struct chat_room three[] = {
    {.uri = SLICE(OPS)}, {.uri = SLICE(COFFEE)}, {.uri = SLICE("x"), .failure = SLICE("FAILED")}};
static const struct chat_room entered[] = {
    {.uri = SLICE(OPS), .members = ben, .member_count = 1},
    {.uri = SLICE(COFFEE), .members = ben, .member_count = 1}};
static const struct chat_room crowded[] = {
    {.uri = SLICE(OPS), .members = ben, .member_count = 1},
    {.uri = SLICE(COFFEE), .members = dee, .member_count = 1}};

#define REPLY(to, answered, of, of_count)                                                          \
    .class = CHAT_REPLY, .verb = (answered), .name = SLICE(to), .has_code = true, .code = 200,     \
    .rooms = (of), .room_count = (of_count)

/* clang-format off */
static const struct meaning_case cases[] = {
    /* publishing */
    {{ASKS(SIP_SERVICE, "ann")},
     {STATE(EVENT_PUBLICATION, "ann", .kind = STATE_MACHINE, .availability = 3500),
      STATE(EVENT_PUBLICATION, "ann", .kind = STATE_MACHINE, .availability = 3500)},
     2, "publishes machineState 3500 available"},
    {{ASKS(SIP_SERVICE, "ann")},
     {STATE(EVENT_PUBLICATION, "ann", .kind = STATE_USER, .availability = 9500),
      STATE(EVENT_PUBLICATION, "ann", .kind = STATE_USER, .availability = 6900,
            .activities = {{.token = SLICE("urgent-interruptions-only")}}, .activity_count = 1)},
     2, "publishes userState 9500 do-not-disturb; 6900 urgent-interruptions-only"},
    {{ASKS(SIP_SERVICE, "ann")},
     {STATE(EVENT_PUBLICATION, "ann", .kind = STATE_USER, .availability = 6500),
      STATE(EVENT_PUBLICATION, "ann", .kind = STATE_CALENDAR, .availability = 6500)},
     2, "publishes userState 6500 busy, calendarState 6500 busy"},
    {{ASKS(SIP_SERVICE, "ann")}, {STATE(EVENT_PUBLICATION, "ann", .kind = STATE_UNKNOWN, .availability = 6500)},
     1, "publishes state 6500 busy"},
    {{ASKS(SIP_SERVICE, "ann")}, {REMOVED(0x24000000), REMOVED(0x24000000)}, 2, "removes userState"},
    {{ASKS(SIP_SERVICE, "ann")}, {REMOVED(0x82000001)}, 1, "removes phoneState"},
    {{ASKS(SIP_SERVICE, "ann")}, {REMOVED(0xa2000001)}, 1, "removes state"},
    /* for others */
    {{ASKS_FOR(SIP_PUBLISH, "fay", 600)}, {{0}}, 0, "for fay: expires 600"},
    {{ASKS_FOR(SIP_PUBLISH, "fay", 600)},
     {{.kind = EVENT_PIDF,
       .as.pidf = {.value = {.availability = AVAILABILITY_NONE,
                             .activities = {{.token = SLICE("on-the-phone")}},
                             .activity_count = 1}}}},
     1, "for fay: on-the-phone, expires 600"},
    {{ASKS_FOR(SIP_PUBLISH, "fay", 600), .if_match = SLICE("1-1")}, {{0}}, 0,
     "for fay: refresh, expires 600"},
    {{ASKS_FOR(SIP_PUBLISH, "fay", 0)}, {{0}}, 0, "for fay: removes the publication"},
    {{ASKS(SIP_PUBLISH, "fay")}, {{0}}, 0, "for fay"},
    /* telling */
    {{ASKS(SIP_BENOTIFY, "bo"), .event = SLICE("presence")},
     {STATE(EVENT_CATEGORY, "ann", .kind = STATE_AGGREGATE, .availability = 6500)}, 1, "bo: ann Busy"},
    {{ASKS(SIP_BENOTIFY, "ann"), .event = SLICE("presence")},
     {STATE(EVENT_CATEGORY, "ann", .kind = STATE_AGGREGATE, .availability = 6500)}, 1, "ann Busy"},
    {{ASKS(SIP_BENOTIFY, "ann"), .event = SLICE("presence")},
     {STATE(EVENT_CATEGORY, "ann", .kind = STATE_MACHINE, .availability = 5000),
      STATE(EVENT_CATEGORY, "ann", .kind = STATE_AGGREGATE, .availability = 3500),
      STATE(EVENT_CATEGORY, "ann", .kind = STATE_USER, .availability = 3500)},
     3, "ann Available, idle; Available"},
    {{ASKS(SIP_BENOTIFY, "bo"), .event = SLICE("presence")},
     {STATE(EVENT_CATEGORY, "cy", .kind = STATE_AGGREGATE, .availability = 6500),
      STATE(EVENT_CATEGORY, "ann", .kind = STATE_AGGREGATE, .availability = 3500),
      STATE(EVENT_CATEGORY, "ann", .kind = STATE_USER, .availability = 6500)},
     3, "bo: cy Busy, ann Available; Busy"},
    {{ASKS_FOR(SIP_SUBSCRIBE, "ann", 0), .event = SLICE("presence")},
     {{0}}, 0, "presence of ann, query"},
    {{ASKS(SIP_SERVICE, "dee"), .content_type = SLICE("application/soap+xml"), .body_length = 9},
     {{.kind = EVENT_LEGACY, .as.legacy = {.availability = 300, .activity = 600}}},
     1, "sets presence Busy"},
    {{ASKS(SIP_NOTIFY, "eve"), .event = SLICE("presence")},
     {{.kind = EVENT_LEGACY,
       .as.legacy = {.user = SLICE("dee@contoso.example"), .availability = 300, .activity = 500}}},
     1, "eve: dee Busy on-the-phone"},
    {{ASKS(SIP_SERVICE, "dee"), .content_type = SLICE("application/soap+xml"), .body_length = 9},
     {{.kind = EVENT_LEGACY,
       .as.legacy = {.availability = AVAILABILITY_NONE, .activity = AVAILABILITY_NONE}}},
     1, "application/soap+xml"},
    {{ASKS(SIP_UPDATE, "ann")}, {{0}}, 0, "refresh"},
    {{.method = SIP_REGISTER, .status = 301, .expires = -1,
      .contact = {.uri = SLICE("sip:fe01.contoso.example:5061;transport=TLS")}},
     {{0}}, 0, "to fe01.contoso.example:5061"},
    {{.method = SIP_INVITE, .status = 302, .expires = -1,
      .contact = {.uri = SLICE("sip:rooms@contoso.example"),
                  .user = SLICE("rooms@contoso.example")}},
     {{0}}, 0, "to rooms"},
    {{.method = SIP_INVITE, .status = 302, .expires = -1}, {{0}}, 0, "to INVITE"},
    {{.method = SIP_SUBSCRIBE, .status = 200, .expires = -1},
     {{.kind = EVENT_PROVISIONING,
       .as.provisioning = {.enabled = SAID_YES, .default_pool = SLICE("rooms@contoso.example")}}},
     1, "chat enabled, pool rooms"},
    {{.method = SIP_SUBSCRIBE, .status = 200, .expires = -1},
     {{.kind = EVENT_PROVISIONING, .as.provisioning = {.enabled = SAID_NO}}},
     1, "chat not enabled"},
    /* chat */
    {{ASKS(SIP_INFO, "rooms")},
     {CHAT(.class = CHAT_COMMAND, .name = SLICE("chansrch"), .has_query = true,
           .query_words = SLICE("plans"))},
     1, "chansrch \"plans\""},
    {{ASKS(SIP_INFO, "rooms")},
     {CHAT(.class = CHAT_COMMAND, .name = SLICE("chansrch"), .has_query = true)},
     1, "chansrch, all rooms"},
    {{ASKS(SIP_INFO, "rooms")},
     {CHAT(.class = CHAT_COMMAND, .name = SLICE("getfutok"), .rooms = ops, .room_count = 1,
           .file_name = SLICE("plan.docx"))},
     1, "getfutok @: plan.docx"},
    {{ASKS(SIP_INFO, "ann")}, {CHAT(REPLY("join", CHAT_JOIN, ops, 1))}, 1, "rpl join 200: @"},
    {{ASKS(SIP_INFO, "ann")}, {CHAT(REPLY("join", CHAT_JOIN, shut, 1))}, 1,
     "rpl join 200: @ refused (NOT_FOUND)"},
    {{ASKS(SIP_INFO, "ann")}, {CHAT(REPLY("bjoin", CHAT_BJOIN, three, 3))}, 1,
     "rpl bjoin 200: 2 rooms, 1 refused (FAILED)"},
    {{ASKS(SIP_INFO, "ann")}, {CHAT(REPLY("bccontext", CHAT_BCCONTEXT, told, 1))}, 1,
     "rpl bccontext 200: @, 2 messages"},
    {{ASKS(SIP_INFO, "ann")},
     {CHAT(REPLY("getinv", CHAT_GETINV, NULL, 0)), CHAT(REPLY("bccontext", CHAT_BCCONTEXT, ops, 1))},
     2, "rpl getinv 200; rpl bccontext 200: @, empty"},
    {{ASKS(SIP_INFO, "ann")},
     {CHAT(REPLY("requri", CHAT_REQURI, NULL, 0),
           .service_uri = SLICE("gc-1-persistentchatservice-2@contoso.example"))},
     1, "rpl requri 200: gc-1-persistentchatservice-2"},
    {{ASKS(SIP_INFO, "ann")},
     {CHAT(.class = CHAT_REPLY, .name = SLICE("getinv"), .code = 500)}, 1, "rpl getinv without code"},
    {{ASKS(SIP_INFO, "ann")},
     {CHAT(.class = CHAT_NOTICE, .name = SLICE("bjoin"), .rooms = entered, .room_count = 2)},
     1, "ntc bjoin 2 rooms: ben"},
    {{ASKS(SIP_INFO, "ann")},
     {CHAT(.class = CHAT_NOTICE, .name = SLICE("bjoin"), .rooms = crowded, .room_count = 2)},
     1, "ntc bjoin 2 rooms: ben and others"},
};
/* clang-format on */

static void messages_in_a_few_words(void **state)
{
    (void)state;
    struct meaning meaning;
    meaning_init(&meaning);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct message message = cases[i].message;
        meaning_begin(&meaning, &message);
        for (size_t k = 0; k < cases[i].count; k++) {
            struct event event = cases[i].facts[k];
            event.message = &message;
            meaning_add(&meaning, &event);
        }
        struct slice got = meaning_text(&meaning, 120);
        char text[256];
        snprintf(text, sizeof text, "%.*s", (int)got.size, got.data);
        char *room = strchr(text, MEANING_ROOM);
        if (room) {
            *room = '@';
        }
        assert_string_equal(text, cases[i].words);
    }
    meaning_dispose(&meaning);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_in_a_few_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
