/*
 * The chat report: sessions. See chat_write.h.
 */
#include "reports/chat_write.h"

void chat_session_json(struct json *json, const struct chat_session_row *session)
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

void chat_session_text(struct chat_report *report, const struct chat_session_row *session,
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
