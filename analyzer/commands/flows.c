/*
 * `ocsight flows`: the call flows that were recognised, step by step.
 */
#include "analyzer/commands/audit_rows.h"
#include "reports/flows_report.h"

enum { FORMATS = 1U << REPORT_TEXT | 1U << REPORT_JSON | 1U << REPORT_CSV };

static enum exit_status flows_of(const struct options *options, struct audit_rows *rows)
{
    struct run run;
    if (!run_begin_looking(&run, options, FORMATS, rows ? audit_rows_looker(rows) : NULL)) {
        return run.status;
    }
    struct flows_report *report = flows_report_new(&run.style, run.summary, run.output);
    struct sink sink = flows_report_sink(report);
    run_feed(&run, &sink, false);
    flows_report_end(report);
    flows_report_free(report);
    if (rows && audit_rows_status(rows) != EXIT_DONE) {
        run.status = audit_rows_status(rows);
    }
    return run_end(&run, false);
}

/* The databases tell of the steps that pass no wire. */
enum exit_status command_flows(const struct options *options)
{
    struct options rest;
    if (!audit_rows_wanted(options)) {
        return flows_of(options, NULL);
    }
    struct audit_rows *rows = audit_rows_open("flows", options, &rest);
    if (!rows) {
        return EXIT_USAGE;
    }
    enum exit_status status = flows_of(&rest, rows);
    audit_rows_free(rows);
    return status;
}
