/*
 * The chat report: rooms. See chat_write.h.
 */
#include "reports/chat_write.h"

#include <inttypes.h>
#include <stdlib.h>

#include "analyzer/engine/rights.h"

/* So many names or lines of a list are written; of the others only how many there are. */
enum { NAMES_SHOWN = 12, MOVES_SHOWN = 24 };

/* Whose own sessions were seen is there by these; what the others were told of it may be old. */
static bool is_there(const struct chat_person *person)
{
    return person->own ? person->sessions > 0 : person->agreed;
}

/* ---- JSON ---- */

static void said_json(struct json *json, const char *key, enum said said)
{
    if (said == SAID_NOTHING) {
        json_text(json, key, NULL);
    } else {
        json_bool(json, key, said == SAID_YES);
    }
}

static void move_json(struct json *json, const char *when, const char *by, int64_t time,
                      const struct origin *origin, const struct summary *summary)
{
    json_time(json, when, time);
    if (time != TIME_NONE && origin->record > 0) {
        report_origin_json(json, by, origin, summary);
    }
}

static void person_json(struct json *json, const struct chat_person *person,
                        const struct summary *summary)
{
    json_object(json, NULL);
    json_string(json, "user", person->user);
    json_bool(json, "present", is_there(person));
    json_bool(json, "disputed", person->disputed);
    json_text(json, "read_as", person->has_mask ? mask_name(person->mask) : NULL);
    if (person->has_mask) {
        json_u64(json, "mask", person->mask);
        json_array(json, "rights");
        for (unsigned bit = 0; bit < 64; bit++) {
            if (person->mask >> bit & 1 && right_name(bit)) {
                json_text(json, NULL, right_name(bit));
            }
        }
        json_end_array(json);
    }
    move_json(json, "entered", "entered_by", person->came, &person->came_by, summary);
    move_json(json, "left", "left_by", person->went, &person->went_by, summary);
    json_end_object(json);
}

static void properties_json(struct json *json, const struct chat_room_row *room)
{
    json_optional(json, "old_name", room->old_name);
    json_optional(json, "topic", room->topic);
    json_optional(json, "description", room->description);
    json_optional(json, "visibility", room->visibility);
    said_json(json, "file_post", room->file_post);
    said_json(json, "invites", room->invites);
    said_json(json, "logged", room->logged);
    json_bool(json, "rosters_suspended", room->suspended);
    json_array(json, "followed_by");
    for (struct map_entry *entry = room->followers.first; entry; entry = entry->next) {
        json_string(json, NULL, entry->key);
    }
    json_end_array(json);
}

void chat_room_json(struct chat_report *report, struct json *json, const struct chat_room_row *room,
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
    properties_json(json, room);
    json_array(json, "people");
    for (struct map_entry *entry = room->people.first; entry; entry = entry->next) {
        const struct chat_person *person = entry->value;
        if (person->was_there) {
            person_json(json, person, summary);
        }
    }
    json_end_array(json);
    json_array(json, "messages");
    for (size_t i = 0; i < room->message_count; i++) {
        chat_message_json(report, json, room, room->messages[i], summary);
    }
    json_end_array(json);
    chat_files_json(json, &room->files, summary);
    json_end_object(json);
}

/* ---- text ---- */

static void line(struct chat_report *report, struct output *output, const char *label,
                 struct slice text)
{
    if (text.size > 0) {
        output_text(output, "  ");
        output_text(output, label);
        text_paragraph(output, text_safe(text, false, &report->arena), 2 + slice_of(label).size, 4,
                       report->style.columns);
        output_byte(output, '\n');
    }
}

static void add_said(struct buffer *text, const char *what, enum said said)
{
    if (said != SAID_NOTHING) {
        buffer_append_text(text, text->size > 0 ? ", " : "");
        buffer_append_text(text, said == SAID_YES ? "" : "no ");
        buffer_append_text(text, what);
    }
}

static void properties_text(struct chat_report *report, const struct chat_room_row *room,
                            struct output *output)
{
    struct buffer said;
    buffer_init(&said, SIZE_MAX);
    add_said(&said, "file posts", room->file_post);
    add_said(&said, "invitations", room->invites);
    add_said(&said, "history kept", room->logged);
    line(report, output, "called before: ", room->old_name);
    line(report, output, "topic: ", room->topic);
    line(report, output, "description: ", room->description);
    line(report, output, "visibility: ", room->visibility);
    line(report, output, "settings: ", buffer_slice(&said));
    if (room->suspended) {
        line(report, output, "rosters: ", slice_of("suspended, the room is too big for them"));
    }
    buffer_dispose(&said);
}

/* Names of a list that may be long: those that are shown, and how many are not. */
struct names {
    struct buffer text;
    size_t count;
};

static void name_add(struct chat_report *report, struct names *names, struct slice user,
                     const char *more)
{
    if (names->count++ < NAMES_SHOWN) {
        chat_names_add(&names->text, user, &report->arena);
        buffer_append_text(&names->text, more);
    }
}

static void names_end(struct chat_report *report, struct names *names, const char *label,
                      struct output *output)
{
    if (names->count > NAMES_SHOWN) {
        buffer_append_text(&names->text, " and ");
        buffer_append_u64(&names->text, names->count - NAMES_SHOWN);
        buffer_append_text(&names->text, " more");
    }
    chat_names_text(output, label, &names->text, 2, report->style.columns);
    buffer_dispose(&names->text);
}

enum people { PEOPLE_THERE, PEOPLE_SEEN, PEOPLE_DISPUTED };

static bool is_of(const struct chat_person *person, enum people people)
{
    return people == PEOPLE_THERE  ? is_there(person)
           : people == PEOPLE_SEEN ? person->was_there && !is_there(person)
                                   : person->disputed;
}

/* Only who is no ordinary member has a word beside the name. */
static void people_text(struct chat_report *report, const struct chat_room_row *room,
                        enum people people, const char *label, struct output *output)
{
    struct names names = {.count = 0};
    buffer_init(&names.text, SIZE_MAX);
    for (struct map_entry *entry = room->people.first; entry; entry = entry->next) {
        const struct chat_person *person = entry->value;
        bool special = person->has_mask && person->mask != MASK_MEMBER && people == PEOPLE_THERE;
        if (is_of(person, people)) {
            name_add(report, &names, person->user,
                     !special                       ? ""
                     : person->mask == MASK_MANAGER ? " (read as manager)"
                                                    : " (unknown mask)");
        }
    }
    names_end(report, &names, label, output);
}

/* The last time that somebody was seen to enter, or to leave. */
struct move {
    int64_t time;
    size_t order; /* of what happened at one time: as the people are listed */
    const struct chat_person *person;
    bool came;
};

static int by_time(const void *a, const void *b)
{
    const struct move *left = a;
    const struct move *right = b;
    if (left->time != right->time) {
        return left->time < right->time ? -1 : 1;
    }
    return (left->order > right->order) - (left->order < right->order);
}

static void move_text(struct chat_report *report, const struct move *move,
                      const struct summary *summary, struct output *output)
{
    char time[CLOCK_TEXT];
    struct arena *arena = &report->arena;
    const struct chat_person *person = move->person;
    clock_of_day(move->time, &report->style.zone, time);
    const struct origin *origin = move->came ? &person->came_by : &person->went_by;
    struct slice text =
        text_format(arena, "  %s  %.*s %s", time, TEXT(text_safe(person->user, false, arena)),
                    move->came ? "entered" : "left");
    if (origin->record > 0) {
        text = text_format(arena, "%.*s (packet %.*s)", TEXT(text),
                           TEXT(report_origin_text(origin, summary, arena)));
    }
    output_write(output, text_fit(text, report->style.columns, arena));
    output_byte(output, '\n');
}

/* When each was seen to enter and leave last, in order of time. */
static void moves_text(struct chat_report *report, const struct chat_room_row *room,
                       const struct summary *summary, struct output *output)
{
    struct move *moves = memory_zero(2 * room->people.count + 1, sizeof *moves);
    size_t count = 0;
    for (struct map_entry *entry = room->people.first; entry; entry = entry->next) {
        const struct chat_person *person = entry->value;
        for (int came = 1; came >= 0; came--) {
            int64_t time = came ? person->came : person->went;
            if (time != TIME_NONE) {
                moves[count] = (struct move){time, count, person, came};
                count++;
            }
        }
    }
    qsort(moves, count, sizeof *moves, by_time);
    for (size_t i = 0; i < count && i < MOVES_SHOWN; i++) {
        move_text(report, &moves[i], summary, output);
    }
    free(moves);
    if (count > MOVES_SHOWN) {
        output_format(output, "  and %zu more who entered or left\n", count - MOVES_SHOWN);
    }
}

static void followers_text(struct chat_report *report, const struct chat_room_row *room,
                           struct output *output)
{
    struct names names = {.count = 0};
    buffer_init(&names.text, SIZE_MAX);
    for (struct map_entry *entry = room->followers.first; entry; entry = entry->next) {
        name_add(report, &names, entry->key, "");
    }
    names_end(report, &names, "followed by: ", output);
}

void chat_room_text(struct chat_report *report, const struct chat_room_row *room,
                    const struct summary *summary, struct output *output)
{
    struct arena *arena = &report->arena;
    struct slice name = room->name.size > 0 ? room->name : room->uri;
    output_text(output, "\nRoom ");
    output_write(output, text_fit(text_safe(name, false, arena), report->style.columns - 5, arena));
    output_byte(output, '\n');
    if (room->name.size > 0) {
        output_text(output, "  ");
        output_write(output, text_fit_middle(text_safe(room->uri, false, arena),
                                             report->style.columns - 2, arena));
        output_byte(output, '\n');
    }
    properties_text(report, room, output);
    people_text(report, room, PEOPLE_THERE, "there now: ", output);
    people_text(report, room, PEOPLE_SEEN, "was there: ", output);
    people_text(report, room, PEOPLE_DISPUTED, "rosters disagree about: ", output);
    followers_text(report, room, output);
    if (report->query.transcript.size == 0) {
        moves_text(report, room, summary, output);
    }
    chat_files_text(report, &room->files, summary, output);
    for (size_t i = 0; i < room->message_count; i++) {
        chat_message_text(report, room->messages[i], summary, output);
    }
    if (room->message_count == 0) {
        output_text(output, "  no message was captured\n");
    }
}
