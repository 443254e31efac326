/*
 * Both sides of the comparison with exports, as they come in. See archive.h; what belongs
 * together is found by archive_match.c.
 */
#include "analyzer/audit/archive.h"

#include <stdlib.h>
#include <string.h>

/* A user in a room, whoever says so. */
struct guest {
    unsigned sessions; /* captured ones, now */
    bool told;         /* another session was told so, and not that the user left since */
};

static void row_of_event(void *context, const struct compliance_event *event);
static void row_amend(void *context, const struct compliance_event *event);

void archive_init(struct archive *archive, struct map_seed seed, const struct limits *limits)
{
    const struct compliance_sink sink = {archive, row_of_event, row_amend};
    *archive = (struct archive){
        .seed = seed,
        .limit = limits->compliance_rows,
        .start = TICKS_NONE,
        .end = TICKS_NONE,
    };
    arena_init(&archive->arena);
    buffer_init(&archive->text, SIZE_MAX);
    map_init(&archive->rooms, seed);
    map_init(&archive->guests, seed);
    map_init(&archive->open, seed);
    map_init_numbers(&archive->posts, seed);
    compliance_view_init(&archive->view, seed, limits, &sink);
}

static void room_free(void *value)
{
    struct archive_room *room = value;
    slice_drop(&room->name);
    free(room);
}

void archive_dispose(struct archive *archive)
{
    compliance_view_dispose(&archive->view);
    map_dispose(&archive->posts, NULL);
    map_dispose(&archive->open, NULL);
    map_dispose(&archive->guests, NULL);
    map_dispose(&archive->rooms, room_free);
    free(archive->told.all);
    free(archive->seen.all);
    buffer_dispose(&archive->text);
    arena_dispose(&archive->arena);
}

/* ---- rooms and rows ---- */

static bool has_place(struct archive *archive, size_t used)
{
    if (used < archive->limit) {
        return true;
    }
    archive->refused++;
    return false;
}

/* NULL when the table is full. */
static struct archive_room *room_of(struct archive *archive, struct slice uri)
{
    struct archive_room *room = map_find(&archive->rooms, uri);
    if (!room && uri.size > 0 && has_place(archive, archive->rooms.count)) {
        room = memory_zero(1, sizeof *room);
        room->number = archive->rooms.count + 1;
        room->uri = map_put(&archive->rooms, uri, room)->key;
    }
    return room;
}

static void name_room(struct archive_room *room, struct slice name)
{
    if (room && name.size > 0) {
        slice_replace(&room->name, name);
    }
}

static void rows_add(struct archive_rows *rows, struct archive_row *row)
{
    if (rows->count == rows->capacity) {
        rows->capacity = rows->capacity > 0 ? rows->capacity * 2 : 64;
        rows->all = memory_grow(rows->all, rows->capacity, sizeof(struct archive_row *));
    }
    rows->all[rows->count++] = row;
}

/* What is compared of a content: 0 for kinds that have none, or none that the sources tell. */
static uint64_t text_of(struct archive *archive, const struct compliance_event *event)
{
    if (event->kind == COMPLIANCE_JOIN || event->kind == COMPLIANCE_PART ||
        event->kind == COMPLIANCE_BACKCHAT) {
        return 0;
    }
    buffer_clear(&archive->text);
    compliance_fold(event->content, &archive->text);
    return map_hash(archive->seed, buffer_slice(&archive->text)) | 1;
}

/* NULL when there is no place. */
static struct archive_row *keep_row(struct archive *archive, struct archive_rows *rows,
                                    const struct compliance_event *event)
{
    struct archive_room *room = room_of(archive, event->room);
    if (!room || !has_place(archive, rows->count)) {
        return NULL;
    }
    struct archive_row *row = arena_alloc(&archive->arena, sizeof *row);
    name_room(room, event->room_name);
    *row = (struct archive_row){
        .kind = event->kind,
        .room = room,
        .user = arena_keep_lower(&archive->arena, event->user),
        .call_id = arena_keep(&archive->arena, event->call_id),
        .text = text_of(archive, event),
        .post = event->post,
        .ticks = event->ticks,
        .origin = event->origin,
        .exact = event->service_time,
        .proven = event->proven,
        .marked_up = event->marked_up,
    };
    row->origin.row = NULL;
    rows_add(rows, row);
    return row;
}

/* ---- the exports ---- */

static void span(struct archive *archive, int64_t ticks)
{
    if (ticks == TICKS_NONE) {
        return;
    }
    if (archive->start == TICKS_NONE || ticks < archive->start) {
        archive->start = ticks;
    }
    if (ticks > archive->end) {
        archive->end = ticks;
    }
}

void archive_file(struct archive *archive)
{
    archive->given = true;
    archive->file_room = NULL;
}

void archive_channel(struct archive *archive, const struct compliance_channel *channel)
{
    struct archive_room *room = room_of(archive, channel->uri);
    span(archive, channel->start);
    span(archive, channel->end);
    if (!room) {
        archive->torn = true;
        return;
    }
    name_room(room, channel->name);
    room->archived = true;
    room->unlogged = room->unlogged || channel->logged == SAID_NO;
    archive->several = archive->several || (archive->file_room && archive->file_room != room);
    archive->file_room = room;
}

void archive_told(struct archive *archive, const struct compliance_event *event)
{
    span(archive, event->ticks);
    archive->kinds[event->kind] = true;
    if (!keep_row(archive, &archive->told, event)) {
        archive->torn = true; /* what is missing here would seem to be missing there */
    }
}

void archive_file_end(struct archive *archive, bool whole)
{
    archive->torn = archive->torn || !whole;
}

/* ---- the capture ---- */

/* "room number, user": made in the scratch buffer. */
static struct slice guest_key(struct archive *archive, const struct archive_room *room,
                              struct slice user)
{
    buffer_clear(&archive->text);
    buffer_append(&archive->text, map_number_key(&room->number));
    for (size_t i = 0; i < user.size; i++) {
        buffer_append_byte(&archive->text, ascii_lower(user.data[i]));
    }
    return buffer_slice(&archive->text);
}

static struct guest *guest_of(struct archive *archive, const struct archive_room *room,
                              struct slice user)
{
    struct slice key = guest_key(archive, room, user);
    struct guest *guest = map_find(&archive->guests, key);
    if (!guest && has_place(archive, archive->guests.count)) {
        guest = arena_zero(&archive->arena, 1, sizeof *guest);
        map_put(&archive->guests, key, guest);
    }
    return guest;
}

/* With another endpoint in the room it is not known what the service makes of this one. */
static bool is_alone(struct archive *archive, const struct archive_room *room,
                     const struct compliance_event *event)
{
    const struct guest *guest = map_find(&archive->guests, guest_key(archive, room, event->user));
    return !guest || (event->kind == COMPLIANCE_JOIN ? guest->sessions == 0 && !guest->told
                                                     : guest->sessions <= 1);
}

static void row_of_event(void *context, const struct compliance_event *event)
{
    struct archive *archive = context;
    struct archive_row *row = keep_row(archive, &archive->seen, event);
    if (!row) {
        return;
    }
    if (event->kind == COMPLIANCE_JOIN || event->kind == COMPLIANCE_PART) {
        row->proven = row->proven && is_alone(archive, row->room, event);
    }
    if (event->post != 0) {
        map_put(&archive->posts, map_number_key(&event->post), row);
    }
}

static void row_amend(void *context, const struct compliance_event *event)
{
    struct archive *archive = context;
    struct archive_row *row = map_find(&archive->posts, map_number_key(&event->post));
    if (row) {
        row->ticks = event->ticks;
        row->exact = event->service_time;
        row->marked_up = event->marked_up;
    }
}

static bool is_in(enum membership_state state)
{
    return state == MEMBER_JOINED || state == MEMBER_LEAVING;
}

static void stay_begins(struct archive *archive, struct archive_room *room, struct slice key,
                        const struct sessions *sessions, const struct change *change)
{
    const struct membership_change *said = &change->as.membership;
    const struct session *session = seen_sessions_find(sessions, said->session.id);
    if (!has_place(archive, archive->open.count)) {
        return;
    }
    struct stay *stay = arena_zero(&archive->arena, 1, sizeof *stay);
    stay->user = arena_keep_lower(&archive->arena, said->session.user);
    stay->from = change->time;
    stay->until = INT64_MAX;
    stay->assumed = said->assumed;
    stay->next = room->stays;
    room->stays = stay;
    if (session) {
        stay->route_count = session->route_count;
        memcpy(stay->routes, session->routes, sizeof stay->routes);
    }
    map_put(&archive->open, key, stay);
}

static void take_membership(struct archive *archive, const struct sessions *sessions,
                            const struct change *change)
{
    const struct membership_change *said = &change->as.membership;
    bool was = is_in(said->from);
    bool is = is_in(said->state);
    struct archive_room *room = was != is ? room_of(archive, said->room) : NULL;
    struct guest *guest = room ? guest_of(archive, room, said->session.user) : NULL;
    if (!guest) {
        return;
    }
    name_room(room, said->room_name);
    guest->sessions = is ? guest->sessions + 1 : guest->sessions - (guest->sessions > 0);
    const uint64_t pair[] = {said->session.id, room->number};
    struct slice key = {(const char *)pair, sizeof pair};
    if (is) {
        stay_begins(archive, room, key, sessions, change);
    } else {
        struct stay *stay = map_remove(&archive->open, key);
        if (stay) {
            stay->until = change->time;
        }
    }
}

/* A session is listed among those it is told of: that says nothing new. */
static void take_roster(struct archive *archive, const struct change *change)
{
    const struct roster_change *said = &change->as.roster;
    struct archive_room *room = room_of(archive, said->room);
    if (!room) {
        return;
    }
    room->suspended = room->suspended || said->suspended;
    if (!slice_equal_nocase(said->user, said->session.user)) {
        struct guest *guest = guest_of(archive, room, said->user);
        if (guest) {
            guest->told = said->present;
        }
    }
}

static void take_room(struct archive *archive, const struct change *change)
{
    const struct room_change *said = &change->as.room;
    struct archive_room *room = room_of(archive, said->uri);
    if (room) {
        name_room(room, said->name);
        room->unlogged = room->unlogged || said->logged == SAID_NO;
        room->suspended = room->suspended || said->suspended;
    }
}

void archive_event(struct archive *archive, const struct event *event)
{
    if (archive->given) {
        compliance_view_event(&archive->view, event);
    }
}

void archive_change(struct archive *archive, const struct sessions *sessions,
                    const struct change *change)
{
    if (!archive->given) {
        return;
    }
    compliance_view_change(&archive->view, change); /* asks who was there before */
    switch (change->kind) {
    case CHANGE_MEMBERSHIP:
        take_membership(archive, sessions, change);
        break;
    case CHANGE_ROSTER:
        take_roster(archive, change);
        break;
    case CHANGE_ROOM:
        take_room(archive, change);
        break;
    default:
        break;
    }
}
