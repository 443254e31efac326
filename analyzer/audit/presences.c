/*
 * Published activities and who was told of them. See presences.h.
 */
#include "analyzer/audit/presences.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/audit/subject.h"
#include "analyzer/engine/arena.h"
#include "analyzer/engine/buffer.h"

enum {
    PRESENCE_KEY_MAX = 4096,
    STATUS_TAG_UNKNOWN = 412, /* RFC 3903 section 6: the server has no such publication any more */
    CONTAINER_OWN = 2,        /* presence.md part 5: the user's own view of the aggregate */
    COUNTS_PER_USER = 4,      /* kinds of counts */
};

void presences_init(struct presences *presences, struct map_seed seed, const struct limits *limits,
                    struct proofs *proofs)
{
    *presences = (struct presences){
        .proofs = proofs,
        .user_limit = limits->users,
        .told_limit = limits->watched,
    };
    map_init(&presences->users, seed);
    map_init(&presences->live, seed);
    map_init(&presences->counts, seed);
    map_init(&presences->signed_out, seed);
    map_init_numbers(&presences->subscriptions, seed);
}

static void told_free(struct presences *presences, struct told *told)
{
    proof_release(presences->proofs, told->proof);
    proof_release(presences->proofs, told->proof_before);
    memory_release(told->watcher);
    memory_release(told->activity);
    memory_release(told->activity_before);
    free(told);
}

void presences_dispose(struct presences *presences)
{
    for (struct map_entry *entry = presences->users.first; entry; entry = entry->next) {
        struct published_user *user = entry->value;
        while (user->first) {
            struct told *told = user->first;
            user->first = told->next;
            told_free(presences, told);
        }
        map_dispose(&user->watchers, NULL);
        free(user);
    }
    map_dispose(&presences->users, NULL);
    map_dispose(&presences->live, free);
    map_dispose(&presences->counts, free);
    map_dispose(&presences->signed_out, NULL);
    map_dispose(&presences->subscriptions, NULL);
}

/* ---- keys of several words ---- */

static void key_word(struct buffer *key, struct slice word)
{
    struct slice cut = slice_sub(word, 0, PRESENCE_KEY_MAX / 8);
    buffer_append_u64(key, cut.size);
    buffer_append_byte(key, ':');
    buffer_append(key, cut);
}

static struct buffer key_of(const struct slice *words, size_t count)
{
    struct buffer key;
    buffer_init(&key, PRESENCE_KEY_MAX);
    for (size_t i = 0; i < count; i++) {
        key_word(&key, words[i]);
    }
    return key;
}

/* How many there are after adding `step`, which may be 0; rows at zero go. */
static uint64_t count_step(struct presences *presences, const struct slice *words, size_t count,
                           int step)
{
    struct buffer key = key_of(words, count);
    struct map_entry *entry = map_find_entry(&presences->counts, buffer_slice(&key));
    uint64_t *number = entry ? entry->value : NULL;
    uint64_t now = (number ? *number : 0) + (uint64_t)(int64_t)step;
    if (number && now == 0) {
        free(map_remove_entry(&presences->counts, entry));
    } else if (number) {
        *number = now;
    } else if (step > 0) {
        number = memory_alloc(sizeof *number);
        *number = now;
        map_put(&presences->counts, buffer_slice(&key), number);
    }
    buffer_dispose(&key);
    return now;
}

/* ---- publications ---- */

static struct buffer publication_key(const struct publication_change *given, struct slice tag)
{
    const struct category_key *key = &given->key;
    const struct slice pidf[] = {key->user, tag};
    const struct slice category[] = {
        key->user,
        key->name,
        {(const char *)&key->instance, sizeof key->instance},
        {(const char *)&key->container, sizeof key->container},
    };
    return given->pidf ? key_of(pidf, 2) : key_of(category, 4);
}

/* Its activity, taken out; NULL when it was not live. */
static struct slice *take_live(struct presences *presences, const struct publication_change *given,
                               struct slice tag)
{
    struct buffer key = publication_key(given, tag);
    struct slice *activity = map_remove(&presences->live, buffer_slice(&key));
    buffer_dispose(&key);
    if (activity) {
        const struct slice words[] = {given->key.user, *activity};
        count_step(presences, words, 2, -1);
    }
    return activity;
}

static void put_live(struct presences *presences, const struct publication_change *given,
                     struct slice activity)
{
    if (presences->live.count >= presences->user_limit) {
        presences->refused++;
        return;
    }
    /* One block, so that free() is enough. */
    char *block = memory_alloc(sizeof(struct slice) + activity.size);
    struct slice *kept = (struct slice *)(void *)block;
    memcpy(block + sizeof *kept, activity.data, activity.size);
    *kept = (struct slice){block + sizeof *kept, activity.size};
    struct buffer key = publication_key(given, given->entity_tag);
    free(map_find(&presences->live, buffer_slice(&key)));
    map_put(&presences->live, buffer_slice(&key), kept);
    buffer_dispose(&key);
    const struct slice words[] = {given->key.user, activity};
    count_step(presences, words, 2, 1);
}

static void follow_user(struct presences *presences, struct slice name)
{
    if (map_find(&presences->users, name)) {
        return;
    }
    if (presences->users.count >= presences->user_limit) {
        presences->refused++;
        return;
    }
    struct published_user *user = memory_zero(1, sizeof *user);
    map_init(&user->watchers, presences->users.seed);
    map_put(&presences->users, name, user);
}

/* The server's own aggregate follows the inputs and is none of them. */
static bool is_input(const struct publication_change *given)
{
    return given->value_kind != STATE_AGGREGATE && given->value_kind != STATE_AGGREGATE_MACHINE;
}

/* A new publication by PUBLISH, from its request to its answer. */
static void change_asked(struct presences *presences, const struct publication_change *given)
{
    const struct slice words[] = {given->key.user, SLICE(""), SLICE("asked")};
    if (!given->pidf || given->replaced_tag.size > 0) {
        return;
    }
    if (given->state == PUBLICATION_LIVE ||
        (given->state == PUBLICATION_REFUSED && given->entity_tag.size == 0)) {
        count_step(presences, words, 3, -1);
    } else if (given->state == PUBLICATION_REQUESTED && given->entity_tag.size == 0) {
        if (presences->counts.count >= COUNTS_PER_USER * presences->user_limit) {
            presences->refused++;
            return;
        }
        count_step(presences, words, 3, 1);
    }
}

bool presences_asked(const struct presences *presences, struct slice user)
{
    const struct slice words[] = {user, SLICE(""), SLICE("asked")};
    struct buffer key = key_of(words, 3);
    bool asked = map_find(&presences->counts, buffer_slice(&key)) != NULL;
    buffer_dispose(&key);
    return asked;
}

static void change_publication(struct presences *presences, const struct publication_change *given)
{
    change_asked(presences, given);
    bool gone = given->state == PUBLICATION_REFUSED && given->status == STATUS_TAG_UNKNOWN;
    if (!is_input(given) || given->state == PUBLICATION_REQUESTED ||
        given->state == PUBLICATION_CONFLICT || (given->state == PUBLICATION_REFUSED && !gone)) {
        return;
    }
    struct slice *old = take_live(presences, given, given->entity_tag);
    if (!old && given->pidf && given->replaced_tag.size > 0) {
        old = take_live(presences, given, given->replaced_tag);
    }
    bool lives = given->state == PUBLICATION_LIVE || given->state == PUBLICATION_REFRESHED ||
                 given->state == PUBLICATION_MODIFIED;
    struct slice activity = given->activity;
    if (activity.size == 0 && old && given->state == PUBLICATION_REFRESHED) {
        activity = *old; /* a refresh has no body */
    }
    if (lives && activity.size > 0) {
        put_live(presences, given, activity);
        if (given->pidf) {
            follow_user(presences, given->key.user);
        }
    }
    free(old);
}

bool presences_publishes(const struct presences *presences, struct slice user,
                         struct slice activity)
{
    const struct slice words[] = {user, activity};
    struct buffer key = key_of(words, 2);
    bool any = map_find(&presences->counts, buffer_slice(&key)) != NULL;
    buffer_dispose(&key);
    return any;
}

bool presences_lives(const struct presences *presences, struct slice user, struct slice tag)
{
    const struct publication_change named = {.pidf = true, .key.user = user};
    struct buffer key = publication_key(&named, tag);
    bool lives = map_find(&presences->live, buffer_slice(&key)) != NULL;
    buffer_dispose(&key);
    return lives;
}

/* ---- watchers ---- */

static struct told *told_of(struct presences *presences, const struct told_change *given)
{
    struct published_user *user = map_find(&presences->users, given->user);
    if (!user) {
        return NULL;
    }
    struct told *told = map_find(&user->watchers, given->watcher);
    if (told) {
        return told;
    }
    if (presences->told_count >= presences->told_limit) {
        presences->refused++;
        return NULL;
    }
    told = memory_zero(1, sizeof *told);
    told->watcher = memory_keep(given->watcher);
    told->time = TIME_NONE;
    *(user->last ? &user->last->next : &user->first) = told;
    user->last = told;
    map_put(&user->watchers, given->watcher, told);
    presences->told_count++;
    return told;
}

/* An owner is told every input and what each container shows; only the aggregate is the result. */
static bool shows_result(const struct told_change *given)
{
    bool own = !given->has_container || given->container == CONTAINER_OWN;
    if (given->category != CATEGORY_STATE) {
        return false;
    }
    return !given->owner || (given->value_kind == STATE_AGGREGATE && own);
}

/* A lost datagram is no gap, and a BENOTIFY has no answer that would show that there was one. */
static bool leaves_no_trace(const struct message *message)
{
    return message->method == SIP_BENOTIFY && message->observed.transport == TRANSPORT_UDP;
}

static void change_told(struct presences *presences, const struct change *change)
{
    const struct told_change *given = &change->as.told;
    struct told *told = shows_result(given) ? told_of(presences, given) : NULL;
    if (!told) {
        return;
    }
    proof_release(presences->proofs, told->proof_before);
    told->proof_before = told->proof;
    told->proof = proof_new();
    slice_replace(&told->activity_before, told->activity);
    slice_replace(&told->activity, given->activity);
    told->time_before = told->time;
    told->polled_before = told->polled;
    told->time = change->time;
    told->polled = given->polled;
    told->dialog = given->dialog;
    told->has_route = change->message != NULL && !leaves_no_trace(change->message);
    proof_cite_change(presences->proofs, told->proof, change);
    if (change->message) {
        told->route = route_of(&change->message->observed);
    }
}

const struct told *presences_told(const struct presences *presences, struct slice user)
{
    const struct published_user *published = map_find(&presences->users, user);
    return published ? published->first : NULL;
}

const struct told *presences_told_to(const struct presences *presences, struct slice user,
                                     struct slice watcher)
{
    const struct published_user *published = map_find(&presences->users, user);
    return published ? map_find(&published->watchers, watcher) : NULL;
}

static void change_subscription(struct presences *presences,
                                const struct subscription_change *given)
{
    struct slice key = map_number_key(&given->dialog);
    switch (given->state) {
    case SUBSCRIPTION_REQUESTED:
        break;
    case SUBSCRIPTION_ACTIVE:
    case SUBSCRIPTION_REFRESHED:
        if (presences->subscriptions.count < presences->told_limit) {
            map_put(&presences->subscriptions, key, presences);
        } else {
            presences->refused++;
        }
        break;
    case SUBSCRIPTION_TERMINATED:
    case SUBSCRIPTION_LAPSED:
    case SUBSCRIPTION_REFUSED:
        map_remove(&presences->subscriptions, key);
        break;
    }
}

bool presences_subscribed(const struct presences *presences, uint64_t dialog)
{
    return map_find(&presences->subscriptions, map_number_key(&dialog)) != NULL;
}

/* ---- endpoints ---- */

static void change_endpoint(struct presences *presences, const struct endpoint_change *given)
{
    const struct slice words[] = {given->user, given->epid};
    struct buffer key = key_of(words, 2);
    struct map_entry *entry = map_find_entry(&presences->signed_out, buffer_slice(&key));
    if (given->state == ENDPOINT_UNREGISTERED) {
        if (!entry && presences->signed_out.count >= presences->user_limit) {
            presences->sign_out_missed = true;
        } else if (!entry) {
            map_put(&presences->signed_out, buffer_slice(&key), presences);
            count_step(presences, words, 1, 1);
        }
    } else if (entry && given->state != ENDPOINT_EXPIRED) {
        map_remove_entry(&presences->signed_out, entry);
        count_step(presences, words, 1, -1);
    }
    buffer_dispose(&key);
}

bool presences_signed_out(const struct presences *presences, struct slice user)
{
    struct buffer key = key_of(&user, 1);
    bool out = map_find(&presences->counts, buffer_slice(&key)) != NULL;
    buffer_dispose(&key);
    return out || presences->sign_out_missed;
}

bool presences_endpoint_left(const struct presences *presences, struct slice user,
                             struct slice epid)
{
    const struct slice words[] = {user, epid};
    struct buffer key = key_of(words, 2);
    bool left = map_find(&presences->signed_out, buffer_slice(&key)) != NULL;
    buffer_dispose(&key);
    return left;
}

void presences_change(struct presences *presences, const struct change *change)
{
    switch (change->kind) {
    case CHANGE_PUBLICATION:
        change_publication(presences, &change->as.publication);
        break;
    case CHANGE_TOLD:
        change_told(presences, change);
        break;
    case CHANGE_SUBSCRIPTION:
        change_subscription(presences, &change->as.subscription);
        break;
    case CHANGE_ENDPOINT:
        change_endpoint(presences, &change->as.endpoint);
        break;
    default:
        break;
    }
}
