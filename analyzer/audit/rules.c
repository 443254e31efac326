/*
 * The table of rules: what each wants to see and what it does with it. See rules.h;
 * what it says of itself is in rule_texts.c.
 */
#include "analyzer/audit/rules.h"

#include "analyzer/audit/rules_aggregate.h"
#include "analyzer/audit/rules_calls.h"
#include "analyzer/audit/rules_conflict.h"
#include "analyzer/audit/rules_copies.h"
#include "analyzer/audit/rules_coverage.h"
#include "analyzer/audit/rules_instances.h"
#include "analyzer/audit/rules_presence.h"
#include "analyzer/audit/rules_publish.h"
#include "analyzer/audit/rules_sip.h"
#include "analyzer/audit/rules_subscriptions.h"
#include "analyzer/audit/rules_watchers.h"
#include "analyzer/audit/state.h"

/* clang-format off */
static const struct rule rows[RULES] = {
    [RULE_SIP_REQUEST_UNANSWERED] = {
        .rank = RANK_OUTCOME, .events = RULE_WANTS(EVENT_MESSAGE), .copies = true,
        .event = request_event, .judge = request_judge,
        .sentence = "{what} from {user}[ to {peer}] got no final answer within {waited}[ (sent to {place})]",
        .sentence_late = "{what} from {user}[ to {peer}] was answered only after {waited}[ (sent to {place})]",
    },
    [RULE_REGISTER_REFUSED] = {
        .rank = RANK_OUTCOME, .events = RULE_WANTS(EVENT_MESSAGE),
        .event = register_refused_event,
        .sentence = "The registration of {user} was refused[ {count time}]: {number}[ {detail}][ ({place})]",
        .sentence_late = "{user} was challenged more than three times in a row and is not registered[ ({detail})]",
    },
    [RULE_REGISTER_REDIRECTED] = {
        .rank = RANK_OUTCOME, .events = RULE_WANTS(EVENT_MESSAGE),
        .event = register_redirected_event,
        .sentence = "{user} was sent to another server to register[ {count time}][: {place}]",
    },
    [RULE_SUBSCRIPTION_REFUSED] = {
        .rank = RANK_OUTCOME, .events = RULE_WANTS(EVENT_MESSAGE),
        .event = subscription_refused_event,
        .sentence = "A subscription of {user}[ to {peer}][ for {what}] was refused[ {count time}]: {number}[ {detail}]",
    },
    [RULE_PUBLISH_REFUSED] = {
        .rank = RANK_OUTCOME, .events = RULE_WANTS(EVENT_MESSAGE),
        .event = publish_refused_event,
        .sentence = "The presence that {user} published ({what}) was refused[ {count time}]: {number}[ {detail}]",
    },
    [RULE_CALL_FAILED] = {
        .rank = RANK_OUTCOME, .events = RULE_WANTS(EVENT_MESSAGE), .holds = true,
        .event = call_event, .judge = call_judge,
        .sentence = "A call from {user}[ to {peer}] failed: {number}[ {detail}]",
    },
    [RULE_SIP_DIAGNOSTICS] = {
        .rank = RANK_REMARK, .events = RULE_WANTS(EVENT_MESSAGE), .holds = true,
        .event = diagnostics_event, .overdue = diagnostics_overdue, .judge = diagnostics_judge,
        .sentence = "{count message} carried ms-diagnostics {number}[ from {place}][: {detail}]",
    },
    /* compliance */
    [RULE_COMPLIANCE_NOT_ARCHIVED] = {
        .rank = RANK_REMARK,
        .sentence = "The {what}[ of {user}] in {room} is not in the compliance export",
        .sentence_late = "The compliance export has no conversation of {room}, where the capture shows {count event}",
    },
    [RULE_COMPLIANCE_NOT_CAPTURED] = {
        .rank = RANK_REMARK,
        .sentence = "The compliance export has {count event}[ of {user}] in {room} that the capture does not show: {what}",
    },
    [RULE_COMPLIANCE_DIFFERS] = {
        .rank = RANK_REMARK,
        .sentence = "The {what}[ of {user}] in {room} has {detail} in the compliance export",
    },
    [RULE_COMPLIANCE_ROW_MISSING] = {
        .rank = RANK_REMARK,
        .sentence = "The {what}[ of {user}] in {room} is not in the compliance database, where messages before and after it wait to be processed",
    },
    [RULE_FLOW_STEP_MISSING] = {
        .rank = RANK_REMARK,
        .sentence = "{user} left out the step \"{what}\" of {place}[: \"{detail}\" came without it]",
    },
    [RULE_FLOW_STEP_OUT_OF_ORDER] = {
        .rank = RANK_REMARK,
        .sentence = "In {place} of {user} the step \"{what}\" came before \"{detail}\", which it needs",
    },
    /* publishing */
    [RULE_PUBLISH_EXPIRED] = {
        .rank = RANK_OUTCOME,
        .changes = RULE_WANTS(CHANGE_PUBLICATION) | RULE_WANTS(CHANGE_TOLD), .holds = true,
        .change = published_change, .judge = published_judge,
        .sentence = "{user} was still shown as {detail}[ to {peer}][ to {count watcher}] {waited} after the publication ran out unrefreshed",
    },
    [RULE_PUBLISH_412_NOT_RECOVERED] = {
        .rank = RANK_REACTION, .events = RULE_WANTS(EVENT_MESSAGE),
        .event = tag_lost_event, .judge = tag_lost_judge,
        .sentence = "The server has lost the publication of {user} (412) and nothing was published anew within {wait}",
        .sentence_late = "The server had lost the publication of {user} (412) and it was published anew only after {waited}",
    },
    [RULE_PUBLISH_DOUBLED] = {
        .rank = RANK_OUTCOME, .changes = RULE_WANTS(CHANGE_PUBLICATION), .holds = true,
        .change = doubled_change, .overdue = audit_forget, .judge = doubled_judge,
        .sentence = "{user} is published as {detail} twice[ by {place}]: the one made {waited} earlier still lives",
    },
    [RULE_PUBLISH_CALL_STATE_LEFT] = {
        .rank = RANK_REACTION, .copies = true,
        .events = RULE_WANTS(EVENT_MESSAGE) | RULE_WANTS(EVENT_DIALOG),
        .changes = RULE_WANTS(CHANGE_PUBLICATION),
        .event = call_state_event, .change = call_state_change,
        .overdue = call_state_overdue, .judge = call_state_judge,
        .sentence = "{user} is still published as on the phone {waited} after the last call ended",
        .sentence_late = "{user} was published as on the phone until {waited} after the last call had ended",
    },
    [RULE_PUBLISH_REFRESH_AFTER_EXPIRY] = {
        .rank = RANK_REMARK, .changes = RULE_WANTS(CHANGE_PUBLICATION),
        .change = revived_change, .overdue = audit_forget,
        .sentence = "A refresh of the publication of {user} was accepted {waited} after it had run out",
    },
    [RULE_PUBLISH_SERVER_TOO_OLD] = {
        .rank = RANK_REMARK, .changes = RULE_WANTS(CHANGE_PUBLICATION),
        .change = old_server_change,
        .sentence = "\"On the phone\" was published[ for {user}] {count time} to a server too old to show it: {what}[ ({place})]",
    },
    [RULE_PUBLICATION_CONFLICT_NOT_RECOVERED] = {
        .rank = RANK_REACTION,
        .events = RULE_WANTS(EVENT_PUBLICATION), .changes = RULE_WANTS(CHANGE_PUBLICATION),
        .event = conflict_event, .change = conflict_change,
        .overdue = conflict_overdue, .judge = conflict_judge,
        .sentence = "The server refused {count publication} of {user} ({what}) for an old version (409), and the client did not publish again[ with version {number}] within {wait}",
        .sentence_late = "The server refused {count publication} of {user} ({what}) for an old version (409), and the client published again only after {waited}",
    },
    [RULE_PUBLICATION_CONFLICT_REPEATED] = {
        .rank = RANK_REMARK, .changes = RULE_WANTS(CHANGE_PUBLICATION), .holds = true,
        .change = fight_change, .overdue = fight_overdue, .judge = fight_judge,
        .sentence = "{count time} in a row a publication of {user} ({what}) had an old version[: {detail} publish it]",
    },
    [RULE_PUBLICATION_VERSION_STUCK] = {
        .rank = RANK_REMARK,
        .events = RULE_WANTS(EVENT_PUBLICATION) | RULE_WANTS(EVENT_CATEGORY),
        .event = version_event, .overdue = audit_forget,
        .sentence = "The server accepted {count publication} of {user} ({what}) and did not raise the version[ {number}]",
    },
    [RULE_PRESENCE_DND_NOT_SOFTENED] = {
        .rank = RANK_CAUSE,
        .events = RULE_WANTS(EVENT_PUBLICATION), .changes = RULE_WANTS(CHANGE_PUBLICATION),
        .event = copies_event, .change = unsoftened_change, .overdue = audit_forget,
        .sentence = "{user} chose Do not disturb[ {count time}], and the copy for the workgroup[ says {number}] instead of 6900 (urgent interruptions only)",
    },
    [RULE_PRESENCE_COPIES_DIFFER] = {
        .rank = RANK_REMARK,
        .events = RULE_WANTS(EVENT_PUBLICATION), .changes = RULE_WANTS(CHANGE_PUBLICATION),
        .event = copies_event, .change = copies_differ_change, .overdue = audit_forget,
        .sentence = "{user} published one state differently for the containers 2 and 3[: {number} in 3][ ({count time})]",
    },
    [RULE_PRESENCE_IDLE_PUBLISHED] = {
        .rank = RANK_REMARK, .events = RULE_WANTS(EVENT_PUBLICATION),
        .event = idle_event,
        .sentence = "{user} published {number} as a choice of the user[ {count time}], which is a number for an idle machine",
    },
    [RULE_PRESENCE_LAST_ACTIVE_SHOWN] = {
        .rank = RANK_REMARK, .events = RULE_WANTS(EVENT_CATEGORY),
        .event = last_active_event,
        .sentence = "Watchers were told[ {count time}] when {user} was last active although the user was active ({number})",
    },
    [RULE_PRESENCE_ENDPOINT_STATE_LEFT] = {
        .rank = RANK_OUTCOME,
        .events = RULE_WANTS(EVENT_CATEGORY), .changes = RULE_WANTS(CHANGE_PUBLICATION),
        .event = orphan_event, .change = orphan_change, .overdue = audit_forget,
        .sentence = "{count publication} of {user} still lived {waited} after the endpoint {place} had signed out",
    },
    [RULE_PRESENCE_TIMED_STATE_LEFT] = {
        .rank = RANK_OUTCOME,
        .events = RULE_WANTS(EVENT_CATEGORY), .changes = RULE_WANTS(CHANGE_PUBLICATION),
        .event = timed_event, .change = timed_change, .overdue = audit_forget,
        .sentence = "{count publication} of {user} ({what}) still lived {waited} after running out",
    },
    [RULE_PRESENCE_MANUAL_STATE_OLD] = {
        .rank = RANK_REMARK, .events = RULE_WANTS(EVENT_CATEGORY),
        .event = manual_event,
        .sentence = "{user} has been {number} by choice for {waited}, longer than such a choice lasts",
    },
    [RULE_SUBSCRIPTION_LAPSED] = {
        .rank = RANK_OUTCOME,
        .events = RULE_WANTS(EVENT_MESSAGE), .changes = RULE_WANTS(CHANGE_SUBSCRIPTION), .holds = true,
        .event = lapse_event, .change = lapse_change, .judge = lapse_judge,
        .sentence = "The subscription of {user}[ to {peer}][ for {what}] ran out unrefreshed and was still served {waited} later",
    },
    [RULE_PRESENCE_AGGREGATE_UNEXPECTED] = {
        .rank = RANK_REMARK,
        .changes = RULE_WANTS(CHANGE_AGGREGATE) | RULE_WANTS(CHANGE_TOLD),
        .change = aggregate_seen, .judge = aggregate_judge,
        .sentence = "The server aggregates {user} to {number}[ in {place}][ {count time}] for more than {wait}; what is published explains {detail}",
    },
    [RULE_PRESENCE_MACHINE_AGGREGATE_WRONG] = {
        .rank = RANK_OUTCOME, .changes = RULE_WANTS(CHANGE_AGGREGATE),
        .change = machine_seen, .judge = aggregate_judge,
        .sentence = "The server takes the most active machine of {user} for {number}[ in {place}][ {count time}] for more than {wait}; it is at {detail}",
    },
    [RULE_PRESENCE_WATCHER_STALE] = {
        .rank = RANK_REMARK, .changes = RULE_WANTS(CHANGE_TOLD), .holds = true,
        .change = stale_change, .overdue = stale_overdue, .judge = stale_judge,
        .sentence = "{user} became {what}, but[ {peer}][ {count watcher}] went on seeing {detail} for more than {wait}",
        .sentence_late = "{user} became {what}, but[ {peer}][ {count watcher}] went on seeing {detail} for {waited}",
    },
    [RULE_PRESENCE_BLOCKED_LEAK] = {
        .rank = RANK_CAUSE, .changes = RULE_WANTS(CHANGE_TOLD),
        .change = blocked_leak_change,
        .sentence = "{peer} is blocked by {user} and was shown {what}[ {count time}]",
    },
    [RULE_PRESENCE_EXTERNAL_LEAK] = {
        .rank = RANK_CAUSE, .changes = RULE_WANTS(CHANGE_TOLD),
        .change = external_leak_change,
        .sentence = "{peer} is an external contact of {user} and was shown {what}[ {count time}]",
    },
    [RULE_PRESENCE_INPUT_LEAK] = {
        .rank = RANK_CAUSE, .changes = RULE_WANTS(CHANGE_TOLD),
        .change = input_leak_change,
        .sentence = "{peer} was shown {what} of {user}, which only the owner may see[ ({count time})]",
    },
    [RULE_BENOTIFY_NOT_OFFERED] = {
        .rank = RANK_CAUSE, .events = RULE_WANTS(EVENT_MESSAGE), .holds = true,
        .event = benotify_offer_event, .judge = benotify_offer_judge,
        .sentence = "{user} was sent BENOTIFY in a subscription[ for {what}] that never offered ms-benotify",
    },
    [RULE_BENOTIFY_ANSWERED] = {
        .rank = RANK_REMARK, .events = RULE_WANTS(EVENT_MESSAGE),
        .event = benotify_answer_event,
        .sentence = "{user} answered {count BENOTIFY|BENOTIFY requests}, which asks for no answer",
    },
    [RULE_SUBSCRIPTION_NOT_TERMINATED] = {
        .rank = RANK_OUTCOME, .events = RULE_WANTS(EVENT_MESSAGE),
        .event = termination_event, .overdue = termination_overdue, .judge = termination_judge,
        .sentence = "{user} ended the subscription[ to {peer}] and was not told within {wait} that it is terminated",
    },
    [RULE_SUBSCRIPTION_NOT_RETRIED] = {
        .rank = RANK_REACTION, .events = RULE_WANTS(EVENT_MESSAGE) | RULE_WANTS(EVENT_WATCH),
        .event = renewal_event, .overdue = resubscriber_overdue, .judge = renewal_judge,
        .sentence = "A presence subscription of {user}[ to {peer}] was refused with {number}[ ({detail})] and not tried again within {wait}",
        .sentence_late = "The server ended the presence subscription of {user}[ to {peer}][ ({detail})], and no new one was made within {wait}",
    },
    [RULE_SUBSCRIPTION_RESUBSCRIBE_IGNORED] = {
        .rank = RANK_REACTION,
        .events = RULE_WANTS(EVENT_MESSAGE) | RULE_WANTS(EVENT_WATCH) | RULE_WANTS(EVENT_RESOURCE),
        .event = resubscribe_event, .overdue = resubscriber_overdue, .judge = resubscribe_judge,
        .sentence = "{user} was told to subscribe elsewhere[ to {peer}][ for {count contact}] and did not within {wait}",
    },
    [RULE_SUBSCRIPTION_TOO_LARGE] = {
        .rank = RANK_REMARK, .events = RULE_WANTS(EVENT_WATCH),
        .event = batch_event,
        .sentence = "{user} subscribed to more than {number} users in one batch",
    },
    [RULE_SUBSCRIPTION_PEER_LOST] = {
        .rank = RANK_OUTCOME,
        .events = RULE_WANTS(EVENT_MESSAGE), .changes = RULE_WANTS(CHANGE_SUBSCRIPTION), .holds = true,
        .event = peer_event, .change = peer_change, .judge = peer_judge,
        .sentence = "{user} answered a notification with 481 though the subscription[ to {peer}][ for {what}] was not ended",
    },
    [RULE_DATABASE_PUBLICATION_STALE] = {
        .rank = RANK_CAUSE,
        .sentence = "{user} is registered nowhere, and {count publication} of it still stood in the database, the latest for {waited}",
    },
    [RULE_DATABASE_PUBLICATION_EXPIRED] = {
        .rank = RANK_CAUSE,
        .sentence = "{count publication} of {user}[ ({what})] still stood in the database more than {wait} after running out",
    },
    [RULE_DATABASE_PUBLICATION_DOUBLED] = {
        .rank = RANK_CAUSE,
        .sentence = "{place} holds the same publication of {user}[ ({what})] more than once, in different versions[: {count row} too many]",
    },
    [RULE_DATABASE_ENDPOINT_ORPHANED] = {
        .rank = RANK_OUTCOME,
        .sentence = "Endpoint {what}[ of {user}] on {place} {detail}",
    },
    [RULE_DATABASE_AGGREGATE_UNEXPECTED] = {
        .rank = RANK_REMARK,
        .sentence = "The database has {user} at {number}[ in {place}]; what is published there explains {detail}",
        .sentence_late = "The database has the most active machine of {user} at {number}[ in {place}]; it is at {detail}",
    },
    [RULE_DATABASE_PRESENCE_DIFFERS] = {
        .rank = RANK_OUTCOME,
        .sentence = "{user} was {what} at the end of the trace and is {detail} in the database",
    },
    [RULE_DATABASE_POST_MISSING] = {
        .rank = RANK_OUTCOME,
        .sentence = "A message of {user} in {room} was accepted and is not in the chat database",
    },
    [RULE_COVERAGE_COMPRESSED] = {
        .events = RULE_WANTS(EVENT_COVERAGE), .event = coverage_event,
        .sentence = "{count connection}[ to {place}] could not be read: compressed after NEGOTIATE",
    },
    [RULE_COVERAGE_ENCRYPTED] = {
        .events = RULE_WANTS(EVENT_COVERAGE), .event = coverage_event,
        .sentence = "{count TLS connection}[ to {place}] could not be read: no keys",
    },
    [RULE_COVERAGE_GAP] = {
        .events = RULE_WANTS(EVENT_COVERAGE), .event = coverage_event,
        .sentence = "Part of the stream[ from {detail}][ to {place}] was not captured[: {bytes} missing]",
    },
    [RULE_COVERAGE_TRUNCATED] = {
        .events = RULE_WANTS(EVENT_COVERAGE), .event = coverage_event,
        .sentence = "The capture is cut short[ in {count place}][: {what}]",
    },
    [RULE_COVERAGE_ONE_SIDED] = {
        .events = RULE_WANTS(EVENT_COVERAGE), .event = coverage_event,
        .sentence = "Only one direction of {count conversation}[ with {place}] was captured",
    },
    [RULE_COVERAGE_NO_SIP] = {
        .events = RULE_WANTS(EVENT_COVERAGE), .event = coverage_event,
        .sentence = "The input holds no SIP that could be read[: {what}]",
    },
    [RULE_COVERAGE_CLOCK] = {
        .events = RULE_WANTS(EVENT_COVERAGE), .event = coverage_event,
        .sentence = "The record times go backwards {count time}, so waiting times in this input may be wrong",
    },
    [RULE_COVERAGE_CAP] = {
        .events = RULE_WANTS(EVENT_COVERAGE), .event = coverage_event,
        .sentence = "The limit {what} was reached {count time}: what lies beyond it was not looked at",
    },
    [RULE_COVERAGE_DATABASE] = {
        .sentence = "[{place}: ]{what}",
    },
};
/* clang-format on */

const struct rule *rule_row(enum rule_id rule)
{
    return rule_is_chat(rule) ? rule_row_of_chat(rule) : &rows[rule];
}
