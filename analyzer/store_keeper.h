/*
 * What the decoders found, on its way into a store: secrets masked, heads and bodies parted, bodies
 * digested. Called by the pipeline as its keeper.
 */
#ifndef OCSIGHT_ANALYZER_STORE_KEEPER_H
#define OCSIGHT_ANALYZER_STORE_KEEPER_H

#include "analyzer/pipeline.h"
#include "sql/store.h"

struct store_keeper;

/* `failed` is called once, when the store can take no more. The store is borrowed. */
struct store_keeper *store_keeper_new(struct store *store, const struct limits *limits,
                                      void (*failed)(void));
void store_keeper_free(struct store_keeper *keeper);

struct keeper store_keeper_keeper(struct store_keeper *keeper);

#endif
