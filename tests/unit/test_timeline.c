/*
 * Presence as a drawing: what a PDF, an SVG and a PNG of it hold, read by other programs.
 */
#include "tests/unit/timeline_story.h"

#include <sys/wait.h>
#include <time.h>

#include "decoders/xml.h"
#include "reports/timeline_ticks.h"

struct scene {
    struct report_style style;
    struct presence_query query;
    struct limits limits;
    enum ladder_paper paper;
    double scale;
    const struct summary *summary;
};

static struct scene scene_new(enum report_format format)
{
    return (struct scene){
        .style = style_of(format),
        .query =
            {.timeline = true, .names = true, .at = TIME_NONE, .from = TIME_NONE, .to = TIME_NONE},
        .limits = limits_default(),
        .summary = &plain_summary,
    };
}

/* Draws into a file of that name. */
static void draw_to(const struct scene *scene, void (*tell)(const struct sink *sink),
                    const char *path)
{
    char problem[256] = "";
    struct output *output = output_open(path);
    struct presence_report *report =
        presence_report_new(&scene->style, &scene->query, test_seed(), &scene->limits);
    const struct sink sink = presence_report_sink(report);
    presence_report_draw_on(report, scene->paper, scene->scale);
    tell(&sink);
    presence_report_write(report, scene->summary, output);
    presence_report_free(report);
    assert_true(output_close(output, true, problem, sizeof problem));
}

static void draw(const struct scene *scene, void (*tell)(const struct sink *sink),
                 char path[static 64])
{
    snprintf(path, 64, "/tmp/test_timeline.%d.drawing", (int)getpid());
    draw_to(scene, tell, path);
}

/* What a command prints; release with free(). */
static char *printed(const char *format, const char *path)
{
    char command[256];
    size_t size = 0;
    char *text = calloc(1, 1 << 20);
    assert_non_null(text);
    snprintf(command, sizeof command, format, path);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    size = fread(text, 1, (1 << 20) - 1, pipe);
    assert_true(size > 0);
    assert_int_equal(pclose(pipe), 0);
    return text;
}

/* All of `words`, one after the other. */
static void assert_in_order(const char *text, const char *const *words, size_t count)
{
    const char *at = text;
    for (size_t i = 0; i < count; i++) {
        at = strstr(at, words[i]);
        if (!at) {
            fail_msg("'%s' is missing, or not in its place, in:\n%s", words[i], text);
        }
        at += strlen(words[i]);
    }
}

static void assert_printed(const char *format, const char *path, const char *const *words,
                           size_t count)
{
    char *text = printed(format, path);
    assert_in_order(text, words, count);
    free(text);
}

static void tell_three(const struct sink *sink)
{
    tell_story(sink);
    tell_name(sink, BOB, "김철수\033");
}

static void a_pdf_has_its_words_in_order(void **state)
{
    (void)state;
    static const char *const words[] = {
        "trace.pcap",
        "2026-11-20 08:00:00.000 to 2026-11-21 16:00:06.000 UTC (32 h 0 min)",
        "3 users, 20 changes",
        "coverage full",
        "2026-11-20",
        "2026-11-21",
        "10:00",
        "12:00",
        "a-very-long",
        "ann@contoso.example",
        "Available",
        "Away",
        "김철수",
        "bob@contoso.example",
        "Undefined",
        "Do not disturb",
        "ran out: no packet shows it",
        "page 1 of 1",
    };
    static const char *const facts[] = {
        "Title:",        "trace.pcap",           "Creator:",
        "ocsight 0.1.0", "Pages:           1\n", "841.89 x 595.276 pts (A4)"};
    static const char *const fonts[] = {"DejaVuSans", "yes yes", "Nanum", "yes yes"};
    char path[64];
    const struct scene scene = scene_new(REPORT_PDF);
    draw(&scene, tell_three, path);
    assert_printed("pdfinfo %s", path, facts, COUNT(facts));
    assert_printed("pdftotext -layout %s -", path, words, 5);
    assert_printed("pdftotext %s -", path, words + 12, 1);
    assert_printed("pdftotext -layout %s -", path, words + 8, COUNT(words) - 8);
    char *embedded = printed("pdffonts %s", path);
    assert_in_order(embedded, fonts, 1);
    assert_non_null(strstr(embedded, "Nanum"));
    assert_null(strstr(embedded, " no ")); /* embedded: emb and sub say yes */
    free(embedded);
    unlink(path);
}

static void tell_sixty(const struct sink *sink)
{
    for (int user = 0; user < 60; user++) {
        char name[32];
        snprintf(name, sizeof name, "user%02d@contoso.example", user);
        for (int i = 0; i < 4; i++) {
            const struct story_change row = {.user = name,
                                             .seconds = user * 300 + i * 4000,
                                             .availability = 3500 + i * 3000,
                                             .activity = "",
                                             .source = SOURCE_AGGREGATE};
            tell_change(sink, &row, (uint64_t)i + 1);
        }
        tell_name(sink, name, user % 2 == 0 ? "한국 사람" : "Somebody");
    }
}

static void many_users_take_pages_that_repeat_the_axis(void **state)
{
    (void)state;
    static const char *const words[] = {
        "60 users, 240 changes", "10:00",      "user00", "page 1 of 3", "10:00",      "user30",
        "page 2 of 3",           "trace.pcap", "10:00",  "user59",      "page 3 of 3"};
    static const char *const pages[] = {"Pages:           3\n"};
    char path[64];
    const struct scene scene = scene_new(REPORT_PDF);
    draw(&scene, tell_sixty, path);
    assert_printed("pdfinfo %s", path, pages, 1);
    assert_printed("pdftotext -layout %s -", path, words, COUNT(words));
    size_t size = 0;
    char *bytes = file_text(path, &size);
    assert_non_null(memmem(bytes, size, "/Title (Users)", 14));
    free(bytes);
    unlink(path);
}

static void a_long_page_holds_all_of_them(void **state)
{
    (void)state;
    static const char *const facts[] = {"Pages:           1\n", "960 x 1"};
    char path[64];
    struct scene scene = scene_new(REPORT_PDF);
    scene.paper = LADDER_LONG;
    draw(&scene, tell_sixty, path);
    assert_printed("pdfinfo %s", path, facts, COUNT(facts));
    unlink(path);
}

static void take_root(void *context, const struct xml_element *element)
{
    double *width = context;
    for (size_t i = 0; element->depth == 0 && i < element->attribute_count; i++) {
        if (slice_equal(element->attributes[i].name, slice_of("width"))) {
            *width = strtod(element->attributes[i].value.data, NULL);
        }
    }
}

static void pass_text(void *context, struct slice text)
{
    (void)context;
    (void)text;
}

static void pass_end(void *context, struct slice name, unsigned depth, size_t end)
{
    (void)context;
    (void)name;
    (void)depth;
    (void)end;
}

static void an_svg_is_well_formed_at_any_scale(void **state)
{
    (void)state;
    static const struct {
        double scale;
        int width;
    } rows[] = {{0, 960}, {0.5, 480}, {2, 1920}};
    struct limits limits = limits_default();
    limits.xml_depth = 1000;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char path[64];
        size_t size = 0;
        double width = 0;
        struct scene scene = scene_new(REPORT_SVG);
        const struct xml_handler handler = {&width, take_root, pass_text, pass_end};
        scene.scale = rows[i].scale;
        draw(&scene, tell_three, path);
        char *bytes = file_text(path, &size);
        struct xml_reader *reader = xml_reader_new(&limits);
        struct xml_result result = xml_read(reader, (struct slice){bytes, size}, &handler);
        assert_string_equal(result.problem, "");
        assert_int_equal(result.status, XML_OK);
        assert_int_equal((int)width, rows[i].width);
        xml_reader_free(reader);
        free(bytes);
        unlink(path);
    }
}

static void a_png_has_twice_the_size(void **state)
{
    (void)state;
    static const unsigned char begin[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0,
                                          0,    13,  'I', 'H', 'D',  'R',  0,    0,    7, 0x80};
    char path[64];
    size_t size = 0;
    const struct scene scene = scene_new(REPORT_PNG);
    draw(&scene, tell_three, path);
    char *bytes = file_text(path, &size);
    assert_true(size > 1000);
    assert_memory_equal(bytes, begin, sizeof begin); /* 1920 pixels wide */
    assert_memory_equal(bytes + size - 8, "IEND", 4);
    free(bytes);
    unlink(path);
}

/* The page as poppler paints it, two pixels a point. */
struct image {
    char *bytes;
    const unsigned char *pixels;
    int width;
    int height;
};

static struct image painted(const char *path)
{
    struct image image = {0};
    char ppm[96];
    int read = 0;
    size_t size = 0;
    free(printed("pdftoppm -r 144 -singlefile %1$s %1$s && echo done", path));
    snprintf(ppm, sizeof ppm, "%s.ppm", path);
    FILE *file = fopen(ppm, "rb");
    assert_non_null(file);
    image.bytes = malloc(8 << 20);
    size = fread(image.bytes, 1, (8 << 20) - 1, file);
    fclose(file);
    unlink(ppm);
    image.bytes[size] = '\0';
    assert_int_equal(sscanf(image.bytes, "P6 %d %d 255%n", &image.width, &image.height, &read), 2);
    image.pixels = (const unsigned char *)image.bytes + read + 1;
    assert_true(size >= (size_t)read + 1 + (size_t)image.width * (size_t)image.height * 3);
    return image;
}

/* The colours of the bands lie where their time is. */
static void the_colours_are_in_their_places(void **state)
{
    (void)state;
    static const struct {
        double hours; /* after the start of the axis */
        uint32_t colour;
    } places[] = {{3.5, 0x00805d},  {7.5, 0x9fd8c5},  {9.5, 0xf0e442},
                  {18.0, 0x767676}, {30.0, 0x00805d}, {35.0, 0xf0e442}};
    char path[64];
    struct scene scene = scene_new(REPORT_PDF);
    scene.query.from = AT(HOURS(-4)); /* before anything is known */
    scene.query.to = AT(HOURS(32));
    draw(&scene, tell_story, path);
    struct image image = painted(path);
    double left = 2 * (32 + 190 + 10); /* a name of full width */
    double right = image.width - 64;
    int row = 2 * (32 + 20 + 3 * 11 + 10 + 22 + 34 + 9); /* the second lane, above its text */
    int thin = row + 2 * 8;                              /* its middle */
    for (size_t i = 0; i < COUNT(places); i++) {
        int x = (int)(left + places[i].hours / 36 * (right - left));
        int y = places[i].colour == 0x767676 ? thin : row;
        const unsigned char *at = image.pixels + 3 * ((size_t)y * (size_t)image.width + (size_t)x);
        uint32_t colour = (uint32_t)at[0] << 16 | (uint32_t)at[1] << 8 | at[2];
        if (colour != places[i].colour) {
            fail_msg("%g h: %06x is not %06x", places[i].hours, colour, places[i].colour);
        }
    }
    free(image.bytes);
    unlink(path);
}

/* In a process of its own, as the program does: cairo numbers its surfaces per process. */
static char *drawn_apart(enum report_format format, size_t *size)
{
    int status = -1;
    char path[64];
    snprintf(path, sizeof path, "/tmp/test_timeline.%d.apart", (int)getpid());
    pid_t child = fork();
    if (child == 0) {
        const struct scene scene = scene_new(format);
        draw_to(&scene, tell_three, path);
        _exit(0);
    }
    assert_true(child > 0 && waitpid(child, &status, 0) == child && status == 0);
    char *bytes = file_text(path, size);
    unlink(path);
    return bytes;
}

static void the_same_input_gives_the_same_bytes(void **state)
{
    (void)state;
    static const enum report_format formats[] = {REPORT_PDF, REPORT_SVG, REPORT_PNG};
    for (size_t i = 0; i < COUNT(formats); i++) {
        size_t sizes[2];
        char *first = drawn_apart(formats[i], &sizes[0]);
        char *second = drawn_apart(formats[i], &sizes[1]);
        assert_int_equal(sizes[0], sizes[1]);
        assert_memory_equal(first, second, sizes[0]);
        free(first);
        free(second);
    }
}

static void tell_nothing(const struct sink *sink)
{
    tell_name(sink, ANN, "Ann");
}

static void nothing_to_draw_says_so(void **state)
{
    (void)state;
    static const char *const words[] = {"0 users", "Nothing is known of any user's presence.",
                                        "page 1 of 1"};
    char path[64];
    const struct scene scene = scene_new(REPORT_PDF);
    draw(&scene, tell_nothing, path);
    assert_printed("pdftotext -layout %s -", path, words, COUNT(words));
    unlink(path);
}

static void what_finds_no_room_is_said(void **state)
{
    (void)state;
    static const char *const words[] = {"5 users", "changes found no room (limit timeline_rows)"};
    char path[64];
    struct scene scene = scene_new(REPORT_PDF);
    scene.limits.timeline_rows = 18;
    draw(&scene, tell_sixty, path);
    assert_printed("pdftotext -layout %s -", path, words, COUNT(words));
    unlink(path);
}

/* Times that no calendar has, and that go back: drawn, and nothing overflows. */
static void tell_absurdly(const struct sink *sink)
{
    static const int64_t times[] = {INT64_MAX, INT64_MIN + 1, 0, AT(0), AT(-5), INT64_MAX - 1};
    for (size_t i = 0; i < COUNT(times); i++) {
        const struct change change = {
            .kind = CHANGE_PRESENCE,
            .time = times[i],
            .as.presence = {.user = SLICE(ANN),
                            .band = (enum band)(i % BANDS),
                            .availability = INT64_MAX,
                            .activity = SLICE("\xff\xfe"),
                            .admitted = {{{INT64_MIN, INT64_MAX}}, 1}},
        };
        sink->change(sink->context, &change);
    }
}

static void absurd_times_are_drawn(void **state)
{
    (void)state;
    static const char *const words[] = {"1 user, 6 changes", "ann@contoso.example"};
    char path[64];
    const struct scene scene = scene_new(REPORT_PDF);
    draw(&scene, tell_absurdly, path);
    assert_printed("pdftotext -layout %s -", path, words, COUNT(words));
    unlink(path);
}

/* A hundred thousand changes in a lane cost what can be told apart, not a hundred thousand boxes.
 */
static void tell_much(const struct sink *sink)
{
    for (int i = 0; i < 100000; i++) {
        const struct story_change row = {.user = ANN,
                                         .seconds = i,
                                         .availability = i % 2 == 0 ? 3500 : 6500,
                                         .activity = "",
                                         .source = SOURCE_AGGREGATE};
        tell_change(sink, &row, (uint64_t)i + 1);
    }
}

static void many_changes_make_a_small_picture(void **state)
{
    (void)state;
    char path[64];
    size_t size = 0;
    const struct scene scene = scene_new(REPORT_SVG);
    draw(&scene, tell_much, path);
    char *bytes = file_text(path, &size);
    assert_true(size < (1 << 20) - 1);
    free(bytes);
    unlink(path);
}

/* ---- ticks ---- */

static void ticks_are_round_times_of_the_zone(void **state)
{
    (void)state;
    static const struct {
        const char *zone; /* NULL = UTC */
        int64_t from;     /* seconds after 2026-11-20T10:00:00Z */
        int64_t milliseconds;
        size_t most;
        const char *labels; /* the first three */
        const char *days;
    } rows[] = {
        {NULL, 0, 60000, 7, "10:00:00 10:00:10 10:00:20 ", ""},
        {NULL, 7, 600000, 6, "10:02 10:04 10:06 ", ""},
        {NULL, 0, 90, 10, "10:00:00.000 10:00:00.010 10:00:00.020 ", ""},
        {NULL, 0, 100000000, 12, "12:00 15:00 18:00 ", "2026-11-21 "},
        {"Asia/Seoul", 0, 100000000, 10, "21:00 00:00 03:00 ", "2026-11-21 "},
        {"Asia/Kolkata", 0, 36000000, 12, "16:00 17:00 18:00 ", "2026-11-21 "},
        {NULL, 0, INT64_C(864000000), 12, "   ", "2026-11-21 2026-11-22 2026-11-23 "},
        /* 2026-03-29: the hour from 02:00 is left out; 236 days and 11 h before. */
        {"Europe/Berlin", -20430000, 18000000, 8, "00:00 01:00 03:00 ", ""},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct timeline_tick ticks[TIMELINE_TICKS];
        char labels[128] = "";
        char days[128] = "";
        struct arena arena;
        const struct clock_zone zone = {.local = rows[i].zone != NULL};
        setenv("TZ", rows[i].zone ? rows[i].zone : "UTC", 1);
        tzset();
        arena_init(&arena);
        size_t count = timeline_ticks_make(ticks, AT(rows[i].from),
                                           AT(rows[i].from) + rows[i].milliseconds * 1000000,
                                           rows[i].most, &zone, &arena);
        assert_true(count >= 3 && count <= rows[i].most + 1);
        for (size_t j = 0; j < count; j++) {
            if (j < 3) {
                strncat(labels, ticks[j].label.data, ticks[j].label.size);
                strcat(labels, " ");
            }
            if (ticks[j].day.size > 0 && strlen(days) < 33) {
                strncat(days, ticks[j].day.data, ticks[j].day.size);
                strcat(days, " ");
            }
        }
        assert_string_equal(labels, rows[i].labels);
        assert_string_equal(days, rows[i].days);
        arena_dispose(&arena);
    }
    setenv("TZ", "UTC", 1);
    tzset();
}

int main(void)
{
    setenv("TZ", "UTC", 1);
    unsetenv("SOURCE_DATE_EPOCH");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pdf_has_its_words_in_order),
        cmocka_unit_test(many_users_take_pages_that_repeat_the_axis),
        cmocka_unit_test(a_long_page_holds_all_of_them),
        cmocka_unit_test(an_svg_is_well_formed_at_any_scale),
        cmocka_unit_test(a_png_has_twice_the_size),
        cmocka_unit_test(the_colours_are_in_their_places),
        cmocka_unit_test(the_same_input_gives_the_same_bytes),
        cmocka_unit_test(nothing_to_draw_says_so),
        cmocka_unit_test(what_finds_no_room_is_said),
        cmocka_unit_test(absurd_times_are_drawn),
        cmocka_unit_test(many_changes_make_a_small_picture),
        cmocka_unit_test(ticks_are_round_times_of_the_zone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
