/*
 * What happened in chat rooms. See activity_model.h.
 *
 * Who is in a room is what the user's own sessions say where they were captured, else the agreed
 * view of those who were told (facts of the engine: CHANGE_MEMBERSHIP, CHANGE_PARTICIPANT).
 */
#include "reports/activity_model.h"

#include <stdlib.h>

void activity_model_init(struct activity_model *model, struct map_seed seed,
                         const struct limits *limits)
{
    *model = (struct activity_model){.limits = *limits, .seed = seed};
    arena_init(&model->arena);
    map_init(&model->rooms, seed);
    map_init_numbers(&model->posts, seed);
}

static void room_free(void *value)
{
    struct activity_room *room = value;
    slice_drop(&room->name);
    map_dispose(&room->people, free);
    free(room);
}

void activity_model_dispose(struct activity_model *model)
{
    map_dispose(&model->rooms, room_free);
    map_dispose(&model->posts, NULL);
    arena_dispose(&model->arena);
    free(model->rows);
}

/* Room for one more row? */
static bool has_room(struct activity_model *model)
{
    if (model->kept >= model->limits.report_rows) {
        model->beyond++;
        return false;
    }
    model->kept++;
    return true;
}

static struct activity_room *room_of(struct activity_model *model, struct slice uri,
                                     struct slice name)
{
    struct activity_room *room = map_find(&model->rooms, uri);
    if (!room && uri.size > 0 && has_room(model)) {
        room = memory_zero(1, sizeof *room);
        map_init(&room->people, model->seed);
        room->uri = map_put(&model->rooms, uri, room)->key;
    }
    if (room && name.size > 0) {
        slice_replace(&room->name, name);
    }
    return room;
}

static struct activity_person *person_of(struct activity_model *model, struct activity_room *room,
                                         struct slice user)
{
    struct activity_person *person = map_find(&room->people, user);
    if (!person && user.size > 0 && has_room(model)) {
        person = memory_zero(1, sizeof *person);
        person->user = map_put(&room->people, user, person)->key;
    }
    return person;
}

/* A row of that room and person (NULL = nobody); NULL where there is no room for it. */
static struct activity *row_add(struct activity_model *model, enum activity_kind kind,
                                const struct origin *origin, struct activity_room *room,
                                struct activity_person *person)
{
    if (!has_room(model)) {
        return NULL;
    }
    if (model->count == model->capacity) {
        model->capacity = model->capacity > 0 ? model->capacity * 2 : 64;
        model->rows = memory_grow(model->rows, model->capacity, sizeof(struct activity *));
    }
    struct activity *row = arena_zero(&model->arena, 1, sizeof *row);
    row->kind = kind;
    row->time = origin->time;
    row->origin = *origin;
    row->origin.row = NULL;
    row->room = room;
    row->person = person;
    row->order = model->count;
    if (room) {
        room->count++;
    }
    model->rows[model->count++] = row;
    return row;
}

/* ---- who is there ---- */

/* What is known of the person changed; is that to come or to go? */
static void note_presence(struct activity_model *model, struct activity_room *room,
                          struct activity_person *person, const struct change *change,
                          struct slice reason)
{
    bool there = person->own ? person->sessions > 0 : person->agreed;
    if (there == person->there) {
        return;
    }
    enum activity_kind kind = !there                           ? ACTIVITY_LEFT
                              : !person->own && person->listed ? ACTIVITY_LISTED
                                                               : ACTIVITY_ENTERED;
    struct activity *row = row_add(model, kind, &change->origin, room, person);
    if (row) { /* where there is no row for it, the count of people stays as it was, too */
        person->there = there;
        row->time = change->time;
        row->told = !person->own;
        row->words = arena_keep(&model->arena, reason);
    }
}

static void take_membership(struct activity_model *model, const struct change *change)
{
    const struct membership_change *said = &change->as.membership;
    bool was = said->from == MEMBER_JOINED || said->from == MEMBER_LEAVING;
    bool is = said->state == MEMBER_JOINED || said->state == MEMBER_LEAVING;
    struct activity_room *room = room_of(model, said->room, said->room_name);
    struct activity_person *person =
        room && is != was ? person_of(model, room, said->session.user) : NULL;
    if (!person) {
        return;
    }
    person->own = true;
    if (is) {
        person->sessions++;
    } else if (person->sessions > 0) {
        person->sessions--;
    }
    struct slice reason = said->assumed ? slice_of("assumed") : said->reason;
    note_presence(model, room, person, change, reason);
}

/* Comes before what the room agrees on: was that a notice, or a list in a join reply? */
static void take_roster(struct activity_model *model, const struct change *change)
{
    const struct roster_change *said = &change->as.roster;
    struct activity_room *room = room_of(model, said->room, said->room_name);
    struct activity_person *person = room ? person_of(model, room, said->user) : NULL;
    if (person) {
        person->listed = !said->notice;
    }
}

static void take_participant(struct activity_model *model, const struct change *change)
{
    const struct participant_change *said = &change->as.participant;
    struct activity_room *room = room_of(model, said->room, said->room_name);
    struct activity_person *person = room ? person_of(model, room, said->user) : NULL;
    if (person) {
        person->agreed = said->present;
        note_presence(model, room, person, change, slice_of(""));
    }
}

/* ---- posts ---- */

static struct activity *post_of(struct activity_model *model, const struct change *change,
                                struct activity_room *room)
{
    const struct post_change *said = &change->as.post;
    struct activity *post = map_find(&model->posts, map_number_key(&said->id));
    if (post) {
        return post;
    }
    bool captured = said->captured && said->post.record > 0;
    post = row_add(model, ACTIVITY_POSTED, captured ? &said->post : &change->origin, room,
                   person_of(model, room, said->author));
    if (!post) {
        return NULL;
    }
    post->time = said->posted_at != TIME_NONE ? said->posted_at : change->time;
    post->state = said->captured ? POST_SENT : POST_DELIVERED;
    post->words = arena_keep(&model->arena, said->text);
    post->file = said->file_link;
    if (said->state == POST_HISTORY) {
        post->time = said->ts != TIME_NONE ? said->ts : post->time;
        post->state = POST_HISTORY;
    }
    room->posts++;
    map_put(&model->posts, map_number_key(&said->id), post);
    return post;
}

/* One row for each reply that carries messages of a room's history. */
static void note_fetched(struct activity_model *model, const struct change *change,
                         struct activity_room *room)
{
    const struct origin *origin = &change->origin;
    struct activity *last = room->fetched;
    bool same = last && last->origin.input == origin->input &&
                last->origin.record == origin->record &&
                last->origin.stream_offset == origin->stream_offset;
    if (!same) {
        last = row_add(model, ACTIVITY_FETCHED, origin, room,
                       person_of(model, room, change->as.post.session.user));
        room->fetched = last;
    }
    if (last) {
        last->number++;
    }
}

static void take_post(struct activity_model *model, const struct change *change)
{
    const struct post_change *said = &change->as.post;
    struct activity_room *room = room_of(model, said->room, said->room_name);
    if (!room) {
        return;
    }
    if (said->state == POST_HISTORY) {
        note_fetched(model, change, room);
    }
    struct activity *post = post_of(model, change, room);
    if (!post) {
        return;
    }
    switch (said->state) {
    case POST_SENT: /* sent again after a refusal: waiting once more */
    case POST_ACCEPTED:
    case POST_REFUSED:
        post->state = said->state;
        break;
    case POST_DELIVERED:
        post->number++;
        break;
    default:
        break;
    }
}

void activity_model_change(struct activity_model *model, const struct change *change)
{
    switch (change->kind) {
    case CHANGE_MEMBERSHIP:
        take_membership(model, change);
        break;
    case CHANGE_ROSTER:
        take_roster(model, change);
        break;
    case CHANGE_PARTICIPANT:
        take_participant(model, change);
        break;
    case CHANGE_POST:
        take_post(model, change);
        break;
    case CHANGE_ROOM:
        if (change->as.room.source != ROOM_ENDED) {
            (void)room_of(model, change->as.room.uri, change->as.room.name);
        }
        break;
    default:
        break;
    }
}

/* ---- what is no chat ---- */

void activity_model_event(struct activity_model *model, const struct event *event)
{
    if (event->kind == EVENT_COVERAGE && event->as.coverage.kind == COVERAGE_GAP &&
        event->origin.time != TIME_NONE) {
        struct activity *row = row_add(model, ACTIVITY_GAP, &event->origin, NULL, NULL);
        if (row) {
            row->number = event->as.coverage.bytes;
        }
    }
}

void activity_model_finding(struct activity_model *model, const struct finding *finding)
{
    struct activity_room *room =
        finding->time == TIME_NONE ? NULL : room_of(model, finding->room, slice_of(""));
    if (!room) {
        return;
    }
    const struct origin none = {.time = finding->time};
    struct activity_person *person =
        finding->user.size > 0 ? person_of(model, room, finding->user) : NULL;
    struct activity *row =
        row_add(model, ACTIVITY_FINDING,
                finding->evidence_count > 0 ? &finding->evidence[0] : &none, room, person);
    if (row) {
        row->time = finding->time;
        row->rule = finding->rule;
        row->severity = finding->severity;
        row->number = finding->id;
        row->words = arena_keep(&model->arena, finding->message);
    }
}

/* ---- at the end ---- */

static int by_time(const void *a, const void *b)
{
    const struct activity *left = *(const struct activity *const *)a;
    const struct activity *right = *(const struct activity *const *)b;
    if (left->time != right->time) {
        return left->time < right->time ? -1 : 1;
    }
    return (left->order > right->order) - (left->order < right->order);
}

static void chain_of_person(struct activity *row)
{
    struct activity_person *person = row->person;
    if (person && person->last) {
        person->last->next_of_one = row;
    } else if (person) {
        person->first = row;
    }
    if (person) {
        person->last = row;
    }
}

static void chain_of_room(struct activity *row, size_t there)
{
    struct activity_room *room = row->room;
    bool in = row->kind == ACTIVITY_ENTERED || row->kind == ACTIVITY_LISTED;
    bool out = row->kind == ACTIVITY_LEFT && there > 0;
    row->there = in ? there + 1 : out ? there - 1 : there;
    room->most = row->there > room->most ? row->there : room->most;
    if (room->last) {
        room->last->next = row;
    } else {
        room->first = row;
    }
    room->last = row;
}

void activity_model_settle(struct activity_model *model)
{
    if (model->count > 1) {
        qsort(model->rows, model->count, sizeof(struct activity *), by_time);
    }
    for (size_t i = 0; i < model->count; i++) {
        struct activity *row = model->rows[i];
        if (row->room) {
            chain_of_room(row, row->room->last ? row->room->last->there : 0);
            chain_of_person(row);
        }
    }
}

enum activity_fate activity_fate_of(const struct activity *post)
{
    switch (post->state) {
    case POST_ACCEPTED:
        return FATE_ACCEPTED;
    case POST_REFUSED:
        return FATE_REFUSED;
    case POST_DELIVERED:
        return FATE_DELIVERED;
    case POST_HISTORY:
        return FATE_HISTORY;
    default:
        return FATE_UNANSWERED;
    }
}

const char *activity_fate_name(enum activity_fate fate)
{
    static const char *const names[FATES] = {
        [FATE_ACCEPTED] = "accepted", [FATE_DELIVERED] = "delivered-only",
        [FATE_HISTORY] = "history",   [FATE_UNANSWERED] = "unanswered",
        [FATE_REFUSED] = "refused",
    };
    return names[fate];
}

const char *activity_kind_name(enum activity_kind kind)
{
    static const char *const names[] = {
        [ACTIVITY_ENTERED] = "entered", [ACTIVITY_LISTED] = "listed",
        [ACTIVITY_LEFT] = "left",       [ACTIVITY_POSTED] = "posted",
        [ACTIVITY_FETCHED] = "fetched", [ACTIVITY_FINDING] = "finding",
        [ACTIVITY_GAP] = "gap",
    };
    return names[kind];
}
