/*
 * `ocsight messages`: one line per SIP message.
 */
#include "analyzer/commands/run.h"
#include "reports/messages_report.h"

enum exit_status command_messages(const struct options *options)
{
    struct run run;
    if (!run_begin(&run, options, 1U << REPORT_TEXT | 1U << REPORT_JSON | 1U << REPORT_CSV)) {
        return run.status;
    }
    struct messages_report *report = messages_report_new(&run.style, run.summary, run.output);
    struct sink sink = messages_report_sink(report);
    run_feed(&run, &sink, false);
    messages_report_end(report);
    messages_report_free(report);
    return run_end(&run, false);
}
