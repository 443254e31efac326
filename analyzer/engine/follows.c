/*
 * Followed rooms. See follows.h.
 */
#include "analyzer/engine/follows.h"

#include "analyzer/engine/arena.h"
#include "analyzer/engine/instances.h"

enum { FOLLOWED_BYTES = 1024 /* of a room's URI, and of its name: real ones have some dozens */ };

/* ---- reading ---- */

static void take_property(struct followed *followed, struct slice property, struct slice value)
{
    char lower[FOLLOWED_BYTES];
    if (value.size == 0 || value.size > FOLLOWED_BYTES) {
        return;
    }
    if (slice_equal_nocase(property, slice_of("url")) && followed->room.size == 0) {
        followed->room = memory_keep(slice_lower(lower, sizeof lower, value));
    } else if (slice_equal_nocase(property, slice_of("name")) && followed->name.size == 0) {
        followed->name = memory_keep(value);
    }
}

/* <property name="url">X</property>, <property name="url" value="X"/>, <url>X</url>. */
struct followed followed_keep(const struct category_fact *fact)
{
    struct followed followed = {.room = {0}};
    struct slice called = {0};    /* the last `name` attribute ... */
    struct slice called_of = {0}; /* ... and its element */
    for (size_t i = 0; fact->category == CATEGORY_ROOM_SETTING && i < fact->item_count; i++) {
        const struct category_item *item = &fact->items[i];
        struct slice element;
        struct slice attribute = {0};
        bool of_element = !slice_cut(item->name, '@', &element, &attribute);
        if (!of_element && slice_equal_nocase(attribute, slice_of("name"))) {
            called = item->value;
            called_of = element;
        } else if (of_element || slice_equal_nocase(attribute, slice_of("value"))) {
            bool named = called.size > 0 && slice_equal(called_of, element);
            take_property(&followed, named ? called : element, item->value);
            called = (struct slice){0};
        }
    }
    if (followed.room.size == 0) {
        followed_drop(&followed);
    }
    return followed;
}

void followed_drop(struct followed *followed)
{
    slice_drop(&followed->room);
    slice_drop(&followed->name);
}

/* ---- changes ---- */

/* Two instances may name one room. */
static bool followed_elsewhere(const struct instance *instance, struct slice room)
{
    const struct map *instances = &instance->user->presence.instances;
    for (const struct map_entry *entry = instances->first; entry; entry = entry->next) {
        const struct instance *other = entry->value;
        if (other != instance && other->words.category == CATEGORY_ROOM_SETTING &&
            slice_equal(other->words.followed.room, room)) {
            return true;
        }
    }
    return false;
}

static void emit_follow(struct core *core, const struct instance *instance,
                        const struct followed *followed, bool follows)
{
    struct change change = {
        .kind = CHANGE_FOLLOW,
        .as.follow =
            {
                .user = instance->user->uri,
                .room = followed->room,
                .room_name = followed->name,
                .follows = follows,
            },
    };
    core_emit(core, &change);
}

void follows_changed(struct core *core, const struct instance *instance,
                     const struct followed *before, const struct followed *now)
{
    bool same = slice_equal(before->room, now->room);
    if (same && slice_equal(before->name, now->name)) {
        return;
    }
    if (before->room.size > 0 && !same && !followed_elsewhere(instance, before->room)) {
        emit_follow(core, instance, before, false);
    }
    if (now->room.size > 0 && (same || !followed_elsewhere(instance, now->room))) {
        emit_follow(core, instance, now, true);
    }
}
