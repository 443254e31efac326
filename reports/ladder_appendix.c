/*
 * Every message in full. See ladder_appendix.h.
 */
#include "reports/ladder_appendix.h"

#include <inttypes.h>

#include "reports/canvas_fit.h"
#include "reports/ladder_furniture.h"
#include "reports/message_text.h"
#include "reports/text.h"

/* clang-format off */
enum {
    MOST = 1 << 20, /* bytes of one message; the text says how many more there were */
    LINE = 8, HEAD = 14, HEAD_GAP = 4, MESSAGE_GAP = 9, HEADING = 24,
    INDENT = 8,     /* of all lines */
    HANG = 4,       /* columns by which the rest of a long line stands further in */
    LOOK_BACK = 40, /* columns in which a good place to break is looked for */
    LEAST_LINES = 3 /* below the head of a message on the same page */
};
/* clang-format on */

/* The appendix while it is laid out, or drawn. */
struct sheets {
    struct ladder_layout *layout; /* NULL while it is drawn */
    struct ladder_pen *pen;       /* NULL while it is laid out */
    struct canvas *canvas;
    const struct ladder_model *model;
    double width; /* of a page */
    double height;
    double bottom;
    double letter;    /* width of a character */
    unsigned columns; /* characters of a line */
    size_t page;      /* from 0, all pages counted */
    size_t first;     /* page */
    double y;
    struct arena arena; /* of one message */
};

/* ---- pages ---- */

static void page_begin(struct sheets *sheets)
{
    sheets->y = LADDER_MARGIN + LADDER_RUNNING_HEAD;
    if (sheets->pen) {
        sheets->canvas->page_begin(sheets->canvas, sheets->width, sheets->height, 1);
        ladder_furniture_top(sheets->pen, sheets->page, sheets->width);
    }
}

static void page_end(struct sheets *sheets)
{
    if (sheets->pen) {
        ladder_furniture_foot(sheets->pen, sheets->page, sheets->width, sheets->height, false);
        sheets->canvas->page_end(sheets->canvas);
    }
    sheets->page++;
}

static void make_room(struct sheets *sheets, double height)
{
    if (sheets->y + height > sheets->bottom) {
        page_end(sheets);
        page_begin(sheets);
    }
}

static void sheets_init(struct sheets *sheets, const struct ladder_layout *layout)
{
    *sheets = (struct sheets){
        .canvas = layout->canvas, .model = layout->model, .page = layout->page_count};
    arena_init(&sheets->arena);
    drawing_paper(layout->letter, false, &sheets->width, &sheets->height);
    sheets->first = sheets->page;
    sheets->bottom = sheets->height - LADDER_MARGIN - layout->legend.height - 6;
    sheets->letter =
        layout->canvas->text_width(layout->canvas, slice_of("0000000000"), ladder_mono_font) / 10;
    sheets->columns = (unsigned)((sheets->width - 2 * LADDER_MARGIN - INDENT) / sheets->letter);
}

/* ---- lines ---- */

static bool is_ascii(struct slice text)
{
    for (size_t i = 0; i < text.size; i++) {
        if (slice_byte(text, i) > 0x7e) {
            return false;
        }
    }
    return true;
}

static bool is_break(unsigned char byte)
{
    return byte == ' ' || byte == ';' || byte == ',' || byte == '>';
}

/* How much of a line stands in one: up to a good place to break, if there is one near its end. */
static size_t piece_of(struct sheets *sheets, struct slice line, unsigned columns)
{
    if (!is_ascii(line)) {
        struct slice rest;
        struct slice piece =
            canvas_wrap(sheets->canvas, line, ladder_mono_font, columns * sheets->letter, &rest);
        return rest.size > 0 ? line.size - rest.size : piece.size;
    }
    if (line.size <= columns) {
        return line.size;
    }
    for (size_t i = columns; i > columns - LOOK_BACK; i--) {
        if (is_break(slice_byte(line, i - 1))) {
            return i;
        }
    }
    return columns;
}

/* `name` = the first so many bytes are the name of a header. */
static void put_piece(struct sheets *sheets, struct slice piece, unsigned column, size_t name)
{
    make_room(sheets, LINE);
    sheets->y += LINE;
    while (piece.size > 0 && slice_byte(piece, 0) == ' ') {
        piece = slice_from(piece, 1);
        column++;
    }
    double x = LADDER_MARGIN + INDENT + column * sheets->letter;
    double base = sheets->y - 2;
    if (!sheets->pen || piece.size == 0) {
        return;
    }
    if (name > 0 && name < piece.size) {
        canvas_put(sheets->pen->canvas, x, base, slice_sub(piece, 0, name), ladder_mono_font,
                   PEN_NOTICE);
        piece = slice_from(piece, name);
        x += (double)name * sheets->letter;
    }
    canvas_put(sheets->pen->canvas, x, base, piece, ladder_mono_font, DRAWING_BLACK);
}

static size_t header_name(struct slice line)
{
    size_t colon = slice_find_byte(line, ':');
    return colon != SLICE_NONE && is_ascii(slice_sub(line, 0, colon)) ? colon + 1 : 0;
}

static void put_line(struct sheets *sheets, struct slice line, bool header)
{
    unsigned indent = 0;
    size_t name = header ? header_name(line) : 0;
    while (indent < line.size && indent < sheets->columns / 3 && slice_byte(line, indent) == ' ') {
        indent++;
    }
    size_t piece = piece_of(sheets, line, sheets->columns);
    put_piece(sheets, slice_sub(line, 0, piece), 0, name);
    for (line = slice_from(line, piece); line.size > 0; line = slice_from(line, piece)) {
        piece = piece_of(sheets, line, sheets->columns - indent - HANG);
        put_piece(sheets, slice_sub(line, 0, piece), indent + HANG, 0);
    }
}

/* The start line, headers up to an empty line, and the body. */
static void put_lines(struct sheets *sheets, struct slice text)
{
    bool header = false; /* the start line is none */
    bool body = false;
    while (text.size > 0 && slice_byte(text, text.size - 1) == '\n') {
        text = slice_sub(text, 0, text.size - 1);
    }
    while (text.size > 0) {
        size_t end = slice_find_byte(text, '\n');
        struct slice line = end == SLICE_NONE ? text : slice_sub(text, 0, end);
        put_line(sheets, line, header);
        body = body || line.size == 0;
        header = !body;
        text = slice_from(text, end == SLICE_NONE ? text.size : end + 1);
    }
}

/* ---- messages ---- */

/* "ann to server" */
static struct slice hop_text(const struct ladder_model *model, const struct ladder_row *row,
                             struct arena *arena)
{
    if (row->from >= model->lane_count || row->to >= model->lane_count) {
        return slice_of("");
    }
    return text_format(arena, "%.*s to %.*s", TEXT(model->lanes[row->from].name),
                       TEXT(model->lanes[row->to].name));
}

/* A bar that leads back to the arrow. */
static void draw_head(struct sheets *sheets, size_t index)
{
    struct ladder_pen *pen = sheets->pen;
    const struct ladder_layout *layout = pen->layout;
    const struct ladder_row *row = &sheets->model->rows[index];
    const struct ladder_spot *spot = ladder_layout_row(layout, index);
    double left = LADDER_MARGIN;
    double width = sheets->width - 2 * LADDER_MARGIN;
    double base = sheets->y + 9.8;
    pen->canvas->target(pen->canvas, sheets->y);
    pen->canvas->box(pen->canvas, left, sheets->y, width, HEAD, 0, PEN_HEAD_FILL);
    pen->canvas->box(pen->canvas, left, sheets->y, 3, HEAD, 0,
                     row->again ? DRAWING_GREY : ladder_pen_dialog(row->colour));
    struct slice record =
        ladder_record_text(row->input, row->record, layout->summary, &sheets->arena);
    struct slice time = ladder_time_text(row->time, &layout->style->zone, &sheets->arena);
    struct slice where = text_format(&sheets->arena, "packet %.*s, %.*s", TEXT(record), TEXT(time));
    if (spot && !layout->single) {
        where = text_format(&sheets->arena, "%.*s, page %u", TEXT(where), spot->page + 1);
    }
    double right = left + width - 5;
    canvas_put_right(pen->canvas, right, base, where, ladder_small_font, DRAWING_DARK);
    right -= canvas_width(pen->canvas, where, ladder_small_font) + 10;
    double x = left + INDENT;
    struct slice title =
        canvas_fit(pen->canvas, row->title, ladder_bold_font, right - x, false, &pen->arena);
    canvas_put(pen->canvas, x, base, title, ladder_bold_font, DRAWING_BLACK);
    x += canvas_width(pen->canvas, title, ladder_bold_font) + 7;
    if (right - x > 30) {
        struct slice hop = hop_text(sheets->model, row, &sheets->arena);
        hop = canvas_fit(pen->canvas, hop, ladder_small_font, right - x, true, &pen->arena);
        canvas_put(pen->canvas, x, base, hop, ladder_small_font, DRAWING_DARK);
    }
    if (spot) {
        struct canvas_box box = {left, sheets->y, width, HEAD};
        pen->canvas->link(pen->canvas, &box, spot->page + 1, spot->y);
    }
}

static void note_leaf(struct sheets *sheets, size_t row)
{
    struct ladder_layout *layout = sheets->layout;
    if (layout->leaf_count == layout->leaf_capacity) {
        layout->leaf_capacity = layout->leaf_capacity > 0 ? layout->leaf_capacity * 2 : 256;
        layout->leaves = memory_grow(layout->leaves, layout->leaf_capacity, sizeof *layout->leaves);
    }
    layout->leaves[layout->leaf_count++] =
        (struct ladder_leaf){row, (unsigned)sheets->page, sheets->y};
}

static void put_message(struct sheets *sheets, size_t row)
{
    make_room(sheets, HEAD + HEAD_GAP + LEAST_LINES * LINE);
    if (sheets->pen) {
        draw_head(sheets, row);
    } else {
        note_leaf(sheets, row);
    }
    sheets->y += HEAD + HEAD_GAP;
    put_lines(sheets, message_text(sheets->model->rows[row].raw, MOST, &sheets->arena));
    sheets->y += MESSAGE_GAP;
}

static void put_heading(struct sheets *sheets)
{
    uint64_t beyond = sheets->model->raw_beyond;
    struct slice text = slice_of("Messages");
    if (beyond > 0) {
        text = text_format(&sheets->arena,
                           "Messages (%" PRIu64 " more found no room: limit ladder_raw_bytes)",
                           beyond);
    }
    if (sheets->pen) {
        canvas_put(sheets->pen->canvas, LADDER_MARGIN, sheets->y + 10, text, ladder_head_font,
                   DRAWING_BLACK);
    }
    sheets->y += HEADING;
}

static void put_everything(struct sheets *sheets)
{
    page_begin(sheets);
    put_heading(sheets);
    for (size_t i = 0; i < sheets->model->row_count; i++) {
        if (sheets->model->rows[i].raw.size > 0) {
            put_message(sheets, i);
            arena_reset(&sheets->arena);
            if (sheets->pen) {
                arena_reset(&sheets->pen->arena);
            }
        }
    }
    page_end(sheets);
}

void ladder_appendix_place(struct ladder_layout *layout)
{
    struct sheets sheets;
    sheets_init(&sheets, layout);
    sheets.layout = layout;
    put_everything(&sheets);
    layout->leaf_pages = sheets.page - sheets.first;
    arena_dispose(&sheets.arena);
}

void ladder_appendix_draw(struct ladder_pen *pen)
{
    struct sheets sheets;
    if (pen->layout->leaf_pages == 0) {
        return;
    }
    sheets_init(&sheets, pen->layout);
    sheets.pen = pen;
    put_everything(&sheets);
    arena_dispose(&sheets.arena);
}
