/*
 * `ocsight ladder`: the flow, drawn.
 */
#include "analyzer/commands/run.h"

enum exit_status command_ladder(const struct options *options)
{
    struct run run;
    unsigned formats = 1U << REPORT_TEXT | 1U << REPORT_PDF | 1U << REPORT_SVG | 1U << REPORT_PNG;
    if (!run_begin(&run, options, formats)) {
        return run.status;
    }
    struct ladder_options wanted = {
        .paper = options->paper,
        .scale = options->scale,
        .names = options->names,
        .name_count = options->name_count,
        .choice = run_choice(&run),
        .shower = run_shower(&run),
        .appendix = options->appendix,
    };
    struct ladder *ladder = ladder_new(&run.style, &wanted, run.seed, &run.limits);
    struct sink sink = ladder_sink(ladder);
    run_feed(&run, &sink, false);
    ladder_write(ladder, run.summary, run.output);
    ladder_free(ladder);
    return run_end(&run, false);
}
