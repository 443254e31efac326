/*
 * The threads that decode: one reads, the others work through the shards, and
 * the caller takes finished batches in the order in which they were read.
 *
 * With one thread everything happens in crew_next(). The result never depends on
 * the number of threads: batches and shards are the same, and the caller merges
 * them in order.
 */
#ifndef OCSIGHT_ANALYZER_CREW_H
#define OCSIGHT_ANALYZER_CREW_H

#include "analyzer/shard.h"

struct crew_source {
    void *context;
    /* Fills an empty batch; sets `last` on the final one. Called by one thread at a time. */
    void (*fill)(void *context, struct batch *batch);
};

struct crew;

/* `threads` is 1 or more; `shards` has SHARDS elements. Both outlive the crew. */
struct crew *crew_new(unsigned threads, const struct crew_source *source,
                      struct shard *const *shards);

/* The next batch, worked through by all shards; NULL after the last. */
struct batch *crew_next(struct crew *crew);

/* Gives a batch back; its harvests may have been exchanged. */
void crew_done(struct crew *crew, struct batch *batch);

/* Waits for the threads, which must have nothing left to do: the last batch was given back. */
void crew_free(struct crew *crew);

#endif
