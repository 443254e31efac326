/*
 * Tables as text. See table.h.
 *
 * A column is as wide as its longest cell while the row fits; else those give way of which few
 * cells are long, and these go on in the next line. Words are broken only where nothing else helps.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/table.h"
#include "reports/text.h"

enum { COLUMN_LEAST = 5, PIECE_MOST = 18, COLUMNS_GAP = 2 };

/* One column that is shown. */
struct shown {
    size_t place;
    size_t width;
    size_t natural; /* that of its longest cell */
    size_t piece;   /* the longest that should not be broken */
    size_t least;   /* of its heading */
    size_t total;   /* columns that all its cells take */
    bool is_right;  /* numbers */
    bool is_time;
    struct slice rest; /* of the row that is being written */
};

struct layout {
    struct shown *columns;
    size_t count;
};

/* ---- cells ---- */

static struct slice time_words(int64_t time, struct arena *arena)
{
    static const struct clock_zone utc = {false};
    char text[CLOCK_TEXT];
    clock_date(time, &utc, text);
    struct slice words = slice_of(text);
    size_t point = slice_find(words, slice_of(".000"));
    return arena_keep(arena, slice_sub(words, 0, point));
}

static struct slice cell_words(const struct table_cell *cell, struct arena *arena)
{
    switch (cell->kind) {
    case TABLE_NONE:
        break;
    case TABLE_TEXT:
        return text_safe(cell->text, false, arena);
    case TABLE_NUMBER:
        return text_format(arena, "%" PRId64, cell->number);
    case TABLE_TIME:
        return time_words(cell->number, arena);
    case TABLE_TRUTH:
        return slice_of(cell->number != 0 ? "yes" : "no");
    case TABLE_WORD:
        return cell->text.size > 0 ? text_safe(cell->text, false, arena)
                                   : text_format(arena, "%" PRId64, cell->number);
    }
    return slice_of("");
}

/* ---- widths ---- */

static bool is_empty(const struct table *table, size_t place)
{
    for (size_t i = 0; i < table_count(table); i++) {
        if (table_row(table, i)->cells[place].kind != TABLE_NONE) {
            return false;
        }
    }
    return true;
}

static bool is_hexadecimal(char c)
{
    return ascii_is_digit(c) || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'f');
}

/*
 * A line may end behind that byte: not inside addresses, versions and names, but inside URIs and
 * GUIDs; within a time only between date and time of day.
 */
static bool is_joint(struct slice words, size_t at, bool is_time)
{
    char c = words.data[at];
    char next = at + 1 < words.size ? words.data[at + 1] : ' ';
    if (c == ' ' || is_time) {
        return c == ' ';
    }
    return c == '@' || c == '/' || c == ',' || (c == '.' && ascii_is_alpha(next)) ||
           (c == '-' && at > 0 && is_hexadecimal(words.data[at - 1]) && is_hexadecimal(next));
}

static size_t longest_piece(struct slice words, bool is_time)
{
    size_t longest = 0;
    size_t begin = 0;
    for (size_t i = 0; i < words.size; i++) {
        if (is_joint(words, i, is_time) || i + 1 == words.size) {
            struct slice piece = slice_trim(slice_sub(words, begin, i + 1 - begin));
            size_t width = text_width(piece);
            longest = width > longest ? width : longest;
            begin = i + 1;
        }
    }
    return longest > PIECE_MOST ? PIECE_MOST : longest;
}

static void measure(const struct table *table, struct shown *column, const char *heading,
                    struct arena *arena)
{
    column->width = text_width(slice_of(heading));
    column->least = longest_piece(slice_of(heading), true);
    column->piece = column->least;
    column->is_right = table_count(table) > 0;
    for (size_t i = 0; i < table_count(table); i++) {
        const struct table_cell *cell = &table_row(table, i)->cells[column->place];
        struct slice words = cell_words(cell, arena);
        size_t width = text_width(words);
        size_t piece = longest_piece(words, cell->kind == TABLE_TIME);
        column->width = width > column->width ? width : column->width;
        column->total += width;
        column->piece = piece > column->piece ? piece : column->piece;
        column->is_right =
            column->is_right && (cell->kind == TABLE_NUMBER || cell->kind == TABLE_NONE);
        arena_reset(arena);
    }
    column->natural = column->width;
}

static size_t total_width(const struct layout *layout)
{
    size_t total = layout->count > 0 ? (layout->count - 1) * COLUMNS_GAP : 0;
    for (size_t i = 0; i < layout->count; i++) {
        total += layout->columns[i].width;
    }
    return total;
}

/* Compared with what its cells take on average, is `a` the wider one? */
static bool is_roomier(const struct shown *a, const struct shown *b)
{
    return a->width * (b->total + 1) > b->width * (a->total + 1);
}

/* The column that gives way without breaking words; NULL = none can. */
static struct shown *roomiest_column(struct layout *layout)
{
    struct shown *roomiest = NULL;
    for (size_t i = 0; i < layout->count; i++) {
        struct shown *column = &layout->columns[i];
        if (column->width > column->piece && (!roomiest || is_roomier(column, roomiest))) {
            roomiest = column;
        }
    }
    return roomiest;
}

static struct shown *widest_column(struct layout *layout)
{
    struct shown *widest = NULL;
    for (size_t i = 0; i < layout->count; i++) {
        struct shown *column = &layout->columns[i];
        if (column->width > COLUMN_LEAST && (!widest || column->width > widest->width)) {
            widest = column;
        }
    }
    return widest;
}

static void narrow(struct layout *layout, size_t columns)
{
    size_t total = total_width(layout);
    while (total > columns) {
        struct shown *chosen = roomiest_column(layout);
        chosen = chosen ? chosen : widest_column(layout);
        if (!chosen) {
            break;
        }
        /* One step for very long cells, then one by one. */
        size_t excess = total - columns;
        size_t step = chosen->width > columns ? chosen->width - columns : 1;
        step = step > excess ? excess : step;
        chosen->width -= step;
        total -= step;
    }
}

/* The next piece of a cell: as much as fits, up to a blank, else behind a mark that joins words. */
static struct slice take_piece(struct shown *column)
{
    struct slice *rest = &column->rest;
    size_t width = column->width;
    struct slice piece = text_prefix(*rest, width);
    if (piece.size == 0 && rest->size > 0) {
        piece = text_prefix(*rest, width + 1); /* a wide character in a narrow column */
    }
    if (piece.size < rest->size && rest->data[piece.size] != ' ') {
        size_t end = piece.size;
        while (end > 0 && !is_joint(*rest, end - 1, column->is_time)) {
            end--;
        }
        piece.size = end > 0 ? end : piece.size;
    }
    *rest = slice_from(*rest, piece.size);
    while (rest->size > 0 && rest->data[0] == ' ') {
        *rest = slice_from(*rest, 1);
    }
    return slice_trim(piece);
}

/* As wide as the lines into which its cells are broken, which may be less than it may be. */
static size_t used_width(const struct table *table, const struct shown *column, size_t least,
                         struct arena *arena)
{
    size_t used = least < column->width ? least : column->width;
    for (size_t i = 0; i < table_count(table); i++) {
        const struct table_cell *cell = &table_row(table, i)->cells[column->place];
        struct shown part = *column;
        part.is_time = cell->kind == TABLE_TIME;
        part.rest = cell_words(cell, arena);
        while (part.rest.size > 0 && used < column->width) {
            size_t width = text_width(take_piece(&part));
            used = width > used ? width : used;
        }
        arena_reset(arena);
    }
    return used;
}

/* What breaking at the joints leaves over goes to columns that then need not break. */
static void share_rest(const struct table *table, struct layout *layout, size_t columns,
                       struct arena *arena)
{
    for (size_t i = 0; i < layout->count; i++) {
        struct shown *column = &layout->columns[i];
        if (column->width < column->natural) {
            column->width = used_width(table, column, column->least, arena);
        }
    }
    for (size_t i = 0; i < layout->count; i++) {
        struct shown *column = &layout->columns[i];
        size_t total = total_width(layout);
        size_t rest = total < columns ? columns - total : 0;
        if (column->natural - column->width <= rest) {
            column->width = column->natural;
        }
    }
}

/* A column that no row fills is left out. */
static struct layout layout_of(const struct table *table, size_t width, struct arena *arena)
{
    size_t count = 0;
    const struct table_column *columns = table_columns(table, &count);
    struct layout layout = {.columns = memory_zero(count, sizeof *layout.columns)};
    for (size_t i = 0; i < count; i++) {
        if (columns[i].heading && !is_empty(table, i)) {
            struct shown *column = &layout.columns[layout.count++];
            column->place = i;
            measure(table, column, columns[i].heading, arena);
        }
    }
    if (total_width(&layout) > width) {
        narrow(&layout, width);
        share_rest(table, &layout, width, arena);
    }
    return layout;
}

/* ---- rows ---- */

/* One line; true while a column has more. */
static bool line_text(struct layout *layout, struct output *output)
{
    bool more = false;
    size_t owed = 0; /* blanks that are written only before something */
    for (size_t i = 0; i < layout->count; i++) {
        struct shown *column = &layout->columns[i];
        struct slice piece = take_piece(column);
        size_t used = text_width(piece);
        size_t left = column->width > used ? column->width - used : 0;
        if (piece.size > 0) {
            output_repeat(output, ' ', owed + (column->is_right ? left : 0));
            output_write(output, piece);
            owed = column->is_right ? 0 : left;
        } else {
            owed += column->width;
        }
        owed += COLUMNS_GAP;
        more = more || column->rest.size > 0;
    }
    output_byte(output, '\n');
    return more;
}

static void heading_text(const struct table *table, struct layout *layout, struct output *output)
{
    size_t count = 0;
    const struct table_column *columns = table_columns(table, &count);
    for (size_t i = 0; i < layout->count; i++) {
        layout->columns[i].is_time = true; /* as if: broken at blanks only */
        layout->columns[i].rest = slice_of(columns[layout->columns[i].place].heading);
    }
    while (line_text(layout, output)) {
    }
}

static void row_text(const struct table_row *row, struct layout *layout, struct output *output,
                     struct arena *arena)
{
    for (size_t i = 0; i < layout->count; i++) {
        struct shown *column = &layout->columns[i];
        column->is_time = row->cells[column->place].kind == TABLE_TIME;
        column->rest = cell_words(&row->cells[column->place], arena);
    }
    while (line_text(layout, output)) {
    }
    arena_reset(arena);
}

/* ---- around them ---- */

static void remark_text(struct slice remark, const struct report_style *style,
                        struct output *output, struct arena *arena)
{
    text_paragraph(output, text_safe(remark, false, arena), 0, 2, style->columns);
    output_byte(output, '\n');
}

static void sources_text(const struct table_head *head, const struct report_style *style,
                         struct output *output, struct arena *arena)
{
    for (size_t i = 0; i < head->source_count; i++) {
        const struct table_source *source = &head->sources[i];
        if (source->absent.size > 0) {
            remark_text(text_format(arena, "%.*s has no %.*s: what depends on it is left empty.",
                                    TEXT(source->name), TEXT(source->absent)),
                        style, output, arena);
        }
        if (source->problem.size > 0) {
            remark_text(text_format(arena, "%.*s: %.*s", TEXT(source->name), TEXT(source->problem)),
                        style, output, arena);
        }
    }
}

void table_write_text(const struct table *table, const struct report_style *style,
                      const struct table_head *head, struct output *output)
{
    struct arena arena;
    arena_init(&arena);
    struct layout layout = layout_of(table, style->columns, &arena);
    text_paragraph(output, text_format(&arena, "%s: %s", head->report, head->title), 0, 0,
                   style->columns);
    output_text(output, "\n\n");
    if (table_count(table) > 0) {
        heading_text(table, &layout, output);
    }
    for (size_t i = 0; i < table_count(table); i++) {
        row_text(table_row(table, i), &layout, output, &arena);
    }
    output_format(output, "%s%zu row%s\n", table_count(table) > 0 ? "\n" : "", table_count(table),
                  text_plural(table_count(table)));
    sources_text(head, style, output, &arena);
    if (style->redacted) {
        remark_text(slice_of(report_redacted_words()), style, output, &arena);
    }
    for (size_t i = 0; i < head->remark_count; i++) {
        remark_text(head->remarks[i], style, output, &arena);
    }
    free(layout.columns);
    arena_dispose(&arena);
}
