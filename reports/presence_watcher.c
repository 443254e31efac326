/*
 * What one watcher was told. See presence_watcher.h; how it is written is in
 * presence_watcher_write.c.
 */
#include "reports/presence_watcher.h"

#include <stdlib.h>

/* Subscription dialogs list the pairs that they keep up to date, so that their end ends those. */
struct standing {
    struct watcher_pair *first;
};

struct watcher_pair {
    bool known; /* something is known of the user's presence: */
    enum band band;
    int64_t availability;
    struct admitted admitted;
    bool told;                /* `last` holds the watcher's latest copy: */
    bool over;                /* its subscription has ended: the copy is not judged any more */
    struct watcher_copy last; /* activity: heap copy */
    bool open;                /* the last difference has no end yet */
    struct watcher_copy *copies;
    size_t copy_count;
    size_t copy_capacity;
    struct watcher_difference *differences;
    size_t difference_count;
    size_t difference_capacity;
    uint64_t dialog;           /* 0 = in no list */
    struct watcher_pair *next; /* in the list of that dialog */
    struct watcher_pair *previous;
};

struct presence_watcher {
    struct presence_query query;
    size_t limit;
    size_t rows; /* copies and differences */
    uint64_t beyond;
    struct map pairs;   /* "user@host" -> struct watcher_pair */
    struct map dialogs; /* dialog -> struct standing */
    struct arena arena;
};

static void pair_free(void *value)
{
    struct watcher_pair *pair = value;
    slice_drop(&pair->last.activity);
    free(pair->copies);
    free(pair->differences);
    free(pair);
}

struct presence_watcher *presence_watcher_new(const struct presence_query *query,
                                              struct map_seed seed, const struct limits *limits)
{
    struct presence_watcher *watcher = memory_zero(1, sizeof *watcher);
    watcher->query = *query;
    watcher->limit = limits->report_rows;
    map_init(&watcher->pairs, seed);
    map_init_numbers(&watcher->dialogs, seed);
    arena_init(&watcher->arena);
    return watcher;
}

void presence_watcher_free(struct presence_watcher *watcher)
{
    map_dispose(&watcher->pairs, pair_free);
    map_dispose(&watcher->dialogs, free);
    arena_dispose(&watcher->arena);
    free(watcher);
}

static struct watcher_pair *pair_of(struct presence_watcher *watcher, struct slice user)
{
    const struct presence_query *query = &watcher->query;
    bool wanted =
        query->user_count == 0 || slice_matches_any(query->users, query->user_count, user);
    struct watcher_pair *pair = wanted ? map_find(&watcher->pairs, user) : NULL;
    if (pair || !wanted || user.size == 0) {
        return pair;
    }
    if (watcher->pairs.count >= watcher->limit) {
        watcher->beyond++;
        return NULL;
    }
    pair = memory_zero(1, sizeof *pair);
    map_put(&watcher->pairs, user, pair);
    return pair;
}

/* ---- judging ---- */

static bool is_admitted(const struct admitted *admitted, int64_t availability)
{
    for (size_t i = 0; i < admitted->count && i < ADMITTED_RANGES; i++) {
        if (availability >= admitted->ranges[i].low && availability <= admitted->ranges[i].high) {
            return true;
        }
    }
    return false;
}

/* presence.md 3.1 point 7: 6900 with urgent-interruptions-only instead of 9000..11999. */
static bool is_softened(enum band band, const struct watcher_copy *copy)
{
    bool urgent = availability_is_softened(copy->availability);
    return band == BAND_DO_NOT_DISTURB && copy->band == BAND_BUSY &&
           (copy->served & SERVED_300) != 0 &&
           (urgent || slice_equal_nocase(copy->activity, slice_of("urgent-interruptions-only")));
}

/* presence.md part 5: who is in 32000 gets 18500 and nothing else, however the user is. */
static bool is_leaked(const struct watcher_copy *copy)
{
    return copy->member && copy->served == SERVED_32000 && !copy->empty &&
           copy->band != BAND_OFFLINE;
}

static enum copy_judgement judge(const struct watcher_pair *pair)
{
    const struct watcher_copy *copy = &pair->last;
    if (!pair->known || pair->band == BAND_UNKNOWN) {
        return COPY_UNJUDGED;
    }
    if (!copy->empty && copy->band == pair->band) {
        return COPY_SAME;
    }
    if (copy->empty) {
        return pair->band == BAND_OFFLINE ? COPY_SAME : COPY_DIFFERENT;
    }
    if (is_admitted(&pair->admitted, copy->availability)) {
        return COPY_ADMITTED;
    }
    if (is_softened(pair->band, copy)) {
        return COPY_SOFTENED;
    }
    bool blocked = copy->band == BAND_OFFLINE && (copy->served & SERVED_32000) != 0;
    return blocked ? COPY_BLOCKED : COPY_DIFFERENT;
}

static bool has_room(struct presence_watcher *watcher)
{
    if (watcher->rows >= watcher->limit) {
        watcher->beyond++;
        return false;
    }
    watcher->rows++;
    return true;
}

/* Forgets it where it lasted no time (two facts of one message) or was over before query.from. */
static void difference_close(struct presence_watcher *watcher, struct watcher_pair *pair,
                             int64_t time)
{
    if (!pair->open) {
        return;
    }
    struct watcher_difference *last = &pair->differences[pair->difference_count - 1];
    int64_t first = watcher->query.from;
    pair->open = false;
    last->to = time;
    if (time <= last->from || (first != TIME_NONE && time <= first)) {
        pair->difference_count--;
        watcher->rows--;
    }
}

static void difference_open(struct presence_watcher *watcher, struct watcher_pair *pair,
                            int64_t time, bool stale)
{
    if (!has_room(watcher)) {
        return;
    }
    if (pair->difference_count == pair->difference_capacity) {
        pair->difference_capacity =
            pair->difference_capacity > 0 ? pair->difference_capacity * 2 : 4;
        pair->differences =
            memory_grow(pair->differences, pair->difference_capacity, sizeof *pair->differences);
    }
    pair->differences[pair->difference_count++] = (struct watcher_difference){
        .from = time,
        .to = TIME_NONE,
        .shown = pair->last.availability,
        .shown_band = pair->last.empty ? BAND_UNKNOWN : pair->last.band,
        .was = pair->availability,
        .was_band = pair->band,
        .stale = stale,
    };
    pair->open = true;
}

/* Something changed at `time`: the presence (`stale`), or the copy. */
static void compare(struct presence_watcher *watcher, struct watcher_pair *pair, int64_t time,
                    bool stale)
{
    const struct watcher_difference *last =
        pair->open ? &pair->differences[pair->difference_count - 1] : NULL;
    bool differs = pair->told && !pair->over && judge(pair) == COPY_DIFFERENT;
    enum band shown = pair->last.empty ? BAND_UNKNOWN : pair->last.band;
    if (differs && last && last->shown_band == shown && last->was_band == pair->band) {
        return;
    }
    difference_close(watcher, pair, time);
    if (differs) {
        difference_open(watcher, pair, time, stale);
    }
}

/* ---- what comes in ---- */

static void take_presence(struct presence_watcher *watcher, const struct change *change)
{
    const struct presence_change *presence = &change->as.presence;
    struct watcher_pair *pair = pair_of(watcher, presence->user);
    if (!pair) {
        return;
    }
    pair->known = true;
    pair->band = presence->band;
    pair->availability = presence->availability;
    pair->admitted = presence->admitted;
    compare(watcher, pair, change->time, true);
}

static void leave_dialog(struct presence_watcher *watcher, struct watcher_pair *pair)
{
    if (pair->dialog == 0) {
        return;
    }
    struct standing *standing = map_find(&watcher->dialogs, map_number_key(&pair->dialog));
    if (standing && standing->first == pair) {
        standing->first = pair->next;
    }
    if (pair->previous) {
        pair->previous->next = pair->next;
    }
    if (pair->next) {
        pair->next->previous = pair->previous;
    }
    if (standing && !standing->first) {
        free(map_remove(&watcher->dialogs, map_number_key(&pair->dialog)));
    }
    pair->next = pair->previous = NULL;
    pair->dialog = 0;
}

static void join_dialog(struct presence_watcher *watcher, struct watcher_pair *pair,
                        uint64_t dialog)
{
    if (dialog == 0 || pair->dialog == dialog) {
        return;
    }
    leave_dialog(watcher, pair);
    struct standing *standing = map_find(&watcher->dialogs, map_number_key(&dialog));
    if (!standing) {
        standing = memory_zero(1, sizeof *standing);
        map_put(&watcher->dialogs, map_number_key(&dialog), standing);
    }
    pair->dialog = dialog;
    pair->next = standing->first;
    if (pair->next) {
        pair->next->previous = pair;
    }
    standing->first = pair;
}

static void keep_copy(struct presence_watcher *watcher, struct watcher_pair *pair)
{
    const struct presence_query *query = &watcher->query;
    const struct watcher_copy *last = &pair->last;
    bool early = query->from != TIME_NONE && last->time < query->from;
    if (!query->timeline || early || !has_room(watcher)) {
        return;
    }
    if (pair->copy_count == pair->copy_capacity) {
        pair->copy_capacity = pair->copy_capacity > 0 ? pair->copy_capacity * 2 : 4;
        pair->copies = memory_grow(pair->copies, pair->copy_capacity, sizeof *pair->copies);
    }
    struct watcher_copy *copy = &pair->copies[pair->copy_count++];
    *copy = *last;
    copy->activity = arena_keep(&watcher->arena, last->activity);
}

/* Inputs are no copy of the presence, nor is what an owner reads of its other containers. */
static bool is_copy(const struct told_change *told)
{
    bool whole = told->value_kind == STATE_NONE || told->value_kind == STATE_AGGREGATE ||
                 told->value_kind == STATE_UNKNOWN;
    return told->category == CATEGORY_STATE && whole &&
           (!told->owner || !told->has_container || told->container == 2);
}

static void take_told(struct presence_watcher *watcher, const struct change *change)
{
    const struct told_change *told = &change->as.told;
    if (!is_copy(told) || !slice_equal(told->watcher, watcher->query.watcher)) {
        return;
    }
    struct watcher_pair *pair = pair_of(watcher, told->user);
    if (!pair) {
        return;
    }
    struct slice activity = pair->last.activity;
    slice_replace(&activity, told->activity);
    pair->last = (struct watcher_copy){
        .time = change->time,
        .availability = told->availability,
        .origin = change->origin,
        .activity = activity,
        .served = told->served == 0 ? SERVED_ANY : told->served,
        .band = told->band,
        .member = told->member,
        .polled = told->polled,
        .empty = told->empty,
    };
    pair->last.origin.row = NULL;
    pair->told = true;
    pair->over = false;
    pair->last.judgement = is_leaked(&pair->last) ? COPY_LEAKED : judge(pair);
    if (told->polled) {
        leave_dialog(watcher, pair);
    } else {
        join_dialog(watcher, pair, told->dialog);
    }
    compare(watcher, pair, change->time, false);
    keep_copy(watcher, pair);
}

/* A subscription that ended promises nothing any more. */
static void take_subscription(struct presence_watcher *watcher, const struct change *change)
{
    const struct subscription_change *subscription = &change->as.subscription;
    if (subscription->state != SUBSCRIPTION_TERMINATED &&
        subscription->state != SUBSCRIPTION_LAPSED) {
        return;
    }
    struct standing *standing = map_find(&watcher->dialogs, map_number_key(&subscription->dialog));
    struct watcher_pair *pair = standing ? standing->first : NULL;
    while (pair) {
        struct watcher_pair *next = pair->next;
        pair->over = true;
        difference_close(watcher, pair, change->time);
        leave_dialog(watcher, pair);
        pair = next;
    }
}

void presence_watcher_change(struct presence_watcher *watcher, const struct change *change)
{
    int64_t end = presence_query_end(&watcher->query);
    if (end != TIME_NONE && change->time > end) {
        return;
    }
    switch (change->kind) {
    case CHANGE_PRESENCE:
        take_presence(watcher, change);
        break;
    case CHANGE_TOLD:
        take_told(watcher, change);
        break;
    case CHANGE_SUBSCRIPTION:
        take_subscription(watcher, change);
        break;
    default:
        break;
    }
}

/* ---- what came of it ---- */

uint64_t presence_watcher_beyond(const struct presence_watcher *watcher)
{
    return watcher->beyond;
}

const struct watcher_pair *presence_watcher_find(const struct presence_watcher *watcher,
                                                 struct slice user)
{
    const struct watcher_pair *pair = map_find(&watcher->pairs, user);
    return pair && pair->told ? pair : NULL;
}

const struct watcher_copy *watcher_pair_last(const struct watcher_pair *pair)
{
    return &pair->last;
}

const struct watcher_copy *watcher_pair_copies(const struct watcher_pair *pair, size_t *count)
{
    *count = pair->copy_count;
    return pair->copies;
}

const struct watcher_difference *watcher_pair_differences(const struct watcher_pair *pair,
                                                          size_t *count)
{
    *count = pair->difference_count;
    return pair->differences;
}

const char *copy_judgement_words(enum copy_judgement judgement)
{
    static const char *const words[] = {
        [COPY_SAME] = "as it was",
        [COPY_ADMITTED] = "possible by what was published",
        [COPY_SOFTENED] = "container 300 shows do not disturb as 6900",
        [COPY_BLOCKED] = "can be a block: container 32000 always shows offline",
        [COPY_LEAKED] = "a blocked watcher may be shown Offline only",
        [COPY_DIFFERENT] = "not as it was",
        [COPY_UNJUDGED] = "nothing to compare it with",
    };
    return words[judgement];
}

const char *copy_judgement_name(enum copy_judgement judgement)
{
    static const char *const names[] = {
        [COPY_SAME] = "same",         [COPY_ADMITTED] = "admitted", [COPY_SOFTENED] = "softened",
        [COPY_BLOCKED] = "blocked",   [COPY_LEAKED] = "leaked",     [COPY_DIFFERENT] = "different",
        [COPY_UNJUDGED] = "unjudged",
    };
    return names[judgement];
}
