/*
 * The geometry of drawn ladders: on a canvas that only writes down what is put where, over models
 * of all sizes, no text touches another, none leaves the page or runs across a head, and no line
 * runs through letters.
 */
#include "tests/unit/harness.h"

#include <stdlib.h>

#include "analyzer/engine/bands.h"
#include "reports/drawing.h"
#include "reports/ladder.h"
#include "reports/ladder_draw.h"
#include "reports/ladder_pen.h"
#include "reports/text.h"

/* 2026-11-20T10:00:00Z */
#define START (INT64_C(1795168800) * TIME_SECOND)

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* ---- a canvas that remembers ---- */

enum mark_kind { MARK_TEXT, MARK_LINE, MARK_BOX };

struct mark {
    enum mark_kind kind;
    double x1, y1, x2, y2;
    uint32_t fill; /* MARK_BOX */
    struct slice text;
};

struct recorder {
    struct canvas canvas; /* first */
    double width;         /* of the page */
    double height;
    double heads_top; /* of the page's lane heads; the same for a page without */
    double heads_end;
    const struct ladder_layout *layout;
    size_t pages;
    size_t texts;
    size_t links;
    size_t targets;
    size_t outlines;
    const struct canvas_box *stamp; /* that is drawn; its corner is what marks count from */
    size_t stamps;
    struct mark *marks; /* of the page */
    size_t count;
    size_t capacity;
};

static struct recorder *of(struct canvas *canvas)
{
    return (struct recorder *)canvas;
}

static double text_width_of(struct canvas *canvas, struct slice text, struct canvas_font font)
{
    (void)canvas;
    return (double)text_width(text) * font.size * (font.bold ? 0.66 : 0.6);
}

static double text_height_of(struct canvas *canvas, struct canvas_font font)
{
    (void)canvas;
    return font.size * 1.2;
}

static void add_mark(struct canvas *canvas, struct mark mark)
{
    struct recorder *self = of(canvas);
    if (self->count == self->capacity) {
        self->capacity = self->capacity > 0 ? self->capacity * 2 : 1024;
        self->marks = memory_grow(self->marks, self->capacity, sizeof *self->marks);
    }
    if (self->stamp) {
        const struct canvas_box *box = self->stamp;
        assert_true(mark.x1 >= 0 && mark.x2 <= box->width);
        assert_true(mark.y1 >= 0 && mark.y2 <= box->height);
        mark.x1 += box->x;
        mark.x2 += box->x;
        mark.y1 += box->y;
        mark.y2 += box->y;
    }
    self->marks[self->count++] = mark;
}

/* Every page draws it anew, so that each is checked whole. */
static bool begin_stamp(struct canvas *canvas, unsigned stamp, const struct canvas_box *box)
{
    assert_true(stamp < CANVAS_STAMPS);
    assert_null(of(canvas)->stamp);
    of(canvas)->stamp = box;
    of(canvas)->stamps++;
    return true;
}

static void end_stamp(struct canvas *canvas)
{
    assert_non_null(of(canvas)->stamp);
    of(canvas)->stamp = NULL;
}

static void page_begin(struct canvas *canvas, double width, double height, double scale)
{
    struct recorder *self = of(canvas);
    assert_true(scale > 0.2 && scale < 20);
    self->width = width;
    self->height = height;
    self->count = 0;
    self->heads_top = 0;
    self->heads_end = 0;
    if (self->pages < self->layout->page_count && self->layout->pages[self->pages].rows_end > 0) {
        self->heads_top = self->layout->pages[self->pages].top;
        self->heads_end = self->heads_top + self->layout->head_height - 5;
    }
    self->pages++;
}

static bool touch(const struct mark *a, const struct mark *b)
{
    return a->x1 < b->x2 && b->x1 < a->x2 && a->y1 < b->y2 && b->y1 < a->y2;
}

static bool holds(const struct mark *outer, const struct mark *inner)
{
    return outer->x1 <= inner->x1 && inner->x2 <= outer->x2 && outer->y1 <= inner->y1 &&
           inner->y2 <= outer->y2;
}

/* Something opaque between the two, in the order of drawing. */
static bool is_covered(const struct recorder *self, size_t line, size_t text)
{
    for (size_t i = line + 1; i < text; i++) {
        if (self->marks[i].kind == MARK_BOX && holds(&self->marks[i], &self->marks[text])) {
            return true;
        }
    }
    return false;
}

static void complain(const struct mark *a, const struct mark *b, const char *what)
{
    fail_msg("%s: '%.*s' at %.1f..%.1f, %.1f..%.1f and '%.*s' at %.1f..%.1f, %.1f..%.1f", what,
             TEXT(a->text), a->x1, a->x2, a->y1, a->y2, TEXT(b->text), b->x1, b->x2, b->y1, b->y2);
}

static void check_text(const struct recorder *self, size_t index)
{
    const struct mark *text = &self->marks[index];
    if (text->x1 < 0 || text->y1 < 0 || text->x2 > self->width || text->y2 > self->height) {
        complain(text, text, "off the page");
    }
    for (size_t i = 0; i < self->count; i++) {
        const struct mark *other = &self->marks[i];
        if (i == index || !touch(text, other)) {
            continue;
        }
        if (other->kind == MARK_TEXT) {
            complain(text, other, "two texts");
        } else if (i > index) {
            complain(text, other, other->kind == MARK_LINE ? "a line over it" : "a box over it");
        } else if (other->kind == MARK_LINE && !is_covered(self, i, index)) {
            complain(text, other, "a line behind it");
        } else if (other->kind == MARK_BOX && other->fill == PEN_HEAD_FILL &&
                   other->y1 >= self->heads_top && other->y2 <= self->heads_end &&
                   !holds(other, text)) {
            complain(text, other, "across a head");
        }
    }
}

static void page_end(struct canvas *canvas)
{
    struct recorder *self = of(canvas);
    for (size_t i = 0; i < self->count; i++) {
        if (self->marks[i].kind == MARK_TEXT) {
            check_text(self, i);
            self->texts++;
        }
    }
}

static void put_line(struct canvas *canvas, double x1, double y1, double x2, double y2,
                     struct canvas_pen pen)
{
    double half = pen.width / 2;
    add_mark(canvas, (struct mark){.kind = MARK_LINE,
                                   .x1 = (x1 < x2 ? x1 : x2) - half,
                                   .y1 = (y1 < y2 ? y1 : y2) - half,
                                   .x2 = (x1 > x2 ? x1 : x2) + half,
                                   .y2 = (y1 > y2 ? y1 : y2) + half});
}

static void put_head(struct canvas *canvas, double x, double y, double direction, uint32_t colour)
{
    (void)colour;
    add_mark(canvas, (struct mark){.kind = MARK_LINE,
                                   .x1 = direction > 0 ? x - 6.5 : x,
                                   .y1 = y - 2.8,
                                   .x2 = direction > 0 ? x : x + 6.5,
                                   .y2 = y + 2.8});
}

static void put_box(struct canvas *canvas, double x, double y, double width, double height,
                    double radius, uint32_t fill)
{
    (void)radius;
    assert_true(width >= 0 && height >= 0);
    add_mark(
        canvas,
        (struct mark){
            .kind = MARK_BOX, .x1 = x, .y1 = y, .x2 = x + width, .y2 = y + height, .fill = fill});
}

static void put_hatch(struct canvas *canvas, double x, double y, double width, double height,
                      double gap, int slope, struct canvas_pen pen)
{
    (void)slope;
    (void)pen;
    assert_true(gap > 0);
    add_mark(canvas,
             (struct mark){.kind = MARK_LINE, .x1 = x, .y1 = y, .x2 = x + width, .y2 = y + height});
}

static void put_frame(struct canvas *canvas, double x, double y, double width, double height,
                      double radius, struct canvas_pen pen)
{
    (void)radius;
    put_line(canvas, x, y, x + width, y, pen);
    put_line(canvas, x, y + height, x + width, y + height, pen);
    put_line(canvas, x, y, x, y + height, pen);
    put_line(canvas, x + width, y, x + width, y + height, pen);
}

static void put_text(struct canvas *canvas, double x, double y, struct slice text,
                     struct canvas_font font, enum canvas_align align, uint32_t colour)
{
    (void)colour;
    double width = text_width_of(canvas, text, font);
    double left = align == CANVAS_LEFT ? x : align == CANVAS_RIGHT ? x - width : x - width / 2;
    if (text.size > 0) {
        add_mark(canvas, (struct mark){.kind = MARK_TEXT,
                                       .x1 = left,
                                       .y1 = y - 0.76 * font.size,
                                       .x2 = left + width,
                                       .y2 = y + 0.2 * font.size,
                                       .text = text});
    }
}

static void put_text_up(struct canvas *canvas, double x, double y, struct slice text,
                        struct canvas_font font, uint32_t colour)
{
    (void)colour;
    if (text.size > 0) {
        add_mark(canvas, (struct mark){.kind = MARK_TEXT,
                                       .x1 = x - 0.76 * font.size,
                                       .y1 = y - text_width_of(canvas, text, font),
                                       .x2 = x + 0.2 * font.size,
                                       .y2 = y,
                                       .text = text});
    }
}

static void put_outline(struct canvas *canvas, int level, struct slice title, unsigned page,
                        double y)
{
    assert_in_range(level, 0, 1);
    assert_in_range(page, 1, of(canvas)->pages);
    assert_true(title.size > 0 && y >= 0);
    of(canvas)->outlines++;
}

static void put_target(struct canvas *canvas, double y)
{
    assert_true(y >= 0 && y < of(canvas)->height);
    of(canvas)->targets++;
}

static void put_link(struct canvas *canvas, const struct canvas_box *box, unsigned page, double y)
{
    struct recorder *self = of(canvas);
    size_t all = self->layout->page_count + self->layout->leaf_pages;
    assert_true(box->x >= 0 && box->x + box->width <= self->width);
    assert_true(box->y >= 0 && box->y + box->height <= self->height);
    assert_in_range(page, 1, all);
    assert_true(y >= 0);
    self->links++;
}

static struct recorder recorder_new(const struct ladder_layout *layout)
{
    return (struct recorder){
        .canvas = {.text_width = text_width_of,
                   .text_height = text_height_of,
                   .page_begin = page_begin,
                   .page_end = page_end,
                   .line = put_line,
                   .head = put_head,
                   .box = put_box,
                   .hatch = put_hatch,
                   .frame = put_frame,
                   .text = put_text,
                   .text_up = put_text_up,
                   .stamp_begin = begin_stamp,
                   .stamp_end = end_stamp,
                   .outline = put_outline,
                   .target = put_target,
                   .link = put_link},
        .layout = layout,
    };
}

/* ---- models ---- */

static const char *const words[] = {
    "ann",
    "a-user-whose-name-is-far-too-long-for-any-head",
    "운영실 담당자 김철수",
    "مركز العمليات",
    "חדר המבצעים 12",
    "e\xcc\x81quipe de cafe\xcc\x81",
    "\xf0\x9f\x8c\x89 bridge \xf0\x9f\x9a\xa8",
    "x",
};

static struct slice word(size_t number)
{
    return slice_of(words[number % COUNT(words)]);
}

/* A model as it is when it is settled: everything that can stand in a ladder, in turns. */
struct story {
    struct ladder_model model;
    struct arena arena;
    struct input_info inputs[30];
    struct summary summary;
    struct report_style style;
};

static void add_lanes(struct story *story, size_t lanes)
{
    struct ladder_model *model = &story->model;
    model->lane_count = lanes;
    for (size_t i = 0; i < lanes; i++) {
        model->lanes[i].name = word(i);
        model->lanes[i].address = i % 5 == 4   ? slice_of("")
                                  : i % 3 == 0 ? slice_of("[2001:db8:1234:5678::aaaa]")
                                               : text_format(&story->arena, "10.1.1.%zu", i);
        model->lanes[i].role = slice_of(i % 4 == 1 ? "chat service" : "");
        model->lanes[i].place = (unsigned)((i + 1) % lanes);
        model->order[(i + 1) % lanes] = (unsigned)i;
    }
}

static struct ladder_row message_row(struct story *story, size_t number)
{
    size_t lanes = story->model.lane_count;
    struct ladder_row row = {
        .time = START + (int64_t)number * 130000000,
        .record = number * 7 + 1,
        .input = (uint32_t)(number % story->summary.input_count),
        .message = number + 1,
        .from = (uint8_t)(number * 5 % lanes),
        .to = (uint8_t)(number * 3 % lanes),
        .colour = (uint8_t)(number % 240),
        .kind = ROW_MESSAGE,
        .request = number % 2 == 0,
        .failed = number % 11 == 3,
        .again = number % 13 == 5,
        .repeats = number % 17 == 4 ? 3 : 0,
        .title = slice_of(number % 11 == 3 ? "503 Service Unavailable" : "SUBSCRIBE"),
        .meaning = text_format(&story->arena, "to %.*s by %.*s, expires 7200", TEXT(word(number)),
                               TEXT(word(number / 3))),
        .step = slice_of(number % 6 == 0 ? "persistent-chat-sign-in 12 getserverinfo" : ""),
    };
    if (number % 9 == 0) {
        row.raw = slice_of("INVITE sip:bob@contoso.example SIP/2.0\r\n"
                           "From: \"مركز العمليات\" <sip:ann@contoso.example>;tag=1\r\n"
                           "A-Header-That-Is-Long: 0123456789012345678901234567890123456789012345"
                           "6789012345678901234567890123456789012345678901234567890123456789012345"
                           "67890123456789012345678901234567890123456789\r\n"
                           "Content-Length: 47\r\n\r\n"
                           "운영실 운영실 운영실 운영실 운영실 운영실 운영실 운영실 운영실 운영실 "
                           "운영실 운영실 운영실 운영실 운영실 운영실 운영실 운영실 운영실 운영실");
    }
    return row;
}

static void add_part(struct ladder_model *model, size_t row, uint8_t lane, uint8_t slot,
                     enum band band)
{
    for (size_t i = model->part_count; i > 0; i--) {
        struct ladder_part *part = &model->parts[i - 1];
        if (part->lane == lane && part->slot == slot) {
            part->end = part->end == model->row_count ? row : part->end;
            break;
        }
    }
    model->parts[model->part_count++] = (struct ladder_part){
        .lane = lane, .slot = slot, .band = (uint8_t)band, .first = row, .end = model->row_count};
}

static void add_rows(struct story *story, size_t rows)
{
    struct ladder_model *model = &story->model;
    int64_t shift = 0;
    model->rows = memory_zero(rows + 1, sizeof *model->rows);
    model->parts = memory_zero(rows + 1, sizeof *model->parts);
    model->row_count = rows;
    model->messages = rows;
    for (size_t i = 0; i < rows; i++) {
        struct ladder_row row = message_row(story, i);
        shift += i % 31 == 30 ? 90 * TIME_SECOND : i % 301 == 300 ? 86400 * TIME_SECOND : 0;
        row.time += shift;
        if (i % 7 == 6) {
            row.kind = ROW_PRESENCE;
            row.band = (uint8_t)(1 + i / 7 % (BANDS - 1));
            row.message = i % 14 == 6 ? 0 : row.message;
            row.title = text_format(&story->arena, "%.*s: %s", TEXT(word(i)),
                                    band_title((enum band)row.band));
            add_part(model, i, row.from, (uint8_t)(i / 7 % 3), (enum band)row.band);
        } else if (i % 53 == 20) {
            row.kind = ROW_COVERAGE;
            row.title = slice_of("4380 bytes are missing: 10.1.1.21 to 10.1.1.10");
        } else if (i % 53 == 21) {
            row.kind = ROW_FOLDED;
            row.title = slice_of("14 keep-alives of ann and her friends, as long as this line is");
        }
        model->rows[i] = row;
    }
}

static void add_findings(struct story *story, size_t count)
{
    struct ladder_model *model = &story->model;
    model->findings = memory_zero(count, sizeof *model->findings);
    model->finding_count = count;
    for (size_t i = 0; i < count; i++) {
        struct ladder_finding *finding = &model->findings[i];
        *finding = (struct ladder_finding){
            .id = i + 1,
            .severity = (enum severity)(i % 3),
            .label = text_format(&story->arena, "%c%zu", "NWE"[i % 3], i + 1),
            .rule = slice_of("chat-message-not-delivered-with-a-name-of-many-words"),
            .message =
                text_format(&story->arena,
                            "%.*s said something to %.*s and nobody answered, which is told here "
                            "in a sentence that needs more than one line on any paper there is",
                            TEXT(word(i)), TEXT(word(i + 3))),
            .time = START,
            .row = i % 4 == 3 ? SIZE_MAX : i * 5 / 2 % model->row_count,
        };
        if (finding->row != SIZE_MAX && model->rows[finding->row].kind == ROW_MESSAGE) {
            finding->next = model->rows[finding->row].finding;
            model->rows[finding->row].finding = (uint32_t)(i + 1);
        }
    }
}

static void add_inputs(struct story *story, size_t count)
{
    story->summary.inputs = story->inputs;
    story->summary.input_count = count;
    story->summary.coverage.verdict = COVERAGE_FULL;
    for (size_t i = 0; i < count; i++) {
        story->inputs[i] = (struct input_info){
            .name = slice_of("/captures/a-folder/a-capture-with-a-rather-long-name-indeed.pcapng"),
            .kind = "pcapng",
            .size = 123456789,
            .records = 1234567,
        };
        memset(story->inputs[i].sha256, 'a', 64);
    }
}

static const struct report_option given[] = {
    {"user", "a-user-whose-name-is-far-too-long-for-any-head@contoso.example"},
    {"from", "10:00"},
    {"filter", "host 10.1.1.21 and port 5061 and not host 10.1.1.22 and not host 10.1.1.23"},
    {"output", "/tmp/somewhere.pdf"},
    {"room", "운영실 \xf0\x9f\x8c\x89"},
};

static void story_make(struct story *story, size_t rows, size_t lanes, size_t inputs, bool appendix)
{
    *story = (struct story){0};
    arena_init(&story->arena);
    story->style = (struct report_style){.format = REPORT_PDF,
                                         .version = "1.2.3",
                                         .options = given,
                                         .option_count = COUNT(given),
                                         .redacted = lanes == 8};
    story->model.options.appendix = appendix;
    story->model.raw_beyond = 3;
    add_inputs(story, inputs);
    add_lanes(story, lanes);
    add_rows(story, rows);
    add_findings(story, rows / 20 + 3);
}

static void story_dispose(struct story *story)
{
    free(story->model.rows);
    free(story->model.parts);
    free(story->model.findings);
    arena_dispose(&story->arena);
}

/* ---- the tests ---- */

static struct recorder draw(struct story *story, enum ladder_paper paper,
                            struct ladder_layout *layout)
{
    struct recorder recorder = recorder_new(layout);
    struct ladder_sheet sheet = {paper, 300000};
    ladder_layout_make(layout, &story->model, &story->summary, &story->style, NULL,
                       &recorder.canvas, sheet);
    ladder_draw(layout);
    free(recorder.marks);
    return recorder;
}

static void nothing_overlaps(void **state)
{
    (void)state;
    static const size_t rows[] = {10, 1000};
    static const size_t lanes[] = {1, 2, 8, 15, 40, 64};
    for (size_t r = 0; r < COUNT(rows); r++) {
        for (size_t l = 0; l < COUNT(lanes); l++) {
            for (int paper = LADDER_A4; paper <= LADDER_LONG; paper++) {
                struct story story;
                struct ladder_layout layout;
                if (paper == LADDER_LONG && rows[r] > 10 && lanes[l] != 8 && lanes[l] != 40) {
                    continue; /* everything on one page is compared with everything */
                }
                size_t inputs = paper == LADDER_LONG ? 1 : l % 2 == 0 ? 3 : 30;
                story_make(&story, rows[r], lanes[l], inputs, paper != LADDER_LETTER);
                struct recorder seen = draw(&story, (enum ladder_paper)paper, &layout);
                assert_int_equal(seen.pages, layout.page_count + layout.leaf_pages);
                assert_true(seen.texts > rows[r] * 2);
                ladder_layout_dispose(&layout);
                story_dispose(&story);
            }
        }
    }
}

/* Paper keeps its size, whatever is on it. */
static void paper_keeps_its_size(void **state)
{
    (void)state;
    static const size_t lanes[] = {1, 8, 40, 64};
    for (size_t l = 0; l < COUNT(lanes); l++) {
        struct story story;
        struct ladder_layout layout;
        story_make(&story, 50, lanes[l], 1, false);
        (void)draw(&story, LADDER_LETTER, &layout);
        double width = layout.width * layout.scale;
        double height = layout.height * layout.scale;
        assert_int_equal((int)(width + height + 0.5), 612 + 792);
        assert_true(layout.scale >= 0.6);
        assert_true(layout.heads_up == (lanes[l] >= 40));
        ladder_layout_dispose(&layout);
        story_dispose(&story);
    }
}

static void upright_heads_say_what_their_lane_is(void **state)
{
    (void)state;
    static const struct {
        const char *role;
        const char *address;
        const char *beside;
    } rows[] = {{"front end", "192.0.2.5", "front end 192.0.2.5"},
                {"front end", "", "front end"},
                {"", "192.0.2.5", "192.0.2.5"},
                {"", "", ""}};
    struct arena arena;
    arena_init(&arena);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct ladder_lane lane = {.role = slice_of(rows[i].role),
                                   .address = slice_of(rows[i].address)};
        assert_slice_equal(ladder_layout_beside(&lane, &arena), rows[i].beside);
    }
    arena_dispose(&arena);
}

/* Each message of the appendix has a way to it and a way back, each finding too. */
static void links_lead_there_and_back(void **state)
{
    (void)state;
    struct story story;
    struct ladder_layout layout;
    story_make(&story, 200, 8, 1, true);
    struct recorder seen = draw(&story, LADDER_A4, &layout);
    size_t whole = 0;
    size_t arrows = 0;
    size_t placed = 0;
    size_t marked = 0;
    for (size_t i = 0; i < story.model.row_count; i++) {
        const struct ladder_row *row = &story.model.rows[i];
        const struct ladder_leaf *leaf = ladder_layout_leaf(&layout, i);
        whole += row->raw.size > 0;
        assert_true((leaf != NULL) == (row->raw.size > 0));
        assert_true(!leaf || leaf->page >= layout.page_count);
        arrows += leaf && row->kind == ROW_MESSAGE;
        marked += row->finding > 0;
    }
    for (size_t i = 0; i < story.model.finding_count; i++) {
        placed += story.model.findings[i].row != SIZE_MAX;
        assert_non_null(ladder_layout_finding(&layout, i));
    }
    assert_true(whole > 15 && placed > 5 && marked > 3);
    assert_int_equal(seen.links, arrows + whole + placed + marked);
    assert_int_equal(seen.targets, whole + story.model.finding_count);
    assert_int_equal(seen.outlines, 2 + story.model.finding_count);
    ladder_layout_dispose(&layout);
    story_dispose(&story);
}

/* A strip goes on over pages, and is as wide as its lane allows. */
static void strips_stay_in_their_lanes(void **state)
{
    (void)state;
    struct story story;
    struct ladder_layout layout;
    story_make(&story, 300, 64, 1, false);
    (void)draw(&story, LADDER_A4, &layout);
    for (size_t i = 0; i < story.model.lane_count; i++) {
        assert_true(layout.lane_half[i] * 2 <= layout.pitch - 2);
        for (unsigned slot = 0; slot < layout.slots[i]; slot++) {
            double x = ladder_layout_strip(&layout, (unsigned)i, slot);
            assert_true(x > layout.lane_x[i] - layout.lane_half[i]);
            assert_true(x < layout.lane_x[i] + layout.lane_half[i]);
        }
    }
    ladder_layout_dispose(&layout);
    story_dispose(&story);
}

/* ---- what is kept of whole messages ---- */

static struct slice show_shorter(void *context, struct slice raw, struct arena *arena)
{
    (*(unsigned *)context)++;
    return arena_keep(arena, slice_sub(raw, 0, raw.size - 1));
}

static void feed_raw(struct ladder *ladder, size_t count, struct slice raw)
{
    struct sink sink = ladder_sink(ladder);
    for (size_t i = 0; i < count; i++) {
        struct message message = {
            .id = i + 1,
            .request = true,
            .method_name = SLICE("OPTIONS"),
            .raw = raw,
            .observed.origin = {.time = START, .record = i + 1},
        };
        struct event event = {.kind = EVENT_MESSAGE, .message = &message};
        sink.event(sink.context, &event);
    }
}

/* Only where somebody reads them, and only as many as there is room for. */
static void whole_messages_are_kept_for_readers(void **state)
{
    (void)state;
    static const struct {
        enum report_format format;
        bool appendix;
        size_t room;
        unsigned shown;
    } rows[] = {
        {REPORT_TEXT, true, 1000, 0}, {REPORT_SVG, true, 1000, 0}, {REPORT_PDF, false, 1000, 0},
        {REPORT_PDF, true, 1000, 5},  {REPORT_PDF, true, 25, 2},   {REPORT_HTML, false, 1000, 5},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        unsigned shown = 0;
        struct limits limits = limits_default();
        limits.ladder_raw_bytes = rows[i].room;
        struct report_style style = {.format = rows[i].format, .version = "1.2.3"};
        struct ladder_options options = {.appendix = rows[i].appendix,
                                         .shower = {.context = &shown, .show = show_shorter}};
        struct ladder *ladder = ladder_new(&style, &options, test_seed(), &limits);
        feed_raw(ladder, 5, slice_of("0123456789"));
        assert_int_equal(shown, rows[i].shown);
        ladder_free(ladder);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_messages_are_kept_for_readers),
        cmocka_unit_test(nothing_overlaps),
        cmocka_unit_test(paper_keeps_its_size),
        cmocka_unit_test(upright_heads_say_what_their_lane_is),
        cmocka_unit_test(links_lead_there_and_back),
        cmocka_unit_test(strips_stay_in_their_lanes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
