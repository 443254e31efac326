/*
 * The rooms and files of a ladder. See ladder_rooms.h.
 */
#include "reports/ladder_rooms.h"

#include "reports/text.h"

enum { ROOM_NAME = 40, ROOM_FRONT = 9 }; /* columns of a name, of an identifier's beginning */

static struct ladder_room *room_find(struct ladder_model *model, struct slice uri)
{
    struct ladder_room *room = map_find(&model->rooms, uri);
    if (room || uri.size == 0 || model->rooms.count >= model->limits.report_rows) {
        return room;
    }
    room = arena_zero(&model->arena, 1, sizeof *room);
    map_put(&model->rooms, uri, room);
    return room;
}

struct ladder_room *ladder_room_of(struct ladder_model *model, struct slice uri)
{
    struct ladder_room *room = room_find(model, uri);
    if (room) {
        room->used = true;
    }
    return room;
}

void ladder_room_learn(struct ladder_model *model, struct slice uri, struct slice name)
{
    struct ladder_room *room = name.size > 0 ? room_find(model, uri) : NULL;
    if (!room) {
        return;
    }
    name = ladder_model_keep(model, text_brief(name, ROOM_NAME, &model->meaning.arena));
    if (room->used && room->name.size > 0 && !slice_equal(room->name, name)) {
        room = arena_zero(&model->arena, 1, sizeof *room);
        map_put(&model->rooms, uri, room);
    }
    room->name = name;
}

void ladder_rooms_name(struct ladder_model *model)
{
    for (struct map_entry *entry = model->rooms.first; entry; entry = entry->next) {
        struct ladder_room *room = entry->value;
        if (room->name.size > 0) {
            continue;
        }
        struct slice id = entry->key;
        for (size_t at = slice_find_byte(id, '/'); at != SLICE_NONE;
             at = slice_find_byte(id, '/')) {
            id = slice_from(id, at + 1);
        }
        struct slice front = text_brief(id, ROOM_FRONT, &model->arena);
        room->name = text_format(&model->arena, "room %.*s", TEXT(front));
    }
}

/* ---- files ---- */

void ladder_file_learn(struct ladder_model *model, const struct file_change *file)
{
    if (file->token_hash == 0 || file->name.size == 0 ||
        model->files.count >= model->limits.report_rows ||
        map_find(&model->files, map_number_key(&file->token_hash))) {
        return;
    }
    struct slice *name = memory_alloc(sizeof *name);
    *name = ladder_model_keep(model, text_brief(file->name, ROOM_NAME, &model->meaning.arena));
    map_put(&model->files, map_number_key(&file->token_hash), name);
}

struct slice ladder_file_name(const struct ladder_model *model, const struct http_fact *fact)
{
    const struct slice *name =
        fact->has_token ? map_find(&model->files, map_number_key(&fact->token_hash)) : NULL;
    return name ? *name : (struct slice){0};
}
