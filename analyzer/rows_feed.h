/*
 * Presence as the databases hold it, as events of the one engine.
 *
 *   peers -> rows_feed_gather(): all rows into a temporary file -> rows_feed_next(): user by user,
 *   merged over the servers, decoded -> events
 *
 * Called by `presence --server` and `audit --server`. Nothing is handed on before everything was
 * read, so a server that fails half way never looks like a whole one.
 *
 * Of one user the events are EVENT_CATEGORY without message, each with origin.row and the
 * row's LastPubTime as its time. They state one moment: inputs first, by time, then what the
 * server makes of them, container 2 last. Rows of the same (category, container, instance) on
 * several servers are one fact: the highest Version counts, then the server where the user is
 * registered, then the newest. Rows whose ExpiresAt has passed, and what cannot be read, are no
 * events but notes (live.h).
 */
#ifndef OCSIGHT_ANALYZER_ROWS_FEED_H
#define OCSIGHT_ANALYZER_ROWS_FEED_H

#include "analyzer/engine/limits.h"
#include "analyzer/engine/live.h"
#include "analyzer/engine/map.h"
#include "sql/peer.h"

struct rows_options {
    const struct slice *users; /* "user@host", or with * as in a shell; none = everybody */
    size_t user_count;
    int64_t now;       /* what ExpiresAt is compared with */
    uint64_t max_rows; /* of one query; 0 = no bound */
    struct map_seed seed;
    const struct limits *limits;
};

struct rows_feed;

/* `options` is copied; its users and limits must outlive the feed. NULL and one line in
 * `problem` when there is no room for the temporary file. */
struct rows_feed *rows_feed_new(const struct rows_options *options, char *problem,
                                size_t problem_size);
void rows_feed_free(struct rows_feed *feed);

/*
 * Reads the presence of one more peer, which was probed or is probed here. Any fault but PEER_CUT
 * means that what is known of this peer is not whole. Tables that are not there are no fault
 * unless all of them are missing: rows_feed_absent().
 */
struct peer_answer rows_feed_gather(struct rows_feed *feed, struct peer *peer);

/* Some table of publications was read on some server: without, nothing is known of anybody. */
bool rows_feed_sees_publications(const struct rows_feed *feed);

/* After the last gather: the next user in the order of names. False at the end, or when the
 * temporary file cannot be read (rows_feed_problem). Borrowed until the next call. */
bool rows_feed_next(struct rows_feed *feed, struct live_person *out);

/* Tables and columns that a peer did not have: "fe01\RTCLOCAL: rtcdyn.PublishedInstance.Version,
 * ..."; a line for each peer that lacks something. */
size_t rows_feed_absent_count(const struct rows_feed *feed);
const char *rows_feed_absent(const struct rows_feed *feed, size_t index);

/* "" while nothing is wrong. */
const char *rows_feed_problem(const struct rows_feed *feed);

#endif
