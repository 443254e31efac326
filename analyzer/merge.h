/*
 * The ordered merge: what the decoders hand on, in the order of the run.
 *
 * Messages come out of the TCP reassembly when they are whole, which can be
 * later than messages of other connections with a later time: bytes behind a
 * lost segment wait until the loss is certain. As long as something waits, later
 * items are held here; they leave in the order (time, input, record, arrival).
 * With nothing waiting, nothing is held and nothing is copied.
 *
 * Called by analyzer/pipeline.c only.
 */
#ifndef OCSIGHT_ANALYZER_MERGE_H
#define OCSIGHT_ANALYZER_MERGE_H

#include "analyzer/engine/arena.h"
#include "analyzer/engine/event.h"
#include "decoders/body.h"

/* One held item: a message with its facts, or an event without a message. Owns its arena. */
struct merge_item {
    struct arena arena;
    struct origin key;
    uint64_t arrival; /* private: breaks ties */
    bool is_message;
    struct message message;
    struct facts facts;
    struct event event; /* is_message is false: coverage */
    size_t bytes;       /* what it counts against limits.merge_bytes */
};

struct merge;

struct merge *merge_new(void);
void merge_free(struct merge *merge);

/* A cleared item with an arena that is ready; it belongs to the merge once pushed. */
struct merge_item *merge_item_new(struct merge *merge);

/* `key` and `bytes` must be set. */
void merge_push(struct merge *merge, struct merge_item *item);

/* The earliest item if it lies before `watermark` (NULL = any), else NULL. Give it back after use.
 */
struct merge_item *merge_pop(struct merge *merge, const struct origin *watermark);
void merge_item_free(struct merge *merge, struct merge_item *item);

bool merge_is_empty(const struct merge *merge);
size_t merge_bytes(const struct merge *merge);

#endif
