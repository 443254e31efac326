/*
 * ocsight: dispatches to a command; nothing else.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "analyzer/commands/run.h"
#include "analyzer/redacted_peer.h"
#include "analyzer/redaction.h"

/*
 * Running out of memory and broken promises of our own end in abort()
 * (analyzer/engine/arena.h). Only what is safe in a signal handler happens here.
 */
static void end_on_fault(int number)
{
    static const char words[] = "ocsight: out of memory, or an internal fault\n";
    (void)number;
    ssize_t ignored = write(STDERR_FILENO, words, sizeof words - 1);
    (void)ignored;
    _exit(EXIT_INTERNAL);
}

static void set_signals(void)
{
    signal(SIGPIPE, SIG_IGN); /* a reader that goes away is seen by write() */
    signal(SIGABRT, end_on_fault);
    run_catch_interrupt();
}

static enum exit_status tell(const struct command *command, enum exit_status status,
                             const char *problem)
{
    if (status == EXIT_USAGE) {
        return run_usage(command->name, problem);
    }
    fprintf(stderr, "ocsight: %s\n", problem);
    return status;
}

/* Names on the command line become pseudonyms first, with --redact; but not to be refused. */
static enum exit_status run_redacted(const struct command *command, struct options *options)
{
    char problem[512];
    enum exit_status status;
    if (command->refused & OPTION_BIT(OPTION_REDACT)) {
        return command->run(options);
    }
    options->rows = redacted_peers_new(options, run_seed());
    struct redaction *redaction = redaction_new(options, &status, problem, sizeof problem);
    if (!redaction) {
        redacted_peers_free(options->rows);
        return tell(command, status, problem);
    }
    redacted_peers_begin(options->rows, options);
    status = command->run(options);
    redacted_peers_free(options->rows);
    redaction_free(redaction);
    return status;
}

static enum exit_status run_command(const struct command *command, char **argv, size_t count)
{
    char problem[512];
    struct options options;
    enum exit_status status = EXIT_USAGE;
    if (!options_parse(&options, command->options | command->refused, command->positional, argv,
                       count, problem, sizeof problem)) {
        status = run_usage(command->name, problem);
    } else if (options.help) {
        struct output *output = output_open(NULL);
        help_command(output, command);
        status = output_close(output, true, problem, sizeof problem) ? EXIT_DONE : EXIT_OUTPUT;
    } else {
        status = run_redacted(command, &options);
    }
    options_dispose(&options);
    return status;
}

int main(int argc, char **argv)
{
    set_signals();
    if (argc < 2) {
        return run_usage(NULL, "no command was named");
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts("ocsight " OCSIGHT_VERSION);
        return EXIT_DONE;
    }
    bool wants_help = strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0;
    const struct command *command = command_find(slice_of(wants_help ? "help" : argv[1]));
    if (!command) {
        char problem[256];
        snprintf(problem, sizeof problem, "there is no command '%s'", argv[1]);
        return run_usage(NULL, problem);
    }
    return run_command(command, argv + 2, (size_t)argc - 2);
}
