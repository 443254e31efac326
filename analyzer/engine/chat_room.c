/*
 * Rooms and their properties. See chat_room.h.
 */
#include "analyzer/engine/chat_room.h"

#include <stdlib.h>

#include "analyzer/engine/arena.h"
#include "analyzer/engine/chat_roster.h"

enum { RESUME_PERCENT = 80 }; /* of limits.roster_users: facts/xccos.md 8.4 */

static void free_room(void *value)
{
    struct chat_room_state *room = value;
    participants_dispose(room);
    slice_drop(&room->name);
    slice_drop(&room->topic);
    slice_drop(&room->description);
    slice_drop(&room->visibility);
    free(room);
}

void rooms_dispose(struct chat *chat)
{
    map_dispose(&chat->rooms, free_room);
}

void room_hold(struct chat_room_state *room)
{
    room->users++;
}

void room_release(struct chat_room_state *room)
{
    room->users--;
}

static void emit_room(struct chat *chat, const struct chat_room_state *room, struct slice old_name,
                      enum room_source source)
{
    struct change change = {
        .kind = CHANGE_ROOM,
        .as.room =
            {
                .uri = room->entry->key,
                .name = room->name,
                .old_name = old_name,
                .topic = room->topic,
                .description = room->description,
                .visibility = room->visibility,
                .file_post = room->file_post,
                .invites = room->invites,
                .logged = room->logged,
                .suspended = room->suspended,
                .source = source,
            },
    };
    core_emit(chat->core, &change);
}

/* ---- the table ---- */

/* Gives up the idlest room that nothing points to. Only some are looked at: each look costs. */
static bool rooms_make_room(struct chat *chat)
{
    enum { LOOKS = 8 };
    struct map_entry *entry = chat->rooms.first;
    for (int look = 0; entry && look < LOOKS; look++, entry = entry->next) {
        const struct chat_room_state *room = entry->value;
        if (room->users == 0) {
            emit_room(chat, room, (struct slice){0}, ROOM_ENDED);
            free_room(map_remove_entry(&chat->rooms, entry));
            return true;
        }
    }
    return false;
}

struct chat_room_state *rooms_keep(struct chat *chat, struct slice uri)
{
    struct core *core = chat->core;
    struct chat_room_state *room = map_find(&chat->rooms, uri);
    if (room) {
        map_touch(&chat->rooms, room->entry);
        return room;
    }
    if (uri.size == 0 || (core_full(core, CAP_ROOMS, chat->rooms.count, core->limits.rooms) &&
                          !rooms_make_room(chat))) {
        return NULL;
    }
    room = memory_zero(1, sizeof *room);
    room->id = ++chat->last_room;
    map_init(&room->participants, core->seed);
    list_init(&room->rosters);
    room->entry = map_put(&chat->rooms, uri, room);
    return room;
}

/* ---- properties ---- */

/* Is it something else than what is known? What is not told changes nothing. */
static bool learn_text(struct slice *known, struct slice told)
{
    if (told.size == 0 || slice_equal(told, *known)) {
        return false;
    }
    slice_replace(known, told);
    return true;
}

static bool learn_said(enum said *known, enum said told)
{
    if (told == SAID_NOTHING || told == *known) {
        return false;
    }
    *known = told;
    return true;
}

/* The name that it had, the caller's to drop; "" when it is not another one now. */
static struct slice learn_name(struct chat_room_state *room, struct slice told, bool *news)
{
    struct slice old = {0};
    if (told.size > 0 && !slice_equal(told, room->name)) {
        *news = true;
        old = room->name;
        room->name = memory_keep(told);
    }
    return old;
}

struct chat_room_state *rooms_learn(struct chat *chat, const struct chat_room *fact)
{
    struct chat_room_state *room = rooms_keep(chat, fact->uri);
    if (!room) {
        return NULL;
    }
    bool news = false;
    struct slice old = learn_name(room, fact->name, &news);
    news |= learn_text(&room->topic, fact->topic);
    news |= learn_text(&room->description, fact->description);
    news |= learn_text(&room->visibility, fact->visibility);
    news |= learn_said(&room->file_post, fact->file_post);
    news |= learn_said(&room->invites, fact->invites);
    news |= learn_said(&room->logged, fact->logged);
    if (news) {
        emit_room(chat, room, old, ROOM_TOLD);
    }
    slice_drop(&old);
    if (fact->has_user_count) {
        room->told_users = fact->user_count;
        participants_weigh(chat, room);
    }
    return room;
}

void room_weigh(struct chat *chat, struct chat_room_state *room, size_t users)
{
    size_t limit = chat->core->limits.roster_users;
    bool suspended = room->suspended ? users >= limit * RESUME_PERCENT / 100 : users > limit;
    if (suspended != room->suspended) {
        room->suspended = suspended;
        emit_room(chat, room, (struct slice){0}, ROOM_TOLD);
    }
}
