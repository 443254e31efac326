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
    struct canvas *canvas;
    struct activity_spots spots[ACTIVITY_TRACKS];
    struct arena arena; /* of one lane */
};

static void put(struct drawing *drawing, double x, double y, struct slice text,
                struct canvas_font font, uint32_t colour)
{
    drawing->canvas->text(drawing->canvas, x, y, text, font, CANVAS_LEFT, colour);
}

static double width_of(struct drawing *drawing, struct slice text, struct canvas_font font)
{
    return drawing->canvas->text_width(drawing->canvas, text, font);
}

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
        struct slice many = text_format(&drawing->arena, "%llu message%s",
                                        (unsigned long long)row->number, text_plural(row->number));
        struct slice who =
            row->person ? text_brief(before_at(row->person->user), 30, &drawing->arena) : many;
        return lane->person ? many : who;
    }
    return lane->person  ? text_brief(row->words, 60, &drawing->arena)
           : row->person ? text_brief(before_at(row->person->user), 30, &drawing->arena)
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
        words =
            canvas_fit(drawing->canvas, words, timeline_small_font, room, false, &drawing->arena);
    }
    if (words.size > 0 && width_of(drawing, words, timeline_small_font) <= room) {
        put(drawing, x, y + 2.5, words, timeline_small_font, DRAWING_DARK);
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
            activity_plate_draw(drawing->canvas, spot->mark, spot->left, spot->right, y, words);
        } else {
            activity_shape_draw(drawing->canvas, spot->mark, spot->first, y);
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
            activity_spots_add(&drawing->spots[activity_track_of(mark)], drawing->canvas,
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
    struct slice number = text_format(&drawing->arena, "%zu", step->people);
    activity_steps_draw(drawing->canvas, step->x, width, step_top(lane, step->people, y), bottom);
    if (width_of(drawing, number, timeline_small_font) + 4 <= width) {
        put(drawing, step->x + 2, bottom - 2, number, timeline_small_font, DRAWING_BLACK);
    }
}

static void draw_steps(struct drawing *drawing, const struct activity_lane *lane, double y)
{
    const struct timeline_axis *axis = &drawing->layout->axis;
    struct canvas_pen base = {DRAWING_LINE, 0.6, 0};
    struct step step = {axis->left, axis->left, 0};
    drawing->canvas->line(drawing->canvas, axis->left, y + ACTIVITY_STEPS, axis->right,
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
    struct slice words = text_brief(row->words, 40, &drawing->arena);
    if (words.size > 0 && x + 3 + width_of(drawing, words, timeline_small_font) <= end - 2) {
        put(drawing, x + 3, y + ACTIVITY_STAY - 2, words, timeline_small_font, DRAWING_GREY);
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
                activity_stay_draw(drawing->canvas, x, width, y, ACTIVITY_STAY, since->told);
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
        activity_stay_draw(drawing->canvas, x, axis->right - x, y, ACTIVITY_STAY, since->told);
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
    struct slice name = canvas_fit(drawing->canvas, lane->name, font, room, true, &drawing->arena);
    put(drawing, x, middle + (two ? -1.6 : 2.9), name, font, DRAWING_BLACK);
    if (two) {
        struct slice about = canvas_fit(drawing->canvas, lane->about, timeline_small_font, room,
                                        false, &drawing->arena);
        put(drawing, x, middle + 8, about, timeline_small_font, DRAWING_GREY);
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
    arena_reset(&drawing->arena);
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
            activity_gap_draw(drawing->canvas, x, sheet->lanes_y, sheet->lanes_end);
            last = x;
        }
    }
}

static void draw_key(struct drawing *drawing, const struct activity_key *key, double y)
{
    struct canvas *canvas = drawing->canvas;
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
    put(drawing, key->x + activity_key_width(key->what), y + 7, key->text, timeline_small_font,
        DRAWING_DARK);
}

static void draw_footer(struct drawing *drawing, size_t sheet)
{
    const struct activity_layout *layout = drawing->layout;
    double y = timeline_foot_draw(drawing->canvas, layout->width, layout->height,
                                  "activity of each chat room, as far as the input tells", sheet,
                                  layout->sheet_count, &drawing->arena);
    double top = y - 11 - (double)layout->key_lines * TIMELINE_LEGEND_LINE - 3;
    for (size_t i = 0; i < layout->key_count; i++) {
        const struct activity_key *key = &layout->keys[i];
        draw_key(drawing, key, top + (double)key->line * TIMELINE_LEGEND_LINE);
    }
}

static void draw_stripes(struct drawing *drawing, const struct activity_sheet *sheet)
{
    const struct activity_layout *layout = drawing->layout;
    double y = sheet->lanes_y;
    for (size_t i = sheet->first; i < sheet->end; i++) {
        if ((i - sheet->first) % 2 == 1) {
            drawing->canvas->box(drawing->canvas, TIMELINE_MARGIN - 4, y,
                                 layout->width - 2 * TIMELINE_MARGIN + 8, layout->lanes[i].height,
                                 0, DRAWING_STRIPE);
        }
        y += layout->lanes[i].height;
    }
}

static void draw_sheet(struct drawing *drawing, size_t number)
{
    const struct activity_layout *layout = drawing->layout;
    const struct activity_sheet *sheet = &layout->sheets[number];
    double y = sheet->lanes_y;
    drawing->canvas->page_begin(drawing->canvas, layout->width, layout->height,
                                drawing_scale(layout->page->style->format, layout->page->scale,
                                              layout->width, layout->height));
    timeline_heading_draw(&layout->heading, drawing->canvas, number, layout->width,
                          layout->page->style->version, &drawing->arena);
    draw_stripes(drawing, sheet);
    if (layout->lane_count > 0) {
        timeline_axis_draw(&layout->axis, drawing->canvas, sheet->axis_y + 5, sheet->lanes_y,
                           sheet->lanes_end, &drawing->arena);
        draw_gaps(drawing, sheet);
    } else {
        put(drawing, TIMELINE_MARGIN, sheet->lanes_y + 12, slice_of("No chat room was found."),
            timeline_name_font, DRAWING_WARNING);
    }
    for (size_t i = sheet->first; i < sheet->end; i++) {
        draw_lane(drawing, &layout->lanes[i], y);
        y += layout->lanes[i].height;
    }
    draw_footer(drawing, number);
    drawing->canvas->page_end(drawing->canvas);
    arena_reset(&drawing->arena);
}

static void draw_outline(struct drawing *drawing)
{
    const struct activity_layout *layout = drawing->layout;
    struct canvas *canvas = drawing->canvas;
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
    struct drawing drawing = {.layout = layout, .canvas = layout->canvas};
    arena_init(&drawing.arena);
    for (size_t i = 0; i < layout->sheet_count; i++) {
        draw_sheet(&drawing, i);
    }
    draw_outline(&drawing);
    for (size_t i = 0; i < ACTIVITY_TRACKS; i++) {
        activity_spots_dispose(&drawing.spots[i]);
    }
    arena_dispose(&drawing.arena);
}
