/*
 * What the chat report keeps of a run. See chat_model.h.
 */
#include "reports/chat_model.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/engine/buffer.h"

void chat_model_init(struct chat_model *model, struct map_seed seed, const struct limits *limits)
{
    *model = (struct chat_model){.limits = *limits, .seed = seed};
    arena_init(&model->arena);
    map_init(&model->rooms, seed);
    map_init(&model->messages, seed);
    map_init(&model->sessions, seed);
    map_init_numbers(&model->files, seed);
}

static void person_free(void *value)
{
    struct chat_person *person = value;
    free(person->stays);
    free(person);
}

static void room_free(void *value)
{
    struct chat_room_row *room = value;
    slice_drop(&room->name);
    slice_drop(&room->old_name);
    slice_drop(&room->topic);
    slice_drop(&room->description);
    slice_drop(&room->visibility);
    map_dispose(&room->followers, NULL);
    map_dispose(&room->people, person_free);
    free(room->messages);
    free(room->moves);
    free(room);
}

static void message_free(void *value)
{
    struct chat_message *message = value;
    free(message->deliveries);
    free(message->expected);
    free(message);
}

static void session_free(void *value)
{
    struct chat_session_row *session = value;
    slice_drop(&session->service);
    slice_drop(&session->reason);
    map_dispose(&session->rooms, NULL);
    map_dispose(&session->call_ids, NULL);
    free(session);
}

void chat_model_dispose(struct chat_model *model)
{
    map_dispose(&model->rooms, room_free);
    map_dispose(&model->messages, message_free);
    map_dispose(&model->sessions, session_free);
    map_dispose(&model->files, free);
    arena_dispose(&model->arena);
}

/* Room for one more row? */
static bool has_room(struct chat_model *model)
{
    if (model->rows >= model->limits.report_rows) {
        model->beyond++;
        return false;
    }
    model->rows++;
    return true;
}

static struct chat_room_row *room_of(struct chat_model *model, struct slice uri)
{
    struct chat_room_row *room = map_find(&model->rooms, uri);
    if (room || uri.size == 0 || !has_room(model)) {
        return room;
    }
    room = memory_zero(1, sizeof *room);
    map_init(&room->people, model->seed);
    map_init(&room->followers, model->seed);
    room->uri = map_put(&model->rooms, uri, room)->key;
    return room;
}

static void name_room(struct chat_room_row *room, struct slice name)
{
    if (name.size > 0) {
        slice_replace(&room->name, name);
    }
}

static struct chat_person *person_of(struct chat_model *model, struct chat_room_row *room,
                                     struct slice user)
{
    struct chat_person *person = map_find(&room->people, user);
    if (person || user.size == 0 || !has_room(model)) {
        return person;
    }
    person = memory_zero(1, sizeof *person);
    person->came = TIME_NONE;
    person->went = TIME_NONE;
    person->user = map_put(&room->people, user, person)->key;
    return person;
}

static struct chat_session_row *session_of(struct chat_model *model, const struct session_ref *ref)
{
    struct buffer key;
    buffer_init(&key, SIZE_MAX);
    buffer_append(&key, ref->user);
    buffer_append_byte(&key, '\0');
    buffer_append(&key, ref->epid);
    struct chat_session_row *session = map_find(&model->sessions, buffer_slice(&key));
    if (!session && has_room(model)) {
        session = memory_zero(1, sizeof *session);
        session->user = arena_keep(&model->arena, ref->user);
        session->epid = arena_keep(&model->arena, ref->epid);
        session->start = TIME_NONE;
        session->end = TIME_NONE;
        session->from_start = ref->from_start;
        map_init(&session->call_ids, model->seed);
        map_init(&session->rooms, model->seed);
        map_put(&model->sessions, buffer_slice(&key), session);
    }
    buffer_dispose(&key);
    return session;
}

/* Notes the dialog; is it the session's latest? What an earlier one still says is late. */
static bool note_call_id(struct chat_model *model, struct chat_session_row *session,
                         struct slice call_id)
{
    const struct map_entry *entry = map_find_entry(&session->call_ids, call_id);
    if (entry) {
        return entry == session->call_ids.last;
    }
    if (has_room(model)) {
        map_put(&session->call_ids, call_id, session);
    }
    return true;
}

static bool is_over(enum session_state state)
{
    return state == SESSION_CLOSED || state == SESSION_REFUSED;
}

static void take_session(struct chat_model *model, const struct change *change)
{
    const struct session_change *said = &change->as.session;
    struct chat_session_row *session = session_of(model, &said->session);
    if (!session) {
        return;
    }
    if (session->start == TIME_NONE) {
        session->start = change->time;
    }
    if (!note_call_id(model, session, said->session.call_id)) {
        return;
    }
    session->state = said->state;
    session->end = is_over(said->state) ? change->time : TIME_NONE;
    slice_replace(&session->reason, said->reason);
    if (said->service.size > 0) {
        slice_replace(&session->service, said->service);
    }
}

/* The user entered or left, as this change shows. */
static void note_move(struct chat_person *person, const struct change *change, bool came)
{
    *(came ? &person->came : &person->went) = change->time;
    struct origin *by = came ? &person->came_by : &person->went_by;
    *by = change->origin;
    by->row = NULL;
}

static void add_move(struct chat_model *model, struct chat_room_row *room,
                     const struct chat_move *move)
{
    if (!has_room(model)) {
        return;
    }
    if (room->move_count == room->move_capacity) {
        room->move_capacity = room->move_capacity > 0 ? room->move_capacity * 2 : 8;
        room->moves = memory_grow(room->moves, room->move_capacity, sizeof *room->moves);
    }
    room->moves[room->move_count++] = *move;
}

static void start_stay(struct chat_model *model, struct chat_person *person, int64_t time)
{
    if (!has_room(model)) {
        return;
    }
    if (person->stay_count == person->stay_capacity) {
        person->stay_capacity = person->stay_capacity > 0 ? person->stay_capacity * 2 : 2;
        person->stays = memory_grow(person->stays, person->stay_capacity, sizeof *person->stays);
    }
    person->stays[person->stay_count++] = (struct chat_stay){.from = time, .to = TIME_NONE};
}

/* The first of a user's sessions came into the room, or the last one went. */
static void note_stay(struct chat_model *model, struct chat_room_row *room,
                      struct chat_person *person, const struct change *change)
{
    const struct membership_change *said = &change->as.membership;
    struct chat_move move = {.time = change->time, .person = person, .came = person->sessions > 0};
    if (move.came) {
        start_stay(model, person, change->time);
    } else if (person->stay_count > 0) {
        struct chat_stay *stay = &person->stays[person->stay_count - 1];
        stay->to = change->time;
        stay->end = arena_keep(&model->arena,
                               said->reason.size > 0 ? said->reason : (struct slice)SLICE("left"));
        move.end = stay->end;
    }
    add_move(model, room, &move);
}

static void take_membership(struct chat_model *model, const struct change *change)
{
    const struct membership_change *said = &change->as.membership;
    struct chat_room_row *room = room_of(model, said->room);
    struct chat_session_row *session = session_of(model, &said->session);
    if (!room || !session) {
        return;
    }
    name_room(room, said->room_name);
    bool was = said->from == MEMBER_JOINED || said->from == MEMBER_LEAVING;
    bool is = said->state == MEMBER_JOINED || said->state == MEMBER_LEAVING;
    struct chat_person *person = is || was ? person_of(model, room, said->session.user) : NULL;
    if (person && is != was) {
        person->sessions = is                     ? person->sessions + 1
                           : person->sessions > 0 ? person->sessions - 1
                                                  : 0;
        person->was_there = person->was_there || is;
        person->own = true;
        if (person->sessions == is) {
            note_stay(model, room, person, change);
        }
        if (!said->assumed && person->sessions == is) {
            note_move(person, change, is);
        }
    }
    if (is) {
        map_put(&session->rooms, said->room, room);
    } else if (!is_over(session->state)) {
        /* A session keeps the rooms that were joined when it ended. */
        (void)map_remove(&session->rooms, said->room);
    }
}

static void take_roster(struct chat_model *model, const struct change *change)
{
    const struct roster_change *said = &change->as.roster;
    struct chat_room_row *room = room_of(model, said->room);
    struct chat_person *person = room ? person_of(model, room, said->user) : NULL;
    if (person) {
        name_room(room, said->room_name);
        if (said->notice && person->in_roster != said->present) {
            const struct chat_move move = {
                .time = change->time, .person = person, .came = said->present, .notice = true};
            add_move(model, room, &move);
        }
        person->in_roster = said->present;
        person->was_there = person->was_there || said->present;
        if (said->has_mask) {
            person->mask = said->mask;
            person->has_mask = true;
        }
        /* The first notice counts; who has a session of its own is seen by that. */
        bool out = person->came == TIME_NONE || person->went >= person->came;
        bool in = person->went == TIME_NONE || person->went < person->came;
        if (said->notice && said->before != said->present && !person->own &&
            (said->present ? out : in)) {
            note_move(person, change, said->present);
        }
    }
}

/* Who should get a copy: everybody whose joined session is captured. */
static void note_expected(struct chat_model *model, const struct chat_room_row *room,
                          struct chat_message *message)
{
    for (struct map_entry *entry = room->people.first; entry; entry = entry->next) {
        const struct chat_person *person = entry->value;
        if (person->sessions > 0 && has_room(model)) {
            message->expected = memory_grow(message->expected, message->expected_count + 1,
                                            sizeof *message->expected);
            message->expected[message->expected_count++] = person->user;
        }
    }
}

static struct chat_message *message_of(struct chat_model *model, const struct change *change)
{
    const struct post_change *said = &change->as.post;
    struct chat_message *message = map_find(&model->messages, map_number_key(&said->id));
    struct chat_room_row *room = message ? NULL : room_of(model, said->room);
    if (message || !room || !has_room(model)) {
        return message;
    }
    message = memory_zero(1, sizeof *message);
    message->id = said->id;
    message->time = said->posted_at != TIME_NONE ? said->posted_at : change->time;
    if (said->state == POST_HISTORY && said->ts != TIME_NONE) {
        message->time = said->ts;
    }
    message->author = arena_keep(&model->arena, said->author);
    message->text = arena_keep(&model->arena, said->text);
    message->file_link = said->file_link;
    message->state = said->captured ? POST_SENT : POST_DELIVERED;
    message->origin = said->captured && said->post.record > 0 ? said->post : change->origin;
    message->origin.row = NULL;
    if (said->state == POST_HISTORY) {
        message->state = POST_HISTORY;
    }
    name_room(room, said->room_name);
    if (room->message_count == room->message_capacity) {
        room->message_capacity = room->message_capacity > 0 ? room->message_capacity * 2 : 16;
        room->messages =
            memory_grow(room->messages, room->message_capacity, sizeof(struct chat_message *));
    }
    room->messages[room->message_count++] = message;
    map_put(&model->messages, map_number_key(&said->id), message);
    if (message->state != POST_HISTORY) {
        note_expected(model, room, message);
    }
    return message;
}

static void add_delivery(struct chat_model *model, struct chat_message *message,
                         const struct change *change)
{
    const struct post_change *said = &change->as.post;
    if (!has_room(model)) {
        return;
    }
    if (message->delivery_count == message->delivery_capacity) {
        message->delivery_capacity =
            message->delivery_capacity > 0 ? message->delivery_capacity * 2 : 4;
        message->deliveries = memory_grow(message->deliveries, message->delivery_capacity,
                                          sizeof *message->deliveries);
    }
    message->deliveries[message->delivery_count++] = (struct chat_delivery){
        .user = arena_keep(&model->arena, said->session.user),
        .call_id = arena_keep(&model->arena, said->session.call_id),
        .time = change->time,
        .duplicate = said->state == POST_DUPLICATE,
        .edited = said->edited,
    };
}

static void take_post(struct chat_model *model, const struct change *change)
{
    const struct post_change *said = &change->as.post;
    struct chat_message *message = message_of(model, change);
    if (!message) {
        return;
    }
    switch (said->state) {
    case POST_ACCEPTED:
        message->state = POST_ACCEPTED;
        break;
    case POST_REFUSED:
        message->state = POST_REFUSED;
        break;
    case POST_DELIVERED:
    case POST_DUPLICATE:
        add_delivery(model, message, change);
        break;
    case POST_HISTORY:
        message->stored = true;
        break;
    case POST_SENT: /* sent again after a refusal: waiting once more */
        message->state = POST_SENT;
        break;
    default:
        break;
    }
}

static void take_room(struct chat_model *model, const struct change *change)
{
    const struct room_change *said = &change->as.room;
    struct chat_room_row *room = said->source == ROOM_ENDED ? NULL : room_of(model, said->uri);
    if (!room) {
        return;
    }
    name_room(room, said->name);
    if (said->old_name.size > 0) {
        slice_replace(&room->old_name, said->old_name);
    }
    const struct {
        struct slice *known;
        struct slice told;
    } words[] = {
        {&room->topic, said->topic},
        {&room->description, said->description},
        {&room->visibility, said->visibility},
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (words[i].told.size > 0) {
            slice_replace(words[i].known, words[i].told);
        }
    }
    room->file_post = said->file_post != SAID_NOTHING ? said->file_post : room->file_post;
    room->invites = said->invites != SAID_NOTHING ? said->invites : room->invites;
    room->logged = said->logged != SAID_NOTHING ? said->logged : room->logged;
    room->suspended = said->suspended;
}

static void take_participant(struct chat_model *model, const struct change *change)
{
    const struct participant_change *said = &change->as.participant;
    struct chat_room_row *room = room_of(model, said->room);
    struct chat_person *person = room ? person_of(model, room, said->user) : NULL;
    if (person) {
        person->agreed = said->present;
        person->disputed = said->disagree > 0;
    }
}

static void take_follow(struct chat_model *model, const struct change *change)
{
    const struct follow_change *said = &change->as.follow;
    struct chat_room_row *room = room_of(model, said->room);
    if (room && room->name.size == 0) {
        name_room(room, said->room_name);
    }
    if (room && !said->follows) {
        (void)map_remove(&room->followers, said->user);
    } else if (room && (map_find(&room->followers, said->user) || has_room(model))) {
        map_put(&room->followers, said->user, room);
    }
}

/* What the file is called that a message links to. */
static void take_file(struct chat_model *model, const struct file_change *file)
{
    struct chat_message *message =
        file->state == FILE_POSTED ? map_find(&model->messages, map_number_key(&file->post)) : NULL;
    if (message && file->name.size > 0) {
        message->file = arena_keep(&model->arena, file->name);
    }
}

void chat_model_take(struct chat_model *model, const struct change *change)
{
    switch (change->kind) {
    case CHANGE_SESSION:
        take_session(model, change);
        break;
    case CHANGE_ROOM:
        take_room(model, change);
        break;
    case CHANGE_PARTICIPANT:
        take_participant(model, change);
        break;
    case CHANGE_FOLLOW:
        take_follow(model, change);
        break;
    case CHANGE_MEMBERSHIP:
        take_membership(model, change);
        break;
    case CHANGE_ROSTER:
        take_roster(model, change);
        break;
    case CHANGE_POST:
        take_post(model, change);
        break;
    case CHANGE_FILE: {
        struct chat_room_row *room = room_of(model, change->as.file.room);
        chat_files_take(model, room ? &room->files : &model->loose, change);
        take_file(model, &change->as.file);
        break;
    }
    default:
        break;
    }
}

const char *chat_message_state_name(const struct chat_message *message)
{
    switch (message->state) {
    case POST_ACCEPTED:
        return "accepted";
    case POST_REFUSED:
        return "refused";
    case POST_DELIVERED:
        return "delivered-only";
    case POST_HISTORY:
        return "history";
    default:
        return "unanswered";
    }
}
