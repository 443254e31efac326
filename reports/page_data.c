/*
 * What a page says of the run as a whole: what was read, how much of it, lanes, dialogs, findings.
 * See page_data.h.
 */
#include "reports/page_data.h"

#include "reports/drawing.h"
#include "reports/ladder_walk.h"
#include "reports/text.h"

enum { COLUMNS = 400 }; /* of anything that is one line */

static void brief_json(struct json *json, const char *key, struct slice text)
{
    struct arena arena;
    arena_init(&arena);
    if (text.size > 0) {
        json_string(json, key, text_brief(text, COLUMNS, &arena));
    }
    arena_dispose(&arena);
}

/* ---- what was read ---- */

static void inputs_json(struct json *json, const struct page_source *source)
{
    json_array(json, "inputs");
    for (size_t i = 0; i < source->summary->input_count; i++) {
        const struct input_info *input = &source->summary->inputs[i];
        char first[CLOCK_TEXT] = "";
        char last[CLOCK_TEXT] = "";
        if (input->first != TIME_NONE && input->records > 0) {
            clock_date(input->first, &source->style->zone, first);
            clock_date(input->last, &source->style->zone, last);
        }
        json_object(json, NULL);
        brief_json(json, "name", input->name);
        json_text(json, "kind", input->kind);
        json_text(json, "compression", input->compression);
        json_u64(json, "size", input->size);
        json_u64(json, "records", input->records);
        json_text(json, "first", first);
        json_text(json, "last", last);
        json_bool(json, "export", input->is_export);
        json_bool(json, "truncated", input->truncated);
        json_bool(json, "failed", input->failed);
        json_text(json, "sha256", input->sha256);
        json_end_object(json);
    }
    json_end_array(json);
}

/* With pseudonyms, what the user typed may be the very names that must not stand here. */
static void options_json(struct json *json, const struct report_style *style)
{
    json_array(json, "options");
    for (size_t i = 0; i < style->option_count; i++) {
        json_object(json, NULL);
        brief_json(json, "name", slice_of(style->options[i].name));
        if (!style->redacted && style->options[i].value) {
            brief_json(json, "value", slice_of(style->options[i].value));
        }
        json_end_object(json);
    }
    json_end_array(json);
}

static void coverage_json(struct json *json, const struct coverage_summary *coverage)
{
    json_object(json, "coverage");
    json_text(json, "verdict", coverage_verdict_name(coverage->verdict));
    json_text(json, "words", report_coverage_words(coverage->verdict));
    json_u64(json, "read", coverage->read);
    json_u64(json, "encrypted", coverage->encrypted);
    json_u64(json, "compressed", coverage->compressed);
    json_u64(json, "gapped", coverage->gapped);
    json_u64(json, "one_sided", coverage->one_sided);
    json_end_object(json);
}

/* ---- totals ---- */

static void count_json(struct json *json, struct slice name, uint64_t count)
{
    json_object(json, NULL);
    brief_json(json, "name", name);
    json_u64(json, "count", count);
    json_end_object(json);
}

static void counts_json(struct json *json, const char *key, const struct count_row *rows,
                        size_t count)
{
    json_array(json, key);
    for (size_t i = 0; i < count; i++) {
        count_json(json, rows[i].name, rows[i].count);
    }
    json_end_array(json);
}

static void skipped_json(struct json *json, const struct summary *summary)
{
    json_array(json, "skipped");
    for (int reason = 0; reason < SKIP_REASONS; reason++) {
        if (summary->skipped[reason] > 0) {
            count_json(json, slice_of(skip_reason_name((enum skip_reason)reason)),
                       summary->skipped[reason]);
        }
    }
    json_end_array(json);
}

static void waits_json(struct json *json, const char *key, const struct percentiles *times)
{
    if (times->count == 0) {
        return;
    }
    char text[CLOCK_TEXT];
    json_object(json, key);
    json_u64(json, "count", times->count);
    clock_duration(times->p50, text);
    json_text(json, "median", text);
    clock_duration(times->p95, text);
    json_text(json, "p95", text);
    clock_duration(times->max, text);
    json_text(json, "most", text);
    json_end_object(json);
}

static void databases_json(struct json *json, const struct page_source *source)
{
    const struct summary *summary = source->summary;
    json_array(json, "databases");
    for (size_t i = 0; i < summary->database_count; i++) {
        char now[CLOCK_TEXT];
        clock_date(summary->databases[i].now, &source->style->zone, now);
        json_object(json, NULL);
        brief_json(json, "name", summary->databases[i].name);
        json_text(json, "kind", summary->databases[i].kind);
        json_text(json, "now", now);
        json_bool(json, "whole", summary->databases[i].whole);
        json_end_object(json);
    }
    json_end_array(json);
}

static void totals_json(struct json *json, const struct page_source *source)
{
    const struct summary *summary = source->summary;
    json_object(json, "totals");
    json_u64(json, "packets", summary->packets);
    json_u64(json, "decoded", summary->decoded);
    skipped_json(json, summary);
    json_u64(json, "sip_messages", summary->sip_messages);
    json_u64(json, "retransmissions", summary->retransmissions);
    json_u64(json, "call_ids", summary->call_ids);
    json_u64(json, "dialogs", summary->dialogs);
    json_u64(json, "users", summary->users);
    json_u64(json, "rooms", summary->rooms);
    json_u64(json, "chat_messages", summary->chat_messages);
    json_bool(json, "exact", summary->exact);
    counts_json(json, "requests", summary->requests, summary->request_count);
    counts_json(json, "responses", summary->responses, summary->response_count);
    counts_json(json, "odd", summary->diagnostics, summary->diagnostic_count);
    waits_json(json, "response_time", &summary->response_time);
    waits_json(json, "post_to_copy", &summary->post_to_copy);
    databases_json(json, source);
    json_u64(json, "database_users", summary->database_users);
    json_end_object(json);
}

/* ---- the ladder's frame ---- */

static void lanes_json(struct json *json, const struct ladder_model *model)
{
    json_array(json, "lanes");
    for (size_t i = 0; i < model->lane_count; i++) {
        const struct ladder_lane *lane = &model->lanes[model->order[i]];
        json_object(json, NULL);
        json_string(json, "name", lane->name);
        json_string(json, "address", lane->address);
        brief_json(json, "role", lane->role);
        json_u64(json, "messages", lane->messages);
        json_end_object(json);
    }
    json_end_array(json);
}

/* "#00805d" */
static void colour_json(struct json *json, const char *key, uint32_t colour)
{
    static const char digits[] = "0123456789abcdef";
    char text[8] = "#";
    for (int i = 0; i < 6; i++) {
        text[1 + i] = digits[colour >> (20 - 4 * i) & 15];
    }
    json_text(json, key, text);
}

static void bands_json(struct json *json)
{
    json_array(json, "bands");
    for (int band = 0; band < BANDS; band++) {
        const struct band_paint *paint = drawing_band((enum band)band);
        json_object(json, NULL);
        json_text(json, "name", band_name((enum band)band));
        json_text(json, "title", band_title((enum band)band));
        colour_json(json, "fill", paint->fill);
        colour_json(json, "text", paint->text);
        json_end_object(json);
    }
    json_end_array(json);
}

static void dialogs_json(struct json *json, const struct ladder_model *model)
{
    json_array(json, "dialogs");
    for (size_t i = 0; i < model->dialog_count; i++) {
        json_object(json, NULL);
        json_u64(json, "id", model->dialogs[i].id);
        json_string(json, "title", model->dialogs[i].title);
        json_end_object(json);
    }
    json_end_array(json);
}

/* ---- findings ---- */

static void evidence_json(struct json *json, const struct page_source *source,
                          const struct origin *evidence, size_t count)
{
    struct arena arena;
    arena_init(&arena);
    json_array(json, "evidence");
    for (size_t i = 0; i < count; i++) {
        json_object(json, NULL);
        json_string(json, "text", report_origin_text(&evidence[i], source->summary, &arena));
        if (!evidence[i].row) {
            json_u64(json, "input", evidence[i].input);
            json_u64(json, "record", evidence[i].record);
            json_u64(json, "offset", evidence[i].stream_offset);
        }
        json_end_object(json);
        arena_reset(&arena);
    }
    json_end_array(json);
    arena_dispose(&arena);
}

static void finding_head_json(struct json *json, const struct page_source *source, uint64_t id,
                              enum severity severity, int64_t time)
{
    char text[CLOCK_TEXT] = "";
    if (time != TIME_NONE) {
        clock_date(time, &source->style->zone, text);
    }
    json_u64(json, "id", id);
    json_text(json, "severity", severity_name(severity));
    json_text(json, "time", text);
}

static void reported_json(struct json *json, const struct page_source *source,
                          const struct finding *finding)
{
    json_object(json, NULL);
    finding_head_json(json, source, finding->id, finding->severity, finding->time);
    json_text(json, "rule", finding->rule);
    brief_json(json, "message", finding->message);
    brief_json(json, "user", finding->user);
    brief_json(json, "peer", finding->peer);
    brief_json(json, "room", finding->room);
    brief_json(json, "call_id", finding->call_id);
    brief_json(json, "flow", finding->flow);
    brief_json(json, "step", finding->step);
    json_text(json, "basis", finding->basis);
    evidence_json(json, source, finding->evidence, finding->evidence_count);
    json_u64(json, "more", finding->evidence_more);
    json_text(json, "baseline",
              baseline_mark_name(baseline_mark_of(source->audit->baseline, finding->id)));
    json_end_object(json);
}

static void drawn_json(struct json *json, const struct page_source *source,
                       const struct ladder_finding *finding)
{
    json_object(json, NULL);
    finding_head_json(json, source, finding->id, finding->severity, finding->time);
    json_string(json, "rule", finding->rule);
    json_string(json, "message", finding->message);
    evidence_json(json, source, finding->evidence, finding->evidence_count);
    json_end_object(json);
}

static void findings_json(struct json *json, const struct page_source *source)
{
    json_array(json, "findings");
    if (source->audit) {
        for (size_t i = 0; i < source->audit->count; i++) {
            reported_json(json, source, &source->audit->findings[i]);
        }
    } else {
        for (size_t i = 0; i < source->model->finding_count; i++) {
            drawn_json(json, source, &source->model->findings[i]);
        }
    }
    json_end_array(json);
}

/* ---- the audit before ---- */

static void gone_json(struct json *json, const struct page_source *source,
                      const struct earlier_finding *gone)
{
    char time[CLOCK_TEXT] = "";
    if (gone->time != TIME_NONE) {
        clock_date(gone->time, &source->style->zone, time);
    }
    json_object(json, NULL);
    json_text(json, "severity", severity_name(gone->severity));
    json_text(json, "time", time);
    brief_json(json, "rule", gone->rule);
    brief_json(json, "message", gone->message);
    brief_json(json, "user", gone->user);
    brief_json(json, "peer", gone->peer);
    brief_json(json, "room", gone->room);
    brief_json(json, "call_id", gone->call_id);
    brief_json(json, "flow", gone->flow);
    brief_json(json, "step", gone->step);
    json_end_object(json);
}

static void baseline_json(struct json *json, const struct page_source *source)
{
    const struct audit_baseline *baseline = source->audit ? source->audit->baseline : NULL;
    if (!baseline) {
        return;
    }
    json_object(json, "baseline");
    brief_json(json, "name", baseline->name);
    json_u64(json, "new", baseline->fresh);
    json_u64(json, "same", baseline->same);
    json_bool(json, "doubtful", source->audit->doubtful);
    json_array(json, "gone");
    for (size_t i = 0; i < baseline->gone_count && !output_is_over(json->output); i++) {
        gone_json(json, source, &baseline->gone[i]);
    }
    json_end_array(json);
    json_end_object(json);
}

/* Where each stands in the ladder: [number of the finding, row]. */
static void places_json(struct json *json, const struct ladder_model *model)
{
    json_array(json, "places");
    for (size_t i = 0; i < model->finding_count; i++) {
        if (model->findings[i].row != SIZE_MAX) {
            json_array(json, NULL);
            json_u64(json, NULL, model->findings[i].id);
            json_u64(json, NULL, model->findings[i].row);
            json_end_array(json);
        }
    }
    json_end_array(json);
}

/* ---- all of it ---- */

static void heading_json(struct json *json, const struct page_source *source, struct arena *arena)
{
    const struct ladder_model *model = source->model;
    const struct clock_zone *zone = &source->style->zone;
    char name[CLOCK_TEXT] = "UTC";
    int64_t first = TIME_NONE;
    int64_t last = TIME_NONE;
    if (ladder_model_span(model, &first, &last)) {
        clock_zone_name(first, zone, name);
        json_string(json, "span", drawing_span(first, last, zone, arena));
    }
    json_text(json, "zone", name);
    json_u64(json, "messages", model->messages);
    json_text(json, "choice", model->choice ? choice_words(model->choice) : "");
    json_string(json, "empty", ladder_empty_text(source->summary));
    json_string(json, "beyond", ladder_beyond_text(model, arena));
    json_u64(json, "most", model->limits.page_rows);
    json_u64(json, "texts_beyond", model->raw_beyond);
    json_u64(json, "dialogs_beyond", model->dialogs_beyond);
}

void page_data_write(const struct page_source *source, struct output *output)
{
    struct arena arena;
    struct json json;
    arena_init(&arena);
    json_init(&json, output, false);
    json.in_html = true;
    json_object(&json, NULL);
    json_text(&json, "schema", "ocsight.page/1");
    json_text(&json, "version", source->style->version);
    json_bool(&json, "audit", source->audit != NULL);
    json_bool(&json, "redacted", source->style->redacted);
    json_text(&json, "redacted_words", source->style->redacted ? report_redacted_words() : "");
    json_bool(&json, "partial", source->summary->partial);
    json_u64(&json, "block", PAGE_BLOCK);
    json_string(&json, "title", source->title);
    heading_json(&json, source, &arena);
    inputs_json(&json, source);
    options_json(&json, source->style);
    coverage_json(&json, &source->summary->coverage);
    totals_json(&json, source);
    lanes_json(&json, source->model);
    bands_json(&json);
    dialogs_json(&json, source->model);
    findings_json(&json, source);
    baseline_json(&json, source);
    places_json(&json, source->model);
    page_rows_write(source, &json);
    json_end_object(&json);
    arena_dispose(&arena);
}
