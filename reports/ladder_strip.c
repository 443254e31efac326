/*
 * The strips along users' lanes. See ladder_strip.h.
 */
#include "reports/ladder_strip.h"

#include <stdlib.h>

#include "analyzer/engine/bands.h"
#include "reports/ladder_lanes.h"

/* The strip of one user at one lane, while it is being made. */
struct strip {
    struct slice user;
    size_t part; /* the latest of it; SIZE_MAX = none yet */
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
    *strip = (struct strip){.user = user, .part = SIZE_MAX};
    *is_new = true;
    return strip;
}

static struct ladder_part *part_add(struct ladder_model *model)
{
    if (model->part_count == model->part_capacity) {
        model->part_capacity = model->part_capacity > 0 ? model->part_capacity * 2 : 64;
        model->parts = memory_grow(model->parts, model->part_capacity, sizeof *model->parts);
    }
    return &model->parts[model->part_count++];
}

/* A part from `first` on; it ends the one before it. */
static void begin_part(struct ladder_model *model, struct strip *strip, struct ladder_part part)
{
    if (strip->part != SIZE_MAX) {
        model->parts[strip->part].end = part.first;
    }
    part.end = model->row_count;
    strip->part = model->part_count;
    *part_add(model) = part;
}

/* Before the first row that tells of it there is a strip only if that row says what was. */
static void add_parts(struct ladder_model *model, struct strips *strips,
                      const struct ladder_row *said, size_t row, uint8_t lane)
{
    bool before = row == SIZE_MAX;
    bool is_new = false;
    struct strip *strip = strip_of(strips, lane, said->receiver, &is_new);
    if (!strip || (before && !is_new)) {
        return;
    }
    struct ladder_part part = {
        .lane = lane,
        .slot = (uint8_t)(strip - strips->of[lane]),
        .band = before ? said->was : said->band,
        .user = said->receiver,
        .first = row,
    };
    if (!before || said->was != BAND_UNKNOWN) {
        begin_part(model, strip, part);
    }
}

/*
 * Along each endpoint of the user; where there is none, along the gateway that publishes for the
 * user. Whoever else was told has a presence of his own.
 */
static void add_row(struct ladder_model *model, struct strips *strips,
                    const struct ladder_row *said, size_t row)
{
    bool own = false;
    for (size_t i = 0; i < model->lane_count; i++) {
        if (ladder_lane_is_own(&model->lanes[i], said->receiver)) {
            add_parts(model, strips, said, row, (uint8_t)i);
            own = true;
        }
    }
    uint16_t gateway = own ? LADDER_NO_LANE : ladder_lane_of_user(model, said->receiver);
    if (gateway != LADDER_NO_LANE) {
        add_parts(model, strips, said, row, (uint8_t)gateway);
    }
}

static void add_rows(struct ladder_model *model, struct strips *strips, bool before)
{
    for (size_t i = 0; i < model->row_count; i++) {
        if (model->rows[i].kind == ROW_PRESENCE) {
            add_row(model, strips, &model->rows[i], before ? SIZE_MAX : i);
        }
    }
}

/* Of users whose presence did not change while it was looked at. */
static void add_standing(struct ladder_model *model, struct strips *strips)
{
    for (const struct map_entry *entry = model->standing.first; entry; entry = entry->next) {
        const struct ladder_row said = {.receiver = entry->key,
                                        .was = *(const uint8_t *)entry->value};
        add_row(model, strips, &said, SIZE_MAX);
    }
}

void ladder_strip_settle(struct ladder_model *model)
{
    struct strips *strips = memory_zero(1, sizeof *strips);
    add_rows(model, strips, true);
    add_standing(model, strips);
    add_rows(model, strips, false);
    free(strips);
}
