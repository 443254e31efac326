/*
 * What is folded of a ladder, and what goes when a part of it was chosen: stories of one line for
 * each message, and the rows that are left of them.
 */
#include "tests/unit/output_text.h"

#include <inttypes.h>

#include "reports/ladder_model.h"
#include "reports/repeat_digest.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define START        (INT64_C(1795168800) * TIME_SECOND)

/*
 * A line is a request, "METHOD FROM TO DIALOG WORDS", or an answer to the latest request with that
 * number, "STATUS WORDS"; words are "in" (has a To tag), "exp=600", "star", "timed", "body=A",
 * "match=T", "etag=T", "state=V" (publishes that value), "first=V" (the same as
 * its first version), "tells=V" (a category with that value),
 * "ended". Others: "presence USER" and "finding" of the latest message, "label FLOW STEP" of it,
 * "again" sends it once more, "hop" hands it on, "gap".
 */
struct story {
    struct ladder_model model;
    struct choice *choice;
    struct sink chooser;
    struct repeats *repeats;
    uint64_t id;
    uint64_t transaction;
    struct message request;
    struct message latest;
    struct request_view kept;
    struct finding findings[8];
    struct origin evidence[8];
    size_t finding_count;
    char texts[64][64];
    size_t text_count;
};

static struct address host(const char *user)
{
    return (struct address){
        .bytes = {10, 1, 1, (unsigned char)user[0]}, .family = ADDRESS_IPV4, .port = 5061};
}

/* The words of a line live as long as the message that they make. */
static const char *keep(struct story *story, struct slice text)
{
    char *kept = story->texts[story->text_count++ % COUNT(story->texts)];
    snprintf(kept, sizeof story->texts[0], "%.*s", TEXT(text));
    return kept;
}

static void emit(struct story *story, const struct event *event)
{
    ladder_model_event(&story->model, event);
    story->chooser.event(story->chooser.context, event);
    if (story->repeats) {
        repeats_event(story->repeats, event);
    }
}

static void send_latest(struct story *story)
{
    struct message *message = &story->latest;
    const struct event event = {
        .kind = EVENT_MESSAGE, .origin = message->observed.origin, .message = message};
    message->observations = &message->observed;
    message->observation_count = 1;
    emit(story, &event);
}

static void send_category(struct story *story, bool published, uint64_t version, struct slice value)
{
    struct event event = {.kind = published ? EVENT_PUBLICATION : EVENT_CATEGORY,
                          .origin = story->latest.observed.origin,
                          .message = &story->latest};
    /* The version and the bytes differ each time. */
    event.as.category = (struct category_fact){
        .key = {.user = SLICE("ann@x"), .name = SLICE("note"), .container = 2},
        .version = (uint32_t)version,
        .has_version = published,
        .expires = -1,
        .category = CATEGORY_NOTE,
        .items = &(struct category_item){.name = SLICE("body"), .value = value},
        .item_count = 1,
        .raw = slice_of(keep(story, value)),
    };
    emit(story, &event);
}

static bool word_value(struct slice word, const char *name, struct slice *value)
{
    if (!slice_starts(word, slice_of(name))) {
        return false;
    }
    *value = slice_from(word, strlen(name));
    return true;
}

static void set_word(struct story *story, struct message *message, struct slice word)
{
    struct slice value;
    uint64_t number = 0;
    if (slice_equal(word, slice_of("in"))) {
        message->to.tag = slice_of("there");
    } else if (slice_equal(word, slice_of("star"))) {
        message->contact.raw = slice_of("*");
    } else if (slice_equal(word, slice_of("timed"))) {
        message->session_expires = 600;
    } else if (slice_equal(word, slice_of("ended"))) {
        message->subscription_state = slice_of("terminated");
    } else if (word_value(word, "exp=", &value)) {
        assert_true(slice_to_u64(value, &number));
        message->expires = (int64_t)number;
    } else if (word_value(word, "body=", &value)) {
        message->body = slice_of(keep(story, value));
        message->body_length = value.size;
    } else if (word_value(word, "match=", &value)) {
        message->if_match = slice_of(keep(story, value));
    } else if (word_value(word, "etag=", &value)) {
        message->entity_tag = slice_of(keep(story, value));
    } else if (!word_value(word, "state=", &value) && !word_value(word, "first=", &value) &&
               !word_value(word, "tells=", &value)) {
        fail_msg("unknown word \"%.*s\"", TEXT(word));
    }
}

static struct message message_new(struct story *story)
{
    story->id++;
    return (struct message){
        .id = story->id,
        .expires = -1,
        .subscription_expires = -1,
        .session_expires = -1,
        .call_id = SLICE("call"),
        .event = SLICE("presence"),
        .observed.origin = {.time = START + (int64_t)story->id * TIME_SECOND, .record = story->id},
    };
}

static void begin_request(struct story *story, struct slice method, struct slice *rest)
{
    struct slice words[3];
    uint64_t dialog = 0;
    for (size_t i = 0; i < 3; i++) {
        slice_cut(*rest, ' ', &words[i], rest);
    }
    assert_true(slice_to_u64(words[2], &dialog));
    struct message *message = &story->latest;
    *message = message_new(story);
    message->request = true;
    message->transaction = ++story->transaction;
    message->dialog = dialog;
    message->method = sip_method_find(method);
    message->method_name = slice_of(keep(story, method));
    message->from.user = slice_of(keep(story, words[0]));
    message->from.tag = message->from.user;
    message->to.user = slice_of(keep(story, words[1]));
    message->observed.source = host(words[0].data);
    message->observed.destination = host(words[1].data);
}

static void begin_answer(struct story *story, uint32_t status)
{
    const struct message *asked = &story->request;
    struct message *message = &story->latest;
    *message = message_new(story);
    message->status = (uint16_t)status;
    message->reason = slice_of("so");
    message->method = asked->method;
    message->method_name = asked->method_name;
    message->transaction = asked->transaction;
    message->dialog = asked->dialog;
    message->from = asked->from;
    message->to = asked->to;
    message->to.tag = slice_of("there");
    message->expires = asked->expires;
    message->request_kept = &story->kept;
    message->observed.source = asked->observed.destination;
    message->observed.destination = asked->observed.source;
}

static void say_message(struct story *story, struct slice first, struct slice rest)
{
    uint32_t status = 0;
    struct slice whole;
    struct slice word;
    struct slice value;
    if (slice_to_u32(first, &status)) {
        begin_answer(story, status);
    } else {
        begin_request(story, first, &rest);
    }
    whole = rest;
    while (rest.size > 0) {
        slice_cut(rest, ' ', &word, &rest);
        set_word(story, &story->latest, word);
    }
    send_latest(story);
    if (story->latest.request) {
        story->request = story->latest;
        story->kept = (struct request_view){
            .method = story->latest.method,
            .expires = story->latest.expires,
            .if_match = story->latest.if_match,
            .contact_star = story->latest.contact.raw.size > 0,
        };
    }
    while (whole.size > 0) {
        slice_cut(whole, ' ', &word, &whole);
        if (word_value(word, "state=", &value)) {
            send_category(story, true, story->id, value);
        } else if (word_value(word, "first=", &value)) {
            send_category(story, true, 0, value);
        } else if (word_value(word, "tells=", &value)) {
            send_category(story, false, story->id, value);
        }
    }
}

static void say_presence(struct story *story, struct slice user)
{
    struct change change = {.kind = CHANGE_PRESENCE,
                            .time = story->latest.observed.origin.time,
                            .message = &story->latest};
    change.as.presence = (struct presence_change){.user = user, .band = BAND_BUSY};
    ladder_model_change(&story->model, &change);
}

static void say_again(struct story *story, bool hop)
{
    story->latest.role = hop ? MESSAGE_ANOTHER_HOP : MESSAGE_RETRANSMISSION;
    story->latest.observed.retransmission = !hop;
    story->latest.observed.origin.record += 100;
    if (hop) {
        story->latest.observed.source = story->latest.observed.destination;
        story->latest.observed.destination = host("z");
    }
    send_latest(story);
}

static void say_finding(struct story *story)
{
    size_t i = story->finding_count++;
    story->evidence[i] = story->latest.observed.origin;
    story->findings[i] = (struct finding){.id = i + 1,
                                          .rule = "some-rule",
                                          .time = story->latest.observed.origin.time,
                                          .message = SLICE("something happened"),
                                          .evidence = &story->evidence[i],
                                          .evidence_count = 1};
}

static void say_label(struct story *story, struct slice rest)
{
    struct slice flow;
    struct slice step;
    slice_cut(rest, ' ', &flow, &step);
    const struct flow_label label = {.message = story->latest.id,
                                     .flow = keep(story, flow),
                                     .step = keep(story, step),
                                     .number = 1};
    ladder_model_label(&story->model, &label);
    story->chooser.label(story->chooser.context, &label);
}

static void say_gap(struct story *story)
{
    struct event event = {.kind = EVENT_COVERAGE, .origin = story->latest.observed.origin};
    event.origin.record += 50;
    event.as.coverage = (struct coverage_fact){.kind = COVERAGE_GAP,
                                               .source = story->latest.observed.source,
                                               .destination = story->latest.observed.destination};
    emit(story, &event);
}

static void say_line(struct story *story, struct slice line)
{
    struct slice first;
    struct slice rest;
    slice_cut(line, ' ', &first, &rest);
    if (slice_equal(first, slice_of("presence"))) {
        say_presence(story, rest);
    } else if (slice_equal(first, slice_of("finding"))) {
        say_finding(story);
    } else if (slice_equal(first, slice_of("label"))) {
        say_label(story, rest);
    } else if (slice_equal(first, slice_of("gap"))) {
        say_gap(story);
    } else if (slice_equal(first, slice_of("again")) || slice_equal(first, slice_of("hop"))) {
        say_again(story, first.data[0] == 'h');
    } else {
        say_message(story, first, rest);
    }
}

static struct story *story_told(const char *const *lines, const struct choice_options *options)
{
    struct story *story = memory_zero(1, sizeof *story);
    const struct limits limits = limits_default();
    const struct ladder_options wanted = {.choice = *options};
    ladder_model_init(&story->model, &wanted, test_seed(), &limits);
    story->choice = choice_new(options, test_seed(), &limits);
    story->chooser = choice_sink(story->choice);
    story->repeats = options->collapse ? repeats_new(test_seed(), &limits) : NULL;
    for (; *lines; lines++) {
        say_line(story, slice_of(*lines));
    }
    for (size_t i = 0; i < story->finding_count; i++) {
        ladder_model_finding(&story->model, &story->findings[i]);
        story->chooser.finding(story->chooser.context, &story->findings[i]);
    }
    choice_settle(story->choice);
    assert_null(choice_problem(story->choice));
    story->model.choice = story->choice;
    if (story->repeats) {
        repeats_settle(story->repeats);
        story->model.repeats = story->repeats;
    }
    ladder_model_settle(&story->model);
    return story;
}

static void story_free(struct story *story)
{
    ladder_model_dispose(&story->model);
    choice_free(story->choice);
    repeats_free(story->repeats);
    free(story);
}

/* "1 2! (ann) -gap- [2 messages folded: 1 poll] 5": ids, findings, presence, folded rows. */
static void rows_text(const struct ladder_model *model, char *out, size_t size)
{
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < model->row_count && used < size; i++) {
        const struct ladder_row *row = &model->rows[i];
        const char *mark = row->finding != 0 ? "!" : "";
        const char *between = i > 0 ? " " : "";
        if (row->kind == ROW_FOLDED) {
            used +=
                (size_t)snprintf(out + used, size - used, "%s[%.*s]", between, TEXT(row->title));
        } else if (row->kind == ROW_PRESENCE) {
            used +=
                (size_t)snprintf(out + used, size - used, "%s(%.*s)", between, TEXT(row->receiver));
        } else if (row->kind == ROW_COVERAGE) {
            used += (size_t)snprintf(out + used, size - used, "%s-gap-", between);
        } else {
            used += (size_t)snprintf(out + used, size - used, "%s%" PRIu64 "%s", between,
                                     row->message, mark);
        }
    }
}

/* All messages are either in a row or counted where they were folded. */
static uint64_t messages_of(const struct ladder_model *model)
{
    uint64_t count = 0;
    for (size_t i = 0; i < model->row_count; i++) {
        const struct ladder_row *row = &model->rows[i];
        if (row->kind == ROW_FOLDED) {
            count += row->repeats;
        } else if (row->kind == ROW_MESSAGE) {
            count += UINT64_C(1) + row->repeats + row->copies;
        }
    }
    return count;
}

/* ---- folding ---- */

enum { LINES = 24 };

/* clang-format off */
static const struct {
    const char *what;
    const char *lines[LINES];
    const char *rows;
} folds[] = {
    {"a registration goes on",
     {"REGISTER ann pool 1 exp=600", "401", "REGISTER ann pool 1 exp=600", "200",
      "REGISTER ann pool 1 exp=600", "401", "REGISTER ann pool 1 exp=600", "200",
      "REGISTER ann pool 1 exp=0", "200", "REGISTER ann pool 1 exp=600", "200"},
     "1 2 3 4 [4 messages folded: 2 refreshes of register] 9 10 11 12"},
    {"so does not what ends or is refused",
     {"REGISTER ann pool 1 exp=600", "200", "REGISTER ann pool 1 star", "200",
      "REGISTER ann pool 1 exp=600", "403"},
     "1 2 3 4 5 6"},
    {"a refused refresh is shown with its request",
     {"REGISTER ann pool 1 exp=600", "200", "REGISTER ann pool 1 exp=600", "403"},
     "1 2 3 4"},
    {"another user's registration is another one",
     {"REGISTER ann pool 1 exp=600", "200", "REGISTER bob pool 2 exp=600", "200"},
     "1 2 3 4"},
    {"keep-alives, but none that fails",
     {"OPTIONS ann pool 1", "200", "OPTIONS ann pool 2", "again", "200", "OPTIONS ann pool 3", "408"},
     "[5 messages folded: 2 keep-alives] 5 6"},
    {"100 Trying alone, 180 is news",
     {"INVITE ann bob 1 body=A", "100", "180", "200 body=B", "ACK ann bob 1 in"},
     "1 [1 message folded: 1 provisional] 3 4 5"},
    {"a subscription goes on",
     {"SUBSCRIBE ann bob 1 exp=600 body=L", "200", "NOTIFY bob ann 1 in tells=A", "200",
      "SUBSCRIBE ann bob 1 in exp=600", "200", "NOTIFY bob ann 1 in tells=A", "200",
      "NOTIFY bob ann 1 in tells=B", "200", "NOTIFY bob ann 1 in tells=A", "200",
      "SUBSCRIBE ann bob 1 in exp=600 body=M", "200", "SUBSCRIBE ann bob 1 in exp=0", "200"},
     "1 2 3 4 [4 messages folded: 1 refresh of subscription, 1 repeated notification]"
     " 9 10 11 12 13 14 15 16"},
    {"a notification that ends is news",
     {"SUBSCRIBE ann bob 1 exp=600", "200 body=A", "NOTIFY bob ann 1 in body=A", "200",
      "NOTIFY bob ann 1 in body=A ended", "200"},
     "1 2 [2 messages folded: 1 repeated notification] 5 6"},
    {"polls with the same answer",
     {"SUBSCRIBE ann bob 1 exp=0", "200", "NOTIFY bob ann 1 in body=A ended", "200",
      "SUBSCRIBE ann bob 2 exp=0", "200", "NOTIFY bob ann 2 in body=A ended", "200",
      "SUBSCRIBE ann bob 3 exp=0", "200", "NOTIFY bob ann 3 in body=B ended", "200"},
     "1 2 3 4 [4 messages folded: 1 poll, 1 repeated notification] 9 10 11 12"},
    {"polls answered at once",
     {"SUBSCRIBE ann bob 1 exp=0", "200 body=A", "SUBSCRIBE ann bob 2 exp=0", "200 body=A",
      "SUBSCRIBE ann bob 3 exp=0", "200 body=B", "SUBSCRIBE ann eve 4 exp=0", "200 body=B"},
     "1 2 [2 messages folded: 1 poll] 5 6 7 8"},
    {"a session goes on",
     {"INVITE ann bob 1 body=A timed", "200 body=B", "ACK ann bob 1 in",
      "UPDATE ann bob 1 in timed", "200", "INVITE ann bob 1 in body=A timed", "200 body=B",
      "ACK ann bob 1 in", "INVITE ann bob 1 in body=C timed", "200 body=B", "ACK ann bob 1 in",
      "INVITE bob ann 1 in", "200", "UPDATE ann bob 1 in", "488"},
     "1 2 3 [5 messages folded: 2 refreshes of session] 9 10 11 12 13 14 15"},
    {"publications without a new value",
     {"SERVICE ann ann 1 state=A", "200", "SERVICE ann ann 2 state=A", "200",
      "SERVICE ann ann 3 state=B", "409", "SERVICE ann ann 4 state=B", "200",
      "SERVICE ann ann 5 state=B", "200", "SERVICE ann ann 6", "200"},
     "1 2 [2 messages folded: 1 refresh of presence] 5 6 7 8"
     " [2 messages folded: 1 refresh of presence] 11 12"},
    {"the same value again, after the publication had gone",
     {"SERVICE ann ann 1 first=A", "200", "SERVICE ann ann 2 state=A", "200",
      "SERVICE ann ann 3 first=A", "200", "SERVICE ann ann 4 state=A", "200"},
     "1 2 [2 messages folded: 1 refresh of presence] 5 6"
     " [2 messages folded: 1 refresh of presence]"},
    {"publications that go on",
     {"PUBLISH fay fay 1 exp=600 body=A", "200 etag=T", "PUBLISH fay fay 1 exp=600 match=T", "200 etag=U",
      "PUBLISH fay fay 1 exp=600 match=U body=A", "200 etag=V", "PUBLISH fay fay 1 exp=600 match=V body=B",
      "200 etag=W", "PUBLISH fay fay 1 exp=600 match=T", "412", "PUBLISH fay fay 1 exp=0 match=W", "200"},
     "1 2 [4 messages folded: 2 refreshes of presence] 7 8 9 10 11 12"},
    {"what somebody has to see is never folded",
     {"OPTIONS ann pool 1", "finding", "200", "OPTIONS ann pool 2", "200", "presence ann",
      "OPTIONS ann pool 3", "label some-flow step", "200", "gap", "OPTIONS ann pool 4"},
     "1! [2 messages folded: 2 keep-alives] 4 (ann) 5 [1 message folded: 1 keep-alive] -gap-"
     " [1 message folded: 1 keep-alive]"},
    {"steps of presence flows may repeat",
     {"SUBSCRIBE ann bob 1 exp=0", "label presence-poll query", "200 body=A",
      "SUBSCRIBE ann bob 2 exp=0", "label presence-poll query", "200 body=A"},
     "1 2 [2 messages folded: 1 poll]"},
    {"copies are counted",
     {"OPTIONS ann pool 1", "hop", "again", "200", "hop"},
     "[5 messages folded: 1 keep-alive]"},
    {"nothing repeats itself", {"INVITE ann bob 1", "486", "ACK ann bob 1"}, "1 2 3"},
};
/* clang-format on */

static void each_story_is_folded(void **state)
{
    (void)state;
    const struct choice_options options = {.collapse = true};
    const struct choice_options whole = {.collapse = false};
    for (size_t i = 0; i < COUNT(folds); i++) {
        char rows[512];
        struct story *plain = story_told(folds[i].lines, &whole);
        struct story *story = story_told(folds[i].lines, &options);
        print_message("%s\n", folds[i].what);
        rows_text(&story->model, rows, sizeof rows);
        assert_string_equal(rows, folds[i].rows);
        assert_int_equal(messages_of(&story->model), story->model.messages);
        assert_int_equal(plain->model.messages, story->model.messages);
        assert_int_equal(plain->model.lane_count, story->model.lane_count);
        story_free(story);
        story_free(plain);
    }
}

/* What refers to rows finds them where they are now. */
static void references_follow_their_rows(void **state)
{
    (void)state;
    static const char *const lines[] = {"OPTIONS ann pool 1",
                                        "200",
                                        "OPTIONS ann pool 2",
                                        "200",
                                        "INVITE ann bob 3",
                                        "finding",
                                        "486",
                                        NULL};
    const struct choice_options options = {.collapse = true};
    struct story *story = story_told(lines, &options);
    const struct ladder_model *model = &story->model;
    assert_int_equal(model->row_count, 3);
    assert_int_equal(model->findings[0].row, 1);
    assert_int_equal(model->rows[1].finding, 1);
    assert_int_equal(model->dialog_count, 3);
    assert_int_equal(model->dialogs[0].row, 0);
    assert_int_equal(model->dialogs[1].row, 0);
    assert_int_equal(model->dialogs[2].row, 1);
    assert_int_equal(model->rows[0].from, LADDER_NO_LANE);
    assert_int_equal(model->rows[0].time, START + 1 * TIME_SECOND);
    assert_int_equal(model->rows[0].until, START + 4 * TIME_SECOND);
    story_free(story);
}

static void what_finds_no_room_is_no_repetition(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    limits.report_rows = 2;
    struct repeats *repeats = repeats_new(test_seed(), &limits);
    for (uint64_t id = 1; id <= 3; id++) {
        const struct message message = {
            .id = id, .transaction = id, .request = true, .method = SIP_OPTIONS};
        const struct event event = {.kind = EVENT_MESSAGE, .message = &message};
        repeats_event(repeats, &event);
    }
    repeats_settle(repeats);
    assert_int_equal(repeats_of(repeats, 2).kind, REPEAT_KEEP_ALIVE);
    assert_int_equal(repeats_of(repeats, 2).exchange, 2);
    assert_int_equal(repeats_of(repeats, 3).kind, REPEAT_NONE);
    assert_int_equal(repeats_of(repeats, 4).kind, REPEAT_NONE);
    repeats_free(repeats);
}

/* What a notification tells is compared without what changes with every copy. */
static void content_is_compared_without_stamps(void **state)
{
    (void)state;
    static const struct {
        const char *one;
        const char *other;
        bool same;
    } rows[] = {
        {"<a/><timestamp>1</timestamp><b/>", "<a/><timestamp>22</timestamp><b/>", true},
        {"<a/><dm:timestamp>1</dm:timestamp>", "<a/><dm:timestamp>2</dm:timestamp>", true},
        {"<a/><timestamp>1</timestamp><b/>", "<a/><timestamp>1</timestamp><c/>", false},
        {"<a/><timestamp>1", "<a/><timestamp>2", false},
        {"<a>x</a>", "<a>y</a>", false},
        {"", "<a/>", false},
        {"", "", true},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *texts[2] = {rows[i].one, rows[i].other};
        uint64_t sums[2];
        for (size_t k = 0; k < 2; k++) {
            struct content_digest digest;
            struct guard raw = guard_copy(slice_of(texts[k]));
            struct event event = {.kind = EVENT_PIDF, .as.pidf.raw = raw.bytes};
            content_digest_begin(&digest, test_seed(), raw.bytes);
            content_digest_add(&digest, &event);
            sums[k] = content_digest_end(&digest);
            guard_free(&raw);
        }
        assert_int_equal(sums[0] == sums[1], rows[i].same);
    }
}

/* ---- choosing ---- */

/* clang-format off */
static const char *const day[] = {
    "REGISTER ann pool 1 exp=600", "200",
    "INVITE ann bob 2", "gap", "100", "200", "ACK ann bob 2 in", "presence ann",
    "SERVICE carl carl 3 state=A", "200", "presence carl",
    "SUBSCRIBE dan eve 4 exp=600", "finding", "489",
    "BYE ann bob 2 in", "label some-flow end", "finding", "again", "200", NULL};

static const struct {
    struct choice_options options;
    const char *rows;
    uint64_t messages;
    size_t lanes;
    size_t findings;
    const char *dialogs; /* rows of the bookmarks */
} parts[] = {
    {{.dialog = SLICE("2")}, "3 -gap- 4 5 6 (ann) 11! 12", 7, 2, 1, "0"},
    {{.dialog = SLICE("2"), .collapse = true},
     "3 -gap- [1 message folded: 1 provisional] 5 6 (ann) 11! 12", 7, 2, 1, "0"},
    {{.dialog = SLICE("1")}, "1 2", 2, 2, 0, "0"},
    {{.flow = SLICE("some-flow")}, "11! 12", 3, 2, 1, "0"},
    {{.finding = 1}, "9! 10", 2, 2, 1, "0"},
    {{.finding = 2, .flow = SLICE("some-flow")}, "11! 12", 3, 2, 1, "0"},
};
/* clang-format on */

static void each_part_is_what_is_left(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(parts); i++) {
        char rows[512];
        char dialogs[64] = "";
        struct story *story = story_told(day, &parts[i].options);
        const struct ladder_model *model = &story->model;
        print_message("part %zu\n", i);
        rows_text(model, rows, sizeof rows);
        assert_string_equal(rows, parts[i].rows);
        assert_int_equal(model->messages, parts[i].messages);
        assert_int_equal(messages_of(model), parts[i].messages);
        assert_int_equal(model->lane_count, parts[i].lanes);
        assert_int_equal(model->finding_count, parts[i].findings);
        for (size_t k = 0; k < model->dialog_count; k++) {
            snprintf(dialogs + strlen(dialogs), sizeof dialogs - strlen(dialogs), "%s%zu",
                     k > 0 ? " " : "", model->dialogs[k].row);
        }
        assert_string_equal(dialogs, parts[i].dialogs);
        story_free(story);
    }
}

/* The lanes that are left keep their names and stand side by side in their order. */
static void lanes_close_up(void **state)
{
    (void)state;
    const struct choice_options options = {.finding = 1};
    struct story *story = story_told(day, &options);
    const struct ladder_model *model = &story->model;
    bool placed[LADDER_LANES] = {false};
    assert_int_equal(model->lane_count, 2);
    for (size_t i = 0; i < model->lane_count; i++) {
        assert_in_range(model->order[i], 0, model->lane_count - 1);
        assert_int_equal(model->lanes[model->order[i]].place, i);
        placed[model->order[i]] = true;
    }
    assert_true(placed[0] && placed[1]);
    assert_slice_equal(model->lanes[model->rows[0].from].address, "10.1.1.100"); /* d */
    assert_slice_equal(model->lanes[model->rows[0].to].address, "10.1.1.101");
    story_free(story);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_story_is_folded),
        cmocka_unit_test(references_follow_their_rows),
        cmocka_unit_test(what_finds_no_room_is_no_repetition),
        cmocka_unit_test(content_is_compared_without_stamps),
        cmocka_unit_test(each_part_is_what_is_left),
        cmocka_unit_test(lanes_close_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
