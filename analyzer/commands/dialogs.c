/*
 * `ocsight dialogs`: dialogs, subscriptions and out-of-dialog exchanges.
 */
#include "analyzer/commands/run.h"
#include "reports/dialogs_report.h"

enum exit_status command_dialogs(const struct options *options)
{
    struct run run;
    if (!run_begin(&run, options, 1U << REPORT_TEXT | 1U << REPORT_JSON | 1U << REPORT_CSV)) {
        return run.status;
    }
    struct dialogs_report *report = dialogs_report_new(&run.style, run.seed, &run.limits);
    struct sink sink = dialogs_report_sink(report);
    run_feed(&run, &sink, false);
    dialogs_report_write(report, run.summary, run.output);
    dialogs_report_free(report);
    return run_end(&run, false);
}
