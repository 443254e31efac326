/*
 * What presence of an LCS 2005 level client means as a number of today: pure.
 *
 * Normative: facts/presence.md part 6. The ranges of `availability` are
 * documented, those of `activity` and the order of the sources are those of the
 * sipe client. Below 100 is Offline; from there on the activity says the band.
 */
#ifndef OCSIGHT_ANALYZER_ENGINE_LEGACY_H
#define OCSIGHT_ANALYZER_ENGINE_LEGACY_H

#include "analyzer/engine/bands.h"
#include "analyzer/engine/event.h"

struct legacy_presence {
    bool known; /* false: it says nothing of presence */
    int64_t availability;
    struct slice activity; /* borrowed from the fact or constant; "" = none */
};

struct legacy_presence legacy_meaning(const struct legacy_fact *fact);

#endif
