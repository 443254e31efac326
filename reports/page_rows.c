/*
 * The ladder of a page: rows, what lies between them, strips, and the messages in full. See
 * page_data.h.
 */
#include "reports/page_data.h"

#include "reports/drawing.h"
#include "reports/ladder_walk.h"
#include "reports/message_text.h"
#include "reports/text.h"

enum { MICROSECOND = 1000, MESSAGE_MOST = 256 << 10 };

static bool has_text(const struct ladder_row *row)
{
    return row->raw.size > 0;
}

static void flag_json(struct json *json, const char *key, bool value)
{
    if (value) {
        json_bool(json, key, true);
    }
}

static void number_json(struct json *json, const char *key, uint64_t value)
{
    if (value > 0) {
        json_u64(json, key, value);
    }
}

static void words_json(struct json *json, const char *key, struct slice text)
{
    if (text.size > 0) {
        json_string(json, key, text);
    }
}

static void lane_json(struct json *json, const struct ladder_model *model, const char *key,
                      size_t lane)
{
    if (lane < model->lane_count) {
        json_u64(json, key, model->lanes[lane].place);
    }
}

static void time_json(struct json *json, const struct page_source *source, int64_t time,
                      int64_t first)
{
    if (time != TIME_NONE) {
        char text[CLOCK_TEXT];
        clock_of_day(time, &source->style->zone, text);
        json_text(json, "time", text);
        json_i64(json, "us", time_apart(time, first) / MICROSECOND);
    }
}

static void message_json(struct json *json, const struct ladder_row *row, struct arena *arena)
{
    words_json(json, "method", row->method);
    number_json(json, "status", row->status);
    number_json(json, "id", row->message);
    number_json(json, "dialog", row->dialog);
    number_json(json, "transaction", row->transaction);
    json_u64(json, "colour", row->colour);
    flag_json(json, "request", row->request);
    flag_json(json, "again", row->again);
    flag_json(json, "resent", row->repeats > 0);
    flag_json(json, "astray", row->early || row->late);
    flag_json(json, "failed", row->failed);
    words_json(json, "call_id", row->call_id);
    words_json(json, "sender", row->sender);
    words_json(json, "meaning", ladder_row_meaning(row, arena));
    words_json(json, "repeats", ladder_row_repeats(row, arena));
    words_json(json, "step", row->step);
    words_json(json, "room", row->room ? row->room->name : slice_of(""));
}

/* What is not said is false, 0 or empty: most of a row is. */
static void row_json(struct json *json, const struct page_source *source,
                     const struct ladder_row *row, int64_t first, struct arena *arena)
{
    static const char *const kinds[] = {
        [ROW_PRESENCE] = "presence", [ROW_COVERAGE] = "coverage", [ROW_FOLDED] = "folded"};
    json_object(json, NULL);
    if (row->kind == ROW_MESSAGE) {
        message_json(json, row, arena);
    } else {
        json_text(json, "kind", kinds[row->kind]);
    }
    if (row->kind == ROW_PRESENCE) {
        json_u64(json, "band", row->band);
        number_json(json, "id", row->message);
    }
    if (row->kind == ROW_FOLDED) {
        char until[CLOCK_TEXT];
        clock_of_day(row->until, &source->style->zone, until);
        json_u64(json, "count", row->repeats);
        json_text(json, "until", until);
    }
    json_string(json, "title", row->title);
    words_json(json, "receiver", row->receiver);
    time_json(json, source, row->time, first);
    if (row->record > 0) {
        struct slice packet = ladder_record_text(row->input, row->record, source->summary, arena);
        json_string(json, "packet", packet);
        json_u64(json, "input", row->input);
        json_u64(json, "record", row->record);
        number_json(json, "offset", row->stream_offset);
    }
    lane_json(json, source->model, "from", row->from);
    lane_json(json, source->model, "to", row->to);
    flag_json(json, "text", has_text(row));
    json_end_object(json);
}

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
    struct arena arena;
    int64_t first = TIME_NONE;
    int64_t last = TIME_NONE;
    (void)ladder_model_span(model, &first, &last);
    breaks_json(json, source);
    strips_json(json, model);
    arena_init(&arena);
    json_array(json, "rows");
    for (size_t i = 0; i < model->row_count && !output_is_over(json->output); i++) {
        row_json(json, source, &model->rows[i], first, &arena);
        arena_reset(&arena);
    }
    json_end_array(json);
    arena_dispose(&arena);
}

static void block_begin(struct json *json, struct output *output, size_t block)
{
    output_format(output, "<script type=\"application/json\" id=\"messages-%zu\">", block);
    json_init(json, output, false);
    json->in_html = true;
    json_array(json, NULL);
}

static void block_end(struct json *json, struct output *output)
{
    json_end_array(json);
    output_text(output, "</script>\n");
}

void page_messages_write(const struct page_source *source, struct output *output)
{
    const struct ladder_model *model = source->model;
    struct arena arena;
    struct json json;
    size_t count = 0;
    arena_init(&arena);
    for (size_t i = 0; i < model->row_count && !output_is_over(output); i++) {
        if (!has_text(&model->rows[i])) {
            continue;
        }
        if (count % PAGE_BLOCK == 0) {
            if (count > 0) {
                block_end(&json, output);
            }
            block_begin(&json, output, count / PAGE_BLOCK);
        }
        json_string(&json, NULL, message_text(model->rows[i].raw, MESSAGE_MOST, &arena));
        arena_reset(&arena);
        count++;
    }
    if (count > 0) {
        block_end(&json, output);
    }
    arena_dispose(&arena);
}
