/*
 * Rules about publications in PIDF: what their publisher does when the server has
 * lost one, doubles one, or refreshes one that has run out; and whether the server
 * knows what to do with it at all.
 */
#ifndef OCSIGHT_ANALYZER_AUDIT_RULES_PUBLISH_H
#define OCSIGHT_ANALYZER_AUDIT_RULES_PUBLISH_H

#include "analyzer/audit/expect.h"

/* publish-412-not-recovered */
void tag_lost_event(struct audit *audit, enum rule_id rule, const struct event *event);
void tag_lost_judge(struct audit *audit, struct expectation *expected);

/* publish-doubled */
void doubled_change(struct audit *audit, enum rule_id rule, const struct change *change);
void doubled_judge(struct audit *audit, struct expectation *expected);

/* publish-refresh-after-expiry */
void revived_change(struct audit *audit, enum rule_id rule, const struct change *change);

/* publish-server-too-old */
void old_server_change(struct audit *audit, enum rule_id rule, const struct change *change);

#endif
