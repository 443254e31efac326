/*
 * `ocsight store`: captures into one SQLite file.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analyzer/commands/run.h"
#include "analyzer/commands/snapshot.h"
#include "analyzer/engine/arena.h"
#include "analyzer/engine/buffer.h"
#include "analyzer/inputs.h"
#include "analyzer/replay.h"
#include "analyzer/store_keeper.h"
#include "decoders/digest.h"
#include "sql/store_derived.h"

#define STORE_TOOL "ocsight " OCSIGHT_VERSION

/* An input as it was named, with what is known of it before it is read. */
struct named {
    const char *path;
    uint64_t size; /* 0 = no regular file */
    char sha256[DIGEST_TEXT];
    char alias[INPUT_NAME]; /* what it is called with --redact */
    int64_t partial_run;    /* the interrupted run that read it */
    bool left_out;
};

struct storing {
    const struct options *options;
    struct store *store;
    bool created; /* there was no file before */
    struct named *inputs;
    size_t count;
};

/* One line about the store's file. */
static void tell(const struct storing *storing, const char *words)
{
    fprintf(stderr, "ocsight: %s: %s\n", storing->options->output, words);
}

__attribute__((format(printf, 2, 3))) static void remark(const struct storing *storing,
                                                         const char *format, ...)
{
    char words[1024];
    va_list arguments;
    if (storing->options->quiet) {
        return;
    }
    va_start(arguments, format);
    vsnprintf(words, sizeof words, format, arguments);
    va_end(arguments);
    tell(storing, words);
}

/* ---- which inputs are new ---- */

static void look_at(struct named *input, const char *path)
{
    struct stat status;
    *input = (struct named){.path = path};
    if (strcmp(path, "-") != 0 && stat(path, &status) == 0 && S_ISREG(status.st_mode)) {
        input->size = (uint64_t)status.st_size;
    }
}

static void hash(struct named *input)
{
    if (input->size > 0 && input->sha256[0] == '\0') {
        (void)digest_file(input->path, input->sha256);
    }
}

static bool is_same(struct named *a, struct named *b)
{
    if (a->size == 0 || a->size != b->size) {
        return false;
    }
    hash(a);
    hash(b);
    return a->sha256[0] != '\0' && strcmp(a->sha256, b->sha256) == 0;
}

/* Named twice in this run. */
static bool is_repeated(struct storing *storing, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (!storing->inputs[i].left_out && is_same(&storing->inputs[i], &storing->inputs[index])) {
            return true;
        }
    }
    return false;
}

static void look_up(struct storing *storing, struct named *input)
{
    if (input->size == 0 || !store_has_size(storing->store, input->size)) {
        return;
    }
    hash(input);
    const struct store_input wanted = {slice_of(input->path), input->size, input->sha256};
    int64_t run = 0;
    switch (store_find_input(storing->store, &wanted, &run)) {
    case STORE_NEW:
        break;
    case STORE_PARTIAL:
        input->partial_run = run;
        break;
    case STORE_WHOLE:
        remark(storing, "it holds %s already, which is left out", input->path);
        input->left_out = true;
        break;
    }
}

static void find_new(struct storing *storing)
{
    for (size_t i = 0; i < storing->count; i++) {
        struct named *input = &storing->inputs[i];
        if (is_repeated(storing, i)) {
            remark(storing, "%s was named twice and is read once", input->path);
            input->left_out = true;
        } else {
            look_up(storing, input);
        }
    }
}

/* ---- runs that did not end ---- */

static void drop(struct storing *storing, int64_t run, const char *what)
{
    struct buffer names;
    buffer_init(&names, 512);
    store_name_inputs(storing->store, run, &names);
    remark(storing, "the run that read %.*s was %s; what it wrote is dropped", (int)names.size,
           names.data ? names.data : "", what);
    buffer_dispose(&names);
    store_drop_run(storing->store, run);
}

static void drop_cut_runs(struct storing *storing)
{
    for (int64_t run = store_cut_run(storing->store); run != 0;
         run = store_cut_run(storing->store)) {
        drop(storing, run, "cut off");
        if (store_problem(storing->store)[0] != '\0') {
            return;
        }
    }
}

static size_t named_of_run(const struct storing *storing, int64_t run)
{
    size_t count = 0;
    for (size_t i = 0; i < storing->count; i++) {
        count += storing->inputs[i].partial_run == run;
    }
    return count;
}

/* An interrupted run is read anew when all of its inputs are named again. */
static bool replace_partial_runs(struct storing *storing)
{
    for (size_t i = 0; i < storing->count; i++) {
        struct named *input = &storing->inputs[i];
        const int64_t run = input->partial_run;
        if (run == 0) {
            continue;
        }
        if (named_of_run(storing, run) < store_count_inputs(storing->store, run)) {
            remark(storing,
                   "%s was read in part, together with others; name all of them to read "
                   "them anew",
                   input->path);
            return false;
        }
        drop(storing, run, "interrupted");
        for (size_t k = i; k < storing->count; k++) {
            if (storing->inputs[k].partial_run == run) {
                storing->inputs[k].partial_run = 0;
            }
        }
    }
    return true;
}

/* ---- the run ---- */

/* What the run reads: the inputs that are new. */
static size_t choose(struct storing *storing, const char **paths, struct store_input *inputs)
{
    size_t count = 0;
    for (size_t i = 0; i < storing->count; i++) {
        struct named *input = &storing->inputs[i];
        if (!input->left_out) {
            paths[count] = input->path;
            inputs[count] =
                storing->options->redact
                    ? (struct store_input){input_name(count, input->alias), input->size, ""}
                    : (struct store_input){slice_of(input->path), input->size, input->sha256};
            count++;
        }
    }
    return count;
}

/* The rules as the command line changes them: what the derived tables depend on. */
static void name_rules(const struct options *options, struct buffer *out)
{
    static const char *const names[] = {"rule", "no-rule", "limit"};
    buffer_init(out, 64 << 10);
    for (size_t i = 0; i < options->given_count; i++) {
        for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
            if (strcmp(options->given[i].name, names[k]) == 0) {
                buffer_append_text(out, out->size > 0 ? " --" : "--");
                buffer_append_text(out, names[k]);
                buffer_append_byte(out, ' ');
                buffer_append_text(out, options->given[i].value);
            }
        }
    }
    buffer_append_byte(out, '\0');
}

/* Reads the inputs that are new; a new store gets its derived tables on the way. */
static enum exit_status read_inputs(struct storing *storing, const struct options *options,
                                    const struct store_input *inputs, const char *rules)
{
    struct run run;
    struct store *store = storing->store;
    const struct limits limits = limits_default();
    struct store_keeper *keeper = store_keeper_new(store, &limits, run_stop);
    const struct keeper kept = store_keeper_keeper(keeper);
    enum exit_status status = EXIT_USAGE;
    if (run_begin_keeping(&run, options, &kept)) {
        struct store_derived *derived = NULL;
        struct sink sink = {0};
        const char *filter = options->filter && options->redact ? "(redacted)" : options->filter;
        (void)store_begin_run(store, STORE_TOOL, filter, inputs, options->input_count);
        if (store_has_one_run(store)) {
            derived = store_derived_new(store, STORE_TOOL, rules, true);
            sink = store_derived_sink(derived);
        }
        run_feed(&run, &sink, true);
        if (run.status == EXIT_INPUT && run.summary->packets == 0) {
            store_abandon_run(store);
        } else if (store_end_run(store, run.summary) && derived) {
            (void)store_derived_end(derived);
        }
        if (derived) {
            store_derived_free(derived);
        }
        status = run_end_keeping(&run);
    }
    store_keeper_free(keeper);
    return status;
}

/* ---- what is made of it ---- */

static void step_message(void *context, const struct sip_unit *unit)
{
    (void)unit;
    store_derived_step(context);
}

static void pass_event(void *context, const struct event *event)
{
    (void)context;
    (void)event;
}

/* Reads the whole store again and writes its derived tables anew. */
static enum exit_status derive(struct storing *storing, const char *rules)
{
    struct run run;
    struct options options = *storing->options;
    const char *store = storing->options->output;
    options.inputs = &store;
    options.input_count = 1;
    options.redact = false; /* it holds pseudonyms already */
    options.pseudonyms = NULL;
    options.filter = NULL;
    struct store_derived *derived = store_derived_new(storing->store, STORE_TOOL, rules, false);
    const struct keeper steps = {derived, step_message, pass_event, pass_event};
    const struct sink sink = store_derived_sink(derived);
    enum exit_status status = EXIT_OUTPUT;
    if (store_problem(storing->store)[0] == '\0' && run_begin_keeping(&run, &options, &steps)) {
        run_feed(&run, &sink, true);
        status = run_end_keeping(&run);
    }
    if (status == EXIT_DONE) {
        (void)store_derived_end(derived);
    }
    store_derived_free(derived);
    return status;
}

static enum exit_status read_new(struct storing *storing)
{
    struct options options = *storing->options;
    options.inputs = memory_zero(storing->count + 1, sizeof *options.inputs);
    struct store_input *inputs = memory_zero(storing->count + 1, sizeof *inputs);
    options.input_count = choose(storing, options.inputs, inputs);
    enum exit_status status = EXIT_DONE;
    struct buffer rules;
    name_rules(&options, &rules);
    if (options.input_count > 0) {
        status = read_inputs(storing, &options, inputs, rules.data);
    }
    if ((status == EXIT_DONE || status == EXIT_INPUT) && !store_is_empty(storing->store) &&
        !store_is_derived(storing->store, STORE_TOOL, rules.data)) {
        enum exit_status derived = derive(storing, rules.data);
        status = derived != EXIT_DONE ? derived : status;
    }
    buffer_dispose(&rules);
    free(inputs);
    free(options.inputs);
    return status;
}

/* Problems of the file are told once, here. */
static enum exit_status finish(struct storing *storing, enum exit_status status)
{
    char problem[STORE_PROBLEM];
    bool empty = store_is_empty(storing->store);
    snprintf(problem, sizeof problem, "%s", store_problem(storing->store));
    bool fine = store_close(storing->store);
    if (problem[0] != '\0') {
        tell(storing, problem);
        status = EXIT_OUTPUT;
    } else if (!fine) {
        tell(storing, "it could not be completed");
        status = EXIT_OUTPUT;
    }
    if (storing->created && empty) {
        (void)unlink(storing->options->output);
    }
    free(storing->inputs);
    return status;
}

enum exit_status command_store(const struct options *options)
{
    struct storing storing = {.options = options, .count = options->input_count};
    if (is_snapshot(options)) {
        return command_snapshot(options);
    }
    if (options->server_count > 0) {
        return run_usage("store", "rows of servers are kept by 'ocsight store snapshot'");
    }
    if (!options->output) {
        return run_usage("store", "a store is a file; name it with -o");
    }
    if (options->redact && options->append) {
        return run_usage("store", "--redact writes a store anew: in one that is there, names of "
                                  "other runs could stand; name all captures");
    }
    if (options->input_count == 0 && !options->append) {
        return run_usage("store", "no input was named");
    }
    for (size_t i = 0; i < options->input_count; i++) {
        if (replay_is_store(options->inputs[i])) {
            char problem[512];
            snprintf(problem, sizeof problem,
                     "'%s' is a store itself; name the captures that it was made of",
                     options->inputs[i]);
            return run_usage("store", problem);
        }
    }
    storing.created = access(options->output, F_OK) != 0;
    storing.store =
        store_open(options->output, options->append ? STORE_APPEND : STORE_CREATE, run_seed());
    storing.inputs = memory_zero(storing.count, sizeof *storing.inputs);
    for (size_t i = 0; i < storing.count; i++) {
        look_at(&storing.inputs[i], options->inputs[i]);
    }
    enum exit_status status = EXIT_OUTPUT;
    if (store_problem(storing.store)[0] == '\0') {
        drop_cut_runs(&storing);
        find_new(&storing);
        status = replace_partial_runs(&storing) ? read_new(&storing) : EXIT_USAGE;
    }
    return finish(&storing, status);
}
