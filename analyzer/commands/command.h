/*
 * The commands of the program: one file each, one row each.
 *
 * main.c dispatches, and help.c prints help, from the table in command.c. To add a
 * command: a file here with a run function, a row there, and a test of its two
 * examples.
 */
#ifndef OCSIGHT_ANALYZER_COMMANDS_COMMAND_H
#define OCSIGHT_ANALYZER_COMMANDS_COMMAND_H

#include "analyzer/exit_status.h"
#include "analyzer/options.h"

enum { COMMAND_PARAGRAPHS = 6 };

struct command {
    const char *name;
    const char *arguments;                           /* "INPUT..." */
    const char *summary;                             /* one line for the list */
    const char *description[COMMAND_PARAGRAPHS + 1]; /* its own help; NULL behind the last */
    const char *formats;                             /* that --format takes, for its help */
    uint64_t options;                                /* set of OPTION_BIT */
    uint64_t refused; /* further ones, taken only for the command to say why not */
    enum positional positional;
    const char *examples[2]; /* complete command lines; run by tests/check_readme.py */
    enum exit_status (*run)(const struct options *options);
};

const struct command *command_rows(size_t *count);
const struct command *command_find(struct slice name);

enum exit_status command_audit(const struct options *options);
enum exit_status command_annotate(const struct options *options);
enum exit_status command_ladder(const struct options *options);
enum exit_status command_presence(const struct options *options);
enum exit_status command_chat(const struct options *options);
enum exit_status command_db(const struct options *options);
enum exit_status command_dialogs(const struct options *options);
enum exit_status command_flows(const struct options *options);
enum exit_status command_messages(const struct options *options);
enum exit_status command_store(const struct options *options);
enum exit_status command_rules(const struct options *options);
enum exit_status command_bands(const struct options *options);
enum exit_status command_containers(const struct options *options);
enum exit_status command_help(const struct options *options);

/* The list of commands, and the help of one. */
void help_overview(struct output *output);
void help_command(struct output *output, const struct command *command);

/* The manual page (analyzer/commands/manual.c), and the paragraphs that it shares with the help. */
void help_manual(struct output *output);
void help_completion(struct output *output, enum shell shell); /* commands/completion.c */
const char *help_inputs(void);
const char *help_option(const struct command *command, enum option_id id);
const char *help_exit_status(void);

#endif
