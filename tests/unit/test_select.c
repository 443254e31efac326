/*
 * The selection: which events, changes and findings a sink behind it gets to see.
 */
#include "tests/unit/harness.h"

#include <stdio.h>

#include "analyzer/select.h"

#define OPS   "ma-chan://contoso.example/ops"
#define OTHER "ma-chan://contoso.example/other"

/* What came through, one letter each. */
struct seen {
    char log[128];
    size_t size;
};

static void note(struct seen *seen, char letter)
{
    assert_true(seen->size + 1 < sizeof seen->log);
    seen->log[seen->size++] = letter;
    seen->log[seen->size] = '\0';
}

static void see_event(void *context, const struct event *event)
{
    static const char letters[] = "mdpcfilCRgrwHPhNvD"; /* by event_kind; H = chat, v = coverage */
    note(context, letters[event->kind]);
}

static void see_change(void *context, const struct change *change)
{
    (void)change;
    note(context, '!');
}

static void see_finding(void *context, const struct finding *finding)
{
    note(context, (char)('0' + finding->id));
}

static const struct message ann_to_bob = {
    .id = 1,
    .call_id = SLICE("call-1"),
    .from = {.user = SLICE("ann@contoso.example")},
    .to = {.user = SLICE("bob@contoso.example")},
};
static const struct message cho_to_chat = {
    .id = 2,
    .request = true,
    .transaction = 7,
    .call_id = SLICE("call-2"),
    .from = {.user = SLICE("cho@contoso.example")},
    .to = {.user = SLICE("chat@contoso.example")},
};

/* The answer to it, and two that are none. */
static const struct message answers[] = {
    {.id = 3, .status = 200, .transaction = 7, .from = {.user = SLICE("cho@contoso.example")}},
    {.id = 4, .status = 200, .transaction = 8},
    {.id = 5, .status = 200},
};

static const struct chat_room ops_by_name[] = {{.uri = SLICE(OPS), .name = SLICE("Ops Bridge")}};
static const struct chat_room two_rooms[] = {{.uri = SLICE(OTHER)}, {.uri = SLICE(OPS)}};

/* One run: two messages with their facts, a coverage note, then a copy of the second message. */
static const struct event run[] = {
    {.kind = EVENT_MESSAGE, .origin = {.time = 10}, .message = &ann_to_bob},
    {.kind = EVENT_CATEGORY, .origin = {.time = 10}, .message = &ann_to_bob},
    {.kind = EVENT_DIALOG,
     .origin = {.time = 10},
     .message = &ann_to_bob,
     .as.dialog = {.call_id = SLICE("call-1"),
                   .from = SLICE("ann@contoso.example"),
                   .to = SLICE("bob@contoso.example")}},
    {.kind = EVENT_COVERAGE, .origin = {.time = 15}},
    {.kind = EVENT_MESSAGE, .origin = {.time = 20}, .message = &cho_to_chat},
    {.kind = EVENT_CHAT,
     .origin = {.time = 20},
     .message = &cho_to_chat,
     .as.chat = {.class = CHAT_REPLY, .rooms = ops_by_name, .room_count = 1}},
    {.kind = EVENT_CHAT,
     .origin = {.time = 20},
     .message = &cho_to_chat,
     .as.chat = {.class = CHAT_MESSAGE, .post = {.room = SLICE(OTHER)}}},
    {.kind = EVENT_CHAT,
     .origin = {.time = 20},
     .message = &cho_to_chat,
     .as.chat = {.class = CHAT_MESSAGE, .post = {.room = SLICE(OPS)}}},
    {.kind = EVENT_CHAT,
     .origin = {.time = 20},
     .message = &cho_to_chat,
     .as.chat = {.class = CHAT_COMMAND, .rooms = two_rooms, .room_count = 2}},
    {.kind = EVENT_MESSAGE, .origin = {.time = 30}, .message = &cho_to_chat},
    {.kind = EVENT_MESSAGE, .origin = {.time = 30}, .message = &answers[0]},
    {.kind = EVENT_MESSAGE, .origin = {.time = 30}, .message = &answers[1]},
    {.kind = EVENT_MESSAGE, .origin = {.time = 30}, .message = &answers[2]},
};

static const struct finding findings[] = {
    {.id = 1,
     .time = 10,
     .user = SLICE("ann@contoso.example"),
     .peer = SLICE("bob@contoso.example"),
     .call_id = SLICE("call-1")},
    {.id = 2,
     .time = 20,
     .user = SLICE("cho@contoso.example"),
     .room = SLICE(OPS),
     .call_id = SLICE("call-2")},
    {.id = 3, .time = 30},
};

static void assert_seen(const struct selection *selection, const char *expected)
{
    struct seen seen = {.size = 0};
    const struct change change = {.kind = CHANGE_PRESENCE, .time = 99};
    const struct sink behind = {&seen, see_event, see_change, see_finding, NULL, NULL};
    struct select *select = select_new(selection, test_seed(), &behind);
    const struct sink sink = select_sink(select);
    for (size_t i = 0; i < sizeof run / sizeof run[0]; i++) {
        sink.event(sink.context, &run[i]);
    }
    sink.change(sink.context, &change);
    for (size_t i = 0; i < sizeof findings / sizeof findings[0]; i++) {
        sink.finding(sink.context, &findings[i]);
    }
    assert_string_equal(seen.log, expected);
    select_free(select);
}

static const struct slice ann[] = {SLICE("ann@contoso.example")};
static const struct slice bob_or_c[] = {SLICE("bob@contoso.example"), SLICE("c*")};
static const struct slice nobody[] = {SLICE("nobody@contoso.example")};

static void a_sink_sees_what_was_asked_for(void **state)
{
    (void)state;
    static const struct {
        struct selection selection;
        const char *seen;
    } rows[] = {
        {{.from = TIME_NONE, .to = TIME_NONE}, "mcdvmHHHHmmmm!123"},
        {{.from = 15, .to = TIME_NONE}, "vmHHHHmmmm!23"},
        {{.from = TIME_NONE, .to = 15}, "mcdv!1"},
        {{.from = 10, .to = 10}, "mcd!1"},
        {{.users = ann, .user_count = 1, .from = TIME_NONE, .to = TIME_NONE}, "mcdv!1"},
        {{.users = bob_or_c, .user_count = 2, .from = TIME_NONE, .to = TIME_NONE},
         "mcdvmHHHHmm!12"},
        {{.users = nobody, .user_count = 1, .from = TIME_NONE, .to = TIME_NONE}, "v!"},
        {{.call_id = SLICE("call-1"), .from = TIME_NONE, .to = TIME_NONE}, "mcdv!1"},
        {{.call_id = SLICE("call-"), .from = TIME_NONE, .to = TIME_NONE}, "v!"},
        /* a room: its message comes with the first fact that names it, later copies and answers as
           they are */
        {{.room = SLICE("OPS bridge"), .from = TIME_NONE, .to = TIME_NONE}, "vmHHHmm!2"},
        {{.room = SLICE("MA-CHAN://contoso.example/ops"), .from = TIME_NONE, .to = TIME_NONE},
         "vmHHHmm!2"},
        {{.room = SLICE(OTHER), .from = TIME_NONE, .to = TIME_NONE}, "vmHHmm!"},
        {{.room = SLICE("Nowhere"), .from = TIME_NONE, .to = TIME_NONE}, "v!"},
        {{.room = SLICE(OPS), .users = ann, .user_count = 1, .from = TIME_NONE, .to = TIME_NONE},
         "v!"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_seen(&rows[i].selection, rows[i].seen);
    }
}

static void a_sink_that_does_not_care_is_left_alone(void **state)
{
    (void)state;
    const struct selection selection = {.room = SLICE(OPS), .from = TIME_NONE, .to = TIME_NONE};
    const struct change change = {.kind = CHANGE_ROOM};
    struct select *select = select_new(&selection, test_seed(), &(struct sink){0});
    const struct sink sink = select_sink(select);
    for (size_t i = 0; i < sizeof run / sizeof run[0]; i++) {
        sink.event(sink.context, &run[i]);
    }
    sink.change(sink.context, &change);
    sink.finding(sink.context, &findings[1]);
    select_free(select);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sink_sees_what_was_asked_for),
        cmocka_unit_test(a_sink_that_does_not_care_is_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
