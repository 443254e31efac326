/*
 * The ladder in characters where there are more lanes than columns: each row
 * names its two parties. See ladder_text_parts.h.
 */
#include "reports/ladder_text_parts.h"
#include "reports/text.h"

enum { LEAST_PARTY = 8, MOST_PARTY = 18, LETTER = 3, ARROW = 4 }; /* columns */

/* As wide as the longest name with its letter, within reason. */
static size_t party_width(const struct text_ladder *self)
{
    size_t most = self->columns > self->lanes_left ? (self->columns - self->lanes_left) / 3 : 0;
    size_t widest = LEAST_PARTY;
    most = most < LEAST_PARTY ? LEAST_PARTY : most > MOST_PARTY ? MOST_PARTY : most;
    for (size_t i = 0; i < self->model->lane_count; i++) {
        size_t width = text_width(self->model->lanes[i].name) + LETTER;
        widest = width > widest ? width : widest;
    }
    return widest < most ? widest : most;
}

/* The name, and the letter where several lanes have it. */
static struct slice party_text(struct text_ladder *self, uint16_t number)
{
    const struct ladder_model *model = self->model;
    const struct ladder_lane *lane = &model->lanes[number];
    size_t width = party_width(self);
    for (size_t i = 0; i < model->lane_count; i++) {
        if (i != number && slice_equal(model->lanes[i].name, lane->name)) {
            struct slice letter = ladder_text_letter(self, lane->place);
            struct slice name = ladder_text_fit(self, lane->name, width - letter.size - 1, true);
            return text_format(&self->arena, "%.*s %.*s", TEXT(name), TEXT(letter));
        }
    }
    return ladder_text_fit(self, lane->name, width, true);
}

/* Behind the last text, or on a line of its own; the column behind it. */
static size_t put_next(struct text_ladder *self, struct slice text, size_t column,
                       enum text_tone tone)
{
    if (column + text_width(text) > self->columns) {
        text_line_write(&self->line, self->output);
        text_line_clear(&self->line);
        column = self->lanes_left + 2;
        text = ladder_text_fit(self, text, self->columns - column, false);
    }
    text_line_put(&self->line, column, text, tone);
    return column + text_width(text) + 1;
}

static void list_message(struct text_ladder *self, const struct ladder_row *row)
{
    size_t column = self->lanes_left;
    size_t width = party_width(self);
    struct slice from = party_text(self, row->from);
    struct slice to = party_text(self, row->to);
    struct slice stroke = row->request ? self->strokes->solid : self->strokes->dashed;
    text_line_put(&self->line, column + width - text_width(from), from, TONE_PLAIN);
    column += width + 1;
    text_line_fill(&self->line, column, column + ARROW - 2, stroke, TONE_PLAIN);
    text_line_put(&self->line, column + ARROW - 1, slice_of(">"), TONE_PLAIN);
    column += ARROW + 1;
    text_line_put(&self->line, column, to, TONE_PLAIN);
    column += text_width(to) + 2;
    column = put_next(self, ladder_text_label(self, row, true), column, ladder_text_tone(row));
    if (row->step.size > 0) {
        put_next(self, text_format(&self->arena, "{%.*s}", TEXT(row->step)), column, TONE_FAINT);
    }
}

void ladder_text_list(struct text_ladder *self, const struct ladder_step *step)
{
    const struct ladder_row *row = &self->model->rows[step->row];
    text_line_clear(&self->line);
    if (step->kind == STEP_DATE) {
        text_line_put(&self->line, 0, step->text, TONE_BOLD);
    } else if (step->kind == STEP_IDLE) {
        text_line_put(&self->line, self->lanes_left, step->text, TONE_FAINT);
    } else {
        if (row->kind != ROW_PRESENCE || row->message == 0) {
            ladder_text_left(self, row);
        }
        if (row->kind == ROW_MESSAGE) {
            list_message(self, row);
        } else {
            struct slice text = text_format(&self->arena, "[%.*s]", TEXT(row->title));
            text = ladder_text_fit(self, text, self->columns - self->lanes_left, false);
            text_line_put(&self->line, self->lanes_left, text, TONE_BOLD);
        }
    }
    ladder_text_end_line(self);
}
