/*
 * The ladder in characters. See ladder_text.h.
 *
 * What fits into an arrow stands in it; what does not, stands on a line above
 * it. Lanes that are too narrow for their names are lettered and explained.
 */
#include "reports/ladder_text.h"

#include <inttypes.h>

#include "reports/canvas_text.h"
#include "reports/ladder_walk.h"
#include "reports/text.h"

/* clang-format off */
enum {
    TIME_WIDTH = 12, RECORD_WIDTH = 5,
    LEAST_PITCH = 4,  /* columns from lane to lane: "|<--" */
    NAMED_PITCH = 12, /* below this, heads are letters */
    LAST_MARGIN = 2   /* right of the last lane */
};
/* clang-format on */

/* What the lines are drawn with. */
struct strokes {
    struct slice lane;
    struct slice solid;
    struct slice dashed;
    struct slice torn;
    struct slice idle;
};

static const struct strokes fine_strokes = {
    SLICE("│"), SLICE("─"), SLICE("╌"), SLICE("~"), SLICE("┆"),
};
static const struct strokes ascii_strokes = {
    SLICE("|"), SLICE("-"), SLICE("."), SLICE("~"), SLICE(":"),
};

struct text_ladder {
    const struct ladder_model *model;
    const struct summary *summary;
    const struct report_style *style;
    const struct strokes *strokes;
    struct output *output;
    struct arena arena; /* of one line */
    struct text_line line;
    size_t record_width;
    size_t marker_width;
    size_t lanes_left; /* column of the first lane */
    size_t lanes_right;
    size_t columns;
    bool lettered;
    bool shortened; /* a head has no room for the whole name or address */
    size_t lane_column[LADDER_LANES + 1];
};

/* Our own ellipsis is no ASCII. */
static struct slice fit(struct text_ladder *self, struct slice text, size_t columns, bool middle)
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

static void place_lanes(struct text_ladder *self)
{
    size_t lanes = self->model->lane_count;
    size_t gaps = lanes > 1 ? lanes - 1 : 1;
    measure_left(self);
    self->lanes_left = TIME_WIDTH + 1 + self->record_width + 1;
    self->lanes_left += self->marker_width > 0 ? self->marker_width + 1 : 0;
    size_t room = self->style->columns > self->lanes_left + LAST_MARGIN
                      ? self->style->columns - self->lanes_left - LAST_MARGIN
                      : 0;
    size_t pitch = room / gaps < LEAST_PITCH ? LEAST_PITCH : room / gaps;
    self->lettered = lanes > 1 && pitch < NAMED_PITCH;
    for (size_t i = 0; i < lanes; i++) {
        const struct ladder_lane *lane = &self->model->lanes[i];
        self->lane_column[i] = self->lanes_left + pitch * lane->place;
        self->shortened = self->shortened || text_width(lane->name) + 2 > pitch ||
                          text_width(lane->address) + 2 > pitch;
    }
    self->lanes_right = self->lanes_left + pitch * (lanes > 1 ? lanes - 1 : 1);
    self->lane_column[LADDER_NO_LANE] = self->lanes_left;
    self->columns = self->lanes_right + LAST_MARGIN;
    if (self->columns < self->style->columns) {
        self->columns = self->style->columns;
    }
}

/* ---- lines ---- */

static void start_line(struct text_ladder *self, struct slice stroke)
{
    text_line_clear(&self->line);
    for (size_t i = 0; i < self->model->lane_count; i++) {
        text_line_put(&self->line, self->lane_column[i], stroke, TONE_FAINT);
    }
}

static void end_line(struct text_ladder *self)
{
    text_line_write(&self->line, self->output);
    arena_reset(&self->arena);
}

static void put_left(struct text_ladder *self, const struct ladder_row *row)
{
    struct slice time = ladder_time_text(row->time, &self->style->zone, &self->arena);
    struct slice record = ladder_record_text(row->input, row->record, self->summary, &self->arena);
    text_line_put(&self->line, 0, time, TONE_PLAIN);
    text_line_put(&self->line, TIME_WIDTH + 1 + self->record_width - record.size, record,
                  TONE_FAINT);
    if (row->finding > 0) {
        const struct ladder_finding *finding = &self->model->findings[row->finding - 1];
        struct slice label =
            text_format(&self->arena, "%.*s%s", TEXT(finding->label), finding->next > 0 ? "+" : "");
        text_line_put(&self->line, TIME_WIDTH + 2 + self->record_width, label,
                      finding->severity == SEVERITY_ERROR ? TONE_RED : TONE_YELLOW);
    }
}

/* Centred on `column`, but inside the lines. */
static size_t centred(const struct text_ladder *self, size_t column, size_t width, size_t least)
{
    size_t start = column > width / 2 ? column - width / 2 : 0;
    if (start + width > self->columns) {
        start = self->columns > width ? self->columns - width : 0;
    }
    return start < least ? least : start;
}

/* ---- messages ---- */

static struct slice label_of(struct text_ladder *self, const struct ladder_row *row, bool whole)
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

/* The step of a call flow stays whole beside what is told of the message. */
static struct slice with_step(struct text_ladder *self, const struct ladder_row *row,
                              struct slice label, size_t room)
{
    size_t taken = text_width(row->step) + 3;
    if (row->step.size == 0) {
        return label;
    }
    label = fit(self, label, room > taken ? room - taken : 0, false);
    return text_format(&self->arena, "%.*s {%.*s}", TEXT(label), TEXT(row->step));
}

/* From the arrow's left end on if there is room, else up to its right end. */
static void line_above(struct text_ladder *self, struct slice label, size_t left, size_t right,
                       enum text_tone tone)
{
    size_t least = self->lanes_left + 1;
    start_line(self, self->strokes->lane);
    label = fit(self, label, self->columns - least, false);
    size_t width = text_width(label);
    size_t start = left + 2;
    if (start + width > self->columns) {
        start = right > least + width ? right - width - 1 : least;
    }
    text_line_put(&self->line, start - 1, slice_of(" "), TONE_PLAIN);
    text_line_put(&self->line, start, label, tone);
    text_line_write(&self->line, self->output);
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

static enum text_tone tone_of(const struct ladder_row *row)
{
    return row->failed ? TONE_RED : row->again ? TONE_FAINT : TONE_PLAIN;
}

/* A host that talks to itself: the arrow comes back. */
static void draw_loop(struct text_ladder *self, const struct ladder_row *row)
{
    size_t at = self->lane_column[row->from];
    struct slice label = text_format(&self->arena, "<-> %.*s", TEXT(label_of(self, row, true)));
    label = with_step(self, row, label, self->columns - at - 1);
    start_line(self, self->strokes->lane);
    put_left(self, row);
    label = fit(self, label, self->columns - at - 1, false);
    text_line_put(&self->line, at + 1, label, tone_of(row));
    end_line(self);
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
    enum text_tone tone = tone_of(row);
    struct slice label = label_of(self, row, true);
    size_t room = right - left > 6 ? right - left - 6 : 0;
    if (text_width(label) > room && row->plain) {
        label = label_of(self, row, false);
    }
    bool inside = text_width(label) <= room;
    if (!inside) {
        label = with_step(self, row, label, self->columns - self->lanes_left - 1);
        line_above(self, label, left, right, tone);
    } else if (row->step.size > 0) {
        struct slice step = text_format(&self->arena, "{%.*s}", TEXT(row->step));
        line_above(self, step, left, right, TONE_FAINT);
    }
    start_line(self, self->strokes->lane);
    put_left(self, row);
    draw_shaft(self, row, left, right);
    if (inside) {
        size_t width = text_width(label) + 2;
        size_t start = (left + right + 1 - width) / 2;
        text_line_put(&self->line, start, slice_of(" "), TONE_PLAIN);
        text_line_put(&self->line, start + 1, label, tone);
        text_line_put(&self->line, start + width - 1, slice_of(" "), TONE_PLAIN);
    }
    end_line(self);
}

/* ---- other rows ---- */

static void draw_presence(struct text_ladder *self, const struct ladder_row *row)
{
    start_line(self, self->strokes->lane);
    if (row->message == 0) { /* no arrow above says when */
        put_left(self, row);
    }
    struct slice text = text_format(&self->arena, "[%.*s]", TEXT(row->title));
    text = fit(self, text, self->columns - self->lanes_left, false);
    size_t width = text_width(text);
    text_line_put(&self->line, centred(self, self->lane_column[row->from], width, self->lanes_left),
                  text, TONE_BOLD);
    end_line(self);
}

static void draw_coverage(struct text_ladder *self, const struct ladder_row *row)
{
    start_line(self, self->strokes->lane);
    put_left(self, row);
    text_line_fill(&self->line, self->lanes_left, self->lanes_right, self->strokes->torn,
                   TONE_YELLOW);
    struct slice text = text_format(&self->arena, " %.*s ", TEXT(row->title));
    text = fit(self, text, self->columns - self->lanes_left, false);
    size_t middle = (self->lanes_left + self->lanes_right) / 2;
    text_line_put(&self->line, centred(self, middle, text_width(text), self->lanes_left), text,
                  TONE_YELLOW);
    end_line(self);
}

static void draw_idle(struct text_ladder *self, struct slice words)
{
    start_line(self, self->strokes->idle);
    struct slice text = text_format(&self->arena, " %.*s ", TEXT(words));
    size_t middle = (self->lanes_left + self->lanes_right) / 2;
    text_line_put(&self->line, centred(self, middle, text_width(text), self->lanes_left), text,
                  TONE_FAINT);
    end_line(self);
}

static void draw_date(struct text_ladder *self, struct slice date)
{
    start_line(self, self->strokes->lane);
    text_line_put(&self->line, 0, date, TONE_BOLD);
    end_line(self);
}

static void draw_folded(struct text_ladder *self, const struct ladder_row *row)
{
    start_line(self, self->strokes->lane);
    put_left(self, row);
    struct slice text = text_format(&self->arena, " %.*s ", TEXT(row->title));
    text = fit(self, text, self->columns - self->lanes_left, false);
    size_t middle = (self->lanes_left + self->lanes_right) / 2;
    text_line_put(&self->line, centred(self, middle, text_width(text), self->lanes_left), text,
                  TONE_FAINT);
    end_line(self);
}

static void draw_step(struct text_ladder *self, const struct ladder_step *step)
{
    const struct ladder_row *row = &self->model->rows[step->row];
    if (step->kind == STEP_DATE) {
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

/* ---- around them ---- */

static void write_heading(struct text_ladder *self, const char *title)
{
    struct ladder_heading heading;
    ladder_heading_make(&heading, self->model, self->summary, self->style, title, &self->arena);
    output_write(self->output, heading.title);
    output_byte(self->output, '\n');
    for (size_t i = 0; i < heading.count; i++) {
        text_paragraph(self->output, heading.lines[i], 0, 0, self->style->columns);
        output_byte(self->output, '\n');
    }
    output_byte(self->output, '\n');
    arena_reset(&self->arena);
}

static struct slice lane_letter(struct text_ladder *self, size_t place)
{
    if (place < 26) {
        return text_format(&self->arena, "%c", 'A' + (int)place);
    }
    return text_format(&self->arena, "%zu", place + 1);
}

static void write_legend(struct text_ladder *self)
{
    for (size_t i = 0; i < self->model->lane_count; i++) {
        const struct ladder_lane *lane = &self->model->lanes[self->model->order[i]];
        struct slice letter = lane_letter(self, i);
        struct slice text = text_format(&self->arena, "%.*s = %.*s  %.*s", TEXT(letter),
                                        TEXT(lane->name), TEXT(lane->address));
        output_write(self->output, fit(self, text, self->style->columns, false));
        output_byte(self->output, '\n');
    }
    output_byte(self->output, '\n');
    arena_reset(&self->arena);
}

/* What stands above a lane: its letter, or in two lines its name and its address. */
static struct slice head_text(struct text_ladder *self, const struct ladder_lane *lane, int part)
{
    if (self->lettered) {
        return lane_letter(self, lane->place);
    }
    return part == 0 ? lane->name : lane->address;
}

/* What the heads leave out: "ann 192.0.2.31 | ben 192.0.2.32", from left to right. */
static void write_whole_heads(struct text_ladder *self)
{
    struct slice text = slice_of("lanes:");
    for (size_t i = 0; i < self->model->lane_count; i++) {
        const struct ladder_lane *lane = &self->model->lanes[self->model->order[i]];
        text = text_format(&self->arena, "%.*s%s %.*s %.*s", TEXT(text), i > 0 ? " |" : "",
                           TEXT(lane->name), TEXT(lane->address));
    }
    text_paragraph(self->output, text, 0, 7, self->style->columns);
    output_text(self->output, "\n\n");
    arena_reset(&self->arena);
}

/* From `least` on, at most `room` columns; the column after it. */
static size_t put_head(struct text_ladder *self, const struct ladder_lane *lane, int part,
                       size_t least, size_t room)
{
    struct slice text = fit(self, head_text(self, lane, part), room, true);
    size_t width = text_width(text);
    size_t at = self->lane_column[lane - self->model->lanes];
    size_t start = lane->place == 0 ? at : centred(self, at, width, least);
    text_line_put(&self->line, start, text, TONE_BOLD);
    return start + width;
}

/*
 * The heads between are centred on their lanes; the first begins at its lane, the
 * last ends with the line, and they take what the others leave.
 */
static void put_heads(struct text_ladder *self, int part)
{
    const struct ladder_model *model = self->model;
    size_t lanes = model->lane_count;
    size_t pitch = (self->lanes_right - self->lanes_left) / (lanes > 1 ? lanes - 1 : 1);
    size_t middle = pitch > 3 ? pitch - 2 : 1;
    size_t end = self->lanes_left;
    if (lanes > 1) {
        struct slice next = head_text(self, &model->lanes[model->order[1]], part);
        size_t width = text_width(next) < middle ? text_width(next) : middle;
        size_t taken = lanes == 2 ? pitch / 2 : width / 2 + 1;
        end = put_head(self, &model->lanes[model->order[0]], part, end, pitch - taken) + 1;
    } else if (lanes == 1) {
        put_head(self, &model->lanes[0], part, end, self->columns - end);
    }
    for (size_t place = 1; place + 1 < lanes; place++) {
        end = put_head(self, &model->lanes[model->order[place]], part, end, middle) + 1;
    }
    if (lanes > 1) {
        put_head(self, &model->lanes[model->order[lanes - 1]], part, end, self->columns - end);
    }
}

static void write_heads(struct text_ladder *self)
{
    int parts = self->lettered ? 1 : 2;
    for (int part = 0; part < parts; part++) {
        text_line_clear(&self->line);
        if (part == parts - 1) {
            text_line_put(&self->line, 0, slice_of("time"), TONE_FAINT);
            text_line_put(&self->line, TIME_WIDTH + self->record_width, slice_of("#"), TONE_FAINT);
        }
        put_heads(self, part);
        end_line(self);
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
    struct slice time = ladder_time_text(finding->time, &self->style->zone, &self->arena);
    output_format(self->output, "%.*s  %s  %.*s  %.*s\n      ", TEXT(finding->label),
                  severity_name(finding->severity), TEXT(finding->rule), TEXT(time));
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
    write_heading(&self, title);
    if (self.lettered) {
        write_legend(&self);
    } else if (self.shortened && model->lane_count > 1) {
        write_whole_heads(&self);
    }
    if (model->lane_count > 0) {
        write_heads(&self);
    }
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
