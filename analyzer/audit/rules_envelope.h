/*
 * Rules about the envelopes that chat travels in: their form, numbers, names and
 * direction. Replies: rules_reply.h.
 */
#ifndef OCSIGHT_ANALYZER_AUDIT_RULES_ENVELOPE_H
#define OCSIGHT_ANALYZER_AUDIT_RULES_ENVELOPE_H

#include "analyzer/audit/expect.h"

/* chat-envelope-unreadable: also the record of every open chat dialog */
void envelope_change(struct audit *audit, enum rule_id rule, const struct change *change);
void envelope_event(struct audit *audit, enum rule_id rule, const struct event *event);

/* chat-envelope-version, chat-envelope-id-unreadable, chat-child-unnamed, chat-envelope-empty */
void envelope_odd_event(struct audit *audit, enum rule_id rule, const struct event *event);

/* chat-envelope-id-reused: also the record of the numbers used lately */
void envelope_reused_event(struct audit *audit, enum rule_id rule, const struct event *event);

/* chat-envelope-id-back */
void envelope_back_event(struct audit *audit, enum rule_id rule, const struct event *event);

/* chat-direction-wrong */
void direction_event(struct audit *audit, enum rule_id rule, const struct event *event);

/* chat-name-unknown */
void name_unknown_event(struct audit *audit, enum rule_id rule, const struct event *event);

/* chat-content-type */
void content_type_event(struct audit *audit, enum rule_id rule, const struct event *event);

#endif
