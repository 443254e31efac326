/*
 * `ocsight help`: printed from the tables of commands and options.
 */
#include <stdio.h>
#include <string.h>

#include "analyzer/commands/run.h"
#include "reports/text.h"

enum { HELP_COLUMNS = 80, HELP_INDENT = 26 };

const char *help_inputs(void)
{
    return "Inputs are captures: pcap, pcapng and NetMon 2.x, plain or compressed with gzip or "
           "zstd, and what 'ocsight store' made of them, found by their content. '-' is standard "
           "input. Several inputs are merged by time. SIP is found by content on any port, over "
           "UDP, TCP and WebSocket.";
}

const char *help_exit_status(void)
{
    return "0 done; 1 audit found something (with --baseline: something new) at or above "
           "--fail-on; 2 wrong usage; 3 an input, a baseline, a key or a file of names could not "
           "be "
           "read; 4 the output could not be written; 5 a database could not be reached or refused; "
           "6 out of memory or an internal fault; 130 interrupted.";
}

void help_overview(struct output *output)
{
    size_t count = 0;
    const struct command *commands = command_rows(&count);
    output_text(output, "ocsight " OCSIGHT_VERSION
                        ": reads captured OCS 2007 R2, Lync and Skype for Business traffic\n\n"
                        "  ocsight audit trace.pcap                what happened, what went wrong\n"
                        "  ocsight ladder trace.pcap -o flow.pdf   show me the flow\n"
                        "  ocsight presence ann@contoso.example trace.pcap\n"
                        "                                          was she available\n\n"
                        "Commands:\n");
    for (size_t i = 0; i < count; i++) {
        output_text(output, "  ");
        text_left(output, slice_of(commands[i].name), 12);
        text_paragraph(output, slice_of(commands[i].summary), 14, 14, HELP_COLUMNS);
        output_byte(output, '\n');
    }
    output_byte(output, '\n');
    text_paragraph(output, slice_of(help_inputs()), 0, 0, HELP_COLUMNS);
    output_text(output, "\n\n'ocsight help COMMAND' tells about one command, 'ocsight --version' "
                        "the version.\n\nExit status: ");
    text_paragraph(output, slice_of(help_exit_status()), 13, 0, HELP_COLUMNS);
    output_byte(output, '\n');
}

const char *help_option(const struct command *command, enum option_id id)
{
    bool own = id == OPTION_FORMAT && command->formats;
    return own ? command->formats : option_row(id)->help;
}

static void write_option(struct output *output, const struct command *command, enum option_id id)
{
    const struct option_row *row = option_row(id);
    char head[64];
    int size = row->letter ? snprintf(head, sizeof head, "  -%c, --%s", row->letter, row->name)
                           : snprintf(head, sizeof head, "      --%s", row->name);
    if (row->argument && size > 0) {
        snprintf(head + size, sizeof head - (size_t)size, " %s", row->argument);
    }
    text_left(output, slice_of(head), HELP_INDENT);
    if (strlen(head) >= HELP_INDENT) {
        output_byte(output, '\n');
        output_repeat(output, ' ', HELP_INDENT);
    }
    text_paragraph(output, slice_of(help_option(command, id)), HELP_INDENT, HELP_INDENT,
                   HELP_COLUMNS);
    output_byte(output, '\n');
}

void help_command(struct output *output, const struct command *command)
{
    output_format(output, "ocsight %s %s\n\n", command->name, command->arguments);
    for (size_t i = 0; command->description[i]; i++) {
        text_paragraph(output, slice_of(command->description[i]), 0, 0, HELP_COLUMNS);
        output_text(output, "\n\n");
    }
    output_text(output, "Options:\n");
    uint64_t options = command->options | OPTION_BIT(OPTION_HELP);
    for (int id = 0; id < OPTIONS; id++) {
        if (options & OPTION_BIT(id)) {
            write_option(output, command, (enum option_id)id);
        }
    }
    output_text(output, "\nExamples:\n");
    for (size_t i = 0; i < 2; i++) {
        output_format(output, "  %s\n", command->examples[i]);
    }
}

enum exit_status command_help(const struct options *options)
{
    const struct command *command = NULL;
    char problem[256];
    if (options->word_count > 0) {
        command = command_find(slice_of(options->words[0]));
        if (!command) {
            snprintf(problem, sizeof problem, "there is no command '%s'", options->words[0]);
            return run_usage(NULL, problem);
        }
    }
    struct output *output = output_open(NULL);
    if (options->manual) {
        help_manual(output);
    } else if (options->completion != SHELL_NONE) {
        help_completion(output, options->completion);
    } else if (command) {
        help_command(output, command);
    } else {
        help_overview(output);
    }
    if (!output_close(output, true, problem, sizeof problem)) {
        fprintf(stderr, "ocsight: %s\n", problem);
        return EXIT_OUTPUT;
    }
    return EXIT_DONE;
}
