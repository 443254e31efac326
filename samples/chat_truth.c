/* What must be found of a day of chat: one line of JSON for each lost copy, disowned dialog and
 * message as they come, and for each room and session at the end. See chat_day.h. */
#include <inttypes.h>

#include "analyzer/engine/origin.h"
#include "samples/chat_day.h"
#include "samples/speech.h"

/* The text with what JSON needs escaped. */
static void put_text(struct chat_day *day, struct slice text)
{
    fputc('"', day->truth);
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == '"' || text.data[i] == '\\') {
            fputc('\\', day->truth);
        }
        if (text.data[i] == '\n') {
            fputs("\\n", day->truth);
        } else {
            fputc(text.data[i], day->truth);
        }
    }
    fputc('"', day->truth);
}

/* "name":"what is in day->scratch", and empties that. */
static void put_scratch(struct chat_day *day, const char *name)
{
    fprintf(day->truth, ",\"%s\":", name);
    put_text(day, buffer_slice(&day->scratch));
    buffer_clear(&day->scratch);
}

static void put_room(struct chat_day *day, const struct chat_room *room)
{
    buffer_clear(&day->scratch);
    words_room(room, &day->scratch);
    put_scratch(day, "room");
}

static void put_user(struct chat_day *day, const char *name, const struct chat_person *person)
{
    fprintf(day->truth, ",\"%s\":\"c%05u@contoso.example\"", name, person->index);
}

static void put_call_id(struct chat_day *day, const char *name, const struct chat_client *client,
                        unsigned serial)
{
    buffer_clear(&day->scratch);
    talk_call_id(client, serial, &day->scratch);
    put_scratch(day, name);
}

/* To the microsecond, as the capture has it. */
static void put_time(struct chat_day *day, const char *name, int64_t time)
{
    if (time == TIME_NONE) {
        fprintf(day->truth, ",\"%s\":null", name);
        return;
    }
    buffer_clear(&day->scratch);
    words_clock(time, false, &day->scratch);
    fprintf(day->truth, ",\"%s\":\"%.19s.%06dZ\"", name, day->scratch.data,
            (int)(time / 1000 % 1000000));
}

static void put_line(struct chat_day *day, const char *kind, const struct chat_line *line,
                     const struct chat_proof *proof)
{
    fprintf(day->truth, "{\"kind\":\"%s\"", kind);
    put_room(day, line->room);
    put_user(day, "author", line->author);
    buffer_clear(&day->scratch);
    words_text(line, &day->scratch);
    put_scratch(day, "text");
    words_clock(line->sent, false, &day->scratch);
    put_scratch(day, "ts");
    const struct chat_proof *first = line->first.time > 0 ? &line->first : proof;
    put_time(day, "time", first->time);
    fprintf(day->truth, ",\"post\":%" PRIu64 ",\"answer\":%" PRIu64, first->post, proof->answer);
}

void truth_lost(struct chat_day *day, const struct chat_line *line, const struct chat_proof *proof,
                const struct chat_client *victim)
{
    put_line(day, "lost", line, proof);
    put_user(day, "user", victim->person);
    put_call_id(day, "call_id", victim, victim->dialog.serial);
    fputs("}\n", day->truth);
}

void truth_stale(struct chat_day *day, const struct chat_client *client)
{
    day->counts.stale++;
    fprintf(day->truth, "{\"kind\":\"stale\",\"record\":%" PRIu64, day->record);
    put_user(day, "user", client->person);
    put_call_id(day, "call_id", client, client->stale.serial);
    put_call_id(day, "newer", client, client->dialog.serial);
    fputs("}\n", day->truth);
}

void truth_message(struct chat_day *day, const struct chat_line *line,
                   const struct chat_proof *proof, const struct chat_client *without)
{
    if (!day->messages) {
        return;
    }
    put_line(day, "message", line, proof);
    fputs(",\"deliveries\":[", day->truth);
    const char *comma = "";
    for (size_t i = 0; i < line->room->seat_count; i++) {
        const struct chat_client *client = line->room->seats[i];
        if (client != without) {
            fprintf(day->truth, "%s[\"c%05u@contoso.example\",", comma, client->person->index);
            buffer_clear(&day->scratch);
            talk_call_id(client, client->dialog.serial, &day->scratch);
            put_text(day, buffer_slice(&day->scratch));
            fputc(']', day->truth);
            comma = ",";
        }
    }
    fputs("]}\n", day->truth);
}

static void room_end(struct chat_day *day, const struct chat_room *room)
{
    fputs("{\"kind\":\"room\"", day->truth);
    put_room(day, room);
    words_room_name(room, &day->scratch);
    put_scratch(day, "name");
    fprintf(day->truth, ",\"messages\":%u,\"users\":[", room->posts);
    const char *comma = "";
    for (unsigned i = 0; i < day->people_count; i++) {
        if ((room->known[i / 8] >> i % 8 & 1) != 0) {
            fprintf(day->truth, "%s\"c%05u@contoso.example\"", comma, i);
            comma = ",";
        }
    }
    fputs("]}\n", day->truth);
}

static void client_end(struct chat_day *day, const struct chat_client *client)
{
    fputs("{\"kind\":\"session\"", day->truth);
    put_user(day, "user", client->person);
    fprintf(day->truth, ",\"epid\":\"%08x%02u\",\"state\":\"%s\"", client->person->index,
            client->number, client->online ? "connected" : "closed");
    put_call_id(day, "call_id", client, client->dialog.serial);
    put_time(day, "start", client->start);
    put_time(day, "end", client->online ? TIME_NONE : client->end);
    fputs(",\"rooms\":[", day->truth);
    for (unsigned i = 0; i < client->room_count; i++) {
        buffer_clear(&day->scratch);
        words_room(client->rooms[i], &day->scratch);
        fputs(i > 0 ? "," : "", day->truth);
        put_text(day, buffer_slice(&day->scratch));
    }
    fputs("]}\n", day->truth);
}

void truth_end(struct chat_day *day)
{
    const struct chat_counts *counts = &day->counts;
    for (unsigned i = 0; i < day->room_count; i++) {
        room_end(day, &day->rooms[i]);
    }
    for (unsigned i = 0; i < day->people_count; i++) {
        for (unsigned k = 0; k < day->people[i].client_count; k++) {
            if (day->people[i].clients[k].dialogs > 0) {
                client_end(day, &day->people[i].clients[k]);
            }
        }
    }
    fprintf(day->truth,
            "{\"kind\":\"counts\",\"posts\":%u,\"refused\":%u,\"copies\":%u,\"lost\":%u,"
            "\"stale\":%u,\"dropped\":%u,\"packets\":%" PRIu64 "}\n",
            counts->posts, counts->refused, counts->copies, counts->lost, counts->stale,
            counts->dropped, day->wire->packets);
}
