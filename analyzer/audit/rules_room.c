/*
 * Rules about rooms. See rules_room.h.
 *
 * Facts: xccos.md 1.3 (names), 1.5 and 1.9 (joining), 5.2 (rooms of a batch), 6.4
 * and 6.7 (XD01, XD02, XD08, XD09, XD15, XG07).
 */
#include "analyzer/audit/rules_room.h"

#include <string.h>

#include "analyzer/audit/state.h"

static struct subject place_subject(const struct membership_change *member)
{
    return (struct subject){
        .user = member->session.user,
        .room = member->room,
        .room_name = member->room_name,
        .call_id = member->session.call_id,
    };
}

/* ---- chat-join-room-missing ---- */

/* All rooms that one reply leaves out are one finding. */
static void raise_missing(struct audit *audit, enum rule_id rule, const struct change *change,
                          const struct expectation *asked)
{
    const struct membership_change *member = &change->as.membership;
    struct proof *proof = proof_new();
    if (asked) {
        proof_join(&audit->proofs, proof, asked->proof);
    }
    proof_cite_change(&audit->proofs, proof, change);
    struct verdict draft = {
        .rule = rule,
        .severity = SEVERITY_WARNING,
        .time = change->time,
        .count = 1,
        .about = place_subject(member),
        .proof = proof,
    };
    const struct slice words[] = {
        map_number_key(&member->session.id),
        map_number_key(&change->message->id),
    };
    verdict_group(&audit->verdicts, &draft, words, 2);
    proof_release(&audit->proofs, proof);
}

void room_missing_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct membership_change *member = &change->as.membership;
    uint64_t number = audit_place_key(audit, member->session.id, member->room);
    struct expectation *asked = expect_find(&audit->expect, rule, number);
    if (member->state == MEMBER_JOINING) {
        const struct subject about = {.user = member->session.user};
        asked = expect_add(&audit->expect, rule, number, change->time, &about, sizeof *asked);
        if (asked) {
            proof_cite_change(&audit->proofs, asked->proof, change);
        }
        return;
    }
    if (member->from == MEMBER_JOINING && member->state == MEMBER_FAILED && change->message &&
        slice_equal(member->reason, slice_of("absent"))) {
        raise_missing(audit, rule, change, asked);
    }
    expect_drop(&audit->expect, asked);
}

/* ---- chat-join-room-unasked ---- */

struct unasked {
    struct expectation expected;
    bool raised; /* a room was given that was not asked for; else the reply alone */
    struct route routes[SESSION_ROUTES];
    size_t route_count;
    int64_t session_since; /* ns */
};

/* The reply to a join that was captured: what else it makes is its own doing. */
static void join_answered(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct command_change *command = &change->as.command;
    bool join = command->verb == CHAT_JOIN || command->verb == CHAT_BJOIN;
    if (command->state == COMMAND_ANSWERED && join && change->message &&
        command->session.from_start) {
        const struct subject about = {
            .user = command->session.user,
            .call_id = command->session.call_id,
            .what = command->name,
        };
        struct unasked *row = expect_add(&audit->expect, rule, change->message->id, change->time,
                                         &about, sizeof *row);
        if (row) {
            expect_until(&audit->expect, &row->expected, change->time);
            if (command->request.record > 0) {
                proof_add(&audit->proofs, row->expected.proof, &command->request);
            }
            proof_cite_change(&audit->proofs, row->expected.proof, change);
        }
    }
}

void room_unasked_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    if (change->kind == CHANGE_COMMAND) {
        join_answered(audit, rule, change);
        return;
    }
    const struct membership_change *member = &change->as.membership;
    bool unasked = member->state == MEMBER_JOINED && !member->assumed &&
                   (member->from == MEMBER_NONE || member->from == MEMBER_FAILED);
    struct unasked *row =
        unasked && change->message ? expect_find(&audit->expect, rule, change->message->id) : NULL;
    const struct session *session = seen_sessions_find(&audit->sessions, member->session.id);
    if (row && session && !row->raised) {
        const struct subject about = place_subject(member);
        struct proof *proof = proof_hold(row->expected.proof);
        struct unasked *kept =
            expect_add(&audit->expect, rule, audit_place_key(audit, session->id, member->room),
                       change->time, &about, sizeof *kept);
        if (kept) {
            proof_join(&audit->proofs, kept->expected.proof, proof);
            kept->raised = true;
            kept->session_since = session->since;
            kept->route_count = session->route_count;
            memcpy(kept->routes, session->routes, sizeof kept->routes);
        }
        proof_release(&audit->proofs, proof);
    }
}

/* A command that was missed may have asked for it. */
void room_unasked_judge(struct audit *audit, struct expectation *expected)
{
    const struct unasked *row = (const struct unasked *)expected;
    if (row->raised && session_heard(&audit->witness, row->routes, row->route_count,
                                     row->session_since, expected->since)) {
        struct verdict draft = verdict_of(audit, expected, SEVERITY_WARNING);
        verdict_raise(&audit->verdicts, &draft);
    }
}

/* ---- chat-room-joined-twice, chat-part-not-joined ---- */

struct room_wish {
    struct expectation expected;
    bool notice; /* not a wish: a notice of unknown name came to this dialog */
    struct route routes[SESSION_ROUTES];
    size_t route_count;
    int64_t session_since; /* ns */
};

/* It may have been a removal from a room: how that looks is not known. */
void joined_twice_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct chat_fact *chat = &event->as.chat;
    const struct message *message = event->message;
    if (chat->class != CHAT_NOTICE || chat->verb != CHAT_VERB_OTHER || !message ||
        expect_find(&audit->expect, rule, cause_of(CAUSE_TRANSACTION, message->dialog))) {
        return;
    }
    const struct subject about = {.user = message->to.user};
    struct room_wish *row =
        expect_add(&audit->expect, rule, cause_of(CAUSE_TRANSACTION, message->dialog),
                   event->origin.time, &about, sizeof *row);
    if (row) {
        row->notice = true;
    }
}

static void keep_wish(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct membership_change *member = &change->as.membership;
    const struct session *session = seen_sessions_find(&audit->sessions, member->session.id);
    uint64_t number =
        cause_of(CAUSE_COMMAND, audit_place_key(audit, member->session.id, member->room));
    if (!session || !member->session.from_start || expect_find(&audit->expect, rule, number)) {
        return;
    }
    const struct subject about = place_subject(member);
    struct room_wish *row =
        expect_add(&audit->expect, rule, number, change->time, &about, sizeof *row);
    if (row) {
        row->session_since = session->since;
        row->route_count = session->route_count;
        memcpy(row->routes, session->routes, sizeof row->routes);
        proof_cite_change(&audit->proofs, row->expected.proof, change);
    }
}

void joined_twice_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct membership_change *member = &change->as.membership;
    bool again = member->from == MEMBER_JOINED && member->state == MEMBER_JOINED;
    if (again && seen_sessions_joined(&audit->sessions, member->session.id, member->room) &&
        !expect_find(&audit->expect, rule, cause_of(CAUSE_TRANSACTION, member->session.dialog))) {
        keep_wish(audit, rule, change);
    }
}

void part_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct membership_change *member = &change->as.membership;
    if (member->from == member->state &&
        (member->state == MEMBER_NONE || member->state == MEMBER_FAILED)) {
        keep_wish(audit, rule, change);
    }
}

/* Nothing of the session may be missing up to then: the join or the part may be in the gap. */
void room_wish_judge(struct audit *audit, struct expectation *expected)
{
    const struct room_wish *row = (const struct room_wish *)expected;
    int64_t from = row->session_since;
    if (!row->notice &&
        session_hears(&audit->witness, row->routes, row->route_count, from, expected->since) &&
        session_heard(&audit->witness, row->routes, row->route_count, from, expected->since)) {
        struct verdict draft = verdict_of(audit, expected, SEVERITY_WARNING);
        verdict_raise(&audit->verdicts, &draft);
    }
}

/* ---- chat-history-not-asked ---- */

struct history_wait {
    struct expectation expected;
    uint64_t session;
    struct route routes[SESSION_ROUTES];
    size_t route_count;
    int64_t due; /* ns */
};

static void await_history(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct membership_change *member = &change->as.membership;
    const struct session *session = seen_sessions_find(&audit->sessions, member->session.id);
    if (!session || !member->session.from_start || member->from != MEMBER_JOINING) {
        return;
    }
    const struct subject about = place_subject(member);
    struct history_wait *wait =
        expect_add(&audit->expect, rule, audit_place_key(audit, session->id, member->room),
                   change->time, &about, sizeof *wait);
    if (wait) {
        wait->session = session->id;
        wait->route_count = session->route_count;
        memcpy(wait->routes, session->routes, sizeof wait->routes);
        wait->due = time_after(change->time, audit_wait(audit, rule));
        proof_cite_change(&audit->proofs, wait->expected.proof, change);
        expect_until(&audit->expect, &wait->expected, wait->due);
    }
}

/* A query of unknown name may be one of the other history searches (7.2). */
void history_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct membership_change *member = &change->as.membership;
    const struct command_change *command = &change->as.command;
    if (change->kind == CHANGE_MEMBERSHIP) {
        if (member->state == MEMBER_JOINED && !member->assumed) {
            await_history(audit, rule, change);
        }
    } else if (command->state == COMMAND_SENT &&
               (command->verb == CHAT_BCCONTEXT || command->verb == CHAT_VERB_OTHER)) {
        uint64_t number = audit_place_key(audit, command->session.id, command->room);
        expect_drop(&audit->expect, expect_find(&audit->expect, rule, number));
    }
}

void history_overdue(struct audit *audit, struct expectation *expected)
{
    const struct history_wait *wait = (const struct history_wait *)expected;
    if (!seen_sessions_joined(&audit->sessions, wait->session, expected->about.room)) {
        expect_drop(&audit->expect, expected);
    }
}

/* A habit of clients: one note for all of them. */
void history_judge(struct audit *audit, struct expectation *expected)
{
    const struct history_wait *wait = (const struct history_wait *)expected;
    if (session_heard(&audit->witness, wait->routes, wait->route_count, expected->since,
                      wait->due)) {
        struct verdict draft = verdict_of(audit, expected, SEVERITY_NOTE);
        const struct slice words[] = {SLICE("all")};
        verdict_group(&audit->verdicts, &draft, words, 1);
    }
}

/* ---- chat-room-renamed ---- */

void renamed_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct room_change *room = &change->as.room;
    if (room->old_name.size == 0) {
        return;
    }
    struct proof *proof = proof_new();
    proof_cite_change(&audit->proofs, proof, change);
    struct verdict draft = {
        .rule = rule,
        .severity = SEVERITY_NOTE,
        .time = change->time,
        .count = 1,
        .about = {.room = room->uri, .room_name = room->name, .detail = room->old_name},
        .proof = proof,
    };
    const struct slice words[] = {room->uri, room->old_name, room->name};
    verdict_group(&audit->verdicts, &draft, words, sizeof words / sizeof words[0]);
    proof_release(&audit->proofs, proof);
}
