/*
 * `ocsight annotate`: the same packets with comments.
 *
 * The capture is read twice, for the run and to copy it; a third time in between to find the
 * packets of --only.
 */
#include <inttypes.h>
#include <stdio.h>

#include "analyzer/commands/run.h"
#include "analyzer/packet_copy.h"
#include "analyzer/replay.h"
#include "analyzer/spool.h"
#include "reports/annotation.h"

struct annotate {
    struct run run;
    struct spool *spool;
    struct annotation *annotation;
};

/* Wrong usage that the options alone show; NULL = none. */
static const char *check_options(const struct options *options)
{
    bool dialog = options->dialog.size > 0 || options->call_id.size > 0;
    if (options->redact) {
        return "--redact does not go with annotate: the packets stay as they are";
    }
    if (options->input_count != 1) {
        return options->input_count > 1 ? "annotate takes one INPUT" : "no input was named";
    }
    if (options->only == ONLY_USER && options->user_count == 0) {
        return "--only user needs --user";
    }
    if (options->only == ONLY_DIALOG && !dialog) {
        return "--only dialog needs --dialog or --call-id";
    }
    return NULL;
}

static bool is_selected(const struct selection *selection)
{
    return selection->user_count > 0 || selection->call_id.size > 0 || selection->room.size > 0 ||
           selection->from != TIME_NONE || selection->to != TIME_NONE;
}

/* ---- the packets ---- */

static void take_bytes(void *context, struct slice bytes)
{
    struct annotate *annotate = context;
    output_write(annotate->run.output, bytes);
}

static const struct slice *give_comments(void *context, uint64_t record, size_t *count)
{
    struct annotate *annotate = context;
    return annotation_comments(annotate->annotation, record, count);
}

static struct capture *open_again(struct annotate *annotate)
{
    return capture_open(spool_path(annotate->spool), 0, NULL, &annotate->run.limits);
}

/* The packets of --only; NULL = all. */
static struct packet_choice *choose_packets(struct annotate *annotate)
{
    struct run *run = &annotate->run;
    if (run->options->only == ONLY_NOTHING) {
        return NULL;
    }
    size_t count = 0;
    const uint64_t *records = annotation_records(annotate->annotation, &count);
    struct packet_choice *choice = packet_choice_new(records, count, run->seed, &run->limits);
    struct capture *capture = open_again(annotate);
    struct packet packet;
    while (*run_interrupted() == 0 && capture_next(capture, &packet) == CAPTURE_PACKET) {
        packet_choice_learn(choice, &packet);
    }
    capture_close(capture);
    packet_choice_turn(choice);
    return choice;
}

static void tell(uint64_t count, const char *what)
{
    if (count > 0) {
        fprintf(stderr, "ocsight: %" PRIu64 " %s\n", count, what);
    }
}

static void tell_losses(const struct annotate *annotate, const struct packet_copy *copy)
{
    if (!annotate->run.options->quiet) {
        tell(annotation_beyond(annotate->annotation),
             "messages and comments found no room (limit comments)");
        tell(copy->beyond, "comments belong to packets whose blocks can hold none");
        tell(copy->left_out, "blocks may not be copied without all packets, and are left out");
    }
}

/* What was read once and cannot be any more is no output. */
static void copy_packets(struct annotate *annotate)
{
    struct run *run = &annotate->run;
    struct packet_choice *choice = choose_packets(annotate);
    const struct packet_copy_options wanted = {
        .application = "ocsight " OCSIGHT_VERSION,
        .choice = choice,
        .interrupted = run_interrupted(),
        .context = annotate,
        .write = take_bytes,
        .comments = give_comments,
    };
    struct capture *capture = open_again(annotate);
    struct packet_copy copy = packet_copy_run(capture, &wanted);
    if (capture_info(capture).failed) {
        fprintf(stderr, "ocsight: %s: %s\n", run->options->inputs[0], capture_problem(capture));
        run->status = EXIT_INPUT;
        run->discard = true;
    }
    run->discard = run->discard || copy.interrupted || *run_interrupted() != 0;
    tell_losses(annotate, &copy);
    capture_close(capture);
    packet_choice_free(choice);
}

/* ---- the run ---- */

static enum exit_status finish(struct annotate *annotate)
{
    struct run *run = &annotate->run;
    bool none_read = run->status == EXIT_INPUT && run->summary->packets == 0;
    run->discard = run->summary->partial;
    if (!none_read && !run->discard) {
        copy_packets(annotate);
    }
    bool interrupted = *run_interrupted() != 0;
    enum exit_status status = run_end(run, false);
    return interrupted && status != EXIT_OUTPUT ? EXIT_INTERRUPTED : status;
}

static enum exit_status annotate_capture(struct annotate *annotate)
{
    struct run *run = &annotate->run;
    const struct annotation_options wanted = {
        .choice = run_choice(run),
        .selected = is_selected(&run->selection),
        .findings = run->options->only == ONLY_FINDING,
        .numbered = run->options->only != ONLY_NOTHING,
    };
    annotate->annotation = annotation_new(&wanted, run->seed, &run->limits);
    struct sink sink = annotation_sink(annotate->annotation);
    run_feed(run, &sink, false);
    annotation_settle(annotate->annotation);
    const char *problem = annotation_problem(annotate->annotation);
    bool refused = problem && run->status == EXIT_DONE && !run->summary->partial;
    enum exit_status status = refused ? run_refuse(run, "annotate", problem) : finish(annotate);
    annotation_free(annotate->annotation);
    return status;
}

/* The run as it is once the input can be read more than once. */
static enum exit_status annotate_input(struct annotate *annotate, const struct options *options)
{
    struct options again = *options;
    const char *path = spool_path(annotate->spool);
    again.inputs = &path;
    if (!run_begin(&annotate->run, &again, 1U << REPORT_TEXT)) {
        return annotate->run.status;
    }
    if (output_is_terminal(annotate->run.output)) {
        return run_refuse(&annotate->run, "annotate",
                          "a capture is not for the terminal; give a file with -o");
    }
    return annotate_capture(annotate);
}

enum exit_status command_annotate(const struct options *options)
{
    char text[512];
    const char *problem = check_options(options);
    if (problem) {
        return run_usage("annotate", problem);
    }
    if (!run_check_choice("annotate", options)) {
        return EXIT_USAGE;
    }
    if (replay_is_store(options->inputs[0])) {
        snprintf(text, sizeof text,
                 "annotate copies packets, and '%s' is a store, which keeps none",
                 options->inputs[0]);
        return run_usage("annotate", text);
    }
    struct annotate annotate = {
        .spool = spool_open(options->inputs[0], run_interrupted(), text, sizeof text)};
    if (!annotate.spool) {
        fprintf(stderr, "ocsight: %s\n", text);
        return EXIT_OUTPUT;
    }
    enum exit_status status = annotate_input(&annotate, options);
    spool_close(annotate.spool);
    return status;
}
