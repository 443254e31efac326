/*
 * Completion for bash and zsh, from the same tables as the help, so that it
 * knows every command, option, rule and call flow, and no other. The build writes both files.
 */
#include <string.h>

#include "analyzer/audit/audit.h"
#include "analyzer/audit/flow_tables.h"
#include "analyzer/commands/command.h"

/* Words that an option takes; "" where it takes something else than words. */
static const char *words_of(enum option_id id)
{
    switch (id) {
    case OPTION_COMPLETION:
        return "bash zsh";
    case OPTION_FAIL_ON:
        return "error warning note coverage never";
    case OPTION_FORMAT:
        return "text json csv xml html markdown pdf svg png";
    case OPTION_ENCRYPT:
        return "off request require";
    case OPTION_ONLY:
        return "user dialog finding";
    case OPTION_PAPER:
        return "a4 letter long";
    default:
        return "";
    }
}

static bool takes_rule(enum option_id id)
{
    return id == OPTION_RULE || id == OPTION_NO_RULE || id == OPTION_LIMIT;
}

/* Those that an option takes: --limit, with their "=", only the rules that wait. */
static void write_rules(struct output *output, enum option_id id)
{
    const char *gap = "";
    const struct rule_info *rule = NULL;
    for (size_t i = 0; (rule = audit_rule(i)) != NULL; i++) {
        if (id != OPTION_LIMIT || rule->wait > 0) {
            output_format(output, "%s%s%s", gap, rule->name, id == OPTION_LIMIT ? "=" : "");
            gap = " ";
        }
    }
}

static void write_commands(struct output *output)
{
    size_t count = 0;
    const struct command *commands = command_rows(&count);
    for (size_t i = 0; i < count; i++) {
        output_format(output, "%s%s", i > 0 ? " " : "", commands[i].name);
    }
}

static void write_flows(struct output *output)
{
    for (size_t i = 0; i < FLOW_KINDS; i++) {
        output_format(output, "%s%s", i > 0 ? " " : "", flow_tables[i].name);
    }
}

/* ---- bash ---- */

/* What follows an option: words, a rule, or what bash completes by itself, the names of files. */
static void bash_values(struct output *output)
{
    output_text(output, "    case $before in\n");
    for (int id = 0; id < OPTIONS; id++) {
        const struct option_row *row = option_row((enum option_id)id);
        const char *words = words_of((enum option_id)id);
        if (takes_rule((enum option_id)id)) {
            output_format(output, "    --%s) words='", row->name);
            write_rules(output, (enum option_id)id);
            output_text(output, "' ;;\n");
        } else if (id == OPTION_FLOW) {
            output_format(output, "    --%s) words='", row->name);
            write_flows(output);
            output_text(output, "' ;;\n");
        } else if (words[0] != '\0') {
            output_format(output, "    --%s) words='%s' ;;\n", row->name, words);
        } else if (row->argument) {
            output_format(output, "    --%s) return ;;\n", row->name);
        }
    }
    output_text(output, "    esac\n");
}

static void bash_options(struct output *output)
{
    size_t count = 0;
    const struct command *commands = command_rows(&count);
    output_text(output, "        case ${COMP_WORDS[1]} in\n");
    for (size_t i = 0; i < count; i++) {
        output_format(output, "        %s) words='", commands[i].name);
        for (int id = 0; id < OPTIONS; id++) {
            if (commands[i].options & OPTION_BIT(id)) {
                output_format(output, "--%s ", option_row((enum option_id)id)->name);
            }
        }
        output_text(output, "--help' ;;\n");
    }
    output_text(output, "        esac\n");
}

static void write_bash(struct output *output)
{
    output_text(output,
                "# Completion of ocsight for bash, written by 'ocsight help --completion bash'.\n"
                "_ocsight()\n"
                "{\n"
                "    local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} "
                "words=\n"
                "    COMPREPLY=()\n"
                "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
                "        mapfile -t COMPREPLY < <(compgen -W '");
    write_commands(output);
    output_text(output, "' -- \"$current\")\n"
                        "        return\n"
                        "    fi\n");
    bash_values(output);
    output_text(output, "    if [ -z \"$words\" ]; then\n"
                        "        case $current in\n"
                        "        -*) ;;\n"
                        "        *)\n"
                        "            case ${COMP_WORDS[1]} in\n"
                        "            help) words='");
    write_commands(output);
    output_text(output, "' ;;\n"
                        "            rules) words='");
    write_rules(output, OPTION_RULE);
    output_text(output, "' ;;\n"
                        "            *) return ;;\n"
                        "            esac ;;\n"
                        "        esac\n"
                        "    fi\n"
                        "    if [ -z \"$words\" ]; then\n");
    bash_options(output);
    output_text(output, "    fi\n"
                        "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n"
                        "}\n"
                        "complete -o default -F _ocsight ocsight\n");
}

/* ---- zsh ---- */

/* Text in single quotes, inside _arguments: brackets and colons mean something there. */
static void zsh_text(struct output *output, const char *text)
{
    for (const char *at = text; *at != '\0'; at++) {
        if (*at == '\'') {
            output_text(output, "'\\''");
        } else if (*at == '[' || *at == ']' || *at == ':' || *at == '\\') {
            output_format(output, "\\%c", *at);
        } else {
            output_byte(output, *at);
        }
    }
}

static void zsh_option(struct output *output, const struct command *command, enum option_id id)
{
    const struct option_row *row = option_row(id);
    const char *words = words_of(id);
    output_format(output, "        '*--%s[", row->name);
    zsh_text(output, help_option(command, id));
    output_byte(output, ']');
    if (row->argument) {
        output_byte(output, ':');
        zsh_text(output, row->argument);
        output_byte(output, ':');
        if (takes_rule(id)) {
            output_text(output, id == OPTION_LIMIT ? "($waiting)" : "($rules)");
        } else if (id == OPTION_FLOW) {
            output_byte(output, '(');
            write_flows(output);
            output_byte(output, ')');
        } else if (words[0] != '\0') {
            output_format(output, "(%s)", words);
        } else if (strcmp(row->argument, "FILE") == 0) {
            output_text(output, "_files");
        }
    }
    output_text(output, "' \\\n");
}

static const char *zsh_operands(const struct command *command)
{
    if (command->positional != POSITIONAL_WORDS) {
        return "*:input:_files";
    }
    if (command->run == command_help) {
        return "1:command:($commands)";
    }
    return command->run == command_rules ? "1:rule:($rules)" : "*: :";
}

static void write_zsh(struct output *output)
{
    size_t count = 0;
    const struct command *commands = command_rows(&count);
    output_text(output, "#compdef ocsight\n"
                        "# Completion of ocsight for zsh, written by 'ocsight help --completion "
                        "zsh'.\n"
                        "local -a commands rules waiting\n"
                        "commands=(");
    write_commands(output);
    output_text(output, ")\nrules=(");
    write_rules(output, OPTION_RULE);
    output_text(output, ")\nwaiting=(");
    write_rules(output, OPTION_LIMIT);
    output_text(output, ")\n"
                        "if (( CURRENT == 2 )); then\n"
                        "    compadd -a commands\n"
                        "    return\n"
                        "fi\n"
                        "local command=$words[2]\n"
                        "shift words\n"
                        "(( CURRENT-- ))\n"
                        "case $command in\n");
    for (size_t i = 0; i < count; i++) {
        output_format(output, "%s)\n    _arguments \\\n", commands[i].name);
        for (int id = 0; id < OPTIONS; id++) {
            if (commands[i].options & OPTION_BIT(id)) {
                zsh_option(output, &commands[i], (enum option_id)id);
            }
        }
        output_format(output, "        \"%s\" ;;\n", zsh_operands(&commands[i]));
    }
    output_text(output, "esac\n");
}

void help_completion(struct output *output, enum shell shell)
{
    if (shell == SHELL_ZSH) {
        write_zsh(output);
    } else {
        write_bash(output);
    }
}
