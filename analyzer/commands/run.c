/*
 * What the commands that read inputs have in common. See run.h.
 */
#include "analyzer/commands/run.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "analyzer/audit/flow_tables.h"
#include "analyzer/engine/buffer.h"
#include "decoders/capture.h"
#include "decoders/mask.h"

/* The one mutable global of the program: a signal handler can reach nothing else. */
static volatile sig_atomic_t interrupted;

static void note_interrupt(int number)
{
    (void)number;
    interrupted = 1;
}

/* The second Ctrl-C ends the program at once. */
void run_catch_interrupt(void)
{
    struct sigaction action = {.sa_handler = note_interrupt, .sa_flags = (int)SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
}

void run_stop(void)
{
    interrupted = 1;
}

const volatile sig_atomic_t *run_interrupted(void)
{
    return &interrupted;
}

struct map_seed run_seed(void)
{
    struct map_seed seed = {{0, 0}};
    if (getrandom(&seed, sizeof seed, GRND_NONBLOCK) != (ssize_t)sizeof seed) {
        struct timespec now;
        clock_gettime(CLOCK_REALTIME, &now);
        seed.words[0] = (uint64_t)now.tv_nsec;
        seed.words[1] = (uint64_t)getpid();
    }
    return seed;
}

int64_t run_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * TIME_SECOND + now.tv_nsec;
}

enum exit_status run_usage(const char *command, const char *problem)
{
    fprintf(stderr, "ocsight: %s\n", problem);
    if (command) {
        fprintf(stderr, "Try 'ocsight help %s'.\n", command);
    } else {
        fprintf(stderr, "Try 'ocsight help'.\n");
    }
    return EXIT_USAGE;
}

static size_t terminal_columns(void)
{
    struct winsize size;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40) {
        return size.ws_col;
    }
    return 80;
}

/* "text, json or csv" */
static void list_formats(unsigned formats, char *out, size_t size)
{
    size_t used = 0;
    for (unsigned format = 0; formats >> format != 0; format++) {
        unsigned rest = formats >> format;
        if (rest & 1 && used < size) {
            const char *gap = used == 0 ? "" : rest == 1 ? " or " : ", ";
            used += (size_t)snprintf(out + used, size - used, "%s%s", gap,
                                     option_format((enum report_format)format));
        }
    }
}

static bool was_given(const struct options *options, enum option_id id)
{
    for (size_t i = 0; i < options->given_count; i++) {
        if (strcmp(options->given[i].name, option_row(id)->name) == 0) {
            return true;
        }
    }
    return false;
}

/* An option that this format cannot follow is better refused than passed over; NULL = none. */
static const char *misplaced_option(const struct options *options, enum report_format format)
{
    if (options->appendix && format != REPORT_PDF) {
        return "--appendix is for a PDF: -o FILE.pdf";
    }
    if (options->scale > 0 && format != REPORT_SVG && format != REPORT_PNG) {
        return "--scale is for an SVG or PNG: -o FILE.svg, FILE.png";
    }
    if (was_given(options, OPTION_PAPER) && format < REPORT_PDF) {
        return "--paper is for a drawing: -o FILE.pdf";
    }
    return NULL;
}

/* The format of --format, else of the output's suffix, else the first that the command writes. */
static bool choose_format(struct run *run, unsigned formats, char *problem, size_t problem_size)
{
    static const struct {
        struct slice suffix;
        enum report_format format;
    } suffixes[] = {
        {SLICE(".pdf"), REPORT_PDF},  {SLICE(".svg"), REPORT_SVG},
        {SLICE(".png"), REPORT_PNG},  {SLICE(".json"), REPORT_JSON},
        {SLICE(".csv"), REPORT_CSV},  {SLICE(".txt"), REPORT_TEXT},
        {SLICE(".xml"), REPORT_XML},  {SLICE(".html"), REPORT_HTML},
        {SLICE(".htm"), REPORT_HTML}, {SLICE(".md"), REPORT_MARKDOWN},
    };
    const struct options *options = run->options;
    run->style.format = REPORT_TEXT;
    if (options->has_format) {
        run->style.format = options->format;
    } else if (options->output) {
        struct slice name = slice_of(options->output);
        for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
            struct slice suffix = suffixes[i].suffix;
            if (name.size > suffix.size &&
                slice_equal_nocase(slice_from(name, name.size - suffix.size), suffix)) {
                run->style.format = suffixes[i].format;
            }
        }
    }
    if ((formats >> run->style.format & 1) == 0) {
        char known[64] = "";
        list_formats(formats, known, sizeof known);
        snprintf(problem, problem_size, "no such format here: this is written as %s", known);
        return false;
    }
    const char *misplaced = misplaced_option(options, run->style.format);
    bool drawn = run->style.format >= REPORT_PDF || run->style.format == REPORT_HTML;
    if (!misplaced && drawn && !options->output && isatty(STDOUT_FILENO) == 1) {
        misplaced = "a drawing or page is not for the terminal; give a file with -o";
    }
    if (misplaced) {
        snprintf(problem, problem_size, "%s", misplaced);
    }
    return !misplaced;
}

/* The C library has no way to say that a zone is unknown: it silently means UTC. */
static bool zone_exists(const char *zone)
{
    char path[512];
    if (zone[0] == '/' || strstr(zone, "..")) {
        return false;
    }
    snprintf(path, sizeof path, "/usr/share/zoneinfo/%s", zone);
    bool posix_form = strpbrk(zone, "0123456789") != NULL && !strchr(zone, '/');
    return access(path, R_OK) == 0 || posix_form;
}

static bool choose_zone(struct run *run, char *problem, size_t problem_size)
{
    const char *zone = run->options->tz;
    if (!zone || strcmp(zone, "UTC") == 0) {
        return true;
    }
    if (!zone_exists(zone)) {
        snprintf(problem, problem_size, "there is no time zone '%s' on this machine", zone);
        return false;
    }
    setenv("TZ", zone, 1);
    tzset();
    run->style.zone.local = true;
    return true;
}

static int64_t moment(const char *text, int64_t day)
{
    int64_t time = TIME_NONE;
    if (text) {
        (void)clock_parse(slice_of(text), day == TIME_NONE ? 0 : day, &time);
    }
    return time;
}

/* A time of day means the day on which the inputs begin. */
static void choose_selection(struct run *run)
{
    const struct options *options = run->options;
    int64_t day = pipeline_start(run->pipeline);
    run->at = moment(options->at, day);
    run->selection = (struct selection){
        .users = options->users,
        .user_count = options->user_count,
        .call_id = options->call_id,
        .room = options->room,
        .from = moment(options->from, day),
        .to = moment(options->to, day),
    };
    run->span = (struct ladder_span){run->selection.from, run->selection.to};
}

static void show_progress(void *context, uint64_t packets, uint64_t bytes)
{
    (void)context;
    if (packets % (1 << 16) == 0) {
        fprintf(stderr, "\r%" PRIu64 " packets, %" PRIu64 " MB", packets, bytes / 1000000);
    }
}

static bool shows_progress(const struct options *options)
{
    return !options->quiet && isatty(STDERR_FILENO) == 1;
}

/* More than a few do not pay: transactions and the engine are one serial stage. */
static unsigned thread_count(const struct options *options)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    unsigned usual = processors < 1 ? 1 : processors > 8 ? 8 : (unsigned)processors;
    return options->threads > 0 ? options->threads : usual;
}

static bool open_pipeline(struct run *run, char *problem, size_t problem_size)
{
    const struct options *options = run->options;
    if (options->input_count == 0) {
        snprintf(problem, problem_size, "no input was named");
        return false;
    }
    char filter_problem[CAPTURE_PROBLEM];
    if (options->filter && !capture_filter_check(options->filter, filter_problem)) {
        snprintf(problem, problem_size, "--filter '%s': %s", options->filter, filter_problem);
        return false;
    }
    struct pipeline_options wanted = {
        .inputs = options->inputs,
        .input_count = options->input_count,
        .exports = options->exports,
        .export_count = options->export_count,
        .filter = options->filter,
        .rules = options->rules,
        .rule_count = options->rule_count,
        .threads = thread_count(options),
        .keeper = run->keeper,
        .looker = run->looker,
        .redact = options->pseudonyms,
        .hash = options->hash || (run->keeper && !options->redact),
        .quiet = options->quiet,
        .seed = run->seed,
        .limits = run->limits,
        .interrupted = &interrupted,
        .progress = shows_progress(options) ? show_progress : NULL,
    };
    run->pipeline = pipeline_new(&wanted, problem, problem_size);
    return run->pipeline != NULL;
}

static struct report_style style_of(const struct options *options)
{
    return (struct report_style){
        .columns = options->width > 0 ? options->width : terminal_columns(),
        .colour = !options->output && isatty(STDOUT_FILENO) == 1 && !getenv("NO_COLOR"),
        .ascii = options->ascii,
        .show_secrets = options->show_secrets,
        .redacted = options->redact,
        .version = OCSIGHT_VERSION,
        .options = options->given,
        .option_count = options->given_count,
    };
}

bool run_begin_rows(struct run *run, const struct options *options, unsigned formats, int64_t now)
{
    char problem[512] = "";
    *run = (struct run){.options = options, .seed = run_seed(), .limits = limits_default()};
    run->style = style_of(options);
    if (!choose_format(run, formats, problem, sizeof problem) ||
        !choose_zone(run, problem, sizeof problem)) {
        run->status = run_usage(NULL, problem);
        return false;
    }
    run->output = output_open(options->output);
    run->at = moment(options->at, now);
    return true;
}

enum exit_status run_end_rows(struct run *run, bool keep)
{
    char problem[512];
    enum exit_status status = run->status;
    if (!output_close(run->output, keep, problem, sizeof problem)) {
        fprintf(stderr, "ocsight: %s\n", problem);
        /* A database that failed is the cause that counts first. */
        status = status == EXIT_DATABASE ? status : EXIT_OUTPUT;
    }
    return status;
}

bool run_style(struct report_style *style, const char *command, const struct options *options,
               unsigned formats)
{
    char problem[512] = "";
    struct run run = {.options = options, .style = style_of(options)};
    if (!choose_format(&run, formats, problem, sizeof problem)) {
        run_usage(command, problem);
        return false;
    }
    *style = run.style;
    return true;
}

bool run_begin(struct run *run, const struct options *options, unsigned formats)
{
    return run_begin_looking(run, options, formats, NULL);
}

bool run_begin_looking(struct run *run, const struct options *options, unsigned formats,
                       const struct looker *looker)
{
    char problem[512] = "";
    *run = (struct run){
        .options = options, .seed = run_seed(), .limits = limits_default(), .looker = looker};
    run->style = style_of(options);
    if (!choose_format(run, formats, problem, sizeof problem) ||
        !choose_zone(run, problem, sizeof problem) ||
        !open_pipeline(run, problem, sizeof problem)) {
        run->status = run_usage(NULL, problem);
        return false;
    }
    run->summary = pipeline_summary(run->pipeline);
    run->spill = spill_file_new();
    run->output = output_open(options->output);
    choose_selection(run);
    return true;
}

bool run_begin_keeping(struct run *run, const struct options *options, const struct keeper *keeper)
{
    char problem[512] = "";
    *run = (struct run){
        .options = options, .seed = run_seed(), .limits = limits_default(), .keeper = keeper};
    if (!open_pipeline(run, problem, sizeof problem)) {
        run->status = run_usage(NULL, problem);
        return false;
    }
    run->summary = pipeline_summary(run->pipeline);
    return true;
}

void run_name_digests(struct run *run)
{
    if (!run->options->redact) {
        pipeline_hash_inputs(run->pipeline);
    }
}

enum exit_status run_end_keeping(struct run *run)
{
    bool partial = run->summary->partial;
    pipeline_free(run->pipeline);
    return partial ? EXIT_INTERRUPTED : run->status;
}

void run_feed(struct run *run, const struct sink *sink, bool everything)
{
    struct select *select = NULL;
    struct sink shown = *sink;
    if (!everything) {
        select = select_new(&run->selection, run->seed, sink);
        shown = select_sink(select);
    }
    struct pipeline_problems problems = pipeline_run(run->pipeline, &shown, 1);
    if (problems.unreadable > 0) {
        run->status = EXIT_INPUT;
    }
    if (shows_progress(run->options)) {
        fprintf(stderr, "\r\033[K");
    }
    if (select) {
        select_free(select);
    }
}

bool run_check_choice(const char *command, const struct options *options)
{
    bool narrow = options->dialog.size > 0 || options->flow.size > 0 || options->finding > 0;
    bool known = options->flow.size == 0;
    struct buffer problem;
    if (options->related && !narrow) {
        run_usage(command, "--related goes with --dialog, --flow or --finding");
        return false;
    }
    buffer_init(&problem, 4096);
    buffer_append_text(&problem, "--flow is one of");
    for (size_t i = 0; i < FLOW_KINDS; i++) {
        known = known || slice_equal(options->flow, slice_of(flow_tables[i].name));
        buffer_append_text(&problem, i > 0 ? ", " : " ");
        buffer_append_text(&problem, flow_tables[i].name);
    }
    buffer_append_byte(&problem, '\0');
    if (!known) {
        run_usage(command, buffer_slice(&problem).data);
    }
    buffer_dispose(&problem);
    return known;
}

struct choice_options run_choice(const struct run *run)
{
    const struct options *options = run->options;
    return (struct choice_options){
        .dialog = options->dialog,
        .flow = options->flow,
        .finding = options->finding,
        .related = options->related,
        .collapse = options->collapse,
    };
}

static struct slice show_whole(void *context, struct slice raw, struct arena *arena)
{
    (void)context;
    return arena_keep(arena, raw);
}

static struct slice show_masked(void *context, struct slice raw, struct arena *arena)
{
    struct buffer masked;
    (void)context;
    buffer_init(&masked, raw.size > SIZE_MAX / 2 ? SIZE_MAX : 2 * raw.size);
    (void)mask_message(raw, &masked);
    return buffer_take(&masked, arena);
}

struct ladder_options run_ladder(const struct run *run)
{
    return (struct ladder_options){
        .choice = run_choice(run),
        .span = &run->span,
        .shower = {.show = run->style.show_secrets ? show_whole : show_masked},
    };
}

/* What was lost for it the reports themselves count. */
static void tell_spill(struct spill_file *spill)
{
    const char *problem = spill_file_problem(spill);
    if (problem[0] != '\0') {
        fprintf(stderr, "ocsight: %s\n", problem);
    }
    spill_file_free(spill);
}

enum exit_status run_refuse(struct run *run, const char *command, const char *problem)
{
    char ignored[512];
    (void)output_close(run->output, false, ignored, sizeof ignored);
    spill_file_free(run->spill);
    pipeline_free(run->pipeline);
    return run_usage(command, problem);
}

enum exit_status run_end(struct run *run, bool findings)
{
    char problem[512];
    bool none_read = run->status == EXIT_INPUT && run->summary->packets == 0;
    bool partial = run->summary->partial;
    enum exit_status status = run->status;
    if (status == EXIT_DONE && findings) {
        status = EXIT_FINDINGS;
    }
    if (!output_close(run->output, !none_read && !run->discard, problem, sizeof problem)) {
        fprintf(stderr, "ocsight: %s\n", problem);
        status = EXIT_OUTPUT;
    }
    tell_spill(run->spill);
    pipeline_free(run->pipeline);
    return partial && status != EXIT_OUTPUT ? EXIT_INTERRUPTED : status;
}
