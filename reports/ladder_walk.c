/*
 * A settled ladder from top to bottom. See ladder_walk.h.
 */
#include "reports/ladder_walk.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "reports/drawing.h"
#include "reports/text.h"

#define LONG_SILENCE (60 * TIME_SECOND)

enum { DAY = 10, TIME_OF_DAY = 12 }; /* characters of "2026-11-20", "10:00:00.123" */

void ladder_walk_begin(struct ladder_walk *walk, const struct ladder_model *model,
                       const struct clock_zone *zone, struct arena *arena)
{
    *walk =
        (struct ladder_walk){.model = model, .zone = zone, .arena = arena, .previous = TIME_NONE};
}

static bool is_shown(const struct ladder_row *row)
{
    return row->kind != ROW_PRESENCE || row->from != LADDER_NO_LANE;
}

static bool new_day(struct ladder_walk *walk, int64_t time, struct ladder_step *step)
{
    char date[CLOCK_TEXT];
    if (time == TIME_NONE) {
        return false;
    }
    clock_date(time, walk->zone, date);
    date[DAY] = '\0';
    if (strcmp(date, walk->day) == 0) {
        return false;
    }
    memcpy(walk->day, date, DAY + 1);
    step->kind = STEP_DATE;
    step->text = arena_keep(walk->arena, slice_of(date));
    return true;
}

/* Of a part that was chosen nobody knows here what happened meanwhile. */
static struct slice silence_words(const struct ladder_walk *walk, int64_t silence)
{
    const struct choice *choice = walk->model->choice;
    const char *words = choice && choice_is_narrow(choice) ? "later" : "without SIP";
    int64_t seconds = silence / TIME_SECOND + (silence % TIME_SECOND >= TIME_SECOND / 2);
    int64_t minutes = seconds / 60;
    if (minutes >= 120) {
        return text_format(walk->arena, "%" PRId64 " h %" PRId64 " min %s", minutes / 60,
                           minutes % 60, words);
    }
    return text_format(walk->arena, "%" PRId64 " min %" PRId64 " s %s", minutes, seconds % 60,
                       words);
}

static bool long_silence(struct ladder_walk *walk, int64_t time, struct ladder_step *step)
{
    if (walk->idle_told || time == TIME_NONE || walk->previous == TIME_NONE ||
        time < walk->previous || time - walk->previous <= LONG_SILENCE) {
        return false;
    }
    walk->idle_told = true;
    step->kind = STEP_IDLE;
    step->text = silence_words(walk, time - walk->previous);
    return true;
}

bool ladder_walk_next(struct ladder_walk *walk, struct ladder_step *step)
{
    const struct ladder_model *model = walk->model;
    while (walk->next < model->row_count && !is_shown(&model->rows[walk->next])) {
        walk->next++;
    }
    if (walk->next == model->row_count) {
        return false;
    }
    *step = (struct ladder_step){.row = walk->next};
    const struct ladder_row *row = &model->rows[walk->next];
    if (long_silence(walk, row->time, step) || new_day(walk, row->time, step)) {
        return true;
    }
    step->kind = STEP_ROW;
    walk->next++;
    walk->idle_told = false;
    /* Told between two rows: what a note divides is told of each part. */
    if (row->time != TIME_NONE) {
        walk->previous = row->time;
    } else if (row->kind == ROW_FOLDED) {
        walk->previous = row->until;
    }
    return true;
}

struct slice ladder_time_text(int64_t time, const struct clock_zone *zone, struct arena *arena)
{
    char text[CLOCK_TEXT];
    if (time == TIME_NONE) {
        return slice_of("");
    }
    clock_of_day(time, zone, text);
    return arena_keep(arena, slice_sub(slice_of(text), 0, TIME_OF_DAY));
}

struct slice ladder_letter_text(size_t input, struct arena *arena)
{
    if (input < 26) {
        return text_format(arena, "%c", 'A' + (int)input);
    }
    return text_format(arena, "%zu", input + 1);
}

struct slice ladder_record_text(uint32_t input, uint64_t record, const struct summary *summary,
                                struct arena *arena)
{
    if (record == 0) {
        return slice_of("");
    }
    if (summary->input_count < 2) {
        return text_format(arena, "%" PRIu64, record);
    }
    struct slice letter = ladder_letter_text(input, arena);
    return text_format(arena, "%.*s:%" PRIu64, TEXT(letter), record);
}

struct slice ladder_finding_place(const struct ladder_finding *finding,
                                  const struct clock_zone *zone, const struct summary *summary,
                                  struct arena *arena)
{
    const struct origin *first = &finding->evidence[0];
    struct slice time = ladder_time_text(finding->time, zone, arena);
    if (finding->evidence_count == 0 || first->record == 0) {
        return time;
    }
    struct slice record = ladder_record_text(first->input, first->record, summary, arena);
    return first->time == finding->time
               ? text_format(arena, "packet %.*s, %.*s", TEXT(record), TEXT(time))
               : text_format(arena, "%.*s, see packet %.*s", TEXT(time), TEXT(record));
}

/* ---- the heading ---- */

static struct slice span_text(const struct ladder_model *model, const struct clock_zone *zone,
                              struct arena *arena)
{
    int64_t first = TIME_NONE;
    int64_t last = TIME_NONE;
    bool any = ladder_model_span(model, &first, &last);
    return any ? drawing_span(first, last, zone, arena) : slice_of("");
}

static struct slice count_text(const struct ladder_model *model, struct arena *arena)
{
    uint64_t found[3] = {0};
    for (size_t i = 0; i < model->finding_count; i++) {
        found[model->findings[i].severity]++;
    }
    size_t parties = model->lane_count;
    return text_format(arena,
                       "%" PRIu64 " message%s, %zu part%s, %" PRIu64 " error%s, %" PRIu64
                       " warning%s, %" PRIu64 " note%s",
                       model->messages, text_plural(model->messages), parties,
                       parties == 1 ? "y" : "ies", found[SEVERITY_ERROR],
                       text_plural(found[SEVERITY_ERROR]), found[SEVERITY_WARNING],
                       text_plural(found[SEVERITY_WARNING]), found[SEVERITY_NOTE],
                       text_plural(found[SEVERITY_NOTE]));
}

static struct slice inputs_text(const struct summary *summary, struct arena *arena)
{
    struct slice text = slice_of("");
    for (size_t i = 0; i < summary->input_count && i < 26; i++) {
        struct slice name = text_brief(drawing_base_name(summary->inputs[i].name), 40, arena);
        struct slice letter = ladder_letter_text(i, arena);
        text = text_format(arena, "%.*s%s%.*s = %.*s", TEXT(text), i > 0 ? ", " : "", TEXT(letter),
                           TEXT(name));
    }
    return text;
}

static void heading_add(struct ladder_heading *heading, struct slice line)
{
    if (line.size > 0) {
        heading->lines[heading->count++] = line;
    }
}

void ladder_heading_make(struct ladder_heading *heading, const struct ladder_model *model,
                         const struct summary *summary, const struct report_style *style,
                         const char *title, struct arena *arena)
{
    *heading = (struct ladder_heading){.title = drawing_title(summary, title, "ladder", arena)};
    heading_add(heading, span_text(model, &style->zone, arena));
    heading_add(heading, count_text(model, arena));
    heading_add(heading, text_format(arena, "coverage %s",
                                     report_coverage_words(summary->coverage.verdict)));
    if (model->choice) {
        heading_add(heading, slice_of(choice_words(model->choice)));
    }
    if (style->redacted) {
        heading_add(heading, slice_of(report_redacted_words()));
    }
    if (summary->partial) {
        heading_add(heading, slice_of("interrupted: this is what was read until then"));
    }
    if (summary->input_count > 1) {
        heading_add(heading, inputs_text(summary, arena));
    }
}

struct slice ladder_empty_text(const struct summary *summary)
{
    return slice_of(summary->coverage.verdict == COVERAGE_FULL ? "No SIP message was selected."
                                                               : "No SIP message could be read.");
}

struct slice ladder_beyond_text(const struct ladder_model *model, struct arena *arena)
{
    if (model->beyond == 0) {
        return slice_of("");
    }
    return text_format(arena, "%" PRIu64 " more row%s found no room (limit report_rows)",
                       model->beyond, text_plural(model->beyond));
}
