/*
 * The ladder of a page: rows, what lies between them, strips. See page_data.h.
 */
#include "reports/page_data.h"

#include <assert.h>

#include "reports/drawing.h"
#include "reports/ladder_walk.h"
#include "reports/page_words.h"

enum { MICROSECOND = 1000 };

/* ---- a row ---- */

static const char *const word_columns[] = {"kind",   "title",    "method",  "call_id",
                                           "sender", "receiver", "meaning", "repeats",
                                           "step",   "room",     "until"};

static const char *const value_columns[] = {"time",   "us",          "packet", "status", "id",
                                            "dialog", "transaction", "colour", "band",   "input",
                                            "record", "offset",      "from",   "to"};

static const char *const flag_columns[] = {"request", "again",  "resent",
                                           "astray",  "failed", "text"};

struct rows {
    const struct page_source *source;
    struct json *json;
    struct map words;
    struct arena arena; /* of one row */
    int64_t first;      /* time from which the others count */
};

static void words_json(struct rows *rows, const struct ladder_row *row)
{
    static const char *const kinds[] = {
        [ROW_PRESENCE] = "presence", [ROW_COVERAGE] = "coverage", [ROW_FOLDED] = "folded"};
    const bool sent = row->kind == ROW_MESSAGE;
    const struct slice none = slice_of("");
    char until[CLOCK_TEXT] = "";
    if (row->kind == ROW_FOLDED) {
        clock_of_day(row->until, &rows->source->style->zone, until);
    }
    const struct slice words[] = {
        sent ? none : slice_of(kinds[row->kind]),
        row->title,
        sent ? row->method : none,
        sent ? row->call_id : none,
        sent ? row->sender : none,
        row->receiver,
        sent ? ladder_row_meaning(row, &rows->arena) : none,
        sent ? ladder_row_repeats(row, &rows->arena) : none,
        sent ? row->step : none,
        sent && row->room ? row->room->name : none,
        slice_of(until),
    };
    static_assert(sizeof words / sizeof words[0] == sizeof word_columns / sizeof word_columns[0],
                  "a text for each column");
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        page_word_json(rows->json, &rows->words, words[i]);
    }
}

static void time_json(struct rows *rows, int64_t time)
{
    if (time == TIME_NONE) {
        json_null(rows->json, NULL);
        json_null(rows->json, NULL);
        return;
    }
    char text[CLOCK_TEXT];
    clock_of_day(time, &rows->source->style->zone, text);
    json_text(rows->json, NULL, text);
    json_i64(rows->json, NULL, time_apart(time, rows->first) / MICROSECOND);
}

static void lane_json(struct json *json, const struct ladder_model *model, const char *key,
                      size_t lane)
{
    if (lane < model->lane_count) {
        json_u64(json, key, model->lanes[lane].place);
    } else {
        json_null(json, key);
    }
}

static void values_json(struct rows *rows, const struct ladder_row *row)
{
    struct json *json = rows->json;
    const bool sent = row->kind == ROW_MESSAGE;
    time_json(rows, row->time);
    json_string(json, NULL,
                ladder_record_text(row->input, row->record, rows->source->summary, &rows->arena));
    json_u64(json, NULL, row->status);
    json_u64(json, NULL, row->message);
    json_u64(json, NULL, sent ? row->dialog : 0);
    json_u64(json, NULL, sent ? row->transaction : 0);
    json_u64(json, NULL, row->colour);
    json_u64(json, NULL, row->band);
    json_u64(json, NULL, row->input);
    json_u64(json, NULL, row->record);
    json_u64(json, NULL, row->stream_offset);
    lane_json(json, rows->source->model, NULL, row->from);
    lane_json(json, rows->source->model, NULL, row->to);
}

/* In the order of flag_columns, from the lowest bit. */
static unsigned flags_of(const struct ladder_row *row)
{
    const bool sent = row->kind == ROW_MESSAGE;
    const bool flags[] = {
        sent && row->request,     sent && row->again,
        sent && row->repeats > 0, sent && (row->early || row->late),
        sent && row->failed,      row->raw.size > 0,
    };
    static_assert(sizeof flags / sizeof flags[0] == sizeof flag_columns / sizeof flag_columns[0],
                  "a bit for each flag");
    unsigned bits = 0;
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        bits |= (unsigned)flags[i] << i;
    }
    return bits;
}

static void row_json(struct rows *rows, const struct ladder_row *row)
{
    json_array(rows->json, NULL);
    words_json(rows, row);
    values_json(rows, row);
    json_u64(rows->json, NULL, flags_of(row));
    json_end_array(rows->json);
}

static void names_json(struct json *json, const char *key, const char *const names[], size_t count)
{
    json_array(json, key);
    for (size_t i = 0; i < count; i++) {
        json_text(json, NULL, names[i]);
    }
    json_end_array(json);
}

static void columns_json(struct json *json)
{
    json_object(json, "columns");
    names_json(json, "words", word_columns, sizeof word_columns / sizeof word_columns[0]);
    names_json(json, "values", value_columns, sizeof value_columns / sizeof value_columns[0]);
    names_json(json, "flags", flag_columns, sizeof flag_columns / sizeof flag_columns[0]);
    json_end_object(json);
}

/* ---- between and beside them ---- */

/* New days and silence, each before its row. */
static void breaks_json(struct json *json, const struct page_source *source)
{
    struct arena arena;
    struct ladder_walk walk;
    struct ladder_step step;
    arena_init(&arena);
    ladder_walk_begin(&walk, source->model, &source->style->zone, &arena);
    json_array(json, "breaks");
    while (ladder_walk_next(&walk, &step)) {
        if (step.kind != STEP_ROW) {
            json_object(json, NULL);
            json_u64(json, "row", step.row);
            json_text(json, "kind", step.kind == STEP_DATE ? "date" : "idle");
            json_string(json, "title", step.text);
            json_end_object(json);
        }
    }
    json_end_array(json);
    arena_dispose(&arena);
}

static void strips_json(struct json *json, const struct ladder_model *model)
{
    json_array(json, "strips");
    for (size_t i = 0; i < model->part_count; i++) {
        const struct ladder_part *part = &model->parts[i];
        json_object(json, NULL);
        lane_json(json, model, "lane", part->lane);
        json_u64(json, "slot", part->slot);
        json_u64(json, "band", part->band);
        json_string(json, "user", part->user);
        json_u64(json, "first", part->first == SIZE_MAX ? 0 : part->first);
        json_u64(json, "end", part->end);
        json_end_object(json);
    }
    json_end_array(json);
}

void page_rows_write(const struct page_source *source, struct json *json)
{
    const struct ladder_model *model = source->model;
    struct rows rows = {.source = source, .json = json, .first = TIME_NONE};
    int64_t last = TIME_NONE;
    (void)ladder_model_span(model, &rows.first, &last);
    breaks_json(json, source);
    strips_json(json, model);
    columns_json(json);
    map_init(&rows.words, model->seed);
    arena_init(&rows.arena);
    json->dense = true;
    json_array(json, "rows");
    for (size_t i = 0; i < model->row_count && !output_is_over(json->output); i++) {
        row_json(&rows, &model->rows[i]);
        arena_reset(&rows.arena);
    }
    json_end_array(json);
    page_words_json(json, "words", &rows.words);
    json->dense = false;
    arena_dispose(&rows.arena);
    map_dispose(&rows.words, NULL);
}
