/*
 * What stands above the rows of a ladder in characters. See ladder_text_parts.h.
 */
#include "analyzer/engine/bands.h"
#include "reports/ladder_text_parts.h"
#include "reports/text.h"

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

struct slice ladder_text_letter(struct text_ladder *self, size_t place)
{
    if (place < 26) {
        return text_format(&self->arena, "%c", 'A' + (int)place);
    }
    return text_format(&self->arena, "%zu", place + 1);
}

/* "ann  192.0.2.31", "fe01  192.0.2.5  front end" */
static struct slice whole_head(struct text_ladder *self, const struct ladder_lane *lane,
                               const char *between)
{
    struct slice text = lane->name;
    const struct slice more[] = {lane->address, lane->role};
    for (size_t i = 0; i < sizeof more / sizeof more[0]; i++) {
        if (more[i].size > 0) {
            text = text_format(&self->arena, "%.*s%s%.*s", TEXT(text), between, TEXT(more[i]));
        }
    }
    return text;
}

static void write_legend(struct text_ladder *self)
{
    for (size_t i = 0; i < self->model->lane_count; i++) {
        const struct ladder_lane *lane = &self->model->lanes[self->model->order[i]];
        struct slice letter = ladder_text_letter(self, i);
        struct slice head = whole_head(self, lane, "  ");
        struct slice text = text_format(&self->arena, "%.*s = %.*s", TEXT(letter), TEXT(head));
        output_write(self->output, ladder_text_fit(self, text, self->style->columns, false));
        output_byte(self->output, '\n');
    }
    output_byte(self->output, '\n');
    arena_reset(&self->arena);
}

/* What stands above a lane: its letter, or in two or three lines its name, role and address. */
static struct slice head_text(struct text_ladder *self, const struct ladder_lane *lane, int part)
{
    if (self->lettered) {
        return ladder_text_letter(self, lane->place);
    }
    return part == 0 ? lane->name : part == 1 && self->roles ? lane->role : lane->address;
}

/* From `least` on, at most `room` columns; the column after it. */
static size_t put_head(struct text_ladder *self, const struct ladder_lane *lane, int part,
                       size_t least, size_t room)
{
    size_t number = (size_t)(lane - self->model->lanes);
    size_t left = LADDER_TIME_WIDTH + self->record_width + 2; /* of "#", and a blank */
    size_t slack = lane->place == 0 ? self->lanes_left - left : 0;
    struct slice whole = head_text(self, lane, part);
    struct slice text = ladder_text_fit(self, whole, room + slack, true);
    size_t width = text_width(text);
    self->shortened[number] = self->shortened[number] || !slice_equal(text, whole);
    size_t at = self->lane_column[number];
    size_t start = at - (width > room ? width - room : 0);
    if (lane->place > 0) {
        start = ladder_text_centred(self, at, width, least);
    }
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
        size_t most = lanes == 2 ? pitch / 2 : middle;
        size_t width = text_width(next) < most ? text_width(next) : most;
        size_t taken = lanes == 2 ? width : width / 2 + 1;
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

static int head_parts(const struct text_ladder *self)
{
    return self->lettered ? 1 : self->roles ? 3 : 2;
}

/* Which heads are shortened shows when they are put; the line is not written. */
static void try_heads(struct text_ladder *self)
{
    for (int part = 0; part < head_parts(self); part++) {
        text_line_clear(&self->line);
        put_heads(self, part);
        arena_reset(&self->arena);
    }
}

/* What the heads leave out: "ann 192.0.2.31 | ben 192.0.2.32", from left to right. */
static void write_whole_heads(struct text_ladder *self)
{
    static const char title[] = "in full: ";
    enum { INDENT = sizeof title - 1, BETWEEN = 3 };
    size_t end = self->style->columns - 2; /* a line may end in " |" */
    size_t at = 0;
    for (size_t i = 0; i < self->model->lane_count; i++) {
        unsigned number = self->model->order[i];
        if (!self->shortened[number]) {
            continue;
        }
        struct slice head = whole_head(self, &self->model->lanes[number], " ");
        bool first = at == 0;
        bool turns = !first && at + BETWEEN + text_width(head) > end;
        if (turns) {
            output_text(self->output, " |\n");
            text_left(self->output, slice_of(""), INDENT);
        } else {
            output_text(self->output, first ? title : " | ");
        }
        at = first || turns ? INDENT : at + BETWEEN;
        head = ladder_text_fit(self, head, end - at, true);
        output_write(self->output, head);
        at += text_width(head);
    }
    output_text(self->output, at > 0 ? "\n\n" : "");
    arena_reset(&self->arena);
}

static void write_heads(struct text_ladder *self)
{
    int parts = head_parts(self);
    for (int part = 0; part < parts; part++) {
        text_line_clear(&self->line);
        if (part == parts - 1) {
            text_line_put(&self->line, 0, slice_of("time"), TONE_FAINT);
            text_line_put(&self->line, LADDER_TIME_WIDTH + self->record_width, slice_of("#"),
                          TONE_FAINT);
        }
        put_heads(self, part);
        ladder_text_end_line(self);
    }
}

/* "away", "be-right-back or away": the presences that this stroke stands for. */
static struct slice stroke_bands(struct text_ladder *self, struct slice stroke)
{
    struct slice text = slice_of("");
    for (int band = 0; band < BANDS; band++) {
        if (self->bands_used[band] && slice_equal(self->strokes->bands[band], stroke)) {
            text = text_format(&self->arena, "%.*s%s%s", TEXT(text), text.size > 0 ? " or " : "",
                               band_name((enum band)band));
        }
    }
    return text;
}

static bool told_before(const struct text_ladder *self, int band)
{
    for (int other = 0; other < band; other++) {
        if (self->bands_used[other] &&
            slice_equal(self->strokes->bands[other], self->strokes->bands[band])) {
            return true;
        }
    }
    return false;
}

/* "presence beside the lanes: ░ available, ▓ busy": in the order of the bands, each stroke once. */
static void write_strip_legend(struct text_ladder *self)
{
    struct slice text = slice_of("");
    for (int band = 0; band < BANDS; band++) {
        struct slice stroke = self->strokes->bands[band];
        if (self->bands_used[band] && stroke.size > 0 && !told_before(self, band)) {
            text =
                text_format(&self->arena, "%.*s%s %.*s %.*s", TEXT(text), text.size > 0 ? "," : "",
                            TEXT(stroke), TEXT(stroke_bands(self, stroke)));
        }
    }
    if (text.size > 0) {
        text = text_format(&self->arena, "presence beside the lanes:%.*s", TEXT(text));
        text_paragraph(self->output, text, 0, 7, self->style->columns);
        output_text(self->output, "\n\n");
    }
    arena_reset(&self->arena);
}

void ladder_text_heads(struct text_ladder *self, const char *title)
{
    write_heading(self, title);
    if (!self->listed) {
        write_strip_legend(self);
    }
    if (self->lettered) {
        write_legend(self);
    } else if (self->model->lane_count > 0) {
        try_heads(self);
        write_whole_heads(self);
    }
    if (self->model->lane_count > 0 && !self->listed) {
        write_heads(self);
    }
}
