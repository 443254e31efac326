/*
 * The ladder in characters. See ladder_text.h.
 *
 * What fits into an arrow stands in it; what does not, stands on a line above
 * it. Lanes that are too narrow for their names are lettered and explained.
 */
#include "reports/ladder_text.h"

#include <inttypes.h>

#include "analyzer/engine/bands.h"
#include "reports/ladder_text_parts.h"
#include "reports/text.h"

/* clang-format off */
enum {
    RECORD_WIDTH = 5,
    LEAST_PITCH = 4,  /* columns from lane to lane: "|<--" */
    NAMED_PITCH = 12, /* below this, heads are letters */
    LAST_MARGIN = 2,  /* right of the last lane */
    LINES_ABOVE = 3   /* of a text that does not fit into its arrow */
};
/* clang-format on */

/* clang-format off */
static const struct ladder_strokes fine_strokes = {
    .lane = SLICE("│"), .solid = SLICE("─"), .dashed = SLICE("╌"), .torn = SLICE("~"),
    .idle = SLICE("┆"),
    .bands = {
        [BAND_AVAILABLE] = SLICE("░"), [BAND_AVAILABLE_IDLE] = SLICE("░"),
        [BAND_BE_RIGHT_BACK] = SLICE("▒"), [BAND_AWAY] = SLICE("▒"),
        [BAND_BUSY] = SLICE("▓"), [BAND_BUSY_IDLE] = SLICE("▓"),
        [BAND_DO_NOT_DISTURB] = SLICE("█"), [BAND_OFFLINE] = SLICE("·"),
    },
};
static const struct ladder_strokes ascii_strokes = {
    .lane = SLICE("|"), .solid = SLICE("-"), .dashed = SLICE("."), .torn = SLICE("~"),
    .idle = SLICE(":"),
    .bands = {
        [BAND_AVAILABLE] = SLICE("a"), [BAND_AVAILABLE_IDLE] = SLICE("i"),
        [BAND_BE_RIGHT_BACK] = SLICE("r"), [BAND_AWAY] = SLICE("w"),
        [BAND_BUSY] = SLICE("b"), [BAND_BUSY_IDLE] = SLICE("u"),
        [BAND_DO_NOT_DISTURB] = SLICE("d"), [BAND_OFFLINE] = SLICE("o"),
    },
};
/* clang-format on */

/* Our own ellipsis is no ASCII. */
struct slice ladder_text_fit(struct text_ladder *self, struct slice text, size_t columns,
                             bool middle)
{
    if (text_width(text) <= columns) {
        return text;
    }
    if (self->style->ascii) {
        struct slice front = text_prefix(text, columns > 2 ? columns - 2 : 0);
        return text_format(&self->arena, "%.*s..", TEXT(front));
    }
    return middle ? text_fit_middle(text, columns, &self->arena)
                  : text_fit(text, columns, &self->arena);
}

/* ---- columns ---- */

static void measure_left(struct text_ladder *self)
{
    self->record_width = RECORD_WIDTH;
    for (size_t i = 0; i < self->model->row_count; i++) {
        const struct ladder_row *row = &self->model->rows[i];
        size_t width =
            ladder_record_text(row->input, row->record, self->summary, &self->arena).size;
        self->record_width = width > self->record_width ? width : self->record_width;
        arena_reset(&self->arena);
    }
    for (size_t i = 0; i < self->model->finding_count; i++) {
        const struct ladder_finding *finding = &self->model->findings[i];
        size_t width = finding->label.size + (finding->next > 0 ? 1 : 0);
        if (finding->row != SIZE_MAX && width > self->marker_width) {
            self->marker_width = width;
        }
    }
}

static bool has_strip(const struct ladder_model *model, unsigned place)
{
    for (size_t i = 0; i < model->part_count; i++) {
        if (model->lanes[model->parts[i].lane].place == place) {
            return true;
        }
    }
    return false;
}

static void place_lanes(struct text_ladder *self)
{
    size_t lanes = self->model->lane_count;
    size_t gaps = lanes > 1 ? lanes - 1 : 1;
    measure_left(self);
    self->lanes_left = LADDER_TIME_WIDTH + 1 + self->record_width + 1;
    self->lanes_left += self->marker_width > 0 ? self->marker_width + 1 : 0;
    self->lanes_left += has_strip(self->model, 0) ? 1 : 0;
    size_t room = self->style->columns > self->lanes_left + LAST_MARGIN
                      ? self->style->columns - self->lanes_left - LAST_MARGIN
                      : 0;
    size_t pitch = room / gaps;
    self->listed = lanes > 1 && pitch < LEAST_PITCH;
    pitch = self->listed ? LEAST_PITCH : pitch;
    self->lettered = lanes > 1 && pitch < NAMED_PITCH;
    for (size_t i = 0; i < lanes; i++) {
        const struct ladder_lane *lane = &self->model->lanes[i];
        self->lane_column[i] = self->lanes_left + pitch * lane->place;
        self->roles = self->roles || lane->role.size > 0;
    }
    self->lanes_right = self->lanes_left + pitch * (lanes > 1 ? lanes - 1 : 1);
    self->lane_column[LADDER_NO_LANE] = self->lanes_left;
    self->columns = self->lanes_right + LAST_MARGIN;
    if (self->listed || self->columns < self->style->columns) {
        self->columns = self->style->columns;
    }
}

/* ---- strips ---- */

/* Strips of several users side by side would not be told apart. */
static void begin_strips(struct text_ladder *self)
{
    const struct ladder_model *model = self->model;
    for (size_t i = 0; i < model->part_count; i++) {
        const struct ladder_part *part = &model->parts[i];
        self->several[part->lane] = self->several[part->lane] || part->slot > 0;
    }
    for (size_t i = 0; i < model->part_count; i++) {
        const struct ladder_part *part = &model->parts[i];
        self->bands_used[part->band] = self->bands_used[part->band] || !self->several[part->lane];
    }
    for (size_t i = 0; i < model->part_count && model->parts[i].first == SIZE_MAX; i++) {
        self->strip[model->parts[i].lane] = model->parts[i].band;
        self->next_part = i + 1;
    }
}

/* Presence as it is from that row on. */
static void follow_strips(struct text_ladder *self, size_t row)
{
    const struct ladder_model *model = self->model;
    for (; self->next_part < model->part_count && model->parts[self->next_part].first <= row;
         self->next_part++) {
        const struct ladder_part *part = &model->parts[self->next_part];
        self->strip[part->lane] = part->band;
    }
}

static enum text_tone band_tone(enum band band)
{
    static const uint8_t tones[BANDS] = {
        [BAND_AVAILABLE] = TONE_GREEN,
        [BAND_AVAILABLE_IDLE] = TONE_GREEN,
        [BAND_BE_RIGHT_BACK] = TONE_YELLOW,
        [BAND_AWAY] = TONE_YELLOW,
        [BAND_BUSY] = TONE_RED,
        [BAND_BUSY_IDLE] = TONE_RED,
        [BAND_DO_NOT_DISTURB] = TONE_RED,
        [BAND_OFFLINE] = TONE_FAINT,
    };
    return (enum text_tone)tones[band];
}

/* ---- lines ---- */

static void start_line(struct text_ladder *self, struct slice stroke)
{
    text_line_clear(&self->line);
    for (size_t i = 0; i < self->model->lane_count; i++) {
        enum band band = (enum band)self->strip[i];
        text_line_put(&self->line, self->lane_column[i], stroke, TONE_FAINT);
        if (!self->several[i]) {
            text_line_put(&self->line, self->lane_column[i] - 1, self->strokes->bands[band],
                          band_tone(band));
        }
    }
}

void ladder_text_end_line(struct text_ladder *self)
{
    text_line_write(&self->line, self->output);
    arena_reset(&self->arena);
}

void ladder_text_left(struct text_ladder *self, const struct ladder_row *row)
{
    struct slice time = ladder_time_text(row->time, &self->style->zone, &self->arena);
    struct slice record = ladder_record_text(row->input, row->record, self->summary, &self->arena);
    text_line_put(&self->line, 0, time, TONE_PLAIN);
    text_line_put(&self->line, LADDER_TIME_WIDTH + 1 + self->record_width - record.size, record,
                  TONE_FAINT);
    if (row->finding > 0) {
        const struct ladder_finding *finding = &self->model->findings[row->finding - 1];
        struct slice label =
            text_format(&self->arena, "%.*s%s", TEXT(finding->label), finding->next > 0 ? "+" : "");
        text_line_put(&self->line, LADDER_TIME_WIDTH + 2 + self->record_width, label,
                      finding->severity == SEVERITY_ERROR ? TONE_RED : TONE_YELLOW);
    }
}

/* Centred on `column`, but inside the lines. */
size_t ladder_text_centred(const struct text_ladder *self, size_t column, size_t width,
                           size_t least)
{
    size_t start = column > width / 2 ? column - width / 2 : 0;
    if (start + width > self->columns) {
        start = self->columns > width ? self->columns - width : 0;
    }
    return start < least ? least : start;
}

/* ---- messages ---- */

struct slice ladder_text_label(struct text_ladder *self, const struct ladder_row *row, bool whole)
{
    struct slice meaning = whole ? ladder_row_meaning(row, &self->arena) : slice_of("");
    struct slice repeats = ladder_row_repeats(row, &self->arena);
    struct slice label = row->title;
    if (meaning.size > 0) {
        label = text_format(&self->arena, "%.*s %.*s", TEXT(label), TEXT(meaning));
    }
    if (repeats.size > 0) {
        label = text_format(&self->arena, "%.*s (%.*s)", TEXT(label), TEXT(repeats));
    }
    return label;
}

/* Bytes of the text that make a line of that width, broken at a blank if there is one. */
static size_t break_at(struct slice text, size_t room)
{
    if (text_width(text) <= room) {
        return text.size;
    }
    struct slice front = text_prefix(text, room);
    for (size_t i = front.size; i > 0; i--) {
        if (front.data[i - 1] == ' ') {
            return i;
        }
    }
    return front.size;
}

/*
 * From the arrow's left end on if there is room, else up to its right end; a text that is wider
 * than all lanes takes several lines.
 */
static void line_above(struct text_ladder *self, struct slice label, size_t left, size_t right,
                       enum text_tone tone)
{
    size_t least = self->lanes_left + 1;
    size_t room = self->columns - least;
    size_t width = text_width(label);
    size_t start = left + 2;
    if (start + width > self->columns) {
        start = right > least + width ? right - width - 1 : least;
    }
    for (size_t line = 1; label.size > 0; line++) {
        size_t size = line < LINES_ABOVE ? break_at(label, room) : label.size;
        struct slice part = slice_trim(slice_sub(label, 0, size));
        part = ladder_text_fit(self, part, room, false);
        label = slice_from(label, size > 0 ? size : label.size);
        start_line(self, self->strokes->lane);
        text_line_put(&self->line, start - 1, slice_of(" "), TONE_PLAIN);
        text_line_put(&self->line, start, part, tone);
        text_line_write(&self->line, self->output);
    }
}

static void draw_shaft(struct text_ladder *self, const struct ladder_row *row, size_t left,
                       size_t right)
{
    bool to_right = self->lane_column[row->to] > self->lane_column[row->from];
    text_line_fill(&self->line, left + 1, right - 1,
                   row->request ? self->strokes->solid : self->strokes->dashed, TONE_PLAIN);
    text_line_put(&self->line, to_right ? right - 1 : left + 1, slice_of(to_right ? ">" : "<"),
                  TONE_PLAIN);
}

enum text_tone ladder_text_tone(const struct ladder_row *row)
{
    return row->failed ? TONE_RED : row->again ? TONE_FAINT : TONE_PLAIN;
}

/* "{group-chat-sign-in 5 requri}", once: on the next hop of the message it is the same step. */
static struct slice step_text(struct text_ladder *self, const struct ladder_row *row)
{
    if (row->step.size == 0 || row->message == self->step_told) {
        return slice_of("");
    }
    self->step_told = row->message;
    return text_format(&self->arena, "{%.*s}", TEXT(row->step));
}

/* The step of a call flow, and what does not fit into the arrow: in one line if there is room. */
static void label_above(struct text_ladder *self, struct slice label, struct slice step,
                        size_t left, size_t right, enum text_tone tone)
{
    size_t room = self->columns - self->lanes_left - 1;
    if (label.size > 0 && step.size > 0 && text_width(label) + 1 + text_width(step) <= room) {
        label = text_format(&self->arena, "%.*s %.*s", TEXT(label), TEXT(step));
        step = slice_of("");
    }
    if (step.size > 0) {
        line_above(self, step, left, right, TONE_FAINT);
    }
    if (label.size > 0) {
        line_above(self, label, left, right, tone);
    }
}

/* A host that talks to itself: the arrow comes back. */
static void draw_loop(struct text_ladder *self, const struct ladder_row *row)
{
    size_t at = self->lane_column[row->from];
    struct slice label =
        text_format(&self->arena, "<-> %.*s", TEXT(ladder_text_label(self, row, true)));
    label_above(self, slice_of(""), step_text(self, row), at, at, TONE_FAINT);
    start_line(self, self->strokes->lane);
    ladder_text_left(self, row);
    label = ladder_text_fit(self, label, self->columns - at - 1, false);
    text_line_put(&self->line, at + 1, label, ladder_text_tone(row));
    ladder_text_end_line(self);
}

static void draw_message(struct text_ladder *self, const struct ladder_row *row)
{
    size_t left = self->lane_column[row->from];
    size_t right = self->lane_column[row->to];
    if (left == right) {
        draw_loop(self, row);
        return;
    }
    if (left > right) {
        size_t swap = left;
        left = right;
        right = swap;
    }
    enum text_tone tone = ladder_text_tone(row);
    struct slice label = ladder_text_label(self, row, true);
    size_t room = right - left > 6 ? right - left - 6 : 0;
    if (text_width(label) > room && row->plain) {
        label = ladder_text_label(self, row, false);
    }
    struct slice step = step_text(self, row);
    if (step.size > 0 && text_width(label) + 1 + text_width(step) <= room) {
        label = text_format(&self->arena, "%.*s %.*s", TEXT(label), TEXT(step));
        step = slice_of("");
    }
    bool inside = text_width(label) <= room;
    label_above(self, inside ? slice_of("") : label, step, left, right, tone);
    start_line(self, self->strokes->lane);
    ladder_text_left(self, row);
    draw_shaft(self, row, left, right);
    if (inside) {
        size_t width = text_width(label) + 2;
        size_t head = self->lane_column[row->to] < self->lane_column[row->from] ? 1 : 0;
        size_t start = (left + right + 1 + head - width) / 2; /* as much shaft on both sides */
        text_line_put(&self->line, start, slice_of(" "), TONE_PLAIN);
        text_line_put(&self->line, start + 1, label, tone);
        text_line_put(&self->line, start + width - 1, slice_of(" "), TONE_PLAIN);
    }
    ladder_text_end_line(self);
}

/* ---- other rows ---- */

static void draw_presence(struct text_ladder *self, const struct ladder_row *row)
{
    start_line(self, self->strokes->lane);
    if (row->message == 0) { /* no arrow above says when */
        ladder_text_left(self, row);
    }
    struct slice text = text_format(&self->arena, "[%.*s]", TEXT(row->title));
    text = ladder_text_fit(self, text, self->columns - self->lanes_left, false);
    size_t width = text_width(text);
    text_line_put(&self->line,
                  ladder_text_centred(self, self->lane_column[row->from], width, self->lanes_left),
                  text, TONE_BOLD);
    ladder_text_end_line(self);
}

static void draw_coverage(struct text_ladder *self, const struct ladder_row *row)
{
    start_line(self, self->strokes->lane);
    ladder_text_left(self, row);
    text_line_fill(&self->line, self->lanes_left, self->lanes_right, self->strokes->torn,
                   TONE_YELLOW);
    struct slice text = text_format(&self->arena, " %.*s ", TEXT(row->title));
    text = ladder_text_fit(self, text, self->columns - self->lanes_left, false);
    size_t middle = (self->lanes_left + self->lanes_right) / 2;
    text_line_put(&self->line,
                  ladder_text_centred(self, middle, text_width(text), self->lanes_left), text,
                  TONE_YELLOW);
    ladder_text_end_line(self);
}

static void draw_idle(struct text_ladder *self, struct slice words)
{
    start_line(self, self->strokes->idle);
    struct slice text = text_format(&self->arena, " %.*s ", TEXT(words));
    size_t middle = (self->lanes_left + self->lanes_right) / 2;
    text_line_put(&self->line,
                  ladder_text_centred(self, middle, text_width(text), self->lanes_left), text,
                  TONE_FAINT);
    ladder_text_end_line(self);
}

static void draw_date(struct text_ladder *self, struct slice date)
{
    start_line(self, self->strokes->lane);
    text_line_put(&self->line, 0, date, TONE_BOLD);
    ladder_text_end_line(self);
}

static void draw_folded(struct text_ladder *self, const struct ladder_row *row)
{
    start_line(self, self->strokes->lane);
    ladder_text_left(self, row);
    struct slice text = text_format(&self->arena, " %.*s ", TEXT(row->title));
    text = ladder_text_fit(self, text, self->columns - self->lanes_left, false);
    size_t middle = (self->lanes_left + self->lanes_right) / 2;
    text_line_put(&self->line,
                  ladder_text_centred(self, middle, text_width(text), self->lanes_left), text,
                  TONE_FAINT);
    ladder_text_end_line(self);
}

static void draw_step(struct text_ladder *self, const struct ladder_step *step)
{
    const struct ladder_row *row = &self->model->rows[step->row];
    if (step->kind == STEP_ROW) {
        follow_strips(self, step->row);
    }
    if (self->listed) {
        ladder_text_list(self, step);
    } else if (step->kind == STEP_DATE) {
        draw_date(self, step->text);
    } else if (step->kind == STEP_IDLE) {
        draw_idle(self, step->text);
    } else if (row->kind == ROW_PRESENCE) {
        draw_presence(self, row);
    } else if (row->kind == ROW_COVERAGE) {
        draw_coverage(self, row);
    } else if (row->kind == ROW_FOLDED) {
        draw_folded(self, row);
    } else {
        draw_message(self, row);
    }
}

static void write_rows(struct text_ladder *self)
{
    struct ladder_walk walk;
    struct ladder_step step;
    struct arena arena;
    arena_init(&arena);
    ladder_walk_begin(&walk, self->model, &self->style->zone, &arena);
    while (ladder_walk_next(&walk, &step)) {
        draw_step(self, &step);
        arena_reset(&arena);
    }
    arena_dispose(&arena);
}

static void write_finding(struct text_ladder *self, const struct ladder_finding *finding)
{
    struct slice place =
        ladder_finding_place(finding, &self->style->zone, self->summary, &self->arena);
    struct slice head =
        text_format(&self->arena, "%.*s  %s  %.*s  %.*s", TEXT(finding->label),
                    severity_name(finding->severity), TEXT(finding->rule), TEXT(place));
    text_paragraph(self->output, head, 0, 6, self->style->columns);
    output_text(self->output, "\n      ");
    text_paragraph(self->output, finding->message, 6, 6, self->style->columns);
    output_byte(self->output, '\n');
    arena_reset(&self->arena);
}

static void write_note(struct text_ladder *self, struct slice text)
{
    if (text.size > 0) {
        text_paragraph(self->output, text, 0, 0, self->style->columns);
        output_byte(self->output, '\n');
    }
}

void ladder_text_write(const struct ladder_model *model, const struct summary *summary,
                       const struct report_style *style, const char *title, struct output *output)
{
    struct text_ladder self = {
        .model = model,
        .summary = summary,
        .style = style,
        .strokes = style->ascii ? &ascii_strokes : &fine_strokes,
        .output = output,
    };
    arena_init(&self.arena);
    place_lanes(&self);
    text_line_init(&self.line, self.columns, style->ascii, style->colour);
    begin_strips(&self);
    ladder_text_heads(&self, title);
    write_rows(&self);
    write_note(&self, model->messages == 0 ? ladder_empty_text(summary) : slice_of(""));
    write_note(&self, ladder_beyond_text(model, &self.arena));
    output_text(output, model->finding_count > 0 ? "\nFindings\n" : "");
    for (size_t i = 0; i < model->finding_count; i++) {
        write_finding(&self, &model->findings[i]);
    }
    text_line_dispose(&self.line);
    arena_dispose(&self.arena);
}
