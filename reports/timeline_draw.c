/*
 * Draws a laid-out timeline. See timeline_draw.h.
 *
 * A band has a colour and, so that the picture can be read without colours, a
 * form of its own: hatched in its own direction, pale when idle, a thin bar for
 * offline, a dashed line where nothing is known; and its name, where it fits.
 */
#include "reports/timeline_draw.h"

#include "reports/canvas_fit.h"
#include "reports/drawing.h"
#include "reports/presence_words.h"
#include "reports/text.h"

/* Changes closer than this are drawn as one, in the band that took most of their time. */
static const double narrowest = 0.6;

struct drawing {
    const struct timeline_layout *layout;
    struct timeline_pen pen; /* its arena: texts of one lane */
};

/* A part of a lane in one band. */
struct bar {
    double x;
    double end;
    enum band band;
    const struct presence_entry *entry; /* for its label; NULL = several changes in one place */
};

/* ---- a bar ---- */

/* The longest of a few wordings that fits; "" when none does. */
static struct slice label_of(struct drawing *drawing, const struct presence_entry *entry,
                             double room)
{
    struct slice title = slice_of(band_title(entry->band));
    struct slice activity = text_brief(entry->activity, 80, &drawing->pen.arena);
    struct slice also =
        presence_words_admitted(entry->admitted, entry->availability, &drawing->pen.arena);
    struct slice both = activity.size > 0 ? text_format(&drawing->pen.arena, "%.*s, %.*s",
                                                        TEXT(title), TEXT(activity))
                                          : title;
    const struct slice words[] = {
        also.size > 0 ? text_format(&drawing->pen.arena, "%.*s (%.*s)", TEXT(both), TEXT(also))
                      : both,
        both,
        activity.size > 0 ? activity : title,
        title,
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (canvas_width(drawing->pen.canvas, words[i], timeline_small_font) <= room) {
            return words[i];
        }
    }
    return slice_of("");
}

static void draw_label(struct drawing *drawing, const struct bar *bar, double y, double height)
{
    double room = bar->end - bar->x - 8;
    if (!bar->entry || bar->band == BAND_UNKNOWN || drawing_band_is_thin(bar->band) || room < 8) {
        return;
    }
    struct slice label = label_of(drawing, bar->entry, room);
    if (label.size == 0) {
        return;
    }
    const struct band_paint *paint = drawing_band(bar->band);
    double base = y + height / 2 + 2.6;
    if (drawing_band_is_hatched(bar->band)) { /* text on lines cannot be read */
        double width = canvas_width(drawing->pen.canvas, label, timeline_small_font);
        drawing->pen.canvas->box(drawing->pen.canvas, bar->x + 2, y + height / 2 - 5, width + 4, 10,
                                 0, paint->fill);
    }
    canvas_put(drawing->pen.canvas, bar->x + 4, base, label, timeline_small_font, paint->text);
}

/* ---- a lane ---- */

static void draw_bar(struct drawing *drawing, const struct bar *bar, double y, double height)
{
    struct canvas_box box = {bar->x, y, bar->end - bar->x, height};
    drawing_band_box(drawing->pen.canvas, bar->band, &box, false);
    draw_label(drawing, bar, y, height);
}

/* A ring below the bar where a state ran out. */
static void draw_timed(struct canvas *canvas, double x, double y)
{
    struct canvas_pen pen = {DRAWING_BLACK, 0.9, 0};
    canvas->box(canvas, x - 2.4, y - 2.4, 4.8, 4.8, 2.4, DRAWING_WHITE);
    canvas->frame(canvas, x - 2.4, y - 2.4, 4.8, 4.8, 2.4, pen);
}

static bool looks_the_same(const struct presence_entry *a, const struct presence_entry *b)
{
    return a->band == b->band && slice_equal(a->activity, b->activity) &&
           a->availability == b->availability;
}

/*
 * Takes entries from `at` on into one bar, as long as they look the same or are too close to
 * tell apart. Returns the first that it left.
 */
static size_t take_bar(const struct timeline_layout *layout, const struct presence_person *person,
                       size_t at, struct bar *bar)
{
    const struct presence_entry *first = &person->timeline[at];
    double spent[BANDS] = {0};
    double longest = -1;
    bool same = true;
    double start = timeline_axis_x(&layout->axis, first->time);
    bar->x = bar->end > start ? bar->end : start;
    bar->end = bar->x;
    bar->band = first->band;
    do {
        const struct presence_entry *entry = &person->timeline[at++];
        double end = at < person->count ? timeline_axis_x(&layout->axis, person->timeline[at].time)
                                        : layout->axis.right;
        double width = end > bar->end ? end - bar->end : 0;
        same = same && looks_the_same(entry, first);
        spent[entry->band] += width;
        bar->end += width;
        bar->entry = width > longest ? entry : bar->entry;
        longest = width > longest ? width : longest;
    } while (at < person->count && (bar->end - bar->x < narrowest ||
                                    (same && looks_the_same(&person->timeline[at], first))));
    for (int band = 0; band < BANDS; band++) {
        bar->band = spent[band] > spent[bar->band] ? (enum band)band : bar->band;
    }
    bar->entry = same ? bar->entry : NULL;
    return at;
}

static void draw_bars(struct drawing *drawing, const struct presence_person *person, double y,
                      double height)
{
    const struct timeline_layout *layout = drawing->layout;
    struct bar bar = {.x = layout->axis.left, .band = BAND_UNKNOWN, .end = layout->axis.right};
    if (person->count > 0) {
        bar.end = timeline_axis_x(&layout->axis, person->timeline[0].time);
    }
    if (bar.end > bar.x) {
        draw_bar(drawing, &bar, y, height);
    }
    for (size_t i = 0; i < person->count;) {
        i = take_bar(layout, person, i, &bar);
        if (bar.end > bar.x) {
            draw_bar(drawing, &bar, y, height);
        }
    }
    double last = -1;
    for (size_t i = 0; i < person->count; i++) {
        const struct presence_entry *entry = &person->timeline[i];
        double x = timeline_axis_x(&layout->axis, entry->time);
        if (entry->timed && entry->since == entry->time && entry->time <= layout->axis.to &&
            x > last + 1) {
            draw_timed(drawing->pen.canvas, x, y + height);
            last = x;
        }
    }
}

/* The name above the address, or in a low lane beside it. */
static void draw_name(struct drawing *drawing, const struct timeline_lane *lane, double y)
{
    const struct timeline_layout *layout = drawing->layout;
    double room = layout->names_width;
    double middle = y + layout->lane_height / 2;
    struct canvas_font font = lane->address.size > 0 ? timeline_name_font : timeline_text_font;
    struct slice name =
        canvas_fit(drawing->pen.canvas, lane->name, font, room, true, &drawing->pen.arena);
    bool low = layout->lane_height < 24;
    bool two = lane->address.size > 0 && !low;
    canvas_put(drawing->pen.canvas, layout->names_x, middle + (two ? -1.6 : 2.9), name, font,
               DRAWING_BLACK);
    if (lane->address.size == 0) {
        return;
    }
    double x = layout->names_x;
    if (low) {
        double taken = canvas_width(drawing->pen.canvas, name, font) + 5;
        x += taken;
        room -= taken;
    }
    struct slice address = canvas_fit(drawing->pen.canvas, lane->address, timeline_small_font, room,
                                      true, &drawing->pen.arena);
    canvas_put(drawing->pen.canvas, x, middle + (two ? 8 : 2.9), address, timeline_small_font,
               DRAWING_GREY);
}

static void draw_lane(struct drawing *drawing, size_t number, double y)
{
    const struct timeline_layout *layout = drawing->layout;
    const struct timeline_lane *lane = &layout->lanes[number];
    double gap = layout->lane_height > 24 ? 5 : 3;
    draw_name(drawing, lane, y);
    draw_bars(drawing, lane->person, y + gap, layout->lane_height - 2 * gap);
    arena_reset(&drawing->pen.arena);
}

/* ---- page furniture ---- */

static void draw_sign(struct canvas *canvas, const struct timeline_key *key, double y)
{
    if (key->what == KEY_TIMED) {
        draw_timed(canvas, key->x + 3, y + 4.5);
    } else {
        struct canvas_box box = {key->x, y, 17, 9};
        drawing_band_box(canvas, (enum band)key->what, &box, false);
    }
}

static void draw_footer(struct drawing *drawing, size_t page)
{
    const struct timeline_layout *layout = drawing->layout;
    double y = timeline_foot_draw(&drawing->pen, layout->width, layout->height,
                                  "presence of each user, as far as the input tells", page,
                                  layout->page_count);
    timeline_legend_draw(&layout->legend, &drawing->pen, y, draw_sign);
}

static void draw_stripes(struct drawing *drawing, const struct timeline_page *page)
{
    const struct timeline_layout *layout = drawing->layout;
    for (size_t i = page->first; i < page->end; i++) {
        if ((i - page->first) % 2 == 1) {
            double y = page->lanes_y + (double)(i - page->first) * layout->lane_height;
            timeline_stripe_draw(&drawing->pen, layout->width, y, layout->lane_height);
        }
    }
}

static void draw_page(struct drawing *drawing, size_t number)
{
    const struct timeline_layout *layout = drawing->layout;
    const struct timeline_page *page = &layout->pages[number];
    double lanes = (double)(page->end - page->first);
    double bottom = page->lanes_y + lanes * layout->lane_height;
    struct canvas *canvas = drawing->pen.canvas;
    canvas->page_begin(canvas, layout->width, layout->height,
                       drawing_scale(layout->source->style->format, layout->source->scale,
                                     layout->width, layout->height));
    timeline_heading_draw(&layout->heading, &drawing->pen, number, layout->width,
                          layout->source->style->version);
    draw_stripes(drawing, page);
    if (layout->lane_count > 0) {
        timeline_axis_draw(&layout->axis, &drawing->pen, page->axis_y + 5, page->lanes_y, bottom);
    } else {
        canvas_put(drawing->pen.canvas, TIMELINE_MARGIN, page->lanes_y + 12,
                   slice_of("Nothing is known of any user's presence."), timeline_name_font,
                   DRAWING_WARNING);
    }
    for (size_t i = page->first; i < page->end; i++) {
        draw_lane(drawing, i, page->lanes_y + (double)(i - page->first) * layout->lane_height);
    }
    draw_footer(drawing, number);
    canvas->page_end(canvas);
    arena_reset(&drawing->pen.arena);
}

static void draw_outline(struct drawing *drawing)
{
    const struct timeline_layout *layout = drawing->layout;
    struct canvas *canvas = drawing->pen.canvas;
    for (size_t i = 0; i < layout->page_count; i++) {
        const struct timeline_page *page = &layout->pages[i];
        for (size_t j = page->first; j < page->end; j++) {
            double y = page->lanes_y + (double)(j - page->first) * layout->lane_height;
            if (j == 0) {
                canvas->outline(canvas, 0, slice_of("Users"), 1, y);
            }
            canvas->outline(canvas, 1, layout->lanes[j].name, (unsigned)(i + 1), y);
        }
    }
}

void timeline_draw(const struct timeline_layout *layout)
{
    struct drawing drawing = {.layout = layout, .pen = {.canvas = layout->canvas}};
    arena_init(&drawing.pen.arena);
    for (size_t i = 0; i < layout->page_count; i++) {
        draw_page(&drawing, i);
    }
    draw_outline(&drawing);
    arena_dispose(&drawing.pen.arena);
}
