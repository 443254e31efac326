/*
 * Presence as databases hold it. See live_report.h; how it is written is in live_text.c and
 * live_json.c.
 */
#include "reports/live_report.h"

#include <stdlib.h>

#include "analyzer/engine/buffer.h"
#include "reports/live_parts.h"
#include "reports/presence_words.h"

enum { WORDS = 1024 };

/* What was said of a user in the last look; its words are the map's. */
struct told {
    uint64_t look;
    struct slice words; /* heap copy */
};

struct live_report {
    struct report_style style;
    struct live_query query;
    struct map_seed seed;
    struct limits limits;
    struct output *output;
    struct json json;
    const struct live_look *look;
    uint64_t looks;
    uint64_t count;
    struct map told; /* user -> struct told; only with --watch */
    struct arena arena;
    /* of the user that is being told */
    struct live_state state;
    struct presence_explain *explain;
    bool asked;
};

static void told_free(void *value)
{
    struct told *told = value;
    slice_drop(&told->words);
    free(told);
}

struct live_report *live_report_new(const struct report_style *style,
                                    const struct live_query *query, struct map_seed seed,
                                    const struct limits *limits, struct output *output)
{
    struct live_report *report = memory_zero(1, sizeof *report);
    report->style = *style;
    report->query = *query;
    report->seed = seed;
    report->limits = *limits;
    report->output = output;
    map_init(&report->told, seed);
    arena_init(&report->arena);
    json_init(&report->json, output, !query->watch);
    return report;
}

void live_report_free(struct live_report *report)
{
    map_dispose(&report->told, told_free);
    arena_dispose(&report->arena);
    free(report);
}

static struct live_writing writing_of(struct live_report *report, const struct live_person *person)
{
    return (struct live_writing){
        .style = &report->style,
        .query = &report->query,
        .look = report->look,
        .person = person,
        .state = &report->state,
        .explain = report->explain,
        .arena = &report->arena,
        .json = &report->json,
        .output = report->output,
    };
}

void live_report_begin(struct live_report *report, const struct live_look *look)
{
    report->look = look;
    report->count = 0;
    report->looks++;
    arena_reset(&report->arena);
    const struct live_writing writing = writing_of(report, NULL);
    bool first = report->looks == 1;
    if (report->style.format == REPORT_JSON && !report->query.watch) {
        live_json_begin(&writing);
    } else if (report->style.format == REPORT_CSV && first) {
        live_csv_begin(&writing);
    } else if (report->style.format == REPORT_TEXT && first) {
        live_text_begin(&writing);
    }
}

static void tell_gone(struct live_report *report);

void live_report_end(struct live_report *report)
{
    if (!report->look->partial) {
        tell_gone(report);
    }
    arena_reset(&report->arena);
    const struct live_writing writing = writing_of(report, NULL);
    if (report->style.format == REPORT_JSON && !report->query.watch) {
        live_json_end(&writing);
    } else if (report->style.format == REPORT_TEXT && report->count == 0 && report->looks == 1) {
        output_text(report->output, "\nNo user was found.\n");
    }
}

/* ---- one user ---- */

void live_report_person_begin(struct live_report *report, bool asked)
{
    arena_reset(&report->arena);
    report->asked = asked;
    report->state = (struct live_state){
        .availability = AVAILABILITY_NONE,
        .since = TIME_NONE,
        .origin = {.time = TIME_NONE},
    };
    report->explain = NULL;
    if (report->query.explain) {
        report->explain = presence_explain_new(report->seed, &report->limits);
    }
}

static void take_change(void *context, const struct change *change)
{
    struct live_report *report = context;
    if (report->explain) {
        presence_explain_change(report->explain, change);
    }
    if (change->kind != CHANGE_PRESENCE) {
        return;
    }
    const struct presence_change *presence = &change->as.presence;
    report->state = (struct live_state){
        .band = presence->band,
        .availability = presence->availability,
        .activity = arena_keep(&report->arena, presence->activity),
        .source = presence->source,
        .admits = presence_words_disagree(&presence->admitted, presence->availability),
        .admitted = presence->admitted,
        .since = change->time,
        .origin = change->origin,
        .cause = arena_keep(&report->arena, presence->cause),
    };
}

struct change_sink live_report_changes(struct live_report *report)
{
    return (struct change_sink){take_change, report};
}

bool live_is_stale(const struct live_person *person)
{
    bool live = false;
    for (size_t i = 0; i < person->event_count && !live; i++) {
        live = person->events[i].as.category.expire_type != EXPIRE_STATIC;
    }
    return live && person->sees_endpoints && !live_is_registered(person);
}

struct slice live_text(const struct category_fact *fact)
{
    bool silent = fact->text.size == 0 && fact->item_count > 0;
    return silent ? fact->items[0].value : fact->text;
}

/* Nothing published says anything: a user of these servers who is registered at none is offline. */
static void settle(struct live_report *report, const struct live_person *person)
{
    struct live_state *state = &report->state;
    bool silent = state->band == BAND_UNKNOWN && state->source == SOURCE_NONE;
    if (silent && person->in_directory && person->sees_endpoints && !live_is_registered(person)) {
        state->band = BAND_OFFLINE;
        state->source = SOURCE_DATABASE;
        state->origin = person->origin;
        state->cause = slice_of("not registered here");
        state->elsewhere = true;
    }
}

/* A partner whom a user once wrote to is in the databases, too: only who was asked for is told. */
static bool is_listed(const struct live_report *report, const struct live_person *person)
{
    return report->asked || person->in_directory || person->event_count > 0 ||
           person->endpoint_count > 0;
}

/* What --watch compares: all that a line of it shows. */
static struct slice words_of(struct live_report *report, const struct live_person *person)
{
    struct buffer words;
    const struct live_state *state = &report->state;
    buffer_init(&words, WORDS);
    buffer_append(&words, presence_words_state(state->band, state->availability, state->activity,
                                               &report->arena));
    buffer_append_text(&words, state->elsewhere ? ", not registered here" : "");
    buffer_append_text(&words, live_is_stale(person) ? ", published but not registered" : "");
    return buffer_take(&words, &report->arena);
}

/* Whether the user is to be told in this look; *before is what was said in the last one. */
static bool is_news(struct live_report *report, const struct live_person *person,
                    struct slice *before)
{
    struct slice words = words_of(report, person);
    struct told *told = map_find(&report->told, person->user);
    *before = slice_of("");
    if (told) {
        *before = arena_keep(&report->arena, told->words);
        told->look = report->looks;
    }
    if (told && slice_equal(told->words, words)) {
        return false;
    }
    if (!told && report->told.count < report->limits.users) {
        told = memory_zero(1, sizeof *told);
        told->look = report->looks;
        map_put(&report->told, person->user, told);
    }
    if (told) {
        slice_replace(&told->words, words);
    }
    return true;
}

static void write_person(struct live_report *report, const struct live_person *person,
                         struct slice before)
{
    const struct live_writing writing = writing_of(report, person);
    report->count++;
    switch (report->style.format) {
    case REPORT_JSON:
        live_json_person(&writing);
        break;
    case REPORT_CSV:
        live_csv_person(&writing);
        break;
    default:
        if (report->looks > 1) {
            live_text_change(&writing, before);
        } else {
            live_text_person(&writing);
        }
    }
}

void live_report_person_end(struct live_report *report, const struct live_person *person)
{
    struct slice before = SLICE("");
    settle(report, person);
    for (size_t i = 0; i < person->event_count && report->explain; i++) {
        presence_explain_event(report->explain, &person->events[i]);
    }
    bool news =
        is_listed(report, person) && (!report->query.watch || is_news(report, person, &before));
    if (news) {
        write_person(report, person, before);
    }
    if (report->explain) {
        presence_explain_free(report->explain);
        report->explain = NULL;
    }
}

/* With --watch: whom the last look told of and this one, which came to its end, did not find. */
static void tell_gone(struct live_report *report)
{
    for (struct map_entry *entry = report->told.first; entry; entry = entry->next) {
        const struct told *told = entry->value;
        struct slice before;
        const struct live_person nobody = {.user = entry->key, .origin = {.time = TIME_NONE}};
        if (told->look != report->looks) {
            live_report_person_begin(report, true);
            if (is_news(report, &nobody, &before)) {
                write_person(report, &nobody, before);
            }
        }
    }
}
