/*
 * The columns of a drawn ladder, the paper and the lanes. See ladder_layout.h.
 *
 * Paper keeps the size that was asked for. Lanes that find no room on it upright, then across,
 * then somewhat smaller, get upright names instead of smaller letters.
 */
#include "reports/drawing.h"
#include "reports/ladder_layout.h"
#include "reports/text.h"

/* clang-format off */
enum {
    PITCH = 92,         /* between lanes: what one likes to see */
    LEAST_PITCH = 54,   /* below it, names beside each other cannot be read */
    UPRIGHT_PITCH = 26, /* of lanes with upright names, where the page may be as wide as it likes */
    LEAST_UPRIGHT = 15,
    BOX_HEAD = 33,      /* height of lane heads side by side, with the gap below them */
    LONGEST_UPRIGHT = 130,
    LONGEST_STEP = 140,
    STRIP = 7, LEAST_STRIP = 3
};
/* clang-format on */

static const double smaller = 0.75;  /* the scale that paper gets for the sake of box heads */
static const double smallest = 0.62; /* and at all */

/* ---- columns ---- */

/* The widest of what the rows say in one column; a row counts if it is about as long as those
 * before. */
struct widest {
    size_t longest; /* characters */
    double width;
};

static void measure(const struct ladder_layout *layout, struct widest *widest, struct slice text,
                    struct canvas_font font)
{
    enum { ALIKE = 4 }; /* characters: beyond that, a shorter text is not the wider one */
    if (text.size > 0 && text.size + ALIKE > widest->longest) {
        double width = canvas_width(layout->canvas, text, font);
        widest->longest = text.size > widest->longest ? text.size : widest->longest;
        widest->width = width > widest->width ? width : widest->width;
    }
}

static void measure_rows(const struct ladder_layout *layout, struct widest *record,
                         struct widest *step)
{
    struct arena scratch;
    arena_init(&scratch);
    for (size_t i = 0; i < layout->model->row_count; i++) {
        const struct ladder_row *row = &layout->model->rows[i];
        struct slice text = ladder_record_text(row->input, row->record, layout->summary, &scratch);
        measure(layout, record, text, ladder_text_font);
        measure(layout, step, row->step, ladder_small_font);
        if (i % 1024 == 0) {
            arena_reset(&scratch);
        }
    }
    arena_dispose(&scratch);
}

/* Room for the widest marker, and for "+3" behind it where findings share a row. */
static double marker_width(const struct ladder_layout *layout)
{
    double width = 0;
    bool shared = false;
    for (size_t i = 0; i < layout->model->finding_count; i++) {
        const struct ladder_finding *finding = &layout->model->findings[i];
        double own = canvas_width(layout->canvas, finding->label, ladder_small_font) + 12;
        width = finding->row != SIZE_MAX && own > width ? own : width;
        shared = shared || finding->next > 0;
    }
    return width +
           (shared ? 2 + canvas_width(layout->canvas, slice_of("+999"), ladder_small_font) : 0);
}

static void place_columns(struct ladder_layout *layout)
{
    struct widest record = {0};
    struct widest step = {0};
    measure_rows(layout, &record, &step);
    double label = canvas_width(layout->canvas, slice_of("packet"), ladder_small_font);
    double time = canvas_width(layout->canvas, slice_of("00:00:00.000"), ladder_text_font);
    layout->time_x = LADDER_MARGIN;
    layout->record_right =
        layout->time_x + time + 9 + (record.width > label ? record.width : label);
    layout->marker_x = layout->record_right + 6;
    layout->lanes_left = layout->marker_x + marker_width(layout) + 4;
    layout->step_width = step.width > LONGEST_STEP ? LONGEST_STEP : step.width;
}

/* ---- paper ---- */

static double columns_beside(const struct ladder_layout *layout)
{
    double steps = layout->step_width > 0 ? layout->step_width + 10 : 0;
    return layout->lanes_left + steps + LADDER_MARGIN;
}

/* Makes the page larger by its own proportions until lanes have that pitch, down to a scale. */
static bool fits(struct ladder_layout *layout, double pitch, double least_scale)
{
    size_t lanes = layout->model->lane_count;
    double needed = columns_beside(layout) + (double)lanes * pitch;
    double grown = needed > layout->width ? needed / layout->width : 1;
    double scale = 1 / grown;
    if (scale < least_scale) {
        return false;
    }
    layout->scale = scale;
    layout->width *= grown;
    layout->height *= grown;
    return true;
}

static void choose_paper(struct ladder_layout *layout, bool letter)
{
    drawing_paper(letter, false, &layout->width, &layout->height);
    if (fits(layout, PITCH, 1)) {
        return;
    }
    drawing_paper(letter, true, &layout->width, &layout->height);
    if (fits(layout, LEAST_PITCH, smaller)) {
        return;
    }
    layout->heads_up = true;
    layout->step_width = layout->step_width > 100 ? 100 : layout->step_width;
    if (!fits(layout, LEAST_UPRIGHT, smallest)) {
        layout->scale = smallest;
        layout->width /= smallest;
        layout->height /= smallest;
    }
}

/* A picture is as wide as its lanes want it to be. */
static void choose_width(struct ladder_layout *layout, double max_height)
{
    size_t lanes = layout->model->lane_count;
    drawing_paper(false, false, &layout->width, &layout->height);
    layout->heads_up = lanes > 16;
    double pitch = layout->heads_up ? UPRIGHT_PITCH : PITCH;
    double needed = columns_beside(layout) + (double)lanes * pitch;
    layout->width = needed > layout->width ? needed : layout->width;
    layout->height = max_height;
    layout->scale = 1;
}

/* ---- lanes ---- */

static void count_strips(struct ladder_layout *layout)
{
    const struct ladder_model *model = layout->model;
    for (size_t i = 0; i < model->part_count; i++) {
        const struct ladder_part *part = &model->parts[i];
        if (layout->slots[part->lane] <= part->slot) {
            layout->slots[part->lane] = part->slot + 1U;
        }
    }
    layout->strip_width = STRIP;
    for (size_t i = 0; i < model->lane_count; i++) {
        double room = (layout->pitch - 8) / (layout->slots[i] > 0 ? layout->slots[i] : 1);
        layout->strip_width = room < layout->strip_width ? room : layout->strip_width;
    }
    layout->strip_width = layout->strip_width < LEAST_STRIP ? LEAST_STRIP : layout->strip_width;
}

static void place_lanes(struct ladder_layout *layout)
{
    const struct ladder_model *model = layout->model;
    size_t lanes = model->lane_count > 0 ? model->lane_count : 1;
    double steps = layout->step_width > 0 ? layout->step_width + 10 : 0;
    layout->lanes_right = layout->width - LADDER_MARGIN - steps;
    layout->step_x = layout->lanes_right + 10;
    layout->pitch = (layout->lanes_right - layout->lanes_left) / (double)lanes;
    count_strips(layout);
    for (size_t i = 0; i < model->lane_count; i++) {
        layout->lane_x[i] =
            layout->lanes_left + layout->pitch * ((double)model->lanes[i].place + 0.5);
        layout->lane_half[i] = layout->slots[i] * layout->strip_width / 2;
    }
    layout->lane_x[LADDER_NO_LANE] = (layout->lanes_left + layout->lanes_right) / 2;
}

struct slice ladder_layout_beside(const struct ladder_lane *lane, struct arena *arena)
{
    if (lane->role.size == 0 || lane->address.size == 0) {
        return lane->role.size > 0 ? lane->role : lane->address;
    }
    return text_format(arena, "%.*s %.*s", TEXT(lane->role), TEXT(lane->address));
}

static double upright_height(struct ladder_layout *layout)
{
    double longest = 0;
    for (size_t i = 0; i < layout->model->lane_count; i++) {
        const struct ladder_lane *lane = &layout->model->lanes[i];
        double name = canvas_width(layout->canvas, lane->name, ladder_bold_font);
        double beside = canvas_width(layout->canvas, ladder_layout_beside(lane, &layout->arena),
                                     ladder_small_font);
        double width = name + (beside > 0 ? LADDER_UPRIGHT_GAP + beside : 0);
        longest = width > longest ? width : longest;
    }
    return (longest > LONGEST_UPRIGHT ? LONGEST_UPRIGHT : longest) + 12;
}

static void measure_heads(struct ladder_layout *layout)
{
    if (layout->heads_up) {
        layout->head_height = upright_height(layout);
        return;
    }
    for (size_t i = 0; i < layout->model->lane_count; i++) {
        layout->roles = layout->roles || layout->model->lanes[i].role.size > 0;
    }
    layout->head_height = BOX_HEAD + (layout->roles ? LADDER_ROLE_LINE : 0);
}

void ladder_layout_columns(struct ladder_layout *layout, struct ladder_sheet sheet)
{
    place_columns(layout);
    if (layout->single) {
        choose_width(layout, sheet.max_height);
    } else {
        choose_paper(layout, layout->letter);
    }
    place_lanes(layout);
    measure_heads(layout);
}

double ladder_layout_strip(const struct ladder_layout *layout, unsigned lane, unsigned slot)
{
    return layout->lane_x[lane] - layout->lane_half[lane] + (slot + 0.5) * layout->strip_width;
}
