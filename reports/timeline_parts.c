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

/* ---- the axis ---- */

static int64_t bounded(int64_t time)
{
    return time < 0 ? 0 : time > LATEST ? LATEST : time;
}

void timeline_axis_bound(struct timeline_axis *axis)
{
    axis->from = bounded(axis->from);
    axis->to = bounded(axis->to);
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
static void draw_tick_labels(const struct timeline_axis *axis, struct canvas *canvas, double base)
{
    double taken = axis->left - 20;
    for (size_t i = 0; i < axis->tick_count; i++) {
        const struct timeline_tick *tick = &axis->ticks[i];
        double half = canvas->text_width(canvas, tick->label, timeline_small_font) / 2;
        double x = timeline_axis_x(axis, tick->time);
        x = x + half > axis->right + 8 ? axis->right + 8 - half : x;
        if (half > 0 && x - half > taken) {
            canvas->text(canvas, x, base, tick->label, timeline_small_font, CANVAS_CENTRE,
                         DRAWING_DARK);
            taken = x + half + 3;
        }
    }
}

static void draw_day_labels(const struct timeline_axis *axis, struct canvas *canvas, double base,
                            struct arena *arena)
{
    double end = axis->right;
    for (size_t i = axis->tick_count; i > 0; i--) { /* from the right: the last day always fits */
        const struct timeline_tick *tick = &axis->ticks[i - 1];
        double x = timeline_axis_x(axis, tick->time);
        double width = canvas->text_width(canvas, tick->day, timeline_name_font);
        x = x + width > axis->right ? axis->right - width : x;
        if (tick->day.size > 0 && x + width <= end) {
            canvas->text(canvas, x, base, tick->day, timeline_name_font, CANVAS_LEFT, DRAWING_DARK);
            end = x - 8;
        }
    }
    struct slice first = presence_words_day(axis->from, axis->zone, arena);
    if (axis->left + canvas->text_width(canvas, first, timeline_name_font) <= end) {
        canvas->text(canvas, axis->left, base, first, timeline_name_font, CANVAS_LEFT,
                     DRAWING_DARK);
    }
}

void timeline_axis_draw(const struct timeline_axis *axis, struct canvas *canvas, double dates,
                        double top, double bottom, struct arena *arena)
{
    char zone[CLOCK_TEXT];
    clock_zone_name(axis->from, axis->zone, zone);
    canvas->text(canvas, axis->zone_x, top - 5, slice_of(zone), timeline_small_font, CANVAS_LEFT,
                 DRAWING_GREY);
    if (axis->days) {
        draw_day_labels(axis, canvas, dates, arena);
    }
    draw_tick_labels(axis, canvas, top - 5);
    draw_grid(axis, canvas, top, bottom);
    struct canvas_pen pen = {DRAWING_LINE, 0.8, 0};
    canvas->line(canvas, axis->left, top, axis->right, top, pen);
    canvas->line(canvas, axis->left, bottom, axis->right, bottom, pen);
    draw_tick_labels(axis, canvas, bottom + 10);
}

/* ---- head and foot of a page ---- */

void timeline_heading_add(struct timeline_heading *heading, struct slice line)
{
    if (line.size > 0 && heading->line_count < TIMELINE_LINES) {
        heading->lines[heading->line_count++] = line;
    }
}

double timeline_heading_height(const struct timeline_heading *heading, size_t page)
{
    return page > 0 ? TIMELINE_RUNNING_HEAD
                    : TIMELINE_TITLE_LINE + (double)heading->line_count * TIMELINE_LINE +
                          TIMELINE_HEADING_GAP;
}

static void draw_running_head(const struct timeline_heading *heading, struct canvas *canvas,
                              double width, struct arena *arena)
{
    struct slice title = canvas_fit(canvas, heading->title, timeline_small_font,
                                    width - 2 * TIMELINE_MARGIN, true, arena);
    canvas->text(canvas, TIMELINE_MARGIN, TIMELINE_MARGIN + 6, title, timeline_small_font,
                 CANVAS_LEFT, DRAWING_GREY);
}

void timeline_heading_draw(const struct timeline_heading *heading, struct canvas *canvas,
                           size_t page, double width, const char *version, struct arena *arena)
{
    if (page > 0) {
        draw_running_head(heading, canvas, width, arena);
        return;
    }
    double right = width - TIMELINE_MARGIN;
    struct slice tool = text_format(arena, "ocsight %s", version);
    double room =
        right - TIMELINE_MARGIN - canvas->text_width(canvas, tool, timeline_small_font) - 16;
    double y = TIMELINE_MARGIN + 11;
    canvas->text(canvas, TIMELINE_MARGIN, y,
                 canvas_fit(canvas, heading->title, timeline_title_font, room, true, arena),
                 timeline_title_font, CANVAS_LEFT, DRAWING_BLACK);
    canvas->text(canvas, right, y, tool, timeline_small_font, CANVAS_RIGHT, DRAWING_GREY);
    y += 15;
    for (size_t i = 0; i < heading->line_count; i++) {
        struct slice line = canvas_fit(canvas, heading->lines[i], timeline_text_font,
                                       right - TIMELINE_MARGIN, false, arena);
        canvas->text(canvas, TIMELINE_MARGIN, y, line, timeline_text_font, CANVAS_LEFT,
                     DRAWING_DARK);
        y += 11;
    }
}

double timeline_foot_draw(struct canvas *canvas, double width, double height, const char *words,
                          size_t page, size_t pages, struct arena *arena)
{
    double y = height - TIMELINE_MARGIN + 4;
    double right = width - TIMELINE_MARGIN;
    struct canvas_pen pen = {DRAWING_PALE, 0.5, 0};
    canvas->line(canvas, TIMELINE_MARGIN, y - 10, right, y - 10, pen);
    canvas->text(canvas, TIMELINE_MARGIN, y, slice_of(words), timeline_small_font, CANVAS_LEFT,
                 DRAWING_GREY);
    canvas->text(canvas, right, y, text_format(arena, "page %zu of %zu", page + 1, pages),
                 timeline_small_font, CANVAS_RIGHT, DRAWING_GREY);
    return y;
}
