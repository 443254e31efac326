/*
 * The strips along users' lanes. See ladder_strip.h.
 */
#include "reports/ladder_strip.h"

#include <stdlib.h>

/* The strip of one user at one lane, while it is being made. */
struct strip {
    struct slice user;
    size_t part; /* the latest of it */
};

struct strips {
    struct strip of[LADDER_LANES][LADDER_SLOTS];
    size_t count[LADDER_LANES];
};

static struct strip *strip_of(struct strips *strips, uint8_t lane, struct slice user, bool *is_new)
{
    for (size_t i = 0; i < strips->count[lane]; i++) {
        if (slice_equal(strips->of[lane][i].user, user)) {
            *is_new = false;
            return &strips->of[lane][i];
        }
    }
    if (strips->count[lane] == LADDER_SLOTS) {
        return NULL;
    }
    struct strip *strip = &strips->of[lane][strips->count[lane]++];
    *strip = (struct strip){.user = user};
    *is_new = true;
    return strip;
}

static void add_part(struct ladder_model *model, struct strips *strips, size_t row)
{
    const struct ladder_row *said = &model->rows[row];
    bool is_new = false;
    struct strip *strip = strip_of(strips, said->from, said->receiver, &is_new);
    if (!strip) {
        return;
    }
    if (!is_new) {
        model->parts[strip->part].end = row;
    }
    if (model->part_count == model->part_capacity) {
        model->part_capacity = model->part_capacity > 0 ? model->part_capacity * 2 : 64;
        model->parts = memory_grow(model->parts, model->part_capacity, sizeof *model->parts);
    }
    strip->part = model->part_count++;
    model->parts[strip->part] = (struct ladder_part){
        .lane = said->from,
        .slot = (uint8_t)(strip - strips->of[said->from]),
        .band = said->band,
        .user = said->receiver,
        .first = row,
        .end = model->row_count,
    };
}

void ladder_strip_settle(struct ladder_model *model)
{
    struct strips *strips = memory_zero(1, sizeof *strips);
    for (size_t i = 0; i < model->row_count; i++) {
        const struct ladder_row *row = &model->rows[i];
        if (row->kind == ROW_PRESENCE && row->from < LADDER_LANES) {
            add_part(model, strips, i);
        }
    }
    free(strips);
}
