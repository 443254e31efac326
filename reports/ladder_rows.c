/*
 * The rows of a drawn ladder. See ladder_rows.h.
 */
#include "reports/ladder_rows.h"

#include "reports/canvas_fit.h"
#include "reports/text.h"

static const double arrow_line = 13.2; /* below the top of a row */
static const double label_line = 8.3;  /* base line of what stands above it */

/* ---- the columns to the left ---- */

static void draw_markers(struct ladder_pen *pen, const struct ladder_row *row, double y)
{
    const struct ladder_layout *layout = pen->layout;
    if (row->finding == 0) {
        return;
    }
    const struct ladder_finding *first = &layout->model->findings[row->finding - 1];
    unsigned more = 0;
    for (uint32_t next = first->next; next > 0; next = layout->model->findings[next - 1].next) {
        more++;
    }
    double width = ladder_pen_marker(pen, first, layout->marker_x, y);
    const struct ladder_spot *told = ladder_layout_finding(layout, row->finding - 1);
    if (told) {
        struct canvas_box box = {layout->marker_x, y - 7.6, width, 10};
        pen->canvas->link(pen->canvas, &box, told->page + 1, told->y);
    }
    if (more > 0) {
        struct slice text = more > 999 ? slice_of("+999") : text_format(&pen->arena, "+%u", more);
        canvas_put(pen->canvas, layout->marker_x + width + 2, y, text, ladder_small_font,
                   DRAWING_DARK);
    }
}

/* What the row above said already is dim: "09:30:00" of "09:30:00.144". */
static void draw_time(struct ladder_pen *pen, int64_t time, double y)
{
    enum { SECONDS = 8 };
    const struct ladder_layout *layout = pen->layout;
    struct slice text = ladder_time_text(time, &layout->style->zone, &pen->arena);
    int64_t second = time == TIME_NONE ? TIME_NONE : time / TIME_SECOND;
    if (text.size < SECONDS || second != pen->second) {
        canvas_put(pen->canvas, layout->time_x, y, text, ladder_text_font, DRAWING_BLACK);
        pen->second = second;
        return;
    }
    struct slice said = slice_sub(text, 0, SECONDS);
    double width = canvas_width(pen->canvas, said, ladder_text_font);
    canvas_put(pen->canvas, layout->time_x, y, said, ladder_text_font, PEN_DIM);
    canvas_put(pen->canvas, layout->time_x + width, y, slice_from(text, SECONDS), ladder_text_font,
               DRAWING_BLACK);
}

static void draw_left_columns(struct ladder_pen *pen, const struct ladder_row *row, double y)
{
    const struct ladder_layout *layout = pen->layout;
    struct slice record = ladder_record_text(row->input, row->record, layout->summary, &pen->arena);
    draw_time(pen, row->time, y);
    canvas_put_right(pen->canvas, layout->record_right, y, record, ladder_text_font, DRAWING_GREY);
    draw_markers(pen, row, y);
}

static void draw_step(struct ladder_pen *pen, const struct ladder_row *row, double y)
{
    const struct ladder_layout *layout = pen->layout;
    if (row->step.size > 0 && layout->step_width > 0) {
        struct slice text = canvas_fit(pen->canvas, row->step, ladder_small_font,
                                       layout->step_width, true, &pen->arena);
        canvas_put(pen->canvas, layout->step_x, y, text, ladder_small_font, PEN_NOTICE);
    }
}

/* ---- messages ---- */

/* A label in up to three tones: what it is, what it means, how often it was sent. */
struct label {
    struct slice title;
    struct slice meaning;
    struct slice repeats;
    double title_width;
    double meaning_width;
    double repeats_width;
    double width;
};

enum { WORD_GAP = 5, FAILURE_PAD = 4, LEAST_MEANING = 12 };

static struct label make_label(struct ladder_pen *pen, const struct ladder_row *row, double room)
{
    struct label label = {.repeats = ladder_row_repeats(row, &pen->arena)};
    double pad = row->failed ? 2 * FAILURE_PAD : 0;
    label.title =
        canvas_fit(pen->canvas, row->title, ladder_bold_font, room - pad, false, &pen->arena);
    label.title_width = canvas_width(pen->canvas, label.title, ladder_bold_font) + pad;
    label.width = label.title_width;
    double left = room - label.width - WORD_GAP;
    label.repeats = left > LEAST_MEANING ? canvas_fit(pen->canvas, label.repeats, ladder_small_font,
                                                      left, false, &pen->arena)
                                         : slice_of("");
    if (label.repeats.size > 0) {
        label.repeats_width = canvas_width(pen->canvas, label.repeats, ladder_small_font);
        label.width += WORD_GAP + label.repeats_width;
    }
    left = room - label.width - WORD_GAP;
    label.meaning = left > LEAST_MEANING ? ladder_row_meaning(row, &pen->arena) : slice_of("");
    label.meaning =
        canvas_fit(pen->canvas, label.meaning, ladder_small_font, left, false, &pen->arena);
    if (label.meaning.size > 0) {
        label.meaning_width = canvas_width(pen->canvas, label.meaning, ladder_small_font);
        label.width += WORD_GAP + label.meaning_width;
    }
    return label;
}

/* Hides the lanes behind the label, so that nothing runs through the letters. */
static void draw_label(struct ladder_pen *pen, const struct ladder_row *row,
                       const struct label *label, double x, double y)
{
    struct canvas *canvas = pen->canvas;
    double base = y + label_line;
    uint32_t colour = row->again ? DRAWING_GREY : DRAWING_BLACK;
    canvas->box(canvas, x - 2, y + 0.8, label->width + 4, 10.2, 0, pen->ground);
    if (row->failed) {
        canvas->box(canvas, x, y + 1, label->title_width, 10, 2.5, PEN_FAILURE);
        canvas_put(pen->canvas, x + FAILURE_PAD, base, label->title, ladder_bold_font,
                   DRAWING_WHITE);
    } else {
        canvas_put(pen->canvas, x, base, label->title, ladder_bold_font, colour);
    }
    x += label->title_width + WORD_GAP;
    if (label->meaning.size > 0) {
        canvas_put(pen->canvas, x, base, label->meaning, ladder_small_font,
                   row->again ? DRAWING_GREY : DRAWING_DARK);
        x += label->meaning_width + WORD_GAP;
    }
    if (label->repeats.size > 0) {
        canvas_put(pen->canvas, x, base, label->repeats, ladder_small_font, DRAWING_GREY);
    }
}

static double clamp(double value, double low, double high)
{
    return value > high ? (high < low ? low : high) : value < low ? low : value;
}

/* From the edge of one lane to the edge of the other. */
static void draw_arrow(struct ladder_pen *pen, const struct ladder_row *row, double y)
{
    const struct ladder_layout *layout = pen->layout;
    struct canvas *canvas = pen->canvas;
    uint32_t colour = row->again ? DRAWING_GREY : ladder_pen_dialog(row->colour);
    struct canvas_pen line = {colour, row->again ? 0.7 : 1.3, row->request ? 0 : 3.2};
    double from = layout->lane_x[row->from];
    double to = layout->lane_x[row->to];
    double half = layout->lane_half[row->from];
    if (row->from == row->to) {
        from += half;
        canvas->line(canvas, from, y - 2.2, from + 18, y - 2.2, line);
        canvas->line(canvas, from + 18, y - 2.2, from + 18, y + 0.8, line);
        canvas->line(canvas, from + 18, y + 0.8, from + 5, y + 0.8, line);
        canvas->head(canvas, from + 0.5, y + 0.8, -1, colour);
        return;
    }
    double direction = to > from ? 1 : -1;
    from += direction * half;
    to -= direction * (layout->lane_half[row->to] + 0.4);
    canvas->line(canvas, from, y, to - 4.6 * direction, y, line);
    canvas->head(canvas, to, y, direction, colour);
}

/*
 * Where a label of that width goes: as near to the middle of its arrow as no strip lies behind it,
 * and just there when the gaps between strips are too narrow, or too far away to look for it.
 */
static double place_label(const struct ladder_layout *layout, double left, double right,
                          double width)
{
    enum { AIR = 4, FARTHEST = 60 };
    const struct ladder_model *model = layout->model;
    double wanted =
        clamp((left + right - width) / 2, layout->lanes_left + 3, layout->lanes_right - 3 - width);
    double best = wanted;
    double nearest = clamp((right - left) / 2, 0, FARTHEST); /* its middle stays above the arrow */
    double gap = layout->lanes_left + 3;
    for (size_t i = 0; i <= model->lane_count; i++) {
        unsigned lane = i < model->lane_count ? model->order[i] : LADDER_NO_LANE;
        if (i < model->lane_count && layout->slots[lane] == 0) {
            continue;
        }
        double half = layout->lane_half[lane] + AIR;
        double end = i < model->lane_count ? layout->lane_x[lane] - half : layout->lanes_right - 3;
        double x = clamp(wanted, gap, end - width);
        double away = x > wanted ? x - wanted : wanted - x;
        if (end - gap >= width && away < nearest) {
            best = x;
            nearest = away;
        }
        gap = layout->lane_x[lane] + half;
    }
    return best;
}

/* Above its arrow; where it is too long for that, wherever the row has room. */
static void draw_message(struct ladder_pen *pen, const struct ladder_spot *spot,
                         const struct ladder_row *row)
{
    const struct ladder_layout *layout = pen->layout;
    double left = layout->lane_x[row->from];
    double right = layout->lane_x[row->to];
    if (left > right) {
        double swap = left;
        left = right;
        right = swap;
    }
    double room = layout->lanes_right - layout->lanes_left - 6;
    struct label label = make_label(pen, row, room);
    double x = place_label(layout, left, right, label.width);
    draw_label(pen, row, &label, x, spot->y);
    draw_arrow(pen, row, spot->y + arrow_line);
    draw_left_columns(pen, row, spot->y + arrow_line - 1);
    draw_step(pen, row, spot->y + arrow_line - 1);
    const struct ladder_leaf *leaf = ladder_layout_leaf(layout, spot->index);
    if (leaf) {
        left = x < left ? x : left;
        right = x + label.width > right ? x + label.width : right;
        struct canvas_box box = {left, spot->y + 1, right - left, spot->height - 2};
        pen->canvas->link(pen->canvas, &box, leaf->page + 1, leaf->y);
    }
}

/* ---- other rows ---- */

static void draw_presence(struct ladder_pen *pen, const struct ladder_spot *spot,
                          const struct ladder_row *row)
{
    const struct ladder_layout *layout = pen->layout;
    struct canvas *canvas = pen->canvas;
    const struct ladder_part *part = ladder_layout_part(layout, spot->index);
    double middle =
        part ? ladder_layout_strip(layout, part->lane, part->slot) : layout->lane_x[row->from];
    double y = spot->y;
    double room = layout->lanes_right - layout->lanes_left - 20;
    struct slice text =
        canvas_fit(pen->canvas, row->title, ladder_small_font, room, false, &pen->arena);
    double width = canvas_width(pen->canvas, text, ladder_small_font) + 14;
    double x = clamp(middle - width / 2, layout->lanes_left + 1, layout->lanes_right - 1 - width);
    const struct band_paint *paint = drawing_band((enum band)row->band);
    struct canvas_pen frame = {paint->fill == DRAWING_WHITE ? DRAWING_GREY : paint->fill, 0.7, 0};
    canvas->box(canvas, x - 1, y + 0.8, width + 2, 13.2, 6.6, DRAWING_WHITE);
    canvas->box(canvas, x, y + 1.8, width, 11.2, 5.6, paint->fill);
    canvas->frame(canvas, x, y + 1.8, width, 11.2, 5.6, frame);
    canvas_put(pen->canvas, x + 7, y + 9.9, text, ladder_small_font, paint->text);
    if (row->message == 0) { /* no arrow above says when */
        draw_left_columns(pen, row, y + 10.2);
    }
}

/* A torn line across the lanes: here something is missing. */
static void draw_coverage(struct ladder_pen *pen, const struct ladder_row *row, double y)
{
    const struct ladder_layout *layout = pen->layout;
    struct canvas *canvas = pen->canvas;
    struct canvas_pen line = {DRAWING_WARNING, 0.9, 0};
    double middle = y + 9;
    double side = -3;
    for (double x = layout->lanes_left; x + 5 <= layout->lanes_right; x += 5) {
        canvas->line(canvas, x, middle + side, x + 5, middle - side, line);
        side = -side;
    }
    double room = layout->lanes_right - layout->lanes_left - 30;
    struct slice text =
        canvas_fit(pen->canvas, row->title, ladder_text_font, room, false, &pen->arena);
    double width = canvas_width(pen->canvas, text, ladder_text_font) + 10;
    double centre = (layout->lanes_left + layout->lanes_right) / 2;
    canvas->box(canvas, centre - width / 2, y + 2, width, 14, 0, DRAWING_WHITE);
    canvas_put_centred(pen->canvas, centre, y + 11.8, text, ladder_text_font, DRAWING_WARNING);
    draw_left_columns(pen, row, y + 11.8);
}

/* One pale line for all that was folded. */
static void draw_folded(struct ladder_pen *pen, const struct ladder_row *row, double y)
{
    const struct ladder_layout *layout = pen->layout;
    double room = layout->lanes_right - layout->lanes_left - 30;
    struct slice text =
        canvas_fit(pen->canvas, row->title, ladder_small_font, room, false, &pen->arena);
    double width = canvas_width(pen->canvas, text, ladder_small_font) + 14;
    double centre = place_label(layout, layout->lanes_left, layout->lanes_right, width) + width / 2;
    pen->canvas->box(pen->canvas, centre - width / 2, y + 2, width, 12, 6, PEN_HEAD_FILL);
    canvas_put_centred(pen->canvas, centre, y + 10.6, text, ladder_small_font, DRAWING_DARK);
    draw_left_columns(pen, row, y + 10.6);
}

static void draw_row(struct ladder_pen *pen, const struct ladder_spot *spot)
{
    const struct ladder_row *row = &pen->layout->model->rows[spot->index];
    switch ((enum ladder_row_kind)row->kind) {
    case ROW_MESSAGE:
        draw_message(pen, spot, row);
        break;
    case ROW_PRESENCE:
        draw_presence(pen, spot, row);
        break;
    case ROW_COVERAGE:
        draw_coverage(pen, row, spot->y);
        break;
    case ROW_FOLDED:
        draw_folded(pen, row, spot->y);
        break;
    }
}

/* ---- between the rows ---- */

static void draw_date(struct ladder_pen *pen, const struct ladder_spot *spot)
{
    const struct ladder_layout *layout = pen->layout;
    struct canvas_pen line = {DRAWING_PALE, 0.6, 0};
    double y = spot->y + 11;
    double x = layout->time_x + canvas_width(pen->canvas, spot->text, ladder_bold_font) + 6;
    canvas_put(pen->canvas, layout->time_x, y, spot->text, ladder_bold_font, DRAWING_DARK);
    pen->canvas->line(pen->canvas, x, y - 3, layout->width - LADDER_MARGIN, y - 3, line);
}

/* The lanes stop for a while. */
static void draw_idle(struct ladder_pen *pen, const struct ladder_spot *spot)
{
    const struct ladder_layout *layout = pen->layout;
    double width = canvas_width(pen->canvas, spot->text, ladder_text_font) + 18;
    double middle = place_label(layout, layout->lanes_left, layout->lanes_right, width) + width / 2;
    pen->canvas->box(pen->canvas, middle - width / 2, spot->y + 3, width, 14, 7, PEN_HEAD_FILL);
    canvas_put_centred(pen->canvas, middle, spot->y + 12.8, spot->text, ladder_text_font,
                       DRAWING_DARK);
    pen->second = TIME_NONE;
}

/* ---- all of a page ---- */

/* Every second message has a stripe behind it; `odd` counts. */
static uint32_t ground_of(const struct ladder_pen *pen, const struct ladder_spot *spot, bool *odd)
{
    const struct ladder_model *model = pen->layout->model;
    if (spot->kind != SPOT_ROW) {
        return DRAWING_WHITE;
    }
    const struct ladder_row *row = &model->rows[spot->index];
    bool stripe = *odd && row->kind == ROW_MESSAGE;
    *odd = *odd != (row->kind == ROW_MESSAGE);
    if (row->finding > 0 && row->kind == ROW_MESSAGE) {
        return ladder_pen_tint(model->findings[row->finding - 1].severity);
    }
    return stripe ? DRAWING_STRIPE : DRAWING_WHITE;
}

void ladder_rows_grounds(struct ladder_pen *pen, const struct ladder_page *page)
{
    const struct ladder_layout *layout = pen->layout;
    bool odd = false;
    for (size_t i = page->first; i < page->end; i++) {
        const struct ladder_spot *spot = &layout->spots[i];
        uint32_t ground = ground_of(pen, spot, &odd);
        if (ground != DRAWING_WHITE) {
            pen->canvas->box(pen->canvas, LADDER_MARGIN - 4, spot->y,
                             layout->width - 2 * LADDER_MARGIN + 8, spot->height, 0, ground);
        }
    }
}

void ladder_rows_draw(struct ladder_pen *pen, const struct ladder_page *page)
{
    bool odd = false;
    pen->second = TIME_NONE;
    for (size_t i = page->first; i < page->end; i++) {
        const struct ladder_spot *spot = &pen->layout->spots[i];
        pen->ground = ground_of(pen, spot, &odd);
        if (spot->kind == SPOT_ROW) {
            draw_row(pen, spot);
        } else if (spot->kind == SPOT_DATE) {
            draw_date(pen, spot);
        } else if (spot->kind == SPOT_IDLE) {
            draw_idle(pen, spot);
        }
        arena_reset(&pen->arena);
    }
}
