/*
 * The ledger's storage. See chat_ledger.h.
 */
#include "analyzer/engine/chat_ledger.h"

#include <stdlib.h>

#include "analyzer/engine/arena.h"
#include "analyzer/engine/chat_text.h"

/*
 * Messages of the same room, author, text and second that are told from one another.
 * Whoever says the same thing more often in one second is taken to have said it so often.
 */
enum { IDENTICAL_REMEMBERED = 64 };

static void append_lower(struct buffer *buffer, struct slice text)
{
    for (size_t i = 0; i < text.size; i++) {
        buffer_append_byte(buffer, ascii_lower(text.data[i]));
    }
}

struct post_key ledger_key(struct chat *chat, const struct chat_room_state *room,
                           const struct chat_post *post)
{
    enum { SCRATCH_KEEP = 64 * 1024 };
    struct buffer *scratch = &chat->scratch;
    struct map_seed seed = chat->core->seed;
    struct map_seed second = {{~seed.words[0], seed.words[1]}};
    buffer_clear(scratch);
    append_lower(scratch, post->author);
    buffer_append_byte(scratch, '\n');
    chat_text_plain(scratch, post->text);
    struct slice content = buffer_slice(scratch);
    struct post_key key = {{room->id, map_hash(seed, content), map_hash(second, content)}};
    if (scratch->capacity > SCRATCH_KEEP) {
        buffer_dispose(scratch);
        buffer_init(scratch, SIZE_MAX);
    }
    return key;
}

bool post_same_second(int64_t a, int64_t b)
{
    return a == TIME_NONE || b == TIME_NONE || a / TIME_SECOND == b / TIME_SECOND;
}

bool post_has_ts(const struct chat_post *post)
{
    return post->ts != TIME_NONE || post->ts_text.size > 0;
}

static struct slice key_slice(const struct post_key *key)
{
    return (struct slice){(const char *)key->words, sizeof key->words};
}

struct post_group *ledger_find(struct chat *chat, const struct post_key *key)
{
    return map_find(&chat->groups, key_slice(key));
}

static void place_free(void *value)
{
    struct post_place *place = value;
    list_remove(&place->link);
    free(place);
}

static void group_free(struct chat *chat, struct post_group *group)
{
    map_dispose(&group->places, place_free);
    map_remove_entry(&chat->groups, group->entry);
    free(group);
}

/* The post before it, NULL for the first. */
static struct ledger_post *post_before(struct ledger_post *post)
{
    struct link *before = post->link.previous;
    return before == &post->group->posts ? NULL : LIST_OWNER(before, struct ledger_post, link);
}

void post_place_at(struct post_place *place, struct ledger_post *last)
{
    list_remove(&place->link);
    place->last = last;
    if (last) {
        list_append(&last->places, &place->link);
    }
}

/* It leaves its place in the group; whoever stood there stands before it now. */
static void places_leave(struct ledger_post *post)
{
    struct ledger_post *before = post_before(post);
    while (!list_empty(&post->places)) {
        post_place_at(LIST_OWNER(post->places.next, struct post_place, link), before);
    }
}

static void stamp_leave(struct chat *chat, struct ledger_post *post)
{
    struct post_stamp *stamp = post->stamp;
    if (!stamp) {
        return;
    }
    list_remove(&post->stamped);
    post->stamp = NULL;
    if (--stamp->count == 0) {
        free(map_remove_entry(&chat->stamps, stamp->entry));
    }
}

static void post_forget(struct chat *chat, struct ledger_post *post)
{
    struct post_group *group = post->group;
    if (post->wait) {
        post_wait_drop(chat, (struct chat_pending *)post->wait);
    }
    places_leave(post);
    stamp_leave(chat, post);
    list_remove(&post->link);
    list_remove(&post->again);
    list_remove(&post->recent);
    if (--group->count == 0) {
        group_free(chat, group);
    }
    chat->post_count--;
    room_release(post->room);
    map_dispose(&post->copies, free);
    slice_drop(&post->author);
    free(post);
}

static struct ledger_post *quietest(struct chat *chat)
{
    return LIST_OWNER(chat->recent.next, struct ledger_post, recent);
}

void ledger_touch(struct chat *chat, struct ledger_post *post)
{
    post->active = chat->core->time;
    list_append(&chat->recent, &post->recent);
}

void ledger_age(struct chat *chat)
{
    int64_t now = chat->core->time;
    while (chat->post_count > 0 && time_apart(now, quietest(chat)->active) > LEDGER_MEMORY) {
        struct ledger_post *post = quietest(chat);
        if (post->wait) {
            ledger_touch(chat, post); /* its answer, or the end of its dialog, is still to come */
        } else {
            post_forget(chat, post);
        }
    }
}

static struct post_group *group_keep(struct chat *chat, const struct post_key *key)
{
    struct post_group *group = ledger_find(chat, key);
    if (!group) {
        group = memory_zero(1, sizeof *group);
        list_init(&group->posts);
        list_init(&group->again);
        map_init_numbers(&group->places, chat->core->seed);
        group->entry = map_put(&chat->groups, key_slice(key), group);
    }
    return group;
}

struct ledger_post *ledger_add(struct chat *chat, const struct post_key *key,
                               struct chat_room_state *room, const struct chat_post *post,
                               uint64_t id)
{
    struct core *core = chat->core;
    while (chat->post_count > 0 &&
           core_full(core, CAP_POSTS, chat->post_count, core->limits.posts)) {
        post_forget(chat, quietest(chat));
    }
    struct post_group *group = group_keep(chat, key);
    struct ledger_post *entry = memory_zero(1, sizeof *entry);
    entry->id = id > 0 ? id : ++chat->last_post;
    entry->room = room;
    room_hold(room);
    entry->author = memory_keep(post->author);
    entry->group = group;
    entry->ts = post->ts;
    entry->copy_ts = TIME_NONE;
    entry->posted_at = TIME_NONE;
    entry->origin = (struct origin){.time = TIME_NONE};
    entry->file_link = post->file_link;
    entry->has_ts = post_has_ts(post);
    list_init(&entry->places);
    map_init_numbers(&entry->copies, core->seed);
    list_append(&group->posts, &entry->link);
    group->count++;
    chat->post_count++;
    ledger_touch(chat, entry);
    return entry;
}

void ledger_expect_again(struct ledger_post *post)
{
    list_append(&post->group->again, &post->again);
}

void ledger_again(struct ledger_post *post)
{
    places_leave(post);
    list_remove(&post->again);
    list_append(&post->group->posts, &post->link);
}

/* ---- copies ---- */

struct ledger_copy *ledger_copied(const struct ledger_post *post, uint64_t session)
{
    return map_find(&post->copies, map_number_key(&session));
}

struct ledger_copy *ledger_copy(struct chat *chat, struct ledger_post *post, uint64_t session)
{
    struct ledger_copy *copy = ledger_copied(post, session);
    if (!copy) {
        copy = memory_zero(1, sizeof *copy);
        map_put(&post->copies, map_number_key(&session), copy);
    }
    ledger_touch(chat, post);
    return copy;
}

struct post_place *ledger_place(struct post_group *group, uint64_t session)
{
    struct post_place *place = map_find(&group->places, map_number_key(&session));
    if (!place && group->count > 1) {
        place = memory_zero(1, sizeof *place);
        map_put(&group->places, map_number_key(&session), place);
    }
    return place;
}

/* ---- posts by the second of their ts ---- */

struct stamp_key {
    uint64_t room;
    uint64_t author;
    int64_t second;
};

static struct stamp_key stamp_key_of(struct chat *chat, const struct chat_room_state *room,
                                     struct slice author, int64_t ts)
{
    buffer_clear(&chat->scratch);
    append_lower(&chat->scratch, author);
    return (struct stamp_key){room->id, map_hash(chat->core->seed, buffer_slice(&chat->scratch)),
                              ts / TIME_SECOND};
}

static struct slice stamp_key_slice(const struct stamp_key *key)
{
    return (struct slice){(const char *)key, sizeof *key};
}

void ledger_stamp(struct chat *chat, struct ledger_post *post)
{
    stamp_leave(chat, post);
    if (post->ts == TIME_NONE) {
        return;
    }
    struct stamp_key key = stamp_key_of(chat, post->room, post->author, post->ts);
    struct post_stamp *stamp = map_find(&chat->stamps, stamp_key_slice(&key));
    if (!stamp) {
        stamp = memory_zero(1, sizeof *stamp);
        list_init(&stamp->posts);
        stamp->entry = map_put(&chat->stamps, stamp_key_slice(&key), stamp);
    }
    post->stamp = stamp;
    stamp->count++;
    list_append(&stamp->posts, &post->stamped);
}

struct ledger_post *ledger_stamped(struct chat *chat, const struct chat_room_state *room,
                                   const struct chat_post *post)
{
    if (post->ts == TIME_NONE || chat->stamps.count == 0) {
        return NULL;
    }
    struct stamp_key key = stamp_key_of(chat, room, post->author, post->ts);
    const struct post_stamp *stamp = map_find(&chat->stamps, stamp_key_slice(&key));
    return stamp && stamp->count == 1 ? LIST_OWNER(stamp->posts.next, struct ledger_post, stamped)
                                      : NULL;
}

/* ---- what is remembered for longer ---- */

struct memory_key {
    struct post_key key;
    int64_t second;
};

static struct slice memory_key_slice(const struct memory_key *key)
{
    return (struct slice){(const char *)key, sizeof *key};
}

static struct memory_key memory_key_of(const struct post_key *key, int64_t ts)
{
    return (struct memory_key){*key, ts / TIME_SECOND};
}

/* Messages of one content and second, in the order of their first sight. */
struct memory {
    struct remembered_post first;
    struct remembered_post *more;
    size_t count;
    uint64_t moment; /* of the history reply that is being read, */
    size_t told;     /* and how many of them it has listed */
};

static void memory_free(void *value)
{
    struct memory *memory = value;
    free(memory->more);
    free(memory);
}

static struct memory *memory_find(struct chat *chat, const struct post_key *key, int64_t ts)
{
    if (ts == TIME_NONE) {
        return NULL;
    }
    struct memory_key memory = memory_key_of(key, ts);
    struct map_entry *entry = map_find_entry(&chat->remembered, memory_key_slice(&memory));
    if (entry) {
        map_touch(&chat->remembered, entry);
    }
    return entry ? entry->value : NULL;
}

static struct remembered_post *memory_at(struct memory *memory, size_t place)
{
    return place == 0 ? &memory->first : &memory->more[place - 1];
}

const struct remembered_post *ledger_recall(struct chat *chat, const struct post_key *key,
                                            int64_t ts)
{
    const struct memory *memory = memory_find(chat, key, ts);
    return memory ? &memory->first : NULL;
}

const struct remembered_post *ledger_recall_next(struct chat *chat, const struct post_key *key,
                                                 int64_t ts)
{
    struct memory *memory = memory_find(chat, key, ts);
    if (!memory) {
        return NULL;
    }
    if (memory->moment != chat->core->moment) {
        memory->moment = chat->core->moment;
        memory->told = 0;
    }
    if (memory->told < memory->count) {
        return memory_at(memory, memory->told++);
    }
    return memory->count < IDENTICAL_REMEMBERED ? NULL : memory_at(memory, memory->count - 1);
}

static bool memory_has(struct memory *memory, uint64_t id)
{
    for (size_t i = 0; i < memory->count; i++) {
        if (memory_at(memory, i)->id == id) {
            return true;
        }
    }
    return false;
}

static void memory_add(struct memory *memory, const struct remembered_post *post)
{
    if (memory->count < IDENTICAL_REMEMBERED && !memory_has(memory, post->id)) {
        memory->more = memory_grow(memory->more, memory->count, sizeof *memory->more);
        memory->more[memory->count++ - 1] = *post;
    }
}

void ledger_remember(struct chat *chat, const struct post_key *key, int64_t ts,
                     const struct remembered_post *post)
{
    struct core *core = chat->core;
    struct memory *known = memory_find(chat, key, ts);
    if (known) {
        memory_add(known, post);
    }
    if (ts == TIME_NONE || known) {
        return;
    }
    if (core_full(core, CAP_REMEMBERED, chat->remembered.count, core->limits.remembered)) {
        if (!chat->remembered.first) {
            return;
        }
        memory_free(map_remove_entry(&chat->remembered, chat->remembered.first));
    }
    struct memory_key memory = memory_key_of(key, ts);
    known = memory_zero(1, sizeof *known);
    known->first = *post;
    known->count = 1;
    map_put(&chat->remembered, memory_key_slice(&memory), known);
}

void ledger_dispose(struct chat *chat)
{
    while (chat->post_count > 0) {
        post_forget(chat, quietest(chat));
    }
    map_dispose(&chat->groups, NULL);
    map_dispose(&chat->stamps, NULL);
    map_dispose(&chat->remembered, memory_free);
}
