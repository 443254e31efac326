/*
 * What rooms are called. See room_names.h.
 */
#include "analyzer/audit/room_names.h"

#include <stdlib.h>

#include "analyzer/engine/arena.h"

void room_names_init(struct room_names *rooms, struct map_seed seed, const struct limits *limits)
{
    *rooms = (struct room_names){.limit = limits->rooms};
    map_init(&rooms->names, seed);
}

static void name_free(void *value)
{
    slice_drop(value);
    free(value);
}

void room_names_dispose(struct room_names *rooms)
{
    map_dispose(&rooms->names, name_free);
}

static void learn(struct room_names *rooms, struct slice uri, struct slice name)
{
    struct slice *kept = map_find(&rooms->names, uri);
    if (uri.size == 0 || name.size == 0 || (kept && slice_equal(*kept, name))) {
        return;
    }
    if (!kept) {
        if (rooms->names.count >= rooms->limit && rooms->names.first) {
            name_free(map_remove_entry(&rooms->names, rooms->names.first));
        }
        kept = memory_zero(1, sizeof *kept);
        map_put(&rooms->names, uri, kept);
    }
    slice_replace(kept, name);
}

void room_names_change(struct room_names *rooms, const struct change *change)
{
    if (change->kind == CHANGE_ROOM) {
        learn(rooms, change->as.room.uri, change->as.room.name);
    } else if (change->kind == CHANGE_MEMBERSHIP) {
        learn(rooms, change->as.membership.room, change->as.membership.room_name);
    }
}

struct slice room_names_find(const struct room_names *rooms, struct slice uri)
{
    const struct slice *name = map_find(&rooms->names, uri);
    return name ? *name : (struct slice){0};
}
