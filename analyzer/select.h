/*
 * Shows a sink only what was asked for: --user, --call-id, --room, --from, --to.
 *
 * The whole input is always analyzed, since what came before a time or on
 * another dialog decides what is true in between; the selection only limits what
 * a report gets to see. Stands between the pipeline and a sink.
 */
#ifndef OCSIGHT_ANALYZER_SELECT_H
#define OCSIGHT_ANALYZER_SELECT_H

#include "analyzer/engine/arena.h"
#include "analyzer/engine/map.h"
#include "analyzer/engine/sink.h"

struct selection {
    const struct slice *users; /* "user@host" in lower case, * matches anything; none = all */
    size_t user_count;
    struct slice call_id; /* "" = all */
    struct slice room;    /* name or URI; "" = all */
    int64_t from;         /* TIME_NONE = from the start */
    int64_t to;
};

struct select;

struct select *select_new(const struct selection *selection, struct map_seed seed,
                          const struct sink *behind);
void select_free(struct select *select);
struct sink select_sink(struct select *select);

#endif
