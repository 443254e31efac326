/*
 * `ocsight flows`: the call flows that were recognised, step by step.
 */
#include "analyzer/commands/run.h"
#include "reports/flows_report.h"

enum exit_status command_flows(const struct options *options)
{
    struct run run;
    if (!run_begin(&run, options, 1U << REPORT_TEXT | 1U << REPORT_JSON | 1U << REPORT_CSV)) {
        return run.status;
    }
    struct flows_report *report = flows_report_new(&run.style, run.summary, run.output);
    struct sink sink = flows_report_sink(report);
    run_feed(&run, &sink, false);
    flows_report_end(report);
    flows_report_free(report);
    return run_end(&run, false);
}
