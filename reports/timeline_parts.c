/*
 * What drawings over time have in common. See timeline_parts.h.
 */
#include "reports/timeline_parts.h"

#include "reports/canvas_fit.h"
#include "reports/drawing.h"
#include "reports/presence_words.h"
#include "reports/text.h"

const struct canvas_font timeline_title_font = {14, true, false};
const struct canvas_font timeline_name_font = {8, true, false};
const struct canvas_font timeline_text_font = {8, false, false};
const struct canvas_font timeline_small_font = {7, false, false};

enum { AXIS_LINE = 11, TICK_GAP = 16 /* between labels of ticks */ };

#define LATEST (INT64_MAX / 4) /* sums and differences of times up to here stay in range */

/* ---- paper ---- */

bool timeline_is_single(enum report_format format, enum ladder_paper paper)
{
    return format == REPORT_SVG || format == REPORT_PNG || paper == LADDER_LONG;
}

void timeline_paper(enum ladder_paper paper, bool single, double *width, double *height)
{
    drawing_paper(paper == LADDER_LETTER, true, width, height);
    if (single) {
        *width = TIMELINE_PICTURE_WIDTH;
    }
}

/* ---- the axis ---- */

void timeline_axis_begin(struct timeline_axis *axis, const struct summary *summary)
{
    axis->from = TIME_NONE;
    axis->to = TIME_NONE;
    for (size_t i = 0; i < summary->input_count; i++) {
        timeline_axis_widen(axis, summary->inputs[i].first);
        timeline_axis_widen(axis, summary->inputs[i].last);
    }
}

void timeline_axis_widen(struct timeline_axis *axis, int64_t time)
{
    if (time == TIME_NONE) {
        return;
    }
    axis->from = axis->from == TIME_NONE || time < axis->from ? time : axis->from;
    axis->to = axis->to == TIME_NONE || time > axis->to ? time : axis->to;
}

static int64_t bounded(int64_t time)
{
    return time < 0 ? 0 : time > LATEST ? LATEST : time;
}

/* An axis has a length, whatever the times are. */
void timeline_axis_settle(struct timeline_axis *axis, int64_t from, int64_t to)
{
    int64_t first = from != TIME_NONE ? from : axis->from == TIME_NONE ? 0 : axis->from;
    int64_t last = to != TIME_NONE ? to : axis->to == TIME_NONE ? first : axis->to;
    axis->from = bounded(first);
    axis->to = bounded(last);
    if (axis->to <= axis->from) {
        axis->to = axis->from + TIME_SECOND;
    }
}

void timeline_axis_make(struct timeline_axis *axis, struct canvas *canvas, struct arena *arena)
{
    struct slice widest = timeline_ticks_widest(axis->from, axis->to);
    double room = canvas->text_width(canvas, widest, timeline_small_font) + TICK_GAP;
    double most = (axis->right - axis->left) / room;
    axis->tick_count = timeline_ticks_make(axis->ticks, axis->from, axis->to,
                                           most > 24 ? 24 : (size_t)most, axis->zone, arena);
    axis->days = timeline_ticks_days(axis->from, axis->to, axis->zone);
    axis->height = axis->days ? 2 * AXIS_LINE : AXIS_LINE;
}

double timeline_axis_x(const struct timeline_axis *axis, int64_t time)
{
    int64_t at = time < axis->from ? axis->from : time > axis->to ? axis->to : time;
    double part = (double)(at - axis->from) / (double)(axis->to - axis->from);
    return axis->left + part * (axis->right - axis->left);
}

static void draw_grid(const struct timeline_axis *axis, struct canvas *canvas, double top,
                      double bottom)
{
    for (size_t i = 0; i < axis->tick_count; i++) {
        const struct timeline_tick *tick = &axis->ticks[i];
        double x = timeline_axis_x(axis, tick->time);
        bool day = tick->day.size > 0;
        struct canvas_pen pen = {day ? DRAWING_GREY : DRAWING_PALE, day ? 0.8 : 0.6, 0};
        canvas->line(canvas, x, top - 2, x, bottom + 2, pen);
    }
}

/* Labels stay between the ends of the axis and never touch. */
static void draw_tick_labels(const struct timeline_axis *axis, struct timeline_pen *pen,
                             double base)
{
    double taken = axis->left - 20;
    for (size_t i = 0; i < axis->tick_count; i++) {
        const struct timeline_tick *tick = &axis->ticks[i];
        double half = canvas_width(pen->canvas, tick->label, timeline_small_font) / 2;
        double x = timeline_axis_x(axis, tick->time);
        x = x + half > axis->right + 8 ? axis->right + 8 - half : x;
        if (half > 0 && x - half > taken) {
            pen->canvas->text(pen->canvas, x, base, tick->label, timeline_small_font, CANVAS_CENTRE,
                              DRAWING_DARK);
            taken = x + half + 3;
        }
    }
}

static void draw_day_labels(const struct timeline_axis *axis, struct timeline_pen *pen, double base)
{
    double end = axis->right;
    for (size_t i = axis->tick_count; i > 0; i--) { /* from the right: the last day always fits */
        const struct timeline_tick *tick = &axis->ticks[i - 1];
        double x = timeline_axis_x(axis, tick->time);
        double width = canvas_width(pen->canvas, tick->day, timeline_name_font);
        x = x + width > axis->right ? axis->right - width : x;
        if (tick->day.size > 0 && x + width <= end) {
            canvas_put(pen->canvas, x, base, tick->day, timeline_name_font, DRAWING_DARK);
            end = x - 8;
        }
    }
    struct slice first = presence_words_day(axis->from, axis->zone, &pen->arena);
    if (axis->left + canvas_width(pen->canvas, first, timeline_name_font) <= end) {
        canvas_put(pen->canvas, axis->left, base, first, timeline_name_font, DRAWING_DARK);
    }
}

void timeline_axis_draw(const struct timeline_axis *axis, struct timeline_pen *pen, double dates,
                        double top, double bottom)
{
    char zone[CLOCK_TEXT];
    clock_zone_name(axis->from, axis->zone, zone);
    canvas_put(pen->canvas, axis->zone_x, top - 5, slice_of(zone), timeline_small_font,
               DRAWING_GREY);
    if (axis->days) {
        draw_day_labels(axis, pen, dates);
    }
    draw_tick_labels(axis, pen, top - 5);
    draw_grid(axis, pen->canvas, top, bottom);
    struct canvas_pen line = {DRAWING_LINE, 0.8, 0};
    pen->canvas->line(pen->canvas, axis->left, top, axis->right, top, line);
    pen->canvas->line(pen->canvas, axis->left, bottom, axis->right, bottom, line);
    draw_tick_labels(axis, pen, bottom + 10);
}

/* ---- head and foot of a page ---- */

void timeline_heading_add(struct timeline_heading *heading, struct slice line)
{
    if (line.size > 0 && heading->line_count < TIMELINE_LINES) {
        heading->lines[heading->line_count++] = line;
    }
}

void timeline_heading_begin(struct timeline_heading *heading, const char *kind, struct slice counts,
                            const struct timeline_axis *axis, const struct summary *summary,
                            const struct report_style *style, struct arena *arena)
{
    heading->line_count = 0;
    heading->title = drawing_title(summary, NULL, kind, arena);
    timeline_heading_add(heading, drawing_span(axis->from, axis->to, axis->zone, arena));
    timeline_heading_add(heading, counts);
    timeline_heading_add(heading, text_format(arena, "coverage %s",
                                              report_coverage_words(summary->coverage.verdict)));
    if (style->redacted) {
        timeline_heading_add(heading, slice_of(report_redacted_words()));
    }
    if (summary->partial) {
        timeline_heading_add(heading, slice_of("interrupted: this is what was read until then"));
    }
}

double timeline_heading_bottom(const struct timeline_heading *heading, size_t page)
{
    double height = page > 0 ? TIMELINE_RUNNING_HEAD
                             : TIMELINE_TITLE_LINE + (double)heading->line_count * TIMELINE_LINE +
                                   TIMELINE_HEADING_GAP;
    return TIMELINE_MARGIN + height;
}

static void draw_running_head(const struct timeline_heading *heading, struct timeline_pen *pen,
                              double width)
{
    struct slice title = canvas_fit(pen->canvas, heading->title, timeline_small_font,
                                    width - 2 * TIMELINE_MARGIN, true, &pen->arena);
    canvas_put(pen->canvas, TIMELINE_MARGIN, TIMELINE_MARGIN + 6, title, timeline_small_font,
               DRAWING_GREY);
}

void timeline_heading_draw(const struct timeline_heading *heading, struct timeline_pen *pen,
                           size_t page, double width, const char *version)
{
    if (page > 0) {
        draw_running_head(heading, pen, width);
        return;
    }
    double right = width - TIMELINE_MARGIN;
    struct slice tool = text_format(&pen->arena, "ocsight %s", version);
    double room =
        right - TIMELINE_MARGIN - canvas_width(pen->canvas, tool, timeline_small_font) - 16;
    double y = TIMELINE_MARGIN + 11;
    canvas_put(
        pen->canvas, TIMELINE_MARGIN, y,
        canvas_fit(pen->canvas, heading->title, timeline_title_font, room, true, &pen->arena),
        timeline_title_font, DRAWING_BLACK);
    canvas_put_right(pen->canvas, right, y, tool, timeline_small_font, DRAWING_GREY);
    y += 15;
    for (size_t i = 0; i < heading->line_count; i++) {
        struct slice line = canvas_fit(pen->canvas, heading->lines[i], timeline_text_font,
                                       right - TIMELINE_MARGIN, false, &pen->arena);
        canvas_put(pen->canvas, TIMELINE_MARGIN, y, line, timeline_text_font, DRAWING_DARK);
        y += 11;
    }
}

void timeline_stripe_draw(struct timeline_pen *pen, double width, double y, double height)
{
    pen->canvas->box(pen->canvas, TIMELINE_MARGIN - 4, y, width - 2 * TIMELINE_MARGIN + 8, height,
                     0, DRAWING_STRIPE);
}

double timeline_foot_height(size_t legend_lines)
{
    return TIMELINE_BOTTOM_AXIS + TIMELINE_HEADING_GAP +
           (double)legend_lines * TIMELINE_LEGEND_LINE + TIMELINE_FOOTER + TIMELINE_MARGIN;
}

double timeline_foot_draw(struct timeline_pen *pen, double width, double height, const char *words,
                          size_t page, size_t pages)
{
    double y = height - TIMELINE_MARGIN + 4;
    double right = width - TIMELINE_MARGIN;
    struct canvas_pen line = {DRAWING_PALE, 0.5, 0};
    pen->canvas->line(pen->canvas, TIMELINE_MARGIN, y - 10, right, y - 10, line);
    canvas_put(pen->canvas, TIMELINE_MARGIN, y, slice_of(words), timeline_small_font, DRAWING_GREY);
    canvas_put_right(pen->canvas, right, y,
                     text_format(&pen->arena, "page %zu of %zu", page + 1, pages),
                     timeline_small_font, DRAWING_GREY);
    return y;
}
