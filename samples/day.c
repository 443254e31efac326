/*
 * The story of a day of presence: who does what when, and what is then shown. See day.h.
 *
 * 08:00 the users sign in within an hour, their watchers subscribe, then come the changes, then
 * every seventh user signs out. Registrations, subscriptions and the gateway's publications are
 * refreshed in time: a ring each, since what was refreshed first is due first.
 */
#include "samples/day.h"

#include <stdlib.h>

#include "analyzer/engine/origin.h"
#include "samples/random.h"
#include "samples/ring.h"

enum {
    AVAILABLE = 3500,
    IDLE = 5000,
    BUSY = 6500,
    DO_NOT_DISTURB = 9500,
    BE_RIGHT_BACK = 12500,
    AWAY = 15500,
    OFFLINE = 18500,
    REGISTER_SECONDS = 7200,
    SIGN_IN_SECONDS = 3600,
    SIGN_OUT_SECONDS = 1800,
    CONNECTIONS_OF_A_HOST = 1000,
};

struct story {
    struct day day;
    struct ring registers;
    struct ring selves;
    struct ring watches;
    struct ring calls;
    int64_t end;
};

/* ---- refreshes ---- */

/* The call that was to be refreshed may be over, or another one by now. */
static void call_refresh(struct story *story, const struct ring_entry *entry)
{
    struct person *person = entry->what;
    if (person->call && person->call_serial == entry->serial) {
        day_report(&story->day, person, REPORT_REFRESH);
        ring_add(&story->calls, person, entry->serial, story->day.now);
    }
}

static void self_refresh(struct story *story, struct endpoint *endpoint)
{
    if (endpoint->person->online) {
        day_subscribe_self(&story->day, endpoint);
        ring_add(&story->selves, endpoint, 0, story->day.now);
    }
}

static void watch_refresh(struct story *story, struct person *person)
{
    if (person->watcher->online) {
        person->watched = true;
        day_subscribe_watch(&story->day, person);
        ring_add(&story->watches, person, 0, story->day.now);
    }
}

static void register_refresh(struct story *story, struct endpoint *endpoint)
{
    if (endpoint->person->online) {
        day_register(&story->day, endpoint, REGISTER_SECONDS);
        ring_add(&story->registers, endpoint, 0, story->day.now);
    }
}

/* Everything that is due before `time`; the clock then stands there, or a little later. */
static void time_pass(struct story *story, int64_t time)
{
    struct ring_entry entry;
    while (ring_take(&story->registers, time, &entry)) {
        register_refresh(story, entry.what);
    }
    while (ring_take(&story->selves, time, &entry)) {
        self_refresh(story, entry.what);
    }
    while (ring_take(&story->watches, time, &entry)) {
        watch_refresh(story, entry.what);
    }
    while (ring_take(&story->calls, time, &entry)) {
        call_refresh(story, &entry);
    }
    story->day.now = story->day.now > time ? story->day.now : time;
}

/* ---- what is shown ---- */

/* Tells those who are told, if there is something new. */
static void show(struct story *story, struct person *person, unsigned number, const char *token)
{
    if (person->shown.number == number && person->shown.token == token) {
        return;
    }
    person->shown = (struct shown){number, token};
    person->changes++;
    day_tell(&story->day, person);
}

static const char on_the_phone[] = "on-the-phone";

/* ---- what a user does ---- */

static void choose(struct story *story, struct person *person, unsigned number)
{
    struct day_value values[2];
    size_t count = 0;
    bool timed = !person->static_only && (number == BUSY || number == DO_NOT_DISTURB);
    values[count++] = (struct day_value){timed ? ITEM_TIMED : ITEM_CHOICE, number};
    if (person->timed && !timed) {
        values[count++] = (struct day_value){ITEM_TIMED, NUMBER_DELETED};
    }
    day_publish(&story->day, &person->endpoints[0], values, count);
    person->timed = timed;
    person->choice = number;
    show(story, person, number, NULL);
}

static void call(struct story *story, struct person *person, bool begin)
{
    struct day_value value = {ITEM_CALL, begin ? BUSY : NUMBER_DELETED};
    person->call = begin;
    if (!person->gateway) {
        day_publish(&story->day, &person->endpoints[0], &value, 1);
    } else if (begin) {
        day_report(&story->day, person, REPORT_CALL);
        ring_add(&story->calls, person, person->call_serial, story->day.now);
    } else {
        day_report(&story->day, person, REPORT_CLEAR);
    }
    show(story, person, begin ? BUSY : AVAILABLE, begin ? on_the_phone : NULL);
}

/* One machine goes idle or comes back; with others in use nobody sees it. */
static void rest(struct story *story, struct person *person, bool begin, unsigned number)
{
    struct day_value value = {ITEM_MACHINE + number, begin ? IDLE : AVAILABLE};
    day_publish(&story->day, &person->endpoints[number], &value, 1);
    person->idle = begin;
    person->idle_endpoint = number;
    if (person->endpoint_count == 1) {
        show(story, person, begin ? IDLE : AVAILABLE, NULL);
    }
}

static void note(struct story *story, struct person *person, unsigned number)
{
    struct day_value value = {ITEM_NOTE, number + 1};
    day_publish(&story->day, &person->endpoints[0], &value, 1);
}

static unsigned other_choice(const struct person *person, struct random *random)
{
    static const unsigned choices[] = {AVAILABLE, BUSY, DO_NOT_DISTURB, BE_RIGHT_BACK, AWAY};
    for (;;) {
        unsigned number = choices[random_below(random, 5)];
        if (number != person->choice) {
            return number;
        }
    }
}

/*
 * One step of a user. Calls and idle machines come only to those who chose Available and end
 * before anything else happens: how they combine with other choices is disputed.
 */
static void act(struct story *story, struct person *person, struct random *random)
{
    unsigned draw = random_below(random, 20);
    if (person->idle) {
        rest(story, person, false, person->idle_endpoint);
    } else if (person->call) {
        call(story, person, false);
    } else if (draw == 0) {
        note(story, person, draw);
    } else if (person->choice != AVAILABLE || draw < 8) {
        choose(story, person, other_choice(person, random));
    } else if (draw < 14) {
        call(story, person, true);
    } else {
        rest(story, person, true, random_below(random, person->endpoint_count));
    }
}

/* ---- morning and evening ---- */

static void endpoint_init(struct story *story, struct person *person, unsigned number)
{
    struct endpoint *endpoint = &person->endpoints[number];
    unsigned host = person->index * DAY_ENDPOINTS + number;
    struct wire_path up = {
        .from = {.host = {10, (uint8_t)(host >> 16), (uint8_t)(host >> 8), (uint8_t)host},
                 .port = (uint16_t)(50000 + host % CONNECTIONS_OF_A_HOST)},
        .to = {.host = {192, 0, 2, 5}, .port = 5061},
        .upward = true,
    };
    endpoint->person = person;
    endpoint->number = number;
    connection_init(&endpoint->connection, story->day.wire, &up, true, false, NULL);
}

static void person_init(struct story *story, unsigned index)
{
    struct person *person = &story->day.people[index];
    *person = (struct person){
        .index = index,
        .endpoint_count = index % 10 == 1 ? DAY_ENDPOINTS : 1,
        .own_document = index % 2 == 0,
        .static_only = index % 3 == 0,
        .gateway = index % 20 == 8,
    };
    if (index % 4 < 2) {
        person->watcher = &story->day.people[(index + 1) % story->day.count];
    }
    person->endpoints = memory_zero(person->endpoint_count, sizeof *person->endpoints);
    for (unsigned i = 0; i < person->endpoint_count; i++) {
        endpoint_init(story, person, i);
    }
}

static void sign_in(struct story *story, struct person *person)
{
    person->online = true;
    for (unsigned i = 0; i < person->endpoint_count; i++) {
        register_refresh(story, &person->endpoints[i]);
        if (person->own_document) {
            self_refresh(story, &person->endpoints[i]);
        }
        struct day_value value = {ITEM_MACHINE + i, AVAILABLE};
        day_publish(&story->day, &person->endpoints[i], &value, 1);
    }
    choose(story, person, AVAILABLE);
}

/* Who leaves is there: an idle machine would be all that is left of a user for a moment. */
static void sign_out(struct story *story, struct person *person)
{
    if (person->idle) {
        rest(story, person, false, person->idle_endpoint);
    }
    if (person->call) {
        call(story, person, false);
    }
    person->online = false;
    for (unsigned i = 0; i < person->endpoint_count; i++) {
        day_register(&story->day, &person->endpoints[i], 0);
    }
    show(story, person, OFFLINE, NULL);
}

static void morning(struct story *story)
{
    struct day *day = &story->day;
    int64_t start = day->now;
    for (unsigned i = 0; i < day->count; i++) {
        person_init(story, i);
    }
    for (unsigned i = 0; i < day->count; i++) {
        time_pass(story, start + SIGN_IN_SECONDS * TIME_SECOND / day->count * i);
        sign_in(story, &day->people[i]);
    }
    for (unsigned i = 0; i < day->count; i++) {
        if (day->people[i].watcher != NULL) {
            watch_refresh(story, &day->people[i]);
        }
    }
}

static void evening(struct story *story)
{
    struct day *day = &story->day;
    int64_t start = day->now;
    for (unsigned i = 3; i < day->count; i += 7) {
        time_pass(story, start + SIGN_OUT_SECONDS * TIME_SECOND / day->count * i);
        sign_out(story, &day->people[i]);
    }
}

static void story_write(const struct day *day, FILE *out)
{
    for (unsigned i = 0; i < day->count; i++) {
        const struct person *person = &day->people[i];
        fprintf(
            out,
            "{\"user\":\"u%05u@contoso.example\",\"number\":%u,\"token\":\"%s\",\"changes\":%u}\n",
            i, person->shown.number, person->shown.token ? person->shown.token : "",
            person->changes);
    }
}

static void day_close(struct day *day)
{
    for (unsigned i = 0; i < day->count; i++) {
        struct person *person = &day->people[i];
        for (unsigned k = 0; k < person->endpoint_count; k++) {
            day->now += TIME_SECOND / 1000;
            connection_end(&person->endpoints[k].connection, day->now);
        }
        free(person->endpoints);
    }
    connection_end(&day->gateway, day->now);
    free(day->people);
    buffer_dispose(&day->text);
    buffer_dispose(&day->body);
}

void day_run(const struct day_plan *plan, struct wire *wire, FILE *out)
{
    struct story *story = memory_zero(1, sizeof *story);
    struct day *day = &story->day;
    *day = (struct day){
        .wire = wire,
        .count = plan->users,
        .now = (INT64_C(1368518400)) * TIME_SECOND, /* 2013-05-14T08:00:00Z */
        .people = memory_zero(plan->users, sizeof *day->people),
    };
    buffer_init(&day->text, SIZE_MAX / 2);
    buffer_init(&day->body, SIZE_MAX / 2);
    const struct wire_path gateway = {
        .from = {.host = {198, 51, 100, 9}, .port = 5067},
        .to = {.host = {192, 0, 2, 5}, .port = 5061},
        .upward = true,
    };
    connection_init(&day->gateway, wire, &gateway, true, false, NULL);
    size_t endpoints = (size_t)plan->users * DAY_ENDPOINTS;
    ring_init(&story->registers, endpoints, REGISTER_SECONDS - 600);
    ring_init(&story->selves, endpoints, 27000);
    ring_init(&story->watches, plan->users, 27000);
    /* A call that ended leaves its entry until it would have been due. */
    ring_init(&story->calls, plan->changes + 1, 590);
    morning(story);
    struct random random = {.state = wire->random.state};
    int64_t start = day->now;
    int64_t step = (int64_t)plan->hours * 3600 * TIME_SECOND / (plan->changes + 1);
    for (unsigned i = 0; i < plan->changes; i++) {
        time_pass(story, start + step * (i + 1));
        act(story, &day->people[random_below(&random, day->count)], &random);
    }
    evening(story);
    story_write(day, out);
    day_close(day);
    ring_dispose(&story->registers);
    ring_dispose(&story->selves);
    ring_dispose(&story->watches);
    ring_dispose(&story->calls);
    free(story);
}
