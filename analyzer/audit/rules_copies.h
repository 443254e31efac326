/*
 * Rules about what a client publishes: the copies of one state for the containers 2
 * and 3, and values that are not a client's to publish.
 */
#ifndef OCSIGHT_ANALYZER_AUDIT_RULES_COPIES_H
#define OCSIGHT_ANALYZER_AUDIT_RULES_COPIES_H

#include "analyzer/audit/expect.h"

/* presence-dnd-not-softened, presence-copies-differ */
void copies_event(struct audit *audit, enum rule_id rule, const struct event *event);
void unsoftened_change(struct audit *audit, enum rule_id rule, const struct change *change);
void copies_differ_change(struct audit *audit, enum rule_id rule, const struct change *change);

/* presence-idle-published */
void idle_event(struct audit *audit, enum rule_id rule, const struct event *event);

/* presence-last-active-shown */
void last_active_event(struct audit *audit, enum rule_id rule, const struct event *event);

#endif
