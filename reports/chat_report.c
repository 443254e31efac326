/*
 * Rooms, rosters, sessions and messages of Group Chat and Persistent Chat. See
 * chat_report.h; the model is reports/chat_model.h, the parts are chat_write.h's.
 */
#include "reports/chat_report.h"

#include <inttypes.h>
#include <stdlib.h>

#include "reports/chat_write.h"

struct chat_report *chat_report_new(const struct report_style *style,
                                    const struct chat_query *query, struct map_seed seed,
                                    const struct limits *limits)
{
    struct chat_report *report = memory_zero(1, sizeof *report);
    report->style = *style;
    report->query = *query;
    chat_model_init(&report->model, seed, limits);
    unknown_names_init(&report->unknown, seed, limits);
    preference_rows_init(&report->preferences, limits);
    session_model_init(&report->details, seed, limits);
    activity_model_init(&report->activity, seed, limits);
    arena_init(&report->arena);
    return report;
}

void chat_report_free(struct chat_report *report)
{
    chat_model_dispose(&report->model);
    unknown_names_dispose(&report->unknown);
    preference_rows_dispose(&report->preferences);
    session_model_dispose(&report->details);
    activity_model_dispose(&report->activity);
    arena_dispose(&report->arena);
    free(report);
}

static void take_change(void *context, const struct change *change)
{
    struct chat_report *report = context;
    chat_model_take(&report->model, change);
    if (report->query.sessions) {
        session_model_change(&report->details, change);
    }
    if (report->query.timeline) {
        activity_model_change(&report->activity, change);
    }
}

static void take_event(void *context, const struct event *event)
{
    struct chat_report *report = context;
    if (report->query.unknown) {
        unknown_names_take(&report->unknown, event);
        preference_rows_take(&report->preferences, event);
    }
    if (report->query.sessions) {
        session_model_event(&report->details, event);
    }
    if (report->query.timeline) {
        activity_model_event(&report->activity, event);
    }
}

static void take_finding(void *context, const struct finding *finding)
{
    struct chat_report *report = context;
    activity_model_finding(&report->activity, finding);
}

struct sink chat_report_sink(struct chat_report *report)
{
    struct sink sink = {.context = report, .change = take_change};
    if (report->query.unknown || report->query.sessions || report->query.timeline) {
        sink.event = take_event;
    }
    if (report->query.timeline) {
        sink.finding = take_finding;
    }
    return sink;
}

/* ---- what was asked for ---- */

static bool names_room(struct slice asked, const struct chat_room_row *room)
{
    return asked.size == 0 || slice_equal_nocase(asked, room->uri) ||
           slice_equal_nocase(asked, room->name);
}

bool chat_shows_room(const struct chat_report *report, const struct chat_room_row *room)
{
    if (!names_room(report->query.room, room) || !names_room(report->query.transcript, room)) {
        return false;
    }
    if (report->query.user.size == 0) {
        return true;
    }
    for (struct map_entry *entry = room->people.first; entry; entry = entry->next) {
        const struct chat_person *person = entry->value;
        if (person->was_there && slice_matches(report->query.user, person->user)) {
            return true;
        }
    }
    return false;
}

bool chat_shows_session(const struct chat_report *report, const struct chat_session_row *session)
{
    return report->query.user.size == 0 || slice_matches(report->query.user, session->user);
}

/* ---- what they share ---- */

void chat_names_text(struct output *output, const char *label, const struct buffer *names,
                     size_t indent, size_t columns)
{
    if (names->size > 0) {
        output_repeat(output, ' ', indent);
        output_text(output, label);
        text_paragraph(output, buffer_slice(names), indent + slice_of(label).size, indent + 2,
                       columns);
        output_byte(output, '\n');
    }
}

void chat_names_add(struct buffer *names, struct slice user, struct arena *arena)
{
    buffer_append_text(names, names->size > 0 ? ", " : "");
    buffer_append(names, text_safe(user, false, arena));
}

static int by_time(const void *a, const void *b)
{
    const struct chat_message *const *left = a;
    const struct chat_message *const *right = b;
    if ((*left)->time != (*right)->time) {
        return (*left)->time < (*right)->time ? -1 : 1;
    }
    return ((*left)->id > (*right)->id) - ((*left)->id < (*right)->id);
}

/* History comes late but belongs before what was said since. */
static void sort_messages(struct chat_report *report)
{
    for (struct map_entry *entry = report->model.rooms.first; entry; entry = entry->next) {
        struct chat_room_row *room = entry->value;
        if (room->message_count > 1) {
            qsort(room->messages, room->message_count, sizeof(struct chat_message *), by_time);
        }
    }
}

/* ---- writing ---- */

static void write_json(struct chat_report *report, const struct summary *summary,
                       struct output *output)
{
    struct json json;
    json_init(&json, output, true);
    json_object(&json, NULL);
    json_text(&json, "schema", "ocsight.chat/1");
    report_redacted_json(&json, &report->style);
    json_array(&json, "rooms");
    for (struct map_entry *entry = report->model.rooms.first; entry; entry = entry->next) {
        if (chat_shows_room(report, entry->value)) {
            chat_room_json(report, &json, entry->value, summary);
        }
    }
    json_end_array(&json);
    json_array(&json, "sessions");
    for (struct map_entry *entry = report->model.sessions.first; entry; entry = entry->next) {
        if (chat_shows_session(report, entry->value)) {
            chat_session_json(&json, report, entry->value);
        }
    }
    json_end_array(&json);
    chat_files_json(&json, &report->model.loose, summary);
    if (report->query.unknown) {
        unknown_names_json(&report->unknown, &json, &report->style, summary);
        preference_rows_json(&report->preferences, &json, report->query.user, slice_of(""),
                             summary);
    }
    if (report->query.timeline) {
        chat_timeline_json(report, &json, summary);
    }
    json_u64(&json, "not_listed",
             report->model.beyond + report->details.beyond + report->unknown.beyond +
                 report->preferences.beyond + report->activity.beyond);
    json_end_object(&json);
    json_end_line(&json);
}

static void write_unknown(const struct chat_report *report, const struct summary *summary,
                          struct output *output)
{
    report_coverage_text(output, &report->style, summary);
    unknown_names_text(&report->unknown, output, &report->style, summary);
    preference_rows_text(&report->preferences, output, report->query.user, slice_of(""),
                         &report->style, summary);
}

/* Several rooms may have had the same name, at one time or another. */
static void write_choice(struct chat_report *report, struct output *output)
{
    size_t rooms = 0;
    for (struct map_entry *entry = report->model.rooms.first; entry; entry = entry->next) {
        rooms += chat_shows_room(report, entry->value);
    }
    if (report->query.transcript.size == 0 || rooms < 2) {
        return;
    }
    output_format(output, "\n%zu rooms have this name; --transcript takes the URI, too:\n", rooms);
    for (struct map_entry *entry = report->model.rooms.first; entry; entry = entry->next) {
        if (chat_shows_room(report, entry->value)) {
            output_text(output, "  ");
            output_write(output, text_fit_middle(text_safe(entry->key, false, &report->arena),
                                                 report->style.columns - 2, &report->arena));
            output_byte(output, '\n');
        }
    }
}

static void write_text(struct chat_report *report, const struct summary *summary,
                       struct output *output)
{
    size_t rooms = 0;
    report_coverage_text(output, &report->style, summary);
    write_choice(report, output);
    for (struct map_entry *entry = report->model.rooms.first; !report->query.sessions && entry;
         entry = entry->next) {
        if (chat_shows_room(report, entry->value)) {
            rooms++;
            if (report->query.transcript.size > 0) {
                chat_transcript_text(report, entry->value, summary, output);
            } else {
                chat_room_text(report, entry->value, summary, output);
            }
        }
    }
    if (report->model.loose.first && !report->query.sessions &&
        report->query.room.size + report->query.transcript.size == 0) {
        output_text(output, "\nFiles of rooms that were not captured\n");
        chat_files_text(report, &report->model.loose, summary, output);
    }
    if (rooms == 0 && !report->query.sessions) {
        output_text(output, "\nNo chat room was found.\n");
    }
    size_t sessions = 0;
    for (struct map_entry *entry = report->model.sessions.first;
         report->query.transcript.size == 0 && entry; entry = entry->next) {
        if (chat_shows_session(report, entry->value)) {
            sessions++;
            chat_session_text(report, entry->value, output);
        }
    }
    if (sessions == 0 && report->query.sessions) {
        output_text(output, "\nNo chat session was found.\n");
    }
    uint64_t beyond = report->model.beyond + report->details.beyond;
    if (beyond > 0) {
        output_format(output, "\n%" PRIu64 " entries found no room in this report\n", beyond);
    }
}

void chat_report_write(struct chat_report *report, const struct summary *summary,
                       struct output *output)
{
    sort_messages(report);
    if (report->query.timeline && report->style.format != REPORT_JSON) {
        chat_timeline_write(report, summary, output);
        return;
    }
    switch (report->style.format) {
    case REPORT_JSON:
        write_json(report, summary, output);
        break;
    case REPORT_CSV:
        if (report->query.unknown) {
            unknown_names_csv(&report->unknown, output, &report->style, summary);
        } else if (report->query.sessions) {
            chat_sessions_csv(report, output);
        } else {
            chat_messages_csv(report, summary, output);
        }
        break;
    default:
        if (report->query.unknown) {
            write_unknown(report, summary, output);
        } else {
            write_text(report, summary, output);
        }
    }
}
