/*
 * Looks at the compliance database for the messages of a trace: steps 3 and 5 of the call flow
 * compliance-archive.
 *
 * Called by the commands `audit` and `flows` after the trace and before its audit ends.
 */
#ifndef OCSIGHT_ANALYZER_DATABASE_LOOKS_H
#define OCSIGHT_ANALYZER_DATABASE_LOOKS_H

#include "analyzer/audit/stored.h"
#include "sql/peer.h"

struct look_order {
    int64_t taken;     /* ns: when the peer had what it has */
    uint64_t max_rows; /* of a query */
    bool whole;        /* the peer has all that its server had */
};

/*
 * One look. The answer is its first fault; a peer without mgccomp is none, and no look either.
 */
struct peer_answer database_look(struct stored *stored, struct peer *peer,
                                 const struct look_order *order);

#endif
