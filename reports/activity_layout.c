/*
 * Where everything of a drawing of room activity goes. See activity_layout.h.
 */
#include "reports/activity_layout.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>

#include "reports/drawing.h"
#include "reports/text.h"

/* clang-format off */
enum {
    NAME_GAP = 12, WIDEST_NAMES = 180, NARROWEST_NAMES = 70, LOWEST_LANE = 20,
    AREA_SWATCH = 22, MARK_SWATCH = 13, KEYS_APART = 13 /* of the legend */
};
/* clang-format on */

/* ---- the range ---- */

/* What was asked for, else all that was captured; what the history tells of may be far before. */
static void choose_range(struct activity_layout *layout)
{
    const struct activity_page *page = layout->page;
    timeline_axis_begin(&layout->axis, page->summary);
    for (size_t i = 0; i < page->model->count; i++) {
        const struct activity *row = page->model->rows[i];
        if (row->kind != ACTIVITY_POSTED || row->state != POST_HISTORY) {
            timeline_axis_widen(&layout->axis, row->time);
        }
    }
    timeline_axis_settle(&layout->axis, page->from, page->to);
}

static bool is_on_axis(const struct activity_layout *layout, const struct activity *row)
{
    return row->time >= layout->axis.from && row->time <= layout->axis.to;
}

/* ---- lanes ---- */

const struct activity *activity_lane_first(const struct activity_lane *lane)
{
    return lane->person ? lane->person->first : lane->room->first;
}

const struct activity *activity_lane_next(const struct activity_lane *lane,
                                          const struct activity *row)
{
    return lane->person ? row->next_of_one : row->next;
}

bool activity_layout_mark(const struct activity_layout *layout, const struct activity_lane *lane,
                          const struct activity *row, enum activity_mark *mark)
{
    return is_on_axis(layout, row) && activity_mark_of(row, mark) &&
           !(lane->person && *mark >= MARK_NOTE);
}

static struct slice room_about(struct activity_layout *layout, const struct activity_room *room)
{
    size_t people = 0;
    for (const struct map_entry *entry = room->people.first; entry; entry = entry->next) {
        const struct activity_person *person = entry->value;
        people += person->first != NULL;
    }
    return text_format(&layout->arena, "%zu %s, %zu message%s", people,
                       people == 1 ? "person" : "people", room->posts, text_plural(room->posts));
}

static struct slice person_about(struct activity_layout *layout,
                                 const struct activity_person *person)
{
    size_t posts = 0;
    for (const struct activity *row = person->first; row; row = row->next_of_one) {
        posts += row->kind == ACTIVITY_POSTED;
    }
    return posts == 0 ? slice_of("")
                      : text_format(&layout->arena, "%zu message%s", posts, text_plural(posts));
}

static void lane_add(struct activity_layout *layout, const struct activity_room *room,
                     const struct activity_person *person)
{
    struct activity_lane *lane = &layout->lanes[layout->lane_count++];
    enum activity_mark mark;
    lane->room = room;
    lane->person = person;
    lane->name = person ? text_brief(person->user, 80, &layout->arena)
                        : activity_room_name(room, &layout->arena);
    lane->about = person ? person_about(layout, person) : room_about(layout, room);
    for (const struct activity *row = activity_lane_first(lane); row;
         row = activity_lane_next(lane, row)) {
        if (activity_layout_mark(layout, lane, row, &mark)) {
            lane->tracks[activity_track_of(mark)] = true;
        }
    }
    lane->height = 2 * ACTIVITY_GAP_ABOVE + (person ? ACTIVITY_STAY : ACTIVITY_STEPS);
    for (size_t i = 0; i < ACTIVITY_TRACKS; i++) {
        lane->height += lane->tracks[i] ? ACTIVITY_TRACK : 0;
    }
    lane->height = lane->height < LOWEST_LANE ? LOWEST_LANE : lane->height;
}

static void choose_lanes(struct activity_layout *layout)
{
    const struct activity_page *page = layout->page;
    size_t most = page->room_count;
    for (size_t i = 0; page->one_room && i < page->room_count; i++) {
        most += page->rooms[i]->people.count;
    }
    layout->lanes = memory_zero(most, sizeof *layout->lanes);
    for (size_t i = 0; i < page->room_count; i++) {
        const struct activity_room *room = page->rooms[i];
        lane_add(layout, room, NULL);
        for (const struct map_entry *entry = room->people.first; page->one_room && entry;
             entry = entry->next) {
            const struct activity_person *person = entry->value;
            if (person->first) {
                lane_add(layout, room, person);
            }
        }
    }
}

static void choose_columns(struct activity_layout *layout)
{
    struct canvas *canvas = layout->canvas;
    double widest = NARROWEST_NAMES;
    for (size_t i = 0; i < layout->lane_count; i++) {
        const struct activity_lane *lane = &layout->lanes[i];
        double name = canvas->text_width(canvas, lane->name,
                                         lane->person ? timeline_text_font : timeline_name_font);
        double about = canvas->text_width(canvas, lane->about, timeline_small_font);
        double both = (name > about ? name : about) + (lane->person ? ACTIVITY_INDENT : 0);
        widest = both > widest ? both : widest;
    }
    layout->names_x = TIMELINE_MARGIN;
    layout->names_width = widest > WIDEST_NAMES ? WIDEST_NAMES : widest;
    layout->axis.zone_x = layout->names_x;
    layout->axis.left = layout->names_x + layout->names_width + NAME_GAP;
    layout->axis.right = layout->width - TIMELINE_MARGIN;
}

/* ---- the legend ---- */

static void note_lane(const struct activity_layout *layout, const struct activity_lane *lane,
                      bool used[static ACTIVITY_KEYS])
{
    enum activity_mark mark;
    for (const struct activity *row = activity_lane_first(lane); row;
         row = activity_lane_next(lane, row)) {
        if (activity_layout_mark(layout, lane, row, &mark)) {
            used[mark] = true;
        }
        bool in = row->kind == ACTIVITY_ENTERED || row->kind == ACTIVITY_LISTED;
        if (in && row->time <= layout->axis.to) {
            used[!lane->person ? KEY_PEOPLE : row->told ? KEY_TOLD : KEY_STAY] = true;
        }
    }
}

/* Some marks became one with a number. */
static bool has_many(const struct activity_layout *layout, const struct activity_lane *lane)
{
    struct activity_spots spots[ACTIVITY_TRACKS] = {{0}};
    enum activity_mark mark;
    bool many = false;
    for (const struct activity *row = activity_lane_first(lane); row && !many;
         row = activity_lane_next(lane, row)) {
        if (activity_layout_mark(layout, lane, row, &mark)) {
            struct activity_spots *track = &spots[activity_track_of(mark)];
            double x = timeline_axis_x(&layout->axis, row->time);
            activity_spots_add(track, layout->canvas, x, mark, row);
            many = track->spots[track->count - 1].count > 1;
        }
    }
    for (size_t i = 0; i < ACTIVITY_TRACKS; i++) {
        activity_spots_dispose(&spots[i]);
    }
    return many;
}

static double swatch_of(int what)
{
    bool area = what == KEY_PEOPLE || what == KEY_STAY || what == KEY_TOLD;
    return area ? AREA_SWATCH : MARK_SWATCH;
}

/* Only what can be seen in the picture is explained. */
static void choose_legend(struct activity_layout *layout)
{
    /* clang-format off */
    static const struct {
        int what;
        const char *text;
    } rows[] = {
        {KEY_PEOPLE,      "people in the room"},
        {KEY_STAY,        "in the room"},
        {KEY_TOLD,        "in the room, as others were told"},
        {MARK_ACCEPTED,   "post accepted"},
        {MARK_DELIVERED,  "only copies captured"},
        {MARK_HISTORY,    "known by the history"},
        {MARK_UNANSWERED, "post unanswered"},
        {MARK_REFUSED,    "post refused"},
        {MARK_FETCHED,    "history fetched"},
        {MARK_ERROR,      "finding: error"},
        {MARK_WARNING,    "warning"},
        {MARK_NOTE,       "note"},
        {KEY_MANY,        "several close together"},
        {KEY_GAP,         "bytes are missing"},
    };
    /* clang-format on */
    bool used[ACTIVITY_KEYS] = {false};
    for (size_t i = 0; i < layout->lane_count; i++) {
        note_lane(layout, &layout->lanes[i], used);
        used[KEY_MANY] = used[KEY_MANY] || has_many(layout, &layout->lanes[i]);
    }
    for (size_t i = 0; i < layout->page->model->count; i++) {
        const struct activity *row = layout->page->model->rows[i];
        used[KEY_GAP] = used[KEY_GAP] || (row->kind == ACTIVITY_GAP && is_on_axis(layout, row));
    }
    static_assert(sizeof rows / sizeof rows[0] <= TIMELINE_KEYS, "each key may occur");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (used[rows[i].what]) {
            timeline_legend_add(&layout->legend, rows[i].what, swatch_of(rows[i].what),
                                rows[i].text);
        }
    }
    timeline_legend_place(&layout->legend, layout->canvas, layout->width, KEYS_APART);
}

/* ---- the heading ---- */

struct counts {
    size_t posts[FATES];
    size_t all;
    size_t findings;
    size_t older; /* messages of the history before the axis begins */
};

static struct counts count_rows(const struct activity_layout *layout)
{
    struct counts counts = {{0}, 0, 0, 0};
    for (size_t i = 0; i < layout->page->room_count; i++) {
        for (const struct activity *row = layout->page->rooms[i]->first; row; row = row->next) {
            if (is_on_axis(layout, row)) {
                counts.findings += row->kind == ACTIVITY_FINDING;
                counts.all += row->kind == ACTIVITY_POSTED;
                counts.posts[activity_fate_of(row)] += row->kind == ACTIVITY_POSTED;
            } else if (row->kind == ACTIVITY_POSTED && row->time < layout->axis.from) {
                counts.older++;
            }
        }
    }
    return counts;
}

static struct slice counts_line(struct activity_layout *layout)
{
    struct counts counts = count_rows(layout);
    struct arena *arena = &layout->arena;
    size_t rooms = layout->page->room_count;
    struct slice text = text_format(arena, "%zu room%s, %zu message%s", rooms, text_plural(rooms),
                                    counts.all, text_plural(counts.all));
    const char *before = " (";
    for (enum activity_fate fate = FATE_ACCEPTED; fate < FATES; fate++) {
        if (counts.posts[fate] > 0) {
            text = text_format(arena, "%.*s%s%zu %s", TEXT(text), before, counts.posts[fate],
                               activity_fate_name(fate));
            before = ", ";
        }
    }
    text = text_format(arena, "%.*s%s, %zu finding%s", TEXT(text), before[0] == ',' ? ")" : "",
                       counts.findings, text_plural(counts.findings));
    if (counts.older > 0) {
        text =
            text_format(arena, "%.*s; %zu older message%s of the history %s not drawn", TEXT(text),
                        counts.older, text_plural(counts.older), counts.older == 1 ? "is" : "are");
    }
    return text;
}

static void make_heading(struct activity_layout *layout)
{
    const struct activity_page *page = layout->page;
    struct timeline_heading *heading = &layout->heading;
    struct arena *arena = &layout->arena;
    timeline_heading_begin(heading, "room activity", counts_line(layout), &layout->axis,
                           page->summary, page->style, arena);
    if (page->beyond > 0) {
        timeline_heading_add(
            heading, text_format(arena, "%" PRIu64 " entries found no room (limit report_rows)",
                                 page->beyond));
    }
    if (layout->left_out > 0) {
        timeline_heading_add(heading,
                             text_format(arena, "%zu more lanes are left out; a PDF holds them all",
                                         layout->left_out));
    }
}

/* ---- pages ---- */

/* As many lanes as there is room for; at least one. */
static size_t sheet_add(struct activity_layout *layout, size_t first, double bottom)
{
    double axis = timeline_heading_bottom(&layout->heading, layout->sheet_count);
    double y = axis + layout->axis.height;
    struct activity_sheet sheet = {first, first, axis, y, y};
    while (sheet.end < layout->lane_count &&
           (sheet.end == first || sheet.lanes_end + layout->lanes[sheet.end].height <= bottom)) {
        sheet.lanes_end += layout->lanes[sheet.end++].height;
    }
    layout->sheets = memory_grow(layout->sheets, layout->sheet_count + 1, sizeof *layout->sheets);
    layout->sheets[layout->sheet_count++] = sheet;
    return sheet.end;
}

static void make_sheets(struct activity_layout *layout)
{
    size_t placed = 0;
    do {
        placed =
            sheet_add(layout, placed, layout->height - timeline_foot_height(layout->legend.lines));
    } while (placed < layout->lane_count);
}

/* One picture: as tall as its lanes, or as many lanes as the tallest has room for. */
static void make_picture(struct activity_layout *layout)
{
    double limit = drawing_limit_of(layout->page->style->format).height;
    double foot = timeline_foot_height(layout->legend.lines);
    size_t lanes = layout->lane_count;
    size_t placed = sheet_add(layout, 0, limit - foot - TIMELINE_LINE);
    if (placed < lanes) { /* the heading says so, and needs a line for it */
        layout->left_out = lanes - placed;
        layout->lane_count = placed;
        layout->sheet_count = 0;
        make_heading(layout);
        (void)sheet_add(layout, 0, limit);
    }
    double empty = layout->lane_count == 0 ? LOWEST_LANE : 0;
    layout->height = layout->sheets[0].lanes_end + empty + foot;
}

static void lay_out(struct activity_layout *layout, const struct activity_page *page,
                    struct canvas *canvas, bool single)
{
    *layout = (struct activity_layout){.page = page, .canvas = canvas};
    arena_init(&layout->arena);
    timeline_paper(page->paper, single, &layout->width, &layout->height);
    layout->axis.zone = &page->style->zone;
    choose_range(layout);
    choose_lanes(layout);
    choose_columns(layout);
    timeline_axis_make(&layout->axis, canvas, &layout->arena);
    choose_legend(layout);
    make_heading(layout);
    if (single) {
        make_picture(layout);
    } else {
        make_sheets(layout);
    }
}

void activity_layout_make(struct activity_layout *layout, const struct activity_page *page,
                          struct canvas *canvas)
{
    enum report_format format = page->style->format;
    lay_out(layout, page, canvas, timeline_is_single(format, page->paper));
    if (format == REPORT_PDF && layout->left_out > 0) { /* too tall for a single page */
        activity_layout_dispose(layout);
        lay_out(layout, page, canvas, false);
    }
}

void activity_layout_dispose(struct activity_layout *layout)
{
    arena_dispose(&layout->arena);
    free(layout->lanes);
    free(layout->sheets);
}
