/*
 * Rules about what the server makes of a user's published states: its aggregate and
 * its most active machine.
 */
#ifndef OCSIGHT_ANALYZER_AUDIT_RULES_AGGREGATE_H
#define OCSIGHT_ANALYZER_AUDIT_RULES_AGGREGATE_H

#include "analyzer/audit/expect.h"
#include "analyzer/engine/buffer.h"

/* presence-aggregate-unexpected */
void aggregate_seen(struct audit *audit, enum rule_id rule, const struct change *change);

/* presence-machine-aggregate-wrong */
void machine_seen(struct audit *audit, enum rule_id rule, const struct change *change);

/*
 * The same words and the same doubt for aggregates that stand in rows (rules_database.c).
 *
 * A gateway publishes a call where neither the capture nor the rows may be, and whether its
 * PUBLISH is listed among the owner's own states is not known (presence.md 3.5).
 */
bool aggregate_may_be_a_gateways(const struct aggregate_change *given);

/* "3500 or 6500 to 7499", or the number of the machines. */
void aggregate_put_expected(struct buffer *out, const struct aggregate_change *given,
                            bool machines);

/* The machines, or all that it is made of, and the aggregate itself. */
void aggregate_cite(struct audit *audit, struct proof *proof, const struct aggregate_change *given,
                    bool machines);

/* Both, when a difference has lasted. */
void aggregate_judge(struct audit *audit, struct expectation *expected);

#endif
