/*
 * Which row is of which post, and what follows from those that have none. See stored.h.
 */
#include <stdlib.h>

#include "analyzer/audit/stored_look.h"

/* A row or a post while it is sorted: places make the order total. */
struct candidate {
    uint64_t key;
    int64_t ticks;
    size_t place;
    struct stored_message *post; /* one of the two */
    struct stored_entry *entry;
};

struct candidates {
    struct candidate *posts;
    size_t post_count;
    struct candidate *entries;
    size_t entry_count;
};

static uint64_t key_of(const struct stored *stored, const struct stored_room *room,
                       struct slice user, uint64_t text)
{
    const uint64_t words[] = {map_hash(stored->seed, room->uri), map_hash(stored->seed, user),
                              text};
    return map_hash(stored->seed, (struct slice){(const char *)words, sizeof words});
}

static int compare(const void *a, const void *b)
{
    const struct candidate *left = a;
    const struct candidate *right = b;
    if (left->key != right->key) {
        return left->key < right->key ? -1 : 1;
    }
    if (left->ticks != right->ticks) {
        return left->ticks < right->ticks ? -1 : 1;
    }
    return (left->place > right->place) - (left->place < right->place);
}

static void sort(struct candidate *candidates, size_t count)
{
    if (count > 1) {
        qsort(candidates, count, sizeof *candidates, compare);
    }
}

/* Those still alone; with `texts` their text counts. */
static void gather(const struct stored *stored, const struct stored_look *look, bool texts,
                   struct candidates *out)
{
    out->post_count = out->entry_count = 0;
    for (const struct map_entry *at = stored->posts.first; at; at = at->next) {
        struct stored_message *post = at->value;
        if (!post->entry && post->user.size > 0) {
            uint64_t key = key_of(stored, post->room, post->user, texts ? post->text : 0);
            out->posts[out->post_count] =
                (struct candidate){key, post->ticks, out->post_count, post, NULL};
            out->post_count++;
        }
    }
    for (size_t i = 0; i < look->count; i++) {
        struct stored_entry *entry = look->entries[i];
        if (!entry->post && entry->type == STORED_CHAT) {
            uint64_t key = key_of(stored, entry->room, entry->user, texts ? entry->text : 0);
            out->entries[out->entry_count++] =
                (struct candidate){key, entry->ticks, i, NULL, entry};
        }
    }
    sort(out->posts, out->post_count);
    sort(out->entries, out->entry_count);
}

static void pair(const struct candidates *of, int64_t apart)
{
    size_t i = 0;
    size_t j = 0;
    while (i < of->post_count && j < of->entry_count) {
        const struct candidate *post = &of->posts[i];
        const struct candidate *entry = &of->entries[j];
        int64_t between = time_apart(entry->ticks, post->ticks);
        if (post->key != entry->key) {
            i += post->key < entry->key;
            j += post->key > entry->key;
        } else if (between > apart) {
            i++;
        } else if (between < -apart) {
            j++;
        } else {
            post->post->entry = entry->entry;
            entry->entry->post = post->post;
            i++;
            j++;
        }
    }
}

/* How a text is encoded there is not known for sure: a row of that user then may be the post's. */
static void doubt(const struct candidates *of, int64_t apart)
{
    size_t j = 0;
    for (size_t i = 0; i < of->post_count; i++) {
        const struct candidate *post = &of->posts[i];
        while (j < of->entry_count && (of->entries[j].key < post->key ||
                                       (of->entries[j].key == post->key &&
                                        time_apart(of->entries[j].ticks, post->ticks) < -apart))) {
            j++;
        }
        post->post->doubtful = j < of->entry_count && of->entries[j].key == post->key &&
                               time_apart(of->entries[j].ticks, post->ticks) <= apart;
    }
}

static void pair_look(struct stored *stored, const struct stored_look *look, int64_t tolerance)
{
    const int64_t apart[] = {0, TICKS_SECOND < tolerance ? TICKS_SECOND : tolerance, tolerance};
    struct candidates of = {
        .posts = memory_zero(stored->posts.count + 1, sizeof *of.posts),
        .entries = memory_zero(look->count + 1, sizeof *of.entries),
    };
    for (size_t i = 0; i < sizeof apart / sizeof apart[0]; i++) {
        gather(stored, look, true, &of);
        pair(&of, apart[i]);
    }
    gather(stored, look, false, &of);
    doubt(&of, tolerance);
    free(of.posts);
    free(of.entries);
}

/* ---- what follows ---- */

static struct origin origin_of(struct stored *stored, const struct stored_look *look,
                               const struct stored_entry *entry)
{
    struct origin_row *row = arena_zero(&stored->arena, 1, sizeof *row);
    struct buffer *key = &stored->text;
    buffer_clear(key);
    buffer_append_text(key, "{\"cmplEventID\": ");
    if (entry->id < 0) {
        buffer_append_text(key, "-");
    }
    buffer_append_u64(key, entry->id < 0 ? -(uint64_t)entry->id : (uint64_t)entry->id);
    buffer_append_text(key, "}");
    *row = (struct origin_row){
        .server = look->shown,
        .database = slice_of("mgccomp"),
        .table = slice_of("tblComplianceData"),
        .key = arena_keep(&stored->arena, buffer_slice(key)),
    };
    return (struct origin){.time = ticks_to_time(entry->ticks), .row = row};
}

static void hold(struct stored *stored, const struct stored_look *look, struct stored_message *post)
{
    if (post->entry && post->answer != STORED_HOLDS) {
        post->answer = STORED_HOLDS;
        post->row = origin_of(stored, look, post->entry);
        post->holder = look;
        post->id = post->entry->id;
    }
}

static void remove_row(const struct stored_look *look, struct stored_message *post)
{
    if (!post->holder || post->holder == look || look->torn || post->removal == STORED_GONE ||
        look->time <= post->holder->time || !slice_equal(look->server, post->holder->server)) {
        return;
    }
    const uint64_t number = (uint64_t)post->id;
    if (map_find(&look->ids, map_number_key(&number))) {
        post->removal = STORED_STAYS;
    } else if (!look->progress.known || look->progress.last_processed >= post->id) {
        post->removal = STORED_GONE;
        post->looked = look->time;
    } else {
        post->removal = STORED_REMOVAL_UNKNOWN;
    }
}

/* Numbers that do not rise with the posts say nothing of what lies between. */
static bool bounds_of(const struct stored_look *look, const struct stored_room *room,
                      const struct stored_message **before, const struct stored_message **after)
{
    for (const struct stored_message *post = room->first; post; post = post->next) {
        if (!post->entry) {
            continue;
        }
        if (*after && post->entry->id <= (*after)->entry->id) {
            return false;
        }
        if (!*before && post->entry->id > look->progress.last_processed) {
            *before = post;
        }
        *after = post;
    }
    return *before != NULL;
}

static void judge_room(struct stored *stored, const struct stored_look *look,
                       const struct stored_room *room, int64_t tolerance)
{
    const struct stored_message *before = NULL;
    const struct stored_message *after = NULL;
    if (room->altered || !bounds_of(look, room, &before, &after)) {
        return;
    }
    for (struct stored_message *post = room->first; post; post = post->next) {
        if (!post->entry && !post->silent && !post->doubtful && post->user.size > 0 &&
            post->answer == STORED_CANNOT_TELL &&
            time_apart(post->origin.time, before->origin.time) >= tolerance &&
            time_apart(after->origin.time, post->origin.time) >= tolerance) {
            post->answer = STORED_LACKS;
            post->bounds[0] = origin_of(stored, look, before->entry);
            post->bounds[1] = origin_of(stored, look, after->entry);
        }
    }
}

static void judge_look(struct stored *stored, const struct stored_look *look, int64_t tolerance)
{
    for (const struct map_entry *at = stored->rooms.first; at; at = at->next) {
        struct stored_room *room = at->value;
        room->altered = false;
    }
    for (size_t i = 0; i < look->count; i++) {
        int64_t type = look->entries[i]->type;
        struct stored_room *room = look->entries[i]->room;
        room->altered = room->altered || type == STORED_REPLACED || type == STORED_PURGED;
    }
    for (const struct map_entry *at = stored->posts.first; at; at = at->next) {
        hold(stored, look, at->value);
        remove_row(look, at->value);
    }
    if (look->torn || !look->progress.known || !look->progress.calm || stored->refused > 0) {
        return;
    }
    for (const struct map_entry *at = stored->rooms.first; at; at = at->next) {
        judge_room(stored, look, at->value, tolerance);
    }
}

void stored_settle(struct stored *stored, int64_t tolerance)
{
    for (size_t i = 0; i < stored->looks.count; i++) {
        const struct stored_look *look = stored->looks.all[i];
        for (const struct map_entry *at = stored->posts.first; at; at = at->next) {
            struct stored_message *post = at->value;
            post->entry = NULL;
            post->doubtful = false;
        }
        pair_look(stored, look, tolerance / 100);
        judge_look(stored, look, tolerance);
    }
}
