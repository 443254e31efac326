/*
 * Rooms, rosters, sessions and messages of Group Chat and Persistent Chat. See
 * chat_report.h; the model is reports/chat_model.h.
 */
#include "reports/chat_report.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "analyzer/engine/buffer.h"
#include "reports/chat_model.h"
#include "reports/text.h"

struct chat_report {
    struct report_style style;
    struct chat_query query;
    struct chat_model model;
    struct arena arena; /* texts while writing */
};

struct chat_report *chat_report_new(const struct report_style *style,
                                    const struct chat_query *query, struct map_seed seed,
                                    const struct limits *limits)
{
    struct chat_report *report = memory_zero(1, sizeof *report);
    report->style = *style;
    report->query = *query;
    chat_model_init(&report->model, seed, limits);
    arena_init(&report->arena);
    return report;
}

void chat_report_free(struct chat_report *report)
{
    chat_model_dispose(&report->model);
    arena_dispose(&report->arena);
    free(report);
}

static void take_change(void *context, const struct change *change)
{
    struct chat_report *report = context;
    chat_model_take(&report->model, change);
}

struct sink chat_report_sink(struct chat_report *report)
{
    return (struct sink){.context = report, .change = take_change};
}

/* ---- what was asked for ---- */

static bool names_room(struct slice asked, const struct chat_room_row *room)
{
    return asked.size == 0 || slice_equal_nocase(asked, room->uri) ||
           slice_equal_nocase(asked, room->name);
}

static bool shows_room(const struct chat_report *report, const struct chat_room_row *room)
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

static bool shows_session(const struct chat_report *report, const struct chat_session_row *session)
{
    return report->query.user.size == 0 || slice_matches(report->query.user, session->user);
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

/* ---- JSON ---- */

static void message_json(struct json *json, const struct chat_message *message,
                         const struct summary *summary)
{
    json_object(json, NULL);
    json_time(json, "time", message->time);
    json_string(json, "author", message->author);
    json_string(json, "text", message->text);
    json_text(json, "state", chat_message_state_name(message));
    json_array(json, "deliveries");
    for (size_t i = 0; i < message->delivery_count; i++) {
        const struct chat_delivery *delivery = &message->deliveries[i];
        json_object(json, NULL);
        json_string(json, "user", delivery->user);
        json_string(json, "call_id", delivery->call_id);
        json_time(json, "time", delivery->time);
        json_bool(json, "duplicate", delivery->duplicate);
        json_end_object(json);
    }
    json_end_array(json);
    report_origin_json(json, "origin", &message->origin, summary);
    json_end_object(json);
}

static void room_json(struct json *json, const struct chat_room_row *room,
                      const struct summary *summary)
{
    json_object(json, NULL);
    json_string(json, "uri", room->uri);
    json_optional(json, "name", room->name);
    json_array(json, "participants");
    for (struct map_entry *entry = room->people.first; entry; entry = entry->next) {
        const struct chat_person *person = entry->value;
        if (person->was_there) {
            json_string(json, NULL, person->user);
        }
    }
    json_end_array(json);
    json_array(json, "messages");
    for (size_t i = 0; i < room->message_count; i++) {
        message_json(json, room->messages[i], summary);
    }
    json_end_array(json);
    json_end_object(json);
}

static void session_json(struct json *json, const struct chat_session_row *session)
{
    json_object(json, NULL);
    json_string(json, "user", session->user);
    json_optional(json, "epid", session->epid);
    json_optional(json, "call_id",
                  session->call_ids.last ? session->call_ids.last->key : slice_of(""));
    json_array(json, "call_ids");
    for (struct map_entry *entry = session->call_ids.first; entry; entry = entry->next) {
        json_string(json, NULL, entry->key);
    }
    json_end_array(json);
    json_optional(json, "service", session->service);
    json_text(json, "state", session_state_name(session->state));
    json_array(json, "rooms");
    for (struct map_entry *entry = session->rooms.first; entry; entry = entry->next) {
        json_string(json, NULL, entry->key);
    }
    json_end_array(json);
    json_time(json, "start", session->start);
    json_time(json, "end", session->end);
    json_optional(json, "reason", session->reason);
    json_bool(json, "from_start", session->from_start);
    json_end_object(json);
}

static void write_json(const struct chat_report *report, const struct summary *summary,
                       struct output *output)
{
    struct json json;
    json_init(&json, output, true);
    json_object(&json, NULL);
    json_text(&json, "schema", "ocsight.chat/1");
    json_array(&json, "rooms");
    for (struct map_entry *entry = report->model.rooms.first; entry; entry = entry->next) {
        if (shows_room(report, entry->value)) {
            room_json(&json, entry->value, summary);
        }
    }
    json_end_array(&json);
    json_array(&json, "sessions");
    for (struct map_entry *entry = report->model.sessions.first; entry; entry = entry->next) {
        if (shows_session(report, entry->value)) {
            session_json(&json, entry->value);
        }
    }
    json_end_array(&json);
    json_u64(&json, "not_listed", report->model.beyond);
    json_end_object(&json);
    json_end_line(&json);
}

/* ---- CSV: one line a message ---- */

static void write_csv(struct chat_report *report, const struct summary *summary,
                      struct output *output)
{
    output_text(output, "room,name,time,author,text,state,delivered_to,packet\n");
    for (struct map_entry *entry = report->model.rooms.first; entry; entry = entry->next) {
        const struct chat_room_row *room = entry->value;
        for (size_t i = 0; shows_room(report, room) && i < room->message_count; i++) {
            const struct chat_message *message = room->messages[i];
            struct buffer users;
            char time[CLOCK_TEXT];
            buffer_init(&users, SIZE_MAX);
            for (size_t j = 0; j < message->delivery_count; j++) {
                buffer_append_text(&users, j > 0 ? " " : "");
                buffer_append(&users, message->deliveries[j].user);
            }
            clock_iso(message->time, time);
            report_csv(output, room->uri, false);
            report_csv(output, room->name, false);
            report_csv(output, slice_of(time), false);
            report_csv(output, message->author, false);
            report_csv(output, message->text, false);
            report_csv(output, slice_of(chat_message_state_name(message)), false);
            report_csv(output, buffer_slice(&users), false);
            report_csv(output, report_origin_text(&message->origin, summary, &report->arena), true);
            buffer_dispose(&users);
        }
    }
}

/* ---- text ---- */

static void name_list(struct output *output, const char *label, const struct buffer *names,
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

static void add_name(struct buffer *names, struct slice user, struct arena *arena)
{
    buffer_append_text(names, names->size > 0 ? ", " : "");
    buffer_append(names, text_safe(user, false, arena));
}

/* Writes text on as many lines as it has, each wrapped and indented. */
static void said_text(struct output *output, struct slice text, size_t indent, size_t columns,
                      struct arena *arena)
{
    struct slice rest = text_safe(text, true, arena);
    do {
        struct slice line;
        slice_cut(rest, '\n', &line, &rest);
        output_repeat(output, ' ', indent);
        text_paragraph(output, line, indent, indent, columns);
        output_byte(output, '\n');
    } while (rest.size > 0);
}

static void message_text(struct chat_report *report, const struct chat_message *message,
                         const struct summary *summary, struct output *output)
{
    struct arena *arena = &report->arena;
    size_t columns = report->style.columns;
    char time[CLOCK_TEXT];
    struct buffer got;
    struct buffer missed;
    struct map reached; /* users who got a copy */
    map_init(&reached, report->model.seed);
    buffer_init(&got, SIZE_MAX);
    buffer_init(&missed, SIZE_MAX);
    clock_of_day(message->time, &report->style.zone, time);
    time[8] = '\0';
    output_format(output, "  %s  ", time);
    output_write(output,
                 text_fit_middle(text_safe(message->author, false, arena), columns - 36, arena));
    if (message->state != POST_ACCEPTED) {
        output_format(output, "  [%s]", chat_message_state_name(message));
    }
    output_text(output, "  #");
    output_write(output, report_origin_text(&message->origin, summary, arena));
    output_byte(output, '\n');
    said_text(output, message->text, 12, columns, arena);
    for (size_t i = 0; i < message->delivery_count; i++) {
        if (!map_find(&reached, message->deliveries[i].user)) {
            map_put(&reached, message->deliveries[i].user, report);
            add_name(&got, message->deliveries[i].user, arena);
        }
    }
    for (size_t i = 0; i < message->expected_count; i++) {
        if (message->state == POST_ACCEPTED && !map_find(&reached, message->expected[i])) {
            add_name(&missed, message->expected[i], arena);
        }
    }
    name_list(output, "got it: ", &got, 12, columns);
    name_list(output, "no copy seen for: ", &missed, 12, columns);
    buffer_dispose(&got);
    buffer_dispose(&missed);
    map_dispose(&reached, NULL);
    arena_reset(arena);
}

static void room_text(struct chat_report *report, const struct chat_room_row *room,
                      const struct summary *summary, struct output *output)
{
    struct arena *arena = &report->arena;
    struct buffer people;
    buffer_init(&people, SIZE_MAX);
    struct slice name = room->name.size > 0 ? room->name : room->uri;
    output_text(output, "\nRoom ");
    output_write(output, text_fit(text_safe(name, false, arena), report->style.columns - 5, arena));
    output_text(output, "\n  ");
    output_write(output, text_fit_middle(text_safe(room->uri, false, arena),
                                         report->style.columns - 2, arena));
    output_byte(output, '\n');
    for (struct map_entry *entry = room->people.first; entry; entry = entry->next) {
        const struct chat_person *person = entry->value;
        if (person->was_there) {
            add_name(&people, person->user, arena);
        }
    }
    name_list(output, "was there: ", &people, 2, report->style.columns);
    buffer_dispose(&people);
    for (size_t i = 0; i < room->message_count; i++) {
        message_text(report, room->messages[i], summary, output);
    }
    if (room->message_count == 0) {
        output_text(output, "  no message was captured\n");
    }
}

static void session_text(struct chat_report *report, const struct chat_session_row *session,
                         struct output *output)
{
    struct arena *arena = &report->arena;
    size_t columns = report->style.columns;
    char start[CLOCK_TEXT];
    char end[CLOCK_TEXT];
    clock_date(session->start, &report->style.zone, start);
    clock_date(session->end, &report->style.zone, end);
    output_text(output, "\nSession of ");
    output_write(output,
                 text_fit_middle(text_safe(session->user, false, arena), columns - 11, arena));
    output_format(output, "\n  %s%s, from %s", session_state_name(session->state),
                  session->from_start ? "" : " (in progress when the capture starts)", start);
    if (session->end != TIME_NONE) {
        output_format(output, "\n  to %s", end);
    }
    output_text(output, "\n");
    const struct {
        const char *label;
        struct slice value;
    } lines[] = {{"  ended: ", session->reason},
                 {"  service: ", session->service},
                 {"  epid: ", session->epid}};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        if (lines[i].value.size > 0) {
            output_text(output, lines[i].label);
            output_write(output, text_fit_middle(text_safe(lines[i].value, false, arena),
                                                 columns - 11, arena));
            output_byte(output, '\n');
        }
    }
    for (struct map_entry *entry = session->call_ids.first; report->query.sessions && entry;
         entry = entry->next) {
        output_text(output, "  Call-ID: ");
        output_write(output,
                     text_fit_middle(text_safe(entry->key, false, arena), columns - 11, arena));
        output_byte(output, '\n');
    }
    for (struct map_entry *entry = session->rooms.first; entry; entry = entry->next) {
        const struct chat_room_row *room = entry->value;
        output_text(output, "  room: ");
        output_write(output, text_fit_middle(text_safe(room->name.size > 0 ? room->name : room->uri,
                                                       false, arena),
                                             columns - 8, arena));
        output_byte(output, '\n');
    }
    arena_reset(arena);
}

static void write_text(struct chat_report *report, const struct summary *summary,
                       struct output *output)
{
    size_t rooms = 0;
    report_coverage_text(output, &report->style, summary);
    for (struct map_entry *entry = report->model.rooms.first; entry; entry = entry->next) {
        if (shows_room(report, entry->value)) {
            rooms++;
            room_text(report, entry->value, summary, output);
        }
    }
    if (rooms == 0) {
        output_text(output, "\nNo chat room was found.\n");
    }
    for (struct map_entry *entry = report->model.sessions.first;
         report->query.transcript.size == 0 && entry; entry = entry->next) {
        if (shows_session(report, entry->value)) {
            session_text(report, entry->value, output);
        }
    }
    if (report->model.beyond > 0) {
        output_format(output, "\n%" PRIu64 " entries found no room in this report\n",
                      report->model.beyond);
    }
}

void chat_report_write(struct chat_report *report, const struct summary *summary,
                       struct output *output)
{
    sort_messages(report);
    switch (report->style.format) {
    case REPORT_JSON:
        write_json(report, summary, output);
        break;
    case REPORT_CSV:
        write_csv(report, summary, output);
        break;
    default:
        write_text(report, summary, output);
    }
}
