/*
 * `ocsight chat`: rooms, rosters, sessions and messages.
 */
#include "analyzer/commands/run.h"
#include "reports/chat_report.h"

enum exit_status command_chat(const struct options *options)
{
    struct run run;
    if (!run_begin(&run, options, 1U << REPORT_TEXT | 1U << REPORT_JSON | 1U << REPORT_CSV)) {
        return run.status;
    }
    struct chat_query query = {
        .room = options->room,
        .transcript = options->transcript,
        .user = options->user_count > 0 ? options->users[0] : slice_of(""),
        .sessions = options->session,
        .unknown = options->unknown,
    };
    struct chat_report *report = chat_report_new(&run.style, &query, run.seed, &run.limits);
    struct sink sink = chat_report_sink(report);
    run_feed(&run, &sink, true);
    chat_report_write(report, run.summary, run.output);
    chat_report_free(report);
    return run_end(&run, false);
}
