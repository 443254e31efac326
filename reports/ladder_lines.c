/*
 * The lanes of a page. See ladder_lines.h.
 *
 * A lane with strips has a rail instead of a line: empty where nothing is known of its user, and
 * filled in the colour and the form of the band where something is. Rails and strips go on where
 * nothing is sent for a while; plain lines are dashed there.
 */
#include "reports/ladder_lines.h"

/* The middle of a presence row, where one band ends and the next begins. */
static const double turn = 7.4;

/* What is left free between two strips of one lane. */
static const double between = 1.2;

/* The page that is drawn: how far each strip is. */
struct page_strips {
    struct ladder_lines *lines;
    struct ladder_pen *pen;
    double top;
    double bottom;
    double done[LADDER_LANES][LADDER_SLOTS];
};

void ladder_lines_begin(struct ladder_lines *lines, const struct ladder_model *model)
{
    *lines = (struct ladder_lines){0};
    for (; lines->next < model->part_count; lines->next++) {
        const struct ladder_part *part = &model->parts[lines->next];
        if (part->first != SIZE_MAX) {
            break;
        }
        lines->live[part->lane][part->slot] = part;
    }
}

/* ---- plain lines ---- */

static void draw_plain_lines(struct ladder_pen *pen, double from, double to, double dash)
{
    const struct ladder_layout *layout = pen->layout;
    struct canvas_pen line = {DRAWING_LINE, 0.8, dash};
    for (size_t i = 0; to > from && i < layout->model->lane_count; i++) {
        if (layout->slots[i] == 0) {
            double x = layout->lane_x[i];
            pen->canvas->line(pen->canvas, x, from, x, to, line);
        }
    }
}

/* Dashed where nothing is sent for a while. */
static void draw_lines(struct ladder_pen *pen, const struct ladder_page *page, double top,
                       double bottom)
{
    double from = top;
    for (size_t i = page->first; i < page->end; i++) {
        const struct ladder_spot *spot = &pen->layout->spots[i];
        if (spot->kind == SPOT_IDLE) {
            draw_plain_lines(pen, from, spot->y + 1, 0);
            draw_plain_lines(pen, spot->y + 1, spot->y + spot->height - 1, 2);
            from = spot->y + spot->height - 1;
        }
    }
    draw_plain_lines(pen, from, bottom, 0);
}

/* ---- strips ---- */

static void draw_until(struct page_strips *strips, unsigned lane, unsigned slot, enum band band,
                       double y)
{
    const struct ladder_layout *layout = strips->pen->layout;
    double from = strips->done[lane][slot];
    double middle = ladder_layout_strip(layout, lane, slot);
    double width = layout->strip_width - (layout->slots[lane] > 1 ? between : 0);
    struct canvas_box box = {middle - width / 2, from, width, y - from};
    if (box.height > 0) {
        drawing_band_box(strips->pen->canvas, band, &box, true);
        strips->done[lane][slot] = y;
    }
}

static double turn_of(const struct page_strips *strips, size_t row)
{
    const struct ladder_spot *spot = ladder_layout_row(strips->pen->layout, row);
    return spot ? spot->y + turn : strips->bottom;
}

/* What is drawn of a strip up to a place where something else begins. */
static void close_part(struct page_strips *strips, unsigned lane, unsigned slot, size_t until,
                       double y)
{
    const struct ladder_part *part = strips->lines->live[lane][slot];
    if (part && part->end < until) {
        draw_until(strips, lane, slot, (enum band)part->band, turn_of(strips, part->end));
        strips->lines->live[lane][slot] = NULL;
        part = NULL;
    }
    draw_until(strips, lane, slot, part ? (enum band)part->band : BAND_UNKNOWN, y);
}

static size_t last_row(const struct ladder_layout *layout, const struct ladder_page *page)
{
    for (size_t i = page->end; i > page->first; i--) {
        if (layout->spots[i - 1].kind == SPOT_ROW) {
            return layout->spots[i - 1].index;
        }
    }
    return SIZE_MAX;
}

static void draw_strips(struct page_strips *strips, size_t last)
{
    const struct ladder_model *model = strips->pen->layout->model;
    struct ladder_lines *lines = strips->lines;
    for (; lines->next < model->part_count; lines->next++) {
        const struct ladder_part *part = &model->parts[lines->next];
        if (last == SIZE_MAX || part->first > last) {
            break;
        }
        close_part(strips, part->lane, part->slot, part->first, turn_of(strips, part->first));
        lines->live[part->lane][part->slot] = part;
    }
    size_t until = last == SIZE_MAX ? 0 : last + 1;
    for (unsigned lane = 0; lane < model->lane_count; lane++) {
        for (unsigned slot = 0; slot < strips->pen->layout->slots[lane]; slot++) {
            close_part(strips, lane, slot, until, strips->bottom);
        }
    }
}

void ladder_lines_draw(struct ladder_lines *lines, struct ladder_pen *pen,
                       const struct ladder_page *page)
{
    const struct ladder_layout *layout = pen->layout;
    bool ends = layout->row_spots <= page->end;
    struct page_strips strips = {
        .lines = lines,
        .pen = pen,
        .top = page->top + layout->head_height - 6,
        .bottom = page->rows_end + (ends ? 8 : 4),
    };
    for (size_t lane = 0; lane < layout->model->lane_count; lane++) {
        for (size_t slot = 0; slot < LADDER_SLOTS; slot++) {
            strips.done[lane][slot] = strips.top;
        }
    }
    draw_lines(pen, page, strips.top, strips.bottom);
    draw_strips(&strips, last_row(layout, page));
}
