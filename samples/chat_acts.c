/* What a client of a day of chat does, from beginning to end. See chat_day.h. */
#include <string.h>

#include "analyzer/engine/arena.h"
#include "analyzer/engine/origin.h"
#include "samples/chat_day.h"
#include "samples/speech.h"

enum { QUIET_UNTIL = CHAT_NOTICES * 8 / 10, SIGN_IN_HISTORY = 25, HELD_SECONDS = 15 };

/* ---- telling a room ---- */

/* What the service tells: a message, or that a user came or went. */
struct tidings {
    struct chat_room *room;
    const struct chat_line *line;
    const struct chat_person *person;
    const char *notice; /* "join", "bjoin", "part" */
};

static void tidings_write(struct chat_day *day, const struct tidings *tidings)
{
    if (tidings->line != NULL) {
        words_copy(day, tidings->line);
        return;
    }
    words_notice(day, tidings->notice);
    bool part = strcmp(tidings->notice, "part") == 0;
    if (part) {
        buffer_append_text(&day->body, "<chanib uri=\"");
        words_room(tidings->room, &day->body);
        buffer_append_text(&day->body, "\">");
    }
    buffer_append_text(&day->body, "<uib uri=\"");
    words_user(tidings->person, &day->body);
    if (part) {
        buffer_append_text(&day->body, "\"/></chanib>");
    } else {
        buffer_append_text(&day->body, "\">");
        words_association(day, tidings->person, tidings->room);
        buffer_append_text(&day->body, "</uib>");
    }
    words_notice_end(day);
}

/* Everybody is told before anybody answers; a stale dialog is told first and disowned. */
static void room_tell(struct chat_day *day, const struct tidings *tidings,
                      const struct chat_client *without)
{
    const struct chat_room *room = tidings->room;
    for (size_t i = 0; i < room->seat_count; i++) {
        struct chat_client *client = room->seats[i];
        if (client == without) {
            continue;
        }
        if (client->stale.serial > 0) {
            tidings_write(day, tidings);
            talk_down(day, client, &client->stale);
        }
        tidings_write(day, tidings);
        talk_down(day, client, &client->dialog);
        day->counts.copies += tidings->line != NULL;
    }
    for (size_t i = 0; i < room->seat_count; i++) {
        struct chat_client *client = room->seats[i];
        if (client == without) {
            continue;
        }
        if (client->stale.serial > 0) {
            talk_down_answer(day, client, &client->stale, client->stale.down,
                             "487 Request Terminated");
            truth_stale(day, client);
            client->stale.serial = 0;
        }
        talk_down_answer(day, client, &client->dialog, client->dialog.down, "200 OK");
    }
}

/* ---- who is where ---- */

bool chat_is_in(const struct chat_client *client, const struct chat_room *room)
{
    for (unsigned i = 0; i < client->room_count; i++) {
        if (client->rooms[i] == room) {
            return client->online;
        }
    }
    return false;
}

/* By another client than this one. */
static bool person_is_in(const struct chat_client *client, const struct chat_room *room)
{
    const struct chat_person *person = client->person;
    for (unsigned i = 0; i < person->client_count; i++) {
        if (&person->clients[i] != client && chat_is_in(&person->clients[i], room)) {
            return true;
        }
    }
    return false;
}

static void seat_add(struct chat_client *client, struct chat_room *room)
{
    if (room->seat_count == room->seat_capacity) {
        room->seat_capacity = room->seat_capacity * 2 + 16;
        room->seats = memory_grow(room->seats, room->seat_capacity, sizeof *room->seats);
    }
    room->seats[room->seat_count++] = client;
    unsigned index = client->person->index;
    room->known[index / 8] |= (uint8_t)(1U << index % 8);
    if (!person_is_in(client, room)) {
        room->participants++;
        room->quiet = room->quiet || room->participants > CHAT_NOTICES;
    }
}

static void seat_remove(struct chat_client *client, struct chat_room *room)
{
    size_t place = 0;
    while (room->seats[place] != client) {
        place++;
    }
    room->seat_count--;
    memmove(&room->seats[place], &room->seats[place + 1],
            (room->seat_count - place) * sizeof *room->seats);
    if (!person_is_in(client, room)) {
        room->participants--;
        room->quiet = room->quiet && room->participants >= QUIET_UNTIL;
    }
}

/* The others are told once, however many clients the user has there. */
static void notify(struct chat_day *day, const struct chat_client *client, struct chat_room *room,
                   const char *notice)
{
    if (!room->quiet && !person_is_in(client, room)) {
        const struct tidings tidings = {.room = room, .person = client->person, .notice = notice};
        room_tell(day, &tidings, client);
    }
}

/* ---- rooms ---- */

/* One command for all of them; those in which the client sits already are entered again. */
static void rooms_enter(struct chat_day *day, struct chat_client *client,
                        struct chat_room *const *rooms, unsigned count, bool seated)
{
    const char *name = count > 1 ? "bjoin" : "join";
    words_command(day, client, name);
    words_asked_rooms(day, rooms, count);
    words_command_end(day);
    talk_command(day, client);
    for (unsigned i = 0; i < count && !seated; i++) {
        seat_add(client, rooms[i]);
    }
    words_reply(day, client, name);
    words_joined_rooms(day, rooms, count);
    words_reply_end(day);
    talk_tell(day, client);
    for (unsigned i = 0; i < count && !seated; i++) {
        notify(day, client, rooms[i], name);
    }
}

void chat_enter(struct chat_day *day, struct chat_client *client, struct chat_room *room)
{
    rooms_enter(day, client, &room, 1, false);
    client->rooms[client->room_count++] = room;
    ask_history(day, client, room, SIGN_IN_HISTORY);
}

void chat_leave(struct chat_day *day, struct chat_client *client, struct chat_room *room)
{
    words_command(day, client, "part");
    buffer_append_text(&day->body, "<chanib uri=\"");
    words_room(room, &day->body);
    buffer_append_text(&day->body, "\"/>");
    words_command_end(day);
    talk_command(day, client);
    words_reply(day, client, "part");
    buffer_append_text(&day->body, "<chanib uri=\"");
    words_room(room, &day->body);
    buffer_append_text(&day->body, "\"/>");
    words_reply_end(day);
    talk_tell(day, client);
    seat_remove(client, room);
    unsigned place = 0;
    while (client->rooms[place] != room) {
        place++;
    }
    client->rooms[place] = client->rooms[--client->room_count];
    notify(day, client, room, "part");
}

/* ---- sessions ---- */

static void session_begin(struct chat_day *day, struct chat_client *client, bool seated)
{
    if (client->person->old) {
        talk_lookup(day, client);
    }
    talk_invite(day, client);
    ask_limits(day, client);
    if (client->person->old) {
        ask_preference(day, client, false);
    } else {
        ask_associations(day, client);
    }
    if (client->room_count > 0) {
        rooms_enter(day, client, client->rooms, client->room_count, seated);
    }
    ask_invitations(day, client);
    for (unsigned i = 0; i < client->room_count; i++) {
        ask_history(day, client, client->rooms[i], SIGN_IN_HISTORY);
    }
}

void chat_sign_in(struct chat_day *day, struct chat_client *client)
{
    enum { REGISTER_SECONDS = 7200 };
    struct chat_person *person = client->person;
    talk_connect(day, client);
    talk_register(day, client, REGISTER_SECONDS);
    if (person->old) {
        talk_presence(day, client);
    } else {
        talk_provision(day, client);
    }
    memcpy(client->rooms, person->follows, sizeof client->rooms);
    client->room_count = person->follow_count;
    session_begin(day, client, false);
    client->online = true;
}

/* The service has nobody there any more; the client's list of rooms stays as it was. */
static void session_end(struct chat_day *day, struct chat_client *client)
{
    client->online = false;
    for (unsigned i = 0; i < client->room_count; i++) {
        seat_remove(client, client->rooms[i]);
        notify(day, client, client->rooms[i], "part");
    }
}

void chat_sign_out(struct chat_day *day, struct chat_client *client)
{
    talk_bye(day, client, "200 OK");
    session_end(day, client);
    talk_register(day, client, 0);
    connection_end(&client->connection, day->now);
    day->now = day->wire->now;
}

void chat_crash(struct chat_day *day, struct chat_client *client)
{
    enum { REGISTER_SECONDS = 7200 };
    connection_end(&client->connection, day->now);
    day->now = day->wire->now + TIME_SECOND / 10;
    client->stale = client->dialog;
    talk_connect(day, client);
    talk_register(day, client, REGISTER_SECONDS);
    if (client->person->old) {
        talk_presence(day, client);
    } else {
        talk_provision(day, client);
    }
    session_begin(day, client, true);
}

void chat_forgotten(struct chat_day *day, struct chat_client *client)
{
    static const char gone[] = "481 Call Leg/Transaction Does Not Exist";
    if (client->person->old) {
        words_command(day, client, "getserverinfo");
        buffer_append_text(&day->body, "<sib domain=\"contoso.example\" infoType=\"123\"/>");
        words_command_end(day);
        talk_up(day, client);
        talk_up_answer(day, client, client->dialog.up, gone);
        talk_bye(day, client, gone);
    } else {
        talk_update(day, client, gone);
    }
    day->counts.dropped++;
    session_end(day, client);
    session_begin(day, client, false);
    client->online = true;
}

/* ---- messages ---- */

static void show(struct chat_day *day, const struct chat_line *line,
                 const struct chat_client *without)
{
    struct chat_room *room = line->room;
    const struct tidings tidings = {.room = room, .line = line};
    room->last[room->posts++ % CHAT_HISTORY] = *line;
    day->counts.posts++;
    room_tell(day, &tidings, without);
}

static struct chat_proof post_send(struct chat_day *day, struct chat_client *client,
                                   const struct chat_line *line)
{
    words_post(day, client, line);
    talk_up(day, client);
    return (struct chat_proof){.time = day->sent, .post = day->record};
}

static void post_answer(struct chat_day *day, struct chat_client *client, struct chat_proof *proof,
                        unsigned cseq, const char *status)
{
    talk_up_answer(day, client, cseq, status);
    proof->answer = day->record;
}

struct chat_proof chat_post(struct chat_day *day, struct chat_client *client,
                            const struct chat_line *line, enum chat_fate fate,
                            struct chat_client *victim)
{
    struct chat_line shown = *line;
    struct chat_proof proof = post_send(day, client, line);
    unsigned cseq = client->dialog.up;
    if (fate == FATE_BUSY) {
        post_answer(day, client, &proof, cseq, "503 Service Unavailable");
        day->counts.refused++;
        return proof;
    }
    shown.accepted = day->now;
    if (fate == FATE_EARLY) {
        show(day, &shown, NULL);
        post_answer(day, client, &proof, cseq, "200 OK");
    } else {
        post_answer(day, client, &proof, cseq, "200 OK");
        show(day, &shown, victim);
    }
    truth_message(day, &shown, &proof, victim);
    if (fate == FATE_LOST) {
        day->counts.lost++;
        victim->held = day->now + HELD_SECONDS * TIME_SECOND;
        truth_lost(day, &shown, &proof, victim);
    }
    return proof;
}

void chat_post_pair(struct chat_day *day, struct chat_client *const clients[2],
                    const struct chat_line *lines[2])
{
    struct chat_line shown[2] = {*lines[0], *lines[1]};
    struct chat_proof proofs[2];
    unsigned cseqs[2];
    for (unsigned i = 0; i < 2; i++) {
        proofs[i] = post_send(day, clients[i], lines[i]);
        cseqs[i] = clients[i]->dialog.up;
    }
    for (unsigned i = 0; i < 2; i++) {
        shown[i].accepted = day->now;
        post_answer(day, clients[i], &proofs[i], cseqs[i], "200 OK");
    }
    for (unsigned i = 0; i < 2; i++) {
        show(day, &shown[i], NULL);
        truth_message(day, &shown[i], &proofs[i], NULL);
    }
}
