/*
 * From copies of SIP messages to identities, transactions and dialogs.
 *
 * The serial stage after the ordered merge: it spans connections, hops and
 * inputs. Called by analyzer/pipeline.c with each parsed message in the order of
 * the run; emits EVENT_MESSAGE for every copy, EVENT_DIALOG whenever a dialogs
 * row opens, changes or ends, and then, for the first copy of a message only,
 * the facts of its body.
 *
 * Identity: Call-ID, CSeq number and method, From tag, status, To tag, attempt.
 * A copy on the same input, flow and branch is a retransmission; anywhere else
 * it is another observation. A request sent again with the same CSeq after a 401
 * or 407 is a new attempt, not a retransmission (presence.md 8.6). Forked
 * requests differ in branch and To tag, not in identity. A copy is recognised as
 * long as its transaction is remembered: 64 s after the last copy of an answered
 * request, 300 s of an open one (transaction.h); later it counts as new.
 *
 * Normative: RFC 3261 sections 12, 17; RFC 3265 3; RFC 3903; design.md section 1.
 */
#ifndef OCSIGHT_DECODERS_EXCHANGE_H
#define OCSIGHT_DECODERS_EXCHANGE_H

#include "analyzer/engine/event.h"
#include "analyzer/engine/limits.h"
#include "analyzer/engine/map.h"
#include "decoders/body.h"

struct exchange;

struct exchange *exchange_new(struct map_seed seed, const struct limits *limits,
                              const struct event_sink *sink);
void exchange_free(struct exchange *exchange);

/*
 * One copy. Sets role, id, transaction, dialog, attempt, request_kept and
 * observations of `message`, then emits. `facts` are those of its body (may be
 * NULL); they are emitted only for a first copy.
 */
void exchange_feed(struct exchange *exchange, struct message *message, const struct facts *facts);

/* The input ends at `now`: rows still open are emitted as they stand, those never decided as
 * unfinished. */
void exchange_end(struct exchange *exchange, int64_t now);

#endif
