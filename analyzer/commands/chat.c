/*
 * `ocsight chat`: rooms, rosters, sessions and messages, or the compliance view of them.
 */
#include "analyzer/commands/run.h"
#include "reports/chat_report.h"
#include "reports/compliance_report.h"

enum {
    TABLES = 1U << REPORT_TEXT | 1U << REPORT_JSON | 1U << REPORT_CSV,
    DRAWINGS = 1U << REPORT_PDF | 1U << REPORT_SVG | 1U << REPORT_PNG
};

/* What --from and --to give is known only now: a time of day needs the first packet. */
static enum exit_status export_compliance(struct run *run)
{
    const struct options *options = run->options;
    const struct compliance_query query = {
        .room = options->room,
        .users = options->users,
        .user_count = options->user_count,
        .from = run->selection.from,
        .to = run->selection.to,
    };
    struct compliance_report *report =
        compliance_report_new(&run->style, &query, run->seed, &run->limits);
    struct sink sink = compliance_report_sink(report);
    run_feed(run, &sink, true);
    compliance_report_write(report, run->summary, run->output);
    compliance_report_free(report);
    return run_end(run, false);
}

static enum exit_status report_chat(struct run *run)
{
    const struct options *options = run->options;
    struct chat_query query = {
        .room = options->room,
        .transcript = options->transcript,
        .user = options->user_count > 0 ? options->users[0] : slice_of(""),
        .sessions = options->session,
        .unknown = options->unknown,
        .timeline = options->timeline,
        .from = run->selection.from,
        .to = run->selection.to,
        .paper = options->paper,
        .scale = options->scale,
    };
    struct chat_report *report = chat_report_new(&run->style, &query, run->seed, &run->limits);
    struct sink sink = chat_report_sink(report);
    run_feed(run, &sink, true);
    chat_report_write(report, run->summary, run->output);
    chat_report_free(report);
    return run_end(run, false);
}

/* What the options cannot be together. */
static const char *contradiction(const struct options *options)
{
    bool other = options->transcript.size > 0 || options->session || options->unknown;
    if (options->compliance && other) {
        return "--compliance goes with none of --transcript, --session and --unknown";
    }
    if (options->timeline && (other || options->compliance)) {
        return "--timeline goes with none of --transcript, --session, --unknown and --compliance";
    }
    if (!options->compliance && !options->timeline && (options->from || options->to)) {
        return "--from and --to go with --timeline and --compliance";
    }
    return NULL;
}

enum exit_status command_chat(const struct options *options)
{
    struct run run;
    unsigned formats = options->compliance ? TABLES | 1U << REPORT_XML
                       : options->timeline ? TABLES | DRAWINGS
                                           : TABLES;
    const char *problem = contradiction(options);
    if (problem) {
        return run_usage("chat", problem);
    }
    if (!run_begin(&run, options, formats)) {
        return run.status;
    }
    return options->compliance ? export_compliance(&run) : report_chat(&run);
}
