/*
 * The rules about chat: what each wants to see, and the sentence of its findings. See rules.h.
 */
#include "analyzer/audit/rules.h"

#include "analyzer/audit/rules_chat.h"
#include "analyzer/audit/rules_content.h"
#include "analyzer/audit/rules_copies_chat.h"
#include "analyzer/audit/rules_envelope.h"
#include "analyzer/audit/rules_file.h"
#include "analyzer/audit/rules_history.h"
#include "analyzer/audit/rules_order.h"
#include "analyzer/audit/rules_post.h"
#include "analyzer/audit/rules_preference.h"
#include "analyzer/audit/rules_reply.h"
#include "analyzer/audit/rules_room.h"
#include "analyzer/audit/rules_roster.h"
#include "analyzer/audit/rules_service.h"
#include "analyzer/audit/rules_session.h"
#include "analyzer/audit/state.h"

/* clang-format off */
static const struct rule rows[RULES] = {
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
        .sentence = "{user} asked for invitations from number {number} on, having asked from a later one before[ ({count time})]",
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
        .sentence = "The chat session of {user} with {peer} has a timer of {number} s and was not refreshed; the service ended it {waited} after it was last renewed",
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
        .sentence = "The roster that {user} was given[ of {room}] lists {count id} that the reply gives to nobody[, the first of them {number}]",
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
        .sentence = "{count notice} about {room}[ to {user}] named[ {peer} as] somebody {what}",
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
        .sentence = "{user} asked for the last {number} of {room} and got {count message}",
    },
    [RULE_CHAT_HISTORY_INCOMPLETE] = {
        .rank = RANK_OUTCOME, .events = RULE_WANTS(EVENT_COVERAGE), .holds = true,
        .changes = RULE_WANTS(CHANGE_POST) | RULE_WANTS(CHANGE_COMMAND) | RULE_WANTS(CHANGE_ROOM),
        .event = history_gap_event, .change = history_gap_change,
        .overdue = history_gap_overdue, .judge = history_gap_judge,
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
        .sentence = "A file token given[ to {user}] for {room} was used by {what} for another room[: {detail}]",
    },
    [RULE_CHAT_FILE_TOKEN_EXPIRED] = {
        .rank = RANK_CAUSE, .events = RULE_WANTS(EVENT_HTTP), .changes = RULE_WANTS(CHANGE_FILE),
        .event = file_expired_event, .change = file_tokens_change, .overdue = audit_forget,
        .sentence = "A file token given[ to {user}][ for {room}] was used by {what} when it was {waited} old: tokens live for {wait}",
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
};
/* clang-format on */

const struct rule *rule_row_of_chat(enum rule_id rule)
{
    return &rows[rule];
}
