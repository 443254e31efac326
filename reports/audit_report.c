/*
 * What an audit found, kept for its reports, and the report as CSV. See audit_report.h.
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
#include "reports/audit_markdown.h"
#include "reports/audit_parts.h"

enum { ODDITIES_LISTED = 100 };

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

void audit_report_compare(struct audit_report *report, const struct audit_baseline *baseline)
{
    report->baseline = baseline;
}

struct slice audit_evidence(const struct finding *finding, const struct summary *summary,
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
    return buffer_take(&buffer, arena);
}

static bool read_whole(const struct summary *summary)
{
    bool whole = false;
    for (size_t i = 0; i < summary->database_count; i++) {
        whole = whole || summary->databases[i].whole;
    }
    return whole;
}

const char *audit_says_nothing(const struct summary *summary)
{
    if (summary->coverage.verdict != COVERAGE_NONE || read_whole(summary)) {
        return NULL;
    }
    return summary->database_count > 0 ? "nothing can be said: no database was read to the end"
                                       : "nothing can be said: no SIP was read";
}

bool audit_gone_is_doubtful(const struct audit_baseline *baseline, const struct summary *summary)
{
    bool whole =
        summary->input_count > 0 ? summary->coverage.verdict == COVERAGE_FULL : read_whole(summary);
    return baseline->gone_count > 0 && (!whole || summary->partial);
}

/* ---- CSV ---- */

/* The last cell: with a baseline there is one more. */
static void csv_mark(const struct audit_report *report, const char *mark, struct output *output)
{
    if (report->baseline) {
        report_csv(output, slice_of(mark), true);
    }
}

static void gone_csv(const struct audit_report *report, const struct earlier_finding *gone,
                     struct output *output)
{
    char time[CLOCK_TEXT];
    clock_iso(gone->time, time);
    output_byte(output, ',');
    report_csv(output, gone->rule, false);
    output_format(output, "%s,%s,", severity_name(gone->severity), time);
    report_csv(output, gone->message, false);
    report_csv(output, gone->user, false);
    report_csv(output, gone->peer, false);
    report_csv(output, gone->room, false);
    report_csv(output, gone->call_id, false);
    output_text(output, ",,");
    csv_mark(report, "gone", output);
}

static void write_csv(struct audit_report *report, const struct summary *summary,
                      struct output *output)
{
    struct arena *arena = &report->arena;
    const struct audit_baseline *baseline = report->baseline;
    output_format(output, "id,rule,severity,time,message,user,peer,room,call_id,evidence,basis%s\n",
                  baseline ? ",baseline" : "");
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
        report_csv(output, audit_evidence(finding, summary, arena, " "), false);
        report_csv(output, slice_of(finding->basis), !baseline);
        csv_mark(report, baseline_mark_name(baseline_mark_of(baseline, finding->id)), output);
    }
    for (size_t i = 0; baseline && i < baseline->gone_count; i++) {
        gone_csv(report, &baseline->gone[i], output);
    }
}

void audit_report_write(struct audit_report *report, const struct summary *summary,
                        struct output *output)
{
    switch (report->style.format) {
    case REPORT_JSON:
        audit_json_write(report, summary, output);
        break;
    case REPORT_CSV:
        write_csv(report, summary, output);
        break;
    case REPORT_MARKDOWN:
        audit_markdown_write(report, summary, output);
        break;
    default:
        audit_text_write(report, summary, output);
    }
}

struct page_audit audit_report_page(const struct audit_report *report,
                                    const struct summary *summary)
{
    const struct audit_baseline *baseline = report->baseline;
    return (struct page_audit){
        .findings = report->findings,
        .count = report->count,
        .baseline = baseline,
        .doubtful = baseline && audit_gone_is_doubtful(baseline, summary),
    };
}
