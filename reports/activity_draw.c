/*
 * Draws laid-out room activity. See activity_draw.h.
 *
 * A room's lane has, from above: what was found and fetched, the posts, those that did not get
 * through, and a stepped area of how many were there. With one room picked each of its people has
 * a lane: a bar from coming to going, and the posts.
 */
#include "reports/activity_draw.h"

#include "reports/activity_shapes.h"
#include "reports/canvas_fit.h"
#include "reports/drawing.h"
#include "reports/text.h"

/* Changes closer than this are drawn as one. */
static const double narrowest = 0.6;

/* Room that is worth a shortened text. */
static const double shortest = 30;

struct drawing {
    const struct activity_layout *layout;
    struct timeline_pen pen; /* its arena: texts of one lane */
    struct activity_spots spots[ACTIVITY_TRACKS];
};

static double x_of(const struct drawing *drawing, int64_t time)
{
    return timeline_axis_x(&drawing->layout->axis, time);
}

/* ---- marks ---- */

static struct slice before_at(struct slice user)
{
    size_t at = slice_find_byte(user, '@');
    return at == SLICE_NONE || at == 0 ? user : slice_sub(user, 0, at);
}

/* What a mark says beside itself: who posted; in a lane of that person, what. */
static struct slice caption_of(struct drawing *drawing, const struct activity_lane *lane,
                               const struct activity_spot *spot)
{
    const struct activity *row = spot->row;
    if (spot->count > 1) {
        return slice_of("");
    }
    if (row->kind == ACTIVITY_FINDING) {
        return slice_of(row->rule);
    }
    if (row->kind == ACTIVITY_FETCHED) {
        struct slice many = text_format(&drawing->pen.arena, "%llu message%s",
                                        (unsigned long long)row->number, text_plural(row->number));
        struct slice who =
            row->person ? text_brief(before_at(row->person->user), 30, &drawing->pen.arena) : many;
        return lane->person ? many : who;
    }
    return lane->person  ? text_brief(row->words, 60, &drawing->pen.arena)
           : row->person ? text_brief(before_at(row->person->user), 30, &drawing->pen.arena)
                         : slice_of("");
}

/* Whole where there is room, shortened where some of it can be read. */
static void draw_caption(struct drawing *drawing, const struct activity_lane *lane,
                         const struct activity_spot *spot, double end, double y)
{
    double x = spot->right + 2;
    double room = end - x - 2;
    if (room < 4) {
        return;
    }
    struct slice words = caption_of(drawing, lane, spot);
    if (room >= shortest) {
        words = canvas_fit(drawing->pen.canvas, words, timeline_small_font, room, false,
                           &drawing->pen.arena);
    }
    if (words.size > 0 && canvas_width(drawing->pen.canvas, words, timeline_small_font) <= room) {
        canvas_put(drawing->pen.canvas, x, y + 2.5, words, timeline_small_font, DRAWING_DARK);
    }
}

static void draw_track(struct drawing *drawing, const struct activity_lane *lane,
                       const struct activity_spots *spots, double y)
{
    char text[24];
    for (size_t i = 0; i < spots->count; i++) {
        const struct activity_spot *spot = &spots->spots[i];
        double end = i + 1 < spots->count ? spots->spots[i + 1].left : drawing->layout->axis.right;
        struct slice words = activity_spot_text(spot, text);
        if (words.size > 0) {
            activity_plate_draw(drawing->pen.canvas, spot->mark, spot->left, spot->right, y, words);
        } else {
            activity_shape_draw(drawing->pen.canvas, spot->mark, spot->first, y);
        }
        draw_caption(drawing, lane, spot, end, y);
    }
}

/* Returns where the rest of the lane begins. */
static double draw_marks(struct drawing *drawing, const struct activity_lane *lane, double y)
{
    const struct activity_layout *layout = drawing->layout;
    enum activity_mark mark;
    for (size_t i = 0; i < ACTIVITY_TRACKS; i++) {
        activity_spots_clear(&drawing->spots[i]);
    }
    for (const struct activity *row = activity_lane_first(lane); row;
         row = activity_lane_next(lane, row)) {
        if (activity_layout_mark(layout, lane, row, &mark)) {
            activity_spots_add(&drawing->spots[activity_track_of(mark)], drawing->pen.canvas,
                               x_of(drawing, row->time), mark, row);
        }
    }
    for (size_t i = 0; i < ACTIVITY_TRACKS; i++) {
        if (lane->tracks[i]) {
            draw_track(drawing, lane, &drawing->spots[i], y + ACTIVITY_TRACK / 2.0);
            y += ACTIVITY_TRACK;
        }
    }
    return y;
}

/* ---- how many are there ---- */

struct step {
    double x;
    double end;
    size_t people;
};

/* One person is as high as a number; more share what is left. */
static double step_top(const struct activity_lane *lane, size_t people, double y)
{
    double bottom = y + ACTIVITY_STEPS;
    double lowest = 10;
    if (people == 0) {
        return bottom;
    }
    size_t more = lane->room->most > 1 ? lane->room->most - 1 : 1;
    double part = lane->room->most > 1 ? (double)(people - 1) / (double)more : 0;
    return bottom - lowest - part * (ACTIVITY_STEPS - lowest);
}

static void draw_step(struct drawing *drawing, const struct activity_lane *lane,
                      const struct step *step, double y)
{
    double bottom = y + ACTIVITY_STEPS;
    double width = step->end - step->x;
    if (width <= 0 || step->people == 0) {
        return;
    }
    struct slice number = text_format(&drawing->pen.arena, "%zu", step->people);
    activity_steps_draw(drawing->pen.canvas, step->x, width, step_top(lane, step->people, y),
                        bottom);
    if (canvas_width(drawing->pen.canvas, number, timeline_small_font) + 4 <= width) {
        canvas_put(drawing->pen.canvas, step->x + 2, bottom - 2, number, timeline_small_font,
                   DRAWING_BLACK);
    }
}

static void draw_steps(struct drawing *drawing, const struct activity_lane *lane, double y)
{
    const struct timeline_axis *axis = &drawing->layout->axis;
    struct canvas_pen base = {DRAWING_LINE, 0.6, 0};
    struct step step = {axis->left, axis->left, 0};
    drawing->pen.canvas->line(drawing->pen.canvas, axis->left, y + ACTIVITY_STEPS, axis->right,
                              y + ACTIVITY_STEPS, base);
    for (const struct activity *row = lane->room->first; row && row->time <= axis->to;
         row = row->next) {
        double x = x_of(drawing, row->time);
        if (row->there == step.people) {
            continue;
        }
        if (x - step.x >= narrowest) {
            step.end = x;
            draw_step(drawing, lane, &step, y);
            step.x = x;
        }
        step.people = row->there;
    }
    step.end = axis->right;
    draw_step(drawing, lane, &step, y);
}

/* ---- one of the people ---- */

/* Why it ended stands behind the bar, up to where the next begins. */
static void draw_reason(struct drawing *drawing, const struct activity *row, double x, double y)
{
    const struct activity *next = row->next_of_one;
    double end = drawing->layout->axis.right;
    while (next && next->kind != ACTIVITY_ENTERED && next->kind != ACTIVITY_LISTED) {
        next = next->next_of_one;
    }
    end = next ? x_of(drawing, next->time) : end;
    struct slice words = text_brief(row->words, 40, &drawing->pen.arena);
    if (words.size > 0 &&
        x + 3 + canvas_width(drawing->pen.canvas, words, timeline_small_font) <= end - 2) {
        canvas_put(drawing->pen.canvas, x + 3, y + ACTIVITY_STAY - 2, words, timeline_small_font,
                   DRAWING_GREY);
    }
}

static void draw_stays(struct drawing *drawing, const struct activity_person *person, double y)
{
    const struct timeline_axis *axis = &drawing->layout->axis;
    double drawn = axis->left - 1;
    const struct activity *since = NULL;
    for (const struct activity *row = person->first; row; row = row->next_of_one) {
        bool in = row->kind == ACTIVITY_ENTERED || row->kind == ACTIVITY_LISTED;
        if (in) {
            since = row;
        } else if (row->kind == ACTIVITY_LEFT && since) {
            double x = x_of(drawing, since->time);
            double end = x_of(drawing, row->time);
            if (row->time >= axis->from && since->time <= axis->to && end > drawn + narrowest) {
                double width = end - x > narrowest ? end - x : narrowest;
                activity_stay_draw(drawing->pen.canvas, x, width, y, ACTIVITY_STAY, since->told);
                drawn = end;
                if (row->time <= axis->to) {
                    draw_reason(drawing, row, end, y);
                }
            }
            since = NULL;
        }
    }
    if (since && since->time <= axis->to) {
        double x = x_of(drawing, since->time);
        activity_stay_draw(drawing->pen.canvas, x, axis->right - x, y, ACTIVITY_STAY, since->told);
    }
}

/* ---- lanes ---- */

static void draw_name(struct drawing *drawing, const struct activity_lane *lane, double y)
{
    const struct activity_layout *layout = drawing->layout;
    bool two = lane->about.size > 0 && lane->height >= 24;
    double middle = y + lane->height / 2;
    double x = layout->names_x + (lane->person ? ACTIVITY_INDENT : 0);
    double room = layout->names_width - (lane->person ? ACTIVITY_INDENT : 0);
    struct canvas_font font = lane->person ? timeline_text_font : timeline_name_font;
    struct slice name =
        canvas_fit(drawing->pen.canvas, lane->name, font, room, true, &drawing->pen.arena);
    canvas_put(drawing->pen.canvas, x, middle + (two ? -1.6 : 2.9), name, font, DRAWING_BLACK);
    if (two) {
        struct slice about = canvas_fit(drawing->pen.canvas, lane->about, timeline_small_font, room,
                                        false, &drawing->pen.arena);
        canvas_put(drawing->pen.canvas, x, middle + 8, about, timeline_small_font, DRAWING_GREY);
    }
}

static void draw_lane(struct drawing *drawing, const struct activity_lane *lane, double y)
{
    draw_name(drawing, lane, y);
    double rest = draw_marks(drawing, lane, y + ACTIVITY_GAP_ABOVE);
    if (lane->person) {
        draw_stays(drawing, lane->person, rest);
    } else {
        draw_steps(drawing, lane, rest);
    }
    arena_reset(&drawing->pen.arena);
}

/* ---- pages ---- */

static void draw_gaps(struct drawing *drawing, const struct activity_sheet *sheet)
{
    const struct activity_layout *layout = drawing->layout;
    double last = -1;
    for (size_t i = 0; i < layout->page->model->count; i++) {
        const struct activity *row = layout->page->model->rows[i];
        double x = x_of(drawing, row->time);
        if (row->kind == ACTIVITY_GAP && row->time >= layout->axis.from &&
            row->time <= layout->axis.to && x > last + 2) {
            activity_gap_draw(drawing->pen.canvas, x, sheet->lanes_y, sheet->lanes_end);
            last = x;
        }
    }
}

static void draw_sign(struct canvas *canvas, const struct timeline_key *key, double y)
{
    if (key->what == KEY_PEOPLE) {
        activity_steps_draw(canvas, key->x, 17, y + 1, y + 9);
    } else if (key->what == KEY_STAY || key->what == KEY_TOLD) {
        activity_stay_draw(canvas, key->x, 17, y, 9, key->what == KEY_TOLD);
    } else if (key->what == KEY_MANY) {
        activity_plate_draw(canvas, MARK_HISTORY, key->x, key->x + 9, y + 4.5, slice_of("2"));
    } else if (key->what == KEY_GAP) {
        activity_gap_draw(canvas, key->x + 4, y - 1, y + 10);
    } else {
        activity_shape_draw(canvas, (enum activity_mark)key->what, key->x + 4, y + 4.5);
    }
}

static void draw_footer(struct drawing *drawing, size_t sheet)
{
    const struct activity_layout *layout = drawing->layout;
    double y = timeline_foot_draw(&drawing->pen, layout->width, layout->height,
                                  "activity of each chat room, as far as the input tells", sheet,
                                  layout->sheet_count);
    timeline_legend_draw(&layout->legend, &drawing->pen, y, draw_sign);
}

static void draw_stripes(struct drawing *drawing, const struct activity_sheet *sheet)
{
    const struct activity_layout *layout = drawing->layout;
    double y = sheet->lanes_y;
    for (size_t i = sheet->first; i < sheet->end; i++) {
        if ((i - sheet->first) % 2 == 1) {
            timeline_stripe_draw(&drawing->pen, layout->width, y, layout->lanes[i].height);
        }
        y += layout->lanes[i].height;
    }
}

static void draw_sheet(struct drawing *drawing, size_t number)
{
    const struct activity_layout *layout = drawing->layout;
    const struct activity_sheet *sheet = &layout->sheets[number];
    struct canvas *canvas = drawing->pen.canvas;
    double y = sheet->lanes_y;
    canvas->page_begin(canvas, layout->width, layout->height,
                       drawing_scale(layout->page->style->format, layout->page->scale,
                                     layout->width, layout->height));
    timeline_heading_draw(&layout->heading, &drawing->pen, number, layout->width,
                          layout->page->style->version);
    draw_stripes(drawing, sheet);
    if (layout->lane_count > 0) {
        timeline_axis_draw(&layout->axis, &drawing->pen, sheet->axis_y + 5, sheet->lanes_y,
                           sheet->lanes_end);
        draw_gaps(drawing, sheet);
    } else {
        canvas_put(drawing->pen.canvas, TIMELINE_MARGIN, sheet->lanes_y + 12,
                   slice_of("No chat room was found."), timeline_name_font, DRAWING_WARNING);
    }
    for (size_t i = sheet->first; i < sheet->end; i++) {
        draw_lane(drawing, &layout->lanes[i], y);
        y += layout->lanes[i].height;
    }
    draw_footer(drawing, number);
    canvas->page_end(canvas);
    arena_reset(&drawing->pen.arena);
}

static void draw_outline(struct drawing *drawing)
{
    const struct activity_layout *layout = drawing->layout;
    struct canvas *canvas = drawing->pen.canvas;
    for (size_t i = 0; i < layout->sheet_count; i++) {
        const struct activity_sheet *sheet = &layout->sheets[i];
        double y = sheet->lanes_y;
        for (size_t j = sheet->first; j < sheet->end; j++) {
            const struct activity_lane *lane = &layout->lanes[j];
            if (j == 0) {
                canvas->outline(canvas, 0, slice_of("Rooms"), 1, y);
            }
            canvas->outline(canvas, lane->person ? 2 : 1, lane->name, (unsigned)(i + 1), y);
            y += lane->height;
        }
    }
}

void activity_draw(const struct activity_layout *layout)
{
    struct drawing drawing = {.layout = layout, .pen = {.canvas = layout->canvas}};
    arena_init(&drawing.pen.arena);
    for (size_t i = 0; i < layout->sheet_count; i++) {
        draw_sheet(&drawing, i);
    }
    draw_outline(&drawing);
    for (size_t i = 0; i < ACTIVITY_TRACKS; i++) {
        activity_spots_dispose(&drawing.spots[i]);
    }
    arena_dispose(&drawing.pen.arena);
}
