/*
 * The story of a day of chat: who does what when. See chat_day.h.
 *
 * 08:00 the users sign in within an hour, then come the posts, with everything else between them,
 * then every seventh user signs out. The first room is a big one. Registrations, sessions with a
 * timer and refused posts come back in rings.
 */
#include <stdlib.h>

#include "analyzer/engine/arena.h"
#include "analyzer/engine/origin.h"
#include "samples/chat_day.h"
#include "samples/ring.h"

enum {
    REGISTER_SECONDS = 6600, /* of 7200 */
    UPDATE_SECONDS = 1500,   /* of 1800 */
    RETRY_SECONDS = 2,
    HELD_SECONDS = 3,
    SIGN_IN_SECONDS = 3600,
    SIGN_OUT_SECONDS = 1800,
    BIG_ROOM = 400, /* users at most, about */
    TRIES = 1000,
};

struct story {
    struct chat_day day;
    struct random random;
    struct ring registers;
    struct ring updates;
    struct ring retries;
    unsigned lost; /* copies still to be lost */
};

/* ---- what is due ---- */

/* What was given out is done whatever became of its client, so each ring has each client once. */
static void register_due(struct story *story, struct chat_client *client)
{
    enum { REGISTERED_SECONDS = 7200 };
    if (client->online) {
        talk_register(&story->day, client, REGISTERED_SECONDS);
    }
    ring_add(&story->registers, client, 0, story->day.now);
}

static void update_due(struct story *story, struct chat_client *client)
{
    if (client->online && !client->person->old) {
        talk_update(&story->day, client, "200 OK");
    }
    ring_add(&story->updates, client, 0, story->day.now);
}

static void retry_due(struct story *story, struct chat_client *client)
{
    struct chat_line line = client->refused;
    client->refused = (struct chat_line){0};
    chat_post(&story->day, client, &line, FATE_SHOWN, NULL);
}

/* Everything that is due before `time`; the clock then stands there, or a little later. */
static void time_pass(struct story *story, int64_t time)
{
    struct ring_entry entry;
    while (ring_take(&story->retries, time, &entry)) {
        story->day.now = story->day.now > entry.due ? story->day.now : entry.due;
        retry_due(story, entry.what);
    }
    while (ring_take(&story->registers, time, &entry)) {
        register_due(story, entry.what);
    }
    while (ring_take(&story->updates, time, &entry)) {
        update_due(story, entry.what);
    }
    story->day.now = story->day.now > time ? story->day.now : time;
}

/* ---- who ---- */

static struct chat_client *client_any(struct story *story)
{
    struct chat_person *person =
        &story->day.people[random_below(&story->random, story->day.people_count)];
    return &person->clients[random_below(&story->random, person->client_count)];
}

/* One that is in a room and waits for nothing. */
static struct chat_client *client_in_room(struct story *story, bool bot)
{
    for (unsigned i = 0; i < TRIES; i++) {
        struct chat_client *client = client_any(story);
        if (client->online && client->room_count > 0 && client->refused.room == NULL &&
            client->person->bot == bot) {
            return client;
        }
    }
    return NULL;
}

static struct chat_room *room_of(struct story *story, const struct chat_client *client)
{
    struct chat_room *room = client->rooms[random_below(&story->random, client->room_count)];
    bool big = room == &story->day.rooms[0] && random_below(&story->random, 10) > 0;
    return big ? client->rooms[client->room_count - 1] : room;
}

/* May something end that it has? */
static bool is_free(const struct story *story, const struct chat_client *client)
{
    return client->online && client->held < story->day.now && client->refused.room == NULL &&
           client->stale.serial == 0;
}

/* ---- writing ---- */

static struct chat_line line_of(struct story *story, const struct chat_client *client,
                                struct chat_room *room, unsigned number)
{
    static const enum chat_wording wordings[] = {WORDS_PLAIN,  WORDS_PLAIN, WORDS_KOREAN,
                                                 WORDS_KOREAN, WORDS_EMOJI, WORDS_LINES};
    bool bot = client->person->bot;
    return (struct chat_line){
        .author = client->person,
        .room = room,
        .wording = bot ? WORDS_BOT : wordings[random_below(&story->random, 6)],
        .number = number,
        .sent = story->day.now,
    };
}

/* Another user's client in that room; NULL when the author is alone. */
static struct chat_client *victim_of(struct story *story, const struct chat_line *line)
{
    const struct chat_room *room = line->room;
    size_t first = random_below(&story->random, (unsigned)room->seat_count);
    for (size_t i = 0; i < room->seat_count; i++) {
        struct chat_client *client = room->seats[(first + i) % room->seat_count];
        if (client->person != line->author) {
            return client;
        }
    }
    return NULL;
}

/* Two people of one room write at the same time; else one does. */
static void post_two(struct story *story, struct chat_client *client, const struct chat_line *line)
{
    struct chat_client *other = victim_of(story, line);
    if (other == NULL || other->refused.room != NULL) {
        chat_post(&story->day, client, line, FATE_SHOWN, NULL);
        return;
    }
    struct chat_line second = line_of(story, other, line->room, line->number);
    struct chat_client *const clients[2] = {client, other};
    const struct chat_line *lines[2] = {line, &second};
    chat_post_pair(&story->day, clients, lines);
}

static void post_refused(struct story *story, struct chat_client *client,
                         const struct chat_line *line)
{
    client->refused = *line;
    client->refused.first = chat_post(&story->day, client, line, FATE_BUSY, NULL);
    client->held = story->day.now + HELD_SECONDS * TIME_SECOND;
    ring_add(&story->retries, client, 0, story->day.now);
}

/* One post; `lose` asks that somebody gets no copy. Every fifth copy that is lost is a bot's. */
static void write(struct story *story, unsigned number, bool lose)
{
    bool bot = lose ? story->lost % 5 == 0 : random_below(&story->random, 40) == 0;
    struct chat_client *client = client_in_room(story, bot);
    client = client != NULL ? client : client_in_room(story, false);
    if (client == NULL) {
        return;
    }
    struct chat_line line = line_of(story, client, room_of(story, client), number);
    struct chat_client *victim = lose ? victim_of(story, &line) : NULL;
    unsigned draw = random_below(&story->random, 600);
    if (victim != NULL) {
        story->lost--;
        chat_post(&story->day, client, &line, FATE_LOST, victim);
    } else if (draw < 2) {
        post_refused(story, client, &line);
    } else if (draw < 8) {
        post_two(story, client, &line);
    } else {
        chat_post(&story->day, client, &line, draw < 80 ? FATE_EARLY : FATE_SHOWN, NULL);
    }
}

static void post_file(struct story *story, struct chat_client *client, struct chat_room *room,
                      unsigned number)
{
    ask_token(&story->day, client, room, true);
    struct chat_line line = line_of(story, client, room, number);
    line.wording = WORDS_FILE;
    chat_post(&story->day, client, &line, FATE_SHOWN, NULL);
}

/* ---- everything else ---- */

static void come_or_go(struct story *story)
{
    struct chat_client *client = client_any(story);
    if (!client->online) {
        chat_sign_in(&story->day, client);
    } else if (is_free(story, client) && random_below(&story->random, 3) == 0) {
        chat_sign_out(&story->day, client);
    }
}

static void move(struct story *story, struct chat_client *client)
{
    struct chat_day *day = &story->day;
    struct chat_room *room = &day->rooms[random_below(&story->random, day->room_count)];
    if (client->room_count == CHAT_JOINED) {
        chat_leave(day, client, client->rooms[random_below(&story->random, CHAT_JOINED)]);
    } else if (room != &day->rooms[0] && !chat_is_in(client, room)) {
        chat_enter(day, client, room);
    }
}

static void ask(struct story *story, struct chat_client *client, unsigned number)
{
    struct chat_day *day = &story->day;
    struct chat_room *room = room_of(story, client);
    switch (random_below(&story->random, 6)) {
    case 0:
        ask_history(day, client, room, 10);
        break;
    case 1:
        ask_search(day, client, random_below(&story->random, 2 * day->room_count));
        break;
    case 2:
        ask_limits(day, client);
        break;
    case 3:
        ask_token(day, client, room, false);
        break;
    case 4:
        post_file(story, client, room, number);
        break;
    default:
        if (client->person->old) {
            ask_preference(day, client, true);
        }
    }
}

/* What comes before a post: mostly nothing. */
static void act(struct story *story, unsigned number)
{
    unsigned draw = random_below(&story->random, 1000);
    struct chat_client *client = client_in_room(story, false);
    if (client == NULL || draw >= 60) {
        return;
    }
    if (draw < 30) {
        ask(story, client, number);
    } else if (draw < 45) {
        come_or_go(story);
    } else if (!is_free(story, client)) {
        return;
    } else if (draw < 54) {
        move(story, client);
    } else if (draw < 57) {
        chat_crash(&story->day, client);
    } else {
        chat_forgotten(&story->day, client);
    }
}

/* ---- morning, day, evening ---- */

static void person_init(struct story *story, unsigned index)
{
    struct chat_day *day = &story->day;
    struct chat_person *person = &day->people[index];
    *person = (struct chat_person){
        .index = index,
        .old = index % 2 == 0,
        .bot = index % 40 == 7,
        .client_count = index % 5 == 1 ? 2 : 1,
        .preference = 71,
    };
    unsigned share = day->people_count / BIG_ROOM + (day->people_count < BIG_ROOM);
    if (index % share == 0) {
        person->follows[person->follow_count++] = &day->rooms[0];
    }
    unsigned small = day->room_count - 1;
    for (unsigned i = 0; i <= index / 2 % 2; i++) {
        unsigned number = 1 + i * (small / 2) + random_below(&story->random, (small + i) / 2);
        person->follows[person->follow_count++] = &day->rooms[number];
    }
    for (unsigned i = 0; i < person->client_count; i++) {
        struct chat_client *client = &person->clients[i];
        client->person = person;
        client->number = i;
        client->envelope = 71200 + index * 1000003U;
    }
}

static void room_init(struct chat_day *day, unsigned index)
{
    day->rooms[index].index = index;
    day->rooms[index].known = memory_zero(day->people_count / 8 + 1, 1);
}

static void story_init(struct story *story, const struct chat_plan *plan, struct wire *wire,
                       FILE *truth)
{
    struct chat_day *day = &story->day;
    *day = (struct chat_day){
        .wire = wire,
        .people_count = plan->users,
        .room_count = plan->rooms,
        .people = memory_zero(plan->users, sizeof *day->people),
        .rooms = memory_zero(plan->rooms, sizeof *day->rooms),
        .now = INT64_C(1368518400) * TIME_SECOND, /* 2013-05-14T08:00:00Z */
        .envelope = UINT64_C(7962449779256945056),
        .truth = truth,
        .messages = plan->messages,
    };
    buffer_init(&day->text, SIZE_MAX / 2);
    buffer_init(&day->body, SIZE_MAX / 2);
    buffer_init(&day->scratch, SIZE_MAX / 2);
    story->random = wire->random;
    story->lost = plan->lost;
    size_t clients = (size_t)plan->users * CHAT_CLIENTS;
    ring_init(&story->registers, clients, REGISTER_SECONDS);
    ring_init(&story->updates, clients, UPDATE_SECONDS);
    ring_init(&story->retries, clients, RETRY_SECONDS);
    for (unsigned i = 0; i < plan->rooms; i++) {
        room_init(day, i);
    }
    for (unsigned i = 0; i < plan->users; i++) {
        person_init(story, i);
    }
}

static void morning(struct story *story)
{
    struct chat_day *day = &story->day;
    int64_t start = day->now;
    for (unsigned i = 0; i < day->people_count; i++) {
        struct chat_person *person = &day->people[i];
        time_pass(story, start + SIGN_IN_SECONDS * TIME_SECOND / day->people_count * i);
        for (unsigned k = 0; k < person->client_count; k++) {
            chat_sign_in(day, &person->clients[k]);
            ring_add(&story->registers, &person->clients[k], 0, day->now);
            ring_add(&story->updates, &person->clients[k], 0, day->now);
        }
    }
}

static void working_hours(struct story *story, const struct chat_plan *plan)
{
    int64_t start = story->day.now;
    int64_t step = (int64_t)plan->hours * 3600 * TIME_SECOND / (plan->posts + 1);
    for (unsigned i = 0; i < plan->posts; i++) {
        time_pass(story, start + step * (i + 1));
        act(story, i);
        unsigned due = (unsigned)((uint64_t)(i + 1) * (plan->lost + 1) / plan->posts);
        write(story, i, story->lost > 0 && due > plan->lost - story->lost);
    }
    time_pass(story, story->day.now + 60 * TIME_SECOND);
}

static void evening(struct story *story)
{
    struct chat_day *day = &story->day;
    int64_t start = day->now;
    for (unsigned i = 3; i < day->people_count; i += 7) {
        time_pass(story, start + SIGN_OUT_SECONDS * TIME_SECOND / day->people_count * i);
        for (unsigned k = 0; k < day->people[i].client_count; k++) {
            if (is_free(story, &day->people[i].clients[k])) {
                chat_sign_out(day, &day->people[i].clients[k]);
            }
        }
    }
}

/* The capture ends with open sessions. */
static void night(struct story *story)
{
    struct chat_day *day = &story->day;
    for (unsigned i = 0; i < day->people_count; i++) {
        for (unsigned k = 0; k < day->people[i].client_count; k++) {
            if (day->people[i].clients[k].online) {
                day->now += TIME_SECOND / 1000;
                connection_end(&day->people[i].clients[k].connection, day->now);
            }
        }
    }
}

static void story_dispose(struct story *story)
{
    struct chat_day *day = &story->day;
    for (unsigned i = 0; i < day->room_count; i++) {
        free(day->rooms[i].seats);
        free(day->rooms[i].known);
    }
    free(day->people);
    free(day->rooms);
    buffer_dispose(&day->text);
    buffer_dispose(&day->body);
    buffer_dispose(&day->scratch);
    ring_dispose(&story->registers);
    ring_dispose(&story->updates);
    ring_dispose(&story->retries);
    free(story);
}

void chat_day_run(const struct chat_plan *plan, struct wire *wire, FILE *truth)
{
    struct story *story = memory_zero(1, sizeof *story);
    story_init(story, plan, wire, truth);
    morning(story);
    working_hours(story, plan);
    evening(story);
    night(story);
    truth_end(&story->day);
    story_dispose(story);
}
