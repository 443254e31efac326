/*
 * One line of characters. See canvas_text.h.
 */
#include "reports/canvas_text.h"

#include <stdlib.h>

#include "analyzer/engine/arena.h"
#include "reports/text.h"

void text_line_init(struct text_line *line, size_t columns, bool ascii, bool colour)
{
    *line = (struct text_line){.columns = columns, .ascii = ascii, .colour = colour};
    line->cells = memory_zero(columns, sizeof *line->cells);
}

void text_line_dispose(struct text_line *line)
{
    free(line->cells);
}

void text_line_clear(struct text_line *line)
{
    for (size_t i = 0; i < line->columns; i++) {
        line->cells[i] = (struct text_cell){.character = slice_of("")};
    }
}

/* Half a wide character that is written over leaves a blank. */
static void free_cell(struct text_line *line, size_t column)
{
    struct text_cell *cell = &line->cells[column];
    if (cell->covered && column > 0) {
        line->cells[column - 1].character = slice_of("");
    }
    if (column + 1 < line->columns && line->cells[column + 1].covered) {
        line->cells[column + 1].covered = false;
    }
    *cell = (struct text_cell){.character = slice_of("")};
}

/* The character at the front with the marks that belong to it. */
static struct slice next_cluster(struct slice text, size_t *out_width)
{
    uint32_t code = 0;
    size_t size = text_character(text, &code);
    size = size > 0 ? size : 1;
    *out_width = text_width(slice_sub(text, 0, size));
    while (size < text.size) {
        size_t more = text_character(slice_from(text, size), &code);
        if (more == 0 || text_width(slice_sub(text, size, more)) > 0) {
            break;
        }
        size += more;
    }
    return slice_sub(text, 0, size);
}

void text_line_put(struct text_line *line, size_t column, struct slice text, enum text_tone tone)
{
    while (text.size > 0) {
        size_t width = 0;
        struct slice cluster = next_cluster(text, &width);
        text = slice_from(text, cluster.size);
        if (width == 0) {
            continue;
        }
        if (column + width > line->columns) {
            return;
        }
        for (size_t i = 0; i < width; i++) {
            free_cell(line, column + i);
        }
        if (line->ascii && slice_equal(cluster, slice_of("…"))) {
            cluster = slice_of(".");
        }
        line->cells[column] = (struct text_cell){cluster, (uint8_t)tone, false};
        if (width == 2) {
            line->cells[column + 1].covered = true;
            line->cells[column + 1].tone = (uint8_t)tone;
        }
        column += width;
    }
}

void text_line_fill(struct text_line *line, size_t from, size_t to, struct slice character,
                    enum text_tone tone)
{
    for (size_t column = from; column <= to && column < line->columns; column++) {
        text_line_put(line, column, character, tone);
    }
}

void text_line_write(const struct text_line *line, struct output *output)
{
    static const char *const tones[TONE_TONES] = {
        [TONE_PLAIN] = "\x1b[0m",  [TONE_BOLD] = "\x1b[1m",    [TONE_FAINT] = "\x1b[2m",
        [TONE_RED] = "\x1b[1;31m", [TONE_YELLOW] = "\x1b[33m", [TONE_GREEN] = "\x1b[32m",
    };
    size_t end = line->columns;
    while (end > 0 && line->cells[end - 1].character.size == 0 && !line->cells[end - 1].covered) {
        end--;
    }
    uint8_t tone = TONE_PLAIN;
    for (size_t i = 0; i < end; i++) {
        const struct text_cell *cell = &line->cells[i];
        if (cell->covered) {
            continue;
        }
        if (line->colour && cell->tone != tone) {
            output_text(output, tones[TONE_PLAIN]);
            output_text(output, cell->tone == TONE_PLAIN ? "" : tones[cell->tone]);
            tone = cell->tone;
        }
        if (cell->character.size > 0) {
            output_write(output, cell->character);
        } else {
            output_byte(output, ' ');
        }
    }
    output_text(output, tone == TONE_PLAIN ? "\n" : "\x1b[0m\n");
}
