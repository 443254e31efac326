/*
 * `ocsight containers`: who sees which container, and with inputs who is in which.
 */
#include <stdio.h>

#include "analyzer/commands/run.h"
#include "reports/containers_report.h"

enum { FORMATS = 1U << REPORT_TEXT | 1U << REPORT_JSON };

static enum exit_status print_table(const struct options *options)
{
    struct report_style style;
    char problem[256];
    if (!run_style(&style, "containers", options, FORMATS)) {
        return EXIT_USAGE;
    }
    struct output *output = output_open(options->output);
    containers_table_write(&style, output);
    if (!output_close(output, true, problem, sizeof problem)) {
        fprintf(stderr, "ocsight: %s\n", problem);
        return EXIT_OUTPUT;
    }
    return EXIT_DONE;
}

enum exit_status command_containers(const struct options *options)
{
    struct run run;
    if (options->input_count == 0) {
        return print_table(options);
    }
    if (!run_begin(&run, options, FORMATS)) {
        return run.status;
    }
    const struct containers_query query = {options->users, options->user_count};
    struct containers_report *report =
        containers_report_new(&run.style, &query, run.seed, &run.limits);
    struct sink sink = containers_report_sink(report);
    run_feed(&run, &sink, true);
    containers_report_write(report, run.summary, run.output);
    containers_report_free(report);
    return run_end(&run, false);
}
