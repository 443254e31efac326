/*
 * What stands on every page around the rows. See ladder_furniture.h.
 */
#include "reports/ladder_furniture.h"

#include "reports/canvas_fit.h"
#include "reports/text.h"

enum { STAMP_HEADS, STAMP_LEGEND };
enum { BOX = 27, BOX_PAD = 14, LEAST_BOX = 56, HEAD_GAP = 6, LEAST_ADDRESS = 24 };

/* ---- above ---- */

static void draw_title_block(struct ladder_pen *pen)
{
    const struct ladder_title *title = &pen->layout->title;
    for (size_t i = 0; i < title->count; i++) {
        const struct ladder_words *words = &title->texts[i];
        pen->canvas->text(pen->canvas, words->x, words->y, words->text, words->font, words->align,
                          words->colour);
    }
}

/* The day on which a page of rows begins; its rows say only the time of day. */
static struct slice page_date(struct ladder_pen *pen, size_t number)
{
    enum { DAY = 10 };
    const struct ladder_layout *layout = pen->layout;
    char date[CLOCK_TEXT];
    if (number >= layout->page_count) {
        return slice_of("");
    }
    const struct ladder_page *page = &layout->pages[number];
    for (size_t i = page->first; i < page->end && i < layout->row_spots; i++) {
        int64_t time = layout->model->rows[layout->spots[i].index].time;
        if (layout->spots[i].kind == SPOT_ROW && time != TIME_NONE) {
            clock_date(time, &layout->style->zone, date);
            return arena_keep(&pen->arena, slice_sub(slice_of(date), 0, DAY));
        }
    }
    return slice_of("");
}

void ladder_furniture_top(struct ladder_pen *pen, size_t page, double width)
{
    if (page == 0) {
        draw_title_block(pen);
        return;
    }
    double y = LADDER_MARGIN + 6;
    struct slice date = page_date(pen, page);
    double room =
        width - 2 * LADDER_MARGIN - canvas_width(pen->canvas, date, ladder_small_font) - 12;
    struct slice title = canvas_fit(pen->canvas, pen->layout->title.name, ladder_small_font, room,
                                    true, &pen->arena);
    canvas_put(pen->canvas, LADDER_MARGIN, y, title, ladder_small_font, DRAWING_GREY);
    canvas_put_right(pen->canvas, width - LADDER_MARGIN, y, date, ladder_small_font, DRAWING_GREY);
}

/* ---- heads ---- */

static double widest_of(struct ladder_pen *pen, const struct ladder_lane *lane)
{
    double name = canvas_width(pen->canvas, lane->name, ladder_head_font);
    double role = canvas_width(pen->canvas, lane->role, ladder_small_font);
    double address = canvas_width(pen->canvas, lane->address, ladder_small_font);
    double width = name > role ? name : role;
    return width > address ? width : address;
}

/* A text in the middle of a head: in smaller letters where it does not fit, then shortened. */
static void put_in_box(struct ladder_pen *pen, double x, double base, struct slice text,
                       struct canvas_font font, double room, uint32_t colour)
{
    static const double smaller = 0.5; /* points */
    static const double least = 0.75;  /* of the letters as they were */
    double end = font.size * least;
    while (font.size - smaller >= end && canvas_width(pen->canvas, text, font) > room) {
        font.size -= smaller;
    }
    text = canvas_fit(pen->canvas, text, font, room, true, &pen->arena);
    canvas_put_centred(pen->canvas, x, base, text, font, colour);
}

/* Name, role and address, one below the other; those that there are, in the middle. */
static void draw_box_head(struct ladder_pen *pen, const struct ladder_lane *lane, double x,
                          double top)
{
    struct canvas *canvas = pen->canvas;
    double most = pen->layout->pitch - 6;
    double height = BOX + (pen->layout->roles ? LADDER_ROLE_LINE : 0);
    double used =
        17 + (lane->role.size > 0 ? LADDER_ROLE_LINE : 0) + (lane->address.size > 0 ? 10 : 0);
    double width = widest_of(pen, lane) + BOX_PAD;
    width = width < LEAST_BOX ? LEAST_BOX : width;
    width = width > most ? most : width;
    struct canvas_pen frame = {DRAWING_LINE, 0.7, 0};
    canvas->box(canvas, x - width / 2, top, width, height, 4, PEN_HEAD_FILL);
    canvas->frame(canvas, x - width / 2, top, width, height, 4, frame);
    double room = width - 5;
    double base = top + (height - used) / 2 + 11.5;
    put_in_box(pen, x, base, lane->name, ladder_head_font, room, DRAWING_BLACK);
    put_in_box(pen, x, base + 9.5, lane->role, ladder_small_font, room, DRAWING_GREY);
    base += lane->role.size > 0 ? LADDER_ROLE_LINE : 0;
    put_in_box(pen, x, base + 10, lane->address, ladder_small_font, room, DRAWING_DARK);
}

/* Name and the rest: below each other where lanes have room for it, else behind each other. */
static void draw_upright_head(struct ladder_pen *pen, const struct ladder_lane *lane, double x,
                              double top)
{
    const struct ladder_layout *layout = pen->layout;
    struct canvas *canvas = pen->canvas;
    double room = layout->head_height - HEAD_GAP - 4;
    double base = top + layout->head_height - HEAD_GAP - 2;
    double breadth = layout->pitch - 3 > 22 ? 22 : layout->pitch - 3;
    struct slice beside = ladder_layout_beside(lane, &pen->arena);
    bool two = breadth >= 19 && beside.size > 0;
    canvas->box(canvas, x - breadth / 2, top, breadth, layout->head_height - HEAD_GAP, 3,
                PEN_HEAD_FILL);
    struct slice name =
        canvas_fit(pen->canvas, lane->name, ladder_bold_font, room, true, &pen->arena);
    canvas->text_up(canvas, two ? x - 1 : x + 2.9, base, name, ladder_bold_font, DRAWING_BLACK);
    if (!two) {
        base -= canvas_width(pen->canvas, name, ladder_bold_font) + LADDER_UPRIGHT_GAP;
        room = base - top - 3;
    }
    if (two || room >= LEAST_ADDRESS) {
        beside = canvas_fit(pen->canvas, beside, ladder_small_font, room, true, &pen->arena);
        canvas->text_up(canvas, two ? x + 8 : x + 2.6, base, beside, ladder_small_font,
                        DRAWING_DARK);
    }
}

static void draw_column_heads(struct ladder_pen *pen, double base)
{
    const struct ladder_layout *layout = pen->layout;
    canvas_put(pen->canvas, layout->time_x, base, slice_of(layout->zone), ladder_small_font,
               DRAWING_GREY);
    canvas_put_right(pen->canvas, layout->record_right, base, slice_of("packet"), ladder_small_font,
                     DRAWING_GREY);
    if (layout->step_width > 0) {
        struct slice text = canvas_fit(pen->canvas, slice_of("call flow"), ladder_small_font,
                                       layout->step_width, false, &pen->arena);
        canvas_put(pen->canvas, layout->step_x, base, text, ladder_small_font, DRAWING_GREY);
    }
}

static void draw_heads(struct ladder_pen *pen, double top)
{
    const struct ladder_layout *layout = pen->layout;
    for (size_t i = 0; i < layout->model->lane_count; i++) {
        const struct ladder_lane *lane = &layout->model->lanes[i];
        if (layout->heads_up) {
            draw_upright_head(pen, lane, layout->lane_x[i], top);
        } else {
            draw_box_head(pen, lane, layout->lane_x[i], top);
        }
    }
    draw_column_heads(pen, top + layout->head_height - HEAD_GAP - 2);
}

void ladder_furniture_heads(struct ladder_pen *pen, double top)
{
    const double edge = 1; /* half of a frame's line is above the top */
    const struct ladder_layout *layout = pen->layout;
    struct canvas_box box = {0, top - edge, layout->width, edge + layout->head_height};
    if (pen->canvas->stamp_begin(pen->canvas, STAMP_HEADS, &box)) {
        draw_heads(pen, edge);
        pen->canvas->stamp_end(pen->canvas);
    }
}

/* ---- below ---- */

void ladder_furniture_foot(struct ladder_pen *pen, size_t page, double width, double height,
                           bool legend)
{
    const struct ladder_layout *layout = pen->layout;
    double top = height - LADDER_MARGIN - layout->legend.height + 2;
    double right = width - LADDER_MARGIN;
    struct canvas_pen line = {DRAWING_PALE, 0.5, 0};
    struct slice number = text_format(&pen->arena, "page %zu of %zu", page + 1,
                                      layout->page_count + layout->leaf_pages);
    pen->canvas->line(pen->canvas, LADDER_MARGIN, top - 4, right, top - 4, line);
    struct canvas_box box = {0, top, width, layout->legend.height};
    if (legend && pen->canvas->stamp_begin(pen->canvas, STAMP_LEGEND, &box)) {
        ladder_legend_draw(&layout->legend, pen->canvas, 0);
        pen->canvas->stamp_end(pen->canvas);
    }
    canvas_put_right(pen->canvas, right, top + 6.6, number, ladder_small_font, DRAWING_GREY);
}
