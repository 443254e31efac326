/*
 * Draws a laid-out ladder. See ladder_draw.h.
 *
 * Lines and heads of arrows have the colour of their dialog, from the palette
 * of Okabe and Ito (2008), which people with colour vision deficiencies can tell
 * apart; everything is readable without colour too: requests are solid,
 * responses dashed, failures white on dark.
 */
#include "reports/ladder_draw.h"

#include <inttypes.h>

#include "analyzer/engine/bands.h"
#include "reports/canvas_fit.h"
#include "reports/drawing.h"
#include "reports/text.h"

/* clang-format off */
enum {
    BLACK = 0x1a1a1a, DARK = 0x4a4a4a, GREY = 0x767676, LANE = 0xa8adb3, PALE = 0xd5d9de,
    HEAD_FILL = 0xeef1f5, STRIPE = 0xf6f8fa, WHITE = 0xffffff,
    FAILURE = 0x9c1c1c, WARNING = 0xb35900, NOTICE = 0x3d6a99
};

static const uint32_t palette[] = {
    0x0072b2, /* blue */
    0xd55e00, /* vermillion */
    0x009e73, /* bluish green */
    0xb8569a, /* reddish purple, darker than theirs for thin lines */
    0xd18b00, /* orange, darker */
    0x3a9ad9, /* sky blue, darker */
};
/* clang-format on */

static const uint32_t severity_colours[] = {
    [SEVERITY_NOTE] = NOTICE, [SEVERITY_WARNING] = WARNING, [SEVERITY_ERROR] = FAILURE};

static const double arrow_line = 12.8; /* below the top of a row */
static const double label_line = 8.8;  /* base line of what stands above it */

struct drawing {
    const struct ladder_layout *layout;
    struct canvas *canvas;
    struct arena arena; /* of one spot */
    bool stripe;        /* every second row has a pale ground */
};

static struct slice fit(struct drawing *drawing, struct slice text, struct canvas_font font,
                        double width, bool middle)
{
    return canvas_fit(drawing->canvas, text, font, width, middle, &drawing->arena);
}

static double width_of(struct drawing *drawing, struct slice text, struct canvas_font font)
{
    return drawing->canvas->text_width(drawing->canvas, text, font);
}

static void put(struct drawing *drawing, double x, double y, struct slice text,
                struct canvas_font font, uint32_t colour)
{
    drawing->canvas->text(drawing->canvas, x, y, text, font, CANVAS_LEFT, colour);
}

static void put_centred(struct drawing *drawing, double x, double y, struct slice text,
                        struct canvas_font font, uint32_t colour)
{
    drawing->canvas->text(drawing->canvas, x, y, text, font, CANVAS_CENTRE, colour);
}

static void put_right(struct drawing *drawing, double x, double y, struct slice text,
                      struct canvas_font font, uint32_t colour)
{
    drawing->canvas->text(drawing->canvas, x, y, text, font, CANVAS_RIGHT, colour);
}

/* ---- page furniture ---- */

static void draw_title_block(struct drawing *drawing)
{
    const struct ladder_layout *layout = drawing->layout;
    double right = layout->width - LADDER_MARGIN;
    struct slice tool = text_format(&drawing->arena, "ocsight %s", layout->style->version);
    double room = right - LADDER_MARGIN - width_of(drawing, tool, ladder_small_font) - 16;
    double y = LADDER_MARGIN + 11;
    struct slice title = fit(drawing, layout->heading.title, ladder_title_font, room, true);
    put(drawing, LADDER_MARGIN, y, title, ladder_title_font, BLACK);
    put_right(drawing, right, y, tool, ladder_small_font, GREY);
    y += 15;
    for (size_t i = 0; i < layout->heading.count; i++) {
        struct slice line =
            fit(drawing, layout->heading.lines[i], ladder_text_font, right - LADDER_MARGIN, false);
        put(drawing, LADDER_MARGIN, y, line, ladder_text_font, DARK);
        y += 11;
    }
}

static void draw_running_head(struct drawing *drawing)
{
    const struct ladder_layout *layout = drawing->layout;
    struct slice title = fit(drawing, layout->heading.title, ladder_small_font,
                             layout->width - 2 * LADDER_MARGIN, true);
    put(drawing, LADDER_MARGIN, LADDER_MARGIN + 6, title, ladder_small_font, GREY);
}

static void draw_footer(struct drawing *drawing, size_t page)
{
    const struct ladder_layout *layout = drawing->layout;
    double y = layout->height - LADDER_MARGIN + 4;
    double right = layout->width - LADDER_MARGIN;
    struct slice number =
        text_format(&drawing->arena, "page %zu of %zu", page + 1, layout->page_count);
    struct canvas_pen pen = {PALE, 0.5, 0};
    drawing->canvas->line(drawing->canvas, LADDER_MARGIN, y - 11, right, y - 11, pen);
    put(drawing, LADDER_MARGIN, y,
        slice_of("solid: request, dashed: response; one colour per dialog"), ladder_small_font,
        GREY);
    put_right(drawing, right, y, number, ladder_small_font, GREY);
}

static void draw_lane_head(struct drawing *drawing, const struct ladder_lane *lane, double x,
                           double top)
{
    const struct ladder_layout *layout = drawing->layout;
    struct canvas *canvas = drawing->canvas;
    double room = layout->pitch - 6;
    double name = width_of(drawing, lane->name, ladder_head_font);
    double address = width_of(drawing, lane->address, ladder_small_font);
    double width = (name > address ? name : address) + 14;
    width = width < 56 ? 56 : width;
    width = width > room ? room : width;
    struct canvas_pen pen = {LANE, 0.7, 0};
    canvas->box(canvas, x - width / 2, top, width, 27, 4, HEAD_FILL);
    canvas->frame(canvas, x - width / 2, top, width, 27, 4, pen);
    struct slice text = fit(drawing, lane->name, ladder_head_font, width - 6, true);
    put_centred(drawing, x, top + (lane->address.size > 0 ? 11.5 : 16.5), text, ladder_head_font,
                BLACK);
    text = fit(drawing, lane->address, ladder_small_font, width - 6, true);
    put_centred(drawing, x, top + 21.5, text, ladder_small_font, DARK);
}

static void draw_lanes(struct drawing *drawing, const struct ladder_page *page)
{
    const struct ladder_layout *layout = drawing->layout;
    struct canvas *canvas = drawing->canvas;
    bool ends = layout->row_spots <= page->end;
    double end = page->rows_end + (ends ? 8 : 4);
    struct canvas_pen pen = {LANE, 0.8, 0};
    for (size_t i = 0; i < layout->model->lane_count; i++) {
        double x = layout->lane_x[i];
        draw_lane_head(drawing, &layout->model->lanes[i], x, page->top);
        canvas->line(canvas, x, page->top + 27, x, end, pen);
    }
}

/* ---- rows ---- */

static void draw_marker(struct drawing *drawing, const struct ladder_finding *finding, double x,
                        double y)
{
    double width = width_of(drawing, finding->label, ladder_small_font) + 8;
    drawing->canvas->box(drawing->canvas, x, y - 7.6, width, 10, 3,
                         severity_colours[finding->severity]);
    put(drawing, x + 4, y, finding->label, ladder_small_font, WHITE);
}

static void draw_markers(struct drawing *drawing, const struct ladder_row *row, double y)
{
    const struct ladder_layout *layout = drawing->layout;
    if (row->finding == 0) {
        return;
    }
    const struct ladder_finding *first = &layout->model->findings[row->finding - 1];
    unsigned more = 0;
    for (uint32_t next = first->next; next > 0; next = layout->model->findings[next - 1].next) {
        more++;
    }
    draw_marker(drawing, first, layout->marker_x, y);
    if (more > 0) {
        double x = layout->marker_x + width_of(drawing, first->label, ladder_small_font) + 10;
        put(drawing, x, y, text_format(&drawing->arena, "+%u", more), ladder_small_font, DARK);
    }
}

static void draw_left_columns(struct drawing *drawing, const struct ladder_row *row, double y)
{
    const struct ladder_layout *layout = drawing->layout;
    struct slice time = ladder_time_text(row->time, &layout->style->zone, &drawing->arena);
    struct slice record =
        ladder_record_text(row->input, row->record, layout->summary, &drawing->arena);
    put(drawing, layout->time_x, y, time, ladder_text_font, BLACK);
    put_right(drawing, layout->record_right, y, record, ladder_text_font, GREY);
    draw_markers(drawing, row, y);
}

/* A label in up to four tones: what it is, what it means, how often it was sent, which step it is.
 */
struct label {
    struct slice title;
    struct slice meaning;
    struct slice repeats;
    struct slice step;
    double title_width;
    double meaning_width;
    double repeats_width;
    double step_width;
    double width;
};

enum { WORD_GAP = 5, FAILURE_PAD = 4, LEAST_STEP = 40 };

static struct label make_label(struct drawing *drawing, const struct ladder_row *row, double room)
{
    struct label label = {.title = row->title};
    double pad = row->failed ? 2 * FAILURE_PAD : 0;
    label.title = fit(drawing, row->title, ladder_bold_font, room - pad, false);
    label.title_width = width_of(drawing, label.title, ladder_bold_font) + pad;
    label.repeats = ladder_row_repeats(row, &drawing->arena);
    label.repeats_width = width_of(drawing, label.repeats, ladder_small_font);
    label.width = label.title_width;
    if (label.repeats.size > 0) {
        label.width += WORD_GAP + label.repeats_width;
    }
    if (row->step.size > 0 && room - label.width > LEAST_STEP) {
        label.step =
            fit(drawing, row->step, ladder_small_font, room - label.width - WORD_GAP, false);
        label.step_width = width_of(drawing, label.step, ladder_small_font);
        label.width += WORD_GAP + label.step_width;
    }
    double left = room - label.width - WORD_GAP;
    label.meaning = ladder_row_meaning(row, &drawing->arena);
    if (label.meaning.size > 0 && left > 12) {
        label.meaning = fit(drawing, label.meaning, ladder_small_font, left, false);
        label.meaning_width = width_of(drawing, label.meaning, ladder_small_font);
        label.width += WORD_GAP + label.meaning_width;
    } else {
        label.meaning = slice_of("");
    }
    return label;
}

/* Hides the lanes behind the label, so that nothing runs through the letters. */
static void draw_label(struct drawing *drawing, const struct ladder_row *row,
                       const struct label *label, double x, double y)
{
    struct canvas *canvas = drawing->canvas;
    double base = y + label_line;
    uint32_t colour = row->again ? GREY : BLACK;
    canvas->box(canvas, x - 2, y + 0.8, label->width + 4, 10.2, 0,
                drawing->stripe ? STRIPE : WHITE);
    if (row->failed) {
        canvas->box(canvas, x, y + 1, label->title_width, 10, 2.5, FAILURE);
        put(drawing, x + FAILURE_PAD, base, label->title, ladder_bold_font, WHITE);
    } else {
        put(drawing, x, base, label->title, ladder_bold_font, colour);
    }
    x += label->title_width + WORD_GAP;
    if (label->meaning.size > 0) {
        put(drawing, x, base, label->meaning, ladder_small_font, row->again ? GREY : DARK);
        x += label->meaning_width + WORD_GAP;
    }
    if (label->repeats.size > 0) {
        put(drawing, x, base, label->repeats, ladder_small_font, GREY);
        x += label->repeats_width + WORD_GAP;
    }
    put(drawing, x, base, label->step, ladder_small_font, NOTICE);
}

static double clamp(double value, double low, double high)
{
    return value > high ? (high < low ? low : high) : value < low ? low : value;
}

static void draw_arrow(struct drawing *drawing, const struct ladder_row *row, double y)
{
    const struct ladder_layout *layout = drawing->layout;
    struct canvas *canvas = drawing->canvas;
    uint32_t colour =
        row->again ? GREY : palette[row->colour % (sizeof palette / sizeof palette[0])];
    struct canvas_pen pen = {colour, row->again ? 0.7 : 1.3, row->request ? 0 : 3.2};
    double from = layout->lane_x[row->from];
    double to = layout->lane_x[row->to];
    if (row->from == row->to) {
        canvas->line(canvas, from, y - 1, from + 18, y - 1, pen);
        canvas->line(canvas, from + 18, y - 1, from + 18, y + 2.6, pen);
        canvas->line(canvas, from + 18, y + 2.6, from + 5, y + 2.6, pen);
        canvas->head(canvas, from + 0.5, y + 2.6, -1, colour);
        return;
    }
    double direction = to > from ? 1 : -1;
    canvas->line(canvas, from, y, to - 5 * direction, y, pen);
    canvas->head(canvas, to - 0.4 * direction, y, direction, colour);
}

/* Above its arrow; where it is too long for that, wherever the row has room. */
static void draw_message(struct drawing *drawing, const struct ladder_row *row, double y)
{
    const struct ladder_layout *layout = drawing->layout;
    double left = layout->lane_x[row->from];
    double right = layout->lane_x[row->to];
    if (left > right) {
        double swap = left;
        left = right;
        right = swap;
    }
    double room = layout->lanes_right - layout->lanes_left - 6;
    struct label label = make_label(drawing, row, room);
    double x = (left + right - label.width) / 2;
    x = clamp(x, layout->lanes_left + 3, layout->lanes_right - 3 - label.width);
    draw_label(drawing, row, &label, x, y);
    draw_arrow(drawing, row, y + arrow_line);
    draw_left_columns(drawing, row, y + arrow_line - 1);
}

static void draw_presence(struct drawing *drawing, const struct ladder_row *row, double y)
{
    const struct ladder_layout *layout = drawing->layout;
    struct canvas *canvas = drawing->canvas;
    double room = layout->lanes_right - layout->lanes_left - 20;
    struct slice text = fit(drawing, row->title, ladder_small_font, room, false);
    double width = width_of(drawing, text, ladder_small_font) + 14;
    double x = clamp(layout->lane_x[row->from] - width / 2, layout->lanes_left + 1,
                     layout->lanes_right - 1 - width);
    const struct band_paint *paint = drawing_band((enum band)row->band);
    uint32_t fill = paint->fill;
    struct canvas_pen pen = {fill == WHITE ? GREY : fill, 0.7, 0};
    canvas->box(canvas, x, y + 1.8, width, 11.2, 5.6, fill);
    canvas->frame(canvas, x, y + 1.8, width, 11.2, 5.6, pen);
    put(drawing, x + 7, y + 9.9, text, ladder_small_font, paint->text);
    if (row->message == 0) { /* no arrow above says when */
        draw_left_columns(drawing, row, y + 10.2);
    }
}

/* A torn line across the lanes: here something is missing. */
static void draw_coverage(struct drawing *drawing, const struct ladder_row *row, double y)
{
    const struct ladder_layout *layout = drawing->layout;
    struct canvas *canvas = drawing->canvas;
    struct canvas_pen pen = {WARNING, 0.9, 0};
    double middle = y + 9;
    double side = -3;
    for (double x = layout->lanes_left; x + 5 <= layout->lanes_right; x += 5) {
        canvas->line(canvas, x, middle + side, x + 5, middle - side, pen);
        side = -side;
    }
    double room = layout->lanes_right - layout->lanes_left - 30;
    struct slice text = fit(drawing, row->title, ladder_text_font, room, false);
    double width = width_of(drawing, text, ladder_text_font) + 10;
    double centre = (layout->lanes_left + layout->lanes_right) / 2;
    canvas->box(canvas, centre - width / 2, y + 2, width, 14, 0, WHITE);
    put_centred(drawing, centre, y + 11.8, text, ladder_text_font, WARNING);
    draw_left_columns(drawing, row, y + 11.8);
}

/* One pale line for all that was folded. */
static void draw_folded(struct drawing *drawing, const struct ladder_row *row, double y)
{
    const struct ladder_layout *layout = drawing->layout;
    double room = layout->lanes_right - layout->lanes_left - 30;
    struct slice text = fit(drawing, row->title, ladder_small_font, room, false);
    double width = width_of(drawing, text, ladder_small_font) + 14;
    double centre = (layout->lanes_left + layout->lanes_right) / 2;
    drawing->canvas->box(drawing->canvas, centre - width / 2, y + 2, width, 12, 6, HEAD_FILL);
    put_centred(drawing, centre, y + 10.6, text, ladder_small_font, DARK);
    draw_left_columns(drawing, row, y + 10.6);
}

static void draw_row(struct drawing *drawing, const struct ladder_spot *spot)
{
    const struct ladder_row *row = &drawing->layout->model->rows[spot->index];
    switch ((enum ladder_row_kind)row->kind) {
    case ROW_MESSAGE:
        draw_message(drawing, row, spot->y);
        break;
    case ROW_PRESENCE:
        draw_presence(drawing, row, spot->y);
        break;
    case ROW_COVERAGE:
        draw_coverage(drawing, row, spot->y);
        break;
    case ROW_FOLDED:
        draw_folded(drawing, row, spot->y);
        break;
    }
}

/* ---- between the rows, and below them ---- */

static void draw_date(struct drawing *drawing, const struct ladder_spot *spot)
{
    const struct ladder_layout *layout = drawing->layout;
    struct canvas_pen pen = {PALE, 0.6, 0};
    double y = spot->y + 11;
    double x = layout->time_x + width_of(drawing, spot->text, ladder_bold_font) + 6;
    put(drawing, layout->time_x, y, spot->text, ladder_bold_font, DARK);
    drawing->canvas->line(drawing->canvas, x, y - 3, layout->lanes_right, y - 3, pen);
}

/* The lanes stop for a while. */
static void draw_idle(struct drawing *drawing, const struct ladder_spot *spot)
{
    const struct ladder_layout *layout = drawing->layout;
    struct canvas *canvas = drawing->canvas;
    double middle = (layout->lanes_left + layout->lanes_right) / 2;
    struct canvas_pen pen = {LANE, 0.8, 2};
    canvas->box(canvas, layout->lanes_left, spot->y + 1, layout->lanes_right - layout->lanes_left,
                spot->height - 2, 0, WHITE);
    for (size_t i = 0; i < layout->model->lane_count; i++) {
        double x = layout->lane_x[i];
        canvas->line(canvas, x, spot->y + 1, x, spot->y + spot->height - 1, pen);
    }
    double width = width_of(drawing, spot->text, ladder_text_font) + 18;
    canvas->box(canvas, middle - width / 2, spot->y + 3, width, 14, 7, HEAD_FILL);
    put_centred(drawing, middle, spot->y + 12.8, spot->text, ladder_text_font, DARK);
}

/* "packet 57, 10:00:00.123" */
static struct slice finding_place(struct drawing *drawing, const struct ladder_finding *finding)
{
    const struct ladder_layout *layout = drawing->layout;
    struct slice time = ladder_time_text(finding->time, &layout->style->zone, &drawing->arena);
    if (finding->evidence_count == 0 || finding->evidence[0].record == 0) {
        return time;
    }
    const struct origin *first = &finding->evidence[0];
    struct slice record =
        ladder_record_text(first->input, first->record, layout->summary, &drawing->arena);
    return text_format(&drawing->arena, "packet %.*s, %.*s", TEXT(record), TEXT(time));
}

static void draw_finding(struct drawing *drawing, const struct ladder_spot *spot)
{
    const struct ladder_layout *layout = drawing->layout;
    const struct ladder_finding *finding = &layout->model->findings[spot->index];
    const struct ladder_spot *place = ladder_layout_row(layout, finding->row);
    double x = LADDER_MARGIN + LADDER_INDENT;
    double y = spot->y + 8;
    double width = layout->width - 2 * LADDER_MARGIN - LADDER_INDENT;
    if (place) {
        drawing->canvas->link_begin(drawing->canvas, place->page + 1, place->y);
    }
    draw_marker(drawing, finding, LADDER_MARGIN, y);
    if (place) {
        drawing->canvas->link_end(drawing->canvas);
    }
    struct slice when = finding_place(drawing, finding);
    struct slice rule = text_format(&drawing->arena, "%s  %.*s", severity_name(finding->severity),
                                    TEXT(finding->rule));
    put(drawing, x, y, rule, ladder_bold_font, severity_colours[finding->severity]);
    put_right(drawing, layout->width - LADDER_MARGIN, y, when, ladder_text_font, GREY);
    struct slice rest = finding->message;
    while (rest.size > 0) {
        struct slice line = canvas_wrap(drawing->canvas, rest, ladder_text_font, width, &rest);
        y += 10;
        put(drawing, x, y, line, ladder_text_font, BLACK);
    }
}

static void draw_spot(struct drawing *drawing, const struct ladder_spot *spot)
{
    switch (spot->kind) {
    case SPOT_DATE:
        draw_date(drawing, spot);
        break;
    case SPOT_IDLE:
        draw_idle(drawing, spot);
        break;
    case SPOT_ROW:
        draw_row(drawing, spot);
        break;
    case SPOT_NOTE:
        put(drawing, LADDER_MARGIN, spot->y + 15, spot->text, ladder_bold_font, WARNING);
        break;
    case SPOT_HEADING:
        put(drawing, LADDER_MARGIN, spot->y + 20, spot->text, ladder_head_font, BLACK);
        break;
    case SPOT_FINDING:
        draw_finding(drawing, spot);
        break;
    }
}

static bool is_message(const struct ladder_layout *layout, const struct ladder_spot *spot)
{
    return spot->kind == SPOT_ROW && layout->model->rows[spot->index].kind == ROW_MESSAGE;
}

/* Pale stripes lead the eye from the time to the arrow; they lie below everything. */
static void draw_stripes(struct drawing *drawing, const struct ladder_page *page)
{
    const struct ladder_layout *layout = drawing->layout;
    bool stripe = false;
    for (size_t i = page->first; i < page->end; i++) {
        const struct ladder_spot *spot = &layout->spots[i];
        if (!is_message(layout, spot)) {
            continue;
        }
        if (stripe) {
            drawing->canvas->box(drawing->canvas, LADDER_MARGIN - 4, spot->y,
                                 layout->width - 2 * LADDER_MARGIN + 8, spot->height, 0, STRIPE);
        }
        stripe = !stripe;
    }
}

static void draw_page(struct drawing *drawing, size_t number)
{
    const struct ladder_layout *layout = drawing->layout;
    const struct ladder_page *page = &layout->pages[number];
    drawing->canvas->page_begin(drawing->canvas, layout->width, layout->height, layout->scale);
    if (number == 0) {
        draw_title_block(drawing);
    } else {
        draw_running_head(drawing);
    }
    draw_stripes(drawing, page);
    if (page->rows_end > 0) {
        draw_lanes(drawing, page);
    }
    bool odd = false;
    for (size_t i = page->first; i < page->end; i++) {
        const struct ladder_spot *spot = &layout->spots[i];
        drawing->stripe = odd && is_message(layout, spot);
        odd = odd != is_message(layout, spot);
        draw_spot(drawing, spot);
        arena_reset(&drawing->arena);
    }
    draw_footer(drawing, number);
    drawing->canvas->page_end(drawing->canvas);
}

/* ---- bookmarks ---- */

static void outline_at(struct drawing *drawing, int level, struct slice title, size_t row)
{
    const struct ladder_spot *spot = ladder_layout_row(drawing->layout, row);
    drawing->canvas->outline(drawing->canvas, level, title, spot ? spot->page + 1 : 1,
                             spot ? spot->y : 0);
}

static void outline_dialogs(struct drawing *drawing)
{
    const struct ladder_model *model = drawing->layout->model;
    for (size_t i = 0; i < model->dialog_count; i++) {
        const struct ladder_dialog *dialog = &model->dialogs[i];
        struct slice time = ladder_time_text(model->rows[dialog->row].time,
                                             &drawing->layout->style->zone, &drawing->arena);
        struct slice title =
            text_format(&drawing->arena, "%.*s %.*s", TEXT(time), TEXT(dialog->title));
        if (i == 0) {
            outline_at(drawing, 0, slice_of("Dialogs"), dialog->row);
        }
        outline_at(drawing, 1, title, dialog->row);
        arena_reset(&drawing->arena);
    }
    if (model->dialogs_beyond > 0) {
        struct slice more =
            text_format(&drawing->arena, "and %" PRIu64 " more dialogs", model->dialogs_beyond);
        outline_at(drawing, 1, more, model->dialogs[model->dialog_count - 1].row);
    }
}

static void outline_findings(struct drawing *drawing)
{
    const struct ladder_layout *layout = drawing->layout;
    for (size_t i = layout->row_spots; i < layout->spot_count; i++) {
        const struct ladder_spot *spot = &layout->spots[i];
        if (spot->kind == SPOT_HEADING) {
            drawing->canvas->outline(drawing->canvas, 0, spot->text, spot->page + 1, spot->y);
        }
        if (spot->kind != SPOT_FINDING) {
            continue;
        }
        const struct ladder_finding *finding = &layout->model->findings[spot->index];
        const struct ladder_spot *place = ladder_layout_row(layout, finding->row);
        place = place ? place : spot;
        struct slice title =
            text_format(&drawing->arena, "%.*s %.*s", TEXT(finding->label), TEXT(finding->rule));
        drawing->canvas->outline(drawing->canvas, 1, title, place->page + 1, place->y);
        arena_reset(&drawing->arena);
    }
}

void ladder_draw(const struct ladder_layout *layout)
{
    struct drawing drawing = {.layout = layout, .canvas = layout->canvas};
    arena_init(&drawing.arena);
    for (size_t i = 0; i < layout->page_count; i++) {
        draw_page(&drawing, i);
    }
    outline_dialogs(&drawing);
    outline_findings(&drawing);
    arena_dispose(&drawing.arena);
}
