/*
 * What the commands that read inputs have in common: a pipeline, a style, an
 * output, and how they end.
 */
#ifndef OCSIGHT_ANALYZER_COMMANDS_RUN_H
#define OCSIGHT_ANALYZER_COMMANDS_RUN_H

#include <signal.h>

#include "analyzer/commands/command.h"
#include "analyzer/select.h"
#include "sql/spill.h"

struct run {
    const struct options *options;
    struct report_style style;
    struct map_seed seed;
    struct limits limits;
    struct pipeline *pipeline;
    const struct summary *summary;
    struct output *output;
    struct selection selection;  /* of --user, --call-id, --room, --from, --to */
    struct ladder_span span;     /* the same --from and --to, for ladders */
    int64_t at;                  /* of --at; TIME_NONE = at the end */
    struct spill_file *spill;    /* room for rows that reports cannot keep in memory */
    const struct keeper *keeper; /* of run_begin_keeping() */
    const struct looker *looker; /* of run_begin_looking() */
    enum exit_status status;     /* why run_begin() failed */
    bool discard;                /* what was written is of no use: run_end() does not keep it */
};

/*
 * Opens the inputs and the output and works out the style. False with the exit
 * status set when there is nothing to run; run_end() is then not called.
 * `formats` is a set of 1 << enum report_format that the command can write.
 */
bool run_begin(struct run *run, const struct options *options, unsigned formats);

/* The same with `looker` (may be NULL) asked at the end; it must outlive the run. */
bool run_begin_looking(struct run *run, const struct options *options, unsigned formats,
                       const struct looker *looker);

/*
 * For a report that names its inputs with their SHA-256: each is read once more for it, after
 * run_feed(). With --redact it would tell what was hidden, and comes with --hash only.
 */
void run_name_digests(struct run *run);

/*
 * The same for a command that writes no report: `keeper` sees what the decoders find, every input
 * is hashed, and there is no output. It ends with run_end_keeping().
 */
bool run_begin_keeping(struct run *run, const struct options *options, const struct keeper *keeper);
enum exit_status run_end_keeping(struct run *run);

/*
 * The same for a command that asks databases: there is no pipeline and no summary. A time of day
 * means that of the day of `now`. It ends with run_end_rows(); `keep` = there is something whole
 * to keep in the output.
 */
bool run_begin_rows(struct run *run, const struct options *options, unsigned formats, int64_t now);
enum exit_status run_end_rows(struct run *run, bool keep);

/* Ends the reading as Ctrl-C does. */
void run_stop(void);

/* Reads everything; the sink sees what was selected (or all, with `everything`). */
void run_feed(struct run *run, const struct sink *sink, bool everything);

/* Are --flow and --related as they can be? False after telling what is wrong: EXIT_USAGE. */
bool run_check_choice(const char *command, const struct options *options);

/* What --dialog, --flow, --finding, --related and --collapse choose. */
struct choice_options run_choice(const struct run *run);

/*
 * What every ladder of a run is given: the part that was chosen, from when to when, and how whole
 * messages may be shown (secrets masked unless --show-secrets says otherwise). The run outlives it.
 */
struct ladder_options run_ladder(const struct run *run);

/* Wrong usage that shows only now: the run ends with nothing read and nothing written. */
enum exit_status run_refuse(struct run *run, const char *command, const char *problem);

/* Completes the output and decides the exit status; `findings` = some were at or above --fail-on.
 */
enum exit_status run_end(struct run *run, bool findings);

/*
 * The style of a command that reads no inputs. False after telling what is wrong: EXIT_USAGE.
 * `formats` as for run_begin().
 */
bool run_style(struct report_style *style, const char *command, const struct options *options,
               unsigned formats);

/* The machine's time, ns: what "now" means for live rows. */
int64_t run_clock(void);

/* The program's seed for hash tables: random once, for all tables of a run. */
struct map_seed run_seed(void);

/* Wrong usage: one line on standard error and where to find help. */
enum exit_status run_usage(const char *command, const char *problem);

/* From now on the first Ctrl-C ends a run early, with the reports of what was read; for main.c. */
void run_catch_interrupt(void);

/* Not 0 after Ctrl-C: for whoever waits. */
const volatile sig_atomic_t *run_interrupted(void);

#endif
