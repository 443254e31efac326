/*
 * `ocsight presence`: who was available, when, and how we know.
 */
#include "analyzer/commands/run.h"
#include "reports/presence_report.h"

enum exit_status command_presence(const struct options *options)
{
    struct run run;
    if (!run_begin(&run, options, 1U << REPORT_TEXT | 1U << REPORT_JSON | 1U << REPORT_CSV)) {
        return run.status;
    }
    struct presence_query query = {
        .users = options->users,
        .user_count = options->user_count,
        .timeline = options->timeline,
        .at = run.at,
        .from = run.selection.from,
        .to = run.selection.to,
    };
    struct presence_report *report = presence_report_new(&run.style, &query, run.seed, &run.limits);
    struct sink sink = presence_report_sink(report);
    run_feed(&run, &sink, true);
    presence_report_write(report, run.summary, run.output);
    presence_report_free(report);
    return run_end(&run, false);
}
