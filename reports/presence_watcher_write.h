/*
 * What one watcher was told about a user, as text, JSON and CSV.
 */
#ifndef OCSIGHT_REPORTS_PRESENCE_WATCHER_WRITE_H
#define OCSIGHT_REPORTS_PRESENCE_WATCHER_WRITE_H

#include "reports/presence_watcher.h"

/* Where and how it is written. */
struct watcher_page {
    const struct report_style *style;
    const struct summary *summary;
    struct slice watcher;
    bool timeline; /* all copies, not only the last one */
    struct arena *arena;
};

/* `pair` NULL: the watcher was told nothing about this user. */
void watcher_write_text(const struct watcher_pair *pair, const struct watcher_page *page,
                        struct output *output);
void watcher_write_json(const struct watcher_pair *pair, const struct watcher_page *page,
                        struct json *json);
void watcher_write_csv_head(struct output *output);
void watcher_write_csv(struct slice user, const struct watcher_pair *pair,
                       const struct watcher_page *page, struct output *output);

#endif
