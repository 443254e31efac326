/*
 * Presence as people read it on a terminal.
 */
#ifndef OCSIGHT_REPORTS_PRESENCE_TEXT_H
#define OCSIGHT_REPORTS_PRESENCE_TEXT_H

#include "reports/presence_model.h"
#include "reports/presence_watcher.h"
#include "reports/report.h"

/* What is written: `people` by user; `watcher` NULL unless --as was given. */
struct presence_page {
    struct presence_model *model;
    struct presence_person *const *people;
    size_t count;
    const struct presence_watcher *watcher;
    uint64_t beyond; /* what the watcher was told and found no room */
    const struct report_style *style;
    const struct summary *summary;
    struct arena *arena;
};

/* Changes that found no room so far; loading a timeline can add to them. */
static inline uint64_t presence_page_beyond(const struct presence_page *page)
{
    return page->beyond + page->model->beyond;
}

void presence_text_write(const struct presence_page *page, struct output *output);

#endif
