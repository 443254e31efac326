/*
 * `ocsight audit`: what happened, and what went wrong.
 */
#include "analyzer/commands/run.h"
#include "reports/audit_report.h"

/* The report, and whether anything reached --fail-on. */
struct audit_run {
    struct sink report;
    enum fail_on fail_on;
    bool failed;
};

static void take_finding(void *context, const struct finding *finding)
{
    struct audit_run *audit = context;
    static const enum severity threshold[] = {
        [FAIL_ON_ERROR] = SEVERITY_ERROR,
        [FAIL_ON_WARNING] = SEVERITY_WARNING,
        [FAIL_ON_NOTE] = SEVERITY_NOTE,
    };
    if (audit->fail_on != FAIL_ON_NEVER && finding->severity >= threshold[audit->fail_on]) {
        audit->failed = true;
    }
    audit->report.finding(audit->report.context, finding);
}

static void take_event(void *context, const struct event *event)
{
    struct audit_run *audit = context;
    audit->report.event(audit->report.context, event);
}

enum exit_status command_audit(const struct options *options)
{
    struct run run;
    if (!run_begin(&run, options, 1U << REPORT_TEXT | 1U << REPORT_JSON | 1U << REPORT_CSV)) {
        return run.status;
    }
    struct audit_report *report = audit_report_new(&run.style);
    struct audit_run audit = {.report = audit_report_sink(report), .fail_on = options->fail_on};
    struct sink sink = {.context = &audit, .event = take_event, .finding = take_finding};
    run_feed(&run, &sink, false);
    audit_report_write(report, run.summary, run.output);
    audit_report_free(report);
    bool unread = options->fail_on_coverage && run.summary->coverage.verdict != COVERAGE_FULL;
    return run_end(&run, audit.failed || unread);
}
