/*
 * `ocsight ladder`: the flow, drawn.
 */
#include <inttypes.h>
#include <stdio.h>

#include "analyzer/commands/run.h"
#include "analyzer/names_file.h"

static void tell_beyond(uint64_t beyond)
{
    if (beyond > 0) {
        fprintf(stderr,
                "ocsight: the page does not list its last %" PRIu64
                " rows, which would be too many for a browser; fewer are chosen by --from and "
                "--to, --user or --collapse\n",
                beyond);
    }
}

static enum exit_status draw(const struct options *options, const struct names *names)
{
    struct run run;
    if (!run_check_choice("ladder", options)) {
        return EXIT_USAGE;
    }
    unsigned formats = 1U << REPORT_TEXT | 1U << REPORT_HTML | 1U << REPORT_PDF | 1U << REPORT_SVG |
                       1U << REPORT_PNG;
    if (!run_begin(&run, options, formats)) {
        return run.status;
    }
    if (run.style.format != REPORT_TEXT) {
        run_name_digests(&run);
    }
    struct ladder_options wanted = run_ladder(&run);
    wanted.paper = options->paper;
    wanted.scale = options->scale;
    wanted.names = names->rows;
    wanted.name_count = names->count;
    wanted.appendix = options->appendix;
    struct ladder *ladder = ladder_new(&run.style, &wanted, run.seed, &run.limits);
    struct sink sink = ladder_sink(ladder);
    run_feed(&run, &sink, false);
    const char *problem = ladder_problem(ladder);
    /* Where nothing could be read, that is the cause. */
    if (problem && (run.status != EXIT_INPUT || run.summary->packets > 0)) {
        enum exit_status status = run_refuse(&run, "ladder", problem);
        ladder_free(ladder);
        return status;
    }
    ladder_write(ladder, run.summary, run.output);
    if (!options->quiet) {
        names_tell_unused(names, ladder_names_used(ladder));
        tell_beyond(ladder_page_beyond(ladder));
    }
    ladder_free(ladder);
    return run_end(&run, false);
}

enum exit_status command_ladder(const struct options *options)
{
    struct names names;
    names_init(&names);
    enum exit_status status = names_gather(&names, options);
    if (status == EXIT_DONE) {
        status = draw(options, &names);
    }
    names_dispose(&names);
    return status;
}
