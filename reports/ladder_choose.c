/*
 * Which part of a ladder is drawn. See ladder_choose.h.
 */
#include "reports/ladder_choose.h"

#include <inttypes.h>
#include <stdlib.h>

#include "reports/text.h"

/* ---- rows ---- */

static bool is_chosen_presence(const struct choice *choice, const struct ladder_row *row)
{
    int64_t first = TIME_NONE;
    int64_t last = TIME_NONE;
    if (row->message != 0) {
        return choice_has_message(choice, row->message);
    }
    return choice_span(choice, &first, &last) && row->time >= first && row->time <= last &&
           choice_has_user(choice, row->receiver);
}

static bool is_chosen(const struct choice *choice, const struct ladder_row *row)
{
    if (row->kind == ROW_PRESENCE) {
        return is_chosen_presence(choice, row);
    }
    if (row->message != 0) {
        return choice_has_message(choice, row->message);
    }
    const struct origin origin = {
        .input = row->input, .record = row->record, .stream_offset = row->stream_offset};
    return choice_has_place(choice, &origin);
}

/* What a user was before the part that is drawn, his strip still tells. */
static void pass_over(struct ladder_model *model, const struct ladder_row *row)
{
    int64_t first = TIME_NONE;
    int64_t last = TIME_NONE;
    if (row->kind == ROW_PRESENCE && choice_span(model->choice, &first, &last) &&
        row->time < first) {
        ladder_model_stand(model, row->receiver, (enum band)row->band);
    }
}

static void choose_rows(struct ladder_model *model)
{
    size_t kept = 0;
    model->messages = 0;
    for (size_t i = 0; i < model->row_count; i++) {
        const struct ladder_row *row = &model->rows[i];
        if (!is_chosen(model->choice, row)) {
            pass_over(model, row);
            continue;
        }
        if (row->kind == ROW_MESSAGE && row->message != 0) {
            model->messages += UINT64_C(1) + row->repeats + row->copies;
        }
        model->rows[kept++] = *row;
    }
    model->row_count = kept;
    model->latest = SIZE_MAX;
    model->pending = SIZE_MAX;
}

/* ---- dialogs and findings ---- */

/* The first row of each dialog, as dialog -> row + 1. */
static void index_dialogs(const struct ladder_model *model, struct map *rows)
{
    map_init_numbers(rows, model->seed);
    for (size_t i = 0; i < model->row_count; i++) {
        const struct ladder_row *row = &model->rows[i];
        if (row->kind == ROW_MESSAGE && row->dialog != 0) {
            struct map_entry *entry = map_keep(rows, map_number_key(&row->dialog));
            entry->value = entry->value ? entry->value : &model->rows[i];
        }
    }
}

/* A bookmark stands at the first row that is left of its dialog. */
static void place_dialogs(struct ladder_model *model)
{
    struct map rows;
    size_t kept = 0;
    index_dialogs(model, &rows);
    for (size_t i = 0; i < model->dialog_count; i++) {
        struct ladder_dialog dialog = model->dialogs[i];
        const struct ladder_row *row = map_find(&rows, map_number_key(&dialog.id));
        if (row) {
            dialog.row = (size_t)(row - model->rows);
            dialog.title = row->title;
            model->dialogs[kept++] = dialog;
        }
    }
    model->dialog_count = kept;
    map_dispose(&rows, NULL);
}

static void choose_findings(struct ladder_model *model)
{
    size_t kept = 0;
    for (size_t i = 0; i < model->finding_count; i++) {
        if (choice_has_finding(model->choice, model->findings[i].id)) {
            model->findings[kept++] = model->findings[i];
        }
    }
    model->finding_count = kept;
}

void ladder_choose(struct ladder_model *model)
{
    if (model->choice && choice_is_narrow(model->choice)) {
        choose_rows(model);
        place_dialogs(model);
        choose_findings(model);
    }
}

/* ---- lanes ---- */

static void note_lane(bool *used, size_t lane)
{
    if (lane < LADDER_LANES) {
        used[lane] = true;
    }
}

static void drop_lanes(struct ladder_model *model)
{
    bool used[LADDER_LANES] = {false};
    unsigned moved[LADDER_LANES + 1];
    size_t kept = 0;
    for (size_t i = 0; i < model->row_count; i++) {
        note_lane(used, model->rows[i].from);
        note_lane(used, model->rows[i].to);
    }
    for (size_t i = 0; i < model->lane_count; i++) {
        moved[i] = (unsigned)kept;
        if (used[i]) {
            model->lanes[kept++] = model->lanes[i];
        }
    }
    moved[LADDER_NO_LANE] = LADDER_NO_LANE;
    size_t place = 0;
    for (size_t i = 0; i < model->lane_count; i++) {
        unsigned lane = model->order[i];
        if (used[lane]) {
            model->lanes[moved[lane]].place = (unsigned)place;
            model->order[place++] = moved[lane];
        }
    }
    model->lane_count = kept;
    for (size_t i = 0; i < model->row_count; i++) {
        struct ladder_row *row = &model->rows[i];
        row->from = (uint8_t)moved[row->from];
        row->to = (uint8_t)moved[row->to];
    }
}

/* ---- folding ---- */

/* What is never folded, whatever it repeats. */
struct news {
    struct map changes; /* messages that changed somebody's presence */
    struct map proofs;  /* packets that prove a finding: input and record */
};

static struct slice packet_key(uint64_t key[static 2], uint32_t input, uint64_t record)
{
    key[0] = input;
    key[1] = record;
    return (struct slice){(const char *)key, 2 * sizeof key[0]};
}

static void news_init(struct news *news, struct ladder_model *model)
{
    uint64_t key[2];
    map_init_numbers(&news->changes, model->seed);
    map_init_numbers(&news->proofs, model->seed);
    for (size_t i = 0; i < model->row_count; i++) {
        const struct ladder_row *row = &model->rows[i];
        if (row->kind == ROW_PRESENCE && row->message != 0) {
            map_put(&news->changes, map_number_key(&row->message), model);
        }
    }
    for (size_t i = 0; i < model->finding_count; i++) {
        const struct ladder_finding *finding = &model->findings[i];
        for (size_t k = 0; k < finding->evidence_count; k++) {
            const struct origin *origin = &finding->evidence[k];
            map_put(&news->proofs, packet_key(key, origin->input, origin->record), model);
        }
    }
}

static void news_dispose(struct news *news)
{
    map_dispose(&news->changes, NULL);
    map_dispose(&news->proofs, NULL);
}

/*
 * Polls, refreshes and notices are what the presence flows consist of, so their labels do not keep
 * them; unless a flow was asked for: then all of its steps are wanted, and their answers.
 */
static bool is_wanted_step(const struct ladder_model *model, const struct ladder_row *row,
                           enum repeat_kind kind)
{
    bool presence = kind == REPEAT_POLL || kind == REPEAT_SUBSCRIPTION || kind == REPEAT_NOTICE ||
                    kind == REPEAT_PRESENCE;
    if (model->options.choice.flow.size > 0) {
        return kind != REPEAT_PROVISIONAL;
    }
    return row->step.size > 0 && !presence;
}

static struct repeat fold_of(const struct ladder_model *model, const struct news *news,
                             const struct ladder_row *row)
{
    struct repeat none = {REPEAT_NONE, 0};
    uint64_t key[2];
    if (row->kind != ROW_MESSAGE || row->message == 0) {
        return none;
    }
    struct repeat repeat = repeats_of(model->repeats, row->message);
    bool kept = row->failed || row->finding != 0 || is_wanted_step(model, row, repeat.kind) ||
                map_find(&news->changes, map_number_key(&row->message)) ||
                map_find(&news->proofs, packet_key(key, row->input, row->record));
    return kept ? none : repeat;
}

/* One run of rows that are folded. */
struct fold {
    struct ladder_row *row; /* that stands for them; NULL = none is open */
    uint64_t number;        /* of the run, from 1 */
    uint64_t counts[REPEAT_KINDS];
    struct map exchanges; /* those that were counted -> number of the run */
};

static void fold_begin(struct fold *fold, struct ladder_row *row)
{
    struct ladder_row first = *row;
    fold->row = row;
    fold->number++;
    for (size_t i = 0; i < REPEAT_KINDS; i++) {
        fold->counts[i] = 0;
    }
    *row = (struct ladder_row){
        .kind = ROW_FOLDED,
        .time = first.time,
        .until = first.time,
        .record = first.record,
        .input = first.input,
        .stream_offset = first.stream_offset,
        .from = LADDER_NO_LANE,
        .to = LADDER_NO_LANE,
    };
}

/* A request with its answers is one. */
static void fold_add(struct fold *fold, const struct ladder_row *row, struct repeat repeat)
{
    uint64_t key[2] = {repeat.kind, repeat.exchange};
    struct map_entry *entry =
        map_keep(&fold->exchanges, (struct slice){(const char *)key, sizeof key});
    if ((uintptr_t)entry->value != fold->number) {
        entry->value = (void *)(uintptr_t)fold->number;
        fold->counts[repeat.kind]++;
    }
    fold->row->repeats += 1 + row->repeats + row->copies;
    fold->row->until = row->time > fold->row->until ? row->time : fold->row->until;
}

static void fold_end(struct ladder_model *model, struct fold *fold)
{
    struct arena *arena = &model->arena;
    if (!fold->row) {
        return;
    }
    struct slice title = text_format(arena, "%" PRIu32 " message%s folded", fold->row->repeats,
                                     text_plural(fold->row->repeats));
    const char *between = ":";
    for (size_t i = REPEAT_NONE + 1; i < REPEAT_KINDS; i++) {
        if (fold->counts[i] > 0) {
            title =
                text_format(arena, "%.*s%s %" PRIu64 " %s", TEXT(title), between, fold->counts[i],
                            repeat_words((enum repeat_kind)i, fold->counts[i]));
            between = ",";
        }
    }
    fold->row->title = ladder_model_keep(model, title);
    fold->row = NULL;
}

/* What named a row by its number names it by where it is now. */
static void move_references(struct ladder_model *model, const size_t *moved)
{
    for (size_t i = 0; i < model->finding_count; i++) {
        struct ladder_finding *finding = &model->findings[i];
        finding->row = finding->row == SIZE_MAX ? SIZE_MAX : moved[finding->row];
    }
    for (size_t i = 0; i < model->dialog_count; i++) {
        model->dialogs[i].row = moved[model->dialogs[i].row];
    }
}

static void fold_rows(struct ladder_model *model)
{
    struct news news;
    struct fold fold = {.row = NULL};
    size_t *moved = memory_alloc((model->row_count + 1) * sizeof *moved);
    size_t kept = 0;
    news_init(&news, model);
    map_init_numbers(&fold.exchanges, model->seed);
    for (size_t i = 0; i < model->row_count; i++) {
        struct ladder_row row = model->rows[i];
        struct repeat repeat = fold_of(model, &news, &row);
        if (repeat.kind == REPEAT_NONE) {
            fold_end(model, &fold);
            moved[i] = kept;
            model->rows[kept++] = row;
            continue;
        }
        if (!fold.row) {
            model->rows[kept] = row;
            fold_begin(&fold, &model->rows[kept++]);
        }
        moved[i] = kept - 1;
        fold_add(&fold, &row, repeat);
    }
    fold_end(model, &fold);
    model->row_count = kept;
    move_references(model, moved);
    map_dispose(&fold.exchanges, NULL);
    news_dispose(&news);
    free(moved);
}

void ladder_choose_end(struct ladder_model *model)
{
    if (model->choice && choice_is_narrow(model->choice)) {
        drop_lanes(model);
    }
    if (model->repeats) {
        fold_rows(model);
    }
}
