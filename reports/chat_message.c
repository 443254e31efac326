/*
 * The chat report: messages, and who got them. See chat_write.h.
 */
#include "reports/chat_write.h"

#include <stdlib.h>

static void missed_json(struct chat_report *report, struct json *json,
                        const struct chat_room_row *room, const struct chat_message *message)
{
    size_t count = 0;
    struct chat_missed *missed = chat_missed_of(report, room, message, &count);
    json_array(json, "missed");
    for (size_t i = 0; i < count; i++) {
        json_object(json, NULL);
        json_string(json, "user", missed[i].person->user);
        json_text(json, "why", chat_miss_name(missed[i].why));
        json_time(json, "time", missed[i].time);
        json_end_object(json);
    }
    json_end_array(json);
    free(missed);
}

void chat_message_json(struct chat_report *report, struct json *json,
                       const struct chat_room_row *room, const struct chat_message *message,
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
        json_bool(json, "edited", delivery->edited);
        json_end_object(json);
    }
    json_end_array(json);
    missed_json(report, json, room, message);
    json_bool(json, "stored", message->stored);
    json_optional(json, "file", message->file);
    report_origin_json(json, "origin", &message->origin, summary);
    json_end_object(json);
}

/* "cy@contoso.example (not joined yet)", separated by blanks. */
static void missed_csv(struct chat_report *report, const struct chat_room_row *room,
                       const struct chat_message *message, struct output *output)
{
    size_t count = 0;
    struct chat_missed *missed = chat_missed_of(report, room, message, &count);
    struct buffer users;
    buffer_init(&users, SIZE_MAX);
    for (size_t i = 0; i < count; i++) {
        buffer_append_text(&users, i > 0 ? " " : "");
        buffer_append(&users, missed[i].person->user);
        buffer_append_text(&users, " (");
        buffer_append_text(&users, chat_miss_name(missed[i].why));
        buffer_append_text(&users, ")");
    }
    report_csv(output, buffer_slice(&users), true);
    buffer_dispose(&users);
    free(missed);
}

void chat_messages_csv(struct chat_report *report, const struct summary *summary,
                       struct output *output)
{
    output_text(output, "room,name,time,author,text,state,delivered_to,packet,not_delivered_to\n");
    for (struct map_entry *entry = report->model.rooms.first; entry; entry = entry->next) {
        const struct chat_room_row *room = entry->value;
        for (size_t i = 0; chat_shows_room(report, room) && i < room->message_count; i++) {
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
            report_csv(output, report_origin_text(&message->origin, summary, &report->arena),
                       false);
            missed_csv(report, room, message, output);
            buffer_dispose(&users);
        }
    }
}

void chat_said_text(struct output *output, struct slice text, size_t indent, size_t columns,
                    struct arena *arena)
{
    struct slice rest = text.size > 0 ? text_safe(text, true, arena) : slice_of("(no text)");
    do {
        struct slice line;
        slice_cut(rest, '\n', &line, &rest);
        output_repeat(output, ' ', indent);
        text_paragraph(output, line, indent, indent, columns);
        output_byte(output, '\n');
    } while (rest.size > 0);
}

void chat_message_text(struct chat_report *report, const struct chat_message *message,
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
    chat_said_text(output, message->text, 12, columns, arena);
    for (size_t i = 0; i < message->delivery_count; i++) {
        if (!map_find(&reached, message->deliveries[i].user)) {
            map_put(&reached, message->deliveries[i].user, report);
            chat_names_add(&got, message->deliveries[i].user, arena);
        }
    }
    for (size_t i = 0; i < message->expected_count; i++) {
        if (message->state == POST_ACCEPTED && !map_find(&reached, message->expected[i])) {
            chat_names_add(&missed, message->expected[i], arena);
        }
    }
    chat_names_text(output, "got it: ", &got, 12, columns);
    chat_names_text(output, "no copy seen for: ", &missed, 12, columns);
    buffer_dispose(&got);
    buffer_dispose(&missed);
    map_dispose(&reached, NULL);
    arena_reset(arena);
}
