/*
 * The command line: one table of options, one struct of what was asked for.
 *
 * Called by main.c; no side effects. Help is printed from the same table, so it
 * cannot drift. Which options a command takes is in its row of the command
 * table (analyzer/commands/command.h).
 */
#ifndef OCSIGHT_ANALYZER_OPTIONS_H
#define OCSIGHT_ANALYZER_OPTIONS_H

#include "analyzer/pipeline.h"
#include "reports/ladder.h"
#include "reports/report.h"
#include "sql/server.h"

struct pseudonym_key;
struct redacted_peers;

enum option_id {
    OPTION_ALLOW_PLAINTEXT_LOGIN,
    OPTION_APPEND,
    OPTION_APPENDIX,
    OPTION_AS,
    OPTION_ASCII,
    OPTION_AT,
    OPTION_BASELINE,
    OPTION_CA_FILE,
    OPTION_CALL_ID,
    OPTION_COLLAPSE,
    OPTION_COMPLETION,
    OPTION_COMPLIANCE,
    OPTION_COMPLIANCE_EXPORT,
    OPTION_DIALOG,
    OPTION_ENCRYPT,
    OPTION_EXPLAIN,
    OPTION_FAIL_ON,
    OPTION_FILTER,
    OPTION_FINDING,
    OPTION_FLOW,
    OPTION_FORMAT,
    OPTION_FROM,
    OPTION_HASH,
    OPTION_HELP,
    OPTION_LIMIT,
    OPTION_LOGIN,
    OPTION_MAN,
    OPTION_MAX_ROWS,
    OPTION_NAME,
    OPTION_NAMES,
    OPTION_NO_RULE,
    OPTION_ONLY,
    OPTION_OUTPUT,
    OPTION_PAPER,
    OPTION_PASSWORD_FILE,
    OPTION_QUIET,
    OPTION_REDACT,
    OPTION_REDACT_KEY,
    OPTION_RELATED,
    OPTION_ROOM,
    OPTION_RULE,
    OPTION_SCALE,
    OPTION_SERVER,
    OPTION_SESSION,
    OPTION_SHOW_SECRETS,
    OPTION_THREADS,
    OPTION_TIMELINE,
    OPTION_TIMEOUT,
    OPTION_TO,
    OPTION_TRANSCRIPT,
    OPTION_TRUST_SERVER_CERTIFICATE,
    OPTION_TZ,
    OPTION_UNKNOWN,
    OPTION_UNPROVEN,
    OPTION_USER,
    OPTION_WATCH,
    OPTION_WIDTH,
    OPTIONS /* how many there are */
};

/* A set of options, as commands name theirs. */
#define OPTION_BIT(id) (UINT64_C(1) << (id))

struct option_row {
    const char *name;     /* without the dashes */
    char letter;          /* 0 = none */
    const char *argument; /* NULL = takes none */
    const char *help;
};

const struct option_row *option_row(enum option_id id);

/* As --format names it: "json". */
const char *option_format(enum report_format format);

/* What --completion names. */
enum shell { SHELL_NONE, SHELL_BASH, SHELL_ZSH };

/* What --fail-on names. */
enum fail_on { FAIL_ON_ERROR, FAIL_ON_WARNING, FAIL_ON_NOTE, FAIL_ON_NEVER };

/* What --only names: whose packets an annotated capture holds. */
enum only { ONLY_NOTHING, ONLY_USER, ONLY_DIALOG, ONLY_FINDING };

struct options {
    const char **inputs;
    size_t input_count;
    struct slice *users; /* "user@host" or a pattern, lower case, without sip: */
    size_t user_count;
    struct rule_choice *rules;
    size_t rule_count;
    struct report_option *given; /* every option as given, for reports */
    size_t given_count;
    const char **words; /* positional arguments of commands that take no input */
    size_t word_count;
    enum report_format format;
    bool has_format;
    const char *output; /* NULL = standard output */
    const char *filter;
    const char *tz;
    struct slice call_id;
    struct slice room;
    struct slice dialog; /* of --dialog: a number of the dialogs report, or a Call-ID; "" = none */
    struct slice flow;
    uint64_t finding; /* of --finding; 0 = none */
    enum only only;
    struct slice transcript;
    struct slice watcher; /* of --as: "user@host" in lower case; "" = not given */
    const char *from;     /* as written: a time of day needs the capture's first day */
    const char *to;
    const char *at;
    enum fail_on fail_on;
    bool has_fail_on;
    bool fail_on_coverage;
    enum ladder_paper paper;
    double scale;              /* of --scale; 0 = the drawing's own */
    struct ladder_name *names; /* of --name */
    size_t name_count;
    const char *names_file;
    const char *baseline;
    const char *redact_key;                 /* file; NULL = a key of this run alone */
    const struct pseudonym_key *pseudonyms; /* of redaction_new(); NULL = names stay as they are */
    struct redacted_peers *rows;            /* who covers peers (redacted_peer.h); NULL = nobody */
    enum shell completion;
    unsigned threads;     /* 0 = as many as there are processors */
    size_t width;         /* 0 = as wide as the terminal, else 80 */
    const char **exports; /* of --compliance-export */
    size_t export_count;
    struct server_name *servers; /* of --server */
    size_t server_count;
    struct server_options server; /* without a password; run_servers() finds it */
    const char *password_file;
    uint64_t max_rows; /* of one query; 0 = no bound was given */
    unsigned watch;    /* seconds between two looks; 0 = one look */
    bool append;
    bool appendix;
    bool ascii;
    bool collapse;
    bool compliance;
    bool explain;
    bool hash;
    bool help;
    bool manual;
    bool quiet;
    bool redact;
    bool related;
    bool session;
    bool unknown;
    bool show_secrets;
    bool timeline;
    bool unproven; /* reports on tables that no source shows, too */
};

/* What positional arguments of a command are. */
enum positional { POSITIONAL_INPUTS, POSITIONAL_USERS_AND_INPUTS, POSITIONAL_WORDS };

/*
 * Reads argv[0 .. count). False and one line in `problem` when it is wrong
 * usage. `allowed` is the command's set; `positional` says how to take what is
 * no option. Slices and arrays are the heap's; options_dispose() frees them.
 */
bool options_parse(struct options *options, uint64_t allowed, enum positional positional,
                   char **argv, size_t count, char *problem, size_t problem_size);
void options_dispose(struct options *options);

/* Rows of one query at the most: what --max-rows says, or a million. */
uint64_t options_max_rows(const struct options *options);

#endif
