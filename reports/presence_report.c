/*
 * Who was available, when, and how we know. See presence_report.h.
 *
 * Keeps one row a user and, for a timeline, one compact entry a change, up to
 * limits.report_rows; entries beyond that are counted and the report says so.
 */
#include "reports/presence_report.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/engine/buffer.h"
#include "reports/text.h"

/* What a user's presence was from `time` on. */
struct entry {
    int64_t time;
    int64_t availability;
    struct origin origin;
    enum band band;
    enum presence_source source;
    struct slice activity;
    struct slice cause;
};

struct person {
    struct slice user;      /* the map's key */
    struct entry now;       /* at the end, or at query.at; band unknown without a change; its texts
                               are heap copies, for they are replaced with each change */
    struct entry *timeline; /* texts in the report's arena */
    size_t count;
    size_t capacity;
};

struct presence_report {
    struct report_style style;
    struct presence_query query;
    struct limits limits;
    struct map people; /* "user@host" -> struct person */
    size_t entries;    /* of all timelines */
    uint64_t beyond;   /* changes that found no room */
    struct arena arena;
};

static void person_free(void *value)
{
    struct person *person = value;
    slice_drop(&person->now.activity);
    slice_drop(&person->now.cause);
    free(person->timeline);
    free(person);
}

static bool has_wildcard(struct slice user)
{
    return slice_find_byte(user, '*') != SLICE_NONE;
}

/* The row of a user; NULL when there is no room for another. */
static struct person *person_of(struct presence_report *report, struct slice user)
{
    struct person *person = map_find(&report->people, user);
    if (person) {
        return person;
    }
    if (report->people.count >= report->limits.report_rows) {
        report->beyond++;
        return NULL;
    }
    person = memory_zero(1, sizeof *person);
    person->now.time = TIME_NONE;
    person->now.availability = AVAILABILITY_NONE;
    person->user = map_put(&report->people, user, person)->key;
    return person;
}

struct presence_report *presence_report_new(const struct report_style *style,
                                            const struct presence_query *query,
                                            struct map_seed seed, const struct limits *limits)
{
    struct presence_report *report = memory_zero(1, sizeof *report);
    report->style = *style;
    report->query = *query;
    report->limits = *limits;
    map_init(&report->people, seed);
    arena_init(&report->arena);
    for (size_t i = 0; i < query->user_count; i++) {
        if (!has_wildcard(query->users[i])) {
            (void)person_of(report, query->users[i]);
        }
    }
    return report;
}

void presence_report_free(struct presence_report *report)
{
    map_dispose(&report->people, person_free);
    arena_dispose(&report->arena);
    free(report);
}

static bool is_wanted(const struct presence_report *report, struct slice user)
{
    if (user.size == 0) {
        return false;
    }
    for (size_t i = 0; i < report->query.user_count; i++) {
        if (slice_matches(report->query.users[i], user)) {
            return true;
        }
    }
    return report->query.user_count == 0;
}

/* A user whom something mentions is listed, even if nothing is known of the presence. */
static void mention(struct presence_report *report, struct slice user)
{
    if (is_wanted(report, user)) {
        (void)person_of(report, user);
    }
}

static bool in_timeline(const struct presence_query *query, int64_t time)
{
    return query->timeline && (query->from == TIME_NONE || time >= query->from) &&
           (query->to == TIME_NONE || time <= query->to);
}

static void add_entry(struct presence_report *report, struct person *person,
                      const struct entry *entry)
{
    if (report->entries >= report->limits.report_rows) {
        report->beyond++;
        return;
    }
    report->entries++;
    if (person->count == person->capacity) {
        person->capacity = person->capacity > 0 ? person->capacity * 2 : 8;
        person->timeline =
            memory_grow(person->timeline, person->capacity, sizeof *person->timeline);
    }
    struct entry *kept = &person->timeline[person->count++];
    *kept = *entry;
    kept->activity = arena_keep(&report->arena, entry->activity);
    kept->cause = arena_keep(&report->arena, entry->cause);
}

static void set_now(struct person *person, const struct entry *entry)
{
    struct slice activity = person->now.activity;
    struct slice cause = person->now.cause;
    slice_replace(&activity, entry->activity);
    slice_replace(&cause, entry->cause);
    person->now = *entry;
    person->now.activity = activity;
    person->now.cause = cause;
}

static void take_presence(struct presence_report *report, const struct change *change)
{
    const struct presence_change *presence = &change->as.presence;
    if (!is_wanted(report, presence->user)) {
        return;
    }
    struct person *person = person_of(report, presence->user);
    if (!person || (report->query.at != TIME_NONE && change->time > report->query.at)) {
        return;
    }
    struct entry entry = {
        .time = change->time,
        .availability = presence->availability,
        .origin = change->origin,
        .band = presence->band,
        .source = presence->source,
        .activity = presence->activity,
        .cause = presence->cause,
    };
    entry.origin.row = NULL;
    set_now(person, &entry);
    if (in_timeline(&report->query, change->time)) {
        add_entry(report, person, &entry);
    }
}

static void take_change(void *context, const struct change *change)
{
    struct presence_report *report = context;
    switch (change->kind) {
    case CHANGE_PRESENCE:
        take_presence(report, change);
        break;
    case CHANGE_ENDPOINT:
        mention(report, change->as.endpoint.user);
        break;
    case CHANGE_PUBLICATION:
        mention(report, change->as.publication.key.user);
        break;
    case CHANGE_TOLD:
        mention(report, change->as.told.watcher);
        mention(report, change->as.told.user);
        break;
    case CHANGE_SUBSCRIPTION:
        mention(report, change->as.subscription.watcher);
        break;
    default:
        break;
    }
}

struct sink presence_report_sink(struct presence_report *report)
{
    return (struct sink){.context = report, .change = take_change};
}

/* ---- writing ---- */

static int by_user(const void *a, const void *b)
{
    const struct person *const *left = a;
    const struct person *const *right = b;
    return slice_compare((*left)->user, (*right)->user);
}

static struct person **sorted(const struct presence_report *report)
{
    struct person **people = memory_zero(report->people.count, sizeof(struct person *));
    size_t count = 0;
    for (struct map_entry *entry = report->people.first; entry; entry = entry->next) {
        people[count++] = entry->value;
    }
    if (count > 0) {
        qsort(people, count, sizeof(struct person *), by_user);
    }
    return people;
}

static void availability_json(struct json *json, int64_t availability)
{
    if (availability == AVAILABILITY_NONE) {
        json_null(json, "availability");
    } else {
        json_i64(json, "availability", availability);
    }
}

static void person_json(struct json *json, const struct presence_report *report,
                        const struct person *person, const struct summary *summary)
{
    json_object(json, NULL);
    json_string(json, "user", person->user);
    json_text(json, "band", band_name(person->now.band));
    availability_json(json, person->now.availability);
    json_optional(json, "activity", person->now.activity);
    json_time(json, "since", person->now.time);
    if (person->now.source == SOURCE_NONE) {
        json_null(json, "source");
    } else {
        json_text(json, "source", presence_source_name(person->now.source));
    }
    if (report->query.timeline) {
        json_array(json, "timeline");
        for (size_t i = 0; i < person->count; i++) {
            const struct entry *entry = &person->timeline[i];
            json_object(json, NULL);
            json_time(json, "time", entry->time);
            json_text(json, "band", band_name(entry->band));
            availability_json(json, entry->availability);
            json_optional(json, "activity", entry->activity);
            json_text(json, "source", presence_source_name(entry->source));
            json_optional(json, "cause", entry->cause);
            report_origin_json(json, "origin", &entry->origin, summary);
            json_end_object(json);
        }
        json_end_array(json);
    }
    json_end_object(json);
}

static void write_json(const struct presence_report *report, struct person *const *people,
                       const struct summary *summary, struct output *output)
{
    struct json json;
    json_init(&json, output, true);
    json_object(&json, NULL);
    json_text(&json, "schema", "ocsight.presence/1");
    json_array(&json, "users");
    for (size_t i = 0; i < report->people.count; i++) {
        person_json(&json, report, people[i], summary);
    }
    json_end_array(&json);
    json_text(&json, "coverage", coverage_verdict_name(summary->coverage.verdict));
    json_u64(&json, "not_listed", report->beyond);
    json_end_object(&json);
    json_end_line(&json);
}

static void entry_csv(struct output *output, struct slice user, const struct entry *entry,
                      const struct summary *summary, struct arena *arena)
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
    report_csv(output, known ? report_origin_text(&entry->origin, summary, arena) : slice_of(""),
               true);
}

static void write_csv(struct presence_report *report, struct person *const *people,
                      const struct summary *summary, struct output *output)
{
    output_text(output, "user,time,band,availability,activity,source,cause,packet\n");
    for (size_t i = 0; i < report->people.count; i++) {
        const struct person *person = people[i];
        for (size_t j = 0; report->query.timeline && j < person->count; j++) {
            entry_csv(output, person->user, &person->timeline[j], summary, &report->arena);
        }
        if (!report->query.timeline) {
            entry_csv(output, person->user, &person->now, summary, &report->arena);
        }
    }
}

/* A colour-blind-safe choice (Okabe and Ito), nearest in the 256 colours of terminals. */
static const char *band_colour(enum band band)
{
    switch (band) {
    case BAND_AVAILABLE:
    case BAND_AVAILABLE_IDLE:
        return "\033[38;5;36m";
    case BAND_BUSY:
    case BAND_BUSY_IDLE:
    case BAND_DO_NOT_DISTURB:
        return "\033[38;5;166m";
    case BAND_BE_RIGHT_BACK:
    case BAND_AWAY:
        return "\033[38;5;178m";
    default:
        return "\033[38;5;245m";
    }
}

static void band_text(const struct presence_report *report, struct output *output,
                      const struct entry *entry, size_t columns)
{
    bool colour = report->style.colour;
    output_text(output, colour ? band_colour(entry->band) : "");
    text_left(output, slice_of(band_title(entry->band)), columns);
    output_text(output, colour ? "\033[0m" : "");
}

/* "6500, on-the-phone" */
static struct slice value_text(const struct entry *entry, struct arena *arena)
{
    struct buffer buffer;
    buffer_init(&buffer, 4096);
    if (entry->availability != AVAILABILITY_NONE) {
        buffer_append_u64(&buffer, (uint64_t)entry->availability);
    }
    if (entry->activity.size > 0) {
        buffer_append_text(&buffer, buffer.size > 0 ? ", " : "");
        buffer_append(&buffer, text_safe(entry->activity, false, arena));
    }
    struct slice text = arena_keep(arena, buffer_slice(&buffer));
    buffer_dispose(&buffer);
    return text;
}

static void timeline_text(struct presence_report *report, struct output *output,
                          const struct person *person, const struct summary *summary)
{
    struct arena *arena = &report->arena;
    for (size_t i = 0; i < person->count; i++) {
        const struct entry *entry = &person->timeline[i];
        char time[CLOCK_TEXT];
        clock_of_day(entry->time, &report->style.zone, time);
        time[12] = '\0';
        output_format(output, "  %s  ", time);
        band_text(report, output, entry, 16);
        text_left(output, text_fit(value_text(entry, arena), 19, arena), 19);
        output_byte(output, ' ');
        struct buffer cause;
        buffer_init(&cause, 4096);
        buffer_append(&cause, text_safe(entry->cause, false, arena));
        buffer_append_text(&cause, cause.size > 0 ? ", packet " : "packet ");
        buffer_append(&cause, report_origin_text(&entry->origin, summary, arena));
        text_paragraph(output, buffer_slice(&cause), 52, 52, report->style.columns);
        output_byte(output, '\n');
        buffer_dispose(&cause);
    }
}

static void person_text(struct presence_report *report, struct output *output,
                        const struct person *person, const struct summary *summary)
{
    struct arena *arena = &report->arena;
    const struct entry *now = &person->now;
    char since[CLOCK_TEXT] = "";
    output_write(output, text_fit_middle(text_safe(person->user, false, arena),
                                         report->style.columns, arena));
    output_text(output, "\n  ");
    band_text(report, output, now, 0);
    struct slice value = value_text(now, arena);
    if (value.size > 0) {
        output_text(output, " (");
        output_write(output, value);
        output_byte(output, ')');
    }
    if (now->time == TIME_NONE) {
        output_text(output, ": the input says nothing about this user's presence\n");
        return;
    }
    clock_date(now->time, &report->style.zone, since);
    output_format(output, " since %s\n  source: %s, packet ", since,
                  presence_source_name(now->source));
    output_write(output, report_origin_text(&now->origin, summary, arena));
    output_byte(output, '\n');
    timeline_text(report, output, person, summary);
}

static void write_text(struct presence_report *report, struct person *const *people,
                       const struct summary *summary, struct output *output)
{
    report_coverage_text(output, &report->style, summary);
    for (size_t i = 0; i < report->people.count; i++) {
        output_byte(output, '\n');
        person_text(report, output, people[i], summary);
    }
    if (report->people.count == 0) {
        output_text(output, "\nNo user was found.\n");
    }
    if (report->beyond > 0) {
        output_format(output, "\n%" PRIu64 " changes found no room in this report\n",
                      report->beyond);
    }
}

void presence_report_write(struct presence_report *report, const struct summary *summary,
                           struct output *output)
{
    struct person **people = sorted(report);
    switch (report->style.format) {
    case REPORT_JSON:
        write_json(report, people, summary, output);
        break;
    case REPORT_CSV:
        write_csv(report, people, summary, output);
        break;
    default:
        write_text(report, people, summary, output);
    }
    free(people);
}
