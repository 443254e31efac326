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
    NAME_GAP = 10, WIDEST_NAMES = 190, NARROWEST_NAMES = 70
};
/* clang-format on */

/* ---- the range ---- */

static void widen(int64_t *from, int64_t *to, int64_t time)
{
    if (time == TIME_NONE) {
        return;
    }
    *from = *from == TIME_NONE || time < *from ? time : *from;
    *to = *to == TIME_NONE || time > *to ? time : *to;
}

/* What was asked for, else all that was captured and every change. */
static void choose_range(struct timeline_layout *layout)
{
    const struct timeline_source *source = layout->source;
    const struct presence_query *query = &source->model->query;
    int64_t from = TIME_NONE;
    int64_t to = TIME_NONE;
    for (size_t i = 0; i < source->summary->input_count; i++) {
        widen(&from, &to, source->summary->inputs[i].first);
        widen(&from, &to, source->summary->inputs[i].last);
    }
    for (size_t i = 0; i < source->count; i++) {
        for (size_t j = 0; j < source->people[i]->count; j++) {
            widen(&from, &to, source->people[i]->timeline[j].time);
        }
    }
    int64_t end = presence_query_end(query);
    from = query->from != TIME_NONE ? query->from : from == TIME_NONE ? 0 : from;
    to = end != TIME_NONE ? end : to == TIME_NONE ? from : to;
    layout->axis.from = from;
    layout->axis.to = to;
    timeline_axis_bound(&layout->axis);
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

static bool is_single(const struct timeline_layout *layout)
{
    enum report_format format = layout->source->style->format;
    return format == REPORT_SVG || format == REPORT_PNG || layout->source->paper == LADDER_LONG;
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
            layout->legend[layout->legend_count++] = (struct timeline_key){
                .band = shown,
                .text = slice_of(shown == BAND_UNKNOWN ? "Not known" : band_title(shown))};
        }
    }
    if (timed) {
        layout->legend[layout->legend_count++] =
            (struct timeline_key){.timed = true, .text = slice_of("ran out: no packet shows it")};
    }
}

static void place_legend(struct timeline_layout *layout)
{
    double x = TIMELINE_MARGIN;
    double right = layout->width - TIMELINE_MARGIN;
    layout->legend_lines = layout->legend_count > 0 ? 1 : 0;
    for (size_t i = 0; i < layout->legend_count; i++) {
        struct timeline_key *key = &layout->legend[i];
        double swatch = key->timed ? 9 : 22;
        double width =
            swatch + layout->canvas->text_width(layout->canvas, key->text, timeline_small_font);
        if (x + width > right) {
            x = TIMELINE_MARGIN;
            layout->legend_lines++;
        }
        key->x = x;
        key->line = layout->legend_lines - 1;
        x += width + 14;
    }
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
    layout->heading.title = drawing_title(source->summary, NULL, "presence", arena);
    timeline_heading_add(&layout->heading, drawing_span(layout->axis.from, layout->axis.to,
                                                        &source->style->zone, arena));
    timeline_heading_add(&layout->heading, counts_line(layout));
    timeline_heading_add(&layout->heading,
                         text_format(arena, "coverage %s",
                                     report_coverage_words(source->summary->coverage.verdict)));
    if (source->style->redacted) {
        timeline_heading_add(&layout->heading, slice_of(report_redacted_words()));
    }
    if (source->summary->partial) {
        timeline_heading_add(&layout->heading,
                             slice_of("interrupted: this is what was read until then"));
    }
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

static double top_of(const struct timeline_layout *layout, size_t page)
{
    return TIMELINE_MARGIN + timeline_heading_height(&layout->heading, page);
}

/* What is below the last lane: the axis again, the legend, the page number. */
static double foot_of(const struct timeline_layout *layout)
{
    return TIMELINE_BOTTOM_AXIS + TIMELINE_HEADING_GAP +
           (double)layout->legend_lines * TIMELINE_LEGEND_LINE + TIMELINE_FOOTER + TIMELINE_MARGIN;
}

static void page_add(struct timeline_layout *layout, size_t first, size_t lanes)
{
    double axis = top_of(layout, layout->page_count);
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
        double room = layout->height - top_of(layout, layout->page_count) - layout->axis.height -
                      foot_of(layout);
        size_t lanes = room < layout->lane_height ? 1 : (size_t)(room / layout->lane_height);
        size_t left = layout->lane_count - placed;
        lanes = lanes < left ? lanes : left;
        page_add(layout, placed, lanes);
        placed += lanes;
    } while (placed < layout->lane_count);
}

/* One picture: as tall as its lanes, or as many lanes as the tallest has room for. */
static void make_picture(struct timeline_layout *layout, double limit)
{
    double other = top_of(layout, 0) + TIMELINE_LINE + layout->axis.height + foot_of(layout);
    double room = (limit - other) / layout->lane_height;
    size_t lanes = room < 1 ? 1 : (size_t)room;
    if (layout->lane_count > lanes) {
        layout->left_out = layout->lane_count - lanes;
        layout->lane_count = lanes;
    }
}

static void choose_lane_height(struct timeline_layout *layout)
{
    size_t lanes = layout->lane_count;
    layout->lane_height = lanes <= FEW ? TALL_LANE : lanes <= PAGE_FULL ? MIDDLE_LANE : LOW_LANE;
}

void timeline_layout_make(struct timeline_layout *layout, const struct timeline_source *source,
                          struct canvas *canvas, double limit)
{
    *layout = (struct timeline_layout){.source = source, .canvas = canvas};
    bool single = is_single(layout);
    arena_init(&layout->arena);
    drawing_paper(source->paper == LADDER_LETTER, true, &layout->width, &layout->height);
    if (single) {
        layout->width = TIMELINE_PICTURE_WIDTH;
    }
    choose_range(layout);
    choose_lanes(layout);
    choose_lane_height(layout);
    choose_columns(layout);
    layout->axis.zone = &source->style->zone;
    layout->axis.zone_x = layout->names_x;
    timeline_axis_make(&layout->axis, canvas, &layout->arena);
    choose_legend(layout);
    place_legend(layout);
    if (single) {
        layout->heading.line_count = TIMELINE_LINES; /* at most, for the moment */
        make_picture(layout, limit);
        layout->heading.line_count = 0;
    }
    make_heading(layout);
    if (single) {
        size_t lanes = layout->lane_count > 0 ? layout->lane_count : 1;
        page_add(layout, 0, layout->lane_count);
        layout->height =
            layout->pages[0].lanes_y + (double)lanes * layout->lane_height + foot_of(layout);
    } else {
        make_pages(layout);
    }
}

void timeline_layout_dispose(struct timeline_layout *layout)
{
    arena_dispose(&layout->arena);
    free(layout->lanes);
    free(layout->pages);
}
