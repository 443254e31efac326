/*
 * The chat report: rooms. See chat_write.h.
 */
#include "reports/chat_write.h"

void chat_room_json(struct json *json, const struct chat_room_row *room,
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
        chat_message_json(json, room->messages[i], summary);
    }
    json_end_array(json);
    json_end_object(json);
}

void chat_room_text(struct chat_report *report, const struct chat_room_row *room,
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
            chat_names_add(&people, person->user, arena);
        }
    }
    chat_names_text(output, "was there: ", &people, 2, report->style.columns);
    buffer_dispose(&people);
    for (size_t i = 0; i < room->message_count; i++) {
        chat_message_text(report, room->messages[i], summary, output);
    }
    if (room->message_count == 0) {
        output_text(output, "  no message was captured\n");
    }
}
