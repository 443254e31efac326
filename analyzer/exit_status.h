/*
 * The program's exit statuses (design.md section 2). With several causes the
 * first that applies of USAGE, INTERNAL, DATABASE, OUTPUT, INPUT, FINDINGS wins.
 */
#ifndef OCSIGHT_ANALYZER_EXIT_STATUS_H
#define OCSIGHT_ANALYZER_EXIT_STATUS_H

enum exit_status {
    EXIT_DONE = 0,
    EXIT_FINDINGS = 1, /* audit: findings (with --baseline: new ones) at or above --fail-on */
    EXIT_USAGE = 2,
    EXIT_INPUT = 3, /* an input, or a file that an option names, could not be read at all */
    EXIT_OUTPUT = 4,
    EXIT_DATABASE = 5,
    EXIT_INTERNAL = 6,      /* out of memory or an internal fault */
    EXIT_INTERRUPTED = 130, /* SIGINT; what was done so far is marked partial */
};

#endif
