/*
 * Where everything of a ladder goes. See ladder_layout.h.
 */
#include "reports/ladder_layout.h"

#include <stdlib.h>

#include "reports/canvas_fit.h"
#include "reports/ladder_appendix.h"
#include "reports/text.h"

const struct canvas_font ladder_title_font = {14, true, false};
const struct canvas_font ladder_head_font = {9, true, false};
const struct canvas_font ladder_bold_font = {8, true, false};
const struct canvas_font ladder_text_font = {8, false, false};
const struct canvas_font ladder_small_font = {7, false, false};

const struct canvas_font ladder_mono_font = {6.5, false, true};

/* clang-format off */
enum {
    DATE_ROW = 17, IDLE_ROW = 20, MESSAGE_ROW = 17, PRESENCE_ROW = 15, COVERAGE_ROW = 18,
    NOTE_ROW = 24, HEADING_ROW = 30, FINDING_LINE = 10, FINDING_GAP = 7, INPUT_ROW = 12,
    LANES_TAIL = 8,  /* the lanes go on a little below the last row */
    FOOTER_GAP = 6   /* between what is above the footer and its line */
};
/* clang-format on */

/* ---- what goes on it ---- */

double ladder_layout_bottom(const struct ladder_layout *layout)
{
    return layout->height - LADDER_MARGIN - layout->legend.height - FOOTER_GAP;
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
    top += layout->page_count == 0 ? layout->title.height : LADDER_RUNNING_HEAD;
    layout->pages[layout->page_count++] =
        (struct ladder_page){.first = layout->spot_count, .end = layout->spot_count, .top = top};
    layout->y = top + (lanes ? layout->head_height : 0);
}

/* Goes to the next page, if there may be one, unless `height` fits into this one. */
static void make_room(struct ladder_layout *layout, double height, bool lanes)
{
    const struct ladder_page *page = last_page(layout);
    if (!layout->single && layout->y + height > ladder_layout_bottom(layout) &&
        page->end > page->first) {
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
        if (layout->single && layout->y + reserve > ladder_layout_bottom(layout)) {
            layout->left_out = layout->model->row_count - walk.next + (step.kind == STEP_ROW);
            break;
        }
        place_step(layout, &step, walk.next);
    }
    if (layout->y > last_page(layout)->top + layout->head_height) {
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
        if (layout->single && layout->y + height + NOTE_ROW > ladder_layout_bottom(layout)) {
            struct slice text = text_format(&layout->arena, "%zu more findings are not shown",
                                            model->finding_count - i);
            spot_add(layout, SPOT_NOTE, 0, NOTE_ROW)->text = text;
            break;
        }
        make_room(layout, height, false);
        layout->first_finding = i == 0 ? layout->spot_count : layout->first_finding;
        layout->finding_spots++;
        spot_add(layout, SPOT_FINDING, i, height);
    }
}

/* Those for which the head has no room. */
static void place_inputs(struct ladder_layout *layout)
{
    size_t count = layout->summary->input_count;
    if (count <= LADDER_TITLE_INPUTS) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        if (i == 0) {
            make_room(layout, HEADING_ROW + INPUT_ROW, false);
            spot_add(layout, SPOT_HEADING, 0, HEADING_ROW)->text = slice_of("Inputs");
        }
        make_room(layout, INPUT_ROW, false);
        spot_add(layout, SPOT_INPUT, i, INPUT_ROW);
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
    place_inputs(layout);
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
        .letter = sheet.paper == LADDER_LETTER,
    };
    arena_init(&layout->arena);
    int64_t first = TIME_NONE;
    int64_t last = TIME_NONE;
    if (ladder_model_span(model, &first, &last)) {
        clock_zone_name(first, &style->zone, layout->zone);
    }
    ladder_layout_columns(layout, sheet);
    double right = layout->width - LADDER_MARGIN;
    double number = canvas->text_width(canvas, slice_of("page 00000 of 00000"), ladder_small_font);
    ladder_title_make(&layout->title, model, summary, style, title, canvas, LADDER_MARGIN,
                      LADDER_MARGIN, right, &layout->arena);
    ladder_legend_make(&layout->legend, model, canvas, LADDER_MARGIN, right - number - 10);
    place_everything(layout);
    if (model->options.appendix) {
        ladder_appendix_place(layout);
    }
    if (layout->single) {
        layout->height = layout->y + FOOTER_GAP + layout->legend.height + LADDER_MARGIN;
    }
}

void ladder_layout_dispose(struct ladder_layout *layout)
{
    arena_dispose(&layout->arena);
    free(layout->leaves);
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

const struct ladder_spot *ladder_layout_finding(const struct ladder_layout *layout, size_t finding)
{
    return finding < layout->finding_spots ? &layout->spots[layout->first_finding + finding] : NULL;
}

const struct ladder_leaf *ladder_layout_leaf(const struct ladder_layout *layout, size_t row)
{
    size_t low = 0;
    size_t high = layout->leaf_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (layout->leaves[middle].row < row) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool found = low < layout->leaf_count && layout->leaves[low].row == row;
    return found ? &layout->leaves[low] : NULL;
}

/* Rows that count from "before all rows", which is the largest number. */
static size_t after(size_t row)
{
    return row == SIZE_MAX ? 0 : row + 1;
}

const struct ladder_part *ladder_layout_part(const struct ladder_layout *layout, size_t row)
{
    const struct ladder_model *model = layout->model;
    size_t low = 0;
    size_t high = model->part_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (after(model->parts[middle].first) < after(row)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool found = low < model->part_count && model->parts[low].first == row;
    return found ? &model->parts[low] : NULL;
}
