/*
 * One look at the presence that databases hold: all rows are read, then each user is evaluated in
 * an engine of its own and told to the report.
 *
 * Called by `presence --server` and for a snapshot. A server that fails makes the look partial;
 * what is told is told of whole rows only.
 */
#ifndef OCSIGHT_ANALYZER_LIVE_PRESENCE_H
#define OCSIGHT_ANALYZER_LIVE_PRESENCE_H

#include <signal.h>

#include "analyzer/exit_status.h"
#include "analyzer/rows_feed.h"
#include "reports/live_report.h"

struct live_sources {
    struct peer *const *peers;
    size_t count;
    const char *const *remarks; /* of the connections, or of the snapshot */
    size_t remark_count;
    int64_t now;
    const char *clock; /* whose clock that is */
    bool partial;      /* some server was not even reached */
};

struct live_asking {
    const struct slice *users;
    size_t user_count;
    uint64_t max_rows;
    struct map_seed seed;
    const struct limits *limits;
    const volatile sig_atomic_t *interrupted;
};

/* What became of a look. */
struct live_outcome {
    enum exit_status status;
    bool told;    /* the report has begun and ended */
    bool partial; /* not all servers were read to their end */
};

/* `partial_too` = tell also what is not the whole, marked as such. */
struct live_outcome live_presence_look(const struct live_sources *sources,
                                       const struct live_asking *asking, bool partial_too,
                                       struct live_report *report);

#endif
