/*
 * Category documents: what a user publishes, and what the owner and watchers are
 * told (facts/presence.md 1.1, 1.4-1.6).
 *
 * Entries of decoders/body.c's table. Namespaces come in two spellings (2.1), so
 * elements are known by local name. Duplicates are kept: which of them counts is
 * for the engine to say.
 */
#ifndef OCSIGHT_DECODERS_PRESENCE_XML_H
#define OCSIGHT_DECODERS_PRESENCE_XML_H

#include "decoders/document.h"

/* publish > publications > publication: one EVENT_PUBLICATION each. */
void presence_decode_publish(const struct document *document);

/*
 * What stands inside one category, alone: `known` tells the rest. Adds its EVENT_CATEGORY before
 * everything else.
 */
void presence_decode_content(const struct document *document, const struct category_fact *known);

/* categories > category, alone or inside roamingData: one EVENT_CATEGORY each. */
void presence_decode_categories(const struct document *document);

#endif
