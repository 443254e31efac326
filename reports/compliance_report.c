/*
 * What a compliance adapter would have received. See compliance_report.h.
 */
#include "reports/compliance_report.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "reports/compliance_write.h"

struct compliance_report {
    struct report_style style;
    struct compliance_query query;
    struct compliance_model model;
    struct arena arena; /* texts while writing */
};

struct compliance_report *compliance_report_new(const struct report_style *style,
                                                const struct compliance_query *query,
                                                struct map_seed seed, const struct limits *limits)
{
    struct compliance_report *report = memory_zero(1, sizeof *report);
    report->style = *style;
    report->query = *query;
    compliance_model_init(&report->model, seed, limits);
    arena_init(&report->arena);
    return report;
}

void compliance_report_free(struct compliance_report *report)
{
    compliance_model_dispose(&report->model);
    arena_dispose(&report->arena);
    free(report);
}

static void take_event(void *context, const struct event *event)
{
    struct compliance_report *report = context;
    compliance_model_event(&report->model, event);
}

static void take_change(void *context, const struct change *change)
{
    struct compliance_report *report = context;
    compliance_model_change(&report->model, change);
}

struct sink compliance_report_sink(struct compliance_report *report)
{
    return (struct sink){.context = report, .event = take_event, .change = take_change};
}

/* ---- JSON ---- */

static void time_json(struct json *json, const char *key, int64_t ticks)
{
    char text[TICKS_TEXT];
    json_object(json, key);
    json_i64(json, "since1970", ticks_since_1970(ticks));
    json_string(json, "string", ticks_text(ticks, text));
    json_i64(json, "long", ticks);
    json_end_object(json);
}

static void row_json(struct json *json, const struct compliance_row *row,
                     const struct summary *summary)
{
    json_object(json, NULL);
    json_text(json, "type", compliance_kind_name(row->kind));
    json_string(json, "content", row->content);
    json_u64(json, "id", row->id);
    json_optional(json, "user", row->user);
    time_json(json, "time", row->ticks);
    json_text(json, "time_source", row->service_time ? "service" : "capture");
    report_origin_json(json, "origin", &row->origin, summary);
    json_end_object(json);
}

static void room_json(struct json *json, const struct compliance_query *query,
                      const struct compliance_room *room, const struct summary *summary)
{
    const struct compliance_row *row = compliance_first(query, room);
    int64_t start;
    int64_t end;
    if (!row) {
        return;
    }
    compliance_span(query, room, &start, &end);
    json_object(json, NULL);
    json_string(json, "uri", room->uri);
    json_optional(json, "name", room->name);
    json_array(json, "messages");
    for (; row; row = compliance_next(query, row)) {
        row_json(json, row, summary);
    }
    json_end_array(json);
    time_json(json, "start", start);
    time_json(json, "end", end);
    json_end_object(json);
}

static void write_json(const struct compliance_report *report, const struct summary *summary,
                       struct output *output)
{
    struct json json;
    json_init(&json, output, true);
    json_object(&json, NULL);
    json_text(&json, "schema", "ocsight.compliance/1");
    report_redacted_json(&json, &report->style);
    json_array(&json, "conversations");
    for (struct map_entry *entry = report->model.rooms.first; entry; entry = entry->next) {
        room_json(&json, &report->query, entry->value, summary);
    }
    json_end_array(&json);
    json_text(&json, "coverage", coverage_verdict_name(summary->coverage.verdict));
    json_u64(&json, "not_listed", report->model.beyond);
    json_u64(&json, "not_told", report->model.view.late);
    json_bool(&json, "partial", summary->partial);
    json_end_object(&json);
    json_end_line(&json);
}

/* ---- CSV ---- */

static void row_csv(struct compliance_report *report, const struct compliance_room *room,
                    const struct compliance_row *row, const struct summary *summary,
                    struct output *output)
{
    char number[24];
    char text[TICKS_TEXT];
    report_csv(output, room->uri, false);
    report_csv(output, room->name, false);
    report_csv(output, slice_of(compliance_kind_name(row->kind)), false);
    report_csv(output, row->content, false);
    snprintf(number, sizeof number, "%" PRIu64, row->id);
    report_csv(output, slice_of(number), false);
    report_csv(output, row->user, false);
    report_csv(output, ticks_text(row->ticks, text), false);
    snprintf(number, sizeof number, "%" PRId64, row->ticks);
    report_csv(output, slice_of(number), false);
    report_csv(output, slice_of(row->service_time ? "service" : "capture"), false);
    report_csv(output, report_origin_text(&row->origin, summary, &report->arena), true);
    arena_reset(&report->arena);
}

static void write_csv(struct compliance_report *report, const struct summary *summary,
                      struct output *output)
{
    output_text(output, "room,name,type,content,id,user,time,ticks,time_source,packet\n");
    for (struct map_entry *entry = report->model.rooms.first; entry; entry = entry->next) {
        const struct compliance_room *room = entry->value;
        for (const struct compliance_row *row = compliance_first(&report->query, room); row;
             row = compliance_next(&report->query, row)) {
            row_csv(report, room, row, summary, output);
        }
    }
}

void compliance_report_write(struct compliance_report *report, const struct summary *summary,
                             struct output *output)
{
    switch (report->style.format) {
    case REPORT_JSON:
        write_json(report, summary, output);
        break;
    case REPORT_CSV:
        write_csv(report, summary, output);
        break;
    default:
        compliance_write(&report->model, &report->query, summary, output);
    }
}
