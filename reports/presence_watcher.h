/*
 * What one watcher was told about each user, and where that was not how it was.
 *
 * Follows the run: for each user the presence as it is known and the watcher's
 * latest copy, judged against each other whenever one of them changes. A copy
 * that the user's containers explain (presence.md part 5: 6900 for do not disturb,
 * 18500 for a blocked watcher) is not called different.
 */
#ifndef OCSIGHT_REPORTS_PRESENCE_WATCHER_H
#define OCSIGHT_REPORTS_PRESENCE_WATCHER_H

#include "reports/presence_model.h"
#include "reports/report.h"

enum copy_judgement {
    COPY_SAME,      /* the same band */
    COPY_ADMITTED,  /* another band, but the published states admit it */
    COPY_SOFTENED,  /* container 300 shows do not disturb as 6900 */
    COPY_BLOCKED,   /* container 32000 always shows offline */
    COPY_LEAKED,    /* the owner's list has blocked the watcher, who was shown more */
    COPY_DIFFERENT, /* none of these */
    COPY_UNJUDGED,  /* nothing else is known of the user */
};

/* One thing that the watcher was told. */
struct watcher_copy {
    int64_t time;
    int64_t availability;
    struct origin origin;
    struct slice activity;
    unsigned served; /* enum served_container */
    enum band band;
    enum copy_judgement judgement; /* at that moment */
    bool member;
    bool polled;
    bool empty;
};

/* A span in which the copy was not what the user's presence was. */
struct watcher_difference {
    int64_t from;
    int64_t to; /* TIME_NONE = until the end */
    int64_t shown;
    int64_t was;
    enum band shown_band;
    enum band was_band;
    bool stale; /* the presence changed and the copy did not; else it was told wrongly */
};

struct watcher_pair; /* one user as the watcher knows it */

struct presence_watcher;

struct presence_watcher *presence_watcher_new(const struct presence_query *query,
                                              struct map_seed seed, const struct limits *limits);
void presence_watcher_free(struct presence_watcher *watcher);

/* Any change; those of other watchers and users that nobody asked for are passed over. */
void presence_watcher_change(struct presence_watcher *watcher, const struct change *change);

/* Users, copies and differences that found no room. */
uint64_t presence_watcher_beyond(const struct presence_watcher *watcher);

/* What is known of a user; NULL when the watcher was told nothing about it. */
const struct watcher_pair *presence_watcher_find(const struct presence_watcher *watcher,
                                                 struct slice user);

/* The latest copy; with query.timeline all of them in `*copies`. */
const struct watcher_copy *watcher_pair_last(const struct watcher_pair *pair);
const struct watcher_copy *watcher_pair_copies(const struct watcher_pair *pair, size_t *count);
const struct watcher_difference *watcher_pair_differences(const struct watcher_pair *pair,
                                                          size_t *count);

/* "as it was", "container 300 shows do not disturb so" ... */
const char *copy_judgement_words(enum copy_judgement judgement);
const char *copy_judgement_name(enum copy_judgement judgement);

#endif
