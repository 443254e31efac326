/*
 * Where everything of a drawing of room activity goes. See activity_layout.h.
 */
#include "reports/activity_layout.h"

#include <inttypes.h>
#include <stdlib.h>

#include "reports/drawing.h"
#include "reports/text.h"

enum { NAME_GAP = 12, WIDEST_NAMES = 180, NARROWEST_NAMES = 70, LOWEST_LANE = 20, KEYS_APART = 13 };

/* ---- the range ---- */

static void widen(struct timeline_axis *axis, int64_t time)
{
    if (time == TIME_NONE) {
        return;
    }
    axis->from = axis->from == TIME_NONE || time < axis->from ? time : axis->from;
    axis->to = axis->to == TIME_NONE || time > axis->to ? time : axis->to;
}

/* What was asked for, else all that was captured; what the history tells of may be far before. */
static void choose_range(struct activity_layout *layout)
{
    const struct activity_page *page = layout->page;
    struct timeline_axis *axis = &layout->axis;
    axis->from = TIME_NONE;
    axis->to = TIME_NONE;
    for (size_t i = 0; i < page->summary->input_count; i++) {
        widen(axis, page->summary->inputs[i].first);
        widen(axis, page->summary->inputs[i].last);
    }
    for (size_t i = 0; i < page->model->count; i++) {
        const struct activity *row = page->model->rows[i];
        if (row->kind != ACTIVITY_POSTED || row->state != POST_HISTORY) {
            widen(axis, row->time);
        }
    }
    axis->from = page->from != TIME_NONE ? page->from : axis->from == TIME_NONE ? 0 : axis->from;
    axis->to = page->to != TIME_NONE ? page->to : axis->to == TIME_NONE ? axis->from : axis->to;
    timeline_axis_bound(axis);
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
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (used[rows[i].what]) {
            layout->keys[layout->key_count++] =
                (struct activity_key){.what = rows[i].what, .text = slice_of(rows[i].text)};
        }
    }
}

double activity_key_width(int what)
{
    return what == KEY_PEOPLE || what == KEY_STAY || what == KEY_TOLD ? 22 : 13;
}

static void place_legend(struct activity_layout *layout)
{
    double x = TIMELINE_MARGIN;
    double right = layout->width - TIMELINE_MARGIN;
    layout->key_lines = layout->key_count > 0 ? 1 : 0;
    for (size_t i = 0; i < layout->key_count; i++) {
        struct activity_key *key = &layout->keys[i];
        double width = activity_key_width(key->what) +
                       layout->canvas->text_width(layout->canvas, key->text, timeline_small_font);
        if (x + width > right) {
            x = TIMELINE_MARGIN;
            layout->key_lines++;
        }
        key->x = x;
        key->line = layout->key_lines - 1;
        x += width + KEYS_APART;
    }
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
    heading->title = drawing_title(page->summary, NULL, "room activity", arena);
    timeline_heading_add(
        heading, drawing_span(layout->axis.from, layout->axis.to, &page->style->zone, arena));
    timeline_heading_add(heading, counts_line(layout));
    timeline_heading_add(
        heading,
        text_format(arena, "coverage %s", report_coverage_words(page->summary->coverage.verdict)));
    if (page->style->redacted) {
        timeline_heading_add(heading, slice_of(report_redacted_words()));
    }
    if (page->summary->partial) {
        timeline_heading_add(heading, slice_of("interrupted: this is what was read until then"));
    }
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

static double top_of(const struct activity_layout *layout, size_t sheet)
{
    return TIMELINE_MARGIN + timeline_heading_height(&layout->heading, sheet);
}

/* What is below the last lane: the axis again, the legend, the page number. */
static double foot_of(const struct activity_layout *layout)
{
    return TIMELINE_BOTTOM_AXIS + TIMELINE_HEADING_GAP +
           (double)layout->key_lines * TIMELINE_LEGEND_LINE + TIMELINE_FOOTER + TIMELINE_MARGIN;
}

/* As many lanes as there is room for; at least one. */
static size_t sheet_add(struct activity_layout *layout, size_t first, double bottom)
{
    double axis = top_of(layout, layout->sheet_count);
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
        placed = sheet_add(layout, placed, layout->height - foot_of(layout));
    } while (placed < layout->lane_count);
}

/* One picture: as tall as its lanes, or as many lanes as the tallest has room for. */
static void make_picture(struct activity_layout *layout, double limit)
{
    size_t lanes = layout->lane_count;
    size_t placed = sheet_add(layout, 0, limit - foot_of(layout) - TIMELINE_LINE);
    if (placed < lanes) { /* the heading says so, and needs a line for it */
        layout->left_out = lanes - placed;
        layout->lane_count = placed;
        layout->heading.line_count = 0;
        layout->sheet_count = 0;
        make_heading(layout);
        (void)sheet_add(layout, 0, limit);
    }
    double empty = layout->lane_count == 0 ? LOWEST_LANE : 0;
    layout->height = layout->sheets[0].lanes_end + empty + foot_of(layout);
}

void activity_layout_make(struct activity_layout *layout, const struct activity_page *page,
                          struct canvas *canvas, double limit)
{
    *layout = (struct activity_layout){.page = page, .canvas = canvas};
    bool single = page->style->format == REPORT_SVG || page->style->format == REPORT_PNG ||
                  page->paper == LADDER_LONG;
    arena_init(&layout->arena);
    drawing_paper(page->paper == LADDER_LETTER, true, &layout->width, &layout->height);
    if (single) {
        layout->width = TIMELINE_PICTURE_WIDTH;
    }
    layout->axis.zone = &page->style->zone;
    choose_range(layout);
    choose_lanes(layout);
    choose_columns(layout);
    timeline_axis_make(&layout->axis, canvas, &layout->arena);
    choose_legend(layout);
    place_legend(layout);
    make_heading(layout);
    if (single) {
        make_picture(layout, limit);
    } else {
        make_sheets(layout);
    }
}

void activity_layout_dispose(struct activity_layout *layout)
{
    arena_dispose(&layout->arena);
    free(layout->lanes);
    free(layout->sheets);
}
