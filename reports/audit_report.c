/*
 * The audit's findings as text, JSON or CSV. See audit_report.h.
 *
 * Findings are kept until the run is over, because the summary stands before
 * them; limits.findings bounds them in the audit itself.
 */
#include "reports/audit_report.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/engine/buffer.h"
#include "reports/text.h"

enum { ODDITIES_LISTED = 100, ODDITIES_SHOWN = 5 };

/* Odd input that did not stop anything, with its place. */
struct oddity {
    const char *code;
    struct slice detail;
    uint64_t offset; /* in the message or its body */
    struct origin origin;
};

struct audit_report {
    struct report_style style;
    struct arena arena;
    struct finding *findings; /* everything they point to is in the arena */
    size_t count;
    size_t capacity;
    struct oddity *oddities; /* the first ODDITIES_LISTED; the summary counts all */
    size_t oddity_count;
};

struct audit_report *audit_report_new(const struct report_style *style)
{
    struct audit_report *report = memory_zero(1, sizeof *report);
    report->style = *style;
    arena_init(&report->arena);
    return report;
}

void audit_report_free(struct audit_report *report)
{
    arena_dispose(&report->arena);
    free(report->findings);
    free(report->oddities);
    free(report);
}

static void take_finding(void *context, const struct finding *finding)
{
    struct audit_report *report = context;
    if (report->count == report->capacity) {
        report->capacity = report->capacity > 0 ? report->capacity * 2 : 64;
        report->findings =
            memory_grow(report->findings, report->capacity, sizeof *report->findings);
    }
    struct arena *arena = &report->arena;
    struct finding *kept = &report->findings[report->count++];
    *kept = *finding;
    kept->message = arena_keep(arena, finding->message);
    kept->user = arena_keep(arena, finding->user);
    kept->peer = arena_keep(arena, finding->peer);
    kept->room = arena_keep(arena, finding->room);
    kept->call_id = arena_keep(arena, finding->call_id);
    kept->flow = arena_keep(arena, finding->flow);
    kept->step = arena_keep(arena, finding->step);
    struct origin *evidence = arena_zero(arena, finding->evidence_count, sizeof *evidence);
    for (size_t i = 0; i < finding->evidence_count; i++) {
        evidence[i] = finding->evidence[i];
    }
    kept->evidence = evidence;
}

static void take_event(void *context, const struct event *event)
{
    struct audit_report *report = context;
    if (event->kind != EVENT_DIAGNOSTIC || report->oddity_count == ODDITIES_LISTED) {
        return;
    }
    if (!report->oddities) {
        report->oddities = memory_zero(ODDITIES_LISTED, sizeof *report->oddities);
    }
    report->oddities[report->oddity_count++] = (struct oddity){
        .code = event->as.diagnostic.code,
        .detail = arena_keep(&report->arena, event->as.diagnostic.detail),
        .offset = event->as.diagnostic.offset,
        .origin = event->origin,
    };
}

struct sink audit_report_sink(struct audit_report *report)
{
    return (struct sink){.context = report, .event = take_event, .finding = take_finding};
}

/* ---- JSON ---- */

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

static void finding_json(struct json *json, const struct finding *finding,
                         const struct summary *summary)
{
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

static void write_json(const struct audit_report *report, const struct summary *summary,
                       struct output *output)
{
    struct json json;
    json_init(&json, output, true);
    json_object(&json, NULL);
    json_text(&json, "schema", "ocsight.audit/1");
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
        finding_json(&json, &report->findings[i], summary);
    }
    json_end_array(&json);
    oddities_json(&json, report, summary);
    json_end_object(&json);
    json_end_line(&json);
}

/* ---- CSV ---- */

/* "trace.pcap:12 trace.pcap:14" */
static struct slice evidence_text(const struct finding *finding, const struct summary *summary,
                                  struct arena *arena, const char *between)
{
    struct buffer buffer;
    buffer_init(&buffer, SIZE_MAX);
    for (size_t i = 0; i < finding->evidence_count; i++) {
        if (i > 0) {
            buffer_append_text(&buffer, between);
        }
        buffer_append(&buffer, report_origin_text(&finding->evidence[i], summary, arena));
    }
    if (finding->evidence_more > 0) {
        buffer_append_text(&buffer, between);
        buffer_append_text(&buffer, "and ");
        buffer_append_u64(&buffer, finding->evidence_more);
        buffer_append_text(&buffer, " more");
    }
    struct slice text = arena_keep(arena, buffer_slice(&buffer));
    buffer_dispose(&buffer);
    return text;
}

static void write_csv(struct audit_report *report, const struct summary *summary,
                      struct output *output)
{
    struct arena *arena = &report->arena;
    output_text(output, "id,rule,severity,time,message,user,peer,room,call_id,evidence,basis\n");
    for (size_t i = 0; i < report->count; i++) {
        const struct finding *finding = &report->findings[i];
        char time[CLOCK_TEXT];
        clock_iso(finding->time, time);
        output_format(output, "%" PRIu64 ",%s,%s,%s,", finding->id, finding->rule,
                      severity_name(finding->severity), time);
        report_csv(output, finding->message, false);
        report_csv(output, finding->user, false);
        report_csv(output, finding->peer, false);
        report_csv(output, finding->room, false);
        report_csv(output, finding->call_id, false);
        report_csv(output, evidence_text(finding, summary, arena, " "), false);
        report_csv(output, slice_of(finding->basis), true);
    }
}

/* ---- text ---- */

static void counts_text(struct output *output, const struct count_row *rows, size_t count,
                        size_t columns, struct arena *arena)
{
    struct buffer buffer;
    buffer_init(&buffer, SIZE_MAX);
    for (size_t i = 0; i < count; i++) {
        buffer_append_text(&buffer, i > 0 ? ", " : "");
        buffer_append(&buffer, text_safe(rows[i].name, false, arena));
        buffer_append_text(&buffer, " ");
        buffer_append_u64(&buffer, rows[i].count);
    }
    if (count > 0) {
        output_text(output, "          ");
        text_paragraph(output, buffer_slice(&buffer), 10, 10, columns);
        output_byte(output, '\n');
    }
    buffer_dispose(&buffer);
}

static void inputs_text(const struct audit_report *report, struct output *output,
                        const struct summary *summary, struct arena *arena)
{
    const char *label = "Input     ";
    for (size_t i = 0; i < summary->input_count; i++) {
        const struct input_info *input = &summary->inputs[i];
        output_text(output, label);
        label = "          ";
        output_write(output, text_fit_middle(text_safe(input->name, false, arena),
                                             report->style.columns - 10, arena));
        if (input->failed) {
            output_text(output, "\n          could not be read\n");
            continue;
        }
        char first[CLOCK_TEXT];
        char last[CLOCK_TEXT];
        char zone[CLOCK_TEXT];
        clock_date(input->first, &report->style.zone, first);
        clock_date(input->last, &report->style.zone, last);
        clock_zone_name(input->first, &report->style.zone, zone);
        output_format(output, "\n          %s%s%s, %" PRIu64 " %s%s", input->kind,
                      input->compression ? ", " : "", input->compression ? input->compression : "",
                      input->records, input->is_export ? "events" : "packets",
                      !input->truncated   ? ""
                      : !input->is_export ? ", breaks off"
                                          : ", not all of it could be read");
        if (input->records > 0 && input->first != TIME_NONE) {
            output_text(output, "\n          ");
            text_paragraph(output, text_format(arena, "%s - %s %s", first, last, zone), 10, 10,
                           report->style.columns);
        }
        if (input->sha256[0] != '\0') {
            output_format(output, "\n          SHA-256 %.32s\n                  %.32s",
                          input->sha256, input->sha256 + 32);
        }
        output_byte(output, '\n');
    }
}

static void plural(struct output *output, uint64_t count, const char *word)
{
    output_format(output, "%" PRIu64 " %s%s", count, word, text_plural(count));
}

/* "trace.pcap:57: xml-not-well-formed: ..." as compilers say it, the first few. */
static void oddities_text(struct audit_report *report, const struct summary *summary,
                          struct output *output)
{
    struct arena *arena = &report->arena;
    if (summary->diagnostic_count == 0) {
        return;
    }
    output_text(output, "Odd input\n");
    counts_text(output, summary->diagnostics, summary->diagnostic_count, report->style.columns,
                arena);
    for (size_t i = 0; i < report->oddity_count && i < ODDITIES_SHOWN; i++) {
        const struct oddity *oddity = &report->oddities[i];
        struct buffer line;
        buffer_init(&line, SIZE_MAX);
        bool line_of_file = oddity->origin.input < summary->input_count &&
                            summary->inputs[oddity->origin.input].is_export;
        buffer_append_text(&line, line_of_file ? "line " : "packet ");
        buffer_append(&line, report_origin_text(&oddity->origin, summary, arena));
        buffer_append_text(&line, ", byte ");
        buffer_append_u64(&line, oddity->offset);
        buffer_append_text(&line, ": ");
        buffer_append_text(&line, oddity->code);
        buffer_append_text(&line, oddity->detail.size > 0 ? ": " : "");
        buffer_append(&line, text_safe(oddity->detail, false, arena));
        output_repeat(output, ' ', 10);
        text_paragraph(output, buffer_slice(&line), 10, 12, report->style.columns);
        output_byte(output, '\n');
        buffer_dispose(&line);
    }
}

static void totals_text(struct audit_report *report, const struct summary *summary,
                        struct output *output)
{
    struct arena *arena = &report->arena;
    output_text(output, "SIP       ");
    plural(output, summary->sip_messages, "message");
    output_format(output, " (%" PRIu64 " retransmitted), ", summary->retransmissions);
    plural(output, summary->call_ids, "Call-ID");
    output_text(output, ", ");
    plural(output, summary->dialogs, "dialog");
    output_text(output, "\n          ");
    plural(output, summary->users, "user");
    output_text(output, ", ");
    plural(output, summary->rooms, "chat room");
    output_text(output, ", ");
    plural(output, summary->chat_messages, "chat message");
    output_text(output, summary->exact ? "\n" : " (not exact: too many to count)\n");
    counts_text(output, summary->requests, summary->request_count, report->style.columns, arena);
    counts_text(output, summary->responses, summary->response_count, report->style.columns, arena);
    if (summary->response_time.count > 0) {
        char median[CLOCK_TEXT];
        char worst[CLOCK_TEXT];
        clock_duration(summary->response_time.p50, median);
        clock_duration(summary->response_time.max, worst);
        output_format(output, "          answered in %s (median), %s at the most\n", median, worst);
    }
    oddities_text(report, summary, output);
}

/* What was judged without any packets, and for when. */
static void databases_text(const struct audit_report *report, const struct summary *summary,
                           struct output *output, struct arena *arena)
{
    for (size_t i = 0; i < summary->database_count; i++) {
        const struct database_info *info = &summary->databases[i];
        char now[CLOCK_TEXT];
        char zone[CLOCK_TEXT];
        clock_date(info->now, &report->style.zone, now);
        clock_zone_name(info->now, &report->style.zone, zone);
        output_text(output, i == 0 ? "Databases " : "          ");
        struct slice line = text_format(arena, "%.*s (%s), judged for %s %s%s",
                                        TEXT(text_safe(info->name, false, arena)), info->kind, now,
                                        zone, info->whole ? "" : ", not read to the end");
        text_paragraph(output, line, 10, 10, report->style.columns);
        output_byte(output, '\n');
    }
    if (summary->database_count > 0) {
        output_text(output, "          ");
        plural(output, summary->database_users, "user");
        output_text(output, " with rows\n");
    }
}

static bool read_whole(const struct summary *summary)
{
    bool whole = false;
    for (size_t i = 0; i < summary->database_count; i++) {
        whole = whole || summary->databases[i].whole;
    }
    return whole;
}

static void verdict_text(const struct summary *summary, size_t shown, struct output *output)
{
    output_text(output, "Findings  ");
    if (summary->coverage.verdict == COVERAGE_NONE && !read_whole(summary)) {
        output_text(output, summary->database_count > 0
                                ? "nothing can be said: no database was read to the end\n"
                                : "nothing can be said: no SIP was read\n");
        return;
    }
    uint64_t all = summary->findings[0] + summary->findings[1] + summary->findings[2];
    plural(output, summary->findings[SEVERITY_ERROR], "error");
    output_text(output, ", ");
    plural(output, summary->findings[SEVERITY_WARNING], "warning");
    output_text(output, ", ");
    plural(output, summary->findings[SEVERITY_NOTE], "note");
    if (shown != all) {
        output_format(output, "; %zu selected", shown);
    }
    output_byte(output, '\n');
}

static const char *severity_colour(enum severity severity)
{
    return severity == SEVERITY_ERROR     ? "\033[1;31m"
           : severity == SEVERITY_WARNING ? "\033[33m"
                                          : "\033[36m";
}

static void labelled(struct output *output, const char *label, struct slice value, size_t columns)
{
    if (value.size > 0) {
        output_repeat(output, ' ', 8);
        text_left(output, slice_of(label), 10);
        text_paragraph(output, value, 18, 18, columns);
        output_byte(output, '\n');
    }
}

static void finding_text(struct audit_report *report, const struct finding *finding,
                         const struct summary *summary, struct output *output)
{
    struct arena *arena = &report->arena;
    size_t columns = report->style.columns;
    char time[CLOCK_TEXT];
    clock_of_day(finding->time, &report->style.zone, time);
    output_format(output, "\n%s%-7s%s %s  %s\n",
                  report->style.colour ? severity_colour(finding->severity) : "",
                  severity_name(finding->severity), report->style.colour ? "\033[0m" : "", time,
                  finding->rule);
    output_repeat(output, ' ', 8);
    text_paragraph(output, text_safe(finding->message, false, arena), 8, 8, columns);
    output_byte(output, '\n');
    bool rows = finding->evidence_count > 0 && finding->evidence[0].row;
    labelled(output, rows ? "rows" : "packets", evidence_text(finding, summary, arena, ", "),
             columns);
    labelled(output, "Call-ID",
             text_fit_middle(text_safe(finding->call_id, false, arena), columns - 18, arena),
             columns);
    if (finding->flow.size > 0) {
        labelled(output, "flow",
                 text_format(arena, "%.*s, step %.*s", TEXT(finding->flow), TEXT(finding->step)),
                 columns);
    }
    labelled(output, "basis", slice_of(finding->basis), columns);
}

static void write_text(struct audit_report *report, const struct summary *summary,
                       struct output *output)
{
    if (summary->input_count > 0 || summary->database_count == 0) {
        report_coverage_text(output, &report->style, summary);
        inputs_text(report, output, summary, &report->arena);
        totals_text(report, summary, output);
    }
    databases_text(report, summary, output, &report->arena);
    verdict_text(summary, report->count, output);
    for (int severity = SEVERITY_ERROR; severity >= SEVERITY_NOTE; severity--) {
        for (size_t i = 0; i < report->count; i++) {
            if (report->findings[i].severity == (enum severity)severity) {
                finding_text(report, &report->findings[i], summary, output);
            }
        }
    }
}

void audit_report_write(struct audit_report *report, const struct summary *summary,
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
        write_text(report, summary, output);
    }
}
