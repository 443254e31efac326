/*
 * The ordered merge: what the shards hand on, in the order of the run.
 *
 * Messages come out of the TCP reassembly when they are whole, which can be
 * later than messages of other connections with a later time: bytes behind a
 * lost segment wait until the loss is certain. Until then later items are held
 * here; they leave in the order of the packets that completed them.
 *
 * Called by analyzer/pipeline.c only.
 */
#ifndef OCSIGHT_ANALYZER_MERGE_H
#define OCSIGHT_ANALYZER_MERGE_H

#include "analyzer/batch.h"

struct merge;

struct merge *merge_new(void);
void merge_free(struct merge *merge);

/*
 * Takes the harvests out of a batch that all shards are done with; the batch gets
 * empty ones. What lies before every watermark of the batch can then be popped.
 */
void merge_take(struct merge *merge, struct batch *batch);

/* The earliest item before the limit, or, with `any`, the earliest of all; NULL = none. */
struct item *merge_pop(struct merge *merge, bool any);

/* Gives an item back after use. */
void merge_done(struct merge *merge, struct item *item);

/* Memory of the harvests that are held, bytes. */
size_t merge_bytes(const struct merge *merge);

#endif
