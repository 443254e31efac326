/*
 * The manual page, in roff's man macros, from the same tables as the help, so
 * that the two cannot say different things. The build writes it to ocsight.1.
 */
#include "analyzer/commands/command.h"

/* Text for roff: a backslash, a hyphen and a control character at the start of a line mean
 * something. */
static void write_roff(struct output *output, const char *text)
{
    bool line_start = true;
    for (const char *at = text; *at != '\0'; at++) {
        if (line_start && (*at == '.' || *at == '\'')) {
            output_text(output, "\\&");
        }
        if (*at == '\\') {
            output_text(output, "\\e");
        } else if (*at == '-') {
            output_text(output, "\\-");
        } else {
            output_byte(output, *at);
        }
        line_start = *at == '\n';
    }
}

static void write_option(struct output *output, const struct command *command, enum option_id id)
{
    const struct option_row *row = option_row(id);
    output_text(output, ".TP\n\\fB");
    if (row->letter) {
        output_format(output, "\\-%c\\fR, \\fB", row->letter);
    }
    output_text(output, "\\-\\-");
    write_roff(output, row->name);
    output_text(output, "\\fR");
    if (row->argument) {
        output_format(output, " \\fI%s\\fR", row->argument);
    }
    output_byte(output, '\n');
    write_roff(output, help_option(command, id));
    output_byte(output, '\n');
}

static void write_command(struct output *output, const struct command *command)
{
    output_format(output, ".SS ocsight %s ", command->name);
    write_roff(output, command->arguments);
    output_byte(output, '\n');
    for (size_t i = 0; command->description[i]; i++) {
        output_text(output, i > 0 ? ".PP\n" : "");
        write_roff(output, command->description[i]);
        output_byte(output, '\n');
    }
    for (int id = 0; id < OPTIONS; id++) {
        if (command->options & OPTION_BIT(id)) {
            write_option(output, command, (enum option_id)id);
        }
    }
    output_text(output, ".PP\nExamples:\n.nf\n");
    for (size_t i = 0; i < 2; i++) {
        output_text(output, "  ");
        write_roff(output, command->examples[i]);
        output_byte(output, '\n');
    }
    output_text(output, ".fi\n");
}

void help_manual(struct output *output)
{
    size_t count = 0;
    const struct command *commands = command_rows(&count);
    output_text(output, ".TH OCSIGHT 1 \"\" \"ocsight " OCSIGHT_VERSION "\" \"User Commands\"\n"
                        ".SH NAME\n"
                        "ocsight \\- trace analyzer and presence inspector for OCS, Lync and "
                        "Skype for Business\n"
                        ".SH SYNOPSIS\n"
                        ".B ocsight\n\\fICOMMAND\\fR [\\fIOPTION\\fR]... [\\fIINPUT\\fR]...\n"
                        ".SH DESCRIPTION\n");
    write_roff(output, help_inputs());
    output_text(output, "\n.SH COMMANDS\n");
    for (size_t i = 0; i < count; i++) {
        write_command(output, &commands[i]);
    }
    output_text(output, ".SH EXIT STATUS\n");
    write_roff(output, help_exit_status());
    output_byte(output, '\n');
}
