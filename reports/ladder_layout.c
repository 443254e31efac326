/*
 * Where everything of a ladder goes. See ladder_layout.h.
 */
#include "reports/ladder_layout.h"

#include <stdlib.h>

#include "reports/canvas_fit.h"
#include "reports/drawing.h"
#include "reports/text.h"

const struct canvas_font ladder_title_font = {14, true};
const struct canvas_font ladder_head_font = {9, true};
const struct canvas_font ladder_bold_font = {8, true};
const struct canvas_font ladder_text_font = {8, false};
const struct canvas_font ladder_small_font = {7, false};

/* clang-format off */
enum {
    TITLE_LINE = 20, HEADING_LINE = 11, HEADING_GAP = 8, RUNNING_HEAD = 16,
    DATE_ROW = 17, IDLE_ROW = 20, MESSAGE_ROW = 17, PRESENCE_ROW = 15, COVERAGE_ROW = 18,
    NOTE_ROW = 24, HEADING_ROW = 30, FINDING_LINE = 10, FINDING_GAP = 7,
    LANES_TAIL = 8,     /* the lanes go on a little below the last row */
    MIN_PITCH = 50,     /* between lanes: below that, names and labels cannot be read */
    PORTRAIT_LANES = 4, /* more need a landscape page */
    PORTRAIT_PITCH = 96
};
/* clang-format on */

static const double smallest_scale = 0.62; /* of text on paper of the asked size */

/* ---- the page ---- */

static double longest_record(struct ladder_layout *layout)
{
    struct arena scratch;
    arena_init(&scratch);
    double width = layout->canvas->text_width(layout->canvas, slice_of("000"), ladder_text_font);
    size_t longest = 3;
    for (size_t i = 0; i < layout->model->row_count; i++) {
        const struct ladder_row *row = &layout->model->rows[i];
        struct slice text = ladder_record_text(row->input, row->record, layout->summary, &scratch);
        if (text.size > longest) {
            longest = text.size;
            width = layout->canvas->text_width(layout->canvas, text, ladder_text_font);
        }
        if (i % 1024 == 0) {
            arena_reset(&scratch);
        }
    }
    arena_dispose(&scratch);
    return width;
}

/* Room for the widest marker, and for "+3" behind it where findings share a row. */
static double marker_width(struct ladder_layout *layout)
{
    double width = 0;
    bool shared = false;
    for (size_t i = 0; i < layout->model->finding_count; i++) {
        const struct ladder_finding *finding = &layout->model->findings[i];
        double own =
            layout->canvas->text_width(layout->canvas, finding->label, ladder_small_font) + 12;
        width = finding->row != SIZE_MAX && own > width ? own : width;
        shared = shared || finding->next > 0;
    }
    return width + (shared ? 14 : 0);
}

static void place_columns(struct ladder_layout *layout)
{
    struct canvas *canvas = layout->canvas;
    double time = canvas->text_width(canvas, slice_of("00:00:00.000"), ladder_text_font);
    layout->time_x = LADDER_MARGIN;
    layout->record_right = layout->time_x + time + 8 + longest_record(layout);
    layout->marker_x = layout->record_right + 6;
    layout->lanes_left = layout->marker_x + marker_width(layout) + 2;
}

/* Widens the page in its own proportions until the lanes have room, and scales it back to paper. */
static void choose_page(struct ladder_layout *layout, struct ladder_sheet sheet)
{
    size_t lanes = layout->model->lane_count > 0 ? layout->model->lane_count : 1;
    double width = 0;
    double height = 0;
    drawing_paper(sheet.paper == LADDER_LETTER, lanes > PORTRAIT_LANES, &width, &height);
    double pitch = lanes > PORTRAIT_LANES ? MIN_PITCH : PORTRAIT_PITCH;
    double needed = layout->lanes_left + (double)lanes * pitch + LADDER_MARGIN;
    double grown = needed > width ? needed / width : 1;
    double scale = layout->single ? 1 : 1 / grown;
    layout->scale = scale < smallest_scale ? smallest_scale : scale;
    layout->width = width * grown;
    layout->height = layout->single ? sheet.max_height : height * grown;
}

static void place_lanes(struct ladder_layout *layout)
{
    const struct ladder_model *model = layout->model;
    size_t lanes = model->lane_count > 0 ? model->lane_count : 1;
    layout->lanes_right = layout->width - LADDER_MARGIN;
    layout->pitch = (layout->lanes_right - layout->lanes_left) / (double)lanes;
    for (size_t i = 0; i < model->lane_count; i++) {
        layout->lane_x[i] =
            layout->lanes_left + layout->pitch * ((double)model->lanes[i].place + 0.5);
    }
    layout->lane_x[LADDER_NO_LANE] = (layout->lanes_left + layout->lanes_right) / 2;
}

/* ---- what goes on it ---- */

static double bottom(const struct ladder_layout *layout)
{
    return layout->height - LADDER_MARGIN - LADDER_FOOTER;
}

static struct ladder_page *last_page(struct ladder_layout *layout)
{
    return &layout->pages[layout->page_count - 1];
}

static void page_add(struct ladder_layout *layout, bool lanes)
{
    if (layout->page_count == layout->page_capacity) {
        layout->page_capacity = layout->page_capacity > 0 ? layout->page_capacity * 2 : 16;
        layout->pages = memory_grow(layout->pages, layout->page_capacity, sizeof *layout->pages);
    }
    double top = LADDER_MARGIN;
    if (layout->page_count == 0) {
        top += TITLE_LINE + (double)layout->heading.count * HEADING_LINE + HEADING_GAP;
    } else {
        top += RUNNING_HEAD;
    }
    layout->pages[layout->page_count++] =
        (struct ladder_page){.first = layout->spot_count, .end = layout->spot_count, .top = top};
    layout->y = top + (lanes ? LADDER_HEADS : 0);
}

/* Goes to the next page, if there may be one, unless `height` fits into this one. */
static void make_room(struct ladder_layout *layout, double height, bool lanes)
{
    const struct ladder_page *page = last_page(layout);
    if (!layout->single && layout->y + height > bottom(layout) && page->end > page->first) {
        page_add(layout, lanes);
    }
}

static struct ladder_spot *spot_add(struct ladder_layout *layout, enum ladder_spot_kind kind,
                                    size_t index, double height)
{
    if (layout->spot_count == layout->spot_capacity) {
        layout->spot_capacity = layout->spot_capacity > 0 ? layout->spot_capacity * 2 : 256;
        layout->spots = memory_grow(layout->spots, layout->spot_capacity, sizeof *layout->spots);
    }
    struct ladder_spot *spot = &layout->spots[layout->spot_count++];
    *spot = (struct ladder_spot){
        .kind = kind,
        .page = (unsigned)(layout->page_count - 1),
        .y = layout->y,
        .height = height,
        .index = index,
    };
    layout->y += height;
    last_page(layout)->end = layout->spot_count;
    if (kind == SPOT_DATE || kind == SPOT_IDLE || kind == SPOT_ROW) {
        last_page(layout)->rows_end = layout->y;
    }
    return spot;
}

static double row_height(const struct ladder_row *row)
{
    switch (row->kind) {
    case ROW_PRESENCE:
        return PRESENCE_ROW;
    case ROW_COVERAGE:
        return COVERAGE_ROW;
    default:
        return MESSAGE_ROW;
    }
}

/* A new day or a long silence stands on the page of the row that ends it. */
static void place_step(struct ladder_layout *layout, const struct ladder_step *step,
                       size_t next_row)
{
    if (step->kind == STEP_ROW) {
        double height = row_height(&layout->model->rows[step->row]);
        make_room(layout, height + LANES_TAIL, true);
        spot_add(layout, SPOT_ROW, step->row, height);
        return;
    }
    bool date = step->kind == STEP_DATE;
    double height = date ? DATE_ROW : IDLE_ROW;
    double follows = date ? MESSAGE_ROW : DATE_ROW + MESSAGE_ROW;
    make_room(layout, height + follows + LANES_TAIL, true);
    spot_add(layout, date ? SPOT_DATE : SPOT_IDLE, next_row, height)->text = step->text;
}

static void place_rows(struct ladder_layout *layout)
{
    const double reserve = IDLE_ROW + LANES_TAIL + NOTE_ROW;
    struct ladder_walk walk;
    struct ladder_step step;
    ladder_walk_begin(&walk, layout->model, &layout->style->zone, &layout->arena);
    while (ladder_walk_next(&walk, &step)) {
        if (layout->single && layout->y + reserve > bottom(layout)) {
            layout->left_out = layout->model->row_count - walk.next + (step.kind == STEP_ROW);
            break;
        }
        place_step(layout, &step, walk.next);
    }
    if (layout->y > last_page(layout)->top + LADDER_HEADS) {
        layout->y += LANES_TAIL;
    }
    layout->row_spots = layout->spot_count;
}

static void place_note(struct ladder_layout *layout, struct slice text)
{
    if (text.size > 0) {
        make_room(layout, NOTE_ROW, false);
        spot_add(layout, SPOT_NOTE, 0, NOTE_ROW)->text = text;
    }
}

static double finding_height(struct ladder_layout *layout, const struct ladder_finding *finding)
{
    double width = layout->width - 2 * LADDER_MARGIN - LADDER_INDENT;
    double height = FINDING_LINE + FINDING_GAP;
    struct slice rest = finding->message;
    while (rest.size > 0) {
        canvas_wrap(layout->canvas, rest, ladder_text_font, width, &rest);
        height += FINDING_LINE;
    }
    return height;
}

static void place_findings(struct ladder_layout *layout)
{
    const struct ladder_model *model = layout->model;
    for (size_t i = 0; i < model->finding_count; i++) {
        double height = finding_height(layout, &model->findings[i]);
        if (i == 0) {
            make_room(layout, HEADING_ROW + height, false);
            spot_add(layout, SPOT_HEADING, 0, HEADING_ROW)->text = slice_of("Findings");
        }
        if (layout->single && layout->y + height + NOTE_ROW > bottom(layout)) {
            struct slice text = text_format(&layout->arena, "%zu more findings are not shown",
                                            model->finding_count - i);
            spot_add(layout, SPOT_NOTE, 0, NOTE_ROW)->text = text;
            break;
        }
        make_room(layout, height, false);
        spot_add(layout, SPOT_FINDING, i, height);
    }
}

static void place_everything(struct ladder_layout *layout)
{
    const struct ladder_model *model = layout->model;
    page_add(layout, model->lane_count > 0);
    place_rows(layout);
    if (model->messages == 0) {
        place_note(layout, ladder_empty_text(layout->summary));
    }
    place_note(layout, ladder_beyond_text(model, &layout->arena));
    if (layout->left_out > 0) {
        place_note(layout, text_format(&layout->arena,
                                       "The picture ends here: %zu of %zu rows are left out. "
                                       "A PDF holds them all.",
                                       layout->left_out, model->row_count));
        return;
    }
    place_findings(layout);
}

void ladder_layout_make(struct ladder_layout *layout, const struct ladder_model *model,
                        const struct summary *summary, const struct report_style *style,
                        const char *title, struct canvas *canvas, struct ladder_sheet sheet)
{
    *layout = (struct ladder_layout){
        .model = model,
        .summary = summary,
        .style = style,
        .canvas = canvas,
        .single = sheet.paper == LADDER_LONG,
    };
    arena_init(&layout->arena);
    ladder_heading_make(&layout->heading, model, summary, style, title, &layout->arena);
    place_columns(layout);
    choose_page(layout, sheet);
    place_lanes(layout);
    place_everything(layout);
    if (layout->single) {
        layout->height = layout->y + LADDER_MARGIN + LADDER_FOOTER;
    }
}

void ladder_layout_dispose(struct ladder_layout *layout)
{
    arena_dispose(&layout->arena);
    free(layout->spots);
    free(layout->pages);
}

const struct ladder_spot *ladder_layout_row(const struct ladder_layout *layout, size_t row)
{
    size_t low = 0;
    size_t high = layout->row_spots;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct ladder_spot *spot = &layout->spots[middle];
        if (spot->index < row || (spot->index == row && spot->kind != SPOT_ROW)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool found = low < layout->row_spots && layout->spots[low].index == row &&
                 layout->spots[low].kind == SPOT_ROW;
    return found ? &layout->spots[low] : NULL;
}
