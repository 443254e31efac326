/*
 * Comments on packets: what is said where, in which order, and what each limit does. Events,
 * changes and findings are made up here; tests/check_annotate.py has whole captures.
 */
#include "tests/unit/harness.h"

#include "analyzer/engine/limits.h"
#include "reports/annotation.h"

/* An annotation that is being filled. */
struct filling {
    struct annotation *annotation;
    struct sink sink;
};

static struct filling begin(const struct limits *limits, bool selected)
{
    const struct annotation_options options = {.selected = selected};
    struct filling filling = {.annotation = annotation_new(&options, test_seed(), limits)};
    filling.sink = annotation_sink(filling.annotation);
    return filling;
}

static void add_message(struct filling *filling, uint64_t record, uint64_t id, const char *method,
                        enum message_role role)
{
    struct message message = {
        .request = true,
        .method = sip_method_find(slice_of(method)),
        .method_name = slice_of(method),
        .to = {.user = slice_of("bo@contoso.example")},
        .expires = -1,
        .observed = {.origin = {.record = record}},
        .role = role,
        .id = id,
    };
    struct event event = {
        .kind = EVENT_MESSAGE, .origin = message.observed.origin, .message = &message};
    filling->sink.event(filling->sink.context, &event);
}

static void add_finding(struct filling *filling, uint64_t id, enum severity severity,
                        const uint64_t *records, size_t count)
{
    struct origin evidence[8];
    for (size_t i = 0; i < count; i++) {
        evidence[i] = (struct origin){.record = records[i]};
    }
    struct finding finding = {
        .id = id,
        .rule = "chat-post-not-joined",
        .severity = severity,
        .message = slice_of("It was \x1b[31mred\n."),
        .evidence = evidence,
        .evidence_count = count,
    };
    filling->sink.finding(filling->sink.context, &finding);
}

static void add_presence(struct filling *filling, uint64_t record, int64_t time, int64_t caused)
{
    struct change change = {
        .kind = CHANGE_PRESENCE, .time = time, .origin = {.time = caused, .record = record}};
    change.as.presence = (struct presence_change){.user = slice_of("ann@contoso.example"),
                                                  .band = BAND_BUSY,
                                                  .availability = 6500,
                                                  .activity = slice_of("on-the-phone"),
                                                  .source = SOURCE_COMPUTED};
    filling->sink.change(filling->sink.context, &change);
}

static void add_copy(struct filling *filling, uint64_t record, uint64_t post, const char *user,
                     enum post_state state)
{
    struct change change = {.kind = CHANGE_POST, .origin = {.record = record}};
    change.as.post = (struct post_change){
        .session = {.user = slice_of(user)}, .state = state, .post = {.record = post}};
    filling->sink.change(filling->sink.context, &change);
}

static void add_label(struct filling *filling, uint64_t message, bool answer)
{
    const struct flow_label label = {.message = message,
                                     .flow = "group-chat-sign-in",
                                     .step = "requri",
                                     .number = 5,
                                     .answer = answer};
    filling->sink.label(filling->sink.context, &label);
}

static void assert_comments(struct filling *filling, uint64_t record, const char *const *expected)
{
    size_t count = 0;
    const struct slice *comments = annotation_comments(filling->annotation, record, &count);
    for (size_t i = 0; i < count && expected[i]; i++) {
        assert_slice_equal(comments[i], expected[i]);
    }
    assert_true(expected[count] == NULL);
    for (size_t i = 0; i < count; i++) {
        assert_non_null(expected[i]);
    }
}

#define COMMENTS(filling, record, ...)                                                             \
    assert_comments(filling, record, (const char *const[]){__VA_ARGS__, NULL})

static void everything_stands_at_its_packet_in_its_order(void **state)
{
    (void)state;
    static const uint64_t proofs[] = {4, 7, 7};
    const struct limits limits = limits_default();
    struct filling filling = begin(&limits, false);
    add_message(&filling, 4, 1, "INVITE", MESSAGE_FIRST);
    add_presence(&filling, 4, 9, 9);
    add_presence(&filling, 4, 99, 9); /* time ran out: no packet did it */
    add_copy(&filling, 7, 4, "zoe@contoso.example", POST_DELIVERED);
    add_message(&filling, 7, 2, "ACK", MESSAGE_FIRST);
    add_message(&filling, 8, 1, "INVITE", MESSAGE_RETRANSMISSION);
    add_copy(&filling, 8, 4, "bo@contoso.example", POST_DELIVERED);
    add_copy(&filling, 9, 4, "bo@contoso.example", POST_DUPLICATE);
    add_copy(&filling, 9, 0, "bo@contoso.example", POST_DELIVERED);
    add_copy(&filling, 9, 4, "bo@contoso.example", POST_DELIVERED);
    add_label(&filling, 1, false);
    add_label(&filling, 2, true);
    add_label(&filling, 3, false);
    add_finding(&filling, 12, SEVERITY_ERROR, proofs, 3);
    annotation_settle(filling.annotation);
    assert_null(annotation_problem(filling.annotation));
    COMMENTS(&filling, 1, NULL);
    COMMENTS(&filling, 4, "ocsight finding E12 error chat-post-not-joined: It was \\x1b[31mred .",
             "ocsight message INVITE: to bo", "ocsight flow group-chat-sign-in 5 requri",
             "ocsight presence ann@contoso.example: Busy (6500), on-the-phone; computed",
             "ocsight delivery delivered to bo@contoso.example, zoe@contoso.example");
    COMMENTS(&filling, 7, "ocsight finding E12 error chat-post-not-joined: It was \\x1b[31mred .",
             "ocsight message ACK", "ocsight flow group-chat-sign-in 5 requri (answer)",
             "ocsight delivery copy of the post of packet 4 to zoe@contoso.example");
    COMMENTS(&filling, 8, "ocsight message INVITE: to bo (retransmission)",
             "ocsight flow group-chat-sign-in 5 requri",
             "ocsight delivery copy of the post of packet 4 to bo@contoso.example");
    COMMENTS(&filling, 9,
             "ocsight delivery another copy of the post of packet 4 to bo@contoso.example",
             "ocsight delivery copy of a post that was not captured, to bo@contoso.example",
             "ocsight delivery copy of the post of packet 4 to bo@contoso.example");
    assert_int_equal(annotation_beyond(filling.annotation), 0);
    annotation_free(filling.annotation);
}

static void a_part_of_the_run_says_nothing_of_other_packets(void **state)
{
    (void)state;
    const struct limits limits = limits_default();
    struct filling filling = begin(&limits, true);
    add_message(&filling, 4, 1, "ACK", MESSAGE_FIRST);
    add_presence(&filling, 4, 9, 9);
    add_presence(&filling, 5, 9, 9);
    add_copy(&filling, 6, 4, "zoe@contoso.example", POST_DELIVERED);
    annotation_settle(filling.annotation);
    COMMENTS(&filling, 4, "ocsight message ACK",
             "ocsight presence ann@contoso.example: Busy (6500), on-the-phone; computed",
             "ocsight delivery delivered to zoe@contoso.example");
    COMMENTS(&filling, 5, NULL);
    COMMENTS(&filling, 6, NULL);
    size_t count = 0;
    const uint64_t *records = annotation_records(filling.annotation, &count);
    assert_int_equal(count, 1);
    assert_int_equal(records[0], 4);
    annotation_free(filling.annotation);
}

static void what_finds_no_room_is_counted(void **state)
{
    (void)state;
    static const uint64_t proofs[] = {1, 2, 3};
    struct limits limits = limits_default();
    limits.comments = 2;
    struct filling filling = begin(&limits, false);
    for (uint64_t i = 1; i <= 3; i++) {
        add_message(&filling, i, i, "ACK", MESSAGE_FIRST);
    }
    add_finding(&filling, 1, SEVERITY_NOTE, proofs, 3);
    annotation_settle(filling.annotation);
    COMMENTS(&filling, 2, "ocsight finding N1 note chat-post-not-joined: It was \\x1b[31mred .",
             "ocsight message ACK");
    COMMENTS(&filling, 3, NULL);
    assert_int_equal(annotation_beyond(filling.annotation), 2);
    annotation_free(filling.annotation);
}

static void a_packet_with_too_many_comments_says_how_many(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    limits.comment_bytes = 60;
    struct filling filling = begin(&limits, false);
    for (uint64_t i = 1; i <= 10; i++) {
        add_message(&filling, 3, i, "ACK", MESSAGE_FIRST);
    }
    annotation_settle(filling.annotation);
    COMMENTS(&filling, 3, "ocsight message ACK", "ocsight message ACK", "ocsight message ACK",
             "ocsight coverage cap: 7 more comments on this packet (comment_bytes)");
    annotation_free(filling.annotation);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_stands_at_its_packet_in_its_order),
        cmocka_unit_test(a_part_of_the_run_says_nothing_of_other_packets),
        cmocka_unit_test(what_finds_no_room_is_counted),
        cmocka_unit_test(a_packet_with_too_many_comments_says_how_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
