/*
 * The posts of a capture and the rows of looks, as they come in. See stored.h; what belongs
 * together is found by stored_match.c.
 */
#include "analyzer/audit/stored.h"

#include <stdlib.h>

#include "analyzer/audit/stored_look.h"

enum { URI_SIZE = 512 /* cmplChannelUri is nvarchar(255) */ };

static void take_event(void *context, const struct compliance_event *event);
static void amend_event(void *context, const struct compliance_event *event);

void stored_init(struct stored *stored, struct map_seed seed, const struct limits *limits)
{
    const struct compliance_sink sink = {stored, take_event, amend_event};
    *stored = (struct stored){.seed = seed, .limit = limits->compliance_rows};
    arena_init(&stored->arena);
    buffer_init(&stored->text, SIZE_MAX);
    map_init(&stored->rooms, seed);
    map_init_numbers(&stored->posts, seed);
    compliance_view_init(&stored->view, seed, limits, &sink);
}

void stored_dispose(struct stored *stored)
{
    compliance_view_dispose(&stored->view);
    for (size_t i = 0; i < stored->looks.count; i++) {
        map_dispose(&stored->looks.all[i]->ids, NULL);
        free(stored->looks.all[i]->entries);
        free(stored->looks.all[i]);
    }
    free(stored->looks.all);
    map_dispose(&stored->posts, NULL);
    map_dispose(&stored->rooms, NULL);
    buffer_dispose(&stored->text);
    arena_dispose(&stored->arena);
}

static uint64_t digest(struct stored *stored, struct slice text)
{
    buffer_clear(&stored->text);
    compliance_fold(text, &stored->text);
    return map_hash(stored->seed, buffer_slice(&stored->text));
}

/* ---- the capture ---- */

void stored_expect(struct stored *stored)
{
    stored->expected = true;
}

void stored_event(struct stored *stored, const struct event *event)
{
    if (stored->expected) {
        compliance_view_event(&stored->view, event);
    }
}

void stored_change(struct stored *stored, const struct change *change)
{
    if (stored->expected) {
        compliance_view_change(&stored->view, change);
    }
}

static struct stored_room *room_of(struct stored *stored, const struct compliance_event *event)
{
    struct stored_room *room = map_find(&stored->rooms, event->room);
    if (!room) {
        room = arena_zero(&stored->arena, 1, sizeof *room);
        room->uri = map_put(&stored->rooms, event->room, room)->key;
    }
    if (room->name.size == 0) {
        room->name = arena_keep(&stored->arena, event->room_name);
    }
    return room;
}

static void take_event(void *context, const struct compliance_event *event)
{
    struct stored *stored = context;
    if (event->kind != COMPLIANCE_CHAT || event->room.size == 0) {
        return;
    }
    if (stored->posts.count >= stored->limit) {
        stored->refused++;
        return;
    }
    struct stored_message *post = arena_zero(&stored->arena, 1, sizeof *post);
    *post = (struct stored_message){
        .room = room_of(stored, event),
        .user = arena_keep_lower(&stored->arena, event->user),
        .call_id = arena_keep(&stored->arena, event->call_id),
        .text = digest(stored, event->content),
        .post = event->post,
        .ticks = event->ticks,
        .origin = event->origin,
        .silent = event->marked_up || !event->proven,
    };
    post->origin.row = NULL;
    if (post->room->last) {
        post->room->last->next = post;
    } else {
        post->room->first = post;
    }
    post->room->last = post;
    map_put(&stored->posts, map_number_key(&post->post), post);
}

static void amend_event(void *context, const struct compliance_event *event)
{
    struct stored *stored = context;
    struct stored_message *post = map_find(&stored->posts, map_number_key(&event->post));
    if (post) {
        post->ticks = event->ticks;
        post->silent = post->silent || event->marked_up;
    }
}

/* ---- the looks ---- */

const struct map *stored_rooms(const struct stored *stored)
{
    return &stored->rooms;
}

int64_t stored_start(const struct stored *stored)
{
    int64_t start = INT64_MAX;
    for (const struct map_entry *entry = stored->posts.first; entry; entry = entry->next) {
        const struct stored_message *post = entry->value;
        start = post->ticks < start ? post->ticks : start;
    }
    return start;
}

void stored_look(struct stored *stored, struct slice server, int64_t time)
{
    struct stored_looks *looks = &stored->looks;
    if (looks->count == looks->capacity) {
        looks->capacity = looks->capacity > 0 ? looks->capacity * 2 : 4;
        looks->all = memory_grow(looks->all, looks->capacity, sizeof *looks->all);
    }
    struct stored_look *look = memory_zero(1, sizeof *look);
    look->server = arena_keep_lower(&stored->arena, server);
    look->shown = arena_keep(&stored->arena, server);
    look->time = time;
    map_init(&look->ids, stored->seed);
    looks->all[looks->count++] = look;
}

static struct slice without_scheme(struct slice uri)
{
    struct slice rest = slice_trim(uri);
    return slice_starts_nocase(rest, slice_of("sip:")) ? slice_from(rest, 4) : rest;
}

void stored_told(struct stored *stored, const struct stored_row *row)
{
    struct stored_look *look = stored->looks.all[stored->looks.count - 1];
    char lower[URI_SIZE];
    struct slice uri = slice_lower(lower, sizeof lower, slice_trim(row->room));
    struct stored_room *room = map_find(&stored->rooms, uri);
    if (!room) {
        return;
    }
    if (stored->rows >= stored->limit) {
        stored->refused++;
        look->torn = true;
        return;
    }
    if (look->count == look->capacity) {
        look->capacity = look->capacity > 0 ? look->capacity * 2 : 64;
        look->entries = memory_grow(look->entries, look->capacity, sizeof *look->entries);
    }
    struct stored_entry *entry = arena_zero(&stored->arena, 1, sizeof *entry);
    *entry = (struct stored_entry){
        .id = row->id,
        .type = row->type,
        .room = room,
        .user = arena_keep_lower(&stored->arena, without_scheme(row->user)),
        .text = digest(stored, row->text),
        .ticks = row->ticks,
    };
    look->entries[look->count++] = entry;
    stored->rows++;
    const uint64_t number = (uint64_t)row->id;
    map_put(&look->ids, map_number_key(&number), entry);
}

void stored_look_end(struct stored *stored, bool whole, const struct stored_progress *progress)
{
    struct stored_look *look = stored->looks.all[stored->looks.count - 1];
    look->torn = look->torn || !whole;
    look->progress = *progress;
}

const struct stored_message *stored_of_post(const struct stored *stored, uint64_t post)
{
    return map_find(&stored->posts, map_number_key(&post));
}
