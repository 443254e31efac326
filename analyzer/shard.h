/*
 * One shard of the decoding: datagrams in, parsed SIP messages with the facts of
 * their bodies out.
 *
 * A shard owns its TCP connections, streams and XML parser and shares nothing,
 * so that shards can work side by side (analyzer/crew.h). What spans
 * connections, hops and inputs (transactions, dialogs) comes after the merge.
 */
#ifndef OCSIGHT_ANALYZER_SHARD_H
#define OCSIGHT_ANALYZER_SHARD_H

#include "analyzer/batch.h"
#include "analyzer/engine/limits.h"
#include "analyzer/engine/summary.h"
#include "decoders/pseudonym.h"

struct shard;

/*
 * `limits` are those of the whole run; the shard takes its part of those that add up. With a key
 * (else NULL) what comes out holds pseudonyms only (decoders/redact.h).
 */
struct shard *shard_new(struct map_seed seed, const struct limits *limits, unsigned number,
                        const struct pseudonym_key *redact);
void shard_free(struct shard *shard);

/* Works through its datagrams of a batch; what comes out is in batch->harvests[number]. */
void shard_work(struct shard *shard, struct batch *batch);

/* Adds what this shard could read to the coverage; complete after the last batch. */
void shard_count(const struct shard *shard, struct coverage_summary *out);

#endif
