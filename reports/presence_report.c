/*
 * Who was available, when, and how we know. See presence_report.h.
 *
 * A sink that hands the run to what keeps it (presence_model, presence_explain,
 * presence_watcher), and at the end to what writes it.
 */
#include "reports/presence_report.h"

#include <inttypes.h>
#include <stdlib.h>

#include "reports/presence_explain.h"
#include "reports/presence_text.h"
#include "reports/presence_watcher.h"
#include "reports/presence_watcher_write.h"
#include "reports/presence_words.h"

struct presence_report {
    struct report_style style;
    struct presence_query query;
    struct map_seed seed;
    enum ladder_paper paper;
    double scale;
    struct presence_model model;
    struct presence_watcher *watcher; /* NULL unless --as was given */
};

struct presence_report *presence_report_new(const struct report_style *style,
                                            const struct presence_query *query,
                                            struct map_seed seed, const struct limits *limits)
{
    struct presence_report *report = memory_zero(1, sizeof *report);
    report->style = *style;
    report->query = *query;
    report->seed = seed;
    presence_model_init(&report->model, query, seed, limits);
    if (query->watcher.size > 0) {
        report->watcher = presence_watcher_new(query, seed, limits);
    }
    return report;
}

void presence_report_free(struct presence_report *report)
{
    if (report->watcher) {
        presence_watcher_free(report->watcher);
    }
    presence_model_dispose(&report->model);
    free(report);
}

void presence_report_draw_on(struct presence_report *report, enum ladder_paper paper, double scale)
{
    report->paper = paper;
    report->scale = scale;
}

/* ---- what comes in ---- */

static struct presence_explain *explain_of(struct presence_report *report, struct slice user)
{
    struct presence_person *person = presence_model_person(&report->model, user);
    if (!person) {
        return NULL;
    }
    if (!person->explain) {
        person->explain = presence_explain_new(report->seed, &report->model.limits);
    }
    return person->explain;
}

/* A drawing names its lanes as people name themselves. */
static void learn_name(struct presence_report *report, const struct message *message)
{
    const struct sip_party *from = &message->from;
    struct presence_person *person =
        from->display.size > 0 ? map_find(&report->model.people, from->user) : NULL;
    if (person && person->name.size == 0) {
        slice_replace(&person->name, from->display);
    }
}

static bool is_over(const struct presence_report *report, int64_t time)
{
    int64_t end = presence_query_end(&report->query);
    return end != TIME_NONE && time > end;
}

static void take_event(void *context, const struct event *event)
{
    struct presence_report *report = context;
    bool published = event->kind == EVENT_PUBLICATION || event->kind == EVENT_CATEGORY;
    if (report->query.names && event->kind == EVENT_MESSAGE && event->message) {
        learn_name(report, event->message);
    }
    if (report->query.explain && published && event->as.category.category == CATEGORY_UNKNOWN &&
        !is_over(report, event->origin.time)) {
        struct presence_explain *explain = explain_of(report, event->as.category.key.user);
        if (explain) {
            presence_explain_event(explain, event);
        }
    }
}

static void explain_change(struct presence_report *report, const struct change *change)
{
    struct slice user = slice_of("");
    if (change->kind == CHANGE_AGGREGATE) {
        user = change->as.aggregate.user;
    } else if (change->kind == CHANGE_PUBLICATION) {
        user = change->as.publication.key.user;
    }
    struct presence_explain *explain =
        user.size > 0 && !is_over(report, change->time) ? explain_of(report, user) : NULL;
    if (explain) {
        presence_explain_change(explain, change);
    }
}

static void take_change(void *context, const struct change *change)
{
    struct presence_report *report = context;
    presence_model_change(&report->model, change);
    if (report->query.explain) {
        explain_change(report, change);
    }
    if (report->watcher) {
        presence_watcher_change(report->watcher, change);
    }
}

struct sink presence_report_sink(struct presence_report *report)
{
    return (struct sink){.context = report, .event = take_event, .change = take_change};
}

/* ---- JSON ---- */

static void entry_json(struct json *json, const struct presence_entry *entry,
                       const struct summary *summary)
{
    json_object(json, NULL);
    json_time(json, "time", entry->time);
    if (entry->since != entry->time) {
        json_time(json, "since", entry->since);
    }
    json_text(json, "band", band_name(entry->band));
    presence_words_availability_json(json, "availability", entry->availability);
    presence_words_admitted_json(json, entry->admitted, entry->availability);
    json_optional(json, "activity", entry->activity);
    json_text(json, "source", presence_source_name(entry->source));
    json_optional(json, "cause", entry->cause);
    report_origin_json(json, "origin", &entry->origin, summary);
    json_end_object(json);
}

static void parts_json(struct json *json, const struct presence_page *page,
                       const struct presence_person *person)
{
    const struct presence_query *query = &page->model->query;
    if (query->timeline) {
        json_array(json, "timeline");
        for (size_t i = 0; i < person->count; i++) {
            entry_json(json, &person->timeline[i], page->summary);
        }
        json_end_array(json);
    }
    if (query->explain) {
        const struct explain_page explained = {page->style, page->summary, page->arena, false};
        presence_explain_json(person, &explained, json);
    }
    if (page->watcher) {
        const struct watcher_page shown = {page->style, page->summary, query->watcher,
                                           query->timeline, page->arena};
        watcher_write_json(presence_watcher_find(page->watcher, person->user), &shown, json);
    }
}

static void person_json(struct json *json, const struct presence_page *page,
                        const struct presence_person *person)
{
    const struct presence_entry *now = &person->now.entry;
    json_object(json, NULL);
    json_string(json, "user", person->user);
    json_text(json, "band", band_name(now->band));
    presence_words_availability_json(json, "availability", now->availability);
    presence_words_admitted_json(json, now->admitted, now->availability);
    json_optional(json, "activity", now->activity);
    json_time(json, "since", now->time);
    if (now->source == SOURCE_NONE) {
        json_null(json, "source");
    } else {
        json_text(json, "source", presence_source_name(now->source));
    }
    parts_json(json, page, person);
    json_end_object(json);
}

static void write_json(const struct presence_page *page, struct output *output)
{
    struct json json;
    json_init(&json, output, true);
    json_object(&json, NULL);
    json_text(&json, "schema", "ocsight.presence/1");
    report_redacted_json(&json, page->style);
    if (page->watcher) {
        json_string(&json, "as", page->model->query.watcher);
    }
    json_array(&json, "users");
    for (size_t i = 0; i < page->count; i++) {
        presence_model_load(page->model, page->people[i]);
        person_json(&json, page, page->people[i]);
        presence_model_unload(page->people[i]);
    }
    json_end_array(&json);
    json_text(&json, "coverage", coverage_verdict_name(page->summary->coverage.verdict));
    json_u64(&json, "not_listed", presence_page_beyond(page));
    json_end_object(&json);
    json_end_line(&json);
}

/* ---- CSV ---- */

static void entry_csv(struct output *output, struct slice user, const struct presence_entry *entry,
                      const struct presence_page *page)
{
    char time[CLOCK_TEXT];
    clock_iso(entry->time, time);
    report_csv(output, user, false);
    output_format(output, "%s,%s,", time, band_name(entry->band));
    if (entry->availability != AVAILABILITY_NONE) {
        output_format(output, "%" PRId64, entry->availability);
    }
    output_byte(output, ',');
    report_csv(output, entry->activity, false);
    output_format(output, "%s,",
                  entry->source == SOURCE_NONE ? "" : presence_source_name(entry->source));
    report_csv(output, entry->cause, false);
    bool known = entry->time != TIME_NONE;
    report_csv(output,
               known ? report_origin_text(&entry->origin, page->summary, page->arena)
                     : slice_of(""),
               false);
    report_csv(output, presence_words_ranges(entry->admitted, entry->availability, page->arena),
               true);
}

static void write_csv(const struct presence_page *page, struct output *output)
{
    const struct presence_query *query = &page->model->query;
    if (page->watcher) {
        watcher_write_csv_head(output);
    } else {
        output_text(output, "user,time,band,availability,activity,source,cause,packet,admitted\n");
    }
    for (size_t i = 0; i < page->count; i++) {
        struct presence_person *person = page->people[i];
        if (page->watcher) {
            const struct watcher_page shown = {page->style, page->summary, query->watcher,
                                               query->timeline, page->arena};
            watcher_write_csv(person->user, presence_watcher_find(page->watcher, person->user),
                              &shown, output);
            continue;
        }
        presence_model_load(page->model, person);
        for (size_t j = 0; query->timeline && j < person->count; j++) {
            entry_csv(output, person->user, &person->timeline[j], page);
        }
        presence_model_unload(person);
        if (!query->timeline) {
            entry_csv(output, person->user, &person->now.entry, page);
        }
    }
}

/* ---- at the end ---- */

/* With --as, those of whom the watcher was told something, and those who were named. */
static size_t choose_people(const struct presence_report *report, struct presence_person **people)
{
    size_t count = 0;
    for (size_t i = 0; i < report->model.people.count; i++) {
        if (!report->watcher || people[i]->asked ||
            presence_watcher_find(report->watcher, people[i]->user)) {
            people[count++] = people[i];
        }
    }
    return count;
}

static void write_drawing(struct presence_report *report, const struct presence_page *page,
                          struct output *output)
{
    for (size_t i = 0; i < page->count; i++) {
        presence_model_load(page->model, page->people[i]);
    }
    const struct timeline_source source = {
        .model = page->model,
        .people = page->people,
        .count = page->count,
        .beyond = presence_page_beyond(page),
        .style = page->style,
        .summary = page->summary,
        .paper = report->paper,
        .scale = report->scale,
    };
    timeline_write(&source, output);
}

void presence_report_write(struct presence_report *report, const struct summary *summary,
                           struct output *output)
{
    struct presence_person **people = presence_model_sorted(&report->model);
    const struct presence_page page = {
        .model = &report->model,
        .people = people,
        .count = choose_people(report, people),
        .watcher = report->watcher,
        .beyond = report->watcher ? presence_watcher_beyond(report->watcher) : 0,
        .style = &report->style,
        .summary = summary,
        .arena = &report->model.arena,
    };
    switch (report->style.format) {
    case REPORT_JSON:
        write_json(&page, output);
        break;
    case REPORT_CSV:
        write_csv(&page, output);
        break;
    case REPORT_TEXT:
        presence_text_write(&page, output);
        break;
    default:
        write_drawing(report, &page, output);
    }
    free(people);
}
