/*
 * The tally: what a run counts, from scripts of events and changes.
 */
#include <stdio.h>
#include <string.h>

#include "analyzer/audit/distinct.h"
#include "analyzer/audit/durations.h"
#include "analyzer/audit/tally.h"
#include "tests/unit/audit_script.h"

#define ROOM "ma-chan://contoso.example/0b6f5a52"

static void to_tally_event(void *context, const struct event *event)
{
    tally_event(context, event);
}

static void to_tally_change(void *context, const struct change *change)
{
    tally_change(context, change);
}

static struct tally *tally_of(const struct step *steps, const struct limits *limits,
                              struct summary *out)
{
    struct tally *tally = tally_new(test_seed(), limits);
    const struct audience audience = {to_tally_event, to_tally_change, tally};
    play(&audience, steps);
    tally_fill(tally, out);
    return tally;
}

static void assert_rows(const struct count_row *rows, size_t count, const char *expected)
{
    char text[512] = "";
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        used += (size_t)snprintf(text + used, sizeof text - used, "%.*s %d\n",
                                 (int)rows[i].name.size, rows[i].name.data, (int)rows[i].count);
    }
    assert_string_equal(text, expected);
}

static void messages_are_counted_as_observed(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    struct summary summary = {.packets = 77, .partial = true};
    struct tally *tally = tally_of(
        SCRIPT_STEPS(
            {.at = 0,
             .method = "INFO",
             .from = "ada",
             .to = "chat",
             .tx = 1,
             .agent = "UCCAPI/4.0"},
            {.at = 1,
             .method = "INFO",
             .from = "ada",
             .to = "chat",
             .tx = 1,
             .agent = "UCCAPI/4.0",
             .role = MESSAGE_RETRANSMISSION},
            {.at = 1,
             .method = "INFO",
             .from = "ada",
             .to = "chat",
             .tx = 1,
             .role = MESSAGE_ANOTHER_HOP},
            {.at = 2,
             .method = "INFO",
             .from = "ada",
             .to = "chat",
             .tx = 1,
             .status = 200,
             .kept = true,
             .agent = "RTC/6.0"},
            {.at = 2, .method = "OPTIONS", .from = "bo", .to = "chat", .tx = 2, .agent = "A/1"},
            {.at = 3, .method = "FETCH", .from = "bo", .to = "chat", .tx = 3, .agent = "A/1"},
            {.at = 4,
             .method = "OPTIONS",
             .from = "bo",
             .to = "chat",
             .tx = 2,
             .status = 503,
             .kept = true},
            {.at = 4,
             .method = "FETCH",
             .from = "bo",
             .to = "chat",
             .tx = 3,
             .status = 200,
             .kept = true},
            {.at = 9,
             .method = "INVITE",
             .from = "bo",
             .to = "ada",
             .tx = 4,
             .status = 200,
             .kept = true}),
        &limits, &summary);
    assert_int_equal(summary.sip_messages, 9);
    assert_int_equal(summary.retransmissions, 1);
    assert_rows(summary.requests, summary.request_count, "INFO 3\nFETCH 1\nOPTIONS 1\n");
    assert_rows(summary.responses, summary.response_count, "200 3\n503 1\n");
    assert_rows(summary.user_agents, summary.user_agent_count, "A/1 2\nUCCAPI/4.0 2\n");
    assert_rows(summary.servers, summary.server_count, "RTC/6.0 1\n");
    assert_int_equal(summary.call_ids, 1);
    assert_true(summary.exact);
    /* 2, 4 and 4 s after the start, where the kept requests stand; the INVITE does not count. */
    assert_int_equal(summary.response_time.count, 3);
    assert_int_equal(summary.response_time.p50, 4 * TIME_SECOND);
    assert_int_equal(summary.response_time.max, 4 * TIME_SECOND);
    assert_int_equal(summary.packets, 77);
    assert_true(summary.partial);
    tally_free(tally);
}

static uint64_t users_of(const struct step *steps)
{
    struct limits limits = limits_default();
    struct summary summary = {0};
    tally_free(tally_of(steps, &limits, &summary));
    return summary.users;
}

static void users_are_people(void **state)
{
    (void)state;
    const struct {
        const char *title;
        uint64_t users;
        const struct step *steps;
    } cases[] = {
        {"who calls and is called", 2,
         SCRIPT_STEPS({.method = "INVITE", .from = "ada", .to = "bo", .tx = 1},
                      {.method = "INVITE", .from = "bo", .to = "ada", .tx = 2})},
        {"who merely sends something else", 0,
         SCRIPT_STEPS({.method = "OPTIONS", .from = "ada", .to = "bo", .tx = 1})},
        {"a pool has no user part", 1,
         SCRIPT_STEPS(
             {.method = "INVITE", .from = "ada", .to = "pool01.contoso.example", .tx = 1})},
        {"a chat service is called before it is known as one", 1,
         SCRIPT_STEPS({.method = "INVITE", .from = "ada", .to = "chat", .tx = 1},
                      {.act = SESSION,
                       .timer = true,
                       .session = 1,
                       .who = "ada",
                       .state = SESSION_CONNECTED})},
        {"a channel server that the lookup named", 1,
         SCRIPT_STEPS(
             {.act = REPLY,
              .method = "INFO",
              .from = "chat",
              .to = "ada",
              .tx = 1,
              .verb = CHAT_REQURI,
              .name = "channel@contoso.example"},
             {.method = "INVITE", .from = "ada", .to = "channel@contoso.example", .tx = 2})},
        {"registered, published, watching and watched", 2,
         SCRIPT_STEPS({.act = ENDPOINT, .timer = true, .who = "ada"},
                      {.act = PUBLICATION, .timer = true, .who = "ada"},
                      {.act = SUBSCRIPTION, .timer = true, .who = "ada", .to = "bo"},
                      {.act = TOLD, .timer = true, .who = "bo", .to = "ada"})},
        {"whoever writes in a room", 2,
         SCRIPT_STEPS({.act = POST, .timer = true, .who = "bo", .id = 1, .state = POST_DELIVERED})},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint64_t users = users_of(cases[i].steps);
        if (users != cases[i].users) {
            fail_msg("%s: %d users", cases[i].title, (int)users);
        }
    }
}

static void applications_are_no_users(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    struct summary summary = {0};
    struct tally *tally = tally_new(test_seed(), &limits);
    const struct message invite = {.request = true,
                                   .method = SIP_INVITE,
                                   .method_name = SLICE("INVITE"),
                                   .from = {.user = SLICE("bo@contoso.example")},
                                   .to = {.user = SLICE("ada@contoso.example"), .service = true}};
    const struct event event = {.kind = EVENT_MESSAGE, .message = &invite};
    tally_event(tally, &event);
    const struct event dialog = {.kind = EVENT_DIALOG,
                                 .as.dialog = {.id = 1,
                                               .service = SERVICE_CHAT,
                                               .from_start = true,
                                               .to = SLICE("gc@contoso.example")}};
    tally_event(tally, &dialog);
    tally_event(tally, &dialog);
    /* A chat dialog that begins in the middle may show the service as its opener. */
    const struct event middle = {
        .kind = EVENT_DIALOG,
        .as.dialog = {.id = 2, .service = SERVICE_CHAT, .to = SLICE("bo@contoso.example")}};
    tally_event(tally, &middle);
    const struct event odd = {.kind = EVENT_DIAGNOSTIC,
                              .as.diagnostic = {.code = "xml-not-well-formed"}};
    tally_event(tally, &odd);
    const struct finding finding = {.severity = SEVERITY_WARNING};
    tally_finding(tally, &finding);
    tally_fill(tally, &summary);
    assert_int_equal(summary.users, 1);
    assert_int_equal(summary.dialogs, 2);
    assert_int_equal(summary.call_ids, 0);
    assert_rows(summary.diagnostics, summary.diagnostic_count, "xml-not-well-formed 1\n");
    assert_int_equal(summary.findings[SEVERITY_WARNING], 1);
    assert_int_equal(summary.findings[SEVERITY_ERROR], 0);
    tally_free(tally);
}

static void a_post_is_one_message(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    struct summary summary = {0};
    struct tally *tally = tally_of(
        SCRIPT_STEPS(
            {.at = 1, .act = POST, .timer = true, .id = 1, .room = ROOM, .state = POST_SENT},
            {.at = 2, .act = POST, .timer = true, .id = 1, .room = ROOM, .state = POST_REFUSED},
            {.at = 3,
             .act = POST,
             .timer = true,
             .id = 1,
             .room = ROOM,
             .state = POST_SENT,
             .retry = true},
            {.at = 4, .act = POST, .timer = true, .id = 1, .room = ROOM, .state = POST_DELIVERED},
            {.at = 6, .act = POST, .timer = true, .id = 1, .room = ROOM, .state = POST_DELIVERED},
            {.at = 6, .act = POST, .timer = true, .id = 1, .room = ROOM, .state = POST_DUPLICATE},
            {.at = 7,
             .act = POST,
             .timer = true,
             .id = 2,
             .room = ROOM "/other",
             .state = POST_DELIVERED},
            {.at = 7, .act = POST, .timer = true, .id = 3, .room = ROOM, .state = POST_HISTORY}),
        &limits, &summary);
    assert_int_equal(summary.chat_messages, 2);
    assert_int_equal(summary.rooms, 2);
    assert_int_equal(summary.post_to_copy.count, 3);
    assert_int_equal(summary.post_to_copy.p50, 6 * TIME_SECOND);
    assert_int_equal(summary.post_to_copy.max, 7 * TIME_SECOND);
    tally_free(tally);
}

static void caps_are_admitted(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    limits.distinct = 1;
    limits.report_rows = 1;
    struct summary summary = {0};
    struct tally *tally =
        tally_of(SCRIPT_STEPS({.method = "INVITE", .from = "ada", .to = "bo", .tx = 1},
                              {.method = "FETCH", .from = "ada", .to = "bo", .tx = 2},
                              {.method = "GRAB", .from = "ada", .to = "bo", .tx = 3}),
                 &limits, &summary);
    assert_false(summary.exact);
    assert_int_equal(summary.users, 1);
    assert_rows(summary.requests, summary.request_count, "(others) 2\nINVITE 1\n");
    tally_free(tally);
}

static void distinct_sets_agree_with_counting(void **state)
{
    (void)state;
    struct distinct all;
    struct distinct even;
    distinct_init(&all, test_seed(), 1000);
    distinct_init(&even, test_seed(), 1000);
    assert_int_equal(distinct_outside(&all, &even), 0);
    for (uint64_t i = 0; i < 3000; i++) {
        uint64_t number = i % 900;
        distinct_add(&all, map_number_key(&number));
        if (number % 2 == 0) {
            distinct_add(&even, map_number_key(&number));
        }
        assert_true(distinct_has(&all, map_number_key(&number)));
        assert_int_equal(distinct_has(&even, map_number_key(&number)), number % 2 == 0);
    }
    assert_int_equal(all.count, 900);
    assert_int_equal(distinct_outside(&all, &even), 450);
    assert_false(all.capped);
    for (uint64_t i = 900; i < 1001; i++) {
        distinct_add(&all, map_number_key(&i));
    }
    assert_int_equal(all.count, 1000);
    assert_true(all.capped);
    distinct_dispose(&all);
    distinct_dispose(&even);
}

static void percentiles_are_nearest_rank(void **state)
{
    (void)state;
    struct durations few = {0};
    assert_int_equal(durations_percentiles(&few).count, 0);
    durations_add(&few, -5);
    for (int64_t i = 100; i > 0; i--) {
        durations_add(&few, i);
    }
    struct percentiles exact = durations_percentiles(&few);
    assert_int_equal(exact.count, 100);
    assert_int_equal(exact.p50, 50);
    assert_int_equal(exact.p95, 95);
    assert_int_equal(exact.p99, 99);
    assert_int_equal(exact.max, 100);
    durations_dispose(&few);
    struct durations one = {0};
    durations_add(&one, 7);
    assert_int_equal(durations_percentiles(&one).p50, 7);
    assert_int_equal(durations_percentiles(&one).p99, 7);
    durations_dispose(&one);
}

static void many_samples_stay_close(void **state)
{
    (void)state;
    struct durations many = {0};
    const int64_t count = 200000;
    const int64_t step = 12345;
    for (int64_t i = 1; i <= count; i++) {
        durations_add(&many, i * step);
    }
    assert_null(many.samples);
    struct percentiles got = durations_percentiles(&many);
    const struct {
        int64_t got;
        int64_t exact;
    } pairs[] = {{got.p50, count / 2 * step},
                 {got.p95, count / 100 * 95 * step},
                 {got.p99, count / 100 * 99 * step}};
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        assert_true(pairs[i].got >= pairs[i].exact);
        assert_true(pairs[i].got <= pairs[i].exact + pairs[i].exact / 64);
    }
    assert_int_equal(got.count, count);
    assert_int_equal(got.max, count * step);
    durations_add(&many, INT64_MAX);
    durations_add(&many, 0);
    assert_int_equal(durations_percentiles(&many).max, INT64_MAX);
    durations_dispose(&many);
}

/* A header may be of any length; what is kept of it for each name is short. */
static void long_names_are_cut(void **state)
{
    (void)state;
    char agent[5000] = "";
    memset(agent, 'a', 255);
    memset(agent + 255, '\xc3', 1); /* an umlaut across the cut */
    memset(agent + 256, '\xa4', 1);
    memset(agent + 257, 'b', sizeof agent - 258);
    struct limits limits = limits_default();
    struct summary summary = {0};
    struct tally *tally = tally_of(
        SCRIPT_STEPS(
            {.at = 0, .method = "INFO", .from = "ada", .to = "bo", .tx = 1, .agent = agent},
            {.at = 1, .method = "INFO", .from = "ada", .to = "bo", .tx = 2, .agent = agent}),
        &limits, &summary);
    assert_int_equal(summary.user_agent_count, 1);
    assert_int_equal(summary.user_agents[0].count, 2);
    assert_int_equal(summary.user_agents[0].name.size, 255);
    tally_free(tally);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_are_counted_as_observed),
        cmocka_unit_test(long_names_are_cut),
        cmocka_unit_test(users_are_people),
        cmocka_unit_test(applications_are_no_users),
        cmocka_unit_test(a_post_is_one_message),
        cmocka_unit_test(caps_are_admitted),
        cmocka_unit_test(distinct_sets_agree_with_counting),
        cmocka_unit_test(percentiles_are_nearest_rank),
        cmocka_unit_test(many_samples_stay_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
