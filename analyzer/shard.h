/*
 * One shard of the decoding: packets in, parsed SIP messages with the facts of
 * their bodies out.
 *
 * Called by analyzer/pipeline.c. A shard owns its frames, TCP streams, XML
 * parser and scratch memory and shares nothing, so that several can run side by
 * side later; what spans connections, hops and inputs (transactions, dialogs)
 * comes after the merge.
 */
#ifndef OCSIGHT_ANALYZER_SHARD_H
#define OCSIGHT_ANALYZER_SHARD_H

#include "analyzer/merge.h"
#include "decoders/capture.h"
#include "decoders/frame.h"

struct shard_sink {
    void *context;
    /* A message that may be used at once; borrowed until the function returns. */
    void (*message)(void *context, struct message *message, const struct facts *facts);
    /* An event without a message (coverage); borrowed likewise. */
    void (*event)(void *context, const struct event *event);
};

struct shard;

struct shard *shard_new(struct map_seed seed, const struct limits *limits,
                        const struct shard_sink *sink);
void shard_free(struct shard *shard);

/* One packet. What it completes reaches the sink in the order of the run. */
void shard_feed(struct shard *shard, const struct packet *packet);

/* The input ends: holes are given up, connections closed, everything held is handed on. */
void shard_end(struct shard *shard);

/* Adds what this shard decoded, skipped and could read; complete after shard_end(). */
void shard_count(const struct shard *shard, struct summary *out);

#endif
