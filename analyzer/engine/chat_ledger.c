/*
 * The ledger's storage. See chat_ledger.h.
 */
#include "analyzer/engine/chat_ledger.h"

#include <stdlib.h>

#include "analyzer/engine/arena.h"

/*
 * Identical posts under way at once. Each copy is tried against all of them, so
 * this bounds the work; nobody says the same thing more often in two minutes.
 */
enum { IDENTICAL_POSTS = 64 };

/* CR LF and CR become LF: an XML reader does this to literal line ends, not to references. */
static void append_lines(struct buffer *buffer, struct slice text)
{
    while (text.size > 0) {
        size_t at = slice_find_byte(text, '\r');
        buffer_append(buffer, slice_sub(text, 0, at));
        if (at == SLICE_NONE) {
            return;
        }
        buffer_append_byte(buffer, '\n');
        text = slice_from(text, at + 1);
        if (text.size > 0 && text.data[0] == '\n') {
            text = slice_from(text, 1);
        }
    }
}

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
    append_lines(scratch, post->text);
    struct slice content = buffer_slice(scratch);
    struct post_key key = {{room->id, map_hash(seed, content), map_hash(second, content)}};
    if (scratch->capacity > SCRATCH_KEEP) {
        buffer_dispose(scratch);
        buffer_init(scratch, SIZE_MAX);
    }
    return key;
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

static void group_free(struct chat *chat, struct post_group *group)
{
    map_remove_entry(&chat->groups, group->entry);
    free(group);
}

static void post_forget(struct chat *chat, struct ledger_post *post)
{
    struct post_group *group = post->group;
    if (post->wait) {
        post_wait_drop(chat, (struct chat_pending *)post->wait);
    }
    list_remove(&post->link);
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
    map_init_numbers(&entry->copies, core->seed);
    list_append(&group->posts, &entry->link);
    group->count++;
    chat->post_count++;
    ledger_touch(chat, entry);
    if (core_full(core, CAP_POSTS, group->count - 1, IDENTICAL_POSTS)) {
        post_forget(chat, LIST_OWNER(group->posts.next, struct ledger_post, link));
    }
    return entry;
}

bool ledger_copied(const struct ledger_post *post, uint64_t session, uint64_t *out_envelope)
{
    const uint64_t *envelope = map_find(&post->copies, map_number_key(&session));
    if (envelope) {
        *out_envelope = *envelope;
    }
    return envelope != NULL;
}

void ledger_copy(struct chat *chat, struct ledger_post *post, uint64_t session, uint64_t envelope)
{
    uint64_t *kept = memory_alloc(sizeof *kept);
    *kept = envelope;
    map_put(&post->copies, map_number_key(&session), kept);
    ledger_touch(chat, post);
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

const struct remembered_post *ledger_recall(struct chat *chat, const struct post_key *key,
                                            int64_t ts)
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

void ledger_remember(struct chat *chat, const struct post_key *key, int64_t ts,
                     const struct remembered_post *post)
{
    struct core *core = chat->core;
    if (ts == TIME_NONE || ledger_recall(chat, key, ts)) {
        return;
    }
    if (core_full(core, CAP_POSTS, chat->remembered.count, core->limits.posts)) {
        if (!chat->remembered.first) {
            return;
        }
        free(map_remove_entry(&chat->remembered, chat->remembered.first));
    }
    struct memory_key memory = memory_key_of(key, ts);
    struct remembered_post *kept = memory_alloc(sizeof *kept);
    *kept = *post;
    map_put(&chat->remembered, memory_key_slice(&memory), kept);
}

void ledger_dispose(struct chat *chat)
{
    while (chat->post_count > 0) {
        post_forget(chat, quietest(chat));
    }
    map_dispose(&chat->groups, NULL);
    map_dispose(&chat->remembered, free);
}
