/*
 * The table of rules: what each wants to see and what it does with it. See rules.h;
 * what it says of itself is in rule_texts.c.
 */
#include "analyzer/audit/rules.h"

#include <assert.h>

#include "analyzer/audit/rules_aggregate.h"
#include "analyzer/audit/rules_calls.h"
#include "analyzer/audit/rules_chat.h"
#include "analyzer/audit/rules_conflict.h"
#include "analyzer/audit/rules_content.h"
#include "analyzer/audit/rules_copies.h"
#include "analyzer/audit/rules_copies_chat.h"
#include "analyzer/audit/rules_coverage.h"
#include "analyzer/audit/rules_envelope.h"
#include "analyzer/audit/rules_file.h"
#include "analyzer/audit/rules_history.h"
#include "analyzer/audit/rules_instances.h"
#include "analyzer/audit/rules_order.h"
#include "analyzer/audit/rules_post.h"
#include "analyzer/audit/rules_preference.h"
#include "analyzer/audit/rules_presence.h"
#include "analyzer/audit/rules_publish.h"
#include "analyzer/audit/rules_reply.h"
#include "analyzer/audit/rules_room.h"
#include "analyzer/audit/rules_roster.h"
#include "analyzer/audit/rules_service.h"
#include "analyzer/audit/rules_session.h"
#include "analyzer/audit/rules_sip.h"
#include "analyzer/audit/rules_subscriptions.h"
#include "analyzer/audit/rules_watchers.h"
#include "analyzer/audit/state.h"

/* clang-format off */
static const struct rule rows[] = {
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
    [RULE_CHAT_SERVICE_REFUSED] = {
        .rank = RANK_CAUSE, .changes = RULE_WANTS(CHANGE_SESSION), .holds = true,
        .change = service_change, .judge = service_judge,
        .sentence = "The chat service {peer} refused {count session}[ of {user}]: {number}[ {detail}]",
    },
    [RULE_CHAT_LOOKUP_WITHOUT_URI] = {
        .rank = RANK_CAUSE, .events = RULE_WANTS(EVENT_CHAT),
        .event = lookup_event,
        .sentence = "The lookup service {peer} told {user} no chat server to go to",
    },
    [RULE_CHAT_COMMAND_FAILED] = {
        .rank = RANK_OUTCOME, .changes = RULE_WANTS(CHANGE_COMMAND),
        .change = command_failed_change,
        .sentence = "The chat command {what} of {user}[ for {room}] failed[ {count time}]: {number}[ {detail}]",
    },
    [RULE_CHAT_POST_WITHOUT_TIMESTAMP] = {
        .rank = RANK_CAUSE, .changes = RULE_WANTS(CHANGE_POST),
        .change = timestamp_change,
        .sentence = "A post of {user} to {room} carries no timestamp, so the chat service refuses it as if it were busy",
    },
    [RULE_CHAT_POST_NOT_JOINED] = {
        .rank = RANK_CAUSE, .changes = RULE_WANTS(CHANGE_POST), .holds = true,
        .change = not_joined_change, .judge = not_joined_judge,
        .sentence = "{user} posted to {room} without having joined it",
    },
    [RULE_CHAT_AUTHOR_MISMATCH] = {
        .rank = RANK_CAUSE, .changes = RULE_WANTS(CHANGE_POST),
        .change = author_change,
        .sentence = "{user} sent a post to {room} that names {peer} as its author",
    },
    [RULE_CHAT_DIAGNOSTICS] = {
        .rank = RANK_REASON, .events = RULE_WANTS(EVENT_MESSAGE),
        .changes = RULE_WANTS(CHANGE_POST) | RULE_WANTS(CHANGE_COMMAND), .holds = true,
        .event = chat_diagnostics_event, .change = chat_diagnostics_change,
        .judge = chat_diagnostics_judge,
        .sentence = "The chat service reported {number}[ ({detail})] on {count message}[ of {user}][, from {place}]",
    },
    [RULE_CHAT_503_NOT_RETRIED] = {
        .rank = RANK_REACTION, .changes = RULE_WANTS(CHANGE_POST) | RULE_WANTS(CHANGE_COMMAND),
        .change = retry_change, .judge = retry_judge,
        .sentence = "The {what} of {user}[ for {room}] was refused with {number}[ ({detail})] and not sent again within {wait}",
    },
    [RULE_CHAT_COMMAND_UNANSWERED] = {
        .rank = RANK_OUTCOME, .changes = RULE_WANTS(CHANGE_COMMAND),
        .change = command_change, .overdue = command_overdue, .judge = command_judge,
        .sentence = "The chat command {what} of {user}[ for {room}] was accepted and got no reply within {wait}",
        .sentence_late = "The chat command {what} of {user}[ for {room}] got its reply only after {waited}",
    },
    [RULE_CHAT_MESSAGE_NOT_DELIVERED] = {
        .rank = RANK_OUTCOME, .changes = RULE_WANTS(CHANGE_POST),
        .change = delivery_change, .overdue = delivery_overdue, .judge = delivery_judge,
        .sentence = "The post of {user} to {room} was accepted and did not reach {peer} within {wait}",
        .sentence_late = "The post of {user} to {room} reached {peer} only {waited} after it was accepted",
    },
    /* chat: envelopes and commands */
    [RULE_CHAT_ENVELOPE_UNREADABLE] = {
        .rank = RANK_CAUSE,
        .events = RULE_WANTS(EVENT_MESSAGE) | RULE_WANTS(EVENT_DIAGNOSTIC),
        .changes = RULE_WANTS(CHANGE_SESSION),
        .event = envelope_event, .change = envelope_change, .overdue = audit_forget,
        .sentence = "{count chat message} of {user}[ to {peer}] cannot be read: {detail}",
    },
    [RULE_CHAT_ENVELOPE_VERSION] = {
        .rank = RANK_CAUSE, .events = RULE_WANTS(EVENT_DIAGNOSTIC),
        .event = envelope_odd_event,
        .sentence = "{user} sent {count envelope} with another {what} than that of chat[: {detail}]",
    },
    [RULE_CHAT_ENVELOPE_ID_UNREADABLE] = {
        .rank = RANK_CAUSE, .events = RULE_WANTS(EVENT_DIAGNOSTIC),
        .event = envelope_odd_event,
        .sentence = "{user} sent {count envelope} without a number that could be answered[: {detail}]",
    },
    [RULE_CHAT_ENVELOPE_ID_BACK] = {
        .rank = RANK_REMARK, .events = RULE_WANTS(EVENT_CHAT),
        .event = envelope_back_event,
        .sentence = "The envelope numbers of {user} went back[ {count time}][: to {detail}]",
    },
    [RULE_CHAT_ENVELOPE_ID_REUSED] = {
        .rank = RANK_CAUSE, .events = RULE_WANTS(EVENT_CHAT),
        .event = envelope_reused_event, .overdue = audit_forget,
        .sentence = "{user} used an envelope number again for something else[ {count time}][: {detail}]",
    },
    [RULE_CHAT_DIRECTION_WRONG] = {
        .rank = RANK_CAUSE, .events = RULE_WANTS(EVENT_CHAT),
        .event = direction_event,
        .sentence = "{user} sent the chat {what}[ {detail}][ {count time}], which only the {place} of a session sends",
    },
    [RULE_CHAT_CHILD_UNNAMED] = {
        .rank = RANK_CAUSE, .events = RULE_WANTS(EVENT_DIAGNOSTIC),
        .event = envelope_odd_event,
        .sentence = "{user} sent {count part of an envelope|parts of envelopes} with {what}[: {detail}], which readers skip",
    },
    [RULE_CHAT_NAME_UNKNOWN] = {
        .rank = RANK_REMARK, .events = RULE_WANTS(EVENT_CHAT),
        .event = name_unknown_event,
        .sentence = "{count message} with {what}, of which nothing is known[ (from {user})]",
    },
    [RULE_CHAT_CONTENT_TYPE] = {
        .rank = RANK_CAUSE, .events = RULE_WANTS(EVENT_CHAT),
        .event = content_type_event,
        .sentence = "{user} sent {count chat envelope} as {what} instead of text/plain",
    },
    [RULE_CHAT_ENVELOPE_EMPTY] = {
        .rank = RANK_REMARK, .events = RULE_WANTS(EVENT_DIAGNOSTIC),
        .event = envelope_odd_event,
        .sentence = "{user} sent {count envelope} without a command, reply, notice or message",
    },
    [RULE_CHAT_REPLY_INCOMPLETE] = {
        .rank = RANK_CAUSE, .events = RULE_WANTS(EVENT_CHAT),
        .event = reply_incomplete_event,
        .sentence = "The chat reply {what} to {user} does not name {detail}",
    },
    [RULE_CHAT_REPLY_UNMATCHED] = {
        .rank = RANK_OUTCOME, .changes = RULE_WANTS(CHANGE_COMMAND), .holds = true,
        .change = reply_unmatched_change, .judge = reply_doubt_judge,
        .sentence = "{user} got the chat reply {detail}[ for {room}] to a command that was never sent",
    },
    [RULE_CHAT_REPLY_REPEATED] = {
        .rank = RANK_OUTCOME,
        .events = RULE_WANTS(EVENT_MESSAGE), .changes = RULE_WANTS(CHANGE_COMMAND),
        .event = reply_repeated_event, .change = reply_repeated_change, .overdue = audit_forget,
        .sentence = "The chat command {what} of {user}[ for {room}] was answered again[ {count time}] after its reply",
    },
    [RULE_CHAT_REPLY_NAME] = {
        .rank = RANK_OUTCOME, .changes = RULE_WANTS(CHANGE_COMMAND),
        .change = reply_name_change,
        .sentence = "The chat command {what} of {user}[ for {room}] was answered by a reply to another one: {detail}",
    },
    [RULE_CHAT_REPLY_MISPLACED] = {
        .rank = RANK_OUTCOME, .changes = RULE_WANTS(CHANGE_COMMAND), .holds = true,
        .change = reply_misplaced_change, .judge = reply_doubt_judge,
        .sentence = "The reply to the chat command {what} of {user}[ for {room}] came in another dialog than the command",
    },
    [RULE_CHAT_REPLY_AFTER_REFUSAL] = {
        .rank = RANK_OUTCOME, .changes = RULE_WANTS(CHANGE_COMMAND), .holds = true,
        .change = reply_refused_change, .judge = reply_doubt_judge,
        .sentence = "The chat command {what} of {user}[ for {room}] was refused with {number} and answered all the same",
    },
    [RULE_CHAT_REPLY_SLOW] = {
        .rank = RANK_REMARK, .changes = RULE_WANTS(CHANGE_COMMAND),
        .change = reply_slow_change,
        .sentence = "The chat command {what}[ of {user}] got its reply only after {waited}[ ({count time} more than {wait})]",
    },
    [RULE_CHAT_DIALOG_ENDED_UNANSWERED] = {
        .rank = RANK_OUTCOME, .changes = RULE_WANTS(CHANGE_COMMAND), .holds = true,
        .change = ended_change, .judge = ended_judge,
        .sentence = "The {place} ended the chat session of {user} with {count command} unanswered: {what}",
    },
    [RULE_CHAT_PREFERENCE_NUMBER_OLD] = {
        .rank = RANK_REMARK,
        .events = RULE_WANTS(EVENT_CHAT), .changes = RULE_WANTS(CHANGE_COMMAND),
        .event = preference_number_event, .change = preference_number_change,
        .overdue = audit_forget,
        .sentence = "{user} stored the preference {what} under the number {number}[ {count time}], which is not above the last one",
    },
    [RULE_CHAT_PREFERENCE_UNREADABLE] = {
        .rank = RANK_REMARK, .events = RULE_WANTS(EVENT_CHAT),
        .event = preference_unreadable_event,
        .sentence = "The content of the preference {what} of {user} is not Base64[ ({count time})]",
    },
    [RULE_CHAT_PREFERENCE_BY_NEW_CLIENT] = {
        .rank = RANK_REMARK, .events = RULE_WANTS(EVENT_CHAT),
        .event = preference_client_event,
        .sentence = "{count preference command} came from a client[ of {user}] that keeps followed rooms elsewhere: {what}",
    },
    [RULE_CHAT_INVITE_NUMBER_BACK] = {
        .rank = RANK_REMARK, .events = RULE_WANTS(EVENT_CHAT),
        .event = invite_number_event, .overdue = audit_forget,
        .sentence = "{user} asked for invitations from an earlier one on than before[ ({count time})]",
    },
    [RULE_CHAT_SEARCH_TOO_MANY] = {
        .rank = RANK_REMARK, .events = RULE_WANTS(EVENT_CHAT),
        .event = search_limit_event, .overdue = audit_forget,
        .sentence = "A search of {user} found {count room}, more than the limit of {number} that the service names",
    },
    [RULE_CHAT_SEARCH_ROOM_INCOMPLETE] = {
        .rank = RANK_REMARK, .events = RULE_WANTS(EVENT_CHAT),
        .event = search_room_event,
        .sentence = "A search of {user} found {count room} without a {what}[: {detail}]",
    },
    [RULE_CHAT_NOT_PROVISIONED] = {
        .rank = RANK_REMARK,
        .events = RULE_WANTS(EVENT_PROVISIONING), .changes = RULE_WANTS(CHANGE_SESSION),
        .event = provisioned_event, .change = provisioned_change, .overdue = audit_forget,
        .sentence = "{user} called the chat service[ {peer}][ {count time}] although its settings say that chat is not enabled",
    },
    /* chat: sessions */
    [RULE_CHAT_RETRY_REUSES_CSEQ] = {
        .rank = RANK_CAUSE, .copies = true, .events = RULE_WANTS(EVENT_MESSAGE),
        .changes = RULE_WANTS(CHANGE_COMMAND) | RULE_WANTS(CHANGE_POST),
        .event = reuse_event, .change = reuse_change,
        .sentence = "{user} sent an INFO that was refused with 503 again under the same CSeq[ {number}], as if it were a retransmission",
    },
    [RULE_CHAT_SERVICE_OVERLOADED] = {
        .rank = RANK_REMARK, .events = RULE_WANTS(EVENT_MESSAGE), .changes = RULE_WANTS(CHANGE_POST),
        .holds = true,
        .event = load_event, .change = load_change, .judge = load_judge,
        .sentence = "The chat service {peer} was too busy for half of what it was asked or more: it refused {count request} within {wait}",
    },
    [RULE_CHAT_SESSION_LOST] = {
        .rank = RANK_REACTION, .events = RULE_WANTS(EVENT_MESSAGE),
        .changes = RULE_WANTS(CHANGE_SESSION) | RULE_WANTS(CHANGE_COMMAND) | RULE_WANTS(CHANGE_POST),
        .event = lost_event, .change = lost_change, .judge = lost_judge,
        .sentence = "The chat service {peer} no longer knew the session of {user} (481 to {what}), and the client did not open a new one within {wait}",
        .sentence_late = "The chat service {peer} no longer knew the session of {user} (481 to {what}), and the client opened a new one only after {waited}",
    },
    [RULE_CHAT_INFO_OUTSIDE_DIALOG] = {
        .rank = RANK_OUTCOME, .events = RULE_WANTS(EVENT_MESSAGE), .holds = true,
        .event = outside_event, .judge = outside_judge,
        .sentence = "{user} sent INFO[ to {peer}] on a chat dialog that had been ended by BYE",
        .sentence_late = "{user} sent INFO[ to {peer}] on a chat dialog long before it acknowledged its answer (ACK)",
    },
    [RULE_CHAT_DIALOG_DISOWNED] = {
        .rank = RANK_OUTCOME, .events = RULE_WANTS(EVENT_MESSAGE),
        .event = disowned_event,
        .sentence = "The chat service[ {peer}] still wrote to {user} on a dialog that the client no longer knows (487)[; its current one has Call-ID {detail}]",
    },
    [RULE_CHAT_STALE_DIALOG_CONTINUED] = {
        .rank = RANK_REACTION, .events = RULE_WANTS(EVENT_MESSAGE),
        .event = stale_event,
        .sentence = "The chat service[ {peer}] went on writing to {user} for more than {wait} on a dialog that the client had disowned (487)[; its current one has Call-ID {detail}]",
    },
    [RULE_CHAT_SESSION_TIMER_MISSED] = {
        .rank = RANK_REACTION, .events = RULE_WANTS(EVENT_MESSAGE), .holds = true,
        .event = timer_event, .judge = timer_judge,
        .sentence = "The chat session of {user} with {peer} was not refreshed within its {number} s, and the service ended it {waited} after it was last renewed",
    },
    [RULE_CHAT_USER_NOT_ENABLED] = {
        .rank = RANK_CAUSE, .events = RULE_WANTS(EVENT_MESSAGE), .holds = true,
        .event = enabled_event, .judge = enabled_judge,
        .sentence = "The chat service {peer} ended the session of {user} {waited} after the first command instead of replying: the user is probably not enabled for chat",
        .sentence_late = "The chat service {peer} ended the session of {user}, who is not enabled for chat[: {number}][ ({detail})]",
    },
    [RULE_CHAT_LOOKUP_LEFT_OPEN] = {
        .rank = RANK_REMARK, .events = RULE_WANTS(EVENT_CHAT),
        .event = lookup_open_event, .overdue = lookup_open_overdue, .judge = lookup_open_judge,
        .sentence = "{count lookup dialog} with {peer} stayed open for more than {wait} after the address was given",
    },
    [RULE_CHAT_REDIRECT_NOT_FOLLOWED] = {
        .rank = RANK_REACTION,
        .events = RULE_WANTS(EVENT_CHAT) | RULE_WANTS(EVENT_MESSAGE),
        .changes = RULE_WANTS(CHANGE_SESSION),
        .event = redirect_event, .change = redirect_change, .judge = redirect_judge,
        .sentence = "The lookup sent {user} to {place}, and no session was opened there within {wait}",
        .sentence_late = "The lookup sent {user} to {place}, and the client opened its session with another service",
    },
    [RULE_CHAT_TWO_DIALOGS] = {
        .rank = RANK_OUTCOME, .events = RULE_WANTS(EVENT_CHAT),
        .event = two_dialogs_event,
        .sentence = "One endpoint of {user} gives chat commands on two dialogs side by side; the other has Call-ID {detail}",
    },
    /* chat: rooms and rosters */
    [RULE_CHAT_JOIN_ROOM_MISSING] = {
        .rank = RANK_OUTCOME, .changes = RULE_WANTS(CHANGE_MEMBERSHIP),
        .change = room_missing_change,
        .sentence = "The reply to a join of {user} leaves out[ {room}][ {count room}] without saying why",
    },
    [RULE_CHAT_JOIN_ROOM_UNASKED] = {
        .rank = RANK_OUTCOME,
        .changes = RULE_WANTS(CHANGE_COMMAND) | RULE_WANTS(CHANGE_MEMBERSHIP), .holds = true,
        .change = room_unasked_change, .overdue = audit_forget, .judge = room_unasked_judge,
        .sentence = "The reply to a join of {user} puts it into {room}, which it did not ask for",
    },
    [RULE_CHAT_ROSTER_UNKNOWN_ID] = {
        .rank = RANK_CAUSE, .events = RULE_WANTS(EVENT_CHAT),
        .event = unknown_id_event,
        .sentence = "The roster that {user} was given[ of {room}] lists {count id} of nobody[, the first of them {number}]",
    },
    [RULE_CHAT_ROSTER_UNUSED_USER] = {
        .rank = RANK_REMARK, .events = RULE_WANTS(EVENT_CHAT),
        .event = unused_user_event,
        .sentence = "A join reply to {user} names {count user} whom no room of it lists",
    },
    [RULE_CHAT_ROSTER_ID_REPEATED] = {
        .rank = RANK_REMARK, .events = RULE_WANTS(EVENT_CHAT),
        .event = id_repeated_event,
        .sentence = "The roster of {room}[ given to {user}] lists {count id} under more than one mask",
    },
    [RULE_CHAT_ROSTER_WITHOUT_JOINER] = {
        .rank = RANK_REMARK, .events = RULE_WANTS(EVENT_CHAT),
        .event = without_joiner_event,
        .sentence = "The roster of {room} that came with a join[ of {user}] does not list who joined[ ({count time})]",
    },
    [RULE_CHAT_ROSTER_MASK_UNKNOWN] = {
        .rank = RANK_REMARK, .events = RULE_WANTS(EVENT_CHAT),
        .event = mask_event,
        .sentence = "Unknown permission mask {number}[ in {room}][, {count time}]: read as {detail}",
    },
    [RULE_CHAT_ROOM_JOINED_TWICE] = {
        .rank = RANK_OUTCOME,
        .events = RULE_WANTS(EVENT_CHAT), .changes = RULE_WANTS(CHANGE_MEMBERSHIP), .holds = true,
        .event = joined_twice_event, .change = joined_twice_change, .judge = room_wish_judge,
        .sentence = "{user} asked to join {room}, which that session has joined already",
    },
    [RULE_CHAT_PART_NOT_JOINED] = {
        .rank = RANK_OUTCOME, .changes = RULE_WANTS(CHANGE_MEMBERSHIP), .holds = true,
        .change = part_change, .judge = room_wish_judge,
        .sentence = "{user} asked to leave {room} without having joined it",
    },
    [RULE_CHAT_ROSTER_NOTICE_REPEATED] = {
        .rank = RANK_REMARK, .changes = RULE_WANTS(CHANGE_ROSTER), .holds = true,
        .change = notice_repeated_change, .judge = notice_repeated_judge,
        .sentence = "{count notice} about {room}[ to {user}] named somebody[ ({peer})] as {what}",
    },
    [RULE_CHAT_NOTICE_NOT_JOINED] = {
        .rank = RANK_OUTCOME,
        .changes = RULE_WANTS(CHANGE_ROSTER) | RULE_WANTS(CHANGE_MEMBERSHIP), .holds = true,
        .change = stray_notice_change, .overdue = audit_forget, .judge = stray_notice_judge,
        .sentence = "{user} was told that {peer} {what} {room}, where that session is not",
    },
    [RULE_CHAT_ROSTER_DIVERGED] = {
        .rank = RANK_OUTCOME, .events = RULE_WANTS(EVENT_CHAT),
        .changes = RULE_WANTS(CHANGE_ROSTER) | RULE_WANTS(CHANGE_MEMBERSHIP) | RULE_WANTS(CHANGE_ROOM),
        .event = diverged_event, .change = diverged_change,
        .overdue = diverged_overdue, .judge = diverged_judge,
        .sentence = "{user} {what} {room}, and {count session} in it[, of {peer},] got no notice of that within {wait}",
    },
    [RULE_CHAT_HISTORY_NOT_ASKED] = {
        .rank = RANK_REMARK,
        .changes = RULE_WANTS(CHANGE_MEMBERSHIP) | RULE_WANTS(CHANGE_COMMAND),
        .change = history_change, .overdue = history_overdue, .judge = history_judge,
        .sentence = "No history was asked for within {wait} after {count join}[ of {user}][ to {room}]",
    },
    [RULE_CHAT_ROOM_RENAMED] = {
        .rank = RANK_REMARK, .changes = RULE_WANTS(CHANGE_ROOM),
        .change = renamed_change,
        .sentence = "The room {detail} is called {room} now",
    },
    /* chat: messages */
    [RULE_CHAT_ECHO_MISSING] = {
        .rank = RANK_OUTCOME, .changes = RULE_WANTS(CHANGE_POST),
        .change = echo_change, .overdue = delivery_overdue, .judge = echo_judge,
        .sentence = "The post of {user} to {room} was accepted and did not come back to its author within {wait}[ ({count post})]",
        .sentence_late = "The post of {user} to {room} came back to its author only {waited} after it was accepted",
    },
    [RULE_CHAT_DELIVERY_WITHOUT_POST] = {
        .rank = RANK_REMARK, .changes = RULE_WANTS(CHANGE_POST),
        .change = unposted_change,
        .sentence = "Messages were delivered in {room} whose posts were not captured[: {count message}][, all by {user}]",
    },
    [RULE_CHAT_MESSAGE_DUPLICATED] = {
        .rank = RANK_OUTCOME, .changes = RULE_WANTS(CHANGE_POST), .holds = true,
        .change = duplicate_change, .judge = duplicate_judge,
        .sentence = "{user} got a message of {peer} in {room} more than once[: {count copy|further copies}]",
    },
    [RULE_CHAT_POST_INCOMPLETE] = {
        .rank = RANK_CAUSE, .events = RULE_WANTS(EVENT_CHAT), .changes = RULE_WANTS(CHANGE_POST),
        .event = incomplete_event, .change = incomplete_change, .overdue = audit_forget,
        .sentence = "A post of {user} has no {what}",
    },
    [RULE_CHAT_POST_CLOCK] = {
        .rank = RANK_REMARK, .changes = RULE_WANTS(CHANGE_POST),
        .change = clock_change,
        .sentence = "The time stamp of {count post} of {user} is {number} s from the time of capture",
    },
    [RULE_CHAT_POST_OVERSIZED] = {
        .rank = RANK_CAUSE, .events = RULE_WANTS(EVENT_CHAT),
        .changes = RULE_WANTS(CHANGE_POST) | RULE_WANTS(CHANGE_SESSION),
        .event = oversized_event, .change = oversized_change,
        .sentence = "A post of {user} to {room} is {bytes} long, more than the service takes",
    },
    [RULE_CHAT_ORDER_DIVERGED] = {
        .rank = RANK_OUTCOME, .changes = RULE_WANTS(CHANGE_POST),
        .change = order_change, .overdue = order_overdue,
        .sentence = "{user}[ and {peer}] got messages of {room} in a different order[: {count pair}], {waited} apart",
    },
    [RULE_CHAT_DELIVERY_AFTER_PART] = {
        .rank = RANK_OUTCOME, .changes = RULE_WANTS(CHANGE_POST) | RULE_WANTS(CHANGE_MEMBERSHIP), .holds = true,
        .change = parted_change, .overdue = parted_overdue, .judge = parted_judge,
        .sentence = "{user} left {room} and still got[ {count message} of it,] a message {waited} later",
    },
    [RULE_CHAT_TEXT_EDITED] = {
        .rank = RANK_REMARK, .changes = RULE_WANTS(CHANGE_POST),
        .change = edited_change, .overdue = edited_overdue,
        .sentence = "What {peer} posted to {room} was delivered with another text[ ({count copy|copies})]",
    },
    [RULE_CHAT_HISTORY_FOREIGN] = {
        .rank = RANK_CAUSE, .events = RULE_WANTS(EVENT_CHAT),
        .event = history_room_event,
        .sentence = "The history of {room} that {user} asked for holds {count message} of another room, {place}",
    },
    [RULE_CHAT_HISTORY_TOO_LONG] = {
        .rank = RANK_OUTCOME, .events = RULE_WANTS(EVENT_CHAT),
        .event = history_length_event, .overdue = audit_forget,
        .sentence = "{user} asked for {number} messages of {room} and got {count message}",
    },
    [RULE_CHAT_HISTORY_INCOMPLETE] = {
        .rank = RANK_OUTCOME, .holds = true,
        .changes = RULE_WANTS(CHANGE_POST) | RULE_WANTS(CHANGE_COMMAND) | RULE_WANTS(CHANGE_ROOM),
        .change = history_gap_change, .overdue = history_gap_overdue, .judge = history_gap_judge,
        .sentence = "The history of {room} that {user} asked for lacks a message that was accepted before[ ({count message})]",
    },
    [RULE_CHAT_HISTORY_NOT_JOINED] = {
        .rank = RANK_REMARK,
        .changes = RULE_WANTS(CHANGE_COMMAND) | RULE_WANTS(CHANGE_MEMBERSHIP),
        .change = history_outside_change, .judge = history_outside_judge,
        .sentence = "{user} asked for the history of {room} without having joined it[ ({count time})]",
    },
    [RULE_CHAT_POST_HTML] = {
        .rank = RANK_REMARK, .changes = RULE_WANTS(CHANGE_POST),
        .change = html_change,
        .sentence = "{user} posted HTML, which readers see as it is[ ({count post})]",
    },
    [RULE_CHAT_POST_WITHOUT_RIGHT] = {
        .rank = RANK_REMARK,
        .changes = RULE_WANTS(CHANGE_POST) | RULE_WANTS(CHANGE_ROSTER) | RULE_WANTS(CHANGE_MEMBERSHIP),
        .change = right_change,
        .sentence = "{user} posted to {room} with the permission mask {number}, which does not allow it[ ({count post})]",
    },
    [RULE_CHAT_POST_FATE_UNKNOWN] = {
        .rank = RANK_OUTCOME, .changes = RULE_WANTS(CHANGE_POST) | RULE_WANTS(CHANGE_SESSION),
        .change = fate_change, .overdue = fate_overdue, .judge = fate_judge,
        .sentence = "The post of {user} to {room} was accepted, and the session was ended before any copy of it was seen",
    },
    /* chat: files */
    [RULE_CHAT_FILE_WITHOUT_TOKEN] = {
        .rank = RANK_REMARK, .changes = RULE_WANTS(CHANGE_FILE) | RULE_WANTS(CHANGE_POST), .holds = true,
        .change = file_token_change, .overdue = audit_forget, .judge = file_token_judge,
        .sentence = "{user} posted a link to a file to {room} without having asked for an upload token within {wait}",
    },
    [RULE_CHAT_FILE_NOT_POSTED] = {
        .rank = RANK_REMARK, .changes = RULE_WANTS(CHANGE_FILE) | RULE_WANTS(CHANGE_POST),
        .change = file_unposted_change, .overdue = file_unposted_overdue, .judge = file_unposted_judge,
        .sentence = "{user} got {count upload token} for {room}[ ({what})] and posted no link to a file within {wait}",
    },
    [RULE_CHAT_FILE_TOKEN_REPEATED] = {
        .rank = RANK_CAUSE, .changes = RULE_WANTS(CHANGE_FILE),
        .change = file_repeated_change, .overdue = audit_forget,
        .sentence = "The file token given to {user}[ for {room}] had been given out before",
    },
    [RULE_CHAT_FILE_TOKEN_MISUSED] = {
        .rank = RANK_CAUSE, .events = RULE_WANTS(EVENT_HTTP), .changes = RULE_WANTS(CHANGE_FILE),
        .event = file_misuse_event, .change = file_tokens_change, .overdue = audit_forget,
        .sentence = "{what} used a file token[ of {user}] for {room} for another room[: {detail}]",
    },
    [RULE_CHAT_FILE_TOKEN_EXPIRED] = {
        .rank = RANK_CAUSE, .events = RULE_WANTS(EVENT_HTTP), .changes = RULE_WANTS(CHANGE_FILE),
        .event = file_expired_event, .change = file_tokens_change, .overdue = audit_forget,
        .sentence = "{what} used a file token[ of {user}][ for {room}] that was {waited} old: tokens live for {wait}",
    },
    [RULE_CHAT_FILE_SERVER_UNSAFE] = {
        .rank = RANK_REMARK, .changes = RULE_WANTS(CHANGE_FILE),
        .change = file_server_change,
        .sentence = "{count file token} led to a web service without encryption: {place}",
    },
    [RULE_CHAT_FILE_TOKEN_READABLE] = {
        .rank = RANK_REMARK, .changes = RULE_WANTS(CHANGE_FILE),
        .change = file_readable_change,
        .sentence = "{count file token} went over connections without encryption, which is as it should be only between servers",
    },
    [RULE_CHAT_FILE_NOT_ALLOWED] = {
        .rank = RANK_REMARK, .events = RULE_WANTS(EVENT_CHAT), .changes = RULE_WANTS(CHANGE_FILE),
        .event = file_allowed_event, .change = file_allowed_change, .overdue = audit_forget,
        .sentence = "{user} posted a file to {room}, which takes none by its property filepost",
    },
    /* call flows */
    /* compliance: compliance_judge() raises them, where there is an export */
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
    /* call flows: flow_judge.c raises them */
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
};
/* clang-format on */

static_assert(sizeof rows / sizeof rows[0] == RULES, "every rule has a row");

const struct rule *rule_rows(void)
{
    return rows;
}
