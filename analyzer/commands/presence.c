/*
 * `ocsight presence`: who was available, when, and how we know.
 */
#include "analyzer/commands/presence_live.h"
#include "analyzer/commands/run.h"
#include "reports/presence_report.h"

/* A drawing is always of the timeline, and of nothing else. */
static bool is_drawing(const struct run *run)
{
    return run->style.format >= REPORT_PDF;
}

static struct presence_query query_of(const struct run *run)
{
    const struct options *options = run->options;
    return (struct presence_query){
        .users = options->users,
        .user_count = options->user_count,
        .watcher = options->watcher,
        .timeline = options->timeline || is_drawing(run),
        .explain = options->explain,
        .names = is_drawing(run),
        .at = run->at,
        .from = run->selection.from,
        .to = run->selection.to,
        .spill = spill_file_view(run->spill),
    };
}

/* What --format (or the suffix of -o) and the other options cannot be together. */
static const char *contradiction(const struct run *run)
{
    const struct options *options = run->options;
    if (options->explain && run->style.format == REPORT_CSV) {
        return "--explain is text or JSON";
    }
    if (is_drawing(run) && (options->explain || options->watcher.size > 0)) {
        return "a drawing shows the timeline; --explain and --as are text or JSON";
    }
    return NULL;
}

enum exit_status command_presence(const struct options *options)
{
    struct run run;
    unsigned formats = 1U << REPORT_TEXT | 1U << REPORT_JSON | 1U << REPORT_CSV | 1U << REPORT_PDF |
                       1U << REPORT_SVG | 1U << REPORT_PNG;
    if (presence_is_live(options)) {
        return presence_live(options);
    }
    if (!run_begin(&run, options, formats)) {
        return run.status;
    }
    const char *problem = contradiction(&run);
    if (problem) {
        return run_refuse(&run, "presence", problem);
    }
    const struct presence_query query = query_of(&run);
    struct presence_report *report = presence_report_new(&run.style, &query, run.seed, &run.limits);
    struct sink sink = presence_report_sink(report);
    presence_report_draw_on(report, options->paper, options->scale);
    run_feed(&run, &sink, true);
    presence_report_write(report, run.summary, run.output);
    presence_report_free(report);
    return run_end(&run, false);
}
