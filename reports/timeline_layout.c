/*
 * Where everything of a timeline goes. See timeline_layout.h.
 */
#include "reports/timeline_layout.h"

#include <inttypes.h>
#include <stdlib.h>

#include "reports/canvas_fit.h"
#include "reports/drawing.h"
#include "reports/text.h"

/* clang-format off */
enum {
    TALL_LANE = 34, MIDDLE_LANE = 26, LOW_LANE = 19, /* for a few, a page full, many */
    FEW = 8, PAGE_FULL = 14,
    NAME_GAP = 10, WIDEST_NAMES = 190, NARROWEST_NAMES = 70,
    BAND_SWATCH = 22, MARK_SWATCH = 9, KEY_GAP = 14 /* of the legend */
};
/* clang-format on */

/* ---- the range ---- */

/* What was asked for, else all that was captured and every change. */
static void choose_range(struct timeline_layout *layout)
{
    const struct timeline_source *source = layout->source;
    const struct presence_query *query = &source->model->query;
    timeline_axis_begin(&layout->axis, source->summary);
    for (size_t i = 0; i < source->count; i++) {
        for (size_t j = 0; j < source->people[i]->count; j++) {
            timeline_axis_widen(&layout->axis, source->people[i]->timeline[j].time);
        }
    }
    timeline_axis_settle(&layout->axis, query->from, presence_query_end(query));
}

/* ---- lanes ---- */

/* Users of whom nothing is known have no lane, unless they were named. */
static void choose_lanes(struct timeline_layout *layout)
{
    const struct timeline_source *source = layout->source;
    layout->lanes = memory_zero(source->count, sizeof *layout->lanes);
    for (size_t i = 0; i < source->count; i++) {
        const struct presence_person *person = source->people[i];
        if (person->count == 0 && !person->asked) {
            layout->unknown++;
            continue;
        }
        struct timeline_lane *lane = &layout->lanes[layout->lane_count++];
        struct slice user = text_brief(person->user, 100, &layout->arena);
        lane->person = person;
        lane->name = person->name.size > 0 ? text_brief(person->name, 60, &layout->arena) : user;
        lane->address = person->name.size > 0 ? user : slice_of("");
    }
}

static void choose_columns(struct timeline_layout *layout)
{
    struct canvas *canvas = layout->canvas;
    double widest = NARROWEST_NAMES;
    bool one_line = layout->lane_height < MIDDLE_LANE;
    for (size_t i = 0; i < layout->lane_count; i++) {
        const struct timeline_lane *lane = &layout->lanes[i];
        double name = canvas->text_width(canvas, lane->name, timeline_name_font);
        double address = canvas->text_width(canvas, lane->address, timeline_small_font);
        double both = lane->address.size == 0 ? name
                      : one_line              ? name + 5 + address
                      : name > address        ? name
                                              : address;
        widest = both > widest ? both : widest;
    }
    layout->names_x = TIMELINE_MARGIN;
    layout->axis.zone_x = layout->names_x;
    layout->names_width = widest > WIDEST_NAMES ? WIDEST_NAMES : widest;
    layout->axis.left = layout->names_x + layout->names_width + NAME_GAP;
    layout->axis.right = layout->width - TIMELINE_MARGIN;
}

/* ---- the legend ---- */

static bool is_drawn(const struct presence_entry *entry, const struct timeline_layout *layout)
{
    return entry->time <= layout->axis.to;
}

/* Only what can be seen in the picture is explained. */
static void choose_legend(struct timeline_layout *layout)
{
    bool used[BANDS] = {false};
    bool timed = false;
    for (size_t i = 0; i < layout->lane_count; i++) {
        const struct presence_person *person = layout->lanes[i].person;
        double known = person->count > 0 ? timeline_axis_x(&layout->axis, person->timeline[0].time)
                                         : layout->axis.right;
        used[BAND_UNKNOWN] = used[BAND_UNKNOWN] || known > layout->axis.left + 1;
        for (size_t j = 0; j < person->count && is_drawn(&person->timeline[j], layout); j++) {
            used[person->timeline[j].band] = true;
            timed = timed || person->timeline[j].timed;
        }
    }
    for (int band = BAND_UNDEFINED; band <= BANDS; band++) {
        enum band shown = band == BANDS ? BAND_UNKNOWN : (enum band)band;
        if (used[shown]) {
            timeline_legend_add(&layout->legend, (int)shown, BAND_SWATCH,
                                shown == BAND_UNKNOWN ? "Not known" : band_title(shown));
        }
    }
    if (timed) {
        timeline_legend_add(&layout->legend, KEY_TIMED, MARK_SWATCH, "ran out: no packet shows it");
    }
    timeline_legend_place(&layout->legend, layout->canvas, layout->width, KEY_GAP);
}

/* ---- the heading ---- */

static struct slice counts_line(struct timeline_layout *layout)
{
    uint64_t changes = 0;
    struct arena *arena = &layout->arena;
    for (size_t i = 0; i < layout->lane_count; i++) {
        changes += layout->lanes[i].person->count;
    }
    struct slice text = text_format(arena, "%zu user%s, %" PRIu64 " change%s", layout->lane_count,
                                    text_plural(layout->lane_count), changes, text_plural(changes));
    if (layout->unknown > 0) {
        text = text_format(arena, "%.*s; %zu more user%s of whom nothing is known", TEXT(text),
                           layout->unknown, text_plural(layout->unknown));
    }
    return text;
}

static void make_heading(struct timeline_layout *layout)
{
    const struct timeline_source *source = layout->source;
    struct arena *arena = &layout->arena;
    timeline_heading_begin(&layout->heading, "presence", counts_line(layout), &layout->axis,
                           source->summary, source->style, arena);
    if (source->beyond > 0) {
        timeline_heading_add(&layout->heading,
                             text_format(arena,
                                         "%" PRIu64 " changes found no room (limit timeline_rows)",
                                         source->beyond));
    }
    if (layout->left_out > 0) {
        timeline_heading_add(&layout->heading,
                             text_format(arena, "%zu more users are left out; a PDF holds them all",
                                         layout->left_out));
    }
}

/* ---- pages ---- */

static void page_add(struct timeline_layout *layout, size_t first, size_t lanes)
{
    double axis = timeline_heading_bottom(&layout->heading, layout->page_count);
    layout->pages = memory_grow(layout->pages, layout->page_count + 1, sizeof *layout->pages);
    layout->pages[layout->page_count++] = (struct timeline_page){
        .first = first,
        .end = first + lanes,
        .axis_y = axis,
        .lanes_y = axis + layout->axis.height,
    };
}

static void make_pages(struct timeline_layout *layout)
{
    size_t placed = 0;
    do {
        double room = layout->height -
                      timeline_heading_bottom(&layout->heading, layout->page_count) -
                      layout->axis.height - timeline_foot_height(layout->legend.lines);
        size_t lanes = room < layout->lane_height ? 1 : (size_t)(room / layout->lane_height);
        size_t left = layout->lane_count - placed;
        lanes = lanes < left ? lanes : left;
        page_add(layout, placed, lanes);
        placed += lanes;
    } while (placed < layout->lane_count);
}

/* One picture: as tall as its lanes, or as many lanes as the tallest has room for. */
static void make_picture(struct timeline_layout *layout)
{
    layout->heading.line_count = TIMELINE_LINES; /* at most: what is left out is not known yet */
    double limit = drawing_limit_of(layout->source->style->format).height;
    double foot = timeline_foot_height(layout->legend.lines);
    double other =
        timeline_heading_bottom(&layout->heading, 0) + TIMELINE_LINE + layout->axis.height + foot;
    double room = (limit - other) / layout->lane_height;
    size_t lanes = room < 1 ? 1 : (size_t)room;
    if (layout->lane_count > lanes) {
        layout->left_out = layout->lane_count - lanes;
        layout->lane_count = lanes;
    }
    make_heading(layout);
    lanes = layout->lane_count > 0 ? layout->lane_count : 1;
    page_add(layout, 0, layout->lane_count);
    layout->height = layout->pages[0].lanes_y + (double)lanes * layout->lane_height + foot;
}

static void choose_lane_height(struct timeline_layout *layout)
{
    size_t lanes = layout->lane_count;
    layout->lane_height = lanes <= FEW ? TALL_LANE : lanes <= PAGE_FULL ? MIDDLE_LANE : LOW_LANE;
}

static void lay_out(struct timeline_layout *layout, const struct timeline_source *source,
                    struct canvas *canvas, bool single)
{
    *layout = (struct timeline_layout){.source = source, .canvas = canvas};
    arena_init(&layout->arena);
    timeline_paper(source->paper, single, &layout->width, &layout->height);
    layout->axis.zone = &source->style->zone;
    choose_range(layout);
    choose_lanes(layout);
    choose_lane_height(layout);
    choose_columns(layout);
    timeline_axis_make(&layout->axis, canvas, &layout->arena);
    choose_legend(layout);
    if (single) {
        make_picture(layout);
    } else {
        make_heading(layout);
        make_pages(layout);
    }
}

void timeline_layout_make(struct timeline_layout *layout, const struct timeline_source *source,
                          struct canvas *canvas)
{
    enum report_format format = source->style->format;
    lay_out(layout, source, canvas, timeline_is_single(format, source->paper));
    if (format == REPORT_PDF && layout->left_out > 0) { /* too tall for a single page */
        timeline_layout_dispose(layout);
        lay_out(layout, source, canvas, false);
    }
}

void timeline_layout_dispose(struct timeline_layout *layout)
{
    arena_dispose(&layout->arena);
    free(layout->lanes);
    free(layout->pages);
}
