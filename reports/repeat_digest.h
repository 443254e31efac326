/*
 * What a body says, as one number: equal numbers, equal content.
 *
 * Keyed with the run's seed, so nobody can make two contents look the same. Versions, times of
 * publication and time stamps are no content: they change with each copy.
 */
#ifndef OCSIGHT_REPORTS_REPEAT_DIGEST_H
#define OCSIGHT_REPORTS_REPEAT_DIGEST_H

#include "analyzer/engine/event.h"
#include "analyzer/engine/map.h"

/* The content of one message: of its facts, or of its bytes where facts do not tell all. */
struct content_digest {
    struct map_seed seed;
    uint64_t bytes; /* 0 = no body */
    uint64_t facts;
    bool verbatim; /* something in it is compared byte for byte */
};

void content_digest_begin(struct content_digest *digest, struct map_seed seed, struct slice body);
void content_digest_add(struct content_digest *digest, const struct event *event);

/* 0 = there is no content. */
uint64_t content_digest_end(const struct content_digest *digest);

/* What names a published value; what the value is. */
uint64_t category_key_digest(const struct category_key *key, struct map_seed seed);
uint64_t category_digest(const struct category_fact *category, struct map_seed seed);

#endif
