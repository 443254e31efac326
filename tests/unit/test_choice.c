/*
 * Which part of a run is chosen: one small run, and what each combination of options shows of it.
 */
#include "tests/unit/output_text.h"

#include <inttypes.h>

#include "reports/choice.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define START        (INT64_C(1795168800) * TIME_SECOND)

#define ANN  "ann@contoso.example"
#define BOB  "bob@contoso.example"
#define CHAT "chat@contoso.example"

enum kind { MESSAGE, WEB, GAP };

/* Each is in the packet of its own number; a copy is in that of 100 more. */
static const struct step {
    enum kind kind;
    int64_t seconds;
    uint64_t number; /* id of a message, and its packet */
    uint64_t exchange;
    uint64_t dialog;
    const char *call_id;
    const char *from;
    const char *to;
    unsigned port;     /* of the client's connection */
    bool copied;       /* seen on a second hop, too */
    bool chat_command; /* shows that `to` is a chat service */
} run[] = {
    {MESSAGE, 0, 1, 1, 1, "register", ANN, ANN, 21, false, false},
    {MESSAGE, 0, 2, 1, 1, "register", ANN, ANN, 21, false, false},
    {MESSAGE, 60, 3, 2, 2, "chat", ANN, CHAT, 21, true, false},
    {MESSAGE, 60, 4, 2, 2, "chat", ANN, CHAT, 21, false, false},
    {WEB, 60, 50, 1, 0, "", "", "", 80, false, false},
    {WEB, 61, 51, 1, 0, "", "", "", 80, false, false},
    {WEB, 61, 52, 2, 0, "", "", "", 80, false, false},
    {MESSAGE, 61, 5, 3, 2, "chat", ANN, CHAT, 21, false, true},
    {MESSAGE, 61, 6, 3, 2, "chat", ANN, CHAT, 21, false, false},
    {GAP, 61, 60, 0, 0, "", "", "", 21, false, false},
    {GAP, 62, 61, 0, 0, "", "", "", 99, false, false},
    {MESSAGE, 62, 7, 4, 3, "other chat", BOB, CHAT, 22, false, false},
    {MESSAGE, 62, 8, 4, 3, "other chat", BOB, CHAT, 22, false, false},
    {MESSAGE, 63, 9, 5, 4, "77", BOB, ANN, 22, false, false},
    {MESSAGE, 64, 10, 5, 4, "77", BOB, ANN, 22, false, false},
    {MESSAGE, 100, 11, 6, 2, "chat", ANN, CHAT, 21, false, false},
    {MESSAGE, 100, 12, 6, 2, "chat", ANN, CHAT, 21, false, false},
    {MESSAGE, 300, 13, 7, 5, "publish", ANN, ANN, 21, false, false},
    {MESSAGE, 300, 14, 7, 5, "publish", ANN, ANN, 21, false, false},
};

static const struct {
    int64_t seconds;
    uint64_t records[2]; /* that prove it; 0 = none */
    const char *user;
} findings[] = {
    {64, {10, 0}, BOB},  /* 1: the answer to bob's message */
    {60, {103, 0}, ANN}, /* 2: proved by the copy of packet 3 */
    {63, {0, 0}, ""},    /* 3: nothing proves it */
    {61, {51, 52}, ""},  /* 4: web calls */
    {62, {61, 0}, ""},   /* 5: the gap of a connection without messages */
    {900, {0, 0}, ""},   /* 6: nothing proves it, and nothing is near */
    {0, {2, 13}, ANN},   /* 7: two dialogs far apart */
};

static struct origin origin_of(int64_t seconds, uint64_t record)
{
    return (struct origin){
        .time = START + seconds * TIME_SECOND, .record = record, .stream_offset = 10 * record};
}

static struct address client_of(const struct step *step)
{
    return (struct address){
        .bytes = {10, 1, 1, 1}, .family = ADDRESS_IPV4, .port = (uint16_t)step->port};
}

static const struct address server = {.bytes = {10, 1, 1, 9}, .family = ADDRESS_IPV4, .port = 5061};

static void feed_message(const struct sink *sink, const struct step *step)
{
    struct message message = {
        .id = step->number,
        .transaction = step->exchange,
        .dialog = step->dialog,
        .call_id = slice_of(step->call_id),
        .from = {.user = slice_of(step->from)},
        .to = {.user = slice_of(step->to)},
        .observed = {.origin = origin_of(step->seconds, step->number),
                     .source = client_of(step),
                     .destination = server},
    };
    struct event event = {
        .kind = EVENT_MESSAGE, .origin = message.observed.origin, .message = &message};
    sink->event(sink->context, &event);
    if (step->chat_command) {
        struct event chat = {.kind = EVENT_CHAT, .origin = event.origin, .message = &message};
        chat.as.chat.class = CHAT_COMMAND;
        sink->event(sink->context, &chat);
    }
    if (step->copied) {
        message.role = MESSAGE_ANOTHER_HOP;
        message.observed.origin = origin_of(step->seconds, 100 + step->number);
        event.origin = message.observed.origin;
        sink->event(sink->context, &event);
    }
}

static void feed_beside(const struct sink *sink, const struct step *step)
{
    struct event event = {.kind = step->kind == WEB ? EVENT_HTTP : EVENT_COVERAGE,
                          .origin = origin_of(step->seconds, step->number)};
    if (step->kind == WEB) {
        event.as.http.exchange = step->exchange;
        event.as.http.client = client_of(step);
        event.as.http.server = server;
    } else {
        event.as.coverage.kind = COVERAGE_GAP;
        event.as.coverage.source = server; /* either direction */
        event.as.coverage.destination = client_of(step);
    }
    sink->event(sink->context, &event);
}

static void feed_finding(const struct sink *sink, size_t i)
{
    struct origin evidence[2];
    struct finding finding = {.id = i + 1,
                              .rule = "some-rule",
                              .time = START + findings[i].seconds * TIME_SECOND,
                              .user = slice_of(findings[i].user),
                              .evidence = evidence};
    for (size_t k = 0; k < 2 && findings[i].records[k] != 0; k++) {
        uint64_t record = findings[i].records[k];
        int64_t seconds = findings[i].seconds;
        for (size_t s = 0; s < COUNT(run); s++) {
            seconds = run[s].number == record % 100 ? run[s].seconds : seconds;
        }
        evidence[finding.evidence_count++] = origin_of(seconds, record);
    }
    sink->finding(sink->context, &finding);
}

/* Message 3 is a step, the answer to it is labelled, too; a web call is a step beside SIP. */
static void feed_flow(const struct sink *sink)
{
    const struct flow_label labels[] = {
        {.message = 3, .flow = "sign-in", .step = "invite", .number = 8},
        {.message = 4, .flow = "sign-in", .step = "invite", .number = 8, .answer = true},
        {.message = 9, .flow = "other", .step = "message", .number = 1},
    };
    const struct flow_step_view steps[] = {
        {.name = "lookup", .outcome = FLOW_STEP_SEEN, .origin = origin_of(60, 50)},
        {.name = "invite", .outcome = FLOW_STEP_SEEN, .origin = origin_of(60, 3)},
        {.name = "copy", .outcome = FLOW_STEP_MISSING},
    };
    const struct flow_view flow = {.flow = "sign-in", .steps = steps, .step_count = COUNT(steps)};
    for (size_t i = 0; i < COUNT(labels); i++) {
        sink->label(sink->context, &labels[i]);
    }
    sink->flow(sink->context, &flow);
}

static struct choice *chosen(const struct choice_options *options, const struct limits *limits)
{
    struct choice *choice = choice_new(options, test_seed(), limits);
    const struct sink sink = choice_sink(choice);
    for (size_t i = 0; i < COUNT(run); i++) {
        if (run[i].kind == MESSAGE) {
            feed_message(&sink, &run[i]);
        } else {
            feed_beside(&sink, &run[i]);
        }
    }
    feed_flow(&sink);
    for (size_t i = 0; i < COUNT(findings); i++) {
        feed_finding(&sink, i);
    }
    choice_settle(choice);
    return choice;
}

static void say(char *out, size_t size, uint64_t number)
{
    size_t used = strlen(out);
    snprintf(out + used, size - used, "%s%" PRIu64, used > 0 ? " " : "", number);
}

/* "3 4 11" of messages, of packets beside SIP, of findings. */
static void list(const struct choice *choice, char messages[static 128], char places[static 128],
                 char shown[static 128])
{
    messages[0] = places[0] = shown[0] = '\0';
    for (size_t i = 0; i < COUNT(run); i++) {
        struct origin origin = origin_of(run[i].seconds, run[i].number);
        if (run[i].kind == MESSAGE && choice_has_message(choice, run[i].number)) {
            assert_true(choice_has_place(choice, &origin));
            say(messages, 128, run[i].number);
        } else if (run[i].kind != MESSAGE && choice_has_place(choice, &origin)) {
            say(places, 128, run[i].number);
        }
    }
    for (size_t i = 0; i < COUNT(findings); i++) {
        if (choice_has_finding(choice, i + 1)) {
            say(shown, 128, i + 1);
        }
    }
}

/* clang-format off */
static const struct {
    struct choice_options options;
    const char *messages;
    const char *places;
    const char *findings;
    const char *words;
} cases[] = {
    {{.collapse = true}, "1 2 3 4 5 6 7 8 9 10 11 12 13 14", "50 51 52 60 61", "1 2 3 4 5 6 7", ""},
    /* with the gap of its connection */
    {{.dialog = SLICE("2")}, "3 4 5 6 11 12", "60", "2", "only dialog 2"},
    {{.dialog = SLICE("#2")}, "3 4 5 6 11 12", "60", "2", "only dialog #2"},
    {{.dialog = SLICE("chat")}, "3 4 5 6 11 12", "60", "2", "only dialog chat"},
    /* no dialog has that number, so it is a Call-ID */
    {{.dialog = SLICE("77")}, "9 10", "", "1", "only dialog 77"},
    {{.dialog = SLICE("1")}, "1 2", "", "7", "only dialog 1"},
    {{.flow = SLICE("sign-in")}, "3 4", "50 51 60", "2 4", "only the call flow sign-in"},
    {{.flow = SLICE("other")}, "9 10", "", "1", "only the call flow other"},
    /* what the parties did shortly before; the chat service is none, so bob's chat is there for bob */
    {{.finding = 1}, "3 4 5 6 7 8 9 10", "60", "1 2", "only finding 1 and its dialogs"},
    /* the whole dialog, also what is far from the finding; nothing of bob but what is with ann */
    {{.finding = 2}, "3 4 5 6 9 10 11 12", "60", "1 2", "only finding 2 and its dialogs"},
    {{.finding = 3}, "3 4 5 6 7 8 9 10", "50 51 52 60 61", "1 2 3 4 5", "only finding 3 and its dialogs"},
    {{.finding = 4}, "", "50 51 52", "4", "only finding 4 and its dialogs"},
    {{.finding = 5}, "", "61", "5", "only finding 5 and its dialogs"},
    {{.finding = 7}, "1 2 13 14", "60", "7", "only finding 7 and its dialogs"},
    {{.dialog = SLICE("4"), .related = true}, "3 4 5 6 7 8 9 10", "60", "1 2",
     "only dialog 4, with the other dialogs of the same users"},
    {{.dialog = SLICE("5"), .related = true}, "13 14", "", "7",
     "only dialog 5, with the other dialogs of the same users"},
    {{.dialog = SLICE("2"), .finding = 1}, "3 4 5 6", "60", "1 2",
     "only finding 1 and its dialogs, in dialog 2"},
    {{.dialog = SLICE("2"), .flow = SLICE("sign-in")}, "3 4", "", "2",
     "only dialog 2, in the call flow sign-in"},
};
/* clang-format on */

static void each_choice_shows_its_part(void **state)
{
    (void)state;
    const struct limits limits = limits_default();
    for (size_t i = 0; i < COUNT(cases); i++) {
        char messages[128];
        char places[128];
        char shown[128];
        struct choice *choice = chosen(&cases[i].options, &limits);
        print_message("case %zu\n", i);
        assert_null(choice_problem(choice));
        list(choice, messages, places, shown);
        assert_string_equal(messages, cases[i].messages);
        assert_string_equal(places, cases[i].places);
        assert_string_equal(shown, cases[i].findings);
        assert_string_equal(choice_words(choice), cases[i].words);
        assert_int_equal(choice_is_narrow(choice), cases[i].words[0] != '\0');
        choice_free(choice);
    }
}

static void what_is_not_there_is_told(void **state)
{
    (void)state;
    const struct limits limits = limits_default();
    static const struct {
        struct choice_options options;
        const char *problem;
    } rows[] = {
        {{.dialog = SLICE("6")}, "there is no dialog '6'; the dialogs command lists them"},
        {{.dialog = SLICE("0")}, "there is no dialog '0'; the dialogs command lists them"},
        {{.dialog = SLICE("cha")}, "there is no dialog 'cha'; the dialogs command lists them"},
        {{.dialog = SLICE("\033[1m")},
         "there is no dialog '\\x1b[1m'; the dialogs command lists them"},
        {{.flow = SLICE("third")},
         "no call flow 'third'; the flows command lists those recognised"},
        {{.finding = 8}, "there is no finding 8 among 7; the audit command lists them"},
        {{.finding = 6}, "finding 6 (some-rule) has no packet that can be shown"},
        {{.dialog = SLICE("1"), .finding = 1}, "nothing is in all that was chosen"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct choice *choice = chosen(&rows[i].options, &limits);
        assert_non_null(choice_problem(choice));
        assert_string_equal(choice_problem(choice), rows[i].problem);
        choice_free(choice);
    }
}

static void span_and_users_are_of_what_was_chosen(void **state)
{
    (void)state;
    const struct limits limits = limits_default();
    const struct choice_options options = {.dialog = SLICE("2")};
    struct choice *choice = chosen(&options, &limits);
    int64_t first = 0;
    int64_t last = 0;
    assert_true(choice_span(choice, &first, &last));
    assert_int_equal(first, START + 60 * TIME_SECOND);
    assert_int_equal(last, START + 100 * TIME_SECOND);
    assert_true(choice_has_user(choice, slice_of(ANN)));
    assert_false(choice_has_user(choice, slice_of(BOB)));
    assert_false(choice_has_user(choice, slice_of(CHAT))); /* a service */
    assert_false(choice_has_user(choice, slice_of("nobody@contoso.example")));
    choice_free(choice);
}

/* What found no room is told, and never taken for something else. */
static void caps_are_told(void **state)
{
    (void)state;
    static const struct {
        size_t rows;
        const char *messages;
        const char *words;
    } rows[] = {
        {19, "3 4 5 6 11 12", "only dialog 2 (1 more found no room, limit report_rows)"},
        {5, "3 4", "only dialog 2 (17 more found no room, limit report_rows)"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char messages[128];
        char places[128];
        char shown[128];
        struct limits limits = limits_default();
        limits.report_rows = rows[i].rows;
        const struct choice_options options = {.dialog = SLICE("2")};
        struct choice *choice = chosen(&options, &limits);
        list(choice, messages, places, shown);
        assert_string_equal(messages, rows[i].messages);
        assert_string_equal(choice_words(choice), rows[i].words);
        choice_free(choice);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_choice_shows_its_part),
        cmocka_unit_test(what_is_not_there_is_told),
        cmocka_unit_test(span_and_users_are_of_what_was_chosen),
        cmocka_unit_test(caps_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
