/*
 * Room activity: what is kept of a run, and a drawing in which nothing covers a text.
 */
#include "tests/unit/report_run.h"

#include <time.h>

#include "reports/activity_draw.h"
#include "reports/chat_report.h"

#define PLANS "ma-chan://contoso.example/plans"

/* ---- a story ---- */

enum deed { JOINS, LEAVES, LISTS, TELLS_IN, TELLS_OUT, POSTS, FETCHES, FINDS, GAPS };

struct story_row {
    int64_t seconds;
    enum deed deed;
    const char *room;
    const char *user;
    enum post_state state;
    const char *words;
};

static void tell_membership(const struct sink *sink, const struct story_row *row, uint64_t record)
{
    bool joins = row->deed == JOINS;
    const struct change change = {
        .kind = CHANGE_MEMBERSHIP,
        .time = AT(row->seconds),
        .origin = at(row->seconds, record),
        .as.membership = {.session = {.user = slice_of(row->user), .call_id = SLICE("c")},
                          .room = slice_of(row->room),
                          .room_name = SLICE("운영 room ☕"),
                          .from = joins ? MEMBER_JOINING : MEMBER_JOINED,
                          .state = joins ? MEMBER_JOINED : MEMBER_NONE,
                          .reason = slice_of(row->words)},
    };
    sink->change(sink->context, &change);
}

static void tell_roster(const struct sink *sink, const struct story_row *row, uint64_t record)
{
    bool present = row->deed != TELLS_OUT;
    struct change change = {
        .kind = CHANGE_ROSTER,
        .time = AT(row->seconds),
        .origin = at(row->seconds, record),
        .as.roster = {.session = {.user = SLICE(ANN)},
                      .room = slice_of(row->room),
                      .user = slice_of(row->user),
                      .present = present,
                      .notice = row->deed != LISTS},
    };
    sink->change(sink->context, &change);
    change.kind = CHANGE_PARTICIPANT;
    change.as.participant = (struct participant_change){
        .room = slice_of(row->room), .user = slice_of(row->user), .present = present};
    sink->change(sink->context, &change);
}

static void tell_post(const struct sink *sink, const struct story_row *row, uint64_t record)
{
    bool captured = row->state != POST_DELIVERED && row->state != POST_HISTORY;
    struct change change = {
        .kind = CHANGE_POST,
        .time = AT(row->seconds),
        .origin = at(row->seconds, record),
        .as.post = {.id = record,
                    .session = {.user = slice_of(row->user)},
                    .room = slice_of(row->room),
                    .author = slice_of(row->user),
                    .text = slice_of(row->words),
                    .ts = row->state == POST_HISTORY ? AT(row->seconds - 86400) : TIME_NONE,
                    .state = captured ? POST_SENT : row->state,
                    .captured = captured,
                    .posted_at = captured ? AT(row->seconds) : TIME_NONE,
                    .post = captured ? at(row->seconds, record) : (struct origin){0}},
    };
    sink->change(sink->context, &change);
    if (captured && row->state != POST_SENT) {
        change.as.post.state = row->state;
        sink->change(sink->context, &change);
    }
}

static void tell_other(const struct sink *sink, const struct story_row *row, uint64_t record)
{
    const struct origin origin = at(row->seconds, record);
    if (row->deed == GAPS) {
        const struct event event = {.kind = EVENT_COVERAGE,
                                    .origin = origin,
                                    .as.coverage = {.kind = COVERAGE_GAP, .bytes = 1460}};
        sink->event(sink->context, &event);
        return;
    }
    const struct finding finding = {
        .id = record,
        .rule = "chat-message-not-delivered",
        .severity = record % 2 == 0 ? SEVERITY_ERROR : SEVERITY_WARNING,
        .time = AT(row->seconds),
        .message = slice_of(row->words),
        .user = slice_of(row->user),
        .room = slice_of(row->room),
        .evidence = &origin,
        .evidence_count = 1,
    };
    sink->finding(sink->context, &finding);
}

static void tell(const struct sink *sink, const struct story_row *row, uint64_t record)
{
    switch (row->deed) {
    case JOINS:
    case LEAVES:
        tell_membership(sink, row, record);
        break;
    case LISTS:
    case TELLS_IN:
    case TELLS_OUT:
        tell_roster(sink, row, record);
        break;
    case POSTS:
    case FETCHES:
        tell_post(sink, row, record);
        break;
    default:
        tell_other(sink, row, record);
    }
}

/* clang-format off */
static const struct story_row story[] = {
    {0,  JOINS,     OPS,   ANN, 0, ""},
    {0,  LISTS,     OPS,   BOB, 0, ""},
    {5,  TELLS_OUT, OPS,   BOB, 0, ""},
    {6,  TELLS_IN,  OPS,   "cy@contoso.example", 0, ""},
    {10, POSTS,     OPS,   ANN, POST_ACCEPTED, "안녕하세요"},
    {12, POSTS,     OPS,   ANN, POST_REFUSED, "مرحبا"},
    {14, POSTS,     OPS,   ANN, POST_SENT, "🍜 שלום"},
    {20, POSTS,     OPS,   BOB, POST_DELIVERED, "=cmd"},
    {21, FETCHES,   OPS,   ANN, POST_HISTORY, "old\nnews"},
    {25, GAPS,      OPS,   ANN, 0, ""},
    {30, JOINS,     PLANS, BOB, 0, ""},
    {40, LEAVES,    PLANS, BOB, 0, "bye by client"},
    {50, FINDS,     OPS,   ANN, 0, "nobody got it"},
};
/* clang-format on */

struct scene {
    struct report_style style;
    struct chat_query query;
    struct limits limits;
};

static struct scene scene_new(enum report_format format)
{
    return (struct scene){
        .style = style_of(format),
        .query = {.timeline = true, .from = TIME_NONE, .to = TIME_NONE},
        .limits = limits_default(),
    };
}

static void tell_story(const struct sink *sink)
{
    for (size_t i = 0; i < COUNT(story); i++) {
        tell(sink, &story[i], i + 1);
    }
}

static void write_to(const struct scene *scene, struct output *output)
{
    struct chat_report *report =
        chat_report_new(&scene->style, &scene->query, test_seed(), &scene->limits);
    const struct sink sink = chat_report_sink(report);
    tell_story(&sink);
    chat_report_write(report, &plain_summary, output);
    chat_report_free(report);
}

static void assert_scene(const struct scene *scene, const char *expected)
{
    struct written written;
    write_to(scene, written_open(&written));
    assert_written(&written, expected);
}

/* ---- as text, CSV and JSON ---- */

static void every_kind_has_its_line(void **state)
{
    (void)state;
    const struct scene scene = scene_new(REPORT_TEXT);
    assert_scene(
        &scene, COVERAGE_TEXT
        "\n2026-11-19\n"
        "10:00:21.000  운영 room ☕  ann posts (history): old news  #9\n"
        "\n2026-11-20\n"
        "10:00:00.000  운영 room ☕  ann entered  #1\n"
        "10:00:00.000  운영 room ☕  bob is there already  #2\n"
        "10:00:05.000  운영 room ☕  bob left, others are told  #3\n"
        "10:00:06.000  운영 room ☕  cy entered, others are told  #4\n"
        "10:00:10.000  운영 room ☕  ann posts (accepted): 안녕하세요  #5\n"
        "10:00:12.000  운영 room ☕  ann posts (refused): مرحبا  #6\n"
        "10:00:14.000  운영 room ☕  ann posts (unanswered): 🍜 שלום  #7\n"
        "10:00:20.000  운영 room ☕  bob posts (delivered-only, 1 copy): =cmd  #8\n"
        "10:00:21.000  운영 room ☕  ann fetches 1 message of the history  #9\n"
        "10:00:25.000                1460 bytes of a stream are missing  #10\n"
        "10:00:30.000  운영 room ☕  bob entered  #11\n"
        "10:00:40.000  운영 room ☕  bob left (bye by client)  #12\n"
        "10:00:50.000  운영 room ☕  warning 13 chat-message-not-delivered: nobody …  #13\n");
}

static void a_time_and_a_room_limit_what_is_told(void **state)
{
    (void)state;
    struct scene scene = scene_new(REPORT_CSV);
    scene.query.room = slice_of(OPS);
    scene.query.from = AT(6);
    scene.query.to = AT(20);
    assert_scene(
        &scene,
        "time,room,name,user,what,state,words,count,people,packet\n"
        "2026-11-20T10:00:06.000000Z," OPS ",운영 room ☕,cy@contoso.example,entered,told,,,2,4\n"
        "2026-11-20T10:00:10.000000Z," OPS ",운영 room ☕," ANN ",posted,accepted,안녕하세요,0,2,5\n"
        "2026-11-20T10:00:12.000000Z," OPS ",운영 room ☕," ANN ",posted,refused,مرحبا,0,2,6\n"
        "2026-11-20T10:00:14.000000Z," OPS ",운영 room ☕," ANN ",posted,unanswered,🍜 שלום,0,2,7\n"
        "2026-11-20T10:00:20.000000Z," OPS ",운영 room ☕," BOB
        ",posted,delivered-only,\"'=cmd\",1,2,8\n");
}

static void what_finds_no_room_is_counted(void **state)
{
    (void)state;
    struct scene scene = scene_new(REPORT_TEXT);
    struct written written;
    scene.limits.report_rows = 8;
    write_to(&scene, written_open(&written));
    char *text = written_close(&written);
    assert_non_null(strstr(text, " entries found no room in this report\n"));
    assert_non_null(strstr(text, "ann entered"));
    assert_null(strstr(text, "bob entered"));
    free(text);
}

/* ---- a drawing, as rectangles ---- */

struct drawn_text {
    double left;
    double right;
    double base;
    double size;
    unsigned page;
    char words[96];
};

struct recorder {
    struct canvas canvas;
    struct drawn_text texts[4096];
    size_t count;
    unsigned page;
    double width;
    double height;
};

static double recorded_width(struct canvas *canvas, struct slice text, struct canvas_font font)
{
    (void)canvas;
    return (double)text_width(text) * font.size * 0.6;
}

static double recorded_height(struct canvas *canvas, struct canvas_font font)
{
    (void)canvas;
    return font.size;
}

static void record_page(struct canvas *canvas, double width, double height, double scale)
{
    struct recorder *recorder = (struct recorder *)canvas;
    (void)scale;
    recorder->page++;
    recorder->width = width;
    recorder->height = height;
}

static void record_end(struct canvas *canvas)
{
    (void)canvas;
}

static void record_text(struct canvas *canvas, double x, double y, struct slice text,
                        struct canvas_font font, enum canvas_align align, uint32_t colour)
{
    struct recorder *recorder = (struct recorder *)canvas;
    double width = recorded_width(canvas, text, font);
    (void)colour;
    assert_true(recorder->count < COUNT(recorder->texts));
    double left = align == CANVAS_LEFT ? x : align == CANVAS_RIGHT ? x - width : x - width / 2;
    struct drawn_text *drawn = &recorder->texts[recorder->count++];
    *drawn = (struct drawn_text){left, left + width, y, font.size, recorder->page, ""};
    snprintf(drawn->words, sizeof drawn->words, "%.*s", (int)text.size, text.data);
}

static void ignore_line(struct canvas *canvas, double x1, double y1, double x2, double y2,
                        struct canvas_pen pen)
{
    (void)pen;
    assert_true(x1 == x1 && x2 == x2 && y1 == y1 && y2 == y2); /* numbers */
    (void)canvas;
}

static void ignore_head(struct canvas *canvas, double x, double y, double direction,
                        uint32_t colour)
{
    (void)canvas;
    (void)x;
    (void)y;
    (void)direction;
    (void)colour;
}

static void check_box(struct canvas *canvas, double x, double y, double width, double height,
                      double radius, uint32_t fill)
{
    const struct recorder *recorder = (const struct recorder *)canvas;
    (void)radius;
    (void)fill;
    assert_true(width >= 0 && height >= 0);
    assert_true(x >= 0 && x + width <= recorder->width && y + height <= recorder->height);
}

static void check_frame(struct canvas *canvas, double x, double y, double width, double height,
                        double radius, struct canvas_pen pen)
{
    (void)pen;
    check_box(canvas, x, y, width, height, radius, 0);
}

static void check_hatch(struct canvas *canvas, double x, double y, double width, double height,
                        double gap, int slope, struct canvas_pen pen)
{
    (void)slope;
    (void)pen;
    assert_true(gap > 0);
    check_box(canvas, x, y, width, height, 0, 0);
}

static void ignore_outline(struct canvas *canvas, int level, struct slice title, unsigned page,
                           double y)
{
    (void)canvas;
    (void)level;
    (void)title;
    (void)page;
    (void)y;
}

static struct recorder *recorder_new(void)
{
    struct recorder *recorder = calloc(1, sizeof *recorder);
    assert_non_null(recorder);
    recorder->canvas = (struct canvas){
        .text_width = recorded_width,
        .text_height = recorded_height,
        .page_begin = record_page,
        .page_end = record_end,
        .line = ignore_line,
        .head = ignore_head,
        .box = check_box,
        .frame = check_frame,
        .hatch = check_hatch,
        .text = record_text,
        .outline = ignore_outline,
    };
    return recorder;
}

static bool touch(const struct drawn_text *a, const struct drawn_text *b)
{
    double ascent = 0.75;
    double descent = 0.2;
    bool beside = a->right <= b->left + 0.01 || b->right <= a->left + 0.01;
    bool above = a->base + descent * a->size <= b->base - ascent * b->size + 0.01 ||
                 b->base + descent * b->size <= a->base - ascent * a->size + 0.01;
    return a->page == b->page && !beside && !above;
}

static void assert_apart(const struct recorder *recorder)
{
    for (size_t i = 0; i < recorder->count; i++) {
        const struct drawn_text *text = &recorder->texts[i];
        if (text->left < 0 || text->right > recorder->width || text->base > recorder->height) {
            fail_msg("'%s' is not on the page", text->words);
        }
        for (size_t j = 0; j < i; j++) {
            if (text->words[0] != '\0' && recorder->texts[j].words[0] != '\0' &&
                touch(text, &recorder->texts[j])) {
                fail_msg("'%s' and '%s' overlap", text->words, recorder->texts[j].words);
            }
        }
    }
}

static bool was_drawn(const struct recorder *recorder, const char *words)
{
    for (size_t i = 0; i < recorder->count; i++) {
        const char *drawn = recorder->texts[i].words;
        if (strcmp(drawn, words) == 0 ||
            (strlen(drawn) == sizeof recorder->texts[i].words - 1 &&
             strncmp(drawn, words, strlen(drawn)) == 0)) { /* longer than what was recorded */
            return true;
        }
    }
    return false;
}

/* Lays the model out and draws it on the recorder. */
static void record(struct activity_model *model, struct recorder *recorder,
                   enum report_format format, bool one_room)
{
    const struct report_style style = style_of(format);
    const struct activity_room *rooms[64];
    struct activity_layout layout;
    struct arena arena;
    size_t count = 0;
    arena_init(&arena);
    activity_model_settle(model);
    for (struct map_entry *entry = model->rooms.first; entry && count < 64; entry = entry->next) {
        rooms[count++] = entry->value;
    }
    const struct activity_page page = {
        .model = model,
        .rooms = rooms,
        .room_count = one_room ? 1 : count,
        .from = TIME_NONE,
        .to = TIME_NONE,
        .style = &style,
        .summary = &plain_summary,
        .arena = &arena,
        .one_room = one_room,
    };
    activity_layout_make(&layout, &page, &recorder->canvas);
    activity_draw(&layout);
    activity_layout_dispose(&layout);
    arena_dispose(&arena);
}

static void take_change(void *context, const struct change *change)
{
    activity_model_change(context, change);
}

static void take_event(void *context, const struct event *event)
{
    activity_model_event(context, event);
}

static void take_finding(void *context, const struct finding *finding)
{
    activity_model_finding(context, finding);
}

/* Everything at every distance from its neighbours, from touching to far apart. */
static void tell_crowd(const struct sink *sink, size_t rooms, size_t rows)
{
    static const char *const users[] = {ANN, BOB, "a-very-long-name-of-somebody@contoso.example"};
    static const enum post_state states[] = {POST_ACCEPTED, POST_REFUSED, POST_SENT, POST_DELIVERED,
                                             POST_HISTORY};
    char room[64];
    uint64_t state = 88172645463325252U;
    for (size_t i = 0; i < rows; i++) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        snprintf(room, sizeof room, "ma-chan://contoso.example/%zu", (size_t)(state % rooms));
        const struct story_row row = {
            .seconds = (int64_t)((i % 7 < 4 ? i : 7 * i) % 3600),
            .deed = (enum deed)((state >> 20) % (GAPS + 1)),
            .room = room,
            .user = users[(state >> 30) % COUNT(users)],
            .state = states[(state >> 40) % COUNT(states)],
            .words = "some words, 어젯밤 조용했어요",
        };
        tell(sink, &row, i + 1);
    }
}

static void nothing_covers_a_text(void **state)
{
    (void)state;
    static const struct {
        size_t rooms;
        size_t rows;
        enum report_format format;
        bool one_room;
    } rows[] = {
        {1, 10, REPORT_PDF, false},    {1, 300, REPORT_PDF, true},   {3, 400, REPORT_SVG, false},
        {40, 1000, REPORT_PDF, false}, {60, 900, REPORT_PNG, false}, {2, 5000, REPORT_PDF, true},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct activity_model model;
        const struct limits limits = limits_default();
        struct recorder *recorder = recorder_new();
        const struct sink sink = {&model, take_event, take_change, take_finding, NULL, NULL};
        activity_model_init(&model, test_seed(), &limits);
        tell_crowd(&sink, rows[i].rooms, rows[i].rows);
        record(&model, recorder, rows[i].format, rows[i].one_room);
        assert_true(recorder->count > 20);
        assert_apart(recorder);
        activity_model_dispose(&model);
        free(recorder);
    }
}

static void a_drawing_says_who_and_what(void **state)
{
    (void)state;
    static const char *const words[] = {
        "trace.pcap",
        ("2 rooms, 4 messages (1 accepted, 1 delivered-only, 1 unanswered, 1 refused), 1 finding; "
         "1 older message o"),
        "운영 room ☕",
        "ann",
        "!13",
        "2",
        "people in the room",
        "post accepted",
        "post refused",
        "post unanswered",
        "only copies captured",
        "history fetched",
        "warning",
        "bytes are missing",
        "page 1 of 1",
    };
    struct activity_model model;
    const struct limits limits = limits_default();
    struct recorder *recorder = recorder_new();
    const struct sink sink = {&model, take_event, take_change, take_finding, NULL, NULL};
    activity_model_init(&model, test_seed(), &limits);
    tell_story(&sink);
    record(&model, recorder, REPORT_PDF, false);
    for (size_t i = 0; i < COUNT(words); i++) {
        if (!was_drawn(recorder, words[i])) {
            fail_msg("'%s' was not drawn", words[i]);
        }
    }
    assert_apart(recorder);
    activity_model_dispose(&model);
    free(recorder);
}

static void one_room_shows_its_people(void **state)
{
    (void)state;
    struct activity_model model;
    const struct limits limits = limits_default();
    struct recorder *recorder = recorder_new();
    const struct sink sink = {&model, take_event, take_change, take_finding, NULL, NULL};
    activity_model_init(&model, test_seed(), &limits);
    tell_story(&sink);
    record(&model, recorder, REPORT_PDF, true);
    assert_true(was_drawn(recorder, ANN));
    assert_true(was_drawn(recorder, "cy@contoso.example"));
    assert_true(was_drawn(recorder, "in the room, as others were told"));
    assert_true(was_drawn(recorder, "안녕하세요"));
    assert_false(was_drawn(recorder, "bye by client")); /* in the other room */
    assert_apart(recorder);
    activity_model_dispose(&model);
    free(recorder);
}

/* Times that no calendar has, and people who go before they come. */
static void absurd_times_are_drawn(void **state)
{
    (void)state;
    static const int64_t times[] = {INT64_MAX, INT64_MIN + 1, 0, AT(0), AT(-5), INT64_MAX - 1};
    struct activity_model model;
    const struct limits limits = limits_default();
    struct recorder *recorder = recorder_new();
    activity_model_init(&model, test_seed(), &limits);
    for (size_t i = 0; i < COUNT(times); i++) {
        const struct change change = {
            .kind = CHANGE_MEMBERSHIP,
            .time = times[i],
            .origin = {.time = times[i], .record = i},
            .as.membership = {.session = {.user = SLICE("\xff\xfe")},
                              .room = SLICE(OPS),
                              .from = i % 2 == 0 ? MEMBER_JOINED : MEMBER_NONE,
                              .state = i % 2 == 0 ? MEMBER_NONE : MEMBER_JOINED},
        };
        activity_model_change(&model, &change);
    }
    record(&model, recorder, REPORT_PDF, true);
    assert_true(recorder->count > 5);
    assert_apart(recorder);
    activity_model_dispose(&model);
    free(recorder);
}

static void the_same_input_gives_the_same_bytes(void **state)
{
    (void)state;
    static const enum report_format formats[] = {REPORT_PNG, REPORT_JSON};
    for (size_t i = 0; i < COUNT(formats); i++) {
        const struct scene scene = scene_new(formats[i]);
        struct written first;
        struct written second;
        size_t sizes[2];
        char problem[256];
        write_to(&scene, written_open(&first));
        write_to(&scene, written_open(&second));
        assert_true(output_close(first.output, true, problem, sizeof problem));
        assert_true(output_close(second.output, true, problem, sizeof problem));
        char *a = file_text(first.path, &sizes[0]);
        char *b = file_text(second.path, &sizes[1]);
        assert_true(sizes[0] > 500);
        assert_int_equal(sizes[0], sizes[1]);
        assert_memory_equal(a, b, sizes[0]);
        free(a);
        free(b);
        unlink(first.path);
        unlink(second.path);
    }
}

int main(void)
{
    setenv("TZ", "UTC", 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_has_its_line),
        cmocka_unit_test(a_time_and_a_room_limit_what_is_told),
        cmocka_unit_test(what_finds_no_room_is_counted),
        cmocka_unit_test(nothing_covers_a_text),
        cmocka_unit_test(a_drawing_says_who_and_what),
        cmocka_unit_test(one_room_shows_its_people),
        cmocka_unit_test(absurd_times_are_drawn),
        cmocka_unit_test(the_same_input_gives_the_same_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
