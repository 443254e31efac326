/*
 * Open chat sessions and their rooms. See sessions.h.
 */
#include "analyzer/audit/sessions.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/audit/subject.h"
#include "analyzer/engine/arena.h"

enum { ROOM_KEY_MAX = 1024 };

void seen_sessions_init(struct sessions *sessions, struct map_seed seed,
                        const struct limits *limits)
{
    *sessions = (struct sessions){.limit = limits->sessions, .member_limit = limits->expectations};
    map_init_numbers(&sessions->sessions, seed);
    map_init(&sessions->users, seed);
    map_init(&sessions->places, seed);
    map_init(&sessions->members, seed);
}

static void membership_end(struct sessions *sessions, struct membership *member)
{
    struct chat_place *place = member->place;
    *(member->previous ? &member->previous->next : &place->first) = member->next;
    *(member->next ? &member->next->previous : &place->last) = member->previous;
    *(member->session_previous ? &member->session_previous->session_next
                               : &member->session->memberships) = member->session_next;
    if (member->session_next) {
        member->session_next->session_previous = member->session_previous;
    }
    if (!place->first) {
        map_remove_entry(&sessions->places, place->entry);
        free(place);
    }
    map_remove_entry(&sessions->members, member->entry);
    free(member);
}

static void leave_all(struct sessions *sessions, struct session *session)
{
    while (session->memberships) {
        membership_end(sessions, session->memberships);
    }
}

static void user_gains(struct sessions *sessions, struct session *session)
{
    struct session *other = map_find(&sessions->users, session->user);
    session->user_next = other;
    if (other) {
        other->user_previous = session;
    }
    map_put(&sessions->users, session->user, session);
}

static void user_loses(struct sessions *sessions, struct session *session)
{
    struct session *next = session->user_next;
    if (next) {
        next->user_previous = session->user_previous;
    }
    if (session->user_previous) {
        session->user_previous->user_next = next;
    } else if (next) {
        map_put(&sessions->users, session->user, next);
    } else {
        map_remove(&sessions->users, session->user);
    }
}

static void session_end(struct sessions *sessions, struct session *session)
{
    leave_all(sessions, session);
    user_loses(sessions, session);
    map_remove_entry(&sessions->sessions, session->entry);
    memory_release(session->user);
    memory_release(session->call_id);
    memory_release(session->service);
    free(session);
}

void seen_sessions_dispose(struct sessions *sessions)
{
    while (sessions->sessions.first) {
        session_end(sessions, sessions->sessions.first->value);
    }
    map_dispose(&sessions->sessions, NULL);
    map_dispose(&sessions->users, NULL);
    map_dispose(&sessions->places, NULL);
    map_dispose(&sessions->members, NULL);
}

struct session *seen_sessions_find(const struct sessions *sessions, uint64_t id)
{
    return map_find(&sessions->sessions, map_number_key(&id));
}

bool seen_sessions_other(const struct sessions *sessions, struct slice user, uint64_t except)
{
    const struct session *session = map_find(&sessions->users, user);
    while (session && (session->id == except || session->lookup)) {
        session = session->user_next;
    }
    return session != NULL;
}

static struct session *session_start(struct sessions *sessions, const struct change *change,
                                     const struct session_ref *ref)
{
    if (sessions->sessions.count >= sessions->limit) {
        sessions->refused++;
        return NULL;
    }
    struct session *session = memory_zero(1, sizeof *session);
    session->id = ref->id;
    session->user = memory_keep(ref->user);
    session->since = change->time;
    session->state = SESSION_UNKNOWN;
    session->entry = map_put(&sessions->sessions, map_number_key(&ref->id), session);
    user_gains(sessions, session);
    return session;
}

static const struct session_ref *session_of(const struct change *change)
{
    switch (change->kind) {
    case CHANGE_SESSION:
        return &change->as.session.session;
    case CHANGE_MEMBERSHIP:
        return &change->as.membership.session;
    case CHANGE_COMMAND:
        return &change->as.command.session;
    case CHANGE_POST:
        return &change->as.post.session;
    default:
        return NULL;
    }
}

static void learn(struct session *session, const struct change *change,
                  const struct session_ref *ref)
{
    session->lookup = ref->lookup;
    session->from_start = ref->from_start;
    slice_replace(&session->call_id, ref->call_id);
    if (change->kind == CHANGE_SESSION && change->as.session.service.size > 0) {
        slice_replace(&session->service, change->as.session.service);
    }
    const struct message *message = change->message;
    if (!message) {
        return;
    }
    session_learn_route(session->routes, &session->route_count, session->user, message);
    if (message->request && slice_equal(message->from.user, session->user) &&
        slice_find_nocase(message->user_agent, (struct slice)SLICE("sipe")) != SLICE_NONE) {
        session->sipe = true;
    }
}

static struct chat_place *place_of(struct sessions *sessions, struct slice room)
{
    struct chat_place *place = map_find(&sessions->places, room);
    if (!place) {
        place = memory_zero(1, sizeof *place);
        place->entry = map_put(&sessions->places, room, place);
    }
    return place;
}

struct room_key {
    char bytes[sizeof(uint64_t) + ROOM_KEY_MAX];
};

static struct slice room_key(struct room_key *key, uint64_t session, struct slice room)
{
    size_t size = room.size < ROOM_KEY_MAX ? room.size : ROOM_KEY_MAX;
    memcpy(key->bytes, &session, sizeof session);
    if (size > 0) {
        memcpy(key->bytes + sizeof session, room.data, size);
    }
    return (struct slice){key->bytes, sizeof session + size};
}

static void join(struct sessions *sessions, struct session *session, struct slice room,
                 int64_t time)
{
    if (seen_sessions_joined(sessions, session->id, room)) {
        return;
    }
    if (sessions->members.count >= sessions->member_limit) {
        sessions->refused++;
        return;
    }
    struct room_key key;
    struct chat_place *place = place_of(sessions, room);
    struct membership *member = memory_alloc(sizeof *member);
    *member = (struct membership){
        .session = session,
        .place = place,
        .since = time,
        .previous = place->last,
        .session_next = session->memberships,
    };
    *(place->last ? &place->last->next : &place->first) = member;
    place->last = member;
    if (session->memberships) {
        session->memberships->session_previous = member;
    }
    session->memberships = member;
    member->entry = map_put(&sessions->members, room_key(&key, session->id, room), member);
}

/* Changes of a session that has ended come after its end and open nothing. */
static bool opens(const struct change *change)
{
    switch (change->kind) {
    case CHANGE_SESSION:
        return change->as.session.state != SESSION_CLOSED &&
               change->as.session.state != SESSION_REFUSED;
    case CHANGE_MEMBERSHIP:
        return change->as.membership.state == MEMBER_JOINING ||
               change->as.membership.state == MEMBER_JOINED;
    case CHANGE_COMMAND:
        return change->as.command.state == COMMAND_SENT;
    case CHANGE_POST:
        return change->as.post.state == POST_SENT || change->as.post.state == POST_DELIVERED;
    default:
        return false;
    }
}

static void change_membership(struct sessions *sessions, struct session *session,
                              const struct change *change)
{
    const struct membership_change *given = &change->as.membership;
    if (given->state == MEMBER_JOINED && !given->assumed) {
        join(sessions, session, given->room, change->time);
        return;
    }
    struct room_key key;
    struct membership *member =
        map_find(&sessions->members, room_key(&key, session->id, given->room));
    if (member) {
        membership_end(sessions, member);
    }
}

static void change_state(struct sessions *sessions, struct session *session,
                         enum session_state state)
{
    session->state = state;
    if (state == SESSION_CLOSED || state == SESSION_REFUSED) {
        session_end(sessions, session);
    } else if (state != SESSION_CONNECTED) {
        leave_all(sessions, session);
    }
}

void seen_sessions_change(struct sessions *sessions, const struct change *change)
{
    const struct session_ref *ref = session_of(change);
    if (!ref) {
        return;
    }
    struct session *session = seen_sessions_find(sessions, ref->id);
    if (!session && (!opens(change) || !(session = session_start(sessions, change, ref)))) {
        return;
    }
    if (ref->lookup && !session->lookup && session->state != SESSION_UNKNOWN) {
        return; /* the short lookup dialog ends while the channel is already up */
    }
    learn(session, change, ref);
    if (change->kind == CHANGE_MEMBERSHIP) {
        change_membership(sessions, session, change);
    } else if (change->kind == CHANGE_SESSION) {
        change_state(sessions, session, change->as.session.state);
    }
}

const struct membership *seen_sessions_room(const struct sessions *sessions, struct slice room)
{
    const struct chat_place *place = map_find(&sessions->places, room);
    return place ? place->first : NULL;
}

const struct membership *seen_sessions_joined(const struct sessions *sessions, uint64_t session,
                                              struct slice room)
{
    struct room_key key;
    return map_find(&sessions->members, room_key(&key, session, room));
}

void session_learn_route(struct route routes[static SESSION_ROUTES], size_t *count,
                         struct slice client, const struct message *message)
{
    bool from_client = message->request == slice_equal(message->from.user, client);
    struct route route = route_of(&message->observed);
    if (from_client) {
        route = route_back(&route);
    }
    for (size_t i = 0; i < *count; i++) {
        if (route_equal(&routes[i], &route)) {
            return;
        }
    }
    if (*count < SESSION_ROUTES) {
        routes[(*count)++] = route;
    }
}

bool session_hears(const struct witness *witness, const struct route *routes, size_t count,
                   int64_t from, int64_t until)
{
    for (size_t i = 0; i < count; i++) {
        if (!witness_hears(witness, &routes[i], from, until)) {
            return false;
        }
    }
    return true;
}

bool session_heard(const struct witness *witness, const struct route *routes, size_t count,
                   int64_t from, int64_t until)
{
    for (size_t i = 0; i < count; i++) {
        struct route back = route_back(&routes[i]);
        if (!witness_hears(witness, &back, from, until)) {
            return false;
        }
    }
    return true;
}
