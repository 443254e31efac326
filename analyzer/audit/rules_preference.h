/*
 * Rules about preferences, invitations, searches and who may use chat at all.
 */
#ifndef OCSIGHT_ANALYZER_AUDIT_RULES_PREFERENCE_H
#define OCSIGHT_ANALYZER_AUDIT_RULES_PREFERENCE_H

#include "analyzer/audit/expect.h"

/* chat-preference-number-old */
void preference_number_event(struct audit *audit, enum rule_id rule, const struct event *event);
void preference_number_change(struct audit *audit, enum rule_id rule, const struct change *change);

/* chat-preference-unreadable, chat-preference-by-new-client */
void preference_unreadable_event(struct audit *audit, enum rule_id rule, const struct event *event);
void preference_client_event(struct audit *audit, enum rule_id rule, const struct event *event);

/* chat-invite-number-back */
void invite_number_event(struct audit *audit, enum rule_id rule, const struct event *event);

/* chat-search-too-many, chat-search-room-incomplete */
void search_limit_event(struct audit *audit, enum rule_id rule, const struct event *event);
void search_room_event(struct audit *audit, enum rule_id rule, const struct event *event);

/* chat-not-provisioned */
void provisioned_event(struct audit *audit, enum rule_id rule, const struct event *event);
void provisioned_change(struct audit *audit, enum rule_id rule, const struct change *change);

#endif
