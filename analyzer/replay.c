/*
 * A store as an input. See replay.h.
 */
#include "analyzer/replay.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "analyzer/batch.h"
#include "sql/lite.h"
#include "sql/store_read.h"

enum { REMARK_SIZE = 400 };

/* What a run that was cut off would have counted; its places may go up to here. */
#define CUT_RUN_PLACES (UINT64_C(1) << 32)

/* One run while it is read. */
struct source {
    const struct stored_run *run;
    struct stored_rows *rows;
    struct stored_record record; /* the next one, while `ready` */
    bool ready;
    uint64_t places; /* of packets that anything came from, in a run without totals */
    uint64_t last_place;
    struct map streams; /* with messages, likewise */
};

struct replay {
    struct store_reader *reader;
    struct input_info *inputs;
    size_t input_count;
    uint32_t first_input;
    uint64_t base;
    struct source *sources;
    size_t source_count;
    struct source *next; /* that replay_next() gave a record of */
    struct replayed replayed;
    struct arena arena;
    struct event *endings;
    size_t ending_count;
    char remark[REMARK_SIZE];
};

bool replay_is_store(const char *path)
{
    uint32_t application;
    return lite_peek(path, &application);
}

/* ---- runs ---- */

static void number_origin(const struct replay *replay, struct origin *origin)
{
    origin->input += replay->first_input;
    origin->stream += origin->stream > 0 ? replay->base : 0;
}

static struct origin *record_origin(struct stored_record *record)
{
    return record->kind == STORED_MESSAGE ? &record->unit.observed.origin : &record->event.origin;
}

static void keep_ending(struct replay *replay, const struct event *event)
{
    replay->endings = memory_grow(replay->endings, replay->ending_count + 1, sizeof *event);
    replay->endings[replay->ending_count++] = event_keep(&replay->arena, event);
}

/* Counts what nobody else did, because the writer never came to the end. */
static void count_unfinished(struct replay *replay, struct source *source)
{
    const struct origin *origin = record_origin(&source->record);
    struct input_info *info = &replay->inputs[origin->input - replay->first_input];
    if (origin->order != source->last_place || source->places == 0) {
        source->places++;
        source->last_place = origin->order;
    }
    if (source->record.kind == STORED_MESSAGE) {
        uint64_t stream = origin->stream;
        (void)map_put(&source->streams, map_number_key(&stream), source);
    }
    info->records = origin->record > info->records ? origin->record : info->records;
    if (origin->time != TIME_NONE) {
        info->first =
            info->first == TIME_NONE || origin->time < info->first ? origin->time : info->first;
        info->last = origin->time > info->last ? origin->time : info->last;
    }
}

/* Makes the next record of a run ready; what was found of whole inputs is kept for the end. */
static void advance(struct replay *replay, struct source *source)
{
    source->ready = stored_rows_next(source->rows, &source->record);
    while (source->ready) {
        number_origin(replay, record_origin(&source->record));
        if (source->record.kind != STORED_ENDING) {
            break;
        }
        keep_ending(replay, &source->record.event);
        source->ready = stored_rows_next(source->rows, &source->record);
    }
    if (source->ready && source->record.kind == STORED_EVENT &&
        source->record.event.kind == EVENT_HTTP && source->record.event.as.http.exchange != 0) {
        source->record.event.as.http.exchange += replay->base << 16;
    }
    if (source->ready && !source->run->complete) {
        count_unfinished(replay, source);
    }
}

static void open_runs(struct replay *replay, struct map_seed seed)
{
    const struct stored_run *runs = store_reader_runs(replay->reader, &replay->source_count);
    replay->sources = memory_zero(replay->source_count, sizeof *replay->sources);
    for (size_t i = 0; i < replay->source_count; i++) {
        struct source *source = &replay->sources[i];
        source->run = &runs[i];
        map_init(&source->streams, seed);
        source->rows = stored_rows_open(replay->reader, &runs[i]);
        advance(replay, source);
    }
}

struct replay *replay_open(const char *path, uint32_t first_input, uint64_t base,
                           struct map_seed seed)
{
    struct replay *replay = memory_zero(1, sizeof *replay);
    arena_init(&replay->arena);
    replay->first_input = first_input;
    replay->base = base;
    replay->reader = store_reader_open(path);
    const struct input_info *inputs = store_reader_inputs(replay->reader, &replay->input_count);
    replay->inputs = memory_zero(replay->input_count, sizeof *inputs);
    for (size_t i = 0; i < replay->input_count; i++) {
        replay->inputs[i] = inputs[i];
        replay->inputs[i].kind = inputs[i].kind ? inputs[i].kind : "unknown";
    }
    if (replay_problem(replay)[0] == '\0') {
        open_runs(replay, seed);
    }
    return replay;
}

void replay_close(struct replay *replay)
{
    if (!replay) {
        return;
    }
    for (size_t i = 0; i < replay->source_count; i++) {
        stored_rows_close(replay->sources[i].rows);
        map_dispose(&replay->sources[i].streams, NULL);
    }
    store_reader_close(replay->reader);
    arena_dispose(&replay->arena);
    free(replay->sources);
    free(replay->endings);
    free(replay->inputs);
    free(replay);
}

const char *replay_problem(const struct replay *replay)
{
    return store_reader_problem(replay->reader);
}

const struct input_info *replay_inputs(const struct replay *replay, size_t *count)
{
    *count = replay->input_count;
    return replay->inputs;
}

uint64_t replay_numbers(const struct replay *replay)
{
    uint64_t numbers = 0;
    for (size_t i = 0; i < replay->source_count; i++) {
        const struct stored_run *run = replay->sources[i].run;
        numbers += run->complete ? run->packets : CUT_RUN_PLACES;
    }
    return numbers;
}

bool replay_is_single(const struct replay *replay)
{
    return replay->source_count == 1;
}

/* ---- reading ---- */

const struct replayed *replay_next(struct replay *replay)
{
    struct source *best = NULL;
    for (size_t i = 0; i < replay->source_count; i++) {
        struct source *source = &replay->sources[i];
        if (source->ready && (!best || source->record.merge_time < best->record.merge_time)) {
            best = source;
        }
    }
    replay->next = best;
    if (!best) {
        return NULL;
    }
    struct stored_record *record = &best->record;
    const struct origin *origin = record_origin(record);
    bool is_message = record->kind == STORED_MESSAGE;
    replay->replayed = (struct replayed){
        .time = record->merge_time,
        .unit = is_message ? &record->unit : NULL,
        .event = is_message ? NULL : &record->event,
        .order = origin->order,
        .input = origin->input,
    };
    return &replay->replayed;
}

void replay_step(struct replay *replay)
{
    advance(replay, replay->next);
}

/* ---- the end ---- */

static bool is_cut(const struct source *source)
{
    return !source->run->complete || source->run->partial ||
           stored_rows_problem(source->rows)[0] != '\0' || stored_rows_odd(source->rows) > 0;
}

const char *replay_remark(struct replay *replay)
{
    uint64_t odd = 0;
    bool unfinished = false, interrupted = false;
    const char *problem = "";
    for (size_t i = 0; i < replay->source_count; i++) {
        const struct source *source = &replay->sources[i];
        unfinished = unfinished || !source->run->complete;
        interrupted = interrupted || source->run->partial;
        odd += stored_rows_odd(source->rows);
        problem = problem[0] != '\0' ? problem : stored_rows_problem(source->rows);
    }
    size_t at = 0;
    replay->remark[0] = '\0';
    if (unfinished || interrupted) {
        at += (size_t)snprintf(replay->remark, sizeof replay->remark,
                               "the store was %s; what it holds is read",
                               unfinished ? "never finished" : "interrupted while it was written");
    }
    if (odd > 0) {
        at += (size_t)snprintf(replay->remark + at, sizeof replay->remark - at,
                               "%s%" PRIu64 " rows make no sense and are left out",
                               at > 0 ? "; " : "", odd);
    }
    if (problem[0] != '\0' && at < sizeof replay->remark) {
        snprintf(replay->remark + at, sizeof replay->remark - at, "%s%s", at > 0 ? "; " : "",
                 problem);
    }
    return replay->remark;
}

static void report_cut(const struct replay *replay, const struct source *source,
                       const struct event_sink *sink)
{
    const struct stored_run *run = source->run;
    if (!is_cut(source) || run->input_count == 0) {
        return;
    }
    size_t last = run->first_input + run->input_count - 1;
    const struct input_info *info = &replay->inputs[last];
    struct event event = {.kind = EVENT_COVERAGE};
    event.origin = (struct origin){
        .time = info->last, .record = info->records, .input = replay->first_input + (uint32_t)last};
    event.as.coverage = (struct coverage_fact){
        .kind = COVERAGE_TRUNCATED,
        .count = 1,
        .detail = slice_of(!run->complete || run->partial ? "the store does not hold all of it"
                                                          : "the store is damaged"),
    };
    event_emit(sink, &event);
}

void replay_settle(const struct replay *replay, const struct event_sink *sink)
{
    for (size_t i = 0; i < replay->ending_count; i++) {
        event_emit(sink, &replay->endings[i]);
    }
    for (size_t i = 0; i < replay->source_count; i++) {
        report_cut(replay, &replay->sources[i], sink);
    }
}

static void count_run(const struct source *source, struct summary *summary)
{
    const struct stored_run *run = source->run;
    if (!run->complete) {
        summary->packets += source->places;
        summary->decoded += source->places;
        summary->coverage.streams += source->streams.count;
        summary->coverage.read += source->streams.count;
        return;
    }
    summary->packets += run->packets;
    summary->decoded += run->decoded;
    for (int i = 0; i < SKIP_REASONS; i++) {
        summary->skipped[i] += run->skipped[i];
    }
    summary->coverage.streams += run->coverage.streams;
    summary->coverage.read += run->coverage.read;
    summary->coverage.encrypted += run->coverage.encrypted;
    summary->coverage.compressed += run->coverage.compressed;
    summary->coverage.gapped += run->coverage.gapped;
    summary->coverage.one_sided += run->coverage.one_sided;
}

void replay_count(const struct replay *replay, struct summary *summary)
{
    for (size_t i = 0; i < replay->source_count; i++) {
        count_run(&replay->sources[i], summary);
    }
}

/* Full, as far as its streams go, and yet it was said to be partial. */
static bool was_damaged(const struct coverage_summary *coverage)
{
    return coverage->verdict == COVERAGE_PARTIAL && coverage->encrypted == 0 &&
           coverage->compressed == 0 && coverage->gapped == 0 && coverage->one_sided == 0;
}

bool replay_damaged(const struct replay *replay)
{
    for (size_t i = 0; i < replay->source_count; i++) {
        const struct source *source = &replay->sources[i];
        if (is_cut(source) || was_damaged(&source->run->coverage)) {
            return true;
        }
    }
    for (size_t i = 0; i < replay->input_count; i++) {
        if (replay->inputs[i].truncated) {
            return true;
        }
    }
    return false;
}
