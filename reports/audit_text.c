/*
 * The audit's findings as text for people. See audit_parts.h.
 */
#include "reports/audit_parts.h"

#include <inttypes.h>
#include <stdlib.h>

#include "analyzer/engine/buffer.h"
#include "reports/text.h"

enum { ODDITIES_SHOWN = 5 };

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

static void verdict_text(const struct summary *summary, size_t shown, struct output *output)
{
    const char *nothing = audit_says_nothing(summary);
    output_text(output, "Findings  ");
    if (nothing) {
        output_format(output, "%s\n", nothing);
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

static void baseline_text(const struct audit_report *report, const struct summary *summary,
                          struct output *output, struct arena *arena)
{
    const struct audit_baseline *baseline = report->baseline;
    if (!baseline) {
        return;
    }
    size_t columns = report->style.columns;
    output_text(output, "Baseline  ");
    struct slice line = text_format(
        arena, "%.*s: %" PRIu64 " new, %" PRIu64 " same, %zu gone",
        TEXT(text_fit_middle(text_safe(baseline->name, false, arena), columns - 10, arena)),
        baseline->fresh, baseline->same, baseline->gone_count);
    text_paragraph(output, line, 10, 10, columns);
    output_byte(output, '\n');
    if (audit_gone_is_doubtful(baseline, summary)) {
        static const char doubt[] =
            "what is gone may only not have been seen: not all could be read";
        output_repeat(output, ' ', 10);
        text_paragraph(output, slice_of(doubt), 10, 10, columns);
        output_byte(output, '\n');
    }
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
    enum baseline_mark mark = baseline_mark_of(report->baseline, finding->id);
    clock_of_day(finding->time, &report->style.zone, time);
    output_format(output, "\n%s%-7s%s %s  %s%s%s\n",
                  report->style.colour ? severity_colour(finding->severity) : "",
                  severity_name(finding->severity), report->style.colour ? "\033[0m" : "", time,
                  finding->rule, mark == BASELINE_NONE ? "" : "  ",
                  mark == BASELINE_NONE ? "" : baseline_mark_name(mark));
    output_repeat(output, ' ', 8);
    text_paragraph(output, text_safe(finding->message, false, arena), 8, 8, columns);
    output_byte(output, '\n');
    labelled(output, "number", text_format(arena, "%" PRIu64, finding->id), columns);
    bool rows = finding->evidence_count > 0 && finding->evidence[0].row;
    labelled(output, rows ? "rows" : "packets", audit_evidence(finding, summary, arena, ", "),
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

static void gone_text(struct audit_report *report, const struct earlier_finding *gone,
                      struct output *output)
{
    struct arena *arena = &report->arena;
    char time[CLOCK_TEXT];
    clock_date(gone->time, &report->style.zone, time);
    output_format(output, "\ngone    %s  %.*s (%s)\n", time,
                  TEXT(text_brief(gone->rule, 36, arena)), severity_name(gone->severity));
    output_repeat(output, ' ', 8);
    text_paragraph(output, text_safe(gone->message, false, arena), 8, 8, report->style.columns);
    output_byte(output, '\n');
}

void audit_text_write(struct audit_report *report, const struct summary *summary,
                      struct output *output)
{
    if (summary->input_count > 0 || summary->database_count == 0) {
        report_coverage_text(output, &report->style, summary);
        inputs_text(report, output, summary, &report->arena);
        totals_text(report, summary, output);
    }
    databases_text(report, summary, output, &report->arena);
    verdict_text(summary, report->count, output);
    baseline_text(report, summary, output, &report->arena);
    for (int severity = SEVERITY_ERROR; severity >= SEVERITY_NOTE; severity--) {
        for (size_t i = 0; i < report->count; i++) {
            if (report->findings[i].severity == (enum severity)severity) {
                finding_text(report, &report->findings[i], summary, output);
            }
        }
    }
    for (size_t i = 0; report->baseline && i < report->baseline->gone_count; i++) {
        gone_text(report, &report->baseline->gone[i], output);
    }
}
