/*
 * `ocsight audit`: what happened, and what went wrong.
 *
 * Findings of a trace and of database rows come from two audits, each in its order; here they
 * become one report.
 */
#include <stdio.h>

#include "analyzer/baseline.h"
#include "analyzer/commands/audit_rows.h"
#include "analyzer/commands/run.h"
#include "reports/audit_report.h"
#include "reports/ladder.h"

enum {
    FORMATS = 1U << REPORT_TEXT | 1U << REPORT_JSON | 1U << REPORT_CSV | 1U << REPORT_MARKDOWN |
              1U << REPORT_HTML
};

/* The report, and whether anything reached --fail-on. */
struct audit_run {
    struct sink report;
    struct ladder *ladder; /* of a page, which shows the flow behind the findings; else NULL */
    struct sink drawn;     /* of the ladder */
    enum fail_on fail_on;
    struct audit_rows *rows;   /* NULL = no databases */
    size_t told;               /* findings of the rows that were handed on */
    uint64_t last;             /* id of the latest finding */
    struct baseline *baseline; /* NULL = there is none */
    bool failed;
};

static const enum severity threshold[] = {
    [FAIL_ON_ERROR] = SEVERITY_ERROR,
    [FAIL_ON_WARNING] = SEVERITY_WARNING,
    [FAIL_ON_NOTE] = SEVERITY_NOTE,
};

static void tell_finding(struct audit_run *audit, const struct finding *finding)
{
    struct finding numbered = *finding;
    /* Else it keeps its number of the run, which the ladder's --finding takes. */
    numbered.id = audit->rows ? ++audit->last : finding->id;
    if (audit->baseline) {
        baseline_take(audit->baseline, &numbered);
    } else if (audit->fail_on != FAIL_ON_NEVER && finding->severity >= threshold[audit->fail_on]) {
        audit->failed = true;
    }
    audit->report.finding(audit->report.context, &numbered);
    if (audit->ladder) {
        audit->drawn.finding(audit->drawn.context, &numbered);
    }
}

/* Those of the rows that come before `time`. */
static void tell_rows(struct audit_run *audit, int64_t time)
{
    if (!audit->rows) {
        return;
    }
    const struct database_audit *database = audit_rows_database(audit->rows);
    audit_rows_finish(audit->rows);
    while (audit->told < database_audit_count(database)) {
        const struct finding *finding = database_audit_finding(database, audit->told);
        if (finding->time >= time) {
            break;
        }
        tell_finding(audit, finding);
        audit->told++;
    }
}

static void take_finding(void *context, const struct finding *finding)
{
    struct audit_run *audit = context;
    tell_rows(audit, finding->time);
    tell_finding(audit, finding);
}

static void take_event(void *context, const struct event *event)
{
    struct audit_run *audit = context;
    if (audit->rows) {
        database_audit_watch_event(audit_rows_database(audit->rows), event);
    }
    audit->report.event(audit->report.context, event);
    if (audit->ladder) {
        audit->drawn.event(audit->drawn.context, event);
    }
}

static void take_change(void *context, const struct change *change)
{
    struct audit_run *audit = context;
    if (audit->rows) {
        database_audit_watch_change(audit_rows_database(audit->rows), change);
    }
    if (audit->ladder) {
        audit->drawn.change(audit->drawn.context, change);
    }
}

/* What the baseline has is known and fails no more. */
static void compare(struct audit_run *audit, struct audit_report *report)
{
    if (audit->baseline) {
        audit_report_compare(report, baseline_settle(audit->baseline));
        audit->failed = audit->fail_on != FAIL_ON_NEVER &&
                        baseline_has_new(audit->baseline, threshold[audit->fail_on]);
    }
}

static void take_label(void *context, const struct flow_label *label)
{
    struct audit_run *audit = context;
    if (audit->ladder) {
        audit->drawn.label(audit->drawn.context, label);
    }
}

/* A page shows the whole flow; `run` is NULL when there is none, only rows. */
static void begin_ladder(struct audit_run *audit, const struct report_style *style,
                         const struct run *run)
{
    if (style->format != REPORT_HTML) {
        return;
    }
    struct ladder_options wanted = run ? run_ladder(run) : (struct ladder_options){0};
    struct limits limits = run ? run->limits : limits_default();
    audit->ladder = ladder_new(style, &wanted, run ? run->seed : run_seed(), &limits);
    audit->drawn = ladder_sink(audit->ladder);
}

/* The report as it is written: the trace's summary with what the rows add to it. Once. */
static void write_report(struct audit_run *audit, struct audit_report *report,
                         const struct summary *summary, struct output *output)
{
    struct summary whole = *summary;
    tell_rows(audit, INT64_MAX);
    if (audit->rows) {
        audit_rows_tell(audit->rows, &whole);
    }
    compare(audit, report);
    if (audit->ladder) {
        const struct page_audit page = audit_report_page(report, &whole);
        ladder_write_audit(audit->ladder, &whole, &page, output);
        ladder_free(audit->ladder);
    } else {
        audit_report_write(report, &whole, output);
    }
}

static enum exit_status audit_trace(const struct options *options, struct audit_rows *rows,
                                    struct baseline *baseline)
{
    struct run run;
    if (!run_begin_looking(&run, options, FORMATS, rows ? audit_rows_looker(rows) : NULL)) {
        return run.status;
    }
    if (run.style.format == REPORT_MARKDOWN || run.style.format == REPORT_HTML) {
        run_name_digests(&run);
    }
    struct audit_report *report = audit_report_new(&run.style);
    struct audit_run audit = {.report = audit_report_sink(report),
                              .fail_on = options->fail_on,
                              .rows = rows,
                              .baseline = baseline};
    begin_ladder(&audit, &run.style, &run);
    struct sink sink = {.context = &audit,
                        .event = take_event,
                        .change = take_change,
                        .finding = take_finding,
                        .label = take_label};
    run_feed(&run, &sink, false);
    write_report(&audit, report, run.summary, run.output);
    audit_report_free(report);
    bool unread = options->fail_on_coverage && run.summary->coverage.verdict != COVERAGE_FULL;
    if (rows && audit_rows_status(rows) != EXIT_DONE) {
        run.status = audit_rows_status(rows);
    }
    return run_end(&run, audit.failed || unread);
}

/* Something of the databases could not be asked. */
static bool lacks(const struct audit_rows *rows)
{
    struct summary summary = {0};
    audit_rows_tell(rows, &summary);
    bool whole = summary.database_count > 0;
    for (size_t i = 0; i < summary.database_count; i++) {
        whole = whole && summary.databases[i].whole;
    }
    return !whole;
}

static enum exit_status audit_databases(const struct options *options, struct audit_rows *rows,
                                        struct baseline *baseline)
{
    struct report_style style;
    char problem[512];
    if (!run_style(&style, "audit", options, FORMATS)) {
        return EXIT_USAGE;
    }
    const struct summary none = {.exact = true};
    struct output *output = output_open(options->output);
    struct audit_report *report = audit_report_new(&style);
    struct audit_run audit = {.report = audit_report_sink(report),
                              .fail_on = options->fail_on,
                              .rows = rows,
                              .baseline = baseline};
    begin_ladder(&audit, &style, NULL);
    write_report(&audit, report, &none, output);
    audit_report_free(report);
    enum exit_status status = audit_rows_status(rows);
    bool unread = options->fail_on_coverage && lacks(rows);
    if (status == EXIT_DONE && (audit.failed || unread)) {
        status = EXIT_FINDINGS;
    }
    if (!output_close(output, status != EXIT_INPUT, problem, sizeof problem)) {
        fprintf(stderr, "ocsight: %s\n", problem);
        status = status == EXIT_DATABASE ? status : EXIT_OUTPUT;
    }
    return status;
}

static enum exit_status audit_all(const struct options *options, struct baseline *baseline)
{
    struct options rest;
    if (!audit_rows_wanted(options)) {
        return audit_trace(options, NULL, baseline);
    }
    struct audit_rows *rows = audit_rows_open("audit", options, &rest);
    if (!rows) {
        return EXIT_USAGE;
    }
    enum exit_status status = rest.input_count > 0 ? audit_trace(&rest, rows, baseline)
                                                   : audit_databases(&rest, rows, baseline);
    audit_rows_free(rows);
    return status;
}

enum exit_status command_audit(const struct options *options)
{
    enum exit_status status;
    const struct limits limits = limits_default();
    if (!options->baseline) {
        return audit_all(options, NULL);
    }
    struct baseline *baseline = baseline_open(options->baseline, options->redact, &limits, &status);
    if (!baseline) {
        return status;
    }
    status = audit_all(options, baseline);
    baseline_free(baseline);
    return status;
}
