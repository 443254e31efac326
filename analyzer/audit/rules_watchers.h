/*
 * Rules about what watchers are shown: stale pictures, and more than they may see.
 */
#ifndef OCSIGHT_ANALYZER_AUDIT_RULES_WATCHERS_H
#define OCSIGHT_ANALYZER_AUDIT_RULES_WATCHERS_H

#include "analyzer/audit/expect.h"

/* presence-watcher-stale */
void stale_change(struct audit *audit, enum rule_id rule, const struct change *change);
void stale_overdue(struct audit *audit, struct expectation *expected);
void stale_judge(struct audit *audit, struct expectation *expected);

/* presence-blocked-leak, presence-external-leak, presence-input-leak */
void blocked_leak_change(struct audit *audit, enum rule_id rule, const struct change *change);
void external_leak_change(struct audit *audit, enum rule_id rule, const struct change *change);
void input_leak_change(struct audit *audit, enum rule_id rule, const struct change *change);

#endif
