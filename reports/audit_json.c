/*
 * The audit's findings as JSON: schema ocsight.audit/1 (design.md section 3). See audit_parts.h.
 */
#include "reports/audit_parts.h"

static void input_json(struct json *json, const struct input_info *input)
{
    json_object(json, NULL);
    json_string(json, "name", input->name);
    json_text(json, "kind", input->kind);
    json_text(json, "compression", input->compression);
    json_u64(json, "size", input->size);
    json_u64(json, "records", input->records);
    json_time(json, "first", input->first);
    json_time(json, "last", input->last);
    json_bool(json, "truncated", input->truncated);
    json_bool(json, "failed", input->failed);
    json_optional(json, "sha256", slice_of(input->sha256));
    json_end_object(json);
}

static void counts_json(struct json *json, const char *key, const struct count_row *rows,
                        size_t count)
{
    json_object(json, key);
    for (size_t i = 0; i < count; i++) {
        json_count(json, rows[i].name, rows[i].count);
    }
    json_end_object(json);
}

static void percentiles_json(struct json *json, const char *key, const struct percentiles *times)
{
    if (times->count == 0) {
        json_null(json, key);
        return;
    }
    json_object(json, key);
    json_u64(json, "count", times->count);
    json_seconds(json, "p50", times->p50);
    json_seconds(json, "p95", times->p95);
    json_seconds(json, "p99", times->p99);
    json_seconds(json, "max", times->max);
    json_end_object(json);
}

static void skipped_json(struct json *json, const struct summary *summary)
{
    json_object(json, "skipped");
    for (int reason = 0; reason < SKIP_REASONS; reason++) {
        if (summary->skipped[reason] > 0) {
            json_u64(json, skip_reason_name((enum skip_reason)reason), summary->skipped[reason]);
        }
    }
    json_end_object(json);
}

static void coverage_json(struct json *json, const struct coverage_summary *coverage)
{
    json_object(json, "coverage");
    json_u64(json, "streams", coverage->streams);
    json_u64(json, "read", coverage->read);
    json_u64(json, "encrypted", coverage->encrypted);
    json_u64(json, "compressed", coverage->compressed);
    json_u64(json, "gapped", coverage->gapped);
    json_u64(json, "one_sided", coverage->one_sided);
    json_text(json, "verdict", coverage_verdict_name(coverage->verdict));
    json_end_object(json);
}

static void databases_json(struct json *json, const struct summary *summary)
{
    if (summary->database_count == 0) {
        return;
    }
    json_array(json, "databases");
    for (size_t i = 0; i < summary->database_count; i++) {
        const struct database_info *info = &summary->databases[i];
        json_object(json, NULL);
        json_string(json, "server", info->name);
        json_text(json, "kind", info->kind);
        json_time(json, "judged_for", info->now);
        json_bool(json, "whole", info->whole);
        json_end_object(json);
    }
    json_end_array(json);
    json_u64(json, "database_users", summary->database_users);
}

static void summary_json(struct json *json, const struct summary *summary)
{
    json_object(json, "summary");
    json_u64(json, "packets", summary->packets);
    json_u64(json, "decoded", summary->decoded);
    skipped_json(json, summary);
    json_u64(json, "sip_messages", summary->sip_messages);
    counts_json(json, "requests", summary->requests, summary->request_count);
    counts_json(json, "responses", summary->responses, summary->response_count);
    json_u64(json, "retransmissions", summary->retransmissions);
    json_u64(json, "call_ids", summary->call_ids);
    json_u64(json, "dialogs", summary->dialogs);
    json_u64(json, "users", summary->users);
    json_u64(json, "rooms", summary->rooms);
    json_u64(json, "chat_messages", summary->chat_messages);
    json_bool(json, "exact", summary->exact);
    json_object(json, "findings");
    json_u64(json, "error", summary->findings[SEVERITY_ERROR]);
    json_u64(json, "warning", summary->findings[SEVERITY_WARNING]);
    json_u64(json, "note", summary->findings[SEVERITY_NOTE]);
    json_end_object(json);
    coverage_json(json, &summary->coverage);
    counts_json(json, "user_agents", summary->user_agents, summary->user_agent_count);
    counts_json(json, "servers", summary->servers, summary->server_count);
    counts_json(json, "diagnostics", summary->diagnostics, summary->diagnostic_count);
    percentiles_json(json, "response_time", &summary->response_time);
    percentiles_json(json, "post_to_copy", &summary->post_to_copy);
    json_bool(json, "partial", summary->partial);
    databases_json(json, summary);
    json_end_object(json);
}

static void finding_json(struct json *json, const struct audit_report *report,
                         const struct finding *finding, const struct summary *summary)
{
    enum baseline_mark mark = baseline_mark_of(report->baseline, finding->id);
    json_object(json, NULL);
    json_u64(json, "id", finding->id);
    json_text(json, "rule", finding->rule);
    json_text(json, "severity", severity_name(finding->severity));
    json_time(json, "time", finding->time);
    json_string(json, "message", finding->message);
    json_optional(json, "user", finding->user);
    json_optional(json, "peer", finding->peer);
    json_optional(json, "room", finding->room);
    json_optional(json, "call_id", finding->call_id);
    json_optional(json, "flow", finding->flow);
    json_optional(json, "step", finding->step);
    json_array(json, "evidence");
    for (size_t i = 0; i < finding->evidence_count; i++) {
        report_origin_json(json, NULL, &finding->evidence[i], summary);
    }
    json_end_array(json);
    json_u64(json, "evidence_more", finding->evidence_more);
    json_text(json, "basis", finding->basis);
    if (mark != BASELINE_NONE) {
        json_text(json, "baseline", baseline_mark_name(mark));
    }
    json_end_object(json);
}

static void gone_json(struct json *json, const struct earlier_finding *gone)
{
    json_object(json, NULL);
    json_string(json, "rule", gone->rule);
    json_text(json, "severity", severity_name(gone->severity));
    json_time(json, "time", gone->time);
    json_string(json, "message", gone->message);
    json_optional(json, "user", gone->user);
    json_optional(json, "peer", gone->peer);
    json_optional(json, "room", gone->room);
    json_optional(json, "call_id", gone->call_id);
    json_optional(json, "flow", gone->flow);
    json_optional(json, "step", gone->step);
    json_end_object(json);
}

static void baseline_json(struct json *json, const struct audit_baseline *baseline)
{
    if (!baseline) {
        return;
    }
    json_object(json, "baseline");
    json_string(json, "name", baseline->name);
    json_u64(json, "new", baseline->fresh);
    json_u64(json, "same", baseline->same);
    json_array(json, "gone");
    for (size_t i = 0; i < baseline->gone_count && !output_is_over(json->output); i++) {
        gone_json(json, &baseline->gone[i]);
    }
    json_end_array(json);
    json_end_object(json);
}

static void oddities_json(struct json *json, const struct audit_report *report,
                          const struct summary *summary)
{
    json_array(json, "oddities");
    for (size_t i = 0; i < report->oddity_count; i++) {
        const struct oddity *oddity = &report->oddities[i];
        json_object(json, NULL);
        json_text(json, "code", oddity->code);
        json_string(json, "detail", oddity->detail);
        json_u64(json, "offset", oddity->offset);
        report_origin_json(json, "origin", &oddity->origin, summary);
        json_end_object(json);
    }
    json_end_array(json);
}

void audit_json_write(const struct audit_report *report, const struct summary *summary,
                      struct output *output)
{
    struct json json;
    json_init(&json, output, true);
    json_object(&json, NULL);
    json_text(&json, "schema", "ocsight.audit/1");
    report_redacted_json(&json, &report->style);
    json_text(&json, "tool", "ocsight");
    json_text(&json, "version", report->style.version);
    json_object(&json, "options");
    for (size_t i = 0; i < report->style.option_count; i++) {
        const struct report_option *option = &report->style.options[i];
        json_string(&json, option->name, slice_of(option->value));
    }
    json_end_object(&json);
    json_array(&json, "inputs");
    for (size_t i = 0; i < summary->input_count; i++) {
        input_json(&json, &summary->inputs[i]);
    }
    json_end_array(&json);
    summary_json(&json, summary);
    json_array(&json, "findings");
    for (size_t i = 0; i < report->count && !output_is_over(output); i++) {
        finding_json(&json, report, &report->findings[i], summary);
    }
    json_end_array(&json);
    baseline_json(&json, report->baseline);
    oddities_json(&json, report, summary);
    json_end_object(&json);
    json_end_line(&json);
}
