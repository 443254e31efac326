/*
 * Which post a copy is of. See chat_match.h.
 */
#include "analyzer/engine/chat_match.h"

enum { WINDOW = 16 };

#define CLOCKS_DIFFER (2 * TIME_SECOND)

/* What is known of the copy, and the best that was found so far. */
struct search {
    uint64_t session;
    uint64_t envelope;
    int64_t ts;
    struct ledger_post *same; /* the session has its copy already: by envelope, */
    struct ledger_post *had;  /* or at least with this ts */
    struct ledger_post *best;
    int rank; /* of `best`, as in chat_match.h; 0 = none */
};

static struct ledger_post *post_at(struct link *link)
{
    return LIST_OWNER(link, struct ledger_post, link);
}

static int rank_of(const struct ledger_post *post, int64_t ts)
{
    bool copied = post->copy_ts != TIME_NONE;
    if (copied && ts != TIME_NONE && post->copy_ts == ts) {
        return 1;
    }
    if (!copied && ts != TIME_NONE && post->ts != TIME_NONE &&
        post->ts / TIME_SECOND == ts / TIME_SECOND) {
        return 2;
    }
    if (!copied) {
        return 3;
    }
    return ts == TIME_NONE || time_apart(post->copy_ts, ts) <= CLOCKS_DIFFER ? 4 : 0;
}

/* A post that the session has a copy of. */
static void look_at_copied(struct search *search, struct ledger_post *post,
                           const struct ledger_copy *copy)
{
    if (search->envelope != 0 && copy->envelope == search->envelope) {
        search->same = post;
    } else if (post->copy_ts == TIME_NONE || search->ts == TIME_NONE ||
               post->copy_ts == search->ts) {
        search->had = post;
    }
}

static void look_at_open(struct search *search, struct ledger_post *post)
{
    int rank = rank_of(post, search->ts);
    if (rank > 0 && (search->rank == 0 || rank < search->rank)) {
        search->rank = rank;
        search->best = post;
    }
}

static void look_back(struct search *search, const struct post_group *group, struct link *link)
{
    for (int looks = 0; link != &group->posts && looks < WINDOW; link = link->previous, looks++) {
        const struct ledger_copy *copy = ledger_copied(post_at(link), search->session);
        if (copy && !copy->edited) {
            look_at_copied(search, post_at(link), copy);
        }
    }
}

/* From where the session is to the end, or to a post that leaves no doubt. */
static void look_ahead(struct search *search, const struct post_group *group,
                       struct post_place *place, struct link *link)
{
    int passed = 0; /* posts between `place` and `link` */
    for (; link != &group->posts && search->rank != 1 && !search->same; link = link->next) {
        struct ledger_post *post = post_at(link);
        const struct ledger_copy *copy = ledger_copied(post, search->session);
        if (copy && !copy->edited) {
            look_at_copied(search, post, copy);
        } else if (!post->refused) {
            look_at_open(search, post);
            passed++;
        }
        if (place && (passed == 0 || passed > WINDOW)) {
            struct link *next = place->last ? place->last->link.next : group->posts.next;
            post_place_at(place, post_at(next));
        }
        if (passed > WINDOW && search->rank > 0) {
            return;
        }
    }
}

static struct post_match match_group(struct post_group *group, struct search *search)
{
    struct post_place *place = ledger_place(group, search->session);
    struct link *last = place && place->last ? &place->last->link : &group->posts;
    look_back(search, group, last);
    look_ahead(search, group, place, last->next);
    if (search->same) {
        return (struct post_match){.post = search->same, .duplicate = true};
    }
    if (search->best) {
        return (struct post_match){.post = search->best};
    }
    return (struct post_match){.post = search->had, .duplicate = search->had != NULL};
}

static struct post_match match_edited(struct ledger_post *post, const struct search *search)
{
    const struct ledger_copy *copy = post ? ledger_copied(post, search->session) : NULL;
    if (!post || post->refused) {
        return (struct post_match){0};
    }
    if (copy) {
        bool same = search->envelope != 0 && copy->envelope == search->envelope;
        return (struct post_match){
            .post = same ? post : NULL, .duplicate = same, .edited = same && copy->edited};
    }
    return (struct post_match){.post = post, .edited = true};
}

struct post_match match_copy(struct chat *chat, const struct chat_room_state *room,
                             const struct post_key *key, const struct chat_post *seen,
                             uint64_t session, uint64_t envelope)
{
    struct search search = {.session = session, .envelope = envelope, .ts = seen->ts};
    struct post_group *group = ledger_find(chat, key);
    return group ? match_group(group, &search)
                 : match_edited(ledger_stamped(chat, room, seen), &search);
}
